"""What reports say, as pages show it: ratings in their areas, sentences with the findings they hold, figures.

A sentence that makes several findings is one record; it stands with the achievements, with the deficiencies, or with
both, each time with the words of its own findings marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mem_graph.query.asking import Row


@dataclass(frozen=True, slots=True)
class Cell:
    """One rating: of which recommendation, in which area; ``rank`` is empty for *Not applicable*."""

    assessment: str
    recommendation: str
    number: int
    wording: str
    area: str
    rating: str
    rank: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and of it the findings of one polarity: the statements, and where in it their words stand."""

    passage: str
    quote: str
    polarity: str
    statements: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    country: str = ""
    assessment: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a report prints, or says in words: unit, sentence, and how it was done, if that is said."""

    statement: str
    subject: str
    method: str
    year: str
    value: float
    unit: str
    inferred: bool
    quote: str
    passage: str


def cells(rows: Iterable[Row]) -> Mapping[str, Sequence[Cell]]:
    """The ratings by area, in the order of the rows."""
    found: dict[str, list[Cell]] = {}
    for row in rows:
        cell = Cell(
            row["assessment"],
            row["recommendation"],
            int(row["number"]),
            row["wording"],
            row["area"],
            row["rating"],
            row["rank"],
        )
        found.setdefault(cell.area, []).append(cell)
    return found


def tally(all_cells: Iterable[Cell]) -> list[tuple[str, str, int]]:
    """How often each rating stands: rating, rank, count; the highest first, *Not applicable* last."""
    counts: dict[tuple[str, str], int] = {}
    for cell in all_cells:
        counts[cell.rating, cell.rank] = counts.get((cell.rating, cell.rank), 0) + 1
    return [(*key, counts[key]) for key in sorted(counts, key=lambda key: -int(key[1] or -1))]


OUTCOMES = ("notMet", "partlyMet", "met", "")
"""What findings say of a criterion, the gaps first; last that they say nothing, which is no outcome."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion with what the findings of a chapter say of it, and the passages in which they do."""

    criterion: str
    number: int
    outcome: str
    passages: tuple[str, ...] = ()


def judged(rows: Iterable[Row]) -> list[Judged]:
    """Criteria with their outcomes: met where every finding asserts it, not met where every one denies it, in part
    where they limit or differ, and empty where none speaks of it.

    >>> rows = [{"criterion": "c", "outcome": "#met"}, {"criterion": "c", "outcome": "#notMet"}]
    >>> judged([dict.fromkeys(("number", "passage"), "") | row for row in rows])[0].outcome
    'partlyMet'
    """
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["criterion"], []).append(row)
    made = []
    for criterion, own in found.items():
        said = {row["outcome"].rpartition("#")[2] for row in own}
        passages = sorted(dict.fromkeys(row["passage"] for row in own if row["passage"]), key=_in_order)
        outcome = said.pop() if len(said) == 1 else "partlyMet"
        made.append(Judged(criterion, int(own[0]["number"] or 0), outcome, tuple(passages)))
    return sorted(made, key=lambda each: (each.number, OUTCOMES.index(each.outcome)))


def sentences(rows: Iterable[Row]) -> list[Sentence]:
    """Findings as sentences, in the order in which they stand; a finding has a row, or one for each of its topics."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["passage"], row["polarity"]), []).append(row)
    made = [
        Sentence(
            passage,
            own[0]["quote"],
            polarity.rpartition("#")[2],
            tuple(dict.fromkeys(row["statement"] for row in own)),
            spans(row["focus"] for row in own),
            own[0]["country"],
            own[0]["assessment"],
        )
        for (passage, polarity), own in found.items()
    ]
    return sorted(made, key=lambda each: (each.country, _in_order(each.passage)))


def spans(focuses: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """The places of words in their sentence, by the IRIs of their passages; those that overlap are one.

    >>> spans(["id/passage/PER-R6/5/en/1/s2/31-60", "id/passage/PER-R6/5/en/1/s2/20-40"])
    ((20, 60),)
    """
    ends = re.compile(r"/(\d+)-(\d+)$")
    places = sorted((int(found[1]), int(found[2])) for each in focuses if (found := ends.search(each)))
    merged: list[tuple[int, int]] = []
    for start, end in places:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def _in_order(passage: str) -> tuple[int, list[tuple[int, str]]]:
    """A key that sorts passages as the report has them: preface, chapters, conclusions."""
    path = passage.partition("/passage/")[2]
    parts = [(int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|[a-z]+", path)]
    place = 1 if re.search(r"/\d+/[a-z]+/\d+/", path) and "/conclusions/" not in path else 2
    return (0 if "/preface/" in path else place, parts)


def figures(rows: Iterable[Row]) -> Mapping[str, Sequence[Figure]]:
    """Figures by data set, each with its unit, in the order of the rows."""
    found: dict[str, list[Figure]] = {}
    for row in rows:
        figure = Figure(
            row["statement"],
            row["subject"],
            row["method"],
            row["year"][:4],
            float(row["value"]),
            row["unit"],
            row["inferred"] == "true",
            row["quote"],
            row["passage"],
        )
        found.setdefault(row["dataset"], []).append(figure)
    return found

"""How well reports are read that were coded by hand: precision and recall by report, by kind and by difficulty.

Peru's report is the one that the rules were written beside; the others are made up (``tests/reports/made-up``).
``--show REPORT`` prints what was missed and what was invented in one of them.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from mem_graph import resources, vocabulary
from mem_graph.errors import MemGraphError
from mem_graph.model import Edition, Finding
from mem_graph.reading import report, rules
from mem_graph.reading.page import extract

REPORTS = Path(__file__).parents[1] / "tests" / "reports"
PERU = "PER-R6"
BASE = "https://mem.example/"
UNSAID = "unspecified"
PAGE_END = 400
"""How many letters of running heads, page numbers and footnotes may stand inside a sentence."""

Row = Mapping[str, str]
Key = tuple[Hashable, ...]


@dataclass
class Score:
    """What of a gold table was made, and what else was."""

    right: int = 0
    gold: int = 0
    made: int = 0
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.made if self.made else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 1.0


@dataclass
class Result:
    """One report's scores by kind of statement, its findings by difficulty, and the sentences not understood."""

    name: str
    scores: dict[str, Score]
    difficulty: dict[str, tuple[int, int]]
    not_understood: int
    sentences: int


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    """The rows of one gold table; none where there is no such table."""
    path = folder / f"{table}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=4)
def letters(text: str) -> tuple[str, Sequence[int]]:
    """The letters and digits of a text, folded, and where each stands: no lines, hyphens or raised marks."""
    found = [
        (folded, at)
        for at, character in enumerate(text)
        for folded in unicodedata.normalize("NFKC", character).casefold()
        if folded.isalnum()
    ]
    return "".join(folded for folded, _ in found), [at for _, at in found]


def located(words: str, text: str, start: int = 0) -> tuple[int, int] | None:
    """Where words stand in a text from an offset on, by their letters; what a page end puts between them is skipped.

    >>> located("the drug council meets", "Page 1. The drug coun-\\ncil meets")
    (8, 32)
    """
    wanted, _ = letters(words)
    found, offsets = letters(text)
    after = bisect_left(offsets, start)
    for length in range(len(wanted), 0, -1):
        first = found.find(wanted[:length], after)
        rest = found.find(wanted[length:], first + length, first + len(wanted) + PAGE_END)
        if first >= 0 <= rest:
            return offsets[first], offsets[rest + len(wanted) - length - 1] + 1
    return None


def compared(gold: Iterable[Key], made: Iterable[Key]) -> Score:
    """Two lists of keys as multisets."""
    wanted, found = Counter(gold), Counter(made)
    right = wanted & found
    return Score(
        right.total(),
        wanted.total(),
        found.total(),
        sorted(map(str, (wanted - right).elements())),
        sorted(map(str, (found - right).elements())),
    )


# -- findings ----------------------------------------------------------------------------------------------------------


def overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    """How many characters two stretches share."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def gold_extent(row: Row) -> tuple[int, int]:
    """Where a gold finding's own words stand."""
    start = int(row["start"]) + max(0, row["quote"].find(row["focus"]))
    return start, start + len(row["focus"])


def paired(gold: Sequence[Row], made: Sequence[Finding]) -> tuple[list[Row], list[Finding]]:
    """The gold findings of one sentence that were not made, and those made that are none; nearest words pair first."""
    pairs = sorted(
        (
            (-overlap(gold_extent(row), (one.focus.start, one.focus.end)), number, other)
            for number, row in enumerate(gold)
            for other, one in enumerate(made)
            if row["polarity"] == one.polarity
        ),
    )
    taken: set[int] = set()
    used: set[int] = set()
    for _, number, other in pairs:
        if number not in taken and other not in used:
            taken.add(number)
            used.add(other)
    return (
        [row for number, row in enumerate(gold) if number not in taken],
        [one for other, one in enumerate(made) if other not in used],
    )


def findings(edition: Edition, gold: Sequence[Row]) -> tuple[Score, dict[str, tuple[int, int]]]:
    """Findings by the sentence they stand in, and their polarity; and how many of each difficulty were right."""
    sentences: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in gold:
        sentences[int(row["start"]), int(row["end"])].append(row)
    made: dict[tuple[int, int], list[Finding]] = defaultdict(list)
    for one in edition.findings:
        extent = one.evidence.passage.span.start, one.evidence.passage.span.end
        best = max(sentences, key=lambda other: overlap(extent, other), default=(0, 0))
        made[best if overlap(extent, best) else extent].append(one)
    score = Score(gold=len(gold), made=len(edition.findings))
    by_kind: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for extent in sorted({*sentences, *made}):
        missed, invented = paired(sentences[extent], made[extent])
        score.right += len(sentences[extent]) - len(missed)
        score.missed.extend(f"{row['where']}: {row['polarity'][0]} {row['focus']} || {row['quote']}" for row in missed)
        score.invented.extend(
            f"{one.evidence.key}: {one.polarity[0]} {one.focus.quote} [{one.evidence.rule}]" for one in invented
        )
        for row in sentences[extent]:
            for kind in row.get("difficulty", "").split(";") if row.get("difficulty") else ["plain"]:
                by_kind[kind][0] += row not in missed
                by_kind[kind][1] += 1
    return score, {kind: (right, of) for kind, (right, of) in sorted(by_kind.items())}


# -- codes -------------------------------------------------------------------------------------------------------------


def codes(edition: Edition, gold: Sequence[Row]) -> Score:
    """Criteria with their outcome, by the sentence that speaks of them."""
    sentences = sorted({(int(row["start"]), int(row["end"])) for row in gold})
    made: list[Key] = []
    for one in edition.findings:
        extent = one.evidence.passage.span.start, one.evidence.passage.span.end
        best = max(sentences, key=lambda other: overlap(extent, other), default=(0, 0))
        start = best[0] if overlap(extent, best) else extent[0]
        made.extend((start, code.criterion, code.outcome) for code in one.codes)
    return compared(((int(row["start"]), row["criterion"], row["outcome"]) for row in gold), made)


# -- the other tables --------------------------------------------------------------------------------------------------


def ratings(edition: Edition, gold: Sequence[Row]) -> Score:
    return compared(
        ((int(row["recommendation"]), row["rating"]) for row in gold),
        ((one.recommendation, one.rating) for one in edition.assessments),
    )


def _folded(names: Iterable[str | None]) -> frozenset[str]:
    return frozenset(" ".join(name.replace("-\n", "").split()).casefold() for name in names if name)


def institutions(edition: Edition, gold: Sequence[Row]) -> Score:
    """By any of the names."""
    wanted = [_folded((row["name"], row["acronym"], *row["other_names"].split(";"))) for row in gold]
    found = [_folded((one.name, one.acronym, *one.other_names)) for one in edition.institutions]
    missed = [names for names in wanted if not any(names & other for other in found)]
    invented = [names for names in found if not any(names & other for other in wanted)]
    right = len(wanted) - len(missed)
    return Score(
        right,
        len(wanted),
        right + len(invented),
        [str(set(one)) for one in missed],
        [str(set(one)) for one in invented],
    )


def parents(edition: Edition, gold: Sequence[Row]) -> Score:
    """What is a part of what, by names."""
    names = {one.key: _folded((one.name, one.acronym, *one.other_names)) for one in edition.institutions}
    gold_names = {row["name"]: _folded((row["name"], row["acronym"], *row["other_names"].split(";"))) for row in gold}
    wholes = [(row["name"], whole) for row in gold for whole in row["part_of"].split(";")]
    wanted = [(name, whole) for name, whole in wholes if whole and "/" not in whole]
    found = list(dict.fromkeys((one.institution, one.part_of) for one in edition.affiliations))

    def same(pair: tuple[str, str], other: tuple[str, str]) -> bool:
        return all(
            gold_names.get(name, frozenset({name.casefold()})) & names.get(key, frozenset())
            for name, key in zip(pair, other, strict=True)
        )

    missed = [pair for pair in wanted if not any(same(pair, other) for other in found)]
    invented = [other for other in found if not any(same(pair, other) for pair in wanted)]
    right = len(wanted) - len(missed)
    return Score(right, len(wanted), right + len(invented), list(map(str, missed)), list(map(str, invented)))


def treaties(edition: Edition, gold: Sequence[Row]) -> Score:
    return compared(
        ((row["where"], row["treaty"], row["relation"], _articles(row["articles"])) for row in gold),
        (
            (str(one.evidence.passage.where), one.treaty, one.relation, one.articles)
            for one in edition.treaty_references
        ),
    )


def _articles(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.replace(",", ";").replace(" ", ";").split(";") if part)


def statistics(edition: Edition, gold: Sequence[Row]) -> Score:
    """Measured numbers; words of the tables stand for what they name in the language of the report."""

    def said(words: str) -> str:
        return "" if words == UNSAID else words

    return compared(
        (
            (
                row["where"],
                row["measure"],
                said(counted(row["subject"], edition.identity.language)),
                said(named(row["unit"], edition.identity.language, "unit", "currency", "counted")),
                row["year"],
                row["value"],
                named(row["method"], edition.identity.language, "method"),
            )
            for row in gold
        ),
        (
            (
                str(one.evidence.passage.where),
                one.measure,
                said(one.subject),
                said(one.unit),
                str(one.year or ""),
                one.value,
                one.method or "",
            )
            for one in edition.observations
        ),
    )


def named(words: str, language: str, *kinds: str) -> str:
    """What words of a table name by the rules of a language: ``toneladas`` is t, ``vehículos`` are counted."""
    spoken = reading_rules().languages[language]
    for cue in (cue for kind in kinds for cue in spoken.of(kind)):
        if words in cue.marks.get("signs", ()) or words.replace("$", "\\$") in cue.marks.get("signs", ()):
            return cue.value
        if rules.pattern(cue).fullmatch(words):
            return str(cue.marks.get("unit", cue.value)) if kinds[0] == "unit" else cue.value
    return words


def counted(words: str, language: str) -> str:
    """What words name, as decision 31 has it: the term of the table, else that of their head, unless it is too wide.

    The head is the last word in English, the first in Spanish: ``school children`` are children. Two nouns are two
    terms, unless the table has both as one: ``madres y padres``.
    """
    both = re.split(" and | y | e ", words)
    if len(both) > 1 and named(words, language, "subject", "counted") == words:
        return " and ".join(counted(one, language) for one in both)
    parts, kinds = words.split(), ("subject", "counted")
    wide = {
        cue.value for kind in kinds for cue in reading_rules().languages[language].of(kind) if "general" in cue.marks
    }
    shorter = [parts[at:] if language == "en" else parts[: len(parts) - at] for at in range(len(parts))]
    terms = {cue.value for kind in kinds for cue in reading_rules().languages[language].of(kind)}
    for tried in map(" ".join, shorter):
        met = named(tried, language, *kinds)
        if (met != tried or met in terms) and (met not in wide or tried == words):
            return met
    return words


@lru_cache(maxsize=1)
def reading_rules() -> rules.Rules:
    """The reading rules of every language."""
    return rules.read(resources.data() / "rules")


def fractions(edition: Edition, gold: Sequence[Row]) -> Score:
    return compared(
        ((row["where"], row["part"], row["whole"]) for row in gold),
        ((str(one.evidence.passage.where), str(one.part), str(one.whole)) for one in edition.fractions),
    )


def tallies(edition: Edition, gold: Sequence[Row]) -> Score:
    return compared(
        ((row["rating"], row["count"]) for row in gold), ((one.rating, str(one.count)) for one in edition.tallies)
    )


def studies(edition: Edition, gold: Sequence[Row]) -> Score:
    return compared(
        ((row["where"], _titled(row["title"]), row["year"]) for row in gold),
        ((str(one.evidence.passage.where), _titled(one.title.quote), str(one.year or "")) for one in edition.studies),
    )


def _titled(words: str) -> str:
    """The letters of a title without its article: whoever codes a report may leave it to the sentence."""
    return letters(re.sub(r"^(?:the|el|la|los|las) ", "", words, flags=re.IGNORECASE))[0]


TABLES: Mapping[str, tuple[str, Callable[[Edition, Sequence[Row]], Score]]] = {
    "ratings": ("assessments", ratings),
    "institutions": ("institutions", institutions),
    "parts": ("institutions", parents),
    "treaties": ("treaty_references", treaties),
    "statistics": ("statistics", statistics),
    "fractions": ("fractions", fractions),
    "tallies": ("tallies", tallies),
    "studies": ("studies", studies),
}


# -- reports -----------------------------------------------------------------------------------------------------------


def scored(name: str, edition: Edition, folder: Path, text: str) -> Result:
    """The scores of one report against its tables; Peru's institutions are compared by their own test."""
    polarity, difficulty = findings(edition, _offsets(edition, rows(folder, "findings"), text))
    scores = {"findings": polarity}
    if coded := rows(folder, "codes"):
        scores["codes"] = codes(edition, _offsets(edition, coded, text))
    for kind, (table, score) in TABLES.items():
        scores[kind] = score(edition, _with_place(rows(folder, table)))
    if name == PERU:
        del scores["parts"], scores["studies"]
    return Result(name, scores, difficulty, len(edition.not_understood), len(edition.passages))


def _with_place(table: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    return [
        {"other_names": "", "acronym": "", **row, **({"where": row["where"]} if "where" in row else {})}
        for row in table
    ]


def _offsets(edition: Edition, table: Sequence[dict[str, str]], text: str) -> list[dict[str, str]]:
    """Gold findings with the offsets of their sentences.

    Peru's table names the sentence by its number. That of a PDF file has the sentences as they read: they are looked
    for in the file's text, each after the beginning of the one before it, or else anywhere.
    """
    spans = {(str(one.where), f"s{one.number}"): one.span for one in edition.passages}
    found: list[dict[str, str]] = []
    after = 0
    for row in table:
        if "sentence" in row:
            span = spans[row["where"], row["sentence"]]
            row = {"focus": span.quote, **row, "quote": span.quote, "start": str(span.start), "end": str(span.end)}
        elif "start" not in row:
            row, after = _placed(row, text, after)
        found.append(row)
    return found


def _placed(row: dict[str, str], text: str, after: int) -> tuple[dict[str, str], int]:
    """A row whose quote and focus are cut from the text, and where its sentence begins."""
    sentence = located(row["quote"], text, after) or located(row["quote"], text)
    if sentence is None:
        raise LookupError(f"no such sentence in the file's text: {row['quote']}")
    start, end = sentence
    focus = located(row["focus"], text[start:end]) or (0, end - start)
    quote = text[start:end]
    return {**row, "quote": quote, "focus": quote[slice(*focus)], "start": str(start), "end": str(end)}, start


def report_file(name: str, folder: Path) -> Path:
    """The file of a report that is to be read."""
    if name == PERU:
        return resources.data() / "reports" / PERU / "en-1.txt"
    return next(path for path in (folder / "report.pdf", folder / "report.txt") if path.exists())


def all_results(only: str | None = None) -> list[Result]:
    """Every report with tables made by hand, read and scored."""
    graph = resources.read_ontology(resources.ontology(), BASE)
    words = vocabulary.from_tables(graph, resources.read_tables(resources.data() / "tables"))
    coding = reading_rules()
    found = []
    made_up = {folder.name: folder for folder in sorted((REPORTS / "made-up").iterdir()) if folder.is_dir()}
    for name, folder in {PERU: REPORTS / PERU, **made_up}.items():
        if only in (None, name):
            try:
                source = extract.read(report_file(name, folder))
                found.append(scored(name, report.parse(source, words, coding), folder, source.text))
            except (MemGraphError, RecursionError) as error:  # a reader that does not end says so of one report only
                print(f"{name}: not read: {error}")
    return found


def overview(results: Sequence[Result]) -> str:
    """A line for each report, and one for all together: precision and recall by kind of statement, in percent."""
    kinds = list(dict.fromkeys(kind for result in results for kind in result.scores))
    scores = {result.name: result.scores for result in results}
    scores["all"] = {kind: together(each[kind] for each in scores.values() if kind in each) for kind in kinds}
    lines = [f"{'precision/recall':<17}" + "".join(f"{kind:>13}" for kind in kinds)]
    for name, found in scores.items():
        lines.append(f"{name:<17}" + "".join(f"{percent(found[kind]) if kind in found else '':>13}" for kind in kinds))
    return "\n".join(lines)


def together(scores: Iterable[Score]) -> Score:
    """Several scores as one, without what was missed and invented."""
    counted = [(score.right, score.gold, score.made) for score in scores]
    return Score(*map(sum, zip(*counted, strict=True)))


def percent(score: Score) -> str:
    """Precision and recall, in percent."""
    return "/".join(f"{100 * part:.1f}".removesuffix(".0") for part in (score.precision, score.recall))


def table(result: Result) -> str:
    """The scores of one report: of how many, how many right, precision and recall."""
    lines = [f"{'kind':<13} {'gold':>5} {'made':>5} {'right':>5} {'precision':>9} {'recall':>7}"]
    for kind, score in result.scores.items():
        counts = f"{score.gold:>5} {score.made:>5} {score.right:>5}"
        lines.append(f"{kind:<13} {counts} {score.precision:>9.1%} {score.recall:>7.1%}")
    return "\n".join([*lines, f"{result.not_understood} of {result.sentences} sentences not understood"])


def difficulties(results: Sequence[Result]) -> str:
    """Findings right, of how many, by kind of difficulty."""
    met = Counter[str]()
    of = Counter[str]()
    for result in results:
        for kind, (right, gold) in result.difficulty.items():
            met[kind] += right
            of[kind] += gold
    lines = [f"{'findings by difficulty':<24} {'gold':>6} {'right':>6} {'recall':>7}"]
    lines += [f"{kind:<24} {of[kind]:>6} {met[kind]:>6} {met[kind] / of[kind]:>7.1%}" for kind in sorted(of)]
    return "\n".join(lines)


@cache
def floors() -> Mapping[str, Mapping[str, float]]:
    """What must be reached, by report and kind: the lesser of precision and recall. They rise with the reader."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    with (REPORTS / "floors.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["report"]][row["kind"]] = float(row["floor"])
    return found


def below(results: Sequence[Result]) -> list[str]:
    """The floors that are not reached."""
    return [
        f"{result.name}: {kind} {min(score.precision, score.recall):.1%} is below {floor:.1%}"
        for result in results
        for kind, floor in floors()[result.name].items()
        if min((score := result.scores[kind]).precision, score.recall) < floor
    ]


def show(result: Result) -> None:
    """Everything missed and invented in one report."""
    for kind, score in result.scores.items():
        for sign, words in (("-", score.missed), ("+", score.invented)):
            for word in words:
                print(f"{kind} {sign} {word}")


def main() -> int:
    """Print the tables; 1 where a floor is not reached."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--show", metavar="REPORT", help="print what was missed and invented in one report")
    chosen = options.parse_args()
    results = all_results(chosen.show)
    if chosen.show:
        for result in results:
            show(result)
            print(table(result))
    else:
        print(overview(results))
    print("", difficulties(results), sep="\n")
    failed = below(results)
    print(*failed, sep="\n", end="\n" if failed else "")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

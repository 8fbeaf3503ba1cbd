"""Tables of figures inside a chapter: a head with years, rows of things, each cell a measured number.

Rows and columns are found by what they hold, since a file may lose the blanks between cells: a line that ends with
years, and lines below it that end with as many numbers. What is measured is said by a row, by the head, or by the
sentence that leads to the table; the unit by a row or by the head. Years may also stand in front of the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mem_graph.reading.figures.amounts import UNSPECIFIED, measure_in
from mem_graph.reading.figures.counted import is_counted
from mem_graph.reading.figures.numbers import digits, value_of
from mem_graph.reading.figures.subjects import subject_in
from mem_graph.reading.rules import Cue, Rules
from mem_graph.reading.syntax.events import events

_YEAR = r"(?:19|20)\d\d"
_GAP = r"(?:[ \t|]+)"
_YEARS_ABOVE = re.compile(rf"^[ \t|]*(?P<head>\D*?){_GAP}(?P<years>{_YEAR}(?:{_GAP}{_YEAR})+)[ \t|]*$")
_COLUMNS = re.compile(r"[ \t]{2,}|\t|\s*\|\s*")


@dataclass(frozen=True, slots=True)
class Cell:
    """One measured number of a table: where it is printed, what it measures, and of what, in which unit and year."""

    start: int
    end: int
    cue: Cue
    subject: str
    unit: str
    year: int
    value: str


@dataclass(frozen=True, slots=True)
class _Thing:
    """What a row or a column is about: its measure, subject and unit, as far as its words say."""

    cue: Cue | None
    subject: str | None
    unit: str | None


def cells(text: str, lead: str, rules: Rules) -> tuple[Cell, ...]:
    """The cells of the first table in a stretch of a source, as offsets in it. ``lead``: the sentence before it."""
    lines = [(match.start(), match[0]) for match in re.finditer(r"[^\r\n]+", text)]
    for at, (_, line) in enumerate(lines):
        head = _YEARS_ABOVE.match(line)
        if head is not None:
            years = [int(year) for year in re.findall(_YEAR, head["years"])]
            found = tuple(_rows(lines[at + 1 :], head["head"], years, lead, rules))
        else:
            found = tuple(_by_year(lines[at:], lead, rules))
        if found:
            return found
    return ()


def _rows(lines: Sequence[tuple[int, str]], head: str, years: Sequence[int], lead: str, rules: Rules) -> Iterator[Cell]:
    """The cells of rows that begin with a thing and have one number for each year; the first other line ends them."""
    above = _thing(head, rules)
    for offset, line in lines:
        row = _row(len(years), rules).match(line)
        if row is None:
            return
        thing = _thing(row["label"], rules)
        for year, number in zip(years, re.finditer(r"\S+", line[row.start("numbers") :]), strict=False):
            start = offset + row.start("numbers") + number.start()
            cell = _cell(start, number[0], year, (thing, above, _thing(lead, rules)), rules)
            if cell is not None:
                yield cell


def _by_year(lines: Sequence[tuple[int, str]], lead: str, rules: Rules) -> Iterator[Cell]:
    """The cells of rows that begin with a year, below a line of things."""
    heads = [column for column in _COLUMNS.split(lines[0][1].strip()) if column]
    things = [_thing(column, rules) for column in heads[1:]]
    for offset, line in lines[1:]:
        row = _row(len(things), rules).match(line) if things else None
        if row is None or not re.fullmatch(_YEAR, row["label"].strip(" \t|")):
            return
        for thing, number in zip(things, re.finditer(r"\S+", line[row.start("numbers") :]), strict=False):
            start = offset + row.start("numbers") + number.start()
            year = int(row["label"].strip(" \t|"))
            cell = _cell(start, number[0], year, (thing, _thing(heads[0], rules), _thing(lead, rules)), rules)
            if cell is not None:
                yield cell


@lru_cache(maxsize=32)
def _row(many: int, rules: Rules) -> re.Pattern[str]:
    """A line that ends with so many numbers, or signs that there is none."""
    number = rf"(?:{digits(rules)}|[-–—]+|n\.?[ad]\.?)"
    return re.compile(rf"^[ \t|]*(?P<label>\S.*?){_GAP}(?P<numbers>{number}(?:{_GAP}{number}){{{many - 1}}})[ \t|]*$")


def _cell(start: int, printed: str, year: int, things: Sequence[_Thing], rules: Rules) -> Cell | None:
    """One number with what its row, its head and the sentence before say; None where that is not enough."""
    cue = next((thing.cue for thing in things if thing.cue), None)
    unit = next((thing.unit for thing in things[:2] if thing.unit), None)
    subject = next((thing.subject for thing in things[:2] if thing.subject), None)
    if cue is None or unit is None or not printed[0].isdigit():
        return None
    return Cell(start, start + len(printed), cue, subject or UNSPECIFIED, unit, year, value_of(printed, rules))


def _thing(words: str, rules: Rules) -> _Thing:
    """What the words of a row, a column or a lead are about."""
    met = events(words, rules)
    subject, _ = subject_in(words, rules)
    counted = is_counted(f" {words.strip()}", rules)
    unit = next(
        (unit for bracket in re.findall(r"\(([^)]*)\)|,\s*(\S+)$", words) if (unit := _unit(bracket, rules))), None
    )
    measured = measure_in(f" {words.strip()}", rules)
    unit = unit or (measured[0] if measured else None) or (counted[1] if counted and subject is None else None)
    return _Thing(met[0].cue if met else None, subject or (counted[0] if counted else None), unit)


def _unit(bracket: tuple[str, str], rules: Rules) -> str | None:
    """The unit or currency that words in brackets, or behind a comma, name."""
    words = "".join(bracket).strip()
    for cue in (*rules.of("unit"), *rules.of("currency")):
        if words in cue.marks.get("signs", ()) or re.fullmatch("|".join(cue.words), words, re.IGNORECASE):
            return cue.value
    return None

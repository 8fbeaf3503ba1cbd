"""The summary table: a row for each recommendation, with its wording and its rating, however the page cut it.

Mostly a row's number begins it and its rating ends it. Where a narrow column of ratings stands beside several lines of
wording, and the number in the middle of them, the lines of a text run across all columns; then the rows are found by
their wordings, which the chapters print too, and what is left between the words of a row is its rating.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from mem_graph.model import Span, SummaryRow
from mem_graph.reading.frame import Frame, titles, trimmed
from mem_graph.reading.page.sections import folded, lines, whole_headings
from mem_graph.reading.page.sentences import span_of


def summary(frame: Frame) -> tuple[SummaryRow, ...]:
    """The rows of the summary table, over pages and wrapped lines; what is missing or cannot be read is a problem."""
    before = len(frame.problems)
    rows = _by_number(frame)
    _check_rows(frame, rows)
    crossed = any(_row_end(frame, row.row.quote) is None for row in rows)
    if (crossed or len(frame.problems) > before) and (again := _by_wording(frame)):
        del frame.problems[before:]
        return again
    return rows


def _by_number(frame: Frame) -> tuple[SummaryRow, ...]:
    """The rows, each from its number to its rating."""
    rows: list[SummaryRow] = []
    area = ""
    for span in _rows(frame):
        if (heading := frame.headings.area(span.quote)) is not None:
            area = heading
        elif (row := _row(frame, span, area)) is not None:
            rows.append(row)
    return tuple(rows)


def _rows(frame: Frame) -> Iterator[Span]:
    """The table cut into rows and area headings: a row begins with its number and goes on over lines and pages."""
    text = frame.source.text
    for block in frame.of("table"):
        cuts: list[int] = []
        for line in whole_headings(lines(text[block.start : block.end]), frame.headings):
            begun = text[cuts[-1] : block.start + line.start] if cuts else ""
            if _begins_part(frame, line.text, begun):
                cuts.append(block.start + line.start)
        parts = (trimmed(text, *ends) for ends in pairwise([*cuts, block.end]))
        yield from (part for part in parts if not frame.headings.is_header(part.quote))


def _begins_part(frame: Frame, line: str, begun: str) -> bool:
    """Whether a line begins a row, an area or the header. ``begun`` is the part before it: a row is not cut in two."""
    if frame.headings.area(line) is not None or frame.headings.is_header(line):
        return True
    number, last = re.match(r"\d{1,2}(?!\d)", line), re.match(r"\d{1,2}(?!\d)", begun)
    if number is None or int(number[0]) not in frame.vocabulary.recommendations:
        return False
    return last is None or int(number[0]) == int(last[0]) + 1 or _ends_row(frame, begun)


def _ends_row(frame: Frame, words: str) -> bool:
    """Whether a row is whole: it has three cells, or ends with a rating."""
    return words.count("\t") >= 2 or _row_end(frame, words) is not None


def _row_end(frame: Frame, words: str) -> re.Match[str] | None:
    labels = "|".join(
        r"\s+".join(map(re.escape, label.split())) for label in sorted(frame.vocabulary.ratings, key=len, reverse=True)
    )
    return re.search(rf"(?<!\w)(?:{labels})\s*$", words, re.IGNORECASE)


def _row_cells(frame: Frame, words: str) -> str:
    """The rating that the last cells of a row's lines spell, where its column stands beside several lines of wording.

    A cell that is alone on its line is of that column where it is in capitals; else it could be of the wording.
    """
    lines = [re.split(r"\t\s*|\s{2,}", line.strip()) for line in words.splitlines()]
    cells = (cells[-1] for cells in lines if len(cells) > 1 or cells[-1].isupper())
    spelled = " ".join(cell for cell in cells if frame.headings.of_rating(cell))
    return spelled if frame.rating(spelled) else ""


def _row(frame: Frame, span: Span, area: str) -> SummaryRow | None:
    """One row from its number, wording and rating; a problem, and no row, where it has not all three."""
    match = re.fullmatch(r"(?P<number>\d{1,2})[\s.]*(?P<wording>.*?)(?:\t\s*(?P<cell>[^\t]*))?", span.quote, re.DOTALL)
    end = _row_end(frame, span.quote)
    word = (
        end[0].strip() if end else _row_cells(frame, span.quote) or (match["cell"] if match and match["cell"] else "")
    )
    rating = frame.rating(word)
    if match is None or rating is None:
        message = f"a row of the summary table has no rating of the round: {word or span.quote[:40]!r}"
        frame.report("broken-table", message, span)
        return None
    first = span.start + match.start("wording")
    last = span.end - len(span.quote) + (end.start() if end else len(span.quote))
    return SummaryRow(int(match["number"]), area, rating, trimmed(frame.source.text, first, last), span)


def _check_rows(frame: Frame, rows: Sequence[SummaryRow]) -> None:
    """Problems: no table, rows missing, rows printed twice."""
    numbers = [row.recommendation for row in rows]
    place = rows[0].row if rows else trimmed(frame.source.text, len(frame.source.text), len(frame.source.text))
    missing = sorted(set(frame.vocabulary.recommendations) - set(numbers))
    if not rows:
        frame.report("table-missing", "there is no summary table", place)
    elif missing:
        frame.report("broken-table", f"the summary table lacks {', '.join(map(str, missing))}", place)
    for number in sorted({number for number in numbers if numbers.count(number) > 1}):
        frame.report("broken-table", f"the summary table has recommendation {number} twice", place)


# -- rows by their wordings -------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|\u00ad+(?=[^\W\d_]))*")
_MATCHED = 0.7
"""So much of a wording must stand in the table for its row to be there: 7, 12 and 16 have another word or two there."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A word of the table: folded, where it stands, and of which recommendation's wording it is, if of one."""

    word: str
    start: int
    end: int
    row: int | None


def _by_wording(frame: Frame) -> tuple[SummaryRow, ...]:
    """The rows of all chapters with a rating each; nothing where one is in doubt."""
    cells = _cells(frame)
    found: dict[int, list[_Cell]] = defaultdict(list)
    open_row: int | None = None
    for before, cell in pairwise([cells[0], *cells] if cells else []):
        stopped = "." in frame.source.text[before.end : cell.start]
        open_row = cell.row if cell.row is not None else None if stopped else open_row
        if open_row is not None and (cell.row is not None or not frame.headings.of_rating(cell.word)):
            found[open_row].append(cell)  # a word that only the table has is of the row before it, up to a stop
    rated = _rated(frame, cells)
    rows = [_aligned(frame, number, words, rated.get(number, ())) for number, words in sorted(found.items())]
    whole = {row.recommendation for row in rows if row is not None} == set(_wordings(frame))
    return tuple(row for row in rows if row is not None) if whole else ()


def _wordings(frame: Frame) -> Mapping[int, Sequence[str]]:
    """The words of each recommendation as its chapter prints them."""
    return {number: _words(title.quote) for number, title in sorted(titles(frame).items())}


def _words(text: str) -> list[str]:
    return [folded(match[0]) for match in _WORD.finditer(text)]


def _cells(frame: Frame) -> Sequence[_Cell]:
    """The words of the table in their order, matched with those of all wordings in the order of their numbers."""
    placed = [match for start, end in _row_lines(frame) for match in _WORD.finditer(frame.source.text, start, end)]
    expected = [(word, number) for number, words in _wordings(frame).items() for word in words]
    printed = [folded(match[0]) for match in placed]
    rows: list[int | None] = [None] * len(printed)
    matcher = SequenceMatcher(None, [word for word, _ in expected], printed, autojunk=False)
    for there, here, size in matcher.get_matching_blocks():
        rows[here : here + size] = [number for _, number in expected[there : there + size]]
    found = zip(placed, printed, rows, strict=True)
    return [_Cell(word, match.start(), match.end(), row) for match, word, row in found]


def _row_lines(frame: Frame) -> Iterator[tuple[int, int]]:
    """The lines of the table but for its header and the labels of areas, which are words of wordings too."""
    for block in frame.of("table"):
        for line in whole_headings(lines(frame.source.text[block.start : block.end]), frame.headings):
            if not frame.headings.is_heading(line.text) and not frame.headings.is_header(line.text):
                yield block.start + line.start, block.start + line.end


def _rated(frame: Frame, cells: Sequence[_Cell]) -> Mapping[int, Sequence[_Cell]]:
    """The words of ratings by row: within a row they are its own; between two, the first has them until it is rated."""
    found: dict[int, list[_Cell]] = defaultdict(list)
    behind = [*_next_rows(cells)]
    row: int | None = None
    for cell, after in zip(cells, behind, strict=True):
        if cell.row is not None:
            row = cell.row
        elif frame.headings.of_rating(cell.word):
            said = " ".join(one.word for one in (*found[row], cell)) if row is not None else ""
            mine = row is not None and (row == after or after is None or frame.headings.of_rating(said))
            if (owner := row if mine else after) is not None:
                found[owner].append(cell)
    return found


def _next_rows(cells: Sequence[_Cell]) -> Iterator[int | None]:
    """For each word the row of the next word that has one."""
    after: list[int | None] = []
    row: int | None = None
    for cell in reversed(cells):
        after.append(row)
        row = cell.row if cell.row is not None else row
    return reversed(after)


def _aligned(frame: Frame, number: int, words: Sequence[_Cell], rated: Sequence[_Cell]) -> SummaryRow | None:
    """One row; None where too few of its words are there, or its ratings spell none of the round."""
    rating = frame.rating(" ".join(cell.word for cell in rated))
    matched = sum(cell.row == number for cell in words)
    if rating is None or matched < _MATCHED * len(_wordings(frame)[number]):
        return None
    text = frame.source.text
    first, last = min(words[0].start, rated[0].start), max(words[-1].end, rated[-1].end)
    row = span_of(text, _with_number(text, first, number), _with_stop(text, last))
    wording = _without(text, number, words, rated)
    return SummaryRow(number, _area_above(frame, wording.start), rating, wording, row)


def _without(text: str, number: int, words: Sequence[_Cell], rated: Sequence[_Cell]) -> Span:
    """The wording of a row; its plain words are without those of its rating, and without its number."""
    start, end = words[0].start, _with_stop(text, words[-1].end)
    within = [cell for cell in rated if start < cell.start < end]
    ends = pairwise([start, *(at for cell in within for at in (cell.start, cell.end)), end])
    parts = [text[first:last] for at, (first, last) in enumerate(ends) if at % 2 == 0]
    plain = re.sub(rf"(?<=\s){number}(?=\s)", "", " ".join(parts).replace("\u00ad", ""))
    return Span(text[start:end], start, end, " ".join(plain.split()))


def _with_stop(text: str, end: int) -> int:
    return end + text.startswith(".", end)


def _with_number(text: str, start: int, number: int) -> int:
    """Where a row begins: with its number, if that stands right before its first word."""
    match = re.search(rf"(?<!\d){number}[\s.]*$", text[max(0, start - 100) : start])
    return start if match is None else max(0, start - 100) + match.start()


def _area_above(frame: Frame, start: int) -> str:
    """The area whose label stands last above a place in the table."""
    area = ""
    for block in frame.of("table"):
        for line in whole_headings(lines(frame.source.text[block.start : block.end]), frame.headings):
            if block.start + line.start < start:
                area = frame.headings.area(line.text) or area
    return area

"""Blocks to sentences, numbered in their place as ``docs/coding.md`` says; and the view in which rules see a sentence.

A page end (a run of blank lines) inside a sentence is joined; the blank lines stay in its quote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from mem_graph.model import Block, Passage, Span, Where
from mem_graph.reading.page.layout import without_notes
from mem_graph.reading.rules import Rules

_STOP = re.compile(r"[.!?…]+[\"'”’)\]»]*[¹²³⁴⁵⁶⁷⁸⁹⁰]*(?=\s|$)")
_BREAK = re.compile(r"[^\S\n]*\r?\n[^\S\n]*(?:\r?\n\s*|\f\s*)|\f\s*")
_LAST_WORD = re.compile(r"[\w./]+$")
_SAME = {
    "\u2019": "'",
    "\u2018": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2011": "-",
    "\u2010": "-",
    "\u00ad": "",
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
}
_RUNNING = ("preface", "chapter", "conclusions")
_NOTE_MARKS = frozenset("¹²³⁴⁵⁶⁷⁸⁹⁰")
_UNLIKE = re.compile(rf"\s\s|[^\S ]|[\u0300-\u036f{''.join((*_SAME, *sorted(_NOTE_MARKS)))}]")
"""What a view shows otherwise than the source."""


@dataclass(frozen=True, slots=True)
class View:
    """A stretch of a source as rules see it: one blank for each run of blanks, plain quotes, no footnote marks.

    ``at[i]`` is the offset in the source of the view's character i.
    """

    text: str
    at: Sequence[int]
    source: str

    def span(self, start: int, end: int) -> Span:
        """The source's own words for a part of the view, blanks at its ends left out."""
        words = self.text[start:end]
        start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
        if start >= end:
            raise ValueError("an empty part of a view has no span")
        first, last = self.at[start], self.at[end - 1] + 1
        while last < len(self.source) and unicodedata.combining(self.source[last]):
            last += 1
        return Span(self.source[first:last], first, last)


def span_of(text: str, start: int, end: int) -> Span:
    """The span of a part of a source."""
    return Span(text[start:end], start, end)


def view(text: str, start: int, end: int) -> View:
    """The view of ``text[start:end]``."""
    if _UNLIKE.search(text, start, end) is None:
        return View(text[start:end], range(start, end), text)
    characters: list[str] = []
    at: list[int] = []
    for offset in range(start, end):
        if characters and unicodedata.combining(text[offset]):
            characters[-1] = unicodedata.normalize("NFC", characters[-1] + text[offset])[:1]
            continue
        shown = _shown(text, offset, characters)
        if shown:
            characters.extend(shown)
            at.extend([offset] * len(shown))
    return View("".join(characters), tuple(at), text)


def _shown(text: str, offset: int, before: Sequence[str]) -> str:
    """What a view shows for one character: itself, a plain form, one blank for a run of blanks, or nothing."""
    character = text[offset]
    if character.isspace():
        return " " if before and before[-1] != " " else ""
    return "" if character in _NOTE_MARKS else _SAME.get(character, character)


def number(text: str, blocks: Sequence[Block], rules: Rules) -> tuple[Passage, ...]:
    """The sentences of preface, chapters, conclusions and their footnotes, numbered from 1 in each place.

    A footnote's sentences come after the last of its place; a sentence that a footnote cuts in two goes on behind it.
    """
    running: dict[Where, list[Span]] = {}
    notes: dict[Where, list[Span]] = {}
    where: Where = "preface"
    main = without_notes(text, blocks)
    for first, last in _runs(blocks):
        where = _where(first) or where
        if first.kind == "footnote":
            notes.setdefault(where, []).extend(split(text, first.start, first.end, rules))
        elif first.kind in _RUNNING:
            running.setdefault(where, []).extend(split(main, first.start, last.end, rules))
    return tuple(
        Passage(place, count, span)
        for place in dict.fromkeys([*running, *notes])
        for count, span in enumerate([*running.get(place, ()), *notes.get(place, ())], 1)
    )


def _runs(blocks: Sequence[Block]) -> Iterator[tuple[Block, Block]]:
    """Each block with the last of those that go on with it, footnotes between them left out; then the footnotes."""
    open_run: tuple[Block, Block] | None = None
    held: list[tuple[Block, Block]] = []
    for block in blocks:
        same = open_run is not None and (block.kind, block.recommendation) == (
            open_run[0].kind,
            open_run[0].recommendation,
        )
        if block.kind == "footnote":
            held.append((block, block))
        elif open_run is not None and same and block.kind in _RUNNING:
            open_run = open_run[0], block
        else:
            yield from (*([open_run] if open_run else []), *held)
            open_run, held = (block, block), []
    yield from (*([open_run] if open_run else []), *held)


def _where(block: Block) -> Where | None:
    """The place a block opens; None for one that stands inside a place."""
    if block.kind in ("chapter", "evaluation") and block.recommendation is not None:
        return block.recommendation
    return block.kind if block.kind in ("preface", "conclusions") else None


def split(text: str, start: int, end: int, rules: Rules) -> list[Span]:
    """Cut a stretch of running text into sentences.

    In: offsets of the stretch. Out: spans without blanks at their ends.
    """
    cuts = [start, *_cuts(text, start, end, rules), end]
    spans = (_trimmed(text, first, last) for first, last in pairwise(cuts))
    return [span for span in spans if any(character.isalnum() for character in span.quote)]


def _trimmed(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    left, right = len(words) - len(words.lstrip()), len(words) - len(words.rstrip())
    if left == len(words):
        return Span("", start, start)
    mark = len(words) - len(words.lstrip("¹²³⁴⁵⁶⁷⁸⁹⁰ \t\r\n\f")) if words.lstrip()[0] in _NOTE_MARKS else left
    return span_of(text, start + mark, end - right)


def _cuts(text: str, start: int, end: int, rules: Rules) -> Iterator[int]:
    """Where one sentence ends and the next begins: after a stop, or at a paragraph's end that is no page end."""
    for match in sorted((*_STOP.finditer(text, start, end), *_BREAK.finditer(text, start, end)), key=re.Match.end):
        if match[0].strip():
            if _ends(text, match, end, rules):
                yield match.end()
        elif _parts(text, start, match, end):
            yield match.end()


def _ends(text: str, stop: re.Match[str], end: int, rules: Rules) -> bool:
    """Whether a stop ends a sentence: no abbreviation or initial before it, and what follows can begin one."""
    following = text[stop.end() : end].lstrip()
    if not following:
        return True
    word = _LAST_WORD.search(text[max(0, stop.start() - 20) : stop.start()])
    before = word[0] if word else ""
    if stop[0].startswith(".") and (before in _abbreviations(rules) or re.fullmatch(r"(?:[A-Z]\.)*[A-Z]", before)):
        return False
    return not following[0].islower()


def _parts(text: str, start: int, gap: re.Match[str], end: int) -> bool:
    """Whether blank lines without a stop before them part two sentences: a single blank line before a capital does."""
    following = text[gap.end() : end].lstrip()
    if not following or not text[start : gap.start()].strip():
        return True
    page_end = gap[0].count("\n") > 2 or "\f" in gap[0]
    return not page_end and following[0].isupper() and text[: gap.start()].rstrip()[-1] not in ",;:-"


@lru_cache(maxsize=8)
def _abbreviations(rules: Rules) -> frozenset[str]:
    return frozenset(rules.words("abbreviations"))

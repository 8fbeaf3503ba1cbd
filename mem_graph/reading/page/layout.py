"""What the printed page puts between the words: running heads, page numbers, rules, hyphens at line ends, footnotes.

It is blanked, character for character, so that every offset still points at the source; the edition is cut anew from
the source when it is read. Nothing on the cover is touched: there a repeated line is a name.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mem_graph.model import Block, Source, Span
from mem_graph.reading.page.sections import Headings, Line, folded, lines, unnumbered, whole_headings
from mem_graph.reading.rules import Rules, compiled

_NUMBER = re.compile(
    r"[-\u2013\u2014|\[( ]*(?:page|p\.|pág\.?|página)?\s*(?:\d{1,3}|[ivxl]{1,6})"
    r"(?:\s*(?:/|of|de)\s*\d{1,3})?[-\u2013\u2014|\]) ]*",
    re.I,
)
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010\u2011]([^\S\n]*\r?\n\s*)(?=[^\W\d_])")
_JOINED = "\u00ad"
_ROW = re.compile(r"^\d{1,2}\s+")
"""The number of a row before its next cell."""
_LONGEST = 120
_OFTEN = 3
_PART = 4
"""What comes back at the edge of fewer pages than one in so many may be a sentence."""
_EDGE = 2
"""So many lines at the head of a page, and at its foot, may belong to the page."""


def plain(text: str, words: Headings, rules: Rules) -> str:
    """A text of the same length with what belongs to the page blanked, and words that a line end cuts in two joined."""
    every = list(whole_headings(lines(text), words))
    first = next((line.start for line in every if _opens(line, words)), len(text))
    body = [line for line in every if line.start >= first]
    marks = [line for line in body if _is_mark(line, text, rules)]
    edges = _at_page_edges([line for line in body if line not in marks], text, words)
    heads = _heads([line for line in body if line.text and line not in marks and line not in edges], words)
    return _joined(_blanked(text, ((line.start, line.end) for line in [*marks, *edges, *heads])), first)


def without_notes(text: str, blocks: Sequence[Block]) -> str:
    """A plain text with its footnotes blanked, so that a sentence goes on behind one."""
    return _blanked(text, ((block.start, block.end) for block in blocks if block.kind == "footnote"))


def _opens(line: Line, words: Headings) -> bool:
    return words.section(line.text) is not None or words.number(line.text) is not None


def _blanked(text: str, stretches: Iterable[tuple[int, int]]) -> str:
    parts, last = [], 0
    for start, end in sorted(stretches):
        if start >= last:
            parts += [text[last:start], re.sub(r"\S", " ", text[start:end])]
            last = end
    return "".join((*parts, text[last:]))


def _is_mark(line: Line, text: str, rules: Rules) -> bool:
    """Whether a line is a page number, a symbol of the document or a rule drawn across the page."""
    raw = text[line.start : line.end].strip()
    if not raw or "\t" in raw:
        return False
    drawn = not any(character.isalnum() for character in raw)
    symbol = compiled(rules.words("symbols"), 0).fullmatch(raw) is not None
    return drawn or symbol or _NUMBER.fullmatch(raw) is not None


# -- running heads ----------------------------------------------------------------------------------------------------


def _at_page_edges(body: Sequence[Line], text: str, words: Headings) -> list[Line]:
    """Lines first or last on several pages, the same but for numbers: a date, an address, a page of so many.

    Where a form feed ends each page, that is more than enough to know them by, whatever they look like.
    """
    pages: list[list[Line]] = [[]]
    for line in body:
        pages[-1] += [line] if line.text and line.text.strip("\f") else []
        pages += [[]] if text[line.start : line.end].endswith("\f") else []
    edges = [(shape, at) for at, page in enumerate(pages) for shape in {_shape(one.text) for one in _edge(page)}]
    counts = Counter(shape for shape, _ in edges)
    often = {shape for shape, count in counts.items() if count >= max(_OFTEN, len(pages) / _PART)}
    at_edge = (line for page in pages for line in _edge(page))
    return [line for line in at_edge if _shape(line.text) in often and not _is_structure(line, words)]


def _edge(page: Sequence[Line]) -> Sequence[Line]:
    """The first and the last lines of a page."""
    return page if len(page) <= 2 * _EDGE else [*page[:_EDGE], *page[-_EDGE:]]


def _heads(body: Sequence[Line], words: Headings) -> list[Line]:
    """Lines that come back between ever other lines, and are no part of the report's own structure.

    Looked for again among what is left, since a head of three lines has its middle one always between the others.
    """
    found: list[Line] = []
    while more := _recurring(body, words):
        found += more
        body = [line for line in body if line not in more]
    return found


def _recurring(body: Sequence[Line], words: Headings) -> list[Line]:
    shapes = [_shape(line.text) for line in body]
    around: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for before, shape, after in zip(["", *shapes], shapes, [*shapes[1:], ""], strict=False):
        around[shape][0].add(before)
        around[shape][1].add(after)
    counts = Counter(shape for shape, apart in zip(shapes, _apart(body, words), strict=True) if not apart)
    often = {
        shape
        for shape, count in counts.items()
        if _OFTEN <= count <= sum(map(len, around[shape])) and not _reads_on(*around[shape])
    }
    return [line for line, shape in zip(body, shapes, strict=True) if shape in often and _may_be_head(line, words)]


def _reads_on(before: Iterable[str], after: Iterable[str]) -> bool:
    """Whether the lines around end and begin with ever the same word: a long name that is cut alike each time."""
    ends, begins = {line.rpartition(" ")[2] for line in before}, {line.partition(" ")[0] for line in after}
    return len(ends) == len(begins) == 1


def _apart(body: Sequence[Line], words: Headings) -> Iterator[bool]:
    """Whether each line is of a title or of the summary table, where the beginnings of wordings come back."""
    titled = tabled = False
    for line in body:
        if (section := words.section(line.text)) is not None:
            titled, tabled = False, section == "table"
        titled = words.number(line.text) is not None or (titled and words.rating_word(line.text) is None)
        yield titled or tabled


def _shape(words: str) -> str:
    return re.sub(r"\d+", "#", folded(words))


def _may_be_head(line: Line, words: Headings) -> bool:
    text = line.text
    if len(text) > _LONGEST or text[-1] in ".;,:-" or not any(map(str.isalpha, text)) or text[0].islower():
        return False
    return "\t" not in text and not _is_structure(line, words)


def _is_structure(line: Line, words: Headings) -> bool:
    """Whether a line is a part of the report's own structure, or of its table."""
    text = _ROW.sub("", line.text)
    headed = _opens(line, words) or unnumbered(text) in words.areas or words.rating_word(text) is not None
    return headed or words.of_rating(text) or words.is_header(text)


# -- words cut in two -------------------------------------------------------------------------------------------------


def _joined(text: str, first: int) -> str:
    """The text with each word that a line end cuts made whole; a hyphen of its own stays."""
    uncut = re.sub(rf"[^\W\d_]+{_HYPHEN.pattern}[^\W\d_]+", " ", text)
    known = frozenset(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", uncut.casefold()))
    return text[:first] + _HYPHEN.sub(lambda match: _whole(match, text, first, known), text[first:])


def _whole(match: re.Match[str], text: str, first: int, known: frozenset[str]) -> str:
    at, end = first + match.start(), first + match.end()
    before = re.search(r"[^\W\d_]+(?:-[^\W\d_]+)*$", text[max(0, at - 40) : at])
    after = re.match(r"[^\W\d_]+(?:-[^\W\d_]+)*", text[end : end + 40])
    if before is None or after is None:
        return match[0]
    kept = _keeps(before[0].casefold(), after[0].casefold(), known) or after[0][0].isupper()
    return (match[0][0] if kept else _JOINED) + _JOINED * len(match[1])


def _keeps(before: str, after: str, known: frozenset[str]) -> bool:
    """Whether a hyphen belongs to the word: it has one elsewhere, or is of two words and never written as one."""
    if before + after in known:
        return False
    return f"{before}-{after}" in known or (len(before) > 2 and before in known and after in known)


# -- back to the source -----------------------------------------------------------------------------------------------


def recut(value: Any, text: str) -> Any:
    """A record with every span in it cut from this text: offsets stay, what it quotes is the source's own."""
    if isinstance(value, Span):
        return _cut_from(text, value)
    if isinstance(value, Source):
        return dataclasses.replace(value, text=text)
    if isinstance(value, tuple):
        return tuple(recut(item, text) for item in value)
    if isinstance(value, Mapping):
        return {key: recut(item, text) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(value, **dict(_changed(value, text)))
    return value


def _cut_from(text: str, span: Span) -> Span:
    """A span with its quote cut from the source, which keeps the plain words where the page has put others between."""
    quote = text[span.start : span.end]
    plain = span.plain or " ".join(span.quote.replace(_JOINED, "").split())
    return Span(quote, span.start, span.end, "" if plain == " ".join(quote.split()) else plain)


def _changed(record: Any, text: str) -> Iterator[tuple[str, Any]]:
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        again = recut(value, text)
        if again is not value:
            yield field.name, again

"""The text of a report as a reader: every sentence a place that can be linked, beside it what the graph took from it.

The text is that of the source, cut at the places that the passages have in it (code points). What stands between them
is shown too: page ends, running titles, numbers of chapters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import Response, request

from mem_graph.query.asking import Row
from mem_graph.web.endpoint import language
from mem_graph.web.framing import Head
from mem_graph.web.framing import page as framed
from mem_graph.web.views import View
from mem_graph.web.words import words as words_of

BREAK = re.compile(r"\n[ \t]*\n\s*")
SHORT, FULL = 5_000, 15_000
"""Characters from which a part of the text ends with an area, and with a chapter; no chapter is parted."""

HEADINGS = ("h2", "h3")
CHAPTER = re.compile(r"RECOMMENDATION \d+|RECOMENDACIÓN \d+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; with a place where it is a passage, which then has the statements that rest on it.

    ``within`` are the passages that stand inside it: where each begins and ends in the text, and its place.
    """

    text: str
    place: str = ""
    statements: tuple[Row, ...] = ()
    within: tuple[tuple[int, int, str], ...] = ()

    @property
    def where(self) -> str:
        """The number of the chapter, or the section, that it stands in; empty for what is no passage."""
        return self.place.partition("-")[0]

    @property
    def number(self) -> str:
        """The number of a sentence within its chapter; empty for what is none."""
        found = re.fullmatch(r"\w+-s(\d+[a-z]*)", self.place)
        return found[1] if found else ""

    @property
    def notes(self) -> Mapping[str, list[Row]]:
        """The statements that rest on it, by their class."""
        found: dict[str, list[Row]] = {}
        for row in self.statements:
            found.setdefault(row["class"], []).append(row)
        return found

    @property
    def parts(self) -> Sequence[tuple[str, str]]:
        """The text in parts: what stands in a passage inside it with its place, the rest with none; blanks are one.

        >>> Piece("Sixth Round: 2013", "frame-cover", (), ((0, 11, "frame-round"),)).parts
        [('Sixth Round', 'frame-round'), (': 2013', '')]
        """
        parts, at = [], 0
        for start, end, place in sorted(self.within):
            start = max(start, at)
            parts += [(self.text[at:start], ""), (self.text[start:end], place)]
            at = max(at, end)
        return [(re.sub(r"\s+", " ", text), place) for text, place in (*parts, (self.text[at:], "")) if text or place]


@dataclass(slots=True)
class Block:
    """A paragraph, a heading of the second or third level, or a line that runs along."""

    kind: str
    pieces: list[Piece] = field(default_factory=list)

    @property
    def noted(self) -> Sequence[Piece]:
        """Its passages on which statements rest."""
        return [each for each in self.pieces if each.statements]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the text, which is a page."""

    blocks: Sequence[Block]

    @property
    def passages(self) -> Sequence[Piece]:
        """The passages in it."""
        return [each for block in self.blocks for each in block.pieces if each.place]

    @property
    def places(self) -> Sequence[str]:
        """Numbers of chapters, and names of sections, in the order of the text."""
        return list(dict.fromkeys(each.where for each in self.passages))

    @property
    def size(self) -> int:
        """Its characters."""
        return sum(len(each.text) for block in self.blocks for each in block.pieces)

    def has(self, asked: str) -> bool:
        """Whether a chapter, or a place, is in it."""
        return any(asked in (each.where, each.place, *(inner for _, _, inner in each.within)) for each in self.passages)

    def named(self) -> str:
        """What is in it, in words: *cover, preface, recommendations 1–3*."""
        numbers, known = [each for each in self.places if each.isdigit()], words_of(language())
        key = "source.chapters" if len(numbers) > 1 else "place.recommendation"
        chapters = known[key].format(number=numbers[0], last=numbers[-1]) if numbers else ""
        named = (chapters if each.isdigit() else known.get(f"place.{each}", each) for each in self.places)
        return ", ".join(dict.fromkeys(named))


def page(view: View, iri: str) -> Response:
    """A source, sentence by sentence."""
    fact = next(iter(view.asking.rows("source-facts", this=iri)), {})
    rows = view.asking.rows("source", this=iri)
    text = _text(view, fact["edition"]) if fact else ""
    title = f"{view.name(fact['report'])}: {fact['language']}" if fact else view.name(iri)
    blocks = list(blocks_of(pieces(text, rows, view))) if text else []
    parts, asked = parts_of(blocks), request.args.get("at", "")[:40]
    number = next((n for n, part in enumerate(parts) if part.has(asked)), 0)
    facts = {"blocks": parts[number].blocks, "text_parts": parts, "shown": number}
    return framed("source.html", Head(title, iri), fact=fact, path=view.path(iri), **facts)


def parts_of(blocks: Sequence[Block]) -> list[Part]:
    """The text in parts that are light enough for a page, each of which begins with an area or a chapter."""
    parts: list[list[Block]] = [[]]
    for n, block in enumerate(blocks):
        if block.kind in HEADINGS and _begins(parts[-1], blocks[n:]):
            parts.append([])
        parts[-1].append(block)
    return [Part(own) for own in parts]


def _begins(part: Sequence[Block], rest: Sequence[Block]) -> bool:
    """Whether a part is long enough to end here, and parts no chapter and no heading from what it is over."""
    own = Part(part)
    if own.size <= (SHORT if rest[0].kind == "h2" else FULL) or part[-1].kind in HEADINGS:
        return False
    after = next((each.where for block in rest for each in block.pieces if each.place), "")
    return bool(after) and after not in own.places


def _text(view: View, edition: str) -> str:
    """The file of an edition, as the release keeps it; empty where it keeps none."""
    name = "-".join(view.minted(edition).keys)
    path = view.held.release.folder / "sources" / f"{name}.txt"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def pieces(text: str, rows: Sequence[Row], view: View) -> list[Piece]:
    """The text cut at its passages; one that stands inside another goes with that."""
    own: dict[tuple[int, int, str], list[Row]] = {}
    for row in rows:
        own.setdefault((int(row["start"]), int(row["end"]), row["passage"]), []).append(row)
    found, at, began = list[Piece](), 0, 0
    for (start, end, passage), on_it in sorted(own.items(), key=lambda each: (each[0][0], -each[0][1])):
        keys, statements = view.minted(passage).keys, tuple(row for row in on_it if row["statement"])
        place = f"{keys[1]}-{keys[4]}"
        if start < at:
            outer = found[-1]
            within = (*outer.within, (start - began, end - began, place))
            found[-1] = replace(outer, statements=outer.statements + statements, within=within)
            continue
        found += [Piece(text[at:start]), Piece(text[start:end], place, statements)]
        at, began = end, start
    return [*found, Piece(text[at:])]


def blocks_of(cut: Sequence[Piece]) -> Iterator[Block]:
    """Pieces as paragraphs: a passage is whole in one, over page ends too; other text breaks at blank lines."""
    block, last = Block("p"), ""
    for piece in cut:
        if piece.place:
            block.pieces.append(piece)
            continue
        first, *others = BREAK.split(piece.text.replace("**", ""))
        if first.strip() or first == " ":
            block.pieces.append(Piece(first))
        for part in others:
            yield from _finished(block, last)
            last = title if (title := _title(block)) and not CHAPTER.fullmatch(title) else last
            block = Block("p", [Piece(part)] if part.strip() else [])
    yield from _finished(block, last)


def _finished(block: Block, last: str) -> Iterator[Block]:
    if not block.pieces:
        return
    title = _title(block)
    if title:
        block.kind = "running" if title == last else "h3" if CHAPTER.fullmatch(title) else "h2"
    yield block


def _title(block: Block) -> str:
    """The words of a block that is a title of its own: short, in capitals, and no passage."""
    words = " ".join("".join(piece.text for piece in block.pieces).split())
    if CHAPTER.fullmatch(words):
        return words
    plain = not any(piece.place for piece in block.pieces)
    return words if plain and words.isupper() and re.fullmatch(r"[^\t\d]{3,90}", words) else ""

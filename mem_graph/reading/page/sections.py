"""Text to blocks: cover, preface, chapters, conclusions, table, glossary; found by what it says, not where it stands.

Headings are whole lines; area labels come from the round's vocabulary, other headings from
``data/rules/structure.toml``. Area headings may be repeated or missing, titles and tables may run over pages. Every
character belongs to exactly one block.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mem_graph.model import Block, BlockKind
from mem_graph.reading.rules import Rules
from mem_graph.vocabulary import Vocabulary

_FOOTNOTE = re.compile(r"(?:[¹²³⁴-⁹⁰]+|\[\d{1,2}\]|\(\d{1,2}\)|\*)\s*[^\W\d_]")
_RAISED = "¹²³⁴⁵⁶⁷⁸⁹⁰"
_NUMBERING = re.compile(r"^(?:[ivx]+|\d+)\s*[.)]\s*")
_FAR = 12
"""Within so many lines a heading goes on behind a page's end: its foot and the next head are blank by then."""
_EMPHASIS = "*#_ \t\r\n\f\v\u00a0\ufeff"
_SECTIONS: tuple[tuple[str, BlockKind], ...] = (
    ("preface", "preface"),
    ("conclusions", "conclusions"),
    ("summary", "table"),
    ("glossary", "glossary"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text.

    Where it stands with its end-of-line, its words without emphasis, whether a blank line is before it, and whether a
    page ends with it.
    """

    start: int
    end: int
    text: str
    after_blank: bool
    ends_page: bool


@dataclass(frozen=True, slots=True)
class Headings:
    """The words by which structure is found: folded section headings, folded area labels, two forms of line."""

    sections: Mapping[str, BlockKind]
    areas: Mapping[str, str]
    recommendation: re.Pattern[str]
    evaluation: re.Pattern[str]
    ratings: frozenset[str]
    """The folded labels of the ratings."""
    header: re.Pattern[str]
    """One cell or more of the header of the summary table."""

    def of_rating(self, words: str) -> bool:
        """Whether words are a rating, or some words of one, as a narrow column prints them."""
        part = folded(words)
        return any(part and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", label) for label in self.ratings)

    def is_header(self, words: str) -> bool:
        """Whether a line is the header of the summary table, or a cell of it."""
        return self.header.fullmatch(plainly(words).strip()) is not None

    def is_heading(self, words: str) -> bool:
        """Whether words head a section, or are the label of an area."""
        return self.section(words) is not None or self.area(words) is not None

    def area(self, words: str) -> str | None:
        """The area that words label; with a small letter first, or a stop, they are the end of a sentence."""
        bare = words.strip(_EMPHASIS)
        return None if not bare or bare[0].islower() or bare[-1] == "." else self.areas.get(folded(words))

    def section(self, words: str) -> BlockKind | None:
        """The section that a line heads, with a number before it or not."""
        return self.sections.get(folded(words)) or self.sections.get(unnumbered(words))

    def number(self, words: str) -> int | None:
        """The number in a line that is a recommendation's heading, else None."""
        match = self.recommendation.fullmatch(plainly(words))
        return None if match is None else int(match["number"])

    def rating_word(self, words: str) -> str | None:
        """The word that an evaluation line prints, whatever it is.

        Empty where it prints none; None for another line.
        """
        match = self.evaluation.match(" ".join(plainly(words).split()))
        return None if match is None else match["word"].strip(_EMPHASIS + ".")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the scanner is: the kind of running text, the chapter, the area, and what a footnote interrupts."""

    kind: BlockKind
    recommendation: int | None = None
    area: str | None = None
    resume: BlockKind | None = None
    rated: bool = False
    """Whether an evaluation line comes before the next recommendation, so that what is before it may be the title."""
    open: str = ""
    """The word of an evaluation line that is no rating yet: the next line may go on with it."""


def headings(vocabulary: Vocabulary, rules: Rules) -> Headings:
    """The headings of a round in the words of the rules."""
    evaluation, recommendation = ("|".join(rules.words(f"{name}_words")) for name in ("evaluation", "recommendation"))
    return Headings(
        {folded(words): kind for name, kind in _SECTIONS for words in rules.words(f"{name}_headings")},
        {folded(label): area.label for area in vocabulary.areas for label in (area.label, *area.labels)},
        re.compile(
            rf"(?:{recommendation})\s+(?:no\.?\s*)?(?P<number>\d{{1,2}})\s*(?:[.:]|[.:\u2013\u2014-]\s*\S.*)?",
            re.IGNORECASE,
        ),
        re.compile(rf"(?:{evaluation})\s*[*_]*\s*[:\u2013-](?P<word>.*)", re.IGNORECASE),
        frozenset(folded(label) for label in vocabulary.ratings),
        re.compile(
            rf"(?:{'|'.join(rules.words('table_headers'))})(?:\s+(?:{'|'.join(rules.words('table_headers'))}))*",
            re.IGNORECASE,
        ),
    )


def split(text: str, vocabulary: Vocabulary, rules: Rules) -> tuple[Block, ...]:
    """Cut a text into blocks.

    Blank lines belong to the block before them. Out: blocks that follow one another without gap.
    """
    words = headings(vocabulary, rules)
    blocks: list[Block] = []
    place = _Place("cover")
    every = list(whole_headings(lines(text), words))
    rated, glossary = _rated(every, words), _last_glossary(every, words)
    for line in every:
        block = None
        if line.text:
            kind, place = _sorted_out(line, place, words, line.start > glossary)
            place = replace(place, rated=line.start in rated) if line.start in rated else place
            block = Block(kind, line.start, line.end, place.recommendation, place.area)
            goes_on = kind == "evaluation" and words.rating_word(line.text) is None
            block = None if goes_on else block
        _append(blocks, line, block)
    return tuple(blocks)


def _rated(every: Sequence[Line], words: Headings) -> frozenset[int]:
    """Where the headings of recommendations begin that have an evaluation line before the next one."""
    found: set[int] = set()
    last: int | None = None
    for line in every:
        if words.number(line.text) is not None:
            last = line.start
        elif last is not None and words.rating_word(line.text) is not None:
            found.add(last)
    return frozenset(found)


def _last_glossary(every: Sequence[Line], words: Headings) -> int:
    """Where the last heading of a glossary stands, before which no back cover begins; -1 where there is none."""
    return max((line.start for line in every if words.section(line.text) == "glossary"), default=-1)


def lines(text: str) -> Iterator[Line]:
    """The lines of a text; a form feed ends a line too."""
    start, blank = 0, True
    for raw in re.split(r"(?<=[\n\f])", text):
        if raw:
            words = raw.strip(_EMPHASIS)
            yield Line(start, start + len(raw), words, blank, raw.endswith("\f"))
            blank = not words
            start += len(raw)


def whole_headings(every: Iterable[Line], words: Headings) -> Iterator[Line]:
    """The lines; those that head a section or an area together, as a narrow cell prints its label, are one."""
    held, at = list(every), 0
    while at < len(held):
        runs = (run for count in (3, 2) if _heads_together(run := _run(held, at, count), words))
        together = next(runs, held[at : at + 1])
        text = " ".join(line.text for line in together if line.text)
        yield replace(held[at], end=together[-1].end, text=text)
        at += len(together)


def _run(held: Sequence[Line], at: int, count: int) -> Sequence[Line]:
    """So many lines with words from there on, without a blank one between them but where a page ends; else none."""
    found, turned = 0, False
    for size, line in enumerate(held[at : at + _FAR], start=1):
        if line.text and found and line.after_blank and not turned:
            break
        turned = line.ends_page or (turned and not line.text)
        found += bool(line.text)
        if found == count:
            return held[at : at + size]
    return ()


def _heads_together(run: Sequence[Line], words: Headings) -> bool:
    """Whether lines are a heading together, and none of them is by itself."""
    some = [line.text for line in run if line.text]
    if not run or not run[0].text or any(map(words.is_heading, some)):
        return False
    together = " ".join(some)
    return words.is_heading(together) or unnumbered(together) in words.areas


def folded(words: str) -> str:
    """Words for comparing: no emphasis, one blank for each run of blanks, no case, no colon or stop at the end."""
    return " ".join(plainly(words).strip(_EMPHASIS).split()).casefold().rstrip(" .:")


def plainly(words: str) -> str:
    """Words as they are compared: accents in one character with their letters, no soft hyphens."""
    return words if words.isascii() else unicodedata.normalize("NFC", words.replace("\u00ad", ""))


def unnumbered(words: str) -> str:
    """Folded words without the number before them: ``II. DEMAND REDUCTION`` is ``demand reduction``."""
    return _NUMBERING.sub("", folded(words))


def _append(blocks: list[Block], line: Line, block: Block | None) -> None:
    """Add a line to the last block, or begin a block with it; blank lines before anything else belong to the cover."""
    if not blocks:
        blocks.append(block or Block("cover", line.start, line.end))
    elif block is None or _continues(blocks[-1], block):
        blocks[-1] = replace(blocks[-1], end=line.end)
    else:
        blocks.append(block)


def _continues(last: Block, block: Block) -> bool:
    same = (last.kind, last.recommendation) == (block.kind, block.recommendation)
    return same and block.kind not in ("heading", "evaluation")


def _sorted_out(line: Line, place: _Place, words: Headings, late: bool) -> tuple[BlockKind, _Place]:
    """The kind of a line and the place after it: headings first, then what the running text allows."""
    if place.open:
        said = folded(f"{place.open} {line.text}")
        place = replace(place, open="")
        if said in words.ratings:
            return "evaluation", place
        if any(label.startswith(f"{said} ") for label in words.ratings):
            return "evaluation", replace(place, open=said)
    if place.kind == "footnote" and line.after_blank:
        place = replace(place, kind=place.resume or "cover", resume=None)
    if (headed := _heading(line, place, words)) is not None:
        return headed
    if place.kind == "title":
        return _below_recommendation(line, place, words)
    if place.kind == "chapter" and words.rating_word(line.text) is not None:
        return "evaluation", _evaluated(line, place, words)
    return _running(line, place, words, late)


def _evaluated(line: Line, place: _Place, words: Headings) -> _Place:
    """The place behind an evaluation line; its rating may stand on the next line, or go on there."""
    word = words.rating_word(line.text) or ""
    return replace(place, kind="chapter", open="" if folded(word) in words.ratings else word or " ")


def _heading(line: Line, place: _Place, words: Headings) -> tuple[BlockKind, _Place] | None:
    """A section's heading, a recommendation's heading, or an area's label outside table and glossary."""
    if (section := words.section(line.text)) is not None:
        return "heading", _Place(section)
    if place.kind in ("table", "glossary", "back"):
        return None
    if (number := words.number(line.text)) is not None:
        return "heading", _Place("title", number, place.area)
    if (area := words.area(line.text)) is not None:
        return "heading", replace(place, area=area)
    return None


def _below_recommendation(line: Line, place: _Place, words: Headings) -> tuple[BlockKind, _Place]:
    """Below a recommendation's heading: title lines, the evaluation line, or the text of a chapter that lacks one."""
    if words.rating_word(line.text) is not None:
        return "evaluation", _evaluated(line, place, words)
    if line.after_blank and not _is_shouted(line.text) and not place.rated:
        return "chapter", replace(place, kind="chapter")
    return "title", replace(place, rated=place.rated and not line.text.endswith("."))


def _running(line: Line, place: _Place, words: Headings, late: bool) -> tuple[BlockKind, _Place]:
    """A line of running text: it may begin a footnote or the back cover, else it is more of the same."""
    begins = line.after_blank or line.text[0] in _RAISED
    if place.kind in ("chapter", "preface", "conclusions") and begins and _FOOTNOTE.match(line.text):
        return "footnote", replace(place, kind="footnote", resume=place.kind)
    if place.kind in ("glossary", "table") and late and _is_back(line, words):
        return "back", _Place("back")
    return place.kind, place


def _is_shouted(words: str) -> bool:
    """Whether most letters are capitals, as in titles and headings."""
    letters = [letter for letter in words if letter.isalpha()]
    return sum(letter.isupper() for letter in letters) > 0.6 * len(letters)


def _is_back(line: Line, words: Headings) -> bool:
    """Whether a line after table or glossary is neither a row, an entry nor an area's heading.

    The back cover begins.
    """
    plain = "\t" not in line.text and ":" not in line.text and not line.text[0].isdigit()
    return line.after_blank and plain and _is_shouted(line.text) and unnumbered(line.text) not in words.areas

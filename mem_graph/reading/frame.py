"""What stands around the sentences: which report this is, ratings, glossary; and what is wrong there.

A rating is taken only where its line prints a word of the round; whatever keeps one from being established is a problem
that touches a rating.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mem_graph.errors import ParseError
from mem_graph.model import Assessment, Block, GlossaryEntry, Identity, Problem, Source, Span
from mem_graph.reading.entities.names import state_names
from mem_graph.reading.page.sections import Headings, folded, lines, unnumbered
from mem_graph.reading.page.sentences import span_of
from mem_graph.reading.rules import Rules, compiled, pattern
from mem_graph.vocabulary import Vocabulary

UNKNOWN = "ZZZ"
"""Stands for a country that cannot be established: ISO 3166 leaves this code to its users."""


@dataclass(slots=True)
class Frame:
    """A source with its blocks and the words to read them by; problems are collected, not thrown at the first."""

    source: Source
    blocks: Sequence[Block]
    vocabulary: Vocabulary
    rules: Rules
    headings: Headings
    problems: list[Problem] = field(default_factory=list)

    def of(self, *kinds: str) -> Iterator[Block]:
        """The blocks of some kinds, in order."""
        return (block for block in self.blocks if block.kind in kinds)

    def words(self, block: Block) -> Span:
        """A block's words without blanks at its ends."""
        return trimmed(self.source.text, block.start, block.end)

    def rating(self, word: str) -> str | None:
        """The label of the rating that a word names."""
        rating = self.vocabulary.ratings.get(folded(word))
        return None if rating is None else rating.label

    def report(self, code: str, message: str, span: Span, touches: bool = False) -> None:
        """Collect a problem."""
        self.problems.append(Problem(code, message, span, touches))

    def in_doubt(self, number: int, code: str, message: str, span: Span) -> None:
        """Collect a problem that touches the rating of one recommendation."""
        self.problems.append(Problem(code, message, span, True, number))


def trimmed(text: str, start: int, end: int) -> Span:
    """The span of a part of a text without blanks at its ends."""
    words = text[start:end]
    first = start + len(words) - len(words.lstrip())
    return span_of(text, first, max(first, start + len(words.rstrip())))


def check_parts(frame: Frame) -> None:
    """Problems: parts of a report that the text does not have."""
    for kind in ("conclusions", "glossary"):
        if not any(frame.of(kind)):
            frame.report(
                "part-missing", f"there is no {kind} part", trimmed(frame.source.text, *2 * (len(frame.source.text),))
            )


def stop_where_two_reports(frame: Frame) -> None:
    """Raise `ParseError` where the recommendations of a round come a second time: nothing says which of them count."""
    seen: set[int] = set()
    again: dict[int, Span] = {}
    for span in map(frame.words, frame.of("heading")):
        number = frame.headings.number(span.quote.strip("*#_ \t"))
        if number in seen:
            again.setdefault(number, span)
        elif number is not None:
            seen.add(number)
    if len(again) > len(frame.vocabulary.recommendations) / 2:
        span = next(iter(again.values()))
        line = frame.source.text.count("\n", 0, span.start) + 1
        expected = "one report; this file has two, part them and give each by itself"
        raise ParseError(file=frame.source.name, line=line, met=span.quote, expected=expected)


# -- which report -----------------------------------------------------------------------------------------------------


def identity(frame: Frame) -> Identity:
    """Country, round, year, symbols and period, each with its words; what is not printed is a problem."""
    cover = "".join(frame.source.text[block.start : block.end] for block in frame.of("cover"))
    printed: dict[str, Span] = {}
    country = _country(frame, cover, printed)
    number = _round(frame, printed)
    year = _year(frame, cover, printed)
    symbols = _symbols(frame, cover, printed)
    revision = next((int(match[1]) for match in re.finditer(r"(?i:Rev)\.? ?(\d+)", " ".join(symbols))), 0) + 1
    return Identity(country, number, year, frame.rules.language, revision, symbols, _period(frame, printed), printed)


def _country(frame: Frame, cover: str, printed: dict[str, Span]) -> str:
    """The state whose name is a line of the cover of its own."""
    names = {folded(name): state.code for state in frame.vocabulary.states for name in state_names(state, frame.rules)}
    article = compiled(tuple(f"{word} " for word in frame.rules.words("articles_of_states")))
    for line in lines(cover):
        code = names.get(folded(line.text)) or names.get(article.sub("", folded(line.text), count=1))
        if code:
            printed["country"] = _inside(frame, line.start, line.text)
            return code
    frame.report(
        "unknown-country",
        "no line of the cover names a member state of the OAS",
        trimmed(frame.source.text, 0, len(cover)),
        True,
    )
    return UNKNOWN


def _inside(frame: Frame, start: int, words: str) -> Span:
    first = frame.source.text.index(words, start)
    return span_of(frame.source.text, first, first + len(words))


def _round(frame: Frame, printed: dict[str, Span]) -> int:
    """The round that cover, preface and conclusions name most, else the one whose form the text has.

    The round that is read, and a problem, where neither says any.
    """
    named = [found for words in frame.rules.words("rounds") for found in re.finditer(words, frame.source.text, re.I)]
    numbers = {match.start(): (_ordinal(match["word"], frame.rules), match) for match in named}
    if numbers:
        counts = Counter(number for number, _ in numbers.values())
        often = max(counts, key=lambda number: counts[number])
        first = min(start for start, (number, _) in numbers.items() if number == often)
        printed["round"] = span_of(frame.source.text, *numbers[first][1].span())
        return often
    if (form := _of_another_form(frame)) is not None:
        printed["round"] = form[1]
        return form[0]
    frame.report("unknown-round", "the text names no evaluation round", span_of(frame.source.text, 0, 0), True)
    return int(frame.rules.words("rounds_read")[0])


def _ordinal(word: str, rules: Rules) -> int:
    """The number that an ordinal says: ``sixth``, ``6th``, ``VI``."""
    folded = (
        word.casefold().replace("septima", "séptima").replace(".", "").replace("a", "ª" if word[0].isdigit() else "a")
    )
    lists = (rules.words(name) for name in ("ordinals", "ordinals_plain", "ordinals_roman"))
    return next(words.index(folded) + 1 for words in lists if folded in words)


def _of_another_form(frame: Frame) -> tuple[int, Span] | None:
    """The round whose reports alone have headings of some form (``PRIORITY ACTION 1.1``), where no chapter is met."""
    if any(frame.of("evaluation")):
        return None
    for cue in frame.rules.of("round-form"):
        if (match := pattern(cue).search(frame.source.text)) is not None:
            return int(cue.value), span_of(frame.source.text, *match.span())
    return None


def _year(frame: Frame, cover: str, printed: dict[str, Span]) -> int:
    """The year that stands on the cover as a line of its own, or ends one."""
    for line in lines(cover):
        match = re.search(r"(?<![\d/])((?:19|20)\d\d)$", line.text)
        if match:
            printed["year"] = _inside(frame, line.start, match[1])
            return int(match[1])
    frame.report("unknown-year", "the cover prints no year", trimmed(frame.source.text, 0, len(cover)))
    return 0


def _symbols(frame: Frame, cover: str, printed: dict[str, Span]) -> tuple[str, ...]:
    found = list(compiled(frame.rules.words("symbols"), 0).finditer(cover))
    if found:
        printed["symbols"] = span_of(frame.source.text, found[0].start(), found[-1].end())
    return tuple(dict.fromkeys(match[0] for match in found))


def _period(frame: Frame, printed: dict[str, Span]) -> str:
    """The period as printed in preface or conclusions; empty where none is."""
    for words in frame.rules.words("periods"):
        for block in frame.of("preface", "conclusions"):
            match = re.compile(words).search(frame.source.text, block.start, block.end)
            if match:
                printed["period"] = span_of(frame.source.text, *match.span("period"))
                return " ".join(match["period"].split())
    return ""


# -- ratings ----------------------------------------------------------------------------------------------------------


def assessments(frame: Frame) -> tuple[Assessment, ...]:
    """One for each recommendation with a chapter, without its findings.

    Its rating is empty where it cannot be established.
    """
    chapters: dict[int, list[Block]] = {}
    for block in frame.of("heading"):
        number = frame.headings.number(frame.words(block).quote.strip("*#_ \t"))
        if number is not None:
            chapters.setdefault(number, []).append(block)
    _missing(frame, chapters)
    printed = titles(frame)
    return tuple(_assessment(frame, number, heads, printed.get(number)) for number, heads in chapters.items())


def _missing(frame: Frame, chapters: Mapping[int, Sequence[Block]]) -> None:
    """Problems.

    Recommendations of the round without a chapter, chapters without a recommendation, chapters printed twice.
    """
    for number in sorted(set(frame.vocabulary.recommendations) - set(chapters)):
        after = next((heads[0] for other, heads in sorted(chapters.items()) if other > number), None)
        place = (
            frame.words(after) if after else trimmed(frame.source.text, len(frame.source.text), len(frame.source.text))
        )
        frame.in_doubt(number, "recommendation-missing", f"recommendation {number} has no chapter", place)
    for number, heads in chapters.items():
        if number not in frame.vocabulary.recommendations:
            frame.report("unknown-recommendation", f"the round has no recommendation {number}", frame.words(heads[0]))
        if len(heads) > 1:
            message = f"recommendation {number} has {len(heads)} chapters"
            frame.in_doubt(number, "recommendation-doubled", message, frame.words(heads[1]))


def _assessment(frame: Frame, number: int, heads: Sequence[Block], title: Span | None) -> Assessment:
    evaluations = [frame.words(block) for block in frame.of("evaluation") if block.recommendation == number]
    line = evaluations[0] if evaluations else frame.words(heads[0])
    rating = _rating(frame, number, evaluations, line)
    return Assessment(number, _area(frame, number, heads[0]), rating, line, title or line)


_BESIDE = re.compile(r"(?<!\d)(\d+)\s*[-.:\u2013\u2014]\s*(?=\S)")


def titles(frame: Frame) -> Mapping[int, Span]:
    """The wording of each recommendation as its chapter prints it: behind the number in its line, below it, or both."""
    found: dict[int, Span] = {}
    below = {block.recommendation: frame.words(block) for block in reversed([*frame.of("title")])}
    for span in map(frame.words, frame.of("heading")):
        number = frame.headings.number(span.quote.strip("*#_ \t"))
        if number is not None and number not in found:
            beside = next((match for match in _BESIDE.finditer(span.quote) if int(match[1]) == number), None)
            start = span.start + beside.end() if beside else below[number].start if number in below else span.start
            end = below[number].end if number in below else span.end
            found[number] = trimmed(frame.source.text, start, max(end, span.end if beside else end))
    return found


def _rating(frame: Frame, number: int, evaluations: Sequence[Span], line: Span) -> str:
    """The rating that the evaluation lines of a chapter print.

    Empty, with a problem, where they do not agree on a known one.
    """
    printed = [(span, frame.headings.rating_word(span.quote.strip("*#_ \t")) or "") for span in evaluations]
    for span, word in printed:
        if word and frame.rating(word) is None:
            message = f"recommendation {number}: the round has no rating {word!r}"
            frame.in_doubt(number, "unknown-rating", message, span)
    known = {label for _, word in printed if (label := frame.rating(word)) is not None}
    if not any(word for _, word in printed):
        frame.in_doubt(number, "rating-missing", f"recommendation {number} prints no rating", line)
    if len(known) > 1:
        words = " and ".join(sorted(known))
        frame.in_doubt(number, "rating-doubled", f"recommendation {number} prints {words}", printed[1][0])
    unknown = any(word and frame.rating(word) is None for _, word in printed)
    return known.pop() if len(known) == 1 and not unknown else ""


def _area(frame: Frame, number: int, head: Block) -> str:
    """The area that the round gives a recommendation; a problem where the heading above it says another."""
    recommendation = frame.vocabulary.recommendations.get(number)
    labels = {area.key: area.label for area in frame.vocabulary.areas}
    area = labels.get(recommendation.area, "") if recommendation else ""
    if head.area and area and head.area != area:
        frame.report("area-differs", f"recommendation {number} of {area} stands under {head.area}", frame.words(head))
    return area or head.area or ""


# -- glossary ---------------------------------------------------------------------------------------------------------


def glossary(frame: Frame) -> tuple[GlossaryEntry, ...]:
    """The entries of the glossary: ``Term: definition``, under the heading of its section."""
    entries: list[GlossaryEntry] = []
    section = ""
    for start, end in _paragraphs(frame):
        span = trimmed(frame.source.text, start, end)
        if (area := frame.headings.areas.get(unnumbered(span.quote))) is not None:
            section = area
        elif (match := _TERM.match(span.quote)) is not None:
            term = span_of(frame.source.text, span.start, span.start + match.end("term"))
            definition = span_of(frame.source.text, span.start + match.end(), span.end)
            entries.append(GlossaryEntry(len(entries) + 1, term, section, definition, span))
        elif entries:
            last = entries[-1]
            definition = span_of(frame.source.text, last.definition.start, span.end)
            entry = span_of(frame.source.text, last.entry.start, span.end)
            entries[-1] = GlossaryEntry(last.number, last.term, last.section, definition, entry)
    return tuple(entries)


_TERM = re.compile(r"(?P<term>[^\W\d_][^:.\n]{1,80}):\s+(?=\S)")
_TERM_WORDS = 7
"""The words of a term that no blank line parts from the entry before it: more are of a sentence with a colon."""
_WHOLE = re.compile(r"[.!?][\"')\]\u201d\u2019\u00bb]*$")


def _paragraphs(frame: Frame) -> Iterator[tuple[int, int]]:
    """The paragraphs of the glossary, parted by blank lines, or by what begins one: a term, the label of an area."""
    for block in frame.of("glossary"):
        begun: int | None = None
        before = ""
        for line in lines(frame.source.text[block.start : block.end]):
            if line.text and (line.after_blank or _begins_paragraph(frame, line.text, before)):
                if begun is not None:
                    yield begun, block.start + line.start
                begun = block.start + line.start
            before = line.text or before
        if begun is not None:
            yield begun, block.end


def _begins_paragraph(frame: Frame, line: str, before: str) -> bool:
    """Whether a line that no blank line parts from the one before begins a paragraph of its own."""
    labels = frame.headings.areas
    if unnumbered(line) in labels or unnumbered(before) in labels:
        return True
    term = _TERM.match(line)
    short = term is not None and len(term["term"].split()) <= _TERM_WORDS
    return short and line[0].isupper() and _WHOLE.search(before) is not None

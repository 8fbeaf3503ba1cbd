"""Of whom a predicate is said: the bodies that head its subject, or through which a country acts, or a pronoun's."""

from __future__ import annotations

from collections.abc import Iterator

from mem_graph.reading.entities.names import Named
from mem_graph.reading.syntax.english_clauses import Clause, Range
from mem_graph.reading.syntax.english_verb_groups import Parser

PRONOUN = "names.pronoun"


def said_of(parser: Parser, subject: Range, before: tuple[Named, ...]) -> tuple[Named, ...]:
    """The bodies that a subject names or stands for; none for the country itself or a body without a name.

    In: the subject's words, and of whom the sentence before spoke, for *it*. Follows ``docs/coding.md``, Findings 7.
    """
    start, end = subject
    for at in _heads(parser, start, end):
        word = parser.words[at]
        if word.low == "it" and len(before) == 1:
            return (
                Named(
                    "institution", before[0].key, word.start, word.end, before[0].words, sureness="rule", rule=PRONOUN
                ),
            )
        if word.low == "§country" and parser.low(at + 1) != "'s":
            return tuple(_through(parser, at + 1, end))
        if word.low in parser.lexicon.lists["plain_subjects"]:
            return tuple(_through(parser, at + 1, end))
        if word.name is not None and word.name.kind in ("institution", "description"):
            return (word.name, *_with(parser, at + 1, end)) if parser.low(at + 1) != "'s" else ()
    return ()


def held(parser: Parser, clause: Clause) -> tuple[Named, ...]:
    """``has a national drug authority that maintains …``: the body that the sentence is there to speak of."""
    at = clause.group.end
    name = parser.words[at].name if at < len(parser.words) else None
    is_that = name is not None and name.kind == "institution" and parser.low(at + 1) == "that"
    return (name,) if name is not None and is_that else ()


def _heads(parser: Parser, start: int, end: int) -> Iterator[int]:
    """Where the head of a subject may stand, the likeliest first: before a closing aside, else after the last comma."""
    commas = [at + 1 for at in range(start, end - 1) if parser.low(at) == ","]
    aside = parser.low(end - 1) == ","
    skipped = parser.lexicon.lists["determiners"] | parser.lexicon.lists["adverbs"] | {"and", "but"}
    for at in [start, *commas] if aside else [*reversed(commas), start]:
        while at < end and parser.low(at) in skipped:
            at += 1
        while parser.low(at + 1) == "'s" and at + 2 < end:
            at += 2
        if at < end:
            yield at


def _through(parser: Parser, start: int, end: int) -> Iterator[Named]:
    """The bodies in ``, through the A, the B of the C and the D,``: A, B and D."""
    opened = False
    for at in range(start, end):
        low, name = parser.low(at), parser.words[at].name
        opened = opened or low == "through"
        whole = parser.low(at - 1) == "of" or (parser.low(at - 1) == "the" and parser.low(at - 2) == "of")
        if opened and name is not None and name.kind == "institution" and not whole:
            yield name


def _with(parser: Parser, start: int, end: int) -> Iterator[Named]:
    """The bodies in ``A, in conjunction with B,`` and ``A and B``."""
    for at in range(start, end):
        name = parser.words[at].name
        joined = parser.low(at - 1) in ("with", "and") or (
            parser.low(at - 1) == "the" and parser.low(at - 2) in ("with", "and")
        )
        if name is not None and name.kind == "institution" and joined:
            yield name

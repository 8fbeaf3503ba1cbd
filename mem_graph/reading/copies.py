"""A further file of an edition beside the first: the same sentences at other places, so passages and no new findings.

The two are matched sentence by sentence on letters and digits alone, in the order in which they stand in their place;
titles, evaluation lines, rows of the table and entries of the glossary likewise. What does not match is listed as a
problem, never guessed. A rating that the two print differently touches the rating.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import chain

from mem_graph.errors import ParseError
from mem_graph.model import Copy, Edition, Problem, Span
from mem_graph.reading.report import running
from mem_graph.reading.rules import Rules
from mem_graph.vocabulary import Vocabulary

LEAST = 0.5
"""So much of the first file's sentences must stand in a further one; else it is another text."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words that may stand in the other file too: what they are, their letters and digits, and where they stand."""

    what: str
    letters: str
    span: Span

    @property
    def key(self) -> tuple[str, str]:
        return self.what, self.letters


def with_copy(edition: Edition, other: Edition, vocabulary: Vocabulary, rules: Rules) -> Edition:
    """The edition with a further file: its passages there, and the problems that the two have with each other.

    In: the edition; the further file as it reads by itself; vocabulary and rules. Raises `ParseError` where the two are
    not the same text.
    """
    here, there = (_groups(each, running(each.source, vocabulary, rules)) for each in (edition, other))
    spans: dict[Span, Span] = {}
    problems = list(_ratings(edition, other))
    for name in dict.fromkeys((*here, *there)):
        spans |= _matched(here.get(name, ()), there.get(name, ()), other, problems)
    _stop_where_another_text(edition, other, spans)
    return replace(
        edition,
        copies=(*edition.copies, Copy(other.source, spans)),
        problems=(*edition.problems, *problems),
    )


def _groups(edition: Edition, text: str) -> dict[str, list[_Stretch]]:
    """What is matched, in order: the sentences of each place, then titles, lines, rows, entries, and the cover."""
    groups: dict[str, list[_Stretch]] = {}
    for passage in edition.passages:
        groups.setdefault(str(passage.where), []).append(_stretch("sentence", passage.span, text))
    rated = edition.assessments
    groups["titles"] = [_stretch(f"title {one.recommendation}", one.title, text) for one in rated]
    groups["lines"] = [_stretch(f"evaluation {one.recommendation}", one.line, text) for one in rated]
    groups["rows"] = [_stretch(f"row {row.recommendation}", row.row, text) for row in edition.summary]
    groups["glossary"] = [_stretch("entry", entry.entry, text) for entry in edition.glossary]
    groups["cover"] = [_stretch(name, span, text) for name, span in edition.identity.printed.items()]
    return groups


def _stretch(what: str, span: Span, text: str) -> _Stretch:
    return _Stretch(what, _letters(text[span.start : span.end]) or _letters(span.quote), span)


def _letters(words: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", words)))


def _matched(
    here: Sequence[_Stretch], there: Sequence[_Stretch], other: Edition, problems: list[Problem]
) -> dict[Span, Span]:
    """The stretches of one group that both files have; those that only one has are added to the problems."""
    found: dict[Span, Span] = {}
    matcher = SequenceMatcher(None, [one.key for one in here], [one.key for one in there], autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind == "equal":
            found |= {one.span: same.span for one, same in zip(here[first:last], there[begin:end], strict=True)}
        else:
            before = here[first - 1].span.end if first else here[0].span.start if here else 0
            problems.extend(_missing(here[first:last], other))
            problems.extend(_further(there[begin:end], before, other))
    return found


def _missing(stretches: Sequence[_Stretch], other: Edition) -> Iterator[Problem]:
    for one in stretches:
        yield Problem("not-in-file", f"{other.source.name} does not have this {one.what.split()[0]}", one.span)


def _further(stretches: Sequence[_Stretch], place: int, other: Edition) -> Iterator[Problem]:
    """What only the further file has, by the place in the first one where it would stand."""
    if stretches:
        words = " ".join(" ".join(one.span.quote.split()) for one in stretches)
        yield Problem("only-in-file", f"only {other.source.name} has: {words}", Span("", place, place))


def _ratings(edition: Edition, other: Edition) -> Iterator[Problem]:
    printed = {one.recommendation: one.rating for one in other.assessments if one.rating}
    for one in edition.assessments:
        if one.rating and printed.get(one.recommendation, one.rating) != one.rating:
            said = f"{one.rating} here, {printed[one.recommendation]} in {other.source.name}"
            yield Problem(
                "file-rating-differs",
                f"recommendation {one.recommendation}: {said}",
                one.line,
                True,
                one.recommendation,
            )


def _stop_where_another_text(edition: Edition, other: Edition, spans: dict[Span, Span]) -> None:
    same = sum(passage.span in spans for passage in edition.passages)
    if same < LEAST * len(edition.passages):
        first = next(chain((passage.span.quote for passage in other.passages), [""]))
        raise ParseError(
            file=other.source.name,
            line=1,
            met=" ".join(first.split())[:80],
            expected=f"the text of {edition.identity.edition}, whose symbols it prints: "
            f"{same} of {len(edition.passages)} sentences are the same",
        )

"""Of what time a study is: said beside it, where its clause begins, or where its sentence does.

What stands between one study and the next dates the first, unless it leads to the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from mem_graph.reading.coding.codebook import Draft
from mem_graph.reading.figures.years import When
from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.syntax.english_clauses import Range


@dataclass(frozen=True, slots=True)
class Found:
    """One study in a view: its title's place, whether that is a name, and how many it speaks of."""

    title: Range
    named: bool
    number: int | None
    rule: str = "study.made"
    dated: bool = True
    """Whether a time elsewhere in the clause is its own."""
    phrase: int | None = None
    """Where the noun phrase begins that the title ends; where the title does, if nothing else is said."""

    @property
    def start(self) -> int:
        return self.title[0] if self.phrase is None else self.phrase


def time_of(
    text: str, found: Found, draft: Draft, listed: Sequence[Found], met: Sequence[When], rules: Rules
) -> When | None:
    """The time of a study.

    Right behind its title or before its phrase, else up to the next study, else where its clause or sentence begins.
    """
    first, last = found.title
    behind = [when for when in met if when.start >= last and not text[last : when.start].strip(" ,(")]
    dates = re.compile("|".join(rules.words("study_dates"))).match(text, last + 1)
    if dates is not None:
        return When(*dates.span(), (int(dates["year"]),))
    if behind or not found.dated:
        return behind[0] if behind else None
    before = [when for when in met if when.end <= found.start and not text[when.end : found.start].strip(" ,")]
    if before and before[-1].start > draft.verb:
        return before[-1]
    if within := [when for when in met if found.start < when.start < first]:
        return within[0]
    return next(
        chain(_told_after(text, found, draft, listed, met, rules), _told_before(text, found, draft, listed, met)), None
    )


def _told_after(
    text: str, found: Found, draft: Draft, listed: Sequence[Found], met: Sequence[When], rules: Rules
) -> Iterator[When]:
    """Times that stand between a study and the next, or behind the verb of which both are the subject.

    None that leads to the next: ``In 2011 the Household Survey was conducted, and in 2012 the School Survey``.
    """
    first, last = found.title
    subject = last <= draft.verb
    rivals = [one.start for one in listed if one.start > first and not (subject and one.title[1] <= draft.verb)]
    following = min(rivals, default=len(text))
    ends = len(text) if text[last : draft.clause[1]].strip(" .,") == "" else draft.clause[1]
    after = [when for when in met if last <= when.start < min(ends, following)]
    articles = compiled((*rules.words("phrase_articles"), *rules.words("study_leading")))
    led = (articles.sub("", text[when.end : following]).strip(" ,") for when in after)
    yield from (when for when, between in zip(after, led, strict=True) if between or following == len(text))


def _told_before(text: str, found: Found, draft: Draft, listed: Sequence[Found], met: Sequence[When]) -> Iterator[When]:
    """Times that stand before a study and are no other's: beside its verb, where its clause begins, or its sentence."""
    taken = [one for one in listed if one.title[1] <= found.start]
    free = [when for when in met if when.start < found.start and not any(_is_beside(text, one, when) for one in taken)]
    yield from (when for when in reversed(free) if draft.clause[0] <= when.start)
    yield from (
        when for when in free if not text[: when.start].strip() and text[: draft.clause[0]].rstrip()[-1:] != ";"
    )


def _is_beside(text: str, study: Found, when: When) -> bool:
    """Whether a time stands right behind a study, and so is its own."""
    return when.start >= study.title[1] and not text[study.title[1] : when.start].strip(" ,(")

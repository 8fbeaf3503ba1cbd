"""Findings to criteria: which of the things that a recommendation asks for a finding speaks of, and how it comes out.

Cues are looked for in the words that name the one thing, then in the clause, then in the sentence, so that what is
nearest decides. Where no cue is met in the clause, the code is that of the criterion to whose phrases its words are
nearest, if they are clearly nearer to it than to any other: such a code is fuzzy, and listed for review. A code points
at the words that decided; where nothing fits there is none (``docs/coding.md``, Criteria; words in ``criteria.toml``
and ``wordings.toml`` of each language).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mem_graph.model import Outcome, Sureness
from mem_graph.reading.coding import asked, likeness
from mem_graph.reading.coding.asked import Book, Criterion
from mem_graph.reading.coding.cues import Range, Token, longest
from mem_graph.reading.coding.hits import FAR, Hit, Said, nearest, overlap, within
from mem_graph.reading.coding.likeness import Likeness
from mem_graph.reading.rules import Rules, compiled

NEAR = 90
"""How many characters from the words that decide a word may stand that limits what is said."""

CLEAR = 3
"""By how much more than for the next the words must speak for a criterion to be coded to it without a cue."""

OUTSPOKEN = 6
"""By how much more than for the one whose cue is met they must speak for another to be coded to that one instead."""

CLOSE = 5
"""How many words more than it has itself a cue may be spread over that says of which recommendation words speak."""

OPENING = 25
"""Within how many characters of its beginning a clause names what it goes on about."""

LONG = 3
"""How many words a cue has by which a recommendation covers what is a part of it: ``programs of prevention, …``."""

TAKEN_UP = "criterion.taken-up"
"""The rule of a finding that takes up what stands before it."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A criterion that a finding speaks of; ``because`` is where the words that decided stand in the sentence."""

    criterion: str
    outcome: Outcome
    because: Range
    rule: str
    sureness: Sureness = "rule"

    @property
    def recommendation(self) -> int:
        """The number of the recommendation whose criterion it is."""
        return int(self.criterion.partition("/")[0])


@dataclass(frozen=True, slots=True)
class Before:
    """What stands before a finding in its place: the codes of the last one, and in the conclusions the area named."""

    codes: tuple[Coded, ...] = ()
    area: range = range(0)


def opening(text: str, rules: Rules) -> tuple[range, Range] | None:
    """The area that a sentence of the conclusions opens, as its recommendations, and the words that say so.

    ``In the area of …``, ``Where … are concerned``: of several the one named first.
    """
    met = [
        (match.end(), match.span(), cue) for cue in rules.of("opening") if (match := compiled(cue.words).search(text))
    ]
    if not met:
        return None
    _, span, cue = min(met, key=lambda entry: entry[0])
    first, last = cue.value.split("-")
    return range(int(first), int(last) + 1), span


def codes(said: Said, before: Before, rules: Rules) -> tuple[Coded, ...]:
    """The codes of one finding.

    In: the finding; what stands before it in its place; the rules of its language. Out: its codes, in the order of the
    words; none where no rule fits.
    """
    book = asked.book(rules)
    allowed = _allowed(said, before, book)
    about = allowed if isinstance(said.where, int) else _about(said, said.clause, allowed, book)
    wider = about or _about(said, (0, len(said.text)), allowed, book) or _earlier(before, allowed) or allowed
    distance, hits = _gone_on(said, before, allowed, book, rules) or nearest(said, wider, book, rules)
    if before.codes and (left_out := _left_out(said, hits, rules)):
        return _as_before(said, before, left_out, rules)
    if hits and distance < FAR:
        return _by_cues(said, hits, book, rules)
    if likely := _likely(said, about or allowed, book, rules):
        return likely
    if before.codes and (taken := _takes_up(said, rules)):
        return _as_before(said, before, taken, rules)
    return tuple(_coded(said, hit.criterion, hit.at, hit.criterion.rule, "rule", rules) for hit in hits)


def _as_before(said: Said, before: Before, at: Range, rules: Rules) -> tuple[Coded, ...]:
    """The criteria of the finding before, which the words at a place take up."""
    outcome = _outcome(said, None, at, rules)
    return tuple(Coded(code.criterion, outcome, at, TAKEN_UP, "fuzzy") for code in before.codes)


def _left_out(said: Said, hits: Sequence[Hit], rules: Rules) -> Range | None:
    """Where a clause without a verb denies of another body what was said before: ``but not for customs officers``."""
    if not hits or not all(hit.criterion.body or hit.criterion.general for hit in hits):
        return None
    match = compiled(rules.words("verbless")).search(said.text[slice(*said.clause)])
    return said.clause if match else None


def speaks(words: Sequence[Token], recommendation: int, rules: Rules) -> bool:
    """Whether words speak of a criterion of a recommendation: those of a cue that is not general, or of two words."""
    plain = [word for word in words if not word.named]
    criteria = asked.book(rules).criteria.get(recommendation, ())
    return any(longest(one.cues, plain)[0] > one.general for one in criteria)


def _coded(said: Said, criterion: Criterion, at: Range, rule: str, sureness: Sureness, rules: Rules) -> Coded:
    return Coded(criterion.key, _outcome(said, criterion, at, rules), at, rule, sureness)


def _by_cues(said: Said, hits: Sequence[Hit], book: Book, rules: Rules) -> tuple[Coded, ...]:
    """The criteria whose cues are met; where it is one alone, another if the words speak far more for that."""
    if len(hits) == 1 and (outspoken := _outspoken(said, hits[0].criterion, book, rules)):
        return (outspoken,)
    return tuple(_coded(said, hit.criterion, hit.at, hit.criterion.rule, "rule", rules) for hit in hits)


def _outspoken(said: Said, met: Criterion, book: Book, rules: Rules) -> Coded | None:
    """Another criterion of the recommendation than the one whose cue is met, for which the words speak far more.

    One that is general gives way to a clear lead, another to a larger one, and never to one that is general or a body.
    """
    criteria = {one.key: one for one in book.criteria[met.recommendation]}
    ranked = _ranked(said, criteria, rules)
    if met.wide or met.firm or not ranked or ranked[0].criterion == met.key:
        return None
    other = criteria[ranked[0].criterion]
    own = next((one.score for one in ranked if one.criterion == met.key), ranked[-1].score)
    if ranked[0].score - own < (CLEAR if met.general else OUTSPOKEN) or other.body or other.general > met.general:
        return None
    return _likened(said, other, ranked[0], rules)


def _likely(said: Said, numbers: Iterable[int], book: Book, rules: Rules) -> tuple[Coded, ...]:
    """The criterion that the words of the clause are most like, where they are clearly so."""
    criteria = {one.key: one for number in numbers for one in book.criteria.get(number, ())}
    ranked = _ranked(said, criteria, rules)
    if not ranked or ranked[0].score - (ranked[1].score if len(ranked) > 1 else 0) < CLEAR:
        return ()
    return (_likened(said, criteria[ranked[0].criterion], ranked[0], rules),)


def _ranked(said: Said, criteria: Iterable[str], rules: Rules) -> list[Likeness]:
    """Criteria by how much the words of the clause speak for them."""
    return likeness.ranked(within(said, said.clause, said.others), tuple(criteria), likeness.phrasebook(rules))


def _likened(said: Said, criterion: Criterion, like: Likeness, rules: Rules) -> Coded:
    rule = likeness.phrasebook(rules).rules[criterion.key]
    return _coded(said, criterion, like.because, rule, "fuzzy", rules)


# Of which recommendation


def _allowed(said: Said, before: Before, book: Book) -> Sequence[int]:
    """The recommendations a finding may speak of: that of its chapter; in the conclusions, those of the area named."""
    if isinstance(said.where, int):
        return [said.where] if said.where in book.criteria else []
    return before.area or range(1, max(book.criteria, default=0) + 1)


def _about(said: Said, part: Range, allowed: Sequence[int], book: Book) -> Sequence[int]:
    """The recommendations that a part of the sentence is about: of those at the same words the longest cue."""
    words = within(said, part)
    met = [(*longest([cue], words, CLOSE), number) for number in allowed for cue in book.about[number].cues]
    covered = _covered(words, allowed, book)
    kept: list[tuple[Range, int]] = []
    for weight, at, number in sorted(met, key=lambda entry: (-entry[0], entry[2])):
        apart = [other for other, one in kept if number not in book.about[one].beside]
        if weight and number not in covered and not any(overlap(at, other) for other in apart):
            kept.append((at, number))
    return list(dict.fromkeys(number for _, number in kept))


def _covered(words: Sequence[Token], allowed: Sequence[int], book: Book) -> set[int]:
    """The recommendations that are parts of what the words name: ``programs of prevention, treatment and …``."""
    plain = [word for word in words if not word.named]
    long = (number for number in allowed if longest(book.about[number].cues, plain, CLOSE)[0] >= LONG)
    return {part for number in long for part in book.about[number].covers}


def _earlier(before: Before, allowed: Sequence[int]) -> Sequence[int]:
    """The recommendations of which the finding before speaks."""
    return list(dict.fromkeys(code.recommendation for code in before.codes if code.recommendation in allowed))


def _gone_on(
    said: Said, before: Before, allowed: Sequence[int], book: Book, rules: Rules
) -> tuple[int, list[Hit]] | None:
    """What a clause of the conclusions says of what it takes up: *they do not include recovery support*."""
    earlier = _earlier(before, allowed)
    start, end = said.clause
    opens = compiled(rules.words("goes_on")).search(said.text, start, min(start + OPENING, end))
    if isinstance(said.where, int) or not earlier or opens is None:
        return None
    distance, hits = nearest(said, earlier, book, rules)
    narrow = [hit for hit in hits if not hit.criterion.general]
    return (distance, hits) if narrow and distance < FAR else None


def _takes_up(said: Said, rules: Rules) -> Range | None:
    """The word by which a clause takes up what stands before it."""
    match = compiled(rules.words("taken_up")).search(said.text, *said.clause)
    return None if match is None else match.span()


# Outcome


def _outcome(said: Said, criterion: Criterion | None, at: Range, rules: Rules) -> Outcome:
    """How it comes out: by polarity, or in part where the clause limits itself near the words that decide."""
    whole: Outcome = "met" if said.polarity == "achievement" else "not_met"
    limits = (*rules.words(f"partly_{whole}"), *_own_limits(criterion, whole, rules))
    near = (max(said.clause[0], at[0] - NEAR), min(said.clause[1], at[1] + NEAR))
    matches = (match.span() for match in compiled(limits).finditer(said.text, *near))
    own = (span for span in matches if not any(overlap(span, other) for other in said.others))
    return "partly" if said.limited or any(not _in_a_name(span, said) for span in own) else whole


def _in_a_name(span: Range, said: Said) -> bool:
    """Whether words stand in the name of a body: ``Universidad Nacional Experimental``."""
    return any(word.named and overlap(span, (word.start, word.end)) for word in said.words)


def _own_limits(criterion: Criterion | None, whole: Outcome, rules: Rules) -> Sequence[str]:
    """What limits this criterion besides: its own words where it is met, where it is not what is left out of it."""
    if whole == "met":
        return criterion.partly if criterion else ()
    return () if criterion and criterion.undivided else rules.words("left_out")

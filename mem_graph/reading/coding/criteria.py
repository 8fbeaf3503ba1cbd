"""Findings to criteria: which of the things that a recommendation asks for a finding speaks of, and how it comes out.

Cues are looked for in the words that name the one thing, then in the clause, then in the sentence, so that what is
nearest decides. Where no cue is met in the clause, the code is that of the criterion to whose phrases its words are
nearest, if they are clearly nearer to it than to any other: such a code is fuzzy, and listed for review. A code points
at the words that decided; where nothing fits there is none (``docs/coding.md``, Criteria; words in ``criteria.toml``
and ``wordings.toml`` of each language).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mem_graph.model import Outcome, Polarity, Sureness, Where
from mem_graph.reading.coding import likeness
from mem_graph.reading.coding.cues import Range, Slot, Token, longest, slots
from mem_graph.reading.coding.likeness import Likeness
from mem_graph.reading.rules import Cue, Rules, compiled

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

FAR = 2
"""How far cues are that stand in another clause of the sentence."""

PAUSE = re.compile("[,;:()]")
"""Signs that part what stands before them from what stands behind."""

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
class Said:
    """A finding as it is coded: its place, its sentence, which words name the thing, its clause."""

    where: Where
    polarity: Polarity
    text: str
    words: Sequence[Token]
    focus: Range
    clause: Range
    others: tuple[Range, ...] = ()
    """The words that name the other things of the sentence."""
    limited: bool = False
    """Whether an exception or a share takes something out of what is asserted."""
    acted: bool = False
    """Whether a body is said to do it."""


@dataclass(frozen=True, slots=True)
class Before:
    """What stands before a finding in its place: the codes of the last one, and in the conclusions the area named."""

    codes: tuple[Coded, ...] = ()
    area: range = range(0)


@dataclass(frozen=True, slots=True)
class _Criterion:
    """The cues of one criterion, with its marks."""

    key: str
    rule: str
    cues: tuple[tuple[Slot, ...], ...]
    general: bool = False
    wide: bool = False
    said: bool = False
    """Whether it is what the verb says of a thing, and so stands beside the words that name it where it is denied."""
    acted: bool = False
    """Whether it is met only where a body is said to do it."""
    body: bool = False
    """Whether it is about a body as such, which says nothing where that body is merely who acts."""
    firm: bool = False
    """Whether it is what is done about a thing, so that the words that name the thing take nothing from it."""
    names: bool = False
    """Whether words in the name of a body count like others."""
    yields: frozenset[str] = frozenset()
    shares: frozenset[str] = frozenset()
    """Beside which it is not kept where both were met at the same word."""
    beside: frozenset[str] = frozenset()
    """What is asked likewise by another recommendation, so that the same words may speak of both."""
    partly: tuple[str, ...] = ()
    undivided: bool = False
    """Whether it asks for a thing that is missing where it is left out of another."""

    @property
    def recommendation(self) -> int:
        return int(self.key.partition("/")[0])


@dataclass(frozen=True, slots=True)
class _About:
    """The cues of a recommendation, and those that are parts of what it names where a long cue of it is met."""

    cues: tuple[tuple[Slot, ...], ...]
    covers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Book:
    """The criteria of each recommendation, and the cues by which a sentence of the conclusions speaks of it."""

    criteria: dict[int, tuple[_Criterion, ...]] = field(default_factory=dict)
    about: dict[int, _About] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Hit:
    """A cue met: of which criterion, at which words, with how many words."""

    criterion: _Criterion
    at: Range
    weight: int


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
    book = _book(rules)
    allowed = _allowed(said, before, book)
    about = allowed if isinstance(said.where, int) else _about(said, said.clause, allowed, book)
    wider = about or _about(said, (0, len(said.text)), allowed, book) or _earlier(before, allowed) or allowed
    distance, hits = _gone_on(said, before, allowed, book, rules) or _nearest(said, wider, book, rules)
    if hits and distance < FAR:
        return _by_cues(said, hits, book, rules)
    if likely := _likely(said, about or allowed, book, rules):
        return likely
    if before.codes and (taken := _takes_up(said, rules)):
        outcome = _outcome(said, None, taken, rules)
        return tuple(Coded(code.criterion, outcome, taken, TAKEN_UP, "fuzzy") for code in before.codes)
    return tuple(_coded(said, hit.criterion, hit.at, hit.criterion.rule, "rule", rules) for hit in hits)


def speaks(words: Sequence[Token], recommendation: int, rules: Rules) -> bool:
    """Whether words speak of a criterion of a recommendation: those of a cue that is not general, or of two words."""
    plain = [word for word in words if not word.named]
    criteria = _book(rules).criteria.get(recommendation, ())
    return any(longest(one.cues, plain)[0] > one.general for one in criteria)


def _coded(said: Said, criterion: _Criterion, at: Range, rule: str, sureness: Sureness, rules: Rules) -> Coded:
    return Coded(criterion.key, _outcome(said, criterion, at, rules), at, rule, sureness)


def _by_cues(said: Said, hits: Sequence[_Hit], book: _Book, rules: Rules) -> tuple[Coded, ...]:
    """The criteria whose cues are met; where it is one alone, another if the words speak far more for that."""
    if len(hits) == 1 and (outspoken := _outspoken(said, hits[0].criterion, book, rules)):
        return (outspoken,)
    return tuple(_coded(said, hit.criterion, hit.at, hit.criterion.rule, "rule", rules) for hit in hits)


def _outspoken(said: Said, met: _Criterion, book: _Book, rules: Rules) -> Coded | None:
    """Another criterion of the recommendation than the one whose cue is met, for which the words speak far more.

    One that is general gives way to a clear lead, another to a larger one, and never to one that is general or a body.
    """
    criteria = {one.key: one for one in book.criteria[met.recommendation]}
    ranked = _ranked(said, criteria, rules)
    if met.wide or met.firm or not ranked or ranked[0].criterion == met.key:
        return None
    other = criteria[ranked[0].criterion]
    own = next((one.score for one in ranked if one.criterion == met.key), ranked[-1].score)
    leads = ranked[0].score - own >= (CLEAR if met.general else OUTSPOKEN)
    return (
        _likened(said, other, ranked[0], rules) if leads and not (other.body or other.general > met.general) else None
    )


def _likely(said: Said, numbers: Iterable[int], book: _Book, rules: Rules) -> tuple[Coded, ...]:
    """The criterion that the words of the clause are most like, where they are clearly so."""
    criteria = {one.key: one for number in numbers for one in book.criteria.get(number, ())}
    ranked = _ranked(said, criteria, rules)
    if not ranked or ranked[0].score - (ranked[1].score if len(ranked) > 1 else 0) < CLEAR:
        return ()
    return (_likened(said, criteria[ranked[0].criterion], ranked[0], rules),)


def _ranked(said: Said, criteria: Iterable[str], rules: Rules) -> list[Likeness]:
    """Criteria by how much the words of the clause speak for them."""
    return likeness.ranked(_within(said, said.clause, said.others), tuple(criteria), likeness.phrasebook(rules))


def _likened(said: Said, criterion: _Criterion, nearest: Likeness, rules: Rules) -> Coded:
    rule = likeness.phrasebook(rules).rules[criterion.key]
    return _coded(said, criterion, nearest.because, rule, "fuzzy", rules)


# Of which recommendation


def _allowed(said: Said, before: Before, book: _Book) -> Sequence[int]:
    """The recommendations a finding may speak of: that of its chapter; in the conclusions, those of the area named."""
    if isinstance(said.where, int):
        return [said.where] if said.where in book.criteria else []
    return before.area or range(1, max(book.criteria, default=0) + 1)


def _about(said: Said, part: Range, allowed: Sequence[int], book: _Book) -> Sequence[int]:
    """The recommendations that a part of the sentence is about: of those at the same words the longest cue."""
    words = _within(said, part)
    met = [(*longest(book.about[number].cues, words, CLOSE), number) for number in allowed]
    covered = _covered(words, allowed, book)
    kept: list[tuple[Range, int]] = []
    for weight, at, number in sorted(met, key=lambda entry: (-entry[0], entry[2])):
        if weight and number not in covered and not any(_overlap(at, other) for other, _ in kept):
            kept.append((at, number))
    return [number for _, number in kept]


def _covered(words: Sequence[Token], allowed: Sequence[int], book: _Book) -> set[int]:
    """The recommendations that are parts of what the words name: ``programs of prevention, treatment and …``."""
    plain = [word for word in words if not word.named]
    long = (number for number in allowed if longest(book.about[number].cues, plain, CLOSE)[0] >= LONG)
    return {part for number in long for part in book.about[number].covers}


def _earlier(before: Before, allowed: Sequence[int]) -> Sequence[int]:
    """The recommendations of which the finding before speaks."""
    return list(dict.fromkeys(code.recommendation for code in before.codes if code.recommendation in allowed))


# Cues in words


def _nearest(said: Said, numbers: Iterable[int], book: _Book, rules: Rules) -> tuple[int, list[_Hit]]:
    """The cues met in the nearest part that has any of any recommendation; of two at the same words the first.

    Where two ask the same of different matters, both are met: ``chemicals and medicines are regulated``.
    """
    found = [part for number in numbers if (part := _hits(said, _open(said, number, book), rules))[1]]
    nearest = min((distance for distance, _ in found), default=0)
    kept: list[_Hit] = []
    for hits in (hits for distance, hits in found if distance == nearest):
        kept += [hit for hit in hits if not any(_taken(hit, other) for other in kept)]
    said_of = [hit for hit in kept if not hit.criterion.body or _overlap(hit.at, said.focus)]
    return nearest, sorted(said_of or kept, key=lambda hit: (hit.at, hit.criterion.key))


def _gone_on(
    said: Said, before: Before, allowed: Sequence[int], book: _Book, rules: Rules
) -> tuple[int, list[_Hit]] | None:
    """What a clause of the conclusions says of what it takes up: *they do not include recovery support*."""
    earlier = _earlier(before, allowed)
    opens = compiled(rules.words("goes_on")).search(
        said.text, said.clause[0], min(said.clause[0] + OPENING, said.clause[1])
    )
    if isinstance(said.where, int) or not earlier or opens is None:
        return None
    distance, hits = _nearest(said, earlier, book, rules)
    narrow = [hit for hit in hits if not hit.criterion.general]
    return (distance, hits) if narrow and distance < FAR else None


def _open(said: Said, number: int, book: _Book) -> Sequence[_Criterion]:
    """The criteria of a recommendation that a finding may speak of, by who acts in it."""
    return [one for one in book.criteria[number] if said.acted or not one.acted]


def _taken(hit: _Hit, other: _Hit) -> bool:
    """Whether the words of a hit are those of another recommendation, which does not ask the same of another matter."""
    number, first = (one.criterion.key.partition("/")[0] for one in (hit, other))
    return number != first and hit.criterion.key not in other.criterion.beside and _overlap(hit.at, other.at)


def _hits(said: Said, criteria: Sequence[_Criterion], rules: Rules) -> tuple[int, list[_Hit]]:
    """The cues of one recommendation met in the nearest part that has any, and how far that part is.

    Narrow criteria go before general ones; wide ones stand beside them, but where alternatives are denied: of these
    only what the verb says of each (*neither the crops nor the projects were evaluated*). In the conclusions, which are
    short, what is said and of what it is said count alike.
    """
    narrow = [criterion for criterion in criteria if not (criterion.general or criterion.wide)]
    general = [criterion for criterion in criteria if criterion.general]
    wide = [criterion for criterion in criteria if criterion.wide]
    own, clause = _within(said, said.focus, _inside(said)), _within(said, said.clause, said.others)
    if said.polarity == "deficiency" and (met := _met([*narrow, *wide], own)):
        return 0, _kept([*_leading(met, said, rules), *_met([one for one in wide if one.said], clause)])
    beside = [] if said.polarity == "deficiency" else _met(wide, clause)
    near = [*narrow, *wide] if said.polarity == "deficiency" else narrow
    first = own if said.where != "conclusions" or said.polarity == "deficiency" else _up_to(clause, said.focus[1])
    for distance, chosen, words in ((0, narrow, first), (1, near, clause), (0, general, own), (1, general, clause)):
        if met := _met(chosen, words):
            ahead = _before(_met(general, own if words is first else words), met)
            return distance, _kept([*_leading(met, said, rules), *beside, *ahead])
    if met := beside or _met(wide, clause) or _met(criteria, clause, names=True):
        return 1, _kept(met)
    return FAR, _closest(_kept(_met(criteria, _within(said, (0, len(said.text))), names=True)), said)


def _up_to(words: Sequence[Token], end: int) -> list[Token]:
    return [word for word in words if word.start < end]


def _leading(met: Sequence[_Hit], said: Said, rules: Rules) -> list[_Hit]:
    """The hits without those that a preposition makes part of another: ``follow-up after treatment``."""
    heads = [hit for hit in met if not hit.criterion.wide]
    return [hit for hit in met if hit.criterion.wide or not any(_bound(hit, head, said.text, rules) for head in heads)]


def _bound(hit: _Hit, head: _Hit, text: str, rules: Rules) -> bool:
    """Whether a preposition binds a hit to one before it, and nothing between them begins another member of a list."""
    between = text[head.at[1] : hit.at[0]] if head.at[1] <= hit.at[0] else ""
    through = text[head.at[1] : hit.at[1]]
    parted = PAUSE.search(through) or _finds("joining", through, rules) or _finds("predicating", between, rules)
    return not parted and _finds("binding", between, rules)


def _finds(words: str, text: str, rules: Rules) -> bool:
    return compiled(rules.words(words)).search(text) is not None


def _before(general: Sequence[_Hit], met: Sequence[_Hit]) -> list[_Hit]:
    """The general criteria of which the words speak first: ``regulations …, and an authority …``."""
    first = min(hit.at[0] for hit in met)
    return [hit for hit in general if hit.weight > 1 and hit.at[1] <= first]


def _closest(hits: Sequence[_Hit], said: Said) -> list[_Hit]:
    """The one hit closest to the words that name the thing; verbs denied one by one share the object behind them."""
    start, end = said.focus
    ahead = said.polarity == "deficiency"
    return sorted(hits, key=lambda hit: (ahead and hit.at[0] < start, max(start - hit.at[1], hit.at[0] - end)))[:1]


def _kept(hits: Sequence[_Hit]) -> list[_Hit]:
    """Each criterion once, without those that yield to another."""
    met: dict[str, _Hit] = {}
    for hit in sorted(hits, key=lambda hit: (hit.criterion.body, -hit.weight)):
        met.setdefault(hit.criterion.key, hit)
    kept = [hit for hit in met.values() if not _gives_way(hit, met)]
    return sorted(kept, key=lambda hit: (hit.at, hit.criterion.key))


def _gives_way(hit: _Hit, met: Mapping[str, _Hit]) -> bool:
    """Whether a hit is another criterion's: one to which it yields, or one that it shares its words with."""
    shared = (met[key] for key in hit.criterion.shares & met.keys())
    return bool(hit.criterion.yields & met.keys()) or any(_overlap(hit.at, other.at) for other in shared)


def _overlap(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _inside(said: Said) -> Sequence[Range]:
    """The words inside those that name the thing which name another: ``offers treatment without standards``."""
    start, end = said.focus
    return [other for other in said.others if start < other[0] and other[1] <= end]


def _within(said: Said, part: Range, others: Sequence[Range] = ()) -> list[Token]:
    """The words of a part, without those that name another thing."""
    return [
        word
        for word in said.words
        if part[0] <= word.start < part[1] and not any(first <= word.start < last for first, last in others)
    ]


def _met(criteria: Iterable[_Criterion], words: Sequence[Token], names: bool = False) -> list[_Hit]:
    """Each criterion one of whose cues is met, at the words of its longest cue; words of names where they count."""
    plain = [word for word in words if not word.named]
    found = []
    for criterion in criteria:
        weight, at = longest(criterion.cues, words if names or criterion.names else plain)
        if weight:
            found.append(_Hit(criterion, at, weight))
    return found


def _takes_up(said: Said, rules: Rules) -> Range | None:
    """The word by which a clause takes up what stands before it."""
    match = compiled(rules.words("taken_up")).search(said.text, *said.clause)
    return None if match is None else match.span()


# Outcome


def _outcome(said: Said, criterion: _Criterion | None, at: Range, rules: Rules) -> Outcome:
    """How it comes out: by polarity, or in part where the clause limits itself near the words that decide."""
    whole: Outcome = "met" if said.polarity == "achievement" else "not_met"
    limits = (*rules.words(f"partly_{whole}"), *_own_limits(criterion, whole, rules))
    near = (max(said.clause[0], at[0] - NEAR), min(said.clause[1], at[1] + NEAR))
    matches = compiled(limits).finditer(said.text, *near)
    own = (match for match in matches if not any(_overlap(match.span(), other) for other in said.others))
    return "partly" if said.limited or any(own) else whole


def _own_limits(criterion: _Criterion | None, whole: Outcome, rules: Rules) -> Sequence[str]:
    """What limits this criterion besides: its own words where it is met, where it is not what is left out of it."""
    if whole == "met":
        return criterion.partly if criterion else ()
    return () if criterion and criterion.undivided else rules.words("left_out")


# The rules as look-ups


@lru_cache(maxsize=8)
def _book(rules: Rules) -> _Book:
    book = _Book()
    for cue in rules.of("criterion"):
        number = int(cue.value.partition("/")[0])
        book.criteria[number] = (*book.criteria.get(number, ()), _criterion(cue, rules.language))
    for cue in rules.of("about"):
        book.about[int(cue.value)] = _About(slots(cue, rules.language), frozenset(cue.marks.get("covers", ())))
    return book


def _criterion(cue: Cue, language: str) -> _Criterion:
    return _Criterion(
        cue.value,
        cue.id,
        slots(cue, language),
        general=bool(cue.marks.get("general")),
        wide="reach" in cue.marks,
        said=cue.marks.get("reach") == "verb",
        acted=bool(cue.marks.get("acted")),
        body=bool(cue.marks.get("body")),
        firm=bool(cue.marks.get("firm")),
        names=bool(cue.marks.get("names")),
        yields=frozenset(cue.marks.get("yields", ())),
        shares=frozenset(cue.marks.get("shares", ())),
        beside=frozenset(cue.marks.get("beside", ())),
        partly=tuple(cue.marks.get("partly", ())),
        undivided=bool(cue.marks.get("undivided")),
    )

"""Which criteria the words of a finding meet by their cues: in the words that name the thing, in its clause, elsewhere.

What is nearest decides. What a preposition binds to a thing is no other thing; who merely acts is not what is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mem_graph.model import Polarity, Where
from mem_graph.reading.coding.asked import Book, Criterion
from mem_graph.reading.coding.cues import Range, Token, longest
from mem_graph.reading.rules import Rules, compiled

FAR = 2
"""How far cues are that stand in another clause of the sentence."""

PAUSE = re.compile("[,;:()]")
"""Signs that part what stands before them from what stands behind."""


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
class Hit:
    """A cue met: of which criterion, at which words, with how many words."""

    criterion: Criterion
    at: Range
    weight: int


def nearest(said: Said, numbers: Iterable[int], book: Book, rules: Rules) -> tuple[int, list[Hit]]:
    """The cues met in the nearest part that has any of any recommendation; of two at the same words the first.

    Where two ask the same of different matters, both are met: ``chemicals and medicines are regulated``.
    """
    found = [part for number in numbers if (part := _hits(said, _open(said, number, book), rules))[1]]
    least = min((distance for distance, _ in found), default=0)
    kept: list[Hit] = []
    for hits in (hits for distance, hits in found if distance == least):
        kept += [hit for hit in hits if not any(_taken(hit, other) for other in kept)]
    said_of = [hit for hit in kept if not hit.criterion.body or overlap(hit.at, said.focus)]
    return least, sorted(said_of or kept, key=lambda hit: (hit.at, hit.criterion.key))


def _open(said: Said, number: int, book: Book) -> Sequence[Criterion]:
    """The criteria of a recommendation that a finding may speak of, by who acts in it."""
    return [one for one in book.criteria[number] if said.acted or not one.acted]


def _taken(hit: Hit, other: Hit) -> bool:
    """Whether the words of a hit are those of another recommendation, which does not ask the same of another matter."""
    number, first = (one.criterion.key.partition("/")[0] for one in (hit, other))
    return number != first and hit.criterion.key not in other.criterion.beside and overlap(hit.at, other.at)


def _hits(said: Said, criteria: Sequence[Criterion], rules: Rules) -> tuple[int, list[Hit]]:
    """The cues of one recommendation met in the nearest part that has any, and how far that part is.

    Narrow criteria go before general ones; wide ones stand beside them, but where alternatives are denied: of these
    only what the verb says of each (*neither the crops nor the projects were evaluated*). In the conclusions, which are
    short, what is said and of what it is said count alike.
    """
    narrow = [criterion for criterion in criteria if not (criterion.general or criterion.wide)]
    general = [criterion for criterion in criteria if criterion.general]
    wide = [criterion for criterion in criteria if criterion.wide]
    own, clause = within(said, said.focus, _inside(said)), within(said, said.clause, said.others)
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
    return FAR, _closest(_kept(_met(criteria, within(said, (0, len(said.text))), names=True)), said)


def _up_to(words: Sequence[Token], end: int) -> list[Token]:
    """The words that begin before a place."""
    return [word for word in words if word.start < end]


def _leading(met: Sequence[Hit], said: Said, rules: Rules) -> list[Hit]:
    """The hits without those that a preposition makes part of another: ``follow-up after treatment``."""
    heads = [hit for hit in met if not hit.criterion.wide]
    return [hit for hit in met if hit.criterion.wide or not any(_bound(hit, head, said.text, rules) for head in heads)]


def _bound(hit: Hit, head: Hit, text: str, rules: Rules) -> bool:
    """Whether a preposition binds a hit to one before it, and nothing between them begins another member of a list."""
    between = text[head.at[1] : hit.at[0]] if head.at[1] <= hit.at[0] else ""
    through = text[head.at[1] : hit.at[1]]
    parted = PAUSE.search(through) or _finds("joining", through, rules) or _finds("predicating", between, rules)
    return not parted and _finds("binding", between, rules)


def _finds(words: str, text: str, rules: Rules) -> bool:
    return compiled(rules.words(words)).search(text) is not None


def _before(general: Sequence[Hit], met: Sequence[Hit]) -> list[Hit]:
    """The general criteria of which the words speak first: ``regulations …, and an authority …``."""
    first = min(hit.at[0] for hit in met)
    return [hit for hit in general if hit.weight > 1 and hit.at[1] <= first]


def _closest(hits: Sequence[Hit], said: Said) -> list[Hit]:
    """The one hit closest to the words that name the thing; verbs denied one by one share the object behind them."""
    start, end = said.focus
    ahead = said.polarity == "deficiency"
    return sorted(hits, key=lambda hit: (ahead and hit.at[0] < start, max(start - hit.at[1], hit.at[0] - end)))[:1]


def _kept(hits: Sequence[Hit]) -> list[Hit]:
    """Each criterion once, without those that yield to another."""
    met: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda hit: (hit.criterion.body, -hit.weight)):
        met.setdefault(hit.criterion.key, hit)
    kept = [hit for hit in met.values() if not _gives_way(hit, met)]
    return sorted(kept, key=lambda hit: (hit.at, hit.criterion.key))


def _gives_way(hit: Hit, met: Mapping[str, Hit]) -> bool:
    """Whether a hit is another criterion's: one to which it yields, or one that it shares its words with."""
    shared = (met[key] for key in hit.criterion.shares & met.keys())
    return bool(hit.criterion.yields & met.keys()) or any(overlap(hit.at, other.at) for other in shared)


def overlap(one: Range, other: Range) -> bool:
    """Whether two stretches share a character."""
    return one[0] < other[1] and other[0] < one[1]


def _inside(said: Said) -> Sequence[Range]:
    """The words inside those that name the thing which name another: ``offers treatment without standards``."""
    start, end = said.focus
    return [other for other in said.others if start < other[0] and other[1] <= end]


def within(said: Said, part: Range, others: Sequence[Range] = ()) -> list[Token]:
    """The words of a part, without those that name another thing."""
    return [
        word
        for word in said.words
        if part[0] <= word.start < part[1] and not any(first <= word.start < last for first, last in others)
    ]


def _met(criteria: Iterable[Criterion], words: Sequence[Token], names: bool = False) -> list[Hit]:
    """Each criterion one of whose cues is met, at the words of its longest cue; words of names where they count."""
    plain = [word for word in words if not word.named]
    found = []
    for criterion in criteria:
        weight, at = longest(criterion.cues, words if names or criterion.names else plain)
        if weight:
            found.append(Hit(criterion, at, weight))
    return found

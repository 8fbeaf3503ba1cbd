"""What recommendations ask for, as ``criteria.toml`` has it: criteria with their cues, and words that name each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache, partial

from mem_graph.reading.coding import cues
from mem_graph.reading.coding.cues import Slot
from mem_graph.reading.coding.spellings import others
from mem_graph.reading.rules import Cue, Rules


@dataclass(frozen=True, slots=True)
class Criterion:
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
class About:
    """The cues of a recommendation, and those that are parts of what it names where a long cue of it is met."""

    cues: tuple[tuple[Slot, ...], ...]
    covers: frozenset[int] = frozenset()
    beside: frozenset[int] = frozenset()
    """What asks alike of another matter, so that the same words may be about both."""


@dataclass(frozen=True, slots=True)
class Book:
    """The criteria of each recommendation, and the cues by which a sentence of the conclusions speaks of it."""

    criteria: dict[int, tuple[Criterion, ...]] = field(default_factory=dict)
    about: dict[int, About] = field(default_factory=dict)


@lru_cache(maxsize=8)
def book(rules: Rules) -> Book:
    """The criteria of one language.

    In: its rules. Out: what each recommendation asks for.
    """
    found = Book()
    for cue in rules.of("criterion"):
        number = int(cue.value.partition("/")[0])
        found.criteria[number] = (*found.criteria.get(number, ()), _criterion(cue, rules))
    for cue in rules.of("about"):
        found.about[int(cue.value)] = About(
            _slots(cue, rules), frozenset(cue.marks.get("covers", ())), frozenset(cue.marks.get("beside", ()))
        )
    return found


def _slots(cue: Cue, rules: Rules) -> tuple[tuple[Slot, ...], ...]:
    return cues.slots(cue, rules.language, partial(others, rules=rules))


def _criterion(cue: Cue, rules: Rules) -> Criterion:
    return Criterion(
        cue.value,
        cue.id,
        _slots(cue, rules),
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

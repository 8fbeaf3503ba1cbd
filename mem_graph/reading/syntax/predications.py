"""What one clause says of whom: the shape in which the grammar of each language hands on what it understood.

A predication may be silent: a count of zero, or a predicate that no rule knows. Its words still bound what names and
numbers in them belong to.
"""

from __future__ import annotations

from dataclasses import dataclass

from mem_graph.model import Modality, Polarity, Sureness
from mem_graph.reading.entities.names import Named
from mem_graph.reading.rules import Rules, compiled

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Predication:
    """One clause of a sentence, in parts of its view."""

    extent: Range
    foci: tuple[Range, ...]
    """The words that name each thing asserted or denied; none where it is silent."""
    denies: bool
    modality: Modality
    rule: str
    verb: int
    """Where the words behind the verb group begin."""
    actors: tuple[Named, ...] = ()
    shared: bool = False
    """Whether it has the subject of the clause before it."""
    sureness: Sureness = "rule"

    @property
    def polarity(self) -> Polarity:
        return "deficiency" if self.denies else "achievement"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence understood: its predications from left to right, and the pronouns that stand for bodies."""

    predications: tuple[Predication, ...]
    pronouns: tuple[Named, ...] = ()


def exception(text: str, extent: Range, rules: Rules) -> Range | None:
    """The words that take something out of what is asserted: ``with some exceptions for domestic users``."""
    match = compiled(rules.words("exceptions")).search(text, *extent)
    return None if match is None else trim(text, *match.span())


def trim(text: str, start: int, end: int) -> Range:
    """A part of the view without blanks and signs at its ends."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip(" ,;:")), end - len(words) + len(words.rstrip(" ,;:."))

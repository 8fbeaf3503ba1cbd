"""The finite verb group of an English sentence as a record, and how the clause it makes is marked."""

from __future__ import annotations

from dataclasses import dataclass, field

from mem_graph.reading.rules import Cue

DOUBLED = "doubled"
"""Marks a group whose verb denies and is denied: ``does not lack``."""
PUT_FIRST = "put first"
"""Marks a group that stands before that of which it is said: ``Missing are …``."""
ABSOLUTE = "absolute"
"""Marks a participle that says something of its own: ``…, having no budget``."""


@dataclass(frozen=True, slots=True)
class Group:
    """A finite verb group: its words, its verb, its number, and how it denies, if it does."""

    start: int
    end: int
    cue: Cue | None
    form: str
    number: str = "any"
    """sg, pl or any."""
    denial: str | None = None
    passive: bool = False
    inverted: int | None = None
    """Where the subject begins when it stands inside the group (``nor does it have``)."""
    marks: frozenset[str] = field(default_factory=frozenset)


def finish(at: int, found: tuple[int, Cue, str], number: str, denial: str | None, passive: bool = False) -> Group:
    """The group of a verb.

    Verbs such as *lack* and *fail to* deny by themselves, and *lack* twice denied does not.
    """
    end, cue, form = found
    if cue.kind != "lacking":
        return Group(at, end, cue, form, number, denial, passive)
    marks = frozenset({DOUBLED} if denial else ())
    return Group(at, end, cue, form, number, None if denial else cue.id, passive, marks=marks)

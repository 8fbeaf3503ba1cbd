"""Pictures as figures for templates: a hierarchy as boxes and lines, a series as bars; each has a text beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

STEP, INDENT, BOX = 44, 36, 32
"""Pixels from box to box, of each level of a hierarchy, and of a box's height."""

LETTER = 7.2
"""Pixels that a letter takes, on average."""


@dataclass(frozen=True, slots=True)
class Box:
    """A thing in a hierarchy: its IRI and name, its place, and the height of the middle of what it is part of."""

    iri: str
    name: str
    x: int
    y: int
    width: int
    above: int | None


@dataclass(frozen=True, slots=True)
class Tree:
    """The boxes of a hierarchy from top to bottom, with the size of the whole."""

    boxes: tuple[Box, ...]
    width: int
    height: int


def tree(pairs: Iterable[tuple[str, str]], names: Mapping[str, str]) -> Tree:
    """A hierarchy of (part, whole), each part below its whole.

    >>> [(box.iri, box.x, box.y, box.above) for box in tree([("b", "a"), ("c", "b")], {}).boxes]
    [('a', 0, 0, None), ('b', 36, 44, 16), ('c', 72, 88, 60)]
    """
    parts: dict[str, list[str]] = {}
    for part, whole in dict.fromkeys(pairs):
        parts.setdefault(whole, []).append(part)
    below = {part for own in parts.values() for part in own}
    boxes: list[Box] = []

    def put(iri: str, depth: int, above: int | None) -> None:
        name = names.get(iri, iri)
        y = len(boxes) * STEP
        boxes.append(Box(iri, name, depth * INDENT, y, round(len(name) * LETTER) + 24, above))
        for part in sorted(parts.get(iri, []), key=lambda each: names.get(each, each)):
            if all(box.iri != part for box in boxes):
                put(part, depth + 1, y + BOX // 2)

    for top in sorted(set(parts) - below):
        put(top, 0, None)
    return Tree(tuple(boxes), max((box.x + box.width for box in boxes), default=0) + 4, len(boxes) * STEP)


@dataclass(frozen=True, slots=True)
class Bar:
    """A value of a series: what it is of, the value, and the part of the greatest one, in hundredths."""

    label: str
    value: float
    share: float


def bars(values: Sequence[tuple[str, float]]) -> tuple[Bar, ...]:
    """A series of values as bars.

    >>> bars([("2011", 5.0), ("2012", 10.0)])
    (Bar(label='2011', value=5.0, share=50.0), Bar(label='2012', value=10.0, share=100.0))
    """
    greatest = max((value for _, value in values), default=0) or 1
    return tuple(Bar(label, value, round(100 * value / greatest, 2)) for label, value in values)

"""Pictures as figures for templates: a hierarchy as boxes and lines, what is around a class, a series as bars.

A picture is measured here and drawn by a template; each has a text beside it that says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

INDENT, GAP = 28, 12
"""Pixels by which each level of a hierarchy stands further right, and between one box and the next."""

LINE, PADDING = 17, 12
"""Pixels of a line of text, and between text and the edge of its box."""

LETTER = 7.2
"""Pixels that a letter takes, on average."""

LETTERS = 32
"""Letters of a line; longer names go on over several."""

EDGE = 170
"""Pixels between a class and those around it: room for the names of properties."""

MOST = 9
"""Classes on each side of a picture; a table beside it has all."""


@dataclass(frozen=True, slots=True)
class Box:
    """A named thing: its IRI, its name in lines, its place and size, and the middle of what it is part of, if any."""

    iri: str
    lines: tuple[str, ...]
    x: int
    y: int
    above: int | None = None

    @property
    def width(self) -> int:
        """As wide as the longest line."""
        return _width(self.lines)

    @property
    def height(self) -> int:
        """As high as the lines."""
        return len(self.lines) * LINE + PADDING

    @property
    def middle(self) -> int:
        """Where lines lead to it."""
        return self.y + self.height // 2


def _width(lines: Iterable[str]) -> int:
    return round(max(map(len, lines), default=0) * LETTER) + 2 * PADDING


def _lines(name: str) -> tuple[str, ...]:
    return tuple(wrap(name, LETTERS)) or (name,)


@dataclass(frozen=True, slots=True)
class Tree:
    """The boxes of a hierarchy from top to bottom, with the size of the whole."""

    boxes: tuple[Box, ...]
    width: int
    height: int


def tree(pairs: Iterable[tuple[str, str]], names: Mapping[str, str]) -> Tree:
    """A hierarchy of (part, whole), each part below its whole.

    >>> [(box.iri, box.x, box.y, box.above) for box in tree([("b", "a"), ("c", "b")], {}).boxes]
    [('a', 0, 0, None), ('b', 28, 41, 14), ('c', 56, 82, 55)]
    """
    parts: dict[str, list[str]] = {}
    for part, whole in dict.fromkeys(pairs):
        parts.setdefault(whole, []).append(part)
    below = {part for own in parts.values() for part in own}
    boxes: list[Box] = []

    def put(iri: str, depth: int, above: int | None) -> None:
        y = boxes[-1].y + boxes[-1].height + GAP if boxes else 0
        box = Box(iri, _lines(names.get(iri, iri)), depth * INDENT, y, above)
        boxes.append(box)
        for part in sorted(parts.get(iri, []), key=lambda each: names.get(each, each)):
            if all(other.iri != part for other in boxes):
                put(part, depth + 1, box.middle)

    for top in sorted(set(parts) - below):
        put(top, 0, None)
    height = boxes[-1].y + boxes[-1].height if boxes else 0
    return Tree(tuple(boxes), max((box.x + box.width for box in boxes), default=0), height)


@dataclass(frozen=True, slots=True)
class Around:
    """A class in the middle, those that lead to it on the left, those to which it leads on the right.

    Each of the others stands with the names of the properties, one under the other.
    """

    centre: Box
    left: tuple[tuple[Box, tuple[str, ...]], ...]
    right: tuple[tuple[Box, tuple[str, ...]], ...]
    width: int
    height: int


Neighbours = Mapping[str, Sequence[str]]


def around(iri: str, left: Neighbours, right: Neighbours, names: Mapping[str, str]) -> Around:
    """A picture of a class; in: for each class on either side the names of the properties that join them.

    >>> picture = around("b", {"a": ["knows"]}, {"c": ["has", "makes"]}, {})
    >>> [(box.iri, box.x, box.y, labels) for box, labels in (*picture.left, *picture.right)]
    [('a', 0, 2, ('knows',)), ('c', 402, 19, ('has', 'makes'))]
    """
    sides = [
        [(_lines(names.get(each, each)), each, own) for each, own in dict(side).items()][:MOST]
        for side in (left, right)
    ]
    widths = [max((_width(lines) for lines, _, _ in side), default=-EDGE) for side in sides]
    middle = _lines(names.get(iri, iri))
    starts = 0, widths[0] + EDGE, widths[0] + 2 * EDGE + _width(middle)
    placed = [_column(side, x) for side, x in zip(sides, (starts[0], starts[2]), strict=True)]
    height = max((end for _, end in placed), default=0) or len(middle) * LINE + PADDING
    centre = Box(iri, middle, starts[1], (height - len(middle) * LINE - PADDING) // 2)
    width = starts[2] + widths[1] if sides[1] else starts[1] + centre.width
    return Around(centre, placed[0][0], placed[1][0], width, height)


def _column(
    side: Iterable[tuple[tuple[str, ...], str, Sequence[str]]], x: int
) -> tuple[tuple[tuple[Box, tuple[str, ...]], ...], int]:
    """Boxes one under the other, each with room for its labels; and where the last one ends."""
    found, y = list[tuple[Box, tuple[str, ...]]](), 0
    for lines, iri, labels in side:
        height = len(lines) * LINE + PADDING
        room = max(height, len(labels) * LINE + height // 2)
        found.append((Box(iri, lines, x, y + room - height), tuple(labels)))
        y += room + GAP
    return tuple(found), max(y - GAP, 0)


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

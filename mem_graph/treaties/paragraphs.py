"""Which statements touch an article: by the path of the paragraph, within one treaty.

A path is the numbers of article, paragraph and so on, with dots: ``3.1.a.ii``. One touches another where one of them
lies in the other: a reservation to 3(1)(a)(ii) touches article 3, one to article 3 touches 3(1), one to 32 touches
neither.

>>> touches("3.1.a.ii", "3"), touches("32.2", "3")
(True, False)
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mem_graph.treaties.record import Statement

RESERVING = ("reservation",)
"""The kinds of statement that can exclude or change the effect of a provision (VCLT 2(1)(d))."""


ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def article(printed: str) -> str:
    """The number of an article in Arabic digits, as the tables have it, however it is printed.

    >>> article("XIV"), article("9"), article("8a")
    ('14', '9', '8a')
    """
    values = [ROMAN.get(letter, 0) for letter in printed]
    if not all(values):
        return printed
    return str(sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True)))


def path(printed: str) -> str:
    """The path of a paragraph as reports print it: ``3(1)(a)(ii)`` or ``3.1`` gives ``3.1.a.ii``, ``3.1``."""
    return ".".join(re.findall(r"[0-9A-Za-z]+", printed))


def touches(one: str, other: str) -> bool:
    """Whether one path lies in the other; an empty path is nowhere."""
    first, second = one.split("."), other.split(".")
    shorter = min(len(first), len(second))
    return bool(one and other) and first[:shorter] == second[:shorter]


def touching(statements: Iterable[Statement], treaty: str, article: str) -> tuple[Statement, ...]:
    """The reservations among these statements that touch a cited article of this treaty.

    Nothing stronger follows: whether the reservation still stands, and what it changes, is for a reader to judge. One
    that is known to be withdrawn is still told, with the day.
    """
    return tuple(
        each
        for each in statements
        if each.treaty == treaty and each.kind in RESERVING and any(touches(at, path(article)) for at in each.paths)
    )

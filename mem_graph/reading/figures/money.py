"""Sums of money: their currency, what they are in, and what they are the worth of."""

from __future__ import annotations

import re
from functools import lru_cache

from mem_graph.reading.figures.counted import counted_nouns, is_counted
from mem_graph.reading.figures.numbers import YEAR, numbers_in
from mem_graph.reading.figures.subjects import subject_in, subjects_in
from mem_graph.reading.rules import Rules, compiled


def money_in(before: str, behind: str, rules: Rules) -> tuple[str, int, int] | None:
    """The currency of a number, by its sign before (and how long that is) or its word behind (and where that ends)."""
    for cue in rules.of("currency"):
        signs = "|".join(map(re.escape, sorted(cue.marks.get("signs", ()), key=len, reverse=True)))
        sign = re.search(rf"(?<![\w$])(?:{signs})\s?$", before) if signs else None
        if sign is not None:
            return cue.value, len(sign[0]), 0
        named = re.match(rf"\s(?:de )?(?:{'|'.join(cue.words)})(?!\w)", behind, re.IGNORECASE)
        if named is not None:
            return cue.value, 0, named.end()
    return None


def paid_in(behind: str, start: int, rules: Rules) -> tuple[str | None, int]:
    """What a sum of money is in or of, right behind it: ``in cash``, ``in assets``; and where that ends."""
    joined = re.compile(rf"\s(?:{'|'.join(rules.words('money_joints'))}) ").match(behind, start)
    subject, end = subject_in(behind[joined.end() :], rules) if joined else (None, 0)
    if joined is None or subject is None or behind[joined.end() : joined.end() + end].count(" ") > 2:
        return None, start
    return subject, joined.end() + end


@lru_cache(maxsize=8)
def currencies(rules: Rules) -> frozenset[str]:
    """The codes of all currencies."""
    return frozenset(cue.value for cue in rules.of("currency"))


def is_price(text: str, at: int, unit: str | None, rules: Rules) -> bool:
    """Whether a sum at some place is that for which things were sold: ``sold 61 vehicles for J$19.4 million``."""
    if unit not in currencies(rules):
        return False
    prices, about = ("|".join(rules.words(key)) or "(?!)" for key in ("prices", "about"))
    priced = re.search(rf"(?<!\w)(?:{prices})(?: (?:{about}))? $", text[:at], re.IGNORECASE)
    return priced is not None


def worth_in(before: str, rules: Rules) -> str | None:
    """What a sum of money is the worth of: ``property worth TT$1,250,000``; nothing, where it is that of several."""
    worth, prices, about = ("|".join(rules.words(key)) or "(?!)" for key in ("worth", "prices", "about"))
    match = re.search(
        rf"(?P<of>(?:[^,;.]*(?<!\w))?(?:{prices})|[^,;.]*?(?=,? (?:{worth})))(?:,? (?:{worth}))?(?: (?:{about}))?\s*$",
        before,
        re.IGNORECASE,
    )
    if match is None:
        return None
    ahead = numbers_in(before, 0, match.end("of"), rules)
    numbers = [one for one in ahead if not YEAR.fullmatch(one[0])]
    named = subjects_in(match["of"], rules)
    named += [
        (counted[0], *noun.span())
        for noun in compiled((counted_nouns(rules),)).finditer(match["of"])
        if (counted := is_counted(f" {noun[0]}", rules)) is not None
    ]
    named = [one for one in named if one[0] not in rules.words("occasions")] or named
    return max(named, key=lambda one: one[2])[0] if named and len(numbers) < 2 else None

"""Numbers as they are printed: digits with the signs of the language, words, and words of scale (*million*).

What parts thousands and decimals is data (``number_signs`` in ``data/rules/*/quantities.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from mem_graph.reading.rules import Rules

YEAR = re.compile(r"(?<![\d,.])(?:19|20)\d\d(?![\d,]*\d)")


@lru_cache(maxsize=8)
def digits(rules: Rules) -> str:
    """A number in digits, with signs between thousands and before decimals, as an expression."""
    thousands, decimal = map(re.escape, _signs(rules))
    other = rf"|\d{{1,3}}(?:{decimal}\d{{3}})+{thousands}\d+|\d{{1,3}}(?:{decimal}\d{{3}}){{2,}}"
    return rf"\d{{1,3}}(?:{thousands}\d{{3}})+(?:{decimal}\d+)?{other}|\d+(?:{decimal}\d+)?"


def _signs(rules: Rules) -> tuple[str, str]:
    """What stands between thousands, and before decimals."""
    thousands, decimal = rules.words("number_signs")
    return thousands, decimal


@lru_cache(maxsize=8)
def words(rules: Rules) -> re.Pattern[str]:
    """Numbers in digits and in words, with a word of scale behind them."""
    spelled = "|".join(sorted(_spelled(rules), key=len, reverse=True))
    scales = "|".join(line.split()[0] for line in rules.words("scales"))
    return re.compile(rf"(?<![\w.,-])(?:{digits(rules)}|{spelled})(?:\s(?:{scales})(?!\w))?(?![\w-])", re.IGNORECASE)


def numbers_in(text: str, start: int, end: int, rules: Rules) -> Iterator[re.Match[str]]:
    """Every number of a stretch of text."""
    return words(rules).finditer(text, start, end)


def value_of(printed: str, rules: Rules) -> str:
    """Canonical decimal text of a number as printed: ``10,290`` is ``10290``, ``412,3 millones`` is ``412300000``."""
    number, _, scale = " ".join(printed.casefold().split()).partition(" ")
    factor = next((int(line.split()[1]) for line in rules.words("scales") if re.fullmatch(line.split()[0], scale)), 1)
    names = _spelled(rules)
    plain = str(names[number]) if number in names else _plain(number, rules)
    value = Decimal(plain) * factor
    return format(value.normalize() if value != value.to_integral_value() else value.to_integral_value(), "f")


@lru_cache(maxsize=8)
def _spelled(rules: Rules) -> dict[str, int]:
    """Numbers in words, with other words for some of them (``una``)."""
    variants = (line.split() for line in rules.words("number_variants"))
    return {word: at for at, word in enumerate(rules.words("numbers"))} | {word: int(at) for word, at in variants}


def _plain(number: str, rules: Rules) -> str:
    """Digits with a point before decimals. A report may use the signs of the other language, where that is plain."""
    thousands, decimal = _signs(rules)
    last = max(number.rfind(thousands), number.rfind(decimal))
    swapped = number.count(decimal) > 1 or (
        thousands in number and number.rfind(thousands) > number.rfind(decimal) > -1
    )
    if swapped and last >= 0:
        thousands, decimal = decimal, thousands
    return number.replace(thousands, "").replace(decimal, ".")

"""Numbers as they are printed: digits with the signs of the language, words, and words of scale (*million*).

What parts thousands and decimals, and what words are numbers, is data (``data/rules/*/quantities.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from mem_graph.reading.rules import Rules

YEAR = re.compile(r"(?<![\d,.])(?:19|20)\d\d(?![\d,]*\d)")


@lru_cache(maxsize=8)
def digits(rules: Rules) -> str:
    """A number in digits, with signs or blanks between thousands and before decimals, as an expression."""
    thousands, decimal = map(re.escape, _signs(rules))
    other = rf"|\d{{1,3}}(?:{decimal}\d{{3}})+{thousands}\d+|\d{{1,3}}(?:{decimal}\d{{3}}){{2,}}"
    blank = rf"|\d{{1,3}}(?: \d{{3}})+(?!\d)(?:{decimal}\d+)?"
    short = rf"|\d+{thousands}\d{{1,2}}(?![\d.,]*\d)" if _are_open(rules) else ""
    return rf"\d{{1,3}}(?:{thousands}\d{{3}})+(?:{decimal}\d+)?{other}{blank}{short}|\d+(?:{decimal}\d+)?"


def in_signs_of(text: str, rules: Rules) -> Rules:
    """The rules with the signs that a report uses: those of the other language where only these are plain in its text.

    ``1,234.5`` and ``1,234,567`` are plain, ``1,234`` is not. Where a language is printed with both, ``12.7`` is plain,
    too, if no number shows more.
    """
    thousands, decimal = map(re.escape, _signs(rules))
    ways = ((thousands, decimal), (decimal, thousands))
    own, other = (_plain_uses(text, *signs) for signs in ways)
    if _are_open(rules) and not own and not other:
        own, other = (_short_decimals(text, sign) for _, sign in ways)
    if other and not own:
        return _settled(rules, swapped=True)
    return _settled(rules) if own and _are_open(rules) else rules


def _plain_uses(text: str, thousands: str, decimal: str) -> int:
    """How many numbers of a text show what these signs stand for."""
    grouped = rf"\d{{1,3}}(?:{thousands}\d{{3}})+(?:{decimal}\d+|{thousands}\d{{3}})"
    return len(re.findall(rf"(?<![\d.,]){grouped}(?![\d]|[.,]\d)", text))


def _short_decimals(text: str, decimal: str) -> int:
    """How many numbers of a text have one or two digits behind a sign, which no thousands have."""
    return len(re.findall(rf"(?<![\d.,])\d+{decimal}\d{{1,2}}(?![\d]|[.,]\d)", text))


def _are_open(rules: Rules) -> bool:
    """Whether the countries of a language differ in their signs, and no report has shown which it uses."""
    return bool(rules.words("signs_differ"))


@lru_cache(maxsize=8)
def _settled(rules: Rules, swapped: bool = False) -> Rules:
    """The rules with the signs that a report was seen to use."""
    signs = _signs(rules)
    return replace(rules, lists={**rules.lists, "number_signs": signs[::-1] if swapped else signs, "signs_differ": ()})


def _signs(rules: Rules) -> tuple[str, str]:
    """What stands between thousands, and before decimals."""
    thousands, decimal = rules.words("number_signs")
    return thousands, decimal


@lru_cache(maxsize=8)
def words(rules: Rules) -> re.Pattern[str]:
    """Numbers in digits and in words, with a word of scale behind them; a sign of money may stand right before them."""
    scales = "|".join(line.split()[0] for line in rules.words("scales"))
    signs = {sign for cue in rules.of("currency") for sign in cue.marks.get("signs", ())}
    behind_sign = "".join(rf"|(?<={re.escape(sign)})" for sign in sorted(signs))
    start = rf"(?:(?<![\w.,–-]){behind_sign})"
    half = rf"(?:\s(?:{'|'.join(rules.words('halves'))})(?!\w))?"
    scale = rf"(?:\s(?:{scales})(?!\w))?"
    number = rf"(?:{digits(rules)}|{spelled(rules)}){half}{scale}{half}"
    return re.compile(rf"{start}{number}(?!\w|[–-]\w)", re.IGNORECASE)


@lru_cache(maxsize=8)
def spelled(rules: Rules) -> str:
    """A number in words, as an expression: ``three hundred and twelve``, ``treinta y cinco``, ``doce mil``."""
    one = "|".join(sorted(_numerals(rules), key=len, reverse=True))
    articles, many = "|".join(rules.words("number_articles")), "|".join(rules.words("number_multipliers"))
    joints = (line.split() for line in rules.words("number_joints"))
    joined = "".join(rf"|(?<={before}) {joint} (?:{one})" for before, joint in joints)
    return rf"(?:(?:{articles}) (?:{many})|{one})(?!\w)(?:(?:[ -](?:{one}){joined})(?!\w))*"


def numbers_in(text: str, start: int, end: int, rules: Rules) -> Iterator[re.Match[str]]:
    """Every number of a stretch of text."""
    return words(rules).finditer(text, start, end)


def value_of(printed: str, rules: Rules) -> str:
    """Canonical decimal text of a number as printed: ``10,290`` is ``10290``, ``412,3 millones`` is ``412300000``."""
    words, halved = _halved(" ".join(printed.casefold().split()), rules)
    number, factor = (words, 1) if words in _numerals(rules) else _scaled(words, rules)
    number, inside = _halved(number, rules)
    plain = _plain(number, rules) if number[:1].isdigit() else str(_sum(number, rules))
    value = (Decimal(plain) + inside + halved) * factor
    return format(value.normalize() if value != value.to_integral_value() else value.to_integral_value(), "f")


def _scaled(printed: str, rules: Rules) -> tuple[str, int]:
    """A number without its word of scale, and by how much that multiplies."""
    for line in rules.words("scales"):
        scale, factor = line.rsplit(" ", 1)
        found = re.fullmatch(rf"(?P<number>.+?) (?:{scale})", printed)
        if found is not None:
            return found["number"], int(factor)
    return printed, 1


def _halved(printed: str, rules: Rules) -> tuple[str, Decimal]:
    """A number without the half behind it, and that half: ``four and a half``, ``un millón y medio``."""
    found = re.fullmatch(rf"(?P<number>.+?) (?:{'|'.join(rules.words('halves'))})", printed)
    return (found["number"], Decimal("0.5")) if found else (printed, Decimal(0))


def _sum(printed: str, rules: Rules) -> int:
    """The value of a number in words: a multiplier multiplies the smaller number before it, the rest is added."""
    known, multipliers = _numerals(rules), rules.words("number_multipliers")
    if printed in known:
        return known[printed]
    total = group = 0
    for word in re.findall(r"[^\W\d_]+", printed):
        value = known.get(word, 0)
        group = group * value if word in multipliers and 0 < group < value else group + value
        if value >= 1000:
            total, group = total + group, 0
    return total + group


@lru_cache(maxsize=8)
def _numerals(rules: Rules) -> dict[str, int]:
    """Numbers in words, with other words for some of them (``una``)."""
    variants = (line.rsplit(" ", 1) for line in rules.words("number_variants"))
    return {word: at for at, word in enumerate(rules.words("numbers"))} | {word: int(at) for word, at in variants}


def _plain(number: str, rules: Rules) -> str:
    """Digits with a point before decimals. A report may use the signs of the other language, where that is plain.

    Where countries differ, three digits behind either sign are thousands, one or two are decimals.
    """
    thousands, decimal = _signs(rules)
    number = number.replace(" ", "")
    if _are_open(rules):
        if re.fullmatch(rf"[1-9]\d{{0,2}}{re.escape(decimal)}\d{{3}}", number):
            return number.replace(decimal, "")
        if re.fullmatch(rf"\d+{re.escape(thousands)}\d{{1,2}}", number):
            return number.replace(thousands, ".")
    last = max(number.rfind(thousands), number.rfind(decimal))
    swapped = number.count(decimal) > 1 or (
        thousands in number and number.rfind(thousands) > number.rfind(decimal) > -1
    )
    if swapped and last >= 0:
        thousands, decimal = decimal, thousands
    return number.replace(thousands, "").replace(decimal, ".")

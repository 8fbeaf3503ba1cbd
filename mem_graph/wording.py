"""What we say to people in English and Spanish: texts of a table, by their codes, with values in their places.

A `Wording` is its English text, and can be said in the other language too: it goes wherever a text goes, and nobody
who passes it on has to know of languages.

>>> told = Wording("no-date", given="soon")
>>> told
"'soon' is no date; write it as 2014-06-30"
>>> said(told, "es"), said("as it stands", "es")
("'soon' no es una fecha; escríbala como 2014-06-30", 'as it stands')
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "es")
"""The languages of words; the first one is that of who says none."""

TABLE = Path(__file__).with_name("wording.csv")

Value = str | int | float | tuple[str, ...]
"""What stands in a text: another text, a number, or several texts of which one is meant."""


class Wording(str):
    """A text of ours: in English by itself, and by its code and its values in every language."""

    code: str
    values: Mapping[str, Value]

    def __new__(cls, code: str, /, **values: Value) -> Wording:
        """In: the code, for which the table has the words; the values that they take, by name."""
        own = super().__new__(cls, _filled(code, values, LANGUAGES[0]))
        own.code, own.values = code, values
        return own

    def __reduce__(self) -> tuple[Callable[..., Wording], tuple[str, Mapping[str, Value]]]:
        """Pickle code and values, which `str` would forget."""
        return _again, (self.code, self.values)


def _again(code: str, values: Mapping[str, Value]) -> Wording:
    return Wording(code, **values)


def said(text: str, language: str) -> str:
    """A text in a language; one that is not of the table as it stands."""
    return _filled(text.code, text.values, language) if isinstance(text, Wording) else text


def quoted(text: str) -> str:
    """What an engine said in its own words, in English, within a text of ours; empty where it said nothing."""
    if not isinstance(text, Wording):
        return ""
    if text.code == "by-engine":
        return str(text.values["words"])
    return next((found for each in text.values.values() if isinstance(each, str) and (found := quoted(each))), "")


@cache
def words_in(table: Path, language: str, key: str = "key") -> Mapping[str, str]:
    """The words of a table in a language, by their keys. In: a CSV file; the column of the keys."""
    with table.open(encoding="utf-8", newline="") as lines:
        return {row[key]: row[language] for row in csv.DictReader(lines)}


def _filled(code: str, values: Mapping[str, Value], language: str) -> str:
    return words_in(TABLE, language)[code].format(**{name: _value(each, language) for name, each in values.items()})


def _value(value: Value, language: str) -> str:
    match value:
        case str():
            return said(value, language)
        case tuple():
            return _either([said(each, language) for each in value], language)
        case int():
            return f"{value:,}" if language == "en" else f"{value:,}".replace(",", "\u202f")
    return f"{value:g}"


def _either(words: list[str], language: str) -> str:
    """The words as a list for a sentence: *a, b or c*."""
    last = words_in(TABLE, language)["or"].join(words[-2:])
    return ", ".join([*words[:-2], last])

"""What is said of treaties, in English and Spanish: the words of a table, and reasons, which are codes with values.

Nothing that is decided here is a sentence: a `Reason` is said in a language only where somebody reads it.

>>> said(Reason.of("not-in-force", day=date(2005, 7, 3)), "es")
'el tratado no estaba en vigor antes del 2005-07-03'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from mem_graph.treaties.dates import Window
from mem_graph.wording import LANGUAGES, words_in

TABLE = Path(__file__).with_name("words.csv")


@dataclass(frozen=True, slots=True)
class Text:
    """Words of ours in each language, such as the note of a row."""

    en: str = ""
    es: str = ""

    def of(self, language: str) -> str:
        """The words in a language; in English where there are no others."""
        return (self.es if language == "es" else self.en) or self.en

    def __bool__(self) -> bool:
        return bool(self.en)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is said: a code, for which ``words.csv`` has the words, and the values that they take."""

    code: str
    values: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, code: str, **values: Value) -> Reason:
        """In: the code; its values by name."""
        return cls(code, tuple(values.items()))


Value = str | date | Window | Text | Reason | tuple[str, ...]
"""What words take: text, a day, a stretch of days, words in each language, another reason, kinds of acts."""


def words(language: str) -> Mapping[str, str]:
    """The words of a language by their keys."""
    return words_in(TABLE, language)


def said(value: Value, language: str = LANGUAGES[0]) -> str:
    """A reason, or one of its values, in words."""
    match value:
        case Reason():
            own = {name: said(each, language) for name, each in value.values}
            return words(language)[f"reason.{value.code}"].format(**own)
        case Window():
            return _days(value, language)
        case Text():
            return value.of(language)
        case tuple():
            return ", ".join(words(language)[f"act.{each}"] for each in value)
    return str(value)


def _days(of: Window, language: str) -> str:
    bounds = "exact" if of.exact else "between" if of.earliest and of.latest else ""
    kind = bounds or ("earliest" if of.earliest else "latest" if of.latest else "unknown")
    return words(language)[f"days.{kind}"].format(first=of.earliest, last=of.latest)


def plain(value: Value, language: str = LANGUAGES[0]) -> Any:
    """A reason, or one of its values, as plain values for JSON: a reason as its code with its values."""
    match value:
        case Reason():
            return {"code": value.code, "values": {name: plain(each, language) for name, each in value.values}}
        case Window():
            return {"earliest": _iso(value.earliest), "latest": _iso(value.latest)}
        case Text():
            return value.of(language)
        case tuple():
            return list(value)
    return str(value)


def _iso(day: date | None) -> str | None:
    return None if day is None else str(day)

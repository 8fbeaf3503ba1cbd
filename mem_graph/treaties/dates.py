"""Dates as precise as their sources, and the stretch of days in which something happened.

>>> window("1999-04")
Window(earliest=datetime.date(1999, 4, 1), latest=datetime.date(1999, 4, 30))
>>> window("1976").later(30).latest
datetime.date(1977, 1, 30)
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Window:
    """The first and the last day on which something can have happened; None where that bound is not known."""

    earliest: date | None = None
    latest: date | None = None

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.earliest is not None and self.earliest == self.latest

    def later(self, days: int) -> Window:
        """The window so many days later."""
        return Window(*(None if bound is None else bound + timedelta(days) for bound in (self.earliest, self.latest)))

    def not_before(self, other: Window) -> Window:
        """The later of two things: a bound is known where both are; the earliest, where one is."""
        lower = [bound for bound in (self.earliest, other.earliest) if bound is not None]
        if self.latest is None or other.latest is None:
            return Window(max(lower, default=None), None)
        return Window(max(lower, default=None), max(self.latest, other.latest))


UNKNOWN = Window()


@lru_cache(4096)
def window(text: str) -> Window:
    """The days that a date of a table can mean; raises ValueError for what is no date. Nothing means not known."""
    if not text:
        return UNKNOWN
    if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text):
        raise ValueError(text)
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    if day:
        return Window(date(year, month, day), date(year, month, day))
    last = month or 12
    return Window(date(year, month or 1, 1), date(year, last, monthrange(year, last)[1]))


def period(printed: str) -> Window:
    """The days of a period as reports print it, from the first to the last; not known where the words are others.

    >>> period("2013 to mid-2014")
    Window(earliest=datetime.date(2013, 1, 1), latest=datetime.date(2014, 6, 30))
    """
    found = re.fullmatch(r"(\d{4})(?: to (mid-)?(\d{4}))?", printed)
    if not found:
        return UNKNOWN
    first, mid, last = found.groups()
    return Window(date(int(first), 1, 1), date(int(last or first), *((6, 30) if mid else (12, 31))))


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 28 February for a 29th that there is not."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def day_of(text: str) -> date | None:
    """A full date as a day, None for nothing; raises ValueError for what is less or more."""
    return date.fromisoformat(text) if text else None

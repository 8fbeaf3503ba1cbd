"""Years as sentences say them: one year, a span of years, several years, or a year by its distance from another.

*In 2012*, *between 2011 and 2013*, *in 2012 and 2013*, *the year before*. Years of laws, treaties and plans are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mem_graph.reading.rules import Rules, compiled, expression

NAMED = 160
"""So many characters at most the name of a law or treaty may have before its year."""
_YEAR = r"(?:19|20)\d\d(?![\d,.]*\d)"


@dataclass(frozen=True, slots=True)
class When:
    """A time as a text says it: its place, and its years."""

    start: int
    end: int
    years: tuple[int, ...]
    spans: bool = False
    """Whether it is one stretch of time, of which no single year is said."""

    @property
    def year(self) -> int | None:
        """The one year that it names; None where it names several or a stretch of them."""
        return self.years[0] if len(self.years) == 1 and not self.spans else None


@lru_cache(maxsize=1024)  # a sentence is asked for again by each of its parts
def times(text: str, before: int | None, rules: Rules) -> tuple[When, ...]:
    """The times of a text, in order. ``before``: the year of which the sentence before spoke, for *the next year*."""
    found: list[When] = []
    for match in _times(rules).finditer(text):
        if compiled(tuple(f"(?:{word}) $" for word in rules.words("years_of_names"))).search(text, 0, match.start()):
            continue
        compared = _is_compared(match, rules)
        told_of = _told_of(match, rules) if compared else None
        if (compared and told_of is None) or (match["counted"] and not _is_of_number(match, rules)):
            continue
        if _is_of_norm(match, rules):
            continue
        when = _same_period(match, found) if match["same"] else _when(match, found, before, rules)
        if when is not None:  # "more than the year before, when": it dates what the clause tells, not what is compared
            found.append(when if told_of is None else When(told_of, told_of, when.years, when.spans))
    return tuple(found)


def _is_compared(match: re.Match[str], rules: Rules) -> bool:
    """Whether a time only says with which another is compared: ``a third less than in 2012``."""
    ways = compiled(tuple(f"(?:{word}) $" for word in rules.words("years_compared")))
    return ways.search(match.string, 0, match.start()) is not None


def _told_of(match: re.Match[str], rules: Rules) -> int | None:
    """Where a clause begins that tells of a time right before it: ``than the year before, when there were 61``."""
    at = len(match.string) - len(match.string[match.end() :].lstrip(", "))
    if re.compile(r"\(\d[\d.,]*\)").match(match.string, at):
        return at  # "more than twice as many as in 2012 (122)"
    return at if compiled(rules.words("year_relatives")).match(match.string, at) else None


def _is_of_norm(match: re.Match[str], rules: Rules) -> bool:
    """Whether a year is that of a law or treaty: ``la Ley de Drogas de 1996``, ``un acuerdo firmado en 2011``."""
    before = match.string[max(0, match.start() - NAMED) : match.start()]
    opened = re.match(rf"(?:{'|'.join(rules.words('of')) or '(?!)'}) ", match[0], re.IGNORECASE) is not None
    ways = (*(rules.words("norms_dated") if opened else ()), *rules.words("norms_made"))
    return compiled(tuple(f"{way} $" for way in ways)).search(before) is not None


def _is_of_number(match: re.Match[str], rules: Rules) -> bool:
    """Whether a year is that of a number before it: ``an increase over the 655 of 2011``."""
    ways = compiled(tuple(f"(?:{word}) $" for word in rules.words("years_of_numbers")))
    return ways.search(match.string, 0, match.start()) is not None


def _same_period(match: re.Match[str], found: Sequence[When]) -> When | None:
    """The stretch of time that was said last, or the years that were, from the first to the last."""
    if found and found[-1].spans:
        return When(*match.span(), found[-1].years, True)
    years = [one.year for one in found if one.year]
    return When(*match.span(), tuple(sorted({years[0], years[-1]})), len({*years}) > 1) if years else None


def _when(match: re.Match[str], found: Sequence[When], before: int | None, rules: Rules) -> When | None:
    if match["apart"]:
        offset = _offset(match, rules)
        last = _last(found, before, offset == 0)
        return None if last is None or offset is None else When(*match.span(), (last + offset,))
    years = tuple(int(year) for year in re.findall(r"(?:19|20)\d\d", match[0]))
    if match["from"] or match["dashed"]:
        first, end = years[0], years[-1]
        return When(*match.span(), tuple(range(first, end + 1)) if end - first < 30 else years, True)
    if match["since"]:
        return When(*match.span(), years, True)
    return When(*match.span(), years)


def _last(found: Sequence[When], before: int | None, of_several: bool) -> int | None:
    """The year that was said last; of several said together the last one: ``2012 and 2013 …, in the latter year``."""
    if of_several and found and len(found[-1].years) > 1 and not found[-1].spans:
        return found[-1].years[-1]
    return next((one.year for one in reversed(found) if one.year), before)


def _offset(match: re.Match[str], rules: Rules) -> int | None:
    """How far the year is away, by the first words that match where it stands in its text: they may look ahead."""
    start = match.start("apart")
    met = (away for words, away in _distances(rules) if _whole(words).match(match.string, start))
    return next(map(int, met), None)


@lru_cache(maxsize=64)
def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{words})(?!\w)", re.IGNORECASE)


def _distances(rules: Rules) -> Iterator[tuple[str, str]]:
    """Words for a year by its distance from another: ``the year before``, and how far it is."""
    for line in rules.words("years_apart"):
        words, away = line.rsplit(" ", 1)
        yield words, away


@lru_cache(maxsize=8)
def _times(rules: Rules) -> re.Pattern[str]:
    """Every way to say a time, the longest first."""
    part = {
        key: "|".join(rules.words(key))
        for key in ("months", "year_openers", "year_fillers", "span_openers", "span_joints", "since", "list_joints")
    }
    months = rf"(?:(?:{part['months']})(?: de(?:l)?| of)?,? )"
    filled = rf"(?:(?:{part['year_fillers']}) )*{months}?"
    joint = rf"(?:, | (?:{part['list_joints']}) |, (?:{part['list_joints']}) ){filled}"
    apart = "|".join(words for words, _ in _distances(rules))
    ways = (
        rf"(?P<from>(?:{part['span_openers']}) {filled}{_YEAR} (?:{part['span_joints']}) {filled}{_YEAR})",
        rf"(?P<dashed>(?:(?:{part['year_openers']}) )?{filled}{_YEAR}\s?[-–/]\s?(?:{_YEAR}|\d\d\b))",
        rf"(?P<since>(?:{part['since']}) {filled}{_YEAR})",
        rf"(?:{part['span_openers']}) {months}(?:{part['span_joints']}) {filled}{_YEAR}",
        rf"(?:{part['year_openers']}) {filled}{_YEAR}(?:{joint}{_YEAR})*",
        rf"(?<=\(){filled}{_YEAR}(?=\))",
        rf"(?P<counted>(?<=\d )(?:{'|'.join(rules.words('of'))}) {_YEAR})",
        rf"(?P<same>{'|'.join(rules.words('same_periods'))})",
        rf"(?P<apart>{apart})",
    )
    return expression(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", re.IGNORECASE)

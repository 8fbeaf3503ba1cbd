"""Amounts in a sentence: a number with its unit, what it is of, its year, and the event that it measures.

A list may leave out what it said before (``10,290 ha of coca in 2011, 14,171 ha in 2012``; ``the figures
were 2.3 t and 1,204.5 kg, respectively``). An amount with another verb between it and the event is none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from mem_graph.reading.lexicon import inflected, lexicon
from mem_graph.reading.rules import Cue, Rules, pattern

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
YEAR = re.compile(r"(?<![\d,.])(?:19|20)\d\d(?![\d,]*\d)")
_LEADING = re.compile(
    r"(?<!\w)(?:(?:in|during|for|by) (?:the year )?(?P<one>(?:19|20)\d\d)(?![\d,]*\d)"
    r"|(?:between|from) (?P<first>(?:19|20)\d\d) (?:and|to) (?P<to>(?:19|20)\d\d))",
    re.IGNORECASE,
)
"""A year said before the numbers it is for: ``in 2012``, ``between 2011 and 2013``."""
_SHARED_YEARS = re.compile(
    r"(?<!\w)(?:in|for|during) ((?:19|20)\d\d(?:(?:,| and|, and) (?:19|20)\d\d)+),? respectively"
)
_BE = r"(?:was|were|is|are|been|being)"
LABORATORIES = "laboratories"
UNSPECIFIED = "unspecified"
"""The subject of laboratories of which is not said what they made."""


@dataclass(frozen=True, slots=True)
class Event:
    """A verb or noun of a measured event in a text, and whether its numbers stand before it (passive)."""

    cue: Cue
    start: int
    end: int
    passive: bool


@dataclass(frozen=True, slots=True)
class Amount:
    """One number of a list with what stands beside it; None where the list leaves it out."""

    start: int
    end: int
    value: str
    unit: str | None
    subject: str | None
    year: int | None
    dated: bool
    """Whether a year, or a span of years, is said for it."""


# -- events -----------------------------------------------------------------------------------------------------------


def events(text: str, rules: Rules) -> tuple[Event, ...]:
    """Every event that a text measures or denies, from left to right."""
    if re.search(rf"\d|\b(?:{'|'.join(rules.words('numbers'))})\b|\bno\b", text) is None:
        return ()
    if _any_event(rules).search(text) is None:
        return ()
    found = [
        Event(cue, *match.span(), match["be"] is not None)
        for cue in rules.of("measure")
        for match in _event(cue).finditer(text)
    ]
    return tuple(sorted(found, key=lambda event: event.start))


@lru_cache(maxsize=8)
def _any_event(rules: Rules) -> re.Pattern[str]:
    """The first letters of all measuring verbs: cheap to look for."""
    stems = {word[:4] for cue in rules.of("measure") for word in (*cue.words, *inflected(cue.words[0], cue).values())}
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(stems))})", re.IGNORECASE)


@lru_cache(maxsize=64)
def _event(cue: Cue) -> re.Pattern[str]:
    forms = {form for word in cue.words for form in inflected(word, cue).values()}
    participles = {inflected(word, cue)["part"] for word in cue.words}
    nouns = "|".join(cue.marks.get("events", ())) or r"(?!)"
    gerunds = "|".join(rf"(?:(?<=by )|(?<=in )|(?<=of ))(?:{word.removesuffix('e')}ing)" for word in cue.words)
    return re.compile(
        rf"(?<!\w)(?:(?P<be>{_BE}(?: \w+ly)? (?:{'|'.join(sorted(participles))}))"
        rf"|{'|'.join(sorted(forms))}|(?:{gerunds})|(?:{nouns}))(?!\w)",
        re.IGNORECASE,
    )


def zero_events(text: str, rules: Rules) -> Iterator[tuple[Cue, int, int]]:
    """The denied events that count as zero where a year is said, with the stretch that names the thing."""
    for cue in rules.of("measure"):
        if cue.marks.get("zero"):
            for match in _denied(cue).finditer(text):
                yield cue, match.start(), _clause_end(text, match.end())


def _clause_end(text: str, start: int) -> int:
    return min((at for sign in ";" if (at := text.find(sign, start)) >= 0), default=len(text))


@lru_cache(maxsize=64)
def _denied(cue: Cue) -> re.Pattern[str]:
    bases, parts = "|".join(cue.words), "|".join(inflected(word, cue)["part"] for word in cue.words)
    nouns = "|".join(cue.marks.get("events", ())) or r"(?!)"
    forms = (
        rf"(?:did|does|do)(?: not|n't) (?:\w+ly )?(?:{bases})",
        rf"(?<!\w)no [^.;]*?(?:was|were|has been|have been) (?:{parts})",
        rf"(?<!\w)(?:{parts}) no(?!\w)",
        rf"(?<!\w)no (?:\w+ )?(?:{nouns})(?!\w)",
        rf"(?:was|were|has|have) not (?:been )?(?:{parts})",
    )
    return re.compile("|".join(forms), re.IGNORECASE)


# -- amounts and the events that govern them ---------------------------------------------------------------------------


def governed(text: str, met: Sequence[Event], rules: Rules) -> Iterator[tuple[Amount, Event]]:
    """Each amount with its event; without event, unit or subject none, nor of things counted without a year."""
    last: Event | None = None
    before: list[Amount] = []
    for part in re.finditer(r"[^;]+", text):
        amounts = _respective(_filled(list(_amounts(text, *part.span(), rules))), before, text[slice(*part.span())])
        own = [event for event in met if part.start() <= event.start < part.end()]
        here = [(amount, _event_of(text, amount, own, amounts, rules)) for amount in amounts]
        if last is not None and not own and _goes_on(text, part.start(), amounts, rules):
            here = [(amount, last) for amount in amounts]
        for amount, event in here:
            if event is not None and amount.unit and amount.subject and _is_measured(amount, rules):
                last = event
                yield amount, event
        before = amounts or before


def _is_measured(amount: Amount, rules: Rules) -> bool:
    measured = any(cue.value == amount.unit for cue in rules.of("unit"))
    return measured or amount.dated


def _goes_on(text: str, start: int, amounts: Sequence[Amount], rules: Rules) -> bool:
    """Whether a part without a verb of its own goes on with the one before: ``in 2013, the figures were 2.3 t``."""
    between = text[start : amounts[0].start] if amounts else ""
    return (
        re.fullmatch(
            rf"(?:[\s,]|and|but|{_LEADING.pattern}|{'|'.join(rules.words('figure_words'))})*", between, re.IGNORECASE
        )
        is not None
    )


def _event_of(text: str, amount: Amount, own: Sequence[Event], amounts: Sequence[Amount], rules: Rules) -> Event | None:
    """The verb before an amount in the active, or the passive behind it, with no other verb between."""
    active = [event for event in own if event.end <= amount.start and not event.passive]
    if active and not _other_verb(text[active[-1].end : amount.start], rules):
        return active[-1]
    passive = [event for event in own if event.passive and event.start >= amount.start]
    behind = text[amount.end : passive[0].start] if passive else ""
    if passive and not _other_verb(behind, rules):
        return passive[0]
    earlier = [event for event in own if event.passive and event.end <= amount.start]
    listed = earlier and not _other_verb(text[earlier[-1].end : amount.start], rules) and amount is not amounts[0]
    return earlier[-1] if earlier and listed else None


def _other_verb(between: str, rules: Rules) -> bool:
    """Whether a finite verb stands in words that should be a list of amounts."""
    verbs = lexicon(rules).verbs
    finite = {"s", "past"}
    if re.search(
        r"(?<!\w)(?:to|which|who|that|has|have|had|did|does|do|not|will|may|can)(?!\w)", between, re.IGNORECASE
    ):
        return True
    plain = re.sub(rf"(?<!\w)(?:{'|'.join(rules.words('figure_words'))})(?!\w)", " ", between, flags=re.IGNORECASE)
    return (
        any(
            form in finite and not rest and not cue.marks.get("noun")
            for word in re.findall(r"[a-z]+", plain.casefold())
            for rest, cue, form in verbs.get(word, ())
        )
        or re.search(rf"(?<!\w){_BE}(?!\w)", plain, re.IGNORECASE) is not None
    )


def _respective(amounts: list[Amount], before: Sequence[Amount], part: str) -> list[Amount]:
    """Amounts said *respectively*: of the years behind them, or of the things named before, one by one."""
    if "respectively" not in part:
        return amounts
    shared = _SHARED_YEARS.search(part)
    years = [int(year) for year in YEAR.findall(shared[1])] if shared else []
    if len(years) == len(amounts) > 1:
        return [replace(amount, year=year, dated=True) for amount, year in zip(amounts, years, strict=True)]
    if len(before) == len(amounts) and not any(amount.subject for amount in amounts):
        return [replace(amount, subject=other.subject) for amount, other in zip(amounts, before, strict=True)]
    return [] if years else amounts


def _amounts(text: str, start: int, end: int, rules: Rules) -> Iterator[Amount]:
    """Each number of a part that is no year.

    A list names its years behind its numbers, or each before the numbers of that year.
    """
    numbers = [
        match
        for match in number_words(rules.words("numbers")).finditer(text, start, end)
        if not YEAR.fullmatch(match[0])
    ]
    leading = bool(numbers) and _LEADING.search(text, start, numbers[0].start()) is not None
    stops = [*(match.start() for match in numbers[1:]), end]
    shared = _SHARED_YEARS.search(text, start, end)
    common = None if shared else _common_year(text, numbers, end)
    for match, stop in zip(numbers, stops, strict=False):
        said = _leading(text, start, match.start()) if leading else None
        amount = _amount(text, match, stop, said, rules)
        yield replace(amount, year=common, dated=True) if common and not amount.dated else amount


def _common_year(text: str, numbers: Sequence[re.Match[str]], end: int) -> int | None:
    """The one year behind several numbers, which is that of all: ``sold 27 vehicles and 3 vessels in 2013``."""
    if not numbers:
        return None
    met = YEAR.findall(text, numbers[0].end(), end)
    behind = re.search(rf"(?<!\w)in ({YEAR.pattern})", text[numbers[-1].end() : end])
    return int(behind[1]) if behind and len(met) == 1 else None


def _amount(text: str, number: re.Match[str], stop: int, said: tuple[int | None] | None, rules: Rules) -> Amount:
    """One number with unit and subject right behind it; its year is the one said before, else the next behind."""
    behind = text[number.end() : stop]
    unit, unit_end = unit_in(behind, rules)
    subject, subject_end = subject_in(behind, rules)
    counted = is_counted(behind, rules) if unit is None else None
    if counted is not None:
        subject, unit, unit_end = counted
        subject_end = unit_end
    year = None if said else YEAR.search(behind)
    end = number.end() + max(unit_end, subject_end, year.end() if year else 0)
    when = said[0] if said else int(year[0]) if year else None
    if unit == LABORATORIES and subject is None:
        subject = UNSPECIFIED
    return Amount(number.start(), end, value_of(number[0], rules), unit, subject, when, bool(said or year))


def _leading(text: str, start: int, end: int) -> tuple[int | None] | None:
    """The year said last before a number; no single one where a span of years is said."""
    last = list(_LEADING.finditer(text, start, end))[-1]
    return (None,) if last["to"] else (int(last["one"]),)


def _filled(amounts: Sequence[Amount]) -> list[Amount]:
    """The amounts with what the list leaves out: unit and subject of the one before."""
    filled: list[Amount] = []
    for amount in amounts:
        last = filled[-1] if filled else None
        unit = amount.unit or (last.unit if last and amount.dated else None)
        filled.append(replace(amount, unit=unit, subject=amount.subject or (last.subject if last else None)))
    return filled


# -- words of an amount -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def number_words(words: tuple[str, ...]) -> re.Pattern[str]:
    """Numbers in digits and in words."""
    spelled = "|".join(sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w.,-])(?:{NUMBER}|{spelled})(?![\w-])", re.IGNORECASE)


def value_of(printed: str, rules: Rules) -> str:
    """Canonical decimal text of a number as printed: ``10,290`` is ``10290``."""
    names = rules.words("numbers")
    if printed.casefold() in names:
        return str(names.index(printed.casefold()))
    plain = printed.replace(",", "")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def unit_in(behind: str, rules: Rules) -> tuple[str | None, int]:
    """The unit right behind a number, and where it ends."""
    for cue in rules.of("unit"):
        match = pattern(cue).match(behind, len(behind) - len(behind.lstrip()))
        if match:
            return cue.value, match.end()
    return None, 0


def subject_in(behind: str, rules: Rules) -> tuple[str | None, int]:
    """The subject named first behind a number, the longest name of those that begin together."""
    found = [
        (match.start(), -match.end(), cue.value)
        for cue in rules.of("subject")
        if (match := pattern(cue).search(behind))
    ]
    return (min(found)[2], -min(found)[1]) if found else (None, 0)


def is_counted(behind: str, rules: Rules) -> tuple[str, str, int] | None:
    """What is counted, by the noun right behind a number: subject and unit are that noun, with what it is called by."""
    nouns = "|".join(rules.words("counted"))
    found = re.search(
        rf"(?:^|(?<= no )|(?<=^no ))\s*(?:of the |of these )?(?P<all>(?:[a-z-]+ ){{0,3}}?(?P<noun>{nouns}))(?!\w)",
        behind,
        re.IGNORECASE,
    )
    return (found["noun"].casefold(), found["noun"].casefold(), found.end("noun")) if found else None


def years_in(text: str) -> tuple[list[int], int]:
    """The years a sentence names, all of a span of years, and where the last one stands."""
    met = list(YEAR.finditer(text))
    span = next((match for match in _LEADING.finditer(text) if match["to"]), None)
    years = range(int(span["first"]), int(span["to"]) + 1) if span else [int(match[0]) for match in met]
    return list(years), met[-1].end() if met else 0

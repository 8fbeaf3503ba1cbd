"""Amounts in a sentence: a number with its unit, what it is of, its year, and the event that it measures.

A list may leave out what it said before (``10,290 ha of coca in 2011, 14,171 ha in 2012``; ``the figures
were 2.3 t and 1,204.5 kg, respectively``). An amount with another verb between it and the event is none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from mem_graph.reading import inflection
from mem_graph.reading.numbers import YEAR, numbers_in, value_of
from mem_graph.reading.rules import Cue, Rules, compiled, pattern

LABORATORIES = "laboratories"
UNSPECIFIED = "unspecified"
"""The subject of laboratories of which is not said what they made, and of money."""


@dataclass(frozen=True, slots=True)
class Event:
    """A verb or noun of a measured event in a text, and where its numbers may stand."""

    cue: Cue
    start: int
    end: int
    passive: bool
    reduced: bool = False
    """A participle alone behind what it measures: ``26 laboratories dismantled in 2012``."""


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
    if (
        re.search(r"\d", text) is None
        and compiled((*rules.words("numbers"), *rules.words("no_words"))).search(text) is None
    ):
        return ()
    if _any_event(rules).search(text) is None:
        return ()
    found = [
        Event(cue, *match.span(), match["be"] is not None, match["alone"] is not None)
        for cue in rules.of("measure")
        for match in _event(cue, rules).finditer(text)
    ]
    return tuple(sorted(found, key=lambda event: event.start))


@lru_cache(maxsize=8)
def _any_event(rules: Rules) -> re.Pattern[str]:
    """The first letters of all measuring verbs: cheap to look for."""
    stems = {word[:4] for cue in rules.of("measure") for word in (*cue.words, *inflection.of(cue, rules).finite)}
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(stems))})", re.IGNORECASE)


@lru_cache(maxsize=256)
def _event(cue: Cue, rules: Rules) -> re.Pattern[str]:
    known = inflection.of(cue, rules)
    finite, participles, gerunds = ("|".join(sorted(one)) for one in (known.finite, known.participles, known.gerunds))
    nouns = "|".join(cue.marks.get("events", ())) or r"(?!)"
    be, have, openers = ("|".join(rules.words(key)) for key in ("be", "have", "gerund_openers"))
    behind = "|".join(rules.words("behind_reduced"))
    return re.compile(
        rf"(?<!\w)(?:(?P<be>(?:{be})(?: \w+(?:ly|mente))? (?:{participles}))"
        rf"|(?:{have}) (?:\w+(?:ly|mente) )?(?:{participles})"
        rf"|(?P<alone>(?:{participles})(?= (?:{behind})\b|[,.;]|$))"
        rf"|(?:{finite}|{participles})|(?:{openers}) (?:{gerunds})|(?:{nouns}))(?!\w)",
        re.IGNORECASE,
    )


def zero_events(text: str, rules: Rules) -> Iterator[tuple[Cue, int, int]]:
    """The denied events that count as zero where a year is said, with the stretch that names the thing."""
    for cue in rules.of("measure"):
        if cue.marks.get("zero"):
            for match in _denied(cue, rules).finditer(text):
                yield cue, match.start(), _clause_end(text, match.end())


def _clause_end(text: str, start: int) -> int:
    return min((at for sign in ";" if (at := text.find(sign, start)) >= 0), default=len(text))


@lru_cache(maxsize=256)
def _denied(cue: Cue, rules: Rules) -> re.Pattern[str]:
    """The ways to deny an event, as ``denied_events`` of the rules gives them."""
    known = inflection.of(cue, rules)
    parts = {
        "bases": "|".join(sorted(known.bases)),
        "finite": "|".join(sorted(known.finite)),
        "participles": "|".join(sorted(known.participles)),
        "nouns": "|".join(cue.marks.get("events", ())) or r"(?!)",
    }
    ways = [re.sub(r"<(\w+)>", lambda match: parts[match[1]], way) for way in rules.words("denied_events")]
    return re.compile("|".join(ways), re.IGNORECASE)


# -- amounts and the events that govern them ---------------------------------------------------------------------------


def governed(text: str, met: Sequence[Event], rules: Rules) -> Iterator[tuple[Amount, Event]]:
    """Each amount with its event; without event, unit or subject none, nor of things counted without a year."""
    last: Event | None = None
    before: list[Amount] = []
    for part in re.finditer(r"[^;]+", text):
        amounts = _respective(
            _filled(list(_amounts(text, *part.span(), rules))), before, text[slice(*part.span())], rules
        )
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
            rf"(?:[\s,]|{leading(rules).pattern}|{'|'.join(rules.words('figure_words'))})*", between, re.IGNORECASE
        )
        is not None
    )


def _event_of(text: str, amount: Amount, own: Sequence[Event], amounts: Sequence[Amount], rules: Rules) -> Event | None:
    """The verb before an amount in the active, or the passive behind it, with no other verb between."""
    active = [event for event in own if event.end <= amount.start and not (event.passive or event.reduced)]
    if active and not _other_verb(text[active[-1].end : amount.start], rules):
        return active[-1]
    passive = [event for event in own if (event.passive or event.reduced) and event.start >= amount.start]
    behind = text[amount.end : passive[0].start] if passive else ""
    if passive and not _other_verb(behind, rules) and (passive[0].passive or _is_near(behind)):
        return passive[0]
    earlier = [event for event in own if event.passive and event.end <= amount.start]
    listed = amount is not amounts[0] or bool(rules.words("passive_first"))
    return earlier[-1] if earlier and listed and not _other_verb(text[earlier[-1].end : amount.start], rules) else None


def _is_near(between: str) -> bool:
    """Whether a participle belongs to the noun of the amount before it, or to one of a list with it."""
    return len(between) < 60 and re.search(r"[;:]", between) is None


def _other_verb(between: str, rules: Rules) -> bool:
    """Whether a finite verb stands in words that should be a list of amounts."""
    if compiled(rules.words("clause_words")).search(between):
        return True
    plain = compiled(rules.words("figure_words")).sub(" ", between)
    verbs = inflection.finite_verbs(rules)
    return any(word in verbs for word in re.findall(r"[^\W\d_]+", plain.casefold())) or (
        compiled(rules.words("be")).search(plain) is not None
    )


def _respective(amounts: list[Amount], before: Sequence[Amount], part: str, rules: Rules) -> list[Amount]:
    """Amounts said *respectively*: of the years behind them, or of the things named before, one by one."""
    if not compiled(rules.words("respectively")).search(part):
        return amounts
    shared = _shared_years(rules).search(part)
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
    numbers = [match for match in numbers_in(text, start, end, rules) if _may_measure(text, match, rules)]
    led = bool(numbers) and leading(rules).search(text, start, numbers[0].start()) is not None
    stops = [*(match.start() for match in numbers[1:]), end]
    shared = _shared_years(rules).search(text, start, end)
    common = None if shared else _common_year(text, numbers, end, rules)
    for match, stop in zip(numbers, stops, strict=False):
        said = _leading(text, start, match.start(), rules) if led else None
        amount = _amount(text, match, stop, said, rules)
        yield replace(amount, year=common, dated=True) if common and not amount.dated else amount


def _may_measure(text: str, number: re.Match[str], rules: Rules) -> bool:
    """Whether a number may measure something: no year, no share of a whole, no number of an article or law."""
    if YEAR.fullmatch(number[0]):
        return False
    labelled = re.search(rf"(?:{'|'.join(rules.words('labels_before'))})\s*$", text[: number.start()], re.IGNORECASE)
    shared = re.match(rf"\s?(?:{'|'.join(rules.words('shares_behind'))})", text[number.end() :], re.IGNORECASE)
    of_whole = any(
        match.start() <= number.start() < match.end()
        for cue in rules.of("fraction")
        for match in pattern(cue).finditer(text)
    )
    return labelled is None and shared is None and not of_whole


def _common_year(text: str, numbers: Sequence[re.Match[str]], end: int, rules: Rules) -> int | None:
    """The one year behind several numbers, which is that of all: ``sold 27 vehicles and 3 vessels in 2013``."""
    if not numbers:
        return None
    met = YEAR.findall(text, numbers[0].end(), end)
    behind = re.search(
        rf"(?<!\w)(?:{'|'.join(rules.words('year_openers'))}) ({YEAR.pattern})", text[numbers[-1].end() : end]
    )
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
    if unit is None and (money := _currency_before(text[: number.start()], rules)) is not None:
        unit, subject = money, subject or _worth(text[: number.start()], rules)
    year = None if said else YEAR.search(behind)
    end = number.end() + max(unit_end, subject_end, year.end() if year else 0)
    when = said[0] if said else int(year[0]) if year else None
    if subject is None and (unit == LABORATORIES or unit in _currencies(rules)):
        subject = UNSPECIFIED
    value = value_of(number[0], rules)
    return Amount(number.start(), end, value, unit, subject, when, bool(said or year))


def _currency_before(before: str, rules: Rules) -> str | None:
    """The currency whose sign stands right before a number: ``TT$1,250,000``."""
    for cue in rules.of("currency"):
        if re.search(rf"(?<![\w$])(?:{'|'.join(cue.marks.get('signs', ())) or '(?!)'})\s?$", before):
            return cue.value
    return None


@lru_cache(maxsize=8)
def _currencies(rules: Rules) -> frozenset[str]:
    return frozenset(cue.value for cue in rules.of("currency"))


def _worth(before: str, rules: Rules) -> str | None:
    """What a sum of money is the worth of: ``property worth TT$1,250,000``."""
    match = re.search(rf"(?P<of>[^,;.]*?) (?:{'|'.join(rules.words('worth'))})\s+\S*$", before)
    return subject_in(match["of"], rules)[0] if match else None


def _leading(text: str, start: int, end: int, rules: Rules) -> tuple[int | None] | None:
    """The year said last before a number; no single one where a span of years is said."""
    last = list(leading(rules).finditer(text, start, end))[-1]
    return (None,) if last["to"] else (int(last["one"]),)


@lru_cache(maxsize=8)
def leading(rules: Rules) -> re.Pattern[str]:
    """A year said before the numbers it is for: ``in 2012``, ``between 2011 and 2013``."""
    words = {key: "|".join(rules.words(key)) for key in ("year_openers", "year_fillers", "span_openers", "span_joints")}
    return re.compile(
        rf"(?<!\w)(?:(?:{words['span_openers']}) (?P<first>(?:19|20)\d\d) (?:{words['span_joints']}) "
        rf"(?P<to>(?:19|20)\d\d)|(?:{words['year_openers']}) (?:(?:{words['year_fillers']}) )?"
        rf"(?P<one>(?:19|20)\d\d)(?![\d,.]*\d))",
        re.IGNORECASE,
    )


@lru_cache(maxsize=8)
def _shared_years(rules: Rules) -> re.Pattern[str]:
    """Years of several numbers, one by one: ``in 2012 and 2013, respectively``."""
    openers, joints, each = ("|".join(rules.words(key)) for key in ("year_openers", "list_joints", "respectively"))
    return re.compile(
        rf"(?<!\w)(?:{openers}) ((?:19|20)\d\d(?:(?:,| (?:{joints})|, (?:{joints})) (?:19|20)\d\d)+),? (?:{each})"
    )


def _filled(amounts: Sequence[Amount]) -> list[Amount]:
    """The amounts with what the list leaves out: unit and subject of the one before."""
    filled: list[Amount] = []
    for amount in amounts:
        last = filled[-1] if filled else None
        unit = amount.unit or (last.unit if last and amount.dated else None)
        filled.append(replace(amount, unit=unit, subject=amount.subject or (last.subject if last else None)))
    return filled


# -- words of an amount -----------------------------------------------------------------------------------------------


def unit_in(behind: str, rules: Rules) -> tuple[str | None, int]:
    """The unit right behind a number, and where it ends; or behind what it measures: ``384,800 marijuana plants``."""
    first = len(behind) - len(behind.lstrip())
    for cue in (*rules.of("unit"), *rules.of("currency")):
        match = pattern(cue).match(behind, first)
        if match:
            return cue.value, match.end()
    between = re.compile(r"[\w-]+\s+(?:[\w-]+\s+)?").match(behind, first)
    for cue in rules.of("unit") if between else ():
        match = re.compile(rf"\s*(?:[\w-]+\s+){{1,2}}?(?:{'|'.join(cue.words)})(?!\w)").match(behind)
        if cue.marks.get("behind") and match:
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
    """What is counted, by the noun right behind a number, and the unit in which that is: persons, vehicles …"""
    joints, no = "|".join(rules.words("counted_joints")), "|".join(rules.words("no_words"))
    for match in re.finditer(rf"(?:^|(?<= )|(?<=^))(?:(?:{no}) )?", behind):
        if match.start() and not match[0]:
            continue
        found = _counted_noun(rules).match(behind, match.end())
        if found is not None:
            cue = next(cue for cue in rules.of("counted") if pattern(cue).fullmatch(found["noun"]))
            return cue.value, str(cue.marks["unit"]), found.end("noun")
    del joints
    return None


@lru_cache(maxsize=8)
def _counted_noun(rules: Rules) -> re.Pattern[str]:
    """A noun that is counted, with what it is called by before it."""
    nouns = "|".join(word for cue in rules.of("counted") for word in cue.words)
    joints = "|".join(rules.words("counted_joints"))
    return re.compile(rf"\s*(?:(?:{joints}) )?(?:[^\W\d_][\w-]* ){{0,3}}?(?P<noun>{nouns})(?!\w)", re.IGNORECASE)


def years_in(text: str, rules: Rules) -> tuple[list[int], int]:
    """The years a sentence names, all of a span of years, and where the last one stands."""
    met = list(YEAR.finditer(text))
    span = next((match for match in leading(rules).finditer(text) if match["to"]), None)
    years = range(int(span["first"]), int(span["to"]) + 1) if span else [int(match[0]) for match in met]
    return list(years), met[-1].end() if met else 0

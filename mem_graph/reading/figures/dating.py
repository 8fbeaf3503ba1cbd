"""The years of amounts: said behind them, said before them, or shared out one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from mem_graph.reading.figures.amounts import Amount
from mem_graph.reading.figures.portions import breaks_down, hangs_on
from mem_graph.reading.figures.years import When
from mem_graph.reading.rules import Rules, compiled


def dated_in(
    text: str,
    here: Sequence[Amount],
    own: Sequence[When],
    led: When | None,
    met: Sequence[When],
    each: bool,
    rules: Rules,
) -> list[Amount]:
    """The amounts of a part with their years: said behind them, said before them, or shared out one by one.

    The only time of a sentence counts for all that stands behind it. ``each``: each has one of the years told before.
    """
    if (split := _split(text, here, own, rules)) is not None:
        at, when = split  # "que en 2012 sumaron 1.200 kg, llegaron en 2013 a 980"
        first, then = ([one for one in own if (one.start < when.start) is early] for early in (True, False))
        before = dated_in(text, here[:at], first, led, met, each, rules)
        return [*before, *dated_in(text, here[at:], then, when, met, each, rules)]
    each = each or compiled(rules.words("respectively")).search(text) is not None or _is_each(here, led)
    behind = [when for when in own if here and when.start >= here[0].number[1]]
    if led is not None and here:
        behind = [
            when for when in behind if _reaches(text, when, here) and not _opens_anew(text, when, here[-1], rules)
        ]
    if led is not None and not behind:
        return _shared_out(here, led, each or changes(text, 0, here, rules))
    dated: list[Amount] = []
    spare: When | None = None  # a time that dates nothing before it dates what stands behind: ``spent in 2013 …``
    for when in behind:
        before = [amount for amount in here[len(dated) :] if amount.number[1] <= when.start]
        spare = None if before else when
        while before and dated and dated[-1].dated and breaks_down(text, before[0], rules):
            dated.append(replace(before.pop(0), year=dated[-1].year, dated=True))
        if led is not None and len(when.years) == 1:
            dated += _shared_out(before[:-1], led, False)
            before = before[-1:]
        if len(before) > 1 and _opens_whole(text, before[0], rules) and "," in text[before[0].end : before[1].start]:
            dated.append(before.pop(0))  # "Of the US$420,000 set aside, US$300,000 was spent in 2013"
        if before and not text[before[-1].end : when.start].strip():
            before[-1] = replace(before[-1], until=when.end)
        dated += _shared_out(before, when, each or changes(text, 0, here, rules) or _from_to(text, before, rules))
    rest = list(here[len(dated) :])
    if rest and dated and dated[-1].dated and (breaks_down(text, rest[0], rules) or hangs_on(text, rest[0], rules)):
        return [*dated, *(replace(one, year=dated[-1].year, dated=True) for one in rest)]
    added = bool(rest) and compiled(rules.words("added")).search(text[: rest[0].start].rstrip()) is not None
    if rest and dated and dated[-1].dated and (added or _opens_whole(text, here[0], rules)):
        return [*dated, *(replace(one, year=dated[-1].year, dated=True) for one in rest)]
    both = tuple(year for when in behind for year in when.years if not when.spans)
    alike = each or [one.unit for one in rest] == [one.unit for one in dated] != [None] * len(rest)
    if alike and len(rest) == len(both) == len({*both}) > 1:
        return [*dated, *(replace(one, year=year, dated=True) for one, year in zip(rest, both, strict=True))]
    still = spare or led or (behind[-1] if len(met) == 1 and behind else None)
    return [*dated, *(_shared_out(rest, still, False) if still is not None else rest)]


def _split(text: str, here: Sequence[Amount], own: Sequence[When], rules: Rules) -> tuple[int, When] | None:
    """Where another verb with a time right before its amount begins, and that time: ``…, llegó en 2013 a 2.044 kg``."""
    about = "|".join((*rules.words("persons_behind"), *rules.words("about"))) or "(?!)"
    for at, (last, amount) in enumerate(pairwise(here), 1):
        for when in own:
            near = re.fullmatch(rf" (?:(?:{about}) )*", text[when.end : amount.start])
            if last.end <= when.start and near and re.search(r", (?:[^\W\d]+ ){1,4}$", text[last.end : when.start]):
                return at, when
    return None


def _is_each(here: Sequence[Amount], led: When | None) -> bool:
    """Whether numbers that share a unit are of as many years told before: ``En 2012 y 2013 decomisó 38 y 51 kg``."""
    shared = len(here) > 1 and here[-1].unit is not None and all(one.unit is None for one in here[:-1])
    return shared and led is not None and not led.spans and len(led.years) == len(here)


def _opens_whole(text: str, amount: Amount, rules: Rules) -> bool:
    """Whether a clause begins with an amount as the whole of what is told next: ``Of 24 received in 2012, 21 …``."""
    of = "|".join((*rules.words("whole_openers"), *rules.words("of")))
    return re.search(rf"(?:^|[,;] )(?:\w+ )?(?:{of}) $", text[: amount.start], re.IGNORECASE) is not None


def _reaches(text: str, when: When, here: Sequence[Amount]) -> bool:
    """Whether a time behind an amount is its own, though the part began with another: no clause stands between."""
    last = max((one.end for one in here if one.end <= when.start), default=when.start)
    return re.search(r"[,;]|\d", text[last : when.start]) is None


def _opens_anew(text: str, when: When, last: Amount, rules: Rules) -> bool:
    """Whether a time behind all amounts begins what is told next: ``1,962 were surveyed, and in 2013 a survey``."""
    joints = "|".join(rules.words("list_joints"))
    opened = re.search(rf", (?:{joints})$", text[: when.start].rstrip()) is not None
    return opened and when.start > last.end and re.match(r" \w", text[when.end :]) is not None


def changes(words: str, start: int, here: Sequence[Amount], rules: Rules) -> bool:
    """Whether two amounts are the ends of a change: ``fell from 25,300 to 23,000 hectares``."""
    if len(here) != 2:
        return False
    changes, openers = ("|".join(rules.words(key)) for key in ("changes", "change_openers"))
    return re.search(rf"(?<!\w)(?:{changes}) (?:{openers}) $", words[: here[0].start - start]) is not None


def _from_to(text: str, pair: Sequence[Amount], rules: Rules) -> bool:
    """Whether two amounts are the ends of a change whose verb is left out: ``those of marijuana, from 9 to 13 kg``."""
    if len(pair) != 2:
        return False
    openers, joints = ("|".join(rules.words(key)) for key in ("change_openers", "span_joints"))
    opened = re.search(rf"(?<!\w)(?:{openers}) $", text[: pair[0].start]) is not None
    return opened and re.fullmatch(rf" (?:{joints}) ", text[pair[0].end : pair[1].start]) is not None


def both_of(own: Sequence[When]) -> When | None:
    """The years of a part as one time: of amounts told behind it without years, each has its own."""
    years = tuple(when.year for when in own if when.year is not None)
    return When(own[0].start, own[-1].end, years) if len(own) == len(years) > 1 else None


def _shared_out(here: Sequence[Amount], when: When, each: bool) -> list[Amount]:
    """Amounts with the year of a time; of several years each has its own, where there are as many."""
    if each and len(here) == len({when.years[0], when.years[-1]}) == 2 and when.spans:
        return [
            replace(one, year=year, dated=True)
            for one, year in zip(here, when.years[:: len(when.years) - 1], strict=True)
        ]
    many = len(when.years)
    if each and not when.spans and many > 1 and here and len(here) % many == 0:
        return [replace(one, year=when.years[at % many], dated=True) for at, one in enumerate(here)]
    return [replace(one, year=when.year, dated=True) for one in here]

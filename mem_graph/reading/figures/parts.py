"""A sentence with figures in its parts: each with the time that it begins with, and its amounts with their years.

A part ends at a semicolon, at a word that sets one thing against another (*while*, *compared with*), and before a time
with which the next begins (``…, and in 2013 …``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mem_graph.reading.figures import cuts
from mem_graph.reading.figures.amounts import Amount, amounts, measure_in, said_to_be
from mem_graph.reading.figures.counted import is_counted
from mem_graph.reading.figures.dating import both_of, changes, dated_in
from mem_graph.reading.figures.fractions import found_in
from mem_graph.reading.figures.subjects import subjects_in
from mem_graph.reading.figures.years import When
from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.syntax.events import Event

SHORT = 20
"""So many characters at most stand between a passive and its number: ``were referred to treatment 4,872``."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence: its place, its times, the time that counts from before, its amounts, each with its year."""

    start: int
    end: int
    times: tuple[When, ...]
    led: When | None
    """The time that the part begins with, or that still counts from a part before it."""
    amounts: tuple[Amount, ...]


def of(text: str, met: Sequence[When], found_events: Sequence[Event], rules: Rules) -> tuple[Part, ...]:
    """The parts of a sentence with figures. ``met``: its times."""
    governors = frozenset(event.end for event in found_events)
    taken = [*((when.start, when.end) for when in met), *_shares(text, found_events, met, rules)]
    found: list[Part] = []
    led: When | None = None
    both: When | None = None
    main: When | None = None
    compared = False
    starts = cuts.starts(text, met, found_events, rules)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        own = tuple(when for when in met if start <= when.start < end)
        here = list(amounts(text, start, end, taken, governors, rules))
        here = _as_many(text, start, end, here, found[-1].amounts if found else (), rules)
        here = _with_nones(text, start, end, here, found[-1].amounts if found else (), own, rules)
        undated = bool(here) and not any(when.start >= here[-1].end or when.end <= here[0].start for when in own)
        if undated and (denying := _of_denial(text, end, met, rules)) is not None:
            own = (*own, denying)  # "61 kg of cocaine but no heroin in 2013"
        compares = compiled(rules.words("comparisons")).match(text, start) is not None
        first = next((when for when in own if not here or when.end <= here[0].start), None)
        if here and compiled(rules.words("respectively")).search(text, start, end):
            first = both_of([when for when in own if when.end <= here[0].start]) or first
        of_year = next((when for when in reversed(cuts.before(text, met, start, rules)) if when.year), None)
        led = first or of_year or (None if compares else main if compared else led)
        led = led if own else _of_last(text, start, found, rules) or led
        each = not own and _each(text[start:end], here, both, rules)
        if each or (not own and changes(text[start:end], start, here, rules)):
            here, led = (here, both) if both else ([], led)
        found.append(Part(start, end, own, led, tuple(dated_in(text, here, own, led, met, each, rules))))
        both = both_of(own) or both
        main, compared = (main if compares or not own else own[-1]), compares
        if own:
            led = own[-1] if len(met) == 1 else led if led is not None and _begins(text, start, led, rules) else None
    return tuple(found)


def _of_denial(text: str, at: int, met: Sequence[When], rules: Rules) -> When | None:
    """The time behind a denial that goes on with a list of amounts, which is that of the list, too."""
    joints, articles = ("|".join(rules.words(key)) or "(?!)" for key in ("part_joints", "denying_articles"))
    denial = re.compile(rf"\W*(?:{joints}) (?:{articles}) [^,;.]*", re.IGNORECASE).match(text, at)
    return next((when for when in met if denial and denial.start() < when.start < denial.end()), None)


def _of_last(text: str, start: int, found: Sequence[Part], rules: Rules) -> When | None:
    """The year of the last amount where a part begins with a part of it: ``22 in 2013; of these, 20 were sold``."""
    opened = compiled(rules.words("breakdowns")).match(text, start + len(text[start:]) - len(text[start:].lstrip()))
    last = found[-1].amounts[-1].year if opened and found and found[-1].amounts else None
    return When(start, start, (last,)) if last else None


def _as_many(
    text: str, start: int, end: int, here: Sequence[Amount], before: Sequence[Amount], rules: Rules
) -> list[Amount]:
    """The amounts of a part with those that words take up from the one before: ``and the same number in 2013``."""
    told = list(here)
    for match in compiled((*rules.words("as_many"), *rules.words("one_more"))).finditer(text, start, end):
        last = next((one for one in reversed([*before, *told]) if one.end <= match.start()), None)
        if last is not None:
            value = "1" if compiled(rules.words("one_more")).fullmatch(match[0]) else last.value
            told.append(Amount(*match.span(), match.span(), value, None, None))
    return sorted(told, key=lambda one: one.start)


def _with_nones(
    text: str,
    start: int,
    end: int,
    here: Sequence[Amount],
    before: Sequence[Amount],
    own: Sequence[When],
    rules: Rules,
) -> list[Amount]:
    """The amounts of a part with the zeros that a list tells in a word: ``a seis en 2011, a ninguno en 2012``."""
    joints = "|".join(rules.words("list_joints"))
    told = list(here)
    for match in compiled(rules.words("none_in_lists")).finditer(text, start, end) if here or before else ():
        last = max((one.end for one in here if one.end <= match.start()), default=start)
        listed = re.search(rf"(?:,|(?<!\w)(?:{joints}))(?: \w{{1,2}})? $", text[last : match.start()])
        denied = compiled(rules.words("no_words")).search(text, last, match.start())
        dated = any(when.start == match.end() + 1 for when in own)
        if denied is None and ((dated and here) if last == start and not listed else listed):
            none = _none(text, match, end, dated and bool(here), rules)
            told += [none] if none else []
    return sorted(told, key=lambda one: one.start)


def _none(text: str, match: re.Match[str], end: int, dated: bool, rules: Rules) -> Amount | None:
    """A zero in a word, with what is named behind it; none where a verb stands there, which is denied then."""
    thing = is_counted(text[match.end() : end], rules)
    stop = match.end() + (thing[2] if thing else 0)
    if compiled((*rules.words("be"), *rules.words("have"), *rules.words("reflexives"))).match(text, stop + 1):
        return None
    if thing:
        cases = thing[0] in rules.words("occasions")
        return Amount(match.start(), stop, match.span(), "0", thing[1], thing[0], True, occasions=cases)
    of = re.compile(rf" (?:{'|'.join(rules.words('of'))}) ").match(text, match.end())
    named = subjects_in(text[of.end() : end], rules)[:1] if of else []
    return Amount(*match.span(), match.span(), "0", None, None) if dated or (named and not named[0][1]) else None


def _begins(text: str, start: int, when: When, rules: Rules) -> bool:
    """Whether a part begins with a time, so that this counts for what follows, too."""
    joints = compiled((*rules.words("part_joints"), *rules.words("list_joints")))
    return not joints.sub("", text[start : when.start]).strip(" ,;")


def _shares(text: str, done: Sequence[Event], met: Sequence[When], rules: Rules) -> Iterator[tuple[int, int]]:
    """Where parts of wholes stand: ``8 of the 11``; where the whole stands first, only the part is taken.

    The object of a measuring verb is a number of its own: ``Of the 44 vehicles, the agency sold 31``; so is what a
    noun says more of: ``Of the 188 persons convicted, 27 were women``.
    """
    for one in found_in(text, rules):
        object_ = any(_measures(text, event, one.words.start("part")) for event in done)
        said = said_to_be(text, one.words.end("part"), rules) is not None
        if one.cue.marks.get("done_counts"):
            said = said or any(_is_done(text, event, one.words.end("part")) for event in done)
        if one.cue.marks.get("whole_first") and (object_ or said):
            continue
        counted = one.cue.marks.get("whole_first") or _is_told_of(text, one.words.end("whole"), done, met, rules)
        yield one.words.span("part") if counted else one.words.span()


def _is_told_of(text: str, at: int, done: Sequence[Event], met: Sequence[When], rules: Rules) -> bool:
    """Whether what was done to a whole stands right behind it: ``11 of the 14 requests received in 2013``."""
    noun = is_counted(text[at:], rules) or measure_in(text[at:], rules)
    if noun is None:
        return False
    end = at + noun[2]
    relative = compiled(rules.words("relatives_of_amounts")).match(text, end + 1) is not None
    starts = {when.start for when in met}
    reduced = (event for event in done if event.form == "reduced" and event.end + 1 in starts)
    return relative or any(not text[end : event.start].strip() for event in reduced)


def _measures(text: str, event: Event, start: int) -> bool:
    """Whether a number is what a verb before it takes: ``the agency sold 31``; ``were referred to treatment 4,872``."""
    between = text[event.end : start].strip()
    near = _is_helped(text, event) and len(between) < SHORT and "," not in between
    return event.end <= start and (not between or near)


def _is_done(text: str, event: Event, end: int) -> bool:
    """Whether right behind a number stands what so many did, or what was done: ``120 fueron entregados``."""
    done = _is_helped(text, event) or bool(event.cue.marks.get("intransitive"))
    return done and event.start >= end and not text[end : event.start].strip()


def _is_helped(text: str, event: Event) -> bool:
    """Whether a passive has its helping verb: no participle alone, nor a past tense that looks like one."""
    return event.form == "passive" or (event.form == "either" and " " in text[event.start : event.end])


def _each(words: str, here: Sequence[Amount], both: When | None, rules: Rules) -> bool:
    """Whether amounts are of as many years told before: ``…, and 30,456 and 22,121 by hand, respectively``."""
    told = compiled((*rules.words("respectively"), *rules.words("figures_taken_up"))).search(words) is not None
    return both is not None and told and len(here) == len(both.years)

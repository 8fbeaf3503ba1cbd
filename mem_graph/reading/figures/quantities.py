"""Measured numbers in a sentence: amounts with the event that they measure, their subject, unit and year.

An amount is measured by the verb that governs it: the one before it in the active, behind it in the passive, with no
other verb between. What no such verb governs is no measured number. A denied event with a year is a count of zero
(``docs/coding.md``, Figures). A list may leave out what it said before (``10,290 ha of coca in 2011, 14,171 in 2012``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mem_graph.model import Evidence, Observation, Span, Sureness
from mem_graph.reading.entities.mentions import LETTERS, Sentence
from mem_graph.reading.figures import cuts, governing, parts, tables, themes
from mem_graph.reading.figures.amounts import Amount
from mem_graph.reading.figures.counted import listed
from mem_graph.reading.figures.numbers import numbers_in
from mem_graph.reading.figures.subjects import subjects_in
from mem_graph.reading.figures.years import When, times
from mem_graph.reading.figures.zeros import Measured, zeros
from mem_graph.reading.rules import Rules, compiled, pattern
from mem_graph.reading.syntax.events import Event, events
from mem_graph.reading.syntax.participles import open_measure


def observations(
    sentence: Sentence, earlier: Sequence[Observation], rules: Rules, lead: str = ""
) -> tuple[Observation, ...]:
    """The measured numbers of a sentence, or of a table that stands in its place.

    ``earlier``: those of the report so far, for the unit of a count of zero; ``lead``: the sentence before,
    for a table's verb and *that year*.
    """
    if table := _of_table(sentence, lead, rules):
        return table
    text = cuts.without_descriptions(sentence.view.text, rules)
    met = events(text, rules) if _may_measure(text, rules) else ()
    last = _just_before(sentence, earlier)
    spoken = times(text, last.year if last else _year_of(lead, rules), rules)
    met = tuple(event for event in met if not any(when.start <= event.start < when.end for when in spoken))
    carried = _carried(text, spoken, last, earlier, rules)
    if not met and carried is None:
        return ()
    whole = parts.of(text, spoken, met, rules)
    about = None if subjects_in(text, rules) else themes.only_subject(lead, rules)
    measured = governing.governed(text, whole, met, rules, carried, about)
    methods = dict(_methods(text, met, rules))
    printed = [
        Measured(event.cue, amount, _is_in_word(text, amount, rules), methods.get(event.start))
        for amount, event in measured
    ]
    known = [*earlier, *(_observation(sentence, one, LETTERS[0], rules) for one in printed)]
    found = [*printed, *zeros(text, whole, printed, known, last, rules)]
    ordered = sorted(found, key=lambda one: (not one.zero, one.amount.start))
    return tuple(_observation(sentence, one, letter, rules) for one, letter in zip(ordered, LETTERS, strict=False))


def _is_in_word(text: str, amount: Amount, rules: Rules) -> bool:
    """Whether a zero of a list is told by a word that denies, not by a number."""
    return compiled(rules.words("none_in_lists")).fullmatch(text[slice(*amount.number)]) is not None


def _methods(text: str, met: Sequence[Event], rules: Rules) -> Iterator[tuple[int, str]]:
    """How an event was done, by the place of the event: words right before it, else behind it, before the next."""
    for way in rules.of("method"):
        for match in pattern(way).finditer(text):
            behind = [event for event in met if 0 <= event.start - match.end() <= 1 or event.start <= match.start()]
            own = max(behind, key=lambda event: event.start, default=met[0] if met else None)
            if own is not None:
                yield own.start, way.value


def _year_of(lead: str, rules: Rules) -> int | None:
    """The year of which a sentence speaks last, for *that year* in the next."""
    return next((when.year for when in reversed(times(lead, None, rules)) if when.year), None)


def _of_table(sentence: Sentence, lead: str, rules: Rules) -> tuple[Observation, ...]:
    """The numbers of a table."""
    span = sentence.passage.span
    found = tables.cells(span.quote, lead, rules) if "\n" in span.quote else ()
    return tuple(
        Observation(
            cell.cue.value,
            cell.subject,
            cell.unit,
            cell.year,
            cell.value,
            Span(span.quote[cell.start : cell.end], span.start + cell.start, span.start + cell.end),
            Evidence(sentence.passage, letter, cell.cue.id, "printed"),
            None,
            False,
        )
        for cell, letter in zip(found, LETTERS, strict=False)
    )


def _may_measure(text: str, rules: Rules) -> bool:
    """Whether a text has a number or a word that denies: cheap to look for."""
    numbered = next(numbers_in(text, 0, len(text), rules), None) is not None
    return numbered or compiled(rules.words("no_words")).search(text) is not None


def _just_before(sentence: Sentence, earlier: Sequence[Observation]) -> Observation | None:
    """The last measured number of the sentence before, in the same place."""
    here = sentence.passage
    near = (one for one in reversed(earlier) if one.evidence.passage.where == here.where)
    return next((one for one in near if one.evidence.passage.number == here.number - 1), None)


def _observation(sentence: Sentence, found: Measured, letter: str, rules: Rules) -> Observation:
    """A measured number; less sure where no table has its measure or its subject."""
    amount = found.amount
    printed = sentence.view.span(amount.start, max(amount.end, amount.until))
    subject, unit = amount.subject or "", amount.unit or ""
    unlisted = bool(found.cue.marks.get("open")) or subject not in listed(rules)
    sureness: Sureness = "fuzzy" if unlisted else "rule" if found.zero else "printed"
    evidence = Evidence(sentence.passage, letter, found.cue.id, sureness)
    return Observation(
        found.cue.value, subject, unit, amount.year, amount.value, printed, evidence, found.method, found.zero
    )


def _carried(
    text: str, spoken: Sequence[When], last: Observation | None, earlier: Sequence[Observation], rules: Rules
) -> governing.Carried | None:
    """What the sentence before measured, where this one takes it up: ``In 2013 the number was``."""
    shown = text
    for when in spoken:
        shown = shown[: when.start] + " " * (when.end - when.start) + shown[when.end :]
    if last is None or compiled(rules.words("figures_taken_up")).match(shown.lstrip(" ,").casefold()) is None:
        return None
    listed_cue = (cue for cue in rules.of("measure") if cue.id == last.evidence.rule)
    opened = open_measure(last.measure, rules)
    cue = next(listed_cue, opened if opened.id == last.evidence.rule else None)
    here = last.evidence.passage
    same = (one for one in earlier if one.evidence.passage == here and one.evidence.rule == last.evidence.rule)
    kinds = {str(counted.marks["unit"]) for counted in rules.of("counted")}
    things = [Amount(0, 0, (0, 0), one.value, one.unit, one.subject, one.unit in kinds) for one in same]
    return (Event(cue, 0, 0, "active"), things) if cue is not None else None

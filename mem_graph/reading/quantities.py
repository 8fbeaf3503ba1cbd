"""Numbers in a sentence: measured amounts with subject, unit and year, fractions, and the counts of ratings.

An amount is measured by the verb that governs it: the one before it in the active, behind it in the passive, with no
other verb between. What no such verb governs is no measured number. A denied event with a year is a count of zero
(``docs/coding.md``, Figures).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from mem_graph.model import Evidence, Fraction, Observation, Tally
from mem_graph.reading.amounts import (
    LABORATORIES,
    UNSPECIFIED,
    Amount,
    Event,
    events,
    governed,
    is_counted,
    subject_in,
    years_in,
    zero_events,
)
from mem_graph.reading.mentions import LETTERS, Sentence
from mem_graph.reading.numbers import YEAR, digits, numbers_in, value_of, words
from mem_graph.reading.rules import Cue, Rules, compiled, pattern


def observations(sentence: Sentence, earlier: Sequence[Observation], rules: Rules) -> tuple[Observation, ...]:
    """The measured numbers of a sentence. ``earlier``: those of the report so far, for the unit of a count of zero."""
    text = sentence.view.text
    met = events(text, rules)
    if not met:
        return ()
    zeros = _zeros(sentence, earlier, rules)
    method = next((way.value for way in rules.of("method") if pattern(way).search(text)), None)
    found = list(governed(text, met, rules))
    free = LETTERS[len(zeros) :]
    measured = (
        _observation(sentence, event, amount, letter, method)
        for (amount, event), letter in zip(found, free, strict=False)
    )
    return (*zeros, *measured)


def _observation(sentence: Sentence, event: Event, amount: Amount, letter: str, method: str | None) -> Observation:
    printed = sentence.view.span(amount.start, amount.end)
    evidence = Evidence(sentence.passage, letter, event.cue.id, "printed")
    subject, unit = amount.subject or "", amount.unit or ""
    return Observation(event.cue.value, subject, unit, amount.year, amount.value, printed, evidence, method)


def _zeros(sentence: Sentence, earlier: Sequence[Observation], rules: Rules) -> tuple[Observation, ...]:
    """The counts of zero in a denied event with a year: one for each year; their words say it, no digit does.

    Behind a semicolon the year may be the one that the sentence began with.
    """
    text = sentence.view.text
    found: list[Observation] = []
    for part in re.finditer(r"[^;]+", text):
        years, last = years_in(part[0], rules)
        if not years and part.start():
            years, last = years_in(text[: part.start()], rules)[0][:1], 0
        if years and not re.search(digits(rules), YEAR.sub("", part[0])):
            found.extend(_zeros_of(sentence, part, years, part.start() + last, earlier, LETTERS[len(found) :], rules))
    return tuple(found)


def _zeros_of(
    sentence: Sentence,
    part: re.Match[str],
    years: Sequence[int],
    last: int,
    earlier: Sequence[Observation],
    letters: str,
    rules: Rules,
) -> Iterator[Observation]:
    """The counts of zero of one part of a sentence, one for each year."""
    denied = next(iter(zero_events(part[0], rules)), None)
    if denied is None:
        return
    cue, start, stop = denied
    words = part[0][start:stop]
    subject, end = subject_in(words, rules)
    unit = _unit_of(words, cue, subject, earlier, rules)
    if subject is None and (counted := is_counted(words, rules)) is not None:
        subject, unit, end = counted
    if unit == LABORATORIES and subject is None:
        subject, end = UNSPECIFIED, 0
    if subject is None or unit is None:
        return
    first = part.start() + start
    until = max(last, first + end)
    printed = sentence.view.span(first, until if until > first else part.start() + stop)
    for letter, year in zip(letters, years, strict=False):
        evidence = Evidence(sentence.passage, letter, cue.id, "rule")
        yield Observation(cue.value, subject, unit, year, "0", printed, evidence, None, True)


def _unit_of(text: str, cue: Cue, subject: str | None, earlier: Sequence[Observation], rules: Rules) -> str | None:
    """The unit of a count of zero: the one in which the report measures the same thing, else one that is named."""
    of_same = (seen.unit for seen in reversed(earlier) if (seen.measure, seen.subject) == (cue.value, subject))
    named = (unit.value for unit in rules.of("unit") if pattern(unit).search(text))
    return next(of_same, None) or next(named, None) or (cue.marks.get("unit") if subject else None)


def fractions(sentence: Sentence, rules: Rules) -> tuple[Fraction, ...]:
    """``(8 of 11)`` with the words before it that say of what; ``8 of the 11 studies`` with those behind."""
    text = sentence.view.text
    found = [(match, cue) for cue in rules.of("fraction") for match in pattern(cue).finditer(text)]
    return tuple(
        _fraction(sentence, match, cue, letter, rules) for letter, (match, cue) in zip(LETTERS, found, strict=False)
    )


def _fraction(sentence: Sentence, match: re.Match[str], cue: Cue, letter: str, rules: Rules) -> Fraction:
    part, whole = (int(value_of(one[0], rules)) for one in numbers_in(match[0], 0, len(match[0]), rules))
    if cue.marks.get("whole_first"):
        part, whole = whole, part
    of = _counted(sentence.view.text, match, rules)
    evidence = Evidence(sentence.passage, letter, cue.id, "printed")
    return Fraction(part, whole, sentence.view.span(*of), sentence.view.span(*match.span()), evidence)


def _counted(text: str, fraction: re.Match[str], rules: Rules) -> tuple[int, int]:
    """The noun phrase before a bracket, without what says how many (``all of the priority … studies``).

    Or the one behind.
    """
    if not text[: fraction.start()].endswith("("):
        behind = re.compile(r"\s*[\w -]+?(?= (?:is|are|was|were|has|have|and)\b|[,.;()]|$)").match(text, fraction.end())
        return behind.span() if behind and behind[0].strip() else fraction.span()
    before = text[: fraction.start()].rstrip(" (")
    match = re.search(rf"(?:{'|'.join(rules.words('study_quantifiers'))})+(?P<of>[a-z][\w -]*)$", before)
    start = match.start("of") if match else before.rfind(",") + 1
    return (start, len(before)) if start < len(before) else fraction.span()


def tallies(sentence: Sentence, rules: Rules) -> tuple[Tally, ...]:
    """``has completed 16, five mostly completed …``.

    Each rating with its count. Only in a sentence that counts two or more.
    """
    text = sentence.view.text
    found: list[tuple[int, str, int, int]] = []
    for match in _rating_words(rules).finditer(text):
        counted = _count(text, match, rules)
        if counted is not None:
            label = next(cue.value for cue in rules.of("rating") if pattern(cue).fullmatch(match[0]))
            found.append((counted[0], label, *counted[1:]))
    if len(found) < 2:
        return ()
    return tuple(
        Tally(
            label,
            count,
            sentence.view.span(start, end),
            Evidence(sentence.passage, letter, "quantities.tally", "printed"),
        )
        for letter, (count, label, start, end) in zip(LETTERS, found, strict=False)
    )


@lru_cache(maxsize=8)
def _rating_words(rules: Rules) -> re.Pattern[str]:
    """The words of every rating as running text inflects them; what begins earlier or is longer comes first."""
    words = sorted((word for cue in rules.of("rating") for word in cue.words), key=len, reverse=True)
    return compiled(tuple(words))


def _count(text: str, rating: re.Match[str], rules: Rules) -> tuple[int, int, int] | None:
    """The number before a rating's words, or right behind them, with where the words of both stand."""
    fillers = "|".join(rules.words("tally_fillers"))
    number = words(rules).pattern
    before = re.search(rf"(?P<n>{number})(?:\s+(?:{fillers}))*\s+$", text[: rating.start()], re.IGNORECASE)
    if before:
        return _whole(before["n"], before.start("n"), rating.end(), rules)
    behind = re.match(rf"\s+(?P<n>{number})", text[rating.end() :], re.IGNORECASE)
    return _whole(behind["n"], rating.start(), rating.end() + behind.end("n"), rules) if behind else None


def _whole(printed: str, start: int, end: int, rules: Rules) -> tuple[int, int, int] | None:
    """A count with its place; a number with decimals counts nothing."""
    value = value_of(printed, rules)
    return (int(value), start, end) if value.isdecimal() else None

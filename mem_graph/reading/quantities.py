"""Numbers in a sentence: measured amounts with subject, unit and year, fractions, and the counts of ratings.

A list may leave out what it said before (``10,290 hectares of coca in 2011, 14,171 hectares in 2012``). A denied event with a
year is a count of zero (``docs/coding.md``, Figures).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from mem_graph.model import Evidence, Fraction, Observation, Tally
from mem_graph.reading.mentions import LETTERS, Sentence
from mem_graph.reading.rules import Cue, Rules, pattern
from mem_graph.vocabulary import Rating

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_YEAR = re.compile(r"(?<![\d,.])(?:19|20)\d\d(?![\d,]*\d)")
_CLAUSE_END = re.compile(r";|, and (?=[a-z]+ (?:has|have|is|are|does)\b)")


@dataclass(frozen=True, slots=True)
class _Amount:
    """One number of a list with what stands beside it; None where the list leaves it out."""

    start: int
    end: int
    value: str
    unit: str | None
    subject: str | None
    year: int | None


def observations(sentence: Sentence, earlier: Sequence[Observation], rules: Rules) -> tuple[Observation, ...]:
    """The measured numbers of a sentence. ``earlier``: those of the report so far, for the unit of a count of zero."""
    text = sentence.view.text
    cue = next((cue for cue in rules.of("measure") if _event(cue).search(text)), None)
    if cue is None:
        return ()
    zeros = _zeros(sentence, cue, earlier, rules)
    if zeros:
        return zeros
    amounts = _filled(list(_amounts(text, rules)), text)
    found = [(amount, amount.unit, amount.subject) for amount in amounts]
    method = next((way.value for way in rules.of("method") if pattern(way).search(text)), None)
    return tuple(
        Observation(
            cue.value,
            subject,
            unit,
            amount.year,
            amount.value,
            sentence.view.span(amount.start, amount.end),
            _evidence(sentence, letter, cue),
            method,
        )
        for letter, (amount, unit, subject) in zip(LETTERS, found, strict=False)
        if unit is not None and subject is not None
    )


def _evidence(sentence: Sentence, letter: str, cue: Cue) -> Evidence:
    return Evidence(sentence.passage, letter, cue.id, "printed")


@lru_cache(maxsize=32)
def _event_pattern(verb: str, event: str) -> re.Pattern[str]:
    stem = verb.removesuffix("e")
    return re.compile(rf"(?<!\w)(?:{stem}(?:e|es|ed|ing)|{event})(?!\w)", re.IGNORECASE)


def _event(cue: Cue) -> re.Pattern[str]:
    return _event_pattern(cue.words[0], cue.marks.get("event", cue.words[0]))


def _amounts(text: str, rules: Rules) -> Iterator[_Amount]:
    """Each number that is no year, with unit and subject right behind it and the year before the next number."""
    numbers = [match for match in _number(rules.words("numbers")).finditer(text) if not _YEAR.fullmatch(match[0])]
    starts = [match.start() for match in numbers]
    for match, stop in zip(numbers, [*starts[1:], len(text)], strict=False):
        behind = text[match.end() : stop]
        unit, unit_end = _unit(behind, rules)
        subject, subject_end = _subject(behind, rules)
        year = _YEAR.search(behind)
        end = max(unit_end, subject_end, year.end() if year else 0)
        yield _Amount(
            match.start(), match.end() + end, _value(match[0], rules), unit, subject, int(year[0]) if year else None
        )


@lru_cache(maxsize=8)
def _number(words: tuple[str, ...]) -> re.Pattern[str]:
    spelled = "|".join(sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w.,-])(?:{_NUMBER}|{spelled})(?![\w-])", re.IGNORECASE)


def _value(printed: str, rules: Rules) -> str:
    """Canonical decimal text of a number as printed: ``10,290`` is ``10290``."""
    names = rules.words("numbers")
    if printed.casefold() in names:
        return str(names.index(printed.casefold()))
    plain = printed.replace(",", "")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _unit(behind: str, rules: Rules) -> tuple[str | None, int]:
    """The unit right behind a number, and where it ends."""
    for cue in rules.of("unit"):
        match = pattern(cue).match(behind, len(behind) - len(behind.lstrip()))
        if match:
            return cue.value, match.end()
    return None, 0


def _subject(behind: str, rules: Rules) -> tuple[str | None, int]:
    """The subject named first behind a number, the longest name of those that begin together."""
    found = [
        (match.start(), -match.end(), cue.value)
        for cue in rules.of("subject")
        if (match := pattern(cue).search(behind))
    ]
    return (min(found)[2], -min(found)[1]) if found else (None, 0)


def _filled(amounts: Sequence[_Amount], text: str) -> list[_Amount]:
    """The amounts with what the list leaves out: unit and subject from the one before, the year from before the list."""
    filled: list[_Amount] = []
    for amount in amounts:
        last = filled[-1] if filled else None
        leading = _YEAR.search(text[: amounts[0].start])
        year = amount.year or (int(leading[0]) if leading else None)
        unit = amount.unit or (last.unit if last and amount.year else None)
        subject = amount.subject or (last.subject if last else _before(text, amount))
        filled.append(replace(amount, unit=unit, subject=subject, year=year))
    return filled


def _before(text: str, amount: _Amount) -> str | None:
    return None


def _zeros(sentence: Sentence, cue: Cue, earlier: Sequence[Observation], rules: Rules) -> tuple[Observation, ...]:
    """The counts of zero in a denied event with a year: one for each year."""
    text = sentence.view.text
    match = _denied(cue.words[0]).search(text)
    years = [int(year[0]) for year in _YEAR.finditer(text)] if match else []
    subject, end = _subject(text[match.start() :], rules) if match else (None, 0)
    if match is None or not years or re.search(_NUMBER, _YEAR.sub("", text)):
        return ()
    unit = next((seen.unit for seen in reversed(earlier) if (seen.measure, seen.subject) == (cue.value, subject)), None)
    unit = unit or next((of.value for of in rules.of("unit") if pattern(of).search(text)), None)
    last = list(_YEAR.finditer(text))[-1].end()
    printed = sentence.view.span(match.start(), max(last, match.start() + end))
    return tuple(
        Observation(cue.value, subject, unit, year, "0", printed, _evidence(sentence, letter, cue), None, True)
        for letter, year in zip(LETTERS, years, strict=False)
        if subject is not None and unit is not None
    )


@lru_cache(maxsize=32)
def _denied(verb: str) -> re.Pattern[str]:
    stem = verb.removesuffix("e")
    return re.compile(
        rf"(?:did|does|do)(?: not|n't) (?:\w+ly )?{verb}|(?<!\w)no [^.;]*?(?:was|were|has been|have been) {stem}ed|(?:was|were) not {stem}ed|has not {stem}ed",
        re.IGNORECASE,
    )


def fractions(sentence: Sentence, rules: Rules) -> tuple[Fraction, ...]:
    """``(8 of 11)`` with the words before it that say of what."""
    found = []
    text = sentence.view.text
    for cue in rules.of("fraction"):
        for letter, match in zip(LETTERS, pattern(cue).finditer(text), strict=False):
            part, whole = (int(number) for number in re.findall(r"\d+", match[0]))
            of = _counted(text, match.start(), rules)
            if of is not None:
                evidence = Evidence(sentence.passage, letter, cue.id, "printed")
                found.append(
                    Fraction(part, whole, sentence.view.span(*of), sentence.view.span(*match.span()), evidence)
                )
    return tuple(found)


def _counted(text: str, end: int, rules: Rules) -> tuple[int, int] | None:
    """The noun phrase before a bracket, without what says how many: ``all of the priority … studies``."""
    before = text[:end].rstrip(" (")
    match = re.search(rf"(?:{'|'.join(rules.words('study_quantifiers'))})+(?P<of>[a-z][\w -]*)$", before)
    start = match.start("of") if match else before.rfind(",") + 1
    return (start, len(before)) if start < len(before) else None


def tallies(sentence: Sentence, ratings: Mapping[str, Rating], rules: Rules) -> tuple[Tally, ...]:
    """``has completed 16, five mostly completed …``: each rating with its count. Only in a sentence that counts two or more."""
    text = sentence.view.text
    found: list[tuple[int, str, int, int]] = []
    for match in _rating_words(tuple(ratings)).finditer(text):
        counted = _count(text, match, rules)
        if counted is not None:
            found.append((counted[0], ratings[_label(match[0], ratings)].label, *counted[1:]))
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
def _rating_words(labels: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})d?(?!\w)", re.IGNORECASE)


def _label(words: str, ratings: Mapping[str, Rating]) -> str:
    folded = words.casefold()
    return folded if folded in ratings else folded.removesuffix("d")


def _count(text: str, rating: re.Match[str], rules: Rules) -> tuple[int, int, int] | None:
    """The number before a rating's words, or right behind them, with where the words of both stand."""
    fillers = "|".join(rules.words("tally_fillers"))
    number = _number(rules.words("numbers")).pattern
    before = re.search(rf"(?P<n>{number})(?:\s+(?:{fillers}))*\s+$", text[: rating.start()], re.IGNORECASE)
    if before:
        return int(_value(before["n"], rules)), before.start("n"), rating.end()
    behind = re.match(rf"\s+(?P<n>{number})", text[rating.end() :], re.IGNORECASE)
    return (int(_value(behind["n"], rules)), rating.start(), rating.end() + behind.end("n")) if behind else None

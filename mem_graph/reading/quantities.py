"""Numbers in a sentence: measured amounts with subject, unit and year, fractions, and the counts of ratings.

A list may leave out what it said before (``10,290 hectares of coca in 2011, 14,171 hectares in 2012``). A denied event
with a
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
_LEADING = re.compile(
    r"(?<!\w)(?:(?:in|during|for|by) (?:the year )?(?P<one>(?:19|20)\d\d)(?![\d,]*\d)"
    r"|(?:between|from) (?P<first>(?:19|20)\d\d) (?:and|to) (?P<to>(?:19|20)\d\d))",
    re.IGNORECASE,
)
"""A year said before the numbers it is for: ``in 2012``, ``between 2011 and 2013``."""
LABORATORIES = "laboratories"
UNSPECIFIED = "unspecified"
"""The subject of laboratories of which is not said what they made."""


@dataclass(frozen=True, slots=True)
class _Amount:
    """One number of a list with what stands beside it; None where the list leaves it out."""

    start: int
    end: int
    value: str
    unit: str | None
    subject: str | None
    year: int | None
    dated: bool
    """Whether a year, or a span of years, is said for it."""


def observations(sentence: Sentence, earlier: Sequence[Observation], rules: Rules) -> tuple[Observation, ...]:
    """The measured numbers of a sentence. ``earlier``: those of the report so far, for the unit of a count of zero."""
    text = sentence.view.text
    cue = next((cue for cue in rules.of("measure") if _event(cue).search(text)), None)
    if cue is None:
        return ()
    zeros = _zeros(sentence, cue, earlier, rules)
    if zeros:
        return zeros
    method = next((way.value for way in rules.of("method") if pattern(way).search(text)), None)
    amounts = [amount for amount in _filled(list(_amounts(text, rules))) if amount.unit and amount.subject]
    return tuple(_observation(sentence, cue, *found, method) for found in zip(amounts, LETTERS, strict=False))


def _observation(sentence: Sentence, cue: Cue, amount: _Amount, letter: str, method: str | None) -> Observation:
    printed = sentence.view.span(amount.start, amount.end)
    evidence = _evidence(sentence, letter, cue)
    subject, unit = amount.subject or "", amount.unit or ""
    return Observation(cue.value, subject, unit, amount.year, amount.value, printed, evidence, method)


def _evidence(sentence: Sentence, letter: str, cue: Cue) -> Evidence:
    return Evidence(sentence.passage, letter, cue.id, "printed")


@lru_cache(maxsize=32)
def _event_pattern(verb: str, event: str) -> re.Pattern[str]:
    stem = verb.removesuffix("e")
    return re.compile(rf"(?<!\w)(?:{stem}(?:e|es|ed|ing)|{event})(?!\w)", re.IGNORECASE)


def _event(cue: Cue) -> re.Pattern[str]:
    return _event_pattern(cue.words[0], cue.marks.get("event", cue.words[0]))


def _amounts(text: str, rules: Rules) -> Iterator[_Amount]:
    """Each number that is no year.

    A list names its years behind its numbers, or each before the numbers of that year.
    """
    for part in re.finditer(r"[^;]+", text):
        numbers = [
            match for match in _number(rules.words("numbers")).finditer(text, *part.span()) if not _is_year(match)
        ]
        leading = bool(numbers) and _LEADING.search(text, part.start(), numbers[0].start()) is not None
        stops = [*(match.start() for match in numbers[1:]), part.end()]
        for match, stop in zip(numbers, stops, strict=False):
            yield _amount(text, match, stop, _leading(text, part.start(), match.start()) if leading else None, rules)


def _amount(text: str, number: re.Match[str], stop: int, said: tuple[int | None] | None, rules: Rules) -> _Amount:
    """One number with unit and subject right behind it; its year is the one said before, else the next behind."""
    behind = text[number.end() : stop]
    unit, unit_end = _unit(behind, rules)
    subject, subject_end = _subject(behind, rules)
    year = None if said else _YEAR.search(behind)
    end = number.end() + max(unit_end, subject_end, year.end() if year else 0)
    when = said[0] if said else int(year[0]) if year else None
    if unit == LABORATORIES and subject is None:
        subject = UNSPECIFIED
    return _Amount(number.start(), end, _value(number[0], rules), unit, subject, when, bool(said or year))


def _leading(text: str, start: int, end: int) -> tuple[int | None] | None:
    """The year said last before a number; no single one where a span of years is said."""
    last = list(_LEADING.finditer(text, start, end))[-1]
    return (None,) if last["to"] else (int(last["one"]),)


def _is_year(match: re.Match[str]) -> bool:
    return _YEAR.fullmatch(match[0]) is not None


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


def _filled(amounts: Sequence[_Amount]) -> list[_Amount]:
    """The amounts with what the list leaves out: unit and subject of the one before."""
    filled: list[_Amount] = []
    for amount in amounts:
        last = filled[-1] if filled else None
        unit = amount.unit or (last.unit if last and amount.dated else None)
        filled.append(replace(amount, unit=unit, subject=amount.subject or (last.subject if last else None)))
    return filled


def _zeros(sentence: Sentence, cue: Cue, earlier: Sequence[Observation], rules: Rules) -> tuple[Observation, ...]:
    """The counts of zero in a denied event with a year: one for each year."""
    text = sentence.view.text
    match = _denied(cue.words[0]).search(text)
    if match is None or re.search(_NUMBER, _YEAR.sub("", text)):
        return ()
    years, last = _years(text)
    subject, end = _subject(text[match.start() :], rules)
    unit = _unit_of(text, cue, subject, earlier, rules)
    if unit == LABORATORIES and subject is None:
        subject, end = UNSPECIFIED, 0
    if subject is None or unit is None:
        return ()
    printed = sentence.view.span(match.start(), max(last, match.start() + end))
    return tuple(
        Observation(cue.value, subject, unit, year, "0", printed, _evidence(sentence, letter, cue), None, True)
        for letter, year in zip(LETTERS, years, strict=False)
    )


def _years(text: str) -> tuple[list[int], int]:
    """The years a sentence names, all of a span of years, and where the last one stands."""
    met = list(_YEAR.finditer(text))
    span = next((match for match in _LEADING.finditer(text) if match["to"]), None)
    years = range(int(span["first"]), int(span["to"]) + 1) if span else [int(match[0]) for match in met]
    return list(years), met[-1].end() if met else 0


def _unit_of(text: str, cue: Cue, subject: str | None, earlier: Sequence[Observation], rules: Rules) -> str | None:
    """The unit of a count of zero: the one in which the report measures the same thing, else one that is named."""
    of_same = (seen.unit for seen in reversed(earlier) if (seen.measure, seen.subject) == (cue.value, subject))
    named = (unit.value for unit in rules.of("unit") if pattern(unit).search(text))
    return next(of_same, None) or next(named, None) or cue.marks.get("unit")


@lru_cache(maxsize=32)
def _denied(verb: str) -> re.Pattern[str]:
    stem = verb.removesuffix("e")
    forms = (
        rf"(?:did|does|do)(?: not|n't) (?:\w+ly )?{verb}",
        rf"(?<!\w)no [^.;]*?(?:was|were|has been|have been) {stem}ed",
        rf"(?:was|were|has|have) not (?:been )?{stem}ed",
    )
    return re.compile("|".join(forms), re.IGNORECASE)


def fractions(sentence: Sentence, rules: Rules) -> tuple[Fraction, ...]:
    """``(8 of 11)`` with the words before it that say of what; ``8 of the 11 studies`` with those behind."""
    text = sentence.view.text
    found = [(match, cue) for cue in rules.of("fraction") for match in pattern(cue).finditer(text)]
    return tuple(
        _fraction(sentence, match, cue, letter, rules) for letter, (match, cue) in zip(LETTERS, found, strict=False)
    )


def _fraction(sentence: Sentence, match: re.Match[str], cue: Cue, letter: str, rules: Rules) -> Fraction:
    part, whole = (int(number) for number in re.findall(r"\d+", match[0]))
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


def tallies(sentence: Sentence, ratings: Mapping[str, Rating], rules: Rules) -> tuple[Tally, ...]:
    """``has completed 16, five mostly completed …``.

    Each rating with its count. Only in a sentence that counts two or more.
    """
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
    longest_first = sorted(labels, key=len, reverse=True)
    words = "|".join(re.escape(label).replace("not\\ ", "not (?:yet )?(?:been )?") for label in longest_first)
    return re.compile(rf"(?<!\w)(?:{words})d?(?!\w)", re.IGNORECASE)


def _label(words: str, ratings: Mapping[str, Rating]) -> str:
    folded = words.casefold().replace("yet ", "").replace("been ", "")
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

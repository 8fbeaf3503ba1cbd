"""Counts of zero: a denied event with a year, whose words say that there was none (``docs/coding.md``, Figures).

Of what there was none is named behind the denial, ahead of it, or by what was measured before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mem_graph.model import Observation
from mem_graph.reading.figures import governing
from mem_graph.reading.figures.amounts import LABORATORIES, UNSPECIFIED, Amount, may_measure, measure_in
from mem_graph.reading.figures.counted import is_counted, listed
from mem_graph.reading.figures.numbers import numbers_in
from mem_graph.reading.figures.parts import Part
from mem_graph.reading.figures.subjects import subject_in, subjects_in
from mem_graph.reading.figures.years import When
from mem_graph.reading.rules import Cue, Rules, compiled, pattern
from mem_graph.reading.syntax.events import zero_events


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured number before it has its letter: what it measures, its place, whether its words say zero, and how."""

    cue: Cue
    amount: Amount
    zero: bool = False
    method: str | None = None


def zeros(
    text: str,
    whole: Sequence[Part],
    printed: Sequence[Measured],
    earlier: Sequence[Observation],
    last: Observation | None,
    rules: Rules,
) -> Iterator[Measured]:
    """The counts of zero in a denied event with a year: one for each year; their words say it, no digit does.

    A part of a sentence without a year may have that with which the sentence began.
    """
    for part in whole:
        led = part.led.years if part.led and not _is_since(part.led) else ()
        years = [year for when in part.times for year in when.years if not _is_since(when)] or list(led)
        numbers = numbers_in(text, part.start, part.end, rules)
        if not part.amounts and not any(may_measure(text, one, (), rules) for one in numbers):
            before = [one for one in reversed(printed) if one.amount.end <= part.start]
            yield from _zeros_of(text, part, years, before, earlier, last, rules)


def _is_since(when: When) -> bool:
    """Whether a time only begins or ends with a year: ``since 2010``."""
    return when.spans and len(when.years) == 1


def _zeros_of(
    text: str,
    part: Part,
    years: Sequence[int],
    told: Sequence[Measured],
    earlier: Sequence[Observation],
    last: Observation | None,
    rules: Rules,
) -> Iterator[Measured]:
    """The counts of zero of one part of a sentence, one for each year; ``told``: what it measured, the last first."""
    before = next(iter(told), None)
    denied = list(zero_events(text[part.start : part.end], rules, "none"))
    if not part.times:
        undated = compiled(rules.words("undated_denials"))
        denied = [one for one in denied if not undated.match(text[part.start + one[1] : part.start + one[2]])]
    if not denied and years and before is not None and _is_none(text, part, rules):
        denied = [(before.cue, 0, part.end - part.start)]
    if not denied and before is not None and before.cue.marks.get("zero") and _is_no_thing(text, part, rules):
        denied = [(before.cue, 0, part.end - part.start)]
    met = [
        (cue, part.start + start, words, thing)
        for cue, start, stop in (denied if years else ())
        if (words := text[part.start + start : part.start + stop])
        and (
            thing := _denied_thing(
                words,
                text[part.start : part.start + start],
                cue,
                next((one for one in told if one.cue.value == cue.value), before),
                earlier,
                last,
                rules,
            )
        )
    ]
    if not met:
        return
    own = [one for one in met if _is_of(one[0], one[3][1])] or met[:1]
    cue, first, words, (subject, unit, end) = next((one for one in own if one[0].marks.get("units")), own[0])
    subject = governing.made_by(cue, subject, rules) or subject
    until = max(part.times[-1].end if part.times else first, first + end, first + 1)
    for one in (subject, *_nor(words, end, rules)):
        for year in years:
            yield Measured(cue, Amount(first, until, (first, first), "0", unit, one, False, year), True)


def _is_of(cue: Cue, unit: str) -> bool:
    """Whether an event is one of things of such a unit: persons are not sold."""
    return unit in cue.marks.get("units", (unit,)) and unit not in cue.marks.get("no_units", ())


def _denied_thing(
    words: str,
    ahead: str,
    cue: Cue,
    before: Measured | None,
    earlier: Sequence[Observation],
    last: Observation | None,
    rules: Rules,
) -> tuple[str, str, int] | None:
    """What a denial says there was none of: named behind it, taken up, named ahead of it, or persons by its noun."""
    thing = _thing(words, cue, before, earlier, rules) or _taken_up(words, cue, before, last, earlier, rules)
    if thing is not None and before is not None and before.amount.occasions and thing[0] == before.amount.unit:
        thing = before.amount.subject or thing[0], *thing[1:]
    named = subjects_in(ahead, rules)
    if thing is None and len(named) == 1 and (unit := _unit_of(words, cue, named[0][0], earlier, None, rules)):
        thing = named[0][0], unit, 0
    nouns = tuple(cue.marks.get("events", ()))
    if thing is None and before is not None and before.cue.value == cue.value and compiled(nouns).search(words):
        thing = before.amount.subject or "", before.amount.unit or "", 0  # "en 2013 no hubo importaciones"
    if thing is None and cue.marks.get("counts") and compiled(tuple(cue.marks.get("events", ("(?!)",)))).search(words):
        thing = str(cue.marks["counts"]), str(cue.marks["counts"]), 0
    if thing is None and cue.marks.get("counts") and compiled(rules.words("nobody")).search(words):
        thing = str(cue.marks["counts"]), str(cue.marks["counts"]), 0
    none = compiled(rules.words("none")).search(words) is not None
    if (
        thing is not None
        and len(named) == 1
        and (none or (thing[0] == UNSPECIFIED and _is_led_by(ahead, named[0], rules)))
    ):
        return named[0][0], thing[1], 0
    return thing


def _is_led_by(ahead: str, named: tuple[str, int, int], rules: Rules) -> bool:
    """Whether a clause begins with of what it denies something: ``De drogas sintéticas no se detectó laboratorio``."""
    return re.fullmatch(rf"\W*(?:{'|'.join(rules.words('of'))})", ahead[: named[1]].strip(), re.IGNORECASE) is not None


def _nor(words: str, end: int, rules: Rules) -> Iterator[str]:
    """The other subjects of a denial, each behind a word that goes on with it: ``ni de amapola``."""
    again = re.compile(rf",? (?:{'|'.join(rules.words('denials_go_on')) or '(?!)'}) ", re.IGNORECASE)
    while (joined := again.match(words, end)) is not None:
        subject, length = subject_in(words[joined.end() :], rules)
        if subject is None or compiled(rules.words("list_joints")).search(words, joined.end(), joined.end() + length):
            return
        yield subject
        end = joined.end() + length


def _is_none(text: str, part: Part, rules: Rules) -> bool:
    """Whether a part says nothing but that there was none in a time: ``none in 2013``."""
    left = text[part.start : part.end]
    for when in reversed(part.times):
        left = left[: when.start - part.start] + left[when.end - part.start :]
    words = (*rules.words("none"), *rules.words("pro_verbs"), *rules.words("part_joints"), *rules.words("list_joints"))
    return compiled(rules.words("none")).search(left) is not None and not compiled(words).sub("", left).strip(" ,;.")


def _is_no_thing(text: str, part: Part, rules: Rules) -> bool:
    """Whether a part says nothing but that there was no such thing: ``seized 40 kg of cocaine but no heroin``."""
    joints, articles = ("|".join(rules.words(key)) or "(?!)" for key in ("part_joints", "denying_articles"))
    left = text[part.start : part.end]
    for when in reversed(part.times):
        left = left[: when.start - part.start].rstrip() + left[when.end - part.start :]
    said = re.match(rf"\W*(?:{joints}) (?:{articles}) (?P<thing>[^,;.]+)[,;.]?\s*$", left)
    if said is None:
        return False
    measured = measure_in(f" {said['thing']}", rules)
    subject, end = (measured[1], measured[2] - 1) if measured else subject_in(said["thing"], rules)
    if subject is None and (counted := is_counted(f" {said['thing']}", rules)) is not None:
        subject, end = counted[0], counted[2] - 1
    return subject is not None and not said["thing"][end:].strip()


def _thing(
    words: str, cue: Cue, before: Measured | None, earlier: Sequence[Observation], rules: Rules
) -> tuple[str, str, int] | None:
    """What did not occur, in which unit it is counted, and where that is named."""
    if (measured := _measured_none(words, rules)) is not None:
        return measured
    subject, end = subject_in(words, rules)
    same = before is not None and before.cue.value == cue.value and not before.amount.counted
    of_none = before is not None and subject is not None and _is_pronoun(words, rules)
    unit = before.amount.unit if before and of_none and _is_none_of(words, rules) else None
    unit = unit or _unit_of(words, cue, subject, earlier, before.amount.unit if same and before else None, rules)
    counted = _counted(words, rules)
    nouns = compiled(tuple(cue.marks.get("events", ())))
    if counted is not None and counted[0] not in listed(rules) and nouns.fullmatch(counted[0]):
        counted = None  # "no extraditions took place"
    if counted is not None and (subject is None or counted[2] <= end):
        return counted
    if unit == LABORATORIES and subject is None:
        taken = same and before is not None and _is_pronoun(words, rules)
        return (before.amount.subject if taken and before else None) or UNSPECIFIED, unit, 0
    return None if subject is None or unit is None else (subject, unit, end)


def _measured_none(words: str, rules: Rules) -> tuple[str, str, int] | None:
    """The laboratories of which there was none, told by what they make, which no table has: ``no mescaline labs``."""
    if subject_in(words, rules)[0] is not None:
        return None
    for match in compiled(rules.words("denying_articles")).finditer(words):
        measured = measure_in(words[match.end() :], rules)
        if measured is not None and measured[1] not in (None, UNSPECIFIED):
            return measured[1] or "", measured[0], match.end() + measured[2]
    return None


def _is_pronoun(words: str, rules: Rules) -> bool:
    """Whether *none* stands there for what was named before: no ``ningún laboratorio``."""
    named = any(pattern(unit).search(words) for unit in rules.of("unit") if unit.value == LABORATORIES)
    return compiled(rules.words("none")).search(words) is not None and not named


def _is_none_of(words: str, rules: Rules) -> bool:
    """Whether *none* says of which kind: ``no se detectó ninguno de drogas sintéticas``."""
    none, of = ("|".join(rules.words(key)) for key in ("none", "of"))
    return re.search(rf"(?<!\w)(?:{none}) (?:{of}) ", words) is not None


def _counted(words: str, rules: Rules) -> tuple[str, str, int] | None:
    """The thing that is counted behind a word that denies: ``no firearms``."""
    for match in compiled(rules.words("no_words")).finditer(words):
        helping = compiled(rules.words("helping_denied")).match(words, match.end() + 1)
        at = helping.end() if helping else match.end()
        found = is_counted(words[at:], rules)
        opened = match[0].casefold() in rules.words("denying_articles")
        if found is not None and (opened or found[0] in listed(rules)):
            subject, unit, end = found
            return subject, unit, at + end
    return None


def _taken_up(
    words: str,
    cue: Cue,
    before: Measured | None,
    last: Observation | None,
    earlier: Sequence[Observation],
    rules: Rules,
) -> tuple[str, str, int] | None:
    """The thing that a pronoun takes up: ``none was found`` behind laboratories, of any kind by another verb."""
    if compiled(rules.words("none")).search(words) is None:
        return None
    if before is not None:
        subject, unit = before.amount.subject or "", before.amount.unit or ""
        other = unit == LABORATORIES and before.cue.value != cue.value
        return UNSPECIFIED if other else subject, unit, 0
    if last is None:
        return None
    same = [one for one in earlier if one.evidence.passage == last.evidence.passage and one.unit == last.unit]
    several = last.measure != cue.value or len({one.subject for one in same}) > 1
    return UNSPECIFIED if last.unit == LABORATORIES and several else last.subject, last.unit, 0


def _unit_of(
    text: str, cue: Cue, subject: str | None, earlier: Sequence[Observation], near: str | None, rules: Rules
) -> str | None:
    """The unit of a count of zero: the one in which the report measures the same thing, else one that is named.

    Where nothing says so, the unit is unspecified. ``near``: the unit in which the same sentence has just measured
    the same event.
    """
    named = next((unit.value for unit in rules.of("unit") if pattern(unit).search(text)), None)
    of_same = (seen.unit for seen in reversed(earlier) if (seen.measure, seen.subject) == (cue.value, subject))
    if named == LABORATORIES:
        return named
    return next(of_same, None) or named or near or (UNSPECIFIED if subject and cue.marks.get("zero") else None)

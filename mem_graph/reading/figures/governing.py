"""Which event governs which amount, and what a list of amounts leaves out: unit, subject, verb.

The verb before an amount in the active, behind it in the passive, with no other verb between; a part without a verb of
its own goes on with that of the part before (*in 2013, the figures were 2.3 t and 1,204.5 kg*). What is in doubt is no
figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from mem_graph.reading.figures.amounts import (
    LABORATORIES,
    UNSPECIFIED,
    Amount,
    currencies,
    measure_in,
    subjects_in,
)
from mem_graph.reading.figures.counted import counted_nouns, is_counted
from mem_graph.reading.figures.parts import Part, breaks_down
from mem_graph.reading.rules import Cue, Rules, compiled, pattern
from mem_graph.reading.syntax import inflection
from mem_graph.reading.syntax.events import Event

Carried = tuple[Event, Sequence[Amount]]
"""An event, and amounts of which a text speaks on."""
PERSONS = "persons"
_COUNTED = re.compile(r"(?<![\d.,])(?!(?:19|20)\d\d )[\d.,]*\d [^\W\d_]+")
NEAR = 60
"""So many characters at most stand between an amount and a participle alone that belongs to it."""


def governed(
    text: str,
    whole: Sequence[Part],
    met: Sequence[Event],
    rules: Rules,
    carried: Carried | None = None,
    about: str | None = None,
) -> Iterator[tuple[Amount, Event]]:
    """Each amount with its event; without event, unit or subject none, nor of things counted without a year.

    ``carried``: what the sentence before measured, where this one takes it up (``The figures for 2013 were …``);
    ``about``: the only subject of that sentence, where this one names none (``212 plants were destroyed``).
    """
    last: Event | None = carried[0] if carried else None
    refused: Event | None = None
    before: Sequence[Amount] = carried[1] if carried else ()
    of_kind: dict[tuple[str | None, str | None], Event] = {}
    for part in whole:
        own = [event for event in met if part.start <= event.start < part.end and not _is_inside(event, part)]
        if refused is not None and compiled(rules.words("affirming")).match(text, part.start):
            last = replace(refused, denied=False)
        refused = next((event for event in reversed(own) if event.denied), None)
        goes_on = last is not None and _goes_on(text, part, own, rules)
        filled = _filled(text, part, own, before if goes_on or part.start else (), rules)
        filled = [replace(one, subject=about) if about and one.unit and not one.subject else one for one in filled]
        own = [event for event in own if not _describes(text, event, own, filled, rules)]
        own = [event for event in own if _has_its_amount(text, event, filled, rules)]
        for amount in filled:
            kind = (amount.unit, amount.subject)
            event = of_kind.get(kind, last) if goes_on else _event_of(text, amount, own, filled, rules)
            if event is None or event.denied or not _is_whole(amount, event, rules):
                continue
            last = of_kind[kind] = event
            yield _named_by(text, amount, event, rules), event
        before = [amount for amount in filled if amount.unit and amount.subject] or before


def _named_by(text: str, amount: Amount, event: Event, rules: Rules) -> Amount:
    """An amount of money with what it is by the noun that measures it (a budget), or before it: ``cash seizures``."""
    subject = event.cue.marks.get("subject")
    if event.form in ("noun", "reduced") and amount.subject == UNSPECIFIED and amount.unit in currencies(rules):
        before = subjects_in(text[: event.start].rstrip(), rules)
        subject = before[-1][0] if before and before[-1][2] == len(text[: event.start].rstrip()) else subject
        behind = subjects_in(text[event.end : amount.start], rules) if event.form == "noun" and not subject else []
        subject = behind[0][0] if behind and not text[event.end : event.end + behind[0][1]].strip() else subject
    if (counts := made_by(event.cue, amount.subject, rules)) is not None:
        return replace(amount, subject=counts)
    return replace(amount, subject=str(subject)) if subject and amount.subject == UNSPECIFIED else amount


def made_by(cue: Cue, subject: str | None, rules: Rules) -> str | None:
    """Of what an event made those that are called by it: convicts are persons who were convicted."""
    called = any(one.value == subject and one.marks.get("made_by") == cue.value for one in rules.of("counted"))
    return str(cue.marks["counts"]) if called and cue.marks.get("counts") else None


def _is_inside(event: Event, part: Part) -> bool:
    """Whether a noun that could be an event says of what an amount is: ``12 hectares of coca crops``."""
    return any(amount.start <= event.start < amount.end for amount in part.amounts)


def _is_whole(amount: Amount, event: Event, rules: Rules) -> bool:
    """Whether nothing is left out that a figure needs, and the event is one of such things."""
    told = bool(amount.unit and amount.subject) and (amount.dated or not amount.counted)
    if event.form == "noun" and event.cue.marks.get("money") and not amount.dated:
        return False  # "has a budget of B$1.2 million"
    return told and _fits(amount, event, rules)


def _fits(amount: Amount, event: Event, rules: Rules) -> bool:
    """Whether an event is one of things that the amount counts: what is closed may be pharmacies, or laboratories."""
    units = event.cue.marks.get("units")
    if amount.unit in event.cue.marks.get("no_units", ()):
        return False
    paid = not event.cue.marks.get("money") or amount.unit in currencies(rules)
    return amount.unit is None or ((units is None or amount.unit in units) and paid)


def _goes_on(text: str, part: Part, own: Sequence[Event], rules: Rules) -> bool:
    """Whether a part without a verb goes on with the one before: only words of figures stand before its amounts."""
    if not part.amounts or any(event.end <= part.amounts[0].start for event in own):
        return False
    passives = (event for event in own if event.form in ("passive", "either", "reduced"))
    if any(not text[part.amounts[0].end : event.start].strip(" ,") for event in passives):
        return False
    joint = compiled(rules.words("part_joints")).match(text, part.start)
    between = _without_times(text, part, joint.end() if joint else part.start, part.amounts[0].start)
    left = compiled((*rules.words("figure_words"), *rules.words("part_joints"))).sub(" ", between)
    for _, first, last in reversed(subjects_in(left, rules)):
        left = left[:first] + left[last:]
    return re.fullmatch(r"[\s,;:(]*", left) is not None


def _without_times(text: str, part: Part, start: int, end: int) -> str:
    """A stretch of a part with blanks where its times stand."""
    shown = list(text[start:end])
    for when in part.times:
        for at in range(max(start, when.start), min(end, when.end)):
            shown[at - start] = " "
    return "".join(shown)


# -- events ------------------------------------------------------------------------------------------------------------


def _event_of(text: str, amount: Amount, own: Sequence[Event], here: Sequence[Amount], rules: Rules) -> Event | None:
    """The event of an amount among those of its part, with no other verb between; the participle right behind first."""
    own = _closest_said([event for event in own if _fits(amount, event, rules)])
    behind = next((event for event in own if event.start >= amount.number[1] and event.form != "noun"), None)
    before = _before(text, [event for event in own if event.end <= amount.start], rules)
    after = text[amount.end : behind.start] if behind else ""
    ahead = text[before.end : amount.start] if before else ""
    parted = re.fullmatch(rf" (?:{'|'.join(rules.words('breakdowns'))}) ", after) is not None
    if behind and behind.form != "active" and (not after.strip(" ,") or parted or _is_relative(after, rules)):
        return behind
    if before and before.form in ("active", "noun", "either") and not _other_verb(ahead, rules):
        return before
    if behind and _takes_what_is_before(behind, after, rules):
        return behind
    listed = before and (before.form == "reduced" or amount is not here[0] or ":" in ahead)
    return before if listed and not _other_verb(ahead, rules) else None


def _closest_said(own: Sequence[Event]) -> list[Event]:
    """Of several readings of one verb those that need words beside it, which stand there: to attend *a course*."""
    said = {event.start for event in own if event.cue.marks.get("with")}
    return [event for event in own if event.start not in said or event.cue.marks.get("with")]


def _has_its_amount(text: str, event: Event, here: Sequence[Amount], rules: Rules) -> bool:
    """Whether an active verb that no table has takes an amount as its object, right behind it; any other may be so."""
    if not event.cue.marks.get("open") or event.form == "passive":
        return True
    behind = (amount for amount in here if amount.start >= event.end)
    before = (amount for amount in here if amount.end <= event.start) if event.form == "either" else ()
    ahead = [text[event.end : amount.start] for amount in behind]
    apart = compiled(rules.words("no_open_objects"))
    return any(_is_object(words, rules) and not apart.search(words) for words in ahead) or any(before)


def _describes(text: str, event: Event, own: Sequence[Event], here: Sequence[Amount], rules: Rules) -> bool:
    """Whether a participle only says what the object of another verb is like: ``sold 30 vehicles seized in 2012``."""
    objects = (
        [one for one in here if one.end <= event.start and not text[one.end : event.start].strip()]
        if event.form == "reduced"
        else []
    )
    verbs = [verb for verb in own if verb.form == "active"]
    return any(
        verb.end <= amount.start and _is_object(text[verb.end : amount.start], rules)
        for amount in objects
        for verb in verbs
    )


def _is_object(ahead: str, rules: Rules) -> bool:
    """Whether nothing but words of how much stands between a verb and an amount."""
    return not compiled((*rules.words("about"), "a")).sub("", ahead).strip()


def _before(text: str, earlier: Sequence[Event], rules: Rules) -> Event | None:
    """The last event before an amount; the noun where its verb only says how much: ``seizures reached 1.2 tonnes``."""
    if len(earlier) > 1 and earlier[-2].form == "noun":
        verb = text[earlier[-1].start : earlier[-1].end]
        if re.fullmatch("|".join(rules.words("figure_words")), verb, re.IGNORECASE):
            return earlier[-2]
    return earlier[-1] if earlier else None


def _takes_what_is_before(event: Event, between: str, rules: Rules) -> bool:
    """Whether an event measures an amount before it: a passive, a participle nearby, a clause that hangs on it."""
    if event.form == "active":
        return _is_relative(between, rules)
    return (event.form != "reduced" or _is_near(between)) and not _other_verb(between, rules)


def _is_near(between: str) -> bool:
    """Whether a participle belongs to the noun of the amount before it, or to one of a list with it."""
    return len(between) < NEAR and re.search(r"[;:]", between) is None


def _is_relative(between: str, rules: Rules) -> bool:
    """Whether a relative clause hangs right on an amount: ``64 offenders whom the courts admitted``."""
    return (
        re.fullmatch(rf",? ?(?:{'|'.join(rules.words('relatives_of_amounts'))})(?: [\w-]+){{0,4}} ", between)
        is not None
    )


def _other_verb(between: str, rules: Rules) -> bool:
    """Whether a finite verb stands in words that should be a list of amounts."""
    plain = compiled(rules.words("figure_words")).sub(" ", _COUNTED.sub("", between))
    if compiled(rules.words("clause_words")).search(plain):
        return True
    verbs = inflection.finite_verbs(rules)
    return any(word in verbs for word in re.findall(r"(?<!\w)[^\W\d_]+", plain) if word[0].islower()) or (
        compiled(rules.words("be")).search(plain) is not None
    )


# -- what a list leaves out --------------------------------------------------------------------------------------------


def _filled(text: str, part: Part, own: Sequence[Event], before: Sequence[Amount], rules: Rules) -> list[Amount]:
    """The amounts of a part with the units and subjects that the words leave out, where these can be only one thing."""
    here = _with_subjects_before(text, part, rules)
    here = _with_subjects_of_nouns(text, here, own, rules)
    topic = _topic(text, part, here, own, rules)
    units = {one.unit for one in here}
    alike = [one for one in before if None in units or one.unit in units]
    same = [] if len(topic) == 1 else [(one.subject, one.unit) for one in alike]
    here = _one_by_one(here, topic) or _one_by_one(here, same) or [_of_unit(one, alike) for one in here]
    filled: list[Amount] = []
    for at, amount in enumerate(here):
        own_before = (one for one in reversed(filled) if not breaks_down(text, one, rules))
        earlier = next(own_before, filled[-1]) if filled else before[-1] if len(before) == 1 else None
        later = next((one for one in here[at + 1 :] if one.unit), None)
        alone = _stands_alone(text, amount, part, own, rules) or (earlier and _is_shared_out(text, amount, earlier, rules))
        bare = amount.unit is None and not alone
        filled.append(amount if bare else _completed(text, part.start, amount, earlier, later, topic, own, rules))
    return filled


def _stands_alone(text: str, amount: Amount, part: Part, own: Sequence[Event], rules: Rules) -> bool:
    """Whether no noun of its own follows a bare number, so that it takes up what was named before."""
    counting = [event for event in own if event.form not in ("active", "noun") or event.cue.marks.get("counts")]
    ends = {when.start for when in part.times} | {event.start for event in counting if event.form != "active"}
    behind = text[amount.end :]
    objects = {event.end for event in own if event.form == "active"}
    listed = ":" in text[part.start : amount.start] or len(text[: amount.start].rstrip()) in objects
    listed = listed or breaks_down(text, amount, rules)
    if listed and compiled(rules.words("breakdown_ends")).match(behind.lstrip()):
        return True
    if amount.end + len(behind) - len(behind.lstrip(" ,")) in ends:
        return True
    return re.match(rf"\s?(?:[,;.:)]|$)|\s(?:{'|'.join(rules.words('behind_bare'))})(?!\w)", behind) is not None


def _is_shared_out(text: str, amount: Amount, earlier: Amount, rules: Rules) -> bool:
    """Whether a bare number goes on with a list, and says whence, or for what: ``2,106 in clinics and 12 at home``."""
    joints = "|".join(rules.words("list_joints"))
    joined = re.search(rf"(?:,|(?<!\w)(?:{joints}))$", text[earlier.end : amount.start].rstrip()) is not None
    return joined and compiled(rules.words("breakdown_ends")).match(text[amount.end :].lstrip()) is not None


def _completed(
    text: str,
    start: int,
    amount: Amount,
    earlier: Amount | None,
    later: Amount | None,
    topic: Sequence[tuple[str | None, str | None]],
    own: Sequence[Event],
    rules: Rules,
) -> Amount:
    """One amount with what the one before it, behind it or the head of the part says of it."""
    if len(topic) == 1 and not (amount.subject and amount.unit):
        subject, unit = topic[0]
        amount = replace(amount, subject=amount.subject or subject, unit=amount.unit or unit)
    if not (amount.unit and amount.subject) and later is not None and _is_listed(text, amount, later, rules):
        unit, counted = (amount.unit, False) if amount.unit else (later.unit, later.counted)
        amount = replace(amount, unit=unit, subject=amount.subject or later.subject, counted=counted)
    if amount.unit is None and earlier is not None and (amount.dated or amount.subject):
        subject = amount.subject or earlier.subject
        amount = replace(amount, unit=earlier.unit, subject=subject, counted=earlier.counted)
    if amount.unit is None and _last_named(text[: amount.start], rules) == LABORATORIES:
        amount = replace(amount, unit=LABORATORIES, subject=amount.subject or UNSPECIFIED)
    if amount.subject is None and amount.unit and earlier is not None and amount.dated:
        amount = replace(amount, subject=earlier.subject if not earlier.counted else None)
    if amount.subject is None and amount.unit and earlier is None and amount.dated:
        amount = replace(amount, subject=only_subject(text[:start], rules))
    return _of_persons(text, amount, own, rules)


def only_subject(before: str, rules: Rules) -> str | None:
    """The subject of the parts before, where they name but one: ``Poppy was not eradicated in 2012; 3 hectares …``."""
    named = {subject for subject, *_ in subjects_in(before, rules)}
    return named.pop() if len(named) == 1 else None


def _last_named(before: str, rules: Rules) -> str | None:
    """The unit of the thing that a text names last: laboratories, where a bare number counts one of them."""
    laboratories = (cue for cue in rules.of("unit") if cue.value == LABORATORIES)
    named = [match for cue in laboratories for match in pattern(cue).finditer(before)]
    counted = compiled((counted_nouns(rules),)).search(before, named[-1].end()) if named else None
    return LABORATORIES if named and counted is None else None


_BESIDE = 3
"""So many characters may stand between a verb and the bare number that is its object: the Spanish *a*."""


def _of_persons(text: str, amount: Amount, own: Sequence[Event], rules: Rules) -> Amount:
    """A bare number beside a verb that is said of persons only: ``12 were arrested``, ``extraditó a dos``.

    Or the sum of what a noun says of them: ``Arrests for drug offences totalled 310``.
    """
    near = [event for event in own if 0 <= event.start - amount.end <= 1 or 0 <= amount.start - event.end <= _BESIDE]
    changes = compiled(rules.words("changes"))
    sums = [
        event
        for event in own
        if event.form == "noun" and event.end < amount.start and changes.search(text, event.end, amount.start)
    ]
    near = near or sums[-1:]
    counts = next((_persons_of(event, amount) for event in near), None)
    if amount.unit is None and counts:
        return replace(amount, unit=counts, subject=counts, counted=True)
    return amount


def _persons_of(event: Event, amount: Amount) -> str | None:
    """The persons that a measure counts: by its rule, or where it is said of persons alone (``12 were trained``)."""
    marks = event.cue.marks
    is_object = event.form == "active" or (marks.get("intransitive") and amount.start > event.start)
    alone = not is_object and tuple(marks.get("units", ())) == (PERSONS,)
    return str(marks["counts"]) if "counts" in marks else PERSONS if alone else None


def _is_listed(text: str, amount: Amount, later: Amount, rules: Rules) -> bool:
    """Whether a bare number shares the unit of one behind it: ``12.3, 4.2 and 407.1 t``, ``from 40 to 23 hectares``."""
    between = text[amount.end : later.start]
    joints = "|".join((*rules.words("list_joints"), *rules.words("span_joints")))
    numbers = r"(?:[\d.,]+ ?)*"
    return re.fullmatch(rf"[, ]*{numbers}[, ]*(?:(?:{joints}) )?", between) is not None


def _one_by_one(here: Sequence[Amount], things: Sequence[tuple[str | None, str | None]]) -> list[Amount] | None:
    """Amounts without subjects, each of one of as many things named before, one by one; None where they are no pair."""
    if len(things) < 2 or len(here) != len(things) or any(one.subject for one in here):
        return None
    if any(one.unit and unit and one.unit != unit for one, (_, unit) in zip(here, things, strict=True)):
        return None
    units = [one.unit or unit or here[-1].unit for one, (_, unit) in zip(here, things, strict=True)]
    named = [subject for subject, _ in things]
    return [replace(one, subject=subject, unit=unit) for one, subject, unit in zip(here, named, units, strict=True)]


def _of_unit(amount: Amount, before: Sequence[Amount]) -> Amount:
    """A measured amount with the subject of the only one before that has its unit: ``the figures were 1.7 t and 9 lb``."""
    alike = [one for one in before if one.unit == amount.unit and not one.counted]
    if amount.subject or not amount.unit or len(alike) != 1:
        return amount
    return replace(amount, subject=alike[0].subject)


def _with_subjects_before(text: str, part: Part, rules: Rules) -> list[Amount]:
    """The amounts, those with a subject right before them with it: ``cocaine (12 kg)``; ``marijuana, 30 kg``."""
    found: list[Amount] = []
    start = part.start
    for amount in part.amounts:
        named = subjects_in(text[start : amount.start], rules)
        if amount.subject is None and named:
            subject, _, end = named[-1]
            between = text[start + end : amount.start]
            if re.fullmatch(rf"\s?(?:[(:,]|,? ?(?:{'|'.join(rules.words('worth'))}))\s?", between):
                amount = replace(amount, subject=subject)
        if amount.subject is None and amount.unit is None:
            amount = _of_subject(text, _said_to_be(text, amount, part.start, part.end, rules), part.end, rules)
        found.append(amount)
        start = amount.end
    return found


def _with_subjects_of_nouns(
    text: str, here: Sequence[Amount], own: Sequence[Event], rules: Rules
) -> list[Amount]:
    """Amounts behind a second noun with its subject: ``…, and methamphetamine seizures to 98 kg``."""
    found: list[Amount] = []
    named: str | None = None
    taken = [match.span() for match in compiled(rules.words("those_of")).finditer(text)]
    nouns = sorted([*((event.start, event.end) for event in own if event.form == "noun"), *taken])
    for at, amount in enumerate(here):
        start = here[at - 1].end if at else amount.start
        noun = next((span for span in reversed(nouns) if start <= span[0] < amount.start), None)
        if noun or any(start <= event.start < amount.start for event in own):
            named = _subject_of_noun(text, *noun, rules) if noun else None
        found.append(replace(amount, subject=named) if named and amount.unit and not amount.subject else amount)
    return found


def _subject_of_noun(text: str, start: int, end: int, rules: Rules) -> str | None:
    """What stands right before a noun of an event, or right behind it: ``cocaine seizures``, ``seizures of cocaine``."""
    before = text[:start].rstrip()
    subject, _, last = (subjects_in(before, rules) or [("", 0, 0)])[-1]
    behind = subjects_in(text[end:], rules)[:1]
    if subject and last == len(before):
        return subject
    return behind[0][0] if behind and not text[end : end + behind[0][1]].strip() else None


def _said_to_be(text: str, amount: Amount, start: int, end: int, rules: Rules) -> Amount:
    """A part of a number with what it is said to be: ``of whom 41 were foreign nationals``."""
    ways, be, bare = ("|".join(rules.words(key)) for key in ("breakdowns", "be", "breakdowns_bare"))
    whole = "|".join(rules.words("whole_openers"))
    opener = rf"(?<!\w)(?:{ways})(?: .*)?$|^\W*(?:{whole}) "
    opened = re.search(opener, text[start : amount.start].rstrip(), re.IGNORECASE)
    said = rf"(?P<after> (?:{ways}))? (?:{be})|(?P<bare>{bare or '(?!)'})"
    copula = re.compile(rf"(?:{said})(?= )").match(text, amount.end, end)
    if copula is None or not (opened or copula["after"] or copula["bare"] not in (None, ",")):
        return amount
    found = is_counted(text[copula.end() : end], rules)
    if found is None:
        return amount
    return replace(amount, subject=found[0], unit=found[1], counted=True, end=copula.end() + found[2])


def _of_subject(text: str, amount: Amount, end: int, rules: Rules) -> Amount:
    """A number with a subject and no unit: ``67 de clorhidrato de cocaína``."""
    behind = text[amount.end : end]
    joined = re.match(rf"\s(?:{'|'.join(rules.words('of'))}) ", behind)
    named = subjects_in(behind, rules)[:1] if joined else []
    if joined and named and not behind[joined.end() : named[0][1]].strip():
        return replace(amount, subject=named[0][0], end=amount.end + named[0][2])
    return amount


def _topic(
    text: str, part: Part, here: Sequence[Amount], own: Sequence[Event], rules: Rules
) -> list[tuple[str | None, str | None]]:
    """What the words before the first amount are about: things counted, or subjects, where the verb takes them so.

    ``the number of persons arrested was``, ``seizures of cocaine amounted to``, ``De marihuana se destruyeron``.
    """
    if not here or all(one.subject and one.unit for one in here):
        return []
    head = text[part.start : here[0].start]
    if (thing := _counted_before(head, part, own, rules)) is not None:
        return [thing]
    verbs = [event for event in own if event.start < here[0].start]
    if all(event.form == "active" for event in verbs) and not _is_figure(head, rules):
        return []
    return [(subject, None) for subject, *_ in subjects_in(head, rules)]


def _is_figure(head: str, rules: Rules) -> bool:
    """Whether the words before an amount have a verb of figures, or take one up: ``amounted to``, ``those of``."""
    return compiled((*rules.words("changes"), *rules.words("those_of"))).search(head) is not None


def _counted_before(head: str, part: Part, own: Sequence[Event], rules: Rules) -> tuple[str | None, str | None] | None:
    """The thing counted before its number: ``the number of persons arrested``, ``Reports received``."""
    for match in _number_of(rules).finditer(head):
        thing = _thing(head[match.end() :], rules)
        if thing is not None:
            return thing
    reduced = next((event for event in own if event.form == "reduced" and event.start < part.start + len(head)), None)
    if reduced is None:
        return None
    words = head[: reduced.start - part.start].split()
    for many in (3, 2, 1):
        thing = _thing(" " + " ".join(words[-many:]), rules) if len(words) >= many else None
        if thing is not None:
            return thing
    return None


def _thing(words: str, rules: Rules) -> tuple[str, str] | None:
    """A thing by the words that begin with its noun: subject and unit."""
    words = f" {words.lstrip()}"
    measured = measure_in(words, rules)
    if measured is not None and (measured[1] or measured[0] == LABORATORIES):
        return measured[1] or UNSPECIFIED, measured[0]
    counted = is_counted(words, rules)
    return None if counted is None else (counted[0], counted[1])


@lru_cache(maxsize=8)
def _number_of(rules: Rules) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(rules.words('number_of'))}) ", re.IGNORECASE)

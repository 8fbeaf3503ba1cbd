"""Which event governs which amount, and where a list of amounts leaves out its verb.

The verb before an amount in the active, behind it in the passive, with no other verb between; a part without a verb of
its own goes on with that of the part before (*in 2013, the figures were 2.3 t and 1,204.5 kg*). What is in doubt is no
figure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from mem_graph.reading.figures import ellipsis, occasions
from mem_graph.reading.figures.amounts import UNSPECIFIED, Amount, currencies, is_made, said_to_be, subjects_in
from mem_graph.reading.figures.counted import PERSONS, listed
from mem_graph.reading.figures.numbers import YEAR, spelled
from mem_graph.reading.figures.parts import Part, breaks_down, is_apposed, is_part
from mem_graph.reading.rules import Cue, Rules, compiled
from mem_graph.reading.syntax import inflection
from mem_graph.reading.syntax.events import Event

Carried = tuple[Event, Sequence[Amount]]
"""An event, and amounts of which a text speaks on."""
_COUNTED = re.compile(r"(?<![\d.,])(?!(?:19|20)\d\d )[\d.,]*\d [^\W\d_]+")
"""A number, but no year, with the word behind it."""
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

    Persons to whom the law did something are counted without one, too: ``in these operations 58 were arrested``.
    ``carried``: what the sentence before measured, where this one takes it up (``The figures for 2013 were …``);
    ``about``: the only subject of that sentence, where this one names none (``212 plants were destroyed``).
    """
    last: Event | None = carried[0] if carried else None
    refused: Event | None = None
    latest: Event | None = None
    before: Sequence[Amount] = carried[1] if carried else ()
    of_kind: dict[tuple[str | None, str | None], Event] = {}
    told: list[Event] = []
    for part in whole:
        own = [event for event in met if part.start <= event.start < part.end and not _is_inside(event, part.amounts)]
        own = [event for event in own if not _tells_number(text, event, part, rules)]
        affirmed = compiled(rules.words("affirming")).match(text, part.start) is not None
        taken_up = refused is not None and affirmed
        said_again = compiled(rules.words("pro_verbs")).search(text, part.start, part.end) is not None
        if not own and (latest or last) and (said_again or (affirmed and last is None)):
            taken_up, refused = True, latest or last
        if refused is not None and taken_up:
            last = replace(refused, denied=False)
        refused = next((event for event in reversed(own) if event.denied), None)
        latest = own[-1] if own else latest
        goes_on = last is not None and (_goes_on(text, part, own, rules) or (taken_up and not own))
        here = ellipsis.filled(text, part, own, before if goes_on or part.start else (), rules)
        filled = [replace(one, subject=about) if about and one.unit and not one.subject else one for one in here]
        own = [event for event in own if not (_is_inside(event, filled) and _is_making(text, event, rules))]
        own = [event for event in own if not _describes(text, event, own, filled, rules)]
        own = [event for event in own if _has_its_amount(text, event, filled, rules)]
        each = goes_on and len(told) == len(filled) and _each_its_own(text, part, rules)
        ahead, told, counted = told, [], list[Amount]()
        for at, amount in enumerate(filled):
            if goes_on and not each:
                amount = _of_kind_before(amount, of_kind)
            kind = (amount.unit, amount.subject)
            carried_on = ahead[at] if each else of_kind.get(kind, last)
            apart = not goes_on or _has_own_verb(text, amount, own, rules)
            event = _event_of(text, amount, own, filled, rules) if apart else carried_on
            if amount.occasions and not goes_on:
                event = occasions.event_of(text, amount, own, rules)
                amount = occasions.named(text, part.start, amount, event, rules)
            if told and (is_apposed(text, amount, rules) or _is_said_part(text, amount, rules)):
                event = told[-1]
            event = _said_to_exist(amount, event, rules)
            if event is not None and event.cue.marks.get("bare") and not part.amounts[at].subject:
                amount = replace(amount, subject=UNSPECIFIED)  # "300 ha of coca were eradicated and 12 ha reforested"
            if event is None or event.denied or not _is_whole(amount, event, rules):
                continue
            last = of_kind[kind] = event
            told.append(event)
            counted.append(amount)
            yield _named_by(text, amount, event, rules), event
        if not filled and not before:
            before = ellipsis.denied(text, own, rules)
        filled = [next((one for one in counted if one.start == amount.start), amount) for amount in filled]
        named = [amount for amount in filled if amount.unit and amount.subject]
        before = [amount for amount in named if not is_part(text, amount, rules)] or named or before


def _has_own_verb(text: str, amount: Amount, own: Sequence[Event], rules: Rules) -> bool:
    """Whether of a part of the amount before another passive is said: ``1,640, of which 412 were analyzed``."""
    passives = (event for event in own if event.form == "passive" and event.start >= amount.end)
    return breaks_down(text, amount, rules) and any(not text[amount.end : one.start].strip() for one in passives)


def _is_said_part(text: str, amount: Amount, rules: Rules) -> bool:
    """Whether of a part of the amount before is only said what it was: ``of whom 24 were women``."""
    said = said_to_be(text, amount.number[1], rules)
    return breaks_down(text, amount, rules) and said is not None and not is_made(said[0], rules)


def _of_kind_before(amount: Amount, kinds: Collection[tuple[str | None, str | None]]) -> Amount:
    """An amount named by its head alone with the whole name told before: ``17 drying sheds …, 22 sheds in 2013``."""
    if (amount.unit, amount.subject) in kinds or not amount.counted or not amount.subject:
        return amount
    whole = [subject for unit, subject in kinds if unit == amount.unit and subject]
    named = [subject for subject in whole if subject.endswith(f" {amount.subject}")]
    return replace(amount, subject=named[0]) if len(named) == 1 else amount


def _said_to_exist(amount: Amount, event: Event | None, rules: Rules) -> Event | None:
    """The event, or that of which a thing is the noun where it is only said to exist: ``there were 31 convictions``."""
    if event is None or not event.cue.marks.get("existential"):
        return event
    things = (
        str(cue.marks["event"]) for cue in rules.of("counted") if cue.value == amount.subject if "event" in cue.marks
    )
    value = next(things, None)
    cue = next((cue for cue in rules.of("measure") if cue.value == value), None)
    return replace(event, cue=replace(cue, marks={})) if cue else None


def _named_by(text: str, amount: Amount, event: Event, rules: Rules) -> Amount:
    """An amount of money with what it is by the noun that measures it (a budget), or before it: ``cash seizures``."""
    subject = event.cue.marks.get("subject")
    if event.form in ("noun", "reduced") and amount.subject == UNSPECIFIED and amount.unit in currencies(rules):
        before = subjects_in(text[: event.start].rstrip(), rules)
        subject = before[-1][0] if before and before[-1][2] == len(text[: event.start].rstrip()) else subject
        behind = subjects_in(text[event.end : amount.start], rules) if event.form == "noun" and not subject else []
        subject = behind[0][0] if behind and not text[event.end : event.end + behind[0][1]].strip() else subject
    if (counts := made_by(event.cue, amount.subject, rules)) is not None:
        return replace(amount, subject=counts, unit=counts)
    if _are_persons(amount, event.cue, rules):
        return replace(amount, unit=PERSONS)
    return replace(amount, subject=str(subject)) if subject and amount.subject == UNSPECIFIED else amount


def made_by(cue: Cue, subject: str | None, rules: Rules) -> str | None:
    """Of what an event made those that are called by it: convicts are persons who were convicted."""
    called = any(one.value == subject and one.marks.get("made_by") == cue.value for one in rules.of("counted"))
    return str(cue.marks["counts"]) if called and cue.marks.get("counts") else None


def _is_inside(event: Event, here: Sequence[Amount]) -> bool:
    """Whether a noun that could be an event says of what an amount is: ``12 hectares of coca crops``."""
    return any(amount.start <= event.start < amount.end for amount in here)


def _is_making(text: str, event: Event, rules: Rules) -> bool:
    """Whether an event says what is done with the subject of a place: ``laboratory in which crack was made``."""
    return compiled(rules.words("making_behind")).match(text, event.start) is not None


def _is_whole(amount: Amount, event: Event, rules: Rules) -> bool:
    """Whether nothing is left out that a figure needs, and the event is one of such things."""
    done_to_persons = event.form in ("passive", "either") and event.cue.marks.get("counts")
    told = bool(amount.unit and amount.subject and (amount.dated or not amount.counted or done_to_persons))
    if event.form == "noun" and event.cue.marks.get("money") and not amount.dated:
        return False  # "has a budget of B$1.2 million"
    return told and (_fits(amount, event, rules) or _are_persons(amount, event.cue, rules))


def _are_persons(amount: Amount, cue: Cue, rules: Rules) -> bool:
    """Whether a noun that no table has can only be of persons, as its event is of no other: ``nine detectives``."""
    return amount.counted and cue.marks.get("units") == [PERSONS] and amount.unit not in listed(rules)


def _fitting(amount: Amount, own: Sequence[Event], rules: Rules) -> list[Event]:
    """The events that are of such things; those of persons, where a verb can mean no other, of any noun unknown."""
    fit = [event for event in own if _fits(amount, event, rules)]
    taken = {event.start for event in fit if event.cue.marks.get("units")}
    return [
        event for event in own if event in fit or (event.start not in taken and _are_persons(amount, event.cue, rules))
    ]


def _fits(amount: Amount, event: Event, rules: Rules) -> bool:
    """Whether an event is one of things that the amount counts: what is closed may be pharmacies, or laboratories."""
    units = event.cue.marks.get("units")
    if amount.occasions:
        return True
    if amount.unit in event.cue.marks.get("no_units", ()):
        return False
    if units is not None and "money" in units and amount.unit in currencies(rules):
        return True
    paid = not event.cue.marks.get("money") or amount.unit in currencies(rules)
    return amount.unit is None or ((units is None or amount.unit in units) and paid)


def _goes_on(text: str, part: Part, own: Sequence[Event], rules: Rules) -> bool:
    """Whether a part without a verb goes on with the one before: only words of figures stand before its amounts."""
    if not part.amounts or any(event.end <= part.amounts[0].start for event in own):
        return False
    passives = (event for event in own if event.form in ("passive", "either", "reduced"))
    told = part.amounts[:1] if breaks_down(text, part.amounts[-1], rules) else part.amounts
    ends, each = (told[0].end, told[-1].end), compiled(rules.words("respectively"))
    if any(not each.sub("", text[end : event.start]).strip(" ,") for event in passives for end in ends):
        return False
    joint = compiled(rules.words("part_joints")).match(text, part.start)
    between = _without_times(text, part, joint.end() if joint else part.start, part.amounts[0].start)
    existing = compiled(tuple(f"{way}$" for way in rules.words("existing"))).search(between.rstrip())
    if existing is not None:
        if part.amounts[0].unit:
            return False  # "in 2012 there were four centres"
        between = between[: existing.start()]
    plain = (*rules.words("figure_words"), *rules.words("part_joints"), *rules.words("year_relatives"))
    left = compiled(plain).sub(" ", between)
    for _, first, last in reversed(subjects_in(left, rules)):
        left = left[:first] + left[last:]
    return re.fullmatch(r"[\s,;:(]*", left) is not None


def _each_its_own(text: str, part: Part, rules: Rules) -> bool:
    """Whether the amounts of a part are of the verbs before, one by one: ``in 2012, 52 and 18, respectively``."""
    told_alike = compiled(rules.words("figures_taken_up")).search(text, part.start, part.end) is not None
    bare = len(part.amounts) > 1 and all(one.unit is None for one in part.amounts)
    return compiled(rules.words("respectively")).search(text, part.start, part.end) is not None or (told_alike and bare)


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
    own = _closest_said(_fitting(amount, own, rules))
    behind = next((event for event in own if event.start >= amount.number[1] and event.form != "noun"), None)
    before = _before(text, [event for event in own if event.end <= amount.start], rules)
    after = compiled(rules.words("latter")).sub("", text[amount.end : behind.start]) if behind else ""
    ahead = _without(text, before.end, amount.start, here) if before else ""
    if before and _is_direct(before, text[before.end : amount.start], rules):
        return before
    colon = ":" in ahead
    ahead = re.sub(rf"(?:{'|'.join(rules.words('breakdowns'))})\s*$", "", ahead, flags=re.IGNORECASE)
    parted = re.fullmatch(rf" (?:{'|'.join(rules.words('breakdowns'))}) ", after) is not None
    said = behind is not None and "," in after and _is_said(before, ahead, behind, rules)
    right_behind = not after.strip(" ,") and not said
    if before and behind and _is_granted(before, behind, after, rules):
        return behind
    if behind and behind.form != "active" and (right_behind or parted or _is_relative(after, rules)):
        return behind
    inverted = "|".join(rules.words("inversions")) or "(?!)"
    if before and before.form == "reduced" and _is_said_of_number(ahead, rules):
        return before
    if before and before.form in ("passive", "either") and _is_closed(after, rules) and not _other_verb(ahead, rules):
        return before
    if before and before.form == "passive" and re.search(rf"(?<!\w)(?:{inverted}) $", ahead):
        return before
    if behind and behind.form == "active" and _is_relative(after, rules) and _is_whole_of(text, amount, rules):
        return behind
    if before and _is_receiver(before, ahead, rules):
        return None
    if before and before.form == "passive" and not amount.counted and ahead.strip() in rules.words("areas_behind"):
        return before
    if before and before.form in ("active", "noun", "either") and not _other_verb(ahead, rules):
        return before
    if behind and _takes_what_is_before(behind, after, rules):
        return behind
    listed = before and (before.form == "reduced" or amount is not here[0] or colon)
    return before if listed and not _other_verb(ahead, rules) else None


def _is_closed(after: str, rules: Rules) -> bool:
    """Whether an amount with its year ends a list, and another clause begins behind it: `` in 2013, and 11 …``."""
    openers, joints = "|".join(rules.words("year_openers")), "|".join(rules.words("list_joints"))
    return re.match(rf" (?:{openers}) {YEAR.pattern}, (?:{joints}) ", after, re.IGNORECASE) is not None


def _is_said_of_number(ahead: str, rules: Rules) -> bool:
    """Whether the verb right before an amount says how much there was: ``the reports received by it numbered 148``."""
    verbs = list(compiled((*rules.words("changes"), *rules.words("be"))).finditer(ahead))
    return bool(verbs) and not _other_verb(ahead[verbs[-1].end() :], rules)


def _is_granted(noun: Event, verb: Event, after: str, rules: Rules) -> bool:
    """Whether a noun of money is the subject of a passive, which says what was done: ``grants of … were awarded``."""
    money = noun.form == "noun" and (noun.cue.marks.get("given") or noun.cue.marks.get("money"))
    return bool(money) and verb.form in ("passive", "either") and not _other_verb(after, rules)


def _is_whole_of(text: str, amount: Amount, rules: Rules) -> bool:
    """Whether an amount is the whole of a part before it: ``318 of the 402 reports that it received``."""
    return (
        compiled(tuple(rf"[\w.,]+ {way}$" for way in rules.words("whole_openers"))).search(
            text[: amount.start].rstrip()
        )
        is not None
    )


def _is_receiver(event: Event, ahead: str, rules: Rules) -> bool:
    """Whether an amount behind a passive of giving says who got it: ``loans were granted to 96 farmers``."""
    given = event.form == "either" and event.cue.marks.get("given") and not event.cue.marks.get("units")
    return bool(given) and ahead.strip() in rules.words("receivers")


def _is_said(before: Event | None, ahead: str, behind: Event, rules: Rules) -> bool:
    """Whether an amount is the object of the verb before it, and what stands behind a comma is another clause."""
    return (
        before is not None
        and before.form in ("active", "either")
        and behind.form != "reduced"
        and _is_object(ahead, rules)
    )


def _without(text: str, start: int, end: int, here: Sequence[Amount]) -> str:
    """A stretch of text with no words of the amounts that stand in it: ``240 laboratories that made cocaine``."""
    inside = [one for one in here if start <= one.start and one.end <= end]
    for one in reversed(inside):
        text = f"{text[: one.number[1]]}{' ' * (one.end - one.number[1])}{text[one.end :]}"
    return text[start:end]


def _closest_said(own: Sequence[Event]) -> list[Event]:
    """Of several readings of one verb the one that asks for most: words beside it (*a course*), or things of a kind."""
    best: dict[int, int] = {}
    for event in own:
        best[event.start] = max(best.get(event.start, 0), _asks(event))
    return [event for event in own if _asks(event) == best[event.start]]


def _asks(event: Event) -> int:
    marks = event.cue.marks
    return 2 if marks.get("with") else 1 if marks.get("units") or marks.get("money") else 0


def _has_its_amount(text: str, event: Event, here: Sequence[Amount], rules: Rules) -> bool:
    """Whether an active verb that no table has takes an amount as its object, right behind it; any other may be so."""
    if not event.cue.marks.get("open") or event.form == "passive":
        return True
    behind = (amount for amount in here if amount.start >= event.end)
    before = (amount for amount in here if amount.end <= event.start) if event.form == "either" else ()
    ahead = [text[event.end : amount.start] for amount in behind]
    apart = compiled(rules.words("no_open_objects"))
    return any(_is_object(words, rules) and not apart.search(words) for words in ahead) or any(before)


def _tells_number(text: str, event: Event, part: Part, rules: Rules) -> bool:
    """Whether a verb only says how much a number was: ``the number of raids reached 640``; ``cifra que llegó a 40``."""
    if not compiled(rules.words("changes")).fullmatch(text, event.start, event.end):
        return False
    told = compiled((*rules.words("number_of"), *rules.words("figures_that"))).search(text, part.start, event.start)
    return told is not None and not _other_verb(text[told.end() : event.start], rules)


def _describes(text: str, event: Event, own: Sequence[Event], here: Sequence[Amount], rules: Rules) -> bool:
    """Whether a participle only says what the object of another verb is like: ``sold 30 vehicles seized in 2012``."""
    objects = (
        [one for one in here if one.end <= event.start and not text[one.end : event.start].strip()]
        if event.form == "reduced"
        else []
    )
    verbs = [verb for verb in own if verb.form in ("active", "either")]
    return any(
        verb.end <= amount.start and _is_object(text[verb.end : amount.start], rules)
        for amount in objects
        for verb in verbs
    )


def _is_direct(verb: Event, ahead: str, rules: Rules) -> bool:
    """Whether an amount is the object that stands right behind its verb: ``se acusó a 40, se condenó a 12``."""
    direct = verb.form in ("active", "either") and bool(ahead) and not _is_receiver(verb, ahead, rules)
    return direct and _is_object(re.sub(r"^ al?(?= )", "", ahead), rules)


def _is_object(ahead: str, rules: Rules) -> bool:
    """Whether nothing but words of how much stands between a verb and an amount."""
    return not compiled((*rules.words("about"), "a")).sub("", ahead).strip()


def _before(text: str, earlier: Sequence[Event], rules: Rules) -> Event | None:
    """The last event before an amount; the noun where its verb only says how much: ``seizures reached 1.2 tonnes``.

    What is estimated is so before it is anything else: ``estimated the coca crops at 6.5 hectares``; so is money spent:
    ``ejecutó un presupuesto de 1.2 millones``.
    """
    if len(earlier) > 1 and _is_paid(earlier[-2], earlier[-1]):
        return earlier[-2]
    if len(earlier) > 1 and earlier[-1].form in ("noun", "reduced") and earlier[-2].cue.marks.get("of_nouns"):
        return earlier[-2]
    if len(earlier) > 1 and earlier[-2].form == "noun":
        verb = text[earlier[-1].start : earlier[-1].end]
        if re.fullmatch("|".join(rules.words("figure_words")), verb, re.IGNORECASE):
            return earlier[-2]
    return earlier[-1] if earlier else None


def _is_paid(verb: Event, noun: Event) -> bool:
    """Whether a sum that a noun names is the object of a verb of money."""
    return (
        verb.form == "active"
        and noun.form == "noun"
        and bool(verb.cue.marks.get("money") and noun.cue.marks.get("money"))
    )


def _takes_what_is_before(event: Event, between: str, rules: Rules) -> bool:
    """Whether an event measures an amount before it: a passive, a participle nearby, a clause that hangs on it."""
    if event.form == "active":
        return _is_relative(between, rules)
    part = rf"(?:\d[\d.,]*|{spelled(rules)})"
    if re.search(rf"(?:{'|'.join(rules.words('breakdowns'))}) {part}\s*$", between, re.IGNORECASE) is not None:
        return False  # "397 in 2012 and 418 in 2013, of whom 251 were convicted"
    joints = "|".join(rules.words("list_joints"))
    if re.search(rf", (?:{joints}) (?!of\b|the (?:rest|other|remaining))[a-z]+ (?:[a-z]+ )?$", between):
        return False  # "37 in 2013, and vocational training is given"
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
    between = _of_number(rules).sub(" ", between)
    plain = compiled(tuple(rf"{lead} \w+" for lead in rules.words("noun_leads"))).sub(" ", _COUNTED.sub("", between))
    plain = compiled(rules.words("figure_words")).sub(" ", plain)
    if compiled(rules.words("clause_words")).search(plain):
        return True
    verbs = inflection.finite_verbs(rules)
    return any(word in verbs for word in re.findall(r"(?<!\w)[^\W\d_]+", plain) if word[0].islower()) or (
        compiled(rules.words("be")).search(plain) is not None
    )


@lru_cache(maxsize=8)
def _of_number(rules: Rules) -> re.Pattern[str]:
    """A relative that only says how many there were: ``Las incautaciones, que en 2012 sumaron 1.200 kg, …``."""
    relatives, openers = ("|".join(rules.words(key)) or "(?!)" for key in ("relatives_of_numbers", "year_openers"))
    changes = "|".join(rules.words("changes"))
    return re.compile(rf", (?:{relatives})(?: (?:{openers}) {YEAR.pattern})? (?=(?:{changes})(?!\w))")

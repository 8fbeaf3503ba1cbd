"""Which event governs which amount, and where a list of amounts leaves out its verb.

The verb before an amount in the active, behind it in the passive, with no other verb between; a part without a verb of
its own goes on with that of the part before (*in 2013, the figures were 2.3 t and 1,204.5 kg*). What is in doubt is no
figure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from mem_graph.reading.figures import ellipsis, governors, occasions, themes
from mem_graph.reading.figures.amounts import UNSPECIFIED, Amount, is_made, said_to_be
from mem_graph.reading.figures.counted import PERSONS
from mem_graph.reading.figures.money import currencies, is_price
from mem_graph.reading.figures.parts import Part
from mem_graph.reading.figures.portions import breaks_down, is_apposed, is_part
from mem_graph.reading.figures.subjects import subjects_in
from mem_graph.reading.rules import Cue, Rules, compiled
from mem_graph.reading.syntax.events import Event

Carried = tuple[Event, Sequence[Amount]]
"""An event, and amounts of which a text speaks on."""


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
        own = [event for event in own if not governors.tells_number(text, event, part, rules)]
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
        own = [event for event in own if not governors.describes(text, event, own, filled, rules)]
        own = [event for event in own if governors.has_its_amount(text, event, filled, rules)]
        each = goes_on and len(told) == len(filled) and _each_its_own(text, part, rules)
        ahead, told, counted = told, [], list[Amount]()
        for at, amount in enumerate(filled):
            if goes_on and not each:
                amount = _of_kind_before(amount, of_kind)
            kind = (amount.unit, amount.subject)
            carried_on = ahead[at] if each else of_kind.get(kind, last)
            apart = not goes_on or _has_own_verb(text, amount, own, rules)
            event = governors.event_of(text, amount, own, filled, rules) if apart else carried_on
            if amount.occasions and not goes_on:
                event = occasions.event_of(text, amount, own, rules)
                amount = occasions.named(text, part.start, amount, event, rules)
            event = event or _making_of(text, amount, met, rules)
            taken = event is not None and (
                governors.is_taken(text, amount, event, rules) or governors.does(text, amount, event, rules)
            )
            if told and not taken and _is_of_the_last(text, amount, rules):
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
        before = (
            [one for one in named if not is_part(text, one, rules) and not _is_in_relative(text, one, rules)]
            or named
            or before
        )


def _making_of(text: str, amount: Amount, met: Sequence[Event], rules: Rules) -> Event | None:
    """What was done to those with whom a sentence begins, as they are called by it: ``De los 462 detenidos``."""
    opened = compiled(tuple(f"(?:{way} )$" for way in rules.words("whole_openers"))).match(text, 0, amount.start)
    inside = (event for event in met if amount.start <= event.start < amount.end)
    return next((event for event in inside if opened and made_by(event.cue, amount.subject, rules)), None)


def _has_own_verb(text: str, amount: Amount, own: Sequence[Event], rules: Rules) -> bool:
    """Whether of a part of the amount before another passive is said: ``1,640, of which 412 were analyzed``."""
    passives = (event for event in own if event.form == "passive" and event.start >= amount.end)
    done = any(not text[amount.end : one.start].strip() for one in passives)
    taken = any(event.start >= amount.end and governors.is_taken(text, amount, event, rules) for event in own)
    return breaks_down(text, amount, rules) and (done or taken)


def _is_in_relative(text: str, amount: Amount, rules: Rules) -> bool:
    """Whether an amount stands in a clause that only says more of another: ``74 raids, in which 3 ships were held``."""
    ways = "|".join(rules.words("relatives_aside")) or "(?!)"
    return re.search(rf", (?:{ways}) [^,;]*$", text[: amount.start]) is not None


def _is_of_the_last(text: str, amount: Amount, rules: Rules) -> bool:
    """Whether an amount is a part of the one before without a verb of its own, or for how much that was sold."""
    apposed = is_apposed(text, amount, rules) or is_price(text, amount.start, amount.unit, rules)
    return apposed or _is_said_part(text, amount, rules)


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
    if governors.are_persons(amount, event.cue, rules):
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
    return told and (governors.fits(amount, event, rules) or governors.are_persons(amount, event.cue, rules))


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
    left = compiled(rules.words("actors"), 0).sub(" ", left, 1)
    for _, first, last in reversed(subjects_in(left, rules)):
        left = left[:first] + left[last:]
    if part.amounts[0].subject is None and themes.fronted(text, part.amounts[0], rules) is not None:
        left = compiled(rules.words("fronts")).sub("", left)
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

"""The verb or noun of an event that governs an amount, among those that stand beside it.

The one before it in the active, behind it in the passive, with no other verb between; of several readings of a verb
that which asks for most of what stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from mem_graph.reading.figures.amounts import Amount
from mem_graph.reading.figures.counted import PERSONS, listed
from mem_graph.reading.figures.money import currencies
from mem_graph.reading.figures.numbers import YEAR, spelled
from mem_graph.reading.figures.parts import Part
from mem_graph.reading.figures.portions import is_apposed
from mem_graph.reading.rules import Cue, Rules, compiled
from mem_graph.reading.syntax import inflection
from mem_graph.reading.syntax.events import Event

_COUNTED = re.compile(r"(?<![\d.,])(?!(?:19|20)\d\d )[\d.,]*\d [^\W\d_]+")
"""A number, but no year, with the word behind it."""
NEAR = 60
"""So many characters at most stand between an amount and a participle alone that belongs to it."""


def event_of(text: str, amount: Amount, own: Sequence[Event], here: Sequence[Amount], rules: Rules) -> Event | None:
    """The event of an amount among those of its part, with no other verb between; the participle right behind first."""
    own = _closest_said(_fitting(amount, _told_of(text, amount, own, rules), rules))
    if _has_unknown_verb(text, amount, own, rules):
        return None
    behind = next((event for event in own if event.start >= amount.number[1] and event.form != "noun"), None)
    before = _before(text, [event for event in own if event.end <= amount.start], rules)
    apposed = compiled(rules.words("apposed")).match(text, amount.end + 1)
    stop = apposed.end() if apposed else amount.end
    after = compiled(rules.words("latter")).sub("", text[stop : behind.start]) if behind else ""
    colon = text.rfind(":", before.end, amount.start) if before else -1
    whom = compiled(rules.words("persons_told")).search(text, before.end, colon) if before and colon > 0 else None
    ahead = _without(text, colon + 1 if whom else before.end, amount.start, here) if before else ""
    if before and _is_direct(before, text[before.end : amount.start], rules):
        return before
    named = before and before.form == "noun" and not text[before.end : amount.start].strip()
    if before and named and behind and behind.form != "active" and behind.cue.marks.get("performs"):
        return before  # "Inspections of 110 pharmacies were carried out"
    if behind and is_taken(text, amount, behind, rules):
        return behind
    ahead = re.sub(rf"(?:{'|'.join(rules.words('breakdowns'))})\s*$", "", ahead, flags=re.IGNORECASE)
    parted = re.fullmatch(rf" (?:{'|'.join(rules.words('breakdowns'))}) ", after) is not None
    said = behind is not None and "," in after and _is_said(before, ahead, behind, rules)
    right_behind = not after.strip(" ,") and not said
    if before and before.form == "reduced" and "," in after and _is_person_behind(ahead, rules):
        return before
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
    if before and before.form == "passive" and behind is None and is_apposed(text, amount, rules):
        return before  # "Import certificates are issued by the Ministry, 140 of them in 2012"
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
    listed = before and (before.form == "reduced" or amount is not here[0] or colon >= 0)
    return before if listed and not _other_verb(ahead, rules) else None


def _has_unknown_verb(text: str, amount: Amount, own: Sequence[Event], rules: Rules) -> bool:
    """Whether right behind an amount, or the words that take it up, stands a passive that measures nothing."""
    taken_up = compiled(rules.words("apposed")).match(text, amount.end + 1)
    at = taken_up.end() if taken_up else amount.end
    said = compiled(rules.words("unknown_passives")).match(text, at + 1)
    nouns = [event for event in own if event.form == "noun" and event.end <= amount.start]
    named = any(_is_object(text[event.end : amount.start], rules) for event in nouns)  # "the destruction of 40 kg was"
    return said is not None and not named and not any(event.start < said.end() and event.end > at for event in own)


def is_taken(text: str, amount: Amount, event: Event, rules: Rules) -> bool:
    """Whether a part of the amount before is the object of a verb behind it: ``27 of which it forwarded``."""
    ways, takers = ("|".join(rules.words(key)) or "(?!)" for key in ("antecedents", "takers"))
    between = text[amount.number[1] : event.start]
    return event.form in ("active", "reduced") and re.fullmatch(rf" (?:{ways}) (?:{takers}) ", between) is not None


def does(text: str, amount: Amount, event: Event, rules: Rules) -> bool:
    """Whether a part of the amount before is what does the verb right behind it: ``690 of whom completed it``."""
    between = text[amount.number[1] : event.start]
    return event.form == "either" and compiled(rules.words("apposed")).fullmatch(between.strip()) is not None


def _told_of(text: str, amount: Amount, own: Sequence[Event], rules: Rules) -> list[Event]:
    """The events that may be told of an amount: none that only says of which whole it is a part, or whom a list is of.

    ``Seis de los vehículos decomisados los donó``; ``imparte formación a quienes concluyen el programa: 32 personas``.
    """
    whole = compiled(rules.words("wholes_told")).match(text, amount.number[1] + 1) is not None
    colon = text.rfind(":", 0, amount.start)
    clauses = compiled(tuple(f"{way} $" for way in rules.words("persons_told")))
    whom = [one for one in own if one.end < colon and clauses.search(text, 0, one.start)]
    if whole and len(own) > 1:
        own = [one for one in own if one.form != "reduced" or text[amount.end : one.start].strip()]
    return [one for one in own if one not in whom] if len(whom) < len(own) else [*own]


def _is_person_behind(ahead: str, rules: Rules) -> bool:
    """Whether persons stand behind a participle who got what it names: ``el curso, impartido en 2012 a 44 jueces``."""
    years = rf"(?: (?:{'|'.join(rules.words('year_openers'))}) {YEAR.pattern})?"
    openers, about = ("|".join(rules.words(key)) or "(?!)" for key in ("persons_behind", "about"))
    return re.fullmatch(rf"{years} (?:{openers}) (?:(?:{about}) )?", ahead, re.IGNORECASE) is not None


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
    return 2 if marks.get("with") or marks.get("subjects") else 1 if marks.get("units") or marks.get("money") else 0


def has_its_amount(text: str, event: Event, here: Sequence[Amount], rules: Rules) -> bool:
    """Whether an active verb that no table has takes an amount as its object, right behind it; any other may be so."""
    if not event.cue.marks.get("open") or event.form == "passive":
        return True
    behind = (amount for amount in here if amount.start >= event.end)
    before = (amount for amount in here if amount.end <= event.start) if event.form == "either" else ()
    ahead = [text[event.end : amount.start] for amount in behind]
    apart = compiled(rules.words("no_open_objects"))
    return any(_is_object(words, rules) and not apart.search(words) for words in ahead) or any(before)


def tells_number(text: str, event: Event, part: Part, rules: Rules) -> bool:
    """Whether a verb only says how much a number was: ``the number of raids reached 640``; ``cifra que llegó a 40``."""
    if not compiled(rules.words("changes")).fullmatch(text, event.start, event.end):
        return False
    told = compiled((*rules.words("number_of"), *rules.words("figures_that"))).search(text, part.start, event.start)
    return told is not None and not _other_verb(text[told.end() : event.start], rules)


def describes(text: str, event: Event, own: Sequence[Event], here: Sequence[Amount], rules: Rules) -> bool:
    """Whether a participle only says what the object of another verb is like: ``sold 30 vehicles seized in 2012``."""
    objects = (
        [one for one in here if one.end <= event.start and not text[one.end : event.start].strip()]
        if event.form == "reduced"
        else []
    )
    verbs = [verb for verb in own if verb.form in ("active", "either")]
    helped = [verb for verb in verbs if verb.form == "either" and verb.start > event.end]
    if objects and any(not text[event.end : verb.start].strip() for verb in helped):
        return True  # "ocho extranjeros condenados fueron deportados"
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


def _fitting(amount: Amount, own: Sequence[Event], rules: Rules) -> list[Event]:
    """The events that are of such things; those of persons, where a verb can mean no other, of any noun unknown."""
    fit = [event for event in own if fits(amount, event, rules)]
    taken = {event.start for event in fit if event.cue.marks.get("units")}
    return [
        event for event in own if event in fit or (event.start not in taken and are_persons(amount, event.cue, rules))
    ]


def fits(amount: Amount, event: Event, rules: Rules) -> bool:
    """Whether an event is one of things that the amount counts: what is closed may be pharmacies, or laboratories."""
    units = event.cue.marks.get("units")
    if amount.occasions:
        return True
    if amount.unit in event.cue.marks.get("no_units", ()):
        return False
    if units is not None and "money" in units and amount.unit in currencies(rules):
        return True
    if "subjects" in event.cue.marks and amount.subject not in event.cue.marks["subjects"]:
        return False
    paid = not event.cue.marks.get("money") or amount.unit in currencies(rules)
    return amount.unit is None or ((units is None or amount.unit in units) and paid)


def are_persons(amount: Amount, cue: Cue, rules: Rules) -> bool:
    """Whether a noun that no table has can only be of persons, as its event is of no other: ``nine detectives``."""
    return amount.counted and cue.marks.get("units") == [PERSONS] and amount.unit not in listed(rules)

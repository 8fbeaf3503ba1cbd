"""What a list of amounts leaves out: unit, subject, or both, where it can be only one thing.

``10,290 ha of coca in 2011, 14,171 in 2012``; ``12.3, 4.2 and 407.1 t``; ``of whom 41 were foreign nationals``;
``the number of persons arrested was 320``. What is in doubt stays left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mem_graph.reading.figures import themes
from mem_graph.reading.figures.amounts import LABORATORIES, SHARE, UNSPECIFIED, Amount, making_end
from mem_graph.reading.figures.counted import counted_nouns, is_counted, listed
from mem_graph.reading.figures.money import currencies
from mem_graph.reading.figures.parts import Part
from mem_graph.reading.figures.portions import breaks_down, is_apposed
from mem_graph.reading.figures.subjects import subject_in, subjects_in
from mem_graph.reading.rules import Rules, compiled, pattern
from mem_graph.reading.syntax.events import Event


def filled(text: str, part: Part, own: Sequence[Event], before: Sequence[Amount], rules: Rules) -> list[Amount]:
    """The amounts of a part with the units and subjects that the words leave out, where these can be only one thing."""
    here = [_of_same_cases(one, before) for one in _with_subjects_before(text, part, rules)]
    here = _with_subjects_of_nouns(text, here, own, rules)
    here = [one if one.subject else replace(one, subject=themes.fronted(text, one, rules)) for one in here]
    topic = themes.topic(text, part, here, own, rules)
    if here:
        here = [themes.with_antecedent(text, here[0], rules), *here[1:]]
    units = {one.unit for one in here}
    alike = [one for one in before if None in units or one.unit in units]
    same = [] if len(topic) == 1 else [(one.subject, one.unit) for one in alike]
    told = compiled(rules.words("respectively")).search(text, part.start, part.end) is not None
    if told and len(topic) > 1 and len(here) % len(topic) == 0:
        topic *= len(here) // len(topic)
    here = (
        _one_by_one(here, topic)
        or _counted_as(_one_by_one(here, same), alike)
        or [_of_unit(one, alike) for one in here]
    )
    here = _as_listed(here) if told or _says_again(here) else here
    filled: list[Amount] = []
    for at, amount in enumerate(here):
        own_before = (one for one in reversed(filled) if not breaks_down(text, one, rules))
        earlier = next(own_before, filled[-1]) if filled else before[-1] if _are_alike(before) else None
        goes_on = part.start or themes.takes_up(text, rules) or themes.is_topic(text[: amount.start], rules)
        opens = (goes_on or _is_listed_behind(text, amount, own)) and not (earlier or before or amount.unit)
        opening = themes.opening_thing(text, rules) if opens else None
        if not (earlier or before or amount.unit or opening):
            opening = themes.coordinate(text, amount, own, rules)
        if opening is not None and _stands_alone(text, amount, part, own, rules):
            amount = replace(amount, subject=opening[0], unit=opening[1], counted=True)
        whole = (one for one in here[at + 1 :] if not breaks_down(text, one, rules))
        later = next((one for one in whole if one.unit and (one.subject or not amount.unit)), None)
        alone = _stands_alone(text, amount, part, own, rules) or (
            earlier and _is_shared_out(text, amount, earlier, rules)
        )
        amount = _of_its_unit(amount, filled)
        bare = amount.unit is None and not (alone or amount.subject)
        filled.append(amount if bare else _completed(text, part.start, amount, earlier, later, topic, own, rules))
    return filled


def denied(text: str, own: Sequence[Event], rules: Rules) -> list[Amount]:
    """The thing that a denied event is said of for a bare number behind: ``no fines were imposed; in 2013, six``."""
    helping = compiled(rules.words("denied_objects"))
    for event in (one for one in own if one.denied):
        article = helping.match(text, event.end + 1)
        thing = is_counted(text[article.end() if article else event.end :], rules)
        if thing is not None and thing[0] in listed(rules):
            return [Amount(event.start, event.end, (event.start, event.start), "0", thing[1], thing[0], True)]
    return []


def _of_same_cases(amount: Amount, before: Sequence[Amount]) -> Amount:
    """An amount of cases with what was done in those told before: ``in 14 cases in 2013, as against 16 in 2012``."""
    same = next((one for one in reversed(before) if one.occasions and one.unit == amount.unit), None)
    return replace(amount, subject=same.subject, occasions=True) if same and amount.subject == amount.unit else amount


def _is_listed_behind(text: str, amount: Amount, own: Sequence[Event]) -> bool:
    """Whether a number stands behind a colon, of what a passive said: ``Pharmacies are inspected: 90 in 2012``."""
    colon = text.rfind(":", 0, amount.start)
    return any(event.form == "passive" and event.end < colon for event in own)


def _are_alike(before: Sequence[Amount]) -> bool:
    """Whether all amounts are of one thing, so that a bare number can only be of this."""
    return len({(one.subject, one.unit) for one in before}) == 1


def _stands_alone(text: str, amount: Amount, part: Part, own: Sequence[Event], rules: Rules) -> bool:
    """Whether no noun of its own follows a bare number, so that it takes up what was named before."""
    counting = [event for event in own if event.form not in ("active", "noun") or event.cue.marks.get("counts")]
    ends = {when.start for when in part.times} | {event.start for event in counting if event.form != "active"}
    behind = text[amount.end :]
    objects = {event.end for event in own if event.form == "active"}
    listed = ":" in text[part.start : amount.start] or len(text[: amount.start].rstrip()) in objects
    listed = listed or breaks_down(text, amount, rules) or text[: amount.start].endswith("(")
    if listed and compiled(rules.words("breakdown_ends")).match(behind.lstrip()):
        return True
    if breaks_down(text, amount, rules) and compiled(rules.words("breakdown_verbs")).match(behind.lstrip()):
        return True
    if amount.end + len(behind) - len(behind.lstrip(" ,")) in ends:
        return True
    if part.start and compiled(rules.words("pro_verbs")).match(behind.lstrip()):
        return True
    return re.match(rf"\s?(?:[,;.:()]|$)|\s(?:{'|'.join(rules.words('behind_bare'))})(?!\w)", behind) is not None


def _is_shared_out(text: str, amount: Amount, earlier: Amount, rules: Rules) -> bool:
    """Whether a bare number goes on with a list, and says whence, or for what: ``2,106 in clinics and 12 at home``."""
    joints = "|".join(rules.words("list_joints"))
    joined = re.search(rf"(?:,|(?<!\w)(?:{joints}))$", text[earlier.end : amount.start].rstrip()) is not None
    of = compiled(rules.words("of"))  # "48 officers of the police and 12 of the customs service"
    if joined and of.match(text[earlier.end :].lstrip()) and of.match(text[amount.end :].lstrip()):
        return True
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
    money = earlier is not None and earlier.unit in currencies(rules)
    shared = amount.unit is None and earlier is not None and (earlier.counted or money)
    if len(topic) == 1 and not (amount.subject and amount.unit) and not shared:
        subject, unit = topic[0]
        amount = replace(amount, subject=amount.subject or subject, unit=amount.unit or unit)
    named = amount.subject is not None and amount.end > amount.number[1]
    if amount.unit is None and named and earlier and earlier.unit and not earlier.counted:
        amount = replace(amount, unit=earlier.unit)  # "5.2 tonnes of marijuana, 1.4 of cocaine and 8 kg of heroin"
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
        colon = text.rfind(":", start, amount.start)  # "intercepts cocaine: it seized 61 kg"
        amount = replace(amount, subject=themes.only_subject(text[: max(start, colon)], rules))
    return _of_persons(text, amount, own, rules)


def _last_named(before: str, rules: Rules) -> str | None:
    """The unit of the thing that a text names last: laboratories, where a bare number counts one of them."""
    laboratories = (cue for cue in rules.of("unit") if cue.value == LABORATORIES)
    named = [match for cue in laboratories for match in pattern(cue).finditer(before)]
    counted = compiled((counted_nouns(rules),)).search(before, named[-1].end()) if named else None
    return LABORATORIES if named and counted is None else None


_BESIDE = 3
"""So many characters may stand between a verb and the bare number that is its object: the Spanish *a*."""


def _of_persons(text: str, amount: Amount, own: Sequence[Event], rules: Rules) -> Amount:
    """A bare number beside a verb that is said of persons only: ``12 were arrested``, ``extraditó a dos``."""
    near = [event for event in own if 0 <= event.start - amount.end <= 1 or 0 <= amount.start - event.end <= _BESIDE]
    counts = next((counts for event in near if (counts := themes.persons_of(event, amount))), None)
    if amount.unit is None and counts:
        return replace(amount, unit=counts, subject=counts, counted=True)
    return amount


def _is_listed(text: str, amount: Amount, later: Amount, rules: Rules) -> bool:
    """Whether a bare number shares the unit of one behind it: ``12.3, 4.2 and 407.1 t``, ``from 40 to 23 hectares``."""
    between = text[amount.end : later.start]
    joints = "|".join((*rules.words("list_joints"), *rules.words("span_joints")))
    numbers = r"(?:[\d.,]+(?: [^\W\d_]+)?,? ?)*"
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


def _counted_as(here: Sequence[Amount] | None, before: Sequence[Amount]) -> list[Amount] | None:
    """Amounts that are one by one of what others were, counted where those were."""
    if here is None:
        return None
    return [replace(one, counted=one.counted or other.counted) for one, other in zip(here, before, strict=True)]


def _says_again(here: Sequence[Amount]) -> bool:
    """Whether amounts of one year are followed by as many of another: ``12 kg of A and 8 g of B in 2012, 9 and 4``."""
    many = len(here) // 2
    first, last = here[:many], here[many:]
    units = [one.unit for one in first] == [one.unit for one in last] and None not in [one.unit for one in first]
    bare = all(one.subject for one in first) and not any(one.subject for one in last)
    years = {one.year for one in first}, {one.year for one in last}
    return many > 1 and units and bare and len(years[0]) == len(years[1]) == 1 and years[0] != years[1]


def _as_listed(here: Sequence[Amount]) -> list[Amount]:
    """Amounts at the end of a part, each of what one of as many before them is: ``and 2,316 kg and 148 kg``."""
    bare = next((at for at, one in enumerate(reversed(here)) if one.subject), 0)
    named, last = here[: len(here) - bare], here[len(here) - bare :]
    things = [(one.subject, one.unit) for one in named[-bare:]] if 1 < bare <= len(named) else []
    return [*named, *(_one_by_one(last, things) or last)]


def _of_unit(amount: Amount, before: Sequence[Amount]) -> Amount:
    """A measured amount with the subject of the only one before that has its unit: ``they were 1.7 t and 9 lb``."""
    alike = [one for one in before if one.unit == amount.unit and not one.counted]
    if amount.subject or not amount.unit or len(alike) != 1:
        return amount
    return replace(amount, subject=alike[0].subject)


def _of_its_unit(amount: Amount, before: Sequence[Amount]) -> Amount:
    """An amount with the subject of those before of its unit, where others have another: ``2.8 t and 702 kg``."""
    units = {one.unit for one in before}
    subjects = {one.subject for one in before if one.unit == amount.unit}
    if amount.subject or amount.counted or not amount.unit or len(units) < 2 or len(subjects) != 1:
        return amount
    return replace(amount, subject=subjects.pop())


def _with_subjects_before(text: str, part: Part, rules: Rules) -> list[Amount]:
    """The amounts, those with a subject right before them with it: ``cocaine (12 kg)``; ``marijuana, 30 kg``."""
    found: list[Amount] = []
    start = part.start
    for amount in part.amounts:
        named = subjects_in(text[start : amount.start], rules)
        if amount.subject is None and named:
            subject, _, end = named[-1]
            between = text[start + end : amount.start]
            near = re.fullmatch(rf"\s?(?:[(:,]|,? ?(?:{'|'.join(rules.words('worth'))}))\s?", between)
            if near or (between == " " and _is_next(text[start : start + named[-1][1]], rules)):
                amount = replace(amount, subject=subject)
        if amount.subject is None and amount.unit is None and (thing := _bracketed(text, amount, rules)) is not None:
            amount = replace(amount, subject=thing[0], unit=thing[1], counted=True)
        if amount.subject is None and amount.unit is None:
            amount = _of_subject(text, _said_to_be(text, amount, part.start, part.end, rules), part.end, rules)
        found.append(amount)
        start = amount.end
    return found


def _is_next(before: str, rules: Rules) -> bool:
    """Whether a subject goes on with a list of them: ``of cocaine 12 kg were seized, of marijuana 30 kg``."""
    joints, of = ("|".join(rules.words(key)) for key in ("list_joints", "of"))
    return re.search(rf"(?:[,;]|(?<!\w)(?:{joints})) (?:{of}) $", before) is not None


def _bracketed(text: str, amount: Amount, rules: Rules) -> tuple[str, str] | None:
    """The thing of the tables right before a number in brackets: ``trained teachers (64) and nurses (22)``."""
    last = re.search(rf"(?<!\w)(?:{counted_nouns(rules)}) \($", text[: amount.start], re.IGNORECASE)
    said = "|".join(rules.words("be"))
    if last is None or re.compile(rf"\)| (?:{said}) ").match(text, amount.end) is None:
        return None
    thing = is_counted(f" {last[0][:-2]}", rules)
    return (thing[0], thing[1]) if thing else None


def _with_subjects_of_nouns(text: str, here: Sequence[Amount], own: Sequence[Event], rules: Rules) -> list[Amount]:
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
        named = (_gapped(text[start : amount.start], rules) if at else None) or named
        amount = replace(amount, subject=named) if named and amount.unit and not amount.subject else amount
        acted = any(event.form == "active" for event in own)
        thing = _gapped_thing(text[start : amount.start], acted, rules) if at and not amount.unit else None
        found.append(replace(amount, subject=thing[0], unit=thing[1], counted=True) if thing else amount)
    return found


def _gapped(between: str, rules: Rules) -> str | None:
    """The subject of an amount whose verb is left out: ``cocaine came to 61 kg, and marijuana to 9 kg``."""
    joints, verbs = ("|".join(rules.words(key)) or "(?!)" for key in ("list_joints", "gapped"))
    found = re.fullmatch(rf"[,;]?(?: [\w]+,)? ?(?:{joints}) (?P<thing>[^,;.\d]+?)(?: (?:{verbs}))? ", between)
    subject, end = subject_in(found["thing"], rules) if found else (None, 0)
    return subject if found and end == len(found["thing"]) else None


def _gapped_thing(between: str, acted: bool, rules: Rules) -> tuple[str, str] | None:
    """What a number counts whose verb is left out: ``the judges trained were 34, and the prosecutors 51``."""
    joints, articles = ("|".join(rules.words(key)) or "(?!)" for key in ("list_joints", "gapped_articles"))
    found = re.fullmatch(rf"[,;]? ?(?:{joints})(?P<article> (?:{articles}))?(?P<thing> [^,;.\d]+?),? ", between)
    thing = is_counted(found["thing"], rules) if found else None
    if thing is None or found is None or thing[2] != len(found["thing"]):
        return None
    is_thing = not acted and thing[0] in listed(rules)  # "public facilities treated 1,203, and private centers 743"
    return (thing[0], thing[1]) if found["article"] or is_thing else None


def _subject_of_noun(text: str, start: int, end: int, rules: Rules) -> str | None:
    """What stands right before a noun of an event, or right behind: ``cocaine seizures``, ``seizures of cocaine``."""
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
    parts_ = "|".join((*rules.words("breakdowns"), *rules.words("apposed")))
    said = rf"{SHARE}(?P<after> (?:{parts_}))? (?:{be})|(?P<bare>{bare or '(?!)'})"
    copula = re.compile(rf"(?:{said})(?= )").match(text, amount.end, end)
    if copula is None and amount.unit is None and is_apposed(text, amount, rules):
        apposed = re.compile(rf" (?:{'|'.join(rules.words('apposed')) or '(?!)'})(?= )").match(text, amount.end, end)
        copula = apposed if apposed and is_counted(text[apposed.end() : end], rules) else None
        opened = apposed or opened
    if copula is None or not (
        opened or copula.groupdict().get("after") or copula.groupdict().get("bare") not in (None, ",")
    ):
        return amount
    found = is_counted(text[copula.end() : end], rules)
    if found is None or compiled(rules.words("of")).match(text, copula.end() + 1):
        return amount  # "940 de ellos de bancos"
    return replace(amount, subject=found[0], unit=found[1], counted=True, end=copula.end() + found[2])


def _of_subject(text: str, amount: Amount, end: int, rules: Rules) -> Amount:
    """A number with a subject and no unit: ``67 de clorhidrato de cocaína``."""
    behind = text[amount.end : end]
    joints = "|".join((*rules.words("of"), *rules.words("subject_joints")))
    joined = re.match(rf"\s(?:{joints}) ", behind, re.IGNORECASE)
    named = subjects_in(behind, rules)[:1] if joined else []
    if joined and named and not behind[joined.end() : named[0][1]].strip():
        return replace(amount, subject=named[0][0], end=making_end(text, amount.end + named[0][2], rules))
    return amount

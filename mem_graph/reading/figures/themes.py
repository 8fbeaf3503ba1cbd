"""Of what a part of a sentence speaks before its numbers: what it names first, takes up, or hangs on.

``the number of persons arrested was``; ``seizures of cocaine amounted to``; ``licenses, of which 11 were issued``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from mem_graph.reading.figures.amounts import LABORATORIES, UNSPECIFIED, Amount, measure_in
from mem_graph.reading.figures.counted import PERSONS, counted_nouns, is_counted, listed, plain_word
from mem_graph.reading.figures.parts import Part
from mem_graph.reading.figures.subjects import subjects_in
from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.syntax.events import Event

_FAR = 4
"""From so many words before its participle on a noun is one of the tables: ``casos de lavado de activos tratados``."""


def topic(
    text: str, part: Part, here: Sequence[Amount], own: Sequence[Event], rules: Rules
) -> list[tuple[str | None, str | None]]:
    """What the words before the first amount are about: things counted, or subjects, where the verb takes them so.

    ``the number of persons arrested was``, ``seizures of cocaine amounted to``, ``De marihuana se destruyeron``.
    """
    if not here or all(one.subject and one.unit for one in here):
        return []
    head = text[part.start : here[0].start]
    if compiled(rules.words("respectively")).search(text, part.start, part.end):
        each = _joined(head, rules)
        if len(each) == len(here) > 1:
            return each
    opened = compiled(rules.words("change_openers")).fullmatch(head.strip()) is not None
    if opened and len(here) > 1:  # "From 14,200 in 2011, the number of plants eradicated fell to 12,800"
        head = text[here[0].end : here[1].start]
    if (
        thing := _counted_before(head, part, own, here[0].unit is None, rules) or _summed(text, here[0], own, rules)
    ) is not None:
        return [thing]
    verbs = [event for event in own if event.start < here[0].start]
    if all(event.form == "active" for event in verbs) and not _is_figure(head, rules):
        return []
    named = subjects_in(head, rules)  # not those in names: "the Forest Service"
    named = [
        one for one in named if one[0] not in rules.words("generic_subjects") or not any(one.subject for one in here)
    ]
    return [(subject, None) for subject, at, _ in named if not at or not head[at].isupper()]


def _joined(head: str, rules: Rules) -> list[tuple[str | None, str | None]]:
    """Things of the tables that share a verb, each with an article: ``los jueces y los fiscales formados fueron``."""
    articles, joints = ("|".join(rules.words(key)) or "(?!)" for key in ("gapped_articles", "list_joints"))
    noun = rf"(?:{articles}) (?:{counted_nouns(rules)})"
    listed = re.search(rf"(?<!\w){noun}(?:, {noun})* (?:{joints}) {noun}(?!\w)", head, re.IGNORECASE)
    one_of_them = re.compile(rf"(?<!\w)(?:{articles})(?P<thing> (?:{counted_nouns(rules)}))(?!\w)", re.IGNORECASE)
    named = one_of_them.finditer(listed[0]) if listed else ()
    return [(thing[0], thing[1]) for one in named if (thing := is_counted(one["thing"], rules))]


def _summed(text: str, amount: Amount, own: Sequence[Event], rules: Rules) -> tuple[str, str] | None:
    """The persons of whom the sum is told, whatever else is named: ``Arrests for use of drugs totalled 310``.

    By a noun, or by a verb behind *those who*.
    """
    said = compiled((*rules.words("changes"), *rules.words("be")))
    whom = compiled(tuple(f"{way} $" for way in rules.words("those_who")))
    nouns = [
        event
        for event in own
        if event.end < amount.start and (event.form == "noun" or whom.search(text, 0, event.start))
    ]
    if amount.unit or not nouns or not said.search(text, nouns[-1].end, amount.start):
        return None
    last = [event for event in nouns if event.start == nouns[-1].start]
    counts = next((counts for event in last if (counts := persons_of(event, amount))), None)
    return (counts, counts) if counts else None


def persons_of(event: Event, amount: Amount) -> str | None:
    """The persons that a measure counts: by its rule, or where it is said of persons alone (``12 were trained``)."""
    marks = event.cue.marks
    is_object = event.form == "active" or (marks.get("intransitive") and amount.start > event.start)
    alone = not is_object and tuple(marks.get("units", ())) == (PERSONS,)
    return str(marks["counts"]) if "counts" in marks else PERSONS if alone else None


def _is_figure(head: str, rules: Rules) -> bool:
    """Whether the words before an amount have a verb of figures, or take one up: ``amounted to``, ``those of``."""
    return compiled((*rules.words("changes"), *rules.words("those_of"))).search(head) is not None


def _counted_before(
    head: str, part: Part, own: Sequence[Event], bare: bool, rules: Rules
) -> tuple[str | None, str | None] | None:
    """The thing counted before its number: ``the number of persons arrested``, ``Reports received``."""
    for match in _number_of(rules).finditer(head):
        thing = _thing(head[match.end() :], rules)
        if thing is not None:
            return thing
    before = [event for event in own if event.start < part.start + len(head)]
    for event in before:
        if event.form != "noun":
            continue
        thing = _thing(head[event.start - part.start :], rules)
        if thing is not None and thing[1] in event.cue.marks.get("units", ()) and thing[0] in listed(rules):
            return thing
        named = head[event.end - part.start :]
        of = re.search(rf"(?<!\w)(?:{'|'.join(rules.words('of'))})$", head[: event.end - part.start]) is not None
        thing = _measured_thing(named, rules) or (_thing(named, rules) if bare and of else None)
        if thing is not None and (thing[0] in listed(rules) or thing[1] not in listed(rules)):
            return thing
    reduced = next((event for event in before if event.form == "reduced"), None)
    if reduced is None or head[: reduced.start - part.start].rstrip()[-1:] == ",":
        return None
    words = head[: reduced.start - part.start].split()
    for many in (6, 5, 4, 3, 2, 1):
        thing = _thing(" " + " ".join(words[-many:]), rules) if len(words) >= many else None
        if thing is not None and (many < _FAR or thing[0] in listed(rules)):
            return thing
    return None


def _measured_thing(words: str, rules: Rules) -> tuple[str, str] | None:
    """What a noun is of, where it has a unit of its own: ``the eradication of marijuana plants``."""
    measured = measure_in(f" {words.lstrip()}", rules)
    return (measured[1], measured[0]) if measured and measured[1] else None


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


def only_subject(before: str, rules: Rules) -> str | None:
    """The subject of the parts before, where they name but one: ``Poppy was not eradicated in 2012; 3 hectares …``."""
    named = {subject for subject, at, _ in subjects_in(before, rules) if not at or not before[at].isupper()}
    return named.pop() if len(named) == 1 else None


def with_antecedent(text: str, amount: Amount, rules: Rules) -> Amount:
    """A bare number with the thing on which its clause hangs: ``licenses, of which 11 were issued``."""
    if amount.unit is not None:
        return amount
    ways = "|".join(rules.words("antecedents")) or "(?!)"
    doing = "|".join(rules.words("antecedents_done")) or "(?!)"
    ahead = re.search(rf",? (?:{ways})(?: (?:{doing}))?$", text[: amount.start].rstrip())
    behind = re.compile(rf" (?:{ways})(?!\w)").match(text, amount.end)
    before = text[: ahead.start()] if ahead else text[: amount.start].rstrip(" ,") if behind else ""
    if compiled(rules.words("latter")).match(text, amount.end + 1):
        named = list(compiled((counted_nouns(rules),)).finditer(text, 0, amount.start))
        before = named[-1][0] if named else ""
    last = re.search(rf"(?<!\w)(?:{counted_nouns(rules)})$", before, re.IGNORECASE)
    headed = _headed(rules).search(before) if last else None
    noun = headed["head"] if headed else last[0] if last else ""
    if behind and compiled(rules.words("plural_pronouns")).search(behind[0]) and not _is_plural(noun, rules):
        return amount  # "must hold a license, 94 of them"
    thing = is_counted(f" {noun}", rules) if noun else _open_thing(before, rules)
    return replace(amount, subject=thing[0], unit=thing[1], counted=True) if thing else amount


def _is_plural(noun: str, rules: Rules) -> bool:
    """Whether a noun is said of several."""
    return compiled(rules.words("plurals")).fullmatch(noun) is not None


@lru_cache(maxsize=8)
def _headed(rules: Rules) -> re.Pattern[str]:
    """A thing with what was done to it and where, in which another thing stands last: ``firearms seized in cases``."""
    nouns, apart = counted_nouns(rules), "|".join(rules.words("apart"))
    done = "|".join(rules.words("participles_of_things")) or "(?!)"
    return re.compile(
        rf"(?<!\w)(?P<head>{nouns}) (?:{done}) (?:{apart}) (?:{plain_word(rules)} ){{0,3}}(?:{nouns})$", re.IGNORECASE
    )


def _open_thing(before: str, rules: Rules) -> tuple[str, str, int] | None:
    """The thing that no table has at the end of what stands before a clause: ``for joint investigation teams``."""
    leads = "|".join((*rules.words("apart"), *rules.words("of"), *rules.words("list_joints"), r"\d+"))
    phrase = re.search(rf"(?:^|(?<!\w)(?:{leads}))(?P<phrase>(?: {plain_word(rules)}){{1,4}})$", f" {before}")
    return is_counted(phrase["phrase"], rules) if phrase else None


def opening_thing(text: str, rules: Rules) -> tuple[str, str] | None:
    """The thing of the tables with which a sentence begins: ``Pre-export notifications are …; in 2013, 86 were``."""
    taken_up = compiled(rules.words("openers_taken_up")).match(text) is not None
    openers = "|".join((*rules.words("openers_taken_up"), *rules.words("openers_of_things")))
    first = re.match(rf"(?:(?:{openers}) )?", text, re.IGNORECASE)
    found = is_counted(f" {text[first.end() if first else 0 :]}", rules)
    end = (first.end() if first else 0) + found[2] - 1 if found else 0
    said = compiled(rules.words("be")).match(text, end + 1) is not None  # "Wholesalers are inspected: 22 in 2012"
    return (found[0], found[1]) if found and (taken_up or said or found[0] in listed(rules)) else None


def coordinate(text: str, amount: Amount, own: Sequence[Event], rules: Rules) -> tuple[str, str] | None:
    """What a clause before counted nothing of, but a bare number does: ``Any physician may …, and 640 were trained``.

    Where the clause names several things, the only one that can have been done so.
    """
    joints = "|".join((*rules.words("clause_joints"), *rules.words("relatives_doing"), "(?!)"))
    articles = "|".join(rules.words("things_articles")) or "(?!)"
    done = next((event for event in own if event.form == "active" and event.end + 1 == amount.start), None)
    joined = re.search(rf"[,;] (?:(?:{joints}) )?$", text[: done.start if done else amount.start])
    taken_up = compiled(rules.words("apposed")).match(text, amount.end + 1)
    at = taken_up.end() if taken_up else amount.end
    verb = next((event for event in own if event.form in ("passive", "either") and event.start == at + 1), None)
    verb = verb or done
    ended = taken_up is not None and re.match(r" (?:[a-z]+ )?\d{4}|[.;,]", text[at:]) is not None
    if joined is None or (verb is None and not ended):
        return None
    start = max(text.rfind(sign, 0, joined.start()) for sign in ";:") + 1
    clause = text[start : joined.start()]
    things = {(thing[0], thing[1]) for thing in _things(clause, articles, taken_up is not None, rules)}
    if verb and verb.cue.marks.get("given"):
        return _at_end(clause, rules)  # "Importers must hold licenses; 51 were issued"
    units = (verb.cue.marks.get("units") or (verb.cue.marks.get("counts"),)) if verb else (None,)
    fit = {thing for thing in things if thing[1] in units or units == (None,)}
    return fit.pop() if len(fit) == 1 else None


def _at_end(clause: str, rules: Rules) -> tuple[str, str] | None:
    """The thing of the tables with which a clause ends."""
    last = re.search(rf"(?<!\w)(?:{counted_nouns(rules)})$", clause.rstrip(), re.IGNORECASE)
    found = is_counted(f" {last[0]}", rules) if last else None
    return (found[0], found[1]) if found else None


def _things(clause: str, articles: str, plural: bool, rules: Rules) -> Iterator[tuple[str, str, int]]:
    """The nouns of the tables in a clause, and any plural with which it begins, what stands inside that not."""
    begun = re.match(rf"\W*(?:(?:{articles}) )?", clause, re.IGNORECASE)
    first = begun.end() if begun else 0
    nouns = list(compiled((counted_nouns(rules),)).finditer(clause))
    nouns = [noun for noun in nouns if not plural or _is_plural(noun[0], rules)]
    opened = is_counted(f" {clause[first:]}", rules)
    if opened and any(noun.start() == first for noun in nouns):
        opened = None
    yield from (opened,) if opened else ()
    until = first + opened[2] - 1 if opened else 0
    yield from (thing for noun in nouns if noun.start() >= until and (thing := is_counted(f" {noun[0]}", rules)))


def is_topic(before: str, rules: Rules) -> bool:
    """Whether a sentence names first of what it speaks: ``A los extranjeros los entrega: fueron extraditados 14``."""
    opened = compiled(rules.words("topic_openers")).match(before)
    return opened is not None and re.search(r"[:,]", before[opened.end() :]) is not None


def fronted(text: str, amount: Amount, rules: Rules) -> str | None:
    """The subject that is put before the clause of an amount: ``of marijuana, it seized 860 kg``; ``as for heroin``."""
    start = max(0, *(text.rfind(sign, 0, amount.start) for sign in ";:"))
    found = None
    if not subjects_in(text[start : amount.start], rules):
        return None
    for opener in _fronts(rules).finditer(text, start, amount.start):
        subject, at, end = (subjects_in(text[opener.end() : amount.start], rules) or [("", 1, 0)])[0]
        behind = text[opener.end() + end : amount.start]
        taken_up = compiled(rules.words("figures_taken_up")).match(behind.lstrip())
        if not at and (re.match(r",| ?$", behind) or taken_up):
            found = subject
    return found


@lru_cache(maxsize=8)
def _fronts(rules: Rules) -> re.Pattern[str]:
    """Where a clause begins with a word that puts of what it speaks first."""
    joints, fronts, articles = (
        "|".join(rules.words(key)) or "(?!)" for key in ("front_joints", "fronts", "front_articles")
    )
    return re.compile(rf"(?:^|[;:,(]|(?<!\w)(?:{joints}))\s*(?:{fronts}) (?:(?:{articles}) )?", re.IGNORECASE)


def takes_up(text: str, rules: Rules) -> bool:
    """Whether a sentence begins with things of the one before: ``Of these requests 19 were executed``."""
    return compiled(rules.words("openers_taken_up")).match(text) is not None

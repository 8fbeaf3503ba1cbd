"""Whether an English clause denies: by its verb group, by *no* before object or subject, or by a verb such as *lack*.

What is denied twice is asserted. A count of zero is no denial (``docs/coding.md``, Findings 4).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from mem_graph.reading.rules import Rules, compiled, pattern
from mem_graph.reading.syntax.absence import Absence, absence
from mem_graph.reading.syntax.english_clauses import Clause
from mem_graph.reading.syntax.english_groups import DOUBLED, Group
from mem_graph.reading.syntax.english_losses import described, no_loss, part
from mem_graph.reading.syntax.english_verb_groups import Parser
from mem_graph.reading.syntax.events import events, zero_events

BEHIND = "denial.behind"
REGRETTED = "denial.regretted"
_YEAR = re.compile(r"(?:19|20)\d\d")


def denial(parser: Parser, clause: Clause, rules: Rules) -> str | None:
    """The rule by which a clause denies, or None. What is denied twice is asserted."""
    found = denying(parser, clause)
    if found is None:
        idiom = None if _is_taken_back(parser, clause) else absent(parser, clause, rules)
        regretted = REGRETTED if is_regretted(parser, clause) else None
        return regretted if idiom is None else idiom.cue.id
    return None if is_doubled(parser, clause, rules) else found


def _is_taken_back(parser: Parser, clause: Clause) -> bool:
    """Whether a predicate that denies is itself denied: ``never runs out``, ``No seizure goes unrecorded``."""
    cue = clause.group.cue
    if DOUBLED in clause.group.marks:
        return True
    lacks = cue is not None and (cue.kind == "lacking" or bool(cue.marks.get("denies")))
    return lacks or clause.group.denial is not None or _negative_subject(parser, clause)


def is_regretted(parser: Parser, clause: Clause) -> bool:
    """Whether a clause says what is regretted: ``notes with concern that agencies act each on its own``."""
    lists = parser.lexicon.lists
    at = -1 if clause.subject is None else clause.subject[0] - 1
    if at < 1 or not parser.near.opens_report(at) or _is_taken_back(parser, clause):
        return False
    while parser.low(at - 1) in lists["coordinators"]:
        at = next(place for place in range(at - 2, -1, -1) if parser.near.opens_report(place))
    return any(parser.low(place) in lists["regrets"] for place in range(max(0, at - 6), at))


def absent(parser: Parser, clause: Clause, rules: Rules) -> Absence | None:
    """The idiom of absence in a clause's predicate: ``is nowhere to be found``."""
    if clause.group.form == "elliptic":
        return None
    end = described(parser, clause.group.end, clause.rest[1])
    return absence(parser.text, part(parser, clause.group.start, max(end, clause.group.end)), rules)


def is_doubled(parser: Parser, clause: Clause, rules: Rules) -> bool:
    """Whether a clause denies what would hinder (``no impediments``), or all *without* a thing (``No licence is granted
    without inspection``): then it asserts. To deny that anybody removed what hinders does not.
    """
    found = denying(parser, clause)
    if found is None or found.endswith("lack-of") or found.startswith(("copula.", "lacking.")):
        return False
    if _is_of(parser, clause, rules.words("burden_remedies")):  # the obstacles that nobody has removed are there
        return False
    nobody = _negative_subject(parser, clause)
    if found == "denial.without" and not nobody:
        return _is_burden(parser, clause, rules)
    idiom = absent(parser, clause, rules) if clause.group.denial is not None or nobody else None
    if idiom is not None and not idiom.cue.marks.get("asks"):  # what nobody asks for is not there
        return True
    return _is_burden(parser, clause, rules) or _but_with(parser, clause, rules) or (nobody and _unless(parser, clause))


def _unless(parser: Parser, clause: Clause) -> bool:
    """Whether all is denied but for a condition: ``No licence is granted unless …``, ``Without one, nobody …``."""
    first = clause.start if clause.subject is None else clause.subject[0]
    return parser.low(first) == "without" or any(
        parser.low(at) in ("unless", "except") for at in range(clause.group.end, len(parser.words))
    )


def _but_with(parser: Parser, clause: Clause, rules: Rules) -> bool:
    """Whether *without* follows, and takes something away: not ``without delay``."""
    start, end = clause.rest
    at = next((at for at in range(start, end) if parser.low(at) == "without"), None)
    cue = clause.group.cue
    if cue is not None and cue.value == "has" and not clause.group.passive:
        return False  # "contains no provision on forfeiture without conviction"
    there = cue is None and clause.group.form == "there"
    if there and compiled(rules.words("places_and_bodies")).fullmatch(parser.low(start + 1)) is None:
        return False
    return at is not None and not no_loss(parser, at + 1)


def denying(parser: Parser, clause: Clause) -> str | None:
    """The rule of the word by which a clause denies, also where another takes it back; None where no word does."""
    group = clause.group
    if DOUBLED in group.marks:
        return "denial.not" if _ends_burden(parser, clause) or _is_no_duty(parser, group) else None
    if (
        group.passive
        and clause.subject is not None
        and _is_unlike(parser, replace(group, end=subject_start(parser, clause)))
    ):
        return None
    if group.cue is not None and group.cue.marks.get("denies"):
        return None if group.denial else group.cue.id
    if group.denial is not None:
        if group.denial.startswith("lacking.") and _negative_subject(parser, clause):
            return "denial.no" if group.passive and group.cue is not None and group.cue.marks.get("asks") else None
        if group.denial == "lacking.need-to" and (_is_duty(parser, group) or is_safeguard(parser, clause)):
            return None
        return None if _is_unlike(parser, group) else group.denial if "." in group.denial else f"denial.{group.denial}"
    if lack_of(parser, group.end) and _states(group):
        return "denial.lack-of"
    if _negative_object(parser, group.end):
        scarce = parser.low(group.end) in parser.lexicon.lists["strengtheners"]
        return parser.lexicon.negatives[parser.low(group.end + scarce)]
    nobody = _negative_subject(parser, clause)
    if (
        parser.low(group.end) == "without"
        and not nobody
        and group.cue is not None
        and group.cue.value != "participates"
    ):
        lost = group.cue.marks.get("intransitive") and not no_loss(parser, group.end + 1)
        return "denial.without" if lost else None
    if parser.low(group.end) == "with" and parser.low(group.end + 1) == "no" and group.cue is not None:
        return "denial.without" if group.cue.marks.get("intransitive") else None
    if not nobody and denied_behind(parser, clause):
        return BEHIND
    subject = subject_start(parser, clause)
    if lack_of(parser, subject) or _is_plagued(parser, group, subject):
        return None if group.passive and group.cue is not None and group.cue.marks.get("remedy") else "denial.lack-of"
    only = parser.low(subject + 1) in parser.lexicon.lists["limiting"]
    inverted = group.inverted is not None and clause.subject is not None and clause.subject[0] == clause.subject[1]
    return None if only or inverted else parser.lexicon.negatives.get(parser.low(subject))


def denied_behind(parser: Parser, clause: Clause) -> int:
    """Where *no*, *neither* or *nobody* stand behind a verb and a preposition: ``is entrusted to no agency``; else 0.

    Not in idioms (``at no cost``), nor behind *with*, which says what is done without what it needs.
    """
    lists, group = parser.lexicon.lists, clause.group
    for at in range(group.end + 1, described(parser, group.end, clause.rest[1])):
        if parser.low(at) not in lists["denied_behind"] or parser.low(at - 1) not in lists["denying_prepositions"]:
            continue
        opened = [parser.low(place) for place in range(group.end, at)]
        excepted = any(parser.low(place) in ("but", "except", "save") for place in range(at + 1, at + 4))
        idiom = excepted or parser.low(at + 1) in lists["no_denied_behind"]
        return 0 if idiom or "without" in opened else at
    return 0


def _is_duty(parser: Parser, group: Group) -> bool:
    """Whether what has to be done is a safeguard: ``Losses have to be reported``."""
    at = group.start
    must = parser.low(at) in ("have", "has", "had") and (parser.low(at + 1), parser.low(at + 2)) == ("to", "be")
    return must and parser.low(at + 3) in parser.lexicon.lists["duties"]


def is_safeguard(parser: Parser, clause: Clause) -> bool:
    """Whether what is needed is what the law asks of others: ``A license is needed to import firearms``."""
    if clause.subject is None or parser.low(clause.group.start) not in ("is", "are", "was", "were"):
        return False
    return any(parser.low(at) in parser.lexicon.lists["permits"] for at in range(*clause.subject))


def _is_no_duty(parser: Parser, group: Group) -> bool:
    """Whether what need not be done would be a safeguard: ``Losses do not have to be reported``."""
    asks = group.cue is not None and bool(group.cue.marks.get("asks"))
    return asks and any(parser.low(at) in parser.lexicon.lists["duties"] for at in (group.end, group.end + 1))


def _ends_burden(parser: Parser, clause: Clause) -> bool:
    """Whether a verb that denies would end what hinders: ``close the gaps``, ``The gaps have not been closed``."""
    group = clause.group
    at = subject_start(parser, clause) if group.passive and clause.subject is not None else group.end
    return _is_unlike(parser, replace(group, end=at))


def _negative_subject(parser: Parser, clause: Clause) -> bool:
    """Whether nothing is denied of what lacks: ``No predicate offence is left out``."""
    return parser.low(subject_start(parser, clause)) in parser.lexicon.lists["nobody"]


def _negative_object(parser: Parser, at: int) -> bool:
    """Whether *no*, *few* … stand before an object: not ``no later than``, ``not only``."""
    at += parser.low(at) in parser.lexicon.lists["strengtheners"]
    following = parser.low(at + 1)
    compared = following in ("later", "less", "more", "fewer", "longer")
    return (
        parser.low(at) in parser.lexicon.negatives
        and not compared
        and following not in parser.lexicon.lists["limiting"]
    )


def _is_unlike(parser: Parser, group: Group) -> bool:
    """Whether a verb that denies has an object of which it does not: ``suspend proceedings``."""
    unless = "" if group.cue is None else group.cue.marks.get("unless", "")
    if not unless or group.end >= len(parser.words):
        return False
    return re.compile(unless, re.IGNORECASE).match(parser.text, parser.words[group.end].start) is not None


def _states(group: Group) -> bool:
    """Whether a verb says that its object is there: ``there is a lack of``, not ``addresses the lack of``."""
    states = ("have", "show", "reveal", "suffer from", "report", "note", "point out", "find", "indicate")
    return group.cue is None or group.cue.kind == "copula" or any(words in states for words in group.cue.words)


def lack_of(parser: Parser, at: int) -> int:
    """Where the thing begins that *a lack of*, *an absence of* deny; 0 where they do not stand there."""
    while parser.low(at) in ("a", "an", "the", "still", "complete", "total", "general"):
        at += 1
    return (
        at + 2
        if parser.low(at) in ("lack", "absence", "shortage", "scarcity", "shortfall", "dearth")
        and parser.low(at + 1) == "of"
        else 0
    )


def _is_plagued(parser: Parser, group: Group, subject: int) -> bool:
    """Whether what hinders is there: ``Shortages of morphine are frequent``, ``Delays persist``."""
    occurs = group.cue is not None and parser.low(group.end - 1) in parser.lexicon.lists["occurring"]
    there = occurs or group.form == "copula" or (group.cue is not None and bool(group.cue.marks.get("intransitive")))
    return there and not group.passive and parser.low(subject) in parser.lexicon.lists["shortfalls"]


def subject_start(parser: Parser, clause: Clause) -> int:
    """Where a subject begins, behind its last comma and behind adverbs; beyond all words where the clause has none."""
    if clause.subject is None:
        return len(parser.words)
    start, end = clause.subject
    commas = [at + 1 for at in range(start, end - 1) if parser.low(at) == "," or _opens_report(parser, at)]
    dated = _YEAR.fullmatch(parser.low(start + 1)) is not None and parser.low(start) in ("in", "during", "since", "by")
    first = max([start + 2 * (dated and start + 2 < end), *commas])
    while first < end and parser.low(first) in parser.lexicon.lists["adverbs"]:
        first += 1
    return _behind_place(parser, first, end)


def _behind_place(parser: Parser, first: int, end: int) -> int:
    """Where *no*, *none* … begin a subject behind a place that opens it: ``On private land no measures are``."""
    lists = parser.lexicon.lists
    if parser.low(first) not in lists["place_openers"] and parser.low(first) not in ("why", "what", "how", "whether"):
        return first
    barred = lists["prepositions"] | lists["place_openers"] | lists["relatives"] | lists["determiners"]
    single = {at for at in range(first + 2, end - 1) if parser.low(at) == "not" and parser.low(at + 1) in ("a", "one")}
    nobody = (at for at in range(first + 2, end) if parser.low(at) in lists["nobody"] or at in single)
    return next((at for at in nobody if parser.low(at - 1) not in barred), first)


def _opens_report(parser: Parser, at: int) -> bool:
    """Whether *that* opens what is reported: ``It was reported that no …``."""
    return parser.near.opens_report(at)


def _is_burden(parser: Parser, clause: Clause, rules: Rules) -> bool:
    """Whether what is denied would hinder: ``does not restrict …``, ``there are no impediments to …``."""
    if clause.group.cue is not None and clause.group.cue.marks.get("burden"):
        return True
    if clause.group.form == "copula" and parser.low(clause.group.end) in parser.lexicon.lists["burden_participles"]:
        return True
    if _is_of(parser, clause, rules.words("burden_verbs")):
        return True
    start, end = clause.rest
    first = subject_start(parser, clause)
    subject = range(first, min(clause.group.start, first + 4)) if _negative_subject(parser, clause) else range(0)
    listed = 2 * any(parser.low(at) in ("or", "nor") for at in range(start, min(end, start + 4)))
    near = [*range(start, min(end, start + 4 + listed)), *subject]
    head = " ".join(parser.low(at) for at in near if parser.low(at) not in ("of", "to", "for"))
    if compiled(rules.words("burdens")).search(head) is not None:
        return True
    said = parser.text[slice(*part(parser, first if first < clause.group.start else clause.start, end))]
    return _hinders(said, rules) or compiled(rules.words("limits_kept")).search(said) is not None


def _hinders(said: str, rules: Rules) -> bool:
    """Whether what is denied would hinder something good: ``no provisions that impede investigations``."""
    found = compiled(rules.words("hindering_relatives")).search(said)
    if found is None:
        return False
    object_ = said[found.end() :]
    good = compiled(rules.words("goods")).match(object_.strip()) is not None
    return good or compiled(rules.words("wrongs")).search(object_) is None


def _is_of(parser: Parser, clause: Clause, verbs: Sequence[str]) -> bool:
    """Whether a clause's verb is one of those, in any form that is regular."""
    said = (parser.low(clause.group.end - 1), parser.low(clause.group.end - 2))
    return any(_forms(tuple(verbs)).fullmatch(verb) for verb in said)


@lru_cache(maxsize=64)
def _forms(verbs: tuple[str, ...]) -> re.Pattern[str]:
    """The regular forms of verbs."""
    return re.compile("|".join(rf"{word.removesuffix('e')}{word[-1]}?(?:e|ed|s|es)?" for word in verbs) or "(?!)")


def is_zero_count(parser: Parser, clause: Clause, denied: str | None, rules: Rules) -> bool:
    """Whether a denied measured event has a year: ``did not eradicate poppy crops in 2011``."""
    if denied is None:
        return False
    if clause.group.form == "but-no" and _YEAR.fullmatch(parser.low(clause.group.end + 1)) is not None:
        return parser.low(clause.group.end - 1) == "none"
    words = parser.words
    first = words[clause.start].start
    last = words[max(clause.rest[1], clause.group.end) - 1].end
    if clause.group.form == "but-no":
        return _is_none_of(parser, parser.text[words[clause.group.end - 1].end : last], first, rules)
    dated = _YEAR.search(parser.text, 0, last)
    return dated is not None and next(zero_events(parser.text[first:last], rules), None) is not None


def _is_none_of(parser: Parser, thing: str, first: int, rules: Rules) -> bool:
    """Whether *but no* denies a thing of an event that was counted in a year: ``seized 40 kg … but no heroin``."""
    told = any(pattern(cue).fullmatch(thing.strip()) for cue in rules.of("subject"))
    counted = told and any(event.cue.marks.get("zero") for event in events(parser.text[:first], rules))
    return counted and _YEAR.search(parser.text) is not None


def is_known_thing(parser: Parser, clause: Clause, rules: Rules) -> bool:
    """Whether an unknown predicate that is denied is one that a report asks for: ``do not follow-up``, ``is not``."""
    group = clause.group
    start = group.end if group.form == "copula" else group.end - 1
    after = [parser.low(at) for at in range(start, min(clause.rest[1], start + 2))]
    ends = not after or (group.form == "copula" and not after[0][:1].isalpha() and not after[0].startswith("§"))
    return ends or any(compiled(rules.words("deniable")).fullmatch(word) for word in after)


def is_harmless(parser: Parser, clause: Clause, rules: Rules) -> bool:
    """Whether what is denied would do no good, so that nobody can say what its denial means: ``is not optional``."""
    start = clause.group.end if clause.group.form == "copula" else clause.group.end - 1
    after = [parser.low(at) for at in range(start, min(clause.rest[1], start + 2))]
    return any(compiled(rules.words("harmless")).fullmatch(word) for word in after)


def is_selective(parser: Parser, clause: Clause) -> bool:
    """Whether only some are spoken of, those that lack something: ``Programmes without results are discontinued``."""
    if clause.subject is None or clause.group.cue is None or clause.group.cue.kind != "lacking":
        return False
    return any(parser.low(at) in ("without", "fail", "that", "who") for at in range(*clause.subject))

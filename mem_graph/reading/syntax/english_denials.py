"""What a clause denies, and the alternatives that it denies one by one.

It denies by its verb group, by *no* before object or subject, or by a verb such as *lack*. "Does not have A or B"
denies A and denies B (``docs/coding.md``, Findings 2). A count of zero is no denial (Findings 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from mem_graph.reading.rules import Rules, compiled, pattern
from mem_graph.reading.syntax.absence import Absence, absence
from mem_graph.reading.syntax.english_clauses import Clause, Range
from mem_graph.reading.syntax.english_losses import described, no_loss, part
from mem_graph.reading.syntax.english_verb_groups import DOUBLED, Group, Parser
from mem_graph.reading.syntax.events import events, zero_events

BEHIND = "denial.behind"
REGRETTED = "denial.regretted"
_YEAR = re.compile(r"(?:19|20)\d\d")


def denial(parser: Parser, clause: Clause, rules: Rules) -> str | None:
    """The rule by which a clause denies, or None. What is denied twice is asserted."""
    found = _denial(parser, clause)
    if found is None:
        idiom = None if _is_taken_back(parser, clause) else absent(parser, clause, rules)
        regretted = REGRETTED if _is_regretted(parser, clause) else None
        return regretted if idiom is None else idiom.cue.id
    return None if is_doubled(parser, clause, rules) else found


def _is_taken_back(parser: Parser, clause: Clause) -> bool:
    """Whether a predicate that denies is itself denied: ``never runs out``, ``No seizure goes unrecorded``."""
    cue = clause.group.cue
    if DOUBLED in clause.group.marks:
        return True
    lacks = cue is not None and (cue.kind == "lacking" or bool(cue.marks.get("denies")))
    return lacks or clause.group.denial is not None or _negative_subject(parser, clause)


def _is_regretted(parser: Parser, clause: Clause) -> bool:
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
    found = _denial(parser, clause)
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
    return _is_burden(parser, clause, rules) or _but_with(parser, clause) or (nobody and _unless(parser, clause))


def _unless(parser: Parser, clause: Clause) -> bool:
    """Whether all is denied but for a condition: ``No licence is granted unless …``, ``Without one, nobody …``."""
    first = clause.start if clause.subject is None else clause.subject[0]
    return parser.low(first) == "without" or any(
        parser.low(at) in ("unless", "except") for at in range(clause.group.end, len(parser.words))
    )


def _but_with(parser: Parser, clause: Clause) -> bool:
    """Whether *without* follows, and takes something away: not ``without delay``."""
    start, end = clause.rest
    at = next((at for at in range(start, end) if parser.low(at) == "without"), None)
    plural = clause.group.cue is None and clause.group.form == "there"
    return at is not None and not plural and not no_loss(parser, at + 1)


def _denial(parser: Parser, clause: Clause) -> str | None:
    group = clause.group
    if DOUBLED in group.marks:
        return "denial.not" if _ends_burden(parser, clause) or _is_no_duty(parser, group) else None
    if (
        group.passive
        and clause.subject is not None
        and _is_unlike(parser, replace(group, end=_subject(parser, clause)))
    ):
        return None
    if group.cue is not None and group.cue.marks.get("denies"):
        return None if group.denial else group.cue.id
    if group.denial is not None:
        if group.denial.startswith("lacking.") and _negative_subject(parser, clause):
            return "denial.no" if group.passive and group.cue is not None and group.cue.marks.get("asks") else None
        return None if _is_unlike(parser, group) else group.denial if "." in group.denial else f"denial.{group.denial}"
    if _lack_of(parser, group.end) and _states(group):
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
    subject = _subject(parser, clause)
    if _lack_of(parser, subject) or _is_plagued(parser, group, subject):
        return None if group.passive and group.cue is not None and group.cue.marks.get("remedy") else "denial.lack-of"
    only = parser.low(subject + 1) in ("only", "just", "merely")
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


def _is_no_duty(parser: Parser, group: Group) -> bool:
    """Whether what need not be done would be a safeguard: ``Losses do not have to be reported``."""
    asks = group.cue is not None and bool(group.cue.marks.get("asks"))
    return asks and any(parser.low(at) in parser.lexicon.lists["duties"] for at in (group.end, group.end + 1))


def _ends_burden(parser: Parser, clause: Clause) -> bool:
    """Whether a verb that denies would end what hinders: ``close the gaps``, ``The gaps have not been closed``."""
    group = clause.group
    at = _subject(parser, clause) if group.passive and clause.subject is not None else group.end
    return _is_unlike(parser, replace(group, end=at))


def _negative_subject(parser: Parser, clause: Clause) -> bool:
    """Whether nothing is denied of what lacks: ``No predicate offence is left out``."""
    return parser.low(_subject(parser, clause)) in parser.lexicon.lists["nobody"]


def _negative_object(parser: Parser, at: int) -> bool:
    """Whether *no*, *few* … stand before an object: not ``no later than``, ``not only``."""
    at += parser.low(at) in parser.lexicon.lists["strengtheners"]
    following = parser.low(at + 1)
    return parser.low(at) in parser.lexicon.negatives and following not in (
        "later",
        "less",
        "more",
        "fewer",
        "only",
        "just",
        "merely",
        "longer",
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


def _lack_of(parser: Parser, at: int) -> int:
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
    there = group.form == "copula" or (group.cue is not None and bool(group.cue.marks.get("intransitive")))
    return there and not group.passive and parser.low(subject) in parser.lexicon.lists["shortfalls"]


def _subject(parser: Parser, clause: Clause) -> int:
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
    if parser.low(first) not in lists["place_openers"]:
        return first
    barred = lists["prepositions"] | lists["place_openers"] | lists["relatives"] | lists["determiners"]
    nobody = (at for at in range(first + 2, end) if parser.low(at) in lists["nobody"])
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
    first = _subject(parser, clause)
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


def alternatives(parser: Parser, clause: Clause, rules: Rules) -> Sequence[Range]:
    """The parts of the view that name each denied alternative."""
    if _denial(parser, clause) is None and (idiom := absent(parser, clause, rules)) is not None:
        return _absent_words(parser, clause, idiom, rules)
    if _denial(parser, clause) is None and _is_regretted(parser, clause):
        return [part(parser, clause.start, described(parser, clause.group.end, clause.rest[1]))]
    if _denial(parser, clause) == BEHIND:
        return list(_behind(parser, clause, rules))
    start, end = _denied_words(parser, clause)
    verbs = _verb_alternatives(parser, clause)
    if verbs:
        return [*verbs[:-1], (verbs[-1][0], parser.words[end - 1].end)]
    if (matters := _matters(parser, clause, end)) is not None:
        start, end = matters
    inner = _inner(parser, start, end)
    if _universal(parser, start, end, rules):
        return [part(parser, start, end)]
    return list(_split(parser, inner if _has_or(parser, inner, end, rules) else start, end, rules))


def _behind(parser: Parser, clause: Clause, rules: Rules) -> Iterator[Range]:
    """What is denied behind a preposition: each of *neither … nor*, else the whole clause."""
    at, end = denied_behind(parser, clause), clause.rest[1]
    if parser.low(at) == "neither":
        yield from _split(parser, at + 1, end, rules)
    else:
        start = clause.group.start if clause.subject is None else _subject(parser, clause)
        yield part(parser, start, described(parser, at, end))


def _matters(parser: Parser, clause: Clause, end: int) -> Range | None:
    """The matters, places or persons of which a denied subject is denied one by one: ``No studies have been made on A
    or on B``, ``No prevention is offered in prisons or jails``.
    """
    start, stop = clause.rest
    done = clause.group.passive or clause.group.form in ("s", "base")
    if end != clause.group.start or not done or parser.low(start) not in ("on", "of", "for", "in"):
        return None
    parted = [at for at in range(start + 1, stop) if parser.low(at) in ("or", "nor")]
    again = any(parser.low(at + 1) == parser.low(start) for at in parted)
    listed = any(parser.low(at) in parser.lexicon.lists["relatives"] | {","} for at in range(start, stop))
    places = parser.low(start) == "in" and len(parted) == 1 and not listed
    return (start + 1, stop) if again or places else None


def _absent_words(parser: Parser, clause: Clause, idiom: Absence, rules: Rules) -> Sequence[Range]:
    """What an idiom of absence speaks of: what is named behind it, or its subject; else the predicate itself."""
    start, end = clause.rest
    if idiom.is_behind:
        first = next((at for at in range(start, end) if parser.words[at].start >= idiom.end), start)
        nor = any(parser.low(at) in ("nor", "or") for at in range(first, described(parser, first, end)))
        return list(_split(parser, first, end, rules)) if nor else [part(parser, first, described(parser, first, end))]
    if clause.subject is not None and clause.subject[0] < clause.group.start:
        return [part(parser, clause.subject[0], clause.group.start)]
    return [part(parser, clause.group.start, described(parser, clause.group.end, end))]


def _denied_words(parser: Parser, clause: Clause) -> Range:
    """Where the denied thing is named: in the object; else in the subject; else in the verb itself."""
    group = clause.group
    start, end = _object(parser, clause)
    if group.inverted is not None and (group.passive or start >= end):
        return group.inverted, max(group.inverted + 1, _behind_subject(parser, group))
    scope = "" if group.cue is None else group.cue.marks.get("scope", "")
    subject = _subject(parser, clause)
    negative = parser.low(subject) in parser.lexicon.negatives or bool(_lack_of(parser, subject))
    if clause.subject is not None and (scope == "subject" or negative or start >= end):
        first = _after_no(parser, subject) if negative else clause.subject[0]
        person = group.start - first == 1 and parser.low(first) == "one" and start < end  # "no one answers for it"
        if (
            first < group.start
            and not person
            and (parser.low(first) not in ("§country", "it", "they") or scope == "subject")
        ):
            return first, group.start
    listed = any(parser.low(at) in ("or", "nor") for at in range(start, described(parser, start, end)))
    if group.form == "copula" and clause.subject is not None and not listed and group.denial is not None:
        told = any(parser.low(at) == "or" for at in range(*clause.subject))
        if told:  # "Assistance with housing or schooling is not available"
            return clause.subject[0], group.start
    put_first = clause.subject is not None and clause.subject[0] == clause.subject[1] and start < end
    if group.passive and clause.subject is not None and group.cue is not None and not listed and not put_first:
        return clause.subject[0], group.start
    return (start, end) if start < end else (max(group.start, group.end - 1), group.end)


def _after_no(parser: Parser, subject: int) -> int:
    """Where the denied thing begins in a subject: behind *no*, *not all*, *a lack of*."""
    return _lack_of(parser, subject) or subject + 1


def _object(parser: Parser, clause: Clause) -> Range:
    """The object without *no*, *any* and with the verb where no rule knows it (``do not follow-up``)."""
    start, end = clause.rest
    if clause.group.cue is None and clause.group.form == "base":
        start = clause.group.end - 1
    start = _lack_of(parser, start) or start
    while start < end and (
        parser.low(start) in parser.lexicon.negatives or parser.low(start) in ("any", "either", "yet", "of")
    ):
        start += 1
    return start, end


def _verb_alternatives(parser: Parser, clause: Clause) -> list[Range]:
    """``has not implemented or taken part in``: the denied verbs, each a range of the view."""
    at, found = clause.group.end, []
    verb = _last_verb(parser, clause.group.start, clause.group.end)
    while at < clause.rest[1] and parser.low(at) in ("or", "nor", ","):
        at += 1 + (parser.low(at) == "," and parser.low(at + 1) in ("or", "nor"))
        following = parser.verb(at, "base", "part", "past")
        if following is None:
            break
        found.append((parser.words[verb].start, parser.words[at - 1].start))
        verb, at = at, following[0]
    return [*found, (parser.words[verb].start, parser.words[at - 1].end)] if found else []


def _last_verb(parser: Parser, start: int, end: int) -> int:
    """Where the main verb of a group stands, behind its auxiliaries."""
    for at in range(start, end):
        found = parser.verb(at, "base", "part", "past")
        if found is not None and found[0] == end:
            return at
    return end - 1


def _behind_subject(parser: Parser, group: Group) -> int:
    """Where the subject inside a group ends: ``Neither has the system been evaluated``."""
    end = _last_verb(parser, group.inverted or group.start, group.end)
    while parser.low(end - 1) in parser.lexicon.lists["adverbs"] | {"been", "yet"}:
        end -= 1
    return end


def _inner(parser: Parser, start: int, end: int) -> int:
    """Where the object of an inner verb begins: ``require that marking include the name … or the place …``."""
    for at in range(start, end):
        if parser.low(at) == "that":
            verb = next((found for place in range(at + 1, end) if (found := parser.verb(place, "base", "s"))), None)
            return verb[0] if verb and verb[0] < end else start
    return start


def _has_or(parser: Parser, start: int, end: int, rules: Rules) -> bool:
    return any(_is_or(parser, at, rules) for at in range(start, end))


def _universal(parser: Parser, start: int, end: int, rules: Rules) -> bool:
    """Whether *all* is denied, which denies none by itself."""
    return any(parser.low(at) in rules.words("universals") for at in range(start, end) if parser.low(at + 1) != "of")


def _is_or(parser: Parser, at: int, rules: Rules) -> bool:
    """Whether a word parts alternatives: *or*, *nor*, not inside a fixed pair (``loss or diversion``)."""
    if parser.low(at) not in ("or", "nor"):
        return False
    first, last = parser.words[max(0, at - 4)].start, parser.words[min(len(parser.words), at + 5) - 1].end
    word = parser.words[at]
    pairs = compiled(rules.words("pairs")).finditer(parser.text, first, last)
    return not any(match.start() < word.start < match.end() for match in pairs)


def _split(parser: Parser, start: int, end: int, rules: Rules) -> Iterator[Range]:
    """Cut a denied list at *or*, *nor* and at the commas of the same list."""
    cuts = [at for at in range(start, end) if _is_or(parser, at, rules)]
    if not cuts:
        yield part(parser, start, described(parser, start, end))
        return
    pieces = [start, *_commas(parser, start, cuts[0]), *cuts]
    for number, (first, last) in enumerate(zip(pieces, [*pieces[1:], end], strict=True)):
        while first < last and parser.low(first) in (",", "or", "nor", "of", "for", "any"):
            first += 1
        last_piece = number == len(pieces) - 1
        yield part(
            parser,
            _parallel(parser, first, last, pieces) if number == 0 else first,
            described(parser, first, last) if last_piece else last,
        )


def _commas(parser: Parser, start: int, cut: int) -> Iterator[int]:
    """Commas that part the same list as the *or* behind them.

    Those not closed by *and*, and not the one right before it.
    """
    for at in range(start, cut):
        if parser.low(at) == "," and at != cut - 1 and "and" not in [parser.low(inside) for inside in range(at, cut)]:
            yield at


def _parallel(parser: Parser, start: int, end: int, pieces: Sequence[int]) -> int:
    """Where the first alternative begins, so that it matches the second.

    At the same preposition, or at the same noun.
    """
    second = pieces[1] + 1
    while parser.low(second) in (",", "or", "nor"):
        second += 1
    if parser.low(second) in ("of", "for", "on", "in"):
        places = [at + 1 for at in range(start, end) if parser.low(at) == parser.low(second)]
        return places[-1] if places else start
    if parser.low(second + 1) == "of":
        heads = [at for at in range(start + 1, end - 1) if parser.low(at + 1) == "of"]
        named = [at - 1 for at in heads if parser.low(at - 1) in ("the", "a", "an")]
        bare = [at for at in heads if parser.low(at - 1) in parser.lexicon.lists["prepositions"]]
        return (named or bare or [start])[-1]
    return start

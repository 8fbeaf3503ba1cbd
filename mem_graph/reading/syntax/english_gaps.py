"""Clauses that leave out their verb, or its auxiliary, because the clause before has said it.

``38 hectares were eradicated and 17 sheds destroyed``; ``the hospital treated 187 persons and the clinic 342``;
``seizures of cocaine rose to 61 kg and those of heroin to 9 kg``; ``no heroin was seized, but 312 tablets were``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mem_graph.reading.syntax.english_clauses import Clause, Range
from mem_graph.reading.syntax.english_groups import Group
from mem_graph.reading.syntax.english_verb_groups import Parser

GAPPED = "gapped"
"""Marks a verb that a clause leaves out, so that it goes on about what was said."""
_MARKS = frozenset({GAPPED})
_SUBJECT = 8
"""So many words a subject may have whose verb is left out."""
_CODE = 3
"""So many letters the code of a currency has."""
_COUNT = re.compile(r"(?!(?:19|20)\d\d$)\d[\d.,]*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ENDS = frozenset(".,;")


def with_gapped(parser: Parser, found: Sequence[Clause]) -> tuple[Clause, ...]:
    """The clauses of a sentence with those whose verb is left out, each behind the one that says it."""
    whole: list[Clause] = []
    for clause in found:
        whole.extend(_parted(parser, _taken_up(parser, clause, whole)))
    return tuple(whole)


def _taken_up(parser: Parser, clause: Clause, before: Sequence[Clause]) -> Clause:
    """A clause whose lone auxiliary takes up a passive before it: ``in 2013, four persons were``."""
    group = clause.group
    lone = group.form == "copula" and group.cue is None and group.denial is None and clause.subject is not None
    ends = all(_YEAR.fullmatch(parser.low(at)) or parser.low(at) in ("in", ",") for at in range(*clause.rest))
    said = next((one.group for one in reversed(before) if one.group.passive and one.group.cue), None)
    if said is None or not lone or not ends or not _counts(parser, clause.subject or (0, 0)):
        return clause
    return replace(clause, group=replace(group, cue=said.cue, form="part", passive=True))


def _parted(parser: Parser, clause: Clause) -> Iterator[Clause]:
    """A clause, and the one that goes on with its verb, if *and* opens one."""
    start, end = clause.rest
    likewise = _likewise(parser, clause)
    if likewise is not None:
        yield replace(clause, rest=(start, max(start, likewise[0])))
        yield likewise[1]
        return
    for at in range(start, end):
        if parser.low(at) not in ("and", ",", ";") or clause.group.denial is not None:
            continue
        gapped = _none(parser, clause, at + 1) or _adjective(parser, clause, at + 1) or _agent(parser, clause, at)
        gapped = gapped or _of_same_kind(parser, clause, at)
        if gapped is None and parser.low(at) == "and":
            gapped = _participle(parser, clause, at + 1) or _object(parser, clause, at + 1)
            gapped = gapped or _transitive(parser, clause, at)
        if gapped is not None:
            yield replace(clause, rest=(start, at))
            yield gapped
            return
    yield clause


def _likewise(parser: Parser, clause: Clause) -> tuple[int, Clause] | None:
    """What goes for another thing, too, and where it is said: ``is missing, as is information on …``, ``and so is``."""
    group, negatives = clause.group, parser.lexicon.negatives
    nobody = clause.subject is not None and parser.low(clause.subject[0]) in negatives
    if group.cue is None or nobody or parser.low(group.end) in negatives:
        return None
    for at in range(group.end, len(parser.words) - 1):
        if parser.low(at) in (";", "."):
            return None
        helping = _opens_likewise(parser, at)
        if helping and _is_subject(parser, helping + 1):
            stop = next(
                place for place in range(helping + 1, len(parser.words) + 1) if parser.low(place) in _ENDS | {""}
            )
            said = replace(group, start=stop, end=stop, inverted=None)
            return at, Clause(said, (helping + 1, stop), (stop, stop))
    return None


def _opens_likewise(parser: Parser, at: int) -> int:
    """Where the auxiliary stands behind ``, as``, ``and so``, ``, and so too``; else 0."""
    comma = parser.low(at) == ","
    so = at + comma + (parser.low(at + comma) == "and")
    if comma and parser.low(at + 1) == "as":
        return at + 2 if parser.near.is_auxiliary(at + 2) else 0
    if so > at and parser.low(so) == "so":
        so += parser.low(so + 1) in ("too", "also")
        return so + 1 if parser.near.is_auxiliary(so + 1) else 0
    return 0


def _is_subject(parser: Parser, at: int) -> bool:
    """Whether a noun phrase begins at a word, no participle nor comment: not ``as is required``, ``as is the case``."""
    low = parser.low(at)
    done = parser.verb(at, "part") is not None or parser.lexicon.participle.fullmatch(low) is not None
    share = low.isdigit() and parser.low(at + 1) == "of"  # "as do 214 of the municipalities"
    plain = low[:1].isalpha() or low[:1] == "§" or share
    return plain and not done and f"{low} {parser.low(at + 1)}" not in parser.lexicon.lists["comments"] | {low}


def _counts(parser: Parser, words: Range) -> bool:
    """Whether a number that is no year stands in some words."""
    numbers = parser.lexicon.lists["numbers"]
    return any(_COUNT.fullmatch(parser.low(at)) or parser.low(at) in numbers for at in range(*words))


def _is_phrase(parser: Parser, start: int, end: int) -> bool:
    """Whether some words may be a noun phrase: a few of them, with no sign, verb or preposition but *of*."""
    lists = parser.lexicon.lists
    barred = lists["prepositions"] - {"of"} | lists["relatives"] - {"that"} | lists["coordinators"] | {*",;:"}
    inside = [parser.low(at) for at in range(start, end)]
    named = any(word[0] == "§" or (len(word) > _CODE and word not in lists["about"]) for word in inside)
    helped = any(parser.near.is_auxiliary(at) for at in range(start, end))
    return named and len(inside) < _SUBJECT and not helped and not barred & {*inside}


def _participle(parser: Parser, clause: Clause, first: int) -> Clause | None:
    """``12 persons were arrested and two vehicles seized``; ``are regulated and their importers registered``.

    Both of numbers, or of a thing of its own that its words open; with a participle that ends its clause.
    """
    if not clause.group.passive or clause.subject is None:
        return None
    counted = _counts(parser, clause.subject)
    for at in range(first + 1, min(clause.rest[1], first + _SUBJECT)):
        verb = parser.verb(at, "part")
        if verb is None or not (_ends_clause(parser, at + 1) or verb[0] == clause.rest[1]):
            continue
        own = counted and _is_phrase(parser, first, at) and _counts(parser, (first, at))
        if own or _is_thing(parser, clause, first, at):
            group = Group(at, verb[0], verb[1], "part", "any", None, passive=True)
            return Clause(group, (first, at), (verb[0], clause.rest[1]))
    return None


def _ends_clause(parser: Parser, at: int) -> bool:
    return parser.low(at) in _ENDS | {"in", "on", "to", "every", "each", "during", "within", ""}


def _is_thing(parser: Parser, clause: Clause, first: int, end: int) -> bool:
    """Whether words between *and* and a participle name a thing: with an article, or behind a bare participle."""
    lists = parser.lexicon.lists
    opened = parser.low(first) in {"the", "its", "their", "a", "an", "those", "these"} or clause.group.end == first - 1
    inside = {parser.low(at) for at in range(first, end)}
    barred = lists["relatives"] | lists["coordinators"] | {*",;:"}
    helped = any(parser.near.is_auxiliary(at) for at in range(first, clause.rest[1]))
    plural = parser.low(end - 1) not in lists["prepositions"] | lists["adverbs"] | lists["determiners"]
    return opened and plural and not helped and not inside & barred and not _counts(parser, (first, end))


def _none(parser: Parser, clause: Clause, first: int) -> Clause | None:
    """``was extended to all schools, selective prevention to none``: the same verb, denied of a subject of its own."""
    first += parser.low(first) in ("and", "but", "while")
    opened = next((at for at in range(first, first + _SUBJECT) if parser.low(at) == ","), 0)
    closed = next((at for at in range(opened + 1, opened + _SUBJECT) if parser.low(at) == ","), 0) if opened else 0
    place = closed + 1 + (parser.low(closed + 1) in parser.lexicon.lists["denying_prepositions"])
    if closed and parser.low(place) in ("none", "nothing") and clause.group.cue and _is_phrase(parser, first, opened):
        group = Group(closed + 1, place + 1, clause.group.cue, clause.group.form, "any", "none", passive=True)
        return Clause(group, (first, opened), (place + 1, clause.rest[1]))
    for at in range(first + 1, min(clause.rest[1], first + _SUBJECT)):
        place = at + (parser.low(at) in parser.lexicon.lists["denying_prepositions"])
        ends = parser.low(place) in ("none", "nothing") and parser.low(place + 1) in _ENDS | {""}
        if ends and clause.group.cue is not None and _is_phrase(parser, first, at):
            group = Group(at, place + 1, clause.group.cue, clause.group.form, "any", "none", passive=True)
            return Clause(group, (first, at), (place + 1, clause.rest[1]))
    return None


def _adjective(parser: Parser, clause: Clause, first: int) -> Clause | None:
    """``Data on use are plentiful, data on supply scant``: another predicate of the same copula."""
    if clause.group.form != "copula" or clause.group.cue is None:
        return None
    first += parser.low(first) in ("and", "but", "while")
    for at in range(first + 1, min(clause.rest[1], first + _SUBJECT)):
        for expression, cue in parser.lexicon.copulas:
            match = expression.match(parser.text, parser.words[at].start)
            ends = match is not None and parser.text[match.end() : match.end() + 1] in {".", ";", ",", ""}
            named = parser.low(at - 1) not in parser.lexicon.lists["determiners"] | parser.lexicon.lists["prepositions"]
            if ends and named and at > first + 1 and parser.low(at).isalpha() and not _barred(parser, first, at):
                return Clause(Group(at, at, cue, "copula", "any"), (first, at), (at, clause.rest[1]))
    return None


def _barred(parser: Parser, start: int, end: int) -> bool:
    """Whether words hold a sign, a verb's helper or what opens a clause, so that they name no one thing."""
    lists = parser.lexicon.lists
    inside = {parser.low(at) for at in range(start, end)}
    helped = any(parser.near.is_auxiliary(at) for at in range(start, end))
    return helped or bool(inside & (lists["relatives"] | lists["coordinators"] | {*",;:"}))


def _object(parser: Parser, clause: Clause, first: int) -> Clause | None:
    """``treated 187 persons and the clinic 342``; behind ``rose to 9 kg``: ``and those of heroin to 12 kg``."""
    group = clause.group
    if group.passive or group.cue is None or not _counts(parser, (group.end, first)):
        return None
    joint = next((word for at in (group.end - 1, group.end) if (word := parser.low(at)) in ("to", "at")), "")
    for at in range(first + 1, min(clause.rest[1], first + _SUBJECT)):
        place = at + (parser.low(at) == joint)
        counted = place > at if joint else parser.low(place + 1) in _ENDS | {"in", "persons"}
        if counted and _counts(parser, (place, place + 1)) and _is_phrase(parser, first, at):
            gap = Group(place, place + 1, group.cue, group.form, "any", None)
            return None if _counts(parser, (first, at)) else Clause(gap, (first, place), (place + 1, clause.rest[1]))
    return None


def _agent(parser: Parser, clause: Clause, joint: int) -> Clause | None:
    """``Treatment is provided by hospitals and rehabilitation by foundations``; ``…; aftercare, by foundations``."""
    group, first = clause.group, joint + 1
    if not group.passive or group.cue is None or parser.low(group.end) != "by" or parser.low(joint) == ",":
        return None
    first += parser.low(first) in ("and", "but", "while")
    place = next((at for at in range(first + 1, min(clause.rest[1], first + _SUBJECT)) if parser.low(at) == "by"), 0)
    end = place - (parser.low(place - 1) == ",")
    listed = parser.low(joint) == ";" and not _helped(parser, (first, end))
    if not place or not (listed or _is_phrase(parser, first, end)) or _is_manner(parser, place + 1):
        return None
    gap = Group(place, place, group.cue, group.form, "any", None, passive=True, marks=_MARKS)
    return Clause(gap, (first, end), (place, clause.rest[1]))


def _helped(parser: Parser, words: Range) -> bool:
    """Whether some words hold a verb's helper or a relative."""
    relatives = parser.lexicon.lists["relatives"]
    return any(parser.near.is_auxiliary(at) or parser.low(at) in relatives for at in range(*words))


def _is_manner(parser: Parser, at: int) -> bool:
    """Whether what stands behind *by* is no one who acts: ``by law``, ``by means of``, ``by issuing``."""
    low = parser.low(at)
    return low.endswith("ing") or low[:1].isdigit() or low in parser.lexicon.lists["manners"]


def _transitive(parser: Parser, clause: Clause, joint: int) -> Clause | None:
    """``The college awards a diploma, and the University a master's degree``; ``…, and the Red Cross to inmates``.

    The verb is that of the clause, its subject a body of its own: a name, or words with a capital.
    """
    group, first = clause.group, joint + 1
    if group.passive or group.cue is None or group.form not in ("s", "base", "past") or parser.low(joint - 1) != ",":
        return None
    lists = parser.lexicon.lists
    opened = first + (parser.low(first) in lists["determiners"])
    if opened >= clause.rest[1] or not (parser.words[opened].low[:1] == "§" or _is_capital(parser, opened)):
        return None
    told = {parser.low(at) for at in range(group.end, joint)} & {"to", "for", "in", "with"}
    for at in range(opened + 1, min(clause.rest[1], opened + _SUBJECT)):
        low = parser.low(at)
        object_ = low in ("a", "an", "another", "one") or low in told
        if object_ and _is_phrase(parser, first, at):
            gap = Group(at, at, group.cue, group.form, "any", None, marks=_MARKS)
            return Clause(gap, (first, at), (at, clause.rest[1]))
        if low in lists["prepositions"] - {"of"}:
            return None
    return None


def _of_same_kind(parser: Parser, clause: Clause, joint: int) -> Clause | None:
    """``Universal prevention is offered in schools, selective prevention in prisons``: another of its kind."""
    group, first, lists = clause.group, joint + 1, parser.lexicon.lists
    told = group.passive or group.form == "copula"
    if clause.subject is None or group.cue is None or not told or group.cue.kind == "lacking":
        return None
    first += parser.low(first) in ("and", "but", "while", "whereas")
    kind = parser.low(group.start - 1)
    head = next((at for at in range(first + 1, min(clause.rest[1], first + 4)) if parser.low(at) == kind), 0)
    if not head or not kind.isalpha() or not _is_phrase(parser, first, head):
        return None
    behind = parser.low(head + 1) in lists["place_openers"] and parser.low(head + 2) not in ("which", "whom")
    own = any(parser.near.is_auxiliary(at) for at in range(head, clause.rest[1]))
    if not behind or own or parser.low(head + 1) == "of" or _counts(parser, (first, head)):
        return None
    gap = Group(head + 1, head + 1, group.cue, group.form, "any", None, passive=group.passive, marks=_MARKS)
    return Clause(gap, (first, head + 1), (head + 1, clause.rest[1]))


def _is_capital(parser: Parser, at: int) -> bool:
    return parser.text[parser.words[at].start].isupper()

"""The alternatives that an English clause denies one by one, and the words that name each.

"Does not have A or B" denies A and denies B (``docs/coding.md``, Findings 2); to deny *all* denies none by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.syntax.absence import Absence
from mem_graph.reading.syntax.english_clauses import Clause, Range
from mem_graph.reading.syntax.english_denials import (
    BEHIND,
    absent,
    denied_behind,
    denying,
    is_regretted,
    lack_of,
    subject_start,
)
from mem_graph.reading.syntax.english_groups import Group
from mem_graph.reading.syntax.english_losses import described, part
from mem_graph.reading.syntax.english_verb_groups import Parser


def alternatives(parser: Parser, clause: Clause, rules: Rules) -> Sequence[Range]:
    """The parts of the view that name each denied alternative."""
    if denying(parser, clause) is None and (idiom := absent(parser, clause, rules)) is not None:
        return _absent_words(parser, clause, idiom, rules)
    if denying(parser, clause) is None and is_regretted(parser, clause):
        return [part(parser, clause.start, described(parser, clause.group.end, clause.rest[1]))]
    if denying(parser, clause) == BEHIND:
        return list(_behind(parser, clause, rules))
    start, end = _denied_words(parser, clause)
    verbs = _verb_alternatives(parser, clause)
    if (
        verbs and end <= clause.group.start
    ):  # what is denied of the subject: "No studies were made, much less published"
        return [(parser.words[start].start, verbs[0][1]), *verbs[1:]]
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
        start = clause.group.start if clause.subject is None else subject_start(parser, clause)
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
    subject = subject_start(parser, clause)
    negative = parser.low(subject) in parser.lexicon.negatives or bool(lack_of(parser, subject))
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
    return lack_of(parser, subject) or subject + 1


def _object(parser: Parser, clause: Clause) -> Range:
    """The object without *no*, *any* and with the verb where no rule knows it (``do not follow-up``)."""
    start, end = clause.rest
    if clause.group.cue is None and clause.group.form == "base":
        start = clause.group.end - 1
    start = lack_of(parser, start) or start
    while start < end and (
        parser.low(start) in parser.lexicon.negatives or parser.low(start) in ("any", "either", "yet", "of")
    ):
        start += 1
    return start, end


def _verb_alternatives(parser: Parser, clause: Clause) -> list[Range]:
    """``has not implemented or taken part in``: the denied verbs, each a range of the view."""
    at, found = clause.group.end, []
    verb = _last_verb(parser, clause.group.start, clause.group.end)
    while at < clause.rest[1] and (parser.low(at) in ("or", "nor", ",") or _even_less(parser, at)):
        joint = at
        at += parser.low(at) == "," and (parser.low(at + 1) in ("or", "nor") or _even_less(parser, at + 1) > 0)
        at += _even_less(parser, at) or 1
        following = parser.verb(at, "base", "part", "past")
        if following is None:
            break
        found.append((parser.words[verb].start, parser.words[joint].start))
        verb, at = at, following[0]
    return [*found, (parser.words[verb].start, parser.words[at - 1].end)] if found else []


def _even_less(parser: Parser, at: int) -> int:
    """How many words at a place deny what is still further from being so: ``let alone``, ``much less``; else 0.

    Not where that only goes on about what is denied (``no observatory, let alone a budget for one``).
    """
    near = {parser.low(place) for place in range(at + 2, at + 8)}
    said = f"{parser.low(at)} {parser.low(at + 1)}" in parser.lexicon.lists["even_less"]
    return 2 * (said and not near & parser.lexicon.lists["taking_up"])


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
    start += 2 * ((parser.low(start), parser.low(start + 1)) == ("not", "only"))
    start += parser.low(start) == "only"  # "Missing are not only A but also B"
    cuts = [
        at for at in range(start, end) if _is_or(parser, at, rules) or _even_less(parser, at) or _but_also(parser, at)
    ]
    if not cuts:
        yield part(parser, start, described(parser, start, end))
        return
    pieces = [start, *_commas(parser, start, cuts[0]), *cuts]
    for number, (first, last) in enumerate(zip(pieces, [*pieces[1:], end], strict=True)):
        first += _even_less(parser, first) or 2 * _but_also(parser, first)
        while first < last and parser.low(first) in (",", "or", "nor", "of", "for", "any"):
            first += 1
        first += _even_less(parser, first)
        last_piece = number == len(pieces) - 1
        yield part(
            parser,
            _parallel(parser, first, last, pieces) if number == 0 else first,
            described(parser, first, last) if last_piece else last,
        )


def _but_also(parser: Parser, at: int) -> bool:
    """Whether *but also* goes on with what *not only* opened."""
    return parser.low(at) == "but" and parser.low(at + 1) == "also"


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

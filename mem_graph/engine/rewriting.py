"""Queries put in another way that has the same answer and takes the engine less time.

One rewriting: ``FILTER NOT EXISTS { P }`` as ``MINUS { P }``. The engine looks for P anew for each row of the group,
and where P joins two triples or more it joins them anew, too; MINUS joins them once. ``MEM_GRAPH_REWRITE=off`` turns it
off.

>>> rewritten("SELECT ?s { ?s a ?k FILTER NOT EXISTS { ?s <a:part> ?o . ?o <a:met> true }}")
'SELECT ?s { ?s a ?k FILTER(true) MINUS { ?s <a:part> ?o . ?o <a:met> true }}'

https://www.w3.org/TR/sparql11-query/#neg-notexists-minus
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mem_graph.engine import syntax
from mem_graph.engine.syntax import Token
from mem_graph.errors import BadRequest

_LIKELY = re.compile(r"\bNOT\s+EXISTS\b", re.IGNORECASE)
_OPEN, _CLOSE = frozenset("{(["), frozenset("})]")
_NOT_EXISTS = ["FILTER", "NOT", "EXISTS", "{"]
_IRI = frozenset({"IRIREF", "PNAME_LN", "PNAME_NS", "a"})
_LITERAL = frozenset({"STRING", "LANGTAG", "^^", "INTEGER", "NUMBER", "SIGNED", "true", "false"})
_PLAIN = _IRI | _LITERAL | frozenset({"VAR", ".", ";", ",", "/"})
"""What P may be made of: triples of variables, IRIs and literals, with sequences of IRIs as paths."""


class _Triple(NamedTuple):
    """A triple of P, whose verb may be a sequence of IRIs: its ends, variables with their mark, and its verb."""

    subject: str
    verb: tuple[str, ...]
    object: str


def rewritten(text: str) -> str:
    """A query with the same answer, or the same query where none is known that would pay.

    In: a query that the guard has let pass. One that our grammar does not take is left alone.

    What has to hold for each filter. Let G be the group of the query's WHERE clause, with the filter taken out. By
    section 18.6 the filter keeps a solution μ of G where P, with the values of μ put in, has no match. By 18.5 MINUS,
    at the end of G, keeps μ where no solution ν of P is compatible with μ and shares a variable with it. Both are one
    where

    1. P is a basic graph pattern with sequence paths, so that it has no scope of its own: to put in a value and to join
       with it come to the same, and every variable of P is bound in each ν;
    2. each variable of P that the query has outside of such filters is bound in each μ, as one of a triple that stands
       in G itself: then it is put in, and compared, in every case;
    3. there is one at least: otherwise MINUS keeps everything;
    4. G is no part of another pattern, so that no values come from outside, and both see the same graph.

    Filters on G may come before or after MINUS (each keeps or drops a solution by itself), and what is bound by BIND or
    OPTIONAL is not a variable of P by 2. What is kept is kept as often as before. Order, where none is asked for, may
    be another.

    When it pays: P has two triples or more, and is small: its verbs are IRIs, it hangs together, and no variable is the
    object of two triples. So no two things meet that have but a value in common, and P has about as many solutions as
    its first triple has matches. To find them once is what it costs at most.
    """
    if not _LIKELY.search(text):
        return text
    try:
        tokens = syntax.walk(text)
    except BadRequest:
        return text
    group = _group(tokens)
    return _moved(text, tokens, group, list(_fitting(tokens, group))) if group else text


def _moved(text: str, tokens: Sequence[Token], group: range, filters: Sequence[range]) -> str:
    """The text with those filters taken to the end of the group, as MINUS."""
    parts, start = [], 0
    for each in filters:
        parts += [text[start : tokens[each.start].start], "FILTER(true)"]
        start = tokens[each.stop - 1].start + 1
    end = tokens[group.stop].start
    minus = [f" MINUS {text[tokens[each.start + 3].start : tokens[each.stop - 1].start + 1]}" for each in filters]
    return "".join([*parts, text[start:end], *minus, text[end:]])


def _group(tokens: Sequence[Token]) -> range | None:
    """The places of the tokens in the braces of the WHERE clause; None where a query has none, or a sub-select there.

    What CONSTRUCT has in braces before it is no group, and it is found by the word.
    """
    kinds, depth = [token.kind for token in tokens], 0
    where = "WHERE" not in kinds and "CONSTRUCT" not in kinds
    for place, kind in enumerate(kinds):
        where = where or (kind == "WHERE" and depth == 0)
        if kind == "{" and depth == 0 and where:
            inside = range(place + 1, _end(tokens, place))
            return None if kinds[place + 1] == "SELECT" else inside
        depth += (kind in _OPEN) - (kind in _CLOSE)
    return None


def _end(tokens: Sequence[Token], start: int) -> int:
    """The place of the bracket that closes the one at a place."""
    depth = 0
    for place in range(start, len(tokens)):
        depth += (tokens[place].kind in _OPEN) - (tokens[place].kind in _CLOSE)
        if depth == 0:
            return place
    raise AssertionError("the grammar closes what it opens")


def _fitting(tokens: Sequence[Token], group: range) -> Iterator[range]:
    """The filters of the group that may be MINUS and had better be, each as the places of its tokens."""
    filters = list(_filters(tokens, group))
    inside = {place for each in filters for place in each}
    outside = {_name(token) for place, token in enumerate(tokens) if token.kind == "VAR" and place not in inside}
    bound = _bound(tokens, group)
    for each in filters:
        pattern = tokens[each.start + 4 : each.stop - 1]
        shared = {_name(token) for token in pattern if token.kind == "VAR"} & outside
        if shared and shared <= bound and _is_small(list(_triples(pattern))):
            yield each


def _filters(tokens: Sequence[Token], group: range) -> Iterator[range]:
    """Every ``FILTER NOT EXISTS { … }`` that stands in the group itself."""
    depth = 0
    for place in group:
        if depth == 0 and [token.kind for token in tokens[place : place + 4]] == _NOT_EXISTS:
            yield range(place, _end(tokens, place + 3) + 1)
        depth += (tokens[place].kind in _OPEN) - (tokens[place].kind in _CLOSE)


def _bound(tokens: Sequence[Token], group: range) -> frozenset[str]:
    """The variables of triples that stand in the group itself: not in brackets of any kind, nor those of VALUES."""
    depth, found = 0, set()
    for place in group:
        token = tokens[place]
        if token.kind == "VAR" and depth == 0 and tokens[place - 1].kind != "VALUES":
            found.add(_name(token))
        depth += (token.kind in _OPEN) - (token.kind in _CLOSE)
    return frozenset(found)


def _name(token: Token) -> str:
    """A variable by its name: ``?a`` and ``$a`` are one."""
    return f"?{token.text[1:]}"


def _triples(pattern: Sequence[Token]) -> Iterator[_Triple]:
    """The triples of a pattern that is made of plain ones; none of another."""
    if any(token.kind not in _PLAIN for token in pattern):
        return
    for same_subject in _split(pattern, "."):
        subject, rest = _term(same_subject)
        for same_verb in _split(rest, ";"):
            verb, objects = _verb(same_verb)
            for each in _split(objects, ","):
                yield _Triple(subject, verb, _term(each)[0])


def _split(tokens: Sequence[Token], sign: str) -> Iterator[Sequence[Token]]:
    """What stands between signs, where something does."""
    start = 0
    for place, token in enumerate([*tokens, Token(sign, sign, 0)]):
        if token.kind == sign:
            if place > start:
                yield tokens[start:place]
            start = place + 1


def _term(tokens: Sequence[Token]) -> tuple[str, Sequence[Token]]:
    """A term as text, and what follows it: a literal has its language or datatype with it."""
    first, length = tokens[0], 1
    if first.kind == "VAR":
        return _name(first), tokens[1:]
    if first.kind == "STRING" and len(tokens) > 1:
        length = {"LANGTAG": 2, "^^": 3}.get(tokens[1].kind, 1)
    return " ".join(token.text for token in tokens[:length]), tokens[length:]


def _verb(tokens: Sequence[Token]) -> tuple[tuple[str, ...], Sequence[Token]]:
    """The steps of a verb, and its objects."""
    steps, place = [_term(tokens)[0]], 1
    while tokens[place].kind == "/":
        steps.append(tokens[place + 1].text)
        place += 2
    return tuple(steps), tokens[place:]


def _is_small(triples: Sequence[_Triple]) -> bool:
    """Whether a pattern joins, hangs together, and has about as many solutions as its first triple has matches."""
    objects = [each.object for each in triples if each.object.startswith("?")]
    joins = sum(len(each.verb) for each in triples) > 1
    fixed = not any(step.startswith("?") for each in triples for step in each.verb)
    return joins and fixed and len(objects) == len(set(objects)) and _hangs_together(triples)


def _hangs_together(triples: Sequence[_Triple]) -> bool:
    """Whether each triple is joined to the others by variables."""
    rest = [{end for end in (each.subject, each.object) if end.startswith("?")} for each in triples]
    joined = rest.pop()
    while near := [ends for ends in rest if ends & joined]:
        joined.update(*near)
        rest = [ends for ends in rest if ends not in near]
    return not rest

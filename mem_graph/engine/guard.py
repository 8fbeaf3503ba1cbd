"""What a query must be before the engine sees it: not too large, no update, no ``SERVICE``, asked of graphs we have.

The engine's parser keeps its stack in that of the machine: some hundreds of nested groups, or of ``OPTIONAL`` in a row,
end the process. So the measure is taken here first. Whether a query is an update, asks another service or names its own
dataset is decided on the tokens that the grammar has cut (`syntax.walk`), never by searching the text.

Most queries are short and hold neither word: for those the counting of signs is enough, and no token is cut.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import NamedTuple, get_args
from urllib.parse import urljoin

from mem_graph.engine import syntax
from mem_graph.engine.syntax import Token
from mem_graph.errors import BadRequest, FederationRefused, TooLarge, UpdateRefused
from mem_graph.outcomes import QueryForm, SparqlRequest
from mem_graph.settings import IDENTITY_BASE
from mem_graph.wording import Wording

BASE = IDENTITY_BASE
"""What a relative IRI of a query is read against where the query has no BASE (RFC 3986, section 5.1.4)."""

UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"])
"""The words that begin an update (SPARQL 1.1 Update, section 3)."""


class Limits(NamedTuple):
    """How large a query may be: bytes of text, levels of brackets, steps of one property path."""

    text: int = 1_000_000
    nesting: int = 128
    path: int = 128

    @property
    def depth(self) -> int:
        """Levels of brackets and of what stands in a row within them, together."""
        return 2 * self.nesting


def check(
    request: SparqlRequest, graphs: Collection[str], limits: Limits | None = None, at_once: int | None = None
) -> SparqlRequest:
    """The request with its form, and with the dataset of its ``FROM`` where it names none itself.

    In: a request as it was read, and the named graphs there are; how many characters are checked ``at_once``: of a
    longer query the form alone is told, and the rest is deferred, for a megabyte takes seconds. Raises TooLarge;
    UpdateRefused; FederationRefused with line and column; BadRequest for a form that is none, a mistake, a graph that
    we do not have. SPARQL 1.1 Protocol, section 2.1.4: the request's dataset outranks that of the query.
    """
    limits = limits or Limits()
    _refuse_over("query text", limits.text, len(request.query.encode()), "bytes")
    form = form_of(request.query)
    if at_once is not None and len(request.query) > at_once:
        return replace(request, form=form, deferred=True)
    tokens = measure(request.query, limits)
    if tokens is not None:
        _refuse_service(request.query, tokens)
    if request.own_dataset:
        _check_parameter("default-graph-uri", request.default_graphs, graphs)
        _check_parameter("named-graph-uri", request.named_graphs, graphs)
        return replace(request, form=form, deferred=False)
    default, named = _dataset(request.query, tokens or (), graphs)
    return replace(request, form=form, deferred=False, default_graphs=default, named_graphs=named)


def measure(text: str, limits: Limits) -> list[Token] | None:
    """The tokens of a query that is within the limits; None where a count of signs shows that none need be cut.

    Raises TooLarge, and BadRequest where tokens are needed and a mistake is met.
    """
    if _plain(text, limits):
        return None
    tokens = syntax.walk(text)
    _measure_depth(tokens, limits)
    _measure_paths(tokens, limits)
    return tokens


_WATCHED, _UNWATCHED = ("service", "from", "\\"), ":wasderivedfrom"  # who asks for evidence asks prov:wasDerivedFrom
_OPEN, _STEP = "{([", "/|^"
# What makes the tree of a query deeper where it stands in a row with others of its kind, in eighths of a level.
# BIND, and an expression of SELECT, are counted by their AS.
_HEAVY = frozenset(["OPTIONAL", "MINUS", "AS"])
_LIGHT = frozenset(["{", "UNION", "FILTER", "GRAPH", "EXISTS", "&&", "||", "!", "+", "-", "*", "/", "|", "^", "SIGNED"])
_IN_A_ROW = ("optional", "minus", "as", "union", "filter", "graph", "exists", *"{&|!+*/^-")
_EIGHTHS = {**dict.fromkeys(_HEAVY, 4), **dict.fromkeys(_LIGHT, 1)}


def _plain(text: str, limits: Limits) -> bool:
    """Whether a text is within all limits however it is cut, and has no word or escape that needs a closer look."""
    lower = text.lower()
    watched = lower.replace(_UNWATCHED, ":")
    return (
        not any(word in watched for word in _WATCHED)
        and _count(text, _OPEN) <= limits.nesting
        and _count(text, _STEP) <= limits.path
        and _count(lower, _IN_A_ROW) * 4 <= (limits.depth - limits.nesting) * 8
    )


def _count(text: str, words: Iterable[str]) -> int:
    return sum(map(text.count, words))


def _measure_depth(tokens: Sequence[Token], limits: Limits) -> None:
    """Raise TooLarge where brackets nest too deep, or where they and the rows they stand in do."""
    rows, eighths = [0, 0], 0
    for token in tokens:
        weight = _EIGHTHS.get(token.kind, 0)
        rows[-2 if token.kind == "AS" else -1] += weight  # AS stands in the brackets of what is in the row
        eighths += weight
        if token.kind in ("{", "(", "["):
            rows.append(0)
        elif token.kind in ("}", ")", "]"):
            eighths -= rows.pop()
        depth = len(rows) - 2
        _refuse_over("nesting", limits.nesting, depth, "levels")
        _refuse_over("nesting", limits.depth, depth + eighths // 8, "levels")


def _measure_paths(tokens: Sequence[Token], limits: Limits) -> None:
    """Raise TooLarge where one property path has too many steps: the engine reads long ones for minutes."""
    steps = 0
    for token in tokens:
        steps = 0 if token.kind in (".", ";", ",", "{", "}") else steps + (token.kind in ("/", "|", "^"))
        _refuse_over("property path", limits.path, steps, "steps")


def _refuse_over(part: str, limit: int, size: int, unit: str) -> None:
    if size > limit:
        raise TooLarge(part=part, limit=limit, size=size, unit=unit)  # type: ignore[arg-type]


def form_of(text: str) -> QueryForm:
    """The form of a query, by its first word behind the prologue; raises UpdateRefused, or BadRequest for none."""
    word = syntax.first_word(text)
    name = word.text.upper()
    if name in UPDATES:
        raise UpdateRefused(operation=name)
    form: QueryForm | None = next((each for each in get_args(QueryForm) if each == name), None)
    if form is None:
        raise syntax.explain(text, Wording("begins-no-query", met=word.text))
    return form


def _refuse_service(text: str, tokens: Sequence[Token]) -> None:
    """Raise FederationRefused where a query asks another service (SPARQL 1.1 Federated Query, section 2)."""
    for token in tokens:
        if token.kind == "SERVICE":
            line, column = syntax.place(text, token.start)
            raise FederationRefused(line=line, column=column)


def _check_parameter(parameter: str, asked: Sequence[str], graphs: Collection[str]) -> None:
    """Raise BadRequest where a dataset parameter names a graph that we do not have."""
    for graph in asked:
        if graph not in graphs:
            near = tuple(get_close_matches(graph, graphs))
            raise BadRequest(problem=Wording("no-graph", graph=graph[:500]), parameter=parameter, near=near)


def _dataset(text: str, tokens: Sequence[Token], graphs: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The graphs that ``FROM`` and ``FROM NAMED`` name (section 13.2); raises BadRequest for one we do not have."""
    found: dict[str, list[str]] = {"FROM": [], "NAMED": []}
    for place, token in enumerate(tokens):
        if token.kind not in found or tokens[place + 1].kind == "NAMED":
            continue
        name = tokens[place + 1]
        graph = _resolved(name, tokens[:place])
        if graph not in graphs:
            near = tuple(get_close_matches(graph, graphs))
            raise syntax.fault(text, name.start, Wording("no-graph", graph=graph[:500]), near)
        found[token.kind].append(graph)
    return tuple(found["FROM"]), tuple(found["NAMED"])


def _resolved(name: Token, before: Sequence[Token]) -> str:
    """The IRI that a name stands for, by the declarations before it (section 4.1.1); an undeclared prefix stays."""
    base, prefixes = BASE, dict[str, str]()
    for place, token in enumerate(before):
        if token.kind == "BASE":
            base = urljoin(base, unescaped(before[place + 1].text[1:-1]))
        elif token.kind == "PREFIX":
            prefixes[before[place + 1].text] = urljoin(base, unescaped(before[place + 2].text[1:-1]))
    if name.kind == "IRIREF":
        return urljoin(base, unescaped(name.text[1:-1]))
    prefix, _, local = name.text.partition(":")
    return prefixes.get(f"{prefix}:", f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)


def unescaped(iri: str) -> str:
    """An IRI without its ``\\u`` escapes (section 19.2); a code that is no character stays."""
    return re.sub(
        r"\\u((?![dD][89a-fA-F])[0-9A-Fa-f]{4})|\\U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})",
        lambda code: chr(int(code[1] or code[2], 16)),
        iri,
    )

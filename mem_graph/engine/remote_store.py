"""The store whose data an engine elsewhere holds: the same questions, the same limits, the same answers.

How a release lies in an engine. Each graph has its own name. All of them together are one graph more, named by the
release's digest: it is the default graph of every query, for engines are slow with a default graph of many. And there
is one graph that says which release is current (`Mark`) and what has been verified; `graph.publishing` writes it.

A release is exchanged for another under the same names. So after each answer the mark is read again: if it is still
the one that this store was opened with, all of the answer is of that release; else the answer is thrown away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from threading import Lock
from time import monotonic
from types import MappingProxyType
from typing import NamedTuple

from mem_graph.engine import guard, oxigraph, remote, syntax
from mem_graph.engine.bounds import Bounds
from mem_graph.engine.guard import Limits
from mem_graph.engine.lanes import Lane
from mem_graph.engine.portable import portable
from mem_graph.engine.remote import Engine
from mem_graph.errors import Exchanged, TimeLimit, Unavailable
from mem_graph.iris import PREFIXES
from mem_graph.outcomes import Answer, SparqlRequest
from mem_graph.settings import IDENTITY_BASE, Settings

BOOK = f"{IDENTITY_BASE}engine"
"""The graph that says what the engine holds, and the node that stands for the engine; it is no part of a release."""

NOTHING = f"{BOOK}/nothing"
"""A graph that is never there: some engines take no named graph for all of them."""

VERSION = f"{PREFIXES['owl']}versionInfo"
MARK = f"SELECT ?mark {{ <{BOOK}> <{VERSION}> ?mark }}"
COUNTS = "SELECT ?graph (COUNT(*) AS ?triples) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"

PATIENCE = 5.0
"""Seconds for a look at the mark."""

LONG = 600.0
"""Seconds for what goes over all the data, or moves a graph."""

_ASKED = "__ASK_RETVAL"
"""The variable in which Virtuoso says yes; it says no by no row."""

BOOLEAN = f"{PREFIXES['xsd']}boolean"

_LONG = Lock()
"""Held while a long query is checked here: each takes seconds of this process."""


class Mark(NamedTuple):
    """Which release is current in an engine, and a word that is never used twice."""

    digest: str
    serial: str


def merged(digest: str) -> str:
    """The name of the graph that holds all graphs of a release."""
    return f"{BOOK}/release/{digest}"


def marked(engine: Engine, seconds: float = PATIENCE) -> Mark | None:
    """The mark of an engine; None where no release is current. Raises Unavailable, TimeoutError."""
    asked = SparqlRequest(MARK, "SELECT", (BOOK,), (NOTHING,))
    rows = table(engine, asked, seconds)
    if len(rows) != 1:
        return None
    digest, _, serial = rows[0]["mark"].partition(" ")
    return Mark(digest, serial)


def table(engine: Engine, request: SparqlRequest, seconds: float) -> list[dict[str, str]]:
    """The rows of a query of ours, as texts; raises Unavailable for an answer that is none, TimeoutError."""
    try:
        bindings = json.loads(remote.ask(engine, request, seconds))["results"]["bindings"]
        return [{name: str(term["value"]) for name, term in row.items()} for row in bindings]
    except (ValueError, LookupError, TypeError, AttributeError):
        raise Unavailable(what=engine.name, reason="its answer is no SPARQL result in JSON") from None


def counted(engine: Engine, seconds: float) -> dict[str, int]:
    """The triples of every named graph of an engine, ours or not; raises Unavailable, TimeoutError."""
    return {row["graph"]: int(row["triples"]) for row in table(engine, SparqlRequest(COUNTS, "SELECT"), seconds)}


def confirm(engine: Engine, graphs: Mapping[str, int]) -> None:
    """Raise Unavailable where an engine does not hold these graphs whole, whatever its mark says; or TimeoutError.

    An engine that has died may come back with less than it had: Virtuoso does.
    """
    there = counted(engine, LONG)
    lost = [graph for graph, count in graphs.items() if there.get(graph, 0) != count]
    if lost:
        raise Unavailable(what="the release", reason=f"the engine does not hold all of it: {len(lost)} graphs differ")


@cache
def lane(calls: int, waiting: int) -> Lane:
    """The one way to the engine in this process."""
    return Lane(calls, waiting, small=False)


class RemoteStore:
    """A release in an engine; any thread may ask.

    Raises from `query`, besides what an embedded store raises: TimeLimit; Exchanged where the engine holds another
    release by now; Unavailable where it is away, or answers with what is none.
    """

    def __init__(self, settings: Settings, engine: Engine, mark: Mark, graphs: Mapping[str, int]) -> None:
        """In: the engine, the mark it had, and the named graphs of that release with the triples of each."""
        self._settings, self._engine, self._mark = settings, engine, mark
        self._graphs = MappingProxyType(dict(graphs))
        self._limits = Limits(settings.query_limit, settings.nesting, settings.nesting)
        self._bounds = Bounds(settings.row_limit, settings.answer_limit)
        self._union = settings.default_graph == "union"

    def graphs(self) -> Mapping[str, int]:
        """The number of triples in each named graph, by its IRI."""
        return self._graphs

    def query(self, request: SparqlRequest, media_type: str) -> Answer:
        """The answer to a query; one that has not been checked is put to the guard first. The clock runs from here."""
        limit = min(self._settings.deadline, request.timeout or self._settings.deadline)
        until = monotonic() + limit
        asked = self._dataset(self._checked(request))
        try:
            body = self._answered(replace(asked, query=portable(asked)), until)
        except TimeoutError:
            raise TimeLimit(limit=limit) from None
        return Answer(self._written(body, request, asked, media_type), media_type)

    def _checked(self, request: SparqlRequest) -> SparqlRequest:
        if request.checked:
            return request
        with _LONG:
            return guard.check(request, self._graphs, self._limits)

    def _dataset(self, request: SparqlRequest) -> SparqlRequest:
        """The request with its dataset spelled out: that of its own, or ours."""
        if request.own_dataset:
            default, named = request.default_graphs, request.named_graphs
        else:
            default, named = (merged(self._mark.digest),) if self._union else (), tuple(self._graphs)
        return replace(request, default_graphs=default or (NOTHING,), named_graphs=named or (NOTHING,))

    def _answered(self, request: SparqlRequest, until: float) -> bytes:
        """What the engine says, of this release and of no other."""
        way = lane(self._settings.engine_calls, self._settings.waiting)
        way.enter(until)

        def call() -> bytes:
            try:
                body = remote.ask(self._engine, request, _left(until), self._bounds)
                if marked(self._engine, _left(until)) != self._mark:
                    raise Exchanged(release=self._mark.digest)
                return body
            finally:
                way.leave()  # when the engine is done, not when nobody waits any more

        return remote.within(_left(until), call)

    def _written(self, body: bytes, request: SparqlRequest, asked: SparqlRequest, media_type: str) -> bytes:
        try:
            if asked.form in ("SELECT", "ASK"):
                order = syntax.star_order(request.query)
                return oxigraph.rows_written(_standard(body, asked.form), media_type, self._bounds, order)
            return oxigraph.triples_written(body, media_type, self._bounds)
        except (ValueError, LookupError, TypeError, AttributeError):
            raise Unavailable(what=self._engine.name, reason="its answer is none") from None

    def close(self) -> None:
        """Nothing is held."""


def _left(until: float) -> float:
    return max(until - monotonic(), 0.001)


def _standard(body: bytes, form: str | None) -> bytes:
    """A result document without the dialect of Virtuoso, which puts a yes into a row, and writes true as 1."""
    if _ASKED.encode() not in body and BOOLEAN.encode() not in body:
        return body
    document = json.loads(body)
    rows = document["results"]["bindings"]
    if form == "ASK":
        return json.dumps({"head": {}, "boolean": bool(rows)}).encode()
    for term in (term for row in rows for term in row.values()):
        if term.get("datatype") == BOOLEAN:
            term["value"] = {"0": "false", "1": "true"}.get(term["value"], term["value"])
    return json.dumps(document).encode()


def written(body: bytes, request: SparqlRequest, media_type: str) -> bytes:
    """What any endpoint has answered, in a format of ours; raises ValueError for what is no answer."""
    if request.form in ("SELECT", "ASK"):
        return oxigraph.rows_written(_standard(body, request.form), media_type)
    return oxigraph.triples_written(body, media_type)

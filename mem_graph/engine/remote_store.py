"""The store whose data an engine elsewhere holds: the same questions, the same limits, the same answers.

How a release lies in an engine is told in `engine.holdings`. It is exchanged for another under the same names. So after
each answer the mark is read again: if it is still the one that this store was opened with, all of the answer is of that
release; else the answer is thrown away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from threading import Lock
from time import monotonic
from types import MappingProxyType

from mem_graph.engine import guard, oxigraph, remote, syntax
from mem_graph.engine.bounds import Bounds
from mem_graph.engine.guard import Limits
from mem_graph.engine.holdings import NOTHING, Mark, marked, merged
from mem_graph.engine.lanes import Lane
from mem_graph.engine.portable import portable
from mem_graph.engine.remote import Engine
from mem_graph.errors import Exchanged, TimeLimit, Unavailable
from mem_graph.iris import PREFIXES
from mem_graph.outcomes import Answer, SparqlRequest
from mem_graph.settings import Settings
from mem_graph.wording import Wording

_ASKED = "__ASK_RETVAL"
"""The variable in which Virtuoso says yes; it says no by no row."""

BOOLEAN = f"{PREFIXES['xsd']}boolean"

_LONG = Lock()
"""Held while a long query is checked here: each takes seconds of this process."""


@cache
def lane(calls: int, waiting: int) -> Lane:
    """The one way to the engine in this process."""
    return Lane(calls, waiting, small=False)


class RemoteStore:
    """A release in an engine; any thread may ask.

    Raises from `query`, besides what an embedded store raises: TimeLimit; Exchanged where the engine holds another
    release by now; Unavailable where it is away, or answers with what is none.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        mark: Mark,
        graphs: Mapping[str, int],
        bounds: Bounds | None = None,
    ) -> None:
        """In: the engine, the mark it had, and the named graphs of that release with the triples of each; the bounds of
        an answer where they are not those of the settings.
        """
        self._settings, self._engine, self._mark = settings, engine, mark
        self._graphs = MappingProxyType(dict(graphs))
        self._limits = Limits(settings.query_limit, settings.nesting, settings.nesting)
        self._bounds = bounds or Bounds(settings.row_limit, settings.answer_limit)
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
            raise Unavailable(what=self._engine.name, reason=Wording("unavailable.no-answer")) from None

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

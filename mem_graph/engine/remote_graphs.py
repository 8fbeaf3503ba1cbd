"""Whole graphs put into an engine elsewhere and asked back: by the Graph Store Protocol, or else by SPARQL alone.

Many engines have no graph store, or do not show it. Then a graph is dropped, put by ``INSERT DATA`` in pieces, and
asked back by ``CONSTRUCT``. Blank nodes of one request are not those of another (SPARQL 1.1 Update, section 3.1.1), so
all triples that have some go in one piece.

https://www.w3.org/TR/sparql11-http-rdf-update/ ; https://www.w3.org/TR/sparql11-update/
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from string import Template

from mem_graph.engine import remote
from mem_graph.engine.binding import term
from mem_graph.engine.holdings import NOTHING
from mem_graph.engine.remote import Engine
from mem_graph.errors import AnswerLimit, Unavailable
from mem_graph.outcomes import SparqlRequest

PIECE = 1000
"""Triples of one INSERT DATA: engines compile what they are given, and some take no more than some thousands."""

DROP = Template("DROP SILENT GRAPH $graph")
INSERT = Template("INSERT DATA { GRAPH $graph {\n$triples} }")
INSERT_BLANK = Template("INSERT { GRAPH $graph {\n$triples} } WHERE {}")
"""The same for blank nodes, which Virtuoso takes in a template alone: a pattern of nothing has one solution."""

ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def put(engine: Engine, graph: str, ntriples: bytes, seconds: float) -> None:
    """Put a graph in the place of whatever is there under its name; each call has so many seconds.

    In: N-Triples as a serialiser of ours writes them. They are Turtle, and so what INSERT DATA takes between its
    brackets (section 3.1.1); nothing in them is escaped in a way that SPARQL does not know. Raises what
    `remote.update` raises; what is broken off is put anew by the next call.
    """
    if engine.graph_store is not None:
        remote.within(seconds, lambda: remote.put(engine, graph, ntriples, seconds))
        return
    name = term(graph)
    for update in (DROP.substitute(graph=name), *_inserts(name, ntriples)):
        remote.within(seconds, partial(remote.update, engine, update, seconds))


def _inserts(name: str, ntriples: bytes) -> Iterator[str]:
    for piece in pieces(ntriples, PIECE):
        form = INSERT_BLANK if b"_:" in piece else INSERT
        yield form.substitute(graph=name, triples=piece.decode())


def pieces(ntriples: bytes, size: int) -> Iterator[bytes]:
    """N-Triples in pieces of so many lines: first, as one piece, those with blank nodes, then the others."""
    lines = ntriples.splitlines(keepends=True)
    blank = b"".join(line for line in lines if b"_:" in line)
    if blank:
        yield blank
    others = (line for line in lines if b"_:" not in line)
    while piece := b"".join(islice(others, size)):
        yield piece


def get(engine: Engine, graph: str, seconds: float) -> bytes:
    """A graph as N-Triples; raises what `remote.ask` raises, and Unavailable where a part alone is given."""
    if engine.graph_store is not None:
        return remote.within(seconds, lambda: remote.get(engine, graph, seconds))
    request = SparqlRequest(ALL, "CONSTRUCT", (graph,), (NOTHING,))
    try:
        return remote.within(seconds, lambda: remote.ask(engine, request, seconds))
    except AnswerLimit:
        raise Unavailable(what=engine.name, reason=f"it gives back a part alone of {graph}") from None

"""Graphs over HTTP, for reading: ``/graph-store?graph=IRI``, ``?default``, and each graph at its own address.

https://www.w3.org/TR/sparql11-http-rdf-update/ sections 4.1, 4.2, 5.2 and 5.6. Whatever would write gets 405.
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from urllib.parse import parse_qsl

from flask import Blueprint, Response, g, request

from mem_graph.engine.media_types import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format, negotiate
from mem_graph.errors import AnswerLimit, BadRequest, UnknownTerm
from mem_graph.graph import release as releases
from mem_graph.outcomes import SparqlRequest
from mem_graph.query import sparql
from mem_graph.query.current import Current
from mem_graph.web import endpoint, exact
from mem_graph.wording import Wording

FORMATS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS)
"""What a graph is written in; the last two with its name."""

blueprint = Blueprint("graph_store", __name__)


@blueprint.route("/graph-store")
def by_parameter() -> Response:
    """The graph that the query string names."""
    arguments = _arguments()
    g.wanted = tuple(value for name in sparql.WANTED for key, value in arguments if key == name)
    graphs = [value for name, value in arguments if name == "graph"]
    defaults = sum(name == "default" for name, _ in arguments)
    if len(graphs) + defaults != 1:
        raise BadRequest(problem=Wording("graph-or-default"), parameter="graph")
    return _shown(graphs[0] if graphs else None)


def by_address(name: str, chosen: Format | None = None) -> Response:
    """The graph at an address of its own, in a format or in what the client prefers; raises as `by_parameter`."""
    arguments = _arguments()
    g.wanted = tuple(value for word in sparql.WANTED for key, value in arguments if key == word)
    return _shown(at_address(name), chosen)


def at_address(name: str) -> str:
    """The graph whose IRI stands below the identity base, or the address of the service, as this path does here."""
    held = endpoint.current()
    bases = (held.release.identity_base, endpoint.settings().root)
    candidates = [f"{base}graph/{name}" for base in bases]
    return next((each for each in candidates if each in held.store.graphs()), candidates[0])


def _arguments() -> list[tuple[str, str]]:
    """The parameters, decoded once; raises BadRequest for what is not UTF-8."""
    try:
        return parse_qsl(
            request.query_string.decode(), keep_blank_values=True, errors="strict", max_num_fields=sparql.FIELDS
        )
    except ValueError:
        raise BadRequest(problem=Wording("unreadable-query-string")) from None


def _shown(graph: str | None, wanted: Format | None = None) -> Response:
    """One graph, or the default graph, in what the client prefers; raises UnknownTerm, NotAcceptable."""
    held = endpoint.current()
    if graph is not None and graph not in (known := held.store.graphs()):
        raise UnknownTerm(word=graph[:500], scheme=Wording("scheme.graphs"), near=near(graph, known))
    chosen = wanted or negotiate(FORMATS, request.headers.get("Accept"), g.wanted)
    named = SparqlRequest("graph", default_graphs=(graph,) if graph else ())
    tag = endpoint.tag_of(sparql.fingerprint(held.release, named, chosen.media_type))
    if request.if_none_match.contains_weak(tag):
        return endpoint.headed(Response(status=304), tag)
    return endpoint.headed(Response(_written(held, graph, chosen), content_type=chosen.content_type), tag)


def near(graph: str, known: Collection[str]) -> tuple[str, ...]:
    """The graphs that a name is like: by its whole, or by its end."""
    last = graph.rstrip("/#").rsplit("/", 1)[-1]
    ending = [each for each in known if last and each.endswith(f"/{last}")]
    return tuple(dict.fromkeys([*ending, *get_close_matches(graph, known, cutoff=0.75)]))[:5]


def _written(held: Current, graph: str | None, chosen: Format) -> bytes:
    """A graph as the release keeps it, or the default graph; raises AnswerLimit where it has too many triples."""
    settings = endpoint.settings()
    sizes = held.store.graphs()
    if (sizes[graph] if graph else sum(sizes.values())) > settings.row_limit:
        raise AnswerLimit(limit=settings.row_limit, unit="rows")
    nquads = (held.release.folder / releases.DATA).read_bytes()
    return exact.written(exact.triples_of(nquads, graph, settings.default_graph == "union"), chosen, graph)

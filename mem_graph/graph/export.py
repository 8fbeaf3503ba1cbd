"""A release, or one graph of it, as a file for others: N-Quads as kept, TriG, Turtle with prefixes and in order."""

from __future__ import annotations

from difflib import get_close_matches

from rdflib import Dataset, Graph, URIRef

from mem_graph.engine import quads
from mem_graph.errors import UnknownTerm
from mem_graph.graph import release
from mem_graph.iris import PREFIXES
from mem_graph.outcomes import Release


def export(made: Release, name: str | None = None, kind: str | None = None) -> bytes:
    """The bytes of a release, or of the graph of that name.

    In: the release; a graph's IRI or the end of it (``edition/PER-R6/en/1``), None for all; ``nquads``, ``trig`` or
    ``turtle``, by default N-Quads for all and Turtle for one graph. Turtle of all is all graphs as one. Raises
    UnknownTerm with the near names.
    """
    if name is None and kind in (None, "nquads"):
        return (made.folder / release.DATA).read_bytes()
    parts = quads.read_graphs(made.folder / release.DATA, "application/n-quads")
    chosen = parts if name is None else {(iri := _iri(made, name)): parts[iri]}
    if kind == "nquads":
        return quads.canonical_nquads(chosen)
    if kind == "trig":
        return _trig(chosen)
    return _turtle(chosen)


def _iri(made: Release, name: str) -> str:
    found = [iri for iri in made.graphs if name in (iri, iri.removeprefix(f"{made.identity_base}graph/"))]
    if not found:
        known = [iri.removeprefix(f"{made.identity_base}graph/") for iri in made.graphs]
        raise UnknownTerm(
            word=name, scheme="the release's graphs", near=tuple(get_close_matches(name, known, cutoff=0.3))
        )
    return found[0]


def _turtle(parts: dict[str, bytes]) -> bytes:
    graph = _prefixed(Graph())
    for ntriples in parts.values():
        graph.parse(data=ntriples, format="nt")
    return graph.serialize(format="turtle", encoding="utf-8")


def _trig(parts: dict[str, bytes]) -> bytes:
    dataset = Dataset()
    _prefixed(dataset)
    for iri, ntriples in parts.items():
        dataset.graph(URIRef(iri)).parse(data=ntriples, format="nt")
    return dataset.serialize(format="trig", encoding="utf-8")


def _prefixed(graph: Graph) -> Graph:
    for prefix, space in PREFIXES.items():
        graph.bind(prefix, space)
    return graph

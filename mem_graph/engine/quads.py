"""Quads as bytes: sorted canonical N-Quads, the form in which a release is kept and its digest taken.

N-Quads: https://www.w3.org/TR/n-quads/ ; blank node labels: RDF Dataset Canonicalization (RDFC-1.0), https://www.w3.org/TR/rdf-canon/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, parse, serialize


def canonical_nquads(graphs: Mapping[str, bytes]) -> bytes:
    """All graphs (IRI → N-Triples) as one N-Quads file, lines sorted by code point, each ending in a line feed.

    Blank nodes, which only the ontology and the shapes have, get RDFC-1.0 labels over the whole dataset: the same graphs give the
    same bytes.
    """
    dataset = Dataset(quad for graph, ntriples in graphs.items() for quad in _quads(graph, ntriples))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    text = serialize(dataset, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(text.splitlines(keepends=True)))


def _quads(graph: str, ntriples: bytes) -> Iterator[Quad]:
    name = NamedNode(graph)
    for quad in parse(ntriples, format=RdfFormat.N_TRIPLES):
        yield Quad(quad.subject, quad.predicate, quad.object, name)

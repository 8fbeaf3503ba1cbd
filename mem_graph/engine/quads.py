"""Quads as bytes: sorted canonical N-Quads, the form in which a release is kept and its digest taken.

N-Quads: https://www.w3.org/TR/n-quads/ ; blank node labels: RDF Dataset Canonicalization (RDFC-1.0),
https://www.w3.org/TR/rdf-canon/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from mem_graph.errors import ExtractError, ParseError


def canonical_nquads(graphs: Mapping[str, bytes]) -> bytes:
    """All graphs (IRI → N-Triples) as one N-Quads file, lines sorted by code point, each ending in a line feed.

    Blank nodes, which only the ontology and the shapes have, get RDFC-1.0 labels over the whole dataset: the same
    graphs give the same bytes.
    """
    dataset = Dataset(quad for graph, ntriples in graphs.items() for quad in _quads(graph, ntriples))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    text = serialize(dataset, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(text.splitlines(keepends=True)))


def _quads(graph: str, ntriples: bytes) -> Iterator[Quad]:
    name = NamedNode(graph)
    for quad in parse(ntriples, format=RdfFormat.N_TRIPLES):
        yield Quad(quad.subject, quad.predicate, quad.object, name)


def read_graphs(path: Path, media_type: str) -> dict[str, bytes]:
    """Each graph of an RDF file as N-Triples, by its IRI; triples without a graph stand under the empty name.

    Nothing that the file names is fetched. Raises ParseError with the line that is not well formed, ExtractError for a
    file that cannot be read.
    """
    try:
        return _by_graph(parse(path=path, format=RdfFormat.from_media_type(media_type)))
    except OSError as error:
        raise ExtractError(file=path, reason=error.strerror or "cannot be read") from None
    except SyntaxError as error:
        raise ParseError(
            file=str(path), line=error.lineno or 1, met=error.msg, expected=f"RDF ({media_type})"
        ) from None


def _by_graph(found: Iterable[Quad]) -> dict[str, bytes]:
    parts: dict[str, list[Triple]] = {}
    for quad in found:
        name = "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value
        parts.setdefault(name, []).append(quad.triple)
    return {name: serialize(triples, format=RdfFormat.N_TRIPLES) or b"" for name, triples in sorted(parts.items())}

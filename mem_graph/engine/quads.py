"""Quads as bytes: sorted canonical N-Quads, the form in which a release is kept and its digest taken.

N-Quads: https://www.w3.org/TR/n-quads/ ; blank node labels: RDF Dataset Canonicalization (RDFC-1.0),
https://www.w3.org/TR/rdf-canon/
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)

from mem_graph.errors import ExtractError, ParseError

_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def ntriples(triples: bytes) -> bytes:
    """N-Triples in their canonical form, lines sorted by code point; blank nodes keep their labels."""
    text = serialize(parse(triples, format=RdfFormat.N_TRIPLES), format=RdfFormat.N_TRIPLES) or b""
    return b"".join(sorted(set(text.splitlines(keepends=True))))


def checksum(triples: bytes) -> str:
    """The SHA-256 of a graph as an engine keeps it, whichever gives it back: N-Triples in, each once, in order.

    Numbers count by their value, as `"3"^^xsd:nonNegativeInteger` and `"03"^^xsd:integer`, since some engines keep
    nothing else; blank nodes get RDFC-1.0 labels. Raises ValueError for what are no N-Triples.
    """
    store = Store()
    try:
        store.bulk_load(input=triples, format=RdfFormat.N_TRIPLES)
    except SyntaxError as error:
        raise ValueError(error.msg) from None
    dataset = Dataset(store)
    if b"_:" in triples:
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted((serialize(dataset, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True))
    return hashlib.sha256(b"".join(lines)).hexdigest()


def turtle(triples: bytes, prefixes: Mapping[str, str]) -> bytes:
    """N-Triples as Turtle with these prefixes, in the order of the triples."""
    found = parse(triples, format=RdfFormat.N_TRIPLES)
    return serialize((quad.triple for quad in found), format=RdfFormat.TURTLE, prefixes=dict(prefixes)) or b""


def canonical_nquads(graphs: Mapping[str, bytes]) -> bytes:
    """All graphs (IRI → N-Triples) as one N-Quads file, lines sorted by code point, each ending in a line feed.

    Blank nodes, which only the ontology and the shapes have, get RDFC-1.0 labels over the whole dataset: the same
    graphs give the same bytes.
    """
    return b"".join(merge({graph: ntriples(triples) for graph, triples in graphs.items()}))


def merge(graphs: Mapping[str, bytes]) -> list[bytes]:
    """The lines of all graphs (IRI → N-Triples as `ntriples` gives them) as canonical N-Quads, sorted."""
    blank = {graph: triples for graph, triples in graphs.items() if b"_:" in triples}
    lines = _labelled(blank)
    for graph, triples in graphs.items():
        if graph not in blank:
            lines.extend(_in_graph(graph, triples))
    lines.sort()
    return lines


def _in_graph(graph: str, triples: bytes) -> list[bytes]:
    """The lines of canonical N-Triples as those of canonical N-Quads."""
    end = f" <{graph}> .\n".encode()
    return [line[:-2] + end for line in triples.splitlines()]


def _labelled(graphs: Mapping[str, bytes]) -> list[bytes]:
    """The lines of graphs with blank nodes, which get their labels over all of them (RDFC-1.0)."""
    dataset = Dataset(quad for graph, triples in graphs.items() for quad in _quads(graph, triples))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return (serialize(dataset, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)


def _quads(graph: str, triples: bytes) -> Iterator[Quad]:
    name = NamedNode(graph)
    for quad in parse(triples, format=RdfFormat.N_TRIPLES):
        yield Quad(quad.subject, quad.predicate, quad.object, name)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is in a dataset; a triple in two graphs counts once, but for each graph."""

    triples: int
    subjects: int
    classes: Mapping[str, int]
    """Instances of each class, by its IRI."""
    properties: Mapping[str, int]
    """Triples of each property, by its IRI."""
    graphs: Mapping[str, int]
    """Triples of each graph, by its IRI."""


def count(lines: Iterable[bytes]) -> Counts:
    """Count the lines of `merge`: equal triples, and those of one subject, stand one after the other."""
    classes, properties, graphs = Counter[bytes](), Counter[bytes](), Counter[bytes]()
    subjects, last, triple = 0, b"", b""
    for line in lines:
        words, graph, _ = line.rsplit(b" ", 2)
        graphs[graph] += 1
        if words != triple:
            triple = words
            subject, predicate, value = words.split(b" ", 2)
            subjects += subject != last
            last = subject
            properties[predicate] += 1
            if predicate == _TYPE:
                classes[value] += 1
    return Counts(properties.total(), subjects, *map(_named, (classes, properties, graphs)))


def _named(counts: Counter[bytes]) -> dict[str, int]:
    return {name[1:-1].decode(): number for name, number in sorted(counts.items()) if name.startswith(b"<")}


def instances(triples: bytes, classes: Iterable[str]) -> bytes:
    """The triples that say of something that it is of one of some classes; in and out: N-Triples, a space between."""
    of = b"|".join(re.escape(each.encode()) for each in classes)
    return b"".join(_lines(triples, rb" %b <(?:%b)> \.\n" % (re.escape(_TYPE), of)))


def having(triples: bytes, predicate: str) -> bytes:
    """The triples with this predicate; in and out: N-Triples, a space between."""
    return b"".join(_lines(triples, rb" <%b> .* \.\n" % re.escape(predicate.encode())))


def _lines(triples: bytes, pattern: bytes) -> Iterator[bytes]:
    """The lines that match from behind their subject on; to try every line from its start takes ten times as long."""
    for found in re.finditer(pattern, triples):
        start = triples.rfind(b"\n", 0, found.start()) + 1
        if b" " not in triples[start : found.start()]:
            yield triples[start : found.end()]


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

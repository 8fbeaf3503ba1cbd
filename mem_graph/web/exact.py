"""The triples of a release as they are kept, in any format: no number and no blank node changes on the way.

The engine holds numbers by value and gives blank nodes new labels when it loads them: ``"3"^^xsd:nonNegativeInteger``
comes out as ``"3"^^xsd:integer``, and no two documents agree on a label. Answers to queries are its own affair; but
who takes a graph or a dump gets what the release holds. So datatypes and blank nodes go through its writers under
other names.

N-Quads are read here as the engine writes them: one quad a line, one blank between terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mem_graph.engine.media_types import N_QUADS, N_TRIPLES, TRIG, TURTLE, Format
from mem_graph.outcomes import SparqlRequest

ALL = "CONSTRUCT WHERE { ?s ?p ?o }"

_TERM = rb'<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?'
_GRAPH = re.compile(rb"^(\S+ \S+ (?:" + _TERM + rb"))(?: (?:<[^>]*>|_:\S+))? \.$", re.MULTILINE)
_UNNAMED = re.compile(rb"^\S+ \S+ (?:" + _TERM + rb") \.$", re.MULTILINE)

_ALIAS = b"urn:uuid:5f0f6a52-6f0e-4d0c-9a7e-6f1c1f6f6d10:"
_XSD = b"http://www.w3.org/2001/XMLSchema#"
_SUBJECT = re.compile(rb"^_:(\S+)", re.MULTILINE)
_OBJECT = re.compile(rb" _:(\S+)(?= \.$)", re.MULTILINE)
_SHOWN: Sequence[tuple[re.Pattern[bytes], bytes]] = (
    (re.compile(rb"<" + _ALIAS + rb"b:(\w+)>"), rb"_:\1"),  # Turtle, TriG, N-Triples
    (re.compile(rb'"' + _ALIAS + rb'b:(\w+)"(?=[\],}])'), rb'"_:\1"'),  # JSON-LD
    (re.compile(rb'rdf:(?:about|resource)="' + _ALIAS + rb'b:(\w+)"'), rb'rdf:nodeID="\1"'),
    (re.compile(_ALIAS + rb"t:"), _XSD),
)


def triples_of(nquads: bytes, graph: str | None, union: bool) -> bytes:
    """The triples of a graph as sorted N-Triples; without a name, of all graphs as one or of the unnamed one."""
    if graph is not None:
        end = f" <{graph}> .".encode()
        cut = (line[: -len(end)] for line in nquads.split(b"\n") if line.endswith(end))
        lines = [line + b" ." for line in cut if line.count(b" ") > 1]  # else it is the object of an unnamed triple
    elif union:
        lines = [found + b" ." for found in set(_GRAPH.findall(nquads))]
    else:
        lines = _UNNAMED.findall(nquads)
    return b"".join(line + b"\n" for line in sorted(lines))


def written(ntriples: bytes, chosen: Format, graph: str | None = None) -> bytes:
    """N-Triples in another format; with the name of their graph where the format has a place for it."""
    if chosen is N_TRIPLES or (chosen is N_QUADS and graph is None):
        return ntriples
    if chosen is N_QUADS:
        return ntriples.replace(b" .\n", f" <{graph}> .\n".encode())
    if chosen is TRIG and graph is not None:
        return b"\n".join(trig_parts(graph, written(ntriples, TURTLE)))
    from mem_graph.engine.oxigraph import EmbeddedStore

    store = EmbeddedStore.parse(_aliased(ntriples), union=False)
    plain = TURTLE if chosen is TRIG else chosen
    body = store.query(SparqlRequest(ALL, "CONSTRUCT"), plain.media_type).body
    store.close()
    return _shown(body)


def trig_parts(graph: str, turtle: bytes) -> tuple[bytes, bytes]:
    """Turtle as TriG of a graph: the lines with its prefixes, and the block of the graph."""
    lines = turtle.split(b"\n")
    head = next((n for n, line in enumerate(lines) if not line.startswith(b"@prefix")), len(lines))
    return b"\n".join(lines[:head]), b"<%s> {\n%s}\n" % (graph.encode(), b"\n".join(lines[head:]))


def trig(nquads: bytes, graphs: Iterable[str]) -> bytes:
    """A dataset with these named graphs as TriG; a prefix is declared once."""
    parts = [trig_parts(each, written(triples_of(nquads, each, False), TURTLE)) for each in graphs]
    prefixes = sorted({line for head, _ in parts for line in head.split(b"\n") if line})
    return b"\n".join([*prefixes, *(block for _, block in parts), written(triples_of(nquads, None, False), N_TRIPLES)])


def _aliased(ntriples: bytes) -> bytes:
    typed = ntriples.replace(b'"^^<' + _XSD, b'"^^<' + _ALIAS + b"t:")
    return _OBJECT.sub(rb" <" + _ALIAS + rb"b:\1>", _SUBJECT.sub(rb"<" + _ALIAS + rb"b:\1>", typed))


def _shown(body: bytes) -> bytes:
    for pattern, real in _SHOWN:
        body = pattern.sub(real, body)
    return body

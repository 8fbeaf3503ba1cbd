"""The embedded engine: pyoxigraph in memory. Loads files, answers, serialises with the engine's own writers.

https://pyoxigraph.readthedocs.io/
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from traceback import clear_frames
from types import MappingProxyType
from typing import Any, Self, TypeAlias

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from mem_graph.engine import guard, rewriting, syntax
from mem_graph.engine.bounds import BoundedOutput, Bounds, at_most
from mem_graph.errors import BadRequest, NotAcceptable, ParseError
from mem_graph.iris import PREFIXES
from mem_graph.outcomes import Answer, SparqlRequest
from mem_graph.wording import Wording

Fact: TypeAlias = tuple[str, str, str | int | float | NamedNode]
"""A triple to be written: IRI, IRI, and a text, a number or an IRI made with `iri`."""

Source: TypeAlias = tuple[str, str, bytes]
"""A file to be read: its name, its media type, its text."""


class EmbeddedStore:
    """A dataset in memory. With ``union`` the default graph is all graphs as one; otherwise it is the unnamed one.

    Any thread may ask: each answer is evaluated and serialised in one call. With ``bounds`` an answer over them is an
    error, AnswerLimit, as soon as it is. With ``rewrite`` queries are put in a way that takes the engine less time.
    """

    def __init__(self, store: Store, union: bool, bounds: Bounds | None = None, rewrite: bool = False) -> None:
        """In: a filled store, which is not changed any more."""
        self._store = store
        self._union = union
        self._bounds = bounds
        self._rewrite = rewrite
        self._graphs = MappingProxyType(_counts(store))

    @classmethod
    def load(
        cls, files: Iterable[tuple[Path, str]], union: bool, bounds: Bounds | None = None, rewrite: bool = False
    ) -> Self:
        """A store of these files, each with its media type.

        A file that is the only one keeps the names of its blank nodes, so that it gives the same answers each time.
        Raises ParseError for a file that is not well formed, with its line; OSError for one that cannot be read.
        """
        store, chosen = Store(), list(files)
        for path, media_type in chosen:
            _load(store, path, media_type, alone=len(chosen) == 1)
        return cls(store, union, bounds, rewrite)

    @classmethod
    def of_graphs(cls, graphs: Mapping[str, bytes]) -> Self:
        """A store of named graphs, by IRI, as N-Triples that are known to be well formed; their union counts."""
        store = Store()
        for name, ntriples in graphs.items():
            store.bulk_load(input=ntriples, format=RdfFormat.N_TRIPLES, to_graph=NamedNode(name))
        return cls(store, union=True)

    @classmethod
    def parse(cls, nquads: bytes, union: bool) -> Self:
        """A store of N-Quads that are at hand as bytes and known to be well formed."""
        store = Store()
        store.bulk_load(input=nquads, format=RdfFormat.N_QUADS)
        return cls(store, union)

    def graphs(self) -> Mapping[str, int]:
        """The number of triples in each named graph, by its IRI."""
        return self._graphs

    def __len__(self) -> int:
        """The number of quads."""
        return len(self._store)

    def query(self, request: SparqlRequest, media_type: str) -> Answer:
        """The answer to a query, in the media type asked for; one that has not been checked is put to the guard first.

        Raises BadRequest for a query that the engine refuses, with line and column; NotAcceptable for a media type that
        this form of answer does not have; AnswerLimit; what `guard.check` raises.
        """
        if not request.checked:
            request = guard.check(request, self._graphs)
        try:
            return self._answered(request, media_type)
        except Exception as error:
            clear_frames(error.__traceback__)  # rows half read may be let go by no other thread than this
            raise

    def _answered(self, request: SparqlRequest, media_type: str) -> Answer:
        try:
            found = self._found(request)
            order = syntax.star_order(request.query) if isinstance(found, QuerySolutions) else ()
            return Answer(_serialised(found, media_type, self._bounds, order), media_type)
        except SyntaxError as error:
            raise syntax.explain(request.query, str(error)) from None
        except RuntimeError as error:  # such as a function that the engine does not know
            raise BadRequest(problem=Wording("by-engine", words=str(error))) from None

    def _found(self, request: SparqlRequest) -> QuerySolutions | QueryBoolean | QueryTriples:
        """What the engine finds, by the query as it is rewritten; what is wrong is said of it as it was asked."""
        asked, dataset = request.query, self._dataset(request)
        if self._rewrite and (text := rewriting.rewritten(asked)) != asked:
            with suppress(SyntaxError):
                return self._store.query(text, base_iri=guard.BASE, **dataset)
        return self._store.query(asked, base_iri=guard.BASE, **dataset)

    def _dataset(self, request: SparqlRequest) -> dict[str, Any]:
        """What the engine is told of the dataset: the request's own, of which only what it names is seen, or ours."""
        if not request.own_dataset:
            return {"use_default_graph_as_union": self._union}
        return {
            "default_graph": [NamedNode(graph) for graph in request.default_graphs],
            "named_graphs": [NamedNode(graph) for graph in request.named_graphs],
        }

    def close(self) -> None:
        """Let the data go."""
        self._store = Store()


def _load(store: Store, path: Path, media_type: str, alone: bool) -> None:
    file_format = RdfFormat.from_media_type(media_type)
    if file_format is None:
        raise NotAcceptable(asked=media_type, offered=())
    try:
        store.bulk_extend(parse(path=path, format=file_format, rename_blank_nodes=not alone))
    except SyntaxError as error:
        raise ParseError(file=str(path), line=error.lineno or 1, met=error.msg, expected=file_format.name) from None


def _counts(store: Store) -> dict[str, int]:
    """Triples in each graph that has an IRI, in the order of the IRIs."""
    found = store.query("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert isinstance(found, QuerySolutions)
    counts = {row["g"].value: int(row["n"].value) for row in found if isinstance(row["g"], NamedNode)}
    return dict(sorted(counts.items()))


def _serialised(
    found: QuerySolutions | QueryBoolean | QueryTriples,
    media_type: str,
    bounds: Bounds | None,
    order: Sequence[str] = (),
) -> bytes:
    """What was found in a format; rows with their columns in that order, where the engine has them in another."""
    if isinstance(found, QueryTriples):
        triples = list(at_most(bounds.rows, found) if bounds else found)
        return _written(triples, media_type, bounds)
    result_format = QueryResultsFormat.from_media_type(media_type)
    if result_format is None:
        raise NotAcceptable(asked=media_type, offered=())
    if isinstance(found, QuerySolutions) and (columns := _columns(found, order)):
        return _in_order(found, columns, result_format, bounds)
    return _rows(found, result_format, bounds)


def _rows(found: QuerySolutions | QueryBoolean, result_format: QueryResultsFormat, bounds: Bounds | None) -> bytes:
    if bounds is None:
        return found.serialize(format=result_format) or b""
    output = BoundedOutput(bounds, result_format.media_type)
    found.serialize(output, format=result_format)
    return output.whole()


def _columns(found: QuerySolutions, order: Sequence[str]) -> list[str]:
    """The columns in the order that is wanted; none where they stand so already, or one of them has no place in it."""
    names = [variable.value for variable in found.variables]
    places = {name: place for place, name in enumerate(order)}
    wanted = sorted(names, key=places.__getitem__) if places.keys() >= set(names) else names
    return wanted if wanted != names else []


def _in_order(
    found: QuerySolutions, columns: Sequence[str], result_format: QueryResultsFormat, bounds: Bounds | None
) -> bytes:
    """Rows with their columns in an order of ours, written by way of JSON, where the head alone has the order.

    JSON has more room on the way: it may be longer than the format that is wanted.
    """
    room = bounds._replace(size=4 * bounds.size) if bounds and result_format != QueryResultsFormat.JSON else bounds
    _, mark, rows = _rows(found, QueryResultsFormat.JSON, room).partition(b',"results":')
    document = json.dumps({"head": {"vars": columns}}, separators=(",", ":")).encode()[:-1] + mark + rows
    if result_format == QueryResultsFormat.JSON:
        return document
    again = parse_query_results(document, format=QueryResultsFormat.JSON)
    assert isinstance(again, QuerySolutions)
    return _rows(again, result_format, bounds)


# What another engine has answered


def rows_written(body: bytes, media_type: str, bounds: Bounds | None = None, order: Sequence[str] = ()) -> bytes:
    """A result document in JSON, as another engine wrote it, in a format of ours, with its columns in that order.

    Raises ValueError for what is no such document, AnswerLimit, NotAcceptable.
    """
    result_format = QueryResultsFormat.from_media_type(media_type)
    if result_format is None:
        raise NotAcceptable(asked=media_type, offered=())
    try:
        found = parse_query_results(body, format=QueryResultsFormat.JSON)
        if isinstance(found, QuerySolutions) and (columns := _columns(found, order)):
            return _in_order(found, columns, result_format, bounds)
        return _rows(found, result_format, bounds)
    except SyntaxError as error:
        raise ValueError(error.msg) from None


def triples_written(body: bytes, media_type: str, bounds: Bounds | None = None) -> bytes:
    """N-Triples, as another engine wrote them, in a format of ours; raises ValueError, AnswerLimit, NotAcceptable."""
    try:
        found = [quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES)]
    except SyntaxError as error:
        raise ValueError(error.msg) from None
    return _written(list(at_most(bounds.rows, found) if bounds else found), media_type, bounds)


def _written(triples: Sequence[Triple], media_type: str, bounds: Bounds | None = None) -> bytes:
    """Triples in a format for graphs; where it has prefixes, with those of ours that are used."""
    graph_format = RdfFormat.from_media_type(media_type)
    if graph_format is None:
        raise NotAcceptable(asked=media_type, offered=())
    prefixed = graph_format in (RdfFormat.TURTLE, RdfFormat.RDF_XML)
    prefixes = _prefixes(triples) if prefixed else None
    if bounds is None:
        return serialize(triples, format=graph_format, prefixes=prefixes) or b""
    output = BoundedOutput(bounds, media_type)
    serialize(triples, output, format=graph_format, prefixes=prefixes)
    return output.whole()


def _prefixes(triples: Sequence[Triple]) -> dict[str, str]:
    terms = {term for triple in triples for term in triple}
    iris = [term.value for term in terms if isinstance(term, NamedNode)]
    iris += {term.datatype.value for term in terms if isinstance(term, Literal)}
    spaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in iris}
    return {prefix: space for prefix, space in PREFIXES.items() if space in spaces}


def iri(text: str) -> NamedNode:
    """An IRI as the object of a fact; ValueError for a text that is none."""
    return NamedNode(text)


def write(facts: Iterable[Fact], media_type: str) -> bytes:
    """Facts in a format for graphs, in their order."""
    return _written([Triple(NamedNode(s), NamedNode(p), _term(o)) for s, p, o in facts], media_type)


def _term(value: str | int | float | NamedNode) -> Literal | NamedNode:
    return value if isinstance(value, NamedNode) else Literal(value)


# Files of others as one


def merge(sources: Iterable[Source]) -> bytes:
    """The quads of several files as sorted N-Quads: named graphs as they are, the rest in the default graph.

    Each file has blank nodes of its own, numbered as they come, so that the same files give the same bytes. What a file
    names is not fetched. Raises ParseError for a file that is not well formed, with its line.
    """
    numbers = count(1)
    quads = (quad for source in sources for quad in _own_quads(source, numbers))
    text = serialize(quads, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(set(text.splitlines(keepends=True))))


def _own_quads(source: Source, numbers: Iterator[int]) -> Iterator[Quad]:
    """The quads of one file, with blank nodes that no other file has."""
    names: dict[BlankNode, BlankNode] = {}

    def own(node: BlankNode) -> BlankNode:
        if node not in names:
            names[node] = BlankNode(f"b{next(numbers)}")
        return names[node]

    for quad in _parsed(*source):
        yield Quad(*(_renamed(part, own) for part in quad))


def _renamed(part: Any, own: Callable[[BlankNode], BlankNode]) -> Any:
    """A part of a quad or triple with blank nodes by other names."""
    if isinstance(part, BlankNode):
        return own(part)
    return Triple(*(_renamed(each, own) for each in part)) if isinstance(part, Triple) else part


def _parsed(name: str, media_type: str, text: bytes) -> Iterator[Quad]:
    """The quads of a file; its relative IRIs are read against the base that those of queries have."""
    file_format = RdfFormat.from_media_type(media_type)
    if file_format is None:
        raise NotAcceptable(asked=media_type, offered=())
    lines = _Lines(text)
    try:
        yield from parse(lines, format=file_format, base_iri=guard.BASE)
    except SyntaxError as error:
        if "LoadDocumentCallback" in error.msg:
            line = text.partition(b'"@context"')[0].count(b"\n") + 1
            raise ParseError(file=name, line=line, met="an address of one", expected=_CONTEXT) from None
        met = re.sub(r"^Parser error at .*?: ", "", error.msg)
        raise ParseError(file=name, line=error.lineno or lines.number, met=met, expected=file_format.name) from None


_CONTEXT = "a context in the file itself, since no other is fetched"


class _Lines(io.BytesIO):
    """A text that is read line by line and knows which it is at: for formats whose parser does not say so."""

    number = 0

    def read(self, size: int | None = -1) -> bytes:
        """The rest of the line, or as much as is wanted of it."""
        line = self.readline(-1 if size is None else size)
        self.number += line.endswith(b"\n") or (bool(line) and self.tell() == len(self.getbuffer()))
        return line

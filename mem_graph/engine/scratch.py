"""A graph in memory that grows while it is asked: where sets of nodes are worked out step by step.

Queries are fixed texts; what differs from one question to the next is bound to their variables, so that none is ever
put together. Terms are the engine's own; each writes itself in N-Triples with ``str()``.

The engine keeps numbers by value: it gives ``4.0`` back as ``4``, and an ``xsd:nonNegativeInteger`` as an
``xsd:integer``. Here a literal that it would change is kept under a datatype of its own inside, and given out as it
came; a query that compares such literals calls the function ``scratch:plain``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Variable,
    parse,
)

__all__ = ["SPACE", "BlankNode", "Literal", "NamedNode", "Node", "Row", "Scratch", "Term", "iri", "number"]

Node: TypeAlias = NamedNode | BlankNode
Term: TypeAlias = NamedNode | BlankNode | Literal
Row: TypeAlias = tuple[Term, ...]

GRAPH = DefaultGraph()
SPACE = "https://w3id.org/mem-graph/scratch#"
EXACT = "https://w3id.org/mem-graph/scratch/exact?"
"""Before the IRI of a datatype: the one under which literals are kept that the engine would change."""

UNCHANGED = frozenset(
    {"http://www.w3.org/2001/XMLSchema#string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"}
)
"""Datatypes of which the engine changes no literal."""


def iri(text: str) -> NamedNode:
    """The term that is this IRI."""
    return NamedNode(text)


def number(value: int) -> Literal:
    """The term that is this number."""
    return Literal(value)


class Scratch:
    """One graph. It belongs to who made it: it is not to be asked from two threads."""

    def __init__(self, *parts: bytes, **tests: Callable[..., bool]) -> None:
        """In: N-Triples, known to be well formed; tests of terms that queries may call as ``scratch:<name>``."""
        self._store = Store()
        self._functions: dict[NamedNode, Callable[..., Any]] = {NamedNode(f"{SPACE}plain"): _given}
        self._functions |= {NamedNode(f"{SPACE}{name}"): _test(holds) for name, holds in tests.items()}
        for part in parts:
            self._store.bulk_extend(_kept_quads(part))

    def add(self, triples: Iterable[tuple[Node, NamedNode, Term]]) -> None:
        """Put triples in."""
        self._store.extend(Quad(node, predicate, _kept(term), GRAPH) for node, predicate, term in triples)

    def rows(self, query: str, columns: Iterable[str], bound: Mapping[str, Term]) -> list[Row]:
        """The rows of a query with some of its variables bound, each with the terms of these columns.

        Every variable that is bound must be one that the query selects. Rows where a column has no term are left out.
        """
        given: dict[Variable, Any] = {Variable(name): _kept(term) for name, term in bound.items()}
        found = self._store.query(query, substitutions=given, custom_functions=self._functions)
        assert isinstance(found, QuerySolutions)
        wanted = tuple(columns)
        rows = (tuple(row[name] for name in wanted) for row in found)
        return [tuple(map(_given, row)) for row in rows if None not in row]

    def subjects(self, predicate: NamedNode, value: Term) -> Iterator[Node]:
        """What has this value of a predicate."""
        return (
            cast(Node, quad.subject) for quad in self._store.quads_for_pattern(None, predicate, _kept(value), GRAPH)
        )

    def objects(self, subject: Term, predicate: NamedNode) -> Iterator[Term]:
        """The values of a predicate; a literal has none."""
        if isinstance(subject, Literal):
            return iter(())
        return (_given(quad.object) for quad in self._store.quads_for_pattern(subject, predicate, None, GRAPH))

    def predicates(self, subject: Node) -> Iterator[NamedNode]:
        """What a node has values of, each as often as it has values."""
        return (quad.predicate for quad in self._store.quads_for_pattern(subject, None, None, GRAPH))

    def pairs(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        """Every subject and value of a predicate."""
        found = self._store.quads_for_pattern(None, predicate, None, GRAPH)
        return ((cast(Node, quad.subject), _given(quad.object)) for quad in found)


def _kept_quads(ntriples: bytes) -> Iterator[Quad]:
    for quad in parse(ntriples, format=RdfFormat.N_TRIPLES):
        given = quad.object
        if not isinstance(given, Literal) or (kept := _kept(given)) is given:
            yield quad
        else:
            yield Quad(quad.subject, quad.predicate, kept, GRAPH)


def _kept(term: Any) -> Term:
    """A term as it is kept."""
    if not isinstance(term, Literal) or term.datatype.value in UNCHANGED:
        return cast(Term, term)
    return _kept_literal(term)


@lru_cache(maxsize=100_000)
def _kept_literal(literal: Literal) -> Literal:
    store, node = Store(), NamedNode(SPACE)
    store.add(Quad(node, node, literal, GRAPH))
    [quad] = store
    return (
        literal
        if quad.object == literal
        else Literal(literal.value, datatype=NamedNode(EXACT + literal.datatype.value))
    )


def _given(term: Any) -> Term:
    """A term as it came."""
    if isinstance(term, Literal) and term.datatype.value.startswith(EXACT):
        return Literal(term.value, datatype=NamedNode(term.datatype.value.removeprefix(EXACT)))
    return cast(Term, term)


def _test(holds: Callable[..., bool]) -> Callable[..., Literal]:
    """A test as the engine calls it."""
    return lambda *terms: Literal(holds(*map(_given, terms)))

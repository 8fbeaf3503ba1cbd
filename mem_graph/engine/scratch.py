"""A graph in memory that grows while it is asked: where sets of nodes are worked out step by step.

Queries and updates are fixed texts; what differs from one question to the next stands in the graph as triples, or is
bound to a variable, so that none is ever put together. Terms are the engine's own; each writes itself in N-Triples with
``str()``.

The engine keeps numbers by value: it gives ``4.0`` back as ``4``, and an ``xsd:nonNegativeInteger`` as an
``xsd:integer``. Here every literal with a datatype of its own is kept under another datatype inside, so that no word of
it is lost. Rows have terms as they are kept, and `given` leads back to them as they came; all else speaks of terms as
they came. A query that compares literals gives them their own datatype back first: what follows the ``?``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
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
    serialize,
)

__all__ = ["SPACE", "BlankNode", "Literal", "NamedNode", "Node", "Row", "Scratch", "Term", "Triple"]
__all__ += ["about", "given", "iri", "kept", "kept_datatype"]

Node: TypeAlias = NamedNode | BlankNode
Term: TypeAlias = NamedNode | BlankNode | Literal
Row: TypeAlias = tuple[Term, ...]
Triple: TypeAlias = tuple[Node, NamedNode, Term]

GRAPH = DefaultGraph()
SPACE = "https://w3id.org/mem-graph/scratch#"
EXACT = "https://w3id.org/mem-graph/scratch/exact?"
"""Before the IRI of a datatype: the one under which literals are kept inside."""

BLANK = re.compile(rb"_:")
"""How a blank node begins; that text may have the same costs time alone. A pattern is thrice as fast here as ``in``."""

UNCHANGED = frozenset(
    {"http://www.w3.org/2001/XMLSchema#string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"}
)
"""Datatypes of which the engine changes no literal."""

TYPED = re.compile(rb'"\^\^<(?!http://www\.w3\.org/2001/XMLSchema#string>)(?=[^<>"\s]*> *\. *$)', re.MULTILINE)
"""Before the datatype of an object, at the end of a triple: no IRI has such signs, and a plain literal no such end."""


def iri(text: str) -> NamedNode:
    """The term that is this IRI."""
    return NamedNode(text)


def kept(term: Any) -> Term:
    """A term as it is kept inside."""
    if not isinstance(term, Literal) or term.datatype.value in UNCHANGED or term.datatype.value.startswith(EXACT):
        return cast(Term, term)
    return Literal(term.value, datatype=kept_datatype(term.datatype))


def kept_datatype(datatype: Term) -> NamedNode:
    """The datatype under which literals of a datatype are kept."""
    return NamedNode(datatype.value if datatype.value in UNCHANGED else EXACT + datatype.value)


def about(ntriples: bytes, predicates: frozenset[NamedNode]) -> bytes:
    """The triples that have one of these predicates, as N-Triples."""
    triples = parse(ntriples, format=RdfFormat.N_TRIPLES, lenient=True)
    chosen = (each.triple for each in triples if each.predicate in predicates)
    return cast(bytes, serialize(chosen, format=RdfFormat.N_TRIPLES))


def given(term: Any) -> Term:
    """A term as it came."""
    if isinstance(term, Literal) and term.datatype.value.startswith(EXACT):
        return Literal(term.value, datatype=NamedNode(term.datatype.value.removeprefix(EXACT)))
    return cast(Term, term)


class Scratch:
    """One graph. It belongs to who made it: it is not to be asked from two threads."""

    def __init__(self, *parts: bytes, **tests: Callable[..., bool]) -> None:
        """In: N-Triples, known to be well formed; tests of terms that queries may call as ``scratch:<name>``."""
        self._store = Store()
        self._functions: dict[NamedNode, Callable[..., Any]] = {
            NamedNode(f"{SPACE}{name}"): _test(holds) for name, holds in tests.items()
        }
        for part in parts:
            self.load(part)

    def load(self, part: bytes) -> None:
        """Put N-Triples in; the engine's quick way gives blank nodes other names, so that those go the slow way."""
        ntriples = TYPED.sub(b'"^^<' + EXACT.encode(), part)
        if BLANK.search(ntriples):
            self._store.bulk_extend(parse(ntriples, format=RdfFormat.N_TRIPLES, lenient=True))
        else:
            self._store.load(ntriples, format=RdfFormat.N_TRIPLES, lenient=True)

    def add(self, triples: Iterable[Triple]) -> None:
        """Put triples in."""
        self._store.extend(Quad(node, predicate, kept(term), GRAPH) for node, predicate, term in triples)

    def remove(self, triples: Iterable[Triple]) -> None:
        """Take triples out."""
        for node, predicate, term in triples:
            self._store.remove(Quad(node, predicate, kept(term), GRAPH))

    def change(self, update: str) -> None:
        """Do what an update says."""
        self._store.update(update, custom_functions=self._functions)

    def rows(self, query: str, bound: Mapping[str, Term] | None = None) -> list[Row]:
        """The rows of a query, with terms as they are kept.

        In: the query; terms for some of the variables that it selects.
        """
        terms: dict[Variable, Any] = {Variable(name): kept(term) for name, term in (bound or {}).items()}
        found = self._store.query(query, substitutions=terms, custom_functions=self._functions)
        assert isinstance(found, QuerySolutions)
        return cast(list[Row], list(map(tuple, found)))

    def triples(self) -> Iterator[Triple]:
        """Every triple."""
        return ((cast(Node, quad.subject), quad.predicate, given(quad.object)) for quad in self._store)

    def pairs(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        """What has values of a predicate, with each of them."""
        found = self._store.quads_for_pattern(None, predicate, None, GRAPH)
        return ((cast(Node, quad.subject), given(quad.object)) for quad in found)

    def spoken(self, value: Term) -> Iterator[tuple[Node, NamedNode]]:
        """What has this value, with the predicate of it."""
        found = self._store.quads_for_pattern(None, None, kept(value), GRAPH)
        return ((cast(Node, quad.subject), quad.predicate) for quad in found)

    def subjects(self, predicate: NamedNode, value: Term) -> Iterator[Node]:
        """What has this value of a predicate."""
        found = self._store.quads_for_pattern(None, predicate, kept(value), GRAPH)
        return (cast(Node, quad.subject) for quad in found)

    def objects(self, subject: Term, predicate: NamedNode) -> Iterator[Term]:
        """The values of a predicate; a literal has none."""
        if isinstance(subject, Literal):
            return iter(())
        return (given(quad.object) for quad in self._store.quads_for_pattern(subject, predicate, None, GRAPH))


def _test(holds: Callable[..., bool]) -> Callable[..., Literal]:
    """A test as the engine calls it."""
    return lambda *terms: Literal(holds(*map(given, terms)))

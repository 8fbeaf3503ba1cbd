"""Which nodes of a graph do not conform to shapes: SHACL Core by one set-based query for each constraint.

Each constraint component has one fixed query (``shapes/components/``). The focus nodes of a shape are put beside the
data as triples of their own, and the query is asked once for all of them (https://www.w3.org/TR/shacl/, section 3.4):

    context scratch:node node       a focus node; a class is the context of its SHACL instances (section 2.1.3.2)
    context scratch:fails node      a focus node that does not conform
    list scratch:member term, list scratch:shape context, list scratch:sibling context    what a constraint refers to

The results are those of a general processor; tests hold both against the suite of the W3C and against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import cast

from rdflib import Literal as RdfLiteral
from rdflib import URIRef

from mem_graph import resources
from mem_graph.engine.scratch import SPACE, Literal, NamedNode, Node, Row, Scratch, Term, iri, number
from mem_graph.graph.shapes import Constraint, Path, Shape, Shapes, Uncovered

NODE, ITSELF, FAILS, MEMBER, SHAPE, SIBLING = (
    iri(f"{SPACE}{name}") for name in ["node", "itself", "fails", "member", "shape", "sibling"]
)
TYPE = iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SUBCLASS = iri("http://www.w3.org/2000/01/rdf-schema#subClassOf")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("minCount", "maxCount", "hasValue", "qualifiedMinCount", "qualifiedMaxCount"), ("focus",)),
    "uniqueLang": ("focus", "language"),
    "closed": ("node", "value", "predicate"),
}
"""What a query tells of each result; else focus node and value."""

VALUELESS = frozenset({"uniqueLang"})
"""Queries whose second column is no value node."""

LISTED = frozenset({"in", "languageIn", "closed"})
"""Constraints whose list may be empty and is read all the same."""

COUNTED = frozenset({"or", "xone"})
"""Constraints that count how many of their shapes a value node fails."""

QUALIFIED = frozenset({"qualifiedMinCount", "qualifiedMaxCount"})
"""Constraints whose first shape is their own and whose others are siblings."""


@dataclass(frozen=True, slots=True)
class Result:
    """One result (section 3.6.2), in terms of the engine; ``predicate`` is its path where the shape's is another."""

    focus: Term
    shape: Node
    component: str
    severity: str
    message: str
    value: Term | None = None
    predicate: Term | None = None


def results_of(shapes: Shapes, parts: Sequence[bytes]) -> tuple[list[Result], tuple[str, ...]]:
    """The results of all shapes with targets, and the IRIs of the shapes that are not covered.

    In: the shapes; the data graph in parts, as N-Triples.
    """
    check = _Check(Scratch(*parts, ofDatatype=_of_datatype))
    found: list[Result] = []
    uncovered = list(shapes.uncovered)
    for shape in shapes.targeted:
        try:
            found += check.results(shape)
        except Uncovered:
            uncovered.append(shape.node.value)
    return found, tuple(uncovered)


def _of_datatype(term: Term, datatype: Term) -> bool:
    """Whether a term is a literal of a datatype whose words are of it (section 4.1.2), as far as rdflib knows it."""
    return getattr(term, "datatype", None) == datatype and not _ill_typed(term.value, datatype.value)


@cache
def _ill_typed(words: str, datatype: str) -> bool:
    return bool(RdfLiteral(words, datatype=URIRef(datatype)).ill_typed)


@cache
def _query(name: str) -> str:
    return (resources.shapes() / "components" / f"{name}.rq").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Nodes:
    """Some nodes, and the context under which they stand beside the data."""

    context: Node
    nodes: frozenset[Term]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A shape with its focus nodes, and what every query about them is told."""

    shape: Shape
    focus: _Nodes
    bound: Mapping[str, Term]


class _Check:
    """One data graph being checked: the graph, and what has been worked out of it so far."""

    def __init__(self, graph: Scratch) -> None:
        self._graph = graph
        self._numbers = count(1)
        self._classes: dict[Term, _Nodes] = {}

    def results(self, shape: Shape) -> Iterable[Result]:
        """The results of a shape for the nodes that it targets."""
        found = self._evaluate(shape, self._targeted(shape.targets))
        return [result for results in found.values() for result in results]

    def _targeted(self, targets: Sequence[tuple[str, Term]]) -> _Nodes:
        """The focus nodes of a shape by its targets (section 2.1.3)."""
        if [kind for kind, _ in targets] == ["targetClass"]:
            return self._instances(targets[0][1])
        return self._gathered(node for kind, term in targets for node in self._by_target(kind, term))

    def _by_target(self, kind: str, term: Term) -> Iterable[Term]:
        if kind == "targetNode":
            return (term,)
        if kind == "targetClass":
            return self._instances(term).nodes
        return [pair[kind == "targetObjectsOf"] for pair in self._graph.pairs(iri(term.value))]

    def _instances(self, of: Term) -> _Nodes:
        """The SHACL instances of a class: of itself and of all below it; the class is their context."""
        if of not in self._classes:
            below = _closure({of}, lambda each: self._graph.subjects(SUBCLASS, each))
            nodes = (node for each in below for node in self._graph.subjects(TYPE, each))
            self._classes[of] = self._marked(cast(Node, of), nodes)
        return self._classes[of]

    def _gathered(self, nodes: Iterable[Term]) -> _Nodes:
        return self._marked(self._mint(), nodes)

    def _marked(self, context: Node, nodes: Iterable[Term]) -> _Nodes:
        """Some nodes, put beside the data."""
        marked = _Nodes(context, frozenset(nodes))
        self._graph.add((context, NODE, node) for node in marked.nodes)
        return marked

    def _mint(self) -> NamedNode:
        return iri(f"{SPACE}{next(self._numbers)}")

    # One shape

    def _evaluate(self, shape: Shape, focus: _Nodes) -> dict[Term, list[Result]]:
        """The focus nodes that do not conform to a shape (section 3.4.3), each with its results."""
        found: dict[Term, list[Result]] = {}
        if focus.nodes and shape.constraints:
            path = ITSELF if shape.path is None else self._edge(shape.path, focus.nodes)
            asked = _Asked(shape, focus, {"context": focus.context, "path": path})
            for constraint in shape.constraints:
                for node, results in self._constrain(asked, constraint):
                    found.setdefault(node, []).extend(results)
        return found

    def _constrain(self, asked: _Asked, constraint: Constraint) -> Iterable[tuple[Term, Iterable[Result]]]:
        """The focus nodes that one constraint is broken for, with results."""
        if constraint.query == "property":
            return self._through(asked, constraint.shapes[0])
        if constraint.query == "class":
            self._instances(constraint.bound["class"])
        rows = self._rows(constraint.query, {**asked.bound, **constraint.bound, **self._referred(asked, constraint)})
        return [(row[0], [_result(asked.shape, constraint, row)]) for row in rows]

    def _through(self, asked: _Asked, shape: Shape) -> Iterable[tuple[Term, Iterable[Result]]]:
        """A property shape's results for the value nodes of the shape that has it are results themselves (4.7.2)."""
        if asked.shape.path is None:
            return self._evaluate(shape, asked.focus).items()
        pairs = list(self._pairs(asked))
        found = self._evaluate(shape, self._gathered(value for _, value in pairs))
        return [(focus, found[value]) for focus, value in pairs if value in found]

    def _rows(self, query: str, bound: Mapping[str, Term]) -> list[Row]:
        return self._graph.rows(_query(query), COLUMNS.get(query, ("focus", "value")), bound)

    def _referred(self, asked: _Asked, constraint: Constraint) -> dict[str, Term]:
        """Put beside the data what a constraint refers to: the terms of its list, the nodes that fail its shapes."""
        if not (constraint.shapes or constraint.query in LISTED):
            return {}
        head = self._mint()
        self._graph.add((head, MEMBER, member) for member in constraint.members)
        values = self._values(asked) if constraint.shapes else asked.focus
        for place, shape in enumerate(constraint.shapes):
            self._refer(head, SIBLING if place and constraint.query in QUALIFIED else SHAPE, shape, values)
        shapes = {"shapes": number(len(constraint.shapes))} if constraint.query in COUNTED else {}
        return {"list": head, **shapes}

    def _values(self, asked: _Asked) -> _Nodes:
        """The value nodes of a shape, as focus nodes of the shapes that it refers to."""
        if asked.shape.path is None:
            return asked.focus
        return self._gathered(value for _, value in self._pairs(asked))

    def _pairs(self, asked: _Asked) -> Iterator[tuple[Term, Term]]:
        """Each focus node of a property shape with each of its value nodes."""
        along = cast(NamedNode, asked.bound["path"])
        return ((node, value) for node in asked.focus.nodes for value in self._graph.objects(node, along))

    def _refer(self, head: NamedNode, relation: NamedNode, shape: Shape, values: _Nodes) -> None:
        """Mark which value nodes fail a shape."""
        place = self._mint()
        failing = self._evaluate(shape, values)
        self._graph.add(((head, relation, place), *((place, FAILS, node) for node in failing)))

    # Paths

    def _edge(self, path: Path, nodes: Iterable[Term]) -> NamedNode:
        """The predicate along which the value nodes are: the path's own, or one made for it."""
        if path.kind == "predicate":
            return _predicate(path)
        edge = self._mint()
        pairs = [(node, value) for node in nodes for value in self._along(path, node)]
        if any(isinstance(node, Literal) for node, _ in pairs):
            raise Uncovered
        self._graph.add((cast(Node, node), edge, value) for node, value in pairs)
        return edge

    def _along(self, path: Path, node: Term) -> Iterator[Term]:
        """The value nodes of one node along a path (SPARQL 1.1 Query, section 18.4), each once."""
        if path.kind == "predicate":
            yield from self._graph.objects(node, _predicate(path))
        elif path.kind == "inverse":
            yield from self._against(path.parts[0], node)
        elif path.kind == "sequence":
            yield from self._in_turn(path.parts, {node})
        elif path.kind == "alternative":
            yield from {value for part in path.parts for value in self._along(part, node)}
        else:
            yield from self._repeated(path, node)

    def _in_turn(self, parts: Iterable[Path], nodes: set[Term]) -> set[Term]:
        for part in parts:
            nodes = {value for node in nodes for value in self._along(part, node)}
        return nodes

    def _repeated(self, path: Path, node: Term) -> set[Term]:
        part = path.parts[0]
        if path.kind == "zeroOrOne":
            return {node, *self._along(part, node)}
        start = {node} if path.kind == "zeroOrMore" else set(self._along(part, node))
        return _closure(start, lambda each: self._along(part, each))

    def _against(self, path: Path, node: Term) -> Iterator[Term]:
        """The nodes from which a path leads to this one."""
        if path.kind == "predicate":
            yield from self._graph.subjects(_predicate(path), node)
        elif path.kind == "inverse":
            yield from self._along(path.parts[0], node)
        else:
            yield from self._along(_reversed(path), node)


def _predicate(path: Path) -> NamedNode:
    assert path.predicate is not None
    return path.predicate


def _reversed(path: Path) -> Path:
    """The same path the other way round."""
    if path.kind == "predicate":
        return Path("inverse", parts=(path,))
    if path.kind == "inverse":
        return path.parts[0]
    parts = tuple(_reversed(part) for part in path.parts)
    return Path(path.kind, parts=parts[::-1] if path.kind == "sequence" else parts)


def _closure(start: set[Term], step: Callable[[Term], Iterable[Term]]) -> set[Term]:
    """All that is reached from some terms, they included."""
    reached, latest = set(start), set(start)
    while latest:
        latest = {value for each in latest for value in step(each)} - reached
        reached |= latest
    return reached


def _result(shape: Shape, constraint: Constraint, row: Row) -> Result:
    value = None if constraint.query in VALUELESS or len(row) == 1 else row[1]
    predicate = row[2] if constraint.query == "closed" else None
    return Result(row[0], shape.node, constraint.component, shape.severity, shape.message, value, predicate)

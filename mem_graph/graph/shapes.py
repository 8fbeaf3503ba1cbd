"""A shapes graph as records: what each shape asks, of which nodes, along which path.

It reads SHACL Core (https://www.w3.org/TR/shacl/, sections 2 to 4). What is no part of that, and shapes that refer to
themselves, it lists as not covered: they are for a general processor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from rdflib import Graph
from rdflib.namespace import RDF, RDFS, SH

from mem_graph.engine.scratch import Literal, NamedNode, Node, Scratch, Term, Triple, iri

TARGETS = tuple(map(iri, (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)))
TARGETS_BY_PREDICATE = frozenset({"targetSubjectsOf", "targetObjectsOf"})
TYPE, CLASS, BELOW, FIRST, REST = (
    iri(str(term)) for term in (RDF.type, RDFS.Class, RDFS.subClassOf, RDF.first, RDF.rest)
)
SEVERITY, MESSAGE, PATH, DEACTIVATED, FLAGS = (
    iri(f"{SH}{name}") for name in ["severity", "message", "path", "deactivated", "flags"]
)
COMPONENT, PARAMETER = (iri(str(term)) for term in (SH.ConstraintComponent, SH.parameter))
KINDS = frozenset({iri(str(SH.NodeShape)), iri(str(SH.PropertyShape))})
REPEATED = {kind: iri(f"{SH}{kind}Path") for kind in ("inverse", "zeroOrMore", "oneOrMore", "zeroOrOne")}
ALTERNATIVE = iri(str(SH.alternativePath))
VIOLATION, TRUE = str(SH.Violation), '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'

TERMS = frozenset(
    {"class", "datatype", "nodeKind", "minCount", "maxCount"}
    | {"minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "minLength", "maxLength", "pattern"}
    | {"equals", "disjoint", "lessThan", "lessThanOrEquals", "hasValue"}
)
"""Constraints whose parameter is one term."""

COMPARED = frozenset({"equals", "disjoint", "lessThan", "lessThanOrEquals"})
"""Constraints whose parameter is a predicate."""

LISTS = frozenset({"in", "languageIn"})
"""Constraints whose parameter is a list of terms."""

NESTED = frozenset({"node", "property", "not"})
"""Constraints whose parameter is a shape."""

NESTED_LISTS = frozenset({"and", "or", "xone"})
"""Constraints whose parameter is a list of shapes."""

SWITCHES = frozenset({"uniqueLang", "closed"})
"""Constraints that are on where their parameter is true."""

BESIDE = frozenset(
    {"flags", "ignoredProperties", "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"}
)
"""Parameters that another constraint of the same shape reads."""

SILENT = frozenset(
    {"path", "severity", "message", "deactivated", "name", "description", "order", "group", "defaultValue"}
    | {"targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"}
)
"""What SHACL says of a shape that is no constraint (sections 2.1 and 2.3)."""


class Uncovered(Exception):
    """A shape asks for more than is covered here: it goes to a general processor, and no caller sees this."""


@dataclass(frozen=True, slots=True)
class Path:
    """A path (section 2.3.1): ``predicate`` with its IRI, or a kind of path over other paths."""

    kind: str
    predicate: NamedNode | None = None
    parts: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint: the component's IRI, the name of its query, the terms bound to the query's variables, the members
    of a list that it reads, the shapes that it refers to."""

    component: str
    query: str
    bound: Mapping[str, Term]
    members: tuple[Term, ...] = ()
    shapes: tuple[Shape, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape, or with a path a property shape; ``targets`` are pairs of a kind of target and its term."""

    node: Node
    path: Path | None
    targets: tuple[tuple[str, Term], ...]
    severity: str
    message: str
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of a graph that have targets, and the IRIs of those that are not covered."""

    targeted: tuple[Shape, ...]
    uncovered: tuple[str, ...]


def predicates(shapes: Iterable[Shape]) -> frozenset[NamedNode] | None:
    """The predicates that shapes look at, and those that tell instances; None where one is closed: it looks at all."""
    found = {TYPE, BELOW}
    for shape in _with_inner(shapes):
        found.update(_named(shape.path))
        found.update(cast(NamedNode, term) for kind, term in shape.targets if kind in TARGETS_BY_PREDICATE)
        for constraint in shape.constraints:
            if constraint.query == "closed":
                return None
            found.update(cast(NamedNode, term) for name, term in constraint.bound.items() if name in COMPARED)
    return frozenset(found)


def _with_inner(shapes: Iterable[Shape]) -> Iterator[Shape]:
    for shape in shapes:
        yield shape
        for constraint in shape.constraints:
            yield from _with_inner(constraint.shapes)


def _named(path: Path | None) -> Iterator[NamedNode]:
    """The predicates of a path."""
    if path is not None and path.predicate is not None:
        yield path.predicate
    for part in path.parts if path is not None else ():
        yield from _named(part)


def read_shapes(graph: Graph) -> Shapes:
    """The shapes of a shapes graph."""
    reader = _Reader(Scratch(graph.serialize(format="nt", encoding="utf-8")).triples())
    covered, uncovered = [], []
    for node in reader.targeted():
        try:
            covered.append(reader.shape(node, ()))
        except Uncovered:
            uncovered.append(node.value)
    return Shapes(tuple(shape for shape in covered if shape is not None), tuple(uncovered))


class _Reader:
    """Reads shapes off a graph."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in triples:
            self._about[subject][predicate].append(value)
        components = [node for node in self._about if COMPONENT in self._objects(node, TYPE)]
        of_own = (each for component in components for each in self._objects(component, PARAMETER))
        self._own = frozenset(path for each in of_own for path in self._objects(each, PATH))

    def _objects(self, node: Term, predicate: NamedNode) -> Sequence[Term]:
        return self._about[node].get(predicate, ()) if node in self._about else ()

    def targeted(self) -> list[Node]:
        """The shapes with targets, implicit class targets among them (section 2.1.3)."""
        found = {cast(Node, node) for node, about in self._about.items() if not about.keys().isdisjoint(TARGETS)}
        for node in self._about:
            kinds = self._objects(node, TYPE)
            if CLASS in kinds and not KINDS.isdisjoint(kinds):
                found.add(cast(Node, node))
        return sorted(found, key=str)

    def shape(self, node: Term, above: tuple[Term, ...]) -> Shape | None:
        """The shape that a node is; None where it is deactivated. In: the node, the shapes that refer to it."""
        if node in above or isinstance(node, Literal):
            raise Uncovered
        if any(str(value) == TRUE for value in self._objects(node, DEACTIVATED)):
            return None
        path = next(iter(self._objects(node, PATH)), None)
        severity = next(iter(self._objects(node, SEVERITY)), None)
        return Shape(
            node=node,
            path=None if path is None else self._path(path),
            targets=tuple(self._targets(node)),
            severity=VIOLATION if severity is None else severity.value,
            message=self._message(node),
            constraints=tuple(self._constraints(node, (*above, node))),
        )

    def _message(self, node: Node) -> str:
        """What a shape says in English, the language of reports; else the first of what it says."""
        said = [each for each in self._objects(node, MESSAGE) if isinstance(each, Literal)]
        return min(((each.language != "en", each.value) for each in said), default=(True, ""))[1]

    def _targets(self, node: Node) -> Iterator[tuple[str, Term]]:
        for target in TARGETS:
            for value in self._objects(node, target):
                yield _local(target), value
        if CLASS in self._objects(node, TYPE):
            yield "targetClass", node

    def _path(self, node: Term) -> Path:
        if self._objects(node, FIRST):
            return Path("sequence", parts=tuple(self._path(part) for part in self._list(node)))
        for kind, predicate in REPEATED.items():
            for part in self._objects(node, predicate):
                return Path(kind, parts=(self._path(part),))
        for parts in self._objects(node, ALTERNATIVE):
            return Path("alternative", parts=tuple(self._path(part) for part in self._list(parts)))
        if isinstance(node, NamedNode):
            return Path("predicate", node)
        raise Uncovered

    def _list(self, head: Term) -> Iterator[Term]:
        seen: set[Term] = set()
        while first := self._objects(head, FIRST):
            if head in seen:
                raise Uncovered
            seen.add(head)
            yield first[0]
            head = self._objects(head, REST)[0]

    def _constraints(self, node: Node, above: tuple[Term, ...]) -> Iterator[Constraint]:
        for predicate in sorted(self._about[node], key=str):
            name = _local(predicate)
            if predicate in self._own:
                raise Uncovered
            if not predicate.value.startswith(str(SH)) or name in SILENT | BESIDE:
                continue
            for value in self._objects(node, predicate):
                yield from self._constraint(node, name, value, above)

    def _constraint(self, node: Node, name: str, value: Term, above: tuple[Term, ...]) -> Iterator[Constraint]:
        if name in TERMS:
            yield Constraint(_component(name), name, MappingProxyType(self._bound(node, name, value)))
        elif name in LISTS:
            yield Constraint(_component(name), name, {}, members=tuple(self._list(value)))
        elif name in NESTED | NESTED_LISTS:
            parts = [value] if name in NESTED else list(self._list(value))
            yield Constraint(_component(name), name, {}, shapes=tuple(self._shapes(parts, above)))
        elif name == "qualifiedValueShape":
            yield from self._qualified(node, value, above)
        elif name not in SWITCHES:
            raise Uncovered
        elif str(value) == TRUE:
            yield Constraint(_component(name), name, {}, members=self._allowed(node) if name == "closed" else ())

    def _bound(self, node: Node, name: str, value: Term) -> dict[str, Term]:
        if name != "pattern":
            return {name: value}
        flags = next(iter(self._objects(node, FLAGS)), None)
        return {name: value} if flags is None else {name: value, "flags": flags}

    def _shapes(self, nodes: Iterable[Term], above: tuple[Term, ...]) -> Iterator[Shape]:
        """Shapes that are referred to; one that is deactivated asks nothing."""
        for node in nodes:
            shape = self.shape(node, above)
            yield shape if shape is not None else Shape(cast(Node, node), None, (), VIOLATION, "", ())

    def _allowed(self, node: Node) -> tuple[Term, ...]:
        """The predicates that a closed shape lets pass (section 4.8.1)."""
        parts = self._objects(node, iri(str(SH.property)))
        paths = [path for part in parts for path in self._objects(part, PATH) if isinstance(path, NamedNode)]
        ignored = self._objects(node, iri(str(SH.ignoredProperties)))
        return (*paths, *(member for head in ignored for member in self._list(head)))

    def _qualified(self, node: Node, value: Term, above: tuple[Term, ...]) -> Iterator[Constraint]:
        shapes = tuple(self._shapes([value], above))
        disjoint = self._objects(node, iri(str(SH.qualifiedValueShapesDisjoint)))
        others = self._siblings(node, value) if any(str(each) == TRUE for each in disjoint) else ()
        siblings = tuple(self._shapes(others, above))
        for name in ("qualifiedMinCount", "qualifiedMaxCount"):
            for count in self._objects(node, iri(f"{SH}{name}")):
                yield Constraint(_component(name), name, {name: count}, shapes=(*shapes, *siblings))

    def _siblings(self, node: Node, value: Term) -> list[Term]:
        """The sibling shapes of a qualified value shape (section 4.7.3)."""
        prop, qualified = iri(str(SH.property)), iri(str(SH.qualifiedValueShape))
        parents = [parent for parent in self._about if node in self._objects(parent, prop)]
        beside = {part for parent in parents for part in self._objects(parent, prop)}
        return sorted({each for part in beside for each in self._objects(part, qualified)} - {value}, key=str)


def _local(term: Term) -> str:
    return term.value.rpartition("#")[2]


def _component(parameter: str) -> str:
    return f"{SH}{parameter[0].upper()}{parameter[1:]}ConstraintComponent"

"""Shapes laid out as data: what each asks, of which nodes, along which path, as triples that fixed queries read.

A shape in its place has a *context*, its focus nodes, and a *path* to its value nodes; in triples (``scratch:``):

    sub below context               instances of ``sub`` are of the context (SHACL, section 2.1.3.2)
    context node node               this node is of the context
    constraint context context, constraint path path, constraint <name> parameter, constraint member term

    path forward predicate, path backward predicate

A path of several steps becomes a predicate of its own, an *edge*, before constraints are asked. Edges, and contexts
that are the value nodes of other shapes, rest on each other and come in *turns*: the triples of a turn are rules for
the updates of ``shapes/focus/``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import cast

from mem_graph.engine.scratch import SPACE, Literal, NamedNode, Node, Term, Triple, about, iri, kept_datatype
from mem_graph.graph.shapes import TYPE, Constraint, Path, Shape, Shapes, Uncovered, predicates

ITSELF, PATH, FORWARD, BACKWARD, MEMBER = (
    iri(f"{SPACE}{name}") for name in ["itself", "path", "forward", "backward", "member"]
)
CONTEXT, NODE, GATHERS, OF = (iri(f"{SPACE}{name}") for name in ["context", "node", "gathers", "of"])
TOLD, ALONG = (iri(f"{SPACE}{name}") for name in ["told", "along"])
AT, AFTER, FORTH, BACK = (iri(f"{SPACE}{name}") for name in ["at", "after", "forth", "back"])

COUNTED = frozenset({"qualifiedMinCount", "qualifiedMaxCount"})
"""Constraints that count the values which conform to their first shape, and to none of the others, its siblings."""

COUNTS = frozenset({"minCount", "maxCount", "minLength", "maxLength"}) | COUNTED
"""Constraints whose parameter is a number to count with."""

NUMBERED = frozenset({"minCount", "maxCount"})
"""Constraints on the number of values alone."""

COMBINED = frozenset({"and", "or", "xone", "not", "node"})
"""Constraints that combine which values fail their shapes."""

Step = tuple[tuple[bool, NamedNode], ...]
"""One step of a path: the predicates that it may go along, each with whether it goes against it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One constraint in its place.

    It has a node that stands for it in the data where a query asks it; else the shapes that it refers to, in theirs.
    """

    node: NamedNode | None
    constraint: Constraint
    shapes: tuple[Placed, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A shape in its place: the context of its focus nodes, the path, the context of its value nodes where one is."""

    shape: Shape
    context: Node
    path: NamedNode
    values: Node
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of values asked of the instances of classes, along a predicate: ``minCount`` or ``maxCount``.

    Counting the values of all instances at once may tell that it holds; else its triples are put down, and it is asked.
    """

    name: str
    context: Node
    path: NamedNode
    limit: int
    triples: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """What is worked out at once: steps of edges, contexts of value nodes, both as rules, and paths that are walked
    node by node: edge, context, path."""

    steps: list[Triple] = field(default_factory=list)
    values: list[Triple] = field(default_factory=list)
    walks: list[tuple[NamedNode, Node, Path]] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Plan:
    """The shapes of a graph that have targets, laid out, and the IRIs of those that are not covered."""

    placed: tuple[Placed, ...]
    triples: tuple[Triple, ...]
    counted: tuple[Counted, ...]
    turns: tuple[Turn, ...]
    components: tuple[str, ...]
    """The names of the constraints that are asked."""
    uncovered: tuple[str, ...]

    @cached_property
    def ntriples(self) -> bytes:
        """Its triples as N-Triples."""
        return "".join(f"{' '.join(map(str, triple))} .\n" for triple in self.triples).encode()

    @cached_property
    def looked_at(self) -> frozenset[NamedNode] | None:
        """The predicates that shapes look at; None where that may be any, as in a closed shape."""
        return predicates(placed.shape for placed in self.placed)

    def seen(self, ntriples: bytes) -> bytes:
        """The triples of a graph that shapes look at: worth the time for what many graphs are checked together with."""
        return ntriples if self.looked_at is None else about(ntriples, self.looked_at)


def laid_out(shapes: Shapes) -> Plan:
    """The shapes of a shapes graph, laid out."""
    layout, placed, uncovered = _Layout(), [], list(shapes.uncovered)
    for shape in shapes.targeted:
        try:
            placed.append(layout.root(shape))
        except Uncovered:
            uncovered.append(shape.node.value)
    turns = tuple(layout.turns[place] for place in sorted(layout.turns))
    counted = tuple(layout.counted)
    return Plan(tuple(placed), tuple(layout.triples), counted, turns, tuple(sorted(layout.names)), tuple(uncovered))


@dataclass(frozen=True, slots=True)
class _Known:
    """A context or a path, and the turn after which it is worked out."""

    node: NamedNode
    turn: int


class _Layout:
    """Shapes being laid out: what has been put down so far."""

    def __init__(self) -> None:
        self.triples: list[Triple] = []
        self.turns: dict[int, Turn] = {}
        self.counted: list[Counted] = []
        self.names: set[str] = set()
        self._numbers = count(1)
        self._targeted: dict[tuple[tuple[str, Term], ...], _Known] = {}
        self._of_classes: set[Term] = set()
        self._forward: set[Term] = set()
        self._steps: dict[Path, NamedNode] = {}
        self._edges: dict[tuple[Node, Path], _Known] = {}
        self._values: dict[tuple[Node, NamedNode], _Known] = {}
        self._asked: dict[tuple[str, tuple[Term, ...], tuple[tuple[str, Term], ...]], NamedNode] = {}
        self._referred: dict[tuple[Node, Node], Placed] = {}

    def root(self, shape: Shape) -> Placed:
        """A shape that has targets, in its place."""
        return self._place(shape, self._context(shape.targets))

    def _mint(self) -> NamedNode:
        return iri(f"{SPACE}{next(self._numbers)}")

    def _turn(self, place: int) -> Turn:
        return self.turns.setdefault(place, Turn())

    # Contexts

    def _context(self, targets: tuple[tuple[str, Term], ...]) -> _Known:
        """The focus nodes of a shape by its targets (section 2.1.3)."""
        if targets not in self._targeted:
            known = self._targeted[targets] = _Known(self._mint(), 0)
            for kind, term in targets:
                self._target(known.node, kind, term)
            if all(kind == "targetClass" for kind, _ in targets):
                self._of_classes.add(known.node)
        return self._targeted[targets]

    def _target(self, context: NamedNode, kind: str, term: Term) -> None:
        if kind == "targetNode":
            self.triples.append((context, NODE, term))
        elif kind == "targetClass":
            self.triples.append((context, GATHERS, term))
        else:
            self.triples.append((context, iri(f"{SPACE}{kind}"), term))

    def _value_nodes(self, context: _Known, path: _Known) -> _Known:
        """The value nodes of a shape, as focus nodes of others."""
        if path.node == ITSELF:
            return context
        key = (context.node, path.node)
        if key not in self._values:
            known = self._values[key] = _Known(self._mint(), max(context.turn, path.turn) + 1)
            rules = (known.node, OF, context.node), (known.node, PATH, path.node)
            self._turn(known.turn).values.extend(rules)
        return self._values[key]

    # Shapes and constraints

    def _place(self, shape: Shape, context: _Known) -> Placed:
        path = _Known(ITSELF, context.turn) if shape.path is None else self._path(shape.path, context, _counts(shape))
        refers = any(each.shapes and not _counts_a_class(each) for each in shape.constraints)
        values = self._value_nodes(context, path) if refers else context
        asked = tuple(self._ask(each, context.node, path.node, values) for each in shape.constraints)
        return Placed(shape, context.node, path.node, values.node, asked)

    def _ask(self, constraint: Constraint, context: Node, path: NamedNode, values: _Known) -> Asked:
        name = constraint.query
        if name in COMBINED | COUNTED and not _counts_a_class(constraint):
            return Asked(None, constraint, tuple(self._refer(shape, values) for shape in constraint.shapes))
        if name == "property":
            return Asked(None, constraint, tuple(self._place(shape, values) for shape in constraint.shapes))
        parameters = tuple(self._parameters(constraint))
        return Asked(self._stands(name, (context, path, *constraint.members), parameters), constraint, ())

    def _stands(self, name: str, placed: tuple[Term, ...], parameters: tuple[tuple[str, Term], ...]) -> NamedNode:
        """The node of a constraint; shapes that ask the same of the same nodes have one."""
        key = (name, placed, parameters)
        if key not in self._asked:
            node = self._asked[key] = self._mint()
            context, path, *members = placed
            self.names.add(name)
            triples: list[Triple] = [(node, CONTEXT, context), (node, PATH, path)]
            triples += [(node, MEMBER, member) for member in members]
            triples += [(node, iri(f"{SPACE}{name}"), term) for name, term in parameters]
            if name in NUMBERED and context in self._of_classes and path in self._forward:
                limit = int(parameters[0][1].value)
                self.counted.append(Counted(name, cast(Node, context), cast(NamedNode, path), limit, tuple(triples)))
            else:
                self.triples += triples
        return self._asked[key]

    def _refer(self, shape: Shape, values: _Known) -> Placed:
        """A shape that others refer to: no more is told of it than that it fails, so that it is asked once."""
        key = (values.node, shape.node)
        if key not in self._referred:
            self._referred[key] = self._place(shape, values)
        return self._referred[key]

    def _parameters(self, constraint: Constraint) -> Iterator[tuple[str, Term]]:
        """The parameters of a constraint as its query reads them; one that has none is there by its name."""
        if constraint.query in COUNTED:
            yield "counted", self._class(constraint.shapes[0].constraints[0].bound["class"])
        for name, term in constraint.bound.items():
            if name in COUNTS:
                yield name, _whole(term)
            elif name == "datatype":
                yield name, kept_datatype(term)
            else:
                yield name, self._class(term) if name == "class" else term
        if not constraint.bound:
            yield constraint.query, ITSELF

    def _class(self, of: Term) -> NamedNode:
        """The SHACL instances of a class, as a context."""
        return self._context((("targetClass", of),)).node

    # Paths

    def _path(self, path: Path, context: _Known, counted: bool) -> _Known:
        """A path as queries read it: one step is told by its predicates, several become an edge, a predicate itself.

        Where values are counted and a step has several ways, a value may be met twice: it becomes an edge too.
        """
        steps = _steps(path)
        if steps is not None and len(steps) == 1 and not (counted and len(steps[0]) > 1):
            return _Known(self._told(path, steps[0]), context.turn)
        if (context.node, path) not in self._edges:
            edge = self._edges[context.node, path] = self._edge(path, steps, context)
            self.triples.append((edge.node, FORWARD, edge.node))
            self._forward.add(edge.node)
        return self._edges[context.node, path]

    def _told(self, path: Path, step: Step) -> NamedNode:
        if path not in self._steps:
            node = self._steps[path] = path.predicate or self._mint()
            self.triples += [(node, BACKWARD if against else FORWARD, along) for against, along in step]
            if path.predicate is not None:
                self._forward.add(node)
        return self._steps[path]

    def _edge(self, path: Path, steps: Sequence[Step] | None, context: _Known) -> _Known:
        """The edge of a path of several steps: after the first, each step is an edge from where the one before led.

        What is no row of steps that begins along a predicate is walked.
        """
        known = _Known(self._mint(), context.turn + 1)
        if steps is None or len(steps[0]) > 1 or steps[0][0][0]:
            self._turn(known.turn).walks.append((known.node, context.node, path))
            return known
        known = _Known(steps[0][0][1], context.turn)
        for step in steps[1:]:
            edge = _Known(self._mint(), known.turn + 1)
            rules = self._turn(edge.turn).steps
            rules += [(edge.node, AT, context.node), (edge.node, AFTER, known.node)]
            rules += [(edge.node, BACK if against else FORTH, along) for against, along in step]
            known = edge
        return known


def _counts(shape: Shape) -> bool:
    """Whether value nodes of a shape are counted; that there is one is no count."""
    names = {
        each.query for each in shape.constraints if each.query != "minCount" or each.bound["minCount"].value != "1"
    }
    return not names.isdisjoint({"minCount", "maxCount", "uniqueLang"} | COUNTED)


def _counts_a_class(constraint: Constraint) -> bool:
    """Whether it counts the instances of a class and asks for nothing else: then its query does it alone."""
    if constraint.query not in COUNTED or len(constraint.shapes) > 1:
        return False
    [shape] = constraint.shapes
    return shape.path is None and [each.query for each in shape.constraints] == ["class"]


def _steps(path: Path) -> tuple[Step, ...] | None:
    """A path as a row of steps along predicates or against them; None where it is no such row."""
    parts = path.parts if path.kind == "sequence" else (path,)
    if path.kind == "sequence":
        rows = [_steps(part) for part in parts]
        return None if None in rows else tuple(step for row in rows if row is not None for step in row)
    ways = [_way(part) for part in (path.parts if path.kind == "alternative" else parts)]
    return None if None in ways else (tuple(way for way in ways if way is not None),)


def _way(path: Path) -> tuple[bool, NamedNode] | None:
    """One predicate, and whether the path goes against it; against ``rdf:type``, which all have, it is walked."""
    against = path.kind == "inverse"
    inner = path.parts[0] if against else path
    return None if inner.predicate is None or (against and inner.predicate == TYPE) else (against, inner.predicate)


def _whole(term: Term) -> Term:
    """A number as a query casts it: literals with a datatype are kept in another way."""
    try:
        return Literal(str(int(term.value)))
    except ValueError:
        raise Uncovered from None

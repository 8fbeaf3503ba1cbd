"""Which nodes of a graph do not conform to shapes: SHACL Core by one set-based query for each constraint component.

Shapes stand beside the data as triples of their own (``plan.py``). Each constraint component has one fixed query
(``shapes/components/``), asked once for all constraints of its kind in all shapes and all their focus nodes
(https://www.w3.org/TR/shacl/, section 3.4). What shapes make of other shapes (section 4.6, 4.7) is worked out of the
sets of nodes that fail those.

The results are those of a general processor; tests hold both against the suite of the W3C and against each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from rdflib import Literal as RdfLiteral
from rdflib import URIRef

from mem_graph import resources
from mem_graph.engine.scratch import Literal, NamedNode, Node, Row, Scratch, Term, Triple, given
from mem_graph.graph.plan import ALONG, COUNTED, ITSELF, TOLD, Asked, Counted, Placed, Plan, Turn
from mem_graph.graph.shapes import Constraint, Path, Shape

NONE = Literal("0")
"""How many there are of what no row tells."""


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


def ground(plan: Plan, beside: Iterable[bytes] = ()) -> Scratch:
    """A graph to check data in, once: the shapes, laid out, and what data are seen together with, as N-Triples."""
    return Scratch(*beside, plan.ntriples, wellFormed=_well_formed)


def results_of(plan: Plan, graph: Scratch, parts: Iterable[bytes]) -> tuple[list[Result], tuple[str, ...]]:
    """The results of all shapes with targets, and the IRIs of the shapes that are not covered.

    In: the shapes, laid out; their `ground`, which is used up; the data graph in parts, as N-Triples.
    """
    for part in parts:
        graph.load(part)
    astray = _work_out(graph, plan.turns)
    graph.add(_unsettled(graph, plan.counted))
    check = _Check(graph, plan)
    covered = [placed for placed in plan.placed if not astray or astray.isdisjoint(_paths(placed))]
    uncovered = {placed.shape.node.value for placed in plan.placed} - {placed.shape.node.value for placed in covered}
    found = [result for placed in covered for result in check.results_of(placed)]
    return found, (*plan.uncovered, *sorted(uncovered))


def _well_formed(literal: Term) -> bool:
    """Whether the words of a literal are of its datatype (section 4.1.2), as far as rdflib knows it."""
    return isinstance(literal, Literal) and not _ill_typed(literal.value, literal.datatype.value)


@cache
def _ill_typed(words: str, datatype: str) -> bool:
    return bool(RdfLiteral(words, datatype=URIRef(datatype)).ill_typed)


@cache
def _text(folder: str, name: str) -> str:
    return (resources.shapes() / folder / name).read_text(encoding="utf-8")


# Contexts and paths


def _work_out(graph: Scratch, turns: Iterable[Turn]) -> set[NamedNode]:
    """Work out all contexts and edges, turn by turn. Out: the edges that lead away from a literal, which are none."""
    graph.change(_text("focus", "classes.ru"))
    graph.change(_text("focus", "targets.ru"))
    astray: set[NamedNode] = set()
    for turn in turns:
        _apply(graph, "steps.ru", turn.steps)
        _apply(graph, "values.ru", turn.values)
        astray |= {edge for edge, context, path in turn.walks if not _walk(graph, edge, context, path)}
    return astray


def _apply(graph: Scratch, update: str, rules: Sequence[Triple]) -> None:
    """Do what rules say, by the update that reads them; then they are taken out again."""
    if rules:
        graph.add(rules)
        graph.change(_text("focus", update))
        graph.remove(rules)


def _walk(graph: Scratch, edge: NamedNode, context: Node, path: Path) -> bool:
    """Put down where a path leads to from each node of a context. Out: whether that is all: a literal has none."""
    pairs = [(node, value) for node in _nodes(graph, context) for value in _along(graph, path, node)]
    graph.add((node, edge, value) for node, value in pairs if not isinstance(node, Literal))
    return not any(isinstance(node, Literal) for node, _ in pairs)


def _unsettled(graph: Scratch, counted: Sequence[Counted]) -> list[Triple]:
    """The triples of those constraints on numbers of values of which it is not plain that they hold.

    It is where, of each class of the context, as many instances as there are have a value, or none has two.
    """
    classes: dict[Term, list[Node]] = defaultdict(list)
    for context, kind in graph.rows(_text("focus", "below.rq")):
        classes[context].append(cast(Node, kind))
    graph.add((kind, TOLD, ITSELF) for kind in {kind for each in counted for kind in classes[each.context]})
    graph.add((path, TOLD, ALONG) for path in {each.path for each in counted})
    instances = {row[:1]: row[1] for row in graph.rows(_text("focus", "instances.rq"))} if counted else {}
    told = {row[:2]: row[2:] for row in graph.rows(_text("focus", "counts.rq"))} if instances else {}
    return [
        triple
        for each in counted
        if not all(
            _holds(each, instances.get((kind,), NONE), *told.get((kind, each.path), (NONE, NONE)))
            for kind in classes[each.context]
        )
        for triple in each.triples
    ]


def _holds(counted: Counted, instances: Term, values: Term, nodes: Term) -> bool:
    """Whether a number of values is as asked, by how many instances a class has, their values, and those with one."""
    if counted.name == "maxCount":
        return counted.limit >= 1 and values == nodes
    return counted.limit <= 1 and instances == nodes


def _nodes(graph: Scratch, context: Node) -> list[Term]:
    """The focus nodes of a context."""
    return [row[1] for row in graph.rows(_text("focus", "nodes.rq"), {"context": context})]


def _paths(placed: Placed) -> Iterator[NamedNode]:
    """The paths of a shape and of all that it refers to."""
    yield placed.path
    for asked in placed.asked:
        for shape in asked.shapes:
            yield from _paths(shape)


def _along(graph: Scratch, path: Path, node: Term) -> Iterator[Term]:
    """The value nodes of one node along a path (SPARQL 1.1 Query, section 18.4), each once."""
    if path.kind == "predicate":
        yield from graph.objects(node, _predicate(path))
    elif path.kind == "inverse":
        yield from _against(graph, path.parts[0], node)
    elif path.kind == "sequence":
        yield from _in_turn(graph, path.parts, {node})
    elif path.kind == "alternative":
        yield from {value for part in path.parts for value in _along(graph, part, node)}
    else:
        yield from _repeated(graph, path, node)


def _in_turn(graph: Scratch, parts: Iterable[Path], nodes: set[Term]) -> set[Term]:
    for part in parts:
        nodes = {value for node in nodes for value in _along(graph, part, node)}
    return nodes


def _repeated(graph: Scratch, path: Path, node: Term) -> set[Term]:
    part = path.parts[0]
    if path.kind == "zeroOrOne":
        return {node, *_along(graph, part, node)}
    start = {node} if path.kind == "zeroOrMore" else set(_along(graph, part, node))
    return _closure(start, lambda each: _along(graph, part, each))


def _against(graph: Scratch, path: Path, node: Term) -> Iterator[Term]:
    """The nodes from which a path leads to this one."""
    if path.kind == "predicate":
        yield from graph.subjects(_predicate(path), node)
    elif path.kind == "inverse":
        yield from _along(graph, path.parts[0], node)
    else:
        yield from _along(graph, _reversed(path), node)


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


# Shapes

_Broken = tuple[Shape, Constraint, Row]
"""A shape, a constraint of it, and a row of what breaks that."""


class _Check:
    """One data graph being checked: what queries told of each constraint, and what was asked of the graph since.

    Nothing in it leads back to it, so that the graph goes with it: a build collects no garbage.
    """

    def __init__(self, graph: Scratch, plan: Plan) -> None:
        self._graph = graph
        self._rows: dict[Term, list[Row]] = defaultdict(list)
        for name in plan.components:
            for row in graph.rows(_text("components", f"{name}.rq")):
                self._rows[row[0]].append(row[1:])
        self._failing_known: dict[Placed, set[Term]] = {}
        self._nodes_known: dict[Node, frozenset[Term]] = {}
        self._pairs_known: dict[tuple[Node, NamedNode], list[Row]] = {}

    def results_of(self, placed: Placed) -> Iterator[Result]:
        """The results of a shape that has targets, for its focus nodes alone."""
        if found := self._breaking(placed):
            for focus in self._nodes(placed.context):
                yield from (_result(*each) for each in found.get(focus, ()))

    def _breaking(self, placed: Placed) -> dict[Term, list[_Broken]]:
        """The nodes that do not conform to a shape (section 3.4.3), each with what it breaks: of its context, and maybe
        others, since queries look at whatever has values along a path."""
        found: dict[Term, list[_Broken]] = defaultdict(list)
        for asked in placed.asked:
            if asked.constraint.query == "property":
                self._through(placed, self._breaking(asked.shapes[0]), found)
            else:
                for row in self._broken(placed, asked):
                    found[row[0]].append((placed.shape, asked.constraint, row))
        return found

    def _through(
        self, placed: Placed, inner: Mapping[Term, list[_Broken]], found: Mapping[Term, list[_Broken]]
    ) -> None:
        """A property shape's results for the value nodes of the shape that has it are results themselves (4.7.2)."""
        if inner:
            for focus, value in self._paired(placed):
                if value in inner:
                    found[focus].extend(inner[value])

    def _failing(self, placed: Placed) -> set[Term]:
        """The nodes that do not conform to a shape: those of its context, and maybe others."""
        if placed not in self._failing_known:
            self._failing_known[placed] = self._failing_of(placed)
        return self._failing_known[placed]

    def _failing_of(self, placed: Placed) -> set[Term]:
        failing: set[Term] = set()
        for asked in placed.asked:
            if asked.constraint.query == "property":
                inner = self._failing(asked.shapes[0])
                failing |= {focus for focus, value in self._paired(placed) if value in inner} if inner else set()
            else:
                failing |= {row[0] for row in self._broken(placed, asked)}
        return failing

    def _broken(self, placed: Placed, asked: Asked) -> Iterable[Row]:
        """What one constraint is broken for: focus node, value, and what else its query tells."""
        name = asked.constraint.query
        if asked.node is not None:
            return self._rows.get(asked.node, ())
        if name in COUNTED:
            return self._miscounted(placed, asked)
        wrong = self._combined(placed, name, [self._failing(shape) for shape in asked.shapes])
        return [(focus, value) for focus, value in self._paired(placed) if value in wrong] if wrong else ()

    def _combined(self, placed: Placed, name: str, failing: Sequence[set[Term]]) -> set[Term]:
        """The value nodes that break a constraint on other shapes, of those that fail each of these (section 4.6)."""
        if name == "or":
            return set.intersection(*failing) if failing else set()
        if name in ("and", "node"):
            return set().union(*failing)
        nodes = set(self._nodes(placed.values))
        if name == "not":
            return nodes.difference(*failing)
        times = Counter(node for each in failing for node in each)
        return {node for node in nodes if times[node] != len(failing) - 1}

    def _miscounted(self, placed: Placed, asked: Asked) -> Iterable[Row]:
        """The focus nodes with too few or too many values that conform to a shape and to no sibling of it (4.7.3)."""
        name, [own, *siblings] = asked.constraint.query, [self._failing(shape) for shape in asked.shapes]
        limit = int(asked.constraint.bound[name].value)
        times = Counter(
            focus
            for focus, value in self._paired(placed)
            if value not in own and all(value in sibling for sibling in siblings)
        )
        if name == "qualifiedMaxCount":
            return [(focus,) for focus, number in times.items() if number > limit]
        return [(focus,) for focus in self._nodes(placed.context) if times[focus] < limit]

    def _paired(self, placed: Placed) -> Iterable[Row]:
        """Each focus node of a shape with each of its value nodes."""
        if placed.path == ITSELF:
            return [(node, node) for node in self._nodes(placed.context)]
        return self._pairs(placed.context, placed.path)

    def _nodes(self, context: Node) -> frozenset[Term]:
        if context not in self._nodes_known:
            self._nodes_known[context] = frozenset(_nodes(self._graph, context))
        return self._nodes_known[context]

    def _pairs(self, context: Node, path: NamedNode) -> list[Row]:
        if (context, path) not in self._pairs_known:
            rows = self._graph.rows(_text("focus", "pairs.rq"), {"context": context, "path": path})
            self._pairs_known[context, path] = [row[2:] for row in rows]
        return self._pairs_known[context, path]


def _result(shape: Shape, constraint: Constraint, row: Row) -> Result:
    """A result of the row that its query gave; a closed shape speaks of the value node and its predicate (4.8.1)."""
    told = constraint.component, shape.severity, shape.message
    if constraint.query == "closed":
        return Result(given(row[2]), shape.node, *told, given(row[1]), row[3])
    value = None if constraint.query == "uniqueLang" or len(row) == 1 else given(row[1])
    return Result(given(row[0]), shape.node, *told, value)

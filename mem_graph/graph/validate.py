"""One graph against the shapes: what is broken, where, and in which sentence.

`check` runs SHACL Core (https://www.w3.org/TR/shacl/) over *one edition graph at a time*, with the vocabularies;
merged reports would lend each other their values. What SHACL cannot see, because a source's text is not in the graph,
``quotes.py`` looks at: whether the words of every passage are cut from its source where it says. Both give the same
kind of result.

Shapes are checked by queries over sets of nodes (``conformance.py``); pyshacl is the reference that they are held to,
and checks what they do not cover. It is imported when used; it never infers, never runs scripts and never fetches.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import cast

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, RDF, RDFS, SH
from rdflib.term import Node
from rdflib.util import from_n3

from mem_graph import resources
from mem_graph.engine.scratch import Scratch
from mem_graph.graph import conformance, quotes
from mem_graph.graph.plan import Plan, laid_out
from mem_graph.graph.resting import with_sentence
from mem_graph.graph.shapes import read_shapes
from mem_graph.graph.terms import written
from mem_graph.iris import PREFIXES, curie
from mem_graph.iris import SHAPES as SHAPES_IRI
from mem_graph.outcomes import Severity, ValidationReport, ValidationResult

MEM = Namespace(PREFIXES["mem"])
SHAPES = Namespace(f"{SHAPES_IRI}#")

SEVERITIES: Mapping[Node, Severity] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)

EDITION = ("edition", "provenance", "statements", "codes", "corrections", "quotes", "recommended")
OF_RECORD = (*EDITION, "report")
VOCABULARY = ("vocabulary",)
DERIVED = ("derived",)
ACTS = ("acts",)
"""The files of ``shapes/`` by what is checked: an edition, the edition of record of a report, the shared lists, the
derived graph with its editions, the treaty record with its standings."""


def load_shapes(folder: Path, names: Sequence[str] = ()) -> Graph:
    """The shapes of a folder as one graph: the files of those names without ``.ttl``, or all of them."""
    shapes = Graph()
    for path in sorted(folder.glob("*.ttl")):
        if not names or path.stem in names:
            shapes.parse(path, format="turtle")
    return shapes


@dataclass(frozen=True, eq=False)
class ShapesGraph:
    """Shapes, and the same laid out for queries, when first asked for."""

    graph: Graph

    @cached_property
    def plan(self) -> Plan:
        """Its shapes as data that queries read."""
        return laid_out(read_shapes(self.graph))

    @cached_property
    def _grounds(self) -> dict[tuple[Part, ...], Scratch]:
        return {}

    def prepare(self, lasting: tuple[Part, ...]) -> None:
        """Load what many graphs are checked together with, for the next check; processes forked then have it each."""
        if lasting not in self._grounds:
            self._grounds.clear()
            self._grounds[lasting] = self._loaded(lasting)

    def ground(self, lasting: tuple[Part, ...]) -> Scratch:
        """A graph to check in, once, in which that is loaded."""
        prepared = self._grounds.pop(lasting, None)
        return self._loaded(lasting) if prepared is None else prepared

    def _loaded(self, lasting: tuple[Part, ...]) -> Scratch:
        return conformance.ground(self.plan, [part.seen_by(self.plan) for part in lasting])


@cache
def shapes_of(*names: str) -> ShapesGraph:
    """The shapes of some files of ``shapes/``, read once in a process."""
    return ShapesGraph(load_shapes(resources.shapes(), names))


@dataclass(frozen=True, eq=False)
class Part:
    """A graph in two forms, as rdflib has it and as N-Triples: the one that it was not given in is made when needed."""

    given: Graph | bytes
    lasting: bool = False
    """Whether many graphs are checked together with it: then what shapes look at in it is worked out once."""

    @cached_property
    def graph(self) -> Graph:
        """Its triples as a graph."""
        return self.given if isinstance(self.given, Graph) else Graph().parse(data=self.given, format="nt")

    @cached_property
    def ntriples(self) -> bytes:
        """Its triples as N-Triples, in no order."""
        return self.given if isinstance(self.given, bytes) else self.given.serialize(format="nt", encoding="utf-8")

    @cached_property
    def _seen(self) -> dict[Plan, bytes]:
        return {}

    def seen_by(self, plan: Plan) -> bytes:
        """What a check by these shapes needs of it, as N-Triples."""
        if plan not in self._seen:
            self._seen[plan] = plan.seen(self.ntriples)
        return self._seen[plan]


def check(
    part: Part,
    shapes: ShapesGraph,
    beside: Sequence[Part] = (),
    sources: Mapping[str, str] | None = None,
    name: str = "",
    reference: bool = False,
) -> ValidationReport:
    """Check one graph.

    In: the graph of one edition; the shapes; what it is seen together with: ontology, vocabularies, tables; the text of
    each source by its IRI (None where no text is at hand: then quotes are not compared); the graph's own IRI; whether
    pyshacl is to check all shapes.
    Out: the report, its results sorted. No graph is changed.
    """
    everything = (part, *beside)
    found = _by_reference(everything, shapes.graph) if reference else _by_queries(everything, shapes)
    graph = Scratch(part.ntriples) if found or sources is not None else Scratch()
    if sources is not None:
        found += [_named(shapes.graph, result) for result in quotes.compared(graph, sources)]
    if found:
        for each in beside:
            graph.load(each.ntriples)
        found = [with_sentence(graph, result) for result in found]
    return ValidationReport(name, tuple(sorted(found, key=_order)))


def _merged(parts: Sequence[Part]) -> Graph:
    """Several graphs as one; one is that graph itself, since pyshacl changes none that it draws no inference in."""
    if len(parts) == 1:
        return parts[0].graph
    merged = Graph()
    for part in parts:
        merged += part.graph
    return merged


def united(reports: Sequence[ValidationReport]) -> ValidationReport:
    """Several reports on parts of one graph as one; what several say stands once."""
    results = {result for report in reports for result in report.results}
    return ValidationReport(reports[0].graph, tuple(sorted(results, key=_order)))


def _order(result: ValidationResult) -> tuple[int, str, str, str, str]:
    """Violations first, then by shape and node."""
    rank = tuple(SEVERITIES.values()).index(result.severity)
    return rank, result.shape, result.focus, result.value or "", result.component


# SHACL


def _by_queries(parts: Sequence[Part], shapes: ShapesGraph) -> list[ValidationResult]:
    """The results of all shapes: by queries, and by the reference for shapes that those do not cover."""
    ground = shapes.ground(tuple(part for part in parts if part.lasting))
    own = [part.ntriples for part in parts if not part.lasting]
    found, uncovered = conformance.results_of(shapes.plan, ground, own)
    results = [_from_query(shapes.graph, result) for result in found]
    return results + _by_reference(parts, _only(shapes.graph, uncovered)) if uncovered else results


def _only(shapes: Graph, kept: Container[str]) -> Graph:
    """The same shapes, of which only some have targets."""
    some = Graph()
    some += (triple for triple in shapes if str(triple[0]) in kept or not _targets(triple))
    return some


def _targets(triple: tuple[Node, Node, Node]) -> bool:
    """Whether a triple gives its subject targets; a shape that is a class has its instances (section 2.1.3.3)."""
    _, about, value = triple
    return about in TARGETS or (about == RDF.type and value == RDFS.Class)


def _from_query(shapes: Graph, result: conformance.Result) -> ValidationResult:
    shape_path = shapes.value(cast(Node, from_n3(str(result.shape))), SH.path)
    return ValidationResult(
        severity=_severity(URIRef(result.severity)),
        focus=result.focus.value,
        shape=result.shape.value,
        component=result.component,
        message=result.message,
        path=_path(shapes, shape_path if result.predicate is None else URIRef(result.predicate.value)),
        value=None if result.value is None else written(result.value),
    )


def _by_reference(parts: Sequence[Part], shapes: Graph) -> list[ValidationResult]:
    from pyshacl import validate

    _, report, _ = validate(
        _merged(parts),
        shacl_graph=shapes,
        inference="none",
        advanced=False,
        js=False,
        meta_shacl=False,
        do_owl_imports=False,
        allow_warnings=True,
        inplace=True,
    )
    results = cast(Graph, report)
    return [_result(results, node) for node in results.objects(None, SH.result)]


def _result(report: Graph, node: Node) -> ValidationResult:
    value = report.value(node, SH.value)
    return ValidationResult(
        severity=_severity(report.value(node, SH.resultSeverity)),
        focus=_text(report, node, SH.focusNode),
        shape=_text(report, node, SH.sourceShape),
        component=_text(report, node, SH.sourceConstraintComponent),
        message=_english(report, node, SH.resultMessage),
        path=_path(report, report.value(node, SH.resultPath)),
        value=None if value is None else value.n3(),
    )


def _severity(term: Node | None) -> Severity:
    """A severity in a word; one of somebody's own counts as the gravest."""
    return SEVERITIES.get(term or SH.Violation, "violation")


def _text(graph: Graph, node: Node, about: Node) -> str:
    return str(graph.value(node, about) or "")


def _english(graph: Graph, node: Node, about: Node) -> str:
    """What a message says in English, the language of reports; else what it says."""
    said = sorted(graph.objects(node, about), key=lambda each: (getattr(each, "language", None) != "en", str(each)))
    return str(next(iter(said), ""))


def _path(shapes: Graph, node: Node | None) -> str:
    """A SHACL path as a SPARQL property path, empty where there is none: ``^mem:report/mem:rating`` (SHACL, 2.3.1)."""
    if node is None:
        return ""
    if isinstance(node, URIRef):
        return curie(str(node))
    if (node, RDF.first, None) in shapes:
        return "/".join(_path(shapes, part) for part in Collection(shapes, node))
    if inverse := shapes.value(node, SH.inversePath):
        return f"^{_path(shapes, inverse)}"
    for kind, sign in (("zeroOrMore", "*"), ("oneOrMore", "+"), ("zeroOrOne", "?")):
        if repeated := shapes.value(node, SH[f"{kind}Path"]):
            return f"({_path(shapes, repeated)}){sign}"
    either = Collection(shapes, cast(Node, shapes.value(node, SH.alternativePath)))
    return f"({'|'.join(_path(shapes, part) for part in either)})"


def _named(shapes: Graph, result: ValidationResult) -> ValidationResult:
    """The result with severity, path and message of its rule; ``{met}`` in the message is what the source has there."""
    shape = URIRef(result.shape)
    severity = SEVERITIES[shapes.value(shape, SH.severity) or SH.Violation]
    message = _english(shapes, shape, SH.message).replace("{met}", result.message)
    return replace(result, severity=severity, message=message, path=_path(shapes, shapes.value(shape, SH.path)))


# The report for machines and for people


def to_graph(report: ValidationReport, iri: str) -> Graph:
    """The report as SHACL has it (section 3.6), without blank nodes: results are numbered below the report's IRI.

    A path that is more than one property is left out; the source shape has it. The sentence is added as ``mem:quote``.
    """
    graph = Graph()
    node = URIRef(iri)
    graph.add((node, RDF.type, SH.ValidationReport))
    graph.add((node, SH.conforms, Literal(report.conforms)))
    graph.add((node, DCTERMS.subject, URIRef(report.graph)))
    for number, result in enumerate(report.results, start=1):
        graph.add((node, SH.result, URIRef(f"{iri}/{number}")))
        _add_result(graph, URIRef(f"{iri}/{number}"), result)
    return graph


def _add_result(graph: Graph, node: URIRef, result: ValidationResult) -> None:
    graph.add((node, RDF.type, SH.ValidationResult))
    graph.add((node, SH.resultSeverity, next(term for term, word in SEVERITIES.items() if word == result.severity)))
    graph.add((node, SH.resultMessage, Literal(result.message, lang="en")))
    for about, iri in (
        (SH.focusNode, result.focus),
        (SH.sourceShape, result.shape),
        (SH.sourceConstraintComponent, result.component),
        (MEM.statement, result.statement),
        (MEM.passage, result.passage),
    ):
        if iri:
            graph.add((node, about, URIRef(iri)))
    if result.value is not None:
        graph.add((node, SH.value, cast(Node, from_n3(result.value))))
    if result.quote is not None:
        graph.add((node, MEM.quote, Literal(result.quote)))


def in_words(report: ValidationReport) -> Iterator[str]:
    """The report line by line: how many, then for each result where, what to do, and the sentence."""
    yield f"{report.graph}: {'conforms' if report.conforms else 'does not conform'}, {_counted(report)}"
    for result in report.results:
        yield f"{result.severity} {curie(result.shape)} at <{result.focus}>: {result.message}"
        if result.value is not None:
            yield f"  value: {result.value}"
        if result.quote is not None:
            yield f"  sentence: {' '.join(result.quote.split())}"


def _counted(report: ValidationReport) -> str:
    """``1 violation, 2 warnings``."""
    words = []
    for severity in SEVERITIES.values():
        number = sum(result.severity == severity for result in report.results)
        words.append(f"{number} {severity}{'' if number == 1 else 's'}")
    return ", ".join(words[:2])

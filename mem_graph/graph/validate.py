"""One graph against the shapes: what is broken, where, and in which sentence.

`check` runs SHACL Core (https://www.w3.org/TR/shacl/) over *one edition graph at a time*, with the vocabularies;
merged reports would lend each other their values. What SHACL cannot see, because a source's text is not in the graph,
`check_quotes` looks at: whether the words of every passage are cut from its source where it says. Both give the same
kind of result.

Shapes are checked by queries over sets of nodes (``conformance.py``); pyshacl is the reference that they are held to,
and checks what they do not cover. It is imported when used; it never infers, never runs scripts and never fetches.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import cast

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.graph import ReadOnlyGraphAggregate
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, SH, XSD
from rdflib.term import Node
from rdflib.util import from_n3

from mem_graph import resources
from mem_graph.engine.scratch import Literal as EngineLiteral
from mem_graph.engine.scratch import Scratch, Term
from mem_graph.graph import conformance
from mem_graph.graph.plan import Plan, laid_out
from mem_graph.graph.shapes import read_shapes
from mem_graph.iris import PREFIXES, curie
from mem_graph.iris import SHAPES as SHAPES_IRI
from mem_graph.outcomes import Severity, ValidationReport, ValidationResult

MEM = Namespace(PREFIXES["mem"])
OA = Namespace(PREFIXES["oa"])
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
    if sources is not None:
        found += check_quotes(part.graph, shapes.graph, sources)
    if found:
        data = ReadOnlyGraphAggregate([each.graph for each in everything])
        found = [_with_sentence(data, result) for result in found]
    return ValidationReport(name, tuple(sorted(found, key=_order)))


def _merged(parts: Iterable[Part]) -> Graph:
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
        value=None if result.value is None else _written(result.value),
    )


def _written(term: Term) -> str:
    """A term of the engine as rdflib writes it; a literal keeps its words."""
    if isinstance(term, EngineLiteral) and term.language is None and term.datatype.value != str(XSD.string):
        return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False).n3()
    return cast(Node, from_n3(str(term))).n3()


def _by_reference(parts: Iterable[Part], shapes: Graph) -> list[ValidationResult]:
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


# From a node to its sentence

FRAME = frozenset(
    {PROV.wasDerivedFrom, PROV.wasGeneratedBy, MEM.edition, MEM.report, MEM.country, MEM.section, MEM.recommendation}
    | {MEM.rule, MEM.sureness, MEM.polarity, MEM.modality, MEM.relation}
)
"""What so many statements share that none of them is *the* sentence of it."""

RESTING = (OA.hasBody, PROV.wasDerivedFrom, MEM.affirms, MEM.denies)
"""How an annotation, an assessment, a derivation and a tension name the statements they rest on."""


def _with_sentence(data: Graph, result: ValidationResult) -> ValidationResult:
    """The result with the statement, passage and quote that its focus node rests on, else its value."""
    nodes = [URIRef(result.focus)]
    if result.value and result.value.startswith("<"):
        nodes.append(URIRef(result.value[1:-1]))
    for node in nodes:
        for statement in _statements_of(data, node):
            return _resting(data, result, statement, _passages_of(data, statement))
        for passage in _passages_of(data, node):
            return _resting(data, result, None, iter([passage]))
    return result


def _resting(
    data: Graph, result: ValidationResult, statement: Node | None, passages: Iterator[Node]
) -> ValidationResult:
    passage = next(passages, None)
    quotes = [data.value(statement, MEM.quote)] if statement else []
    quotes += [data.value(selector, OA.exact) for selector in data.objects(passage, OA.hasSelector)] if passage else []
    quote = next((str(quote) for quote in quotes if quote is not None), None)
    return replace(
        result,
        statement=None if statement is None else str(statement),
        passage=None if passage is None else str(passage),
        quote=quote,
    )


def _statements_of(data: Graph, node: Node) -> Iterator[Node]:
    """The statements that a node is, is evidence of, or is spoken of by; the nearest first."""
    if (node, MEM.quote, None) in data or (node, MEM.passage, None) in data:
        yield node
    resting = (s for about in RESTING for s in data.objects(node, about))
    yield from sorted((s for s in resting if (s, MEM.quote, None) in data), key=str)
    for passage in (node, *data.subjects(OA.hasSelector, node)):
        speaking = (s for s, about in data.subject_predicates(passage) if about not in FRAME)
        yield from sorted((s for s in speaking if (s, MEM.quote, None) in data), key=str)


def _passages_of(data: Graph, node: Node) -> Iterator[Node]:
    """The passages that a node has, targets, or is the selector of, or is itself."""
    yield from data.objects(node, MEM.passage)
    yield from data.objects(node, OA.hasTarget)
    yield from data.subjects(OA.hasSelector, node)
    for annotation in data.subjects(OA.hasBody, node):
        yield from data.objects(annotation, OA.hasTarget)
    if (node, OA.hasSelector, None) in data:
        yield node


# Quotes


def check_quotes(graph: Graph, shapes: Graph, sources: Mapping[str, str]) -> list[ValidationResult]:
    """Compare every passage with the text of its source, in code points (Web Annotation Data Model, section 4.2.5).

    The rules stand in ``shapes/quotes.ttl`` with severity and message, deactivated: a SHACL processor has no text.
    """
    passages = sorted(graph.subject_objects(OA.hasSource))
    found = [result for passage, source in passages for result in _cut(graph, passage, source, sources)]
    found += [result for source, text in sources.items() for result in _length(graph, URIRef(source), text)]
    found += [
        result
        for statement, quote in sorted(graph.subject_objects(MEM.quote))
        for result in _quoted(graph, statement, quote)
    ]
    found += [
        result
        for finding, coding in sorted(graph.subject_objects(MEM.coding))
        for result in _because(graph, finding, coding)
    ]
    return [_named(shapes, result) for result in found]


def _cut(graph: Graph, passage: Node, source: Node, sources: Mapping[str, str]) -> Iterator[ValidationResult]:
    """What is wrong with one passage; what it lacks is for the shapes to say."""
    text = sources.get(str(source))
    if text is None:
        yield _broken("QuotedPassage-source-text", passage, source)
        return
    exact, prefix, suffix = (_selected(graph, passage, about) for about in (OA.exact, OA.prefix, OA.suffix))
    start, end = (_selected(graph, passage, about) for about in (OA.start, OA.end))
    if exact is None or start is None or end is None:
        return
    first, last = int(start), int(end)
    if text[first:last] != str(exact):
        yield _broken("QuotedPassage-cut", passage, exact, text[first:last])
    if prefix is not None and not text[:first].endswith(prefix):
        yield _broken("QuotedPassage-prefix", passage, prefix, text[max(0, first - len(prefix)) : first])
    if suffix is not None and not text[last:].startswith(suffix):
        yield _broken("QuotedPassage-suffix", passage, suffix, text[last : last + len(suffix)])
    yield from _inside(graph, passage, first, last)


def _inside(graph: Graph, passage: Node, first: int, last: int) -> Iterator[ValidationResult]:
    """Words must stand inside the sentence that they are part of."""
    for sentence in graph.objects(passage, DCTERMS.isPartOf):
        start, end = _selected(graph, sentence, OA.start), _selected(graph, sentence, OA.end)
        if start is not None and end is not None and not int(start) <= first <= last <= int(end):
            yield _broken("QuotedPassage-inside", passage, sentence)


def _quoted(graph: Graph, statement: Node, quote: Node) -> Iterator[ValidationResult]:
    """A quote has the words of a passage of its statement; it has a language too, which a selector has not."""
    exact = [_selected(graph, passage, OA.exact) for passage in graph.objects(statement, MEM.passage)]
    words = [str(words) for words in exact if words is not None]
    if words and str(quote) not in words:
        yield _broken("QuotedStatement-quote", statement, quote, words[0])


def _because(graph: Graph, finding: Node, coding: Node) -> Iterator[ValidationResult]:
    """The words of a coding stand in the quote of its finding, where it says."""
    quote, words, offset = (
        graph.value(finding, MEM.quote),
        graph.value(coding, MEM.because),
        graph.value(coding, MEM.offset),
    )
    if quote is None or words is None or offset is None:
        return
    first = int(str(offset))
    met = str(quote)[first : first + len(str(words))]
    if met != str(words):
        yield _broken("QuotedCoding-because", coding, words, met)


def _length(graph: Graph, source: URIRef, text: str) -> Iterator[ValidationResult]:
    for characters in graph.objects(source, MEM.characters):
        if int(str(characters)) != len(text):
            yield _broken("QuotedSource-length", source, characters, str(len(text)))


def _selected(graph: Graph, passage: Node, about: Node) -> Literal | None:
    for selector in graph.objects(passage, OA.hasSelector):
        for value in graph.objects(selector, about):
            return cast(Literal, value)
    return None


def _broken(rule: str, focus: Node, value: Node, met: str = "") -> ValidationResult:
    component = str(SHAPES.QuoteConstraintComponent)
    return ValidationResult("violation", str(focus), str(SHAPES[rule]), component, met, value=value.n3())


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

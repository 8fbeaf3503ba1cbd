"""The sentence that a node rests on: from what breaks a rule to the statement, the passage and the quote of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rdflib.namespace import PROV

from mem_graph.engine.scratch import BlankNode, NamedNode, Node, Scratch, Term, iri
from mem_graph.graph.quotes import EXACT, HAS_SELECTOR, PASSAGE, QUOTE
from mem_graph.iris import PREFIXES
from mem_graph.outcomes import ValidationResult

DERIVED, GENERATED = iri(str(PROV.wasDerivedFrom)), iri(str(PROV.wasGeneratedBy))
HAS_BODY, HAS_TARGET = (iri(f"{PREFIXES['oa']}{name}") for name in ("hasBody", "hasTarget"))

FRAME = frozenset(
    {DERIVED, GENERATED}
    | {iri(f"{PREFIXES['mem']}{name}") for name in ("edition", "report", "country", "section", "recommendation")}
    | {iri(f"{PREFIXES['mem']}{name}") for name in ("rule", "sureness", "polarity", "modality", "relation")}
)
"""What so many statements share that none of them is *the* sentence of it."""

RESTING = (HAS_BODY, DERIVED, *(iri(f"{PREFIXES['mem']}{name}") for name in ("affirms", "denies")))
"""How an annotation, an assessment, a derivation and a tension name the statements they rest on."""


def with_sentence(graph: Scratch, result: ValidationResult) -> ValidationResult:
    """The result with the statement, passage and quote that its focus node rests on, else its value."""
    for node in _nodes(result):
        for statement in _statements_of(graph, node):
            return _resting(graph, result, statement, next(_passages_of(graph, statement), None))
        for passage in _passages_of(graph, node):
            return _resting(graph, result, None, passage)
    return result


def _nodes(result: ValidationResult) -> Iterator[Node]:
    """The focus node of a result, and its value where that is a thing."""
    yield from _node(result.focus)
    if result.value and result.value.startswith("<"):
        yield from _node(result.value[1:-1])


def _node(text: str) -> Iterator[Node]:
    """The node of an IRI or of the label of a blank node; a literal, which rests on nothing, may have any words."""
    for kind in (NamedNode, BlankNode):
        try:
            yield kind(text)
            return
        except ValueError:
            continue


def _resting(
    graph: Scratch, result: ValidationResult, statement: Node | None, passage: Term | None
) -> ValidationResult:
    quotes = [] if statement is None else _sorted(graph.objects(statement, QUOTE))
    selectors = [] if passage is None else _sorted(graph.objects(passage, HAS_SELECTOR))
    quotes += [quote for selector in selectors for quote in _sorted(graph.objects(selector, EXACT))]
    return replace(
        result,
        statement=None if statement is None else statement.value,
        passage=None if passage is None else passage.value,
        quote=quotes[0].value if quotes else None,
    )


def _statements_of(graph: Scratch, node: Node) -> Iterator[Node]:
    """The statements that a node is, is evidence of, or is spoken of by; the nearest first."""
    if _has(graph, node, QUOTE) or _has(graph, node, PASSAGE):
        yield node
    yield from _quoted(graph, (each for about in RESTING for each in graph.objects(node, about)))
    for passage in (node, *graph.subjects(HAS_SELECTOR, node)):
        yield from _quoted(graph, (each for each, about in graph.spoken(passage) if about not in FRAME))


def _quoted(graph: Scratch, nodes: Iterable[Term]) -> list[Node]:
    """Those that have a quote, by their IRIs."""
    quoted = [node for node in nodes if isinstance(node, Node) and _has(graph, node, QUOTE)]
    return sorted(quoted, key=lambda node: node.value)


def _passages_of(graph: Scratch, node: Node) -> Iterator[Term]:
    """The passages that a node has, targets, or is the selector of, or is itself."""
    yield from _sorted(graph.objects(node, PASSAGE))
    yield from _sorted(graph.objects(node, HAS_TARGET))
    yield from _sorted(graph.subjects(HAS_SELECTOR, node))
    for annotation in _sorted(graph.subjects(HAS_BODY, node)):
        yield from _sorted(graph.objects(annotation, HAS_TARGET))
    if _has(graph, node, HAS_SELECTOR):
        yield node


def _sorted(terms: Iterable[Term]) -> list[Term]:
    return sorted(terms, key=lambda term: term.value)


def _has(graph: Scratch, node: Node, about: NamedNode) -> bool:
    return next(graph.objects(node, about), None) is not None

"""Findings coded to criteria, as RDF: our reading of what a report says, told as such (``docs/model.md``, Codings)."""

from __future__ import annotations

from rdflib import Literal, URIRef
from rdflib.namespace import RDF

from mem_graph import model
from mem_graph.graph.evidence import MEM, Frame, Triples, at_evidence


def of_finding(frame: Frame, kind: str, finding: model.Finding) -> Triples:
    """The codings of one finding.

    In: the edition's frame; the kind of the finding, as its IRI names it; the finding. Out: for each code a node with
    criterion, outcome, the words that decided and where they begin in the quote, rule and sureness.
    """
    at = at_evidence(finding)
    for code in finding.codes:
        node = URIRef(frame.iris.coding(frame.key, at.where, at.local, code.criterion))
        yield frame.statement(kind, at), MEM.coding, node
        yield node, RDF.type, MEM.Coding
        yield node, MEM.criterion, frame.criterion(code.criterion)
        yield node, MEM.outcome, frame.value("Outcome", code.outcome)
        yield node, MEM.because, frame.words(code.because.quote)
        yield node, MEM.offset, Literal(code.because.start - at.span.start)
        yield node, MEM.rule, URIRef(frame.iris.rule(code.rule))
        yield node, MEM.sureness, frame.value("Sureness", code.sureness)

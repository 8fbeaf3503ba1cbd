"""What a report says held against itself: one set-based query for each audit, and its findings as sentences.

An audit is a file of ``shapes/audits/``: a SPARQL query with a header of comments (title, explanation, severity,
message). Its rows have ``report``, ``key``, ``focus``, and ``statement`` with ``quote``, and ``other`` with
``otherQuote`` where there are two; every column may fill a ``{place}`` of the message. Rows of one report and key make
one result, and no row looks at two reports, so that each report may be asked alone. An audit reports and never stops a
build: that two sentences disagree is the report's doing, not an error of the graph.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SH

from mem_graph.engine.headers import header
from mem_graph.engine.store import Store
from mem_graph.errors import ParseError
from mem_graph.graph.validate import MEM, SEVERITIES, SHAPES
from mem_graph.iris import Iris
from mem_graph.outcomes import AuditResult, Severity, SparqlRequest

RESULTS = "application/sparql-results+json"
FIELDS = ("title", "explanation", "severity", "message")
PLACE = re.compile(r"\{(\w+)\}")
PAIRS = (("statement", "quote"), ("other", "otherQuote"))

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit: its name (the file's), what it compares, how grave a finding is, the form of a message, the query."""

    name: str
    title: str
    explanation: str
    severity: Severity
    message: str
    query: str


def load_audits(folder: Path) -> tuple[Audit, ...]:
    """All audits of a folder, by name."""
    return tuple(read_audit(path) for path in sorted(folder.glob("*.rq"), key=lambda path: path.stem))


def read_audit(path: Path) -> Audit:
    """The audit in one file; raises ParseError where its header lacks a line or names no severity."""
    text = path.read_text(encoding="utf-8")
    told = header(text, FIELDS, path.name)
    severities = {str(term).rpartition("#")[2]: word for term, word in SEVERITIES.items()}
    if told["severity"] not in severities:
        raise ParseError(file=path.name, line=1, met=told["severity"], expected="Info, Warning or Violation")
    return Audit(path.stem, told["title"], told["explanation"], severities[told["severity"]], told["message"], text)


def run(store: Store, audits: Iterable[Audit]) -> tuple[AuditResult, ...]:
    """The findings of all audits.

    In: a store with the edition of record of one report or of many and all that they refer to, whose default graph is
    the union of them; the audits. Out: the findings by audit, report and key, the numbers in keys in their order.
    """
    return tuple(result for audit in audits for result in _results(audit, _rows(store, audit)))


def united(parts: Iterable[Iterable[AuditResult]]) -> tuple[AuditResult, ...]:
    """The findings of all audits on several reports, each asked alone, as if they had been asked together."""
    found = (result for part in parts for result in part)
    return tuple(sorted(found, key=lambda result: (result.audit, _natural(result.report))))


def _rows(store: Store, audit: Audit) -> list[Row]:
    answer = store.query(SparqlRequest(audit.query), RESULTS)
    bindings = json.loads(answer.body)["results"]["bindings"]
    rows = [{name: term["value"] for name, term in row.items()} for row in bindings]
    return sorted(rows, key=_order)


def _order(row: Row) -> tuple[list[tuple[int, str]], ...]:
    """Report, key, then the query's own order, then the statements; 9 before 24."""
    return tuple(_natural(row.get(name, "")) for name in ("report", "key", "order", "statement", "other"))


def _natural(text: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text)]


def _results(audit: Audit, rows: list[Row]) -> Iterator[AuditResult]:
    for (report, key), group in groupby(rows, key=lambda row: (row["report"], row["key"])):
        same = list(group)
        pairs = dict.fromkeys((row[iri], row[quote]) for iri, quote in PAIRS for row in same if row.get(iri))
        yield AuditResult(
            audit=audit.name,
            report=report,
            key=key,
            severity=audit.severity,
            focus=same[0]["focus"],
            message=_message(audit, same[0]),
            statements=tuple(statement for statement, _ in pairs),
            quotes=tuple(quote for _, quote in pairs),
        )


def _message(audit: Audit, row: Row) -> str:
    """The message with its places filled, on one line."""
    filled = PLACE.sub(lambda place: row.get(place[1], "nothing"), audit.message)
    return " ".join(filled.split())


# For machines and for people


def to_graph(results: Iterable[AuditResult], audits: Iterable[Audit], iris: Iris) -> Graph:
    """The findings as SHACL has them, below an identity base: ``id/audit/PER-R6`` and in it ``…/tension/treatment``.

    The audit itself is their source shape; ``mem:statement`` leads to the statements, which have the quotes.
    """
    graph = Graph()
    for audit in audits:
        node = _shape(audit.name)
        graph.add((node, RDFS.label, Literal(audit.title, lang="en")))
        graph.add((node, RDFS.comment, Literal(audit.explanation, lang="en")))
    for result in results:
        _add_result(graph, result, iris)
    return graph


def _shape(name: str) -> URIRef:
    return SHAPES[f"audit-{name}"]


def _add_result(graph: Graph, result: AuditResult, iris: Iris) -> None:
    key = result.report.rpartition("/")[2]
    report, node = URIRef(iris.mint("audit", key)), URIRef(iris.mint("audit-result", key, result.audit, result.key))
    graph.add((report, RDF.type, SH.ValidationReport))
    graph.add((report, SH.conforms, Literal(True)))
    graph.add((report, DCTERMS.subject, URIRef(result.report)))
    graph.add((report, SH.result, node))
    graph.add((node, RDF.type, SH.ValidationResult))
    graph.add((node, SH.resultSeverity, next(term for term, word in SEVERITIES.items() if word == result.severity)))
    graph.add((node, SH.resultMessage, Literal(result.message, lang="en")))
    graph.add((node, SH.focusNode, URIRef(result.focus)))
    graph.add((node, SH.sourceShape, _shape(result.audit)))
    graph.add((node, SH.sourceConstraintComponent, SHAPES.AuditConstraintComponent))
    for statement in result.statements:
        graph.add((node, MEM.statement, URIRef(statement)))


def in_words(results: Iterable[AuditResult]) -> Iterator[str]:
    """Each finding as a sentence, followed by the sentences of the report that it is about."""
    for result in results:
        yield f"{result.severity} {result.audit}, {result.report.rpartition('/')[2]}: {result.message}"
        for statement, quote in zip(result.statements, result.quotes, strict=True):
            yield f"  <{statement}>"
            yield f"    “{' '.join(quote.split())}”"

"""What comes of the data, as frozen records: releases, what shapes and audits say of them, requests and answers.

None of it knows RDF, files or the web; what reports say is in `mem_graph.model`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Release:
    """A release folder as its manifest describes it: quads by graph IRI, bytes by file name."""

    digest: str
    folder: Path
    version: str
    identity_base: str
    graphs: Mapping[str, int]
    files: Mapping[str, int]


Severity = Literal["violation", "warning", "info"]


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """One rule that a graph breaks, and the sentence that the node rests on, as far as there is one.

    ``shape``, ``component``, ``focus``, ``statement`` and ``passage`` are IRIs; ``path`` is a SPARQL property path;
    ``value`` is a term as N-Triples writes it.
    """

    severity: Severity
    focus: str
    shape: str
    component: str
    message: str
    path: str = ""
    value: str | None = None
    statement: str | None = None
    passage: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """What the shapes say of one graph, which is named by its IRI; warnings alone do not keep it from conforming."""

    graph: str
    results: tuple[ValidationResult, ...] = ()

    @property
    def violations(self) -> tuple[ValidationResult, ...]:
        """The results that stop a build."""
        return tuple(result for result in self.results if result.severity == "violation")

    @property
    def conforms(self) -> bool:
        """Whether every rule that must hold does."""
        return not self.violations


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What one audit found in one report: a sentence for people, and each statement it is about with its quote.

    ``key`` is unique among the results of one audit on one report; ``statements`` and ``quotes`` go in pairs.
    """

    audit: str
    report: str
    key: str
    severity: Severity
    focus: str
    message: str
    statements: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()


QueryForm = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """One query with the dataset it is asked of: IRIs of named graphs; with neither list, the dataset that is served.

    ``form`` is known once the query has been checked. SPARQL 1.1 Protocol, section 2.1. ``timeout`` is in how many
    seconds the client wants its answer, where it says so: it may ask for less than the deadline, never for more. Of a
    long query that is ``deferred`` the form alone is known; its store checks it, where that can be ended.
    """

    query: str
    form: QueryForm | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    timeout: float | None = None
    deferred: bool = False

    @property
    def checked(self) -> bool:
        """Whether the query has been found to be one that may be evaluated."""
        return self.form is not None and not self.deferred

    @property
    def own_dataset(self) -> bool:
        """Whether the request describes a dataset of its own."""
        return bool(self.default_graphs or self.named_graphs)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a store answers: the serialised bytes and their media type."""

    body: bytes
    media_type: str

"""The treaty record read back out of the graphs of a release: look-ups answer from the release, not from the tables."""

from __future__ import annotations

from datetime import date

from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS
from rdflib.term import Node

from mem_graph.graph.acts import CLASSES
from mem_graph.iris import PREFIXES, Iris
from mem_graph.treaties.record import (
    Act,
    Clauses,
    Coverage,
    Doubt,
    Listing,
    Participation,
    Record,
    Source,
    Statement,
    Treaty,
)
from mem_graph.treaties.words import Text
from mem_graph.wording import LANGUAGES

MEM = Namespace(PREFIXES["mem"])
ELI = Namespace(PREFIXES["eli"])


def record_of(graph: Graph, iris: Iris) -> Record:
    """The record that graphs ``acts`` and ``tables``, merged, were made from."""
    back = Back(graph, iris)
    sources = {key: back.source(node) for node, key in back.keyed(MEM.RecordSource)}
    doubts = {node: back.doubt(node) for node, _ in back.keyed(MEM.Doubt)}
    return Record(
        treaties={key: back.treaty(node, key) for node, key in back.keyed(MEM.Treaty)},
        countries={key: back.name(node) for node, key in back.keyed(MEM.Country)},
        sources=sources,
        acts=tuple(back.act(node, sources, doubts) for node, _ in back.keyed(MEM.Act)),
        participation=tuple(back.participation(node, sources) for node, _ in back.keyed(MEM.Participation)),
        listings=tuple(back.listing(node, sources) for node, _ in back.keyed(MEM.Listing)),
        coverage=tuple(back.coverage(node) for node, _ in back.keyed(MEM.Coverage)),
        clauses={each.treaty: each for node, _ in back.keyed(MEM.FinalClauses) for each in [back.clauses(node)]},
        statements=tuple(back.statement(node, sources) for node, _ in back.keyed(MEM.UnilateralStatement)),
        doubts=tuple(sorted(doubts.values(), key=lambda doubt: doubt.number)),
    )


Sources = dict[str, Source]


class Back:
    """A graph read back into records."""

    def __init__(self, graph: Graph, iris: Iris) -> None:
        """In: the graph; the IRIs below its identity base."""
        self._graph, self._iris = graph, iris

    def keyed(self, kind: URIRef) -> list[tuple[Node, str]]:
        """The nodes of a class, with the last of their keys, in the order of their IRIs."""
        nodes = sorted(self._graph.subjects(RDF.type, kind), key=str)
        return [(node, self._iris.parse(str(node)).keys[-1]) for node in nodes]

    def text(self, node: Node, about: Node) -> str:
        """The one value of a property as text; nothing where there is none."""
        found = self._graph.value(node, about)
        return "" if found is None else str(found)

    def said(self, node: Node, about: Node) -> Text:
        """The words of a property in each language."""
        found = {getattr(each, "language", None): str(each) for each in self._graph.objects(node, about)}
        return Text(*(found.get(language, "") for language in LANGUAGES))

    def day(self, node: Node, about: Node) -> date | None:
        """A day."""
        text = self.text(node, about)
        return date.fromisoformat(text) if text else None

    def true(self, node: Node, about: Node) -> bool:
        """Whether a property is true."""
        return self.text(node, about) == "true"

    def key(self, node: Node, about: Node) -> str:
        """The last key of the IRI that a property leads to; nothing where there is none of ours."""
        iri = self.text(node, about)
        return self._iris.parse(iri).keys[-1] if iri.startswith(self._iris.base) else ""

    def keys(self, node: Node, about: Node) -> frozenset[str]:
        """The last keys of all the IRIs that a property leads to."""
        return frozenset(self._iris.parse(str(each)).keys[-1] for each in self._graph.objects(node, about))

    def name(self, node: Node) -> str:
        """The name in English."""
        labels = self._graph.objects(node, RDFS.label)
        return next((str(label) for label in labels if getattr(label, "language", None) == "en"), "")

    def fact(self, node: Node) -> tuple[str, str]:
        """Treaty and state."""
        return self.key(node, MEM.treaty), self.key(node, MEM.country)

    def source(self, node: Node) -> Source:
        """A source."""
        return Source(
            self.text(node, SKOS.notation),
            self.text(node, DCTERMS.title),
            self.text(node, MEM.sourceKind),
            self.text(node, MEM.speaksFor),
            self.text(node, MEM.asOfBasis),
            self.text(node, MEM.sourceQuality),
            self.text(node, DCTERMS.source),
            self.text(node, SKOS.note),
            tuple(sorted(self.keys(node, MEM.treaty))),
        )

    def doubt(self, node: Node) -> Doubt:
        """A doubt."""
        about = self.text(node, MEM.actKind), self.text(node, DCTERMS.date), self.text(node, MEM.about)
        number, source = int(self.text(node, SKOS.notation)), self.key(node, MEM.recordSource)
        return Doubt(number, *self.fact(node), *about, self.said(node, SKOS.note), source)

    def treaty(self, node: Node, key: str) -> Treaty:
        """A treaty."""
        adopted, in_force = self.day(node, ELI.date_document), self.day(node, ELI.first_date_entry_in_force)
        return Treaty(key, self.text(node, MEM.kind), self.text(node, SKOS.prefLabel), adopted, in_force)

    def act(self, node: Node, sources: Sources, doubts: dict[Node, Doubt]) -> Act:
        """An act."""
        effective = self.key(node, MEM.effectiveSource)
        return Act(
            *self.fact(node),
            next(kind for kind, of in CLASSES.items() if (node, RDF.type, of) in self._graph),
            self.text(node, DCTERMS.date),
            sources[self.key(node, MEM.recordSource)],
            self.text(node, MEM.instrumentDate),
            self.text(node, MEM.effectiveOn),
            sources[effective] if effective else None,
            tuple(
                sorted((doubts[each] for each in self._graph.objects(node, MEM.doubt)), key=lambda each: each.number)
            ),
        )

    def participation(self, node: Node, sources: Sources) -> Participation:
        """A participation."""
        source = sources[self.key(node, MEM.recordSource)]
        return Participation(*self.fact(node), self.text(node, DCTERMS.date), source)

    def listing(self, node: Node, sources: Sources) -> Listing:
        """A listing."""
        source = sources[self.key(node, MEM.recordSource)]
        return Listing(*self.fact(node), self.text(node, MEM.listedAs), self.text(node, MEM.basis), source)

    def coverage(self, node: Node) -> Coverage:
        """A coverage, its states one by one."""
        excepted = self.keys(node, MEM.exceptedCountry)
        return Coverage(
            self.key(node, MEM.treaty),
            int(self.text(node, SKOS.notation)),
            self.keys(node, MEM.coveredCountry) | excepted,
            excepted,
            self.true(node, MEM.completeForSignatures),
            self.true(node, MEM.completeForConsent),
            self.day(node, MEM.completeFrom),
            self.day(node, MEM.completeTo),
            self.text(node, MEM.sourceKind),
            self.said(node, SKOS.note),
        )

    def clauses(self, node: Node) -> Clauses:
        """Final clauses."""
        days = self.text(node, MEM.waitingDays)
        return Clauses(
            self.key(node, MEM.treaty),
            self.text(node, MEM.entryArticle),
            int(days) if days else None,
            self.text(node, MEM.condition),
            self.key(node, MEM.neededTreaty),
            self.text(node, MEM.withdrawalArticle),
            self.text(node, MEM.withdrawalRule),
            self.text(node, MEM.reservationsArticle),
            self.true(node, MEM.clauseRead),
            self.text(node, DCTERMS.source),
            self.text(node, SKOS.note),
        )

    def statement(self, node: Node, sources: Sources) -> Statement:
        """A reservation or another statement; its paths sorted."""
        return Statement(
            *self.fact(node),
            int(self.text(node, SKOS.notation)),
            self.text(node, MEM.kind),
            self.text(node, MEM.printedArticles),
            tuple(sorted(map(str, self._graph.objects(node, MEM.paragraphPath)))),
            self.text(node, MEM.madeAt),
            self.text(node, MEM.confirmed),
            self.text(node, MEM.withdrawnOn),
            self.said(node, MEM.effect),
            self.text(node, SKOS.note),
            sources[self.key(node, MEM.recordSource)],
        )

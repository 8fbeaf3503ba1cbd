"""The treaty record as RDF: acts, what they rest on, what their absence means; and the standings they give.

`acts_graph` makes the graph of the record, `standings_graph` what follows from it, for the derived graph; `recorded`
reads a record back. ``docs/treaties.md`` tells the terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from mem_graph.graph.tables import dated
from mem_graph.iris import PREFIXES, Iris
from mem_graph.treaties.dates import Window, window
from mem_graph.treaties.record import (
    ACTS,
    Act,
    Clauses,
    Coverage,
    Doubt,
    Listing,
    Participation,
    Record,
    Source,
    Statement,
)
from mem_graph.treaties.standings import RULES, Standing, all_standings
from mem_graph.treaties.status import speaks_until
from mem_graph.treaties.words import Text
from mem_graph.wording import LANGUAGES

MEM = Namespace(PREFIXES["mem"])
ELI = Namespace(PREFIXES["eli"])

CLASSES = {kind: MEM[kind.capitalize()] for kind in ACTS}
STANDINGS = {
    "signatory": MEM.SignatoryStanding,
    "contracting": MEM.ContractingStanding,
    "party": MEM.PartyStanding,
}

Triples = Iterator[tuple[Node, Node, Node]]


def acts_graph(record: Record, iris: Iris) -> Graph:
    """The graph of the treaty record, without blank nodes. Raises UnknownTerm for a key of which no IRI can be made."""
    graph, names = Graph(), Names(iris)
    parts = (
        (_source(names, each) for each in record.sources.values()),
        (_doubt(names, each) for each in record.doubts),
        (_act(names, each) for each in record.acts),
        (_participation(names, each) for each in record.participation),
        (_listing(names, each) for each in record.listings),
        (_coverage(names, each, record.countries) for each in record.coverage),
        (_clauses(names, each) for each in record.clauses.values()),
        (_statement(names, each) for each in record.statements),
    )
    for triple in chain.from_iterable(chain.from_iterable(parts)):
        graph.add(triple)
    return graph


class Names:
    """The IRIs of the record."""

    def __init__(self, iris: Iris) -> None:
        """In: the IRIs below one identity base."""
        self._iris = iris

    def of(self, kind: str, *keys: str | int) -> URIRef:
        """The IRI of a thing of this kind."""
        return URIRef(self._iris.mint(kind, *keys))

    def act(self, act: Act) -> URIRef:
        """``id/act/cifta-1997/PER/ratification-1999-06``."""
        return self.of("act", act.treaty, act.country, act.key)

    def listing(self, each: Listing) -> URIRef:
        """``id/listing/cifta-1997/CAN/signatory``."""
        return self.of("listing", each.treaty, each.country, each.standing)

    def participation(self, each: Participation) -> URIRef:
        """``id/participation/narcotics-1961-amended/PER``."""
        return self.of("participation", each.treaty, each.country)

    def standing(self, each: Standing) -> URIRef:
        """``id/standing/cifta-1997/PER/party-1999-07-01``: by the first day on which it can have begun."""
        return self.of("standing", each.treaty, each.country, f"{each.kind}-{each.begins.earliest or 'undated'}")


# The record


def _source(names: Names, source: Source) -> Triples:
    node = names.of("act-source", source.key)
    yield node, RDF.type, MEM.RecordSource
    yield node, SKOS.notation, Literal(source.key)
    yield node, DCTERMS.title, Literal(source.name, lang="en")
    yield node, MEM.sourceKind, Literal(source.kind)
    yield node, MEM.asOfBasis, Literal(source.as_of_basis)
    yield node, MEM.sourceQuality, Literal(source.quality)
    yield node, DCTERMS.source, URIRef(source.via)
    yield from _told(node, ((MEM.speaksFor, _dated(source.as_of)), (SKOS.note, _words(source.note))))
    yield from ((node, MEM.treaty, names.of("treaty", each)) for each in source.treaties)


def _doubt(names: Names, doubt: Doubt) -> Triples:
    node = names.of("doubt", doubt.number)
    yield node, RDF.type, MEM.Doubt
    yield node, SKOS.notation, Literal(doubt.number)
    if doubt.treaty:
        yield node, MEM.treaty, names.of("treaty", doubt.treaty)
    yield node, MEM.about, Literal(doubt.about)
    yield from _told(node, ((MEM.actKind, Literal(doubt.act) if doubt.act else None),))
    yield from _said(node, SKOS.note, doubt.words)
    yield from _told(node, ((DCTERMS.date, _dated(doubt.date)),))
    if doubt.country:
        yield node, MEM.country, names.of("country", doubt.country)
    if doubt.source:
        yield node, MEM.recordSource, names.of("act-source", doubt.source)


def _act(names: Names, act: Act) -> Triples:
    node = names.act(act)
    yield node, RDF.type, MEM.Act
    yield node, RDF.type, CLASSES[act.kind]
    yield from _fact(names, node, act)
    yield from _told(node, ((DCTERMS.date, _dated(act.date)), *_between(act.when)))
    yield from _told(
        node, ((MEM.instrumentDate, _dated(act.instrument_date)), (MEM.effectiveOn, _dated(act.effective_on)))
    )
    if act.effective_source:
        yield node, MEM.effectiveSource, names.of("act-source", act.effective_source.key)
    yield from ((node, MEM.doubt, names.of("doubt", doubt.number)) for doubt in act.doubts)


def _participation(names: Names, each: Participation) -> Triples:
    node = names.participation(each)
    yield node, RDF.type, MEM.Participation
    yield from _fact(names, node, each)
    yield from _told(node, ((DCTERMS.date, _dated(each.date)), *_between(window(each.date))))


def _listing(names: Names, each: Listing) -> Triples:
    node = names.listing(each)
    yield node, RDF.type, MEM.Listing
    yield from _fact(names, node, each)
    yield node, MEM.listedAs, Literal(each.standing)
    yield node, MEM.basis, Literal(each.basis)


def _coverage(names: Names, row: Coverage, countries: Iterable[str]) -> Triples:
    node = names.of("coverage", row.treaty, row.number)
    yield node, RDF.type, MEM.Coverage
    yield node, SKOS.notation, Literal(row.number)
    yield node, MEM.treaty, names.of("treaty", row.treaty)
    yield node, MEM.completeForSignatures, Literal(row.signatures)
    yield node, MEM.completeForConsent, Literal(row.consents)
    yield from _said(node, SKOS.note, row.note)
    yield from _told(node, ((MEM.sourceKind, Literal(row.kind) if row.kind else None),))
    yield from _told(node, ((MEM.completeFrom, _day(row.begins)), (MEM.completeTo, _day(row.ends))))
    states = set(countries) if row.states is None else row.states
    yield from ((node, MEM.coveredCountry, names.of("country", code)) for code in states - row.excepted)
    yield from ((node, MEM.exceptedCountry, names.of("country", code)) for code in row.excepted)


def _clauses(names: Names, clauses: Clauses) -> Triples:
    node = names.of("final-clauses", clauses.treaty)
    yield node, RDF.type, MEM.FinalClauses
    yield node, MEM.treaty, names.of("treaty", clauses.treaty)
    yield node, MEM.clauseRead, Literal(clauses.read)
    if clauses.days is not None:
        yield node, MEM.waitingDays, Literal(clauses.days)
    if clauses.needs:
        yield node, MEM.neededTreaty, names.of("treaty", clauses.needs)
    for about, text in _clause_words(clauses):
        yield from _told(node, ((about, Literal(text) if text else None),))
    yield node, DCTERMS.source, URIRef(clauses.source_url)
    yield from _told(node, ((SKOS.note, _words(clauses.note)),))


def _clause_words(clauses: Clauses) -> Iterator[tuple[URIRef, str]]:
    yield MEM.entryArticle, clauses.entry_article
    yield MEM.condition, clauses.condition
    yield MEM.withdrawalArticle, clauses.withdrawal_article
    yield MEM.withdrawalRule, clauses.withdrawal_rule
    yield MEM.reservationsArticle, clauses.reservations_article


def _statement(names: Names, each: Statement) -> Triples:
    node = names.of("unilateral-statement", each.treaty, each.country, each.number)
    yield node, RDF.type, MEM.UnilateralStatement
    if each.kind == "reservation":
        yield node, RDF.type, MEM.Reservation
    yield from _fact(names, node, each)
    yield node, SKOS.notation, Literal(each.number)
    yield node, MEM.kind, Literal(each.kind)
    yield node, MEM.madeAt, Literal(each.made_at)
    yield node, MEM.confirmed, Literal(each.confirmed)
    yield from _said(node, MEM.effect, each.effect)
    yield from ((node, MEM.paragraphPath, Literal(path)) for path in each.paths)
    printed = Literal(each.articles) if each.articles else None
    yield from _told(node, ((MEM.printedArticles, printed), (SKOS.note, _words(each.note))))
    yield from _told(node, ((MEM.withdrawnOn, _dated(each.withdrawn_on)),))


def _fact(names: Names, node: URIRef, fact: Act | Participation | Listing | Statement) -> Triples:
    """Treaty, state and source of a fact."""
    yield node, MEM.treaty, names.of("treaty", fact.treaty)
    yield node, MEM.country, names.of("country", fact.country)
    yield node, MEM.recordSource, names.of("act-source", fact.source.key)


def _said(node: URIRef, about: URIRef, text: Text) -> Triples:
    """Words of ours in each language."""
    yield from ((node, about, Literal(text.of(language), lang=language)) for language in LANGUAGES if text)


def _told(node: URIRef, pairs: Iterable[tuple[URIRef, Node | None]]) -> Triples:
    """The pairs that have a value."""
    yield from ((node, about, value) for about, value in pairs if value is not None)


def _dated(text: str) -> Literal | None:
    """A date as precise as it is; None for nothing."""
    return dated(text) if text else None


def _day(day: date | None) -> Literal | None:
    return None if day is None else Literal(str(day), datatype=XSD.date)


def _words(text: str) -> Literal | None:
    return Literal(text, lang="en") if text else None


def _between(when: Window) -> Iterator[tuple[URIRef, Literal | None]]:
    yield MEM.earliest, _day(when.earliest)
    yield MEM.latest, _day(when.latest)


# What follows


def standings_graph(record: Record, iris: Iris, country: str | None = None) -> Graph:
    """The standings of all states under all treaties, with the rules that gave them: a part of the derived graph.

    With a country: those of this state alone.
    """
    graph, names = Graph(), Names(iris)
    found = list(all_standings(record, country))
    for triple in chain(
        _rules(iris, {each.rule for each in found}), *(_standing(names, record, each) for each in found)
    ):
        graph.add(triple)
    return graph


def _rules(iris: Iris, used: Iterable[str]) -> Triples:
    for key in used:
        node = URIRef(iris.rule(key))
        yield node, RDF.type, MEM.Rule
        yield node, RDFS.label, Literal(key)
        yield from _said(node, SKOS.definition, RULES[key])


def _standing(names: Names, record: Record, each: Standing) -> Triples:
    node = names.standing(each)
    yield node, RDF.type, MEM.Standing
    yield node, RDF.type, STANDINGS[each.kind]
    yield node, MEM.treaty, names.of("treaty", each.treaty)
    yield node, MEM.country, names.of("country", each.country)
    yield node, MEM.rule, names.of("rule", each.rule)
    yield node, MEM.inDoubt, Literal(each.in_doubt)
    yield from _told(node, _between(each.begins))
    yield from _told(node, ((MEM.speaksUntil, _day(speaks_until(record, each))),))
    if each.ends:
        yield from _told(node, ((MEM.endsEarliest, _day(each.ends.earliest)), (MEM.endsLatest, _day(each.ends.latest))))
    yield from ((node, PROV.wasDerivedFrom, names.act(act)) for act in each.acts)
    if each.participation:
        yield node, PROV.wasDerivedFrom, names.participation(each.participation)
    if each.listing:
        yield node, PROV.wasDerivedFrom, names.listing(each.listing)

"""The curated tables as RDF: countries, instruments, institutions, plans and places, with their names and sources.

One row makes the triples of one function; `TABLES` says which. Rows are plain mappings of column to text, as
``data/tables/*.csv`` has them; what the columns mean is told in ``docs/model.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, ORG, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from mem_graph.iris import PREFIXES, Iris, slug
from mem_graph.vocabulary import Row, Tables

MEM = Namespace(PREFIXES["mem"])
ELI = Namespace(PREFIXES["eli"])

INTERNATIONAL = "INT"
"""Stands for the country in the keys of international bodies, plans and places."""

WIKIDATA = "http://www.wikidata.org/entity/"

Triples = Iterator[tuple[Node, Node, Node]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The IRIs, and which instruments are standards."""

    iris: Iris
    standards: frozenset[str] = frozenset()

    def instrument(self, key: str) -> URIRef:
        """A treaty or a standard."""
        return URIRef(self.iris.instrument(key, key in self.standards))

    def article(self, key: str, number: str) -> URIRef:
        """An article of a treaty or a standard."""
        return URIRef(self.iris.article(key, number, key in self.standards))


def tables_graph(tables: Tables, iris: Iris) -> Graph:
    """The graph of the curated tables.

    In: the rows of each table by file name without ``.csv`` (one that is not there counts as empty); the IRIs.
    Out: a graph without blank nodes. Raises `UnknownTerm` for a key of which no IRI can be made.
    """
    standards = frozenset(row["treaty"] for row in tables.get("treaties", ()) if row["kind"] == "standard")
    shelf, graph = Shelf(iris, standards), Graph()
    for triple in chain.from_iterable(_rows(shelf, tables)):
        graph.add(triple)
    return graph


def _rows(shelf: Shelf, tables: Tables) -> Iterable[Triples]:
    return (of_row(shelf, row) for name, of_row in TABLES.items() for row in tables.get(name, ()))


# Countries


def _state(shelf: Shelf, row: Row) -> Triples:
    node = URIRef(shelf.iris.country(row["iso3"]))
    yield node, RDF.type, MEM.Country
    yield node, SKOS.notation, Literal(row["iso3"])
    yield node, DCTERMS.identifier, Literal(row["iso2"], datatype=MEM.ISO3166Alpha2)
    yield node, DCTERMS.identifier, Literal(row["iso_numeric"], datatype=MEM.ISO3166Numeric)
    yield node, MEM.wikidataId, Literal(row["wikidata_qid"])
    yield from ((node, SKOS.exactMatch, URIRef(row[column])) for column in ("wikidata_uri", "geonames_uri"))
    yield from _country_names(node, row)
    yield from _membership(shelf, node, row)
    yield from _region(shelf, node, row)
    yield from _sourced(node, row)


def _country_names(node: URIRef, row: Row) -> Triples:
    for language in ("en", "es"):
        name, official = row[f"name_{language}"], row[f"official_name_{language}"]
        yield node, RDFS.label, Literal(name, lang=language)
        if official != name:
            yield node, SKOS.altLabel, Literal(official, lang=language)


def _state_name(shelf: Shelf, row: Row) -> Triples:
    yield URIRef(shelf.iris.country(row["country"])), SKOS.altLabel, Literal(row["name"], lang=row["language"])


def _membership(shelf: Shelf, node: URIRef, row: Row) -> Triples:
    yield node, ORG.memberOf, URIRef(shelf.iris.institution(f"{INTERNATIONAL}/oas"))
    yield node, MEM.oasMembership, Literal(row["oas_member_2014"])
    yield node, SKOS.note, Literal(row["oas_note"], lang="en")
    yield node, SKOS.note, Literal(row["oas_note_es"], lang="es")
    if row["mem_sixth_round"] == "yes":
        yield node, MEM.evaluatedIn, URIRef(shelf.iris.round(6))


def _membership_fact(shelf: Shelf, row: Row) -> Triples:
    """What is known of a state in the OAS on a day, or from it."""
    node = URIRef(shelf.iris.mint("membership", row["country"], row["number"]))
    yield node, RDF.type, MEM.MembershipFact
    yield node, ORG.member, URIRef(shelf.iris.country(row["country"]))
    yield node, ORG.organization, URIRef(shelf.iris.institution(f"{INTERNATIONAL}/oas"))
    yield node, MEM.membershipStatus, Literal(row["status"])
    yield node, DCTERMS.date, dated(row["date"])
    yield from _noted(node, row)
    yield from _sourced(node, row)


def _region(shelf: Shelf, node: URIRef, row: Row) -> Triples:
    """The region of a country in UN M49, which the OAS does not follow everywhere (Mexico)."""
    scheme = URIRef(shelf.iris.mint("region-scheme"))
    yield scheme, RDF.type, SKOS.ConceptScheme
    yield scheme, SKOS.prefLabel, Literal("Regions of UN M49", lang="en")
    yield scheme, SKOS.prefLabel, Literal("Regiones de la norma M49 de las Naciones Unidas", lang="es")
    wide, narrow = (URIRef(shelf.iris.mint("region", slug(row[column]))) for column in REGIONS)
    yield node, MEM.region, narrow
    for region, column in zip((wide, narrow), REGIONS, strict=True):
        yield region, RDF.type, SKOS.Concept
        yield region, SKOS.prefLabel, Literal(row[column], lang="en")
        yield region, SKOS.inScheme, scheme
    if wide != narrow:
        yield narrow, SKOS.broader, wide


REGIONS = ("un_m49_region", "un_m49_subregion")


# Instruments


def _instrument(shelf: Shelf, row: Row) -> Triples:
    node, kind = shelf.instrument(row["treaty"]), row["kind"]
    short, *others = row["short_title"].split("; ")
    yield node, RDF.type, MEM.Instrument
    yield node, RDF.type, MEM.Standard if kind == "standard" else MEM.Treaty
    yield node, SKOS.notation, Literal(row["treaty"])
    yield node, DCTERMS.title, Literal(row["title"], lang="en")
    yield node, SKOS.prefLabel, Literal(short, lang="en")
    yield from ((node, SKOS.altLabel, Literal(name, lang="en")) for name in others)
    yield node, MEM.kind, Literal(kind)
    yield from ((node, MEM.series, Literal(number)) for number in row["series_number"].split("; ") if number)
    yield from chain(_adoption(node, row), _relatives(shelf, node, row), _noted(node, row), _sourced(node, row))


def _adoption(node: URIRef, row: Row) -> Triples:
    adopted = DCTERMS.issued if row["kind"] == "standard" else ELI.date_document
    for about, column in ((adopted, "adopted_on"), (ELI.first_date_entry_in_force, "in_force_on")):
        if row[column]:
            yield node, about, Literal(row[column], datatype=XSD.date)
    for about, column in ((MEM.placeOfAdoption, "adopted_at"), (MEM.depositary, "depositary")):
        if row[column]:
            yield node, about, Literal(row[column], lang="en")


def _relatives(shelf: Shelf, node: URIRef, row: Row) -> Triples:
    for about, column in ((ELI.amends, "amends"), (ELI.consolidates, "consolidates"), (MEM.supplements, "supplements")):
        yield from ((node, about, shelf.instrument(key)) for key in row[column].split())


def _instrument_name(shelf: Shelf, row: Row) -> Triples:
    yield shelf.instrument(row["treaty"]), SKOS.altLabel, Literal(row["name"], lang=row["language"])


def _instrument_subject(shelf: Shelf, row: Row) -> Triples:
    """A topic that an instrument is about, and the articles that make it so."""
    instrument, topic = shelf.instrument(row["treaty"]), URIRef(shelf.iris.topic(row["topic"]))
    yield instrument, DCTERMS.subject, topic
    for number in row["articles"].split():
        article = shelf.article(row["treaty"], number)
        yield article, RDF.type, MEM.Article
        yield article, ELI.number, Literal(number)
        yield article, ELI.is_part_of, instrument
        yield instrument, ELI.has_part, article
        yield article, DCTERMS.subject, topic


# Institutions


def _institution(shelf: Shelf, row: Row) -> Triples:
    node = URIRef(shelf.iris.institution(row["key"]))
    yield node, RDF.type, MEM.Institution
    yield node, SKOS.prefLabel, Literal(row["name"], lang="en")
    if row["acronym"]:
        yield node, SKOS.altLabel, Literal(row["acronym"], lang="en")
    if row["wikidata"]:
        yield node, MEM.wikidataId, Literal(row["wikidata"])
        yield node, SKOS.exactMatch, URIRef(WIKIDATA + row["wikidata"])
    yield node, MEM.kind, Literal(row["kind"])
    yield from country_of(shelf.iris, node, row["country"])
    yield from _noted(node, row)


def _institution_name(shelf: Shelf, row: Row) -> Triples:
    yield URIRef(shelf.iris.institution(row["key"])), SKOS.altLabel, Literal(row["printed"], lang=row["language"])


def _body(shelf: Shelf, row: Row) -> Triples:
    """Where the Wikidata identifier of an international body was confirmed."""
    return _sourced(URIRef(shelf.iris.institution(row["key"])), row)


# Plans and places


def _plan(shelf: Shelf, row: Row) -> Triples:
    node = URIRef(shelf.iris.plan(row["key"]))
    first, last = (int(row[column]) if row[column] else None for column in ("from", "to"))
    yield node, RDF.type, MEM.Plan
    yield node, DCTERMS.title, Literal(row["name"], lang="en")
    yield from plan_facts(shelf.iris, node, row["kind"], row["owner"] or None, (first, last))
    yield from _noted(node, row)


def plan_facts(iris: Iris, node: URIRef, kind: str, owner: str | None, years: tuple[int | None, int | None]) -> Triples:
    """Kind, owner and years of a plan, whether a table or a report gives them."""
    yield node, MEM.kind, Literal(kind)
    if owner:
        yield node, MEM.owner, owner_of(iris, owner)
    for about, value in zip((MEM.fromYear, MEM.toYear), years, strict=True):
        if value is not None:
            yield node, about, year(value)


def _plan_name(shelf: Shelf, row: Row) -> Triples:
    yield URIRef(shelf.iris.plan(row["key"])), SKOS.altLabel, Literal(row["printed"], lang=row["language"])


def _place(shelf: Shelf, row: Row) -> Triples:
    node = URIRef(shelf.iris.place(row["key"]))
    yield node, RDF.type, MEM.Place
    yield node, RDFS.label, Literal(row["name"], lang="en")
    yield node, MEM.kind, Literal(row["kind"])
    yield from country_of(shelf.iris, node, row["country"])
    yield from _noted(node, row)


def _spanish_name(shelf: Shelf, row: Row) -> Triples:
    """What pages in Spanish call a thing: another name of it, as the name that counts is the English one."""
    iri = f"{shelf.iris.base}id/{row['thing']}"
    shelf.iris.parse(iri)
    yield URIRef(iri), SKOS.altLabel, Literal(row["name"], lang="es")


TABLES: dict[str, Callable[[Shelf, Row], Triples]] = {
    "states": _state,
    "state-names": _state_name,
    "memberships": _membership_fact,
    "treaties": _instrument,
    "treaty-names": _instrument_name,
    "treaty-subjects": _instrument_subject,
    "institutions": _institution,
    "institution-names": _institution_name,
    "bodies": _body,
    "plans": _plan,
    "plan-names": _plan_name,
    "places": _place,
    "spanish-names": _spanish_name,
}
"""Which function reads the rows of which table."""


# What rows share


def owner_of(iris: Iris, key: str) -> URIRef:
    """The institution with this key (``PER/devida``), or the country with this code."""
    return URIRef(iris.institution(key) if "/" in key else iris.country(key))


def country_of(iris: Iris, node: URIRef, code: str) -> Triples:
    """The country to which a body or place belongs, unless it is international."""
    if code and code != INTERNATIONAL:
        yield node, MEM.country, URIRef(iris.country(code))


def dated(text: str) -> Literal:
    """A date as precise as it is: xsd:date, xsd:gYearMonth or xsd:gYear."""
    return Literal(text, datatype={10: XSD.date, 7: XSD.gYearMonth, 4: XSD.gYear}[len(text)])


def year(number: int) -> Literal:
    """A year as ``xsd:gYear``."""
    return Literal(str(number), datatype=XSD.gYear)


def _noted(node: URIRef, row: Row) -> Triples:
    if row["note"]:
        yield node, SKOS.note, Literal(row["note"], lang="en")


def _sourced(node: URIRef, row: Row) -> Triples:
    yield node, MEM.asOf, Literal(row["as_of"], datatype=XSD.date)
    yield node, DCTERMS.source, URIRef(row["source_url"])

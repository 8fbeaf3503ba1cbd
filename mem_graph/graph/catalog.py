"""The dataset described: a DCAT catalogue of reports and editions, and VoID counts of every graph.

What is described is passed in as graphs; dates come from the data, so equal data give equal descriptions. Addresses
where the data can be had are not in a release: whoever serves it knows them, and adds what `offered` says. Data Catalog
Vocabulary (DCAT) 3; Describing Linked Datasets with the VoID Vocabulary, sections 2 to 4; SPARQL 1.1 Service
Description, section 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, PROV, RDF, VOID, XSD
from rdflib.term import Node

from mem_graph.engine.partitions import Partitions
from mem_graph.engine.quads import Counts
from mem_graph.errors import UnknownTerm
from mem_graph.iris import ONTOLOGY, PREFIXES, Iris, curie

MEM = Namespace(PREFIXES["mem"])
DCAT = Namespace(PREFIXES["dcat"])  # rdflib knows version 2 only
SD = Namespace(PREFIXES["sd"])

LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"

Triples = Iterator[tuple[Node, Node, Node]]

Title: TypeAlias = tuple[str, str]
"""A title in English and Spanish."""


@dataclass(frozen=True, slots=True)
class About:
    """What is said of the dataset as a whole: words for people, licence, rights, publisher, the software's version."""

    title: Title = ("MEM evaluation reports as a graph", "Los informes de evaluación del MEM como grafo")
    description: str = (
        "What evaluation reports of the Multilateral Evaluation Mechanism say, each statement with its sentence."
    )
    license: str = "https://spdx.org/licenses/MIT"
    rights: str = "Quoted text is of the Organization of American States, the licence does not cover it."
    publisher: str = "https://w3id.org/mem-graph/authors"
    version: str = ""


TITLES: Mapping[str, Title] = {
    "acts": ("The treaty record: acts of states and their sources", "El registro de tratados: actos y sus fuentes"),
    "audit": ("What only the whole shows", "Lo que solo muestra el conjunto"),
    "corrections": ("Corrections of readings", "Correcciones de lecturas"),
    "derived": ("Facts derived from statements", "Hechos derivados de afirmaciones"),
    "ontology": ("Classes, properties and lists of values", "Clases, propiedades y listas de valores"),
    "shapes": ("Shapes of the data", "Formas de los datos"),
    "shared": (
        "Articles, reading rules and new names that several editions may share",
        "Artículos, reglas de lectura y nombres nuevos que varias ediciones pueden compartir",
    ),
    "tables": (
        "Countries, instruments, institutions, plans and places",
        "Países, instrumentos, instituciones, planes y lugares",
    ),
    "vocabulary": (
        "Rounds, ratings, recommendations and topics",
        "Rondas, calificaciones, recomendaciones y temas",
    ),
}
"""What the graphs other than editions hold."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An edition as the catalogue lists it: its key, the year on its cover, how many files it has."""

    edition: str
    year: int
    files: int = 1

    @property
    def report(self) -> str:
        """``PER-R6``."""
        return self.edition.partition("/")[0]


def describe(
    counts: Counts,
    editions: Iterable[Listed],
    iris: Iris,
    about: About | None = None,
    parted: Partitions | None = None,
) -> Graph:
    """The description of a release.

    In: how much there is in its graphs, the catalogue itself left out; its editions; the IRIs; words on the whole; how
    the classes of the ontology use properties. Out: the catalogue graph, without blank nodes. Raises `UnknownTerm` for
    a graph or edition that is none.
    """
    told, parts = about or About(), parted or Partitions()
    listed = sorted(editions, key=lambda each: each.edition)
    reports = {each.report: [other for other in listed if other.report == each.report] for each in listed}
    whole = _whole(iris, told, counts), _used(iris, parts), _linked(iris, parts), _graphs(counts, iris, told)
    described = Graph()
    for triple in chain(
        _catalogue(iris, told, reports), *whole, _reports(reports, iris, told), _editions(listed, iris, told)
    ):
        described.add(triple)
    return described


def edition_of_record(editions: Iterable[str]) -> str:
    """The edition whose statements count for a report: English before other languages, the last revision.

    >>> edition_of_record(["PER-R6/es/1", "PER-R6/en/1", "PER-R6/en/2"])
    'PER-R6/en/2'
    """

    def order(edition: str) -> tuple[bool, str, int]:
        _, language, revision = edition.split("/")
        return language != "en", language, -int(revision)

    return min(editions, key=order)


# DCAT


def _catalogue(iris: Iris, about: About, reports: Iterable[str]) -> Triples:
    node = URIRef(iris.mint("catalogue"))
    yield node, RDF.type, DCAT.Catalog
    yield from _told(node, about.title, about)
    yield node, DCTERMS.description, Literal(about.description, lang="en")
    yield node, DCTERMS.language, URIRef(f"{LANGUAGES}en")
    yield node, DCAT.dataset, URIRef(iris.mint("release"))
    for report in reports:
        yield node, DCAT.dataset, URIRef(iris.mint("catalogue-report", report))


def _reports(reports: Mapping[str, Iterable[Listed]], iris: Iris, about: About) -> Triples:
    """A dataset for each report, which names its edition of record."""
    for report, of_report in reports.items():
        by_key = {each.edition: each for each in of_report}
        record = by_key[edition_of_record(by_key)]
        node = URIRef(iris.mint("catalogue-report", report))
        yield node, RDF.type, DCAT.Dataset
        yield from _told(node, (f"Evaluation report {report}", f"Informe de evaluación {report}"), about)
        yield node, FOAF.primaryTopic, URIRef(iris.report(report))
        yield node, MEM.editionOfRecord, URIRef(iris.edition(record.edition))
        yield node, DCTERMS.issued, Literal(str(record.year), datatype=XSD.gYear)
        yield from ((node, DCAT.hasVersion, _edition_dataset(iris, edition)) for edition in by_key)


def _editions(editions: Sequence[Listed], iris: Iris, about: About) -> Triples:
    """A dataset for each edition, with its language, revision, sources and named graph."""
    known = {each.edition for each in editions}
    for each in editions:
        edition = each.edition
        report, language, revision = edition.split("/")
        node = _edition_dataset(iris, edition)
        yield node, RDF.type, DCAT.Dataset
        title = (
            f"Evaluation report {report}, {language}, revision {revision}",
            f"Informe de evaluación {report}, {language}, revisión {revision}",
        )
        yield from _told(node, title, about)
        yield node, FOAF.primaryTopic, URIRef(iris.edition(edition))
        yield node, DCAT.isVersionOf, URIRef(iris.mint("catalogue-report", report))
        yield node, DCAT.version, Literal(f"{language}/{revision}")
        yield node, DCTERMS.language, URIRef(LANGUAGES + language)
        yield node, DCTERMS.hasPart, URIRef(iris.graph(f"edition/{edition}"))
        yield node, DCTERMS.conformsTo, URIRef(ONTOLOGY)
        files = range(1, each.files + 1)
        yield from ((node, PROV.wasDerivedFrom, URIRef(iris.source(edition, file))) for file in files)
        yield node, PROV.wasGeneratedBy, URIRef(iris.reading(edition))
        if (before := f"{report}/{language}/{int(revision) - 1}") in known:
            yield node, DCAT.previousVersion, _edition_dataset(iris, before)


def _edition_dataset(iris: Iris, edition: str) -> URIRef:
    return URIRef(iris.mint("catalogue-edition", *edition.split("/")))


def _told(node: URIRef, title: Title, about: About) -> Triples:
    yield from ((node, DCTERMS.title, Literal(words, lang=tag)) for words, tag in zip(title, ("en", "es"), strict=True))
    yield node, DCTERMS.license, URIRef(about.license)
    yield node, DCTERMS.rights, Literal(about.rights, lang="en")
    yield node, DCTERMS.publisher, URIRef(about.publisher)


# VoID


def _whole(iris: Iris, about: About, counts: Counts) -> Triples:
    """The dataset of all graphs, with its counts by class and property; a triple in two graphs counts once."""
    node = URIRef(iris.mint("release"))
    yield node, RDF.type, DCAT.Dataset
    yield node, RDF.type, VOID.Dataset
    yield from _told(node, about.title, about)
    if about.version:
        yield node, DCAT.version, Literal(about.version)
    yield node, DCTERMS.conformsTo, URIRef(ONTOLOGY)
    yield node, VOID.uriSpace, Literal(f"{iris.base}id/")
    yield node, VOID.triples, Literal(counts.triples)
    yield node, VOID.distinctSubjects, Literal(counts.subjects)
    yield node, VOID.properties, Literal(len(counts.properties))
    yield from ((node, VOID.vocabulary, URIRef(space)) for space in _vocabularies(counts))
    yield from _partitions(iris, node, "class", counts.classes)
    yield from _partitions(iris, node, "property", counts.properties)


def _partitions(iris: Iris, node: URIRef, kind: str, counts: Mapping[str, int]) -> Triples:
    """How many entities each class has, and how many triples each property."""
    counted = VOID.entities if kind == "class" else VOID.triples
    for term, count in counts.items():
        if part := _part(iris, f"{kind}-partition", term):
            yield node, VOID[f"{kind}Partition"], part
            yield part, VOID["class" if kind == "class" else "property"], URIRef(term)
            yield part, counted, Literal(count)


def _used(iris: Iris, parts: Partitions) -> Triples:
    """In the partition of each class one for each property: its triples and things, and a thing that has it."""
    for (kind, property_), uses in parts.properties.items():
        if part := _part(iris, "class-property-partition", kind, property_):
            yield URIRef(_part(iris, "class-partition", kind)), VOID.propertyPartition, part
            yield part, VOID.property, URIRef(property_)
            yield part, VOID.triples, Literal(uses.triples)
            yield part, VOID.distinctSubjects, Literal(uses.subjects)
            yield part, VOID.exampleResource, URIRef(uses.example)


def _linked(iris: Iris, parts: Partitions) -> Triples:
    """The linksets: how many triples lead from the partition of a class to that of another, by each property."""
    for (subjects, property_, objects), triples in parts.links.items():
        if node := _part(iris, "linkset", subjects, property_, objects):
            yield node, RDF.type, VOID.Linkset
            yield node, VOID.linkPredicate, URIRef(property_)
            yield node, VOID.subjectsTarget, URIRef(_part(iris, "class-partition", subjects))
            yield node, VOID.objectsTarget, URIRef(_part(iris, "class-partition", objects))
            yield node, VOID.triples, Literal(triples)


def _part(iris: Iris, kind: str, *terms: str) -> URIRef:
    """The IRI of a part of the dataset, from the terms by which it is parted; empty where one has no prefix of ours."""
    names = [curie(term).partition(":") for term in terms]
    if not all(prefix in PREFIXES for prefix, _, _ in names):
        return URIRef("")
    return URIRef(iris.mint(kind, *chain.from_iterable((prefix, name) for prefix, _, name in names)))


def _vocabularies(counts: Counts) -> list[str]:
    used = {curie(predicate).partition(":")[0] for predicate in counts.properties}
    return sorted(PREFIXES[prefix] for prefix in used if prefix in PREFIXES)


def _graphs(counts: Counts, iris: Iris, about: About) -> Triples:
    """Every named graph, with its number of triples; the catalogue's own, which cannot count itself, without."""
    own = URIRef(iris.graph("catalogue"))
    yield own, RDF.type, VOID.DatasetDescription
    yield own, RDF.type, SD.NamedGraph
    yield own, SD.name, own
    yield own, FOAF.primaryTopic, URIRef(iris.mint("release"))
    yield own, FOAF.topic, URIRef(iris.mint("catalogue"))
    yield from _told(own, ("The catalogue of all graphs", "El catálogo de todos los grafos"), about)
    for graph, triples in counts.graphs.items():
        name = _name(graph, iris)
        node = URIRef(graph)
        yield URIRef(iris.mint("release")), VOID.subset, node
        yield node, RDF.type, VOID.Dataset
        yield node, RDF.type, SD.NamedGraph
        yield node, SD.name, node
        yield node, VOID.triples, Literal(triples)
        yield from _told(node, TITLES.get(name, (f"Statements of {name}", f"Afirmaciones de {name}")), about)


def _name(graph: str, iris: Iris) -> str:
    """``edition/PER-R6/en/1`` for its IRI; raises `UnknownTerm` for what is no graph's."""
    name = graph.removeprefix(f"{iris.base}graph/")
    if iris.graph(name) != graph:
        raise UnknownTerm(word=graph, scheme="graphs")
    return name


# Where it can be had


@dataclass(frozen=True, slots=True)
class Distribution:
    """A file that holds a dataset: the dataset's IRI, the file's address, its type, its size and its SHA-256."""

    dataset: str
    address: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Service:
    """Who serves: the address that all others begin with, the dataset, the release's IRI, graphs with their triples, a
    title, things worth a look, and the addresses of files with all the data.
    """

    root: str
    dataset: str
    release: str
    graphs: Mapping[str, int]
    title: str
    examples: Iterable[str] = ()
    dumps: Iterable[str] = ()


MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
SPDX = Namespace("http://spdx.org/rdf/terms#")


def offered(service: Service, files: Iterable[Distribution], described: bool) -> Graph:
    """What whoever serves a release adds to its description: the endpoint, the files, the documents about it.

    In: whether the release describes itself; if not, its counts are given here.
    """
    graph = Graph()
    parts = [_service(service), *(_distribution(each) for each in files)]
    if not described:
        parts.append(_counted(service))
    for triple in chain(*parts):
        graph.add(triple)
    return graph


def _service(service: Service) -> Triples:
    """The endpoint as VoID, DCAT and the service description know it, and the two documents about the dataset."""
    node, dataset = URIRef(f"{service.root}sparql"), URIRef(service.dataset)
    yield node, RDF.type, DCAT.DataService
    yield node, DCTERMS.title, Literal(service.title)
    yield node, DCAT.endpointURL, node
    yield node, DCAT.endpointDescription, node
    yield node, DCAT.servesDataset, dataset
    yield node, DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/sparql11-protocol/")
    yield dataset, VOID.sparqlEndpoint, node
    yield dataset, DCAT.landingPage, URIRef(service.root)
    yield dataset, DCTERMS.hasVersion, URIRef(service.release)
    yield from ((dataset, VOID.exampleResource, URIRef(each)) for each in service.examples)
    yield from ((dataset, VOID.dataDump, URIRef(each)) for each in service.dumps)
    for path, kind in ((".well-known/void", VOID.DatasetDescription), ("catalogue", FOAF.Document)):
        yield URIRef(service.root + path), RDF.type, kind
        yield URIRef(service.root + path), FOAF.primaryTopic, dataset


def _distribution(file: Distribution) -> Triples:
    """One file; DCAT 3, section 6.8, with its checksum in the words of SPDX."""
    dataset, address = URIRef(file.dataset), URIRef(file.address)
    node, checksum = URIRef(f"{file.address}#distribution"), URIRef(f"{file.address}#sha256")
    yield dataset, DCAT.distribution, node
    yield node, RDF.type, DCAT.Distribution
    yield node, DCAT.downloadURL, address
    yield node, DCAT.accessURL, address
    yield node, DCAT.mediaType, URIRef(MEDIA_TYPES + file.media_type)
    yield node, DCAT.byteSize, Literal(str(file.size), datatype=XSD.nonNegativeInteger)
    yield node, SPDX.checksum, checksum
    yield checksum, RDF.type, SPDX.Checksum
    yield checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256
    yield checksum, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)


def _counted(service: Service) -> Triples:
    """A dataset that does not describe itself: its graphs, with their triples."""
    dataset = URIRef(service.dataset)
    yield dataset, RDF.type, VOID.Dataset
    yield dataset, RDF.type, DCAT.Dataset
    yield dataset, DCTERMS.title, Literal(service.title)
    for name, count in service.graphs.items():
        yield dataset, VOID.subset, URIRef(name)
        yield URIRef(name), RDF.type, VOID.Dataset
        yield URIRef(name), RDF.type, SD.NamedGraph
        yield URIRef(name), SD.name, URIRef(name)
        yield URIRef(name), VOID.triples, Literal(count)

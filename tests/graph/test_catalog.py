"""The dataset described: what there is, how much of it, and nothing that a clock or an address would change."""

import pytest
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, PROV, RDF, VOID, XSD

from mem_graph.engine import quads
from mem_graph.engine.partitions import partitions
from mem_graph.errors import UnknownTerm
from mem_graph.graph import catalog
from mem_graph.iris import DEFAULT_BASE, PREFIXES, Iris

MEM = Namespace(PREFIXES["mem"])
DCAT = Namespace(PREFIXES["dcat"])
SD = Namespace(PREFIXES["sd"])
EDITION = "PER-R6/en/1"


@pytest.fixture(scope="module")
def graphs(graph, tables_graph, derived, ontology_graph):
    """A small release, by the names of its graphs."""
    return {f"edition/{EDITION}": graph, "tables": tables_graph, "derived": derived, "vocabulary": ontology_graph}


def describe(graphs, iris, *editions, **about):
    """The description of some graphs by name, with these editions or the one."""
    triples = {iris.graph(name): graph.serialize(format="nt", encoding="utf-8") for name, graph in graphs.items()}
    lines = quads.canonical_nquads(triples).splitlines(keepends=True)
    listed = [catalog.Listed(edition, 2014, 2) for edition in editions or (EDITION,)]
    return catalog.describe(quads.count(lines), listed, iris, catalog.About(**about), partitions(lines, str(MEM)))


@pytest.fixture(scope="module")
def described(graphs, iris):
    """Its description."""
    return describe(graphs, iris, version="0.0.0")


@pytest.fixture(scope="module")
def union(graphs):
    """All its triples."""
    return sum(graphs.values(), Graph())


def test_the_same_graphs_give_the_same_description(described, graphs, iris):
    assert set(describe(dict(reversed(graphs.items())), iris, version="0.0.0")) == set(described)


def test_it_has_no_blank_nodes_and_only_iris_that_are_read_back(described, iris):
    for node in {node for triple in described for node in triple}:
        assert not isinstance(node, BNode)
        if isinstance(node, URIRef) and node.startswith((f"{DEFAULT_BASE}id/", f"{DEFAULT_BASE}graph/")):
            iris.parse(node)


def test_the_catalogue_leads_to_the_report_its_edition_and_its_graph(described, iris):
    catalogue = URIRef(iris.mint("catalogue"))
    report = URIRef(iris.mint("catalogue-report", "PER-R6"))
    edition = URIRef(iris.mint("catalogue-edition", "PER-R6", "en", "1"))
    assert (catalogue, DCAT.dataset, report) in described
    assert described.value(report, MEM.editionOfRecord) == URIRef(iris.edition(EDITION))
    assert described.value(report, DCTERMS.issued) == Literal("2014", datatype=XSD.gYear)
    assert (report, DCAT.hasVersion, edition) in described
    assert described.value(edition, FOAF.primaryTopic) == URIRef(iris.edition(EDITION))
    assert described.value(edition, DCTERMS.hasPart) == URIRef(iris.graph(f"edition/{EDITION}"))
    files = {URIRef(iris.source(EDITION, file)) for file in (1, 2)}
    assert set(described.objects(edition, PROV.wasDerivedFrom)) == files


def test_a_report_names_its_edition_of_record_and_a_revision_the_one_before(graphs, iris):
    described = describe(graphs, iris, "PER-R6/en/1", "PER-R6/en/2", "PER-R6/es/1")
    report = URIRef(iris.mint("catalogue-report", "PER-R6"))
    assert described.value(report, MEM.editionOfRecord, any=False) == URIRef(iris.edition("PER-R6/en/2"))
    assert len(list(described.objects(report, DCAT.hasVersion))) == 3
    new, old = (URIRef(iris.mint("catalogue-edition", "PER-R6", "en", revision)) for revision in "21")
    assert list(described.subject_objects(DCAT.previousVersion)) == [(new, old)]


def test_every_dataset_has_title_licence_rights_and_publisher(described):
    for kind in (DCAT.Catalog, DCAT.Dataset, VOID.Dataset):
        for node in described.subjects(RDF.type, kind):
            for about in (DCTERMS.license, DCTERMS.rights, DCTERMS.publisher):
                assert len(list(described.objects(node, about))) == 1, (node, about)
            assert sorted(title.language for title in described.objects(node, DCTERMS.title)) == ["en", "es"], node


def test_every_graph_is_described_with_its_number_of_triples(described, graphs, iris):
    named = {URIRef(iris.graph(name)) for name in (*graphs, "catalogue")}
    assert set(described.subjects(RDF.type, SD.NamedGraph)) == named
    assert described.value(URIRef(iris.graph("catalogue")), FOAF.primaryTopic) == URIRef(iris.mint("release"))
    for name, graph in graphs.items():
        assert described.value(URIRef(iris.graph(name)), VOID.triples) == Literal(len(graph))


def test_counts_are_counted(described, union, iris):
    whole = URIRef(iris.mint("release"))
    assert described.value(whole, VOID.triples) == Literal(len(union))
    assert described.value(whole, VOID.distinctSubjects) == Literal(len(set(union.subjects())))
    finding = URIRef(iris.mint("class-partition", "mem", "Finding"))
    assert described.value(finding, VOID.entities) == Literal(len(set(union.subjects(RDF.type, MEM.Finding))))
    polarity = URIRef(iris.mint("property-partition", "mem", "polarity"))
    assert described.value(polarity, VOID.triples) == Literal(len(list(union.triples((None, MEM.polarity, None)))))


def test_every_class_and_property_of_ours_has_its_partition(described, union):
    parts = {*described.objects(None, VOID["class"]), *described.objects(None, VOID.property)}
    used = {*union.objects(None, RDF.type), *union.predicates()}
    assert {term for term in used if term.startswith(MEM)} <= parts


def counted_by_rdflib(union):
    """By class and property: triples, things, and the first thing; by class, property and class: triples."""
    used, linked = {}, {}
    for thing in set(union.subjects(RDF.type)) - {node for node in union.subjects() if isinstance(node, BNode)}:
        said = [(about, value) for about, value in union.predicate_objects(thing)]
        for kind in (each for each in union.objects(thing, RDF.type) if each.startswith(MEM)):
            for about, value in said:
                used.setdefault((kind, about), []).append(thing)
                for other in union.objects(value, RDF.type) if about != RDF.type else ():
                    if other.startswith(MEM) and isinstance(value, URIRef):
                        linked[kind, about, other] = linked.get((kind, about, other), 0) + 1
    return {key: (len(found), len(set(found)), min(found)) for key, found in used.items()}, linked


def test_the_classes_of_the_ontology_are_parted_by_property_and_linked(described, union):
    used, linked = counted_by_rdflib(union)
    parts = {
        (described.value(whole, VOID["class"]), described.value(part, VOID.property)): (
            *(int(described.value(part, about)) for about in (VOID.triples, VOID.distinctSubjects)),
            described.value(part, VOID.exampleResource),
        )
        for whole, part in described.subject_objects(VOID.propertyPartition)
        if (whole, VOID["class"], None) in described
    }
    assert parts == used
    assert len(parts) > 500
    links = {
        (
            described.value(described.value(node, VOID.subjectsTarget), VOID["class"]),
            described.value(node, VOID.linkPredicate),
            described.value(described.value(node, VOID.objectsTarget), VOID["class"]),
        ): int(described.value(node, VOID.triples))
        for node in described.subjects(RDF.type, VOID.Linkset)
    }
    assert links == linked
    assert len(links) > 200


def test_it_tells_no_address_and_no_time_of_day(described):
    assert not set(described.predicates()) & {SD.endpoint, VOID.sparqlEndpoint, VOID.dataDump, DCAT.downloadURL}
    assert not [node for node in described.objects() if getattr(node, "datatype", None) == XSD.dateTime]


@pytest.mark.parametrize(
    ("editions", "of_record"),
    [
        (["PER-R6/en/1"], "PER-R6/en/1"),
        (["PER-R6/es/3", "PER-R6/en/1"], "PER-R6/en/1"),
        (["PER-R6/en/9", "PER-R6/en/10"], "PER-R6/en/10"),
        (["BRA-R6/pt/1", "BRA-R6/es/1"], "BRA-R6/es/1"),
    ],
)
def test_the_edition_of_record(editions, of_record):
    assert catalog.edition_of_record(editions) == of_record


def test_a_name_that_is_no_graph_is_refused(iris):
    with pytest.raises(UnknownTerm):
        catalog.describe(quads.Counts(1, 1, {}, {}, {"https://example.org/graph": 1}), [], iris)


def test_another_base(graphs):
    described = describe(graphs, Iris("https://example.org/"))
    assert (URIRef("https://example.org/id/catalogue"), RDF.type, DCAT.Catalog) in described

"""The report on Peru conforms, as coded by hand and as read, and its audit is the one made by hand."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Store
from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, URIRef

from mem_graph import resources
from mem_graph.engine.oxigraph import EmbeddedStore
from mem_graph.graph import audits, validate

BY_PERSON = {"said-differently", "only-in-conclusions", "only-in-chapter"}
"""Kinds of rows for which one has to read: see test_what_only_a_person_sees."""


def merged(*graphs):
    whole = Graph()
    for graph in graphs:
        whole += graph
    return whole


def checked(names, graph, vocabulary, sources=None):
    shapes = validate.shapes_of(*names)
    report = validate.check(validate.Part(graph), shapes, [validate.Part(vocabulary)], sources, "it")
    return list(validate.in_words(report))


CONFORMS = ["it: conforms, 0 violations, 0 warnings"]


def test_edition(peru, peru_sources):
    """Within two seconds, all must-rules hold, no should-rule is broken, and every quote is cut from the text."""
    vocabulary = merged(peru["ontology"], peru["tables"])
    start = process_time()
    assert checked(validate.OF_RECORD, peru["edition"], vocabulary, peru_sources) == CONFORMS
    assert process_time() - start < 2


def test_vocabulary(peru):
    assert checked(validate.VOCABULARY, merged(peru["ontology"], peru["tables"]), Graph()) == CONFORMS


def test_derived(peru):
    vocabulary = merged(peru["ontology"], peru["tables"], peru["edition"])
    assert checked(validate.DERIVED, peru["derived"], vocabulary) == CONFORMS


ODD = (
    Literal("x", datatype=XSD.integer),
    Literal("007", datatype=XSD.nonNegativeInteger, normalize=False),
    Literal("4.0", datatype=XSD.decimal, normalize=False),
    Literal(-1),
    Literal(""),
    Literal('words of a "sentence"^^<https://example.org/> .'),
    Literal("palabras", lang="es"),
    URIRef("https://example.org/nothing"),
    BNode("somebody"),
)
"""Values that a graph should not have, or not there."""

ORDER = (SH.lessThan, SH.lessThanOrEquals, SH.minInclusive, SH.maxInclusive, SH.minExclusive, SH.maxExclusive)
SHAPES = validate.shapes_of(*validate.OF_RECORD)
COMPARED = frozenset(
    about
    for order in ORDER
    for shape, other in SHAPES.graph.subject_objects(order)
    for about in (SHAPES.graph.value(shape, SH.path), other)
)
"""What is compared: there a value is exchanged for one of its kind, since rdflib also compares what cannot be (4.3)."""


@pytest.fixture(scope="session")
def chapter(peru):
    """One chapter of the report, and of the vocabulary what it speaks of: so little that the reference is quick."""
    parts = ("/PER-R6/14/", "/id/report/", "/id/edition/", "/id/source/", "/id/assessment/PER-R6/14")
    edition = [triple for triple in sorted(peru["edition"]) if any(part in triple[0] for part in parts)]
    known = merged(peru["ontology"], peru["tables"])
    spoken = {node for triple in edition for node in triple}
    beside = Graph()
    beside += ((node, about, value) for node, about, value in known if about == RDFS.subClassOf or node in spoken)
    return edition, validate.Part(beside)


def broken(triples, edits):
    """The triples after some edits: one goes, or its value is another's or an odd one, or its subject is another's."""
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    for kind, one, other in edits:
        node, about, value = triples[one % len(triples)]
        elsewhere, _, thing = triples[other % len(triples)]
        odd = ODD[other % len(ODD)]
        if about in COMPARED:
            alike = [other_value for _, also, other_value in triples if also == about]
            thing = odd = alike[other % len(alike)]
        if kind in ("goes", "other value", "odd value"):
            graph.remove((node, about, value))
        if kind == "other value":
            graph.add((node, about, thing))
        elif kind in ("odd value", "one more value"):
            graph.add((node, about, odd))
        elif kind == "other subject":
            graph.add((elsewhere, about, value))
        elif kind == "other class":
            graph.add((node, RDF.type, next(graph.objects(elsewhere, RDF.type), RDFS.Resource)))
    return graph


KINDS = ("goes", "other value", "odd value", "one more value", "other subject", "other class")
EDITS = st.lists(st.tuples(st.sampled_from(KINDS), *[st.integers(0, 10_000)] * 2), min_size=1, max_size=40)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(edits=EDITS)
def test_broken_at_random(chapter, told, edits):
    """However a chapter of the edition is broken, queries and reference tell the same, result by result."""
    triples, beside = chapter
    asked = validate.Part(broken(triples, edits)), SHAPES, [beside]
    report = validate.check(*asked)
    assert told(report) == told(validate.check(*asked, reference=True))
    assert report.results


@pytest.fixture(scope="module")
def audited(peru):
    store = Store()
    for name, graph in peru.items():
        body, into = graph.serialize(format="nt").encode(), NamedNode(f"https://example.org/graph/{name}")
        store.bulk_load(body, format=RdfFormat.N_TRIPLES, to_graph=into)
    return audits.run(EmbeddedStore(store, union=True), audits.load_audits(resources.shapes() / "audits"))


def local(statement):
    """``24/s3a``, as audit.csv cites a statement."""
    _, _, where, _, _, name = statement.split("/id/")[1].split("/")
    return f"{where}/{name}"


@pytest.mark.parametrize("kind", ["wording-differs", "fraction-agrees", "name-differs", "tension"])
def test_as_by_hand(audited, hand, kind):
    """For every kind that a query can find, exactly what the person found, on the same words."""
    told = {row["about"].replace("/", "-"): row for row in hand("audit") if row["kind"] == kind}
    met = {result.key: result for result in audited if result.audit == kind}
    assert met.keys() == told.keys()
    for key, row in told.items():
        quotes = {flat(quote) for quote in met[key].quotes}
        sentences = (
            {flat(row["second_quote"])}
            if kind == "name-differs"
            else {flat(row["first_quote"]), flat(row["second_quote"])}
        )
        assert sentences - {""} <= quotes, key


def flat(quote):
    return " ".join(quote.split())


def test_tensions_as_by_hand(audited, hand):
    """Each statement of each tension."""
    told = {
        row["about"]: set((row["affirms"] + ";" + row["denies"]).split(";")) for row in hand("audit") if row["affirms"]
    }
    met = {each.key: set(map(local, each.statements)) for each in audited if each.audit == "tension"}
    assert met == told


def test_what_else_is_found(audited, hand):
    """Gaps that the conclusions leave out, by topic, and numbers far from those of the year before; no disagreement."""
    told = {row["kind"] for row in hand("audit")} - BY_PERSON
    rest = {(each.audit, each.key) for each in audited if each.audit not in told}
    assert rest == {
        *(("only-in-chapter", key) for key in ("3-s5a", "3-s5b", "3-s5c", "22-s4a", "24-s6a")),
        ("unusual-values", "marijuana-2012"),
        ("unusual-values", "marijuana-2013"),
    }
    assert {each.severity for each in audited} == {"info"}


def test_what_only_a_person_sees(audited, hand):
    """Rows that compare the meaning of sentences on one topic: no query can; of ten, the one on 22/s4 is found."""
    rows = [row for row in hand("audit") if row["kind"] in BY_PERSON]
    quotes = {flat(quote) for each in audited if each.audit in BY_PERSON for quote in each.quotes}
    seen = {flat(row["first_quote"]) for row in rows} & quotes
    assert len(rows) == 10
    assert seen == {
        "Peru does not have standardized methods to compile and verify the data provided by the various entities.",
        "Peru has not taken all necessary measures to ensure the security and prevent the loss or diversion of "
        "firearms being exported.",
    }

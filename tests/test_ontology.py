"""The ontology: every term told, its header complete, the sixth round as printed, nothing used that is not there."""

import re
from pathlib import Path

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, OWL, QB, RDF, RDFS, SKOS, VANN

from mem_graph import resources
from mem_graph.iris import DEFAULT_BASE, ONTOLOGY, PREFIXES, Iris, curie

MEM = Namespace(PREFIXES["mem"])
BIBO = Namespace("http://purl.org/ontology/bibo/")
FOLDER = resources.ontology()
DOCS = resources.CHECKOUT / "docs"
FILES = sorted(FOLDER.glob("*.ttl"))
DECLARED = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, RDFS.Datatype)
IRIS = Iris()


@pytest.fixture(scope="module")
def own():
    """The graph of the ontology itself: terms and values."""
    return resources.read_ontology(FOLDER, DEFAULT_BASE, resources.ONTOLOGY)


@pytest.fixture(scope="module")
def graph():
    """Ontology and vocabulary."""
    return resources.read_ontology(FOLDER, DEFAULT_BASE)


@pytest.fixture(scope="module")
def report():
    """The text of Peru's report."""
    return (resources.data() / "reports/PER-R6/en-1.txt").read_text(encoding="utf-8")


def terms(own):
    """Every term in the namespace of the ontology."""
    return sorted({node for node in own.subjects(RDF.type) if node.startswith(MEM)})


def english(graph, node, *about):
    """What is said of a node in English."""
    return [value for of in about for value in graph.objects(node, of) if value.language == "en"]


# Terms


def test_the_files_are_those_that_are_read():
    assert {path.stem for path in FILES} == {*resources.ONTOLOGY, *resources.VOCABULARY}


def test_every_term_is_labelled_defined_and_exampled(own):
    for term in terms(own):
        assert len(english(own, term, RDFS.label, SKOS.prefLabel)) == 1, term
        assert len(english(own, term, SKOS.definition)) == 1, term
        assert own.value(term, SKOS.example), term
        assert own.value(term, RDFS.isDefinedBy) == URIRef(ONTOLOGY), term


def test_every_term_has_a_spanish_label(own):
    for term in terms(own):
        labels = [*own.objects(term, RDFS.label), *own.objects(term, SKOS.prefLabel)]
        assert sorted(label.language for label in labels) == ["en", "es"], term


def test_every_concept_of_the_codebook_has_a_spanish_label(graph):
    """What is named in English is named in Spanish; the words of recommendations stay as printed."""
    named = {node for about in (RDFS.label, SKOS.prefLabel) for node in graph.subjects(about)}
    named -= set(graph.subjects(RDF.type, MEM.Recommendation))
    assert len(named) > 500
    for node in named:
        labels = [*graph.objects(node, RDFS.label), *graph.objects(node, SKOS.prefLabel)]
        assert sorted(label.language for label in labels) == ["en", "es"], node


def test_every_definition_is_in_both_languages(graph):
    """Of terms and of the codebook: once in each, and a sentence in each."""
    defined = set(graph.subjects(SKOS.definition))
    assert len(defined) > 540
    for node in defined:
        texts = {value.language: str(value) for value in graph.objects(node, SKOS.definition)}
        assert sorted(texts) == ["en", "es"], node
        assert len(list(graph.objects(node, SKOS.definition))) == 2, node
        assert texts["en"] != texts["es"], node
        assert all(text.endswith(".") and text[0] == text[0].upper() for text in texts.values()), node


def test_every_minted_class_and_property_says_why(own):
    minted = {term for kind in DECLARED for term in own.subjects(RDF.type, kind)}
    assert len(minted) > 140
    for term in minted:
        assert own.value(term, SKOS.editorialNote), term


def test_labels_and_definitions_say_different_things(own):
    for term in terms(own):
        label, definition = english(own, term, RDFS.label, SKOS.prefLabel)[0], own.value(term, SKOS.definition)
        assert str(definition).strip(".").lower() != str(label).lower(), term
        assert str(definition).endswith("."), term


def test_a_property_is_of_one_kind_and_no_term_is_two_things(own):
    kinds = [set(own.subjects(RDF.type, kind)) for kind in DECLARED]
    concepts = set(own.subjects(RDF.type, SKOS.Concept))
    assert sum(map(len, (*kinds, concepts))) == len(set.union(*kinds, concepts))


def test_domains_and_ranges_are_classes_or_datatypes_that_are_there(own):
    for about in (RDFS.domain, RDFS.range, RDFS.subClassOf):
        for node in own.objects(None, about):
            assert not node.startswith(MEM) or (node, RDF.type, OWL.Class) in own, node


def test_object_properties_have_no_datatypes_and_datatype_properties_no_classes(own):
    datatypes = (PREFIXES["xsd"], str(RDF.langString), str(RDFS.Literal))
    for kind, literal in ((OWL.ObjectProperty, False), (OWL.DatatypeProperty, True)):
        for term in own.subjects(RDF.type, kind):
            for value in own.objects(term, RDFS.range):
                assert str(value).startswith(datatypes) is literal, term


def test_values_stand_in_one_scheme_of_their_class(own):
    for value in own.subjects(RDF.type, SKOS.Concept):
        kinds = [kind for kind in own.objects(value, RDF.type) if kind.startswith(MEM)]
        assert len(kinds) == 1, value
        assert (kinds[0], RDFS.subClassOf, SKOS.Concept) in own
        assert own.value(value, SKOS.notation)
        assert len(list(own.objects(value, SKOS.inScheme))) == 1


# The files as written

SECTION = re.compile(r"^# .+ -{3,}$", re.M)
ORDER = [
    "a",
    "rdfs:label",
    "skos:definition",
    "skos:scopeNote",
    "skos:editorialNote",
    "skos:example",
    "rdfs:subClassOf",
    "rdfs:subPropertyOf",
    "rdfs:domain",
    "rdfs:range",
    "rdfs:isDefinedBy",
]


def blocks(name):
    """The terms of a file as written, by section: (name, predicates in order)."""
    text = (FOLDER / f"{name}.ttl").read_text(encoding="utf-8")
    for section in SECTION.split(text)[1:]:
        yield [
            (term, re.findall(r"^\t(\S+) ", body, re.M))
            for term, body in re.findall(r"^(mem:\w+)\n((?:\t.+\n)+)", section, re.M)
        ]


def test_the_predicates_of_a_term_stand_in_the_order_of_the_house():
    found = [term for section in blocks("mem") for term in section]
    assert len(found) > 140
    for term, predicates in found:
        assert predicates == sorted(predicates, key=ORDER.index), term


def test_terms_stand_in_alphabetical_order_within_their_section():
    for section in blocks("mem"):
        names = [term for term, _ in section]
        assert names
        assert names == sorted(names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_says_at_its_top_what_it_holds(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "@base" not in re.sub(r"^#.*$", "", text, flags=re.M)
    assert len(SECTION.findall(text)) > 0


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_file_has_blank_nodes_or_imports(path):
    graph = Graph().parse(path, publicID=DEFAULT_BASE)
    assert all(isinstance(node, URIRef | Literal) for triple in graph for node in triple)
    assert not list(graph.objects(None, OWL.imports))


@pytest.mark.parametrize("name", resources.ONTOLOGY)
def test_the_ontology_itself_has_no_iri_below_the_identity_base(name):
    first, second = (
        Graph().parse(FOLDER / f"{name}.ttl", publicID=base) for base in (DEFAULT_BASE, "https://example.org/")
    )
    assert set(first) == set(second)


@pytest.mark.parametrize("name", resources.VOCABULARY)
def test_the_vocabulary_follows_the_identity_base(name):
    graph = resources.read_ontology(FOLDER, "https://example.org/", [name])
    below = [node for node in set(graph.subjects()) if node.startswith("https://example.org/")]
    assert below
    for node in below:
        Iris("https://example.org/").parse(node)
    outside = [node for node in set(graph.subjects()) if not node.startswith("https://example.org/")]
    assert all(node.startswith(MEM) for node in outside)


# The header, after the list of FOOPS

HEADER = [
    (VANN.preferredNamespacePrefix, "mem"),
    (VANN.preferredNamespaceUri, str(MEM)),
    (DCTERMS.title, None),
    (DCTERMS.description, None),
    (DCTERMS.abstract, None),
    (DCTERMS.license, None),
    (DCTERMS.creator, None),
    (DCTERMS.contributor, None),
    (DCTERMS.publisher, None),
    (DCTERMS.created, None),
    (DCTERMS.issued, None),
    (DCTERMS.modified, None),
    (DCTERMS.source, None),
    (DCTERMS.bibliographicCitation, None),
    (BIBO.status, None),
    (OWL.versionIRI, None),
    (OWL.versionInfo, None),
]


@pytest.mark.parametrize(("about", "expected"), HEADER)
def test_the_header_says_what_foops_asks(own, about, expected):
    values = list(own.objects(URIRef(ONTOLOGY), about))
    assert values
    if expected:
        assert [str(value) for value in values] == [expected]


def test_the_header_agrees_with_itself(own):
    version = str(own.value(URIRef(ONTOLOGY), OWL.versionInfo))
    assert own.value(URIRef(ONTOLOGY), OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{version}")
    assert f"version {version}" in str(own.value(URIRef(ONTOLOGY), DCTERMS.bibliographicCitation))
    assert f"## {version} · " in (FOLDER / "CHANGELOG.md").read_text(encoding="utf-8")
    dates = [own.value(URIRef(ONTOLOGY), about) for about in (DCTERMS.created, DCTERMS.issued, DCTERMS.modified)]
    assert dates == sorted(dates)
    assert own.value(own.value(URIRef(ONTOLOGY), DCTERMS.creator), FOAF.name)


def test_there_is_a_prior_version_or_a_note_that_there_is_none(own):
    prior, note = (own.value(URIRef(ONTOLOGY), about) for about in (OWL.priorVersion, SKOS.historyNote))
    assert prior or "First version" in str(note)


def test_the_licence_is_that_of_the_project(own):
    assert (resources.CHECKOUT / "LICENSE").read_text(encoding="utf-8").startswith("MIT")
    assert own.value(URIRef(ONTOLOGY), DCTERMS.license) == URIRef("https://spdx.org/licenses/MIT")


# OWL


def test_what_is_outside_owl_2_dl_is_listed(own, graph):
    """Punning, reification and datatypes that OWL 2 does not have, each named in the decision."""
    decision = (DOCS / "decisions/0004-ontology.md").read_text(encoding="utf-8")
    datatypes = {
        value for term in own.subjects(RDF.type, OWL.DatatypeProperty) for value in own.objects(term, RDFS.range)
    }
    beyond = {
        value for value in datatypes if value.split("#")[1] in {"date", "gYear", "gMonth", "gYearMonth", "langString"}
    }
    puns = {
        term
        for kind in (QB.DimensionProperty, QB.AttributeProperty, QB.MeasureProperty)
        for term in graph.subjects(RDF.type, kind)
    }
    names = {curie(str(value)) for value in beyond} | {f"mem:{term.split('#')[1]}" for term in puns}
    listed = set(re.findall(r"`((?:xsd|mem|rdf):\w+)`", decision.partition("## Outside OWL 2 DL")[2]))
    assert listed == names | {"rdf:Statement", "mem:Derivation", "mem:FormerValue"}


# The vocabulary


def test_topics_are_those_of_the_coding_guide(graph):
    guide = (DOCS / "coding.md").read_text(encoding="utf-8").partition("## Topics")[2].partition("## Institutions")[0]
    rows = re.findall(r"^\| ([a-z][a-z -·]+?) \| ", guide, re.M)
    listed = {topic for row in rows for topic in row.split(" · ")} - {"topic"}
    groups = set(graph.subjects(RDF.type, MEM.TopicGroup))
    found = {str(graph.value(topic, SKOS.notation)) for topic in set(graph.subjects(RDF.type, MEM.Topic)) - groups}
    assert found == listed
    assert len(found) >= 60


def test_every_topic_leads_up_to_the_top_of_the_scheme(graph):
    for topic in graph.subjects(RDF.type, MEM.Topic):
        above = list(graph.transitive_objects(topic, SKOS.broader))
        assert (above[-1], SKOS.topConceptOf, URIRef(f"{DEFAULT_BASE}id/topic")) in graph, topic
        assert english(graph, topic, SKOS.prefLabel), topic
        assert english(graph, topic, SKOS.definition), topic
        assert IRIS.topic(str(graph.value(topic, SKOS.notation))) == str(topic)


def test_each_top_topic_has_its_area(graph):
    areas = {area for topic in graph.subjects(RDF.type, MEM.Topic) for area in graph.objects(topic, SKOS.closeMatch)}
    assert areas == set(graph.subjects(RDF.type, MEM.ThematicArea))


def test_recommendations_are_worded_as_printed(graph, report):
    chapters = dict(re.findall(r"^RECOMMENDATION (\d+)\n\n(.+)\n\nEvaluation:", report, re.M))
    rows = dict(re.findall(r"^(\d+)\t(.+)\t[A-Z ]+$", report, re.M))
    assert len(chapters) == len(rows) == 27
    for number in range(1, 28):
        node = URIRef(IRIS.recommendation(6, number))
        assert str(graph.value(node, MEM.wording)) == chapters[str(number)]
        assert str(graph.value(node, MEM.summaryWording)) == rows[str(number)]
        assert int(graph.value(node, SKOS.notation)) == number
    assert len(list(graph.subjects(RDF.type, MEM.Recommendation))) == 27


def test_four_wordings_differ_between_chapter_and_table(graph):
    nodes = {number: URIRef(IRIS.recommendation(6, number)) for number in range(1, 28)}
    wordings = {
        number: [str(graph.value(node, about)).upper() for about in (MEM.wording, MEM.summaryWording)]
        for number, node in nodes.items()
    }
    assert [number for number, (chapter, table) in wordings.items() if chapter != table] == [7, 12, 16, 24]


def test_areas_stand_in_the_order_of_the_report(graph, report):
    printed = list(dict.fromkeys(re.findall(r"^([A-Z ]+)\n\nRECOMMENDATION \d+$", report, re.M)))
    areas = sorted(graph.subjects(RDF.type, MEM.ThematicArea), key=lambda area: int(graph.value(area, MEM.order)))
    assert [english(graph, area, SKOS.altLabel)[0].value for area in areas] == printed


def test_each_recommendation_is_in_the_area_that_heads_its_chapter(graph, report):
    for area, number in re.findall(r"^([A-Z ]+)\n\nRECOMMENDATION (\d+)$", report, re.M):
        node = graph.value(URIRef(IRIS.recommendation(6, number)), MEM.area)
        assert english(graph, node, SKOS.prefLabel)[0].upper() == area


def test_a_round_has_as_many_recommendations_as_it_says(graph):
    node = URIRef(IRIS.round(6))
    everybody = set(graph.subjects(MEM.appliesTo, MEM.everyCountry))
    some = set(graph.subjects(MEM.appliesTo, MEM.countriesWithIllicitCrops))
    assert int(graph.value(node, MEM.numberOfRecommendations)) == len(everybody | some) == 27
    assert int(graph.value(node, MEM.applicableRecommendations)) == len(everybody) == 22
    assert some == {URIRef(IRIS.recommendation(6, number)) for number in range(11, 16)}
    assert all(graph.value(recommendation, MEM.decidedBy) for recommendation in some)


def test_there_are_eight_rounds(graph):
    rounds = sorted(int(graph.value(node, SKOS.notation)) for node in graph.subjects(RDF.type, MEM.Round))
    assert rounds == list(range(1, 9))


def test_each_recommendation_asks_for_three_to_eight_things(graph):
    asked = {number: [] for number in range(1, 28)}
    for criterion in graph.subjects(RDF.type, MEM.Criterion):
        number, key = str(graph.value(criterion, SKOS.notation)).split("/")
        assert IRIS.criterion(6, f"{number}/{key}") == str(criterion)
        assert str(graph.value(criterion, MEM.recommendation)) == IRIS.recommendation(6, number)
        assert graph.value(criterion, SKOS.inScheme) == URIRef(f"{DEFAULT_BASE}id/criterion/6")
        asked[int(number)].append(key)
    assert all(3 <= len(keys) <= 8 for keys in asked.values())
    assert sum(map(len, asked.values())) == 155


def test_a_criterion_quotes_its_recommendation_where_it_says(graph):
    for criterion in graph.subjects(RDF.type, MEM.Criterion):
        wording = str(graph.value(graph.value(criterion, MEM.recommendation), MEM.summaryWording))
        words, offset = str(graph.value(criterion, MEM.drawnFrom)), int(graph.value(criterion, MEM.offset))
        assert wording[offset : offset + len(words)] == words, criterion


def test_a_criterion_is_told_in_both_languages_with_a_note_and_an_example(graph, report):
    sentences = " ".join(report.split())
    real = 0
    for criterion in graph.subjects(RDF.type, MEM.Criterion):
        assert sorted(label.language for label in graph.objects(criterion, SKOS.prefLabel)) == ["en", "es"], criterion
        for about in (SKOS.definition, SKOS.scopeNote, SKOS.example):
            assert len(english(graph, criterion, about)) == 1, criterion
        example, origin = re.fullmatch(r'"(.+)" \((.+)\)', str(graph.value(criterion, SKOS.example))).groups()
        assert origin == "made up" or re.fullmatch(r"Peru, recommendation \d+: (met|not met|partly)", origin), criterion
        assert (origin == "made up") is (example not in sentences), criterion
        real += origin != "made up"
    assert real > 110


def test_ratings_of_the_sixth_round_are_ordered_but_for_one(graph):
    scheme = URIRef(f"{DEFAULT_BASE}id/rating/6")
    ranks = {
        str(graph.value(node, SKOS.notation)): graph.value(node, MEM["rank"])
        for node in graph.subjects(SKOS.inScheme, scheme)
    }
    assert {key: int(rank) for key, rank in ranks.items() if rank is not None} == {
        "complete": 4,
        "mostly-complete": 3,
        "partially-complete": 2,
        "started": 1,
        "not-started": 0,
    }
    assert ranks["not-applicable"] is None


def test_spanish_ratings_that_are_not_confirmed_say_so(graph):
    for node in graph.subjects(RDF.type, MEM.Rating):
        confirmed = str(graph.value(node, SKOS.notation)) not in {"started", "not-started"}
        assert bool(graph.value(node, SKOS.editorialNote)) is not confirmed


def test_values_have_the_words_of_the_schema_of_readings(own):
    schema = resources.reading_schema().read_text(encoding="utf-8")
    for kind in (MEM.Polarity, MEM.Modality, MEM.Relation, MEM.Sureness, MEM.Outcome):
        words = {str(own.value(node, SKOS.notation)) for node in own.subjects(RDF.type, kind)}
        listed = [set(re.findall(r'"([a-z_]+)"', found)) for found in re.findall(r'"enum": \[([^]]+)\]', schema)]
        assert words in listed, kind


def test_a_cube_has_its_dimensions_attribute_and_measure(graph):
    for dataset in graph.subjects(RDF.type, QB.DataSet):
        structure = graph.value(dataset, QB.structure)
        components = list(graph.objects(structure, QB.component))
        assert {graph.value(part, QB.dimension) for part in components} - {None} == {
            MEM.country,
            MEM.year,
            MEM.subject,
            MEM.edition,
        }
        assert {graph.value(part, QB.attribute) for part in components} - {None} == {MEM.unit}
        assert {graph.value(part, QB.measure) for part in components} - {None} == {MEM.value}
        assert graph.value(dataset, MEM.unit)


# What others use


@pytest.mark.parametrize("folder", ["mem_graph/queries", "shapes"])
def test_queries_and_shapes_use_no_term_that_is_not_there(own, folder):
    known = {term.removeprefix(MEM) for term in terms(own)}
    texts = [path.read_text(encoding="utf-8") for path in Path(resources.CHECKOUT / folder).rglob("*.[rt][qt]*")]
    used = {name for text in texts for name in re.findall(r"(?<![\w:])mem:(\w+)", text)}
    assert used <= known


def test_the_model_page_names_no_term_that_is_not_there(own):
    known = {term.removeprefix(MEM) for term in terms(own)}
    used = set(re.findall(r"(?<![\w:])mem:(\w+)", (DOCS / "model.md").read_text(encoding="utf-8")))
    assert used <= known
    assert {term for term in known if (MEM[term], RDF.type, OWL.Class) in own} <= used

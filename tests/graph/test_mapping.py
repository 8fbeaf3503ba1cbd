"""Editions, tables and derived facts as graphs: nothing lost, nothing invented, every quote cut from its source."""

import re
from dataclasses import fields, is_dataclass, replace

import owlrl
import pytest
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, ORG, OWL, PROV, QB, RDF, RDFS, SKOS, XSD

from mem_graph import resources
from mem_graph.errors import UnknownTerm
from mem_graph.graph import derive, mapping, statements, tables, things
from mem_graph.iris import DEFAULT_BASE, PREFIXES, STATEMENTS, Iris
from mem_graph.model import Copy, Source, Span
from mem_graph.reading import rules

MEM = Namespace(PREFIXES["mem"])
OA = Namespace(PREFIXES["oa"])
ELI = Namespace(PREFIXES["eli"])
IRIS = Iris()
EDITION = "PER-R6/en/1"


def statement(kind, where, local):
    return URIRef(IRIS.statement(kind, EDITION, where, local))


def selected(graph, passage):
    """Exact words, start and end of a passage."""
    found = {
        about: value
        for node in graph.objects(passage, OA.hasSelector)
        for about, value in graph.predicate_objects(node)
    }
    return str(found[OA.exact]), int(found[OA.start]), int(found[OA.end])


# The whole


def test_the_same_records_give_the_same_triples(graph, edition, words_known, iris):
    assert set(mapping.to_graph(edition, words_known, iris, "0.0.0")) == set(graph)
    assert graph.serialize(format="nt11") != ""


@pytest.mark.parametrize("name", ["graph", "shared", "tables_graph", "derived"])
def test_no_graph_has_blank_nodes(name, request):
    assert not [node for triple in request.getfixturevalue(name) for node in triple if isinstance(node, BNode)]


@pytest.mark.parametrize("name", ["graph", "shared", "tables_graph", "derived"])
def test_every_iri_of_ours_is_read_back(name, request, iris):
    nodes = {str(node) for triple in request.getfixturevalue(name) for node in triple if isinstance(node, URIRef)}
    for node in nodes:
        if node.startswith(DEFAULT_BASE) and not node.startswith(MEM):
            iris.parse(node)


def test_another_base_moves_everything_but_the_ontology(edition, words_known, graph):
    moved = mapping.to_graph(edition, words_known, Iris("https://example.org/"), "0.0.0")
    assert len(moved) == len(graph)
    assert not [node for triple in moved for node in triple if node.startswith(f"{DEFAULT_BASE}id/")]


@pytest.mark.parametrize("name", ["graph", "shared", "tables_graph", "derived"])
def test_no_term_is_used_that_the_ontology_has_not(name, request, ontology_graph):
    used = {node for triple in request.getfixturevalue(name) for node in triple if node.startswith(MEM)}
    assert used
    for term in used:
        assert (term, RDFS.isDefinedBy, None) in ontology_graph, term


@pytest.mark.parametrize("name", ["graph", "shared", "tables_graph", "derived"])
def test_every_other_property_is_of_a_vocabulary_that_is_named(name, request):
    spaces = tuple(PREFIXES.values())
    assert [
        about for about in set(request.getfixturevalue(name).predicates()) if not str(about).startswith(spaces)
    ] == []


@pytest.mark.parametrize("name", ["graph", "shared", "tables_graph", "derived"])
def test_properties_have_the_values_that_the_ontology_gives_them(name, request, ontology_graph):
    for _, about, value in request.getfixturevalue(name):
        if (about, RDF.type, OWL.ObjectProperty) in ontology_graph:
            assert isinstance(value, URIRef), about
        for datatype in ontology_graph.objects(about, RDFS.range):
            if isinstance(value, Literal):
                found = value.datatype or (RDF.langString if value.language else XSD.string)
                assert found == datatype, (about, value)


def literals(record):
    """Every text in the records, but for letters, which are parts of IRIs, and the text of the source itself."""
    if isinstance(record, str):
        yield record
    elif isinstance(record, Span):
        yield record.quote
    elif isinstance(record, dict):
        for value in record.values():
            yield from literals(value)
    elif isinstance(record, tuple):
        for value in record:
            yield from literals(value)
    elif is_dataclass(record):
        for each in fields(record):
            if each.name not in {"letter", "text"}:
                yield from literals(getattr(record, each.name))


def test_every_text_of_the_records_is_in_the_graph(graph, shared, tables_graph, ontology_graph, edition):
    whole = graph + shared + tables_graph + ontology_graph
    there = {str(value) for value in whole.objects() if isinstance(value, Literal)}
    folded = {text.casefold() for text in there}
    keys = {part for node in (graph + shared).all_nodes() if isinstance(node, URIRef) for part in node.split("/")}
    for text in literals(edition):
        told = text in there or text.casefold() in folded or set(text.split("/")) <= keys
        assert told or text in {"eradicated"}, text


def test_every_kind_of_statement_is_made(graph, edition):
    for kind in statements.KINDS:
        made = set(graph.subjects(RDF.type, kind.is_a))
        assert len(made) == len(list(kind.records(edition))) > 0, kind.name
    assert {kind.name for kind in statements.KINDS} == set(STATEMENTS)


# Evidence


def test_every_statement_leads_to_its_sentence(graph, edition):
    statements = set(graph.subjects(RDF.type, MEM.Statement))
    assert len(statements) > 50
    for node in statements:
        passage, annotation = graph.value(node, MEM.passage), graph.value(None, OA.hasBody, node)
        assert graph.value(annotation, OA.hasTarget) == passage
        assert selected(graph, passage)[0] == str(graph.value(node, MEM.quote))
        for about in (
            MEM.edition,
            MEM.report,
            MEM.country,
            MEM.rule,
            MEM.sureness,
            PROV.wasDerivedFrom,
            PROV.wasGeneratedBy,
        ):
            assert len(list(graph.objects(node, about))) == 1, (node, about)
        assert (node, MEM.recommendation, None) in graph or (node, MEM.section, None) in graph


def test_every_passage_is_cut_from_its_source(graph, edition):
    text = edition.source.text
    passages = set(graph.subjects(RDF.type, MEM.Passage))
    assert len(passages) > 80
    for passage in passages:
        words, start, end = selected(graph, passage)
        assert text[start:end] == words
        assert graph.value(passage, OA.hasSource) == URIRef(IRIS.source(EDITION))


def test_what_stands_before_and_after_a_sentence_is_told(graph, edition):
    text = edition.source.text
    for selector in set(graph.subjects(OA.prefix)):
        words = str(graph.value(selector, OA.exact))
        assert f"{graph.value(selector, OA.prefix)}{words}{graph.value(selector, OA.suffix)}" in text


def test_words_stand_inside_their_sentence(graph):
    for words, sentence in graph.subject_objects(DCTERMS.isPartOf):
        if (words, RDF.type, MEM.Passage) in graph:
            (_, start, end), (quote, first, last) = selected(graph, words), selected(graph, sentence)
            assert first <= start < end <= last
            assert words.endswith(f"/{start - first}-{end - first}")
            assert str(graph.value(words, MEM.words)) == quote[start - first : end - first]


def test_an_exception_points_at_its_words(graph):
    node = statement("finding", 17, "s4a")
    words = graph.value(node, MEM.exception)
    assert selected(graph, words)[0] == "with some exceptions for domestic users"
    assert graph.value(words, DCTERMS.isPartOf) == graph.value(node, MEM.passage)


# Single statements


def test_the_report_and_the_rating_that_counts(graph):
    report, assessment = URIRef(IRIS.report("PER-R6")), URIRef(IRIS.assessment("PER-R6", 24))
    assert (report, MEM.assessment, assessment) in graph
    assert graph.value(report, DCTERMS.issued) == Literal("2014", datatype=XSD.gYear)
    assert set(graph.objects(report, DCTERMS.identifier)) == {
        Literal("OEA/Ser.L/XIV.2.56"),
        Literal("CICAD/doc.2148/14 Add.26"),
    }
    assert graph.value(assessment, MEM.rating) == URIRef(IRIS.rating(6, "partially-complete"))
    assert graph.value(assessment, PROV.wasDerivedFrom) == statement("rating-statement", 24, "evaluation")


def test_chapter_and_table_each_say_the_rating_for_themselves(graph):
    line, row = statement("rating-statement", 24, "evaluation"), statement("summary-row", "summary", "r24")
    assert graph.value(line, MEM.rating) == graph.value(row, MEM.rating)
    assert str(graph.value(line, MEM.quote)) == "Evaluation: Partially complete"
    assert str(graph.value(row, MEM.quote)).endswith("\tPARTIALLY COMPLETE")
    assert graph.value(line, MEM.printedWording) != graph.value(row, MEM.printedWording)
    assert graph.value(row, MEM.section) == MEM.Summary


def test_a_denial_is_a_deficiency_that_lacks(graph):
    for letter in "ab":
        node = statement("finding", 24, f"s7{letter}")
        assert graph.value(node, MEM.polarity) == MEM.deficiency
        assert graph.value(node, MEM.modality) == MEM.lacks


def test_a_zero_said_in_words_is_an_observation(graph):
    node = statement("observation", 14, "s5a")
    assert graph.value(node, MEM.value) == Literal("0", datatype=XSD.decimal)
    assert graph.value(node, MEM.inferredFromWords) == Literal(True)
    assert graph.value(node, MEM.unit) == MEM.hectare


def test_observations_are_in_a_data_set_of_their_unit(graph, ontology_graph):
    for node in graph.subjects(RDF.type, QB.Observation):
        dataset = graph.value(node, QB.dataSet)
        assert (dataset, RDF.type, QB.DataSet) in ontology_graph
        assert ontology_graph.value(dataset, MEM.unit) == graph.value(node, MEM.unit)
        assert (graph.value(node, MEM.subject), RDF.type, SKOS.Concept) in ontology_graph


def test_no_two_observations_of_an_edition_have_the_same_dimensions(graph):
    seen = [
        tuple(graph.value(node, about) for about in (QB.dataSet, MEM.country, MEM.year, MEM.subject, MEM.edition))
        for node in graph.subjects(RDF.type, MEM.Observation)
    ]
    assert len(seen) == len(set(seen)) == 9


def test_an_article_in_roman_numerals_is_the_article_that_the_tables_have(edition, words_known, iris):
    *others, last = edition.treaty_references
    roman = replace(edition, treaty_references=(*others, replace(last, articles=("IX", "XIV"))))
    graph, shared = mapping.to_graph(roman, words_known, iris, "0.0.0"), things.shared([roman], words_known, iris)
    cited = {URIRef(iris.article(last.treaty, number)) for number in ("9", "14")}
    node = statement("treaty-reference", last.evidence.passage.where, last.evidence.key.partition("/")[2])
    assert set(graph.objects(node, MEM.article)) == cited
    assert {str(shared.value(article, ELI.number)) for article in cited} == {"9", "14"}


def test_a_reference_has_relation_article_and_finding(graph, tables_graph):
    node, article = statement("treaty-reference", 24, "s5a"), URIRef(IRIS.article("cifta-1997", "8"))
    assert graph.value(node, MEM.relation) == MEM.authority
    assert graph.value(node, MEM.article) == article
    assert tables_graph.value(article, ELI.is_part_of) == URIRef(IRIS.instrument("cifta-1997"))
    assert graph.value(node, MEM.finding) == statement("finding", 24, "s5a")


def test_a_body_and_a_place_that_no_table_holds_are_marked(shared, tables_graph):
    for node in (IRIS.institution("PER/new-body"), IRIS.plan("PER/new-plan"), IRIS.place("CHL/new-place")):
        assert shared.value(URIRef(node), MEM.reviewNeeded) == Literal(True)
    assert not list(tables_graph.objects(None, MEM.reviewNeeded))
    assert (URIRef(IRIS.institution("PER/devida")), None, None) not in shared


def test_a_triple_stands_in_one_graph(graph, shared, tables_graph, derived, ontology_graph):
    graphs = [set(each) for each in (graph, shared, tables_graph, derived, ontology_graph)]
    assert sum(map(len, graphs)) == len(set().union(*graphs)) > 5000


def test_a_month_is_a_month(graph):
    assert graph.value(URIRef(IRIS.study("PER-R6", 13, "s1a")), MEM.month) == Literal("--12", datatype=XSD.gMonth)


def test_pages_are_told_where_a_source_has_them(edition, words_known, iris):
    paged = replace(edition, source=replace(edition.source, pages=(0, 15_000, 30_000)))
    graph = mapping.to_graph(paged, words_known, iris, "0.0.0")
    assert graph.value(URIRef(IRIS.passage(EDITION, 14, "s2")), MEM.page) == Literal(2)


@pytest.mark.parametrize(
    "broken",
    [
        lambda edition: replace(edition, tallies=(replace(edition.tallies[0], rating="Splendid"),)),
        lambda edition: replace(edition, summary=(replace(edition.summary[0], area="Elsewhere"),)),
        lambda edition: replace(edition, mechanism=(replace(edition.mechanism[0], topic="weather"),)),
        lambda edition: replace(edition, mentions=(replace(edition.mentions[0], about="Nobody"),)),
    ],
)
def test_a_word_that_no_list_holds_is_refused(broken, edition, words_known, iris):
    with pytest.raises(UnknownTerm):
        mapping.to_graph(broken(edition), words_known, iris, "0.0.0")


# Figures, further files, editions not of record


def test_a_unit_and_a_subject_that_no_list_holds_become_their_own_for_review(edition, words_known, iris):
    seen = replace(edition.observations[0], measure="seized", unit="vehicles", subject="lanchas rápidas")
    odd = replace(edition, observations=(seen,))
    graph = mapping.to_graph(odd, words_known, iris, "0.0.0") + things.shared([odd], words_known, iris)
    (node,) = graph.subjects(RDF.type, MEM.Observation)
    unit, subject = URIRef(f"{DEFAULT_BASE}id/unit/vehicles"), URIRef(f"{DEFAULT_BASE}id/subject/lanchas-rapidas")
    assert (graph.value(node, MEM.unit), graph.value(node, MEM.subject)) == (unit, subject)
    for new in (unit, subject, graph.value(node, QB.dataSet)):
        assert (new, MEM.reviewNeeded, Literal(True)) in graph
    structure = graph.value(graph.value(node, QB.dataSet), QB.structure)
    assert len(list(graph.objects(structure, QB.component))) == 6


NAMED = {
    ("en", "seized", "vehicles", "speedboats"): (
        {"Seized, vehicles@en", "Incautación, vehículos@es"},
        {"vehicles@en", "vehículos@es"},
        {"speedboats@en", "lanchas rápidas@es"},
    ),
    ("es", "seized", "vehicles", "heroin"): (
        {"Seized, vehicles@en", "Incautación, vehículos@es"},
        {"vehicles@en", "vehículos@es"},
        {"heroin@en", "heroína@es"},
    ),
    ("es", "seized", "unspecified", "heroin"): (
        {"Seized, unspecified@en", "Incautación, sin especificar@es"},
        {"unspecified@en", "sin especificar@es"},
        {"heroin@en", "heroína@es"},
    ),
    ("es", "trained", "persons", "judges and prosecutors"): (
        {"Trained, persons@en", "Capacitación, personas@es"},
        {"persons@en", "personas@es"},
        {"judges and prosecutors@en", "jueces y fiscales@es"},
    ),
    ("es", "forfeited", "properties", "farms"): (
        {"Forfeited, properties@en", "Decomiso, inmuebles@es"},
        {"properties@en", "inmuebles@es"},
        {"farms@en", "fincas@es"},
    ),
    ("es", "allocated", "XCD", "funds"): (
        {"Allocated, XCD@en", "Asignación, XCD@es"},
        {"XCD@en", "XCD@es"},
        {"funds@en", "fondos@es"},
    ),
    ("es", "seized", "córdobas", "avionetas"): ({"Incautación, córdobas@es"}, {"córdobas@es"}, {"avionetas@es"}),
    ("es", "remolcado", "vehicles", "avionetas"): (
        {"Remolcado, vehículos@es"},
        {"vehicles@en", "vehículos@es"},
        {"avionetas@es"},
    ),
    ("en", "towed", "vehicles", "barges"): ({"Towed, vehicles@en"}, {"vehicles@en", "vehículos@es"}, {"barges@en"}),
}
"""Words of figures by the report's language: labels of the data set, the unit and the subject."""


@pytest.mark.parametrize("said", NAMED)
def test_figures_are_named_in_both_languages_or_in_that_of_the_report(said, edition, words_known, iris):
    language, measure, unit, subject = said
    seen = replace(edition.observations[0], measure=measure, unit=unit, subject=subject, method="manually")
    odd = replace(edition, observations=(seen,), identity=replace(edition.identity, language=language))
    graph = mapping.to_graph(odd, words_known, iris, "0.0.0") + things.shared([odd], words_known, iris)
    (node,) = graph.subjects(RDF.type, MEM.Observation)
    assert graph.value(node, MEM.method) == Literal("manually", lang="en")
    for about, expected in zip((QB.dataSet, MEM.unit, MEM.subject), NAMED[said], strict=True):
        labels = graph.objects(graph.value(node, about), SKOS.prefLabel)
        assert {f"{label}@{label.language}" for label in labels} == expected


def test_every_word_that_a_rule_counts_by_has_a_name_in_spanish(rows):
    spoken = rules.read(resources.data() / "rules").languages.values()
    counted = {
        cue.value for each in spoken for kind in ("measure", "unit", "subject", "counted") for cue in each.of(kind)
    }
    named = {row["word"]: row["spanish"] for row in rows["figure-words"]}
    units = {unit for each in spoken for cue in each.of("counted") if (unit := cue.marks.get("unit"))}
    assert named.keys() == counted | units | {"unspecified"}
    assert len(named) == len(rows["figure-words"])
    assert all(name and name == name.strip() for name in named.values())


def test_a_further_file_adds_passages_to_the_same_statements(edition, words_known, iris):
    text = "A cover.\n" + edition.source.text
    spans = {}
    for passage in edition.passages:
        start = text.index(passage.span.quote)
        spans[passage.span] = Span(passage.span.quote, start, start + len(passage.span.quote))
    further = Copy(Source(text, "ab" * 32, "application/pdf", "en-1.pdf", (0, 9_000)), spans)
    one, two = (
        mapping.to_graph(each, words_known, iris, "0.0.0") for each in (edition, replace(edition, copies=(further,)))
    )
    assert set(one) <= set(two)
    assert set(one.subjects(RDF.type, MEM.Statement)) == set(two.subjects(RDF.type, MEM.Statement))
    finding = URIRef(IRIS.statement("finding", EDITION, 14, "s2a"))
    passages = {URIRef(IRIS.passage(EDITION, 14, "s2", file=file)) for file in (1, 2)}
    assert set(two.objects(finding, MEM.passage)) == passages
    assert [two.value(passage, MEM.page) for passage in sorted(passages)] == [None, Literal(2)]


def test_an_edition_not_of_record_says_nothing_of_the_report_itself(edition, words_known, iris):
    graph = mapping.to_graph(edition, words_known, iris, "0.0.0", of_record=False)
    whole = mapping.to_graph(edition, words_known, iris, "0.0.0")
    for kind in (MEM.Report, MEM.Assessment):
        assert not list(graph.subjects(RDF.type, kind))
    assert set(graph.subjects(RDF.type, MEM.Finding)) == set(whole.subjects(RDF.type, MEM.Finding))


# The tables


def test_every_row_of_every_table_is_in_the_graph(rows, tables_graph):
    assert set(tables.TABLES) <= set(rows)
    assert len(list(tables_graph.subjects(RDF.type, MEM.Country))) == len(rows["states"]) == 35
    assert len(list(tables_graph.subjects(RDF.type, MEM.Instrument))) == len(rows["treaties"]) == 18
    assert len(list(tables_graph.subjects(RDF.type, MEM.Treaty))) == 16
    assert len(list(tables_graph.subjects(RDF.type, MEM.Standard))) == 2
    whole = [
        node for node in tables_graph.subjects(DCTERMS.subject) if (node, RDF.type, MEM.Instrument) in tables_graph
    ]
    assert len(whole) == len(rows["treaty-subjects"])
    parts = {(row["treaty"], each) for row in rows["treaty-subjects"] for each in row["articles"].split()}
    assert len(list(tables_graph.subjects(RDF.type, MEM.Article))) == len(parts)
    for name, kind in (("institutions", MEM.Institution), ("plans", MEM.Plan), ("places", MEM.Place)):
        assert len(list(tables_graph.subjects(RDF.type, kind))) == len(rows[name])


def test_every_cell_of_the_owned_tables_is_in_the_graph(rows, tables_graph):
    told = {str(node) for triple in tables_graph for node in triple} | {""}
    ends = {node.rsplit("/", 1)[-1] for node in told}
    left_out = {
        "treaty-subjects": {"reason"},
        "treaty-names": {"year", "note", "language"},
        "states": {"mem_sixth_round", "geonames_id"},
    }
    for name in ("states", "treaties", "treaty-names", "treaty-subjects", "bodies"):
        for row in rows[name]:
            for column in row.keys() - left_out.get(name, set()):
                for cell in row[column].split("; ") if column in {"short_title", "series_number"} else [row[column]]:
                    assert cell in told or set(cell.replace("INT/", "").split()) <= ends or name == "bodies", (
                        name,
                        cell,
                    )


def test_thirty_four_countries_were_evaluated_in_the_sixth_round(tables_graph):
    evaluated = set(tables_graph.subjects(MEM.evaluatedIn, URIRef(IRIS.round(6))))
    assert len(evaluated) == 34
    assert URIRef(IRIS.country("CUB")) not in evaluated


def test_identifiers_of_bodies_are_those_that_were_confirmed(rows):
    confirmed = {row["key"]: row["wikidata"] for row in rows["bodies"]}
    linked = {row["key"]: row["wikidata"] for row in rows["institutions"] if row["wikidata"]}
    assert linked.items() <= confirmed.items()


def test_names_of_instruments_are_told_apart(rows, tables_graph):
    known = {row["treaty"] for row in rows["treaties"]}
    assert {row["treaty"] for row in rows["treaty-names"]} == known
    names = [row["name"].casefold() for row in rows["treaty-names"]]
    assert len(names) == len(set(names))
    assert {row["treaty"] for row in rows["treaty-subjects"]} <= known


def test_three_texts_of_the_single_convention_are_three_things(tables_graph):
    first, protocol, amended = (
        URIRef(IRIS.instrument(key))
        for key in ("narcotics-1961", "narcotics-1961-protocol-1972", "narcotics-1961-amended")
    )
    assert (protocol, ELI.amends, first) in tables_graph
    assert set(tables_graph.objects(amended, ELI.consolidates)) == {first, protocol}
    assert tables_graph.value(amended, ELI.date_document) is None


def test_subjects_of_instruments_are_topics(rows, words_known):
    assert {row["topic"] for row in rows["treaty-subjects"]} <= set(words_known.topics)


# Derived facts


def test_every_derived_triple_names_its_statements_and_its_rule(derived, graph):
    nodes = set(derived.subjects(RDF.type, MEM.Derivation))
    direct = {triple for triple in derived if triple[1] in {rule_of(node, derived) for node in nodes}}
    described = {
        tuple(derived.value(node, part) for part in (RDF.subject, RDF.predicate, RDF.object)) for node in nodes
    }
    plain = {
        triple
        for triple in direct
        if str(triple[0]).startswith(f"{DEFAULT_BASE}id/") and (triple[0], RDF.type, None) not in derived
    }
    assert plain == described
    for node in nodes:
        assert (derived.value(node, MEM.rule), RDF.type, MEM.Rule) in derived
        for source in derived.objects(node, PROV.wasDerivedFrom):
            assert (source, RDF.type, MEM.Statement) in graph


def rule_of(node, derived):
    return derived.value(node, RDF.predicate)


def test_a_mention_is_not_a_ratification(derived):
    peru = URIRef(IRIS.country("PER"))
    referred, consent, ratified = (
        {node.rsplit("/", 1)[-1] for node in derived.objects(peru, about)}
        for about in (MEM.refersTo, MEM.statesConsentTo, MEM.statesRatificationOf)
    )
    assert ratified == consent == {"illicit-traffic-1988", "oas-mla-1992"}
    assert referred == ratified | {"cifta-1997"}


def test_what_devida_is_part_of_and_where_it_acts(derived):
    devida = URIRef(IRIS.institution("PER/devida"))
    assert derived.value(devida, ORG.subOrganizationOf) == URIRef(IRIS.institution("PER/pcm"))
    assert set(derived.objects(devida, MEM.actsIn)) == {URIRef(IRIS.recommendation(6, 12))}
    assert set(derived.objects(devida, MEM.namedIn)) == {URIRef(IRIS.recommendation(6, n)) for n in (1, 12)}


def test_an_assessment_has_the_area_of_its_recommendation(derived):
    area = derived.value(URIRef(IRIS.assessment("PER-R6", 14)), MEM.area)
    assert area == URIRef(IRIS.area(6, "supply-reduction"))


def test_a_tension_shows_both_sides(derived):
    (node,) = derived.subjects(RDF.type, MEM.Tension)
    assert str(node) == IRIS.tension("PER-R6", "firearms-marking")
    assert set(derived.objects(node, MEM.affirms)) == {statement("finding", 24, "s3a")}
    assert set(derived.objects(node, MEM.denies)) == {statement("finding", 24, "s7a"), statement("finding", 24, "s7b")}


def test_nothing_is_derived_from_nothing(iris):
    assert len(derive.derive([Graph()], Graph(), iris)) == 0


# Reasoning


def test_owl_2_rl_finds_no_inconsistency(graph, tables_graph, derived, ontology_graph):
    closed = graph + tables_graph + derived + ontology_graph
    before = len(closed)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(closed)
    assert len(closed) > before
    errors = set(closed.subjects(RDF.type, URIRef("http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage")))
    assert [
        str(closed.value(node, URIRef("http://www.daml.org/2002/03/agents/agent-ont#error"))) for node in errors
    ] == []
    assert (statement("finding", 24, "s3a"), RDF.type, MEM.PolicyStatement) in closed
    assert not list(closed.subjects(RDF.type, OWL.Nothing))


def test_the_reasoner_would_notice(ontology_graph):
    broken = Graph() + ontology_graph
    broken.add((MEM.Treaty, OWL.disjointWith, MEM.Standard))
    node = URIRef(IRIS.instrument("cifta-1997"))
    broken.add((node, RDF.type, MEM.Treaty))
    broken.add((node, RDF.type, MEM.Standard))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(broken)
    assert list(broken.subjects(RDF.type, URIRef("http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage")))


def test_the_vocabulary_knows_the_tables(words_known, rows):
    assert len(words_known.states) == 35
    assert len(words_known.treaties) == len(rows["treaty-names"])
    assert words_known.rating("MOSTLY COMPLETE") == words_known.rating("mayormente cumplida")
    assert words_known.area("control measures").key == "control-measures"
    with pytest.raises(UnknownTerm, match="partially complete"):
        words_known.rating("Partialy complete")


def test_resources_read_what_is_there():
    assert len(resources.read_ontology(resources.ontology(), DEFAULT_BASE, ["topics"])) > 500


# The page


def test_recommendation_14_is_on_the_model_page_as_it_is_mapped(graph, derived, ontology_graph):
    page = (resources.CHECKOUT / "docs/model.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```turtle\n(.+?)^```", page, re.M | re.S)
    told = Graph().parse(data=shown, format="turtle")
    assert len(told) > 90
    assert set(told) - set(graph) - set(derived) - set(ontology_graph) == set()

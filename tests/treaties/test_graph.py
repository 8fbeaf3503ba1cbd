"""The record as RDF: every cell of the tables is in the graph, and comes back out of it."""

from dataclasses import replace

import pytest
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, ORG, PROV, RDF, RDFS, SKOS, XSD

from mem_graph import resources
from mem_graph.graph import acts, recorded
from mem_graph.graph.tables import tables_graph
from mem_graph.iris import DEFAULT_BASE, PREFIXES, Iris
from mem_graph.treaties import record as records
from mem_graph.treaties.record import ACTS
from mem_graph.treaties.standings import RULES, all_standings

MEM, ELI = Namespace(PREFIXES["mem"]), Namespace(PREFIXES["eli"])
IRIS = Iris()
ROWS = resources.read_tables(resources.data() / "tables")
RECORD = records.from_tables(ROWS)
OWN = (
    "acts",
    "act-sources",
    "act-flags",
    "coverage",
    "final-clauses",
    "reservations",
    "participation",
    "undated-parties",
)


@pytest.fixture(scope="module")
def graph():
    return acts.acts_graph(RECORD, IRIS)


@pytest.fixture(scope="module")
def derived():
    return acts.standings_graph(RECORD, IRIS)


@pytest.fixture(scope="module")
def ontology():
    return resources.read_ontology(resources.ontology(), DEFAULT_BASE)


def test_graph_and_tables_are_the_same_record_cell_by_cell(graph):
    """Rows made into triples and read back are the rows: no cell is lost, none is made up."""
    back = recorded.record_of(graph + tables_graph(ROWS, IRIS), IRIS)
    everybody = frozenset(RECORD.countries)

    def order(each):
        return each.treaty, each.country, getattr(each, "number", 0), getattr(each, "date", ""), str(each)

    assert sorted(back.acts, key=order) == sorted(RECORD.acts, key=order)
    assert sorted(back.participation, key=order) == sorted(RECORD.participation, key=order)
    assert sorted(back.listings, key=order) == sorted(RECORD.listings, key=order)
    statements = [replace(each, paths=tuple(sorted(each.paths))) for each in RECORD.statements]
    assert sorted(back.statements, key=order) == sorted(statements, key=order)
    spelled = [
        replace(row, states=everybody if row.states is None else row.states | row.excepted) for row in RECORD.coverage
    ]
    assert set(back.coverage) == set(spelled)
    assert back.doubts == RECORD.doubts
    for name in ("sources", "clauses", "treaties", "countries"):
        assert getattr(back, name) == getattr(RECORD, name), name


@pytest.mark.parametrize("name", OWN)
def test_every_row_has_a_node(name, graph):
    kinds = {
        "acts": MEM.Act,
        "act-sources": MEM.RecordSource,
        "act-flags": MEM.Doubt,
        "coverage": MEM.Coverage,
        "final-clauses": MEM.FinalClauses,
        "reservations": MEM.UnilateralStatement,
        "participation": MEM.Participation,
        "undated-parties": MEM.Listing,
    }
    assert len(set(graph.subjects(RDF.type, kinds[name]))) == len(ROWS[name])


def of_fact(kind, *columns):
    """The node of a row of the record, by its key columns."""
    return lambda row: IRIS.mint(kind, *(row[column] for column in columns))


FACT = {
    "treaty": MEM.treaty / SKOS.notation,
    "country": MEM.country / SKOS.notation,
    "source": MEM.recordSource / SKOS.notation,
}
RECORD_CELLS = {
    "acts": (
        lambda row: IRIS.mint("act", row["treaty"], row["country"], f"{row['act']}-{row['date']}"),
        {
            **FACT,
            "act": RDF.type,
            "date": DCTERMS.date,
            "instrument_date": MEM.instrumentDate,
            "effective_on": MEM.effectiveOn,
            "effective_source": MEM.effectiveSource / SKOS.notation,
        },
    ),
    "act-sources": (
        of_fact("act-source", "key"),
        {
            "key": SKOS.notation,
            "name": DCTERMS.title,
            "kind": MEM.sourceKind,
            "as_of": MEM.speaksFor,
            "as_of_basis": MEM.asOfBasis,
            "quality": MEM.sourceQuality,
            "via": DCTERMS.source,
            "treaties": MEM.treaty / SKOS.notation,
            "note": SKOS.note,
        },
    ),
    "act-flags": (
        of_fact("doubt", "number"),
        {
            **FACT,
            "number": SKOS.notation,
            "act": MEM.actKind,
            "date": DCTERMS.date,
            "about": MEM.about,
            "doubt": (SKOS.note, "en"),
            "doubt_es": (SKOS.note, "es"),
        },
    ),
    "coverage": (
        of_fact("coverage", "treaty", "number"),
        {
            "treaty": MEM.treaty / SKOS.notation,
            "number": SKOS.notation,
            "states": MEM.coveredCountry / SKOS.notation,
            "except": MEM.exceptedCountry / SKOS.notation,
            "signatures": MEM.completeForSignatures,
            "consents": MEM.completeForConsent,
            "from": MEM.completeFrom,
            "to": MEM.completeTo,
            "kind": MEM.sourceKind,
            "note": (SKOS.note, "en"),
            "note_es": (SKOS.note, "es"),
        },
    ),
    "final-clauses": (
        of_fact("final-clauses", "treaty"),
        {
            "treaty": MEM.treaty / SKOS.notation,
            "entry_article": MEM.entryArticle,
            "days": MEM.waitingDays,
            "condition": MEM.condition,
            "needs": MEM.neededTreaty / SKOS.notation,
            "withdrawal_article": MEM.withdrawalArticle,
            "withdrawal_rule": MEM.withdrawalRule,
            "reservations_article": MEM.reservationsArticle,
            "clause_read": MEM.clauseRead,
            "source_url": DCTERMS.source,
            "note": SKOS.note,
        },
    ),
    "reservations": (
        of_fact("unilateral-statement", "treaty", "country", "number"),
        {
            **FACT,
            "number": SKOS.notation,
            "kind": MEM.kind,
            "articles": MEM.printedArticles,
            "paths": MEM.paragraphPath,
            "made_at": MEM.madeAt,
            "confirmed": MEM.confirmed,
            "withdrawn_on": MEM.withdrawnOn,
            "effect": (MEM.effect, "en"),
            "effect_es": (MEM.effect, "es"),
            "note": SKOS.note,
        },
    ),
    "participation": (of_fact("participation", "treaty", "country"), {**FACT, "date": DCTERMS.date}),
    "undated-parties": (
        of_fact("listing", "treaty", "country", "standing"),
        {**FACT, "standing": MEM.listedAs, "basis": MEM.basis},
    ),
}
TRUE = {"yes": "true", "no": "false"}
IN_PARTS = ("treaties", "states", "except", "paths")


def as_met(column, cell):
    """A cell of the record as the graph has it: one value or several."""
    if column == "act":
        return {str(MEM[cell.capitalize()])} if cell in ACTS else {cell}
    if (column, cell) == ("states", "all"):
        return {row["iso3"] for row in ROWS["states"]}
    if column in ("signatures", "consents", "clause_read"):
        return {TRUE[cell]}
    return set(cell.split()) if column in IN_PARTS else {cell} - {""}


def values_of(graph, node, path):
    """The values of a path as text; with a language, those in it."""
    path, language = path if isinstance(path, tuple) else (path, None)
    values = graph.objects(node, path)
    return {str(value) for value in values if language is None or value.language == language}


@pytest.mark.parametrize("name", OWN)
def test_every_cell_of_the_record_is_in_the_graph(name, graph):
    """Cell by cell: what stands in a column is the value of its property, no more and no less."""
    node_of, columns = RECORD_CELLS[name]
    assert set(ROWS[name][0]) == set(columns)
    whole = graph + tables_graph(ROWS, IRIS)
    for row in ROWS[name]:
        node = URIRef(node_of(row))
        for column, path in columns.items():
            met, expected = values_of(whole, node, path), as_met(column, row[column])
            if name == "acts" and column == "act":
                met -= {str(MEM.Act)}
            if name == "act-flags" and column == "act":
                expected = {row[column]} - {""}
            if name == "coverage" and column == "states":
                expected -= as_met("except", row["except"])
            assert met == expected, (name, column, row)


SHARED = {
    # table → the node of a row, and where each of its cells stands: a property, or a path of two
    "states": (
        lambda row: IRIS.country(row["iso3"]),
        {
            "iso3": SKOS.notation,
            "iso2": DCTERMS.identifier,
            "iso_numeric": DCTERMS.identifier,
            "name_en": RDFS.label,
            "name_es": RDFS.label,
            "official_name_en": RDFS.label | SKOS.altLabel,
            "official_name_es": RDFS.label | SKOS.altLabel,
            "wikidata_qid": MEM.wikidataId,
            "wikidata_uri": SKOS.exactMatch,
            "geonames_uri": SKOS.exactMatch,
            "un_m49_region": MEM.region / (SKOS.broader * "?") / SKOS.prefLabel,
            "un_m49_subregion": MEM.region / SKOS.prefLabel,
            "oas_member_2014": MEM.oasMembership,
            "oas_note": SKOS.note,
            "oas_note_es": SKOS.note,
            "as_of": MEM.asOf,
            "source_url": DCTERMS.source,
        },
    ),
    "state-names": (lambda row: IRIS.country(row["country"]), {"name": SKOS.altLabel}),
    "memberships": (
        lambda row: IRIS.mint("membership", row["country"], row["number"]),
        {
            "country": ORG.member / SKOS.notation,
            "status": MEM.membershipStatus,
            "date": DCTERMS.date,
            "note": SKOS.note,
            "as_of": MEM.asOf,
            "source_url": DCTERMS.source,
        },
    ),
    "treaties": (
        lambda row: IRIS.instrument(row["treaty"], row["kind"] == "standard"),
        {
            "treaty": SKOS.notation,
            "title": DCTERMS.title,
            "short_title": SKOS.prefLabel | SKOS.altLabel,
            "kind": MEM.kind,
            "adopted_on": ELI.date_document | DCTERMS.issued,
            "adopted_at": MEM.placeOfAdoption,
            "in_force_on": ELI.first_date_entry_in_force,
            "depositary": MEM.depositary,
            "series_number": MEM.series,
            "amends": ELI.amends / SKOS.notation,
            "consolidates": ELI.consolidates / SKOS.notation,
            "supplements": MEM.supplements / SKOS.notation,
            "note": SKOS.note,
            "as_of": MEM.asOf,
            "source_url": DCTERMS.source,
        },
    ),
    "treaty-names": (lambda row: instrument(row), {"name": SKOS.altLabel | DCTERMS.title}),
    "treaty-subjects": (lambda row: instrument(row), {"topic": DCTERMS.subject}),
    "bodies": (lambda row: IRIS.institution(row["key"]), {"as_of": MEM.asOf, "source_url": DCTERMS.source}),
}
NO_CELLS = {
    "states": {"geonames_id", "mem_sixth_round"},  # the first stands in geonames_uri, the second is mem:evaluatedIn
    "state-names": {"country", "language", "note"},  # the node, the tag of the name, a remark to the curator
    "memberships": {"number"},  # in the IRI
    "treaty-names": {"treaty", "year", "language", "note"},  # "year" is for reading reports
    "treaty-subjects": {"treaty", "reason", "articles"},  # why, for the curator; articles have a test of their own
    "bodies": {"key", "acronym", "name", "wikidata"},  # those of the institution, whose table has them
}
PARTED = {"short_title": "; ", "series_number": "; ", "amends": " ", "consolidates": " ", "supplements": " "}


def instrument(row):
    """The node of the instrument that a row is about."""
    kinds = {each["treaty"]: each["kind"] for each in ROWS["treaties"]}
    return IRIS.instrument(row["treaty"], kinds[row["treaty"]] == "standard")


@pytest.mark.parametrize("name", SHARED)
def test_every_cell_of_the_tables_beside_the_record_is_in_the_graph(name):
    graph, (node_of, columns) = tables_graph(ROWS, IRIS), SHARED[name]
    assert set(ROWS[name][0]) == set(columns) | NO_CELLS.get(name, set())
    for row in ROWS[name]:
        node = URIRef(node_of(row))
        for column, path in columns.items():
            met = {str(value).removeprefix(f"{DEFAULT_BASE}id/topic/") for value in graph.objects(node, path)}
            cells = row[column].split(PARTED[column]) if column in PARTED else [row[column]]
            assert {cell for cell in cells if cell} <= met, (name, column, row[column])
            if not row[column]:
                assert met == set(), (name, column)


def test_articles_have_the_subjects_of_their_rows():
    graph = tables_graph(ROWS, IRIS)
    told = {
        (str(instrument(row)), number, str(IRIS.topic(row["topic"])))
        for row in ROWS["treaty-subjects"]
        for number in row["articles"].split()
    }
    met = {
        (str(graph.value(article, ELI.is_part_of)), str(number), str(topic))
        for article, number in graph.subject_objects(ELI.number)
        for topic in graph.objects(article, DCTERMS.subject)
    }
    assert met == told
    assert len(told) > 20


def test_who_is_evaluated_is_in_the_graph():
    graph = tables_graph(ROWS, IRIS)
    evaluated = {row["iso3"] for row in ROWS["states"] if row["mem_sixth_round"] == "yes"}
    assert {str(node)[-3:] for node in graph.subjects(MEM.evaluatedIn)} == evaluated
    assert len(evaluated) == 34


def test_membership_is_facts_with_dates():
    """35 states; Cuba, Nicaragua and Venezuela have a history."""
    facts = [(row["country"], row["status"], row["date"]) for row in ROWS["memberships"]]
    assert len({country for country, _, _ in facts}) == 35
    assert [fact[1:] for fact in facts if fact[0] == "CUB"] == [
        ("member", "1948"),
        ("excluded", "1962"),
        ("exclusion_ended", "2009-06-03"),
        ("not_participating", "2014"),
    ]
    assert ("NIC", "denunciation", "2021-11-18") in facts
    assert ("VEN", "denunciation", "2017-04") in facts


def test_treaties_are_legal_resources_with_their_parts_and_relatives(ontology):
    """ELI: each treaty is one through its class; protocols and amendments are linked; articles are subdivisions."""
    assert (MEM.Treaty, RDFS.subClassOf, ELI.LegalResource) in ontology
    assert (MEM.Article, RDFS.subClassOf, ELI.LegalResourceSubdivision) in ontology
    tables = tables_graph(ROWS, IRIS)
    links = {
        (name, str(one).rsplit("/", 1)[-1], str(other).rsplit("/", 1)[-1])
        for name, about in (
            ("amends", ELI.amends),
            ("consolidates", ELI.consolidates),
            ("supplements", MEM.supplements),
        )
        for one, other in tables.subject_objects(about)
    }
    assert links == {
        ("amends", "narcotics-1961-protocol-1972", "narcotics-1961"),
        ("consolidates", "narcotics-1961-amended", "narcotics-1961"),
        ("consolidates", "narcotics-1961-amended", "narcotics-1961-protocol-1972"),
        ("supplements", "untoc-protocol-trafficking-2000", "untoc-2000"),
        ("supplements", "untoc-protocol-smuggling-2000", "untoc-2000"),
        ("supplements", "untoc-protocol-firearms-2001", "untoc-2000"),
        ("supplements", "oas-mla-protocol-1993", "oas-mla-1992"),
    }
    for treaty in tables.subjects(RDF.type, MEM.Treaty):
        assert all(list(tables.objects(treaty, about)) for about in (MEM.depositary, MEM.series, SKOS.altLabel))
        assert {name.language for name in tables.objects(treaty, SKOS.altLabel)} == {"en", "es"}, treaty


def test_a_standard_is_no_treaty():
    tables = tables_graph(ROWS, IRIS)
    standards = set(tables.subjects(RDF.type, MEM.Standard))
    assert len(standards) == 2
    assert not standards & set(tables.subjects(RDF.type, MEM.Treaty))


def test_words_of_ours_are_in_both_languages(graph, derived):
    """Notes of coverage, doubts, effects of statements, rules: what a page in Spanish reads."""
    for kind, about in (
        (MEM.Coverage, SKOS.note),
        (MEM.Doubt, SKOS.note),
        (MEM.UnilateralStatement, MEM.effect),
        (MEM.Rule, SKOS.definition),
    ):
        nodes = set((derived if kind == MEM.Rule else graph).subjects(RDF.type, kind))
        assert len(nodes) >= 9
        for node in nodes:
            told = (derived if kind == MEM.Rule else graph).objects(node, about)
            assert sorted(value.language for value in told) == ["en", "es"], node


def test_a_withdrawal_of_a_reservation_comes_back_out_of_the_graph():
    first = replace(RECORD.statements[0], withdrawn_on="2004-05")
    record = replace(RECORD, statements=(first,))
    back = recorded.record_of(acts.acts_graph(record, IRIS) + tables_graph(ROWS, IRIS), IRIS)
    assert [each.withdrawn_on for each in back.statements] == ["2004-05"]


@pytest.mark.parametrize("name", ["graph", "derived"])
def test_iris_are_ours_and_read_back_and_no_node_is_blank(name, request):
    for node in {node for triple in request.getfixturevalue(name) for node in triple}:
        assert not isinstance(node, BNode)
        if isinstance(node, URIRef) and node.startswith(f"{DEFAULT_BASE}id/"):
            IRIS.parse(node)


@pytest.mark.parametrize("name", ["graph", "derived"])
def test_every_term_is_in_the_ontology(name, request, ontology):
    used = {node for triple in request.getfixturevalue(name) for node in triple if node.startswith(str(MEM))}
    assert used
    assert {term for term in used if (term, RDF.type, None) not in ontology} == set()


def test_dates_are_as_precise_as_their_sources(graph):
    kinds = {value.datatype for value in graph.objects(None, URIRef("http://purl.org/dc/terms/date"))}
    assert kinds == {XSD.date, XSD.gYearMonth, XSD.gYear}
    act = URIRef(IRIS.mint("act", "narcotics-1961-amended", "BOL", "accession-1976"))
    assert str(graph.value(act, MEM.latest)) == "1976-12-31"


def test_every_standing_names_its_rule_and_what_it_rests_on(graph, derived):
    nodes = set(derived.subjects(RDF.type, MEM.Standing))
    assert len(nodes) == len(list(all_standings(RECORD))) == 1088
    for node in nodes:
        assert derived.value(derived.value(node, MEM.rule), RDF.type) == MEM.Rule
        rests = list(derived.objects(node, PROV.wasDerivedFrom))
        assert rests
        assert all((each, RDF.type, None) in graph for each in rests)
    assert len(set(derived.subjects(RDF.type, MEM.Rule))) == len(RULES)


def test_peru_and_the_firearms_protocol(derived):
    node = URIRef(IRIS.mint("standing", "untoc-protocol-firearms-2001", "PER", "party-2005-07-03"))
    assert (node, RDF.type, MEM.PartyStanding) in derived
    assert derived.value(node, MEM.earliest) == Literal("2005-07-03", datatype=XSD.date)
    assert derived.value(node, MEM.speaksUntil) == Literal("2014-07-10", datatype=XSD.date)


def test_the_text_of_no_statement_is_in_the_graph(graph):
    """Effects are few words of ours."""
    for language, most in (("en", 16), ("es", 22)):  # Spanish needs more words for the same
        effects = [str(value) for value in graph.objects(None, MEM.effect) if value.language == language]
        assert len(effects) == 116
        assert max(len(effect.split()) for effect in effects) <= most


def test_another_base_moves_every_iri():
    moved = acts.acts_graph(RECORD, Iris("https://example.org/kg/"))
    assert not any(str(node).startswith(f"{DEFAULT_BASE}id/") for triple in moved for node in triple)
    assert isinstance(moved, Graph)

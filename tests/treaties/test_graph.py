"""The record as RDF: every cell of the tables is in the graph, and comes back out of it."""

from dataclasses import replace

import pytest
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import PROV, RDF, XSD

from mem_graph import resources
from mem_graph.graph import acts
from mem_graph.graph.tables import tables_graph
from mem_graph.iris import DEFAULT_BASE, PREFIXES, Iris
from mem_graph.treaties import record as records
from mem_graph.treaties.standings import RULES, all_standings

MEM = Namespace(PREFIXES["mem"])
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
    back = acts.record_of(graph + tables_graph(ROWS, IRIS), IRIS)
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
    effects = [str(value) for value in graph.objects(None, MEM.effect)]
    assert len(effects) == 116
    assert max(len(effect.split()) for effect in effects) <= 16


def test_another_base_moves_every_iri():
    moved = acts.acts_graph(RECORD, Iris("https://example.org/kg/"))
    assert not any(str(node).startswith(f"{DEFAULT_BASE}id/") for triple in moved for node in triple)
    assert isinstance(moved, Graph)

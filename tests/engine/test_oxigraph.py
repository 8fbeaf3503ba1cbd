"""The embedded store: datasets, answers in every format, mistakes, and the traps of the library it rests on."""

import csv
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

from mem_graph.engine import guard, media_types, oxigraph, store
from mem_graph.engine.bounds import Bounds
from mem_graph.engine.oxigraph import EmbeddedStore
from mem_graph.errors import AnswerLimit, BadRequest, FederationRefused, NotAcceptable, ParseError, UpdateRefused
from mem_graph.outcomes import SparqlRequest
from mem_graph.settings import Settings

# rdflib's JSON-LD reader calls what rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SMALL = Path(__file__).with_name("small.trig")
AAA, BBB, TERMS = (f"http://example.org/graph/{name}" for name in ("edition/AAA", "edition/BBB", "terms"))
JSON = media_types.JSON.media_type


@pytest.fixture(scope="module")
def union():
    return EmbeddedStore.load([(SMALL, "application/trig")], union=True)


@pytest.fixture(scope="module")
def plain():
    return EmbeddedStore.load([(SMALL, "application/trig")], union=False)


def rows(asked, text, **dataset):
    body = asked.query(SparqlRequest(text, **dataset), JSON).body
    bindings = json.loads(body)["results"]["bindings"]
    return sorted(tuple(term["value"] for term in row.values()) for row in bindings)


def count(asked, text, **dataset):
    return len(rows(asked, text, **dataset))


def test_the_graphs_are_counted(union):
    assert union.graphs() == {AAA: 9, BBB: 8, TERMS: 4}
    assert list(union.graphs()) == sorted(union.graphs())
    assert len(union) == 21
    with pytest.raises(TypeError):
        union.graphs()["x"] = 1


ALL, IN_GRAPHS = "SELECT ?s ?p ?o { ?s ?p ?o }", "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"


def test_the_default_graph_is_all_graphs_as_one_or_the_unnamed_one(union, plain):
    assert (count(union, ALL), count(plain, ALL)) == (21, 0)
    assert count(union, IN_GRAPHS) == count(plain, IN_GRAPHS) == 21


@pytest.mark.parametrize(
    ("default", "named", "seen", "seen_in_graphs"),
    [
        ((), (), 21, 21),
        ((AAA,), (), 9, 0),
        ((AAA, BBB), (), 17, 0),
        ((), (BBB,), 0, 8),
        ((TERMS,), (AAA, BBB), 4, 17),
    ],
)
def test_a_dataset_of_ones_own_is_all_that_is_seen(union, default, named, seen, seen_in_graphs):
    dataset = {"default_graphs": default, "named_graphs": named}
    assert (count(union, ALL, **dataset), count(union, IN_GRAPHS, **dataset)) == (seen, seen_in_graphs)


def test_the_dataset_of_the_request_outranks_from(union):
    assert count(union, f"SELECT * FROM <{AAA}> {{ ?s ?p ?o }}", default_graphs=(TERMS,)) == 4


SELECT = "SELECT ?o ?s { GRAPH ?g { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o } } ORDER BY ?o"
LABELS = ["Evaluation of Bbb", "Évaluation of Aaa"]


def test_rows_in_json(union):
    document = json.loads(union.query(SparqlRequest(SELECT), JSON).body)
    assert document["head"] == {"vars": ["o", "s"]}
    assert [row["o"]["value"] for row in document["results"]["bindings"]] == LABELS
    assert document["results"]["bindings"][0]["o"]["xml:lang"] == "en"


def test_rows_in_xml(union):
    tree = ElementTree.fromstring(union.query(SparqlRequest(SELECT), media_types.XML.media_type).body)
    space = "{http://www.w3.org/2005/sparql-results#}"
    assert [each.get("name") for each in tree.iter(f"{space}variable")] == ["o", "s"]
    assert [each.text for each in tree.iter(f"{space}literal")] == LABELS


def test_rows_in_csv(union):
    text = union.query(SparqlRequest(SELECT), media_types.CSV.media_type).body.decode()
    assert [row[0] for row in csv.reader(io.StringIO(text))] == ["o", *LABELS]


def test_rows_in_tsv(union):
    lines = union.query(SparqlRequest(SELECT), media_types.TSV.media_type).body.decode().splitlines()
    assert lines[0] == "?o\t?s"
    assert [line.split("\t")[0] for line in lines[1:]] == [f'"{label}"@en' for label in LABELS]


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (JSON, b'{"head":{},"boolean":true}'),
        (media_types.CSV.media_type, b"true"),
        (media_types.TSV.media_type, b"true"),
    ],
)
def test_a_yes(union, media_type, body):
    assert union.query(SparqlRequest("ASK { ?s ?p ?o }"), media_type).body == body


GRAPH_FORMATS = [each for each in media_types.GRAPHS if each is not media_types.HTML]


@pytest.mark.parametrize("graph_format", GRAPH_FORMATS, ids=lambda each: each.name)
@pytest.mark.parametrize("text", ["CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE ?s { ?s ?p ?o }"])
def test_graphs_in_every_format_are_what_rdflib_reads(union, graph_format, text):
    expected = Graph().parse(
        data=re.sub(r"^<.*> \{$|^\}$", "", SMALL.read_text("utf-8"), flags=re.MULTILINE), format="turtle"
    )
    answer = union.query(SparqlRequest(text), graph_format.media_type)
    assert answer.media_type == graph_format.media_type
    found = Graph().parse(data=answer.body, format=graph_format.media_type)
    assert len(found) == 21
    assert isomorphic(found, expected)


def test_turtle_has_the_prefixes_it_uses_and_no_other(union):
    body = union.query(SparqlRequest(f"CONSTRUCT FROM <{TERMS}> WHERE {{ ?s ?p ?o }}"), "text/turtle").body.decode()
    prefixes = [line.split()[1] for line in body.splitlines() if line.startswith("@prefix")]
    assert "skos:" in prefixes
    assert "mem:" not in prefixes


def test_a_request_that_nobody_has_checked_is_checked_here(union):
    assert count(union, f"SELECT * FROM <{TERMS}> {{ ?s ?p ?o }}") == 4
    with pytest.raises(FederationRefused):
        union.query(SparqlRequest("ASK { SERVICE <http://127.0.0.1:9/> {} }"), JSON)
    with pytest.raises(UpdateRefused):
        union.query(SparqlRequest("CLEAR ALL"), JSON)


def test_no_triple_is_made_twice(union):
    body = union.query(SparqlRequest("CONSTRUCT { <a:s> <a:p> ?t } { ?s a ?t }"), "application/n-triples").body
    assert len(body.splitlines()) == len(set(body.splitlines())) == 2


def test_a_mistake_has_its_place(union):
    with pytest.raises(BadRequest, match="cannot stand here") as caught:
        union.query(SparqlRequest("SELECT *\n{ ?s ?p }"), JSON)
    assert (caught.value.line, caught.value.column) == (2, 9)


def test_a_function_that_is_none_of_ours(union):
    with pytest.raises(BadRequest, match="http://x/f"):
        union.query(SparqlRequest("SELECT (<http://x/f>(1) AS ?y) { ?s ?p ?o }"), JSON)


@pytest.mark.parametrize("text", ["SELECT * {}", "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_a_format_that_is_none_of_the_form(union, text):
    for media_type in ("text/html", "application/x-nothing"):
        with pytest.raises(NotAcceptable):
            union.query(SparqlRequest(text), media_type)


def test_many_threads_ask_at_once(union):
    with ThreadPoolExecutor(8) as pool:
        bodies = set(pool.map(lambda _: union.query(SparqlRequest(SELECT), JSON).body, range(200)))
    assert len(bodies) == 1


def test_a_closed_store_is_empty():
    closed = EmbeddedStore.load([(SMALL, "application/trig")], union=True)
    closed.close()
    assert len(closed) == 0


@pytest.mark.parametrize(("choice", "seen"), [("union", 21), ("plain", 0)])
def test_a_store_is_opened_by_the_settings(choice, seen):
    opened = store.open_store(Settings(default_graph=choice), [SMALL])
    assert count(opened, ALL) == seen
    opened.close()


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.nq", "application/n-quads"),
        ("a.trig", "application/trig"),
        ("a.nt", "application/n-triples"),
        ("a.TTL", "text/turtle"),
        ("a.rdf", "application/rdf+xml"),
        ("a.jsonld", "application/ld+json"),
    ],
)
def test_a_file_is_known_by_its_suffix(name, media_type):
    assert store.file_type(Path(name)) == media_type


@pytest.mark.parametrize("name", ["a.pdf", "a", "nq"])
def test_a_file_of_another_kind_is_refused(name):
    with pytest.raises(ParseError, match=r"one of \.nq, \.trig"):
        store.file_type(Path(name))


def test_a_file_that_is_broken_is_told_with_its_line(tmp_path):
    broken = tmp_path / "broken.nq"
    broken.write_text("<a:b> <a:c> <a:d> <a:g> .\n<a:b> <a:c> nothing .\n")
    with pytest.raises(ParseError) as caught:
        store.open_store(Settings(), [broken])
    assert caught.value.line == 2


def test_facts_are_written():
    facts = [("http://x/s", "http://x/p", 7), ("http://x/s", "http://x/p", oxigraph.iri("http://x/o"))]
    found = Graph().parse(data=oxigraph.write(facts, "text/turtle"), format="turtle")
    assert set(found.objects()) == {Literal(7), URIRef("http://x/o")}


RESULTS = [each for each in media_types.RESULTS if each is not media_types.HTML]
STAR = (
    r"""SELECT * { GRAPH ?g { ?s ?p ?o OPTIONAL { ?o a ?b } } BIND(IF(isLiteral(?o), '"a\t,\r\n\u00e9"', '') AS ?a) }"""
)


@pytest.mark.parametrize("bounds", [None, Bounds(rows=1000, size=100_000)])
@pytest.mark.parametrize("result_format", RESULTS, ids=lambda each: each.name)
def test_a_star_is_written_as_if_its_columns_were_named_in_their_order(result_format, bounds):
    asked = EmbeddedStore.load([(SMALL, "application/trig")], union=True, bounds=bounds)
    star, named = (
        asked.query(SparqlRequest(text), result_format.media_type).body
        for text in (STAR, STAR.replace("*", "?g ?s ?p ?o ?b ?a", 1))
    )
    if result_format is media_types.JSON:
        assert json.loads(star) == json.loads(named)
    elif result_format is media_types.XML:
        assert xml_rows(star) == xml_rows(named)
    else:
        assert star == named


def xml_rows(body):
    space = "{http://www.w3.org/2005/sparql-results#}"
    tree = ElementTree.fromstring(body)
    rows = [{each.get("name"): ElementTree.tostring(each) for each in row} for row in tree.iter(f"{space}result")]
    return [each.get("name") for each in tree.iter(f"{space}variable")], rows


@pytest.mark.parametrize("result_format", RESULTS, ids=lambda each: each.name)
def test_a_star_keeps_within_bounds(result_format):
    for bounds, unit in ((Bounds(rows=20, size=100_000), "rows"), (Bounds(rows=1000, size=500), "bytes")):
        asked = EmbeddedStore.load([(SMALL, "application/trig")], union=True, bounds=bounds)
        with pytest.raises(AnswerLimit) as caught:
            asked.query(SparqlRequest("SELECT * { ?s ?p ?o }"), result_format.media_type)
        assert caught.value.unit == unit


def test_a_relative_iri_is_read_against_one_base(union):
    found = rows(union, "SELECT (<x/y> AS ?a) (<#z> AS ?b) { }")
    assert found == [(f"{guard.BASE}x/y", f"{guard.BASE}#z")]
    assert rows(union, "BASE <http://b/> SELECT (<x> AS ?a) { }") == [("http://b/x",)]


# Traps of the library; an upgrade that mends one is noticed here.


def test_trap_a_star_sorts_its_columns():
    """So the columns are put in order where the answer is written."""
    found = pyoxigraph.Store().query("SELECT * { ?s ?p ?o }")
    assert [variable.value for variable in found.variables] == ["o", "p", "s"]


def test_trap_numbers_are_kept_by_value():
    found = pyoxigraph.Store()
    found.update('INSERT DATA { <a:b> <a:c> "01"^^<http://www.w3.org/2001/XMLSchema#integer> }')
    assert [row["o"].value for row in found.query(ALL)] == ["1"]


def test_trap_a_query_of_the_union_forgets_its_from():
    """So the guard turns FROM into a dataset of the request."""
    found = pyoxigraph.Store()
    found.load(SMALL.read_bytes(), format=pyoxigraph.RdfFormat.TRIG)
    text = f"SELECT * FROM <{TERMS}> {{ ?s ?p ?o }}"
    assert len(list(found.query(text, use_default_graph_as_union=True))) == 21
    assert len(list(found.query(text))) == 4


def test_trap_the_engine_points_behind_a_mistake():
    """So the grammar is walked again to say where it is."""
    with pytest.raises(SyntaxError, match="at 1:34"):
        pyoxigraph.Store().query("SELECT ?x WHERE { ?x a 1 FILTR(?x) }")


def test_rows_half_read_are_let_go_at_once():
    """The engine lets no other thread drop them: they would be, where a kept error has the frames that held them."""
    store = EmbeddedStore.load([(SMALL, "application/trig")], union=True, bounds=Bounds(rows=1, size=1000))
    with pytest.raises(AnswerLimit) as caught:
        store.query(SparqlRequest(ALL), JSON)
    kept, trace = [], caught.value.__traceback__
    while trace is not None:
        kept += trace.tb_frame.f_locals.values()
        trace = trace.tb_next
    assert not [value for value in kept if isinstance(value, pyoxigraph.QuerySolutions)]

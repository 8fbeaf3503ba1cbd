"""``explain=1``: which term is not here, which part left nothing, which graph would have had it."""

import pytest

from mem_graph.engine.oxigraph import EmbeddedStore
from mem_graph.errors import TimeLimit
from mem_graph.outcomes import SparqlRequest
from mem_graph.web import explaining

AAA, TERMS = "http://example.org/graph/edition/AAA", "http://example.org/graph/terms"
PREFIXES = """PREFIX mem: <https://w3id.org/mem-graph/ontology#>
PREFIX ex: <http://example.org/id/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def explained(client, query, **parameters):
    response = client.get("/sparql", query_string={"query": PREFIXES + query, "explain": "1", **parameters})
    assert response.status_code == 200
    assert response.content_type == "application/json"
    return response.json


def reasons(client, query, **parameters):
    return [(each["kind"], each.get("part")) for each in explained(client, query, **parameters)["reasons"]]


CASES = [
    ("SELECT * { ?s a mem:Reports }", [("unknown-term", "mem:Reports"), ("pattern", "?s a mem:Reports")]),
    ("SELECT * { ?s a mem:Report ; mem:value ?v }", [("join", "?s mem:value ?v")]),
    ("SELECT * { ?s mem:value ?v FILTER(?v > 100) }", [("filter", "FILTER(?v > 100)")]),
    ("SELECT * { FILTER(?v > 1) ?s mem:value ?v . FILTER(?v > 100) }", [("filter", "FILTER(?v > 100)")]),
    ("SELECT * { ?s mem:value 7 FILTER NOT EXISTS { ?s ?p ?o } }", [("filter", "FILTER NOT EXISTS { ?s ?p ?o }")]),
    ("SELECT * { ?s mem:value 7 MINUS { ?s ?p ?o } }", [("filter", "MINUS { ?s ?p ?o }")]),
    ("SELECT (COUNT(*) AS ?n) { ?s mem:value 8 }", [("pattern", "?s mem:value 8")]),
    ("ASK { ?s mem:value 8 }", [("pattern", "?s mem:value 8")]),
    ("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c ; mem:value 8 }", [("pattern", "?s mem:value 8")]),
    ("CONSTRUCT WHERE { ?s mem:value 8 }", [("pattern", "?s mem:value 8")]),
    ("CONSTRUCT { ?s a ?c } { ?s mem:value 8 . ?s a ?c }", [("pattern", "?s mem:value 8")]),
    ("DESCRIBE ?s { ?s mem:value 8 }", [("pattern", "?s mem:value 8")]),
    ("SELECT * { { ?s mem:value 8 } UNION { ?s a 9 } }", [("pattern", "{ ?s mem:value 8 } UNION { ?s a 9 }")]),
    ("SELECT * { SELECT ?s { ?s mem:value 8 } }", [("pattern", "{ SELECT ?s { ?s mem:value 8 } }")]),
    ("SELECT * { ?s mem:value 7, 8 }", [("pattern", "?s mem:value 7, 8")]),
    ("SELECT * { [] mem:value 8 }", [("pattern", "[] mem:value 8")]),
    ("SELECT * { ?s a mem:Report VALUES ?s { ex:a1 } }", [("join", "VALUES ?s { ex:a1 }")]),
    ("SELECT * { ?s mem:value ?v . BIND(?v + 1 AS ?w) FILTER(isIRI(?w)) }", [("filter", "FILTER(isIRI(?w))")]),
    ("SELECT * { ?s a mem:rating }", [("no-class", "mem:rating"), ("pattern", "?s a mem:rating")]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), CASES, ids=[query for query, _ in CASES])
def test_what_left_nothing_is_named(client, query, expected):
    assert reasons(client, query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s a mem:Report }",
        "SELECT * { ?s a mem:Report } LIMIT 0",
        "SELECT * { }",
        "DESCRIBE ex:nothing",
        "ASK { ex:a1 a mem:Assessment OPTIONAL { ?s mem:nothing ?o } }",
    ],
)
def test_what_finds_something_needs_no_explanation(client, query):
    assert explained(client, query)["empty"] is False


def test_a_term_is_met_with_those_alike_and_its_place(client):
    reason = explained(client, "SELECT * { ?s a mem:report }")["reasons"][0]
    assert (reason["kind"], reason["line"], reason["column"]) == ("unknown-term", 4, 17)
    assert reason["didYouMean"] == ["mem:Report"]
    assert explained(client, "SELECT * { ex:a11 ?p ?o }")["reasons"][0]["didYouMean"][0] == "http://example.org/id/a1"
    assert "didYouMean" not in explained(client, "SELECT * { <zz:zz> ?p ?o }")["reasons"][0]


@pytest.mark.parametrize(
    ("query", "dataset"),
    [
        (f"SELECT * {{ GRAPH <{TERMS}> {{ ?s a mem:Report . ?s mem:nothing* ex:report-AAA }} }}", {}),
        (f"SELECT * FROM <{TERMS}> {{ ex:report-AAA a mem:Report }}", {}),
        ("SELECT * { ex:report-AAA a mem:Report }", {"default-graph-uri": TERMS}),
    ],
)
def test_the_graph_that_would_have_had_it_is_named(client, query, dataset):
    found = explained(client, query, **dataset)["reasons"]
    assert [each["graphs"] for each in found if each["kind"] == "other-graph"] == [[AAA]]


def test_it_is_had_as_text_and_on_the_page_and_by_post(client):
    query = f"{PREFIXES}SELECT * {{ ?s a mem:Reports }}"
    text = client.get("/sparql", query_string={"query": query, "explain": "1"}, headers={"Accept": "text/plain"})
    assert "did you mean mem:Report" in text.text
    page = client.get("/sparql", query_string={"query": query, "explain": "1"}, headers={"Accept": "text/html"})
    assert "did you mean mem:Report" in page.text
    posted = client.post("/sparql", data={"query": query, "explain": "1"})
    assert posted.json["empty"] is True
    empty = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"}).text
    assert "explain=1" in empty
    assert "explain=1" not in client.get("/sparql?query=SELECT*{?s ?p ?o}", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("way", ["get", "post"])
def test_any_text_may_stand_in_the_query(client, way):
    text = "SELECT * { ?s ?p 'é %25 &explain=1 \U0001f600' }"
    sent = {"query_string": {"query": text}} if way == "get" else {"data": {"query": text}}
    assert client.open("/sparql", method=way.upper(), **sent).json["results"]["bindings"] == []


def test_without_the_word_the_answer_is_the_answer(client):
    for value in ("0", "", "no"):
        response = client.get("/sparql", query_string={"query": "SELECT * { ?s <a:b> ?o }", "explain": value})
        assert response.json["results"]["bindings"] == []


def test_what_is_refused_is_refused_here_too(client):
    for query, status in (("SELECT * { SERVICE <a:b> { ?s ?p ?o } }", 400), ("CLEAR ALL", 403), ("SELECT", 400)):
        assert client.get("/sparql", query_string={"query": query, "explain": "1"}).status_code == status


def test_a_long_query_is_not_explained(client):
    query = "SELECT * { ?s <a:b> 8 } #" + "x" * 20_000
    response = client.post("/sparql", data={"query": query, "explain": "1"})
    assert [each["kind"] for each in response.json["reasons"]] == ["too-long"]


def test_where_the_limits_are_met_it_says_so():
    class Slow(EmbeddedStore):
        def query(self, request, media_type):
            raise TimeLimit(limit=1)

    store = Slow.parse(b"<a:s> <a:p> <a:o> <a:g> .\n", union=True)
    found = explaining.explain(store, SparqlRequest("SELECT * { ?s ?p 8 }", "SELECT"), 1)
    assert [each.kind for each in found] == ["not-all-asked"]

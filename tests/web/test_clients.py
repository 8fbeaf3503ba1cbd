"""Clients as they are, against a real server: SPARQLWrapper in every return format and by every way, bare HTTP."""

import csv
import gc
import io
import json
from http.client import HTTPConnection
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen
from xml.dom.minidom import Document

import pytest
from rdflib import Graph
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

pytestmark = [
    # SPARQLWrapper closes no answer; rdflib's JSON-LD reader calls what rdflib has deprecated.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]

SELECT = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?s ?label { ?s rdfs:label ?label } ORDER BY ?s"
ASK = "ASK { ?s a <https://w3id.org/mem-graph/ontology#Report> }"
CONSTRUCT = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }"
DESCRIBE = "DESCRIBE <http://example.org/id/a1>"
WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]


@pytest.fixture(autouse=True)
def collected(few_to_collect):
    """What a client leaves open is collected in the test that asked."""
    yield
    gc.collect()


def answer(server, text, return_format, way):
    method, encoding = way
    wrapper = SPARQLWrapper(f"{server}/sparql", returnFormat=return_format)
    wrapper.setMethod(method)
    wrapper.setRequestMethod(encoding)
    wrapper.setTimeout(10)
    wrapper.setQuery(text)
    return wrapper.queryAndConvert()


def rows_of(converted):
    """The labels in an answer, as each return format gives it."""
    if isinstance(converted, dict):
        return [row["label"]["value"] for row in converted["results"]["bindings"]]
    if isinstance(converted, Document):
        return [each.firstChild.data for each in converted.getElementsByTagName("literal")]
    text = converted.decode()
    if text.startswith("?"):
        return [line.split("\t")[1].split('"')[1] for line in text.splitlines()[1:]]
    return [row["label"] for row in csv.DictReader(io.StringIO(text))]


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("return_format", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_gets_rows(server, return_format, way):
    found = answer(server, SELECT, return_format, way)
    assert isinstance(found, {JSON: dict, XML: Document}.get(return_format, bytes))
    assert rows_of(found) == ["Évaluation of Aaa", "Evaluation of Bbb"]


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("return_format", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_gets_a_yes(server, return_format, way):
    found = answer(server, ASK, return_format, way)
    if return_format == JSON:
        assert found["boolean"] is True
    elif return_format == XML:
        assert found.getElementsByTagName("boolean")[0].firstChild.data == "true"
    else:
        assert found == b"true"


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("return_format", [TURTLE, N3, XML, RDFXML, JSONLD])
@pytest.mark.parametrize(("text", "size"), [(CONSTRUCT, 5), (DESCRIBE, 3)])
def test_sparqlwrapper_gets_triples(server, return_format, text, size, way):
    found = answer(server, text, return_format, way)
    graph = found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle")
    assert len(graph) == size


@pytest.mark.filterwarnings("ignore:Sending Accept header:RuntimeWarning", "ignore:Format requested was:RuntimeWarning")
@pytest.mark.parametrize(
    ("text", "return_format"), [(SELECT, TURTLE), (SELECT, JSONLD), (CONSTRUCT, CSV), (CONSTRUCT, TSV)]
)
def test_sparqlwrapper_asking_for_what_the_form_has_not_gets_the_default(server, text, return_format):
    found = answer(server, text, return_format, WAYS[0])
    assert len(found["results"]["bindings"] if text == SELECT else Graph().parse(data=found, format="turtle")) > 1


def test_sparqlwrapper_names_a_graph(server):
    wrapper = SPARQLWrapper(f"{server}/sparql", returnFormat=JSON, defaultGraph="http://example.org/graph/edition/AAA")
    wrapper.setQuery(SELECT)
    assert rows_of(wrapper.queryAndConvert()) == ["Évaluation of Aaa"]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_sparqlwrapper_knows_a_bad_query(server, way):
    with pytest.raises(QueryBadFormed) as caught:
        answer(server, "SELECT * {\n ?s ?p }", JSON, way)
    assert "line 2, column 8" in str(caught.value)


def test_sparqlwrapper_cannot_write(server):
    wrapper = SPARQLWrapper(f"{server}/sparql")
    wrapper.setMethod(POST)
    wrapper.setQuery("INSERT DATA { <a:b> <a:b> <a:b> }")
    with pytest.raises(HTTPError) as caught:
        wrapper.query()
    assert caught.value.code == 403


def test_a_browser_gets_a_page(server):
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    with urlopen(Request(f"{server}/sparql?" + urlencode({"query": SELECT}), headers={"Accept": accept})) as response:
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "Évaluation of Aaa" in response.read().decode()


def test_curl_gets_json_and_the_release(server, served):
    with urlopen(f"{server}/sparql?" + urlencode({"query": SELECT})) as response:
        document = json.load(response)
        assert response.headers["X-MEM-Release"] == served.digest
    assert document["head"]["link"] == [f"https://w3id.org/mem-graph/id/release/{served.digest}"]
    assert document["head"]["vars"] == ["s", "label"]


def raw(server, method, path, body=None, headers=()):
    connection = HTTPConnection(urlsplit(server).netloc, timeout=10)
    try:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def test_head_is_get_without_a_body(server):
    path = "/sparql?query=ASK%7B%7D"
    status, headers, body = raw(server, "GET", path)
    status_of_head, headers_of_head, nothing = raw(server, "HEAD", path)
    assert (status_of_head, nothing) == (status, b"") == (200, b"")
    changing = {"date", "x-request-id"}
    assert {k: v for k, v in headers.items() if k.lower() not in changing} == {
        k: v for k, v in headers_of_head.items() if k.lower() not in changing
    }
    assert int(headers_of_head["Content-Length"]) == len(body)


def test_bytes_that_are_no_text_are_a_bad_request(server):
    assert raw(server, "GET", "/sparql?query=%ff")[0] == 400
    assert raw(server, "POST", "/sparql", b"\xff", {"Content-Type": "application/sparql-query"})[0] == 400


def test_a_body_in_pieces_is_held_to_its_limit(server):
    pieces = iter([b"x" * 100_000] * 11)  # sent in chunks, without a length
    status, _, body = raw(server, "POST", "/sparql", pieces, {"Content-Type": "application/sparql-query"})
    assert status == 413
    assert json.loads(body)["code"] == "too-large"

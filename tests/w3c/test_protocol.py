"""The SPARQL 1.1 Protocol, the service description and the graph store protocol by the cases of the W3C, over HTTP.

Nothing can be written here. The cases that write are listed in ``not_offered.csv``: what they send is sent too, and has
to be refused.
"""

import csv
import re
from email import message_from_bytes
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from mem_graph.engine import media_types

# rdflib's JSON-LD reader calls what rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
DATA0 = "http://kasei.us/2009/09/sparql/data/data0.rdf"
TABULAR = {each.media_type for each in (media_types.JSON, media_types.XML, media_types.CSV, media_types.TSV)}
GRAPHS = {each.media_type for each in media_types.GRAPHS} - {"text/html"}
FORMATS = {"boolean": TABULAR, "tabular": TABULAR, "RDF": GRAPHS}


@pytest.fixture(scope="module")
def not_offered():
    with Path(__file__).with_name("not_offered.csv").open(encoding="utf-8", newline="") as file:
        return {row["iri"]: row["reason"] for row in csv.DictReader(file)}


@pytest.mark.suite(name="SPARQL 1.1 protocol", needs="w3c", cases=34)
def test_the_protocol(case, requests, serve, serve_graph, not_offered, record_property):
    client = serve(data_of(case)) if data_of(case) else serve_graph(DATA0)
    for request in requests(case):
        answer = send(client, request, request.path.replace("/sparql/", "/sparql"))
        if case.iri in not_offered:
            assert_refused(client, answer, case)
            record_property("note", "not offered, and refused")
            return
        assert request.expects(answer.status_code), answer.get_data(as_text=True)
        if request.expected_format:
            assert answer.mimetype in FORMATS[request.expected_format]
        if request.expected_boolean:
            assert str(answer.get_json()["boolean"]).lower() == request.expected_boolean


def data_of(case):
    """Graph → file, as the case names them."""
    manifest, files = case.manifest, {}
    for each in manifest.values(case.node, f"{UT}graphData"):
        files[manifest.text(each, f"{RDFS}label")] = manifest.file(manifest.value(each, f"{UT}graph"))
    return files


UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"


def send(client, request, path):
    return client.open(path, method=request.method, data=request.body, headers=request.headers)


def assert_refused(client, answer, case):
    """A request to write is refused, by name where it says what it is, and leaves all as it was."""
    says = {"bad_update_wrong_media_type": 415, "bad_update_missing_form_type": 415}
    assert answer.status_code == says.get(case.iri.partition("#")[2], 403)
    assert client.get("/health").get_json()["triples"] >= 1


@pytest.mark.suite(name="SPARQL 1.1 service description", needs="w3c", cases=3)
def test_the_description(case, serve_graph):
    client = serve_graph("http://example.org/a", "http://example.org/b")
    for each in GRAPHS:
        answer = client.get("/sparql", headers={"Accept": each})
        assert (answer.status_code, answer.mimetype) == (200, each)
        DESCRIBED[case.name.partition("/")[2]](Graph().parse(data=answer.data, format=each))


def returns_rdf(graph):
    assert len(graph) > 0


def has_endpoint_triple(graph):
    assert list(graph.objects(None, SD.endpoint)) == [URIRef("http://127.0.0.1:8000/sparql")]


def conforms_to_schema(graph):
    """As https://www.w3.org/TR/sparql11-service-description/ has the terms: classes, ranges, and how many of each."""
    services = list(graph.subjects(RDF.type, SD.Service))
    assert len(services) == 1
    assert list(graph.subjects(SD.endpoint, None)) == services
    ranges = {
        SD.defaultDataset: SD.Dataset,
        SD.defaultGraph: SD.Graph,
        SD.namedGraph: SD.NamedGraph,
        SD.graph: SD.Graph,
    }
    for term, kind in ranges.items():
        assert list(graph.objects(None, term)), term
        assert all((each, RDF.type, kind) in graph for each in graph.objects(None, term)), term
    for named in graph.subjects(RDF.type, SD.NamedGraph):
        assert len(list(graph.objects(named, SD.name))) == len(list(graph.objects(named, SD.graph))) == 1
    known = {SD.SPARQL11Query, SD.UnionDefaultGraph, SD.DereferencesURIs, SD.EmptyGraphs}
    assert {*graph.objects(None, SD.supportedLanguage), *graph.objects(None, SD.feature)} <= known
    assert all(str(each).startswith("http://www.w3.org/ns/formats/") for each in graph.objects(None, SD.resultFormat))


DESCRIBED = {
    "returns-rdf": returns_rdf,
    "has-endpoint-triple": has_endpoint_triple,
    "conforms-to-schema": conforms_to_schema,
}


WRITING = ("PUT", "POST", "DELETE", "PATCH")
ROOT = "http://127.0.0.1:8000/"


@pytest.mark.suite(name="SPARQL 1.1 graph store protocol", needs="w3c", cases=13)
def test_reading_a_graph_store(case, requests, serve_texts, same_graph, record_property):
    """What a case writes is sent, and refused; then it is put into the data, so that what the case reads is there."""
    graphs: dict[str, list[bytes]] = {}
    record_property("note", "with what they write put in, since writing is refused")
    for request in requests(case):
        path = re.sub(r"^/gsp(/|$|(?=[?]))", lambda gsp: "/graph/" if gsp[1] else "/graph-store", request.path)
        path = path.replace("$LOCATION$", NEW)
        answer = send(serve_texts(graphs), request, path)
        if request.method in WRITING:
            assert answer.status_code == 405, answer.get_data(as_text=True)
            assert "PUT" not in answer.headers["Allow"]
            write(graphs, graph_of(path), request)
        else:
            assert_read(answer, request, same_graph)


def assert_read(answer, request, same_graph):
    assert request.expects(answer.status_code), answer.get_data(as_text=True)
    if "content-type" in request.expected_headers:
        assert answer.headers["Content-Type"] == request.expected_headers["content-type"]
    if request.expected_body:
        assert same_graph(answer.data, request.expected_body, ROOT)


NEW = f"{ROOT}graph/new"


def graph_of(path):
    """The IRI of the graph that a request is about: its parameter, its own address, or a new one."""
    address, _, query = path.partition("?")
    arguments = dict(parse_qsl(query, keep_blank_values=True))
    if "default" in arguments:
        return ""
    return arguments.get("graph", NEW if address == "/graph-store" else ROOT + address.removeprefix("/"))


def write(graphs, graph, request):
    """Do to the data what a request asks for: replace a graph, add to it, remove it."""
    if request.method in ("PUT", "DELETE"):
        graphs.pop(graph, None)
    if request.method != "DELETE":
        graphs.setdefault(graph, []).extend(texts(request))


def texts(request):
    """What a request sends: its body, or the parts of it."""
    kind = request.headers["content-type"]
    if not kind.startswith("multipart/"):
        return [request.body]
    message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.body)
    return [part.get_payload(decode=True) for part in message.get_payload()]

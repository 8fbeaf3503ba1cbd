"""The SPARQL protocol without HTTP: requests read from what is sent, answers marked with their release."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from rdflib import RDF, Graph, Literal, URIRef

from mem_graph.engine.guard import Limits
from mem_graph.errors import BadRequest, NotAcceptable, UpdateRefused
from mem_graph.outcomes import Answer, Release, SparqlRequest
from mem_graph.query import sparql
from mem_graph.settings import Settings

# rdflib's JSON-LD reader calls what rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

RELEASE = Release("abc123", Path("x"), "0.1.0", "https://w3id.org/mem-graph/", {}, {})
Q = "SELECT * { ?s ?p 'é%25+&=' }"


def get(query_string):
    return sparql.read_request("GET", query_string.encode())


def form(body, query_string=""):
    return sparql.read_request("POST", query_string.encode(), sparql.FORM, body.encode())


def direct(body, query_string=""):
    return sparql.read_request("POST", query_string.encode(), sparql.QUERY, body.encode())


def test_the_three_ways_to_ask_are_one():
    encoded = f"query={quote(Q, safe='')}"
    assert get(encoded) == form(encoded) == direct(Q) == sparql.Reading(SparqlRequest(Q))
    assert sparql.read_request("HEAD", encoded.encode()) == get(encoded)


def test_what_is_sent_is_decoded_once():
    assert get("query=%2525+%2B").request.query == "%25 +"
    assert form("query=%2525+%2B").request.query == "%25 +"
    assert direct("%2525+%2B").request.query == "%2525+%2B"
    assert get("query=é").request.query == "é"
    assert direct("\ufeffASK {}").request.query == "ASK {}"


def test_the_dataset_is_kept_in_order():
    dataset = "default-graph-uri=b:b&default-graph-uri=a:a&named-graph-uri=c%3Ac"
    expected = SparqlRequest("ASK {}", None, ("b:b", "a:a"), ("c:c",))
    assert get(f"query=ASK+%7B%7D&{dataset}").request == expected
    assert form(f"query=ASK+%7B%7D&{dataset}").request == expected
    assert direct("ASK {}", dataset).request == expected


def test_what_names_a_format_is_kept_in_rank_and_all_else_ignored():
    reading = get("x=1&results=c&_mediatype=d&query=ASK{}&output=b&format=a&format=e&debug=on&timeout=0")
    assert reading.wanted == ("a", "e", "b", "c", "d")
    assert reading.request == SparqlRequest("ASK{}")
    assert form("query=ASK{}", "format=csv").wanted == ("csv",)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("timeout=5", 5),
        ("timeout=0.25", 0.25),
        ("timeout=1e1&timeout=3", 3),
        ("timeout=30000", 30000),
        ("timeout=0", None),
        ("timeout=", None),
        ("timeout=0&timeout=7", 7),
        ("Timeout=7", None),
    ],
)
def test_a_client_may_ask_for_a_time(given, seconds):
    assert get(f"query=ASK{{}}&{given}").request.timeout == seconds
    assert direct("ASK {}", given).request.timeout == form(f"query=ASK{{}}&{given}").request.timeout == seconds


@pytest.mark.parametrize("given", ["soon", "-1", "nan", "inf", "1,5", "5s", "1&timeout=x"])
def test_a_time_is_a_number_of_seconds(given):
    with pytest.raises(BadRequest, match="is no number of seconds") as caught:
        get(f"query=ASK{{}}&timeout={given}")
    assert caught.value.parameter == "timeout"


@pytest.mark.parametrize("query_string", ["", "format=ttl", "output=json&_mediatype=text/turtle"])
def test_nothing_asked_is_the_description(query_string):
    assert get(query_string).request is None


@pytest.mark.parametrize(
    "read",
    [
        lambda: get("x=1"),
        lambda: get("default-graph-uri=a:b"),
        lambda: get("query=ASK{}&query=ASK{}"),
        lambda: get("Query=ASK{}"),
        lambda: form(""),
        lambda: form("q=ASK{}"),
        lambda: form("query=ASK{}&query=ASK{}"),
        lambda: form("query=ASK{}", "query=ASK{}"),
        lambda: direct("ASK {}", "query=ASK{}"),
    ],
)
def test_a_query_is_given_once(read):
    with pytest.raises(BadRequest) as caught:
        read()
    assert caught.value.parameter == "query"


@pytest.mark.parametrize(
    "read",
    [
        lambda: sparql.read_request("GET", b"query=%ff"),
        lambda: sparql.read_request("GET", b"query=\xff"),
        lambda: sparql.read_request("GET", b"query=ASK{}&x=%c3%28"),
        lambda: sparql.read_request("POST", b"", sparql.FORM, b"query=%e9"),
        lambda: sparql.read_request("POST", b"", sparql.FORM, b"query=\xe9"),
        lambda: sparql.read_request("POST", b"", sparql.QUERY, b"ASK { ?s ?p '\xe9' }"),
        lambda: sparql.read_request("POST", b"", sparql.QUERY, b"\xed\xa0\x80"),
        lambda: get("&".join(["a=1"] * 1001)),
    ],
)
def test_what_cannot_be_decoded_is_a_bad_request(read):
    with pytest.raises(BadRequest, match=r"UTF-8|parameters"):
        read()


@pytest.mark.parametrize(
    "read",
    [
        lambda: get("update=CLEAR+ALL"),
        lambda: form("update=CLEAR+ALL"),
        lambda: form("query=ASK{}&update=CLEAR+ALL"),
        lambda: sparql.read_request("POST", b"", sparql.UPDATE, b"CLEAR ALL"),
    ],
)
def test_an_update_is_refused_by_name(read):
    with pytest.raises(UpdateRefused):
        read()


GRAPHS = {"http://x/g": 3}


def prepare(text, accept=None, *wanted):
    reading = sparql.Reading(SparqlRequest(text) if text else None, wanted)
    return sparql.prepare(reading, GRAPHS, accept, Limits())


def test_a_request_is_checked_and_given_a_format():
    request, chosen = prepare(
        "PREFIX : <http://x/> CONSTRUCT FROM :g WHERE { ?s ?p ?o }", "text/turtle;q=0.1, text/csv"
    )
    assert (request.form, request.default_graphs, chosen.name) == ("CONSTRUCT", ("http://x/g",), "turtle")
    assert prepare("ASK {}", "text/turtle", "csv")[1].name == "csv"
    assert prepare("", "application/ld+json") == (None, prepare("DESCRIBE <a:b>", None, "jsonld")[1])
    with pytest.raises(NotAcceptable):
        prepare("ASK {}", "text/turtle")


def test_the_limits_come_from_the_settings():
    assert sparql.limits(Settings(query_limit=10, nesting=3)) == Limits(text=10, nesting=3, path=3)


class Fixed:
    """A store with one answer."""

    def __init__(self, body):
        self.body = body

    def query(self, request, media_type):
        return Answer(self.body, media_type)


JSON = "application/sparql-results+json"


@pytest.mark.parametrize(
    "body",
    [
        b'{"head":{"vars":["a","\\"]}{"]},"results":{"bindings":[]}}',
        b'{"head":{},"boolean":true}',
        b'{ "head" : { "vars": ["a"] } , "results": {"bindings": [ {"a": {"value": "\xc3\xa9"}} ] } }',
        b'{"boolean":false,"head":{}}',
    ],
)
def test_a_json_answer_links_to_its_release_and_is_else_unchanged(body):
    found = json.loads(sparql.answer(RELEASE, Fixed(body), SparqlRequest("x"), JSON).body)
    assert found["head"].pop("link") == ["https://w3id.org/mem-graph/id/release/abc123"]
    assert found == json.loads(body)


def test_an_answer_of_another_kind_is_passed_on():
    assert sparql.answer(RELEASE, Fixed(b"a\n1\n"), SparqlRequest("x"), "text/csv") == Answer(b"a\n1\n", "text/csv")


def test_the_fingerprint_tells_apart_what_answers_differently():
    other = Release(
        "abc124", *[getattr(RELEASE, name) for name in ("folder", "version", "identity_base", "graphs", "files")]
    )
    prints = [
        sparql.fingerprint(RELEASE, SparqlRequest("a"), "t"),
        sparql.fingerprint(other, SparqlRequest("a"), "t"),
        sparql.fingerprint(RELEASE, SparqlRequest("b"), "t"),
        sparql.fingerprint(RELEASE, SparqlRequest("a"), "u"),
        sparql.fingerprint(RELEASE, SparqlRequest("a", None, ("g",)), "t"),
        sparql.fingerprint(RELEASE, SparqlRequest("a", None, (), ("g",)), "t"),
        sparql.fingerprint(RELEASE, None, "t"),
    ]
    assert len(set(prints)) == len(prints)
    assert prints[0] == sparql.fingerprint(RELEASE, SparqlRequest("a"), "t")


@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
@pytest.mark.parametrize("choice", ["union", "plain"])
def test_the_description_says_what_is_served(media_type, choice):
    settings = Settings(public_url="https://example.org/mem/", default_graph=choice, title="A title")
    body = sparql.description(RELEASE, GRAPHS, settings, media_type).body
    graph = Graph().parse(data=body, format=media_type)
    sd = "http://www.w3.org/ns/sparql-service-description#"
    service = URIRef("https://example.org/mem/sparql")
    assert graph.value(service, RDF.type) == URIRef(f"{sd}Service")
    assert graph.value(service, URIRef(f"{sd}endpoint")) == service
    assert ((service, URIRef(f"{sd}feature"), URIRef(f"{sd}UnionDefaultGraph")) in graph) == (choice == "union")
    assert len(list(graph.objects(service, URIRef(f"{sd}resultFormat")))) == len(sparql.RESULT_FORMATS) == 8
    dataset = graph.value(service, URIRef(f"{sd}defaultDataset"))
    assert graph.value(graph.value(dataset, URIRef(f"{sd}defaultGraph")), RDF.type) == URIRef(f"{sd}Graph")
    named = graph.value(dataset, URIRef(f"{sd}namedGraph"))
    assert graph.value(named, URIRef(f"{sd}name")) == URIRef("http://x/g")
    assert graph.value(URIRef("http://x/g"), URIRef("http://rdfs.org/ns/void#triples")) == Literal(3)
    assert graph.value(service, URIRef("http://purl.org/dc/terms/title")) == Literal("A title")


def test_the_description_has_the_limits():
    settings = Settings(deadline=2.5, row_limit=7)
    graph = Graph().parse(data=sparql.description(RELEASE, GRAPHS, settings, "text/turtle").body, format="turtle")
    schema = "https://schema.org/"
    limits = graph.objects(URIRef("http://127.0.0.1:8000/sparql"), URIRef(f"{schema}additionalProperty"))
    parts = [
        tuple(graph.value(limit, URIRef(schema + name)).toPython() for name in ("propertyID", "value", "unitText"))
        for limit in limits
    ]
    assert sorted(parts) == [
        ("answer_limit", 50_000_000, "bytes"),
        ("body_limit", 10_000_000, "bytes"),
        ("deadline", 2.5, "seconds"),
        ("nesting", 128, "levels"),
        ("query_limit", 1_000_000, "bytes"),
        ("row_limit", 7, "rows"),
    ]

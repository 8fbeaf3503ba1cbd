"""The service's look-ups on a running server, held against the document that describes them."""

import csv
import io
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

import jsonschema
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS

from mem_graph.query import treaty_forms, treaty_lists
from mem_graph.treaties.words import words
from mem_graph.web import api
from mem_graph.wording import LANGUAGES

DOCUMENT = json.loads(api.OPENAPI.read_text("utf-8"))
OPERATIONS = [(path, each["get"]) for path, each in DOCUMENT["paths"].items()]

CASES = [
    # what is asked for, of which path, with which answer
    ("/api/treaty-status?country=PER&treaty=cifta", "/api/treaty-status", 200),
    ("/api/treaty-status?country=Perú&treaty=Vienna+1988&on=2014-06-30", "/api/treaty-status", 200),
    ("/api/treaty-status?country=604&treaty=A-55&on=1995-04-26", "/api/treaty-status", 200),
    ("/api/treaty-status?country=Bolivia&treaty=1961+Convention+as+amended&on=2005-01-01", "/api/treaty-status", 200),
    ("/api/treaty-status?country=USA&treaty=Convención+de+Viena", "/api/treaty-status", 200),
    ("/api/treaty-status?country=JAM&treaty=1988", "/api/treaty-status", 200),
    ("/api/treaty-status?country=KNA&treaty=B-58", "/api/treaty-status", 200),
    ("/api/treaty-matrix", "/api/treaty-matrix", 200),
    ("/api/treaty-matrix?country=PER&on=2009-04-30", "/api/treaty-matrix", 200),
    ("/api/treaty-matrix?treaty=cifta", "/api/treaty-matrix", 200),
    ("/api/openapi.json", "/api/openapi.json", 200),
    ("/doc/treaty.json", "/doc/treaty.json", 200),
    ("/doc/treaty/cifta-1997.json", "/doc/treaty/{key}.json", 200),
    ("/doc/treaty/narcotics-1961-amended.json?on=1980-01-01", "/doc/treaty/{key}.json", 200),
    ("/doc/treaty/oas-extradition-1981.json", "/doc/treaty/{key}.json", 200),
    ("/doc/treaty/fatf-recommendations.json", "/doc/treaty/{key}.json", 200),
    ("/doc/country/PER/treaties.json?on=2004-01-01", "/doc/country/{code}/treaties", 200),
    ("/api/treaty-status?treaty=cifta", "/api/treaty-status", 400),
    ("/api/treaty-status?country=PER&treaty=corruption", "/api/treaty-status", 400),
    ("/api/treaty-status?country=PER&treaty=FATF", "/api/treaty-status", 400),
    ("/api/treaty-status?country=PER&country=CHL&treaty=cifta", "/api/treaty-status", 400),
    ("/api/treaty-status?country=PER&treaty=cifta&on=30/06/2014", "/api/treaty-status", 400),
    ("/api/treaty-status?country=PER&treaty=cifta&on=2014-02-30", "/api/treaty-status", 400),
    ("/api/treaty-status?country=PER&treaty=cifta&on=20140630", "/api/treaty-status", 400),
    ("/api/treaty-matrix?on=", "/api/treaty-matrix", 400),
    ("/doc/treaty/cifta-1997.json?on=soon", "/doc/treaty/{key}.json", 400),
    ("/api/treaty-status?country=Chlie&treaty=cifta", "/api/treaty-status", 404),
    ("/api/treaty-status?country=PER&treaty=cfta", "/api/treaty-status", 404),
    ("/api/treaty-status?country=&treaty=cifta", "/api/treaty-status", 404),
    ("/api/treaty-matrix?treaty=Rome", "/api/treaty-matrix", 404),
    ("/doc/treaty/cifta-1998.json", "/doc/treaty/{key}.json", 404),
    ("/doc/treaty/cifta-1998.csv", "/doc/treaty/{key}.csv", 404),
    ("/doc/country/PEU/treaties", "/doc/country/{code}/treaties", 404),
]


def ask(server, address, accept=None, **headers):
    """Status, headers and body of an answer."""
    quoted = urllib.parse.quote(address, safe="/?=&+%")
    headers = {**({"Accept": accept} if accept else {}), **headers}
    try:
        with urllib.request.urlopen(urllib.request.Request(server + quoted, headers=headers), timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def resolved(part):
    """A part of the document, or what it refers to."""
    while "$ref" in part:
        here = DOCUMENT
        for step in part["$ref"].removeprefix("#/").split("/"):
            here = here[step]
        part = here
    return part


def validator(schema):
    """What checks an answer against a schema of the document."""
    whole = {**schema, "components": DOCUMENT["components"]}
    return jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())


def documented(path, status, media_type):
    """The schema that the document gives for an answer."""
    responses = DOCUMENT["paths"][path]["get"]["responses"]
    return resolved(responses[str(status)])["content"][media_type]["schema"]


# The document


def test_the_document_is_sound():
    assert DOCUMENT["openapi"] == "3.1.0"
    assert len(OPERATIONS) == 8
    assert len({each["operationId"] for _, each in OPERATIONS}) == len(OPERATIONS)
    text = api.OPENAPI.read_text("utf-8")
    referred = set(re.findall(r'"#/components/([^"]+)"', text))
    there = {f"{kind}/{name}" for kind, parts in DOCUMENT["components"].items() for name in parts}
    assert referred == there
    for name, schema in DOCUMENT["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        if name != "Problem" and schema.get("type") == "object":
            assert schema["additionalProperties"] is False, name


@pytest.mark.parametrize(("path", "operation"), OPERATIONS)
def test_the_parameters_of_a_path_are_told(path, operation):
    parameters = [resolved(each) for each in operation["parameters"]]
    assert set(re.findall(r"{(\w+)}", path)) == {each["name"] for each in parameters if each["in"] == "path"}
    assert all(each["description"] for each in parameters)


def test_every_rule_of_the_service_is_in_the_document(server):
    from mem_graph.settings import Settings
    from mem_graph.web import create_app

    rules = {str(rule) for rule in create_app(Settings(releases_dir=Path("nowhere"))).url_map.iter_rules()}
    ours = {rule for rule in rules if rule.startswith(("/api/", "/doc/treaty", "/doc/country"))}
    told = {
        rule.split("<any")[0].split("<suffix")[0].replace("<key>", "{key}").replace("<code>", "{code}") for rule in ours
    }
    paths = set(DOCUMENT["paths"])
    assert {path for path in paths if not any(path.startswith(rule) for rule in told)} == set()
    assert {rule for rule in told if not any(path.startswith(rule.rstrip(".")) for path in paths)} == set()


# The server against it


@pytest.mark.parametrize(("address", "path", "status"), CASES, ids=[case[0] for case in CASES])
def test_an_answer_is_as_documented(server, opened, address, path, status):
    got, headers, body = ask(server, address)
    assert got == status, body
    assert headers["X-MEM-Release"] == opened.digest
    media_type = headers.get_content_type()
    if path.endswith("treaties") and status == 200:
        assert media_type == "application/json"
    document = json.loads(body)
    validator(documented(path, status, media_type)).validate(document)
    if status == 200 and path != "/api/openapi.json":
        assert document["release"] == opened.digest
        assert headers["ETag"]
        assert headers["Cache-Control"].startswith("public")


def test_every_answer_there_is_has_the_documented_shape(server, lookup):
    """All 35 states under all 16 treaties, on days with and without sources; what the server sends is the same."""
    check = validator(DOCUMENT["components"]["schemas"]["Status"])
    for on in (date(1960, 1, 1), date(2005, 1, 1), date(2014, 6, 30), date(2030, 1, 1)):
        answers = lookup.answers(None, None, on)
        assert len(answers) == 35 * 16
        for answer in answers:
            language = LANGUAGES[on.year % 2]
            check.validate(treaty_forms.status_document(answer, lookup.record, lookup.release, language))
    _, _, body = ask(server, "/api/treaty-status?country=PER&treaty=cifta")
    asked = lookup.ask("PER", "cifta-1997")
    assert json.loads(body) == treaty_forms.status_document(asked, lookup.record, lookup.release)


def test_words_are_in_the_language_asked_for(server, lookup):
    """By `lang`, else by `Accept-Language`; codes, keys and sentences of the report are the same in each."""
    address = "/api/treaty-status?country=PER&treaty=cifta"
    english = json.loads(ask(server, address)[2])
    for spanish, headers in ((f"{address}&lang=es", {}), (address, {"Accept-Language": "es-PE,es;q=0.9,en;q=0.1"})):
        status, got, body = ask(server, spanish, **headers)
        document = json.loads(body)
        assert (status, got["Content-Language"]) == (200, "es")
        assert "Accept-Language" in got["Vary"]
        told = document["record"]["party"]["reason"]
        assert told == "las fuentes llegan hasta el 2009-04-30, fecha en la que era parte"
        assert document["verdict"]["words"] == "el informe no dice si está obligado"
        for part in ("report", "record", "verdict", "statements"):
            assert codes(document[part]) == codes(english[part])
    assert ask(server, address)[1]["ETag"] != ask(server, f"{address}&lang=es")[1]["ETag"]
    validator(DOCUMENT["components"]["schemas"]["Status"]).validate(document)
    rows = list(csv.DictReader(io.StringIO(ask(server, "/doc/country/PER/treaties.csv?lang=es")[2].decode())))
    assert {row["verdict"] for row in rows} == {"coinciden", "el informe no dice si está obligado"}


def codes(part):
    """What of an answer has no words of a language."""
    if isinstance(part, list):
        return [codes(each) for each in part]
    words = ("reason", "words", "why", "doubts", "effect", "note", "where", "values")
    return {name: codes(value) for name, value in part.items() if name not in words} if isinstance(part, dict) else part


def test_each_documented_response_was_seen():
    seen = {(path, str(status)) for _, path, status in CASES}
    tables = {("/doc/treaty.csv", "200"), ("/doc/treaty/{key}.csv", "200"), ("/doc/treaty/{key}.csv", "400")}
    told = {(path, status) for path, each in OPERATIONS for status in each["responses"]}
    others = {(path, status) for path, status in told - seen if status not in ("304", "406", "429", "503")}
    assert others - tables == {("/doc/country/{code}/treaties", "400")}


def test_the_words_of_the_document_are_those_of_the_table():
    found = DOCUMENT["components"]["schemas"]
    own = {key: [words(language)[key] for language in LANGUAGES] for key in words("en")}
    for prefix, told in (
        ("verdict", found["Row"]["properties"]["verdict"]),
        ("verdict", found["Status"]["properties"]["verdict"]["properties"]["words"]),
        ("word", found["Row"]["properties"]["report"]),
        ("word", found["Report"]["properties"]["words"]),
        ("standing", found["Row"]["properties"]["standing"]),
    ):
        expected = {each for key, both in own.items() if key.startswith(f"{prefix}.") for each in both}
        assert set(told["enum"]) - {None} == expected


def test_the_document_is_served_with_the_address_of_the_server(server):
    _, _, body = ask(server, "/api/openapi.json")
    served = json.loads(body)
    assert served.pop("servers") == [{"url": "http://127.0.0.1:8000"}]
    served["info"].pop("version")
    plain = json.loads(json.dumps(DOCUMENT))
    del plain["servers"], plain["info"]["version"]
    assert served == plain
    assert ask(server, "/api")[2] == body


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
    ],
)
@pytest.mark.parametrize(
    "address", ["/doc/treaty", "/doc/treaty/cifta-1997", "/doc/treaty/narcotics-1961-protocol-1972"]
)
def test_treaties_as_rdf(server, opened, address, accept, name):
    """The list and each treaty are documents too, in every format for graphs."""
    status, headers, body = ask(server, address, accept)
    assert (status, headers.get_content_type()) == (200, accept)
    graph = Graph().parse(data=body, format=name)
    treaty = URIRef(f"{opened.identity_base}id/treaty/{address.rpartition('/')[2]}")
    if address == "/doc/treaty":
        listed = {str(node) for node in graph.subjects() if "/id/treaty/" in str(node) and "/article/" not in str(node)}
        assert len(listed) == 16
    else:
        assert graph.value(treaty, DCTERMS.title)
        assert graph.value(treaty, URIRef("http://data.europa.eu/eli/ontology#first_date_entry_in_force"))


# Formats, tags, errors


@pytest.mark.parametrize(
    ("address", "accept"),
    [
        ("/api/treaty-status?country=PER&treaty=cifta", "text/csv"),
        ("/api/treaty-status?country=PER&treaty=cifta&format=csv", None),
        ("/api/treaty-matrix", "text/csv;q=1, application/json;q=0.5"),
        ("/doc/treaty.csv", None),
        ("/doc/treaty/cifta-1997.csv", None),
        ("/doc/country/PER/treaties.csv", None),
        ("/doc/country/PER/treaties", "text/csv"),
    ],
)
def test_csv(server, address, accept):
    status, headers, body = ask(server, address, accept)
    assert (status, headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    columns = treaty_lists.COLUMNS if address == "/doc/treaty.csv" else treaty_forms.COLUMNS
    assert tuple(rows[0]) == columns
    counts = {"treaty-status": 1, "matrix": 560, "treaty.csv": 18, "cifta-1997": 35, "PER/treaties": 16}
    assert len(rows) == next(count for word, count in counts.items() if word in address)


def test_json_and_csv_of_the_matrix_say_the_same(server):
    rows = list(csv.DictReader(io.StringIO(ask(server, "/api/treaty-matrix?format=csv&on=2009-04-30")[2].decode())))
    document = json.loads(ask(server, "/api/treaty-matrix?on=2009-04-30")[2])
    assert [{name: value or "" for name, value in row.items()} for row in document["rows"]] == rows
    assert document["total"] == len(rows) == 35 * 16


# rdflib's own reader of JSON-LD still uses what rdflib has deprecated.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("accept", "media_type", "name"),
    [
        ("text/turtle", "text/turtle", "turtle"),
        ("application/n-triples", "application/n-triples", "nt"),
        ("application/rdf+xml", "application/rdf+xml", "xml"),
        ("application/ld+json", "application/ld+json", "json-ld"),
    ],
)
def test_a_states_treaties_as_rdf_are_triples_of_the_release(server, opened, accept, media_type, name):
    status, headers, body = ask(server, "/doc/country/PER/treaties", accept)
    assert (status, headers.get_content_type()) == (200, media_type)
    graph = Graph().parse(data=body, format=name)
    whole = opened.graph(
        "CONSTRUCT WHERE { ?s ?p ?o }", [f"{opened.identity_base}graph/{each}" for each in ("acts", "derived")]
    )
    assert len(graph) > 500
    assert len(graph - whole) == 0
    suffix = {"turtle": "ttl", "nt": "nt", "xml": "rdf", "json-ld": "jsonld"}[name]
    assert ask(server, f"/doc/country/PER/treaties.{suffix}")[2] == body


@pytest.mark.parametrize("address", ["/api/treaty-status?country=PER&treaty=cifta", "/doc/country/PER/treaties.json"])
def test_who_has_the_answer_gets_304(server, address):
    _, headers, _ = ask(server, address)
    status, again, body = ask(server, address, **{"If-None-Match": headers["ETag"]})
    assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
    other = ask(server, address.replace("PER", "CHL"))[1]["ETag"]
    assert other != headers["ETag"]


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("/api/treaty-status?country=Chlie&treaty=cifta", "CHL"),
        ("/api/treaty-status?country=PER&treaty=cfta", "cifta-1997"),
        ("/api/treaty-status?country=PER&treaty=corruption", "uncac-2003"),
        ("/api/treaty-status?country=PER&treaty=2000", "untoc-2000"),
        ("/api/treaty-status?country=Saint&treaty=cifta", "VCT"),
        ("/doc/treaty/cifta-1998.json", "cifta-1997"),
        ("/doc/country/PEU/treaties", "PER"),
    ],
)
def test_an_error_has_near_names_and_says_where_to_read_on(server, address, near):
    _, headers, body = ask(server, address)
    problem = json.loads(body)
    assert headers["Content-Type"] == "application/problem+json"
    assert near in problem["didYouMean"]
    assert "/api/openapi.json" in problem["hint"]
    assert headers["Cache-Control"] == "no-store"


def test_nothing_on_offer_fits(server):
    for address in ("/api/treaty-status?country=PER&treaty=cifta", "/doc/country/PER/treaties"):
        status, _, body = ask(server, address, "image/png")
        problem = json.loads(body)
        assert status == 406
        assert {"application/json", "text/csv"} <= set(problem["offered"])


def test_a_look_up_over_http_takes_no_longer_than_20_ms(server):
    """The median of look-ups that no cache has, each on another day."""
    taken = []
    for number in range(1, 29):
        start = perf_counter()
        status, _, _ = ask(server, f"/api/treaty-status?country=CHL&treaty=untoc-2000&on=2007-02-{number:02}")
        taken.append(perf_counter() - start)
        assert status == 200
    assert median(taken) < 0.020


def test_a_browser_gets_errors_as_a_page_and_text_as_text(server):
    address = "/api/treaty-status?country=PER&treaty=cfta"
    assert ask(server, address, "text/html, */*;q=0.8")[1].get_content_type() == "text/html"
    assert b"did you mean 'CIFTA'?" in ask(server, address, "text/plain, */*;q=0.1")[2]


def test_a_release_without_a_treaty_record_knows_no_treaty(tmp_path):
    """Files of anybody, served: nothing breaks, nothing is known."""
    from mem_graph.query import own_data
    from mem_graph.settings import Settings
    from mem_graph.web import create_app

    (tmp_path / "own.ttl").write_text("<urn:a> <urn:b> <urn:c> .", "utf-8")
    settings = Settings(default_graph="plain", workers=1)
    with own_data.opened([tmp_path / "own.ttl"], settings) as current:
        client = create_app(settings, current).test_client()
        assert client.get("/api/treaty-status?country=PER&treaty=cifta").status_code == 404
        assert client.get("/api/treaty-matrix").json["rows"] == []
        assert client.get("/doc/treaty.json").json["instruments"] == []

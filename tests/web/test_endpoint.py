"""``/sparql`` by tables: status, headers and form of each answer and each error."""

import json
import re
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pytest
from rdflib import Graph

from mem_graph import errors, web
from mem_graph.engine import media_types
from mem_graph.settings import Settings
from mem_graph.web import create_app
from mem_graph.web.words import words

ROWS, TRIPLES = "SELECT ?s { ?s a ?c } ORDER BY ?s", "CONSTRUCT WHERE { ?s a ?c }"
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
AAA = "http://example.org/graph/edition/AAA"
HTML = {"Accept": "text/html"}


def get(client, query=None, headers=None, **parameters):
    return client.get("/sparql", query_string={**({"query": query} if query else {}), **parameters}, headers=headers)


def accept_cases(name):
    for line in (Path(__file__).parents[1] / "accept" / f"{name}.txt").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            request, expected = line.rsplit("=>", 1)
            *parameters, accept = request.split(" & ")
            yield pytest.param(parameters, accept.strip(), expected.strip(), id=line)


@pytest.mark.parametrize(("parameters", "accept", "expected"), list(accept_cases("select")))
@pytest.mark.parametrize("query", [ROWS, "ASK {}"], ids=["select", "ask"])
def test_rows_are_answered_in_what_is_asked_for(client, query, parameters, accept, expected):
    check_type(client, query, parameters, accept, expected)


@pytest.mark.parametrize(("parameters", "accept", "expected"), list(accept_cases("construct")))
@pytest.mark.parametrize("query", [TRIPLES, f"DESCRIBE <{AAA}>", None], ids=["construct", "describe", "description"])
def test_triples_are_answered_in_what_is_asked_for(client, query, parameters, accept, expected):
    check_type(client, query, parameters, accept, expected)


def check_type(client, query, parameters, accept, expected):
    headers = {} if accept == "-" else {"Accept": accept}
    response = get(client, query, headers, **dict(each.split("=", 1) for each in parameters))
    assert response.status_code == (406 if expected == "406" else 200)
    if expected == "406":
        assert len(response.headers["Link"].split(",")) == 5
    else:
        assert response.mimetype == expected
        spoken = "Accept-Language, " if expected == "text/html" else ""  # a page has words of its own
        assert response.headers["Vary"] == f"Accept, {spoken}Accept-Encoding"


def test_text_says_that_it_is_utf_8(client):
    for name in ("csv", "tsv", "html"):
        assert get(client, ROWS, format=name).content_type.endswith("; charset=utf-8")
    assert get(client, ROWS).content_type == "application/sparql-results+json"


BAD = "SELECT * {\n ?s ?p }"
# What is sent, and status and code of the answer.
ERRORS = [
    ("GET", {"query_string": {"query": BAD}}, 400, "bad-request"),
    ("GET", {"query_string": {"query": ""}}, 400, "bad-request"),
    ("GET", {"query_string": {"default-graph-uri": AAA}}, 400, "bad-request"),
    ("GET", {"query_string": "query=ASK{}&query=ASK{}"}, 400, "bad-request"),
    ("GET", {"query_string": "query=%ff"}, 400, "bad-request"),
    ("GET", {"query_string": {"query": "ASK {}", "default-graph-uri": "http://x/"}}, 400, "bad-request"),
    ("GET", {"query_string": {"query": "ASK {}", "named-graph-uri": "file:///etc/passwd"}}, 400, "bad-request"),
    ("GET", {"query_string": {"query": "ASK FROM <http://127.0.0.1/> {}"}}, 400, "bad-request"),
    ("GET", {"query_string": {"query": "ASK FROM NAMED <http://127.0.0.1/> {}"}}, 400, "bad-request"),
    ("GET", {"query_string": {"query": "ASK { SERVICE <http://127.0.0.1:9/> {} }"}}, 400, "federation-refused"),
    ("GET", {"query_string": {"query": "ASK { SERVICE SILENT <http://127.0.0.1:9/> {} }"}}, 400, "federation-refused"),
    ("GET", {"query_string": {"query": "SELECT (<http://x/f>(1) AS ?y) {}"}}, 400, "bad-request"),
    ("GET", {"query_string": {"query": "INSERT DATA { <a:b> <a:b> 1 }"}}, 403, "update-refused"),
    ("GET", {"query_string": {"query": "PREFIX a: <a:b> LOAD <http://127.0.0.1/>"}}, 403, "update-refused"),
    ("GET", {"query_string": {"update": "CLEAR ALL"}}, 403, "update-refused"),
    ("POST", {"data": {"update": "CLEAR ALL"}}, 403, "update-refused"),
    ("POST", {"data": "CLEAR ALL", "content_type": "application/sparql-update"}, 403, "update-refused"),
    ("POST", {"data": "CLEAR ALL", "content_type": QUERY}, 403, "update-refused"),
    ("GET", {"query_string": {"query": "ASK {}"}, "headers": {"Accept": "image/png"}}, 406, "not-acceptable"),
    ("GET", {"query_string": {"query": "ASK {" + "{" * 200 + "}" * 200 + "}"}}, 413, "too-large"),
    ("POST", {"data": "ASK { " + " " * 1_000_000 + "}", "content_type": QUERY}, 413, "too-large"),
    ("POST", {"data": "x" * 10_000_001, "content_type": QUERY}, 413, "too-large"),
    ("GET", {"query_string": {"query": "ASK {}" + " " * 16_000}}, 414, "uri-too-long"),
    ("POST", {"data": "ASK {}", "content_type": "text/plain"}, 415, "unsupported-media-type"),
    ("POST", {"data": b"ASK {}"}, 415, "unsupported-media-type"),
    ("POST", {"data": {"query": (BytesIO(b"x"), "x")}}, 415, "unsupported-media-type"),
    ("POST", {}, 415, "unsupported-media-type"),
    ("POST", {"data": "", "content_type": FORM}, 400, "bad-request"),
    ("POST", {"data": b"\xff", "content_type": QUERY}, 400, "bad-request"),
    ("PUT", {}, 405, "method-not-allowed"),
    ("DELETE", {}, 405, "method-not-allowed"),
    ("PATCH", {}, 405, "method-not-allowed"),
    ("BREW", {}, 405, "method-not-allowed"),
]


@pytest.mark.parametrize(("method", "sent", "status", "code"), ERRORS)
def test_an_error_has_its_status_and_one_form(client, method, sent, status, code):
    response = client.open("/sparql", method=method, **sent)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem = response.json
    assert list(problem)[:4] == ["type", "title", "status", "detail"]
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"https://example.org/mem/errors#{code}"
    assert problem["requestId"] == response.headers["X-Request-Id"]
    assert response.headers["Cache-Control"] == "no-store"
    for word in ("Traceback", "/tmp", ".py", "mem_graph", "pyoxigraph", "Werkzeug"):
        assert word not in response.text


def test_every_error_that_is_ours_alone_is_met():
    assert len(ERRORS) == 33
    met = {code for *_, code in ERRORS}
    unmet = {"unknown-term", "time-limit", "memory-limit", "answer-limit", "unavailable", "not-found", "internal-error"}
    unmet |= {"too-many-requests", "exchanged"}
    codes = {kind.code for kind in web.STATUS} | set(web.OTHER.values())
    assert codes == met | unmet


def test_a_bad_query_has_line_column_and_advice(client):
    problem = get(client, BAD).json
    assert (problem["line"], problem["column"]) == (2, 8)
    assert "'}' cannot stand here" in problem["detail"]
    assert problem["hint"]
    assert get(client, "SELCT * {}").json["didYouMean"] == ["SELECT"]
    assert get(client, "ASK {}", **{"default-graph-uri": AAA.lower()}).json["didYouMean"][1] == AAA
    assert get(client, "ASK {" * 200 + "}" * 200).json["code"] == "bad-request"
    assert get(client, "ASK {" + "{" * 200 + "}" * 201).json["limit"] == 128
    assert "PREFIX skos: <http" in get(client, "ASK { ?s skos:note 1 }").json["detail"]


def test_an_error_is_written_as_the_client_asks(client):
    assert get(client, BAD, {"Accept": "text/plain"}).text.startswith("Bad request (400)\n\n'}' cannot stand here")
    page = get(client, BAD, HTML)
    assert (page.status_code, page.mimetype) == (400, "text/html")
    assert "line 2, column 8" in page.text
    assert "SELECT * {\n ?s ?p }</textarea>" in page.text
    for accept in ("text/csv", "text/turtle", "garbage", "*/*"):
        assert get(client, BAD, {"Accept": accept}).content_type == "application/problem+json"
    assert get(client, BAD, {"Accept": "image/png"}, format="html").mimetype == "text/html"


def test_a_method_that_is_not_allowed_says_which_are(client):
    assert set(client.put("/sparql").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert set(client.post("/health").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_options_and_preflight(client):
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    response = client.options("/sparql", headers=asked)
    assert (response.status_code, response.text) == (204, "")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Content-Type" not in response.headers


@pytest.mark.parametrize(
    "path", ["/", "/health", "/errors", "/sparql", "/sparql?query=ASK%7B%7D", "/sparql?query=x", "/nope"]
)
def test_every_answer_can_be_read_from_elsewhere_and_names_its_request(client, path, served):
    one, other = client.get(path), client.get(path)
    assert one.headers["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Link", "Retry-After"} <= set(one.headers["Access-Control-Expose-Headers"].split(", "))
    assert one.headers["X-Content-Type-Options"] == "nosniff"
    assert one.headers["X-MEM-Release"] == served.digest
    assert one.headers["X-Request-Id"] != other.headers["X-Request-Id"]


def test_a_tag_saves_the_answer(client):
    first = get(client, ROWS)
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = get(client, ROWS, {"If-None-Match": known})
        assert (again.status_code, again.text, again.headers["ETag"]) == (304, "", tag)
        assert again.headers["Vary"] == first.headers["Vary"]
    assert get(client, ROWS, {"If-None-Match": '"other"'}).status_code == 200
    others = [get(client, ROWS, format="csv"), get(client, f"{ROWS} "), get(client, ROWS, **{"default-graph-uri": AAA})]
    assert len({tag, *(other.headers["ETag"] for other in others)}) == 4
    assert get(client, ROWS).headers["Cache-Control"].startswith("public, max-age=")


def test_a_post_is_for_no_shared_cache(client):
    response = client.post(
        "/sparql", data=ROWS, content_type=QUERY, headers={"If-None-Match": get(client, ROWS).headers["ETag"]}
    )
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-cache"


def count(client, query, **dataset):
    return len(get(client, query, **dataset).json["results"]["bindings"])


def test_the_default_graph_is_the_union_and_a_dataset_narrows_it(client):
    everything = "SELECT ?s ?p ?o { ?s ?p ?o }"
    assert count(client, everything) == 21
    assert count(client, everything, **{"default-graph-uri": AAA}) == 9
    assert count(client, everything, **{"named-graph-uri": AAA}) == 0
    assert count(client, "SELECT ?s { GRAPH ?g { ?s ?p ?o } }", **{"named-graph-uri": AAA}) == 9
    assert count(client, f"SELECT * FROM <{AAA}> {{ ?s ?p ?o }}") == 9


def test_a_plain_default_graph_by_setting(releases):
    client = create_app(Settings(releases_dir=releases, default_graph="plain")).test_client()
    assert count(client, "SELECT ?s { ?s ?p ?o }") == 0
    assert count(client, "SELECT ?s { GRAPH ?g { ?s ?p ?o } }") == 21
    assert "UnionDefaultGraph" not in client.get("/sparql").text


def test_the_description_names_the_public_address_and_never_the_host(client):
    response = client.get(
        "/sparql", headers={"Host": "evil.example", "Accept": "text/turtle", "X-Forwarded-Host": "evil.example"}
    )
    assert "evil" not in response.text
    graph = Graph().parse(data=response.text, format="turtle")
    endpoints = list(graph.objects(predicate=graph.namespace_manager.expand_curie("sd:endpoint")))
    assert [str(each) for each in endpoints] == ["https://example.org/mem/sparql"]
    assert "sd:UnionDefaultGraph" in response.text


def test_the_page_asks_and_shows(client):
    page = client.get("/sparql", headers=HTML).text
    assert '<form id="ask" action="/mem/sparql" method="get"' in page
    assert 'name="query"' in page
    assert AAA in page
    rows = get(client, "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s ?o", HTML).text
    assert rows.count("<tr>") == 22
    assert '<a href="http://example.org/id/a1">' in rows
    assert "&lt;b&gt;bold&lt;/b&gt;, &amp; more" in rows
    assert "<b>" not in rows
    assert "yes" in get(client, "ASK { ?s ?p ?o }", HTML).text
    assert "mem:Report" in get(client, TRIPLES, HTML).text


def test_the_page_links_to_the_other_formats(client):
    page = get(client, ROWS, HTML, **{"default-graph-uri": AAA}).text
    links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('<a href="?')[1:]]
    assert [parse_qs(link)["format"] for link in links] == [[name] for name in ("json", "xml", "csv", "tsv")]
    for link in links:
        assert client.get(f"/sparql?{link}").status_code == 200
        assert parse_qs(link)["default-graph-uri"] == [AAA]


def test_a_page_that_shows_not_all_says_so(client, monkeypatch):
    monkeypatch.setattr(web.endpoint, "SHOWN", 2)
    page = get(client, f"{ROWS} # shown", HTML).text
    assert "5 rows. The first 2 of them are here." in page
    assert page.count("<tr>") == 3


HOSTILE = "<script>alert(1)</script>"
OWN = {f'<script src="/mem/static/{file}" defer>' for file in ("yasqe/yasqe.min.js", "editor.js")}


def test_hostile_words_are_only_words(client):
    query = f'SELECT ("{HOSTILE}" AS ?x) (IRI("javascript:alert(1)") AS ?y) {{}}'
    for asked in (query, f"{query} {HOSTILE}", HOSTILE):
        response = get(client, asked, HTML)
        assert set(re.findall("<script[^>]*>", response.text)) <= OWN
        assert 'href="javascript' not in response.text
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "<script" not in client.get(f"/{HOSTILE}", headers=HTML).text


def test_a_body_without_a_length_is_held_to_its_limit(client):
    sent = {"input_stream": BytesIO(b"x" * 10_000_001), "environ_overrides": {"wsgi.input_terminated": True}}
    response = client.post("/sparql", content_type=QUERY, **sent)
    assert (response.status_code, response.json["code"]) == (413, "too-large")


def test_the_page_of_a_query_that_is_too_large_is_none_of_its_size(client):
    asked = "ASK { " + " " * 3_000_000 + "}"
    response = client.post("/sparql", data={"query": asked}, headers=HTML)
    assert response.status_code == 413
    assert 1_000 < len(response.data) < 100_000


def test_no_header_can_be_put_in(client):
    sent = urlencode({"query": "ASK {}", "format": "csv\r\nX-Evil: 1", "default-graph-uri": "a:b\r\nX-Evil: 1"})
    response = client.get(f"/sparql?{sent}", headers={"X-Request-Id": "evil"})
    assert response.status_code == 400
    assert "X-Evil" not in response.headers
    assert response.headers["X-Request-Id"] != "evil"


def test_a_fault_of_ours_keeps_its_words_to_itself(releases, caplog):
    app = create_app(Settings(releases_dir=releases))

    class Broken:
        def graphs(self):
            return {}

        def query(self, request, media_type):
            raise OSError("/secret/path")

    serving = app.extensions["mem_graph.serving"]
    object.__setattr__(serving.get(), "store", Broken())
    response = app.test_client().get("/sparql?query=ASK%7B%7D")
    assert (response.status_code, response.json["code"]) == (500, "internal-error")
    assert "secret" not in response.text
    assert "/secret/path" in caplog.text
    assert response.json["requestId"] in caplog.text


def test_every_code_has_a_place_on_the_page_of_errors(client):
    page = client.get("/errors").text
    for code in {kind.code for kind in web.STATUS} | set(web.OTHER.values()):
        assert page.count(f'id="{code}"') == 1


def test_every_error_of_a_request_has_a_status():
    ours = {each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.MemGraphError)}
    inside = {errors.ExtractError, errors.ParseError, errors.CorrectionError, errors.NotConforming}
    inside |= {errors.RatingInDoubt, errors.ReleaseError, errors.SettingsError}
    leaves = {each for each in ours if not any(other is not each and issubclass(other, each) for other in ours)}
    assert leaves - inside == set(web.STATUS)
    codes = {each.code for each in ours} | set(web.OTHER.values())
    hints = {key.removeprefix("hint.") for key in words("en") if key.startswith("hint.")}
    assert len(hints) == 13
    assert hints - codes == {"api"}


def test_the_formats_on_offer_are_those_of_the_tables():
    assert len(media_types.RESULTS) == len(media_types.GRAPHS) == 5
    assert json.dumps([each.media_type for each in media_types.ERRORS])

"""The layer that answers queries before Flask says what Flask says, and is asked no more often."""

import pytest
from flask import Flask, request
from werkzeug.test import Client

from mem_graph.engine.media_types import GRAPHS, RESULTS
from mem_graph.errors import Exchanged, TimeLimit
from mem_graph.settings import Settings
from mem_graph.web import create_app
from mem_graph.web.cache import Cache
from mem_graph.web.front import Front
from mem_graph.web.metrics import Metrics

ROWS, TRIPLES = "SELECT * { ?s a ?c } ORDER BY ?s", "CONSTRUCT WHERE { ?s a ?c }"
AAA = "http://example.org/graph/edition/AAA"


@pytest.fixture(scope="module")
def app(releases):
    return create_app(Settings(releases_dir=releases))


@pytest.fixture(scope="module")
def flask_alone(app):
    """The application as it is without the layer; its cache keeps nothing."""
    serving = app.extensions["mem_graph.serving"]
    return Client(Front(Cache(Flask.wsgi_app.__get__(app), serving.digest, 0), Metrics()))


@pytest.fixture
def reached(monkeypatch):
    """The addresses that Flask was asked for."""
    seen = []
    real = Flask.full_dispatch_request

    def dispatched(self):
        seen.append(request.path)
        return real(self)

    monkeypatch.setattr(Flask, "full_dispatch_request", dispatched)
    return seen


# What is asked: parameters and headers of requests that Flask need not see.
PLAIN = [
    *(({"query": query, "format": each.name}, {}) for query in (ROWS, "ASK {}") for each in RESULTS[:-1]),
    *(({"query": query, "format": each.name}, {}) for query in (TRIPLES, f"DESCRIBE <{AAA}>") for each in GRAPHS[:-1]),
    ({"query": ROWS}, {}),
    ({"query": TRIPLES}, {}),
    ({"query": ROWS}, {"Accept": "text/csv;q=0.5, application/json"}),
    ({"query": ROWS}, {"Accept-Encoding": "gzip"}),
    ({"query": "SELECT (NOW() AS ?now) { FILTER(false) }"}, {}),
    ({"query": "ASK {}", "timeout": "5"}, {}),
    ({"query": ROWS, "default-graph-uri": AAA}, {}),
    ({"query": ROWS, "unknown": "x"}, {}),
    ({"query": "SELECT ?x { VALUES ?x { 'é' '漢' } }", "format": "csv"}, {}),
]
# And of those that it has to answer.
OTHERS = [
    ({"query": ROWS}, {"Accept": "text/html"}),
    ({"query": ROWS, "format": "html", "lang": "es"}, {}),
    ({"query": ROWS, "explain": "1"}, {}),
    ({"query": "ASK {}"}, {"If-None-Match": "*"}),
    ({"query": "ASK {}"}, {"Connection": "Upgrade", "Upgrade": "websocket"}),
    ({}, {}),
    ({}, {"Accept": "text/html"}),
    ({"query": ""}, {}),
    ({"query": ["ASK {}", "ASK {}"]}, {}),
    ({"query": "ASK {}", "timeout": "soon"}, {}),
    ({"query": "SELECT * {\n ?s ?p }"}, {}),
    ({"query": "SELECT * {\n ?s ?p }"}, {"Accept": "text/html"}),
    ({"query": "SELECT (<http://x/f>(1) AS ?y) {}"}, {}),
    ({"query": "ASK {}", "default-graph-uri": "http://x/"}, {}),
    ({"query": "ASK { SERVICE <http://127.0.0.1:9/> {} }"}, {"Accept": "text/plain"}),
    ({"query": "INSERT DATA { <a:b> <a:b> 1 }"}, {}),
    ({"update": "CLEAR ALL"}, {}),
    ({"query": ROWS}, {"Accept": "image/png"}),
    ({"query": "ASK {" + "{" * 200 + "}" * 200 + "}"}, {}),
    ({"query": "ASK {}" + " " * 16_000}, {}),
]


def said(client, asked, headers):
    """What is answered, without the name that every request has of its own."""
    response = client.get("/sparql", query_string=asked, headers=headers)
    body = response.text.replace(response.headers["X-Request-Id"], "") if "gzip" not in str(headers) else response.data
    return response.status_code, {**response.headers, "X-Request-Id": ""}, body


@pytest.mark.parametrize(("asked", "headers"), PLAIN, ids=str)
def test_a_plain_query_is_answered_as_by_flask_and_without_it(app, flask_alone, reached, asked, headers):
    answer = said(app.test_client(), asked, headers)
    assert answer[0] == 200
    assert reached == []
    assert answer == said(flask_alone, asked, headers)
    assert reached == ["/sparql"]


@pytest.mark.parametrize(("asked", "headers"), OTHERS, ids=lambda each: str(each)[:80])
def test_all_else_is_answered_by_flask(app, flask_alone, reached, asked, headers):
    assert said(app.test_client(), asked, headers) == said(flask_alone, asked, headers)
    assert reached == ["/sparql"] * 2


def test_head_is_get_without_its_body(app, reached):
    client = app.test_client()
    got, head = (client.open("/sparql?query=ASK%7B%7D%23head", method=method) for method in ("GET", "HEAD"))
    assert head.data == b""
    assert {**head.headers, "X-Request-Id": ""} == {**got.headers, "X-Request-Id": ""}
    assert reached == []


def failing(app, monkeypatch, *errors):
    """Have the store of an application end so many queries with errors first; the queries that it was asked."""
    store, seen = app.extensions["mem_graph.serving"].get().store, []
    real = type(store).query

    def query(self, request, media_type):
        seen.append(request)
        if len(seen) <= len(errors):
            raise errors[len(seen) - 1]
        return real(self, request, media_type)

    monkeypatch.setattr(type(store), "query", query)
    return seen


def test_a_query_that_fails_is_asked_once_and_told_of_as_ever(app, monkeypatch, reached):
    asked = failing(app, monkeypatch, TimeLimit(limit=30))
    response = app.test_client().get("/sparql?query=ASK%7B%7D%23fails")
    assert (response.status_code, response.json["code"]) == (503, "time-limit")
    assert response.headers["Retry-After"] == "10"
    assert (len(asked), reached) == (1, ["/sparql"])


def test_where_the_release_is_exchanged_the_new_one_is_asked(app, monkeypatch):
    monkeypatch.setattr(app.extensions["mem_graph.serving"], "wait", lambda digest, until: None)
    asked = failing(app, monkeypatch, Exchanged(release="a" * 64))
    response = app.test_client().get("/sparql?query=ASK%7B%7D%23exchanged")
    assert (response.status_code, response.json["boolean"]) == (200, True)
    assert len(asked) == 2


def test_what_flask_answers_counts_once_for_its_client(releases):
    client = create_app(Settings(releases_dir=releases, rate_limit=5, cache_bytes=0)).test_client()
    wrong = [client.get("/sparql?query=ASK%7B").status_code for _ in range(6)]
    assert wrong == [400] * 5 + [429]

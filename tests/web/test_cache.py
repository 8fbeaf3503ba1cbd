"""The layer before Flask: what is kept, under which key, in which coding, and for how long."""

import gzip
from urllib.parse import quote

import pytest

from mem_graph.settings import Settings
from mem_graph.web import create_app
from mem_graph.web.cache import Cache, accepted_coding

ROWS = "/sparql?query=" + quote("SELECT ?s ?p ?o { ?s ?p ?o }")
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def app(releases):
    return create_app(Settings(releases_dir=releases))


@pytest.fixture
def asked(app, monkeypatch):
    """The queries that reached the store."""
    seen = []
    store = app.extensions["mem_graph.serving"].get().store
    real = type(store).query
    monkeypatch.setattr(type(store), "query", lambda self, *args: seen.append(args) or real(self, *args))
    return seen


def facts(app):
    return app.extensions["mem_graph.cache"].facts


def test_the_same_again_is_answered_without_the_store(app, asked):
    client = app.test_client()
    one, two = client.get(ROWS), client.get(ROWS)
    assert len(asked) == 1
    assert one.data == two.data
    changing = {"X-Request-Id"}
    assert dict(one.headers).keys() == dict(two.headers).keys()
    assert [one.headers[name] == two.headers[name] for name in dict(one.headers)].count(False) == len(changing)
    assert one.headers["X-Request-Id"] != two.headers["X-Request-Id"]
    assert facts(app)["hits"] == facts(app)["misses"] == facts(app)["entries"] == 1


@pytest.mark.parametrize(
    "other",
    [
        {"path": f"{ROWS}%20"},
        {"path": f"{ROWS}&format=csv"},
        {"path": ROWS, "headers": {"Accept": "text/csv"}},
        {"path": ROWS, "headers": GZIP},
        {"path": ROWS, "environ_overrides": {"SCRIPT_NAME": "/mem"}},
    ],
    ids=["query", "parameter", "accept", "coding", "prefix"],
)
def test_another_key_is_another_answer(app, asked, other):
    client = app.test_client()
    client.get(ROWS)
    client.get(**other)
    assert len(asked) == 2


def test_head_is_answered_from_what_get_left_and_leaves_the_same(app, asked):
    client = app.test_client()
    head, get = client.head(ROWS), client.get(ROWS)
    assert len(asked) == 1
    assert head.data == b""
    assert int(head.headers["Content-Length"]) == len(get.data)
    assert client.head(ROWS).headers["ETag"] == get.headers["ETag"]


@pytest.mark.parametrize(
    "path", ["/health", "/metrics", "/sparql?query=x", "/nope", "/sparql?query=ASK%7B%7D&default-graph-uri=a:b"]
)
def test_what_is_no_public_answer_is_not_kept(app, path):
    client = app.test_client()
    for _ in range(2):
        client.get(path)
    assert facts(app)["entries"] == 0


VARYING = [
    "SELECT (RAND() AS ?x) {}",
    "SELECT (STR(now ( )) AS ?x) {}",
    "SELECT (UUID() AS ?x) {}",
    "SELECT (STRUUID() AS ?x) {}",
    "SELECT (BNODE() AS ?x) {}",
    "CONSTRUCT { [] <a:b> ?s } WHERE { ?s ?p ?o }",
    "CONSTRUCT { _:x <a:b> ?s } WHERE { ?s ?p ?o }",
    "CONSTRUCT { ?s <a:b> ( ?o ) } WHERE { ?s ?p ?o }",
]


@pytest.mark.parametrize("query", VARYING)
def test_what_is_another_each_time_is_not_kept_and_has_no_tag(app, query):
    client = app.test_client()
    path = f"/sparql?query={quote(query)}"
    one, two = client.get(path), client.get(path)
    assert one.status_code == two.status_code == 200
    assert one.data != two.data
    assert "ETag" not in one.headers
    assert one.headers["Cache-Control"] == "no-store"
    assert facts(app)["entries"] == 0
    assert client.get(path, headers={"If-None-Match": "*"}).status_code == 200


@pytest.mark.parametrize(
    "other",
    [
        {"default_graph": "plain"},
        {"public_url": "https://example.org/mem/"},
        {"title": "Another"},
        {"contact": "mailto:a@example.org"},
        {"row_limit": 7_000},
        {"deadline": 7.0},
    ],
    ids=lambda other: next(iter(other)),
)
def test_settings_that_change_an_answer_change_its_tag(releases, other):
    """One release and one software, but a server that was started anew with other settings."""
    one, two = (create_app(Settings(releases_dir=releases, **more)).test_client() for more in ({}, other))
    described = [each.get("/sparql", headers={"Accept": "text/turtle"}) for each in (one, two)]
    tag = described[0].headers["ETag"]
    assert described[1].headers["ETag"] != tag
    assert two.get("/sparql", headers={"Accept": "text/turtle", "If-None-Match": tag}).status_code == 200
    answers = [each.get(ROWS) for each in (one, two)]
    assert answers[0].headers["ETag"] != answers[1].headers["ETag"]


def test_the_same_server_started_anew_has_the_same_tags_and_bytes(releases):
    one, two = (create_app(Settings(releases_dir=releases, workers=2, cache_bytes=0)).test_client() for _ in range(2))
    for path in (ROWS, "/sparql", "/.well-known/void", "/catalogue", "/graph-store?default"):
        first, second = one.get(path), two.get(path)
        assert (first.headers["ETag"], first.data) == (second.headers["ETag"], second.data)


def test_a_page_below_another_prefix_has_another_tag(app):
    client = app.test_client()
    asked = {"path": ROWS, "headers": {"Accept": "text/html"}}
    tags = {client.get(**asked, environ_overrides={"SCRIPT_NAME": name}).headers["ETag"] for name in ("", "/mem")}
    assert len(tags) == 2


def test_a_post_is_neither_kept_nor_answered_from_here(app, asked):
    client = app.test_client()
    client.get("/sparql?query=ASK%7B%7D")
    for _ in range(2):
        client.post("/sparql", data={"query": "ASK{}"})
    assert len(asked) == 3
    assert facts(app)["entries"] == 1


def test_it_holds_no_more_than_it_has_room_for(releases):
    app = create_app(Settings(releases_dir=releases, cache_bytes=20_000))
    client = app.test_client()
    for number in range(100):
        client.get(f"/sparql?query=ASK%7B%7D%23{number}")
        assert facts(app)["bytes"] <= 20_000
    assert 5 < facts(app)["entries"] < 30
    hits = facts(app)["hits"]
    client.get("/sparql?query=ASK%7B%7D%2399")
    client.get("/sparql?query=ASK%7B%7D%230")
    assert facts(app)["hits"] == hits + 1


def test_a_large_answer_is_not_kept(releases):
    app = create_app(Settings(releases_dir=releases, cache_bytes=8_000))
    assert app.test_client().get(ROWS).status_code == 200
    assert facts(app)["entries"] == 0


def test_without_room_every_answer_is_made_anew(releases):
    app = create_app(Settings(releases_dir=releases, cache_bytes=0))
    client = app.test_client()
    assert client.get("/sparql?query=ASK%7B%7D").data == client.get("/sparql?query=ASK%7B%7D").data
    assert facts(app)["entries"] == 0
    assert client.get(ROWS, headers=GZIP).headers["Content-Encoding"] == "gzip"


def test_gzip_is_sent_to_who_takes_it_under_a_tag_of_its_own(app):
    client = app.test_client()
    plain, coded = client.get(ROWS), client.get(ROWS, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert coded.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(coded.data) == plain.data
    assert int(coded.headers["Content-Length"]) == len(coded.data) < len(plain.data)
    assert coded.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"'
    for response in (plain, coded):
        assert response.headers["Vary"] == "Accept, Accept-Encoding"
    assert client.get(ROWS, headers=GZIP).data == coded.data


def test_an_answer_to_a_post_is_coded_too(app):
    client = app.test_client()
    asked = {"data": {"query": "SELECT ?s ?p ?o { ?s ?p ?o }"}}
    plain, coded = client.post("/sparql", **asked), client.post("/sparql", headers=GZIP, **asked)
    assert gzip.decompress(coded.data) == plain.data
    assert coded.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"'
    assert client.post("/sparql", headers={"If-None-Match": "*"}, **asked).status_code == 200
    assert facts(app)["entries"] == facts(app)["misses"] == 0


@pytest.mark.parametrize("warm", [True, False], ids=["kept", "not kept"])
@pytest.mark.parametrize("coding", [{}, GZIP], ids=["plain", "gzip"])
def test_a_tag_saves_the_answer_in_its_own_coding_alone(app, asked, warm, coding):
    client = app.test_client()
    tag = client.get(ROWS, headers=coding).headers["ETag"]
    other = client.get(ROWS, headers={} if coding else GZIP).headers["ETag"]
    if not warm:
        client = create_app(app.extensions["mem_graph.settings"]).test_client()
    asked.clear()
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        response = client.get(ROWS, headers={**coding, "If-None-Match": known})
        assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", tag)
        assert {"Cache-Control", "Vary", "X-MEM-Release"} <= set(response.headers.keys())
        assert not {"Content-Length", "Content-Type", "Content-Encoding"} & set(response.headers.keys())
    assert asked == []
    assert client.get(ROWS, headers={**coding, "If-None-Match": other}).status_code == 200


def test_a_swapped_release_needs_no_emptying(tmp_path, make_release, wait_until):
    first = make_release(tmp_path)
    app = create_app(Settings(releases_dir=tmp_path))
    client = app.test_client()
    old = client.get(ROWS)
    second = make_release(tmp_path, version="0.2.0")
    wait_until(lambda: client.get(ROWS).headers["X-MEM-Release"] == second.digest)
    assert client.get(ROWS).headers["ETag"] != old.headers["ETag"]
    assert client.get(ROWS).json["head"]["link"][0].endswith(second.digest)
    assert client.get(f"/release/{first.digest}{ROWS}").json["head"]["link"][0].endswith(first.digest)


def test_an_answer_is_kept_for_the_release_that_gave_it():
    """The pointer may move between the look at the digest and the answer."""
    headers = [("X-MEM-Release", "new"), ("ETag", '"t"'), ("Cache-Control", "public, max-age=60")]
    told = ["old"]

    def application(environ, start):
        told[0] = "new"
        start("200 OK", headers)
        return [b"answer of the new one"]

    cache = Cache(application, lambda: told[0], 10_000)
    ask = {"REQUEST_METHOD": "GET", "PATH_INFO": "/sparql"}
    list(cache(dict(ask), lambda *_: None))
    assert [key[0] for key in cache._entries] == ["new"]
    list(cache(dict(ask), lambda *_: None))
    assert cache.facts["hits"] == 1


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("deflate, gzip;q=1.0, *;q=0.5", "gzip"),
        ("gzip;q=0", ""),
        ("gzip; q=0.000", ""),
        ("gzip;q=0.001", "gzip"),
        ("*", "gzip"),
        ("*;q=0", ""),
        ("identity", ""),
        ("br, zstd", ""),
        ("gzipped", ""),
        (";;;,,,", ""),
    ],
)
def test_the_coding_is_what_the_client_takes(header, coding):
    assert accepted_coding(header) == coding

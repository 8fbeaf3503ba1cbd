"""The application: its landing page, its health, and how it starts with a release, without one, with a damaged one."""

import json
import re
from urllib.parse import urlsplit

import pytest

from mem_graph.errors import ReleaseError
from mem_graph.query.current import Current
from mem_graph.query.serving import Serving
from mem_graph.settings import Settings
from mem_graph.web import create_app


def test_health(client, served):
    response = client.get("/health")
    assert (response.status_code, response.content_type) == (200, "application/json")
    assert response.json == {"status": "ok", "release": served.digest, "graphs": 3, "triples": 21}


def test_the_landing_page_names_the_endpoint_and_the_release(client, served):
    text = client.get("/")
    assert text.content_type == "text/plain; charset=utf-8"
    page = client.get("/", headers={"Accept": "text/html"})
    assert page.content_type == "text/html; charset=utf-8"
    for answer in (text, page):
        assert served.digest in answer.text
        assert "/sparql" in answer.text
        assert "21 triples in 3 graphs" in answer.text
    assert client.head("/").status_code == 200
    assert client.get("/", headers={"Accept": "image/png"}).status_code == 406


def test_the_editor_has_scripts_and_they_come_from_here(client):
    page = client.get("/sparql", headers={"Accept": "text/html"})
    assert re.findall("<script[^>]*>", page.text) == [
        '<script src="/mem/static/yasqe/yasqe.min.js" defer>',
        '<script src="/mem/static/editor.js" defer>',
    ]
    assert "style=" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "'unsafe" not in policy


@pytest.mark.parametrize("path", ["/", "/errors", "/nope"])
def test_pages_need_nothing_from_elsewhere_and_no_script(client, path):
    page = client.get(path, headers={"Accept": "text/html"})
    assert "<script" not in page.text.replace('<script type="application/ld+json">', "")  # data, which no browser runs
    assert "style=" not in page.text
    assert 'href="/mem/static/style.css"' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "script" not in policy
    assert "'unsafe" not in policy


def test_the_style_is_served(client):
    with client.get("/static/style.css") as style:
        assert style.mimetype == "text/css"
    for path in ("/static/../__init__.py", "/static/%2e%2e/__init__.py", "/static/nope.css", "/static/"):
        assert client.get(path).status_code == 404


def test_below_a_prefix_links_keep_it(app):
    client = app.test_client()
    assert 'action="/mem/sparql"' in client.get("/sparql", headers={"Accept": "text/html", "Host": "evil.example"}).text


def test_it_starts_without_a_release_and_takes_one_up(tmp_path, make_release):
    client = create_app(Settings(releases_dir=tmp_path)).test_client()
    for path in ("/", "/sparql", "/sparql?query=ASK%7B%7D"):
        response = client.get(path)
        assert (response.status_code, response.json["code"]) == (503, "unavailable")
        assert "mem-graph build" in response.json["hint"]
        assert response.headers["Retry-After"] == "10"
        assert str(tmp_path) not in response.text
        assert "X-MEM-Release" not in response.headers
    assert client.get("/health").status_code == 503
    assert client.get("/health").json == {"status": "unavailable", "reason": "none has been built"}
    assert client.get("/sparql", headers={"Accept": "text/html"}).status_code == 503
    assert client.options("/sparql").status_code == 204
    made = make_release(tmp_path)
    assert client.get("/sparql?query=ASK%7B%7D").json["boolean"] is True
    assert client.get("/health").json["release"] == made.digest


def test_a_damaged_release_is_not_served(tmp_path, make_release, caplog):
    made = make_release(tmp_path)
    data = made.folder / "data.nq"
    data.write_bytes(data.read_bytes().replace(b"Aaa", b"Bbb"))
    with pytest.raises(ReleaseError, match="digest differs"):
        Current.open(made.folder, Settings())
    client = create_app(Settings(releases_dir=tmp_path)).test_client()
    response = client.get("/sparql?query=ASK%7B%7D")
    assert (response.status_code, response.json["code"]) == (503, "unavailable")
    assert "not as recorded" in response.json["detail"]
    assert str(tmp_path) not in json.dumps(response.json)
    assert "digest differs" in caplog.text


def test_a_server_prepares_its_release_before_it_is_asked_and_data_that_is_open_only_then(releases, served, wait_until):
    prepared = []
    serving = Serving(Settings(releases_dir=releases), prepare=prepared.append)
    serving.prepare()  # none is open yet
    held = serving.get()
    assert prepared == []
    serving.prepare()
    wait_until(lambda: prepared == [held])
    serving.close()
    current = Current.open(served.folder, Settings())
    Serving(Settings(), current, prepared.append).prepare()
    assert prepared == [held]
    current.close()


def test_a_release_that_is_open_is_served_as_it_is(served):
    current = Current.open(served.folder, Settings())
    client = create_app(Settings(releases_dir=served.folder), current).test_client()
    assert client.get("/health").json["release"] == current.digest == served.digest
    current.store.close()


def test_the_type_of_a_problem_leads_to_its_words(client):
    kind = client.get("/nope").json["type"]
    assert kind == "https://example.org/mem/errors#not-found"
    assert f'id="{urlsplit(kind).fragment}"' in client.get("/errors").text

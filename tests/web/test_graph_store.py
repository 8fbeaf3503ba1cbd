"""Graphs by parameter and by address: what is read, and that nothing is written."""

from urllib.parse import quote

import pyoxigraph
import pytest
from rdflib import Graph

from mem_graph.graph import release
from mem_graph.settings import Settings
from mem_graph.web import create_app, exact
from mem_graph.web.graph_store import FORMATS

GRAPH = "http://example.org/graph/edition/AAA"
ONE = "/graph-store?graph=" + quote(GRAPH, safe="")
BASE = "https://w3id.org/mem-graph/"


def size(response, name):
    quads = pyoxigraph.parse(response.data, format=pyoxigraph.RdfFormat.from_media_type(response.mimetype))
    return len(list(quads))


@pytest.mark.parametrize("chosen", FORMATS, ids=lambda each: each.name)
@pytest.mark.parametrize(("path", "count"), [(ONE, 9), ("/graph-store?default", 21)])
def test_a_graph_is_had_in_every_format(client, path, count, chosen):
    for response in (
        client.get(path, headers={"Accept": chosen.media_type}),
        client.get(f"{path}&format={chosen.name}"),
    ):
        assert (response.status_code, response.mimetype) == (200, chosen.media_type)
        assert size(response, chosen.name) == count
        assert response.headers["Vary"] == "Accept, Accept-Encoding"


def test_the_first_format_is_turtle_and_what_is_none_is_refused(client):
    assert client.get(ONE).mimetype == client.get(ONE, headers={"Accept": "*/*"}).mimetype == "text/turtle"
    response = client.get(ONE, headers={"Accept": "image/png"})
    assert (response.status_code, len(response.json["offered"])) == (406, len(FORMATS))


def test_named_formats_keep_the_name(client):
    for name in ("trig", "nquads"):
        data = client.get(f"{ONE}&format={name}").data
        quads = pyoxigraph.parse(
            data, format=getattr(pyoxigraph.RdfFormat, {"trig": "TRIG", "nquads": "N_QUADS"}[name])
        )
        assert {each.graph_name.value for each in quads} == {GRAPH}


def test_head_has_the_headers_of_get(client):
    head, get = client.head(ONE), client.get(ONE)
    assert head.data == b""
    for name in ("Content-Type", "Content-Length", "ETag", "X-MEM-Release"):
        assert head.headers[name] == get.headers[name]
    assert client.head("/graph-store?graph=http://example.org/none").status_code == 404


def test_a_tag_saves_the_graph(client):
    tag = client.get(ONE).headers["ETag"]
    assert client.get(ONE, headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/graph-store?default").headers["ETag"] != tag


def test_an_unknown_graph_is_not_found_and_those_alike_are_named(client):
    response = client.get("/graph-store?graph=http://example.org/graph/edition/AAB")
    assert (response.status_code, response.json["code"]) == (404, "unknown-term")
    assert GRAPH in response.json["didYouMean"]
    moved = client.get("/graph-store?graph=https://elsewhere.example/terms")
    assert moved.json["didYouMean"] == ["http://example.org/graph/terms"]


@pytest.mark.parametrize(
    "asked",
    ["", "?graph=", "?graph=a:b&graph=a:b", "?default&graph=a:b", "?default&default", "?graph=%ff", "?other=1"],
)
def test_one_graph_is_named_once(client, asked):
    response = client.get(f"/graph-store{asked}")
    assert response.status_code == (404 if asked == "?graph=" else 400)
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", [ONE, "/graph-store?default", "/graph-store", "/graph/edition/AAA", "/graph/new"])
def test_nothing_is_written(client, method, path):
    response = client.open(path, method=method, data="<a:b> <a:b> <a:b> .", content_type="text/turtle")
    assert (response.status_code, response.json["code"]) == (405, "method-not-allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A client of a release whose graphs stand below its identity base; with numbers and blank nodes of all kinds."""
    folder = tmp_path_factory.mktemp("own")
    xsd = "http://www.w3.org/2001/XMLSchema#"
    lines = [
        f'<{BASE}id/x> <{BASE}p> "007"^^<{xsd}nonNegativeInteger> <{BASE}graph/tables> .',
        f'<{BASE}id/x> <{BASE}p> "1.50"^^<{xsd}decimal> <{BASE}graph/tables> .',
        f'<{BASE}id/x> <{BASE}p> "_:c14n9 <a:b> .\\n\\"x\\" <http://e/> ." <{BASE}graph/tables> .',
        f'<{BASE}id/x> <{BASE}p> "hier"@de-ch <{BASE}graph/edition/PER-R6/en/1> .',
        f"<{BASE}id/x> <{BASE}p> <{BASE}graph/tables> <{BASE}graph/edition/PER-R6/en/1> .",
        f"_:c14n0 <{BASE}p> _:c14n1 <{BASE}graph/ontology> .",
        f"_:c14n1 <{BASE}p> <{BASE}id/x> <{BASE}graph/ontology> .",
    ]
    data = "".join(f"{line}\n" for line in sorted(lines)).encode()
    with release.writing(folder):
        release.switch(folder, release.write(folder, {release.DATA: data}, {"version": "0", "identity_base": BASE}))
    return create_app(Settings(releases_dir=folder, public_url="https://example.org/mem/")).test_client()


def test_a_graph_below_the_base_is_had_at_its_own_address(own):
    for name in ("tables", "ontology", "edition/PER-R6/en/1"):
        response = own.get(f"/graph/{name}", headers={"Accept": "application/n-triples"})
        other = own.get(f"/graph-store?graph={BASE}graph/{name}&format=nt")
        assert response.status_code == 200
        assert response.data == other.data
    response = own.get("/graph/edition/PER-R6/en/2")
    assert (response.status_code, response.json["didYouMean"][0]) == (404, f"{BASE}graph/edition/PER-R6/en/1")
    assert own.get("/graph/").status_code == own.get("/graph").status_code == 404


@pytest.mark.parametrize("chosen", FORMATS, ids=lambda each: each.name)
@pytest.mark.parametrize("name", ["tables", "ontology", "edition/PER-R6/en/1"])
def test_what_is_kept_comes_out_as_it_is_in_every_format(own, name, chosen):
    kept = set(own.get(f"/graph/{name}?format=nt").data.splitlines())
    response = own.get(f"/graph/{name}", headers={"Accept": chosen.media_type})
    assert b"urn:uuid" not in response.data
    found = pyoxigraph.parse(response.data, format=pyoxigraph.RdfFormat.from_media_type(chosen.media_type))
    lines = pyoxigraph.serialize([each.triple for each in found], format=pyoxigraph.RdfFormat.N_TRIPLES).splitlines()
    assert set(lines) == kept


def test_the_default_graph_has_each_triple_once(client, own):
    lines = own.get("/graph-store?default&format=nt").data.splitlines()
    assert len(lines) == len(set(lines)) == 7
    assert lines == sorted(lines)


def test_of_a_dataset_with_unnamed_triples_each_graph_is_told_apart():
    nquads = b'<a:s> <a:p> <a:g> .\n<a:s> <a:p> <a:o> <a:g> .\n<a:s> <a:p> "x" .\n'
    assert exact.triples_of(nquads, "a:g", False) == b"<a:s> <a:p> <a:o> .\n"
    assert exact.triples_of(nquads, None, False) == b'<a:s> <a:p> "x" .\n<a:s> <a:p> <a:g> .\n'
    assert exact.triples_of(nquads, None, True).count(b"\n") == 3


def test_a_graph_over_the_limit_of_rows_is_refused(releases):
    client = create_app(Settings(releases_dir=releases, row_limit=8)).test_client()
    response = client.get(ONE)
    assert (response.status_code, response.json["code"]) == (503, "answer-limit")


def test_rdflib_reads_what_is_sent(client):
    assert len(Graph().parse(data=client.get(ONE).data, format="turtle")) == 9

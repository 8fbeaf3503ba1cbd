"""VoID, DCAT and the files of a release: what is said of them, and that it is true."""

import base64
import hashlib
import json
from time import perf_counter

import pyoxigraph
import pytest
from flask.testing import FlaskClient
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, VOID, XSD

from mem_graph.engine import quads
from mem_graph.errors import Unavailable
from mem_graph.graph import catalog, release
from mem_graph.iris import PREFIXES, Iris
from mem_graph.query.current import Current
from mem_graph.settings import Settings
from mem_graph.web import close, converted, create_app
from mem_graph.web.describing import FORMATS
from mem_graph.web.dumps import Making

DCAT, SPDX = Namespace(PREFIXES["dcat"]), catalog.SPDX
BASE, ROOT = "https://w3id.org/mem-graph/", "https://example.org/mem/"
MEM = PREFIXES["mem"]


class Closing(FlaskClient):
    """A client that reads each answer at once, so that no file stays open."""

    def open(self, *args, **kwargs):
        return super().open(*args, buffered=True, **kwargs)


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """A client of a release with one edition, which describes itself."""
    folder, iris = tmp_path_factory.mktemp("described"), Iris(BASE)
    edition, tables = Graph(), Graph()
    edition.add((URIRef(iris.report("PER-R6")), RDF.type, URIRef(f"{MEM}Report")))
    edition.add((URIRef(iris.report("PER-R6")), DCTERMS.issued, Literal("2014", datatype=XSD.gYear)))
    tables.add((URIRef(iris.country("PER")), RDF.type, URIRef(f"{MEM}Country")))
    graphs = {"edition/PER-R6/en/1": edition, "tables": tables}
    triples = {iris.graph(name): graph.serialize(format="nt", encoding="utf-8") for name, graph in graphs.items()}
    counts = quads.count(quads.canonical_nquads(triples).splitlines(keepends=True))
    graphs["catalogue"] = catalog.describe(counts, [catalog.Listed("PER-R6/en/1", 2014)], iris)
    lines = [
        f"{line[:-2]} <{iris.graph(name)}> .\n"
        for name, graph in graphs.items()
        for line in graph.serialize(format="nt").splitlines()
        if line
    ]
    files = {
        release.DATA: "".join(sorted(lines)).encode(),
        "catalogue.ttl": graphs["catalogue"].serialize(format="turtle").encode(),
        "readings/PER-R6-en-1.json": b"{}\n",
        "sources/PER-R6-en-1.txt": "Perú\n".encode(),
    }
    with release.writing(folder):
        release.switch(folder, release.write(folder, files, {"version": "0", "identity_base": BASE}))
    app = create_app(Settings(releases_dir=folder, public_url=ROOT))
    app.test_client_class = Closing
    return app.test_client()


def graph_at(client, path):
    return Graph().parse(data=client.get(path, headers={"Accept": "application/n-triples"}).data, format="nt")


@pytest.mark.parametrize("path", ["/.well-known/void", "/catalogue"])
@pytest.mark.parametrize("chosen", FORMATS, ids=lambda each: each.name)
def test_a_description_is_had_in_every_format_for_graphs(described, client, path, chosen):
    for each in (described, client):
        response = each.get(path, headers={"Accept": chosen.media_type})
        assert (response.status_code, response.mimetype) == (200, chosen.media_type)
        quads = pyoxigraph.parse(response.data, format=pyoxigraph.RdfFormat.from_media_type(chosen.media_type))
        assert len(list(quads)) > 20
        assert each.get(path, headers={"If-None-Match": each.get(path).headers["ETag"]}).status_code == 304
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


def test_void_counts_the_release_and_leads_to_endpoint_and_files(described):
    void, dataset = graph_at(described, "/.well-known/void"), URIRef(f"{BASE}id/release")
    assert void.value(URIRef(f"{ROOT}.well-known/void"), FOAF.primaryTopic) == dataset
    assert int(void.value(dataset, VOID.triples)) == 3
    assert void.value(dataset, VOID.sparqlEndpoint) == URIRef(f"{ROOT}sparql")
    assert URIRef(f"{ROOT}dump/data.nq") in set(void.objects(dataset, VOID.dataDump))
    assert void.value(dataset, VOID.exampleResource) == URIRef(f"{BASE}id/report/PER-R6")
    classes = {
        void.value(part, VOID["class"]): int(void.value(part, VOID.entities))
        for part in void.objects(dataset, VOID.classPartition)
    }
    assert classes == {URIRef(f"{MEM}Report"): 1, URIRef(f"{MEM}Country"): 1}
    assert (None, RDF.type, DCAT.Catalog) not in void


def test_every_file_of_the_catalogue_has_the_size_and_digest_that_are_told(described):
    graph = graph_at(described, "/catalogue")
    files = list(graph.subjects(RDF.type, DCAT.Distribution))
    assert len(files) == 6 + 4 + 2
    for file in files:
        address = str(graph.value(file, DCAT.downloadURL))
        response = described.get("/" + address.removeprefix(ROOT))
        checksum = graph.value(file, SPDX.checksum)
        assert len(response.data) == int(graph.value(file, DCAT.byteSize))
        assert graph.value(file, DCAT.byteSize).datatype == XSD.nonNegativeInteger
        assert hashlib.sha256(response.data).hexdigest() == str(graph.value(checksum, SPDX.checksumValue, any=False))
        assert str(graph.value(file, DCAT.mediaType)).endswith(f"/{response.mimetype}")
        assert "evil" not in address


def test_the_catalogue_leads_from_report_to_edition_to_files(described):
    graph, iris = graph_at(described, "/catalogue"), Iris(BASE)
    report = URIRef(iris.mint("catalogue-report", "PER-R6"))
    assert (URIRef(iris.mint("catalogue")), DCAT.dataset, report) in graph
    edition = graph.value(report, DCAT.hasVersion)
    addresses = {str(graph.value(each, DCAT.downloadURL)) for each in graph.objects(edition, DCAT.distribution)}
    assert {f"{ROOT}dump/edition/PER-R6/en/1.{end}" for end in ("ttl", "nt", "rdf", "jsonld")} < addresses
    assert f"{ROOT}dump/readings/PER-R6-en-1.json" in addresses


def test_the_dump_is_the_data_in_every_format(described):
    nquads = described.get("/dump/data.nq").data
    quads = {(q.triple, q.graph_name) for q in pyoxigraph.parse(nquads, format=pyoxigraph.RdfFormat.N_QUADS)}
    trig = pyoxigraph.parse(described.get("/dump/data.trig").data, format=pyoxigraph.RdfFormat.TRIG)
    assert {(q.triple, q.graph_name) for q in trig} == quads
    for end, kind in (("nt", "N_TRIPLES"), ("ttl", "TURTLE"), ("rdf", "RDF_XML"), ("jsonld", "JSON_LD")):
        found = pyoxigraph.parse(described.get(f"/dump/data.{end}").data, format=getattr(pyoxigraph.RdfFormat, kind))
        assert {q.triple for q in found} == {triple for triple, _ in quads}


def test_a_file_tells_its_digest_and_can_be_had_in_parts(described):
    whole = described.get("/dump/data.nq")
    digest = base64.b64encode(hashlib.sha256(whole.data).digest()).decode()
    assert whole.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    assert whole.headers["Content-Length"] == str(len(whole.data))
    part = described.get("/dump/data.nq", headers={"Range": "bytes=10-19", "Accept-Encoding": "gzip"})
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    assert "Content-Encoding" not in part.headers
    assert described.get("/dump/data.nq", headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    head = described.head("/dump/data.nq")
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(whole.data)))
    assert described.get("/dump/sources/PER-R6-en-1.txt").text == "Perú\n"


def test_the_sums_are_as_sha256sum_reads_them(described):
    lines = described.get("/dump/SHA256SUMS").text.splitlines()
    assert len(lines) == 14
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256(described.get(f"/dump/{name}").data).hexdigest() == digest


def test_the_list_of_files_is_for_people_and_for_programs(described):
    text = described.get("/dump")
    assert text.content_type == "text/plain; charset=utf-8"
    page = described.get("/dump", headers={"Accept": "text/html"})
    facts = json.loads(described.get("/dump", headers={"Accept": "application/json"}).data)
    assert len(facts["files"]) == 14
    for each in facts["files"]:
        assert f"{ROOT}dump/{each['file']}" in text.text
        assert f'href="/mem/dump/{each["file"]}"' in page.text
        assert each["sha256"] in text.text


def test_who_lists_the_files_does_not_wait_for_those_that_are_made(built):
    """The first page of a release is quick, says what is coming, and leads to it; the next one has the digests."""
    held = Current.open(release.current(built).folder, Settings(releases_dir=built))
    app = create_app(Settings(releases_dir=built, cache_bytes=0), held)
    app.test_client_class = Closing
    asking = app.test_client()
    asking.get("/doc/report", headers={"Accept": "text/html"})  # the names are read
    start = perf_counter()
    page = asking.get("/dump", headers={"Accept": "text/html"})
    assert perf_counter() - start < 0.5
    assert page.text.count("is being made") == 2 * 9
    assert page.headers["Cache-Control"] == "no-store"
    assert 'href="/dump/data.ttl"' in page.text
    files = json.loads(asking.get("/dump", headers={"Accept": "application/json"}).data)["files"]
    page = asking.get("/dump", headers={"Accept": "text/html"})
    assert "is being made" not in page.text
    assert "public" in page.headers["Cache-Control"]
    assert [each["sha256"] for each in files if each["sha256"] not in page.text] == []
    close(app)
    held.close()


def test_files_that_cannot_be_made_are_told_and_the_others_stay(described, monkeypatch, tmp_path):
    """As when the process that makes them is killed for want of memory."""
    made = next(iter(described.application.extensions["mem_graph.dumps"]._making.values()))
    there = made.there()
    monkeypatch.setattr(converted, "asked", lambda *_: "nothing that can be read")
    broken = Making(described.application.extensions["mem_graph.serving"].peek().release, tmp_path / "room")
    with pytest.raises(Unavailable, match="could not be made"):
        broken.one("data.ttl")
    assert broken.one("data.nq") == there["data.nq"]
    assert broken.one("data.nx") is None
    broken.close()


@pytest.mark.parametrize(
    "name", ["data.nx", "../manifest.json", "..%2f..%2fcurrent", "%2fetc%2fpasswd", "readings", "data.nq%00", "."]
)
def test_what_is_no_file_of_the_release_is_not_found(described, name):
    response = described.get(f"/dump/{name}")
    assert (response.status_code, response.json["code"]) in ((404, "unknown-term"), (404, "not-found"))
    assert "/tmp" not in response.text


def test_a_dataset_that_does_not_describe_itself_is_counted(client):
    void, dataset = graph_at(client, "/.well-known/void"), URIRef(f"{ROOT}sparql#dataset")
    assert len(set(void.objects(dataset, VOID.subset))) == 3
    assert sum(int(each) for each in void.objects(None, VOID.triples)) == 21
    assert {str(each) for each in void.objects(dataset, VOID.dataDump)} >= {f"{ROOT}dump/data.ttl"}

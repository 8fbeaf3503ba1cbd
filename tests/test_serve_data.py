"""`serve --data`: files of anybody, in every format, served as a release is; what they name is never fetched."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest

from mem_graph import resources
from mem_graph.engine import guard
from mem_graph.errors import ExtractError, ParseError
from mem_graph.query import own_data
from mem_graph.settings import Settings
from mem_graph.web import create_app

BIN = Path(sys.executable).parent
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
HEAD = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://e/">'
XML = (
    f'<?xml version="1.0"?>\n{HEAD}\n<rdf:Description rdf:about="http://e/xml"><e:p>é</e:p></rdf:Description></rdf:RDF>'
)
FILES = {
    "a.ttl": "<http://e/ttl> <http://e/p> [ <http://e/q> 1 ] , _:x .",
    "b.nt": "<http://e/nt> <http://e/p> _:x .",
    "c.nq": "<http://e/nq> <http://e/p> _:x <http://e/g1> .\n<http://e/nq> <http://e/p> _:x .",
    "d.trig": "<http://e/g1> { <http://e/trig> <http://e/p> 1 } <http://e/trig> <http://e/p> <rel> .",
    "e.rdf": XML,
    "f.jsonld": '{"@context": {"p": "http://e/p"}, "@id": "http://e/jsonld", "p": 1,'
    ' "@graph": [{"@id": "http://e/jsonld", "p": 2}]}',
}


def write(folder, files):
    paths = []
    for name, text in files.items():
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        paths.append(path)
    return paths


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The files of every format as what is served, with the plain default graph."""
    paths = write(tmp_path_factory.mktemp("own"), FILES)
    with own_data.opened(paths, Settings(default_graph="plain")) as current:
        yield current


@pytest.fixture(scope="module")
def client(served):
    return create_app(Settings(default_graph="plain"), served).test_client()


def rows(client, query):
    answer = client.post("/sparql", data={"query": query})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    bindings = answer.get_json()["results"]["bindings"]
    return sorted(tuple(term["value"] for term in row.values()) for row in bindings)


def test_data_without_a_catalogue_are_not_said_to_use_nothing():
    """Pages of terms have their counts from the catalogue; where there is none they say so, and not that it is none."""
    with own_data.opened([resources.ontology() / "mem.ttl"], Settings()) as current:
        pages = create_app(Settings(), current).test_client()
        for term in ("Finding", "polarity"):
            page = pages.get(f"/ontology/{term}", headers={"Accept": "text/html"}).text
            assert "These data do not describe themselves" in page
            assert "Nothing in this release" not in page


def test_every_format_is_served_where_its_triples_are(client):
    subjects = rows(client, "SELECT DISTINCT ?s { ?s <http://e/p> ?o }")
    assert subjects == [(f"http://e/{name}",) for name in ("jsonld", "nq", "nt", "trig", "ttl", "xml")]
    found = rows(client, "SELECT ?g ?s { GRAPH ?g { ?s <http://e/p> ?o } }")
    assert found == [
        ("http://e/g1", "http://e/nq"),
        ("http://e/g1", "http://e/trig"),
        ("http://e/jsonld", "http://e/jsonld"),
    ]
    assert rows(client, "SELECT ?o { <http://e/xml> <http://e/p> ?o }") == [("é",)]
    assert rows(client, "SELECT ?o { <http://e/trig> <http://e/p> ?o }") == [(f"{guard.BASE}rel",)]


def test_blank_nodes_of_two_files_are_two(client):
    nodes = rows(client, "SELECT ?s ?o { ?s <http://e/p> ?o FILTER(isBlank(?o)) }")
    assert [subject.rpartition("/")[2] for subject, _ in nodes] == ["nq", "nt", "ttl", "ttl"]
    assert len({node for _, node in nodes}) == 4
    assert rows(client, "SELECT ?o { GRAPH ?g { ?s <http://e/p> ?o FILTER(isBlank(?o)) } }") == [
        (node,) for subject, node in nodes if subject.endswith("/nq")
    ]


def test_the_answers_name_the_data(client, served):
    answer = client.get("/sparql?query=ASK{}")
    assert re.fullmatch("data:[0-9a-f]{64}", answer.headers["X-MEM-Release"])
    assert answer.headers["X-MEM-Release"] == served.digest == client.get("/health").get_json()["release"]
    assert answer.get_json()["head"]["link"] == [f"http://127.0.0.1:8000/id/release/{served.digest}"]
    assert client.get("/sparql?query=ASK{}", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert "UnionDefaultGraph" not in client.get("/sparql").get_data(as_text=True)


def test_the_digest_is_that_of_the_data(tmp_path, served):
    paths = write(tmp_path, FILES)
    with own_data.opened(paths, Settings()) as same:
        assert same.digest == served.digest
    paths[0].write_text("<http://e/ttl> <http://e/p> 2 .")
    with own_data.opened(paths, Settings()) as other:
        assert other.digest != served.digest


def test_the_same_data_give_the_same_answer_each_time(tmp_path):
    """The names of blank nodes too, or the ETag would promise what is not so."""
    paths, bodies = write(tmp_path, FILES), set()
    for _ in range(2):
        with own_data.opened(paths, Settings()) as current:
            client = create_app(Settings(), current).test_client()
            bodies.add(client.get("/sparql?query=SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o").data)
    assert len(bodies) == 1


ENTITY = '[<!ENTITY a "boom">]'
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
BOMB = XML.replace(HEAD, f'<!DOCTYPE x [<!ENTITY e0 "boom">{ENTITIES}]>\n{HEAD}').replace("é", "&e11;")
UNSAFE = {
    "before the root": (XML.replace(HEAD, f"<!DOCTYPE x {ENTITY}>{HEAD}"), 2),
    "an external one": (XML.replace(HEAD, f'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">{HEAD}'), 2),
    "in lower case": (XML.replace(HEAD, f"<!doctype x {ENTITY}>{HEAD}"), 2),
    "in the root": (XML.replace(HEAD, f"{HEAD}\n<!DOCTYPE x {ENTITY}>"), 3),
    "in a comment": (XML.replace(HEAD, f"{HEAD}\n<!-- <!DOCTYPE x {ENTITY}> -->"), 3),
    "in a section": (XML.replace("é", "<![CDATA[<!doctype x]]>"), 3),
    "a bomb": (BOMB, 2),
    "UTF-16, little end first": (b"\xff\xfe" + BOMB.encode("utf-16-le"), 2),
    "UTF-16, big end first": (b"\xfe\xff" + BOMB.encode("utf-16-be"), 2),
    "UTF-16 without a mark": (BOMB.encode("utf-16-le"), 2),
    "UTF-8 with a mark": (b"\xef\xbb\xbf" + BOMB.encode(), 2),
    "Latin-1": (BOMB.replace('"1.0"', '"1.0" encoding="ISO-8859-1"').encode("latin-1"), 2),
}


@pytest.mark.parametrize("case", UNSAFE)
def test_a_document_type_is_refused_before_the_file_is_parsed(tmp_path, case):
    text, line = UNSAFE[case]
    began = time.monotonic()
    with pytest.raises(ParseError) as caught:
        serve_only(tmp_path, "x.rdf", text)
    assert time.monotonic() - began < 1
    assert caught.value.line == line


@pytest.mark.parametrize(
    "text", [XML.encode("utf-16"), XML.replace('"1.0"', '"1.0" encoding="ISO-8859-1"').encode("latin-1")]
)
def test_xml_may_be_written_in_other_ways(text):
    assert own_data.safe_xml("x.rdf", text).decode().endswith(XML.partition("\n")[2])


BROKEN = {
    "x.ttl": ("<a:b> <a:c> 1 .\n<a:b> <a:c> ", 2),
    "x.nt": ("<a:b> <a:c> <a:d> .\n<a:b> <a:c> nothing .\n", 2),
    "x.nq": ("\n\n<a:b> <a:c> <a:d> <a:e> <a:f> .\n", 3),
    "x.trig": ("<a:g> {\n <a:b> <a:c> 1 .\n", 3),
    "x.rdf": (f"{HEAD}\n<rdf:Description>\n</e:p>\n</rdf:RDF>", 3),
    "y.rdf": (f'{HEAD}\n<rdf:Description rdf:about="a:b">\n<e:p rdf:nodeID="a b"/></rdf:Description>\n</rdf:RDF>', 3),
    "x.jsonld": ('{\n"@id": "a:b",\n"a:c": nothing }', 3),
    "y.jsonld": ('{\n"@id": "a:b",\n"@context": "http://127.0.0.1:9/context",\n"a:c": 1 }', 3),
    "z.ttl": (b"<a:b> <a:c> 1 .\n<a:b> <a:c> '\xff' .", 2),
    "x.csv": ("a,b", 1),
}


def serve_only(folder, name, text):
    with own_data.opened(write(folder, {name: text}), Settings()):
        pytest.fail("it is served")


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_named_with_its_line(tmp_path, name):
    text, line = BROKEN[name]
    with pytest.raises(ParseError) as caught:
        serve_only(tmp_path, name, text)
    assert (Path(caught.value.file).name, caught.value.line) == (name, line)
    assert "Callback" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ExtractError, match="No such file"), own_data.opened([tmp_path / "x.ttl"], Settings()):
        pass


@pytest.fixture
def listening():
    """An address on which somebody waits, and the socket: a connection would show."""
    with socket.create_server(("127.0.0.1", 0)) as waiting:
        waiting.settimeout(0.2)
        yield f"http://127.0.0.1:{waiting.getsockname()[1]}", waiting


def test_nothing_that_a_file_names_is_fetched(tmp_path, listening):
    address, waiting = listening
    owl = "http://www.w3.org/2002/07/owl#imports"
    safe = {
        "a.ttl": f"<{address}/o> <{owl}> <{address}/x.ttl> .",
        "b.rdf": XML.replace("<e:p>é</e:p>", f'<i:imports xmlns:i="{owl[:-7]}" rdf:resource="{address}/x.rdf"/>'),
    }
    with own_data.opened(write(tmp_path, safe), Settings()) as current:
        client = create_app(Settings(), current).test_client()
        assert len(rows(client, f"SELECT ?o {{ ?s <{owl}> ?o }}")) == 2
    for name, text in {
        "c.jsonld": f'{{"@context": "{address}/c", "@id": "a:b", "p": 1}}',
        "d.jsonld": f'{{"@context": ["{address}/c", {{"p": "a:p"}}], "@id": "a:b", "p": 1}}',
        "e.jsonld": f'{{"@context": {{"@import": "{address}/c"}}, "@id": "a:b", "p": 1}}',
        "f.rdf": XML.replace(HEAD, f'<!DOCTYPE x SYSTEM "{address}/x.dtd">{HEAD}'),
    }.items():
        with pytest.raises(ParseError):
            serve_only(tmp_path, name, text)
    with pytest.raises(TimeoutError):
        waiting.accept()


# The command


def run(*words, **environment):
    command = [BIN / "mem-graph", "serve", *map(str, words)]
    return subprocess.Popen(command, env=clean() | environment, stderr=subprocess.PIPE, text=True)


def clean():
    return {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}


def answer(address):
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                return response.read().decode()
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("no answer")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize(
    ("options", "environment", "seen"),
    [
        ([], {}, 2),
        (["--default-graph", "union"], {}, 3),
        (["--default-graph", "plain"], {"MEM_GRAPH_DEFAULT_GRAPH": "union"}, 2),
        ([], {"MEM_GRAPH_DEFAULT_GRAPH": "union"}, 3),
    ],
)
def test_the_command_serves_files_until_it_is_stopped(tmp_path, options, environment, seen):
    one, two = write(tmp_path, {"a.trig": "<a:b> <a:c> 1 . <a:g> { <a:b> <a:c> 2 }", "b.ttl": "<a:b> <a:c> 3 ."})
    port = free_port()
    server = run("--data", one, two, "--port", port, *options, **environment, TMPDIR=str(tmp_path))
    query = quote("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    try:
        assert answer(f"http://127.0.0.1:{port}/sparql?format=csv&query={query}").split() == ["n", str(seen)]
    finally:
        server.send_signal(signal.SIGTERM)
        _, said = server.communicate(timeout=20)
    assert server.returncode == 0
    assert "serving data:" in said
    assert "Traceback" not in said
    assert not list(tmp_path.glob("mem-graph-*"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--data", "broken.ttl"], "broken.ttl, line 2"),
        (["--data", "whole.ttl", "broken.ttl"], "broken.ttl, line 2"),
        (
            ["--data", "whole.ttl", "--data", "unsafe.rdf"],
            "unsafe.rdf, line 2: expected RDF/XML without a document type",
        ),
        (["--data", "absent.ttl"], "No such file"),
        (["--data", "notes.txt"], "expected one of .nq"),
        (["whole.ttl"], "Say --data"),
        (["--data"], "requires an argument"),
    ],
)
def test_the_command_says_what_is_wrong_with_a_file(tmp_path, words, said):
    write(tmp_path, {"whole.ttl": "<a:b> <a:c> 1 .", "broken.ttl": "\n<a:b> <a:c>", "notes.txt": ""})
    write(tmp_path, {"unsafe.rdf": UNSAFE["before the root"][0]})
    server = run("--port", 0, *(word if word == "--data" else tmp_path / word for word in words))
    _, error = server.communicate(timeout=60)
    assert server.returncode == 2
    assert said in error
    assert "Traceback" not in error

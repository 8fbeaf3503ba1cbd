"""The prepared questions asked of a running server by clients of other makers: each gets what the release itself says.

SPARQLWrapper and rdflib's SPARQLStore come with the tests; Comunica is installed by `make clients` where there is npm.
"""

import csv
import gc
import io
import json
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.request import urlopen

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, URLENCODED, XML, SPARQLWrapper

from mem_graph import resources
from mem_graph.query.lookups import questions
from mem_graph.query.opened import OpenRelease
from mem_graph.settings import Settings

HERE = Path(__file__).parent
QUESTIONS = questions(resources.queries())
each = pytest.mark.parametrize("question", QUESTIONS, ids=[question.name for question in QUESTIONS])
WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]
RESULTS = {JSON, XML, CSV, TSV}
GRAPHS = {TURTLE, N3, RDFXML}
TYPED = "CONSTRUCT { ?s a ?type } WHERE { ?s a ?type . ?s a <https://w3id.org/mem-graph/ontology#Assessment> }"

pytestmark = [
    pytest.mark.usefixtures("few_to_collect"),
    # SPARQLWrapper closes no answer; and uses a class that rdflib has deprecated.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def endpoint(built):
    """The address of a server over the release, started as an operator starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [Path(sys.executable).with_name("mem-graph"), "serve", "--port", str(port), "--releases-dir", built]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/ready")
        yield f"http://127.0.0.1:{port}/sparql"
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(address):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            return urlopen(address, timeout=10).close()
        except OSError:
            time.sleep(0.05)
    raise AssertionError("no answer")


@pytest.fixture(scope="module")
def own(built):
    """The rows of each question as the release itself has them: columns, and texts in any order."""
    with OpenRelease.open(None, Settings(releases_dir=built)) as release:
        found = {each.name: table(json.loads(release.answer(each.text, "json").body), JSON) for each in QUESTIONS}
    return {name: (columns, bag(rows)) for name, (columns, rows) in found.items()}


def bag(rows):
    """Rows by their texts, in any order."""
    return Counter(tuple("" if value is None else str(value) for value in row) for row in rows)


def test_there_are_questions(own):
    assert len(QUESTIONS) == len(own) >= 14
    assert all(rows for _, rows in own.values())


# SPARQLWrapper


def wrapper(endpoint, text, return_format, way):
    found = SPARQLWrapper(endpoint, returnFormat=return_format)
    found.setMethod(way[0])
    found.setRequestMethod(way[1])
    found.setTimeout(30)
    found.setQuery(text)
    return found


def table(body, return_format):
    """Columns and rows of an answer as each format gives it."""
    if return_format == JSON:
        columns = body["head"]["vars"]
        return columns, [
            [row.get(name, {}).get("value", "") for name in columns] for row in body["results"]["bindings"]
        ]
    if return_format == XML:
        columns = [each.getAttribute("name") for each in body.getElementsByTagName("variable")]
        return columns, [cells(row, columns) for row in body.getElementsByTagName("result")]
    if return_format == CSV:
        columns, *rows = csv.reader(io.StringIO(body.decode()))
        return columns, rows
    columns, *rows = (line.split("\t") for line in body.decode().splitlines())
    return [name.removeprefix("?") for name in columns], rows


def cells(row, columns):
    texts = {}
    for binding in row.getElementsByTagName("binding"):
        term = next(node for node in binding.childNodes if node.nodeType == node.ELEMENT_NODE)
        texts[binding.getAttribute("name")] = term.firstChild.data if term.firstChild else ""
    return [texts.get(name, "") for name in columns]


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("return_format", sorted(RESULTS))
@each
def test_sparqlwrapper_gets_the_rows(endpoint, own, question, return_format, way):
    columns, rows = own[question.name]
    found, texts = table(wrapper(endpoint, question.query, return_format, way).queryAndConvert(), return_format)
    assert found == columns
    assert len(texts) == rows.total()
    if return_format != TSV:  # in which terms are written as in Turtle
        assert bag(texts) == rows
    gc.collect()


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("return_format", sorted(GRAPHS))
def test_sparqlwrapper_gets_the_triples(endpoint, return_format, way):
    found = wrapper(endpoint, TYPED, return_format, way).queryAndConvert()
    graph = found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle")
    assert len(graph) == 27
    gc.collect()


# rdflib


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@each
def test_the_sparql_store_of_rdflib_gets_the_rows(endpoint, own, question, method):
    graph = Graph(SPARQLStore(endpoint, method=method, returnFormat="json", context_aware=False))
    result = graph.query(question.text)
    columns, rows = own[question.name]
    assert [str(name) for name in result.vars] == columns
    assert bag([row[name] for name in columns] for row in result) == rows


def test_the_sparql_store_of_rdflib_is_a_graph(endpoint):
    graph = Graph(SPARQLStore(endpoint, context_aware=False))
    mem = "https://w3id.org/mem-graph/ontology#"
    assessments = list(
        graph.subjects(URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), URIRef(f"{mem}Assessment"))
    )
    assert len(assessments) == 27
    assert all((each, URIRef(f"{mem}rating"), None) in graph for each in assessments[:3])


# Comunica


@pytest.fixture(scope="module")
def comunica(endpoint):
    """What Comunica says to each question, and to a query of another form, all by one process."""
    if shutil.which("node") is None or not (HERE / "node_modules" / "@comunica").is_dir():
        pytest.skip("Comunica did not run: install Node.js with npm, then run `make clients`")
    asked = {**{each.name: each.text for each in QUESTIONS}, "triples": TYPED, "yes": "ASK { ?s ?p ?o }"}
    lines = "".join(f"{json.dumps(text)}\n" for text in asked.values())
    done = subprocess.run(
        ["node", HERE / "comunica.mjs", endpoint], input=lines, capture_output=True, text=True, timeout=300, check=True
    )
    return dict(zip(asked, map(json.loads, done.stdout.splitlines()), strict=True))


SUITE = pytest.mark.suite(name="Comunica, prepared questions", needs="comunica", cases=len(QUESTIONS) + 2)


@SUITE
@each
def test_comunica_gets_the_rows(comunica, own, question):
    columns, rows = own[question.name]
    found = comunica[question.name]
    assert "error" not in found
    assert sorted(found["columns"]) == sorted(columns)
    places = [found["columns"].index(name) for name in columns]
    assert bag([row[place] for place in places] for row in found["rows"]) == rows


@SUITE
@pytest.mark.parametrize(("name", "answer"), [("triples", {"triples": 27}), ("yes", {"boolean": True})])
def test_comunica_gets_triples_and_a_yes(comunica, name, answer):
    assert comunica[name] == answer

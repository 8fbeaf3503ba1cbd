"""A release in an engine elsewhere answers as it does in this process: the same cases, the same answers.

The cases are the prepared questions with the answers written by hand (`tests/queries`), and the requests of
`requests.toml`: the protocol, limits, pages. What an engine answers otherwise is listed in `differences.csv`, with the
reason; a difference that is there no more fails too.
"""

import csv
import re
import tomllib
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from mem_graph import resources
from mem_graph.engine import quads, remote_graphs
from mem_graph.engine import remote as remote_engine
from mem_graph.engine.holdings import BOOK, counted, extent, marked, merged
from mem_graph.engine.remote import Engine
from mem_graph.errors import Unavailable
from mem_graph.graph import publishing, release
from mem_graph.outcomes import SparqlRequest
from mem_graph.query.answers import Solutions
from mem_graph.query.lookups import questions
from mem_graph.query.sparql import AT_ONCE
from mem_graph.settings import Settings
from mem_graph.web import close, create_app

HERE = Path(__file__).parent
ENGINES = ("oxigraph", "virtuoso")
QUESTIONS = {question.name: question for question in questions(resources.queries())}
REQUESTS = tomllib.loads((HERE / "requests.toml").read_text("utf-8"))
BY_HAND = HERE.parent / "queries"
STATEMENTS = {"finding", "statement", "reference", "observation", "mention", "use"}
POINTING = {"missing", "words"}
"""Columns of the answers by hand that `tests/query` compares in its own way."""

with (HERE / "differences.csv").open(encoding="utf-8", newline="") as file:
    DIFFERENCES = {(row["engine"], row["case"]): row["reason"] for row in csv.DictReader(file)}

CASES = [*(f"question {name}" for name in QUESTIONS), *(f"request {name}" for name in REQUESTS)]
GRAPHS = {"text/turtle": "ttl", "application/n-triples": "nt"}
HEADERS = ("Content-Type", "ETag", "X-MEM-Release", "Vary", "Cache-Control", "Allow")

pytestmark = [
    # SPARQLWrapper does not close what it gets an error in.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


def of(engine):
    name = {"oxigraph": "Oxigraph server", "virtuoso": "Virtuoso 7"}[engine]
    suite = pytest.mark.suite(name=f"{name}, same answers", needs=engine, cases=len(CASES) + 6)
    return pytest.param(engine, marks=[suite, pytest.mark.xdist_group(engine)])


@pytest.fixture(scope="module", params=[of(engine) for engine in ENGINES])
def engine(request, start, publish, built, tmp_path_factory):
    """The name of an engine that the release has been published to, and its settings."""
    with start(request.param, tmp_path_factory.mktemp(request.param)) as running:
        code, said = publish(running, built)
        assert code == 0, said
        yield request.param, running


@pytest.fixture(scope="module")
def embedded(built):
    app = create_app(Settings(releases_dir=built, row_limit=20_000))
    yield app
    close(app)


@pytest.fixture(scope="module")
def remote(engine, built):
    app = create_app(Settings(releases_dir=built, row_limit=20_000, **engine[1].settings))
    yield app
    close(app)


def test_every_listed_difference_is_of_a_case(engine):
    listed = {case for name, case in DIFFERENCES if name == engine[0]}
    assert listed <= set(CASES)
    assert all(len(reason) > 20 for reason in DIFFERENCES.values())


@pytest.mark.parametrize("case", CASES)
def test_the_answer_is_the_same(engine, embedded, remote, case):
    reason = DIFFERENCES.get((engine[0], case))
    kind, _, name = case.partition(" ")
    differs = {"question": question_differs, "request": request_differs}[kind](embedded, remote, name)
    if reason is None:
        assert not differs, differs
    else:
        assert differs, f"no difference any more: take {case} off differences.csv"


def question_differs(embedded, remote, name):
    """How the rows of a prepared question differ from those of the embedded engine, or from those by hand."""
    text = QUESTIONS[name].text
    here, there = (app.test_client().get(f"/sparql?{urlencode({'query': text})}") for app in (embedded, remote))
    if there.status_code != 200 or here.data != there.data:
        return "status", there.status_code, here.data[:2000], there.data[:2000]
    rows = Solutions.from_json(there.data)
    with (BY_HAND / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    kept = [column for column in rows.columns if column not in STATEMENTS | POINTING]
    found = [["" if row[column] is None else str(row[column]) for column in kept] for row in rows]
    return found != [[row[column] for column in kept] for row in written]


def request_differs(embedded, remote, name):
    """How the answer to a request differs: its status, its headers, what it says."""
    here, there = (asked(app.test_client(), REQUESTS[name]) for app in (embedded, remote))
    if here.status_code != there.status_code:
        return "status", here.status_code, there.status_code, there.data[:2000]
    for header in HEADERS:
        if here.headers.get(header) != there.headers.get(header):
            return header, here.headers.get(header), there.headers.get(header)
    return said(here) != said(there) and "\n".join(
        unified_diff(here.text.splitlines(), there.text.splitlines(), here.mimetype, n=0, lineterm="")
    )


def asked(client, request):
    headers = {"Accept": request["accept"]} if "accept" in request else {}
    if "path" in request:
        return client.get(request["path"], headers=headers)
    pairs = [("query", request["query"])]
    pairs += [(key, value) for key, values in request.get("more", {}).items() for value in values]
    if request.get("post"):
        return client.post("/sparql", data=dict(pairs), headers=headers)
    return client.get(f"/sparql?{urlencode(pairs)}", headers=headers)


def said(response):
    """What an answer says: a graph as its triples, in any order; an error without the request's own name."""
    if (suffix := GRAPHS.get(response.mimetype)) is not None:
        graph = ox.Dataset(ox.parse(response.data, format=ox.RdfFormat.from_extension(suffix)))
        graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        return graph
    if response.mimetype == "application/sparql-results+json":
        return response.json
    if response.mimetype == "application/problem+json":
        return {name: value for name, value in response.json.items() if name != "requestId"}
    return re.sub(rb"[0-9a-f]{16}", b"", response.data) if response.status_code >= 400 else response.data


def test_there_is_a_request_for_each_rule():
    assert len(QUESTIONS) == 23
    assert len(REQUESTS) >= 70
    page = (HERE.parents[1] / "docs" / "engines.md").read_text("utf-8")
    same = {engine: len(CASES) - sum(name == engine for name, _ in DIFFERENCES) for engine in ENGINES}
    assert f"{len(REQUESTS)} requests" in page
    assert f"The Oxigraph server answers all {same['oxigraph']} as" in page
    assert f"Virtuoso 7.2.5 answers {same['virtuoso']} so" in page
    assert all("query" in request or "path" in request for request in REQUESTS.values())


def test_a_login_is_asked_for_and_a_wrong_one_refused(engine, publish, built):
    """Virtuoso wants Digest where it takes updates and graphs; nothing is put, and no password printed."""
    _, running = engine
    if "engine_login" not in running.settings:
        assert publish(running, built)[0] == 0  # this engine asks for none
        return
    for login in ({}, {"engine_login": "dba:hunter2"}):
        settings = {key: value for key, value in running.settings.items() if key != "engine_login"}
        store = Engine.of(Settings(**settings, **login))
        with pytest.raises(Unavailable):
            remote_engine.put(store, "http://e/never", b"<http://e/a> <http://e/b> <http://e/c> .\n", 20)
        with pytest.raises(Unavailable) as met:
            remote_engine.update(store, "INSERT DATA { GRAPH <http://e/never> { <http://e/a> a 1 } }", 20)
        assert "hunter2" not in str(met.value)
        assert counted(store, 20).get("http://e/never") is None


def test_graphs_go_by_updates_and_come_back_whole(engine, peru):
    """As where there is no graph store: blank nodes, every datatype and language, and more than one piece."""
    alone = replace(Engine.of(Settings(**engine[1].settings)), graph_store=None)
    wanted = quads.read_graphs(peru.folder / release.DATA, "application/n-quads")
    for name in ("shapes", "edition/PER-R6/en/1", "tables"):
        ntriples = wanted[f"{peru.identity_base}graph/{name}"]
        remote_graphs.put(alone, "http://e/put", ntriples, 60)
        assert extent(alone, "http://e/put").triples == len(ntriples.splitlines())
        assert quads.checksum(remote_graphs.get(alone, "http://e/put", 60)) == quads.checksum(ntriples)
    remote_engine.update(alone, "DROP SILENT GRAPH <http://e/put>", 20)


def test_long_queries_are_checked_too(engine, remote):
    """A query that is not checked before its store is asked: its FROM counts, its mistake is told."""
    held = remote.extensions["mem_graph.serving"].get()
    graph = f"{held.release.identity_base}graph/tables"
    text = f"SELECT (COUNT(DISTINCT ?s) AS ?n) FROM <{graph}> {{ ?s ?p ?o }}"
    found = held.store.query(SparqlRequest(text), "text/csv").body
    long = f"{text} # {'x' * AT_ONCE}"
    assert remote.test_client().get(f"/sparql?{urlencode({'query': long, 'format': 'csv'})}").data == found


def test_another_release_and_the_first_again(engine, peru, tmp_path):
    """What is exchanged is there, nothing of the other stays, and the same again puts one graph."""
    store = Engine.of(Settings(**engine[1].settings))
    lines = (peru.folder / release.DATA).read_bytes().splitlines(keepends=True)
    body = b"".join(line for line in lines if not line.endswith(b"graph/audit> .\n"))
    other = release.write(tmp_path, {release.DATA: body}, {"version": "2", "identity_base": peru.identity_base})
    for made, puts in ((other, 0), (peru, 1)):
        said = []
        mark = publishing.publish(made, store, said.append)
        assert marked(store) == mark
        assert sum(line.endswith(" put") for line in said) == puts
        there = counted(store, 20)
        ours = {name: count for name, count in there.items() if name.startswith(peru.identity_base) and name != BOOK}
        assert ours == {**made.graphs, merged(made.digest): sum(made.graphs.values())}


def test_an_engine_that_has_ended_is_told_of(engine, remote):
    """The service says 503, and nothing of the release is served from memory as if nothing had been. It comes last."""
    engine[1].process.kill()
    assert engine[1].process.wait(timeout=20) != 0
    text = QUESTIONS["treaty-matrix"].text + "# asked for the first time"
    found = remote.test_client().get(f"/sparql?{urlencode({'query': text})}")
    assert (found.status_code, found.json["code"]) == (503, "unavailable")
    assert remote.test_client().get("/ready").status_code == 503

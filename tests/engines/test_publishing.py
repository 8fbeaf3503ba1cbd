"""`mem-graph publish` into a real engine: what is there is compared, what breaks off goes on, it is current last."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import pytest

from mem_graph.engine import quads
from mem_graph.engine.holdings import BOOK, counted, marked, merged
from mem_graph.engine.remote import Engine
from mem_graph.errors import MemGraphError, ReleaseError, Unavailable
from mem_graph.graph import publishing, release
from mem_graph.settings import Settings
from mem_graph.web import close, create_app

BIN = Path(sys.executable).parent
BASE = "https://w3id.org/mem-graph/"
QUERY = "SELECT DISTINCT ?release { { ?s <http://e/of> ?release } UNION { GRAPH ?g { ?s <http://e/of> ?release } } }"

pytestmark = [
    pytest.mark.suite(name="Oxigraph server, publishing", needs="oxigraph", cases=25),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def running(start, tmp_path_factory):
    with start("oxigraph", tmp_path_factory.mktemp("oxigraph")) as found:
        yield found


@pytest.fixture
def engine(running):
    """The engine, empty."""
    found = Engine.of(Settings(**running.settings))
    for graph in counted(found, 10):
        publishing.remote.update(found, f"DROP GRAPH <{graph}>", 10)
    return found


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """A folder with three small releases: each has a graph of its own, one is in all, one is not in the last."""
    folder = tmp_path_factory.mktemp("three")
    with release.writing(folder):
        made = [written(folder, number) for number in (1, 2, 3)]
        release.switch(folder, made[0])
    return folder, made


def written(folder, number):
    lines = [f'<http://e/s{n}> <http://e/of> "{number}" <{BASE}graph/derived> .\n' for n in range(20)]
    lines += [f'<http://e/t{n}> <http://e/is> "{n}" <{BASE}graph/shared> .\n' for n in range(5)]
    lines += [f'_:c14n0 <http://e/of> "{number}" <{BASE}graph/shapes> .\n'] * (number != 3)
    body = "".join(sorted(lines)).encode()
    return release.write(folder, {release.DATA: body}, {"version": str(number), "identity_base": BASE})


def ours(engine):
    """The graphs there, but for the book."""
    return {graph: count for graph, count in counted(engine, 10).items() if graph != BOOK}


def whole(made):
    return {**made.graphs, merged(made.digest): sum(made.graphs.values())}


# What is there afterwards


def test_a_release_is_there_whole_and_current(engine, three):
    _, (first, *_) = three
    said = []
    mark = publishing.publish(first, engine, said.append)
    assert marked(engine) == mark
    assert mark.digest == first.digest
    assert ours(engine) == whole(first)
    assert [line.split(" ")[0] for line in said if "triples, put" in line] == ["1/3", "2/3", "3/3"]
    assert said[-1] == f"release {first.digest[:12]} is current there now"


def test_the_same_again_changes_nothing(engine, three):
    _, (first, *_) = three
    mark = publishing.publish(first, engine, list)
    said = []
    assert publishing.publish(first, engine, said.append) == mark
    assert said[-1] == "it is current there already"


def test_only_what_has_changed_is_put(engine, three):
    _, (first, _, third) = three
    before = publishing.publish(first, engine, list)
    said = []
    mark = publishing.publish(third, engine, said.append)
    assert mark.serial != before.serial
    assert ours(engine) == whole(third)
    assert [line.rsplit(" ", 1)[-1] for line in said if "triples, " in line] == ["put", "there"]


def test_the_release_before_comes_back(engine, three):
    _, (first, second, _) = three
    for each in (first, second, first):
        publishing.publish(each, engine, list)
    assert ours(engine) == whole(first)


def test_graphs_of_others_stay(engine, three):
    _, (first, second, _) = three
    publishing.publish(first, engine, list)
    publishing.remote.update(engine, "INSERT DATA { GRAPH <http://e/other> { <http://e/a> <http://e/of> 9 } }", 10)
    publishing.publish(second, engine, list)
    assert ours(engine) == {**whole(second), "http://e/other": 1}


def test_a_release_of_peru_is_published_and_served_by_the_commands_of_the_page(engine, running, built, peru):
    """As docs/engines.md has it, and every triple of it: numbers by value, blank nodes by what they stand for."""
    page = Path(__file__).parents[2].joinpath("docs", "engines.md").read_text("utf-8")
    (block,) = re.findall(r"^```\n(export .*?)^```$", page, re.DOTALL | re.MULTILINE)
    commands = block.replace("127.0.0.1:7878", urlsplit(engine.query).netloc).splitlines()
    assert [line.split(" ")[1] for line in commands[1:]] == ["publish", "serve"]
    given = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
    given |= {"MEM_GRAPH_RELEASES_DIR": str(built), "PATH": f"{BIN}:{given['PATH']}"}
    done = subprocess.run(
        ["sh", "-ec", "\n".join(commands[:2])], env=given, capture_output=True, text=True, timeout=300, check=True
    )
    assert done.stdout == f"{peru.digest}\n"
    assert f"{len(peru.graphs)}/{len(peru.graphs)} " in done.stderr
    assert done.stderr.endswith("is current there now\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serving = subprocess.Popen(["sh", "-ec", f"exec {commands[2]} --port {port}"], env=given, stderr=subprocess.DEVNULL)
    try:
        assert json.loads(answer_of(port, "/health"))["triples"] == sum(peru.graphs.values())
        assert b"Peru" in answer_of(port, "/doc/country/PER")
        assert b'"boolean":true' in answer_of(port, "/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D")
    finally:
        serving.terminate()
        serving.wait(timeout=20)
    parts = quads.read_graphs(peru.folder / release.DATA, "application/n-quads")
    for graph, ntriples in parts.items():
        assert quads.checksum(publishing.remote.get(engine, graph, 10)) == quads.checksum(ntriples), graph


def answer_of(port, path):
    """What a server says, once it is there."""
    until = time.monotonic() + 60
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as response:
                return response.read()
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.05)


# A proxy between publisher and engine


class Between:
    """Passes every request on to the engine until it is told to break one off, or to change what comes back."""

    def __init__(self, engine):
        self.requests, self.break_at, self.change, self.hidden = 0, None, bytes, None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.requests += 1
                if outer.requests == outer.break_at:
                    self.close_connection = True
                    return None
                if outer.hidden and self.path.startswith(outer.hidden):
                    body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                    return self.send_error(404)
                there = HTTPConnection(urlsplit(engine.query).netloc, timeout=20)
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                kept = {name: self.headers[name] for name in ("Accept", "Content-Type") if name in self.headers}
                there.request(self.command, self.path, body, kept)
                answer = there.getresponse()
                found = answer.read()
                there.close()
                if self.command == "GET":
                    found = outer.change(found)
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers.get("Content-Type", "text/plain"))
                self.send_header("Content-Length", str(len(found)))
                self.end_headers()
                self.wfile.write(found)
                return None

            def do_POST(self):
                self.do_GET()

            def do_PUT(self):
                self.do_GET()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        host = f"http://127.0.0.1:{self.server.server_port}"
        self.engine = Engine(f"{host}/query", f"{host}/update", f"{host}/store", name="the engine")

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(timeout=20)


@pytest.fixture
def between(engine):
    proxy = Between(engine)
    yield proxy
    proxy.close()


def test_broken_off_at_any_call_it_goes_on_from_there(engine, between, three):
    """Whichever call is cut: what was current is so still and whole, or nothing is; the same call again ends it."""
    _, (first, second, _) = three
    publishing.publish(first, between.engine, list)
    between.requests = 0
    publishing.publish(second, between.engine, list)
    calls, kept, none = between.requests, 0, 0
    assert 20 < calls < 80
    for number in range(1, calls + 1, 3):
        mark = publishing.publish(first, engine, list)
        between.requests, between.break_at = 0, number
        with pytest.raises(Unavailable):
            publishing.publish(second, between.engine, list)
        found = marked(engine)
        assert found in (mark, None) or (number > calls - 2 and found.digest == second.digest)
        if found == mark:
            assert {graph: ours(engine)[graph] for graph in whole(first)} == whole(first)
        kept, none = kept + (found == mark), none + (found is None)
        between.break_at, said = None, []
        assert publishing.publish(second, between.engine, said.append).digest == second.digest
        assert ours(engine) == whole(second)
    assert kept > 3
    assert none > 3


def test_what_was_put_is_not_put_again(engine, between, three):
    _, (first, *_) = three
    between.break_at = 14
    with pytest.raises(Unavailable):
        publishing.publish(first, between.engine, list)
    between.break_at, said = None, []
    publishing.publish(first, between.engine, said.append)
    assert any(line.endswith("put before") for line in said)


def test_what_comes_back_otherwise_is_not_made_current(engine, between, three):
    _, (first, second, _) = three
    mark = publishing.publish(first, engine, list)
    between.change = lambda body: body.replace(b'"2"', b'"3"')
    with pytest.raises(ReleaseError) as met:
        publishing.publish(second, between.engine, list)
    assert met.value.fault == "digest differs"
    between.change = lambda body: body[: len(body) // 2]
    with pytest.raises(MemGraphError):
        publishing.publish(second, between.engine, list)
    assert marked(engine) == mark
    assert {graph: ours(engine)[graph] for graph in whole(first)} == whole(first)


def test_an_engine_without_a_graph_store_is_given_updates(between, engine, three):
    """Its store hidden, the Oxigraph server takes whole graphs by INSERT DATA and gives them back by CONSTRUCT."""
    _, (first, second, _) = three
    between.hidden = "/store"
    with pytest.raises(Unavailable) as met:
        publishing.publish(first, between.engine, list)
    assert re.search(r"takes no graphs at http://127.0.0.1:\d+/store \(it answered 404\); without", str(met.value))
    alone = replace(between.engine, graph_store=None)
    for made in (first, second):
        said = []
        mark = publishing.publish(made, alone, said.append)
        assert marked(engine) == mark
        assert ours(engine) == whole(made)
        for graph, ntriples in quads.read_graphs(made.folder / release.DATA, "application/n-quads").items():
            assert quads.checksum(publishing.remote.get(engine, graph, 10)) == quads.checksum(ntriples), graph
        assert said[-1] == f"release {made.digest[:12]} is current there now"


def test_blank_nodes_are_in_one_piece():
    lines = [b"<e:%d> <e:p> %s .\n" % (n, b"_:b" if n % 3 == 0 else b'"_"') for n in range(10)]
    first, *others = publishing.remote_graphs.pieces(b"".join(lines), 4)
    assert first.splitlines(keepends=True) == lines[::3]
    assert [piece.count(b"\n") for piece in others] == [4, 2]
    assert sorted([*first.splitlines(keepends=True), *b"".join(others).splitlines(keepends=True)]) == sorted(lines)
    assert list(publishing.remote_graphs.pieces(b"", 4)) == []


@pytest.mark.parametrize("number", [4, 8, 12, 16])
def test_updates_that_break_off_are_taken_up_again(between, engine, three, monkeypatch, number):
    """A graph of which a piece has come is put anew, and none is current before all are whole."""
    _, (first, *_) = three
    monkeypatch.setattr(publishing.remote_graphs, "PIECE", 3)
    alone = replace(between.engine, graph_store=None)
    between.break_at = number
    with pytest.raises(Unavailable):
        publishing.publish(first, alone, list)
    assert marked(engine) is None
    between.break_at = None
    publishing.publish(first, alone, list)
    assert ours(engine) == whole(first)


# The command


def test_the_command_says_what_is_wrong(running, built, publish):
    """Exit codes: 2 for what the caller can mend, 3 for the engine; nobody's password is printed."""
    store = type(running)({**running.settings, "engine_graph_store": running.settings["engine"]}, running.process)
    code, said = publish(store, built)
    assert code == 3
    assert "it takes no graphs at" in said
    away = type(running)({**running.settings, "engine": "http://127.0.0.1:9/query"}, running.process)
    code, said = publish(away, built)
    assert code == 3
    assert "mem-graph: unavailable: http://127.0.0.1:9/query is not available: connection refused" in said
    wrong = type(running)({**running.settings, "engine_login": "no-colon-hunter2"}, running.process)
    code, said = publish(wrong, built)
    assert code == 2
    assert "hunter2" not in said
    code, said = publish(running, built, "--release", "0000")
    assert code == 2
    assert len(said.splitlines()) == 1


# Served while it changes


def served(folder, running, **more):
    return create_app(Settings(releases_dir=folder, cache_bytes=0, **running.settings, **more))


def test_no_answer_mixes_two_releases_and_none_is_lost(engine, running, three, record_property):
    folder, made = three
    publishing.publish(made[0], engine, list)
    app, known = served(folder, running), {each.digest: each.version for each in made}
    stop, faults, told = threading.Event(), [], {"answered": 0, "lost": 0}

    def ask():
        client = app.test_client()
        while not stop.is_set():
            text = {"query": QUERY}
            posted = told["answered"] % 2
            found = client.post("/sparql", data=text) if posted else client.get(f"/sparql?{urlencode(text)}")
            if found.status_code != 200:
                told["lost"] += 1
                faults.append(found.json)
                continue
            told["answered"] += 1
            values = {row["release"]["value"] for row in found.json["results"]["bindings"]}
            link = found.json["head"]["link"][0].rsplit("/", 1)[-1]
            if values != {known[link]} or found.headers["X-MEM-Release"] != link:
                faults.append((values, link))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for each in threads:
        each.start()
    try:
        for number in range(4):
            publishing.publish(made[(number + 1) % 3], engine, list)
            until_served(app, made[(number + 1) % 3].digest)
    finally:
        stop.set()
        for each in threads:
            each.join(timeout=20)
        close(app)
    assert faults == []
    assert told["answered"] > 20
    record_property("note", f"{told['lost']} of {sum(told.values())} requests lost while releases changed")


def until_served(app, digest):
    serving = app.extensions["mem_graph.serving"]
    until = time.monotonic() + 20
    while serving.digest() != digest:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_release_that_is_not_in_the_folder_leaves_the_old_one(engine, running, three, tmp_path):
    """The old one's pages and graphs come from files; its queries say that the engine has another one by now."""
    folder, (first, second, _) = three
    shutil.copytree(folder / first.digest, tmp_path / first.digest)
    publishing.publish(first, engine, list)
    app = served(tmp_path, running, deadline=1.0)
    try:
        publishing.publish(second, engine, list)
        until = time.monotonic() + 20
        while "failed" not in (health := app.test_client().get("/health").json):
            assert time.monotonic() < until
            time.sleep(0.05)
        assert health["release"] == first.digest
        assert app.test_client().get(f"/graph-store?graph={BASE}graph/shared").status_code == 200
        found = app.test_client().get(f"/sparql?{urlencode({'query': QUERY})}")
        assert (found.status_code, found.json["code"]) == (503, "exchanged")
        assert not re.search(r"127\.0\.0\.1:\d+/(query|update|store)|/tmp", found.text)
    finally:
        close(app)


ALTERED = {
    "a graph is gone": (f"CLEAR GRAPH <{BASE}graph/derived>", "graph/derived has 0 of 20 triples", 1),
    "a triple is gone": (
        f"DELETE DATA {{ GRAPH <{BASE}graph/shared> {{ <http://e/t1> <http://e/is> '1' }} }}",
        "graph/shared has 4 of 5 triples",
        1,
    ),
    "another triple is in its place": (
        f"DELETE DATA {{ GRAPH <{BASE}graph/shared> {{ <http://e/t1> <http://e/is> '1' }} }};"
        f"INSERT DATA {{ GRAPH <{BASE}graph/shared> {{ <http://e/t1> <http://e/is> 'never' }} }}",
        "graph/shared has changed since",
        1,
    ),
    "all as one is gone": ("DROP GRAPH <{all}>", "{all} has changed since", 0),
    "all as one has another triple": (
        "INSERT DATA {{ GRAPH <{all}> {{ <http://e/x> a 1 }} }}",
        "{all} has changed since",
        0,
    ),
    "nothing is noted of it": (
        "DELETE {{ GRAPH ?g {{ <{all}> ?p ?o }} }} WHERE {{ GRAPH ?g {{ <{all}> ?p ?o }} }}",
        "{all} was never compared",
        0,
    ),
    "all as one is of another release": (
        "DELETE {{ GRAPH ?g {{ <{all}> ?p ?o }} }} INSERT {{ GRAPH ?g {{ <{all}> ?p '0' }} }} "
        "WHERE {{ GRAPH ?g {{ <{all}> ?p ?o FILTER(STRENDS(STR(?p), 'identifier')) }} }}",
        "{all} is noted under another digest",
        0,
    ),
}


@pytest.mark.parametrize(("update", "words", "puts"), ALTERED.values(), ids=ALTERED)
def test_an_engine_that_holds_less_or_more_is_not_served_from(engine, running, three, update, words, puts):
    """Whatever its mark says. Publishing again puts what differs, and that alone; then it is served."""
    folder, (first, *_) = three
    publishing.publish(first, engine, list)
    everything = merged(first.digest)
    publishing.remote.update(engine, update.format(all=everything) if "{all}" in update else update, 10)
    app = served(folder, running)
    try:
        found = app.test_client().get(f"/sparql?{urlencode({'query': QUERY})}")
        assert found.status_code == 503
        assert "the engine does not hold all of it as it was published" in found.json["detail"]
        assert words.format(all=everything) in found.json["detail"]
        said = []
        publishing.publish(first, engine, said.append)
        assert ours(engine) == whole(first)
        assert json.dumps(said).count("triples, put") == puts
        assert marked(engine).digest == first.digest
    finally:
        close(app)
    app = served(folder, running)
    try:
        assert app.test_client().get(f"/sparql?{urlencode({'query': QUERY})}").status_code == 200
    finally:
        close(app)

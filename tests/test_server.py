"""`python server.py`, `mem-graph serve` and `server:app`: started as an operator starts them, asked by real clients."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote

import pytest
from SPARQLWrapper import CSV, JSON, POST, SPARQLWrapper

from mem_graph.errors import BadRequest, Unavailable
from mem_graph.graph import release
from mem_graph.query import elsewhere

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
RATINGS = """
PREFIX mem: <https://w3id.org/mem-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?rating (COUNT(*) AS ?n) WHERE {
  ?assessment a mem:Assessment ; mem:rating/skos:prefLabel ?rating FILTER(LANG(?rating) = "en")
} GROUP BY ?rating ORDER BY DESC(?n) ?rating
"""
PRINTED = {"Complete": 16, "Mostly complete": 5, "Partially complete": 3, "Not started": 2, "Started": 1}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def releases(built):
    return built


WAYS = {
    "server.py": [sys.executable, ROOT / "server.py"],
    "serve": [BIN / "mem-graph", "serve"],
    "serve by waitress": [BIN / "mem-graph", "serve", "--server", "waitress"],
}


@contextmanager
def running(command, releases, port, stopped_by=signal.SIGTERM):
    """A server, until it is stopped as an operator does it, or a terminal: by Ctrl-C, which all its processes hear."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
    given |= {"MEM_GRAPH_RELEASES_DIR": str(releases), "MEM_GRAPH_PORT": str(port)}
    server = subprocess.Popen(command, env=given, cwd=releases, stderr=subprocess.PIPE, process_group=0)
    try:
        wait_for(f"http://127.0.0.1:{port}/health")
        yield server
    finally:
        if stopped_by == signal.SIGINT:
            os.killpg(server.pid, stopped_by)
        else:
            server.send_signal(stopped_by)
        _, said = server.communicate(timeout=9)  # less than what requests under way are given
        assert b"Traceback" not in said, said.decode()
        assert server.returncode in (0, 130)


@pytest.fixture(scope="module", params=WAYS)
def address(request, releases):
    """The address of a running server, started in one of three ways."""
    port = free_port()
    with running(WAYS[request.param], releases, port):
        yield f"http://127.0.0.1:{port}/"


@pytest.mark.alone  # how long they take to end is looked at
@pytest.mark.parametrize("way", WAYS)
def test_ctrl_c_ends_all_of_it_and_says_nothing_of_its_inside(releases, way):
    port = free_port()
    with running(WAYS[way], releases, port, signal.SIGINT) as server:
        below = children(server.pid)
        assert below
    until = time.monotonic() + 10
    while any(Path(f"/proc/{each}").exists() for each in below) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(Path(f"/proc/{each}").exists() for each in below)


def children(pid):
    """Every process below one."""
    try:
        own = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [*own, *(below for each in own for below in children(each))]


def test_a_request_under_way_is_answered_when_the_server_is_told_to_stop(releases):
    port, answers = free_port(), []
    query = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")

    def ask():
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sparql?timeout=1.5&query={query}", timeout=20)
        except HTTPError as error:
            with error:
                answers.append(error.code)

    with running(WAYS["serve"], releases, port):
        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(0.5)
        assert answers == []
    asking.join(timeout=20)
    assert answers == [503]


@pytest.mark.parametrize("program", ["granian", "waitress"])
def test_a_port_that_is_taken_is_said_to_be(releases, program):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [BIN / "mem-graph", "serve", "--port", port, "--server", program, "--releases-dir", releases],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr == (
        f"mem-graph: settings-error: setting port: '{port}' is not a port to listen on at 127.0.0.1 "
        "(address already in use)\n"
    )


def test_a_host_that_is_none_is_said_to_be():
    done = subprocess.run(
        [BIN / "mem-graph", "serve", "--host", "no.such.host.invalid"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, "setting host" in done.stderr, "Traceback" in done.stderr) == (2, True, False)


@pytest.mark.parametrize("program", ["granian", "waitress"])
def test_any_port_that_is_free_is_named(releases, program):
    command = [BIN / "mem-graph", "serve", "--port", "0", "--server", program, "--releases-dir", releases]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        said = server.stderr.readline()
        root = re.search(r"at (http://127\.0\.0\.1:\d+/)sparql", said)[1]
        assert b'"ok"' in wait_for(f"{root}health")
        assert root in urllib.request.urlopen(f"{root}sparql", timeout=10).read().decode()
    finally:
        server.terminate()
        server.communicate(timeout=20)


def wait_for(url):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            return urllib.request.urlopen(url, timeout=2).read()
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"no answer from {url}")


def test_a_client_counts_the_ratings(address):
    client = SPARQLWrapper(f"{address}sparql", returnFormat=JSON)
    client.setMethod(POST)
    client.setTimeout(20)
    client.setQuery(RATINGS)
    answer = client.query()
    rows = answer.convert()["results"]["bindings"]
    assert {row["rating"]["value"]: int(row["n"]["value"]) for row in rows} == PRINTED
    assert re.fullmatch(r"[0-9a-f]{64}", answer.info()["x-mem-release"])


def test_the_command_line_asks_the_server(address):
    done = subprocess.run(
        [BIN / "mem-graph", "query", "--endpoint", f"{address}sparql", "--text", RATINGS],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "5 rows" in done.stdout


def test_the_command_line_asks_in_every_format(address):
    def asked(text, *more):
        command = [BIN / "mem-graph", "query", "--endpoint", f"{address}sparql", "--text", text, *more]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout

    assert asked(RATINGS, "--format", "csv").splitlines()[1] == "Complete,16"
    assert asked("ASK { ?s a ?c }", "--format", "json").startswith('{"head":{},"boolean":true')
    graph = asked("DESCRIBE <https://w3id.org/mem-graph/id/country/PER>")
    assert "skos:notation" in graph
    assert "@prefix" in graph


def test_remote_errors_are_ours(address):
    with pytest.raises(BadRequest):
        elsewhere.answer(f"{address}sparql", "SELECT ?x WHERE {", None, 10)
    with pytest.raises(Unavailable):
        elsewhere.answer(f"{address}nothing-here", "ASK {}", None, 10)
    with pytest.raises(Unavailable):
        elsewhere.answer(f"http://127.0.0.1:{free_port()}/sparql", "ASK {}", None, 10)


def test_csv_of_a_prepared_question_is_that_of_the_command_line(address, releases):
    text = (ROOT / "mem_graph" / "queries" / "gaps-by-area.rq").read_text(encoding="utf-8")
    client = SPARQLWrapper(f"{address}sparql", returnFormat=CSV)
    client.setTimeout(20)
    client.setQuery(text)
    over_http = client.query().convert().decode().replace("\r\n", "\n").strip()
    done = subprocess.run(
        [BIN / "mem-graph", "query", "gaps-by-area", "--format", "csv", "--releases-dir", releases],
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert over_http == done.stdout.decode().replace("\r\n", "\n").strip()
    assert len(over_http.splitlines()) > 27


WSGI = """
import sys
from waitress import create_server
import server
create_server(server.app, host="127.0.0.1", port=int(sys.argv[1])).run()
"""


def test_server_app_is_a_wsgi_application(releases):
    port = free_port()
    given = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
    given |= {"MEM_GRAPH_RELEASES_DIR": str(releases), "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([sys.executable, "-c", WSGI, str(port)], env=given, stderr=subprocess.DEVNULL)
    try:
        health = wait_for(f"http://127.0.0.1:{port}/health")
        assert release.current(releases).digest.encode() in health
    finally:
        server.terminate()
        server.wait(timeout=20)


def test_a_silent_endpoint_ends_with_the_time_out():
    """A server that takes the connection and says nothing."""
    met = []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        threading.Thread(target=lambda: met.append(silent.accept()[0]), daemon=True).start()
        start = time.monotonic()
        with pytest.raises(Unavailable):
            elsewhere.answer(f"http://127.0.0.1:{silent.getsockname()[1]}/sparql", "ASK {}", None, 1)
        assert time.monotonic() - start < 10
    met[0].close()

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
from pathlib import Path

import pytest
from SPARQLWrapper import CSV, JSON, POST, SPARQLWrapper

from mem_graph.engine import remote
from mem_graph.errors import BadRequest, Unavailable
from mem_graph.graph import release

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
def releases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    subprocess.run([BIN / "mem-graph", "build", "--releases-dir", folder], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module", params=["server.py", "serve"])
def address(request, releases):
    """The address of a running server, started in one of two ways."""
    port = free_port()
    given = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
    given |= {"MEM_GRAPH_RELEASES_DIR": str(releases), "MEM_GRAPH_PORT": str(port)}
    command = [BIN / "mem-graph", "serve"] if request.param == "serve" else [sys.executable, ROOT / "server.py"]
    server = subprocess.Popen(command, env=given, cwd=releases, stderr=subprocess.PIPE)
    try:
        wait_for(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.send_signal(signal.SIGINT)
        _, said = server.communicate(timeout=20)
        assert b"Traceback" not in said, said.decode()


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


def test_remote_errors_are_ours(address):
    with pytest.raises(BadRequest):
        remote.ask(f"{address}sparql", "SELECT ?x WHERE {", 10)
    with pytest.raises(Unavailable):
        remote.ask(f"{address}nothing-here", "ASK {}", 10)
    with pytest.raises(Unavailable):
        remote.ask(f"http://127.0.0.1:{free_port()}/sparql", "ASK {}", 10)


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
            remote.ask(f"http://127.0.0.1:{silent.getsockname()[1]}/sparql", "ASK {}", 1)
        assert time.monotonic() - start < 10
    met[0].close()

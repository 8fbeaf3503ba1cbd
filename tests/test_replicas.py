"""Two servers behind nginx, as docs/scaling.md has it: one is killed under load, and nothing is lost."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PAGE = (ROOT / "docs" / "scaling.md").read_text("utf-8")
PUBLIC = "https://example.org/"
CLIENTS, SECONDS = 6, 4.5
NEW, POSTED, LARGER = LOAD = (1, 2, 3)
"""Of eight requests one is new, one new by POST, one new and large; the others can be in the cache."""
ASK = "SELECT ?p ?o { <https://w3id.org/mem-graph/id/report/PER-R6> ?p ?o } ORDER BY ?p ?o"
LARGE = "SELECT * { ?s a ?c } ORDER BY ?s ?c LIMIT 500"

pytestmark = [
    pytest.mark.alone,
    pytest.mark.suite(name="two servers behind nginx, as in docs/scaling.md", needs="nginx", cases=3),
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def replica(built, port):
    """A server as an operator starts it, in a group of processes of its own; killed with the context."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
    given |= {"MEM_GRAPH_RELEASES_DIR": str(built), "MEM_GRAPH_PORT": str(port), "MEM_GRAPH_PUBLIC_URL": PUBLIC}
    server = subprocess.Popen([BIN / "mem-graph", "serve"], env=given, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, "/ready")
        yield server
    finally:
        server.terminate()
        server.wait(timeout=20)


@contextmanager
def balancer(nginx, ports, folder):
    """The port of an nginx with the lines of the page, without TLS, over these ports."""
    port = free_port()
    (lines,) = re.findall(r"^```nginx\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    lines = lines.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    for named, real in zip(("127.0.0.1:8001", "127.0.0.1:8002"), ports, strict=True):
        assert named in lines
        lines = lines.replace(named, f"127.0.0.1:{real}")
    with nginx(folder, lines, 3):
        wait_for(port, "/health")
        yield port


def wait_for(port, path):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if asked(port, path)[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"no answer at {path}")


def asked(port, path, method="GET", body=None, **headers):
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, response.read(), response.headers
    finally:
        connection.close()


@pytest.fixture(scope="module")
def both(built, tmp_path_factory, nginx):
    """The ports of two servers and of the balancer, and the servers' processes."""
    ports = (free_port(), free_port())
    room = tmp_path_factory.mktemp("nginx")
    with replica(built, ports[0]) as first, replica(built, ports[1]) as second, balancer(nginx, ports, room) as front:
        yield front, ports, [first, second], built


class Client(threading.Thread):
    """Asks without a pause what is in the cache and what is not; notes what is lost, and what is not right."""

    def __init__(self, port, right):
        super().__init__()
        self.port, self.right, self.stopped, self.answered, self.lost, self.wrong = port, right, False, 0, [], []
        self.start()

    def run(self):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        number = 0
        while not self.stopped:
            number += 1
            kind = number % 8 if number % 8 in LOAD else 0
            text = (LARGE if kind == LARGER else ASK) + (f" # {id(self)}-{number}" if kind else "")
            form = urlencode({"query": text})
            try:
                if kind == POSTED:
                    coded = {"Content-Type": "application/x-www-form-urlencoded"}
                    connection.request("POST", "/sparql", form, coded)
                else:
                    connection.request("GET", f"/sparql?{form}")
                response = connection.getresponse()
                body = response.read()
            except (OSError, HTTPException) as error:
                self.lost.append(repr(error))
                connection.close()
                continue
            if response.status != 200:
                self.lost.append(response.status)
            elif json.loads(body)["results"] != self.right[kind == LARGER]:
                self.wrong.append(text)
            else:
                self.answered += 1
        connection.close()


def test_one_is_killed_under_load_and_comes_back(both, record_property):
    front, ports, servers, built = both
    right = [json.loads(asked(front, f"/sparql?query={quote(text)}")[1])["results"] for text in (ASK, LARGE)]
    clients = [Client(front, right) for _ in range(CLIENTS)]
    time.sleep(SECONDS / 3)
    os.kill(servers[0].pid, signal.SIGKILL)
    servers[0].wait(timeout=20)
    before = sum(each.answered for each in clients)
    time.sleep(SECONDS / 3)
    alone = sum(each.answered for each in clients) - before
    with replica(built, ports[0]):
        until = time.monotonic() + 20
        while not (shared := requests(ports[0])) and time.monotonic() < until:
            time.sleep(0.2)
        for each in clients:
            each.stopped = True
        for each in clients:
            each.join(timeout=30)
        wait_for(ports[0], "/ready")
    answered, lost = sum(each.answered for each in clients), [fault for each in clients for fault in each.lost]
    record_property("note", f"{len(lost)} of {answered + len(lost)} requests lost when a server was killed")
    assert [each.wrong for each in clients] == [[]] * CLIENTS
    assert len(lost) <= 1, lost  # one that nginx had begun to pass on
    assert alone > 10
    assert shared > 0


def requests(port):
    lines = asked(port, "/metrics")[1].decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if 'requests_total{route="sparql"' in line)


def test_a_copy_that_one_has_given_is_confirmed_by_the_other(both):
    _, (first, second), servers, built = both
    with replica(built, first) if servers[0].poll() is not None else open(os.devnull):
        path = f"/sparql?query={quote(ASK)}"
        here, there = asked(first, path), asked(second, path)
        assert here[:2] == there[:2]
        assert here[2]["ETag"] == there[2]["ETag"]
        for port in (first, second):
            assert asked(port, path, If_None_Match=here[2]["ETag"])[0] == 304


def test_what_is_refused_is_not_asked_of_the_next(both):
    front, (_, second), _, _ = both
    before = requests(second)
    status, body, _ = asked(
        front, f"/sparql?timeout=0.001&query={quote('SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }')}"
    )
    assert (status, json.loads(body)["code"]) == (503, "time-limit")
    assert requests(second) - before <= 1

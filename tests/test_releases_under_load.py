"""Releases come and go while the service answers: no request is lost, no answer mixes two, no killed build is seen."""

import json
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest

from mem_graph.graph import release

pytestmark = pytest.mark.alone

SWAPS, KILLS, CLIENTS = 100, 100, 2
BASE = "https://w3id.org/mem-graph/"
QUERY = "SELECT ?a ?b { <http://e/s> <http://e/a> ?a ; <http://e/b> ?b }"


def data(number):
    """A small dataset whose values all tell which one it is."""
    lines = [f'<http://e/s> <http://e/{name}> "{number}" <http://e/g> .\n' for name in "ab"]
    return "".join(lines).encode()


def written(folder, number):
    facts = {"version": str(number), "identity_base": BASE}
    return release.write(folder, {release.DATA: data(number)}, facts)


class Server:
    """The command that serves a folder; what it says of itself over HTTP, and to standard error."""

    def __init__(self, folder, said):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        given = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
        command = [Path(sys.executable).with_name("mem-graph"), "serve", "--port", str(self.port)]
        given |= {"MEM_GRAPH_RELEASES_DIR": str(folder), "MEM_GRAPH_WORKERS": "2"}
        self.running = subprocess.Popen(command, env=given, stderr=said)

    def asked(self, path):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            return connection.getresponse().read()
        finally:
            connection.close()

    def health(self):
        try:
            return json.loads(self.asked("/health"))
        except OSError:
            return {"release": None}

    def digest(self):
        return self.health()["release"]

    def swaps(self):
        return int(re.search(rb"^mem_graph_release_swaps_total (\d+)$", self.asked("/metrics"), re.MULTILINE)[1])


@pytest.fixture
def served(tmp_path):
    """A folder with two releases, and a server over it, as an operator starts it."""
    folder, said = tmp_path / "releases", tmp_path / "said"
    folder.mkdir()
    with release.writing(folder):
        both = {written(folder, number).digest: str(number) for number in (1, 2)}
        release.switch(folder, release.verify(folder / next(iter(both))))
    with said.open("wb") as error:
        server = Server(folder, error)
        try:
            wait_for(lambda: server.digest() == next(iter(both)))
            yield folder, both, server, said
        finally:
            server.running.terminate()
            server.running.wait(timeout=20)


class Client(threading.Thread):
    """Asks without a pause until it is told to stop; keeps what was wrong, and counts the answers of each release."""

    def __init__(self, port, known, path="/sparql"):
        super().__init__()
        self.port, self.known, self.path = port, known, path
        self.stopped, self.faults, self.answers = threading.Event(), [], {}
        self.start()

    def run(self):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        for number in range(1_000_000):
            if self.stopped.is_set():
                break
            text = QUERY + f" # {number}" * (number % 2)  # every other one is in no cache
            try:
                connection.request("GET", f"{self.path}?query={quote(text)}")
                response = connection.getresponse()
                self.check(response, response.read())
            except Exception as error:
                self.faults.append(repr(error))
                break
        connection.close()

    def check(self, response, body):
        digest = response.headers["X-MEM-Release"]
        self.answers[digest] = self.answers.get(digest, 0) + 1
        if response.status != 200:
            self.faults.append((response.status, body))
            return
        document = json.loads(body)
        values = {cell["value"] for row in document["results"]["bindings"] for cell in row.values()}
        if document["head"]["link"] != [f"{BASE}id/release/{digest}"] or values != {self.known(digest)}:
            self.faults.append((digest, body))

    def stop(self):
        self.stopped.set()
        self.join(timeout=30)
        assert not self.is_alive()
        assert self.faults == []


def wait_for(condition, seconds=20):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.002)
    assert condition()


def test_a_hundred_swaps_lose_no_request_and_mix_no_answer(served):
    folder, both, server, _ = served
    clients = [Client(server.port, both.get) for _ in range(CLIENTS)]
    try:
        for number in range(1, SWAPS + 1):
            target = list(both)[number % 2]
            with release.writing(folder):
                release.switch(folder, release.verify(folder / target))
            wait_for(lambda target=target: server.digest() == target)
    finally:
        for client in clients:
            client.stop()
    assert server.swaps() == SWAPS
    answers = {digest: sum(client.answers.get(digest, 0) for client in clients) for digest in both}
    assert min(answers.values()) > SWAPS


BUILDS = """
import os, random, signal, sys, time
from pathlib import Path
from mem_graph.errors import ReleaseError
from mem_graph.graph import release
releases, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)

def build(number):
    lines = "".join(f'<http://e/s> <http://e/{name}> "{number}" <http://e/g> .\\n' for name in "ab").encode()
    files = {release.DATA: lines, "readings/a.json": b"{}" * 5000, "sources/a.txt": b"x" * 50_000}
    with release.writing(releases):
        made = release.write(releases, files, {"version": str(number), "identity_base": "https://w3id.org/mem-graph/"})
        release.switch(releases, made)

during = 0
for number in range(kills):
    child = os.fork()
    if child == 0:
        build(1000 + number)
        for more in range(1000):
            build(100_000 + 1000 * number + more)
        os._exit(0)
    time.sleep(chance.uniform(0, 0.03))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    during += bool(list(releases.glob(".building-*")))
    release.verify(releases / "current")
print(during)
"""


def test_a_hundred_killed_builds_leave_a_whole_release_served(served):
    folder, _, server, _ = served

    def known(digest):
        return release._read_manifest(folder / digest)["version"]

    client = Client(server.port, known)
    seed = random.randrange(1_000_000)
    try:
        arguments = [sys.executable, "-c", BUILDS, folder, str(KILLS), str(seed)]
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"seed {seed}: {done.stderr}"
    finally:
        client.stop()
    assert int(done.stdout) > 0, "no kill met a build that was writing"
    for each in release.kept(folder):
        assert release.verify(folder / each.name).digest == each.name
    with release.writing(folder):
        assert [each.name for each in folder.glob(".building-*")] == []
    wait_for(lambda: server.digest() == release.pointed(folder))


def test_a_release_that_cannot_be_loaded_leaves_the_old_one_serving(served):
    folder, both, server, said = served
    old, bad = list(both)
    damaged = folder / bad / release.DATA
    damaged.write_bytes(damaged.read_bytes().replace(b'"2"', b'"3"'))
    release._point(folder, bad)
    client = Client(server.port, both.get)
    wait_for(lambda: "failed" in server.health())
    client.stop()
    assert set(client.answers) == {old}
    health = server.health()
    assert (health["status"], health["release"]) == ("ok", old)
    assert health["failed"] == {"release": bad, "reason": "its files are not as recorded"}
    assert "digest differs" in said.read_text()
    release._point(folder, old)
    wait_for(lambda: "failed" not in server.health())


def test_a_kept_release_is_asked_beside_the_current_one(served):
    folder, both, server, _ = served
    old, new = list(both)
    clients = [Client(server.port, both.get, f"/release/{digest}/sparql") for digest in (old, new, new)]
    wait_for(lambda: all(sum(client.answers.values()) > 5 for client in clients))
    release.switch(folder, release.verify(folder / new))
    wait_for(lambda: server.digest() == new)
    time.sleep(0.2)
    for client, digest in zip(clients, (old, new, new), strict=True):
        client.stop()
        assert set(client.answers) == {digest}

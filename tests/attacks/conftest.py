"""A release of some ten thousand triples, and the command that serves it on the loopback, as an operator starts it."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryFile
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from mem_graph.graph import release

NODES = 3000
GRAPH = "http://example.org/graph"


@pytest.fixture(scope="session")
def releases(tmp_path_factory):
    """A ring, so that every path leads everywhere; and a label and a number on each node."""
    folder = tmp_path_factory.mktemp("releases")
    lines = []
    for number in range(NODES):
        node, following = (f"<http://example.org/{each % NODES}>" for each in (number, number + 1))
        lines += [
            f"{node} <http://example.org/next> {following} <{GRAPH}> .\n",
            f"{node} <http://example.org/jump> <http://example.org/{number * 7 % NODES}> <{GRAPH}> .\n",
            f'{node} <http://example.org/label> "Node number {number}, {"a" * 40}" <{GRAPH}> .\n',
            f'{node} <http://example.org/n> "{number}"^^<http://www.w3.org/2001/XMLSchema#integer> <{GRAPH}> .\n',
        ]
    facts = {"version": "0.1.0", "identity_base": "https://w3id.org/mem-graph/"}
    made = release.write(folder, {release.DATA: "".join(sorted(lines)).encode()}, facts)
    release.switch(folder, made)
    return folder


@pytest.fixture(scope="session")
def serve(releases):
    """Serve the release with these settings, by the command, for as long as the context lasts."""

    @contextmanager
    def serving(**settings):
        given = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
        chosen = {"releases_dir": releases, "port": free_port(), **settings}
        given |= {f"MEM_GRAPH_{name.upper()}": str(value) for name, value in chosen.items()}
        with TemporaryFile() as said:
            command = [Path(sys.executable).parent / "mem-graph", "serve"]
            running = subprocess.Popen(command, env=given, stderr=said)
            server = Server(running.pid, chosen["port"])
            try:
                server.wait()
                yield server
            finally:
                running.kill()  # the processes below it go with it
                running.wait()
                said.seek(0)
                assert b"Traceback" not in said.read()

    return serving


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Server:
    """A server that runs: its process, and where to ask it."""

    pid: int
    port: int

    @property
    def root(self):
        return f"http://127.0.0.1:{self.port}/"

    def ask(self, text, **parameters):
        """The status of an answer, and what is in it: the code of an error, or the body. None of both: it has gone."""
        data = urlencode({"query": text, **parameters}).encode()
        try:
            with urlopen(f"{self.root}sparql", data, timeout=60) as response:
                return response.status, response.read()
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read())["code"]
        except (OSError, HTTPException):
            return None, None

    def lost(self):
        """How many workers have been replaced, by why."""
        with urlopen(f"{self.root}metrics", timeout=60) as response:
            text = response.read().decode()
        found = re.findall(r'workers_replaced_total\{reason="([a-z-]+)"\} (\d+)', text)
        return {reason: int(count) for reason, count in found}

    def wait(self):
        until = time.monotonic() + 30
        while self.ask("ASK {}")[0] != 200 and time.monotonic() < until:
            time.sleep(0.05)
        assert self.ask("ASK {}")[0] == 200


@pytest.fixture(scope="session")
def family():
    """The processes below a process: pid → (state, PSS in bytes)."""
    return _family


def _family(pid):
    found = {}
    for child in _children(pid):
        found[child] = _state(child)
        found |= _family(child)
    return {each: state for each, state in found.items() if state}


def _children(pid):
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _state(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except OSError:
        return None


@pytest.fixture(scope="session")
def memory():
    """The bytes of memory that some processes take together, what they share counted once."""

    def pss(pids):
        total = 0
        for pid in pids:
            try:
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            except OSError:  # it has ended this moment
                continue
            total += sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return total

    return pss

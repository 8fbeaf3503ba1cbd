"""A release of some ten thousand triples, an application over it with short limits, a real server on the loopback."""

import json
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from mem_graph.graph import release
from mem_graph.settings import Settings
from mem_graph.web import create_app

NODES = 3000
GRAPH = "http://example.org/graph"


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_request(self, *_):
        pass


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
    """Serve the release with these settings for as long as the context lasts: where to ask, and the store."""

    @contextmanager
    def serving(**settings):
        app = create_app(Settings(releases_dir=releases, **settings))
        holder = app.extensions["mem_graph.serving"]
        with make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet) as running:
            running.daemon_threads = True
            thread = Thread(target=running.serve_forever)
            thread.start()
            root = f"http://127.0.0.1:{running.server_port}/"
            store = holder.get().store
            try:
                yield SimpleNamespace(root=root, store=store, ask=lambda text, **more: ask(root, text, **more))
            finally:
                holder.close()
                running.shutdown()
                thread.join()

    return serving


def ask(root, text, **parameters):
    """The status of an answer, and what is in it: the code of an error, or the body."""
    data = urlencode({"query": text, **parameters}).encode()
    try:
        with urlopen(f"{root}sparql", data, timeout=60) as response:
            return response.status, response.read()
    except HTTPError as error:
        with error:
            return error.code, json.loads(error.read())["code"]


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

"""A release of the small dataset, the application over it, a client, and a real server on the loopback."""

import time
from pathlib import Path
from threading import Thread

import pyoxigraph
import pytest
from werkzeug.serving import make_server

from mem_graph.graph import release
from mem_graph.settings import Settings
from mem_graph.web import close, create_app

SMALL = Path(__file__).parents[1] / "engine" / "small.trig"
FACTS = {"version": "0.1.0", "identity_base": "https://w3id.org/mem-graph/"}


@pytest.fixture(scope="session")
def make_release():
    """Make a release of the small dataset in a folder, and make it current."""
    return _make_release


def _make_release(folder, version="0.1.0"):
    quads = pyoxigraph.parse(path=SMALL, format=pyoxigraph.RdfFormat.TRIG)
    lines = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS).splitlines(keepends=True)
    made = release.write(folder, {release.DATA: b"".join(sorted(lines))}, {**FACTS, "version": version})
    release.switch(folder, made)
    return made


@pytest.fixture(scope="session")
def wait_until():
    """Wait until a condition holds; it is asked again and again, for ten seconds at most."""

    def wait(condition):
        until = time.monotonic() + 10
        while not condition() and time.monotonic() < until:
            time.sleep(0.01)
        assert condition()

    return wait


@pytest.fixture(scope="session")
def releases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("releases")
    _make_release(folder)
    return folder


@pytest.fixture(scope="session")
def served(releases):
    return release.current(releases)


@pytest.fixture(scope="session")
def app(releases):
    made = create_app(Settings(releases_dir=releases, public_url="https://example.org/mem/"))
    yield made
    close(made)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="session")
def server(app):
    """The address of a running server."""
    with make_server("127.0.0.1", 0, app, threaded=True) as running:
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()

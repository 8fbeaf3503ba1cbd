"""One release, look-ups over it, and a server that serves it."""

from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from mem_graph.graph import build
from mem_graph.query.opened import OpenRelease
from mem_graph.query.treaties import TreatyLookup
from mem_graph.settings import Settings
from mem_graph.web import create_app


@pytest.fixture(scope="session")
def opened(tmp_path_factory):
    """A release of all that data/ holds."""
    folder = tmp_path_factory.mktemp("treaties")
    settings = Settings.read({"MEM_GRAPH_RELEASES_DIR": str(folder)})
    build.build(settings, lambda _: None)
    with OpenRelease.open(None, settings) as release:
        yield release


@pytest.fixture(scope="session")
def lookup(opened):
    """Look-ups over it."""
    return TreatyLookup.read(opened)


@pytest.fixture(scope="session")
def server(opened):
    """The address of a running server over the release."""
    settings = Settings(releases_dir=Path(opened._current.release.folder).parent, workers=1)
    app = create_app(settings)
    with make_server("127.0.0.1", 0, app, threaded=True) as running:
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()
    app.extensions["mem_graph.serving"].close()

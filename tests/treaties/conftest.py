"""One release, look-ups over it, and a server that serves it."""

from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from mem_graph.query.opened import OpenRelease
from mem_graph.query.treaties import TreatyLookup
from mem_graph.settings import Settings
from mem_graph.web import create_app


@pytest.fixture(scope="session")
def opened(built):
    """A release of all that data/ holds."""
    with OpenRelease.open(None, Settings(releases_dir=built)) as release:
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

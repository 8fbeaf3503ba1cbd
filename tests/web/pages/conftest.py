"""The pages over the release of Peru's report, in this process, behind a proxy that cuts a prefix off."""

import pytest

from mem_graph.query.current import Current
from mem_graph.settings import Settings
from mem_graph.web import close, create_app

PREFIX = "/mem"


@pytest.fixture(scope="session")
def current(peru):
    held = Current.open(peru.folder, Settings())
    yield held
    held.close()


@pytest.fixture(scope="session")
def app(current):
    made = create_app(Settings(contact="help@example.org", cache_bytes=0), current)
    yield made
    close(made)


@pytest.fixture(scope="session")
def get(app):
    """Ask a page as a browser does, below a prefix, by a host that nothing may believe."""
    client = app.test_client()

    def ask(address, accept="text/html,*/*;q=0.1", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        path = address.removeprefix(PREFIX)
        return client.get(path, base_url=f"http://elsewhere.example{PREFIX}", headers={"Accept": accept, **headers})

    return ask

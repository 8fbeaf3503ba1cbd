"""One release, and look-ups over it."""

import pytest

from mem_graph.graph import build
from mem_graph.query.opened import OpenRelease
from mem_graph.query.treaties import TreatyLookup
from mem_graph.settings import Settings


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
    return TreatyLookup.read(opened, opened.identity_base)

"""The release that questions are asked of: the one report that is kept here, built as `mem-graph build` does."""

import pytest

from mem_graph.settings import Settings


@pytest.fixture(scope="session")
def peru(tmp_path_factory):
    from mem_graph.graph import build

    return build.build(Settings(releases_dir=tmp_path_factory.mktemp("releases")), lambda *_, **__: None)

"""Evaluation reports of the Multilateral Evaluation Mechanism as a knowledge graph.

`open_release` gives the current release, ready for queries; the command line is ``mem-graph --help``.
"""

import typing

if typing.TYPE_CHECKING:
    from pathlib import Path

    from mem_graph.query.opened import OpenRelease

__all__ = ["__version__", "open_release"]

__version__ = "0.1.0"


def open_release(folder: "str | Path | None" = None) -> "OpenRelease":
    """Open a release for queries: the folder of one, or the current one of the setting ``MEM_GRAPH_RELEASES_DIR``.

    Out: an `OpenRelease` with ``query()`` for rows, ``graph()`` for graphs and ``digest``. Raises ReleaseError where
    there is none or it is damaged.
    """
    import os
    from pathlib import Path

    from mem_graph.query.opened import OpenRelease
    from mem_graph.settings import Settings

    return OpenRelease.open(None if folder is None else Path(folder), Settings.read(os.environ))

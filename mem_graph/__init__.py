"""Evaluation reports of the Multilateral Evaluation Mechanism as a knowledge graph.

>>> import mem_graph
>>> release = mem_graph.open_release()                                          # doctest: +SKIP
>>> release.query("SELECT ?name WHERE { ?i skos:altLabel 'DEVIDA'@en ; … }")    # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from mem_graph.query.opened import OpenRelease

__all__ = ["__version__", "open_release"]

__version__ = "0.1.0"


def open_release(folder: str | Path | None = None) -> OpenRelease:
    """Open a release for queries: the folder of one, or the current one of ``releases/`` (setting ``MEM_GRAPH_RELEASES_DIR``).

    Out: an `OpenRelease` with ``query()`` for rows, ``graph()`` for graphs and ``digest``. Raises ReleaseError where there is none
    or it is damaged.
    """
    import os
    from pathlib import Path

    from mem_graph.query.opened import OpenRelease
    from mem_graph.settings import Settings

    return OpenRelease.open(None if folder is None else Path(folder), Settings.read(os.environ))

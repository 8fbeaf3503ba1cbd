"""What every store can do, and the opening of one: in this process, or in workers for the queries of strangers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from mem_graph.engine.media_types import DATA, named
from mem_graph.errors import ParseError
from mem_graph.outcomes import Answer, SparqlRequest
from mem_graph.settings import Settings


class Store(Protocol):
    """Something that answers queries over one dataset that does not change."""

    def query(self, request: SparqlRequest, media_type: str) -> Answer:
        """The answer to a query that has been checked, as bytes of that media type; raises BadRequest, StoreError."""

    def graphs(self) -> Mapping[str, int]:
        """The number of triples in each named graph, by its IRI."""

    def close(self) -> None:
        """Let go of all that is held."""


def open_store(settings: Settings, files: Iterable[Path]) -> Store:
    """A store of these files, whose names end in what they are (``data.nq``); the default graph is as the settings say.

    Raises ParseError for a file of another kind, or one that is not well formed.
    """
    from mem_graph.engine.oxigraph import EmbeddedStore  # the engine is loaded when one is opened

    kinds = [(path, file_type(path)) for path in files]
    return EmbeddedStore.load(kinds, union=settings.default_graph == "union", rewrite=settings.rewrite == "on")


def open_workers(settings: Settings, files: Iterable[Path]) -> Store:
    """A store of these files whose queries run in processes that can be ended, within the limits of the settings.

    Raises what `open_store` raises; Unavailable where no process can be had; SettingsError where memory is too short.
    """
    from mem_graph.engine.workers import WorkerStore

    return WorkerStore(settings, [(path, file_type(path)) for path in files])


def file_type(path: Path) -> str:
    """The media type of a file, by its suffix; raises ParseError for one that is none of ours."""
    found = named(DATA, path.suffix.removeprefix("."))
    if found is None:
        expected = "one of " + ", ".join(f".{each.short_names[0] if each.short_names else each.name}" for each in DATA)
        raise ParseError(file=str(path), line=1, met=path.suffix, expected=expected)
    return found.media_type

"""A release with the stores that answer over it; and what says which one is current, a link or an engine's mark."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread
from typing import Protocol, Self

from mem_graph.engine.holdings import PATIENCE, Mark, confirm, marked
from mem_graph.engine.remote import MOST, Engine, within
from mem_graph.engine.remote_store import RemoteStore
from mem_graph.engine.store import Store, open_store, open_workers
from mem_graph.errors import BadRequest, StoreError
from mem_graph.graph import release as releases
from mem_graph.outcomes import Release
from mem_graph.settings import Settings
from mem_graph.wording import Wording

LOG = logging.getLogger(__name__)

NONE_PUBLISHED = Wording("unavailable.none-published")

LOOK = 1.0
"""Seconds between two looks at the mark of an engine."""

SOON = 0.1
"""Seconds between two looks while a release is exchanged."""


@dataclass(frozen=True)
class Current:
    """A release and the stores that answer over it, exchanged as a whole.

    ``store`` is for strangers' queries. ``own`` is for our own ones, which are bounded by what they ask: those of pages
    and look-ups. It is in this process or asks the engine, and where it is another one its default graph is the union.
    """

    release: Release
    store: Store
    own: Store

    @classmethod
    def published(cls, folder: Path, settings: Settings, engine: Engine, mark: Mark) -> Self:
        """The release in a folder, read back, whose graphs an engine holds: it is asked by everybody.

        Raises ReleaseError, and Unavailable where the engine does not hold all of them.
        """
        release = releases.verify(folder)
        confirm(engine, release.digest, release.graphs)
        own = RemoteStore(replace(settings, default_graph="union"), engine, mark, release.graphs, MOST)
        return cls(release, RemoteStore(settings, engine, mark, release.graphs), own)

    @classmethod
    def open(cls, folder: Path, settings: Settings, strangers: bool = False) -> Self:
        """The release in a folder, read back with every digest and loaded; raises ReleaseError where it is damaged.

        For strangers its store has workers, with a deadline and bounds; for ourselves it is in this process.
        """
        release = releases.verify(folder)
        files = [release.folder / releases.DATA]
        if not strangers:
            return cls(release, own := open_store(settings, files), own)
        own = open_store(replace(settings, default_graph="union"), files)
        return cls(release, open_workers(settings, files), own)

    @property
    def digest(self) -> str:
        """What names the data: part of every ETag and cache key."""
        return self.release.digest

    @property
    def catalogue(self) -> str:
        """The graph in which the release describes itself; empty where it does not, as data of anybody."""
        graph = f"{self.release.identity_base}graph/catalogue"
        return graph if graph in self.release.graphs else ""

    def close(self) -> None:
        """Let the data go."""
        self.store.close()
        if self.own is not self.store:
            self.own.close()


class Pointer(Protocol):
    """What says which release is current, and opens it."""

    missing: str
    """What is said where there is none."""

    waited_for: bool
    """Whether requests wait for a release that it names until that is taken up: the one before answers no more."""

    def named(self) -> str | None:
        """A word for the release that is current, another one whenever it is to be opened anew; None where there is
        none. It is asked before each request, and so answers at once.
        """

    def open(self, name: str) -> Current:
        """The release of that word; raises ReleaseError, StoreError."""

    def close(self) -> None:
        """Let go of what watches."""


class Link:
    """The link ``current`` in a folder of releases."""

    missing: str = Wording("unavailable.none-built")
    waited_for = False

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._path = os.fspath(settings.releases_dir / releases.CURRENT)

    def named(self) -> str | None:
        """The name of the folder that the link leads to."""
        try:
            return os.path.basename(os.readlink(self._path))
        except OSError:
            return None

    def open(self, name: str) -> Current:
        """The release in that folder, with workers."""
        return Current.open(self._settings.releases_dir / name, self._settings, strangers=True)

    def close(self) -> None:
        """Nothing watches."""


class Published:
    """The mark of an engine, looked at now and then by a thread; its releases have their folders here as well."""

    missing: str = NONE_PUBLISHED
    waited_for = True

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings, self._engine = settings, engine
        self._mark: Mark | None = None
        self._closed = Event()
        self._look()
        Thread(target=self._watch, name="mark of the engine", daemon=True).start()

    def named(self) -> str | None:
        """The digest that the engine has current, and the word of its mark."""
        mark = self._mark
        return f"{mark.digest} {mark.serial}" if mark else None

    def open(self, name: str) -> Current:
        """The release of that digest, with the engine as its store."""
        digest, _, serial = name.partition(" ")
        folder = self._settings.releases_dir / digest
        return Current.published(folder, self._settings, self._engine, Mark(digest, serial))

    def close(self) -> None:
        """Look no more."""
        self._closed.set()

    def _watch(self) -> None:
        while not self._closed.wait(LOOK if self._mark else SOON):
            self._look()

    def _look(self) -> None:
        """Read the mark; an engine that is away leaves it as it was: what is in the cache is still true."""
        try:
            self._mark = within(PATIENCE, lambda: marked(self._engine))
            self.missing = NONE_PUBLISHED
        except (StoreError, BadRequest, TimeoutError) as error:
            if self.missing == NONE_PUBLISHED:
                LOG.warning("the engine does not say which release it has: %s", str(error) or "it is silent")
            self.missing = Wording("unavailable.engine-silent")

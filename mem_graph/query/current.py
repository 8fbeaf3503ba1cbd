"""The release being served, with its store. Opened when it is first there; a moved pointer is not noticed yet."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Self

from mem_graph.engine.store import Store, open_store
from mem_graph.errors import ReleaseError, Unavailable
from mem_graph.graph import release as releases
from mem_graph.model import Release
from mem_graph.settings import Settings

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Current:
    """A release and the store that answers over it: one pair, exchanged as a whole."""

    release: Release
    store: Store

    @classmethod
    def open(cls, folder: Path, settings: Settings) -> Self:
        """The release in a folder, read back with every digest and loaded; raises ReleaseError where it is damaged."""
        release = releases.verify(folder)
        return cls(release, open_store(settings, [release.folder / releases.DATA]))

    @property
    def digest(self) -> str:
        """What names the data: part of every ETag and cache key."""
        return self.release.digest


class Serving:
    """Holds the current release for the threads of a server, which may start before there is one."""

    def __init__(self, settings: Settings, current: Current | None = None) -> None:
        """In: the settings, and a release that is open already."""
        self._settings = settings
        self._current = current
        self._lock = Lock()

    def get(self) -> Current:
        """The release to answer from; raises Unavailable, without a path, where there is none or it is damaged."""
        if self._current is None:
            with self._lock:
                self._current = self._current or self._open()
        return self._current

    def peek(self) -> Current | None:
        """The release that is open, if one is."""
        return self._current

    def _open(self) -> Current:
        folder = self._settings.releases_dir / releases.CURRENT
        if not folder.exists():
            raise Unavailable(what="a release", reason="none has been built")
        try:
            return Current.open(folder, self._settings)
        except ReleaseError as error:
            LOG.error("the release cannot be served: %s", error)
            raise Unavailable(what="the release", reason="its files are not as recorded") from None

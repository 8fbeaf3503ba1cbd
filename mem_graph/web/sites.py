"""What pages know of a release before they ask it: names, the index of search, the reports that are loaded."""

from __future__ import annotations

import csv
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

from mem_graph import resources
from mem_graph.graph import release as releases
from mem_graph.query.asking import Asking, Row
from mem_graph.query.current import Current
from mem_graph.query.names import Names
from mem_graph.query.search import SearchIndex

HELD = 2
"""Releases whose names are held."""


@dataclass(frozen=True)
class Site:
    """What pages know of a release before they ask: names, the reports that are loaded, and when it was made."""

    names: Names
    index: SearchIndex
    reports: tuple[Row, ...]
    made: date

    @classmethod
    def read(cls, held: Current) -> Site:
        """In: the release."""
        asking = Asking(held, resources.queries() / "pages")
        path = held.release.folder / releases.MANIFEST
        made = datetime.fromtimestamp(path.stat().st_mtime) if path.exists() else datetime.now()
        names = Names.read(asking, spanish(held.release.identity_base))
        return cls(names, SearchIndex.read(asking, names), tuple(asking.rows("loaded")), made.date())


def spanish(base: str) -> Mapping[str, str]:
    """What pages in Spanish call institutions, instruments, places, plans and regions, by their IRIs."""
    table = resources.data() / "tables" / "spanish-names.csv"
    with table.open(encoding="utf-8", newline="") as lines:
        return {f"{base}id/{row['thing']}": row["name"] for row in csv.DictReader(lines)}


class Sites:
    """The sites of the last releases, each read once; any thread may ask, and waits for none but the one it asks."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sites: OrderedDict[str, Site] = OrderedDict()
        self._reading: dict[str, Lock] = {}

    def of(self, held: Current) -> Site:
        """The site of a release."""
        with self._lock:
            if (known := self._sites.get(held.digest)) is not None:
                return known
            reading = self._reading.setdefault(held.digest, Lock())
        with reading:
            if (known := self._sites.get(held.digest)) is not None:  # another thread was quicker
                return known
            site = Site.read(held)
            with self._lock:
                self._sites[held.digest] = site
                self._reading.pop(held.digest, None)
                while len(self._sites) > HELD:
                    self._sites.popitem(last=False)
            return site

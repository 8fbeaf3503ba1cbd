"""A release put into an engine elsewhere: graph by graph, each read back and compared, made current last.

    1  put each graph that the engine does not have yet under a name of its own: the digest of what is in it
    2  read it back, compare its count and its digest, and note that this was so
    3  add up all graphs of the release in the engine, under the name of the release; compare the count
    4  take the mark away: from now on the servers that ask this engine wait
    5  move each new graph to its name, remove what the release does not have; compare all counts
    6  set the mark: the release is current

Whatever is broken off is taken up again by the next call, from what has been noted. Before 4 nothing that is served has
changed; between 4 and 6 nothing is served.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import BinaryIO
from uuid import uuid4

from mem_graph.engine import quads, remote, remote_graphs
from mem_graph.engine.binding import term
from mem_graph.engine.holdings import (
    BOOK,
    CHECKSUM,
    EXTENT,
    LONG,
    VERSION,
    Extent,
    Holdings,
    Mark,
    extent,
    holdings,
    marked,
    merged,
)
from mem_graph.engine.remote import Engine
from mem_graph.errors import ReleaseError, Unavailable
from mem_graph.graph import release as releases
from mem_graph.outcomes import Release

Say = Callable[[str], None]

NOTE = Template("INSERT DATA { GRAPH $book { $graph $checksum_of $checksum ; $extent_of $extent } }")
SET = Template("INSERT DATA { GRAPH $book { $book $property $text } }")
FORGET = Template("DELETE { GRAPH $book { $graph ?p ?o } } WHERE { GRAPH $book { $graph ?p ?o } }")
ADD = Template("ADD GRAPH $graph TO GRAPH $target")
MOVE = Template("MOVE GRAPH $graph TO GRAPH $target")
DROP = Template("DROP SILENT GRAPH $graph")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A graph of the release: its name, a file of N-Triples, how many, and the digest of what an engine keeps."""

    name: str
    file: Path
    count: int
    checksum: str

    @property
    def staged(self) -> str:
        """The name it has in the engine until the release is current."""
        return f"{BOOK}/staged/{self.checksum}"


def publish(release: Release, engine: Engine, say: Say) -> Mark:
    """Put a release into an engine and make it current there; ``say`` is told of each step.

    Out: the mark that the engine has now. Raises ReleaseError where the release is damaged, or what the engine gives
    back is not what it was given; Unavailable where it is away, or refuses. Then what was current is so still, or
    nothing is; the same call again goes on from there.
    """
    try:
        with wanted(release) as graphs:
            return _Publication(release, graphs, engine, say).run()
    except TimeoutError:
        raise Unavailable(what=engine.name, reason=f"it was silent for {LONG:g} seconds") from None


@contextmanager
def wanted(release: Release) -> Iterator[tuple[Wanted, ...]]:
    """The graphs of a release that has been verified, by name, each as a file for as long as the context lasts."""
    with tempfile.TemporaryDirectory() as folder:
        files = _split(release.folder / releases.DATA, release.graphs, Path(folder))
        yield tuple(
            Wanted(name, file, release.graphs[name], quads.checksum(file.read_bytes())) for name, file in files.items()
        )


def _split(data: Path, graphs: Mapping[str, int], folder: Path) -> dict[str, Path]:
    """Canonical N-Quads as a file of N-Triples for each graph: however many, no more than a line is held."""
    files = {name: folder / f"{number}.nt" for number, name in enumerate(sorted(graphs))}
    with ExitStack() as opened, data.open("rb") as lines:
        parts: dict[bytes, BinaryIO] = {
            f"<{name}>".encode(): opened.enter_context(file.open("wb")) for name, file in files.items()
        }
        for line in lines:
            triple, graph, _ = line.rsplit(b" ", 2)
            parts[graph].write(triple + b" .\n")
    return files


class _Publication:
    """One release on its way into one engine."""

    def __init__(self, release: Release, graphs: tuple[Wanted, ...], engine: Engine, say: Say) -> None:
        self._release, self._engine, self._say = release, engine, say
        self._graphs, self._all = graphs, merged(release.digest)
        with (release.folder / releases.DATA).open("rb") as lines:
            self._count = quads.count(lines).triples

    def run(self) -> Mark:
        """Every step that is not done yet."""
        self._say(f"release {self._release.digest[:12]}: {len(self._graphs)} graphs for {self._engine.query}")
        mark, there = marked(self._engine), self._there()
        if mark is not None and mark.digest == self._release.digest and self._is_whole(there):
            self._say("it is current there already")
            return mark
        self._put_all(there)
        self._add_up(there)
        self._exchange()
        return self._set_mark()

    # What is there

    def _there(self) -> Holdings:
        return remote.within(LONG, lambda: holdings(self._engine))

    def _changed(self, there: Holdings) -> list[Wanted]:
        """The graphs that are not under their names yet."""
        return [each for each in self._graphs if not there.has(each.name, each.count, each.checksum)]

    def _is_whole(self, there: Holdings) -> bool:
        return not self._changed(there) and there.has(self._all, self._count, self._release.digest)

    # 1 to 3: beside what is served

    def _put_all(self, there: Holdings) -> None:
        for number, each in enumerate(self._graphs, 1):
            if there.has(each.name, each.count, each.checksum):
                state = "as it is there"
            elif there.has(each.staged, each.count, each.checksum):
                state = "put before"
            else:
                self._put(each)
                state = "put"
            self._say(f"{number}/{len(self._graphs)} {each.name}: {each.count:,} triples, {state}")

    def _put(self, each: Wanted) -> None:
        remote_graphs.put(self._engine, each.staged, each.file.read_bytes(), LONG)
        found = self._checksum(remote_graphs.get(self._engine, each.staged, LONG))
        if found != each.checksum:
            raise ReleaseError(
                path=self._release.folder / each.name, fault="digest differs", recorded=each.checksum, found=found
            )
        self._note(each.staged, each.checksum)

    def _checksum(self, body: bytes) -> str:
        try:
            return quads.checksum(body)
        except ValueError:
            raise Unavailable(what=self._engine.name, reason="what it gives back is no graph") from None

    def _add_up(self, there: Holdings) -> None:
        if there.has(self._all, self._count, self._release.digest):
            return
        self._do(DROP, graph=self._all)
        for each in self._graphs:
            at_its_name = there.has(each.name, each.count, each.checksum)
            self._do(ADD, graph=each.name if at_its_name else each.staged, target=self._all)
        self._compare({self._all: self._count})
        self._note(self._all, self._release.digest)
        self._say(f"all of it: {self._count:,} triples")

    # 4 to 6: the exchange

    def _exchange(self) -> None:
        """Every graph under its name, and none that the release does not have."""
        there = self._there()
        self._do(FORGET, graph=BOOK)
        for each in self._changed(there):
            self._do(FORGET, graph=each.name)
            self._do(MOVE, graph=each.staged, target=each.name)
            self._do(FORGET, graph=each.staged)
            self._note(each.name, each.checksum, there.extents.get(each.staged))
        for name in self._left_over(there):
            self._do(DROP, graph=name)
            self._do(FORGET, graph=name)
        self._compare({each.name: each.count for each in self._graphs})

    def _left_over(self, there: Holdings) -> list[str]:
        """What is ours in the engine and no part of this release, by what has been noted, or by its name."""
        ours = {*there.notes, *(name for name in there.extents if name.startswith(f"{BOOK}/"))}
        kept = {self._all, *(each.name for each in self._graphs), *(each.staged for each in self._graphs)}
        return sorted(ours - kept)

    def _set_mark(self) -> Mark:
        mark = Mark(self._release.digest, uuid4().hex)
        self._do(SET, {"text": f"{mark.digest} {mark.serial}"}, property=VERSION)
        if marked(self._engine) != mark:
            raise Unavailable(what=self._engine.name, reason="it does not keep what it is told")
        self._say(f"release {mark.digest[:12]} is current there now")
        return mark

    # Calls

    def _compare(self, wanted: Mapping[str, int]) -> None:
        extents = self._there().extents
        for name, count in wanted.items():
            if (found := extents.get(name, Extent(0, 0)).triples) != count:
                path = self._release.folder / name
                raise ReleaseError(path=path, fault="count differs", recorded=f"{count:,}", found=f"{found:,}")

    def _note(self, graph: str, checksum: str, found: Extent | None = None) -> None:
        """Note of a graph what it was compared with, and its extent there."""
        there = found or remote.within(LONG, lambda: extent(self._engine, graph))
        self._do(FORGET, graph=graph)
        self._do(
            NOTE, {"checksum": checksum, "extent": str(there)}, graph=graph, checksum_of=CHECKSUM, extent_of=EXTENT
        )

    def _do(self, update: Template, texts: Mapping[str, str] | None = None, **iris: str) -> None:
        """Have an update done, with its terms put in; the texts hold no sign that a literal must escape."""
        terms = {name: term(iri, name) for name, iri in {"book": BOOK, **iris}.items()}
        words = update.substitute(terms, **{name: json.dumps(text) for name, text in (texts or {}).items()})
        remote.within(LONG, lambda: remote.update(self._engine, words, LONG))

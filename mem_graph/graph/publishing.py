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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from string import Template
from typing import TypeVar
from uuid import uuid4

from mem_graph.engine import quads, remote
from mem_graph.engine.binding import term
from mem_graph.engine.remote import Engine
from mem_graph.engine.remote_store import BOOK, LONG, NOTHING, VERSION, Mark, counted, marked, merged, table
from mem_graph.errors import ReleaseError, Unavailable
from mem_graph.graph import release as releases
from mem_graph.iris import PREFIXES
from mem_graph.outcomes import Release, SparqlRequest

Say = Callable[[str], None]
Given = TypeVar("Given")

CHECKSUM = f"{PREFIXES['dcterms']}identifier"
NOTED = f"SELECT ?graph ?checksum {{ ?graph <{CHECKSUM}> ?checksum }}"

NOTE = Template("INSERT DATA { GRAPH $book { $graph $property $text } }")
FORGET = Template("DELETE { GRAPH $book { $graph ?p ?o } } WHERE { GRAPH $book { $graph ?p ?o } }")
ADD = Template("ADD GRAPH $graph TO GRAPH $target")
MOVE = Template("MOVE GRAPH $graph TO GRAPH $target")
DROP = Template("DROP SILENT GRAPH $graph")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A graph of the release: its name, its triples as N-Triples, how many, and the digest of what an engine keeps."""

    name: str
    ntriples: bytes
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
        return _Publication(release, engine, say).run()
    except TimeoutError:
        raise Unavailable(what=engine.name, reason=f"it was silent for {LONG:g} seconds") from None


def wanted(release: Release) -> Iterator[Wanted]:
    """The graphs of a release that has been verified, by name."""
    found = quads.read_graphs(release.folder / releases.DATA, "application/n-quads")
    for name, ntriples in found.items():
        yield Wanted(name, ntriples, release.graphs[name], quads.checksum(ntriples))


@dataclass(frozen=True, slots=True)
class _There:
    """What an engine holds: the triples of each graph, and the digests that have been noted, by the graph's name."""

    counts: Mapping[str, int]
    noted: Mapping[str, str]

    def has(self, name: str, count: int, checksum: str) -> bool:
        """Whether a graph is there, and was found to be what it should be."""
        return self.counts.get(name) == count and self.noted.get(name) == checksum


class _Publication:
    """One release on its way into one engine."""

    def __init__(self, release: Release, engine: Engine, say: Say) -> None:
        self._release, self._engine, self._say = release, engine, say
        self._graphs = tuple(wanted(release))
        self._all = merged(release.digest)

    def run(self) -> Mark:
        """Every step that is not done yet."""
        self._say(f"release {self._release.digest[:12]}: {len(self._graphs)} graphs for {self._engine.query}")
        mark, there = marked(self._engine), self._there()
        if mark is not None and mark.digest == self._release.digest and not self._changed(there):
            self._say("it is current there already")
            return mark
        self._put_all(there)
        self._add_up(there)
        self._exchange()
        return self._set_mark()

    # What is there

    def _there(self) -> _There:
        counts = self._within(lambda: counted(self._engine, LONG))
        request = SparqlRequest(NOTED, "SELECT", (BOOK,), (NOTHING,))
        noted = self._within(lambda: table(self._engine, request, LONG))
        return _There(counts, {row["graph"]: row["checksum"] for row in noted})

    def _changed(self, there: _There) -> list[Wanted]:
        """The graphs that are not under their names yet."""
        return [each for each in self._graphs if not there.has(each.name, each.count, each.checksum)]

    # 1 to 3: beside what is served

    def _put_all(self, there: _There) -> None:
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
        self._within(lambda: remote.put(self._engine, each.staged, each.ntriples, LONG))
        body = self._within(lambda: remote.get(self._engine, each.staged, LONG))
        found = self._checksum(body)
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

    def _add_up(self, there: _There) -> None:
        lines = (self._release.folder / releases.DATA).read_bytes().splitlines()
        count = quads.count(lines).triples
        if there.has(self._all, count, self._release.digest):
            return
        self._do(DROP, graph=self._all)
        for each in self._graphs:
            at_its_name = there.has(each.name, each.count, each.checksum)
            self._do(ADD, graph=each.name if at_its_name else each.staged, target=self._all)
        self._compare({self._all: count})
        self._note(self._all, self._release.digest)
        self._say(f"all of it: {count:,} triples")

    # 4 to 6: the exchange

    def _exchange(self) -> None:
        """Every graph under its name, and none that the release does not have."""
        there = self._there()
        self._do(FORGET, graph=BOOK)
        for each in self._changed(there):
            self._do(FORGET, graph=each.name)
            self._do(MOVE, graph=each.staged, target=each.name)
            self._do(FORGET, graph=each.staged)
            self._note(each.name, each.checksum)
        for name in self._left_over(there):
            self._do(DROP, graph=name)
            self._do(FORGET, graph=name)
        self._compare({each.name: each.count for each in self._graphs})

    def _left_over(self, there: _There) -> list[str]:
        """What is ours in the engine and no part of this release, by what has been noted, or by its name."""
        ours = {*there.noted, *(name for name in there.counts if name.startswith(f"{BOOK}/"))}
        kept = {self._all, *(each.name for each in self._graphs), *(each.staged for each in self._graphs)}
        return sorted(ours - kept)

    def _set_mark(self) -> Mark:
        mark = Mark(self._release.digest, uuid4().hex)
        self._do(NOTE, graph=BOOK, property=VERSION, text=f"{mark.digest} {mark.serial}")
        if marked(self._engine) != mark:
            raise Unavailable(what=self._engine.name, reason="it does not keep what it is told")
        self._say(f"release {mark.digest[:12]} is current there now")
        return mark

    # Calls

    def _compare(self, wanted: Mapping[str, int]) -> None:
        counts = self._there().counts
        for name, count in wanted.items():
            if (found := counts.get(name, 0)) != count:
                path = self._release.folder / name
                raise ReleaseError(path=path, fault="count differs", recorded=f"{count:,}", found=f"{found:,}")

    def _note(self, graph: str, checksum: str) -> None:
        self._do(FORGET, graph=graph)
        self._do(NOTE, graph=graph, property=CHECKSUM, text=checksum)

    def _do(self, update: Template, text: str = "", **iris: str) -> None:
        """Have an update done, with its terms put in; ``text`` holds no sign that a literal must escape."""
        terms = {name: term(iri, name) for name, iri in {"book": BOOK, **iris}.items()}
        words = update.substitute(terms, text=json.dumps(text))
        self._within(lambda: remote.update(self._engine, words, LONG))

    def _within(self, call: Callable[[], Given]) -> Given:
        return remote.within(LONG, call)

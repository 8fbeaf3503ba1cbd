"""The data of a release in every other format, and each edition by itself: made by a process of its own.

It reads from standard input what the release is and where the files belong, and says of each file, when it is there,
its name, size and SHA-256 in one line. No request waits for the conversion of a hemisphere in the server's process.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from mem_graph.engine import keeper
from mem_graph.engine.media_types import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from mem_graph.errors import UnknownTerm
from mem_graph.graph import release as releases
from mem_graph.iris import Iris
from mem_graph.outcomes import Release
from mem_graph.web import exact

SUFFIXES: Mapping[str, Format] = {
    ".nq": N_QUADS,
    ".trig": TRIG,
    ".nt": N_TRIPLES,
    ".ttl": TURTLE,
    ".rdf": RDF_XML,
    ".jsonld": JSON_LD,
}
OF_EDITIONS = (".ttl", ".nt", ".rdf", ".jsonld")

NICE = 10
"""How much the process steps back for those that answer."""


def editions(release: Release) -> dict[str, str]:
    """The editions of a release by the IRI of their graph: ``PER-R6/en/1``."""
    iris, found = Iris(release.identity_base), dict[str, str]()
    for graph in release.graphs:
        try:
            kind, keys = iris.parse(graph)
        except UnknownTerm:
            continue
        if kind == "edition graph":
            found[graph] = "/".join(keys)
    return found


def names(release: Release) -> dict[str, str]:
    """The names of the files that are made, each with the edition that it holds, if one."""
    whole = {f"data{suffix}": "" for suffix in SUFFIXES if suffix != ".nq"}
    of = editions(release).values()
    return {**whole, **{f"edition/{each}{suffix}": each for each in of for suffix in OF_EDITIONS}}


def converted(release: Release) -> Iterator[tuple[str, bytes]]:
    """The data in the other formats, and each edition by itself: name and bytes."""
    nquads = (release.folder / releases.DATA).read_bytes()
    yield "data.trig", exact.trig(nquads, release.graphs)
    everything = exact.triples_of(nquads, None, union=True)
    for suffix, chosen in SUFFIXES.items():
        if chosen not in (N_QUADS, TRIG):
            yield f"data{suffix}", exact.written(everything, chosen)
    for graph, edition in editions(release).items():
        triples = exact.triples_of(nquads, graph, union=False)
        for suffix in OF_EDITIONS:
            yield f"edition/{edition}{suffix}", exact.written(triples, SUFFIXES[suffix])


def path_of(room: Path, name: str) -> Path:
    """Where a file that is made lies."""
    return room / name.replace("/", "-")


def asked(release: Release, room: Path) -> str:
    """What the process is told: the release, and the folder for its files."""
    facts = {"folder": str(release.folder), "base": release.identity_base, "graphs": dict(release.graphs)}
    return json.dumps({**facts, "room": str(room)})


def main() -> None:
    """Make the files that standard input asks for."""
    keeper.tie_to_parent()
    os.nice(NICE)
    told = json.load(sys.stdin)
    release = Release("", Path(told["folder"]), "", told["base"], told["graphs"], {})
    for name, body in converted(release):
        path_of(Path(told["room"]), name).write_bytes(body)
        print(json.dumps([name, len(body), releases.sha256(body)]), flush=True)

"""The files that a release is had as: those it is kept in, and its data in every other format, made once.

What is made lies in a temporary folder of this process, for the last releases asked for, and goes with it. Each file
has its size and its SHA-256.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock
from time import perf_counter

from mem_graph.engine.media_types import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TEXT, TRIG, TURTLE, Format
from mem_graph.errors import ReleaseError, UnknownTerm
from mem_graph.graph import release as releases
from mem_graph.iris import Iris
from mem_graph.outcomes import Release
from mem_graph.web import exact

LOG = logging.getLogger(__name__)

SUFFIXES: Mapping[str, Format] = {
    ".nq": N_QUADS,
    ".trig": TRIG,
    ".nt": N_TRIPLES,
    ".ttl": TURTLE,
    ".rdf": RDF_XML,
    ".jsonld": JSON_LD,
}
OF_EDITIONS = (".ttl", ".nt", ".rdf", ".jsonld")
OTHERS: Mapping[str, str] = {".json": "application/json", ".txt": TEXT.media_type}

HELD = 2
"""Releases whose files are held."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to be had: its name below ``/dump/``, where it lies, what it is, and the edition that it holds, if one."""

    name: str
    path: Path
    media_type: str
    size: int
    sha256: str
    edition: str = ""

    @property
    def whole(self) -> bool:
        """Whether it holds all the data."""
        return Path(self.name).stem == "data" and "/" not in self.name


class Dumps:
    """The files of releases, made when they are first asked for; any thread may ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._room: Path | None = None
        self._remove: weakref.finalize[..., Dumps] | None = None
        self._files: OrderedDict[str, Mapping[str, File]] = OrderedDict()

    def files(self, release: Release) -> Mapping[str, File]:
        """Every file of a release, by its name."""
        with self._lock:
            if release.digest not in self._files:
                self._files[release.digest] = {each.name: each for each in self._made(release)}
            self._files.move_to_end(release.digest)
            while len(self._files) > HELD:
                old, _ = self._files.popitem(last=False)
                shutil.rmtree(self._folder(old), ignore_errors=True)
            return self._files[release.digest]

    def kept(self, release: Release, name: str) -> File | None:
        """A file that is there already, without any being made."""
        files = self._files.get(release.digest)
        return files.get(name) if files else next((each for each in _kept(release) if each.name == name), None)

    def close(self) -> None:
        """Remove all that has been made."""
        with self._lock:
            self._files.clear()
            self._room = None
            if self._remove is not None:
                self._remove()

    def _folder(self, digest: str) -> Path:
        if self._room is None:
            self._room = Path(mkdtemp(prefix="mem-graph-dumps-"))
            self._remove = weakref.finalize(self, shutil.rmtree, self._room, ignore_errors=True)
        return Path(self._room, hashlib.sha256(digest.encode()).hexdigest()[:16])

    def _made(self, release: Release) -> Iterator[File]:
        began, folder = perf_counter(), self._folder(release.digest)
        folder.mkdir(exist_ok=True)
        yield from _kept(release)
        nquads = (release.folder / releases.DATA).read_bytes()
        for name, body, edition in _converted(release, nquads):
            path = folder / name.replace("/", "-")
            path.write_bytes(body)
            yield _file(name, path, len(body), releases.sha256(body), edition)
        LOG.info("dumps of release %s made in %.1f s", release.digest, perf_counter() - began)


def _kept(release: Release) -> Iterator[File]:
    """The files that the release is kept in."""
    try:
        recorded = releases.digests(release)
    except ReleaseError:  # files of anybody, which have no manifest
        body = (release.folder / releases.DATA).read_bytes()
        recorded = {releases.DATA: (releases.sha256(body), len(body))}
    else:
        manifest = (release.folder / releases.MANIFEST).read_bytes()
        recorded[releases.MANIFEST] = (releases.sha256(manifest), len(manifest))
    for name, (digest, size) in recorded.items():
        of_edition = name.startswith(("readings/", "sources/"))
        edition = "/".join(Path(name).stem.partition(".")[0].rsplit("-", 2)) if of_edition else ""
        yield _file(name, release.folder / name, size, digest, edition)


def _converted(release: Release, nquads: bytes) -> Iterator[tuple[str, bytes, str]]:
    """The data in the other formats, and each edition by itself: name, bytes, and the edition."""
    yield "data.trig", exact.trig(nquads, release.graphs), ""
    everything = exact.triples_of(nquads, None, union=True)
    for suffix, chosen in SUFFIXES.items():
        if chosen not in (N_QUADS, TRIG):
            yield f"data{suffix}", exact.written(everything, chosen), ""
    for graph, edition in editions(release).items():
        triples = exact.triples_of(nquads, graph, union=False)
        for suffix in OF_EDITIONS:
            yield f"edition/{edition}{suffix}", exact.written(triples, SUFFIXES[suffix]), edition


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


def _file(name: str, path: Path, size: int, digest: str, edition: str) -> File:
    known = SUFFIXES.get(path.suffix)
    media_type = known.media_type if known else OTHERS.get(path.suffix, "application/octet-stream")
    return File(name, path, media_type, size, digest, edition)

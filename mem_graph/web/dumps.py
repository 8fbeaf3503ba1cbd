"""The files that a release is had as: those it is kept in, and its data in every other format, made once.

What is made lies in a temporary folder of this process, for the last releases asked for, and goes with it. A process of
its own makes it (`converted`), from the moment a server serves a release or somebody asks what there is: who lists the
files does not wait, and is told which are not there yet; who takes one does. Each file has its size and its SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import subprocess
import sys
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from threading import Condition, Lock, Thread
from time import perf_counter

from mem_graph.engine.media_types import TEXT
from mem_graph.errors import ReleaseError, Unavailable
from mem_graph.graph import release as releases
from mem_graph.outcomes import Release
from mem_graph.web import converted
from mem_graph.web.converted import SUFFIXES
from mem_graph.wording import Wording

LOG = logging.getLogger(__name__)

OTHERS: Mapping[str, str] = {".json": "application/json", ".txt": TEXT.media_type}

HELD = 2
"""Releases whose files are held."""

PATIENCE = 600.0
"""Seconds that somebody waits at most for a file that is being made."""


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


class Making:
    """The files of one release: those that it is kept in, and those that a process makes, one after the other."""

    def __init__(self, release: Release, room: Path) -> None:
        """In: the release; the folder for what is made. The process begins at once."""
        self.names = converted.names(release)
        self._room, self._changed, self._ended = room, Condition(), False
        self._files = {each.name: each for each in kept(release)}
        self._process: subprocess.Popen[str] | None = None
        self._thread = Thread(target=self._make, args=(release,), name="dumps", daemon=True)
        self._thread.start()

    def there(self) -> Mapping[str, File]:
        """The files that are there by now."""
        with self._changed:
            return dict(self._files)

    def all(self) -> Mapping[str, File]:
        """Every file, when they are all there; raises Unavailable where they could not be made."""
        for name in self.names:
            self.one(name)
        return self.there()

    def one(self, name: str) -> File | None:
        """A file, when it is there; None where there will be none of that name; raises as `all`."""
        with self._changed:
            if name in self.names:
                self._changed.wait_for(lambda: name in self._files or self._ended, PATIENCE)
                if name not in self._files:
                    raise Unavailable(what=Wording("unavailable.file"), reason=Wording("unavailable.file-not-made"))
            return self._files.get(name)

    def close(self) -> None:
        """End the process; who waits is let go."""
        with self._changed:
            process, self._ended = self._process, True
            self._changed.notify_all()
        if process is not None:
            process.kill()
        self._thread.join()

    def _make(self, release: Release) -> None:
        began = perf_counter()
        self._room.mkdir(exist_ok=True)
        program = [sys.executable, "-c", f"from {converted.__name__} import main; main()"]
        pipe = subprocess.PIPE
        with subprocess.Popen(program, stdin=pipe, stdout=pipe, text=True, start_new_session=True) as process:
            with self._changed:
                self._process, closed = process, self._ended
            if closed:
                process.kill()
            self._follow(process, converted.asked(release, self._room))
        with self._changed:
            left, closed = self.names.keys() - self._files.keys(), self._ended
            self._process, self._ended = None, True
            self._changed.notify_all()
        if left and not closed:
            LOG.error("%d dumps of release %s were not made: exit %s", len(left), release.digest, process.returncode)
        LOG.info("dumps of release %s made in %.1f s", release.digest, perf_counter() - began)

    def _follow(self, process: subprocess.Popen[str], asked: str) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(asked)
            process.stdin.close()
        except BrokenPipeError:
            return
        for line in process.stdout:
            name, size, digest = json.loads(line)
            path = converted.path_of(self._room, name)
            made = _file(name, path, size, digest, self.names[name])
            with self._changed:
                self._files[name] = made
                self._changed.notify_all()


class Dumps:
    """The files of releases; any thread may ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._room: Path | None = None
        self._remove: weakref.finalize[..., Dumps] | None = None
        self._making: OrderedDict[str, Making] = OrderedDict()

    def of(self, release: Release) -> Making:
        """The files of a release; those that are made begin to be, where they have not."""
        with self._lock:
            if release.digest not in self._making:
                self._making[release.digest] = Making(release, self._folder(release.digest))
            self._making.move_to_end(release.digest)
            while len(self._making) > HELD:
                old, making = self._making.popitem(last=False)
                making.close()
                shutil.rmtree(self._folder(old), ignore_errors=True)
            return self._making[release.digest]

    def kept(self, release: Release, name: str) -> File | None:
        """A file that the release is kept in, without any being made."""
        return next((each for each in kept(release) if each.name == name), None)

    def close(self) -> None:
        """Remove all that has been made."""
        with self._lock:
            for making in self._making.values():
                making.close()
            self._making.clear()
            self._room = None
            if self._remove is not None:
                self._remove()

    def _folder(self, digest: str) -> Path:
        if self._room is None:
            self._room = Path(mkdtemp(prefix="mem-graph-dumps-"))
            self._remove = weakref.finalize(self, shutil.rmtree, self._room, ignore_errors=True)
        return Path(self._room, hashlib.sha256(digest.encode()).hexdigest()[:16])


def kept(release: Release) -> Iterator[File]:
    """The files that a release is kept in."""
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


def _file(name: str, path: Path, size: int, digest: str, edition: str) -> File:
    known = SUFFIXES.get(path.suffix)
    media_type = known.media_type if known else OTHERS.get(path.suffix, "application/octet-stream")
    return File(name, path, media_type, size, digest, edition)

"""A release as a folder: written whole or not at all, named by its digest, pointed at by ``current``, never changed.

    releases/
      current → <digest>      moved in one atomic rename, after everything is written and read back
      .before                 the digests that were current before, for `roll_back`
      <digest>/
        manifest.json         digest, software version, identity base, editions, quads of each graph, digest and size of
        each file data.nq               all graphs, sorted canonical N-Quads …                     catalogue, validation
        report, audit, readings and sources

The digest is the SHA-256 of the manifest without its ``release`` line, and so of every byte of every file. No clock is
in it.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from mem_graph.errors import ReleaseError, UnknownTerm
from mem_graph.outcomes import Release

MANIFEST = "manifest.json"
DATA = "data.nq"
CURRENT = "current"
UNFINISHED = ".building-"
POINTING = f".{CURRENT}-"
HISTORY = ".before"
"""The file of the releases that were current before, one digest a line, the last one last."""
REMEMBERED = 100
ENTRIES = {"release", "version", "identity_base", "graphs", "files"}


def manifest_of(files: Mapping[str, bytes], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest of a release: the facts (version, identity base, editions), counts and digests, and the release's
    own digest.
    """
    manifest: dict[str, Any] = {
        "schema_version": 1,
        **facts,
        "graphs": quads_by_graph(io.BytesIO(files[DATA])),
        "files": {name: {"sha256": sha256(body), "bytes": len(body)} for name, body in sorted(files.items())},
    }
    return {"release": _own_digest(manifest), **manifest}


def sha256(body: bytes) -> str:
    """The SHA-256 of some bytes, in lower-case hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def quads_by_graph(nquads: Iterable[bytes]) -> dict[str, int]:
    """Number of quads in each named graph, by IRI, of lines of canonical N-Quads (one quad each, the graph's IRI last).

    An open file will do: of millions of quads one is in memory at a time.
    """
    names = Counter(line.rsplit(b" ", 2)[1] for line in nquads)
    return {name.decode().strip("<>"): count for name, count in sorted(names.items())}


def _own_digest(manifest: Mapping[str, Any]) -> str:
    described = {key: value for key, value in manifest.items() if key != "release"}
    return sha256(json.dumps(described, sort_keys=True, ensure_ascii=False).encode())


@contextmanager
def writing(releases: Path) -> Iterator[None]:
    """Hold the folder of releases for one writer; what a killed build left behind is removed."""
    releases.mkdir(parents=True, exist_ok=True)
    with (releases / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in releases.glob(f"{UNFINISHED}*"):
            shutil.rmtree(leftover)
        for leftover in (*releases.glob(f"{POINTING}*"), *releases.glob(f"{HISTORY}-*")):
            leftover.unlink()
        yield


def write(releases: Path, files: Mapping[str, bytes], facts: Mapping[str, Any]) -> Release:
    """Write a release folder, flush it to the disk, read it back; the folder is there complete or not at all.

    The same files and facts again give the folder that is already there. Raises ReleaseError where what is read back
    differs.
    """
    manifest = manifest_of(files, facts)
    target = releases / manifest["release"]
    if target.exists():
        return verify(target)
    room = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=releases))
    try:
        for name, body in files.items():
            write_file(room / name, body)
        write_file(room / MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False).encode() + b"\n")
        room.chmod(0o755)
        verify(room)
        room.rename(target)
    except BaseException:
        shutil.rmtree(room, ignore_errors=True)
        raise
    flush_folder(releases)
    return _release(target, manifest)


def write_file(path: Path, body: bytes) -> None:
    """Write a file and flush it and its folder to the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def verify(folder: Path) -> Release:
    """Read a release back: every digest, every size, the count of every graph, and the digest of the whole.

    Out: the release. Raises ReleaseError with the path, the fault, and what was recorded and found.
    """
    manifest = _read_manifest(folder)
    if (found := _own_digest(manifest)) != manifest["release"]:
        raise ReleaseError(path=folder / MANIFEST, fault="digest differs", recorded=manifest["release"], found=found)
    for name, recorded in manifest["files"].items():
        _verify_file(folder / name, recorded["sha256"])
    with (folder / DATA).open("rb") as data:
        counts = quads_by_graph(data)
    if counts != manifest["graphs"]:
        raise ReleaseError(
            path=folder / DATA, fault="count differs", recorded=str(manifest["graphs"]), found=str(counts)
        )
    return _release(folder, manifest)


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise ReleaseError(path=path, fault="missing") from None
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict) or not manifest.keys() >= ENTRIES:
        raise ReleaseError(path=path, fault="half written")
    return manifest


def _verify_file(path: Path, recorded: str) -> None:
    if not path.is_file():
        raise ReleaseError(path=path, fault="missing")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != recorded:
        raise ReleaseError(path=path, fault="digest differs", recorded=recorded, found=found)


def _release(folder: Path, manifest: Mapping[str, Any]) -> Release:
    return Release(
        digest=manifest["release"],
        folder=folder.resolve(),
        version=manifest["version"],
        identity_base=manifest["identity_base"],
        graphs=manifest["graphs"],
        files={name: entry["bytes"] for name, entry in manifest["files"].items()},
    )


def switch(releases: Path, release: Release) -> None:
    """Make a release the current one, by one atomic rename of a symbolic link; POSIX rename(2).

    The one that was current until then is noted first, so that `roll_back` finds it.
    """
    if (before := pointed(releases)) not in (None, release.digest):
        _note(releases, [*_history(releases), str(before)])
    _point(releases, release.digest)


def _point(releases: Path, name: str) -> None:
    fresh = releases / f"{POINTING}{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(name, target_is_directory=True)
    fresh.replace(releases / CURRENT)
    flush_folder(releases)


def pointed(releases: Path) -> str | None:
    """The name of the folder that ``current`` leads to, whether it is there or not; None where there is no pointer."""
    try:
        return os.path.basename(os.readlink(releases / CURRENT))
    except OSError:
        return None


def _history(releases: Path) -> list[str]:
    """The releases that were current before this one, the last one last."""
    try:
        return (releases / HISTORY).read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []


def _note(releases: Path, names: Sequence[str]) -> None:
    fresh = releases / f"{HISTORY}-{os.getpid()}"
    write_file(fresh, "".join(f"{name}\n" for name in names[-REMEMBERED:]).encode())
    fresh.replace(releases / HISTORY)


def current(releases: Path) -> Release:
    """The release that ``current`` points at, its manifest read but its files not checked again; ReleaseError where
    there is none.
    """
    folder = releases / CURRENT
    return _release(folder.resolve() if folder.exists() else folder, _read_manifest(folder))


# The releases that are kept


@dataclass(frozen=True, slots=True)
class Kept:
    """A release that is kept: the digest that its folder is named by, when it was written, whether it is the current
    one, and what its manifest says; None where that cannot be read.
    """

    name: str
    written: float
    current: bool
    release: Release | None


def kept(releases: Path) -> list[Kept]:
    """Every release in a folder, the last written first; their manifests are read, their files are not checked."""
    now = pointed(releases)
    folders = [each for each in _folders(releases) if re.fullmatch("[0-9a-f]{64}", each.name)]
    found = [Kept(each.name, each.stat().st_mtime, each.name == now, _readable(each)) for each in folders]
    return sorted(found, key=lambda each: (-each.written, each.name))


def _folders(releases: Path) -> list[Path]:
    return [each for each in releases.iterdir() if each.is_dir()] if releases.is_dir() else []


def _readable(folder: Path) -> Release | None:
    try:
        return _release(folder, _read_manifest(folder))
    except ReleaseError:
        return None


def find(releases: Path, digest: str) -> Path:
    """The folder of a kept release, by its digest or by so many signs of it that no other begins alike; or by
    ``current``. Raises UnknownTerm with those alike.
    """
    names = [each.name for each in kept(releases)]
    word = pointed(releases) or digest if digest == CURRENT else digest
    found = [name for name in names if name.startswith(word)] if len(word) >= 4 else []
    if len(found) != 1:
        near = tuple(name[:12] for name in found) or tuple(get_close_matches(word, [name[:12] for name in names]))
        raise UnknownTerm(word=digest, scheme="the releases that are kept", near=near)
    return releases / found[0]


def roll_back(releases: Path, digest: str | None = None) -> Release:
    """Make a kept release the current one again: the one of that digest, or the one that was current before.

    Each roll-back without a digest goes one step further back. The release is verified first. Raises UnknownTerm where
    it is not kept, ReleaseError where it is damaged; then nothing has changed. In `writing`.
    """
    if digest is not None:
        found = verify(find(releases, digest))
        switch(releases, found)
        return found
    there = {each.name for each in kept(releases)} - {pointed(releases)}
    history = _history(releases)
    while history and history[-1] not in there:
        history.pop()
    if not history:
        raise UnknownTerm(word="the one before", scheme="the releases that are kept")
    found = verify(releases / history[-1])
    _point(releases, found.digest)
    _note(releases, history[:-1])
    return found


def prune(releases: Path, keep: int) -> list[str]:
    """Remove all releases but ``keep`` of them: the current one, those that were current last, then the last written.

    The current one always stays; a folder whose manifest cannot be read goes first. Out: the digests removed. In
    `writing`.
    """
    history = _history(releases)
    ranks = {name: rank for rank, name in enumerate(history)}
    ranked = sorted(
        kept(releases),
        key=lambda each: (each.current, each.release is not None, ranks.get(each.name, -1), each.written),
        reverse=True,
    )
    over = [each.name for each in ranked[keep:] if not each.current]
    for name in over:
        doomed = releases / f"{UNFINISHED}pruned-{name}"
        (releases / name).rename(doomed)  # in one step, so that no half of it is met; else the next writer removes it
        shutil.rmtree(doomed)
    flush_folder(releases)
    return over


def digests(release: Release) -> dict[str, tuple[str, int]]:
    """The SHA-256 and the size of each file of a release, by its name, as the manifest records them."""
    files = _read_manifest(release.folder)["files"]
    return {name: (entry["sha256"], entry["bytes"]) for name, entry in files.items()}

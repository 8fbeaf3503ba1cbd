"""What was worked out before, kept by a key that is made of everything it was worked out from.

An entry is one file, named by its key, which it holds too: an entry that is damaged, or stands under another name, is
none. The folder may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import zipfile
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

KEY = "key"
FORGOTTEN = 7 * 24 * 3600
"""Seconds after which an entry that nothing asked for is removed."""
LIBRARIES = ("pyoxigraph", "pypdfium2", "pyshacl", "rdflib")


def key_of(*facts: object) -> str:
    """The key made of some facts, in JSON's terms."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def digest_of(paths: Iterable[Path]) -> str:
    """One digest of the names and bytes of some files."""
    whole = hashlib.sha256()
    for path in sorted(paths):
        whole.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def software() -> str:
    """One digest of this package and of the versions of the libraries whose work is kept."""
    package = Path(__file__).resolve().parent.parent
    return key_of(digest_of(package.rglob("*.py")), [(name, version(name)) for name in LIBRARIES])


def read(folder: Path, key: str) -> dict[str, bytes] | None:
    """The files of an entry by name, or None where there is none, or one that is not whole."""
    path = folder / f"{key}.zip"
    try:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        os.utime(path)
    except (OSError, zipfile.BadZipFile, EOFError, ValueError, NotImplementedError):
        return None
    return files if files.pop(KEY, b"") == key.encode() else None


def write(folder: Path, key: str, files: Mapping[str, bytes]) -> None:
    """Keep an entry; it is there whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{key}-{os.getpid()}"
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(KEY, key)
        for name, body in files.items():
            archive.writestr(name, body)
    fresh.replace(folder / f"{key}.zip")


def forget(folder: Path) -> None:
    """Remove what nothing has asked for in a week, and what was left half written."""
    for path in (*folder.glob("*.zip"), *folder.glob(".*-*")):
        if path.stat().st_mtime < time.time() - FORGOTTEN:
            path.unlink(missing_ok=True)

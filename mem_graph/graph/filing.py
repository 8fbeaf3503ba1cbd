"""What is filed under ``data/reports/``: the files of every edition, as the report's ``edition.toml`` records them.

New files are put there whole or not at all, however many reports they belong to: they are laid out in a folder beside,
one rename of it decides, and what a killed command left is finished or removed by the next one.

    data/reports/
      PER-R6/edition.toml   a [[source]] for each file: digest, language, revision, symbols, origin, rights
      PER-R6/en-1.txt       the files; a further one of the same edition is en-1.pdf or en-1-2.txt
      .adding-…             being laid out; nothing has changed yet
      .added-…              decided: its files are moved to their places
"""

from __future__ import annotations

import datetime
import fcntl
import json
import os
import shutil
import tempfile
import tomllib
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Any

from mem_graph.errors import ParseError, ReleaseError
from mem_graph.graph.release import flush_folder, sha256, write_file
from mem_graph.model import Identity, Source
from mem_graph.reading.page import extract

RECORD = "edition.toml"
ADDING, ADDED = ".adding-", ".added-"
SUFFIXES = {extract.TEXT: ".txt", extract.PDF: ".pdf"}
PUBLISHER = "Organization of American States, Inter-American Drug Abuse Control Commission (CICAD)"
RIGHTS = (
    "Text of the Organization of American States, kept whole as evidence and quoted; "
    "not covered by this project's licence."
)


@dataclass(frozen=True, slots=True)
class Filed:
    """A file of an edition: where it is, its name as filed, the digest recorded for it, the edition: ``PER-R6/en/1``.

    One that is about to be filed is still where it came from.
    """

    path: Path
    name: str
    sha256: str
    edition: str

    @property
    def report(self) -> str:
        """``PER-R6``."""
        return self.edition.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new file: as it will be filed, what it was found to be, and what a person says of its origin."""

    filed: Filed
    identity: Identity
    title: str
    origin: str | None = None


@contextmanager
def opened(reports: Path) -> Iterator[tuple[Filed, ...]]:
    """Every file that is filed, while no other command files any; what a killed one left is settled first.

    Raises ParseError for a record that cannot be read.
    """
    if not reports.is_dir():
        raise ReleaseError(path=reports, fault="missing")
    handle = os.open(reports, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _settle(reports)
        yield tuple(file for path in sorted(reports.glob(f"*/{RECORD}")) for file in _filed(path))
    finally:
        os.close(handle)


def _filed(path: Path) -> Iterator[Filed]:
    for entry in _entries(path):
        edition = f"{path.parent.name}/{entry['language']}/{entry['revision']}"
        yield Filed(path.parent / entry["file"], entry["file"], entry["sha256"], edition)


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        entries: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["source"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise ParseError(
            file=str(path), line=1, met=str(error), expected="TOML with a [[source]] for each file"
        ) from None
    return entries


def read(filed: Filed) -> Source:
    """The source of a file that is filed; raises ReleaseError where it is not what was recorded, ExtractError."""
    source = extract.read(filed.path)
    _compare(filed, source.digest)
    return replace(source, name=filed.name)


def verify(filed: Filed) -> None:
    """Raise ReleaseError where a file that is filed is not there, or not what was recorded."""
    if not filed.path.is_file():
        raise ReleaseError(path=filed.path, fault="missing")
    _compare(filed, sha256(filed.path.read_bytes()))


def _compare(filed: Filed, digest: str) -> None:
    if digest != filed.sha256:
        raise ReleaseError(path=filed.path, fault="digest differs", recorded=filed.sha256, found=digest)


# Filing


def lay_out(reports: Path, arrivals: Sequence[Arrival], day: datetime.date) -> Path:
    """Lay the new files out in a folder beside, with the records of their reports as they will be.

    Out: the folder, for `decide`. Nothing that is filed has changed.
    """
    room = Path(tempfile.mkdtemp(prefix=ADDING, dir=reports))
    for arrival in arrivals:
        report = arrival.filed.report
        folder = room / report
        record = next((path for path in (folder / RECORD, reports / report / RECORD) if path.is_file()), None)
        text = record.read_text(encoding="utf-8") if record else _opening(report)
        data = arrival.filed.path.read_bytes()
        _compare(arrival.filed, sha256(data))
        write_file(folder / arrival.filed.name, data)
        write_file(folder / RECORD, f"{text.rstrip()}\n\n{_entry(arrival, day)}".encode())
    return room


def name_for(identity: Identity, media_type: str, taken: Container[str]) -> str:
    """The name that a file of an edition is filed under: ``en-1.pdf``, or ``en-1-2.pdf`` where there is one already."""
    stem, suffix = f"{identity.language}-{identity.revision}", SUFFIXES[media_type]
    names = (f"{stem}{further}{suffix}" for further in chain([""], (f"-{number}" for number in count(2))))
    return next(name for name in names if name not in taken)


def _opening(report: str) -> str:
    return f"# The files of the editions of report {report}. A digest that differs from its file stops the build."


def _entry(arrival: Arrival, day: datetime.date) -> str:
    """A [[source]] as TOML; its strings are those of JSON (TOML 1.0, basic strings)."""
    identity = arrival.identity
    fields: Mapping[str, object] = {
        "file": arrival.filed.name,
        "sha256": arrival.filed.sha256,
        "language": identity.language,
        "revision": identity.revision,
        "title": arrival.title,
        "symbols": list(identity.symbols),
        "publisher": PUBLISHER,
        "origin": arrival.origin or "not stated",
        "origin_note": f"Added from the file {arrival.filed.path.name}.",
        "rights": RIGHTS,
    }
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return "\n".join(["[[source]]", *lines, f"added = {day.isoformat()}", ""])


def decide(room: Path) -> Path:
    """From here on the files laid out count as filed: one rename. Out: the folder, for `move`."""
    decided = room.with_name(room.name.replace(ADDING, ADDED, 1))
    flush_folder(room)
    room.rename(decided)
    flush_folder(decided.parent)
    return decided


def move(decided: Path) -> None:
    """Move the files of a folder to their places, the records last; done again it finishes what was begun."""
    reports = decided.parent
    for path in sorted(decided.glob("*/*"), key=lambda path: (path.parent.name, path.name == RECORD, path.name)):
        place = reports / path.parent.name
        place.mkdir(exist_ok=True)
        path.replace(place / path.name)
        flush_folder(place)
    shutil.rmtree(decided)
    flush_folder(reports)


def _settle(reports: Path) -> None:
    for room in reports.glob(f"{ADDING}*"):
        shutil.rmtree(room)
    for decided in reports.glob(f"{ADDED}*"):
        move(decided)


def by_edition(files: Sequence[Filed]) -> dict[str, list[Filed]]:
    """The files of each edition, in the order of their record."""
    found: dict[str, list[Filed]] = {}
    for file in sorted(files, key=lambda file: _key(file.edition)):
        found.setdefault(file.edition, []).append(file)
    return found


def _key(edition: str) -> tuple[str, str, int]:
    report, language, revision = edition.split("/")
    return report, language, int(revision)


def stop_where_recorded_otherwise(identity: Identity, files: Sequence[Filed]) -> None:
    """Raise ParseError where a file is not of the edition that its record says."""
    if identity.edition != files[0].edition:
        expected = f"the edition that its folder records, {files[0].edition}"
        raise ParseError(file=str(files[0].path), line=1, met=identity.edition, expected=expected)

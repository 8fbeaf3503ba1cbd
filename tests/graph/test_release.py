"""The release folder: written whole, read back, refused when damaged, switched in one step."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mem_graph.errors import ReleaseError
from mem_graph.graph import release

DATA = b'<http://e/a> <http://e/p> "1" <http://e/g1> .\n<http://e/a> <http://e/p> <http://e/b> <http://e/g2> .\n<http://e/b> <http://e/p> "2 3" <http://e/g2> .\n'
FILES = {"data.nq": DATA, "readings/PER-R6-en-1.json": b"{}\n"}
FACTS = {"version": "0", "identity_base": "http://e/"}


@pytest.fixture()
def releases(tmp_path: Path) -> Path:
    with release.writing(tmp_path / "releases"):
        return tmp_path / "releases"


def test_counts_the_quads_of_each_graph() -> None:
    assert release.quads_by_graph(DATA) == {"http://e/g1": 1, "http://e/g2": 2}


def test_write_names_the_folder_by_its_digest(releases: Path) -> None:
    made = release.write(releases, FILES, FACTS)
    assert made.folder.name == made.digest
    assert len(made.digest) == 64
    assert (made.folder / "data.nq").read_bytes() == DATA
    manifest = json.loads((made.folder / "manifest.json").read_text())
    assert manifest["files"]["data.nq"]["bytes"] == len(DATA)
    assert manifest["graphs"] == {"http://e/g1": 1, "http://e/g2": 2}


def test_same_files_make_the_same_release(releases: Path) -> None:
    first = release.write(releases, FILES, FACTS)
    again = release.write(releases, dict(reversed(FILES.items())), FACTS)
    assert first == again
    assert [path.name for path in releases.iterdir() if not path.name.startswith(".")] == [first.digest]


@pytest.mark.parametrize("change", [{"version": "1"}, {"identity_base": "http://f/"}])
def test_other_facts_make_another_release(releases: Path, change: dict[str, str]) -> None:
    assert release.write(releases, FILES, FACTS).digest != release.write(releases, FILES, {**FACTS, **change}).digest


def test_another_byte_makes_another_release(releases: Path) -> None:
    other = {**FILES, "readings/PER-R6-en-1.json": b"{} \n"}
    assert release.write(releases, FILES, FACTS).digest != release.write(releases, other, FACTS).digest


def test_current_follows_the_switch(releases: Path) -> None:
    with pytest.raises(ReleaseError, match="missing"):
        release.current(releases)
    old = release.write(releases, FILES, FACTS)
    new = release.write(releases, FILES, {**FACTS, "version": "1"})
    for made in (old, new, old):
        release.switch(releases, made)
        assert release.current(releases) == made


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda folder: (folder / "data.nq").write_bytes(DATA[:-1]), "digest differs"),
        (lambda folder: (folder / "data.nq").unlink(), "missing"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "half written"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "half written"),
        (lambda folder: (folder / "manifest.json").unlink(), "missing"),
    ],
    ids=["shortened", "no data", "cut manifest", "foreign manifest", "no manifest"],
)
def test_verify_refuses_a_damaged_release(releases: Path, damage, fault: str) -> None:
    made = release.write(releases, FILES, FACTS)
    damage(made.folder)
    with pytest.raises(ReleaseError, match=fault):
        release.verify(made.folder)


def test_verify_refuses_a_changed_manifest(releases: Path) -> None:
    made = release.write(releases, FILES, FACTS)
    manifest = json.loads((made.folder / "manifest.json").read_text())
    manifest["graphs"]["http://e/g1"] = 2
    (made.folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ReleaseError, match="digest differs"):
        release.verify(made.folder)


def test_a_failed_write_leaves_nothing(releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, body: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(release, "_write_file", full)
    with pytest.raises(OSError, match="No space"):
        release.write(releases, FILES, FACTS)
    assert [path.name for path in releases.iterdir()] == [".lock"]


KILLED = """
import sys, time
from pathlib import Path
from mem_graph.graph import release
releases = Path(sys.argv[1])
real = release._write_file
def slow(path, body):
    real(path, body)
    print("written", flush=True)
    time.sleep(60)
release._write_file = slow
with release.writing(releases):
    release.switch(releases, release.write(releases, {"data.nq": b""}, {"version": "2", "identity_base": "http://e/"}))
"""


def test_a_killed_build_leaves_the_old_release_current(releases: Path) -> None:
    old = release.write(releases, FILES, FACTS)
    release.switch(releases, old)
    build = subprocess.Popen([sys.executable, "-c", KILLED, str(releases)], stdout=subprocess.PIPE)
    try:
        assert build.stdout is not None
        assert build.stdout.readline() == b"written\n"
    finally:
        os.kill(build.pid, signal.SIGKILL)
        build.wait()
        build.stdout.close()
    assert release.verify(releases / "current") == old
    assert list(releases.glob(".building-*"))
    with release.writing(releases):
        assert not list(releases.glob(".building-*"))


def test_one_writer_at_a_time(releases: Path) -> None:
    waiting = "from pathlib import Path; import sys; from mem_graph.graph import release\nwith release.writing(Path(sys.argv[1])): print('in')"
    with release.writing(releases):
        other = subprocess.Popen([sys.executable, "-c", waiting, str(releases)], stdout=subprocess.PIPE)
        time.sleep(0.5)
        assert other.poll() is None
    assert other.communicate(timeout=20)[0] == b"in\n"

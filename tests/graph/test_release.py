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

from mem_graph.errors import ReleaseError, UnknownTerm
from mem_graph.graph import release

DATA = b"""\
<http://e/a> <http://e/p> "1" <http://e/g1> .
<http://e/a> <http://e/p> <http://e/b> <http://e/g2> .
<http://e/b> <http://e/p> "2 3" <http://e/g2> .
"""
FILES = {"data.nq": DATA, "readings/PER-R6-en-1.json": b"{}\n"}
FACTS = {"version": "0", "identity_base": "http://e/"}


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    with release.writing(tmp_path / "releases"):
        return tmp_path / "releases"


def test_counts_the_quads_of_each_graph() -> None:
    assert release.quads_by_graph(DATA.splitlines()) == {"http://e/g1": 1, "http://e/g2": 2}


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

    monkeypatch.setattr(release, "write_file", full)
    with pytest.raises(OSError, match="No space"):
        release.write(releases, FILES, FACTS)
    assert [path.name for path in releases.iterdir()] == [".lock"]


KILLED = """
import sys, time
from pathlib import Path
from mem_graph.graph import release
releases = Path(sys.argv[1])
real = release.write_file
def slow(path, body):
    real(path, body)
    print("written", flush=True)
    time.sleep(60)
release.write_file = slow
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
    waiting = (
        "from pathlib import Path; import sys; from mem_graph.graph import release\n"
        "with release.writing(Path(sys.argv[1])): print('in')"
    )
    with release.writing(releases):
        other = subprocess.Popen([sys.executable, "-c", waiting, str(releases)], stdout=subprocess.PIPE)
        time.sleep(0.5)
        assert other.poll() is None
    assert other.communicate(timeout=20)[0] == b"in\n"


def made(releases: Path, version: str) -> release.Release:
    return release.write(releases, FILES, {**FACTS, "version": version})


def switched(releases: Path, *versions: str) -> list[release.Release]:
    """Releases of these versions, each made the current one in turn; written a second apart."""
    found = []
    for age, version in enumerate(versions):
        each = made(releases, version)
        os.utime(each.folder, (1_000_000 + age, 1_000_000 + age))
        release.switch(releases, each)
        found.append(each)
    return found


def test_kept_lists_all_with_the_last_written_first(releases: Path) -> None:
    assert release.kept(releases / "nowhere") == []
    one, two = switched(releases, "1", "2")
    release.switch(releases, one)
    (releases / "notes").mkdir()
    (one.folder / "manifest.json").write_text("{")
    kept = release.kept(releases)
    assert [(each.name, each.current) for each in kept] == [(two.digest, False), (one.digest, True)]
    assert [each.release for each in kept] == [two, None]


def test_find_takes_the_first_signs_of_a_digest(releases: Path) -> None:
    one, two = switched(releases, "1", "2")
    assert release.find(releases, one.digest) == releases / one.digest
    assert release.find(releases, two.digest[:12]) == releases / two.digest
    assert release.find(releases, "current") == releases / two.digest
    for word in ("", "abc", one.digest[:3], "z" * 12, "../" + one.digest, one.digest[:-1] + "x"):
        with pytest.raises(UnknownTerm, match="not known in the releases that are kept"):
            release.find(releases, word)


def test_roll_back_goes_step_by_step_to_what_was_current(releases: Path) -> None:
    one, two, three = switched(releases, "1", "2", "3")
    assert release.roll_back(releases) == two == release.current(releases)
    assert release.roll_back(releases) == one == release.current(releases)
    with pytest.raises(UnknownTerm):
        release.roll_back(releases)
    assert release.roll_back(releases, three.digest[:8]) == three == release.current(releases)
    assert release.roll_back(releases) == one


def test_roll_back_refuses_a_damaged_release(releases: Path) -> None:
    one, two = switched(releases, "1", "2")
    (one.folder / "data.nq").write_bytes(b"")
    for digest in (None, one.digest):
        with pytest.raises(ReleaseError, match="digest differs"):
            release.roll_back(releases, digest)
    assert release.current(releases) == two


def test_prune_keeps_the_current_and_those_that_were_current_last(releases: Path) -> None:
    one, two, three, four = switched(releases, "1", "2", "3", "4")
    release.switch(releases, two)
    never = made(releases, "never current")
    assert set(release.prune(releases, 3)) == {one.digest, never.digest}
    assert release.kept(releases)[-1].current
    assert {each.name for each in release.kept(releases)} == {two.digest, three.digest, four.digest}
    assert release.prune(releases, 1) == [four.digest, three.digest]
    assert [each.name for each in release.kept(releases)] == [two.digest]
    assert release.prune(releases, 1) == []
    assert release.verify(releases / "current") == two


def test_prune_removes_what_cannot_be_read_first(releases: Path) -> None:
    one, two, three = switched(releases, "1", "2", "3")
    (two.folder / "manifest.json").write_text("{")
    assert release.prune(releases, 2) == [two.digest]
    assert {each.name for each in release.kept(releases)} == {one.digest, three.digest}


def test_what_a_killed_switch_leaves_behind_is_removed(releases: Path) -> None:
    (releases / ".current-123").symlink_to("nowhere")
    (releases / ".before-123").write_text("x")
    (releases / ".building-pruned-x").mkdir()
    with release.writing(releases):
        assert [each.name for each in releases.iterdir()] == [".lock"]


def test_the_digests_are_those_recorded(releases: Path) -> None:
    one = made(releases, "1")
    assert release.digests(one) == {name: (release.sha256(body), len(body)) for name, body in FILES.items()}


def run(releases: Path, *arguments: str, code: int = 0) -> str:
    """What ``mem-graph releases …`` prints."""
    command = [Path(sys.executable).with_name("mem-graph"), "releases", *arguments]
    environment = {**os.environ, "MEM_GRAPH_RELEASES_DIR": str(releases), "COLUMNS": "120"}
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL, check=False
    )
    assert done.returncode == code, done.stderr
    return done.stdout


def test_the_command_lists_goes_back_and_prunes(releases: Path) -> None:
    one, two, three = switched(releases, "1", "2", "3")
    listed = run(releases, "list")
    assert [listed.index(each.digest[:12]) for each in (three, two, one)] == sorted(
        listed.index(each.digest[:12]) for each in (one, two, three)
    )
    assert "current" in next(line for line in listed.splitlines() if three.digest[:12] in line)
    assert run(releases, "roll-back") == f"{two.digest}\n"
    assert run(releases, "roll-back", three.digest[:10]) == f"{three.digest}\n"
    run(releases, "roll-back", "f" * 12, code=2)
    assert run(releases, "prune", "--keep", "2") == f"{one.digest}\n"
    assert release.current(releases) == three


def test_the_command_verifies_and_names_what_differs(releases: Path) -> None:
    one, two = switched(releases, "1", "2")
    assert run(releases, "verify").count("as recorded") == 2
    (one.folder / "data.nq").write_bytes(b"")
    told = run(releases, "verify", code=3)
    assert f"{two.digest}: as recorded" in told
    assert "digest differs" in next(line for line in told.splitlines() if line.startswith(one.digest))
    assert "as recorded" in run(releases, "verify", "current")


def test_the_command_says_what_changed(releases: Path) -> None:
    one = made(releases, "1")
    release.switch(releases, release.write(releases, {**FILES, "data.nq": DATA[: DATA.index(b"\n") + 1]}, FACTS))
    told = run(releases, "diff", one.digest[:8])
    assert told.splitlines()[-1] == "Other triples of http://e/g2: 2 went, 0 came."
    assert run(releases, "diff", one.digest, one.digest) == "The data are the same.\n"
    run(releases, "diff", "abcdef", code=2)

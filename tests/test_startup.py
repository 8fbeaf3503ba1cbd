"""The command answers at once: heavy packages are imported where they are used."""

import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

import mem_graph

pytestmark = pytest.mark.alone

COMMAND = Path(sys.executable).with_name("mem-graph")


def run(*arguments: str) -> str:
    """What the installed command prints."""
    done = subprocess.run([COMMAND, *arguments], capture_output=True, check=True, stdin=subprocess.DEVNULL, text=True)
    return done.stdout


def seconds(*arguments: str) -> float:
    """How long the installed command takes."""
    start = time.perf_counter()
    run(*arguments)
    return time.perf_counter() - start


def test_what_is_installed_for_good_has_all_that_it_reads(tmp_path):
    """As docs/deploying.md has it, but without the network: the wheel, unpacked, with the packages that are here."""
    root = Path(__file__).parents[1]
    wheel = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path]
    subprocess.run([*wheel, root], check=True, capture_output=True, timeout=120)
    (made,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(made) as archive:
        archive.extractall(tmp_path / "installed")
    given = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    report = tmp_path / "installed" / "mem_graph" / "checkout" / "data" / "reports" / "PER-R6" / "en-1.txt"
    command = [sys.executable, "-P", "-c", "from mem_graph.cli import main; main()", "read", "--json", report]
    done = subprocess.run(command, env=given, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    reading = json.loads(done.stdout)
    assert len(reading["assessments"]) == 27
    asked = "from mem_graph import resources; print(resources.ontology(), resources.shapes(), resources.queries())"
    places = subprocess.run([sys.executable, "-P", "-c", asked], env=given, check=True, capture_output=True, text=True)
    assert all(word.startswith(str(tmp_path)) for word in places.stdout.split())


def test_help_is_there_within_0_4_seconds():
    assert min(seconds("--help") for _ in range(5)) < 0.4


def test_the_command_knows_its_version():
    assert mem_graph.__version__ in run("--version")

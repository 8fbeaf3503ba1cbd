"""The command answers at once: heavy packages are imported where they are used."""

import subprocess
import sys
import time
from pathlib import Path

import mem_graph

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


def test_help_is_there_within_0_4_seconds():
    assert min(seconds("--help") for _ in range(5)) < 0.4


def test_the_command_knows_its_version():
    assert mem_graph.__version__ in run("--version")

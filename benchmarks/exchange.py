"""A release put in the place of another while clients ask: how long until it is served, and what they lose.

The server is `mem-graph serve` in processes of its own, with nothing cached. Two clients ask all the time, each a query
of its own and a page in turn. What is printed are seconds by the clock, which others on the machine make longer.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from mem_graph.graph import release
from mem_graph.outcomes import Release

COMMAND = str(Path(sys.executable).with_name("mem-graph"))
QUERY = "SELECT ?a ?r { ?a a <https://w3id.org/mem-graph/ontology#Assessment> ; ?p ?r } LIMIT 20 # %d"
PAGE = "/doc/country/PER"
CLIENTS = 2
LONGEST = 600.0
"""Seconds that an exchange, or a start, may take."""


class Answered(NamedTuple):
    """One request: when it was sent, how long it took, and which release answered it; none where it was lost."""

    sent: float
    seconds: float
    release: str | None


@contextmanager
def serving(folder: Path, memory: int) -> Iterator[str]:
    """A server of a folder of releases, which may take so much memory: its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"RELEASES_DIR": folder, "PORT": port, "MEMORY_LIMIT": memory, "CACHE_BYTES": 0, "RATE_LIMIT": 0}
    environment = {**os.environ, **{f"MEM_GRAPH_{name}": str(value) for name, value in settings.items()}}
    server = subprocess.Popen([COMMAND, "serve"], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=60)


def ask(root: str, path: str, seconds: float = 60) -> Answered:
    """One request, answered or lost."""
    sent = time.monotonic()
    try:
        with urlopen(Request(root + path, headers={"Accept": "*/*"}), timeout=seconds) as answer:
            answer.read()
            return Answered(sent, time.monotonic() - sent, answer.headers["X-MEM-Release"])
    except (URLError, OSError):
        return Answered(sent, time.monotonic() - sent, None)


def until_served(root: str, digest: str) -> float:
    """Seconds until a release answers; raises TimeoutError."""
    began = time.monotonic()
    while time.monotonic() - began < LONGEST:
        if ask(root, f"/sparql?{urlencode({'query': 'ASK {}'})}").release == digest:
            return time.monotonic() - began
        time.sleep(0.05)
    raise TimeoutError(digest)


def exchanged(folder: Path, first: Release, second: Release, memory: int) -> Iterator[tuple[str, str]]:
    """The figures of one exchange: until the new release is served, the first page of it, what clients have lost."""
    move(folder, first)
    with serving(folder, memory) as root:
        yield "start: until served, s", f"{until_served(root, first.digest):,.1f}"
        ask(root, PAGE, LONGEST)
        quiet, stop, told = Event(), Event(), list[Answered]()
        threads = [Thread(target=_asking, args=(root, stop, told), daemon=True) for _ in range(CLIENTS)]
        for each in threads:
            each.start()
        quiet.wait(1)
        began = time.monotonic()
        move(folder, second)
        yield "swap: until served, s", f"{until_served(root, second.digest):,.1f}"
        yield "swap: first page then, s", f"{ask(root, PAGE, LONGEST).seconds:,.2f}"
        quiet.wait(1)
        stop.set()
        for each in threads:
            each.join(timeout=LONGEST)
        lost = sum(each.release is None for each in told)
        yield "swap: requests lost", f"{lost:,} of {len(told):,}"
        yield "swap: slowest answer, s", f"{max(each.seconds for each in told if each.sent >= began):,.2f}"


def move(folder: Path, made: Release) -> None:
    """Make a release current."""
    with release.writing(folder):
        release.switch(folder, made)


def _asking(root: str, stop: Event, told: list[Answered]) -> None:
    for number in count():
        if stop.is_set():
            return
        told.append(ask(root, f"/sparql?{urlencode({'query': QUERY % number})}" if number % 2 else PAGE))

"""From Peru's report to an answer: how long each step takes, how much it makes, and what it needs.

Steps inside one process are medians of several calls after one that warms up; the whole build and the first answer of a
server are fresh processes each time. `make bench` prints the table; docs/performance.md holds one that was printed.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rdflib import Graph

from mem_graph import __version__, resources
from mem_graph.engine.oxigraph import EmbeddedStore
from mem_graph.graph import build, mapping, release, shares
from mem_graph.graph.reference import load_reference, read_file
from mem_graph.iris import DEFAULT_BASE
from mem_graph.model import Edition
from mem_graph.outcomes import SparqlRequest
from mem_graph.query import lookups
from mem_graph.terminal import show_table

RUNS = 5
REPORT = resources.data() / "reports" / "PER-R6" / "en-1.txt"
COMMAND = str(Path(sys.executable).with_name("mem-graph"))
JSON = "application/sparql-results+json"


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median of several calls, after one that is not counted."""
    work()
    return statistics.median(seconds(work) for _ in range(runs))


def steps() -> Iterator[tuple[str, float, str]]:
    """The steps of a build inside this process: name, seconds, the aim."""
    reference = load_reference(resources.data(), DEFAULT_BASE)
    edition = read_file(REPORT, reference)

    def mapped(edition: Edition) -> Graph:
        return mapping.to_graph(edition, reference.vocabulary, reference.iris, __version__)

    loading = median(lambda: load_reference(resources.data(), DEFAULT_BASE))
    yield "load ontology, tables, shapes, rules", loading, ""
    yield "read: text to statements", median(lambda: read_file(REPORT, reference)), ""
    yield "map: statements to RDF with evidence", median(lambda: mapped(edition)), ""
    yield "read and map", median(lambda: mapped(read_file(REPORT, reference))), "at most 1 s"
    yield "map, derive, validate, write as bytes", median(lambda: shares.share_of(edition, reference), 3), ""


def whole_build(folder: Path, from_nothing: bool = True) -> tuple[float, float]:
    """Seconds and peak MB of `mem-graph build`, in a process of its own; nothing kept from the one before, or all."""
    if from_nothing:
        shutil.rmtree(folder / build.KEPT, ignore_errors=True)
    environment = {**os.environ, "MEM_GRAPH_RELEASES_DIR": str(folder)}
    start = time.perf_counter()
    subprocess.run([COMMAND, "build"], env=environment, check=True, capture_output=True)
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server of the release on a free port of loopback: its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "MEM_GRAPH_RELEASES_DIR": str(folder), "MEM_GRAPH_PORT": str(port)}
    server = subprocess.Popen([COMMAND, "serve"], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}/sparql", server
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def first_answer(folder: Path) -> tuple[float, float]:
    """Seconds from the start of a server to its first answer, and its MB then."""
    start = time.perf_counter()
    with serving(folder) as (endpoint, server):
        while time.perf_counter() - start < 30:
            try:
                urllib.request.urlopen(f"{endpoint}?query=ASK%7B%3Fs%3Fp%3Fo%7D", timeout=5).read()
                break
            except OSError:
                time.sleep(0.01)
        return time.perf_counter() - start, _memory(server.pid)


def _memory(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def questions(made: release.Release) -> Iterator[tuple[str, str, int]]:
    """Each prepared question in process: name, milliseconds, rows."""
    store = EmbeddedStore.parse((made.folder / release.DATA).read_bytes(), union=True)
    for question in lookups.questions(resources.queries()):
        request = SparqlRequest(question.text)
        rows = len(json.loads(store.query(request, JSON).body)["results"]["bindings"])
        yield question.name, f"{median(lambda request=request: store.query(request, JSON)) * 1000:.1f}", rows


def main() -> None:
    """Print the tables."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, medians of {RUNS} runs\n")
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        builds = [whole_build(folder) for _ in range(3)]
        again = [whole_build(folder, from_nothing=False) for _ in range(3)]
        answers = [first_answer(folder) for _ in range(RUNS)]
        made = release.current(folder)
        rows = [(name, f"{taken:.3f}", aim) for name, taken, aim in steps()]
        rows.append(("whole build with validation", f"{statistics.median(b[0] for b in builds):.3f}", "at most 10 s"))
        rows.append(("whole build, nothing changed", f"{statistics.median(b[0] for b in again):.3f}", ""))
        rows.append(("first answer after serve", f"{statistics.median(a[0] for a in answers):.3f}", "at most 1.5 s"))
        show_table(("step", "seconds", "aim"), rows)
        edition = next(iri for iri in made.graphs if "/graph/edition/" in iri)
        sizes = [
            ("triples of Peru's edition", f"{made.graphs[edition]:,}"),
            ("quads of the release", f"{sum(made.graphs.values()):,}"),
            ("bytes of data.nq", f"{made.files[release.DATA]:,}"),
            ("peak memory of the build, MB", f"{max(b[1] for b in builds):.0f}"),
            ("memory of the server after the first answer, MB", f"{statistics.median(a[1] for a in answers):.0f}"),
        ]
        show_table(("what", "how much"), sizes)
        show_table(("prepared question, in process", "ms", "rows"), questions(made))


if __name__ == "__main__":
    main()

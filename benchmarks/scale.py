"""What one machine carries: made-up hemispheres of growing size, served as releases; how each figure grows.

Each size is a release in a temporary folder (`made_up.py`), measured in a process of its own. Times are those that the
processes have worked, so that others on the machine do not count for much; those of an exchange of releases
(`exchange.py`) are by the clock. What works for longer than it may is ended, and is "over": a question that a server
would not let run so long (`MEM_GRAPH_DEADLINE`), the first page, the validation of all of it, which may not take more
than half of the machine's memory either. `make bench-scale` prints the tables, with SIZES=1,2 only the first ones;
docs/scaling.md holds some that were printed.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from exchange import exchanged
from made_up import VERSION, Size, write
from rdflib import Graph

from mem_graph import resources
from mem_graph.engine.store import Store, open_store, open_workers
from mem_graph.errors import SettingsError
from mem_graph.graph import build, checking, release, validate
from mem_graph.graph.reference import BACKGROUND
from mem_graph.graph.validate import Part
from mem_graph.iris import Iris
from mem_graph.outcomes import Release, SparqlRequest, ValidationReport
from mem_graph.query.current import Current
from mem_graph.query.lookups import questions
from mem_graph.settings import Settings
from mem_graph.terminal import show_table
from mem_graph.web import create_app

SIZES = (Size(0, 1), Size(1, 1), Size(2, 2), Size(5, 3))
JSON = "application/sparql-results+json"
DEADLINE = Settings().deadline
FIRST_PAGE = 10 * DEADLINE
"""What the first page has, which reads names and makes the index of search."""

VALIDATION = 20 * DEADLINE
"""What the validation of all of a release has."""

ROOM = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
"""Bytes that one measurement may take."""

ENOUGH = 0.3
"""Seconds that are worked for a mean."""

PAGES = {
    "page: home": "/",
    "page: report": "/doc/report/PER-R6",
    "page: assessment": "/doc/assessment/PER-R6/24",
    "page: treaty": "/doc/treaty/illicit-traffic-1988",
    "page: institutions": "/doc/institution",
    "search: firearms": "/search?q=firearms",
    "search: a word misspelt": "/search?q=fierarms",
}
Figures = dict[str, str | None]


def resident() -> float:
    """MB of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def worked(do: Callable[[], Any]) -> float:
    """Seconds that this process, and those it has seen the end of, have worked at something."""
    before = os.times()
    do()
    return sum(os.times()[:4]) - sum(before[:4])


def apart(do: Callable[[], Iterator[tuple[str, str]]], seconds: float) -> Figures:
    """The figures that a fork of this process gives before it has worked so long."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))
        with suppress(MemoryError), os.fdopen(writing, "w") as told:
            for pair in do():
                told.write(json.dumps(pair) + "\n")
                told.flush()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        found: Figures = dict(json.loads(line) for line in told)
    _, ended = os.waitpid(child, 0)
    assert not os.WIFEXITED(ended) or os.WEXITSTATUS(ended) == 0, "it failed, and was not ended"
    return found


def milliseconds(do: Callable[[], Any]) -> str:
    """What something takes, for the table: the mean of so many calls that the clock counts for nothing."""
    start, calls = time.process_time(), 0
    while (taken := time.process_time() - start) < ENOUGH:
        do()
        calls += 1
    return f"{1000 * taken / calls:,.1f}"


def asked(store: Store, name: str, text: str) -> Iterator[tuple[str, str]]:
    """One prepared question: rows, and milliseconds."""
    answers = [json.loads(store.query(SparqlRequest(text), JSON).body)]
    yield f"{name}, rows", f"{len(answers[0]['results']['bindings']):,}"
    yield name, milliseconds(lambda: store.query(SparqlRequest(text), JSON))


def visited(current: Current) -> Iterator[tuple[str, str]]:
    """The first page, which reads names and makes the index; then each page, and search."""
    logging.disable(logging.INFO)
    client, before = create_app(Settings(cache_bytes=0, rate_limit=0), current).test_client(), resident()
    headers = {"Accept": "text/html"}
    yield "names and index of search, s", f"{worked(lambda: client.get('/search?q=peru', headers=headers)):,.1f}"
    yield "their memory, MB", f"{resident() - before:,.0f}"
    for name, path in PAGES.items():
        assert client.get(path, headers=headers).status_code == 200, path
        yield name, milliseconds(lambda path=path: client.get(path, headers=headers))


def validated(made: Release) -> Iterator[tuple[str, str]]:
    """One edition, as a build does where one has changed; then every graph again, as `mem-graph validate` does."""
    iris = Iris(made.identity_base)
    key = next(name for name in sorted(made.graphs) if "/graph/edition/" in name).partition("/graph/edition/")[2]
    texts = graphs_of(made, [iris.graph(name) for name in (f"edition/{key}", *BACKGROUND)])
    part, *beside = (Part(Graph().parse(data=text, format="nt")) for text in texts)
    sources = {iris.source(key, 1): (made.folder / "sources" / f"{key.replace('/', '-')}.txt").read_text("utf-8")}
    shapes = validate.shapes_of(*validate.OF_RECORD)
    found: list[ValidationReport] = []
    yield (
        "validate one edition, s",
        f"{worked(lambda: found.append(validate.check(part, shapes, beside, sources))):,.1f}",
    )
    assert found[0].conforms
    before = resident()
    yield "validate all of it, s", f"{worked(lambda: found.extend(checking.validate_release(made))):,.1f}"
    assert all(each.conforms for each in found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield "memory of that, MB", f"{peak - before:,.0f}"


def graphs_of(made: Release, names: list[str]) -> list[bytes]:
    """Some graphs of a release as N-Triples, in that order; one that it does not have is empty."""
    ends = {f" <{name}> .\n".encode(): list[bytes]() for name in names}
    with (made.folder / release.DATA).open("rb") as lines:
        for line in lines:
            if (kept := ends.get(line[line.rindex(b" <") :])) is not None:
                kept.append(line[: line.rindex(b" <")] + b" .\n")
    return [b"".join(kept) for kept in ends.values()]


def carried(folder: Path) -> Figures:
    """All figures of one release but those of an exchange."""
    made = release.verify(folder)
    found = apart(lambda: validated(made), VALIDATION)
    found = {
        name: found.get(name) for name in ("validate one edition, s", "validate all of it, s", "memory of that, MB")
    }
    found |= held(made)
    return found


def held(made: Release) -> Figures:
    """The figures of a store of a release, of the questions and pages that it answers."""
    folder = made.folder
    found: Figures = {
        "quads": f"{sum(made.graphs.values()):,}",
        "data.nq, MB": f"{made.files[release.DATA] / 1e6:,.0f}",
        "read back: digest, counts, s": f"{worked(lambda: release.verify(folder)):,.1f}",
    }
    files, before, stores = [folder / release.DATA], resident(), list[Store]()
    found["load, s"] = f"{worked(lambda: stores.append(open_store(Settings(), files))):,.1f}"
    found["memory of the store, MB"] = f"{resident() - before:,.0f}"
    for each in questions(resources.queries()):
        figures = apart(lambda each=each: asked(stores[0], each.name, each.text), DEADLINE)
        found |= {each.name: figures.get(each.name), f"{each.name}, rows": figures.get(f"{each.name}, rows")}
    found |= apart(lambda: visited(Current(made, stores[0], stores[0])), FIRST_PAGE)
    stores[0].close()
    found["within 2 GB, all processes"] = fitting(files)
    return found


def fitting(files: list[Path]) -> str:
    """Whether a server with the limits that it has by default would serve it; else what it would need."""
    try:
        open_workers(Settings(), files).close()
    except SettingsError as error:
        return "no: " + str(error.allowed).partition(" ")[0]
    return "yes"


def main() -> None:
    """Print the tables; with a folder, the figures of the release in it as JSON."""
    if len(sys.argv) > 1:
        print(json.dumps(carried(Path(sys.argv[1]))))
        return
    sizes = [SIZES[int(place) - 1] for place in os.environ.get("SIZES", "1,2,3,4").split(",")]
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before"
    print(f"Python {platform.python_version()}, {machine}; made-up reports: rounds of 34, in editions\n")
    columns: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as room:
        peru = build.build(Settings(releases_dir=Path(room) / "peru"), lambda _: None).folder
        for size in sizes:
            folder = write(peru, size, Path(room) / str(size.rounds))
            program = [sys.executable, __file__, str(folder)]
            figures = json.loads(subprocess.run(program, check=True, stdout=subprocess.PIPE).stdout)
            columns[str(size)] = figures | swapped(peru, size, folder)
            shutil.rmtree(folder.parent)
            print(f"measured: {size}", file=sys.stderr)
    whole = [name for name in columns[str(sizes[0])] if not name.endswith(", rows")]
    for title, names in (
        ("what", [name for name in whole if not is_question(name) and not of_pages(name)]),
        ("prepared question, ms (rows)", [name for name in whole if is_question(name)]),
        ("page, ms", [name for name in whole if of_pages(name)]),
    ):
        show_table((title, *columns), [(name, *(told(column, name) for column in columns.values())) for name in names])


def swapped(peru: Path, size: Size, folder: Path) -> Figures:
    """The figures of an exchange of a release for another one of the same size; none where it took too long."""
    first, second = release.verify(folder), release.verify(write(peru, size, folder.parent, f"{VERSION}, AGAIN"))
    memory = 2_000_000_000 + 2_500 * sum(first.graphs.values())
    figures: Figures = {}
    with suppress(TimeoutError):
        figures |= exchanged(folder.parent, first, second, memory)
    return figures


def is_question(name: str) -> bool:
    """Whether a figure is that of a prepared question."""
    return (resources.queries() / f"{name}.rq").exists()


def of_pages(name: str) -> bool:
    """Whether a figure is that of a page."""
    return name in PAGES


def told(figures: Figures, name: str) -> str:
    """A figure for the table, of a question with its rows."""
    rows = figures.get(f"{name}, rows")
    return (figures.get(name) or "over") + (f" ({rows})" if rows is not None else "")


if __name__ == "__main__":
    main()

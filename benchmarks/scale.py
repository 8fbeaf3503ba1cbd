"""What one machine carries: made-up hemispheres of growing size, served as releases; how each figure grows.

Each size is a release in a temporary folder (`made_up.py`), measured in a process of its own. Times are those that the
processes have worked, so that others on the machine do not count for much. A question, or the first page, that works
for longer than a server lets one run (`MEM_GRAPH_DEADLINE`) is ended, and is "over". `make bench-scale` prints the
tables, with SIZES=1,2 only the first ones; docs/scaling.md holds some that were printed.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from made_up import Size, write

from mem_graph import resources
from mem_graph.engine.store import Store, open_store, open_workers
from mem_graph.errors import SettingsError
from mem_graph.graph import build, release
from mem_graph.outcomes import SparqlRequest
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
        with os.fdopen(writing, "w") as told:
            for pair in do():
                told.write(json.dumps(pair) + "\n")
                told.flush()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        found: Figures = dict(json.loads(line) for line in told)
    os.waitpid(child, 0)
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


def carried(folder: Path) -> Figures:
    """All figures of one release."""
    made = release.verify(folder)
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
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; made-up reports: rounds of 34, in editions\n")
    columns: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as room:
        peru = build.build(Settings(releases_dir=Path(room) / "peru"), lambda _: None).folder
        for size in sizes:
            folder = write(peru, size, Path(room))
            program = [sys.executable, __file__, str(folder)]
            columns[str(size)] = json.loads(subprocess.run(program, check=True, stdout=subprocess.PIPE).stdout)
            (folder / release.DATA).unlink()
            print(f"measured: {size}", file=sys.stderr)
    whole = [name for name in columns[str(sizes[0])] if not name.endswith(", rows")]
    for title, names in (
        ("what", [name for name in whole if not is_question(name) and not of_pages(name)]),
        ("prepared question, ms (rows)", [name for name in whole if is_question(name)]),
        ("page, ms", [name for name in whole if of_pages(name)]),
    ):
        show_table((title, *columns), [(name, *(told(column, name) for column in columns.values())) for name in names])


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

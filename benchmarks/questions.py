"""Every prepared question and every query of a page: how long it takes on Peru's release and at 34 made-up reports.

Asked in process, answers written as JSON or N-Triples; a time is the median of what this process has worked, so that
others on the machine do not count for much. The queries of pages are collected while pages are made: of each kind of
IRI the first and the last thing, and the pages that are about no thing (`pages.py`). Each page is asked for twice: what
is asked the first time only is read once for a release, and stands apart. The made-up release (`made_up.py`) is kept in
the folder for temporary files until Peru's is another. `make bench-questions` prints the table, and fails where a query
takes longer than BOUND_MS; docs/performance.md holds one that was printed.
"""

from __future__ import annotations

import json
import logging
import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from made_up import Size, write
from pages import addresses

from mem_graph import resources
from mem_graph.engine import media_types
from mem_graph.engine.store import Store, open_store
from mem_graph.graph import build, release
from mem_graph.outcomes import Answer, SparqlRequest
from mem_graph.query.current import Current
from mem_graph.query.lookups import questions
from mem_graph.settings import Settings
from mem_graph.terminal import show_table
from mem_graph.web import create_app

BOUND_MS = 20.0
RUNS, ENOUGH = 5, 0.15
"""So many runs at least, and so many seconds that are worked, for a median."""

JSON = media_types.JSON.media_type
TERM = re.compile(r"<[^<>\s]*>|\$\w+")


class Timed(NamedTuple):
    """A query: milliseconds, and rows or triples of its answer."""

    milliseconds: float
    rows: int


class Noting:
    """A store that notes what it is asked."""

    def __init__(self, store: Store) -> None:
        """In: the store that answers."""
        self._store = store
        self.asked: dict[tuple[str, str], SparqlRequest] = {}

    def query(self, request: SparqlRequest, media_type: str) -> Answer:
        """The answer."""
        self.asked[request.query, media_type] = request
        return self._store.query(request, media_type)

    def graphs(self) -> Mapping[str, int]:
        """Its graphs."""
        return self._store.graphs()

    def close(self) -> None:
        """Leave it open."""


def timed(store: Store, request: SparqlRequest, media_type: str) -> Timed:
    """What a query takes."""
    body, taken = store.query(request, media_type).body, list[float]()
    while len(taken) < RUNS or sum(taken) < 1000 * ENOUGH:
        start = time.process_time()
        store.query(request, media_type)
        taken.append(1000 * (time.process_time() - start))
    rows = len(json.loads(body)["results"]["bindings"]) if media_type == JSON else body.count(b"\n")
    return Timed(statistics.median(taken), rows)


def of_pages(made: release.Release, store: Store) -> Iterator[tuple[str, bool, SparqlRequest, str]]:
    """The queries of pages: name, whether it is read once for a release, request, media type."""
    noting = Noting(store)
    current = Current(made, store, noting)
    client = create_app(Settings(cache_bytes=0, rate_limit=0), current).test_client()
    paths = [path for _, path in addresses(made)]
    seen = []
    for _ in range(2):
        noting.asked = {}
        for path in paths:
            assert client.get(f"/{path}", headers={"Accept": "text/html"}).status_code == 200, path
        seen.append(noting.asked)
    for (text, media_type), request in (seen[0] | seen[1]).items():
        yield named(text), (text, media_type) not in seen[1], request, media_type


def named(text: str) -> str:
    """The file of a page's query, whatever terms are bound in it; the treaty record's are told by their form."""
    return (
        _files().get(TERM.sub("$", text)) or f"treaty record: {' '.join(re.sub(r'PREFIX .*', '', text).split())[:30]}"
    )


def _files() -> dict[str, str]:
    folder = resources.queries() / "pages"
    return {TERM.sub("$", path.read_text("utf-8")): path.stem for path in folder.glob("*.rq")}


def measured(folder: Path) -> dict[str, dict[str, Timed]]:
    """Prepared questions, queries of pages (of one asked for several things the slowest), and what is read once."""
    made = release.verify(folder)
    store = open_store(Settings(), [folder / release.DATA])
    prepared = {each.name: timed(store, SparqlRequest(each.text), JSON) for each in questions(resources.queries())}
    pages, once = dict[str, Timed](), dict[str, Timed]()
    for name, at_start, request, media_type in of_pages(made, store):
        found = once if at_start else pages
        found[name] = max(timed(store, request, media_type), found.get(name, Timed(0, 0)))
    store.close()
    return {"prepared question": prepared, "query of pages": pages, "read once for a release": once}


def releases() -> tuple[Path, Path]:
    """The folders of Peru's release and of the made-up one, which are made where they are not there."""
    room = Path(tempfile.gettempdir()) / "mem-graph-bench-questions"
    peru = build.build(Settings(releases_dir=room / "peru"), lambda _: None).folder
    own = room / peru.name
    if not (own / "current").is_dir():
        own.mkdir(exist_ok=True)
        made = write(peru, Size(1, 1), own)
        (own / "current").symlink_to(made.name)
    return peru, (own / "current").resolve()


def main() -> None:
    """Print the tables; exit 1 where a query of questions or pages is over the bound."""
    logging.disable(logging.INFO)
    print(f"Python {platform.python_version()}; medians, in process; at most {BOUND_MS:.0f} ms\n")
    one, many = map(measured, releases())
    over = list[str]()
    for title, found in many.items():
        bound = title != "read once for a release"
        rows = []
        for name, (taken, count) in sorted(found.items()):
            met = taken <= BOUND_MS or not bound
            over += [] if met else [name]
            before = one[title].get(name)
            first = f"{before.milliseconds:.1f}" if before else ""
            rows.append((name, first, f"{taken:.1f}", f"{count:,}", ("yes" if met else "NO") if bound else ""))
        show_table((title, "Peru, ms", "34 reports, ms", "rows", "met"), rows)
    sys.exit(f"over {BOUND_MS:.0f} ms: {', '.join(over)}" if over else 0)


if __name__ == "__main__":
    main()

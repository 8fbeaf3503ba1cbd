"""The prepared questions from memory, from workers, and from engines elsewhere: milliseconds, from one interleaved run.

The release of all that data/ holds is built, published to each engine that is found here, and asked through the stores
that a server asks. Every question goes to one store after the other, several times over; what is printed are medians.
`make bench-engines` prints the tables; docs/engines.md holds some that were printed.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from peers import PEERS, Peer, memory, running

from mem_graph import resources
from mem_graph.engine.remote import Engine
from mem_graph.engine.remote_store import RemoteStore
from mem_graph.engine.store import Store, open_store, open_workers
from mem_graph.errors import StoreError
from mem_graph.graph import build, publishing, release
from mem_graph.outcomes import Release, SparqlRequest
from mem_graph.query.lookups import questions
from mem_graph.settings import Settings
from mem_graph.terminal import show_table

ROUNDS = 5
JSON = "application/sparql-results+json"

PLACES = {
    "Oxigraph server": ("/query", "/update", "/store", None),
    "Virtuoso 7": ("/sparql", "/sparql-auth", "/sparql-graph-crud-auth", "dba:dba"),
}


@contextmanager
def published(peer: Peer, made: Release, folder: Path) -> Iterator[tuple[Store, str]]:
    """A store of an engine that the release has been published to, and a line about that."""
    with running(replace(peer, load=None), folder, "ASK%7B%7D") as found:
        root = found.endpoint.removesuffix(peer.path)
        query, update, graphs, login = PLACES[peer.name]
        engine = Engine(root + query, root + update, root + graphs, login)
        began = time.perf_counter()
        mark = publishing.publish(made, engine, lambda line: None)
        first = time.perf_counter() - began
        publishing.publish(made, engine, lambda line: None)
        again = time.perf_counter() - began - first
        said = f"{peer.name}: published in {first:.1f} s, again in {again:.1f} s, {memory(found.pid):.0f} MB"
        yield RemoteStore(Settings(), engine, mark, made.graphs), said


def seconds(store: Store, request: SparqlRequest) -> float:
    """How long one answer takes; endless where there is none."""
    began = time.perf_counter()
    try:
        store.query(request, JSON)
    except StoreError:
        return float("inf")
    return time.perf_counter() - began


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as room, ExitStack() as stack:
        folder = Path(room)
        settings = Settings(releases_dir=folder / "releases")
        made = build.build(settings, lambda line: None)
        files = [made.folder / release.DATA]
        (folder / release.DATA).write_bytes(files[0].read_bytes())
        stores: dict[str, Store] = {"memory": open_store(settings, files), "workers": open_workers(settings, files)}
        for peer in PEERS:
            if peer.name in PLACES and peer.there():
                stores[peer.name], said = stack.enter_context(published(peer, made, folder))
                print(said)
        print(f"{sum(made.graphs.values()):,} quads, {ROUNDS} rounds; milliseconds, medians")
        rows = []
        for question in questions(resources.queries()):
            request = SparqlRequest(question.text)
            times = [{name: seconds(store, request) for name, store in stores.items()} for _ in range(ROUNDS)]
            medians = {name: 1000 * statistics.median(each[name] for each in times) for name in stores}
            rows.append([question.name, *(told(medians[name]) for name in stores)])
        show_table(["question", *stores], rows)
        for store in stores.values():
            store.close()


def told(milliseconds: float) -> str:
    """A time for the table."""
    return "no answer" if milliseconds == float("inf") else f"{milliseconds:.1f}"


if __name__ == "__main__":
    sys.exit(main())

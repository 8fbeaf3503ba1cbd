"""Treaty look-ups: in this process, and over HTTP with no answer of the cache.

The aims are those of the look-ups' issue: 5 ms in process, 20 ms over HTTP. Each look-up asks of another day, state and
treaty, so that nothing is asked twice. `make bench` prints the table.
"""

from __future__ import annotations

import itertools
import json
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from peru import serving

from mem_graph.graph import build
from mem_graph.query.opened import OpenRelease
from mem_graph.query.treaties import TreatyLookup
from mem_graph.query.treaty_forms import matrix_document, status_document
from mem_graph.settings import Settings
from mem_graph.terminal import show_table

LOOKUPS = 500


def asked(known: TreatyLookup) -> Iterator[tuple[str, str, date]]:
    """State, treaty and day of each look-up: every pair in turn, each on a day of its own."""
    pairs = itertools.cycle(itertools.product(known.record.countries, known.record.treaties))
    days = (date(1990, 1, 1) + timedelta(17 * number) for number in range(LOOKUPS))
    return ((country, treaty, on) for (country, treaty), on in zip(pairs, days, strict=False))


def in_process(known: TreatyLookup) -> Iterator[float]:
    """Seconds of each look-up by name, up to its JSON."""
    for country, treaty, on in asked(known):
        start = time.perf_counter()
        answer = known.ask(known.country(country), known.treaty(treaty), on)
        json.dumps(status_document(answer, known.record, known.release))
        yield time.perf_counter() - start


def over_http(known: TreatyLookup, address: str) -> Iterator[float]:
    """Seconds of each look-up as a client has it, a connection for each."""
    for country, treaty, on in asked(known):
        start = time.perf_counter()
        with urllib.request.urlopen(f"{address}api/treaty-status?country={country}&treaty={treaty}&on={on}") as answer:
            answer.read()
        yield time.perf_counter() - start


def row(name: str, seconds: Iterator[float], aim: str) -> tuple[str, str, str, str]:
    """Median and 95th percentile in milliseconds."""
    taken = sorted(1000 * each for each in seconds)
    return name, f"{statistics.median(taken):.2f}", f"{taken[int(0.95 * len(taken))]:.2f}", aim


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as room:
        settings = Settings(releases_dir=Path(room))
        build.build(settings, lambda _: None)
        with OpenRelease.open(None, settings) as opened:
            start = time.perf_counter()
            known = TreatyLookup.read(opened)
            reading = time.perf_counter() - start
        rows = [row("look-up in process", in_process(known), "at most 5 ms")]
        with serving(Path(room)) as (endpoint, _):
            address = endpoint.removesuffix("sparql")
            wait_for(f"{address}api/treaty-status?country=PER&treaty=1988")
            rows.append(row("look-up over HTTP, uncached", over_http(known, address), "at most 20 ms"))
        start = time.perf_counter()
        matrix_document(known.answers(None, None), date(2014, 6, 30), known.release)
        show_table((f"{LOOKUPS} look-ups", "median ms", "95 % ms", "aim"), rows)
        more = [
            ("the record read from a release, once", f"{reading:.3f}"),
            ("the whole matrix, 560 cells", f"{time.perf_counter() - start:.3f}"),
        ]
        show_table(("step", "seconds"), more)


def wait_for(address: str) -> None:
    """Wait until the server answers."""
    for _ in range(300):
        try:
            urllib.request.urlopen(address).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)


if __name__ == "__main__":
    main()

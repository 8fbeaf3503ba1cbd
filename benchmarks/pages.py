"""Every kind of page: how long it takes to make in this process, how much it weighs, how many queries it asks.

Nothing is cached, and the time is that which this process has worked, so that others on the machine do not count. Of
each kind of IRI the first and the last thing of Peru's release are asked for, and the pages that are about no thing; of
a kind the slower one and the heavier one count. `make bench` prints the table; the aims are those of the pages' issue:
50 ms, 100 KB without the editor, and 15 queries for a report.
"""

from __future__ import annotations

import gzip
import logging
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from flask.testing import FlaskClient

from mem_graph.graph import build, release
from mem_graph.iris import Iris
from mem_graph.query.current import Current
from mem_graph.settings import Settings
from mem_graph.terminal import show_table
from mem_graph.web import create_app

RUNS = 7
OTHERS: Mapping[str, str] = {
    "home": "",
    "report, Spanish": "doc/report/PER-R6?lang=es",
    "country with a report": "doc/country/PER",
    "list of institutions": "doc/institution",
    "treaties: a look-up, and the matrix of a region": "doc/treaty?country=PER&treaty=illicit-traffic-1988",
    "treaties: the matrix of all regions, 560 cells": "doc/treaty?region=all",
    "treaties: the matrix, Spanish": "doc/treaty?region=all&lang=es",
    "treaties of a country": "doc/country/PER/treaties",
    "ontology": "ontology",
    "class": "ontology/Finding",
    "property": "ontology/polarity",
    "shapes": "shapes",
    "shape": "shapes/Finding",
    "search": "search?q=firearms",
    "search, Spanish": "search?q=armas+de+fuego&lang=es",
    "nothing found": "search?q=zzyzx",
}
"""Pages that are about no thing of one kind."""

OWN = ("report", "source", "assessment", "recommendation", "criterion", "topic", "area", "rating", "country")
OWN = (*OWN, "institution", "treaty", "standard", "dataset", "glossary")
"""Kinds that have a page of their own; all others have the general one."""

AIM_MS, AIM_BYTES, AIM_QUERIES = 50, 100_000, 15


class Measured(NamedTuple):
    """A page: of what kind, milliseconds, bytes as they are and packed, and queries asked."""

    kind: str
    milliseconds: float
    size: int
    packed: int
    queries: int


def addresses(made: release.Release) -> Iterator[tuple[str, str]]:
    """Kinds with the paths of their first and last thing."""
    iris, found = Iris(made.identity_base), dict[str, list[str]]()
    text = (made.folder / release.DATA).read_text("utf-8")
    for iri in sorted(set(re.findall(rf"<({re.escape(iris.base)}id/[^>]*)>", text))):
        found.setdefault(iris.parse(iri).kind, []).append(iri.removeprefix(iris.base).replace("id/", "doc/", 1))
    for kind, paths in found.items():
        yield from ((kind, path) for path in dict.fromkeys((paths[0], paths[-1])))
    yield from OTHERS.items()


def measured(client: FlaskClient, kind: str, path: str) -> Measured:
    """One page, asked for again and again, after once that is not counted."""
    headers = {"Accept": "text/html"}
    page = client.get(f"/{path}", headers=headers).data
    taken = []
    for _ in range(RUNS):
        start = time.process_time()
        client.get(f"/{path}", headers=headers)
        taken.append(1000 * (time.process_time() - start))
    behind = page.partition(b'<section class="behind"')[2].partition(b"</details>")[0]
    return Measured(kind, statistics.median(taken), len(page), len(gzip.compress(page)), behind.count(b"<li>"))


def worst(of_kind: list[Measured]) -> Measured:
    """The most that any page of a kind takes."""
    return Measured(of_kind[0].kind, *(max(values) for values in zip(*(each[1:] for each in of_kind), strict=True)))


def row(each: Measured) -> tuple[str, ...]:
    """A line of the table."""
    met = each.milliseconds <= AIM_MS and each.size <= AIM_BYTES and (each.kind != "report" or each.queries <= 15)
    size, packed = f"{each.size / 1000:.1f}", f"{each.packed / 1000:.1f}"
    return each.kind, f"{each.milliseconds:.1f}", size, packed, str(each.queries or ""), "yes" if met else "NO"


def main() -> None:
    """Print the table: kinds with a page of their own, other pages, and the worst of all other kinds."""
    with tempfile.TemporaryDirectory() as room:
        settings = Settings(releases_dir=Path(room), cache_bytes=0)
        build.build(settings, lambda _: None)
        made = release.current(Path(room))
        current = Current.open(made.folder, settings)
        client = create_app(settings, current).test_client()
        logging.disable(logging.INFO)
        found: dict[str, list[Measured]] = {}
        for kind, path in addresses(made):
            found.setdefault(kind, []).append(measured(client, kind, path))
        current.close()
    kinds = {kind: worst(own) for kind, own in found.items()}
    shown = [kinds.pop(kind) for kind in (*OWN, *OTHERS)]
    general = worst([each._replace(kind=f"{len(kinds)} other kinds, the most of any") for each in kinds.values()])
    style = (Path(create_app.__code__.co_filename).parent / "static" / "style.css").read_bytes()
    show_table(("page", "ms", "KB", "KB packed", "queries", "met"), map(row, [*shown, general]))
    print(
        f"Aims: {AIM_MS} ms, {AIM_BYTES // 1000} KB, of a report {AIM_QUERIES} queries. The style sheet, fetched once:"
    )
    print(f"{len(style) / 1000:.1f} KB, packed {len(gzip.compress(style)) / 1000:.1f} KB.")


if __name__ == "__main__":
    main()

"""Made-up hemispheres as quads: 34 reports, in so many rounds, in so many editions; FOR BENCHMARKS ONLY.

Nothing in them is true. Each is Peru's edition with the keys of another country, round or language; the names of its
ratings are dealt anew and its figures multiplied, each report by a chance of its own, so that answers differ. Graphs
that are not of one edition (ontology, lists, tables, the treaty record) stand once, as they are; the catalogue counts
anew. The version of such a release says that it is made up.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mem_graph import resources
from mem_graph.engine.partitions import partitions
from mem_graph.engine.quads import count, merge, ntriples
from mem_graph.graph import catalog, release
from mem_graph.iris import PREFIXES, Iris

VERSION = "MADE UP BY A BENCHMARK"
LANGUAGES = ("en", "es", "fr", "pt")
RATINGS = ("complete", "mostly-complete", "partially-complete", "started", "not-started")
OWN = re.compile(rb"<[^>]*PER-R6")
"""What is of the report: it has an IRI with its key. A rule that quotes a sentence of it is of all reports."""

OF_RECORD = re.compile(rb"<[^>]*/id/(?:report|assessment)/PER-R6|.*/graph/derived> \.$")
"""What is said of a report itself and of its assessments, and what is derived: of the edition of record alone."""


class Size(NamedTuple):
    """How many rounds, each report in how many editions, of how many countries; no round: Peru's report as it is."""

    rounds: int
    editions: int
    countries: int = 34

    @property
    def reports(self) -> int:
        """How many reports there are."""
        return self.countries * self.rounds or 1

    def __str__(self) -> str:
        """How it is called in a table."""
        return f"{self.countries} × {self.rounds} × {self.editions}" if self.rounds else "Peru"


def quads(nquads: bytes, size: Size) -> Iterator[bytes]:
    """The quads of a hemisphere, in pieces, made from those of Peru's release."""
    lines = nquads.splitlines(keepends=True)
    own = [line for line in lines if OWN.search(line)]
    yield b"".join(line for line in lines if not OWN.search(line))
    record, translation = b"".join(own), b"".join(line for line in own if not OF_RECORD.match(line))
    for key, edition, number in editions(size):
        yield _other(record if edition == "en/1" else translation, key.encode(), edition.encode(), number)
    if not size.rounds:
        yield record


def editions(size: Size) -> Iterator[tuple[str, str, int]]:
    """Every edition that is made up: the key of its report, its language and number, the number of the report."""
    codes = [row["iso3"] for row in resources.read_tables(resources.data() / "tables")["states"] if row["iso3"]]
    for number, code in enumerate(sorted(codes)[: size.countries] * size.rounds):
        for place in range(size.editions):
            yield f"{code}-R{6 + number // size.countries}", f"{LANGUAGES[place % 4]}/{1 + place // 4}", number


def _other(nquads: bytes, key: bytes, edition: bytes, seed: int) -> bytes:
    """Peru's quads with other keys, with ratings dealt anew and figures multiplied."""
    chance = random.Random(seed)
    dealt = dict(zip(RATINGS, chance.sample(RATINGS, len(RATINGS)), strict=True))
    text = re.sub(
        rb"/rating/6/([a-z-]+)>",
        lambda found: b"/rating/6/%s>" % dealt.get(found[1].decode(), found[1].decode()).encode(),
        nquads,
    )
    factor = chance.randint(1, 9)
    text = re.sub(
        rb'#value> "(\d+)([^"]*)"', lambda found: b'#value> "%d%s"' % (int(found[1]) * factor, found[2]), text
    )
    text = text.replace(b"/country/PER>", b"/country/%s>" % key[:3])
    text = re.sub(rb"(PER-R6/(?:[^> ]*?/)?)en/1", lambda found: found[1] + edition, text)
    return text.replace(b"PER-R6", key)


def write(peru: Path, size: Size, folder: Path, version: str = VERSION) -> Path:
    """A release of a hemisphere in a folder of releases, made from the folder of Peru's; its own folder."""
    folder.mkdir(exist_ok=True)
    made = release.verify(peru)
    pieces = quads((peru / release.DATA).read_bytes(), size)
    iris = Iris(made.identity_base)
    own = b" <%s> .\n" % iris.graph("catalogue").encode()
    lines = sorted({line for piece in pieces for line in piece.splitlines(keepends=True) if not line.endswith(own)})
    lines = sorted([*lines, *_catalogue(lines, size, iris)])
    facts = {"version": version, "identity_base": made.identity_base}
    return release.write(folder, {release.DATA: b"".join(lines), **sources(peru, size)}, facts).folder


def _catalogue(lines: list[bytes], size: Size, iris: Iris) -> list[bytes]:
    """The catalogue of a hemisphere as quads: what is counted in it is counted anew."""
    made = [f"{key}/{edition}" for key, edition, _ in editions(size)] or ["PER-R6/en/1"]
    listed = [catalog.Listed(edition, 2014) for edition in made]
    parted = partitions(lines, PREFIXES["mem"])
    graph = catalog.describe(count(lines), listed, iris, catalog.About(version=VERSION), parted)
    return merge({iris.graph("catalogue"): ntriples(graph.serialize(format="nt", encoding="utf-8"))})


def sources(peru: Path, size: Size) -> dict[str, bytes]:
    """The text of each edition, by its file in a release: always Peru's, whose sentences the editions quote."""
    text = (peru / "sources" / "PER-R6-en-1.txt").read_bytes()
    made = [(key, edition) for key, edition, _ in editions(size)] or [("PER-R6", "en/1")]
    return {f"sources/{key}-{edition.replace('/', '-')}.txt": text for key, edition in made}

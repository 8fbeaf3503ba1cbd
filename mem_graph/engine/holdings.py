"""What an engine elsewhere holds of a release: its graphs, what was noted of each, and which release is current.

Each graph of a release has its own name. All of them together are one graph more, named by the release's digest: it is
the default graph of every query, for engines are slow with a default graph of many. And there is one graph, the book,
that says which release is current (`Mark`), and of each graph what was found there when it was compared (`Note`);
`graph.publishing` writes it.

Counts and digests are compared when a release is published. What can be compared when it is taken up, without reading
all of it back, is how many triples each graph has, and how many signs stand in them: an engine says both by one query.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mem_graph.engine import remote
from mem_graph.engine.remote import Engine
from mem_graph.errors import Unavailable
from mem_graph.iris import PREFIXES
from mem_graph.outcomes import SparqlRequest
from mem_graph.settings import IDENTITY_BASE
from mem_graph.wording import Wording

BOOK = f"{IDENTITY_BASE}engine"
"""The graph that says what the engine holds, and the node that stands for the engine; it is no part of a release."""

NOTHING = f"{BOOK}/nothing"
"""A graph that is never there: some engines take no named graph for all of them."""

VERSION, CHECKSUM, EXTENT = (
    f"{PREFIXES['owl']}versionInfo",
    f"{PREFIXES['dcterms']}identifier",
    f"{PREFIXES['dcterms']}extent",
)
MARK = f"SELECT ?mark {{ <{BOOK}> <{VERSION}> ?mark }}"
NOTES = f"SELECT ?graph ?checksum ?extent {{ ?graph <{CHECKSUM}> ?checksum ; <{EXTENT}> ?extent }}"

_EXTENT = "(COUNT(*) AS ?triples) (SUM(IF(isBlank(?o), 0, STRLEN(STR(?o)))) AS ?signs)"
EXTENTS = f"SELECT ?graph {_EXTENT} {{ GRAPH ?graph {{ ?s ?p ?o }} }} GROUP BY ?graph"
ONE_EXTENT = f"SELECT {_EXTENT} {{ ?s ?p ?o }}"

PATIENCE = 5.0
"""Seconds for a look at the mark."""

LONG = 600.0
"""Seconds for what goes over all the data, or moves a graph."""


class Mark(NamedTuple):
    """Which release is current in an engine, and a word that is never used twice."""

    digest: str
    serial: str


class Extent(NamedTuple):
    """How many triples a graph has, and how many signs their objects have; blank nodes have none."""

    triples: int
    signs: int

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Extent:
        """From a row of an answer: a sum over nothing is left out by some engines."""
        return cls(int(row["triples"]), int(row.get("signs", 0)))

    def __str__(self) -> str:
        """As the book has it."""
        return f"{self.triples} {self.signs}"


class Note(NamedTuple):
    """What the book says of a graph: the digest of what is in it, and its extent when it was compared."""

    checksum: str
    extent: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an engine holds: the extent of each named graph, ours or not, and what has been noted of it."""

    extents: Mapping[str, Extent]
    notes: Mapping[str, Note]

    def has(self, name: str, count: int, checksum: str) -> bool:
        """Whether a graph is there, was found to be what it should be, and has not changed since."""
        extent = self.extents.get(name)
        return extent is not None and extent.triples == count and self.notes.get(name) == (checksum, str(extent))


def merged(digest: str) -> str:
    """The name of the graph that holds all graphs of a release."""
    return f"{BOOK}/release/{digest}"


def marked(engine: Engine, seconds: float = PATIENCE) -> Mark | None:
    """The mark of an engine; None where no release is current. Raises Unavailable, TimeoutError."""
    asked = SparqlRequest(MARK, "SELECT", (BOOK,), (NOTHING,))
    rows = table(engine, asked, seconds)
    if len(rows) != 1:
        return None
    digest, _, serial = rows[0]["mark"].partition(" ")
    return Mark(digest, serial)


def holdings(engine: Engine, seconds: float = LONG) -> Holdings:
    """What an engine holds; raises Unavailable, TimeoutError."""
    notes = table(engine, SparqlRequest(NOTES, "SELECT", (BOOK,), (NOTHING,)), seconds)
    rows = table(engine, SparqlRequest(EXTENTS, "SELECT"), seconds)
    return Holdings(
        {row["graph"]: Extent.of(row) for row in rows},
        {row["graph"]: Note(row["checksum"], row["extent"]) for row in notes},
    )


def extent(engine: Engine, graph: str, seconds: float = LONG) -> Extent:
    """The extent of one graph; raises Unavailable, TimeoutError."""
    (row,) = table(engine, SparqlRequest(ONE_EXTENT, "SELECT", (graph,), (NOTHING,)), seconds)
    return Extent.of(row)


def counted(engine: Engine, seconds: float) -> dict[str, int]:
    """The triples of every named graph of an engine, ours or not; raises Unavailable, TimeoutError."""
    return {name: each.triples for name, each in holdings(engine, seconds).extents.items()}


def confirm(engine: Engine, digest: str, graphs: Mapping[str, int]) -> None:
    """Raise Unavailable where an engine does not hold a release whole, whatever its mark says; or TimeoutError.

    Each graph has the triples of the release and is as it was when it was compared, and so is the graph of all of them,
    which is noted under the release's digest. An engine that has died may come back with less than it had: Virtuoso
    does. Others may have written to it.
    """
    there = holdings(engine)
    faults = [_fault(there, name, count) for name, count in graphs.items()]
    everything = merged(digest)
    faults.append(_fault(there, everything, None) or _named_otherwise(there, everything, digest))
    found = [each for each in faults if each]
    if found:
        more = f" ({len(found) - 1} more graphs differ)" if found[1:] else ""
        raise Unavailable(
            what=Wording("unavailable.release"), reason=Wording("unavailable.not-whole", fault=f"{found[0]}{more}")
        )


def _fault(there: Holdings, name: str, count: int | None) -> str | None:
    """What is wrong with a graph in an engine, in words; None where nothing is."""
    extent, note = there.extents.get(name, Extent(0, 0)), there.notes.get(name)
    if count is not None and extent.triples != count:
        return f"{name} has {extent.triples:,} of {count:,} triples"
    if note is None:
        return f"{name} was never compared"
    return None if note.extent == str(extent) else f"{name} has changed since"


def _named_otherwise(there: Holdings, name: str, digest: str) -> str | None:
    return None if there.notes[name].checksum == digest else f"{name} is noted under another digest"


def table(engine: Engine, request: SparqlRequest, seconds: float) -> list[dict[str, str]]:
    """The rows of a query of ours, as texts; raises Unavailable for an answer that is none, TimeoutError."""
    try:
        bindings = json.loads(remote.ask(engine, request, seconds))["results"]["bindings"]
        return [{name: str(term["value"]) for name, term in row.items()} for row in bindings]
    except (ValueError, LookupError, TypeError, AttributeError):
        raise Unavailable(what=engine.name, reason=Wording("unavailable.no-rows")) from None

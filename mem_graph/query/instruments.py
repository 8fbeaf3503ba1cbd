"""Treaties and standards of a release as records: title, names, series, depositary, dates, and how they are related."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rdflib import Graph, Namespace
from rdflib.namespace import DCTERMS, RDF, SKOS
from rdflib.term import Node

from mem_graph.iris import PREFIXES

MEM = Namespace(PREFIXES["mem"])
ELI = Namespace(PREFIXES["eli"])


@dataclass(frozen=True, slots=True)
class Instrument:
    """A treaty, or a standard, which has no parties. Dates are as the tables have them; empty is not known."""

    key: str
    iri: str
    kind: str
    title: str
    short: str
    adopted_on: str
    adopted_at: str
    in_force_on: str
    depositary: str
    series: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]
    """Names as people write them, by language."""
    relatives: Mapping[str, tuple[str, ...]]
    """Keys of what it ``amends``, ``consolidates`` or ``supplements``."""
    articles: tuple[str, ...]
    """Articles that a report cites."""
    note: str
    source: str
    as_of: str

    @property
    def is_treaty(self) -> bool:
        """Whether states can be party to it."""
        return self.kind != "standard"

    @property
    def all_names(self) -> Iterator[str]:
        """Every name by which it can be asked for: key, last part of the key, title, short title, names, series."""
        yield from (self.key, self.key.rsplit("-", 1)[-1], self.title, self.short, *self.series)
        yield from (name for names in self.names.values() for name in names)


def instruments_of(graph: Graph) -> tuple[Instrument, ...]:
    """The instruments of the graphs ``tables`` and ``shared``, merged, by key."""
    nodes = graph.subjects(RDF.type, MEM.Instrument)
    return tuple(sorted((_instrument(graph, node) for node in nodes), key=lambda each: each.key))


def _instrument(graph: Graph, node: Node) -> Instrument:
    standard = (node, RDF.type, MEM.Standard) in graph
    return Instrument(
        key=_text(graph, node, SKOS.notation),
        iri=str(node),
        kind=_text(graph, node, MEM.kind),
        title=_text(graph, node, DCTERMS.title),
        short=_text(graph, node, SKOS.prefLabel),
        adopted_on=_text(graph, node, DCTERMS.issued if standard else ELI.date_document),
        adopted_at=_text(graph, node, MEM.placeOfAdoption),
        in_force_on=_text(graph, node, ELI.first_date_entry_in_force),
        depositary=_text(graph, node, MEM.depositary),
        series=tuple(sorted(map(str, graph.objects(node, MEM.series)))),
        names=_names(graph, node),
        relatives={name: _keys(graph, node, about) for name, about in RELATIVES.items()},
        articles=tuple(sorted(_articles(graph, node), key=_by_number)),
        note=_text(graph, node, SKOS.note),
        source=_text(graph, node, DCTERMS.source),
        as_of=_text(graph, node, MEM.asOf),
    )


RELATIVES = {"amends": ELI.amends, "consolidates": ELI.consolidates, "supplements": MEM.supplements}


def _text(graph: Graph, node: Node, about: Node) -> str:
    found = graph.value(node, about)
    return "" if found is None else str(found)


def _keys(graph: Graph, node: Node, about: Node) -> tuple[str, ...]:
    return tuple(sorted(_text(graph, each, SKOS.notation) for each in graph.objects(node, about)))


def _names(graph: Graph, node: Node) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in sorted(graph.objects(node, SKOS.altLabel), key=str):
        found.setdefault(getattr(name, "language", None) or "", []).append(str(name))
    return {language: tuple(names) for language, names in sorted(found.items())}


def _articles(graph: Graph, node: Node) -> Iterator[str]:
    yield from (_text(graph, each, ELI.number) for each in graph.subjects(ELI.is_part_of, node))


def _by_number(article: str) -> tuple[int, str]:
    digits = re.match(r"[0-9]+", article)
    return int(digits[0]) if digits else 0, article

"""Documents about treaties: all of them, one with its states, one state with its treaties; as plain values and as RDF.

`treaty_forms` has what they show of a state under a treaty. The same documents are pages of the service.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from rdflib import Graph

from mem_graph.graph.acts import acts_graph, standings_graph
from mem_graph.iris import PREFIXES
from mem_graph.query.instruments import Instrument
from mem_graph.query.treaties import TreatyLookup
from mem_graph.query.treaty_forms import ENGLISH, matrix_document, table
from mem_graph.treaties.record import Clauses, Coverage

COLUMNS = (
    "key",
    "title",
    "short_title",
    "kind",
    "adopted_on",
    "adopted_at",
    "in_force_on",
    "depositary",
    "series",
    "amends",
    "consolidates",
    "supplements",
    "iri",
)
"""The columns of the list of instruments."""


def list_document(known: TreatyLookup) -> dict[str, Any]:
    """Every treaty and standard, by key; ``is_treaty`` tells them apart."""
    return {
        "release": known.release,
        "total": len(known.instruments),
        "instruments": [instrument_json(each) for each in known.instruments.values()],
    }


def list_csv(known: TreatyLookup) -> str:
    """Every treaty and standard as a row of CSV; what there is several of has blanks or semicolons between."""
    return table(COLUMNS, map(_cells, known.instruments.values()))


def treaty_document(known: TreatyLookup, key: str, on: date, language: str = ENGLISH) -> dict[str, Any]:
    """A treaty or standard with what was read of its final clauses, how far sources reach, and its states on a day.

    In: its key. A standard has no states. Raises KeyError for a key that is none.
    """
    instrument, record = known.instruments[key], known.record
    answers = [known.ask(country, key, on) for country in record.countries] if key in record.treaties else []
    clauses = record.clauses.get(key)
    return {
        **matrix_document(answers, on, known.release, language),
        "instrument": instrument_json(instrument),
        "final_clauses": None if clauses is None else clauses_json(clauses),
        "coverage": [coverage_json(each, record.countries, language) for each in record.coverage_of(key)],
        "doubts": [doubt.words.of(language) for doubt in record.doubts_of(key, "")],
    }


def country_document(known: TreatyLookup, code: str, on: date, language: str = ENGLISH) -> dict[str, Any]:
    """A state under every treaty on a day. In: its code."""
    answers = [known.ask(code, treaty, on) for treaty in known.record.treaties]
    return {
        **matrix_document(answers, on, known.release, language),
        "country": {"code": code, "name": known.record.countries[code]},
    }


def country_graph(known: TreatyLookup, code: str) -> Graph:
    """What the record has of a state under every treaty, and what follows: acts, statements, sources, standings.

    Every triple is one of the release.
    """
    own = replace(known.record.narrowed(country=code), coverage=(), clauses={})
    graph = Graph(bind_namespaces="none")
    for prefix, space in PREFIXES.items():
        graph.bind(prefix, space)
    graph += acts_graph(own, known.iris)
    graph += standings_graph(known.record, known.iris, code)
    return graph


def turtle(graph: Graph) -> bytes:
    """A graph as a person reads it: one block for each thing, in the order of their IRIs; the same bytes each time."""
    return graph.serialize(format="turtle", encoding="utf-8")


def ntriples(graph: Graph) -> bytes:
    """A graph as sorted N-Triples."""
    lines = graph.serialize(format="nt", encoding="utf-8").splitlines(keepends=True)
    return b"".join(sorted(line for line in lines if line.strip()))


# Parts


def instrument_json(each: Instrument) -> dict[str, Any]:
    """A treaty or standard as plain values."""
    return {
        "key": each.key,
        "iri": each.iri,
        "is_treaty": each.is_treaty,
        "kind": each.kind,
        "title": each.title,
        "short_title": each.short,
        "adopted_on": each.adopted_on or None,
        "adopted_at": each.adopted_at or None,
        "in_force_on": each.in_force_on or None,
        "depositary": each.depositary or None,
        "series": list(each.series),
        "names": {language: list(names) for language, names in each.names.items()},
        **{name: list(keys) for name, keys in each.relatives.items()},
        "cited_articles": list(each.articles),
        "note": each.note or None,
        "source": each.source,
        "as_of": each.as_of,
    }


def _cells(each: Instrument) -> dict[str, str]:
    relatives = {name: " ".join(keys) for name, keys in each.relatives.items()}
    own = instrument_json(each)
    plain = {name: own[name] or "" for name in COLUMNS if name not in (*relatives, "series")}
    return {**plain, **relatives, "series": "; ".join(each.series)}


def clauses_json(clauses: Clauses) -> dict[str, Any]:
    """Final clauses, as far as they were read; null is not found."""
    return {
        "entry_into_force": {
            "article": clauses.entry_article or None,
            "days_after_deposit": clauses.days,
            "condition": clauses.condition or None,
            "party_to": clauses.needs or None,
        },
        "denunciation": {
            "article": clauses.withdrawal_article or None,
            "takes_effect": {"year": "a year after notice", "calendar": "by the calendar"}.get(clauses.withdrawal_rule),
        },
        "reservations_article": clauses.reservations_article or None,
        "clause_was_read": clauses.read,
        "source": clauses.source_url,
        "note": clauses.note or None,
    }


def coverage_json(row: Coverage, countries: Iterable[str], language: str = ENGLISH) -> dict[str, Any]:
    """How far a source reaches: only there does the absence of an act mean "no"."""
    states = set(countries) if row.states is None else set(row.states)
    return {
        "states": sorted(states - row.excepted),
        "signatures": row.signatures,
        "consent": row.consents,
        "from": None if row.begins is None else str(row.begins),
        "to": None if row.ends is None else str(row.ends),
        "source_kind": row.kind or None,
        "note": row.note.of(language),
    }

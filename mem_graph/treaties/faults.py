"""What is wrong in the tables of the treaty record: by file and row, with the reason; nothing is mended.

Lines count from 1, the header being line 1. What is found: words that no list has, dates that are none, rows that come
twice, acts in an order that the law of treaties does not know, acts after the day for which their source speaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from mem_graph.treaties.dates import UNKNOWN, Window, window
from mem_graph.treaties.record import ACTS, CONSENT, LEAVING
from mem_graph.vocabulary import Row, Tables

Found: TypeAlias = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: the file, its line, the words met, and what is wrong."""

    file: str
    line: int
    met: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.met!r}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Known:
    """The keys that rows may name."""

    treaties: frozenset[str]
    countries: frozenset[str]
    sources: Mapping[str, Row]


Check: TypeAlias = Callable[[Row, Known], Found]


def faults(tables: Tables) -> tuple[Fault, ...]:
    """Every fault of the tables of the treaty record, by file and line."""
    known = Known(
        frozenset(row["treaty"] for row in tables.get("treaties", ()) if row["kind"] != "standard"),
        frozenset(row["iso3"] for row in tables.get("states", ())),
        {row["key"]: row for row in tables.get("act-sources", ())},
    )
    found = [*_rows(tables, known), *_twice(tables), *_sequences(tables)]
    return tuple(sorted(found, key=lambda fault: (fault.file, fault.line, fault.problem)))


def _rows(tables: Tables, known: Known) -> Iterator[Fault]:
    for name, checks in CHECKS.items():
        for line, row in enumerate(tables.get(name, ()), start=2):
            for check in checks:
                yield from (Fault(f"{name}.csv", line, met, problem) for met, problem in check(row, known))


# Single cells


def _treaty(row: Row, known: Known) -> Found:
    yield from _listed(row["treaty"], known.treaties, "is no treaty of treaties.csv")


def _treaties(row: Row, known: Known) -> Found:
    for word in row["treaties"].split():
        yield from _listed(word, known.treaties, "is no treaty of treaties.csv")


def _country(row: Row, known: Known) -> Found:
    yield from _listed(row["country"], known.countries, "is no state of states.csv")


def _source(row: Row, known: Known) -> Found:
    yield from _listed(row["source"], known.sources, "is no source of act-sources.csv")


def _listed(word: str, words: Iterable[str], problem: str) -> Found:
    listed = list(words)
    if word not in listed:
        near = get_close_matches(word, listed, n=3)
        yield word, problem + (f"; did you mean {' or '.join(near)}?" if near else "")


def _where_given(column: str, check: Check) -> Check:
    return lambda row, known: (
        check({**row, "treaty": row[column], "country": row[column]}, known) if row[column] else iter(())
    )


def _dates(*columns: str, full: bool = False) -> Check:
    def check(row: Row, _: Known) -> Found:
        for column in columns:
            if _when(row[column]) is None or (full and len(row[column]) not in (0, 10)):
                yield row[column], f"{column} is no date; write 2014-06-30" + ("" if full else ", 2014-06 or 2014")

    return check


def _one_of(column: str, *words: str) -> Check:
    def check(row: Row, _: Known) -> Found:
        if row[column] not in words:
            yield row[column], f"{column} must be one of: {', '.join(word or '(empty)' for word in words)}"

    return check


def _needed(*columns: str) -> Check:
    def check(row: Row, _: Known) -> Found:
        yield from (("", f"{column} is empty") for column in columns if not row[column])

    return check


def _number(column: str, optional: bool = False) -> Check:
    def check(row: Row, _: Known) -> Found:
        if not (row[column].isdecimal() or (optional and not row[column])):
            yield row[column], f"{column} must be a number"

    return check


def _states(row: Row, known: Known) -> Found:
    words = [*([] if row["states"] == "all" else row["states"].split()), *row["except"].split()]
    for word in words:
        yield from _listed(word, known.countries, "is no state of states.csv")


def _stretch(row: Row, _: Known) -> Found:
    if row["from"] and row["to"] and row["from"] >= row["to"]:
        yield row["from"], f"from is not before to, {row['to']}"


def _paths(row: Row, _: Known) -> Found:
    for path in row["paths"].split():
        if not re.fullmatch(r"[0-9]+[a-z]*(\.[0-9a-z]+)*", path):
            yield path, "is no path; write figures and letters with dots, such as 3.1.a.ii"


# Acts


def _after_source(row: Row, known: Known) -> Found:
    """An act that its source cannot know."""
    source = known.sources.get(row["source"])
    when, speaks = _when(row["date"]), _when(source["as_of"]) if source else None
    if when and speaks and when.earliest and speaks.latest and when.earliest > speaks.latest:
        yield row["date"], f"is after the day for which its source speaks, {source['as_of'] if source else ''}"


def _instrument(row: Row, _: Known) -> Found:
    made, deposited = _when(row["instrument_date"]), _when(row["date"])
    if made and deposited and made.earliest and deposited.latest and made.earliest > deposited.latest:
        yield row["instrument_date"], "the instrument is dated after its deposit"


def _effect(row: Row, known: Known) -> Found:
    if row["effective_on"] and row["effective_source"] not in known.sources:
        yield row["effective_source"], "effective_on needs its source: effective_source is no source of act-sources.csv"
    effect, done = _when(row["effective_on"]), _when(row["date"])
    if effect and done and effect.latest and done.earliest and effect.latest < done.earliest:
        yield row["effective_on"], "takes effect before it was done"


def _when(text: str) -> Window | None:
    """The days of a date; None for what is no date."""
    try:
        return window(text)
    except ValueError:
        return None


# Several rows

KEYS: Mapping[str, tuple[str, ...]] = {
    "acts": ("treaty", "country", "act", "date"),
    "act-sources": ("key",),
    "act-flags": ("number",),
    "coverage": ("treaty", "number"),
    "final-clauses": ("treaty",),
    "reservations": ("treaty", "country", "number"),
    "participation": ("treaty", "country"),
    "undated-parties": ("treaty", "country", "standing"),
    "memberships": ("country", "number"),
    "state-names": ("country", "name", "language"),
}


def _twice(tables: Tables) -> Iterator[Fault]:
    for name, columns in KEYS.items():
        seen: dict[tuple[str, ...], int] = {}
        for line, row in enumerate(tables.get(name, ()), start=2):
            key = tuple(row[column] for column in columns)
            if key in seen:
                yield Fault(f"{name}.csv", line, " ".join(key), f"stands on line {seen[key]} already")
            seen.setdefault(key, line)


def _sequences(tables: Tables) -> Iterator[Fault]:
    """Acts of one state under one treaty whose order is impossible."""
    of_pair: dict[tuple[str, str], list[tuple[Window, int, Row]]] = {}
    for line, row in enumerate(tables.get("acts", ()), start=2):
        when = _when(row["date"]) or UNKNOWN
        if when.earliest and row["act"] in ACTS:
            of_pair.setdefault((row["treaty"], row["country"]), []).append((when, line, row))
    for acts in of_pair.values():
        yield from _in_order(sorted(acts, key=lambda act: (act[0].earliest, ACTS.index(act[2]["act"]))))


def _in_order(acts: Iterable[tuple[Window, int, Row]]) -> Iterator[Fault]:
    bound, line_of = "", 0
    for place, (_, line, row) in enumerate(acts):
        kind, met = row["act"], f"{row['treaty']} {row['country']} {row['act']} {row['date']}"
        if kind in LEAVING and not bound:
            yield Fault("acts.csv", line, met, "leaves a treaty that it had not joined")
        elif kind in CONSENT and bound:
            yield Fault("acts.csv", line, met, f"consents again, as on line {line_of}, without having left")
        elif kind == "signature" and bound:
            yield Fault("acts.csv", line, met, f"signs after the {bound} of line {line_of}")
        if kind == "succession" and place:
            yield Fault("acts.csv", line, met, "succeeds to a treaty under which it had acted itself")
        if kind in (*CONSENT, *LEAVING):
            bound, line_of = (kind, line) if kind in CONSENT else ("", 0)


FACT: tuple[Check, ...] = (_treaty, _country, _source)

CHECKS: Mapping[str, tuple[Check, ...]] = {
    "acts": (
        *FACT,
        _one_of("act", *ACTS),
        _needed("date"),
        _dates("date"),
        _dates("instrument_date", "effective_on", full=True),
        _after_source,
        _instrument,
        _effect,
    ),
    "act-sources": (
        _needed("key", "name", "via"),
        _one_of("kind", "register", "copy", "third_party"),
        _dates("as_of"),
        _treaties,
    ),
    "act-flags": (
        _number("number"),
        _where_given("treaty", _treaty),
        _where_given("country", _country),
        _one_of("about", "kind", "date", "source", "return", "treaty", "missing"),
        _needed("doubt", "doubt_es"),
        _dates("date"),
    ),
    "coverage": (
        _treaty,
        _number("number"),
        _states,
        _one_of("signatures", "yes", "no"),
        _one_of("consents", "yes", "no"),
        _dates("from", "to", full=True),
        _stretch,
        _needed("note", "note_es"),
    ),
    "final-clauses": (
        _treaty,
        _number("days", optional=True),
        _where_given("needs", _treaty),
        _one_of("withdrawal_rule", "", "calendar", "year"),
        _one_of("clause_read", "yes", "no"),
        _needed("source_url"),
    ),
    "reservations": (
        *FACT,
        _number("number"),
        _one_of("kind", "reservation", "declaration", "understanding", "objection", "notification", "unknown"),
        _one_of("made_at", "signature", "consent", "unknown"),
        _one_of("confirmed", "yes", "no", "unknown"),
        _needed("effect", "effect_es"),
        _dates("withdrawn_on"),
        _paths,
    ),
    "participation": (*FACT, _needed("date"), _dates("date"), _after_source),
    "undated-parties": (*FACT, _one_of("standing", "party", "signatory")),
    "memberships": (
        _country,
        _number("number"),
        _one_of(
            "status",
            "member",
            "participating",
            "not_participating",
            "excluded",
            "exclusion_ended",
            "denunciation",
            "former",
        ),
        _needed("date", "source_url"),
        _dates("date"),
    ),
    "state-names": (_country, _needed("name"), _one_of("language", "en", "es")),
}
"""Which checks each table goes through, row by row."""

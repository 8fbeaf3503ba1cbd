"""The treaty record as frozen records: one for each row of the tables, with its source at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal

from mem_graph.treaties.dates import Window, day_of, window
from mem_graph.treaties.words import Text
from mem_graph.vocabulary import Row, Tables

CONSENT = ("ratification", "acceptance", "approval", "accession", "succession")
"""The acts by which a state consents to be bound (VCLT 2(1)(b), 11, 14, 15), and succession to another's consent."""

LEAVING = ("denunciation", "withdrawal")
"""The acts by which a state ends that (VCLT 54, 56)."""

ACTS = ("signature", *CONSENT, *LEAVING)

SourceKind = Literal["register", "copy", "third_party"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from: the name to cite, of what kind it is, the day it speaks for, and how we have it."""

    key: str
    name: str
    kind: str
    as_of: str
    as_of_basis: str
    quality: str
    via: str
    note: str = ""
    treaties: tuple[str, ...] = ()
    """The treaties of which it tells."""

    @property
    def speaks_until(self) -> date | None:
        """The last day for which it can speak; None where it is not dated."""
        return window(self.as_of).latest


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt about an act, or a fact that is missing; ``about`` the ``treaty``: which text the act was under."""

    number: int
    treaty: str
    country: str
    act: str
    date: str
    about: str
    words: Text
    source: str


@dataclass(frozen=True, slots=True)
class Act:
    """An act of a state under a treaty: dated by its signature, else by deposit with the depositary."""

    treaty: str
    country: str
    kind: str
    date: str
    source: Source
    instrument_date: str = ""
    effective_on: str = ""
    effective_source: Source | None = None
    doubts: tuple[Doubt, ...] = ()

    @property
    def when(self) -> Window:
        """The days on which it can have been done."""
        return window(self.date)

    @property
    def key(self) -> str:
        """``accession-2003-09-23``: with treaty and state, its name."""
        return f"{self.kind}-{self.date}"

    @property
    def text_in_doubt(self) -> bool:
        """Whether it is not certain that the act was under this treaty."""
        return any(doubt.about == "treaty" for doubt in self.doubts)


@dataclass(frozen=True, slots=True)
class Participation:
    """A state bound by an amended treaty without an act of its own under it (VCLT 40(5))."""

    treaty: str
    country: str
    date: str
    source: Source


@dataclass(frozen=True, slots=True)
class Listing:
    """A source that lists a state as ``party`` or ``signatory`` without a date."""

    treaty: str
    country: str
    standing: str
    basis: str
    source: Source


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the absence of an act means: for which states, acts and days a source is complete."""

    treaty: str
    number: int
    states: frozenset[str] | None
    """None for all."""
    excepted: frozenset[str]
    signatures: bool
    consents: bool
    begins: date | None
    ends: date | None
    kind: str
    note: Text

    def reaches(self, country: str, kind: str) -> bool:
        """Whether it is complete for acts of this state: its signatures, or its consent."""
        states = self.states is None or country in self.states
        return states and country not in self.excepted and (self.signatures if kind == "signatory" else self.consents)


@dataclass(frozen=True, slots=True)
class Clauses:
    """The final clauses of a treaty, as far as they were read."""

    treaty: str
    entry_article: str = ""
    days: int | None = None
    condition: str = ""
    needs: str = ""
    withdrawal_article: str = ""
    withdrawal_rule: str = ""
    reservations_article: str = ""
    read: bool = False
    source_url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A reservation, declaration or other statement (VCLT 2(1)(d), 19 to 23): what it touches, and its effect."""

    treaty: str
    country: str
    number: int
    kind: str
    articles: str
    paths: tuple[str, ...]
    made_at: str
    confirmed: str
    withdrawn_on: str
    effect: Text
    note: str
    source: Source


@dataclass(frozen=True, slots=True)
class Treaty:
    """A treaty with the dates that count for its parties."""

    key: str
    kind: str
    short: str
    adopted: date | None
    in_force: date | None


def _by_date(act: Act) -> tuple[object, ...]:
    """The order of acts: by day, the more precise date first, whatever the order of the rows."""
    return act.when.earliest or date.max, ACTS.index(act.kind), act.when.latest or date.max, act.date, act.source.key


@dataclass(frozen=True)
class Record:
    """The whole treaty record."""

    treaties: Mapping[str, Treaty] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    """Names by code."""
    sources: Mapping[str, Source] = field(default_factory=dict)
    acts: tuple[Act, ...] = ()
    participation: tuple[Participation, ...] = ()
    listings: tuple[Listing, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    clauses: Mapping[str, Clauses] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @cached_property
    def _acts(self) -> dict[tuple[str, str], tuple[Act, ...]]:
        found: dict[tuple[str, str], list[Act]] = {}
        for act in sorted(self.acts, key=_by_date):
            found.setdefault((act.treaty, act.country), []).append(act)
        return {pair: tuple(acts) for pair, acts in found.items()}

    def acts_of(self, treaty: str, country: str) -> tuple[Act, ...]:
        """The acts of a state under a treaty, by date."""
        return self._acts.get((treaty, country), ())

    def narrowed(self, treaty: str | None = None, country: str | None = None) -> Record:
        """What it has of one treaty, of one state, or of both: facts with the sources and doubts they rest on."""

        def own(each: Act | Participation | Listing | Statement) -> bool:
            return treaty in (None, each.treaty) and country in (None, each.country)

        facts: tuple[Act | Participation | Listing | Statement, ...]
        facts = (*self.acts, *self.participation, *self.listings, *self.statements)
        used = {each.source.key for each in facts if own(each)}
        used |= {each.effective_source.key for each in self.acts if own(each) and each.effective_source}
        return replace(
            self,
            sources={key: each for key, each in self.sources.items() if key in used},
            acts=tuple(filter(own, self.acts)),
            participation=tuple(filter(own, self.participation)),
            listings=tuple(filter(own, self.listings)),
            coverage=tuple(each for each in self.coverage if treaty in (None, each.treaty)),
            clauses={key: each for key, each in self.clauses.items() if treaty in (None, key)},
            statements=tuple(filter(own, self.statements)),
            doubts=tuple(
                each for each in self.doubts if treaty in (None, each.treaty) and country in (None, each.country)
            ),
        )

    def coverage_of(self, treaty: str) -> tuple[Coverage, ...]:
        """The rows of coverage of a treaty."""
        return tuple(row for row in self.coverage if row.treaty == treaty)

    def clauses_of(self, treaty: str) -> Clauses:
        """The final clauses of a treaty; nothing is known where there is no row."""
        return self.clauses.get(treaty, Clauses(treaty))

    def statements_of(self, treaty: str, country: str) -> tuple[Statement, ...]:
        """The reservations and declarations of a state to a treaty, and to no other."""
        return tuple(each for each in self.statements if (each.treaty, each.country) == (treaty, country))

    def doubts_of(self, treaty: str, country: str) -> tuple[Doubt, ...]:
        """What is in doubt or missing for a state and a treaty."""
        return tuple(each for each in self.doubts if (each.treaty, each.country) == (treaty, country))


# From the tables


def from_tables(tables: Tables) -> Record:
    """The record of the rows of ``data/tables/``, by file name without ``.csv``.

    Raises KeyError for a source that is not there, ValueError for a date or number that is none: `faults` finds these
    first, with file and row.
    """
    sources = {row["key"]: _source(row) for row in tables.get("act-sources", ())}
    doubts = tuple(map(_doubt, tables.get("act-flags", ())))
    return Record(
        treaties={row["treaty"]: _treaty(row) for row in tables.get("treaties", ()) if row["kind"] != "standard"},
        countries={row["iso3"]: row["name_en"] for row in tables.get("states", ())},
        sources=sources,
        acts=tuple(_acts(tables, sources, doubts)),
        participation=tuple(
            Participation(row["treaty"], row["country"], row["date"], sources[row["source"]])
            for row in tables.get("participation", ())
        ),
        listings=tuple(
            Listing(row["treaty"], row["country"], row["standing"], row["basis"], sources[row["source"]])
            for row in tables.get("undated-parties", ())
        ),
        coverage=tuple(map(_coverage, tables.get("coverage", ()))),
        clauses={row["treaty"]: _clauses(row) for row in tables.get("final-clauses", ())},
        statements=tuple(_statement(row, sources) for row in tables.get("reservations", ())),
        doubts=doubts,
    )


def _source(row: Row) -> Source:
    names = ("key", "name", "kind", "as_of", "as_of_basis", "quality", "via", "note")
    key, name, kind, as_of, basis, quality, via, note = (row[column] for column in names)
    return Source(key, name, kind, as_of, basis, quality, via, note, tuple(sorted(row["treaties"].split())))


def _doubt(row: Row) -> Doubt:
    treaty, country, act, date, about = (row[name] for name in ("treaty", "country", "act", "date", "about"))
    words = Text(row["doubt"], row["doubt_es"])
    return Doubt(int(row["number"]), treaty, country, act, date, about, words, row["source"])


def _treaty(row: Row) -> Treaty:
    short = row["short_title"].split("; ")[0]
    return Treaty(row["treaty"], row["kind"], short, day_of(row["adopted_on"]), day_of(row["in_force_on"]))


def _acts(tables: Tables, sources: Mapping[str, Source], doubts: tuple[Doubt, ...]) -> Iterator[Act]:
    for row in tables.get("acts", ()):
        key = row["treaty"], row["country"], row["act"], row["date"]
        yield Act(
            *key,
            sources[row["source"]],
            row["instrument_date"],
            row["effective_on"],
            sources[row["effective_source"]] if row["effective_source"] else None,
            tuple(doubt for doubt in doubts if (doubt.treaty, doubt.country, doubt.act, doubt.date) == key),
        )


def _coverage(row: Row) -> Coverage:
    return Coverage(
        row["treaty"],
        int(row["number"]),
        None if row["states"] == "all" else frozenset(row["states"].split()),
        frozenset(row["except"].split()),
        row["signatures"] == "yes",
        row["consents"] == "yes",
        day_of(row["from"]),
        day_of(row["to"]),
        row["kind"],
        Text(row["note"], row["note_es"]),
    )


def _clauses(row: Row) -> Clauses:
    return Clauses(
        row["treaty"],
        row["entry_article"],
        int(row["days"]) if row["days"] else None,
        row["condition"],
        row["needs"],
        row["withdrawal_article"],
        row["withdrawal_rule"],
        row["reservations_article"],
        row["clause_read"] == "yes",
        row["source_url"],
        row["note"],
    )


def _statement(row: Row, sources: Mapping[str, Source]) -> Statement:
    return Statement(
        row["treaty"],
        row["country"],
        int(row["number"]),
        row["kind"],
        row["articles"],
        tuple(row["paths"].split()),
        row["made_at"],
        row["confirmed"],
        row["withdrawn_on"],
        Text(row["effect"], row["effect_es"]),
        row["note"],
        sources[row["source"]],
    )

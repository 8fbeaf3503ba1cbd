"""From acts to standings: signatory, contracting state and party, each with the day it began and the day it ended.

The three are kept apart as the law has them. A *signatory* has signed (VCLT 10, 18). A *contracting state* has
consented to be bound, whether or not the treaty is in force (VCLT 2(1)(f)). A *party* has consented and the treaty is
in force for it (VCLT 2(1)(g)). A party is a contracting state too; a signature remains a fact after consent. Days are
as precise as their sources. Pure: records in, records out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from mem_graph.treaties.dates import UNKNOWN, Window, window, years_later
from mem_graph.treaties.record import CONSENT, LEAVING, Act, Clauses, Listing, Participation, Record
from mem_graph.treaties.words import Text, words
from mem_graph.wording import LANGUAGES

Kind = Literal["signatory", "contracting", "party"]
KINDS: tuple[Kind, ...] = ("signatory", "contracting", "party")

RULES: Mapping[str, Text] = MappingProxyType(
    {
        key.removeprefix("rule."): Text(*(words(language)[key] for language in LANGUAGES))
        for key in words(LANGUAGES[0])
        if key.startswith("rule.")
    }
)
"""The rules of derivation, by key, each in a sentence."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a state is under a treaty: from when, until when, by which rule, and on what it rests."""

    kind: Kind
    treaty: str
    country: str
    begins: Window
    ends: Window | None
    rule: str
    acts: tuple[Act, ...] = ()
    participation: Participation | None = None
    listing: Listing | None = None

    @property
    def in_doubt(self) -> bool:
        """Whether it rests on an act of which it is not certain that it was under this treaty."""
        return any(act.text_in_doubt for act in self.acts[:1])


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of being bound: the act that began it, and the one that ended it."""

    consent: Act
    leaving: Act | None = None


def all_standings(record: Record, country: str | None = None) -> Iterator[Standing]:
    """The standings of every state under every treaty; with a country, those of this state alone."""
    for treaty in record.treaties:
        for each in record.countries if country is None else (country,):
            yield from standings(record, treaty, each)


def standings(record: Record, treaty: str, country: str) -> tuple[Standing, ...]:
    """The standings of one state under one treaty, by kind and day."""
    acts = record.acts_of(treaty, country)
    found = [*_signed(acts)]
    for spell in spells(acts):
        found += _bound(record, spell)
    found += _participating(record, treaty, country)
    found += _listed(record, treaty, country)
    return tuple(sorted(found, key=lambda each: (KINDS.index(each.kind), each.begins.earliest or date.min)))


# Spells


def spells(acts: Iterable[Act]) -> Iterator[Spell]:
    """The stretches of consent in a sequence of acts by date; a state can leave and come back.

    A second consent while the first stands changes nothing: consent is expressed once.
    """
    consent: Act | None = None
    for act in acts:
        if act.kind in CONSENT and consent is None:
            consent = act
        elif act.kind in LEAVING and consent is not None:
            yield Spell(consent, act)
            consent = None
    if consent is not None:
        yield Spell(consent)


def _signed(acts: Iterable[Act]) -> Iterator[Standing]:
    for act in acts:
        if act.kind == "signature":
            yield Standing("signatory", act.treaty, act.country, act.when, None, "standing.signed", (act,))


def _bound(record: Record, spell: Spell) -> Iterator[Standing]:
    act = spell.consent
    ends = leaves(spell.leaving, record) if spell.leaving else None
    resting = (act,) if spell.leaving is None else (act, spell.leaving)
    rule, since = consents(act)
    yield Standing("contracting", act.treaty, act.country, since, ends, rule, resting)
    rule, begins = enters(act, record)
    begins, ends = _through_parent(record, act.treaty, act.country, begins, ends)
    yield Standing("party", act.treaty, act.country, begins, ends, rule, resting)


# Consent, and entry into force for a state


def consents(act: Act) -> tuple[str, Window]:
    """From when an act of consent counts, and by which rule: its deposit, or before it for a successor state."""
    if act.kind == "succession" and act.effective_on:
        return "standing.as-the-source-says", window(act.effective_on)
    if act.kind == "succession":
        return "standing.succeeded", Window(None, act.when.latest)
    return "standing.consented", act.when


def enters(act: Act, record: Record) -> tuple[str, Window]:
    """When the treaty enters into force for the state, and by which rule (VCLT 24)."""
    in_force, clauses = _in_force(record, act.treaty), record.clauses_of(act.treaty)
    if act.effective_on:
        return "standing.as-the-source-says", window(act.effective_on)
    if act.kind == "succession":
        return "standing.succeeded", Window(None, Window(None, act.when.latest).not_before(in_force).latest)
    if clauses.days is not None:
        return "standing.after-waiting", act.when.later(clauses.days).not_before(in_force)
    if _stood(act, in_force):
        return "standing.with-the-treaty", in_force
    return "standing.waiting-not-read", Window(act.when.earliest).not_before(in_force)


def _stood(act: Act, in_force: Window) -> bool:
    """Whether the consent stood when the treaty entered into force."""
    return act.when.latest is not None and in_force.earliest is not None and act.when.latest < in_force.earliest


def _in_force(record: Record, treaty: str) -> Window:
    known = record.treaties.get(treaty)
    return Window(known.in_force, known.in_force) if known and known.in_force else UNKNOWN


def _through_parent(
    record: Record, treaty: str, country: str, begins: Window, ends: Window | None
) -> tuple[Window, Window | None]:
    """Entry into force and end of a protocol for a state, which must be a party to another treaty for it."""
    needed = record.clauses_of(treaty).needs
    if not needed:
        return begins, ends
    for parent in (each for each in standings(record, needed, country) if each.kind == "party"):
        if parent.ends is None or parent.ends.latest is None or begins.earliest is None:
            return begins.not_before(parent.begins), ends or parent.ends
        if begins.earliest < parent.ends.latest:
            return begins.not_before(parent.begins), ends or parent.ends
    return Window(begins.earliest), ends


# Leaving


def leaves(act: Act, record: Record) -> Window:
    """When a denunciation or withdrawal takes effect (VCLT 54(a)): as a source says, else by the final clauses."""
    if act.effective_on:
        return window(act.effective_on)
    clauses = record.clauses_of(act.treaty)
    bounds = (_effect(bound, clauses, record) for bound in (act.when.earliest, act.when.latest))
    earliest, latest = bounds
    return Window(earliest or act.when.earliest, latest)


def _effect(notice: date | None, clauses: Clauses, record: Record) -> date | None:
    if notice is None or not clauses.withdrawal_rule:
        return None
    return years_later(notice, 1) if clauses.withdrawal_rule == "year" else calendar_rule(notice, record, clauses)


def calendar_rule(notice: date, record: Record, clauses: Clauses) -> date:
    """1961 Convention 46(2), 1971 Convention 29(2): received by 1 July, effect on 1 January of the next year; later, as
    if received by 1 July of the next year; no earlier than two years after the treaty's entry into force.
    """
    effect = date(notice.year + (1 if (notice.month, notice.day) <= (7, 1) else 2), 1, 1)
    treaty = record.treaties.get(clauses.treaty)
    if treaty is None or treaty.in_force is None:
        return effect
    return max(effect, years_later(treaty.in_force, 2))


# Without an act


def _participating(record: Record, treaty: str, country: str) -> Iterator[Standing]:
    for each in record.participation:
        if (each.treaty, each.country) == (treaty, country):
            since, rule = window(each.date), "standing.through-amendment"
            yield Standing("contracting", treaty, country, since, None, rule, participation=each)
            days = record.clauses_of(treaty).days
            waited = Window(since.earliest) if days is None else since.later(days)
            begins = waited.not_before(_in_force(record, treaty))
            yield Standing("party", treaty, country, begins, None, rule, participation=each)


def _listed(record: Record, treaty: str, country: str) -> Iterator[Standing]:
    for each in record.listings:
        if (each.treaty, each.country) == (treaty, country):
            at_latest = Window(None, each.source.speaks_until)
            kinds: tuple[Kind, ...] = ("signatory",) if each.standing == "signatory" else ("contracting", "party")
            for kind in kinds:
                yield Standing(kind, treaty, country, at_latest, None, "standing.listed", listing=each)

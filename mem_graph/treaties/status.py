"""What held on a day, and how far the sources allow to say it: yes, no, or unknown with the reason.

The absence of an act means "no" only where a source is complete for that treaty, that state, that kind of act and that
day. Nothing is said beyond the day for which the sources speak, and no source here is complete for denunciations: "yes"
means bound by the acts that are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from mem_graph.treaties.record import Act, Coverage, Record, Source
from mem_graph.treaties.standings import KINDS, Kind, Standing, standings

Value = Literal["yes", "no", "unknown"]

WORDS = {"signatory": "a signatory", "contracting": "a contracting state", "party": "a party"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a state had a standing on a day; why, in words; the standing it rests on; until when sources speak."""

    kind: Kind
    value: Value
    reason: str
    standing: Standing | None = None
    coverage: Coverage | None = None
    speaks_until: date | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """What a state was under a treaty on a day: the three verdicts, and the acts done by then."""

    treaty: str
    country: str
    on: date
    signatory: Verdict
    contracting: Verdict
    party: Verdict
    acts: tuple[Act, ...]

    @property
    def bound(self) -> Verdict:
        """The highest standing that it certainly had, else the verdict on being party."""
        certain = (each for each in (self.party, self.contracting, self.signatory) if each.value == "yes")
        return next(certain, self.party)


def status(record: Record, treaty: str, country: str, on: date) -> Status:
    """What a state was under a treaty on a day.

    In: the record; keys of a treaty and a state; the day. Raises KeyError for a treaty or state that is not there.
    """
    if treaty not in record.treaties or country not in record.countries:
        raise KeyError(f"{treaty} {country}")
    found = standings(record, treaty, country)
    signatory, contracting, party = (_verdict(record, found, treaty, country, kind, on) for kind in KINDS)
    acts = tuple(
        act for act in record.acts_of(treaty, country) if act.when.earliest is not None and act.when.earliest <= on
    )
    return Status(treaty, country, on, signatory, contracting, party, acts)


def speaks_until(record: Record, standing: Standing) -> date | None:
    """The last day for which the sources speak of a standing: of its acts, and those complete for the state."""
    days = [each.speaks_until for each in sources_of(standing)]
    days += [row.ends for row in record.coverage_of(standing.treaty) if row.reaches(standing.country, standing.kind)]
    return max((day for day in days if day is not None), default=None)


def sources_of(standing: Standing) -> tuple[Source, ...]:
    """The sources that a standing rests on."""
    resting = (*standing.acts, standing.participation, standing.listing)
    return tuple(dict.fromkeys(each.source for each in resting if each is not None))


def _verdict(record: Record, found: tuple[Standing, ...], treaty: str, country: str, kind: Kind, on: date) -> Verdict:
    if early := _too_early(record, treaty, kind, on):
        return Verdict(kind, "no", early)
    own = [each for each in found if each.kind == kind]
    for standing in reversed(own):
        if verdict := _during(record, standing, on):
            return verdict
    return _without(record, own, treaty, country, kind, on)


# While a standing lasts


def _during(record: Record, standing: Standing, on: date) -> Verdict | None:
    """The verdict of a standing that had, or may have, begun and not ended by that day; None for any other."""
    begins, ends = standing.begins, standing.ends
    if begins.earliest is not None and on < begins.earliest:
        return None
    if ends and ends.latest is not None and on >= ends.latest:
        return None
    until = speaks_until(record, standing)
    if begins.latest is None or on < begins.latest:
        return Verdict(standing.kind, "unknown", _not_known_when(standing), standing, speaks_until=until)
    if standing.in_doubt:
        reason = next(doubt.words for doubt in standing.acts[0].doubts if doubt.about == "treaty")
        return Verdict(standing.kind, "unknown", reason, standing, speaks_until=until)
    if ends and (ends.earliest is None or on >= ends.earliest):
        return Verdict(standing.kind, "unknown", f"it left with effect of {ends}", standing, speaks_until=until)
    if standing.kind != "signatory" and ends is None and (until is None or on > until):
        return Verdict(standing.kind, "unknown", _beyond(standing, until), standing, speaks_until=until)
    return Verdict(standing.kind, "yes", f"since {begins}", standing, speaks_until=until)


def _not_known_when(standing: Standing) -> str:
    if standing.rule == "standing.succeeded":
        return f"a successor counts from the succession of states: {standing.begins}, which the source does not give"
    if standing.rule == "standing.waiting-not-read" or (standing.begins.latest is None and standing.acts):
        return f"from {standing.begins}: the clause on the waiting period was not read"
    return f"from {standing.begins}; the day is not known"


def _beyond(standing: Standing, until: date | None) -> str:
    if until is None:
        return f"the source is not dated; it was {WORDS[standing.kind]} from {standing.begins}"
    return f"the sources speak for days up to {until}, on which it was {WORDS[standing.kind]}"


# Without one


def _without(record: Record, own: list[Standing], treaty: str, country: str, kind: Kind, on: date) -> Verdict:
    left = [each for each in own if each.ends and each.ends.latest and each.ends.latest <= on]
    if left:
        return _after_leaving(record, own, left[-1], on)
    rows = record.coverage_of(treaty)
    for row in rows:
        if row.reaches(country, kind) and row.begins and row.ends and row.begins <= on <= row.ends:
            return Verdict(kind, "no", _complete(row, own), coverage=row, speaks_until=row.ends)
    return Verdict(kind, "unknown", _why(rows, country, kind, on))


def _after_leaving(record: Record, own: list[Standing], left: Standing, on: date) -> Verdict:
    """After a denunciation: "no" until it came back, or until the sources end."""
    until = speaks_until(record, left)
    back = any(each.begins.earliest and each.begins.earliest > on for each in own)
    if back or (until is not None and on <= until):
        return Verdict(left.kind, "no", f"it left with effect of {left.ends}", left, speaks_until=until)
    return Verdict(left.kind, "unknown", f"it left with effect of {left.ends}; nothing is known of a return", left)


def _too_early(record: Record, treaty: str, kind: Kind, on: date) -> str:
    known = record.treaties[treaty]
    if known.adopted and on < known.adopted:
        return f"there was no such treaty before {known.adopted}"
    if kind == "party" and known.in_force and on < known.in_force:
        return f"the treaty was not in force before {known.in_force}"
    return ""


def _complete(row: Coverage, own: list[Standing]) -> str:
    later = f"; it became so on {own[0].begins}" if own else ""
    return f"no act by that day in a source that is complete for it up to {row.ends}{later}"


def _why(rows: tuple[Coverage, ...], country: str, kind: Kind, on: date) -> str:
    """Why nothing follows from the absence of an act."""
    reaching = [row for row in rows if row.reaches(country, kind)]
    if not rows:
        return "no source is complete for this treaty"
    if not reaching:
        what = "signatures" if kind == "signatory" else "consent to be bound"
        return f"no source is complete for the {what} of this state: {rows[0].note}"
    ends = max((row.ends for row in reaching if row.ends), default=None)
    if ends and on > ends:
        return f"the sources speak for days up to {ends}"
    return f"no source is complete for this day: {reaching[0].note}"

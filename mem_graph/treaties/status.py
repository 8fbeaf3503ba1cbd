"""What held on a day, and how far the sources allow to say it: yes, no, or unknown with the reason.

The absence of an act means "no" only where a source is complete for that treaty, that state, that kind of act and that
day. Nothing is said beyond the day for which the sources speak, and no source here is complete for denunciations: "yes"
means bound by the acts that are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from mem_graph.treaties.dates import UNKNOWN
from mem_graph.treaties.record import Act, Coverage, Record, Source
from mem_graph.treaties.standings import KINDS, Kind, Standing, standings
from mem_graph.treaties.words import Reason

Value = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a state had a standing on a day; why; the standing it rests on; until when sources speak."""

    kind: Kind
    value: Value
    reason: Reason
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
        doubt = next(doubt.words for doubt in standing.acts[0].doubts if doubt.about == "treaty")
        return Verdict(standing.kind, "unknown", Reason.of("text-in-doubt", doubt=doubt), standing, speaks_until=until)
    if ends and (ends.earliest is None or on >= ends.earliest):
        return Verdict(standing.kind, "unknown", Reason.of("left", ends=ends), standing, speaks_until=until)
    if standing.kind != "signatory" and ends is None and (until is None or on > until):
        return Verdict(standing.kind, "unknown", _beyond(standing, until), standing, speaks_until=until)
    return Verdict(standing.kind, "yes", Reason.of("since", begins=begins), standing, speaks_until=until)


def _not_known_when(standing: Standing) -> Reason:
    if standing.rule == "standing.succeeded":
        return Reason.of("succeeded", begins=standing.begins)
    if standing.rule == "standing.waiting-not-read" or (standing.begins.latest is None and standing.acts):
        return Reason.of("waiting-not-read", begins=standing.begins)
    return Reason.of("day-not-known", begins=standing.begins)


def _beyond(standing: Standing, until: date | None) -> Reason:
    if until is None:
        return Reason.of(f"undated-{standing.kind}", begins=standing.begins)
    return Reason.of(f"beyond-{standing.kind}", until=until)


# Without one


def _without(record: Record, own: list[Standing], treaty: str, country: str, kind: Kind, on: date) -> Verdict:
    left = [each for each in own if each.ends and each.ends.latest and each.ends.latest <= on]
    if left:
        return _after_leaving(record, own, left[-1], on)
    rows = record.coverage_of(treaty)
    for row in rows:
        if row.reaches(country, kind) and row.begins and row.ends and row.begins <= on <= row.ends:
            return Verdict(kind, "no", _complete(row.ends, own), coverage=row, speaks_until=row.ends)
    return Verdict(kind, "unknown", _why(rows, country, kind, on))


def _after_leaving(record: Record, own: list[Standing], left: Standing, on: date) -> Verdict:
    """After a denunciation: "no" until it came back, or until the sources end."""
    until, ends = speaks_until(record, left), left.ends or UNKNOWN
    back = any(each.begins.earliest and each.begins.earliest > on for each in own)
    if back or (until is not None and on <= until):
        return Verdict(left.kind, "no", Reason.of("left", ends=ends), left, speaks_until=until)
    return Verdict(left.kind, "unknown", Reason.of("left-for-good", ends=ends), left)


def _too_early(record: Record, treaty: str, kind: Kind, on: date) -> Reason | None:
    known = record.treaties[treaty]
    if known.adopted and on < known.adopted:
        return Reason.of("not-adopted", day=known.adopted)
    if kind == "party" and known.in_force and on < known.in_force:
        return Reason.of("not-in-force", day=known.in_force)
    return None


def _complete(ends: date, own: list[Standing]) -> Reason:
    if own:
        return Reason.of("no-act-yet", ends=ends, begins=own[0].begins)
    return Reason.of("no-act", ends=ends)


def _why(rows: tuple[Coverage, ...], country: str, kind: Kind, on: date) -> Reason:
    """Why nothing follows from the absence of an act."""
    reaching = [row for row in rows if row.reaches(country, kind)]
    if not rows:
        return Reason.of("no-source")
    if not reaching:
        what = "signatures" if kind == "signatory" else "consent"
        return Reason.of(f"no-source-{what}", note=rows[0].note)
    ends = max((row.ends for row in reaching if row.ends), default=None)
    if ends and on > ends:
        return Reason.of("sources-end", ends=ends)
    return Reason.of("no-source-day", note=reaching[0].note)

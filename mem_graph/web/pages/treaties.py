"""Treaty look-ups as pages: the form, the matrix of states and treaties, a treaty, a state under every treaty.

Beside each other and never mixed: what the report says, with its sentence; what the record says, with its sources; how
the two stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from operator import attrgetter

from flask import Response, request

from mem_graph.errors import UnknownTerm
from mem_graph.query import treaty_forms
from mem_graph.query.asking import Row
from mem_graph.query.treaties import MID_2014, TreatyAnswer, TreatyLookup, day
from mem_graph.treaties.status import Status, sources_of, status
from mem_graph.web import api
from mem_graph.web.framing import Head
from mem_graph.web.framing import page as framed
from mem_graph.web.pages.portions import portion
from mem_graph.web.pages.shared import grouped
from mem_graph.web.views import View, say
from mem_graph.wording import Wording

ALL = "all"
"""The region of a matrix that has the states of every region."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """States by treaties on a day: what each was, of the states of a region and of all treaties or one."""

    regions: Sequence[str]
    region: str
    states: Sequence[str]
    only: str
    treaties: Sequence[str]
    standings: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in which a report speaks of an instrument: how it does, and which articles it cites."""

    country: str
    passage: str
    quote: str
    rows: Sequence[Row]


def lookups(view: View, iri: str) -> Response:
    """All treaties: the form to look one up, its answer, and the matrix of the states of a region."""
    known, on = api.lookup(), _day()
    country, treaty = request.args.get("country", ""), request.args.get("treaty", "")
    answer = known.ask(known.country(country), known.treaty(treaty), on) if country and treaty else None
    return framed(
        "treaties.html",
        Head(str(say("nav.treaties")), iri),
        known=known,
        on=on,
        country=answer.status.country if answer else country,
        treaty=answer.status.treaty if answer else treaty,
        answer=answer,
        said=_of_answer(view, known, answer) if answer else [],
        sources_of=sources_of,
        place=treaty_forms.place,
        why=treaty_forms.why,
        matrix=_matrix(view, known, on),
    )


def _of_answer(view: View, known: TreatyLookup, answer: TreatyAnswer) -> list[Said]:
    """What reports of the state say of the treaty, with the sentences."""
    rows = view.asking.rows("treaty-references", this=known.instruments[answer.status.treaty].iri)
    return said(row for row in rows if row["country"] == view.iris.country(answer.status.country))


def said(rows: Iterable[Row]) -> list[Said]:
    """References as sentences: one that refers in several ways is one sentence."""
    passages = grouped(rows, "passage")
    return [Said(own[0]["country"], passage, own[0]["quote"], own) for passage, own in passages.items()]


def _matrix(view: View, known: TreatyLookup, on: date) -> Matrix:
    """The matrix that is asked for; raises UnknownTerm for a region or treaty that is not known."""
    regions = grouped(view.asking.rows("regions"), "region")
    region, only = _region(view, regions), request.args.get("only", "")
    rows = [row for each in (regions if region == ALL else [region]) for row in regions.get(each, [])]
    states = sorted((row["code"] for row in rows), key=lambda code: view.name(view.iris.country(code)))
    key = known.treaty(only) if only else ""
    treaties = [key] if key else list(known.record.treaties)
    standings = {(code, of): standing(status(known.record, of, code, on)) for code in states for of in treaties}
    return Matrix(sorted(regions, key=view.name), region, states, key, treaties, standings)


def _region(view: View, regions: Mapping[str, Sequence[Row]]) -> str:
    """The region asked for, else that of the first report that is loaded, else the first one."""
    if given := request.args.get("region", "")[:200]:
        chosen = ALL if given == ALL else view.whole(given)
        if chosen not in (ALL, *regions):
            near = get_close_matches(chosen, regions)
            raise UnknownTerm(word=given, scheme=Wording("scheme.regions"), near=tuple(near))
        return chosen
    reported = {row["country"] for row in view.site.reports}
    own = (region for region, rows in regions.items() if reported & {row["country"] for row in rows})
    return next(own, next(iter(regions), ""))


def treaty(view: View, iri: str) -> Response:
    """A treaty or standard: names, dates, what reports say of it, its states on a day, acts in their order."""
    known, on = api.lookup(), _day()
    key = iri.rpartition("/")[2]
    instrument, record = known.instruments[key], known.record
    states = sorted(record.countries, key=lambda code: view.name(view.iris.country(code)))
    return framed(
        "treaty.html",
        Head(instrument.short or instrument.title, iri, instrument.title),
        known=known,
        on=on,
        key=key,
        instrument=instrument,
        found=[status(record, key, code, on) for code in states] if key in record.treaties else [],
        clauses=record.clauses.get(key),
        coverage=record.coverage_of(key),
        reservations=[each for code in states for each in record.statements_of(key, code)],
        said=portion(view, iri, said(view.asking.rows("treaty-references", this=iri)), attrgetter("country")),
        acts=view.asking.rows("treaty-acts", this=iri),
        standing=standing,
        sources_of=sources_of,
        path=view.path(iri),
    )


def of_country(view: View, iri: str) -> Response:
    """A state under every treaty on a day."""
    known, on = api.lookup(), _day()
    code = iri.rpartition("/")[2]
    return framed(
        "country_treaties.html",
        Head(str(say("treaties.of", country=view.name(iri))), iri),
        known=known,
        on=on,
        code=code,
        answers=[known.ask(code, key, on) for key in known.record.treaties],
        references=grouped(view.asking.rows("country-references", this=iri), "instrument"),
        acts=view.asking.rows("country-acts", this=iri),
        standing=standing,
        sources_of=sources_of,
        path=view.path(iri),
    )


def standing(found: Status) -> str:
    """What a state was, as a key of the words: the highest standing that it certainly had, or that it was not bound."""
    bound = found.bound
    if bound.value == "yes":
        return bound.kind
    return "not" if found.contracting.value == found.party.value == "no" else "unknown"


def _day() -> date:
    """The day asked about; raises BadRequest for what is no date."""
    given = request.args.get("on", "")
    return day(given) if given else MID_2014

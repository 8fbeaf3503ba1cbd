"""Treaty look-ups as pages: the form, the matrix of states and treaties, a treaty, a state under every treaty.

Beside each other and never mixed: what the report says, with its sentence; what the record says, with its sources; how
the two stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Response, request

from mem_graph.query.treaties import MID_2014, TreatyAnswer, TreatyLookup, day
from mem_graph.query.treaty_forms import CONFIRMED, SOURCE_KINDS
from mem_graph.treaties.status import sources_of
from mem_graph.web import api
from mem_graph.web.pages.shared import grouped
from mem_graph.web.views import Head, View, say
from mem_graph.web.views import page as framed


def lookups(view: View, iri: str) -> Response:
    """All treaties: the form to look one up, its answer, and the matrix of the states of a region."""
    known, on = api.lookup(), _day()
    country, treaty = request.args.get("country", ""), request.args.get("treaty", "")
    answer = known.ask(known.country(country), known.treaty(treaty), on) if country and treaty else None
    said = _said(view, known, answer) if answer else []
    regions = grouped(view.asking.rows("regions"), "region")
    chosen = view.whole(request.args.get("region", "")) if request.args.get("region") else _region(view, regions)
    states = sorted((row["code"] for row in regions.get(chosen, [])), key=lambda code: known.record.countries[code])
    return framed(
        "treaties.html",
        Head(str(say("nav.treaties")), iri),
        known=known,
        on=on,
        country=country,
        treaty=treaty,
        answer=answer,
        said=said,
        sources_of=sources_of,
        regions=sorted(regions, key=view.name),
        region=chosen,
        states=states,
        matrix={(code, key): known.ask(code, key, on) for code in states for key in known.record.treaties},
        standing=standing,
        source_kinds=SOURCE_KINDS,
        confirmed=CONFIRMED,
    )


def _said(view: View, known: TreatyLookup, answer: TreatyAnswer) -> list[Mapping[str, str]]:
    """What reports of the state say of the treaty, with the sentences."""
    rows = view.asking.rows("treaty-references", this=known.instruments[answer.status.treaty].iri)
    return [row for row in rows if row["country"] == view.iris.country(answer.status.country)]


def _region(view: View, regions: Mapping[str, list[Mapping[str, str]]]) -> str:
    """The region of the first report that is loaded, else the first one."""
    reported = {row["country"] for row in view.site.reports}
    own = (region for region, rows in regions.items() if reported & {row["country"] for row in rows})
    return next(own, next(iter(regions), ""))


def treaty(view: View, iri: str) -> Response:
    """A treaty or standard: names, dates, what reports say of it, its states on a day, acts in their order."""
    known, on = api.lookup(), _day()
    key = iri.rpartition("/")[2]
    instrument, record = known.instruments[key], known.record
    answers = [known.ask(code, key, on) for code in record.countries] if key in record.treaties else []
    return framed(
        "treaty.html",
        Head(instrument.short or instrument.title, iri, instrument.title),
        known=known,
        on=on,
        key=key,
        instrument=instrument,
        answers=sorted(answers, key=lambda each: record.countries[each.status.country]),
        clauses=record.clauses.get(key),
        coverage=record.coverage_of(key),
        reservations=[each for code in record.countries for each in record.statements_of(key, code)],
        references=view.asking.rows("treaty-references", this=iri),
        acts=view.asking.rows("treaty-acts", this=iri),
        standing=standing,
        sources_of=sources_of,
        source_kinds=SOURCE_KINDS,
        confirmed=CONFIRMED,
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
        source_kinds=SOURCE_KINDS,
        path=view.path(iri),
    )


def standing(answer: TreatyAnswer) -> str:
    """What a state was, as a key of the words: the highest standing that it certainly had, or that it was not bound."""
    bound = answer.status.bound
    if bound.value == "yes":
        return bound.kind
    return "not" if answer.status.contracting.value == answer.status.party.value == "no" else "unknown"


def _day() -> date:
    """The day asked about; raises BadRequest for what is no date."""
    given = request.args.get("on", "")
    return day(given) if given else MID_2014

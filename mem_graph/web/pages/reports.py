"""Pages of what reports say: a report at a glance, one assessment, a recommendation across countries, a topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from flask import Response

from mem_graph.query import reports
from mem_graph.query.asking import Row
from mem_graph.query.reports import Sentence
from mem_graph.web.framing import Head
from mem_graph.web.framing import page as framed
from mem_graph.web.pages.portions import portion
from mem_graph.web.views import View, say

SHOWN: Mapping[str, int] = {"lacking": 6, "figures": 12, "institutions": 60, "things": 20, "audit": 5}
"""What the page of a report shows of each chapter, data set, list and audit; it says how many more there are."""


def report(view: View, iri: str) -> Response:
    """A report: its ratings, what it credits and finds missing, how it stands against itself, how it was read."""
    asking = view.asking
    facts = _values(asking.rows("report-facts", this=iri))
    areas = reports.cells(asking.rows("report-cells", this=iri))
    findings = asking.rows("report-findings", this=iri)
    said = _by_number(findings)
    treaties = asking.rows("report-treaties", this=iri)
    institutions = asking.rows("report-institutions", this=iri)
    return framed(
        "report.html",
        Head(view.name(iri), iri, str(say("report.description")), "Dataset"),
        facts=facts,
        areas=areas,
        tally=reports.tally(cell for own in areas.values() for cell in own),
        total=sum(map(len, areas.values())),
        said=said,
        criteria=_by_outcome(asking.rows("report-criteria", this=iri)),
        counts=Counter(row["polarity"].rpartition("#")[2] for row in findings),
        audit=_audits(asking.rows("report-audit", this=iri)),
        figures=reports.figures(asking.rows("report-figures", this=iri)),
        institutions=_institutions(view, institutions),
        unshown=max(len(institutions) - SHOWN["institutions"], 0),
        most=SHOWN,
        treaties=_grouped(treaties, "instrument"),
        things=_grouped(asking.rows("report-things", this=iri), "class"),
        reading=asking.rows("report-reading", this=iri),
        coverage=next(iter(asking.rows("report-coverage", this=iri)), {}),
        editions=asking.rows("report-editions", this=iri),
        path=view.path(iri),
    )


def assessment(view: View, iri: str) -> Response:
    """What one report says under one recommendation, and where exactly."""
    asking = view.asking
    fact = next(iter(asking.rows("assessment", this=iri)), None)
    rows = asking.rows("assessment-findings", this=iri)
    topics = list(dict.fromkeys(row["topic"] for row in rows if row["topic"]))
    return framed(
        "assessment.html",
        Head(view.name(iri), iri, fact["wording"] if fact else ""),
        fact=fact or {},
        said=reports.sentences(rows),
        criteria=reports.judged(asking.rows("assessment-criteria", this=iri)),
        topics=topics,
        conclusions=reports.sentences(asking.rows("assessment-conclusions", this=iri)),
        figures=reports.figures(asking.rows("assessment-figures", this=iri)),
        things=_things(asking.rows("assessment-things", this=iri)),
        path=view.path(iri),
    )


def recommendation(view: View, iri: str) -> Response:
    """A recommendation: its words, how each report rates it, and what each says."""
    asking = view.asking
    fact = next(iter(asking.rows("recommendation", this=iri)), {})
    countries = asking.rows("recommendation-countries", this=iri)
    said = reports.sentences(asking.rows("recommendation-findings", this=iri))
    return framed(
        "recommendation.html",
        Head(view.name(iri), iri, fact["wording"] if fact else ""),
        fact=fact,
        countries=countries,
        said=portion(view, iri, said, attrgetter("country")),
        evaluated=next((row["evaluated"] for row in view.site.reports if row["round"] == fact.get("round")), ""),
        path=view.path(iri),
    )


def topic(view: View, iri: str) -> Response:
    """A topic: what each report says of it, in the chapters and in the conclusions."""
    asking = view.asking
    facts: dict[str, list[str]] = {}
    for row in asking.told("topic", "definition", view.language, this=iri):
        for name, value in row.items():
            facts.setdefault(name, []).append(value)
    said = reports.sentences(asking.rows("topic-statements", this=iri))
    return framed(
        "topic.html",
        Head(view.name(iri), iri, next(iter(facts.get("definition", [])), "")),
        facts=facts,
        said=portion(view, iri, said, attrgetter("country")),
        path=view.path(iri),
    )


def criterion(view: View, iri: str) -> Response:
    """A criterion of a recommendation: what it asks, and the findings that are coded to it, by outcome."""
    asking = view.asking
    fact = next(iter(asking.told("criterion", "definition", view.language, this=iri)), {})
    coded = _grouped(asking.rows("criterion-findings", this=iri), "outcome")
    said = {outcome: reports.sentences(rows) for outcome, rows in coded.items()}
    shown = portion(view, iri, [each for own in said.values() for each in own], attrgetter("country"))
    return framed(
        "criterion.html",
        Head(view.name(iri), iri, fact.get("definition", "")),
        fact=fact,
        said={outcome: [each for each in own if each.country in shown.shown] for outcome, own in said.items()},
        counts={outcome: len(own) for outcome, own in said.items()},
        portion=shown,
        path=view.path(iri),
    )


def _by_number(rows: Iterable[Row]) -> Mapping[int, list[Sentence]]:
    own: dict[int, list[Row]] = {}
    for row in rows:
        own.setdefault(int(row["number"]), []).append(row)
    return {number: reports.sentences(each) for number, each in own.items()}


def _by_outcome(rows: Iterable[Row]) -> Mapping[int, Mapping[str, Sequence[str]]]:
    """Criteria by the number of their recommendation and by what its chapter says of them."""
    found: dict[int, dict[str, list[str]]] = {}
    for each in reports.judged(rows):
        found.setdefault(each.number, {}).setdefault(each.outcome, []).append(each.criterion)
    return found


def _values(rows: Iterable[Row]) -> Mapping[str, list[str]]:
    """Values by the local names of their properties."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["property"].replace("#", "/").rpartition("/")[2], []).append(row["value"])
    return found


def _grouped(rows: Iterable[Row], name: str) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


def _audits(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    """Results by audit, those that are more than a remark first."""
    return dict(sorted(_grouped(rows, "audit").items(), key=lambda each: each[1][0]["severity"].endswith("#Info")))


def _institutions(view: View, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Institutions by their names; of many those that are named most often."""
    often = sorted(rows, key=lambda row: -int(row["mentions"]))[: SHOWN["institutions"]]
    made = [
        {**row, "name": view.name(row["institution"]), "acts": sorted(map(int, row["numbers"].split()))}
        for row in often
    ]
    return sorted(made, key=lambda each: str(each["name"]))


def _things(rows: Iterable[Row]) -> Mapping[str, Mapping[str, list[str]]]:
    """What is named, by property, each with the passages that name it."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        found.setdefault(row["property"], {}).setdefault(row["thing"], []).append(row["passage"])
    return found

"""Pages of what reports share: countries, institutions, areas, ratings, data sets, glossaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter, itemgetter

from flask import Response

from mem_graph.query import reports
from mem_graph.query.asking import Row, Term, in_language
from mem_graph.web.framing import Head
from mem_graph.web.framing import page as framed
from mem_graph.web.pages import drawing
from mem_graph.web.pages.portions import portion
from mem_graph.web.views import View, say


def country(view: View, iri: str) -> Response:
    """A country: its reports with their ratings, what they find missing, its institutions."""
    asking = view.asking
    own = [row for row in view.site.reports if row["country"] == iri]
    cells = {row["report"]: reports.cells(asking.rows("report-cells", this=row["report"])) for row in own}
    institutions = [row["institution"] for row in asking.rows("country-institutions", this=iri)]
    said = asking.terms("country", this=iri)
    return framed(
        "country.html",
        Head(view.name(iri), iri),
        facts=values({name: term.value for name, term in row.items()} for row in said),
        notes=in_language((row["value"] for row in said if row["property"].value.endswith("#note")), view.language),
        own=own,
        cells=cells,
        gaps=reports.sentences(asking.rows("country-gaps", this=iri)) if own else [],
        references=grouped(asking.rows("country-references", this=iri), "relation") if own else {},
        institutions=sorted(institutions, key=view.name),
        path=view.path(iri),
    )


def institution(view: View, iri: str) -> Response:
    """An institution: what it does by the reports, where they name it, and its place in the hierarchy."""
    asking = view.asking
    steps = asking.rows("institution-place", this=iri)
    known = asking.terms("institution", this=iri)
    others = [row["value"] for row in known if row["property"].value.endswith("Label")]
    names = {node: view.name(node) for row in steps for node in (row["part"], row["whole"])}
    does = reports.sentences(asking.rows("institution-does", this=iri))
    return framed(
        "institution.html",
        Head(view.name(iri), iri),
        facts=values({name: term.value for name, term in row.items()} for row in known),
        names=_apart(others, view.name(iri)),
        does=does,
        doing=portion(view, iri, does, attrgetter("country")),
        mentions=asking.rows("institution-mentions", this=iri),
        tree=drawing.tree([(row["part"], row["whole"]) for row in steps], names),
        steps=_steps(steps),
        path=view.path(iri),
    )


def _apart(names: Iterable[Term], shown: str) -> list[Term]:
    """Names beside the one that is shown: each once, the fullest first."""
    by_words = {term.value: term for term in names if term.value != shown}
    return sorted(by_words.values(), key=lambda term: (-len(term.value), term.value))


def _steps(rows: Iterable[Row]) -> Mapping[tuple[str, str], list[Row]]:
    """Each part with its whole, and the sentences that say so."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["passage"]:
            found.setdefault((row["part"], row["whole"]), []).append(row)
    return found


def area(view: View, iri: str) -> Response:
    """A thematic area: its recommendations, and how each report rates them."""
    rows = view.asking.rows("area", this=iri)
    rated = [row for row in rows if row["assessment"]]
    countries = sorted({row["country"] for row in rated}, key=view.name)
    return framed(
        "area.html",
        Head(view.name(iri), iri),
        recommendations=grouped(rows, "recommendation"),
        countries=countries,
        given={(row["recommendation"], row["country"]): row for row in rated},
        path=view.path(iri),
    )


def rating(view: View, iri: str) -> Response:
    """A rating: to what it was given."""
    rows = view.asking.rows("rating", this=iri)
    known = view.asking.terms("thing", this=iri)
    notes = values({name: term.value for name, term in row.items()} for row in known)
    defined = in_language(
        (row["value"] for row in known if row["property"].value.endswith("definition")), view.language
    )
    total = sum(1 for row in view.site.reports for _ in _assessments(view, row["report"]))
    return framed(
        "rating.html",
        Head(view.name(iri), iri, next((term.value for term in defined), "")),
        defined=defined,
        notes=notes,
        given=portion(view, iri, rows, itemgetter("country")),
        count=len(rows),
        total=total,
        path=view.path(iri),
    )


def _assessments(view: View, report: str) -> list[str]:
    key = report.rpartition("/")[2]
    return view.site.names.below(f"{view.places.base}id/assessment/{key}/")


def dataset(view: View, iri: str) -> Response:
    """A data set: the figures of each country as charts and as a table, each with its unit and its sentence."""
    given = portion(view, iri, view.asking.rows("dataset", this=iri), itemgetter("country"))
    return framed(
        "dataset.html",
        Head(view.name(iri), iri),
        given=given,
        charts={country: _charts(rows) for country, rows in given.shown.items()},
        figures={country: reports.figures(rows) for country, rows in given.shown.items()},
        path=view.path(iri),
    )


def _charts(rows: Iterable[Row]) -> list[tuple[str, str, str, Sequence[drawing.Bar]]]:
    """A chart for each subject and method: with its unit, a bar for each figure by its year."""
    series: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        series.setdefault((row["subject"], row["method"]), []).append(row)
    return [
        (*about, own[0]["unit"], drawing.bars([(row["year"][:4], float(row["value"])) for row in own]))
        for about, own in series.items()
    ]


def glossary(view: View, iri: str) -> Response:
    """The glossary of an edition: each term with its definition as printed, and where the report uses it."""
    rows = view.asking.rows("glossary", this=iri)
    head = Head(f"{say('kind.glossary')}: {view.glossary(iri)}", iri)
    return framed("glossary.html", head, terms=grouped(rows, "term"), path=view.path(iri))


FACTS = ("altLabel", "kind", "maker", "owner", "year", "month", "fromYear", "toYear", "number", "inScheme", "note")
"""What the page of a study, plan, place or term shows of it, by the local names of the properties."""


def named(view: View, iri: str) -> Response:
    """A study, plan, place or term of a glossary: what it is, and every sentence that speaks of it."""
    known: dict[str, list[Term]] = {}
    for row in view.asking.terms("thing", this=iri):
        known.setdefault(row["property"].value.replace("#", "/").rpartition("/")[2], []).append(row["value"])
    said = reports.sentences(view.asking.rows("named-in", this=iri))
    return framed(
        "named.html",
        Head(view.name(iri), iri),
        kind=view.minted(iri).kind.rpartition(" ")[2],
        countries=sorted({each.country for each in said}, key=view.name),
        definitions=in_language(known.get("definition", []), view.language),
        facts=[(name, known[name]) for name in FACTS if name in known],
        said=portion(view, iri, said, attrgetter("country")),
        path=view.path(iri),
    )


def values(rows: Iterable[Row]) -> Mapping[str, list[str]]:
    """Values by the local names of their properties."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["property"].replace("#", "/").rpartition("/")[2], []).append(row["value"])
    return found


def grouped(rows: Iterable[Row], name: str) -> Mapping[str, list[Row]]:
    """Rows by one of their columns, in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found

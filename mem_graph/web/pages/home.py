"""The home page: what this is, what is loaded and what is not, and the questions people ask, as links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask import Response

from mem_graph import resources
from mem_graph.query import lookups, reports
from mem_graph.query.asking import Row
from mem_graph.web.framing import Head
from mem_graph.web.framing import page as framed
from mem_graph.web.views import View, say


def page(view: View) -> Response:
    """The home page."""
    loaded = view.site.reports
    rounds = dict.fromkeys(row["round"] for row in loaded)
    missing = [
        row["country"] for each in rounds for row in view.asking.rows("evaluated", this=each) if not row["report"]
    ]
    alone = [row["report"] for row in loaded] if len(loaded) == 1 else []
    head = Head(str(say("home.title")), f"{view.places.base}id/release", str(say("home.lead")), "Dataset")
    return framed(
        "home.html",
        head,
        graphs=view.held.own.graphs(),
        loaded_reports=loaded,
        missing=sorted(missing, key=view.name),
        cells={each: reports.cells(view.asking.rows("report-cells", this=each)) for each in alone},
        tallies={} if alone else _tallies(view.asking.rows("loaded-ratings")),
        groups=_groups(view, view.asking.rows("topics")),
        questions=lookups.questions(resources.queries()),
    )


def _tallies(rows: Iterable[Row]) -> Mapping[str, Sequence[tuple[str, str, int]]]:
    """How often each report gives each rating: rating, rank, count; the highest first, *Not applicable* last."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for row in rows:
        found.setdefault(row["report"], []).append((row["rating"], row["rank"], int(row["count"])))
    return {report: sorted(own, key=lambda each: -int(each[1] or -1)) for report, own in found.items()}


def _groups(view: View, rows: Sequence[Row]) -> Mapping[str, Sequence[Row]]:
    """Topics by their group, each in the order of its name."""
    found: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (view.name(row["group"]), view.name(row["topic"]))):
        found.setdefault(row["group"], []).append(row)
    return found

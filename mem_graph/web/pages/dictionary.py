"""``/dictionary``: what the columns of tables mean, and how many things there are of each class."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import Response

from mem_graph import resources
from mem_graph.iris import ONTOLOGY
from mem_graph.web.framing import Head, finished
from mem_graph.web.framing import page as framed
from mem_graph.web.views import View, say

CSV = "text/csv"


def table() -> Path:
    """The meanings of columns: one name means one thing in all prepared questions and in all tables of pages."""
    return resources.queries() / "columns.csv"


@cache
def columns(language: str) -> Mapping[str, str]:
    """What each column means, in a language, by its name."""
    with table().open(encoding="utf-8", newline="") as lines:
        return {row["column"]: row[language] for row in csv.DictReader(lines)}


def page(view: View) -> Response:
    """The dictionary as a page."""
    terms = view.asking.told("ontology-terms", "definition", view.language, this=ONTOLOGY)
    definitions = {row["term"]: row for row in terms}
    classes = sorted(view.asking.rows("used-classes"), key=lambda row: view.name(row["class"]).casefold())
    return framed(
        "dictionary.html",
        Head(str(say("dictionary.title")), description=str(say("dictionary.lead"))),
        columns=columns(view.language),
        classes=[row for row in classes if row["class"] in definitions],
        definitions=definitions,
    )


def as_csv() -> Response:
    """The meanings of columns as they are kept: column, English, Spanish."""
    View.now()
    return finished(Response(table().read_bytes(), content_type=f"{CSV}; charset=utf-8"), CSV)

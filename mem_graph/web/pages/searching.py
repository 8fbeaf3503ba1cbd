"""``/search``: a page, or JSON: what was found, the best first, its words marked, with facets to narrow it by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, request

from mem_graph.engine.media_types import HTML, Format
from mem_graph.query.folding import spans
from mem_graph.query.search import FACETS, Entry, Found
from mem_graph.web.framing import Head, finished
from mem_graph.web.framing import page as framed
from mem_graph.web.pages.things import page_number
from mem_graph.web.views import View, say

JSON = Format("json", "application/json", (), (), "https://www.rfc-editor.org/rfc/rfc8259")
FORMATS = (JSON, HTML)
SIZE = 20
"""Entries on a page."""

VALUES = 8
"""Values of a facet that are shown at once; the others stand behind a word."""

NAMES = 2
"""Other names of a thing that are shown, where they have the words."""


def answer(view: View, chosen: Format) -> Response:
    """The answer to a search in a format; raises BadRequest for a page that is no number."""
    question = request.args.get("q", "")[:300]
    narrowed = {name: view.whole(value) for name in FACETS if (value := request.args.get(name, "")[:200])}
    number = page_number()
    found = view.site.index.find(question, narrowed, number, SIZE)
    if chosen is JSON:
        body = json.dumps(_document(view, question, found, number), ensure_ascii=False, indent=1) + "\n"
        return finished(Response(body, content_type=JSON.content_type), JSON.media_type)
    plain = {"q": question, **{name: view.path(value) for name, value in narrowed.items()}}
    head = Head(str(say("search.title", question=question)) if question else str(say("search.empty_title")))
    return framed(
        "search.html",
        head,
        found=found,
        question=question,
        sought=question,
        chosen=narrowed,
        most=VALUES,
        plain=plain,
        facets={name: _narrower(view, name, found, plain) for name in FACETS},
        number_of_page=number,
        pages=-(-found.total // SIZE),
        hits=[_hit(view, each, found) for each in found.entries],
    )


def _narrower(view: View, facet: str, found: Found, plain: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """The values of a facet by name, each with the link that narrows to it, if it is not chosen, and its count."""
    links = {value: view.places.page("search", **{**plain, facet: view.path(value)}) for value in found.facets[facet]}
    return [(view.name(value), "" if facet in plain else links[value], n) for value, n in found.facets[facet].items()]


def _hit(view: View, entry: Entry, found: Found) -> Mapping[str, Any]:
    """An entry as the page shows it: its name or its sentence, what else has the words, and where it leads."""

    def marked(text: str) -> Any:
        return view.marked(text, spans(text, found.words))

    named = [each for each in entry.aliases if spans(each, found.words)][:NAMES]
    return {
        "entry": entry,
        "name": marked(view.name(entry.iri)) if entry.title else "",
        "text": marked(_text(view, entry)),
        "tongue": _tongue(view, entry),
        "aliases": [marked(each) for each in named],
        "about": [(view.link(each), marked(view.name(each))) for each in entry.about],
        "kind": view.name(entry.first("kind")),
    }


def _tongue(view: View, entry: Entry) -> str:
    """The language of the text that is shown of an entry: of a report's text that of the edition."""
    if entry.passage:
        return view.spoken(entry.passage)
    return "es" if _text(view, entry) == entry.spanish else "en"


def _text(view: View, entry: Entry) -> str:
    """The sentence as printed, or the definition in the language of the reader, where there is one in it."""
    return entry.spanish if view.language == "es" and entry.spanish else entry.text


def _document(view: View, question: str, found: Found, number: int) -> Mapping[str, Any]:
    return {
        "release": view.held.digest,
        "question": question,
        "words": found.words,
        "corrected": found.corrected,
        "read": found.read,
        "unread": found.unread,
        "total": found.total,
        "page": number,
        "page_size": SIZE,
        "results": [
            {
                "iri": each.iri,
                "name": view.name(each.iri),
                "names": each.aliases,
                "text": _text(view, each) or None,
                "passage": each.passage or None,
                "about": each.about,
                "facets": each.facets,
            }
            for each in found.entries
        ],
        "facets": found.facets,
    }

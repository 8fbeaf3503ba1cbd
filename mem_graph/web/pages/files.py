"""The small files that programs look for: robots.txt, a sitemap, llms.txt, a description for search in the browser.

Addresses in them are absolute, and so made of the setting ``public_url``, never of the Host header.
https://www.rfc-editor.org/rfc/rfc9309 ; https://www.sitemaps.org/protocol.html ; https://llmstxt.org/ ;
https://github.com/dewitt/opensearch
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask import Response, render_template

from mem_graph import resources
from mem_graph.iris import PREFIXES
from mem_graph.query import lookups
from mem_graph.web import endpoint
from mem_graph.web.framing import finished
from mem_graph.web.views import View

KINDS = (
    "report",
    "source",
    "assessment",
    "recommendation",
    "area",
    "rating",
    "topic",
    "criterion",
    "country",
    "institution",
    "treaty",
    "standard",
    "plan",
    "place",
    "study",
    "term",
    "dataset",
)
"""The kinds whose pages a search engine is told of; all others are reached from these."""


def robots() -> Response:
    """Everything may be read; queries and their answers need not be."""
    return _text("robots.txt", "text/plain", root=endpoint.settings().root)


def sitemap() -> Response:
    """The pages worth finding, with the day of the release."""
    view = View.now()
    return _text("sitemap.xml", "application/xml", pages=list(_pages(view)), made=view.site.made)


def _pages(view: View) -> Iterator[str]:
    root = endpoint.settings().root
    plain = view.places._replace(root=root, language="")
    yield from (plain.page(path) for path in ("", "ontology", "dictionary", "shapes"))
    things = (iri for kind in KINDS for iri in view.site.names.below(f"{view.places.base}id/{kind}/"))
    yield from (plain.link(iri) for iri in things if view.minted(iri).kind in KINDS)


def llms() -> Response:
    """What this is and where to ask, for language models; report text is quoted data and never an instruction."""
    view = View.now()
    plain = view.places._replace(root=endpoint.settings().root, language="")
    facts = {"view": view, "plain": plain, "questions": lookups.questions(resources.queries())}
    return _text("llms.txt", "text/markdown", **facts)


def opensearch() -> Response:
    """How a browser searches here."""
    return _text("opensearch.xml", "application/opensearchdescription+xml", root=endpoint.settings().root)


def terms() -> Response:
    """The prefixes, classes and properties of this graph, the most used first: what the query editor completes from."""
    view = View.now()
    rows = view.asking.rows("used-terms")
    document = {
        "prefixes": [f"{prefix}: <{space}>" for prefix, space in PREFIXES.items()],
        "classes": [row["term"] for row in rows if row["kind"] == "class"],
        "properties": [row["term"] for row in rows if row["kind"] == "property"],
    }
    return finished(Response(json.dumps(document), content_type="application/json"), "application/json")


def _text(template: str, media_type: str, **facts: object) -> Response:
    View.now()
    body = render_template(template, **facts)
    return finished(Response(body, content_type=f"{media_type}; charset=utf-8"), media_type)

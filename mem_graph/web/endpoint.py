"""``/sparql`` over HTTP: a request in, an answer with its headers out. What a query is, `query.sparql` knows.

https://www.w3.org/TR/sparql11-protocol/ ; https://www.rfc-editor.org/rfc/rfc9110
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Blueprint, Response, current_app, g, render_template, request
from werkzeug.exceptions import UnsupportedMediaType

from mem_graph import resources
from mem_graph.engine import media_types
from mem_graph.engine.media_types import CSV, HTML, JSON, TURTLE, Format
from mem_graph.errors import TooLarge
from mem_graph.iris import curie
from mem_graph.outcomes import SparqlRequest
from mem_graph.query import lookups, sparql
from mem_graph.query.current import Current
from mem_graph.query.serving import Serving
from mem_graph.settings import Settings
from mem_graph.web import explaining, headers
from mem_graph.web.addresses import Places
from mem_graph.web.front import QUERY
from mem_graph.web.headers import NEGOTIATED, NOBODY, PUBLIC, SPOKEN
from mem_graph.web.queries import FAULT
from mem_graph.web.words import preferred, words
from mem_graph.wording import LANGUAGES

EXPLANATION = Format(
    "json", "application/json", (*JSON.types, *media_types.JSON_LD.types), (), "https://www.rfc-editor.org/rfc/rfc8259"
)
EXPLANATIONS = (EXPLANATION, media_types.TEXT, HTML)
"""What an explanation is written in."""

ALLOW = "GET, HEAD, OPTIONS, POST"
VIEWS: Mapping[str, Format] = {"table": JSON, "csv": CSV, "json": JSON}
"""How a page shows rows, and what it reads them from."""

LONGEST = 1_000_000
"""Characters of an answer that a page shows as text."""

SHOWN = 1000
"""Rows of a result that a page shows."""

NUMBERS = tuple(f"xsd:{name}" for name in ("integer", "decimal", "double", "float", "nonNegativeInteger"))
"""Datatypes whose values stand below one another as numbers do."""

blueprint = Blueprint("endpoint", __name__)


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.extensions["mem_graph.settings"]
    return found


def serving() -> Serving:
    """What holds the release of this application."""
    found: Serving = current_app.extensions["mem_graph.serving"]
    return found


def current(digest: str | None = None) -> Current:
    """The release that this request is answered from, held until it ends; the same one however often it is asked for.

    In: the digest of a kept one, or None for the one that is current.
    """
    if "current" not in g:
        g.holding = ExitStack()
        g.current = g.holding.enter_context(serving().lease(digest))
    held: Current = g.current
    return held


def let_go(_: BaseException | None = None) -> None:
    """Give back the release that the request has held."""
    if holding := g.pop("holding", None):
        g.pop("current", None)
        holding.close()


def language() -> str:
    """The language of this request: that of the parameter ``lang``, else the one that the client prefers."""
    chosen = request.args.get("lang", "")
    return chosen if chosen in LANGUAGES else preferred(request.headers.get("Accept-Language", ""))


def root() -> str:
    """The path that all links begin with: that of ``public_url``, else what the server before us has cut off."""
    public = settings().public_url
    return urlsplit(public).path if public else f"{request.script_root}/"


METHODS = ["GET", "HEAD", "POST", "OPTIONS"]


@blueprint.route("/sparql", methods=METHODS, provide_automatic_options=False)
@blueprint.route("/release/<digest>/sparql", methods=METHODS, provide_automatic_options=False)
def endpoint(digest: str | None = None) -> Response:
    """Answer a query; without one, describe the service, to a browser as a page that asks for one.

    In: the digest of a kept release, which is asked and not the current one.
    """
    if request.method == "OPTIONS":
        return _allowing()
    reading = _read()
    g.query = request.environ[QUERY] = reading.request.query if reading.request else ""
    g.wanted = reading.wanted
    if fault := request.environ.pop(FAULT, None):  # it was asked before Flask, and ended so
        raise fault
    held = current(digest)
    explained = _wants_explanation()
    accept = None if explained else request.headers.get("Accept")
    asked, chosen = sparql.prepare(reading, held.store.graphs(), accept, sparql.limits(settings()))
    if asked is not None and explained:
        return _explanation(held, asked)
    if asked is not None and sparql.varies(asked):
        return passing(Response(_body(held, asked, chosen), content_type=chosen.content_type))
    variant = f"{HTML.media_type} {language()} {root()} {_view()}" if chosen is HTML else chosen.media_type
    tag = tag_of(sparql.fingerprint(held.release, asked, variant))
    if request.method != "POST" and request.if_none_match.contains_weak(tag):
        return headed(Response(status=304), tag)
    return headed(Response(_body(held, asked, chosen), content_type=chosen.content_type), tag)


def _allowing() -> Response:
    """The answer to OPTIONS, which has no body and so no type."""
    response = Response(status=204, headers={"Allow": ALLOW})
    del response.headers["Content-Type"]
    return response


def _read() -> sparql.Reading:
    """The request as the protocol has it; raises TooLarge, BadRequest, UpdateRefused, UnsupportedMediaType."""
    if request.method != "POST":
        return sparql.read_request(request.method, request.query_string)
    if request.mimetype not in sparql.BODIES:
        raise UnsupportedMediaType
    limit = settings().body_limit
    if (size := request.content_length or 0) > limit:
        raise TooLarge(part="body", limit=limit, size=size, unit="bytes")
    body = request.get_data()
    g.form = body if request.mimetype == sparql.FORM else b""
    return sparql.read_request("POST", request.query_string, request.mimetype, body)


def _body(held: Current, asked: SparqlRequest | None, chosen: Format) -> bytes | str:
    if chosen is HTML:
        return _page(held, asked)
    if asked is None:
        return sparql.description(held.release, held.store.graphs(), settings(), chosen.media_type).body
    return sparql.answer(held.release, held.store, asked, chosen.media_type).body


def _wants_explanation() -> bool:
    """Whether ``explain=1`` stands in the query string, or in the form that was sent."""
    sent = (request.query_string, g.get("form", b""))
    pairs = [each.split(b"&") for each in sent if b"explain=" in each]
    return any(pair in (b"explain=1", b"explain=true") for each in pairs for pair in each)


def _explanation(held: Current, asked: SparqlRequest) -> Response:
    """Why the answer is empty, as JSON, as text, or on the page."""
    chosen = media_types.negotiate(EXPLANATIONS, request.headers.get("Accept"), g.wanted)
    tag = tag_of(sparql.fingerprint(held.release, asked, f"explanation {chosen.media_type} {language()}"))
    reasons = explaining.explain(held.store, asked, min(asked.timeout or settings().deadline, settings().deadline))
    if chosen is EXPLANATION:
        facts = {
            "release": held.digest,
            "empty": bool(reasons),
            "reasons": [each.facts(language()) for each in reasons],
        }
        body = json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
    else:
        body = explaining.in_words(reasons, language())
    if chosen is HTML:
        facts = {"query": asked.query, "result": {"text": body}, "formats": _formats(asked)}
        body = render_template("sparql.html", **facts, **editor())
    return spoken(headed(Response(body, content_type=chosen.content_type), tag))


def tag_of(fingerprint: str) -> str:
    """The tag of an answer to this request: it tells apart settings and prefixes that answers show, and will have the
    coding that was agreed on.
    """
    shown: str = current_app.extensions["mem_graph.shown"]
    return headers.tag_of(fingerprint, shown, request.environ)


def headed(response: Response, tag: str) -> Response:
    """The response with what caches need: POST answers are for nobody else (RFC 9111); what has a digest in its address
    never changes (RFC 8246).
    """
    response.set_etag(tag)
    lasting = "public, max-age=31536000, immutable" if "digest" in (request.view_args or {}) else PUBLIC
    response.headers["Cache-Control"] = "private, no-cache" if request.method == "POST" else lasting
    response.headers["Vary"] = SPOKEN if response.mimetype == HTML.media_type else NEGOTIATED
    return response


def spoken(response: Response) -> Response:
    """The response with the language of its words, by which it may differ (RFC 9110, section 8.5)."""
    response.headers["Vary"] = SPOKEN
    response.headers["Content-Language"] = language()
    return response


def passing(response: Response) -> Response:
    """The response as one that nobody keeps: the same query may have another answer next time."""
    response.headers["Cache-Control"] = NOBODY
    response.headers["Vary"] = NEGOTIATED
    return response


def editor() -> dict[str, Any]:
    """What the page of the editor has, whatever it shows: its script, the prepared questions, the view asked for."""
    g.scripted = True
    return {"scripted": True, "questions": lookups.questions(resources.queries()), "shown": _view()}


def _page(held: Current, asked: SparqlRequest | None) -> str:
    """The page of the endpoint: the query, and its answer as a table or as Turtle, with links to the other formats."""
    if asked is None:
        return render_template("sparql.html", graphs=held.store.graphs(), **editor())
    rows = asked.form in ("SELECT", "ASK")
    shown = VIEWS[_view()] if rows else TURTLE
    body = sparql.answer(held.release, held.store, asked, shown.media_type).body
    table = rows and _view() == "table"
    result = _table(json.loads(body), held.release.identity_base) if table else {"text": body.decode()[:LONGEST]}
    return render_template("sparql.html", query=asked.query, result=result, formats=_formats(asked), **editor())


def _formats(asked: SparqlRequest) -> list[tuple[str, str]]:
    """The other formats of an answer: name and link, relative to the page."""
    dataset = [("default-graph-uri", each) for each in asked.default_graphs]
    dataset += [("named-graph-uri", each) for each in asked.named_graphs]
    assert asked.form is not None
    offered = [each for each in media_types.offers(asked.form) if each is not HTML]
    return [(each.name, "?" + urlencode([("query", asked.query), *dataset, ("format", each.name)])) for each in offered]


def _view() -> str:
    """How the page shows an answer of rows: ``table``, or as the parameter ``view`` says."""
    sent = parse_qs(g.get("form", b"").decode(errors="replace"))
    given = request.args.get("view") or next(iter(sent.get("view", [])), "")
    return given if given in VIEWS else "table"


def _table(document: dict[str, Any], base: str) -> dict[str, Any]:
    """A result document for the page: columns, the rows that are shown, and how many there are."""
    if "boolean" in document:
        return {"text": words(language())["value.yes" if document["boolean"] else "value.no"]}
    columns, bindings = document["head"]["vars"], document["results"]["bindings"]
    rows = [[_cell(row.get(name), base) for name in columns] for row in bindings[:SHOWN]]
    return {"columns": columns, "rows": rows, "total": len(bindings)}


def _cell(term: dict[str, str] | None, base: str) -> dict[str, str]:
    """A term for the page: its words, a link where it is an IRI of the web, and its language or datatype.

    What is ours, by the identity base, is linked to where it is served here.
    """
    if term is None:
        return {"text": ""}
    if term["type"] == "uri":
        if (link := Places(root(), base).link(term["value"])) and link != term["value"]:
            return {"text": curie(term["value"]).removeprefix(base), "link": link}
        web = term["value"].startswith(("http://", "https://"))
        return {"text": curie(term["value"]), **({"link": term["value"]} if web else {})}
    if term["type"] == "bnode":
        return {"text": f"_:{term['value']}"}
    note = term.get("xml:lang") or curie(term.get("datatype", ""))
    return {"text": str(term["value"]), "note": note, "class": "number" if note in NUMBERS else ""}

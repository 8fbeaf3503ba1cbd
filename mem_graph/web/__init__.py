"""The web application: `create_app`, and the one form that all errors have.

Every error becomes RFC 9457 ``application/problem+json``, or plain text, or a page, as the client asks; one handler
makes it, from one table of error class → status. No traceback, no file path and no version leaves here.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from math import ceil
from time import monotonic
from typing import Any

from flask import Flask, Response, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException, RequestURITooLarge, TooManyRequests

from mem_graph import __version__, errors
from mem_graph.engine import media_types
from mem_graph.engine.media_types import ERRORS, HTML, PROBLEM, TEXT, Format
from mem_graph.errors import MemGraphError, NotAcceptable
from mem_graph.outcomes import SparqlRequest
from mem_graph.query.current import Current
from mem_graph.query.serving import Serving
from mem_graph.settings import Settings
from mem_graph.web import api, describing, endpoint, framing, graph_store, pages, sites, views
from mem_graph.web.cache import OUTCOME, Cache
from mem_graph.web.dumps import Dumps
from mem_graph.web.front import ADDRESS_LIMIT, REQUEST_ID, Front, Rates, log_to_standard_error
from mem_graph.web.headers import HEADERS, POLICY, RELEASE, SANDBOX, SCRIPTED
from mem_graph.web.metrics import CONTENT_TYPE, Family, Metrics
from mem_graph.web.queries import Queries
from mem_graph.web.words import words
from mem_graph.wording import quoted, said

LOG = logging.getLogger(__name__)

STATUS: Mapping[type[MemGraphError], int] = {
    errors.BadRequest: 400,
    errors.FederationRefused: 400,
    errors.UpdateRefused: 403,
    errors.UnknownTerm: 404,
    errors.NotAcceptable: 406,
    errors.TooLarge: 413,
    errors.TimeLimit: 503,
    errors.MemoryLimit: 503,
    errors.AnswerLimit: 503,
    errors.Exchanged: 503,
    errors.Unavailable: 503,
}
"""What a client is told of; any other error is a fault of ours, 500, and only the log has its words."""

OTHER: Mapping[int, str] = {
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    414: "uri-too-long",
    415: "unsupported-media-type",
    429: "too-many-requests",
    500: "internal-error",
}
"""Errors of HTTP that are none of ours: status → code. What each is, and what to do about it, ``words.csv`` says."""

ASKED = ("bad-request", "unknown-term")
"""Errors of which the hint depends on what was asked: a query, something below ``/api/``, or a page, which has none."""
PREFLIGHT: Mapping[str, str] = {
    "Access-Control-Allow-Methods": endpoint.ALLOW,
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match, Cache-Control",
    "Access-Control-Max-Age": "86400",
}
UNCOUNTED = ("/health", "/ready", "/metrics", "/static/")
"""What may be asked however often."""


def create_app(settings: Settings, current: Current | None = None) -> Flask:
    """The application over a release that is open, or else over the current one of the folder in the settings.

    It starts without a release too, and takes one up when it is there.
    """
    log_to_standard_error()
    app = Flask(__name__)
    app.url_map.merge_slashes = False  # a redirect would name the host that the client has named
    app.jinja_env.keep_trailing_newline = app.jinja_env.trim_blocks = True
    app.config["MAX_CONTENT_LENGTH"] = settings.body_limit
    app.extensions["mem_graph.settings"] = settings
    app.extensions["mem_graph.shown"] = settings.shown
    app.extensions["mem_graph.sites"] = known = sites.Sites()
    app.extensions["mem_graph.serving"] = serving = Serving(settings, current, known.of)
    app.extensions["mem_graph.metrics"] = metrics = Metrics()
    app.extensions["mem_graph.rates"] = rates = Rates(settings.rate)
    queries = Queries(app.wsgi_app, settings, serving, rates)
    app.extensions["mem_graph.cache"] = cache = Cache(queries, serving.digest, settings.cache_bytes)
    app.extensions["mem_graph.dumps"] = Dumps()
    app.extensions["mem_graph.lookups"] = api.Lookups()
    for part in (endpoint, graph_store, describing, api, pages):
        app.register_blueprint(part.blueprint)
    app.add_url_rule("/", view_func=index)
    app.add_url_rule("/health", view_func=health)
    app.add_url_rule("/ready", view_func=ready)
    app.add_url_rule("/metrics", view_func=show_metrics)
    app.add_url_rule("/errors", view_func=error_page)
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(endpoint.let_go)
    app.register_error_handler(Exception, handle)
    app.context_processor(_places)
    app.wsgi_app = Front(cache, metrics)  # type: ignore[method-assign, assignment]  # as Flask's documentation has it
    _warm(serving)
    return app


def begin(app: Flask) -> None:
    """Have made what pages know of the release that is served, and its files, before somebody comes for them."""
    serving: Serving = app.extensions["mem_graph.serving"]
    dumps: Dumps = app.extensions["mem_graph.dumps"]
    serving.prepare()
    if held := serving.peek():
        dumps.of(held.release)


def close(app: Flask) -> None:
    """Let go of the releases that an application serves, and of the files it has made."""
    serving: Serving = app.extensions["mem_graph.serving"]
    dumps: Dumps = app.extensions["mem_graph.dumps"]
    serving.close()
    dumps.close()


def _places() -> dict[str, Any]:
    """What every page knows: the frame around it, and where the form of the endpoint leads."""
    digest = (request.view_args or {}).get("digest")
    return {
        **framing.frame(),
        "address": f"{endpoint.root()}release/{digest}/sparql" if digest else f"{endpoint.root()}sparql",
    }


def _warm(serving: Serving) -> None:
    """Load the release before the first request, if there is one."""
    try:
        serving.get()
    except errors.Unavailable as error:
        LOG.warning("%s", error)


def _begin() -> None:
    """Name the request; raises RequestURITooLarge, TooManyRequests."""
    g.request_id = request.environ.get(REQUEST_ID) or uuid.uuid4().hex[:16]
    if len(request.query_string) + len(request.path) > ADDRESS_LIMIT:
        raise RequestURITooLarge
    if not request.path.startswith(UNCOUNTED):
        rates: Rates = current_app.extensions["mem_graph.rates"]
        if wait := rates.of(request.environ, endpoint.settings().proxies):
            raise TooManyRequests(retry_after=ceil(wait))


def _finish(response: Response) -> Response:
    """Put on every response what every response has."""
    response.headers.extend(HEADERS)  # no view sets one of these
    if held := g.get("current") or endpoint.serving().peek():
        response.headers[RELEASE] = held.digest
    if request.method == "OPTIONS":
        response.headers.update(PREFLIGHT)
    page = SCRIPTED if g.get("scripted") else POLICY
    response.headers["Content-Security-Policy"] = page if response.mimetype == HTML.media_type else SANDBOX
    return response


def index() -> Response:
    """The landing page: for people the home page, in a terminal what is served, and where to ask."""
    chosen = media_types.negotiate((TEXT, HTML), request.headers.get("Accept"))
    if chosen is HTML:
        return pages.home.page(views.View.now())
    held = endpoint.current()
    facts = {"release": held.release, "graphs": held.store.graphs(), "software": __version__}
    body = render_template("index.txt", **facts)
    return Response(body, content_type=chosen.content_type, headers={"Vary": "Accept, Accept-Language"})


def health() -> Response:
    """Whether there is a release to answer from, and which; for machines.

    A newer release that could not be loaded is told of, and the old one answers: the status is still ``ok``.
    """
    try:
        held = endpoint.current()
    except errors.Unavailable as error:
        return _json({"status": "unavailable", "reason": error.reason}, 503)
    graphs = held.store.graphs()
    facts = {"status": "ok", "release": held.digest, "graphs": len(graphs), "triples": sum(graphs.values())}
    if failure := endpoint.serving().failure:
        facts["failed"] = {"release": failure.release, "reason": failure.reason}
    return _json(facts)


def ready() -> Response:
    """Whether a query is answered now, by a worker; for who sends requests here only while it is so."""
    try:
        endpoint.current().store.query(SparqlRequest("ASK {}", "ASK"), media_types.JSON.media_type)
    except errors.StoreError as error:
        return _json({"status": "unavailable", "reason": error.code}, 503)
    return _json({"status": "ok"})


def show_metrics() -> Response:
    """Numbers for Prometheus."""
    metrics: Metrics = current_app.extensions["mem_graph.metrics"]
    return Response(metrics.text(_families()), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _families() -> Iterator[Family]:
    """What the cache, the workers and the release have counted."""
    cache: Cache = current_app.extensions["mem_graph.cache"]
    serving = endpoint.serving()
    facts, held = cache.facts, serving.peek()
    asked = [({"result": "hit"}, facts["hits"]), ({"result": "miss"}, facts["misses"])]
    yield Family("mem_graph_cache_requests_total", "Requests that could have been in the cache.", "counter", asked)
    yield Family("mem_graph_cache_entries", "Answers in the cache.", "gauge", [({}, facts["entries"])])
    yield Family("mem_graph_cache_bytes", "Bytes of the cache.", "gauge", [({}, facts["bytes"])])
    lost = [({"reason": reason}, count) for reason, count in sorted(serving.lost.items())]
    yield Family("mem_graph_workers_replaced_total", "Workers that were killed or ended, by why.", "counter", lost)
    yield Family("mem_graph_release_swaps_total", "Releases taken up while serving.", "counter", [({}, serving.swaps)])
    failed = int(serving.failure is not None)
    yield Family("mem_graph_release_failed", "1 where a newer release cannot be loaded.", "gauge", [({}, failed)])
    if held:
        release = [({"digest": held.digest, "software": held.release.version}, 1)]
        yield Family("mem_graph_release_info", "The release that is served.", "gauge", release)
        triples = sum(held.store.graphs().values())
        yield Family("mem_graph_release_triples", "Triples of its graphs.", "gauge", [({}, triples)])


def _json(document: Mapping[str, Any], status: int = 200) -> Response:
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return Response(text, status, content_type="application/json", headers={"Cache-Control": "no-store"})


def error_page() -> Response:
    """What each kind of error means: where the ``type`` of a problem leads."""
    kinds = [
        *((kind.code, status) for kind, status in STATUS.items()),
        *((code, status) for status, code in OTHER.items()),
    ]
    body = render_template("errors.html", kinds=dict(kinds))
    return endpoint.spoken(Response(body, content_type=HTML.content_type))


def handle(error: Exception) -> Response:
    """The one handler: the response for any error; where the release was exchanged, that of the new one."""
    if isinstance(error, errors.Exchanged) and "again" not in g:
        return _again()
    chosen = _error_format()
    near = framing.near(getattr(error, "near", ())) if chosen is HTML else []
    problem = _problem(error, hinted=not near)
    request.environ[OUTCOME] = problem["code"]
    if problem["status"] >= 500 and not isinstance(error, errors.StoreError):
        LOG.error("request %s failed", problem["requestId"], exc_info=error)
    response = Response(_written(error, problem, chosen, near), problem["status"], content_type=chosen.content_type)
    endpoint.spoken(response).headers["Cache-Control"] = "no-store"
    if isinstance(error, HTTPException):
        response.headers.extend([pair for pair in error.get_headers() if pair[0] in ("Allow", "Retry-After")])
    if isinstance(error, NotAcceptable):
        response.headers["Link"] = ", ".join(f'<>; rel="alternate"; type="{offer}"' for offer in error.offered)
    if problem["status"] == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "10"
    return response


def _again() -> Response:
    """The answer to this request from the release that comes, for which it waits as long as a query may run."""
    g.again, until = True, monotonic() + endpoint.settings().deadline
    while True:
        left = endpoint.current().digest
        endpoint.let_go()
        endpoint.serving().wait(left, until)
        try:
            return current_app.make_response(current_app.dispatch_request())
        except Exception as error:
            if not isinstance(error, errors.Exchanged) or monotonic() > until:
                return handle(error)


def _problem(error: Exception, hinted: bool) -> dict[str, Any]:
    """An error as RFC 9457 has it, section 3.1, with our own members after the five.

    ``detail`` and ``hint`` are in the language of the request, all else is for programs and the same in each. In:
    whether the detail names what is near.
    """
    status, code, detail = _told(error, hinted)
    asked = {"api": "api", "endpoint": code}.get(request.blueprint or "", "") if code in ASKED else code
    told = {
        "type": f"{endpoint.settings().root}errors#{code}",
        "title": code.replace("-", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        **{name: getattr(error, name, None) for name in ("parameter", "line", "column", "limit")},
        "didYouMean": list(getattr(error, "near", ())),
        "offered": list(getattr(error, "offered", ())),
        "hint": words(endpoint.language()).get(f"hint.{asked}"),
        "requestId": g.get("request_id", ""),
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


def _told(error: Exception, hinted: bool) -> tuple[int, str, str]:
    """Status, code and words for an error; a fault of ours keeps its words to itself."""
    if isinstance(error, MemGraphError) and (status := STATUS.get(type(error))) is not None:
        return status, error.code, said(error.wording(hinted), endpoint.language())
    status = error.code if isinstance(error, HTTPException) and error.code is not None else 500
    name = error.name if isinstance(error, HTTPException) else ""
    code = OTHER.get(status) or name.lower().replace(" ", "-")
    return status, code, words(endpoint.language()).get(f"about.{code}", name)


def _error_format() -> Format:
    """What an error is written in: what the client prefers of three, or the first of them."""
    try:
        return media_types.negotiate(ERRORS, request.headers.get("Accept"), g.get("wanted", ()))
    except NotAcceptable:
        return PROBLEM


def _written(error: Exception, problem: Mapping[str, Any], chosen: Format, near: Sequence[tuple[str, str]]) -> str:
    if chosen is PROBLEM:
        return json.dumps(problem, ensure_ascii=False, indent=2) + "\n"
    if chosen is TEXT:
        return render_template("error.txt", problem=problem)
    facts = {"problem": problem, "theirs": quoted(error.wording()) if isinstance(error, MemGraphError) else ""}
    if "query" in g:
        again = "" if isinstance(error, errors.TooLarge) else g.query  # too large for a page, too
        return render_template("sparql.html", query=again, **facts, **endpoint.editor())
    return render_template("error.html", near=near, **facts)

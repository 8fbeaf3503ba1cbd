"""Queries by GET, answered before Flask: a WSGI layer that takes the five steps of a request itself.

`endpoint.endpoint` gives the same answers with the same headers; what it takes to make a request and a response of
Flask is more than all of the rest. This layer takes what programs ask for most: rows and graphs of the current release,
by GET. It leaves to Flask all else, which is pages, explanations, POST, kept releases and tags that a client has; and
it leaves errors there, to be told of by the one handler. Without it nothing would be answered otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mem_graph.engine.media_types import HTML, Format
from mem_graph.outcomes import Release, SparqlRequest
from mem_graph.query import sparql
from mem_graph.query.serving import Serving
from mem_graph.settings import Settings
from mem_graph.web.cache import Application, Environ, Headers, Start
from mem_graph.web.front import ADDRESS_LIMIT, QUERY, Rates
from mem_graph.web.headers import HEADERS, NEGOTIATED, NOBODY, PUBLIC, RELEASE, SANDBOX, tag_of

FAULT = "mem_graph.fault"
"""In the environment of a request: the error that its query has ended with, which need not be asked again."""

PATH = "/sparql"
ELSEWHERE = ("HTTP_IF_NONE_MATCH", "HTTP_UPGRADE")
"""Headers of requests that may need no query, or may be no request of ours."""


class Reply(NamedTuple):
    """An answer on its way."""

    headers: Headers
    body: bytes


class Queries:
    """The layer, as a WSGI application around another."""

    def __init__(self, application: Application, settings: Settings, serving: Serving, rates: Rates) -> None:
        """In: what answers everything else; what holds the release; who may ask how often."""
        self._application, self._serving, self._rates = application, serving, rates
        self._limits, self._shown, self._proxies = sparql.limits(settings), settings.shown, settings.proxies

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a request."""
        if not _is_plain(environ) or self._rates.of(environ, self._proxies):
            return self._application(environ, start)
        try:
            reply = self._reply(environ)
        except Exception as error:
            environ[FAULT], reply = error, None
        if reply is None:
            return self._application(environ, start)
        start("200 OK", reply.headers)
        return [reply.body]

    def _reply(self, environ: Environ) -> Reply | None:
        """The answer to a query; None where none is asked, or for people."""
        reading = sparql.read_request("GET", environ.get("QUERY_STRING", "").encode("latin-1"))
        if reading.request is None:
            return None
        environ[QUERY] = reading.request.query
        with self._serving.lease() as held:
            accept = environ.get("HTTP_ACCEPT")
            asked, chosen = sparql.prepare(reading, held.store.graphs(), accept, self._limits)
            if asked is None or chosen is HTML:
                return None
            body = sparql.answer(held.release, held.store, asked, chosen.media_type).body
            return Reply(self._headers(environ, held.release, asked, chosen), body)

    def _headers(self, environ: Environ, release: Release, asked: SparqlRequest, chosen: Format) -> Headers:
        headers = [("Content-Type", chosen.content_type), ("Vary", NEGOTIATED)]
        if sparql.varies(asked):
            headers.append(("Cache-Control", NOBODY))
        else:
            tag = tag_of(sparql.fingerprint(release, asked, chosen.media_type), self._shown, environ)
            headers += [("ETag", f'"{tag}"'), ("Cache-Control", PUBLIC)]
        return [*headers, *HEADERS.items(), (RELEASE, release.digest), ("Content-Security-Policy", SANDBOX)]


def _is_plain(environ: Environ) -> bool:
    """Whether a request asks for rows or a graph in the plainest way: Flask need not look at it."""
    asked = environ.get("QUERY_STRING", "")
    return (
        environ["REQUEST_METHOD"] == "GET"
        and environ.get("PATH_INFO") == PATH
        and "explain=" not in asked
        and len(asked) + len(PATH) <= ADDRESS_LIMIT
        and not any(name in environ for name in ELSEWHERE)
    )

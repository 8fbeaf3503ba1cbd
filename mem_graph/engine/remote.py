"""A SPARQL engine elsewhere: asked and updated through SPARQLWrapper, given and asked for whole graphs by the Graph
Store Protocol. Always by POST, always with a time-out, never more of an answer than there may be.

SPARQLWrapper's own time-out is that of the socket: an engine that sends a byte now and then would be waited for without
an end. So the clock is looked at while a body comes; and who cannot wait for a head that never ends asks by a thread of
its own, and leaves when the time is over (`within`).

https://www.w3.org/TR/sparql11-protocol/ ; https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPMessage, HTTPResponse
from math import ceil
from threading import Thread
from time import monotonic
from typing import TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import (
    AbstractDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
    parse_keqv_list,
    urlopen,
)

from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, QueryBadFormed, SPARQLWrapperException

from mem_graph.engine import media_types
from mem_graph.engine.bounds import BoundedOutput, Bounds
from mem_graph.errors import AnswerLimit, BadRequest, Unavailable
from mem_graph.outcomes import SparqlRequest
from mem_graph.settings import Settings
from mem_graph.wording import Wording

Given = TypeVar("Given")

CHUNK = 1 << 16
MOST = Bounds(1 << 31, 1 << 31)
"""How large an answer may be where nothing else is said."""

ROOM = 4
"""Our formats say the same in fewer bytes than an engine's JSON: so many times the bytes may come."""

NO_STORE = (404, 405, 501)
"""What answers where no graphs are taken."""

CUT = ("X-SPARQL-MaxRows", "X-SQL-State")
"""Headers by which Virtuoso says that it has left rows out, or has stopped before it was done."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Where an engine is: its endpoints for queries and updates, its graph store, and ``name:password`` where it wants
    one. ``name`` is what errors call it.
    """

    query: str
    update: str
    graph_store: str | None = None
    login: str | None = field(default=None, repr=False)
    name: str = "the engine"

    @classmethod
    def of(cls, settings: Settings, name: str = "the engine") -> Engine | None:
        """The engine that the settings name, if they do."""
        if settings.engine is None:
            return None
        update = settings.engine_update or settings.engine
        return cls(settings.engine, update, settings.engine_graph_store, settings.engine_login, name)


def ask(engine: Engine, request: SparqlRequest, seconds: float, bounds: Bounds = MOST) -> bytes:
    """The answer to a query: SPARQL 1.1 Query Results JSON for SELECT and ASK, N-Triples for a graph.

    In: a request with its form. Its dataset is named by the protocol. Raises TimeoutError when the time is over;
    BadRequest where the engine refuses the query (400), with what it says; AnswerLimit; Unavailable where it is away,
    answers with another error, or breaks off.
    """
    rows = request.form in ("SELECT", "ASK")
    wrapper = SPARQLWrapper(engine.query, returnFormat=JSON if rows else TURTLE)  # it warns where both do not fit
    wrapper.addCustomHttpHeader("Accept", (media_types.JSON if rows else media_types.N_TRIPLES).media_type)
    for graph in request.default_graphs:
        wrapper.addParameter("default-graph-uri", graph)
    for graph in request.named_graphs:
        wrapper.addParameter("named-graph-uri", graph)
    return _sent(wrapper, engine, request.query, request.form or "SELECT", seconds, bounds)


def update(engine: Engine, text: str, seconds: float) -> None:
    """Have an update of ours done; raises as `ask` does."""
    wrapper = SPARQLWrapper(engine.query, engine.update, returnFormat=JSON)
    _sent(wrapper, engine, text, "INSERT", seconds, MOST)


def _sent(wrapper: SPARQLWrapper, engine: Engine, text: str, form: str, seconds: float, bounds: Bounds) -> bytes:
    wrapper.setMethod(POST)
    wrapper.setOnlyConneg(True)  # else three parameters for the format go with it, which some engines take amiss
    wrapper.setTimeout(ceil(seconds))
    # Not by setQuery, which guesses the form by patterns, and sends what it takes for an update as one.
    wrapper.queryString, wrapper.queryType = text, form

    def call() -> HTTPResponse:
        if engine.login and form == "INSERT":
            for name, value in _authorization(engine, engine.update, "POST", seconds).items():
                wrapper.addCustomHttpHeader(name, value)
        elif engine.login:
            wrapper.setCredentials(*engine.login.split(":", 1))
        response: HTTPResponse = wrapper.query().response
        return response

    return _answered(engine, seconds, call, bounds)


def put(engine: Engine, graph: str, ntriples: bytes, seconds: float) -> None:
    """Put a graph in the place of whatever is there under its name (Graph Store Protocol, section 5.3).

    In: an engine with a graph store. Raises Unavailable, TimeoutError, as `get` does.
    """
    _stored(engine, "PUT", graph, seconds, ntriples)


def get(engine: Engine, graph: str, seconds: float) -> bytes:
    """A graph as N-Triples (section 5.2)."""
    return _stored(engine, "GET", graph, seconds, None)


def _stored(engine: Engine, method: str, graph: str, seconds: float, body: bytes | None) -> bytes:
    assert engine.graph_store is not None
    sign = "&" if urlsplit(engine.graph_store).query else "?"
    address = f"{engine.graph_store}{sign}graph={quote(graph, safe='')}"
    kind = {"Content-Type" if body is not None else "Accept": media_types.N_TRIPLES.media_type}

    def call() -> HTTPResponse:
        headers = {**kind, **_authorization(engine, address, method, seconds)}
        try:
            response: HTTPResponse = urlopen(Request(address, body, headers, method=method), timeout=seconds)
        except HTTPError as error:
            if error.code in NO_STORE:
                told = f"it takes no graphs at {engine.graph_store} (it answered {error.code})"
                raise Unavailable(what=engine.name, reason=f"{told}; without that setting they go by updates") from None
            raise
        return response

    return _answered(engine, seconds, call, MOST)


# One call


def within(seconds: float, call: Callable[[], Given]) -> Given:
    """What a call gives, or raises; TimeoutError when the time is over, whatever the engine does."""
    done: Future[Given] = Future()

    def run() -> None:
        try:
            done.set_result(call())
        except BaseException as error:
            done.set_exception(error)

    Thread(target=run, name="engine", daemon=True).start()
    return done.result(seconds)


def _answered(engine: Engine, seconds: float, call: Callable[[], HTTPResponse], bounds: Bounds) -> bytes:
    """The body of an answer, whole; errors of the libraries become ours."""
    until = monotonic() + seconds
    try:
        return _whole(call(), bounds, until)
    except QueryBadFormed as error:
        raise BadRequest(problem=Wording("by-engine", words=_said(str(error)))) from None
    except (EndPointInternalError, HTTPError) as error:
        status = error.code if isinstance(error, HTTPError) else 500
        raise Unavailable(what=engine.name, reason=Wording("unavailable.status", status=status)) from None
    except SPARQLWrapperException as error:
        raise Unavailable(what=engine.name, reason=error.msg) from None
    except TimeoutError:
        raise
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, URLError) and isinstance(error.reason, TimeoutError):
            raise TimeoutError from None
        reason = error.reason if isinstance(error, URLError) else error
        raise Unavailable(what=engine.name, reason=_words(reason)) from None


def _whole(response: HTTPResponse, bounds: Bounds, until: float) -> bytes:
    """A body as long as it says it is; raises AnswerLimit, TimeoutError, and HTTPException where it breaks off."""
    media_type = response.headers.get_content_type()
    output = BoundedOutput(bounds._replace(size=ROOM * bounds.size), media_type)
    with closing(response):
        try:
            while part := response.read1(CHUNK):
                output.write(part)
                if monotonic() > until:
                    raise TimeoutError
            _check_end(response.headers, output.tell(), bounds)
            return output.getvalue()
        except AnswerLimit as error:
            raise error if error.unit == "rows" else AnswerLimit(limit=bounds.size, unit="bytes") from None


def _check_end(headers: HTTPMessage, size: int, bounds: Bounds) -> None:
    """Raise where an answer is not all there: `read1` takes an early end for the end (RFC 9112, section 8)."""
    if any(name in headers for name in CUT):
        raise AnswerLimit(limit=bounds.rows, unit="rows")
    told = headers.get("Content-Length")
    if told is None and headers.get("Transfer-Encoding", "").lower() != "chunked" and size:
        raise HTTPException("its answer does not say how long it is")
    if told is not None and int(told) != size:
        raise HTTPException("its answer broke off")


def _words(error: object) -> str:
    """What went wrong, in few words and without an address."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)[:200] or type(error).__name__


def _said(message: str) -> str:
    """The engine's own words, from the bytes that SPARQLWrapper quotes as they were printed; the first of its lines."""
    words = message.partition("Response:\n")[2] or message
    return re.split(r"\\n|\n", words.removeprefix("b'").removeprefix('b"').rstrip("'\""))[0][:500]


# Who asks


def _authorization(engine: Engine, address: str, method: str, seconds: float) -> Mapping[str, str]:
    """The header that lets us in: as a request without one is told, by Digest (RFC 7616) or Basic (RFC 7617).

    SPARQLWrapper would do Digest by an opener for the whole process; and urllib sends the body first, which engines do
    not wait for.
    """
    if engine.login is None:
        return {}
    name, password = engine.login.split(":", 1)
    challenge = next((each for each in _challenges(address, seconds) if each.lower().startswith("digest ")), None)
    if challenge is None:
        return {"Authorization": f"Basic {base64.b64encode(engine.login.encode()).decode()}"}
    known = HTTPPasswordMgrWithDefaultRealm()
    known.add_password(None, address, name, password)
    told = parse_keqv_list(parse_http_list(challenge[len("digest ") :]))
    answer = AbstractDigestAuthHandler(known).get_authorization(Request(address, method=method), told)
    return {"Authorization": f"Digest {answer}"}


def _challenges(address: str, seconds: float) -> Iterable[str]:
    try:
        urlopen(Request(address), timeout=seconds).close()
    except HTTPError as error:
        with error:
            return error.headers.get_all("WWW-Authenticate", ())
    return ()

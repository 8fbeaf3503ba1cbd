"""Below ``/api/``: treaty look-ups and lists as JSON and CSV; and documents about treaties below ``/doc/``.

What there is to ask, and what comes back, stands in ``openapi.json``, which is written by hand, served at
``/api/openapi.json``, and held against the running server by the tests. https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Blueprint, Response, current_app, g, request

from mem_graph import __version__
from mem_graph.engine.media_types import CSV, JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format, negotiate
from mem_graph.errors import BadRequest, UnknownTerm
from mem_graph.outcomes import SparqlRequest
from mem_graph.query import sparql, treaty_forms, treaty_lists
from mem_graph.query.current import Current
from mem_graph.query.opened import OpenRelease
from mem_graph.query.treaties import MID_2014, TreatyLookup, day
from mem_graph.web import endpoint, exact
from mem_graph.web.endpoint import language
from mem_graph.wording import Wording

PLAIN_JSON = Format("json", "application/json", (), (), "https://www.rfc-editor.org/rfc/rfc8259")
TABLES = (PLAIN_JSON, CSV)
"""What look-ups and lists are written in."""

RDF = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD._replace(aliases=(), short_names=("json-ld", "ld+json")))
OF_COUNTRY = (*RDF, *TABLES)
SUFFIXES: Mapping[str, Format] = {
    "ttl": RDF[0],
    "nt": RDF[1],
    "rdf": RDF[2],
    "jsonld": RDF[3],
    "json": PLAIN_JSON,
    "csv": CSV,
}
"""The formats of a document by the suffix of its address."""

OPENAPI = Path(__file__).with_name("openapi.json")

HELD = 2
"""Releases whose treaty record is held."""

blueprint = Blueprint("api", __name__)

Made = Callable[[], str | bytes]


class Lookups:
    """The look-ups of the last releases, each read once; any thread may ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[str, TreatyLookup] = OrderedDict()

    def of(self, held: Current) -> TreatyLookup:
        """The look-up of a release."""
        with self._lock:
            if held.digest not in self._known:
                self._known[held.digest] = TreatyLookup.read(OpenRelease(held))
                while len(self._known) > HELD:
                    self._known.popitem(last=False)
            return self._known[held.digest]


def lookup() -> TreatyLookup:
    """The look-up of the release that this request is answered from; raises Unavailable where none is loaded."""
    found: Lookups = current_app.extensions["mem_graph.lookups"]
    return found.of(endpoint.current())


# Look-ups


@blueprint.route("/api/treaty-status")
def treaty_status() -> Response:
    """One state under one treaty on a day; raises BadRequest, UnknownTerm with near names, NotAcceptable."""
    chosen, known = _negotiated(TABLES), lookup()
    answer = known.ask(known.country(_needed("country")), known.treaty(_needed("treaty")), _day())
    writers: Mapping[str, Made] = {
        "json": lambda: _json(treaty_forms.status_document(answer, known.record, known.release, language())),
        "csv": lambda: treaty_forms.to_csv([answer], language()),
    }
    return _answered(chosen, writers)


@blueprint.route("/api/treaty-matrix")
def treaty_matrix() -> Response:
    """Every state under every treaty on a day, or those of one state or one treaty; raises as `treaty_status`."""
    chosen, known, on = _negotiated(TABLES), lookup(), _day()
    answers = known.answers(_given("country"), _given("treaty"), on)
    writers: Mapping[str, Made] = {
        "json": lambda: _json(treaty_forms.matrix_document(answers, on, known.release, language())),
        "csv": lambda: treaty_forms.to_csv(answers, language()),
    }
    return _answered(chosen, writers)


@blueprint.route("/api")
@blueprint.route("/api/openapi.json")
def openapi() -> Response:
    """The document that describes all this, with the address and the version of this server in it."""
    endpoint.current()
    document = json.loads(OPENAPI.read_text(encoding="utf-8"))
    document["servers"] = [{"url": endpoint.settings().root.rstrip("/")}]
    document["info"]["version"] = __version__
    return _answered(PLAIN_JSON, {"json": lambda: _json(document)})


# Documents


@blueprint.route("/doc/treaty.<any(json, csv):suffix>")
def treaties(suffix: str) -> Response:
    """Every treaty and standard."""
    known = lookup()
    writers: Mapping[str, Made] = {
        "json": lambda: _json(treaty_lists.list_document(known)),
        "csv": lambda: treaty_lists.list_csv(known),
    }
    return _answered(SUFFIXES[suffix], writers)


@blueprint.route("/doc/treaty/<key>.<any(json, csv):suffix>")
@blueprint.route("/doc/standard/<key>.<any(json, csv):suffix>")
def treaty(key: str, suffix: str) -> Response:
    """A treaty with its states on a day; raises UnknownTerm with near names."""
    known, on = lookup(), _day()
    if key not in known.instruments:
        raise known.treaty_names.unknown(key)
    writers: Mapping[str, Made] = {
        "json": lambda: _json(treaty_lists.treaty_document(known, key, on, language())),
        "csv": lambda: treaty_forms.to_csv(known.answers(None, key, on), language()),
    }
    return _answered(SUFFIXES[suffix], writers)


@blueprint.route("/doc/country/<code>/treaties.<suffix>")
def country_treaties(code: str, suffix: str = "") -> Response:
    """A state under every treaty: the record's acts and standings as RDF, or those of a day as JSON and CSV."""
    known = lookup()
    if suffix and suffix not in SUFFIXES:
        raise UnknownTerm(word=suffix[:20], scheme=Wording("scheme.document-formats"), near=tuple(SUFFIXES))
    if code not in known.record.countries:
        raise known.country_names.unknown(code)
    chosen = SUFFIXES[suffix] if suffix else _negotiated(OF_COUNTRY)
    on = _day() if chosen in TABLES else MID_2014
    writers: Mapping[str, Made] = {
        "json": lambda: _json(treaty_lists.country_document(known, code, on, language())),
        "csv": lambda: treaty_forms.to_csv(known.answers(code, None, on), language()),
        **{each.name: lambda: _rdf(known, code, chosen) for each in RDF},
    }
    return _answered(chosen, writers)


def _rdf(known: TreatyLookup, code: str, chosen: Format) -> bytes:
    graph = treaty_lists.country_graph(known, code)
    return treaty_lists.turtle(graph) if chosen is TURTLE else exact.written(treaty_lists.ntriples(graph), chosen)


# What a request says, and what it gets


def _given(name: str) -> str | None:
    """A parameter that may be left out; raises BadRequest where it comes twice."""
    values = request.args.getlist(name)
    if len(values) > 1:
        raise BadRequest(problem=Wording("given-twice"), parameter=name)
    return values[0] if values else None


def _needed(name: str) -> str:
    """A parameter that must be there; raises BadRequest where it is not."""
    value = _given(name)
    if value is None:
        raise BadRequest(problem=Wording("it-is-missing"), parameter=name)
    return value


def _day() -> date:
    """The day asked about; raises BadRequest for what is no date."""
    given = _given("on")
    return MID_2014 if given is None else day(given)


def _negotiated(table: Sequence[Format]) -> Format:
    g.wanted = tuple(value for name in sparql.WANTED for value in request.args.getlist(name))
    return negotiate(table, request.headers.get("Accept"), g.wanted)


def _answered(chosen: Format, writers: Mapping[str, Made]) -> Response:
    """The document in the chosen format, with its tag; nothing is written for who has it already."""
    address = f"{request.path}?{request.query_string.decode(errors='replace')} {language()} {endpoint.settings().root}"
    tag = endpoint.tag_of(sparql.fingerprint(endpoint.current().release, SparqlRequest(address), chosen.media_type))
    if request.if_none_match.contains_weak(tag):
        return _headed(Response(status=304), tag)
    return _headed(Response(writers[chosen.name](), content_type=chosen.content_type), tag)


def _headed(response: Response, tag: str) -> Response:
    """The response with what caches need; its words depend on the language."""
    return endpoint.spoken(endpoint.headed(response, tag))


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

"""The SPARQL 1.1 Protocol without a web framework: reading a request, asking, describing the service.

A request is read (`read_request`), checked and given a format (`prepare`), and answered (`answer`): three functions
from plain records to plain records. https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import isfinite
from urllib.parse import parse_qsl

from mem_graph import __version__
from mem_graph.engine import guard, media_types, syntax
from mem_graph.engine.guard import Limits
from mem_graph.engine.media_types import Format
from mem_graph.engine.store import Store
from mem_graph.errors import BadRequest, NotAcceptable, UpdateRefused
from mem_graph.iris import PREFIXES, Iris
from mem_graph.outcomes import Answer, Release, SparqlRequest
from mem_graph.settings import TABLE, Settings
from mem_graph.wording import Wording

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
BODIES = (FORM, QUERY, UPDATE)
"""The types of a request body that are understood; that of an update is, so that it can be refused by name."""

WANTED = ("format", "output", "results", "_mediatype")
"""The parameters that name a format and outrank ``Accept``, the first one first."""

OF_PAGES = ("lang", "view")
"""The parameters of the page for people, which say nothing of a query."""

FIELDS = 1000
"""How many parameters are read."""

AT_ONCE = 4000
"""Characters of a query that are checked here; a longer one is checked by its store, in a process that can be ended."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a request asks: a query, or None for the description of the service; and the formats that it names."""

    request: SparqlRequest | None
    wanted: tuple[str, ...] = ()


def limits(settings: Settings) -> Limits:
    """How large a query may be, by the settings."""
    return Limits(text=settings.query_limit, nesting=settings.nesting, path=settings.nesting)


def read_request(method: str, query_string: bytes, content_type: str = "", body: bytes = b"") -> Reading:
    """The query of a request; section 2.1, by GET, by POST of a form, or by POST of the query itself.

    In: the query string as it was sent, and for POST one of ``BODIES`` with its body. Parameters we do not know are
    ignored. Raises BadRequest for a query that is missing or given twice and for what is not UTF-8, UpdateRefused.
    """
    pairs = _pairs(query_string, Wording("the-query-string"))
    if method == "POST" and content_type == FORM:
        pairs += _pairs(body, Wording("the-body"))
    elif method == "POST" and content_type == QUERY:
        pairs.append(("query", _decoded(body, Wording("the-body")).removeprefix("\ufeff")))
    values = _grouped(pairs)
    if "update" in values or content_type == UPDATE:
        raise UpdateRefused(operation=Wording("update-refused.update"))
    wanted = tuple(value for name in WANTED for value in values.get(name, ()))
    if method != "POST" and values.keys() <= {*WANTED, *OF_PAGES}:
        return Reading(None, wanted)
    return Reading(_request(values), wanted)


def _request(values: Mapping[str, Sequence[str]]) -> SparqlRequest:
    given = values.get("query", ())
    if len(given) != 1:
        problem = Wording("query-times", times=len(given)) if given else Wording("query-missing")
        raise BadRequest(problem=problem, parameter="query")
    default, named = (tuple(values.get(name, ())) for name in ("default-graph-uri", "named-graph-uri"))
    return SparqlRequest(given[0], None, default, named, _timeout(values.get("timeout", ())))


def _timeout(given: Sequence[str]) -> float | None:
    """The seconds that the client asks for; nothing and 0, which other services know, ask for none."""
    seconds = [_seconds(each) for each in given if each]
    return min((each for each in seconds if each), default=None)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not (isfinite(seconds) and seconds >= 0):
        raise BadRequest(problem=Wording("no-seconds", given=text[:40]), parameter="timeout")
    return seconds


def _pairs(text: bytes, what: str) -> list[tuple[str, str]]:
    """The parameters of a form, decoded once."""
    try:
        return parse_qsl(_decoded(text, what), keep_blank_values=True, errors="strict", max_num_fields=FIELDS)
    except UnicodeDecodeError:
        raise BadRequest(problem=Wording("not-utf-8-decoded", what=what)) from None
    except ValueError:
        raise BadRequest(problem=Wording("too-many-parameters", what=what, most=FIELDS)) from None


def _decoded(text: bytes, what: str) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise BadRequest(problem=Wording("not-utf-8", what=what, byte=str(error.start + 1))) from None


def _grouped(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def prepare(
    reading: Reading, graphs: Collection[str], accept: str | None, size: Limits
) -> tuple[SparqlRequest | None, Format]:
    """The request checked, and the format of its answer; for the description of the service there is no request.

    Raises what `guard.check` raises, and NotAcceptable.
    """
    if reading.request is None:
        return None, media_types.negotiate(media_types.GRAPHS, accept, reading.wanted)
    request = guard.check(reading.request, graphs, size, AT_ONCE)
    assert request.form is not None
    try:
        return request, media_types.negotiate(media_types.offers(request.form), accept, reading.wanted)
    except NotAcceptable:
        if request.checked:
            syntax.walk(request.query)  # a mistake in the query is the more useful thing to say
        raise


def release_iri(release: Release) -> str:
    """The IRI of one release, below the identity base."""
    return f"{_releases(release.identity_base)}/{release.digest}"


@cache
def _releases(identity_base: str) -> str:
    return Iris(identity_base).mint("release")


def fingerprint(release: Release, request: SparqlRequest | None, media_type: str) -> str:
    """What changes when the answer may: a digest of release, software, request and type (RFC 9110, section 8.8.3)."""
    dataset = [request.query, request.default_graphs, request.named_graphs] if request else []
    text = json.dumps([release.digest, __version__, dataset, media_type])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


_VARYING = re.compile(r"\b(?:RAND|NOW|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)
_NEW_NODES = re.compile(r"_:|[\[(]")
_WHERE = re.compile(r"\bWHERE\b", re.IGNORECASE)


def varies(request: SparqlRequest) -> bool:
    """Whether a query may have another answer each time: by its text, and rather once too often.

    >>> varies(SparqlRequest("SELECT (now() AS ?t) {}", "SELECT")), varies(SparqlRequest("ASK {}", "ASK"))
    (True, False)
    """
    if "(" in request.query and _VARYING.search(request.query):
        return True
    return request.form == "CONSTRUCT" and _NEW_NODES.search(_WHERE.split(request.query, 1)[0]) is not None


def answer(release: Release, store: Store, request: SparqlRequest, media_type: str) -> Answer:
    """The answer to a request that has been checked; in JSON its head links to the release that gave it."""
    found = store.query(request, media_type)
    if media_type != media_types.JSON.media_type:
        return found
    return Answer(_linked(found.body, release_iri(release)), media_type)


_HEAD = re.compile(rb'\{"head":(\{(?:[^"{}]|"(?:[^"\\]|\\.)*")*\})')
"""The beginning of a result document as the engine writes it."""


def _linked(body: bytes, iri: str) -> bytes:
    """A result document with the link in its head (SPARQL 1.1 Query Results JSON, section 3.1.2)."""
    found = _HEAD.match(body)
    if found is None:
        document = json.loads(body)
        return json.dumps({**document, "head": {**document["head"], "link": [iri]}}, ensure_ascii=False).encode()
    return b"".join((_linked_head(found[1], iri), memoryview(body)[found.end() :]))  # the rest is copied once


@lru_cache(1000)
def _linked_head(head: bytes, iri: str) -> bytes:
    linked = json.dumps({**json.loads(head), "link": [iri]}, ensure_ascii=False, separators=(",", ":"))
    return f'{{"head":{linked}'.encode()


SD, RDF, VOID, DCTERMS = (PREFIXES[name] for name in ("sd", "rdf", "void", "dcterms"))
W3C_FORMATS = "http://www.w3.org/ns/formats/"
RESULT_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)
"""The formats of ``media_types.RESULTS`` and ``GRAPHS`` by their W3C names, https://www.w3.org/ns/formats/"""


SCHEMA = "https://schema.org/"
LIMITS: Mapping[str, str] = {
    "deadline": "seconds",
    "query_limit": "bytes",
    "nesting": "levels",
    "body_limit": "bytes",
    "row_limit": "rows",
    "answer_limit": "bytes",
}
"""The settings that bound a query or its answer, each with what it counts."""


def description(release: Release, graphs: Mapping[str, int], settings: Settings, media_type: str) -> Answer:
    """The service in its own words: address, language, formats, limits, and the dataset with live counts.

    https://www.w3.org/TR/sparql11-service-description/
    """
    from mem_graph.engine import oxigraph

    links = [(s, p, oxigraph.iri(o)) for s, p, o in _links(release, graphs, settings)]
    numbers = [(graph, f"{VOID}triples", count) for graph, count in graphs.items()]
    title = (f"{settings.root}sparql", f"{DCTERMS}title", settings.title)
    facts: list[oxigraph.Fact] = [title, *links, *numbers, *_limit_values(settings)]
    return Answer(oxigraph.write(sorted(facts, key=lambda fact: fact[0]), media_type), media_type)


def _limit_values(settings: Settings) -> Iterator[tuple[str, str, str | int | float]]:
    """Each limit as a property with a value, in the words and with the name that the settings have."""
    for row in TABLE:
        if row.name in LIMITS:
            limit = f"{settings.root}sparql#{row.name.replace('_', '-')}"
            yield limit, f"{SCHEMA}propertyID", row.name
            yield limit, f"{SCHEMA}description", row.sentence
            yield limit, f"{SCHEMA}value", getattr(settings, row.name)
            yield limit, f"{SCHEMA}unitText", LIMITS[row.name]


def _links(release: Release, graphs: Collection[str], settings: Settings) -> Iterator[tuple[str, str, str]]:
    service = f"{settings.root}sparql"
    dataset, default = f"{service}#dataset", f"{service}#default-graph"
    yield service, f"{RDF}type", f"{SD}Service"
    yield service, f"{SD}endpoint", service
    yield service, f"{SD}supportedLanguage", f"{SD}SPARQL11Query"
    for name in RESULT_FORMATS:
        yield service, f"{SD}resultFormat", f"{W3C_FORMATS}{name}"
    if settings.default_graph == "union":
        yield service, f"{SD}feature", f"{SD}UnionDefaultGraph"
    for name in LIMITS:
        limit = f"{service}#{name.replace('_', '-')}"
        yield service, f"{SCHEMA}additionalProperty", limit
        yield limit, f"{RDF}type", f"{SCHEMA}PropertyValue"
    yield service, f"{SD}defaultDataset", dataset
    yield dataset, f"{RDF}type", f"{SD}Dataset"
    yield dataset, f"{DCTERMS}hasVersion", release_iri(release)
    yield dataset, f"{SD}defaultGraph", default
    for number, _ in enumerate(graphs, 1):
        yield dataset, f"{SD}namedGraph", f"{service}#graph-{number}"
    yield default, f"{RDF}type", f"{SD}Graph"
    for number, graph in enumerate(graphs, 1):
        yield f"{service}#graph-{number}", f"{RDF}type", f"{SD}NamedGraph"
        yield f"{service}#graph-{number}", f"{SD}name", graph
        yield f"{service}#graph-{number}", f"{SD}graph", graph
        yield graph, f"{RDF}type", f"{SD}Graph"

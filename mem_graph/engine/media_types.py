"""The formats an answer can have, as tables, and the one negotiator that picks from them.

A table is in server order: the first entry is what a client gets that has no preference. How one is picked:

1. A parameter of the request (``format`` and the like) that names a format of the table decides. Others are ignored.
2. Otherwise the ``Accept`` header (RFC 9110, section 12.5.1): each format has the q of the most specific range that
   names it; the highest q wins, then the more specific range, then server order. ``q=0`` excludes.
3. No header, or none that can be read: the first format.

>>> negotiate(RESULTS, accept="text/*, text/csv;q=0").name
'tsv'
>>> negotiate(RESULTS, accept="text/csv", wanted=["xml"]).media_type
'application/sparql-results+xml'
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from mem_graph.errors import NotAcceptable
from mem_graph.outcomes import QueryForm


class Format(NamedTuple):
    """One row: short name, the type we send, other types and short names that ask for it, its specification."""

    name: str
    media_type: str
    aliases: tuple[str, ...]
    short_names: tuple[str, ...]
    specification: str

    @property
    def types(self) -> tuple[str, ...]:
        """Every media type that asks for this format, the one we send first."""
        return (self.media_type, *self.aliases)

    @property
    def content_type(self) -> str:
        """The ``Content-Type`` header; text is UTF-8 and says so."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


REC = "https://www.w3.org/TR/"
HTML = Format("html", "text/html", ("application/xhtml+xml",), (), "https://html.spec.whatwg.org/")

JSON = Format(
    "json", "application/sparql-results+json", ("application/json",), ("srj",), f"{REC}sparql11-results-json/"
)
XML = Format(
    "xml", "application/sparql-results+xml", ("application/xml", "text/xml"), ("srx",), f"{REC}rdf-sparql-XMLres/"
)
CSV = Format("csv", "text/csv", (), (), f"{REC}sparql11-results-csv-tsv/#csv")
TSV = Format("tsv", "text/tab-separated-values", (), (), f"{REC}sparql11-results-csv-tsv/#tsv")

TURTLE = Format("turtle", "text/turtle", ("application/turtle", "application/x-turtle"), ("ttl", "n3"), f"{REC}turtle/")
N_TRIPLES = Format("ntriples", "application/n-triples", (), ("nt", "n-triples"), f"{REC}n-triples/")
RDF_XML = Format(
    "rdfxml",
    "application/rdf+xml",
    ("application/xml", "text/xml"),
    ("rdf+xml", "rdf/xml", "rdf-xml", "rdf", "xml"),
    f"{REC}rdf-syntax-grammar/",
)
JSON_LD = Format(
    "jsonld", "application/ld+json", ("application/json",), ("json-ld", "ld+json", "json"), f"{REC}json-ld11/"
)

TRIG = Format("trig", "application/trig", (), (), f"{REC}trig/")
N_QUADS = Format("nquads", "application/n-quads", (), ("nq", "n-quads"), f"{REC}n-quads/")

RESULTS = (JSON, XML, CSV, TSV, HTML)
"""For SELECT and ASK. CSV and TSV for ASK, one line ``true`` or ``false``, are an extension of ours."""

GRAPHS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, HTML)
"""For CONSTRUCT, DESCRIBE and the service description."""

DATA = (N_QUADS, TRIG, N_TRIPLES, TURTLE, RDF_XML, JSON_LD)
"""For files to load."""

PROBLEM = Format(
    "json", "application/problem+json", ("application/json",), (), "https://www.rfc-editor.org/rfc/rfc9457"
)
TEXT = Format("text", "text/plain", (), ("txt",), "https://www.rfc-editor.org/rfc/rfc2046")
ERRORS = (PROBLEM, TEXT, HTML)
"""For errors."""


def offers(form: QueryForm) -> tuple[Format, ...]:
    """The formats that an answer to a query of this form can have."""
    return RESULTS if form in ("SELECT", "ASK") else GRAPHS


def negotiate(table: Sequence[Format], accept: str | None = None, wanted: Sequence[str] = ()) -> Format:
    """The format of the table that a request asks for.

    In: the ``Accept`` header, and the values of the parameters that outrank it. Raises NotAcceptable with the list
    on offer.
    """
    for value in wanted:
        if (by_name := named(table, value)) is not None:
            return by_name
    ranges = _ranges((accept or "")[:LONGEST])
    if not ranges:
        return table[0]
    ranked = [(*_preference(offer, ranges), -place) for place, offer in enumerate(table)]
    quality, _, place = max(ranked)
    if quality <= 0:
        raise NotAcceptable(asked=(accept or "")[:200], offered=tuple(offer.media_type for offer in table))
    return table[-place]


def named(table: Sequence[Format], value: str) -> Format | None:
    """The first format that a parameter's value names: short names or types, with commas between them.

    Parameters of types are ignored. A blank stands for the plus sign that form encoding has made of it.
    """
    for word in value.lower().split(","):
        name = word.partition(";")[0].strip().replace(" ", "+")
        for each in table:
            if name in (each.name, *each.short_names, *each.types):
                return each
    return None


class _Range(NamedTuple):
    kind: str
    subtype: str
    quality: float


_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_NAME = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")
_WEIGHT = re.compile(r"0?\.[0-9]+|0\.?|1(\.0*)?")
LONGEST = 4096
"""Characters of an ``Accept`` header that are read."""


@lru_cache(maxsize=256)  # clients say one of few
def _ranges(accept: str) -> tuple[_Range, ...]:
    return tuple(_each_range(accept))


def _each_range(accept: str) -> Iterator[_Range]:
    """The media ranges of an ``Accept`` header; what is none, or has a q that is no number from 0 to 1, is left out.

    To exclude a variant of a type (``text/turtle;version=9;q=0``) excludes nothing of ours.
    """
    for member in _QUOTED.sub("", accept.lower()).split(","):
        name, *parameters = (part.strip() for part in member.split(";"))
        kind, slash, subtype = ("*", "/", "*") if name == "*" else name.partition("/")  # old Java clients write "*"
        own, quality = _split_quality(parameters)
        known = slash and _NAME.fullmatch(kind) and _NAME.fullmatch(subtype) and (kind != "*" or subtype == "*")
        if known and quality is not None and not (own and quality == 0):
            yield _Range(kind, subtype, quality)


def _split_quality(parameters: Sequence[str]) -> tuple[list[str], float | None]:
    """The parameters of a range apart from q, and its q: 1 where there is none, None where it is no weight.

    RFC 9110, section 12.4.2.
    """
    pairs = [(name.strip(), value.strip()) for name, _, value in (each.partition("=") for each in parameters)]
    weights = [value for name, value in pairs if name == "q"]
    own = [name for name, _ in pairs if name not in ("q", "")]
    if not weights:
        return own, 1.0
    return own, float(weights[0]) if _WEIGHT.fullmatch(weights[0]) else None


def _preference(offer: Format, ranges: Sequence[_Range]) -> tuple[float, int]:
    """The q that the most specific range gives a format, and how specific that is; below 0: none names it."""
    specificity, quality = max((_specificity(offer, each), each.quality) for each in ranges)
    return (quality, specificity) if specificity >= 0 else (-1.0, -1)


def _specificity(offer: Format, wanted: _Range) -> int:
    """2 by one of its types, 1 by ``type/*``, 0 by ``*/*``, below 0 where the range does not name the format."""
    if f"{wanted.kind}/{wanted.subtype}" in offer.types:
        return 2
    if wanted.subtype != "*":
        return -1
    return 0 if wanted.kind == "*" else 1 if offer.media_type.startswith(f"{wanted.kind}/") else -1

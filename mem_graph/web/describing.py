"""What there is and how to have it: VoID at ``/.well-known/void``, DCAT at ``/catalogue``, files below ``/dump``.

The numbers are those of the release, which holds its own description as a graph; the addresses are made of the setting
``public_url``. https://www.w3.org/TR/void/ ; https://www.w3.org/TR/vocab-dcat-3/ ; RFC 9530 for the digests.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, g, render_template, request, send_file

from mem_graph.engine.media_types import (
    HTML,
    JSON_LD,
    N_TRIPLES,
    PROBLEM,
    RDF_XML,
    TEXT,
    TURTLE,
    Format,
    negotiate,
)
from mem_graph.errors import UnknownTerm
from mem_graph.graph import release as releases
from mem_graph.iris import Iris
from mem_graph.outcomes import SparqlRequest
from mem_graph.query import sparql
from mem_graph.query.current import Current
from mem_graph.web import endpoint, exact
from mem_graph.web.converted import SUFFIXES, editions
from mem_graph.web.dumps import Dumps, File, Making
from mem_graph.web.exact import ALL
from mem_graph.web.graph_store import near
from mem_graph.wording import Wording

if TYPE_CHECKING:
    from mem_graph.graph import catalog

FORMATS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
SUMS = "SHA256SUMS"
"""The file of all digests, as ``sha256sum --check`` reads it."""

OF_VOID = """
PREFIX void: <http://rdfs.org/ns/void#>
CONSTRUCT { ?s ?p ?o } WHERE {
  { SELECT DISTINCT ?s WHERE {
    { ?s a void:Dataset } UNION { ?s a void:Linkset } UNION { ?of void:classPartition|void:propertyPartition ?s }
  } }
  ?s ?p ?o
}
"""
"""What of the catalogue's graph is about counts."""

blueprint = Blueprint("describing", __name__)


@blueprint.route("/.well-known/void")
def void() -> Response:
    """The dataset in numbers: https://www.w3.org/TR/void/ section 7.2."""
    return _description(OF_VOID, distributions=False)


@blueprint.route("/catalogue")
def catalogue() -> Response:
    """The catalogue of reports and editions, with every file that they can be had as."""
    return _description(ALL, distributions=True)


def _description(query: str, distributions: bool) -> Response:
    held, chosen = endpoint.current(), negotiate(FORMATS, request.headers.get("Accept"), _wanted())
    asked = SparqlRequest(f"{request.path} {query}")
    tag = endpoint.tag_of(sparql.fingerprint(held.release, asked, chosen.media_type))
    if request.if_none_match.contains_weak(tag):
        return endpoint.headed(Response(status=304), tag)
    return endpoint.headed(Response(_body(held, query, distributions, chosen), content_type=chosen.content_type), tag)


def _wanted() -> tuple[str, ...]:
    g.wanted = tuple(value for name in sparql.WANTED for value in request.args.getlist(name))
    found: tuple[str, ...] = g.wanted
    return found


def _body(held: Current, query: str, distributions: bool, chosen: Format) -> bytes:
    """What the release says of itself, and what is added by whoever serves it, in one format."""
    from mem_graph.graph import catalog

    own = held.catalogue
    about = b""
    if own:
        asked = SparqlRequest(query, "CONSTRUCT", default_graphs=(own,))
        about = held.store.query(asked, N_TRIPLES.media_type).body
    files = list(_distributions(held, own)) if distributions else []
    added = catalog.offered(_service(held, own), files, described=bool(own))
    return exact.written(about + added.serialize(format="nt", encoding="utf-8"), chosen)


def _dataset(held: Current, own: str) -> str:
    return Iris(held.release.identity_base).mint("release") if own else f"{endpoint.settings().root}sparql#dataset"


def _service(held: Current, own: str) -> catalog.Service:
    from mem_graph.graph import catalog

    settings, iris = endpoint.settings(), Iris(held.release.identity_base)
    reports = sorted({edition.partition("/")[0] for edition in editions(held.release).values()})
    return catalog.Service(
        root=settings.root,
        dataset=_dataset(held, own),
        release=sparql.release_iri(held.release),
        graphs=held.store.graphs(),
        title=settings.title,
        examples=[iris.report(each) for each in reports],
        dumps=[f"{settings.root}dump/data{suffix}" for suffix in SUFFIXES],
    )


def _distributions(held: Current, own: str) -> Iterator[catalog.Distribution]:
    """Every file that holds the dataset or an edition of it."""
    from mem_graph.graph import catalog

    root, iris = endpoint.settings().root, Iris(held.release.identity_base)
    for each in _files(held).values():
        if each.whole or (each.edition and own):
            keys = each.edition.split("/")
            of = _dataset(held, own) if each.whole else iris.mint("catalogue-edition", *keys)
            address = f"{root}dump/{each.name}"
            yield catalog.Distribution(of, address, each.media_type, each.size, each.sha256)


def _dumps() -> Dumps:
    found: Dumps = current_app.extensions["mem_graph.dumps"]
    return found


def _making(held: Current) -> Making:
    return _dumps().of(held.release)


def _files(held: Current) -> Mapping[str, File]:
    """Every file, when all are there."""
    return _making(held).all()


@blueprint.route("/dump")
@blueprint.route("/dump/")
def listing() -> Response:
    """Every file with its size and digest; a page does not wait for those that are being made."""
    chosen = negotiate((TEXT, HTML, PROBLEM), request.headers.get("Accept"), _wanted())
    held = endpoint.current()
    if chosen is HTML:
        return _page(held)
    files = _files(held).values()
    tag = endpoint.tag_of(sparql.fingerprint(held.release, SparqlRequest("dump"), chosen.media_type))
    if chosen is PROBLEM:
        facts = [
            {"file": each.name, "type": each.media_type, "bytes": each.size, "sha256": each.sha256} for each in files
        ]
        body, media_type = json.dumps({"release": held.digest, "files": facts}, indent=1), "application/json"
    else:
        body, media_type = render_template("dumps.txt", files=files, release=held.release), chosen.content_type
    return endpoint.headed(Response(body, content_type=media_type), tag)


def _page(held: Current) -> Response:
    making = _making(held)
    there = making.there()
    coming = {name: SUFFIXES[Path(name).suffix].media_type for name in making.names if name not in there}
    body = render_template("dumps.html", files=there.values(), coming=coming, release=held.release)
    asked = SparqlRequest(f"dump {len(there)} {endpoint.language()}")
    tag = endpoint.tag_of(sparql.fingerprint(held.release, asked, HTML.media_type))
    response = endpoint.headed(Response(body, content_type=HTML.content_type), tag)
    if coming:
        response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/dump/<path:name>")
def dump(name: str) -> Response:
    """One file, whole or a range of it (RFC 9110, section 14), with its digest."""
    held = endpoint.current()
    if name == SUMS:
        return _sums(held)
    file = _dumps().kept(held.release, name)
    if file is None and (file := _making(held).one(name)) is None:
        raise UnknownTerm(word=name[:200], scheme=Wording("scheme.files"), near=near(f"/{name}", _names(held)))
    response = send_file(file.path, mimetype=file.media_type, conditional=True, etag=file.sha256, max_age=60)
    digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    response.headers["Cache-Control"] = "public, max-age=60, no-transform"
    if file.media_type.startswith("text/"):
        response.content_type = f"{file.media_type}; charset=utf-8"
    return response


def _names(held: Current) -> list[str]:
    making = _making(held)
    return [f"/{name}" for name in dict.fromkeys((*making.there(), *making.names, SUMS))]


def _sums(held: Current) -> Response:
    lines = [f"{each.sha256}  {each.name}\n" for each in _files(held).values()]
    body = "".join(lines).encode()
    response = Response(body, content_type=TEXT.content_type)
    return endpoint.headed(response, endpoint.tag_of(releases.sha256(body)[:32]))

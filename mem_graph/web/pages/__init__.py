"""``/id/`` and ``/doc/``: everything has an address, at which a person gets a page and a program gets RDF.

A thing answers 303 to its document, which negotiates; with a suffix it comes in one format. A document of a kind that
has a page of its own is shown by that page, all others by the general one. https://www.w3.org/TR/cooluris/
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from flask import Blueprint, Response, g, redirect, request

from mem_graph import resources
from mem_graph.engine.media_types import HTML, N_TRIPLES, Format, negotiate
from mem_graph.errors import UnknownTerm
from mem_graph.iris import ONTOLOGY, SHAPES
from mem_graph.query import lookups, sparql
from mem_graph.query.asking import page_query
from mem_graph.web import api, endpoint, exact, framing, graph_store, signposting, views
from mem_graph.web.addresses import FORMATS, SUFFIXES, split
from mem_graph.web.pages import dictionary as columns
from mem_graph.web.pages import files, home, reports, searching, shared, sources, terms, things, treaties
from mem_graph.web.views import View
from mem_graph.wording import LANGUAGES, Wording

__all__ = ["blueprint", "home"]

blueprint = Blueprint("pages", __name__)

Page = Callable[[View, str], Response]

PAGES: Mapping[str, Page] = {
    "area": shared.area,
    "assessment": reports.assessment,
    "country": shared.country,
    "criterion": reports.criterion,
    "dataset": shared.dataset,
    "glossary": shared.glossary,
    "institution": shared.institution,
    "place": shared.named,
    "plan": shared.named,
    "rating": shared.rating,
    "recommendation": reports.recommendation,
    "report": reports.report,
    "source": sources.page,
    "standard": treaties.treaty,
    "study": shared.named,
    "term": shared.named,
    "topic": reports.topic,
    "treaty": treaties.treaty,
}
"""The kinds that have a page of their own; the words are those of `iris.PATHS`."""


LISTS: Mapping[str, Page] = {"treaty": treaties.lookups}
"""The kinds of which the list is more than a list."""


@blueprint.route("/id/<path:path>")
def identity(path: str) -> Response:
    """A thing is no document: 303 to the one that is about it."""
    asked = {"lang": chosen} if (chosen := request.args.get("lang")) in LANGUAGES else {}
    response = redirect(views.places("").page(f"doc/{path}", **asked), 303)
    response.headers["Vary"] = "Accept"
    return response  # type: ignore[return-value]


@blueprint.route("/doc/<path:path>")
def document(path: str) -> Response:
    """The document about a thing, or the list of all things of a kind; raises UnknownTerm with those alike."""
    view = View.now()
    if path.endswith(signposting.SUFFIX):
        return _linkset(view, path.removesuffix(signposting.SUFFIX))
    stem, suffix = split(path)
    for name, ending in ((stem, suffix), (path, "")):
        iri = f"{view.places.base}id/{name}"
        if view.known(iri) or view.mentioned(iri):
            return _answered(
                view, iri, f"doc/{name}", ending, PAGES.get(view.minted(iri).kind, things.page), "document"
            )
        if view.site.names.below(f"{iri}/"):
            listed = Document(iri, f"doc/{name}", "list-graph", f"{iri}/")
            return _in_format(view, listed, SUFFIXES.get(ending) or _negotiated(), LISTS.get(name, things.listing))
    raise _unknown(view, stem)


def _unknown(view: View, stem: str) -> UnknownTerm:
    near = view.site.names.near(f"{view.places.base}id/{stem}", view.places.base)
    return UnknownTerm(word=stem[:200], scheme=Wording("scheme.things"), near=near)


def _linkset(view: View, stem: str) -> Response:
    """The typed links of a document, all of them; raises UnknownTerm with those alike."""
    iri = f"{view.places.base}id/{stem}"
    if not (view.known(iri) or view.mentioned(iri) or view.site.names.below(f"{iri}/")):
        raise _unknown(view, stem)
    document = signposting.linkset(view.places.page(f"doc/{stem}"), framing.signposts(iri))
    body = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return framing.finished(Response(body, content_type=signposting.LINKSET), signposting.LINKSET)


@api.blueprint.route("/doc/country/<code>/treaties", endpoint="country_document")
def country_treaties(code: str) -> Response:
    """A state under every treaty: for people a page, else as `api.country_treaties` has it."""
    g.wanted = tuple(value for name in sparql.WANTED for value in request.args.getlist(name))
    chosen = negotiate((*api.OF_COUNTRY, HTML), request.headers.get("Accept"), g.wanted)
    if chosen is not HTML:
        return api.country_treaties(code)
    view = View.now()
    iri = f"{view.places.base}id/country/{code}"
    if not view.known(iri):
        return api.country_treaties(code)  # which says so, with near names
    return treaties.of_country(view, iri)


@blueprint.route("/graph/<path:name>")
def graph(name: str) -> Response:
    """A named graph: for people a page about it, else the graph itself, as `graph_store.by_address` has it."""
    stem, suffix = split(name)
    known = endpoint.current().store.graphs()
    if suffix and graph_store.at_address(name) not in known:
        chosen = SUFFIXES[suffix]
    else:
        stem, chosen = name, _negotiated(graph_store.FORMATS)
    iri = graph_store.at_address(stem)
    if chosen is not HTML or iri not in known:
        return graph_store.by_address(stem, None if chosen is HTML else chosen)
    view = View.now()
    response = things.page(view, iri)
    response.headers["Content-Location"] = view.places.page(f"graph/{stem}.html")
    return response


@blueprint.route("/authors", defaults={"path": "authors"})
def one(path: str) -> Response:
    """A thing of ours that is named outside ``/id/``."""
    view = View.now()
    return _answered(view, f"{view.places.base}{path}", path, "", things.page, "document")


@blueprint.route("/ontology", defaults={"ending": ""})
@blueprint.route("/ontology.<ending>")
def ontology(ending: str) -> Response:
    """The ontology as a whole; raises UnknownTerm where there is no such format."""
    return _ontology(View.now(), f".{ending}" if ending else "")


@blueprint.route("/ontology/<name>")
def term(name: str) -> Response:
    """A term of the ontology, or the ontology by the IRI of its version; raises UnknownTerm with those alike."""
    view = View.now()
    stem, suffix = split(name)
    if view.site.names.labels.get(f"{ONTOLOGY}#{stem}"):
        return _answered(view, f"{ONTOLOGY}#{stem}", f"ontology/{stem}", suffix, terms.page, "document")
    if view.known(f"{ONTOLOGY}/{stem}") or view.mentioned(f"{ONTOLOGY}/{stem}"):
        return _ontology(view, suffix)
    near = get_close_matches(f"{ONTOLOGY}#{stem}", view.site.names.labels, n=5)
    raise UnknownTerm(word=stem[:200], scheme=Wording("scheme.ontology-terms"), near=tuple(near))


@blueprint.route("/shapes")
def shapes() -> Response:
    """All shapes, and the audits."""
    view = View.now()
    return _in_format(view, _shapes(view), _negotiated(), terms.shapes)


@blueprint.route("/shapes.<ending>")
def shapes_in(ending: str) -> Response:
    """All shapes in one format; raises UnknownTerm where there is no such format."""
    view, chosen = View.now(), SUFFIXES.get(f".{ending}")
    if chosen is None:
        raise UnknownTerm(word=ending[:20], scheme=Wording("scheme.shapes-formats"), near=tuple(SUFFIXES))
    return _in_format(view, _shapes(view), chosen, terms.shapes)


def _shapes(view: View) -> Document:
    return Document(SHAPES, "shapes", "shapes-graph", f"{view.places.base}graph/shapes")


@blueprint.route("/shapes/<name>")
def shape(name: str) -> Response:
    """One shape; raises UnknownTerm with those alike."""
    view = View.now()
    stem, suffix = split(name)
    iri = f"{SHAPES}#{stem}"
    if not (view.known(iri) or view.mentioned(iri)):
        raise UnknownTerm(
            word=stem[:200], scheme=Wording("scheme.shapes"), near=tuple(get_close_matches(iri, view.site.names.types))
        )
    return _answered(view, iri, f"shapes/{stem}", suffix, things.page, "document")


def _ontology(view: View, suffix: str) -> Response:
    if suffix and suffix not in SUFFIXES:
        raise UnknownTerm(word=suffix[:20], scheme=Wording("scheme.ontology-formats"), near=tuple(SUFFIXES))
    chosen, graph = SUFFIXES.get(suffix) or _negotiated(), f"{view.places.base}graph/ontology"
    return _in_format(view, Document(ONTOLOGY, "ontology", "graph", graph), chosen, terms.ontology)


@blueprint.route("/dictionary")
def dictionary() -> Response:
    """The data dictionary."""
    return columns.page(View.now())


@blueprint.route("/dictionary.csv")
def dictionary_as_csv() -> Response:
    """The meanings of columns."""
    return columns.as_csv()


@blueprint.route("/query/<name>")
def behind(name: str) -> Response:
    """A query that a page has asked, or a prepared question: 303 to the endpoint with its text, and with the format."""
    base = endpoint.current().release.identity_base
    folder = resources.queries()
    if (folder / "pages" / f"{name}.rq").is_file():
        given = {key: value if ":" in value else f"{base}{value}" for key, value in request.args.items()}
        text = page_query(folder / "pages", name).text(**given)
    else:
        text = lookups.question(folder, name).text
    asked = {"query": text, **{key: request.args[key] for key in ("format",) if key in request.args}}
    return redirect(views.places("").page("sparql", **asked), 303)  # type: ignore[return-value]


@blueprint.route("/search")
def search() -> Response:
    """What is found by words."""
    g.wanted = tuple(value for name in sparql.WANTED for value in request.args.getlist(name))
    return searching.answer(View.now(), negotiate(searching.FORMATS, request.headers.get("Accept"), g.wanted))


for _path, _view in {
    "robots.txt": files.robots,
    "sitemap.xml": files.sitemap,
    "llms.txt": files.llms,
    "opensearch.xml": files.opensearch,
    "terms.json": files.terms,
}.items():
    blueprint.add_url_rule(f"/{_path}", view_func=_view)


class Document(NamedTuple):
    """What a document is about, its path without a suffix, the query that makes it, and the term that is put in."""

    about: str
    path: str
    query: str
    this: str


def _answered(view: View, iri: str, path: str, suffix: str, page: Page, query: str) -> Response:
    """A document in the format that its suffix or the client asks for."""
    return _in_format(view, Document(iri, path, query, iri), SUFFIXES.get(suffix) or _negotiated(), page)


def _in_format(view: View, document: Document, chosen: Format, page: Page) -> Response:
    tag = endpoint.tag_of(framing.fingerprint(chosen.media_type))
    if request.if_none_match.contains_weak(tag):
        return framing.finished(Response(status=304), chosen.media_type, document.about)
    if chosen is HTML:
        response = page(view, document.about)
    else:
        triples = view.asking.triples(document.query, N_TRIPLES.media_type, this=document.this)
        body = exact.written(b"".join(sorted(triples.splitlines(keepends=True))), chosen)  # the same bytes each time
        response = framing.finished(Response(body, content_type=chosen.content_type), chosen.media_type, document.about)
    ending = next(suffix for suffix, each in SUFFIXES.items() if each is chosen)
    response.headers["Content-Location"] = view.places.page(f"{document.path}{ending}")
    return response


def _negotiated(formats: tuple[Format, ...] = FORMATS[:-1]) -> Format:
    """What the client prefers of these formats, and of a page for people."""
    g.wanted = tuple(value for name in sparql.WANTED for value in request.args.getlist(name))
    return negotiate((*formats, HTML), request.headers.get("Accept"), g.wanted)

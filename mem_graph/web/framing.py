"""The frame around a page, and around what has no page: head, links to other formats, caching, structured data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, g, render_template, request
from markupsafe import Markup

from mem_graph import __version__
from mem_graph.engine.media_types import HTML
from mem_graph.graph import release as releases
from mem_graph.iris import ONTOLOGY, curie
from mem_graph.outcomes import SparqlRequest
from mem_graph.query import sparql
from mem_graph.query.asking import Row, in_language
from mem_graph.treaties.words import said
from mem_graph.web import citing, endpoint, signposting
from mem_graph.web.addresses import SUFFIXES, Places
from mem_graph.web.endpoint import language, root
from mem_graph.web.signposting import Link
from mem_graph.web.views import View, places, say
from mem_graph.web.words import asked, words
from mem_graph.wording import LANGUAGES


@dataclass(frozen=True)
class Head:
    """What a page says of itself: its title, the thing it is about, and whether data stand on it."""

    title: str
    about: str = ""
    description: str = ""
    schema: str = "WebPage"


def page(template: str, head: Head, **facts: Any) -> Response:
    """A page as a response, with its headers."""
    view = View.now()
    facts |= _around(view, head) if head.about else {}
    body = render_template(template, view=view, head=head, asked=view.asking.asked, **facts)
    response = Response(body, content_type=HTML.content_type)
    return finished(response, HTML.media_type, head.about, head.schema)


def _around(view: View, head: Head) -> dict[str, Any]:
    """What stands below every page of data: how to cite it, to use it, and to tell of an error."""
    settings, digest = endpoint.settings(), view.held.digest
    address = f"{settings.root}{view.places._replace(root='', language='').link(head.about, '.ttl')}"
    words = str(say("behind.report_words"))
    return {
        "cite": citing.citations(head.title, head.about, digest, view.site.made, settings.title),
        "use": citing.uses(address, f"{settings.root}sparql", head.about),
        "report_link": citing.report_link(settings.contact, head.title, head.about, digest, words),
        "parts_terms": lambda terms: {key: iri.removeprefix(view.places.base) for key, iri in terms.items()},
    }


def fingerprint(media_type: str) -> str:
    """What changes when a document may: release, software, address, language and type."""
    address = f"{request.path}?{request.query_string.decode(errors='replace')} {language()} {root()}"
    return sparql.fingerprint(View.now().held.release, SparqlRequest(address), media_type)


def finished(response: Response, media_type: str, about: str = "", schema: str = "WebPage") -> Response:
    """The response with what caches and crawlers need: tag, Vary, and typed links (https://signposting.org/FAIR/)."""
    endpoint.headed(response, endpoint.tag_of(fingerprint(media_type)))
    endpoint.spoken(response)
    if about:
        response.headers["Link"] = signposting.header(signposts(about, media_type, schema, signposting.MOST))
    return response


LICENCE = "https://spdx.org/licenses/MIT"


def signposts(about: str, media_type: str = "", schema: str = "WebPage", most: int | None = None) -> list[Link]:
    """The typed links of a document: what to cite, the same in other formats, its licence, where it belongs.

    Of a list its things, where they are no more than ``most``: of more than a header has room for, its link set has
    them.
    """
    view = View.now()
    plain = view.places._replace(language="")
    others = [(suffix, each) for suffix, each in SUFFIXES.items() if each.media_type != media_type]
    thing = about.startswith(f"{view.places.base}id/")
    items = view.site.names.below(f"{about}/") if thing and not view.known(about) else []
    items = items if most is None or len(items) <= most else []
    return [
        Link(about, "cite-as"),
        *(
            Link(plain.link(about, suffix), {".html": "alternate"}.get(suffix, "describedby"), each.media_type)
            for suffix, each in others
        ),
        Link(LICENCE, "license"),
        Link(plain.page("catalogue"), "collection", "text/turtle"),
        Link(f"https://schema.org/{schema}", "type"),
        *([Link(plain.link(about, signposting.SUFFIX), "linkset", signposting.LINKSET)] if thing else []),
        *(Link(plain.link(each), "item") for each in items),
    ]


def structured(head: Head) -> Markup:
    """The page in the words of schema.org, as JSON-LD that can stand in a page: it is data, and no browser runs it."""
    view = View.now()
    base = view.held.release.identity_base
    whole = {"@type": "Dataset", "@id": f"{base}id/release", "name": endpoint.settings().title, "license": LICENCE}
    document: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": head.schema,
        "@id": head.about or base,
        "name": head.title,
        "inLanguage": view.language,
    }
    if head.schema == "Dataset":
        creator = {"@type": "Organization", "name": citing.AUTHORS}
        facts = {"description": head.description, "version": view.held.digest, "license": LICENCE, "creator": creator}
        document |= {**facts, "isAccessibleForFree": True}
    document |= {} if document["@id"] == whole["@id"] else {"isPartOf": whole}
    text = (
        json.dumps(document, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    )
    return Markup(text)


def frame() -> dict[str, Any]:
    """What every template knows, also those of pages that need no release."""
    settings, here = endpoint.settings(), request.path.removeprefix("/")
    view = g.get("view") or _served()
    chosen = language()
    at = places(settings.identity_base)
    other = {each: _switched(here, each) for each in LANGUAGES if each != chosen}
    return {
        "settings": settings,
        "view": view,
        "root": root(),
        "at": at,
        "language": chosen,
        "other_languages": other,
        "t": say,
        "told": lambda value: said(value, chosen),
        "mine": lambda terms: in_language(terms, chosen),
        "fault": lambda code: words(chosen).get(f"error.{code}", code.replace("-", " ").capitalize()),
        "asks": lambda name, english: asked(chosen).get(name, english),
        "software": __version__,
        "curie": curie,
        "loaded": _loaded(view) if view else None,
        "structured": structured,
        "number": _number,
    }


def _loaded(view: View) -> Mapping[str, Any]:
    """The reports, by the periods that they cover, and the date of the release."""
    periods: dict[str, list[Row]] = {}
    for each in view.site.reports:
        periods.setdefault(view.period(each), []).append(each)
    return {"reports": view.site.reports, "periods": periods, "made": view.site.made, "digest": view.held.digest}


def _served() -> View | None:
    """The view of a page that is made from no release, such as one that tells of an error, where a build made one."""
    held = endpoint.serving().peek()
    return View.now() if held and (held.release.folder / releases.MANIFEST).exists() else None


def _switched(path: str, to: str) -> str:
    asked = {name: value for name, value in request.args.items() if name != "lang"}
    return Places(root(), "", to).page(path, **asked)


def _number(value: str | int | float) -> str:
    """A number as people read it: thousands apart, in Spanish by a thin space that does not break."""
    text = f"{value:,}" if isinstance(value, int) else f"{float(value):,.10g}" if value not in ("", None) else ""
    return text.replace(",", "\u202f") if language() == "es" else text


def near(keys: Sequence[str]) -> list[tuple[str, str]]:
    """Names and links of things that are near a wrong name, where pages are made from a release.

    In: their IRIs, or keys of states and treaties: then the link asks again with the key in place of the wrong name.
    """
    view: View | None = g.get("view")
    if view is None:
        return []
    links = [(view.name(key), view.link(key)) for key in keys if key.startswith(view.places.base)]
    found = [
        (key, view.iris.base + path + key) for key in keys for path in KEYED if view.known(view.iris.base + path + key)
    ]
    again = [(view.name(iri), _again(view, iri, key)) for key, iri in found]
    return [each for each in (*links, *again) if each[1]]


KEYED = ("id/country/", "id/treaty/", "id/standard/")
"""Where the IRIs begin of what a look-up names by a key."""


def _again(view: View, iri: str, key: str) -> str:
    """The look-up of this request with another state or treaty; else the page of that."""
    kind = view.minted(iri).kind
    asked = [name for name in (("country",) if kind == "country" else ("treaty", "only")) if name in request.args]
    if len(asked) != 1:
        return view.link(iri)
    given = {name: value for name, value in request.args.items() if name != "lang"} | {asked[0]: key}
    return view.places.page(request.path.removeprefix("/"), **given)


def is_term(iri: str) -> bool:
    """Whether an IRI is one of the ontology."""
    return iri == ONTOLOGY or iri.startswith(f"{ONTOLOGY}#")

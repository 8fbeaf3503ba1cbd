"""What a page is made with: the release, what it asks, the language, names, links, and the frame around the page."""

from __future__ import annotations

import csv
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any

from flask import Response, current_app, g, render_template, request
from markupsafe import Markup, escape

from mem_graph import __version__, resources
from mem_graph.engine.media_types import HTML
from mem_graph.errors import BadRequest, UnknownTerm
from mem_graph.graph import release as releases
from mem_graph.iris import ONTOLOGY, Iris, Minted, curie
from mem_graph.outcomes import SparqlRequest
from mem_graph.query import sparql
from mem_graph.query.asking import Asking, Row, in_language
from mem_graph.query.current import Current
from mem_graph.query.names import Names
from mem_graph.query.search import SearchIndex
from mem_graph.treaties.words import said
from mem_graph.web import citing, endpoint, naming, signposting
from mem_graph.web.addresses import SUFFIXES, Places
from mem_graph.web.endpoint import language, root
from mem_graph.web.signposting import Link
from mem_graph.web.words import LANGUAGES, asked, borrowed, words

HELD = 2
"""Releases whose names are held."""


@dataclass(frozen=True)
class Site:
    """What pages know of a release before they ask: names, the reports that are loaded, and when it was made."""

    names: Names
    index: SearchIndex
    reports: tuple[Row, ...]
    made: date

    @classmethod
    def read(cls, held: Current) -> Site:
        """In: the release."""
        asking = Asking(held, resources.queries() / "pages")
        path = held.release.folder / releases.MANIFEST
        made = datetime.fromtimestamp(path.stat().st_mtime) if path.exists() else datetime.now()
        names = Names.read(asking, spanish(held.release.identity_base))
        return cls(names, SearchIndex.read(asking, names), tuple(asking.rows("loaded")), made.date())


def spanish(base: str) -> Mapping[str, str]:
    """What pages in Spanish call institutions, instruments, places, plans and regions, by their IRIs."""
    table = resources.data() / "tables" / "spanish-names.csv"
    with table.open(encoding="utf-8", newline="") as lines:
        return {f"{base}id/{row['thing']}": row["name"] for row in csv.DictReader(lines)}


class Sites:
    """The sites of the last releases, each read once; any thread may ask, and waits for none but the one it asks."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sites: OrderedDict[str, Site] = OrderedDict()
        self._reading: dict[str, Lock] = {}

    def of(self, held: Current) -> Site:
        """The site of a release."""
        with self._lock:
            if (known := self._sites.get(held.digest)) is not None:
                return known
            reading = self._reading.setdefault(held.digest, Lock())
        with reading:
            if (known := self._sites.get(held.digest)) is not None:  # another thread was quicker
                return known
            site = Site.read(held)
            with self._lock:
                self._sites[held.digest] = site
                self._reading.pop(held.digest, None)
                while len(self._sites) > HELD:
                    self._sites.popitem(last=False)
            return site


def say(key: str, /, **values: Any) -> Markup:
    """The words of the interface for a key, in the language of the request; values are escaped."""
    found = Markup(words(language())[key])  # the table is ours
    return found.format(**values) if values else found


def places(base: str) -> Places:
    """Where things are for this request; the language goes along where it was chosen by the parameter."""
    chosen = request.args.get("lang", "")
    return Places(root(), base, chosen if chosen in LANGUAGES else "")


@dataclass(frozen=True)
class View:
    """One request for a page, and the release that it is answered from."""

    held: Current
    site: Site
    asking: Asking
    places: Places
    language: str

    @classmethod
    def now(cls) -> View:
        """The view of this request; raises Unavailable where no release is loaded."""
        if "view" not in g:
            held = endpoint.current()
            sites: Sites = current_app.extensions["mem_graph.sites"]
            asking = Asking(held, resources.queries() / "pages")
            g.view = cls(held, sites.of(held), asking, places(held.release.identity_base), language())
        view: View = g.view
        return view

    @cached_property
    def iris(self) -> Iris:
        """The IRIs of the release."""
        return Iris(self.held.release.identity_base)

    def link(self, iri: str, suffix: str = "") -> str:
        """Where an IRI leads."""
        return self.places.link(iri, suffix)

    def known(self, iri: str) -> bool:
        """Whether the data say anything of an IRI's class."""
        return iri in self.site.names.types

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The words of the interface in the language of the request."""
        return words(self.language)

    def minted(self, iri: str) -> Minted:
        """The kind and keys of an IRI; the kind is empty for one that is not ours."""
        return _minted(self.iris, iri)

    def mentioned(self, iri: str) -> bool:
        """Whether any triple has an IRI, though none says what it is."""
        try:
            return bool(self.asking.rows("mentioned", this=iri))
        except BadRequest:
            return False
        finally:
            del self.asking.asked[:]

    def name(self, iri: str) -> str:
        """What a thing is called: its label, else what its IRI says in words, else the IRI."""
        if label := self.site.names.of(iri, self.language):
            kind, keys = self.minted(iri) if "/recommendation/" in iri else ("", ())
            return f"{keys[1]}. {label}" if kind == "recommendation" else label
        minted = self.minted(iri)
        return (
            self._kind_and_place(iri, minted) if minted.kind else borrowed(self.language).get(curie(iri)) or curie(iri)
        )

    def tongue(self, iri: str) -> str:
        """The language in which a thing is named, where that is not the language of the page; else empty."""
        labels = self.site.names.labels.get(iri, {})
        return "en" if labels and self.language not in labels and "en" in labels else ""

    def _kind_and_place(self, iri: str, minted: Minted) -> str:
        if minted.kind in ("report", "assessment"):
            return self._report(*minted.keys)
        kind = self.words.get(f"kind.{minted.kind.replace(' ', '-')}") or self._class(iri) or self.kind(minted.kind)
        if minted.kind in naming.RECORD:
            return naming.of_record(minted, self.iris, self.name, self.words)
        if minted.kind == "derivation":
            return naming.of_derivation(minted, self.iris, self.name)
        if minted.kind == "audit-result":
            return naming.of_audit(minted, lambda each: self.name(each) if ":" in each else self._report(each))
        if minted.kind in ("edition", "reading", "source", "glossary", "audit"):
            whole = ", ".join(minted.keys[1:])
            return f"{kind}: {self._report(minted.keys[0])}{f' ({whole})' if whole else ''}"
        if len(minted.keys) >= 5 and (place := self.place(minted.keys[1], minted.keys[4])):
            return f"{kind}: {place}"
        return f"{kind} {'/'.join(minted.keys)}".strip()

    def title(self, iri: str) -> str:
        """What the page about a thing is called: its name as a sentence begins, with the country of its report."""
        minted, name = self.minted(iri), self.name(iri)
        if self.site.names.of(iri, self.language) or not minted.kind:
            return name
        code = minted.keys[0].partition("-R")[0] if minted.keys and "-R" in minted.keys[0] else ""
        country = self.site.names.of(self.iris.country(code), self.language) if len(minted.keys) >= 5 and code else ""
        return f"{name[:1].upper()}{name[1:]}{f' ({country})' if country else ''}"

    def _class(self, iri: str) -> str:
        """What a thing is, by its class: *finding*; one of ours before one of others."""
        types = sorted(self.site.names.types.get(iri, ()), key=lambda each: not each.startswith(f"{ONTOLOGY}#"))
        own = [each for each in types if each != f"{ONTOLOGY}#Statement"]
        return self.name(own[0]) if own else ""

    def _report(self, key: str, number: str = "") -> str:
        """*Peru, Sixth Evaluation Round*, or *Peru, recommendation 24*."""
        code, _, of_round = key.partition("-R")
        country = self.site.names.of(self.iris.country(code), self.language) or code
        if number:
            return f"{country}, {self.place(number, '')}"
        return f"{country}, {self.site.names.of(self.iris.round(of_round), self.language)}"

    def kind(self, kind: str) -> str:
        """A kind of IRI in words."""
        return self.words.get(f"kind.{kind.replace(' ', '-')}", kind.replace("-", " "))

    def kinds(self, kind: str) -> str:
        """All things of a kind in words: *Institutions*."""
        first, _, rest = kind.partition("/")
        found = self.words.get(f"kinds.{first}", first.replace("-", " ").capitalize())
        return f"{found}: {rest}" if rest else found

    def place(self, where: str, local: str, within: bool = False) -> str:
        """A place in a report in words: *recommendation 24, sentence 3*; within its chapter *sentence 3*."""
        return naming.place(where, local, within, self.words)

    def sentence(self, passage: str) -> str:
        """Where a passage stands in the text of its source, on the page of the source."""
        kind, keys = self.minted(passage)
        if kind not in ("passage", "words"):
            return self.link(passage)
        report, where, lang, revision, local = keys[:5]
        place = f"{where}-{local}"
        page = self.places.page(f"doc/source/{report}/{lang}/{revision}/1", at=where if where.isdigit() else place)
        return f"{page}#{place}"

    def path(self, iri: str) -> str:
        """The path of an IRI of the release below its identity base."""
        return iri.removeprefix(self.places.base)

    def whole(self, words: str) -> str:
        """An IRI from its path below the identity base, or the IRI itself."""
        return words if ":" in words else f"{self.places.base}{words}"

    def marked(self, sentence: str, spans: Sequence[tuple[int, int]]) -> Markup:
        """A sentence with the words of these places marked; places that it does not have mark nothing."""
        parts, at = Markup(), 0
        for start, end in spans:
            if at <= start < end <= len(sentence):
                parts += Markup("{}<mark>{}</mark>").format(sentence[at:start], sentence[start:end])
                at = end
        return parts + escape(sentence[at:])

    def glossary(self, iri: str) -> str:
        """Whose glossary a scheme of terms is: *Peru, Sixth Evaluation Round*."""
        keys = self.minted(iri).keys
        return self._report(keys[0]) if keys else iri

    def letter(self, statement: str) -> str:
        """Which sentence and which statement of it: *3a*; or what else its IRI ends in."""
        return naming.letter(statement)

    def place_of(self, passage: str, within: bool = False) -> str:
        """A passage in words."""
        keys = self.minted(passage).keys
        return self.place(keys[1], keys[4], within) if len(keys) >= 5 else self.name(passage)


@lru_cache(20_000)
def _minted(iris: Iris, iri: str) -> Minted:
    try:
        return iris.parse(iri)
    except UnknownTerm:
        return Minted("", ())


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
    response.headers["Vary"] = "Accept, Accept-Language, Accept-Encoding"
    response.headers["Content-Language"] = language()
    if about:
        response.headers["Link"] = signposting.header(_named(signposts(about, media_type, schema)))
    return response


LICENCE = "https://spdx.org/licenses/MIT"


def signposts(about: str, media_type: str = "", schema: str = "WebPage") -> list[Link]:
    """The typed links of a document: what to cite, the same in other formats, its licence, where it belongs.

    Of a list its things; of more than a header has room for, its link set has them.
    """
    view = View.now()
    plain = view.places._replace(language="")
    others = [(suffix, each) for suffix, each in SUFFIXES.items() if each.media_type != media_type]
    thing = about.startswith(f"{view.places.base}id/")
    items = view.site.names.below(f"{about}/") if thing and not view.known(about) else []
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


def _named(links: Sequence[Link]) -> list[Link]:
    """The links that a header has: items only where they are few."""
    many = sum(each.rel == "item" for each in links) > signposting.MOST
    return [each for each in links if each.rel != "item" or not many]


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
    """The reports and date of the release."""
    return {"reports": view.site.reports, "made": view.site.made, "digest": view.held.digest}


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


def near(iris: Sequence[str]) -> list[tuple[str, str]]:
    """Names and links of things that are near a wrong name, where pages are made from a release."""
    view: View | None = g.get("view")
    links = [(view.name(iri), view.link(iri)) for iri in iris if iri.startswith(view.places.base)] if view else []
    return [each for each in links if each[1]]


def is_term(iri: str) -> bool:
    """Whether an IRI is one of the ontology."""
    return iri == ONTOLOGY or iri.startswith(f"{ONTOLOGY}#")

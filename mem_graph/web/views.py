"""What a page is made with: the release, what it asks, the language, names and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from flask import current_app, g, request
from markupsafe import Markup, escape

from mem_graph import resources
from mem_graph.errors import BadRequest, UnknownTerm
from mem_graph.iris import ONTOLOGY, SHAPES, Iris, Minted, curie
from mem_graph.query.asking import Asking, Row
from mem_graph.query.current import Current
from mem_graph.web import endpoint, naming
from mem_graph.web.addresses import Places
from mem_graph.web.endpoint import language, root
from mem_graph.web.sites import Site, Sites
from mem_graph.web.words import borrowed, words
from mem_graph.wording import LANGUAGES


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
        if iri.startswith(f"{SHAPES}#"):
            own = iri.rpartition("#")[2]
            return self.words["shapes.of"].format(name=self.site.names.of(f"{ONTOLOGY}#{own}", self.language) or own)
        minted = self.minted(iri)
        return (
            self._kind_and_place(iri, minted) if minted.kind else borrowed(self.language).get(curie(iri)) or curie(iri)
        )

    def tongue(self, iri: str) -> str:
        """The language in which a thing is named, where that is not the language of the page; else empty."""
        own = self.site.names.tongue(iri, self.language)
        return own if own != self.language else ""

    def spoken(self, iri: str) -> str:
        """The language of the report's text that a passage, statement or term is of."""
        return naming.spoken(self.minted(iri))

    def period(self, report: Row, short: bool = False) -> str:
        """The period that a report covers; where none was read in it, that of its round, and that it is that."""
        if report["period"]:
            return naming.period(report["period"], self.words)
        of_round = "period.of_round_short" if short else "period.of_round"
        key = of_round if report["usual"] else "period.unread"
        return self.words[key].format(period=naming.period(report["usual"], self.words))

    def word(self, kind: str, value: str) -> str:
        """A value without a node in words, such as the ``method`` *by spraying*; what is not of the table as it is."""
        return self.words.get(f"{kind}.{value.replace(' ', '-')}", value)

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
        if minted.kind in ("article", "section"):
            return naming.of_article(minted, self.iris, self.name, self.words)
        if len(minted.keys) >= 5 and (place := self.place(minted.keys[1], minted.keys[4])):
            return f"{kind}: {place}{naming.characters(minted, self.words)}"
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

    def country_of(self, iri: str) -> str:
        """The country of the report that something stands in, by the first key of its IRI."""
        return self.iris.country(self.minted(iri).keys[0].partition("-R")[0])

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

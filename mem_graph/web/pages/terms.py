"""The ontology as pages: all its terms, and each with where it is used; and the shapes in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from flask import Response

from mem_graph.iris import ONTOLOGY, PREFIXES
from mem_graph.query.asking import Row, Term, in_language
from mem_graph.query.names import FIRST
from mem_graph.web.framing import Head
from mem_graph.web.framing import page as framed
from mem_graph.web.pages import drawing, things
from mem_graph.web.views import View, say

OWL, RDF, RDFS, SKOS = (PREFIXES[name] for name in ("owl", "rdf", "rdfs", "skos"))

DEFINITION = f"{SKOS}definition"

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "classes": (f"{OWL}Class", f"{RDFS}Datatype"),
    "object-properties": (f"{OWL}ObjectProperty",),
    "datatype-properties": (f"{OWL}DatatypeProperty", f"{OWL}AnnotationProperty"),
    "schemes": (f"{SKOS}ConceptScheme",),
    "values": (f"{SKOS}Concept",),
}
"""The sections of the ontology's page, and the types of what stands in each."""


def ontology(view: View, iri: str) -> Response:
    """The ontology: what it is, and all its terms."""
    rows = view.asking.told("ontology-terms", "definition", view.language, this=ONTOLOGY)
    sections = {name: _terms(rows, types) for name, types in SECTIONS.items()}
    said = view.asking.terms("thing", this=ONTOLOGY)
    facts = things.grouped([(row["property"].value, row["value"]) for row in said])
    pairs = [(row["part"], row["whole"]) for row in view.asking.rows("class-tree")]
    names = {each: view.name(each) for each in chain.from_iterable(pairs)}
    tops = sorted({whole for _, whole in pairs} - {part for part, _ in pairs}, key=lambda each: names[each])
    return framed(
        "ontology.html",
        Head(view.name(ONTOLOGY), iri),
        sections=sections,
        facts=facts,
        trees=[(each, drawing.tree(_family(pairs, each), names)) for each in tops],
        space=f"{ONTOLOGY}#",
    )


def _terms(rows: list[Row], types: tuple[str, ...]) -> list[Row]:
    found = {row["term"]: row for row in rows if row["type"] in types}
    return sorted(found.values(), key=lambda row: row["term"].casefold())


def page(view: View, iri: str) -> Response:
    """A term of the ontology: a class, a property, a list of values, or a value."""
    types = frozenset(view.site.names.types.get(iri, ()))
    if types & set(SECTIONS["classes"]):
        return _class(view, iri)
    if types & {*SECTIONS["object-properties"], *SECTIONS["datatype-properties"]}:
        return _property(view, iri)
    return things.page(view, iri)


def _class(view: View, iri: str) -> Response:
    """A class: what it means, what is around it, the properties of its things, its shapes, some of its things."""
    asking = view.asking
    known = _told(view, iri)
    used = asking.told("class-properties", "example", view.language, this=iri)
    total = next((int(row["things"]) for row in used if row["property"] == f"{RDF}type"), 0)
    sides = asking.rows("class-led-to", this=iri), asking.rows("class-leads-to", this=iri)
    pairs = [(row["part"], row["whole"]) for row in asking.rows("class-tree")]
    related = {row["class"] for side in sides for row in side} | {iri, *chain.from_iterable(pairs)}
    names = {each: view.name(each) for each in related}
    asking.shows("class-things", this=iri)
    return framed(
        "class.html",
        Head(view.name(iri), iri, first_text(known, DEFINITION, view.language)),
        known=known,
        counted=bool(asking.held.catalogue),
        used=[row for row in used if row["property"] != f"{RDF}type"],
        total=total,
        sides=sides,
        around=drawing.around(iri, _neighbours(view, sides[0]), _neighbours(view, sides[1]), names),
        family=(family := _family(pairs, iri)),
        tree=drawing.tree(family, names),
        shapes=asking.told("class-shapes", "words", view.language, this=iri),
        things=view.site.names.first(iri),
        most=FIRST,
        path=view.path(iri),
    )


def _property(view: View, iri: str) -> Response:
    """A property: what it means, what has it and what values it has, and some examples from the data."""
    known = _told(view, iri)
    return framed(
        "property.html",
        Head(view.name(iri), iri, first_text(known, DEFINITION, view.language)),
        known=known,
        counted=bool(view.asking.held.catalogue),
        uses=[row for row in view.asking.rows("term-uses", this=iri) if view.link(row["type"])],
        examples=view.asking.terms("property-examples", this=iri),
        path=view.path(iri),
    )


def _told(view: View, iri: str) -> Mapping[str, list[Term]]:
    """What the ontology says of a term, by property."""
    found: dict[str, list[Term]] = {}
    for row in view.asking.terms("thing", this=iri):
        found.setdefault(row["property"].value, []).append(row["value"])
    return found


def first_text(known: Mapping[str, list[Term]], property_: str, language: str) -> str:
    """The first text of a property for a reader of a language, empty where there is none."""
    return next((term.value for term in in_language(known.get(property_, []), language)), "")


def _neighbours(view: View, rows: Iterable[Row]) -> Mapping[str, list[str]]:
    """Classes in the order of their use, each with the names of the properties that lead there."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["class"], []).append(view.name(row["property"]))
    return found


def _family(pairs: Sequence[tuple[str, str]], iri: str) -> list[tuple[str, str]]:
    """The steps of a hierarchy above and below a class."""
    above, below = {iri}, {iri}
    for _ in pairs:
        above |= {whole for part, whole in pairs if part in above}
        below |= {part for part, whole in pairs if whole in below}
    return [(part, whole) for part, whole in pairs if part in above or whole in below]


def shapes(view: View, iri: str) -> Response:
    """What the data must look like, in words: each shape with the class it is about and what it asks."""
    rows = view.asking.told("shapes", "words", view.language, this=f"{iri}#")
    by_class: dict[str, list[Row]] = {}
    for row in rows:
        by_class.setdefault(row["target"], []).append(row)
    groups = sorted(by_class.items(), key=lambda each: view.name(each[0]).casefold())
    return framed("shapes.html", Head(str(say("shapes.title")), iri), groups=groups, total=len(rows), plain=_plain)


def _plain(message: str) -> str:
    """The message of a shape before it has met a value: SHACL, section 5.3.2."""
    return re.sub(r"\{[?$]?\w+\}", "…", message)

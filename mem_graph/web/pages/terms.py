"""The ontology as pages: all its terms, and each with where it is used; and the shapes in words."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response

from mem_graph.iris import ONTOLOGY, PREFIXES
from mem_graph.query.asking import Row
from mem_graph.web.pages import things
from mem_graph.web.views import Head, View, say
from mem_graph.web.views import page as framed

OWL, RDFS, SKOS = (PREFIXES[name] for name in ("owl", "rdfs", "skos"))

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
    rows = view.asking.rows("ontology-terms", this=ONTOLOGY)
    sections = {name: _terms(rows, types) for name, types in SECTIONS.items()}
    said = view.asking.terms("thing", this=ONTOLOGY)
    facts = things.grouped([(row["property"].value, row["value"]) for row in said])
    head = Head(view.name(ONTOLOGY), iri)
    return framed("ontology.html", head, sections=sections, facts=facts, space=f"{ONTOLOGY}#")


def _terms(rows: list[Row], types: tuple[str, ...]) -> list[Row]:
    found = {row["term"]: row for row in rows if row["type"] in types}
    return sorted(found.values(), key=lambda row: row["term"].casefold())


def page(view: View, iri: str) -> Response:
    """A term of the ontology, with how often it is used as a property."""
    uses = [row for row in view.asking.rows("term-uses", this=iri) if view.link(row["type"])]
    return things.page(view, iri, uses=uses)


def shapes(view: View, iri: str) -> Response:
    """What the data must look like, in words: each shape with the class it is about and what it asks."""
    rows = view.asking.rows("shapes", this=f"{iri}#")
    by_class: dict[str, list[Row]] = {}
    for row in rows:
        by_class.setdefault(row["target"], []).append(row)
    groups = sorted(by_class.items(), key=lambda each: view.name(each[0]).casefold())
    return framed("shapes.html", Head(str(say("shapes.title")), iri), groups=groups, total=len(rows))

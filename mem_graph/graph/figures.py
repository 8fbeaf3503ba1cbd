"""Figures of the reports as an RDF Data Cube: what an observation is of, in which unit, and in which data set.

``ontology/cube.ttl`` lists those that are known. A report may count anything: a subject, a unit or a measure that is
not listed becomes one of its own, marked for review, and its data set gets the structure that all have. RDF Data Cube
Vocabulary, sections 6 and 8.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rdflib import Literal, URIRef
from rdflib.namespace import QB, RDF, SKOS

from mem_graph import model
from mem_graph.graph.evidence import MEM, Frame, Triples
from mem_graph.iris import slug

DIMENSIONS = ("country", "year", "subject", "edition")
"""By what the observations of every data set differ, in the order of its components; then the unit and the value."""

_CURRENCY = re.compile(r"[A-Z]{3}")
"""The code of a currency, ISO 4217, which is the same in every language."""


def dataset(frame: Frame, seen: model.Observation) -> URIRef:
    """The data set of an observation: one for each measure and unit, ``id/dataset/eradicated-ha``."""
    return URIRef(frame.iris.dataset(_key(f"{seen.measure} {seen.unit}")))


def subject(frame: Frame, seen: model.Observation) -> URIRef:
    """Of what something was measured: ``id/subject/cocaine-paste``."""
    return URIRef(frame.iris.subject(_key(seen.subject)))


def unit(frame: Frame, seen: model.Observation) -> URIRef:
    """The unit: a value of the ontology, or ``id/unit/persons`` for one that it does not list."""
    known = frame.vocabulary.values.get(("Unit", seen.unit))
    return URIRef(known or frame.iris.mint("unit", _key(seen.unit)))


def _key(words: str) -> str:
    """Words as a key in ASCII: letters without their accents."""
    return slug(unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode())


def figures(frame: Frame) -> Triples:
    """The subjects, units and data sets of an edition's observations that no list holds."""
    known = frame.vocabulary
    for seen in frame.edition.observations:
        if _key(seen.subject) not in known.subjects:
            scheme = URIRef(frame.iris.mint("subject-scheme"))
            yield from _concept(frame, subject(frame, seen), seen.subject)
            yield subject(frame, seen), SKOS.inScheme, scheme
        if ("Unit", seen.unit) not in known.values:
            yield from _concept(frame, unit(frame, seen), seen.unit)
            yield unit(frame, seen), RDF.type, MEM.Unit
        if (name := _key(f"{seen.measure} {seen.unit}")) not in known.datasets:
            yield from _dataset(frame, seen, name)


def _concept(frame: Frame, node: URIRef, words: str) -> Triples:
    yield node, RDF.type, SKOS.Concept
    yield from ((node, SKOS.prefLabel, label) for label in _labels(frame, words))
    yield node, SKOS.notation, Literal(words)
    yield node, MEM.reviewNeeded, Literal(True)


def _labels(frame: Frame, *words: str) -> Iterator[Literal]:
    """Words of figures in English and Spanish where the table has them; what it has not is in the report's language.

    Kinds that share a number are named one by one: ``judges and prosecutors``, ``jueces y fiscales``.
    """
    spanish, own = frame.vocabulary.figure_words, frame.edition.identity.language
    said = [word.split(" and ") for word in words if word]
    codes = {word: word for word in words if _CURRENCY.fullmatch(word)}
    english = {word: word for word in spanish}
    for language, joint, known in (("en", " and ", english | codes), ("es", " y ", {**spanish, **codes})):
        if language == own or all(one in known for word in said for one in word):
            label = ", ".join(joint.join(known.get(one, one) for one in word) for word in said)
            yield Literal(label[:1].upper() + label[1:] if len(words) > 1 else label, lang=language)


def _dataset(frame: Frame, seen: model.Observation, name: str) -> Triples:
    """A data set with its structure: the dimensions, the unit as attribute, the value as measure."""
    node, structure = dataset(frame, seen), URIRef(frame.iris.mint("structure", name))
    yield node, RDF.type, QB.DataSet
    yield from ((node, SKOS.prefLabel, label) for label in _labels(frame, seen.measure, seen.unit))
    yield node, QB.structure, structure
    yield node, MEM.unit, unit(frame, seen)
    yield node, MEM.reviewNeeded, Literal(True)
    yield structure, RDF.type, QB.DataStructureDefinition
    for order, (part, about) in enumerate(_components(), start=1):
        component = URIRef(frame.iris.mint("component", name, part))
        yield structure, QB.component, component
        yield component, RDF.type, QB.ComponentSpecification
        yield component, about, MEM[part]
        yield component, QB.order, Literal(order)
        if part == "unit":
            yield component, QB.componentRequired, Literal(True)


def _components() -> Iterator[tuple[str, URIRef]]:
    yield from ((dimension, QB.dimension) for dimension in DIMENSIONS)
    yield "unit", QB.attribute
    yield "value", QB.measure

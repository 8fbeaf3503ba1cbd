"""What every statement of an edition has: where it stands, its sentence as a passage, and its annotation.

Passages follow the Web Annotation Data Model: a text quote selector (section 4.2.4) and a text position selector in
code points from 0, end excluded (section 4.2.5). Nothing here knows what a statement says.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from rdflib import Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, XSD
from rdflib.term import Node

from mem_graph import model
from mem_graph.graph.tables import owner_of
from mem_graph.iris import PREFIXES, Iris, Key
from mem_graph.vocabulary import Vocabulary

MEM = Namespace(PREFIXES["mem"])
OA = Namespace(PREFIXES["oa"])

CONTEXT = 32
"""How many characters a text quote selector gives before and after the words."""

SELECTORS = ("quote-selector", "position-selector")

Triple = tuple[Node, Node, Node]
Triples = Iterator[Triple]


@dataclass(frozen=True, slots=True)
class Frame:
    """What every function here needs: the edition, the vocabulary and the IRIs."""

    edition: model.Edition
    vocabulary: Vocabulary
    iris: Iris

    @property
    def key(self) -> str:
        """``PER-R6/en/1``."""
        return self.edition.identity.edition

    @property
    def source(self) -> URIRef:
        """The edition's source file."""
        return URIRef(self.iris.source(self.key))

    def words(self, text: str) -> Literal:
        """Words of the report, in its language."""
        return Literal(text, lang=self.edition.identity.language)

    def value(self, kind: str, word: str) -> URIRef:
        """A value of the ontology."""
        return URIRef(self.vocabulary.value(kind, word))

    def passage(self, where: Key, local: str, words: str = "") -> URIRef:
        """A passage of the edition."""
        return URIRef(self.iris.passage(self.key, where, local, words))

    def statement(self, kind: str, at: Place) -> URIRef:
        """A statement of the edition."""
        return URIRef(self.iris.statement(kind, self.key, at.where, at.local))

    def rating(self, words: str) -> URIRef:
        """The rating that these words, or this key, name in the round of the report."""
        return URIRef(self.iris.rating(self.edition.identity.round, self.vocabulary.rating(words).key))

    def area(self, words: str) -> URIRef:
        """The thematic area that these words, or this key, name in the round of the report."""
        return URIRef(self.iris.area(self.edition.identity.round, self.vocabulary.area(words).key))

    def recommendation(self, number: int) -> URIRef:
        """A recommendation of the round of the report."""
        return URIRef(self.iris.recommendation(self.edition.identity.round, number))

    def instrument(self, key: str) -> URIRef:
        """A treaty or a standard."""
        return URIRef(self.iris.instrument(key, key in self.vocabulary.standards))

    def article(self, key: str, number: str) -> URIRef:
        """An article of a treaty or a standard."""
        return URIRef(self.iris.article(key, number, key in self.vocabulary.standards))

    def owner(self, key: str) -> URIRef:
        """The institution with this key, or the country with this code."""
        return owner_of(self.iris, key)


class Place(NamedTuple):
    """Where a statement stands: its place and name there, the name and words of its sentence, rule and sureness."""

    where: Key
    local: str
    sentence: str
    span: model.Span
    rule: str
    sureness: model.Sureness = "printed"


# Where a statement stands


def at_evidence(record: model.Statement) -> Place:
    """The place of a statement that one sentence, or a part of it, makes."""
    read, passage = record.evidence, record.evidence.passage
    local = f"s{passage.number}"
    return Place(passage.where, local + read.letter, local, passage.span, read.rule, read.sureness)


def at_line(where: Key, local: str, span: model.Span, rule: str) -> Place:
    """The place of a statement that has a line, row or entry of its own."""
    return Place(where, local, local, span, rule)


# What all statements have


def belonging(frame: Frame, node: URIRef, at: Place) -> Triples:
    """To which edition, report, country and place a statement belongs."""
    identity = frame.edition.identity
    yield node, MEM.edition, URIRef(frame.iris.edition(frame.key))
    yield node, MEM.report, URIRef(frame.iris.report(identity.report))
    yield node, MEM.country, URIRef(frame.iris.country(identity.country))
    yield from _where(frame, node, at.where)
    if isinstance(at.where, int):
        yield node, MEM.assessment, URIRef(frame.iris.assessment(identity.report, at.where))


def evidence(frame: Frame, kind: str, node: URIRef, at: Place) -> Triples:
    """The sentence of a statement, who read it, by which rule, and how surely."""
    annotation = URIRef(frame.iris.annotation(kind, frame.key, at.where, at.local))
    passage = frame.passage(at.where, at.sentence)
    yield node, MEM.quote, frame.words(at.span.quote)
    yield node, MEM.passage, passage
    yield node, MEM.rule, URIRef(frame.iris.rule(at.rule))
    yield node, MEM.sureness, frame.value("Sureness", at.sureness)
    yield node, PROV.wasDerivedFrom, frame.source
    yield node, PROV.wasGeneratedBy, URIRef(frame.iris.reading(frame.key))
    yield annotation, RDF.type, OA.Annotation
    yield annotation, OA.hasBody, node
    yield annotation, OA.hasTarget, passage
    if at.sentence == at.local:
        yield from sentence(frame, at.where, at.sentence, at.span)


# Passages


def sentence(frame: Frame, where: Key, local: str, span: model.Span) -> Triples:
    """A sentence, line, row or entry, with what stands before and after it."""
    node, text = frame.passage(where, local), frame.edition.source.text
    yield from _cut(frame, node, span, *(_selector(frame, kind, where, local) for kind in SELECTORS))
    yield from _where(frame, node, where)
    quote = _selector(frame, SELECTORS[0], where, local)
    yield quote, OA.prefix, Literal(text[max(0, span.start - CONTEXT) : span.start])
    yield quote, OA.suffix, Literal(text[span.end : span.end + CONTEXT])
    if frame.edition.source.pages:
        yield node, MEM.page, Literal(bisect_right(frame.edition.source.pages, span.start))


def words_in(frame: Frame, at: Place, span: model.Span) -> Triples:
    """Words inside the sentence of a statement."""
    words = within(at, span)
    node = frame.passage(at.where, at.sentence, words)
    yield from _cut(frame, node, span, *(_selector(frame, kind, at.where, at.sentence, words) for kind in SELECTORS))
    yield node, MEM.words, frame.words(span.quote)
    yield node, DCTERMS.isPartOf, frame.passage(at.where, at.sentence)


def _selector(frame: Frame, kind: str, where: Key, local: str, words: str = "") -> URIRef:
    return URIRef(frame.iris.passage(frame.key, where, local, words, kind))


def _cut(frame: Frame, node: URIRef, span: model.Span, quote: URIRef, position: URIRef) -> Triples:
    yield node, RDF.type, MEM.Passage
    yield node, OA.hasSource, frame.source
    yield node, OA.hasSelector, quote
    yield node, OA.hasSelector, position
    yield quote, RDF.type, OA.TextQuoteSelector
    yield quote, OA.exact, Literal(span.quote)
    yield position, RDF.type, OA.TextPositionSelector
    yield position, OA.start, Literal(span.start, datatype=XSD.nonNegativeInteger)
    yield position, OA.end, Literal(span.end, datatype=XSD.nonNegativeInteger)


def _where(frame: Frame, node: URIRef, where: Key) -> Triples:
    """The chapter or the section in which a passage or statement stands."""
    if isinstance(where, int):
        yield node, MEM.recommendation, frame.recommendation(where)
    else:
        yield node, MEM.section, frame.value("Section", where)


def within(at: Place, span: model.Span) -> str:
    """``12-40``: where words stand in their sentence."""
    return f"{span.start - at.span.start}-{span.end - at.span.start}"


def stretch(frame: Frame, words: str, span: model.Span) -> Triples:
    """Words of the source wherever they stand, by their offsets in the whole text."""
    node = frame.passage("frame", "text", words)
    yield from _cut(frame, node, span, *(_selector(frame, kind, "frame", "text", words) for kind in SELECTORS))
    yield node, MEM.words, frame.words(span.quote)

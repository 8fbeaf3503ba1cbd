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
    """What every function here needs: the edition, the vocabulary, the IRIs, and whether it is the one of record."""

    edition: model.Edition
    vocabulary: Vocabulary
    iris: Iris
    of_record: bool = True

    @property
    def key(self) -> str:
        """``PER-R6/en/1``."""
        return self.edition.identity.edition

    def source(self, file: int = 1) -> URIRef:
        """A source file of the edition, by its number."""
        return URIRef(self.iris.source(self.key, file))

    def places(self, span: model.Span) -> Iterator[tuple[int, model.Source, model.Span]]:
        """The files of the edition in which a sentence, line, row or entry of the first one stands, and where."""
        yield 1, self.edition.source, span
        for file, copy in enumerate(self.edition.copies, start=2):
            if (same := copy.spans.get(span)) is not None:
                yield file, copy.source, same

    def words(self, text: str) -> Literal:
        """Words of the report, in its language."""
        return Literal(text, lang=self.edition.identity.language)

    def value(self, kind: str, word: str) -> URIRef:
        """A value of the ontology."""
        return URIRef(self.vocabulary.value(kind, word))

    def passage(self, where: Key, local: str, words: str = "", file: int = 1) -> URIRef:
        """A passage of the edition."""
        return URIRef(self.iris.passage(self.key, where, local, words, file=file))

    def statement(self, kind: str, at: Place) -> URIRef:
        """A statement of the edition."""
        return URIRef(self.iris.statement(kind, self.key, at.where, at.local))

    def correction(self, kind: str, at: Place) -> URIRef:
        """The correction of a statement of the edition."""
        return URIRef(self.iris.correction(kind, self.key, at.where, at.local))

    def former(self, kind: str, at: Place, value: str = "") -> URIRef:
        """What a statement of the edition was before a correction, or one value that it had then."""
        return URIRef(self.iris.former(kind, self.key, at.where, at.local, value))

    def person(self, decided: model.Correction) -> URIRef:
        """Who decided."""
        return URIRef(self.iris.person(decided.who))

    def rating(self, words: str) -> URIRef:
        """The rating that these words, or this key, name in the round of the report."""
        return URIRef(self.iris.rating(self.edition.identity.round, self.vocabulary.rating(words).key))

    def area(self, words: str) -> URIRef:
        """The thematic area that these words, or this key, name in the round of the report."""
        return URIRef(self.iris.area(self.edition.identity.round, self.vocabulary.area(words).key))

    def recommendation(self, number: int) -> URIRef:
        """A recommendation of the round of the report."""
        return URIRef(self.iris.recommendation(self.edition.identity.round, number))

    def criterion(self, key: str) -> URIRef:
        """A criterion of the round of the report: ``5/selective``."""
        return URIRef(self.iris.criterion(self.edition.identity.round, key))

    def instrument(self, key: str) -> URIRef:
        """A treaty or a standard."""
        return URIRef(self.iris.instrument(key, key in self.vocabulary.standards))

    def article(self, key: str, number: str) -> URIRef:
        """An article of a treaty or a standard, by its number in Arabic digits."""
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
    correction: model.Correction | None = None


# Where a statement stands


def at_evidence(record: model.Statement) -> Place:
    """The place of a statement that one sentence, or a part of it, makes."""
    read, passage = record.evidence, record.evidence.passage
    local = f"s{passage.number}"
    return Place(passage.where, local + read.letter, local, passage.span, read.rule, read.sureness, read.correction)


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
    yield node, MEM.quote, frame.words(at.span.quote)
    yield node, MEM.rule, URIRef(frame.iris.rule(at.rule))
    yield node, MEM.sureness, frame.value("Sureness", at.sureness)
    yield from made(frame, kind, node, at)
    yield annotation, RDF.type, OA.Annotation
    yield annotation, OA.hasBody, node
    for file, _, _ in frame.places(at.span):
        passage = frame.passage(at.where, at.sentence, file=file)
        yield node, MEM.passage, passage
        yield node, PROV.wasDerivedFrom, frame.source(file)
        yield annotation, OA.hasTarget, passage
    if at.sentence == at.local:
        yield from sentence(frame, at.where, at.sentence, at.span)


def made(frame: Frame, kind: str, node: URIRef, at: Place) -> Triples:
    """What made a statement: the reading, or a person by a correction of what was read."""
    if at.correction is None:
        yield node, PROV.wasGeneratedBy, URIRef(frame.iris.reading(frame.key))
        return
    yield node, PROV.wasGeneratedBy, frame.correction(kind, at)
    yield node, PROV.wasAttributedTo, frame.person(at.correction)


# Passages


def sentence(frame: Frame, where: Key, local: str, span: model.Span) -> Triples:
    """A sentence, line, row or entry, in each file that has it, with what stands before and after it there."""
    for file, source, found in frame.places(span):
        node = frame.passage(where, local, file=file)
        quote, position = (_selector(frame, kind, where, local, file=file) for kind in SELECTORS)
        yield from _cut(node, found, frame.source(file), quote, position)
        yield from _where(frame, node, where)
        yield quote, OA.prefix, Literal(source.text[max(0, found.start - CONTEXT) : found.start])
        yield quote, OA.suffix, Literal(source.text[found.end : found.end + CONTEXT])
        if source.pages:
            yield node, MEM.page, Literal(bisect_right(source.pages, found.start))


def words_in(frame: Frame, at: Place, span: model.Span) -> Triples:
    """Words inside the sentence of a statement, in the first file."""
    words = within(at, span)
    node = frame.passage(at.where, at.sentence, words)
    selectors = (_selector(frame, kind, at.where, at.sentence, words) for kind in SELECTORS)
    yield from _cut(node, span, frame.source(), *selectors)
    yield node, MEM.words, frame.words(span.quote)
    yield node, DCTERMS.isPartOf, frame.passage(at.where, at.sentence)


def _selector(frame: Frame, kind: str, where: Key, local: str, words: str = "", file: int = 1) -> URIRef:
    return URIRef(frame.iris.passage(frame.key, where, local, words, kind, file))


def _cut(node: URIRef, span: model.Span, source: URIRef, quote: URIRef, position: URIRef) -> Triples:
    yield node, RDF.type, MEM.Passage
    yield node, OA.hasSource, source
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


def words_at(span: model.Span) -> str:
    """``120-131``: where words stand in the whole text."""
    return f"{span.start}-{span.end}"


def stretch(frame: Frame, words: str, span: model.Span) -> Triples:
    """Words of the source wherever they stand, by their offsets in the whole text."""
    node = frame.passage("frame", "text", words)
    selectors = (_selector(frame, kind, "frame", "text", words) for kind in SELECTORS)
    yield from _cut(node, span, frame.source(), *selectors)
    yield node, MEM.words, frame.words(span.quote)

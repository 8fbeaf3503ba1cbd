"""What people decided on editions, as RDF: who, when and why, what is left of what they withdrew, what they replaced.

`replaced` gives what belongs into the edition's own graph: former versions and withdrawn statements. They are no
statements and repeat no property of one, so no question counts them; what they said is described, not asserted
(`mem:FormerValue`). `decided` gives the corrections themselves, which have a graph of their own. PROV-O throughout.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from mem_graph import model
from mem_graph.graph import codings
from mem_graph.graph.evidence import MEM, OA, Frame, Place, Triple, Triples, at_evidence, stretch, words_at
from mem_graph.graph.statements import KINDS, Kind, stated
from mem_graph.iris import Iris, slug
from mem_graph.vocabulary import Vocabulary

MADE = frozenset(
    {PROV.wasGeneratedBy, PROV.wasAttributedTo, PROV.wasDerivedFrom, MEM.passage, MEM.quote}
    | {MEM.edition, MEM.report, MEM.country, MEM.recommendation, MEM.section, MEM.assessment}
)
"""What is no value of a statement, but its evidence, where it stands, or who made it."""

OF_KIND = {kind.name: kind for kind in KINDS}


def replaced(edition: model.Edition, vocabulary: Vocabulary, iris: Iris, of_record: bool = True) -> Graph:
    """What corrections replaced in one edition; empty where they replaced nothing."""
    frame = Frame(edition, vocabulary, iris, of_record)
    graph = Graph()
    for triple in chain(_changed(frame), _withdrawn(frame), _settled_evidence(frame)):
        graph.add(triple)
    return graph


def decided(edition: model.Edition, vocabulary: Vocabulary, iris: Iris) -> Graph:
    """The corrections of an edition with the people who made them; empty where there are none."""
    frame = Frame(edition, vocabulary, iris)
    graph = Graph()
    for node, correction, evidence, code in _corrections(frame):
        for triple in _correction(frame, node, correction, evidence, code):
            graph.add(triple)
    return graph


def rules_of(edition: model.Edition, iris: Iris) -> Graph:
    """The rules by which former versions were read: no statement that stands may be left of them."""
    graph = Graph()
    made = [one.evidence for kind in edition.statements.values() for one in kind]
    left = [one.evidence for one in edition.withdrawn]
    for read in (*made, *left):
        former = read.correction.former if read.correction else None
        if former is not None:
            node = URIRef(iris.rule(former.evidence.rule))
            graph.add((node, RDF.type, MEM.Rule))
            graph.add((node, RDFS.label, Literal(former.evidence.rule)))
    return graph


# Corrections

Decided = tuple[URIRef, model.Correction, URIRef, str]
"""A correction: its IRI, what was decided, the passage that it rests on, the code of what was left as it is."""


def _corrections(frame: Frame) -> Iterator[Decided]:
    """Every correction of an edition."""
    for kind in KINDS:
        for record in kind.records(frame.edition):
            at = kind.place(record)
            if at.correction:
                yield frame.correction(kind.name, at), at.correction, frame.passage(at.where, at.sentence), ""
    for left in frame.edition.withdrawn:
        at = at_evidence(left)
        if at.correction:
            yield frame.correction(left.kind, at), at.correction, frame.passage(at.where, at.sentence), ""
    for one in frame.edition.assessments:
        if one.correction:
            at = OF_KIND["rating-statement"].place(one)
            yield frame.correction("rating-statement", at), one.correction, frame.passage(at.where, at.sentence), ""
    yield from _named(frame)
    for accepted in frame.edition.accepted:
        words = words_at(accepted.span)
        node = URIRef(frame.iris.acceptance(frame.key, slug(accepted.code), words))
        yield node, accepted.correction, frame.passage("frame", "text", words), accepted.code


def _named(frame: Frame) -> Iterator[Decided]:
    for body in frame.edition.institutions:
        if body.correction:
            mention = next(one for one in frame.edition.mentions if one.about == body.key)
            at = at_evidence(mention)
            node = URIRef(frame.iris.naming(frame.key, body.key))
            yield node, body.correction, frame.passage(at.where, at.sentence), ""


def _correction(frame: Frame, node: URIRef, made: model.Correction, evidence: URIRef, code: str) -> Triples:
    person = frame.person(made)
    yield node, RDF.type, MEM.Correction
    yield node, RDF.type, PROV.Activity
    yield node, RDFS.label, Literal(f"{made.who}, {made.date.isoformat()}, {made.action}: {made.reason}", lang="en")
    yield node, MEM.action, frame.value("CorrectionAction", made.action)
    yield node, PROV.wasAssociatedWith, person
    yield node, DCTERMS.date, Literal(made.date.isoformat(), datatype=XSD.date)
    yield node, SKOS.changeNote, Literal(made.reason)
    yield node, PROV.used, evidence
    if code:
        yield node, SKOS.notation, Literal(code)
    yield person, RDF.type, PROV.Person
    yield person, RDF.type, FOAF.Person
    yield person, FOAF.name, Literal(made.who)


# What was replaced


def _changed(frame: Frame) -> Triples:
    """The former versions of statements that stand, and of ratings whose line a person read otherwise."""
    for kind in KINDS:
        for record in kind.records(frame.edition):
            at = kind.place(record)
            before = _before(at, record)
            if before is not None:
                now = set(_values(frame, kind, record))
                gone = [triple for triple in _values(frame, kind, before) if triple not in now]
                yield from _former(frame, kind, at, gone)
                yield from _words(frame, kind, before)


def _before(at: Place, record: Any) -> Any | None:
    """A statement as it was read, under the name that it has now."""
    was = at.correction.former if at.correction else None
    if isinstance(was, model.Assessment):
        return was if was.rating else None
    return was and replace(was, evidence=replace(was.evidence, letter=record.evidence.letter))


def _values(frame: Frame, kind: Kind, record: Any) -> Iterator[Triple]:
    """What a statement says, and how a finding is coded, without its evidence and who made it."""
    node = frame.statement(kind.name, kind.place(record))
    yield from (triple for triple in stated(frame, kind, record) if triple[0] == node and triple[1] not in MADE)
    if isinstance(record, model.Finding):
        yield from (triple for triple in codings.of_finding(frame, kind.name, record) if triple[1] != RDF.type)


def _words(frame: Frame, kind: Kind, record: Any) -> Triples:
    """The words inside the sentence that a former version rests on, as passages."""
    node = frame.statement(kind.name, kind.place(record))
    inside = {triple[2] for triple in stated(frame, kind, record) if triple[:2] in {(node, MEM.focus)}}
    triples = list(stated(frame, kind, record))
    selectors = {triple[2] for triple in triples if triple[0] in inside and triple[1] == OA.hasSelector}
    yield from (triple for triple in triples if triple[0] in inside | selectors)


def _former(frame: Frame, kind: Kind, at: Place, gone: Iterable[Triple]) -> Triples:
    """A former version, and each triple that it had and that is taken back."""
    statement, former = frame.statement(kind.name, at), frame.former(kind.name, at)
    yield statement, PROV.wasRevisionOf, former
    yield former, RDF.type, MEM.FormerVersion
    yield former, RDFS.label, Literal(f"As it was read: {kind.name} {at.where}/{at.local}", lang="en")
    yield former, DCTERMS.isVersionOf, statement
    yield former, PROV.wasGeneratedBy, URIRef(frame.iris.reading(frame.key))
    counted: Counter[str] = Counter()
    for subject, predicate, value in sorted(gone):
        name = str(predicate).rpartition("#")[2].rpartition("/")[2]
        counted[name] += 1
        node = frame.former(kind.name, at, f"{name}-{counted[name]}")
        yield former, MEM.formerValue, node
        yield node, RDF.type, MEM.FormerValue
        yield node, RDFS.label, Literal(f"{name}: {_short(value)}", lang="en")
        yield node, RDF.subject, subject
        yield node, RDF.predicate, predicate
        yield node, RDF.object, value


def _short(value: Node) -> str:
    """A value in a word: words as they are, the last part of an IRI."""
    return str(value) if isinstance(value, Literal) else re.split(r"[#/]", str(value))[-1]


def _withdrawn(frame: Frame) -> Triples:
    """What is left of withdrawn statements: a name that nothing else gets, the sentence, who and why."""
    for left in frame.edition.withdrawn:
        kind, at = OF_KIND[left.kind], at_evidence(left)
        node = frame.statement(left.kind, at)
        yield node, RDF.type, MEM.WithdrawnStatement
        yield node, OWL.deprecated, Literal(True)
        yield node, DCTERMS.type, kind.is_a
        label = f"Withdrawn: {left.kind} {left.evidence.key}, read from “{' '.join(at.span.quote.split())}”"
        yield node, RDFS.label, Literal(label, lang="en")
        yield node, DCTERMS.isPartOf, URIRef(frame.iris.edition(frame.key))
        for file, _, _ in frame.places(at.span):
            yield node, MEM.passage, frame.passage(at.where, at.sentence, file=file)
            yield node, PROV.wasDerivedFrom, frame.source(file)
        yield node, PROV.wasInvalidatedBy, frame.correction(left.kind, at)
        if at.correction:
            yield node, PROV.wasAttributedTo, frame.person(at.correction)
        yield from ((node, DCTERMS.isReplacedBy, other) for other in _replacements(frame, left))
        yield from _former_of_withdrawn(frame, kind, at, left)


def _replacements(frame: Frame, left: model.Withdrawn) -> Iterator[Node]:
    for kind, key in left.replaced_by:
        where, _, local = key.partition("/")
        yield URIRef(frame.iris.statement(kind, frame.key, where, local))


def _former_of_withdrawn(frame: Frame, kind: Kind, at: Place, left: model.Withdrawn) -> Triples:
    before = _before(at, left)
    if before is not None:
        yield from _former(frame, kind, at, _values(frame, kind, before))
        yield from _words(frame, kind, before)


def _settled_evidence(frame: Frame) -> Triples:
    """The words of what a person left as it is."""
    for one in frame.edition.accepted:
        yield from stretch(frame, words_at(one.span), one.span)

"""Editions as RDF: ``docs/model.md`` in code.

`to_graph` gives the named graph of one edition: its report with the ratings that count, its source, its passages,
every statement (`statements`), and what it alone names (`things`). It is pure, mints no blank node, and gives the same
triples for the same records.
"""

from __future__ import annotations

from itertools import chain

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, PROV, RDF, RDFS, SKOS

from mem_graph import model
from mem_graph.graph.codings import of_finding
from mem_graph.graph.evidence import MEM, Frame, Triples, sentence, stretch, words_at
from mem_graph.graph.statements import KINDS, at_evaluation, findings, stated
from mem_graph.graph.tables import year
from mem_graph.graph.things import studies, terms
from mem_graph.iris import Iris, slug
from mem_graph.vocabulary import Vocabulary


def to_graph(edition: model.Edition, vocabulary: Vocabulary, iris: Iris, version: str, of_record: bool = True) -> Graph:
    """The named graph of one edition, with the report where it is the edition of record of it.

    In: the edition; the vocabulary of its round; the IRIs; the version of the software that read it; whether what it
    says is what counts. Out: a graph without blank nodes. Raises `UnknownTerm` for a key or word that no list holds.
    """
    frame = Frame(edition, vocabulary, iris, of_record)
    parts = (
        _edition(frame),
        _reading(frame, version),
        _report(frame) if of_record else iter(()),
        _passages(frame),
        studies(frame),
        terms(frame),
    )
    statements = (stated(frame, kind, record) for kind in KINDS for record in kind.records(edition))
    coded = (("finding", findings(edition)), ("conclusion", edition.conclusions))
    codings = (of_finding(frame, kind, finding) for kind, told in coded for finding in told)
    graph = Graph()
    for triple in chain(*parts, *statements, *codings, _problems(frame)):
        graph.add(triple)
    return graph


# The edition, its source and its reading


def _edition(frame: Frame) -> Triples:
    identity, node = frame.edition.identity, URIRef(frame.iris.edition(frame.key))
    yield node, RDF.type, MEM.Edition
    yield node, MEM.editionOf, URIRef(frame.iris.report(identity.report))
    yield node, DCTERMS.language, Literal(identity.language)
    yield node, MEM.revision, Literal(identity.revision)
    if frame.edition.translation:
        yield node, MEM.translationOf, URIRef(frame.iris.edition(frame.edition.translation.of))
    for file, source in enumerate(frame.edition.sources, start=1):
        yield node, MEM.source, frame.source(file)
        yield from _source(frame.source(file), source)
    for passage in frame.edition.not_understood:
        yield node, MEM.notUnderstood, frame.passage(passage.where, f"s{passage.number}")


def _source(node: URIRef, source: model.Source) -> Triples:
    yield node, RDF.type, MEM.Source
    yield node, RDFS.label, Literal(source.name)
    yield node, MEM.sha256, Literal(source.digest)
    yield node, DCAT.mediaType, Literal(source.media_type)
    yield node, MEM.characters, Literal(len(source.text))


def _reading(frame: Frame, version: str) -> Triples:
    node, software = URIRef(frame.iris.reading(frame.key)), URIRef(frame.iris.software(version))
    yield node, RDF.type, MEM.Reading
    yield node, RDF.type, PROV.Activity
    yield from ((node, PROV.used, frame.source(file)) for file, _ in enumerate(frame.edition.sources, start=1))
    yield node, PROV.wasAssociatedWith, software
    yield software, RDF.type, PROV.SoftwareAgent
    yield software, RDFS.label, Literal(f"mem-graph {version}")


# The report and its assessments


def _report(frame: Frame) -> Triples:
    identity = frame.edition.identity
    node = URIRef(frame.iris.report(identity.report))
    yield node, RDF.type, MEM.Report
    yield node, MEM.country, URIRef(frame.iris.country(identity.country))
    yield node, MEM.round, URIRef(frame.iris.round(identity.round))
    yield node, MEM.editionOfRecord, URIRef(frame.iris.edition(frame.key))
    yield node, DCTERMS.issued, year(identity.year)
    yield from ((node, DCTERMS.identifier, Literal(symbol)) for symbol in identity.symbols)
    if identity.period:
        yield node, MEM.periodCovered, frame.words(identity.period)
    for assessment in frame.edition.assessments:
        yield from _assessment(frame, node, assessment)


def _assessment(frame: Frame, report: URIRef, assessment: model.Assessment) -> Triples:
    node = URIRef(frame.iris.assessment(frame.edition.identity.report, assessment.recommendation))
    yield report, MEM.assessment, node
    yield node, RDF.type, MEM.Assessment
    yield node, MEM.report, report
    yield node, MEM.country, URIRef(frame.iris.country(frame.edition.identity.country))
    yield node, MEM.recommendation, frame.recommendation(assessment.recommendation)
    yield node, MEM.rating, frame.rating(assessment.rating)
    yield node, PROV.wasDerivedFrom, frame.statement("rating-statement", at_evaluation(assessment))
    if assessment.correction:
        yield node, MEM.settledBy, frame.correction("rating-statement", at_evaluation(assessment))
        yield node, PROV.wasAttributedTo, frame.person(assessment.correction)


def _passages(frame: Frame) -> Triples:
    """Every sentence, and the title of every chapter."""
    for passage in frame.edition.passages:
        for file, _, _ in frame.places(passage.span):
            node = frame.passage(passage.where, f"s{passage.number}", file=file)
            yield node, MEM.sentence, Literal(passage.number)
        yield from sentence(frame, passage.where, f"s{passage.number}", passage.span)
    for assessment in frame.edition.assessments:
        yield from sentence(frame, assessment.recommendation, "title", assessment.title)


# Problems of reading


def settling(frame: Frame, problem: model.Problem) -> URIRef:
    """The correction that settles a problem: it gives the rating, or leaves the problem as it is."""
    if problem.recommendation is not None:
        line = next(one for one in frame.edition.assessments if one.recommendation == problem.recommendation)
        return frame.correction("rating-statement", at_evaluation(line))
    return URIRef(frame.iris.acceptance(frame.key, problem.code, words_at(problem.span)))


def _problems(frame: Frame) -> Triples:
    edition = URIRef(frame.iris.edition(frame.key))
    for problem in frame.edition.problems:
        words = words_at(problem.span)
        node = URIRef(frame.iris.mint("problem", *frame.key.split("/"), slug(problem.code), words))
        yield edition, MEM.problem, node
        yield node, RDF.type, MEM.Problem
        yield node, SKOS.notation, Literal(problem.code)
        yield node, RDFS.comment, Literal(problem.message, lang="en")
        yield node, MEM.touchesRating, Literal(problem.touches_rating)
        if problem.settled:
            yield node, MEM.settledBy, settling(frame, problem)
        if problem.span.quote:
            yield node, MEM.passage, frame.passage("frame", "text", words)
            yield from stretch(frame, words, problem.span)

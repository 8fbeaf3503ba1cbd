"""Statements as RDF: a kind of statement is one row of `KINDS` and one function that says what is its own.

Each statement stands with its class, its annotation, its passage and the words inside its sentence
(``docs/model.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from rdflib import Literal, URIRef
from rdflib.namespace import QB, RDF, XSD
from rdflib.term import Node

from mem_graph import model
from mem_graph.graph import figures
from mem_graph.graph.evidence import (
    MEM,
    Frame,
    Place,
    Triples,
    at_evidence,
    at_line,
    belonging,
    evidence,
    within,
    words_in,
)
from mem_graph.graph.tables import year
from mem_graph.treaties import paragraphs

Pairs = Iterator[tuple[URIRef, Node]]


class Kind(NamedTuple):
    """A kind of statement: its name in IRIs, its class, its records, and what the graph says of each."""

    name: str
    is_a: URIRef
    records: Callable[[model.Edition], Iterable[Any]]
    place: Callable[[Any], Place]
    own: Callable[[Frame, Any], Pairs]
    focus: Callable[[Any], model.Span] | None = None


def at_evaluation(assessment: model.Assessment) -> Place:
    """The line that prints a rating; where no rule read it, a person did."""
    line = at_line(assessment.recommendation, "evaluation", assessment.line, "evaluation-line")
    decided = assessment.correction
    was = decided.former if decided else assessment
    if was is not None and was.rating and was.line == assessment.line:
        return line
    return line._replace(rule="correction.rate", sureness="person", correction=decided)


def stated(frame: Frame, kind: Kind, record: Any) -> Triples:
    """A statement with all that is said of it, its annotation, and the words inside its sentence."""
    at = kind.place(record)
    node = frame.statement(kind.name, at)
    yield from ((node, RDF.type, of) for of in (kind.is_a, MEM.Statement))
    yield from belonging(frame, node, at)
    yield from evidence(frame, kind.name, node, at)
    yield from ((node, about, value) for about, value in kind.own(frame, record))
    if kind.focus:
        yield node, MEM.focus, frame.passage(at.where, at.sentence, within(at, kind.focus(record)))
        yield from words_in(frame, at, kind.focus(record))
    if isinstance(record, model.Finding) and record.exception:
        yield from words_in(frame, at, record.exception)


# What is a kind's own


def _policy(frame: Frame, finding: model.Finding) -> Pairs:
    yield MEM.polarity, frame.value("Polarity", finding.polarity)
    yield MEM.modality, frame.value("Modality", finding.modality)
    yield from ((MEM.topic, URIRef(frame.iris.topic(topic))) for topic in finding.topics)
    yield from ((MEM.actor, URIRef(frame.iris.institution(key))) for key in finding.actors)
    yield from ((MEM.institution, URIRef(frame.iris.institution(key))) for key in finding.institutions)
    yield from ((MEM.instrument, frame.instrument(reference.treaty)) for reference in finding.instruments)
    if finding.exception:
        at = at_evidence(finding)
        yield MEM.exception, frame.passage(at.where, at.sentence, within(at, finding.exception))
    translation = frame.edition.translation
    if translation and (same := translation.statements.get(finding.evidence.key)):
        yield MEM.translationOf, _translated(frame, translation.of, same)


def _translated(frame: Frame, edition: str, key: str) -> URIRef:
    """The finding, or the statement of the conclusions, with this key in another edition."""
    where, _, local = key.partition("/")
    return URIRef(frame.iris.statement("finding" if where.isdigit() else "conclusion", edition, where, local))


def _rating_statement(frame: Frame, assessment: model.Assessment) -> Pairs:
    yield MEM.rating, frame.rating(assessment.printed or assessment.rating)
    yield MEM.area, frame.area(assessment.area)
    yield MEM.printedWording, frame.words(assessment.title.printed)


def _summary_row(frame: Frame, row: model.SummaryRow) -> Pairs:
    yield MEM.recommendation, frame.recommendation(row.recommendation)
    yield MEM.area, frame.area(row.area)
    yield MEM.rating, frame.rating(row.rating)
    yield MEM.printedWording, frame.words(row.wording.printed)


def _tally(frame: Frame, tally: model.Tally) -> Pairs:
    yield MEM.rating, frame.rating(tally.rating)
    yield MEM["count"], Literal(tally.count)


def _treaty_reference(frame: Frame, reference: model.TreatyReference) -> Pairs:
    yield MEM.instrument, frame.instrument(reference.treaty)
    yield MEM.relation, frame.value("Relation", reference.relation)
    numbers = map(paragraphs.article, reference.articles)
    yield from ((MEM.article, frame.article(reference.treaty, number)) for number in numbers)
    for name, told in (("finding", findings(frame.edition)), ("conclusion", frame.edition.conclusions)):
        citing = (finding for finding in told if reference in finding.instruments)
        yield from ((MEM.finding, frame.statement(name, at_evidence(finding))) for finding in citing)


def _institution_mention(frame: Frame, mention: model.Mention) -> Pairs:
    yield MEM.institution, URIRef(frame.iris.institution(mention.about))


def _plan_mention(frame: Frame, mention: model.Mention) -> Pairs:
    yield MEM.plan, URIRef(frame.iris.plan(mention.about))


def _place_mention(frame: Frame, mention: model.PlaceMention) -> Pairs:
    yield MEM.place, URIRef(frame.iris.place(mention.place))
    yield MEM.insideName, Literal(mention.inside_name)


def _affiliation(frame: Frame, affiliation: model.Affiliation) -> Pairs:
    yield MEM.institution, URIRef(frame.iris.institution(affiliation.institution))
    yield MEM.partOf, URIRef(frame.iris.institution(affiliation.part_of))


def _study_mention(frame: Frame, study: model.Study) -> Pairs:
    yield MEM.study, study_node(frame, study)


def _observation(frame: Frame, observation: model.Observation) -> Pairs:
    yield RDF.type, QB.Observation
    yield QB.dataSet, figures.dataset(frame, observation)
    yield MEM.subject, figures.subject(frame, observation)
    yield MEM.value, Literal(observation.value, datatype=XSD.decimal)
    yield MEM.unit, figures.unit(frame, observation)
    yield MEM.inferredFromWords, Literal(observation.inferred_from_words)
    if observation.year is not None:
        yield MEM.year, year(observation.year)
    if observation.method:
        yield MEM.method, Literal(observation.method, lang="en")  # of the rules, in whatever language they read it


def _fraction(frame: Frame, fraction: model.Fraction) -> Pairs:
    yield MEM.part, Literal(fraction.part)
    yield MEM.whole, Literal(fraction.whole)
    yield MEM.fractionOf, frame.words(fraction.of.printed)


def _glossary_entry(frame: Frame, entry: model.GlossaryEntry) -> Pairs:
    yield MEM["term"], URIRef(frame.iris.term(frame.key, entry.number))
    yield MEM.printedSection, frame.words(entry.section)


def _glossary_use(frame: Frame, use: model.GlossaryUse) -> Pairs:
    yield MEM["term"], URIRef(frame.iris.term(frame.key, use.term))


def _mechanism_statement(frame: Frame, statement: model.MechanismStatement) -> Pairs:
    yield MEM.mechanismTopic, frame.value("MechanismTopic", statement.topic)


def _identity(frame: Frame, part: tuple[str, model.Span]) -> Pairs:
    yield MEM.aspect, Literal(part[0])


def findings(edition: model.Edition) -> Iterator[model.Finding]:
    """Those of the chapters, in order."""
    return (finding for assessment in edition.assessments for finding in assessment.findings)


def study_node(frame: Frame, study: model.Study) -> URIRef:
    """A study is named by the report that speaks of it; what an edition not of record says of it is kept apart."""
    at = at_evidence(study)
    of = frame.edition.identity.report if frame.of_record else frame.key
    return URIRef(frame.iris.study(of, at.where, at.local))


def references(edition: model.Edition) -> Iterable[model.TreatyReference]:
    """Those of the edition and of its findings, each once."""
    cited = (reference for finding in edition.findings for reference in finding.instruments)
    return dict.fromkeys((*edition.treaty_references, *cited))


def _focus(record: Any) -> model.Span:
    span: model.Span = record.focus
    return span


def _printed(record: Any) -> model.Span:
    span: model.Span = record.printed
    return span


KINDS = (
    Kind("affiliation", MEM.Affiliation, lambda edition: edition.affiliations, at_evidence, _affiliation),
    Kind("conclusion", MEM.ConclusionStatement, lambda edition: edition.conclusions, at_evidence, _policy, _focus),
    Kind("finding", MEM.Finding, findings, at_evidence, _policy, _focus),
    Kind("fraction", MEM.Fraction, lambda edition: edition.fractions, at_evidence, _fraction, _printed),
    Kind(
        "glossary-entry",
        MEM.GlossaryEntry,
        lambda edition: edition.glossary,
        lambda entry: at_line("glossary", f"t{entry.number}", entry.entry, "glossary-entry"),
        _glossary_entry,
        lambda entry: entry.term,
    ),
    Kind("glossary-use", MEM.GlossaryUse, lambda edition: edition.glossary_uses, at_evidence, _glossary_use, _printed),
    Kind(
        "identity",
        MEM.IdentityStatement,
        lambda edition: edition.identity.printed.items(),
        lambda part: at_line("frame", part[0], part[1], "identity"),
        _identity,
    ),
    Kind(
        "institution-mention",
        MEM.InstitutionMention,
        lambda edition: edition.mentions,
        at_evidence,
        _institution_mention,
        _printed,
    ),
    Kind(
        "mechanism-statement",
        MEM.MechanismStatement,
        lambda edition: edition.mechanism,
        at_evidence,
        _mechanism_statement,
        _focus,
    ),
    Kind("observation", MEM.Observation, lambda edition: edition.observations, at_evidence, _observation, _printed),
    Kind("place-mention", MEM.PlaceMention, lambda edition: edition.places, at_evidence, _place_mention, _printed),
    Kind("plan-mention", MEM.PlanMention, lambda edition: edition.plan_mentions, at_evidence, _plan_mention, _printed),
    Kind(
        "rating-statement", MEM.RatingStatement, lambda edition: edition.assessments, at_evaluation, _rating_statement
    ),
    Kind(
        "study-mention",
        MEM.StudyMention,
        lambda edition: edition.studies,
        at_evidence,
        _study_mention,
        lambda study: study.title,
    ),
    Kind(
        "summary-row",
        MEM.SummaryRow,
        lambda edition: edition.summary,
        lambda row: at_line("summary", f"r{row.recommendation}", row.row, "summary-row"),
        _summary_row,
    ),
    Kind("tally", MEM.Tally, lambda edition: edition.tallies, at_evidence, _tally, _printed),
    Kind("treaty-reference", MEM.TreatyReference, references, at_evidence, _treaty_reference, _printed),
)
"""Every kind of statement, by its name in IRIs."""

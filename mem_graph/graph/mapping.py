"""Editions as RDF: ``docs/model.md`` in code.

`to_graph` gives the named graph of one edition: its report with the ratings that count, its source, its passages, and
every statement with its annotation, passage and selectors. It is pure, mints no blank node, and gives the same triples
for the same records. A kind of statement is one row of `KINDS` and one function that says what is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, PROV, QB, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from mem_graph import model
from mem_graph.graph import figures
from mem_graph.graph.codings import of_finding
from mem_graph.graph.evidence import (
    MEM,
    Frame,
    Place,
    Triples,
    at_evidence,
    at_line,
    belonging,
    evidence,
    sentence,
    stretch,
    within,
    words_at,
    words_in,
)
from mem_graph.graph.tables import country_of, plan_facts, year
from mem_graph.iris import PREFIXES, Iris, slug
from mem_graph.treaties import paragraphs
from mem_graph.vocabulary import Vocabulary

ELI = Namespace(PREFIXES["eli"])

Pairs = Iterator[tuple[URIRef, Node]]


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
        _studies(frame),
        _terms(frame),
    )
    statements = (stated(frame, kind, record) for kind in KINDS for record in kind.records(edition))
    coded = (("finding", _findings(edition)), ("conclusion", edition.conclusions))
    codings = (of_finding(frame, kind, finding) for kind, findings in coded for finding in findings)
    graph = Graph()
    for triple in chain(*parts, *statements, *codings, _problems(frame)):
        graph.add(triple)
    return graph


def shared(editions: Iterable[model.Edition], vocabulary: Vocabulary, iris: Iris) -> Graph:
    """The graph of what several editions may name: articles, rules of reading, and what no table holds yet.

    A triple stands in one graph only, so that an engine which joins the graphs without merging them counts it once.
    In: the editions; the vocabulary; the IRIs. Out: a graph without blank nodes.
    """
    graph = Graph()
    for edition in editions:
        frame = Frame(edition, vocabulary, iris)
        parts = (_rules, _articles, _institutions, _plans, _places, figures.figures)
        for triple in chain.from_iterable(part(frame) for part in parts):
            graph.add(triple)
    return graph


class Kind(NamedTuple):
    """A kind of statement: its name in IRIs, its class, its records, and what the graph says of each."""

    name: str
    is_a: URIRef
    records: Callable[[model.Edition], Iterable[Any]]
    place: Callable[[Any], Place]
    own: Callable[[Frame, Any], Pairs]
    focus: Callable[[Any], model.Span] | None = None


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
    yield node, PROV.wasDerivedFrom, frame.statement("rating-statement", _at_evaluation(assessment))
    if assessment.correction:
        yield node, MEM.settledBy, frame.correction("rating-statement", _at_evaluation(assessment))
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


# Statements


def _at_evaluation(assessment: model.Assessment) -> Place:
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
    for name, findings in (("finding", _findings(frame.edition)), ("conclusion", frame.edition.conclusions)):
        citing = (finding for finding in findings if reference in finding.instruments)
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
    yield MEM.study, _study(frame, study)


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


def _findings(edition: model.Edition) -> Iterator[model.Finding]:
    return (finding for assessment in edition.assessments for finding in assessment.findings)


def _references(edition: model.Edition) -> Iterable[model.TreatyReference]:
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
    Kind("finding", MEM.Finding, _findings, at_evidence, _policy, _focus),
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
        "rating-statement", MEM.RatingStatement, lambda edition: edition.assessments, _at_evaluation, _rating_statement
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
    Kind("treaty-reference", MEM.TreatyReference, _references, at_evidence, _treaty_reference, _printed),
)
"""Every kind of statement, by its name in IRIs."""


# What several editions may name


def _rules(frame: Frame) -> Triples:
    """The rules that made statements; what each says is told with the rules themselves."""
    made = {kind.place(record).rule for kind in KINDS for record in kind.records(frame.edition)}
    coded = {code.rule for finding in frame.edition.findings for code in finding.codes}
    for rule in sorted(made | coded):
        node = URIRef(frame.iris.rule(rule))
        yield node, RDF.type, MEM.Rule
        yield node, RDFS.label, Literal(rule)


def _institutions(frame: Frame) -> Triples:
    """Institutions that no table holds, as the edition prints them; what is known of others stands in the tables."""
    for institution in frame.edition.institutions:
        if not institution.known:
            node = URIRef(frame.iris.institution(institution.key))
            names = (institution.acronym, *institution.other_names)
            yield node, RDF.type, MEM.Institution
            yield node, SKOS.prefLabel, frame.words(institution.name)
            yield from ((node, SKOS.altLabel, frame.words(name)) for name in names if name and name != institution.name)
            if institution.correction:
                yield node, MEM.settledBy, URIRef(frame.iris.naming(frame.key, institution.key))
                yield node, PROV.wasAttributedTo, frame.person(institution.correction)
                yield from country_of(frame.iris, node, institution.key.partition("/")[0])
            else:
                yield from _review(frame, node, institution.key)


def _plans(frame: Frame) -> Triples:
    for plan in frame.edition.plans:
        if not plan.known:
            node = URIRef(frame.iris.plan(plan.key))
            yield node, RDF.type, MEM.Plan
            yield node, DCTERMS.title, frame.words(plan.name)
            yield from plan_facts(frame.iris, node, plan.kind, plan.owner, (plan.from_year, plan.to_year))
            yield from _review(frame, node, plan.key)


def _places(frame: Frame) -> Triples:
    known = {place.key for place in frame.vocabulary.places}
    for mention in frame.edition.places:
        if mention.place not in known:
            node = URIRef(frame.iris.place(mention.place))
            yield node, RDF.type, MEM.Place
            yield node, RDFS.label, frame.words(mention.printed.printed)
            yield from _review(frame, node, mention.place)


def _review(frame: Frame, node: URIRef, key: str) -> Triples:
    """A thing that no table holds."""
    yield node, MEM.reviewNeeded, Literal(True)
    yield from country_of(frame.iris, node, key.partition("/")[0])


def _articles(frame: Frame) -> Triples:
    """The articles cited that no table names."""
    for reference in _references(frame.edition):
        for number in map(paragraphs.article, reference.articles):
            if (reference.treaty, number) in frame.vocabulary.articles:
                continue
            node, instrument = frame.article(reference.treaty, number), frame.instrument(reference.treaty)
            yield node, RDF.type, MEM.Article
            yield node, ELI.number, Literal(number)
            yield node, ELI.is_part_of, instrument
            yield instrument, ELI.has_part, node


# What one report names


def _studies(frame: Frame) -> Triples:
    for study in frame.edition.studies:
        node = _study(frame, study)
        yield node, RDF.type, MEM.Study
        yield node, DCTERMS.title, frame.words(study.title.printed)
        yield node, MEM.ownTitle, Literal(study.named)
        yield node, MEM.maker, frame.owner(study.maker)
        if study.number is not None:
            yield node, MEM.number, Literal(study.number)
        if study.year is not None:
            yield node, MEM.year, year(study.year)
        if study.month is not None:
            yield node, MEM.month, Literal(f"--{study.month:02}", datatype=XSD.gMonth)


def _study(frame: Frame, study: model.Study) -> URIRef:
    """A study is named by the report that speaks of it; what an edition not of record says of it is kept apart."""
    at = at_evidence(study)
    of = frame.edition.identity.report if frame.of_record else frame.key
    return URIRef(frame.iris.study(of, at.where, at.local))


def _terms(frame: Frame) -> Triples:
    scheme = URIRef(frame.iris.glossary(frame.key))
    if frame.edition.glossary:
        yield scheme, RDF.type, SKOS.ConceptScheme
        yield scheme, DCTERMS.isPartOf, URIRef(frame.iris.edition(frame.key))
    for entry in frame.edition.glossary:
        node = URIRef(frame.iris.term(frame.key, entry.number))
        yield node, RDF.type, SKOS.Concept
        yield node, SKOS.prefLabel, frame.words(entry.term.printed)
        yield node, SKOS.definition, frame.words(entry.definition.printed)
        yield node, SKOS.inScheme, scheme


def settling(frame: Frame, problem: model.Problem) -> URIRef:
    """The correction that settles a problem: it gives the rating, or leaves the problem as it is."""
    if problem.recommendation is not None:
        line = next(one for one in frame.edition.assessments if one.recommendation == problem.recommendation)
        return frame.correction("rating-statement", _at_evaluation(line))
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

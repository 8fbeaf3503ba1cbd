"""Things that reports name as RDF: bodies, plans, places and articles that no table holds, studies, terms.

What several editions may name stands in a graph of its own; studies and the terms of a glossary are one report's.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, SKOS, XSD

from mem_graph import model
from mem_graph.graph import figures
from mem_graph.graph.evidence import MEM, Frame, Triples
from mem_graph.graph.statements import KINDS, references, study_node
from mem_graph.graph.tables import country_of, plan_facts, year
from mem_graph.iris import PREFIXES, Iris
from mem_graph.treaties import paragraphs
from mem_graph.vocabulary import Vocabulary

ELI = Namespace(PREFIXES["eli"])


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
    for reference in references(frame.edition):
        for number in map(paragraphs.article, reference.articles):
            if (reference.treaty, number) in frame.vocabulary.articles:
                continue
            node, instrument = frame.article(reference.treaty, number), frame.instrument(reference.treaty)
            yield node, RDF.type, MEM.Article
            yield node, ELI.number, Literal(number)
            yield node, ELI.is_part_of, instrument
            yield instrument, ELI.has_part, node


# What one report names


def studies(frame: Frame) -> Triples:
    """Each study that the report speaks of: title, maker, number, when."""
    for study in frame.edition.studies:
        node = study_node(frame, study)
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


def terms(frame: Frame) -> Triples:
    """The glossary as a concept scheme, and its terms with their definitions (SKOS Reference, section 4)."""
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

"""Facts derived from statements: direct triples for easy questions, each with the statements and the rule it rests on.

A rule reads graphs of editions and yields triples, each with one statement that supports it. `derive` puts the triples
into one graph and describes each by a ``mem:Derivation``, and sets statements of opposite polarity against each other
as a ``mem:Tension``. What a report says of a treaty is derived here from its words alone, never from a register.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple, cast

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import ORG, PROV, RDF, RDFS, SKOS
from rdflib.term import Node

from mem_graph.iris import PREFIXES, Iris

MEM = Namespace(PREFIXES["mem"])

CONSENT = (MEM.ratified, MEM.acceded, MEM.party)

Triple = tuple[URIRef, URIRef, URIRef]
Found = Iterator[tuple[Triple, URIRef]]


class Rule(NamedTuple):
    """A rule: its key, what it says in a sentence, and the triples it finds, each with the statement it rests on."""

    key: str
    sentence: str
    find: Callable[[Graph], Found]


def derive(editions: Iterable[Graph], vocabulary: Graph, iris: Iris) -> Graph:
    """The graph of derived facts.

    In: the graphs of the editions; the graph of rounds and recommendations; the IRIs. Out: a graph without blank nodes.
    """
    read = Graph()
    for graph in (*editions, vocabulary):
        read += graph
    derived = Graph()
    for triple in chain(chain.from_iterable(_by(rule, read, iris) for rule in RULES), _tensions(read, iris)):
        derived.add(triple)
    return derived


def _by(rule: Rule, read: Graph, iris: Iris) -> Iterator[tuple[Node, Node, Node]]:
    """What one rule finds: each triple once, with its derivation and all the statements it rests on."""
    found: dict[Triple, set[URIRef]] = defaultdict(set)
    for triple, statement in rule.find(read):
        found[triple].add(statement)
    if found:
        yield from _described(rule.key, rule.sentence, iris)
    for triple, statements in found.items():
        yield triple
        yield from _derivation(triple, statements, URIRef(iris.rule(rule.key)), iris)


def _derivation(triple: Triple, statements: set[URIRef], rule: URIRef, iris: Iris) -> Iterator[Triple]:
    subject, predicate, target = triple
    node = URIRef(iris.derivation(_local(predicate), subject, target))
    yield node, RDF.type, MEM.Derivation
    yield node, RDF.subject, subject
    yield node, RDF.predicate, predicate
    yield node, RDF.object, target
    yield node, MEM.rule, rule
    yield from ((node, PROV.wasDerivedFrom, statement) for statement in statements)


def _described(key: str, sentence: str, iris: Iris) -> Iterator[tuple[Node, Node, Node]]:
    node = URIRef(iris.rule(key))
    yield node, RDF.type, MEM.Rule
    yield node, RDFS.label, Literal(key)
    yield node, SKOS.definition, Literal(sentence, lang="en")


# Rules


def _references(*relations: URIRef) -> Callable[[Graph, URIRef], Found]:
    """References to instruments in these relations, or in any, as triples of a country and an instrument."""

    def find(read: Graph, predicate: URIRef) -> Found:
        for statement in _of(read, MEM.TreatyReference):
            if not relations or _one(read, statement, MEM.relation) in relations:
                yield (_one(read, statement, MEM.country), predicate, _one(read, statement, MEM.instrument)), statement

    return find


def _part_of(read: Graph) -> Found:
    for statement in _of(read, MEM.Affiliation):
        institution, whole = _one(read, statement, MEM.institution), _one(read, statement, MEM.partOf)
        yield (institution, ORG.subOrganizationOf, whole), statement


def _acts_in(read: Graph) -> Found:
    yield from _in_chapters(read, MEM.Finding, MEM.actor, MEM.actsIn)


def _named_in(read: Graph) -> Found:
    yield from _in_chapters(read, MEM.InstitutionMention, MEM.institution, MEM.namedIn)


def _in_chapters(read: Graph, kind: URIRef, about: URIRef, predicate: URIRef) -> Found:
    """Institutions and the recommendations in whose chapters statements of a kind are about them."""
    for statement in _of(read, kind):
        for institution in read.objects(statement, about):
            for recommendation in read.objects(statement, MEM.recommendation):
                yield (cast(URIRef, institution), predicate, cast(URIRef, recommendation)), statement


def _area(read: Graph) -> Found:
    for statement in _of(read, MEM.RatingStatement):
        for area in read.objects(_one(read, statement, MEM.recommendation), MEM.area):
            yield (_one(read, statement, MEM.assessment), MEM.area, cast(URIRef, area)), statement


FINDS = {MEM.met: MEM.findsMet, MEM.partlyMet: MEM.findsMetInPart, MEM.notMet: MEM.findsNotMet}
"""What a report finds of a criterion where all codings have one outcome."""


def _criteria(read: Graph) -> Found:
    for (report, criterion), coded in _coded(read).items():
        predicate = FINDS[next(iter(coded))] if len(coded) == 1 else MEM.findsMetInPart
        for finding in chain.from_iterable(coded.values()):
            yield (report, predicate, criterion), finding


def _silences(read: Graph) -> Found:
    spoken, asked = _coded(read), defaultdict[Node, set[URIRef]](set)
    for criterion in _of(read, MEM.Criterion):
        asked[_one(read, criterion, MEM.recommendation)].add(criterion)
    for assessment in _of(read, MEM.Assessment):
        report, statement = _one(read, assessment, MEM.report), _one(read, assessment, PROV.wasDerivedFrom)
        applies = (_one(read, assessment, MEM.rating), MEM["rank"], None) in read
        for criterion in asked[_one(read, assessment, MEM.recommendation)] if applies else ():
            if (report, criterion) not in spoken:
                yield (report, MEM.saysNothingOf, criterion), statement


def _coded(read: Graph) -> dict[tuple[URIRef, URIRef], dict[URIRef, set[URIRef]]]:
    """By report and criterion: the findings of chapters that are coded to it, by their outcome."""
    found: dict[tuple[URIRef, URIRef], dict[URIRef, set[URIRef]]] = defaultdict(lambda: defaultdict(set))
    for finding in _of(read, MEM.Finding):
        for coding in read.objects(finding, MEM.coding):
            about = _one(read, finding, MEM.report), _one(read, coding, MEM.criterion)
            found[about][_one(read, coding, MEM.outcome)].add(finding)
    return found


def _gaps(read: Graph) -> Found:
    for statement in _of(read, MEM.Finding):
        if (statement, MEM.polarity, MEM.deficiency) in read:
            yield (_one(read, statement, MEM.assessment), MEM.gap, statement), statement


RULES = (
    Rule(
        "derived.refers-to",
        "A country refers to an instrument when a statement of its report does, in any relation.",
        lambda read: _references()(read, MEM.refersTo),
    ),
    Rule(
        "derived.states-consent",
        "A country states consent to a treaty when its report says that it ratified, acceded to or is party to it.",
        lambda read: _references(*CONSENT)(read, MEM.statesConsentTo),
    ),
    Rule(
        "derived.states-ratification",
        "A country states ratification of a treaty when its report says that it ratified it, in so many words.",
        lambda read: _references(MEM.ratified)(read, MEM.statesRatificationOf),
    ),
    Rule("derived.part-of", "An institution is a part of another when a sentence says so.", _part_of),
    Rule(
        "derived.acts-in",
        "An institution acts in a recommendation when a finding of its chapter says its predicate of the institution.",
        _acts_in,
    ),
    Rule(
        "derived.named-in",
        "An institution is named in a recommendation when a sentence of its chapter mentions it.",
        _named_in,
    ),
    Rule(
        "derived.criteria",
        "A report finds a criterion met, or not met, when all findings of its chapters that are coded to it agree on "
        "that; where they differ, or grant a part, it finds the criterion met in part.",
        _criteria,
    ),
    Rule(
        "derived.silence",
        "A report says nothing of a criterion when the recommendation has a rating other than Not applicable and no "
        "finding of its chapter is coded to the criterion.",
        _silences,
    ),
    Rule("derived.gap", "A chapter has a gap when a finding of it denies something.", _gaps),
    Rule("derived.area", "An assessment has the thematic area of its recommendation.", _area),
)


# Tensions

TENSION = "derived.tension"


def _tensions(read: Graph, iris: Iris) -> Iterator[tuple[Node, Node, Node]]:
    """Topics on which one report both asserts and denies."""
    sides = {MEM.affirms: _by_topic(read, MEM.achievement), MEM.denies: _by_topic(read, MEM.deficiency)}
    both = sorted(sides[MEM.affirms].keys() & sides[MEM.denies].keys())
    if both:
        yield from _described(TENSION, "Statements of opposite polarity on one topic in one report.", iris)
    for report, topic in both:
        node = URIRef(iris.tension(*iris.parse(report).keys, *iris.parse(topic).keys))
        yield node, RDF.type, MEM.Tension
        yield node, MEM.report, report
        yield node, MEM.topic, topic
        yield node, MEM.rule, URIRef(iris.rule(TENSION))
        for about, side in sides.items():
            yield from ((node, about, statement) for statement in side[report, topic])


def _by_topic(read: Graph, polarity: URIRef) -> dict[tuple[URIRef, URIRef], set[URIRef]]:
    """Statements of one polarity, by report and topic."""
    found: dict[tuple[URIRef, URIRef], set[URIRef]] = defaultdict(set)
    for statement in cast(Iterator[URIRef], read.subjects(MEM.polarity, polarity)):
        for topic in cast(Iterator[URIRef], read.objects(statement, MEM.topic)):
            found[_one(read, statement, MEM.report), topic].add(statement)
    return found


# Small things


def _of(read: Graph, kind: URIRef) -> Iterator[URIRef]:
    return cast(Iterator[URIRef], read.subjects(RDF.type, kind))


def _one(read: Graph, node: Node, about: URIRef) -> URIRef:
    """The one IRI that a statement has for a property: the mapping always gives it."""
    return cast(URIRef, read.value(node, about, any=False))


def _local(predicate: URIRef) -> str:
    return predicate.rsplit("#", 1)[-1]

"""The look-up tables that reading and mapping need, made from the ontology's graph and the rows of ``data/tables/``.

What a round says is data: recommendations, areas and rating words come from ``ontology/rounds.ttl`` and
``ontology/ratings.ttl``; states, instruments, institutions, plans and places from the tables. This module opens no
file: it is given a graph and rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar

from rdflib import Graph, Namespace
from rdflib.namespace import QB, RDF, SKOS
from rdflib.term import Node

from mem_graph.errors import UnknownTerm
from mem_graph.iris import PREFIXES

MEM = Namespace(PREFIXES["mem"])

T = TypeVar("T")

Row = Mapping[str, str]
Tables = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class RoundText:
    """What is known of a round, read or not: its number, its name, its years, and what its reports evaluate."""

    number: int
    label: str
    years: tuple[str, str]
    evaluates: str


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating of a round: its key, the label in English, its rank (0 to 4), or no rank (*Not applicable*)."""

    key: str
    label: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class Area:
    """A thematic area of a round, with its place in the order of the report, and every label in every language."""

    key: str
    label: str
    order: int
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecommendationText:
    """A recommendation of a round: the wording that chapters print, and the wording of the summary table."""

    number: int
    area: str
    wording: str
    summary_wording: str


@dataclass(frozen=True, slots=True)
class State:
    """A member state of the OAS: ISO 3166 alpha-3 code, short and official names, and whether round 6 evaluated it."""

    code: str
    name_en: str
    name_es: str
    official_en: str
    official_es: str
    in_round_6: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Every name once, the English short name first."""
        return tuple(dict.fromkeys((self.name_en, self.official_en, self.name_es, self.official_es)))


@dataclass(frozen=True, slots=True)
class TreatyName:
    """A name of an instrument as people and reports write it, and the year they may print after it."""

    treaty: str
    name: str
    year: int | None
    language: str


@dataclass(frozen=True, slots=True)
class InstitutionRow:
    """A row of the authority table of institutions."""

    key: str
    name: str
    acronym: str | None
    country: str
    kind: str


@dataclass(frozen=True, slots=True)
class InstitutionName:
    """A printed name, or acronym, of the institution with this key."""

    key: str
    printed: str
    language: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A named strategy, plan, programme or list, with the years its name prints."""

    key: str
    name: str
    kind: str
    owner: str | None
    from_year: int | None
    to_year: int | None


@dataclass(frozen=True, slots=True)
class PlanName:
    """A printed name of the plan with this key."""

    key: str
    printed: str
    language: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A named place."""

    key: str
    name: str
    country: str
    kind: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All the words that a reading may meet; ``ratings`` is keyed by case-folded label, in every language we have."""

    ratings: Mapping[str, Rating] = field(default_factory=dict)
    rounds: tuple[RoundText, ...] = ()
    areas: tuple[Area, ...] = ()
    recommendations: Mapping[int, RecommendationText] = field(default_factory=dict)
    states: tuple[State, ...] = ()
    treaties: tuple[TreatyName, ...] = ()
    standards: frozenset[str] = frozenset()
    """The keys among ``treaties`` that are standards: instruments that have no parties."""
    articles: frozenset[tuple[str, str]] = frozenset()
    """The articles, by instrument and number, that the table of subjects names."""
    institutions: tuple[InstitutionRow, ...] = ()
    institution_names: tuple[InstitutionName, ...] = ()
    plans: tuple[PlanRow, ...] = ()
    plan_names: tuple[PlanName, ...] = ()
    places: tuple[PlaceRow, ...] = ()
    topics: tuple[str, ...] = ()
    criteria: Mapping[str, str] = field(default_factory=dict)
    """The criteria of the round by key (``5/selective``), with their labels in English."""
    subjects: frozenset[str] = frozenset()
    """The keys of what figures are of: ``cocaine-paste``."""
    datasets: frozenset[str] = frozenset()
    """The keys of the data sets of figures: ``eradicated-ha``."""
    figure_words: Mapping[str, str] = field(default_factory=dict)
    """What rules call measures, units and things counted, in English, and what that is in Spanish."""
    values: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """IRIs of the ontology's values by class and word: ``("Polarity", "achievement")``."""

    def rating(self, words: str) -> Rating:
        """The rating with this label or key, in any case and language we have; raises `UnknownTerm`."""
        keys = {rating.key: rating for rating in self.ratings.values()}
        return _known({**self.ratings, **keys}, words, "ratings")

    def area(self, words: str) -> Area:
        """The thematic area with this label or key, in any case; raises `UnknownTerm`."""
        return _known({name.casefold(): area for area in self.areas for name in (area.label, area.key)}, words, "areas")

    def value(self, kind: str, word: str) -> str:
        """The IRI of a value of the ontology, such as the ``Relation`` ``named``; raises `UnknownTerm`."""
        if (kind, word) not in self.values:
            raise UnknownTerm(word=word, scheme=kind, near=tuple(near for of, near in self.values if of == kind))
        return self.values[kind, word]


def from_tables(graph: Graph, tables: Tables, round_number: int = 6) -> Vocabulary:
    """Make the vocabulary of one round.

    In: the ontology's graph with rounds, ratings and topics; the rows of each table, by file name without ``.csv``
    (a table that is not there counts as empty). Out: frozen look-up tables. Pure; see ``docs/model.md``.
    """

    def rows(name: str) -> Sequence[Row]:
        return tables.get(name, ())

    return Vocabulary(
        ratings=_ratings(graph, round_number),
        rounds=_rounds(graph),
        areas=_areas(graph, round_number),
        recommendations={text.number: text for text in _recommendations(graph, round_number)},
        states=tuple(map(_state, rows("states"))),
        treaties=tuple(map(_treaty_name, rows("treaty-names"))),
        standards=frozenset(row["treaty"] for row in rows("treaties") if row["kind"] == "standard"),
        articles=frozenset(
            (row["treaty"], each) for row in rows("treaty-subjects") for each in row["articles"].split()
        ),
        institutions=tuple(map(_institution, rows("institutions"))),
        institution_names=tuple(
            InstitutionName(row["key"], row["printed"], row["language"]) for row in rows("institution-names")
        ),
        plans=tuple(map(_plan, rows("plans"))),
        plan_names=tuple(PlanName(row["key"], row["printed"], row["language"]) for row in rows("plan-names")),
        places=tuple(PlaceRow(row["key"], row["name"], row["country"], row["kind"]) for row in rows("places")),
        topics=_topics(graph),
        criteria=_criteria(graph, round_number),
        subjects=_keys(graph, SKOS.Concept, "id/subject/"),
        datasets=_keys(graph, QB.DataSet, "id/dataset/"),
        figure_words={row["word"]: row["spanish"] for row in rows("figure-words")},
        values=_values(graph),
    )


def _ratings(graph: Graph, round_number: int) -> dict[str, Rating]:
    found: dict[str, Rating] = {}
    for node in _of_round(graph, MEM.Rating, round_number):
        rank = graph.value(node, MEM["rank"])
        label = _english(graph, node)
        rating = Rating(_text(graph, node, SKOS.notation), label, None if rank is None else int(str(rank)))
        found.update({word.casefold(): rating for word in _labels(graph, node)})
    return dict(sorted(found.items()))


def _rounds(graph: Graph) -> tuple[RoundText, ...]:
    found = [
        RoundText(
            int(_text(graph, node, SKOS.notation)),
            _english(graph, node),
            (_text(graph, node, MEM.fromYear), _text(graph, node, MEM.toYear)),
            _text(graph, node, MEM.unitEvaluated),
        )
        for node in graph.subjects(RDF.type, MEM.Round)
    ]
    return tuple(sorted(found, key=lambda one: one.number))


def _areas(graph: Graph, round_number: int) -> tuple[Area, ...]:
    areas = [
        Area(
            _text(graph, node, SKOS.notation),
            _english(graph, node),
            int(_text(graph, node, MEM.order)),
            tuple(sorted(_labels(graph, node))),
        )
        for node in _of_round(graph, MEM.ThematicArea, round_number)
    ]
    return tuple(sorted(areas, key=lambda area: area.order))


def _recommendations(graph: Graph, round_number: int) -> list[RecommendationText]:
    found = []
    for node in _of_round(graph, MEM.Recommendation, round_number):
        area = graph.value(node, MEM.area)
        found.append(
            RecommendationText(
                int(_text(graph, node, SKOS.notation)),
                "" if area is None else _text(graph, area, SKOS.notation),
                _text(graph, node, MEM.wording),
                _text(graph, node, MEM.summaryWording),
            )
        )
    return sorted(found, key=lambda text: text.number)


def _criteria(graph: Graph, round_number: int) -> dict[str, str]:
    """The criteria of a round by key, each with its label in English."""
    asked = set(_of_round(graph, MEM.Recommendation, round_number))
    of_round = (
        node for node in graph.subjects(RDF.type, MEM.Criterion) if graph.value(node, MEM.recommendation) in asked
    )
    return dict(sorted((_text(graph, node, SKOS.notation), _english(graph, node)) for node in of_round))


def _topics(graph: Graph) -> tuple[str, ...]:
    """The topics that findings may carry: no groups."""
    topics, groups = (set(graph.subjects(RDF.type, kind)) for kind in (MEM.Topic, MEM.TopicGroup))
    return tuple(sorted(_text(graph, topic, SKOS.notation) for topic in topics - groups))


def _keys(graph: Graph, kind: Node, path: str) -> frozenset[str]:
    """The keys of the nodes of a class whose IRIs have this path below the identity base."""
    return frozenset(
        key for node in graph.subjects(RDF.type, kind) if (key := str(node).rpartition(path)[2]) != str(node)
    )


def _values(graph: Graph) -> dict[tuple[str, str], str]:
    """Concepts in the namespace of the ontology, by class and notation."""
    found = {
        (str(kind).removeprefix(MEM), _text(graph, node, SKOS.notation)): str(node)
        for node, kind in graph.subject_objects(RDF.type)
        if str(node).startswith(MEM) and str(kind).startswith(MEM)
    }
    return dict(sorted(found.items()))


def _known(terms: Mapping[str, T], words: str, scheme: str) -> T:
    term = terms.get(words.casefold())
    if term is None:
        raise UnknownTerm(word=words, scheme=scheme, near=tuple(get_close_matches(words.casefold(), terms)))
    return term


def _of_round(graph: Graph, kind: Node, round_number: int) -> Iterator[Node]:
    """The nodes of one class that belong to one round."""
    for node in graph.subjects(RDF.type, kind):
        of_round = graph.value(node, MEM.round)
        if of_round is not None and _text(graph, of_round, SKOS.notation) == str(round_number):
            yield node


def _text(graph: Graph, node: Node, about: Node) -> str:
    found = graph.value(node, about)
    return "" if found is None else str(found)


def _labels(graph: Graph, node: Node) -> list[str]:
    return [str(label) for about in (SKOS.prefLabel, SKOS.altLabel) for label in graph.objects(node, about)]


def _english(graph: Graph, node: Node) -> str:
    labels = (label for label in graph.objects(node, SKOS.prefLabel) if getattr(label, "language", None) == "en")
    return str(next(labels, ""))


def _state(row: Row) -> State:
    official = row["official_name_en"], row["official_name_es"]
    return State(row["iso3"], row["name_en"], row["name_es"], *official, in_round_6=row["mem_sixth_round"] == "yes")


def _treaty_name(row: Row) -> TreatyName:
    return TreatyName(row["treaty"], row["name"], _year(row["year"]), row["language"])


def _institution(row: Row) -> InstitutionRow:
    return InstitutionRow(row["key"], row["name"], row["acronym"] or None, row["country"], row["kind"])


def _plan(row: Row) -> PlanRow:
    years = _year(row["from"]), _year(row["to"])
    return PlanRow(row["key"], row["name"], row["kind"], row["owner"] or None, *years)


def _year(text: str) -> int | None:
    return int(text) if text else None

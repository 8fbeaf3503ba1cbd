"""Namespaces, and every IRI this project mints: made from keys, and read back into them.

The namespace of the ontology is a constant. All other IRIs stand below an *identity base*, which is fixed when a
release is built; ``Iris(base)`` holds it. An IRI is made of keys only (ISO 3166 alpha-3 codes, numbers, languages,
sentences), never of wording or of load order, and it is ASCII without percent signs (``docs/model.md``;
``docs/decisions/0003-identity.md``).

>>> iris = Iris("https://w3id.org/mem-graph/")
>>> iris.assessment("PER-R6", 24)
'https://w3id.org/mem-graph/id/assessment/PER-R6/24'
>>> iris.parse("https://w3id.org/mem-graph/id/finding/PER-R6/5/en/1/s2b")
Minted(kind='finding', keys=('PER-R6', '5', 'en', '1', 's2b'))
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from mem_graph.errors import SettingsError, UnknownTerm

ONTOLOGY = "https://w3id.org/mem-graph/ontology"
"""IRI of the ontology itself; its terms are ``ONTOLOGY + "#" + name``."""

SHAPES = "https://w3id.org/mem-graph/shapes"
"""What the IRIs of shapes begin with, before ``#``."""

DEFAULT_BASE = "https://w3id.org/mem-graph/"

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "eli": "http://data.europa.eu/eli/ontology#",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "mem": f"{ONTOLOGY}#",
        "oa": "http://www.w3.org/ns/oa#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "qb": "http://purl.org/linked-data/cube#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "sd": "http://www.w3.org/ns/sparql-service-description#",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "vann": "http://purl.org/vocab/vann/",
        "void": "http://rdfs.org/ns/void#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
"""The one set of prefixes: ontology, shapes, queries, editor and service description use it."""

KEYS: Mapping[str, str] = MappingProxyType(
    {
        "article": r"[0-9]+[A-Za-z]*(?:[.-][0-9A-Za-z]+)*",
        "country": r"[A-Z]{3}",
        "dimension": r"[a-z]+",
        "file": r"[1-9][0-9]*",
        "language": r"[a-z]{2,3}",
        "local": r"[a-z]+[0-9]*[a-z]*",
        "name": r"[A-Za-z][A-Za-z0-9_-]*",
        "number": r"[1-9][0-9]*",
        "report": r"[A-Z]{3}-R[1-9][0-9]*",
        "result": r"[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*",
        "revision": r"[1-9][0-9]*",
        "round": r"[1-9][0-9]*",
        "rule": r"[A-Za-z0-9]+(?:[._:/-][A-Za-z0-9]+)*",
        "slug": r"[a-z0-9]+(?:-[a-z0-9]+)*",
        "version": r"[0-9A-Za-z]+(?:[.+-][0-9A-Za-z]+)*",
        "where": r"[1-9][0-9]*|[a-z]+",
        "words": r"[0-9]+-[0-9]+",
    }
)
"""What each part of a path may look like; ``local`` names a statement or passage in its place: ``s3a``, ``t9``."""

EDITION = "{report}/{language}/{revision}"
IN_EDITION = "{report}/{where}/{language}/{revision}/{local}"

STATEMENTS = (
    "affiliation",
    "conclusion",
    "finding",
    "fraction",
    "glossary-entry",
    "glossary-use",
    "identity",
    "institution-mention",
    "mechanism-statement",
    "observation",
    "place-mention",
    "plan-mention",
    "rating-statement",
    "study-mention",
    "summary-row",
    "tally",
    "treaty-reference",
)
"""The kinds of statement, as IRIs name them."""

PATHS: Mapping[str, str] = MappingProxyType(
    {
        # what reports share
        "area": "id/area/{round}/{slug}",
        "area-scheme": "id/area/{round}",
        "article": "id/treaty/{slug}/article/{article}",
        "country": "id/country/{country}",
        "criterion": "id/criterion/{round}/{number}/{slug}",
        "criterion-scheme": "id/criterion/{round}",
        "institution": "id/institution/{country}/{slug}",
        "membership": "id/membership/{country}/{number}",
        "decision": "id/decision/{slug}",
        "mechanism": "id/mechanism/{slug}",
        "place": "id/place/{country}/{slug}",
        "plan": "id/plan/{country}/{slug}",
        "rating": "id/rating/{round}/{slug}",
        "rating-scheme": "id/rating/{round}",
        "recommendation": "id/recommendation/{round}/{number}",
        "region": "id/region/{slug}",
        "region-scheme": "id/region",
        "round": "id/round/{round}",
        "rule": "id/rule/{rule}",
        "section": "id/standard/{slug}/article/{article}",
        "software": "id/software/{slug}/{version}",
        "standard": "id/standard/{slug}",
        "subject": "id/subject/{slug}",
        "subject-scheme": "id/subject",
        "topic": "id/topic/{slug}",
        "unit": "id/unit/{slug}",
        "topic-scheme": "id/topic",
        "treaty": "id/treaty/{slug}",
        # one report and its editions
        "assessment": "id/assessment/{report}/{number}",
        "audit": "id/audit/{report}",
        "audit-result": "id/audit/{report}/{slug}/{result}",
        "edition": f"id/edition/{EDITION}",
        "glossary": f"id/term/{EDITION}",
        "problem": f"id/problem/{EDITION}/{{slug}}/{{words}}",
        "reading": f"id/reading/{EDITION}",
        "report": "id/report/{report}",
        "source": f"id/source/{EDITION}/{{file}}",
        "edition study": f"id/study/{IN_EDITION}",
        "study": "id/study/{report}/{where}/{local}",
        "term": f"id/term/{EDITION}/{{local}}",
        # statements and their evidence
        **{kind: f"id/{kind}/{IN_EDITION}" for kind in STATEMENTS},
        **{f"{kind} annotation": f"id/annotation/{kind}/{IN_EDITION}" for kind in STATEMENTS},
        "file passage": f"id/passage/{IN_EDITION}/{{file}}",
        "file position-selector": f"id/position-selector/{IN_EDITION}/{{file}}",
        "file quote-selector": f"id/quote-selector/{IN_EDITION}/{{file}}",
        # corrections, and what they replaced
        **{f"{kind} correction": f"id/correction/{kind}/{IN_EDITION}" for kind in STATEMENTS},
        **{f"{kind} former": f"id/former/{kind}/{IN_EDITION}" for kind in STATEMENTS},
        **{f"{kind} former-value": f"id/former/{kind}/{IN_EDITION}/{{name}}" for kind in STATEMENTS},
        "accepted correction": f"id/correction/accepted/{EDITION}/{{slug}}/{{words}}",
        "institution correction": f"id/correction/institution/{EDITION}/{{country}}/{{slug}}",
        "person": "id/person/{slug}",
        "passage": f"id/passage/{IN_EDITION}",
        "position-selector": f"id/position-selector/{IN_EDITION}",
        "quote-selector": f"id/quote-selector/{IN_EDITION}",
        "words": f"id/passage/{IN_EDITION}/{{words}}",
        "words position-selector": f"id/position-selector/{IN_EDITION}/{{words}}",
        "words quote-selector": f"id/quote-selector/{IN_EDITION}/{{words}}",
        # figures
        "component": "id/component/{slug}/{dimension}",
        "dataset": "id/dataset/{slug}",
        "structure": "id/structure/{slug}",
        # the treaty record
        "act": "id/act/{slug}/{country}/{slug}",
        "act-source": "id/act-source/{slug}",
        "coverage": "id/coverage/{slug}/{number}",
        "doubt": "id/doubt/{number}",
        "final-clauses": "id/final-clauses/{slug}",
        "listing": "id/listing/{slug}/{country}/{slug}",
        "participation": "id/participation/{slug}/{country}",
        "unilateral-statement": "id/unilateral-statement/{slug}/{country}/{number}",
        # derived facts
        "coding": f"id/coding/{IN_EDITION}/{{number}}/{{slug}}",
        "standing": "id/standing/{slug}/{country}/{slug}",
        "tension": "id/tension/{report}/{slug}",
        # the catalogue
        "catalogue": "id/catalogue",
        "catalogue-edition": f"id/catalogue/{EDITION}",
        "catalogue-report": "id/catalogue/{report}",
        "class-partition": "id/partition/class/{name}/{name}",
        "class-property-partition": "id/partition/class/{name}/{name}/property/{name}/{name}",
        "linkset": "id/linkset/{name}/{name}/{name}/{name}/{name}/{name}",
        "property-partition": "id/partition/property/{name}/{name}",
        "release": "id/release",
        # validation reports, one for each graph that is checked
        "edition validation": f"id/validation/edition/{EDITION}",
        "validation": "id/validation/{slug}",
        # named graphs
        "edition graph": f"graph/edition/{EDITION}",
        "graph": "graph/{slug}",
    }
)
"""Every kind of IRI with its path below the identity base."""

Key = str | int


class Minted(NamedTuple):
    """An IRI read back: what kind of thing it names, and by which keys."""

    kind: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Iris:
    """The IRIs below one identity base, which ends in ``/``; raises ``SettingsError`` for another base."""

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        if not re.fullmatch(r"https?://[!-~]+/", self.base) or re.search(r"[%#?<>\"{}|\\^`]", self.base):
            raise SettingsError(
                setting="identity_base", value=self.base, allowed="an http(s) IRI in ASCII that ends in '/'"
            )

    def mint(self, kind: str, *keys: Key) -> str:
        """The IRI of the thing of this kind with these keys; raises ``UnknownTerm`` for a key that does not fit."""
        words = tuple(map(str, keys))
        pattern, template = _pattern(kind), iter(words)
        path = re.sub(r"\{\w+\}", lambda _: next(template, ""), PATHS[kind])
        found = pattern.fullmatch(path)
        if found is None or found.groups() != words:
            raise UnknownTerm(word="/".join(words), scheme=f"keys of the form {PATHS[kind]}")
        return self.base + path

    def parse(self, iri: str) -> Minted:
        """The kind and keys of an IRI minted here; raises ``UnknownTerm`` for every other IRI.

        A derivation gives the local name of its predicate, then the paths of subject and object.
        """
        path = iri.removeprefix(self.base)
        if path == iri:
            raise UnknownTerm(word=iri, scheme=f"IRIs below {self.base}")
        if path.startswith(DERIVATION):
            return Minted("derivation", self._parse_derivation(path))
        for kind in PATHS:
            found = _pattern(kind).fullmatch(path)
            if found:
                return Minted(kind, found.groups())
        raise UnknownTerm(word=iri, scheme="IRIs of this project")

    # what reports share

    def country(self, code: str) -> str:
        """``id/country/PER``."""
        return self.mint("country", code)

    def institution(self, key: str) -> str:
        """``id/institution/PER/devida``, from the key ``PER/devida``."""
        return self.mint("institution", *key.split("/"))

    def instrument(self, key: str, standard: bool = False) -> str:
        """``id/treaty/cifta-1997``, or ``id/standard/egmont-principles``."""
        return self.mint("standard" if standard else "treaty", key)

    def article(self, key: str, number: str, standard: bool = False) -> str:
        """``id/treaty/cifta-1997/article/8``."""
        return self.mint("section" if standard else "article", key, number)

    def mechanism(self) -> str:
        """``id/mechanism/mem``: there is one."""
        return self.mint("mechanism", "mem")

    def round(self, number: Key) -> str:
        """``id/round/6``."""
        return self.mint("round", number)

    def area(self, number: Key, key: str) -> str:
        """``id/area/6/control-measures``."""
        return self.mint("area", number, key)

    def recommendation(self, of_round: Key, number: Key) -> str:
        """``id/recommendation/6/24``."""
        return self.mint("recommendation", of_round, number)

    def rating(self, of_round: Key, key: str) -> str:
        """``id/rating/6/partially-complete``."""
        return self.mint("rating", of_round, key)

    def criterion(self, of_round: Key, key: str) -> str:
        """``id/criterion/6/5/selective``, from the key ``5/selective``."""
        return self.mint("criterion", of_round, *key.split("/"))

    def topic(self, key: str) -> str:
        """``id/topic/firearms-marking``."""
        return self.mint("topic", key)

    def plan(self, key: str) -> str:
        """``id/plan/PER/national-strategy-2012-2016``, from the key without ``id/plan/``."""
        return self.mint("plan", *key.split("/"))

    def place(self, key: str) -> str:
        """``id/place/PER/vraem``."""
        return self.mint("place", *key.split("/"))

    def rule(self, key: str) -> str:
        """``id/rule/finding.denied``."""
        return self.mint("rule", key)

    def software(self, version: str) -> str:
        """``id/software/mem-graph/0.1.0``."""
        return self.mint("software", "mem-graph", version)

    # one report and its editions; ``edition`` is the key PER-R6/en/1

    def report(self, key: str) -> str:
        """``id/report/PER-R6``."""
        return self.mint("report", key)

    def assessment(self, report: str, recommendation: Key) -> str:
        """``id/assessment/PER-R6/24``."""
        return self.mint("assessment", report, recommendation)

    def edition(self, edition: str) -> str:
        """``id/edition/PER-R6/en/1``."""
        return self.mint("edition", *edition.split("/"))

    def source(self, edition: str, file: Key = 1) -> str:
        """``id/source/PER-R6/en/1/1``: the files of an edition are counted from 1."""
        return self.mint("source", *edition.split("/"), file)

    def reading(self, edition: str) -> str:
        """``id/reading/PER-R6/en/1``: the run that read the edition."""
        return self.mint("reading", *edition.split("/"))

    def study(self, report: str, where: Key, local: str) -> str:
        """``id/study/PER-R6/15/s1a``; or ``id/study/PER-R6/15/es/1/s1a`` for an edition that is not of record."""
        if "/" in report:
            return self.mint("edition study", *_in_edition(report, where, local))
        return self.mint("study", report, where, local)

    def glossary(self, edition: str) -> str:
        """``id/term/PER-R6/en/1``: the scheme of an edition's terms."""
        return self.mint("glossary", *edition.split("/"))

    def term(self, edition: str, number: Key) -> str:
        """``id/term/PER-R6/en/1/t9``."""
        return self.mint("term", *edition.split("/"), f"t{number}")

    # statements and their evidence

    def statement(self, kind: str, edition: str, where: Key, local: str) -> str:
        """``id/finding/PER-R6/24/en/1/s3a``; the kinds are ``STATEMENTS``."""
        return self.mint(kind, *_in_edition(edition, where, local))

    def annotation(self, kind: str, edition: str, where: Key, local: str) -> str:
        """``id/annotation/finding/PER-R6/24/en/1/s3a``: ties the statement to its passage."""
        return self.mint(f"{kind} annotation", *_in_edition(edition, where, local))

    def passage(
        self, edition: str, where: Key, local: str, words: str = "", kind: str = "passage", file: Key = 1
    ) -> str:
        """``id/passage/PER-R6/24/en/1/s3``, or ``…/s3/12-40`` for the words from 12 to 40 of it.

        With the kind ``quote-selector`` or ``position-selector``: the selectors of that passage. In a further file of
        the edition: ``…/s3/2``.
        """
        keys = _in_edition(edition, where, local)
        if file != 1:
            return self.mint(f"file {kind}", *keys, file)
        if words:
            return self.mint("words" if kind == "passage" else f"words {kind}", *keys, words)
        return self.mint(kind, *keys)

    # corrections

    def correction(self, kind: str, edition: str, where: Key, local: str) -> str:
        """``id/correction/finding/PER-R6/24/en/1/s3a``: what a person decided on the statement."""
        return self.mint(f"{kind} correction", *_in_edition(edition, where, local))

    def former(self, kind: str, edition: str, where: Key, local: str, value: str = "") -> str:
        """``id/former/finding/PER-R6/24/en/1/s3a``: the statement as it was read; ``…/polarity-1``: what it said."""
        keys = _in_edition(edition, where, local)
        return self.mint(f"{kind} former-value", *keys, value) if value else self.mint(f"{kind} former", *keys)

    def naming(self, edition: str, institution: str) -> str:
        """``id/correction/institution/PER-R6/en/1/PER/corah``: what a person decided on a body no table holds."""
        return self.mint("institution correction", *edition.split("/"), *institution.split("/"))

    def acceptance(self, edition: str, code: str, words: str) -> str:
        """``id/correction/accepted/PER-R6/en/1/area-differs/120-131``: what a person left as it is."""
        return self.mint("accepted correction", *edition.split("/"), code, words)

    def person(self, name: str) -> str:
        """``id/person/ana-example``: who corrected something, by name."""
        plain = "".join(part for part in unicodedata.normalize("NFKD", name) if not unicodedata.combining(part))
        return self.mint("person", slug(plain))

    # derived facts

    def coding(self, edition: str, where: Key, local: str, criterion: str) -> str:
        """``id/coding/PER-R6/5/en/1/s2a/5/selective``: a finding, and the criterion to which it is coded."""
        return self.mint("coding", *_in_edition(edition, where, local), *criterion.split("/"))

    def tension(self, report: str, topic: str) -> str:
        """``id/tension/PER-R6/treatment``."""
        return self.mint("tension", report, topic)

    def derivation(self, predicate: str, subject: str, target: str) -> str:
        """``id/derivation/refersTo/country/PER/treaty/cifta-1997``: the record of a derived triple of our IRIs."""
        paths = [self.mint(*self._minted(iri)).removeprefix(f"{self.base}id/") for iri in (subject, target)]
        if not re.fullmatch(KEYS["name"], predicate):
            raise UnknownTerm(word=predicate, scheme="local names")
        return f"{self.base}{DERIVATION}{predicate}/{'/'.join(paths)}"

    def _minted(self, iri: str) -> tuple[str, ...]:
        kind, keys = self.parse(iri)
        return kind, *keys

    def _parse_derivation(self, path: str) -> tuple[str, str, str]:
        """Predicate, and the one cut of the rest into two IRIs of ours."""
        predicate, *rest = path.removeprefix(DERIVATION).split("/")
        cuts = [("/".join(rest[:at]), "/".join(rest[at:])) for at in range(2, len(rest) - 1)]
        fitting = [cut for cut in cuts if all(_is_path(f"id/{part}") for part in cut)]
        if len(fitting) != 1:
            raise UnknownTerm(word=path, scheme="derivations of one triple")
        return predicate, *fitting[0]

    # figures, catalogue, named graphs

    def dataset(self, measure: str) -> str:
        """``id/dataset/eradicated-area``."""
        return self.mint("dataset", measure)

    def subject(self, key: str) -> str:
        """``id/subject/cocaine-paste``: of what something was measured."""
        return self.mint("subject", key)

    def graph(self, name: str) -> str:
        """``graph/derived``, or ``graph/edition/PER-R6/en/1`` for the name ``edition/PER-R6/en/1``."""
        kind, _, rest = name.partition("/")
        return self.mint("edition graph", *rest.split("/")) if rest and kind == "edition" else self.mint("graph", name)


DERIVATION = "id/derivation/"


def curie(iri: str) -> str:
    """The IRI with its prefix from ``PREFIXES``, or unchanged where none fits: ``mem:Finding``."""
    fitting = (f"{prefix}:{iri.removeprefix(space)}" for prefix, space in PREFIXES.items() if iri.startswith(space))
    return next(fitting, iri)


def slug(words: str) -> str:
    """Words in ASCII as a key: lower case, hyphens for what is no letter or digit; raises ``UnknownTerm``."""
    made = "-".join(re.findall(r"[a-z0-9]+", words.lower()))
    if not made or not words.isascii():
        raise UnknownTerm(word=words, scheme="words that can be a key")
    return made


def _in_edition(edition: str, where: Key, local: str) -> Iterator[Key]:
    report, language, revision = edition.split("/")
    yield from (report, where, language, revision, local)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    if kind not in PATHS:
        raise UnknownTerm(word=kind, scheme="kinds of IRI", near=tuple(get_close_matches(kind, PATHS)))
    return re.compile(re.sub(r"\{(\w+)\}", lambda part: f"({KEYS[part[1]]})", PATHS[kind]))


def _is_path(path: str) -> bool:
    return any(_pattern(kind).fullmatch(path) for kind in PATHS)

"""An edition's share of a release: all that comes of its files, as bytes, worked out once and kept by its key.

From the files of an edition come its reading, its graph, its part of the graphs that editions share, and the reports of
what was checked. None of it depends on other reports, so it is made in a process apart, and made again only where
the files, the corrections, the rules, the tables, the ontology, the shapes or the software have changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from mem_graph import __version__, resources
from mem_graph.engine import quads
from mem_graph.engine.oxigraph import EmbeddedStore
from mem_graph.errors import NotConforming
from mem_graph.graph import audits, cache, derive, filing, mapping, revisions, rulebook, things, validate
from mem_graph.graph.catalog import edition_of_record
from mem_graph.graph.filing import Filed
from mem_graph.graph.reference import CORRECTIONS, Reference, parsed, stop_where_a_rating_is_touched, together
from mem_graph.graph.validate import Part
from mem_graph.iris import Iris
from mem_graph.model import Edition
from mem_graph.outcomes import AuditResult, ValidationReport, ValidationResult
from mem_graph.reading import form
from mem_graph.reading.translation import translated

MEM = validate.MEM

GRAPHS = ("edition", "shared", "derived", CORRECTIONS)


@dataclass(frozen=True)
class Share:
    """What one edition comes to: its triples by graph, its files by name in a release, and what is said of it."""

    edition: str
    year: int
    said: str
    """``168 sentences, 389 statements, 0 sentences not understood``."""
    digests: tuple[str, ...]
    """The SHA-256 of its files."""
    graphs: Mapping[str, bytes]
    """Canonical N-Triples: of the edition, and its parts of ``shared``, ``derived`` and ``corrections``."""
    files: Mapping[str, bytes]
    """Its reading and the text of its sources."""
    reports: tuple[ValidationReport, ...]
    """How its graph, and its part of ``derived``, stand to the shapes."""
    audit: tuple[AuditResult, ...]
    """What audits found, where it is the edition of record."""


@dataclass(frozen=True)
class Plan:
    """What a release is to be made of: the files of each edition, and what else decides what comes of them."""

    files: Mapping[str, Sequence[Filed]]
    data: Path
    identity_base: str
    parsed: Mapping[str, Edition] = field(default_factory=dict)
    """What files say by themselves, by their digest, as far as they were read before."""

    def record(self, edition: str) -> str:
        """The edition of record of an edition's report."""
        report = edition.partition("/")[0]
        return edition_of_record(each for each in self.files if each.partition("/")[0] == report)

    def key(self, edition: str) -> str:
        """The key of an edition's share: the digests of everything that it is made from."""
        record = self.record(edition)
        sources = {each: [file.sha256 for file in self.files[each]] for each in (edition, record)}
        names = [file.name for file in self.files[edition]]
        decided = cache.digest_of(self._corrections(edition))
        return cache.key_of(edition, record, sources, names, decided, self.identity_base, self._common)

    def _corrections(self, edition: str) -> list[Path]:
        """The file of what people decided on an edition's report, where there is one."""
        path = self.data / "corrections" / f"{edition.partition('/')[0]}.toml"
        return [path] if path.is_file() else []

    @cached_property
    def _common(self) -> list[str]:
        """Software, ontology, shapes, tables and rules."""
        folders = (resources.ontology(), resources.shapes(), self.data / "tables", self.data / "rules")
        files = ([path for path in folder.rglob("*") if path.is_file()] for folder in folders)
        return [cache.software(), *map(cache.digest_of, files)]


# Making


def make(edition: str, plan: Plan, reference: Reference) -> Share:
    """The share of an edition.

    Raises ExtractError, ParseError, ReleaseError where its files cannot be read or a rating is in doubt, NotConforming
    where a must-shape is broken.
    """
    read = _read(edition, plan, reference)
    record = plan.record(edition)
    if record != edition and record.split("/")[1] != edition.split("/")[1]:
        read = translated(read, _read(record, plan, reference))
    return share_of(read, reference, of_record=record == edition)


def _read(edition: str, plan: Plan, reference: Reference) -> Edition:
    files = plan.files[edition]
    read = together([_parsed(file, plan, reference) for file in files], reference)
    filing.stop_where_recorded_otherwise(read.identity, files)
    stop_where_a_rating_is_touched(read, files[0].path)
    return read


def _parsed(file: Filed, plan: Plan, reference: Reference) -> Edition:
    if (before := plan.parsed.get(file.sha256)) is not None:
        return replace(before, source=replace(before.source, name=file.name))
    return parsed(filing.read(file), reference)


def share_of(edition: Edition, reference: Reference, of_record: bool = True) -> Share:
    """The share of an edition that has been read; raises NotConforming where a must-shape is broken."""
    iris = reference.iris
    graph = mapping.to_graph(edition, reference.vocabulary, iris, __version__, of_record)
    graph += revisions.replaced(edition, reference.vocabulary, iris, of_record)
    decided = revisions.decided(edition, reference.vocabulary, iris)
    shared = things.shared([edition], reference.vocabulary, iris)
    shared += revisions.rules_of(edition, iris)
    shared += rulebook.described(shared, reference.rules, iris)
    derived = derive.derive([graph], reference.known, iris) if of_record else Graph()
    key = edition.identity.edition
    texts = {iris.source(key, number): source.text for number, source in enumerate(edition.sources, start=1)}
    made = {"edition": Part(graph), "shared": Part(shared), "derived": Part(derived), CORRECTIONS: Part(decided)}
    reports = tuple(check(key, made, texts, reference, of_record))
    for found in reports:
        if not found.conforms:
            raise NotConforming(graph=found.graph, violations=len(found.violations), report=found)
    return Share(
        key,
        edition.identity.year,
        _said(edition),
        tuple(source.digest for source in edition.sources),
        {name: quads.ntriples(part.ntriples) for name, part in made.items()},
        dict(_files(edition)),
        reports,
        _audited(made, reference) if of_record else (),
    )


def check(
    key: str, made: Mapping[str, Part], texts: Mapping[str, str], reference: Reference, of_record: bool
) -> Iterator[ValidationReport]:
    """An edition's graph held against the shapes, then its part of ``derived`` with the edition beside it.

    In: the edition's key; its graphs (`GRAPHS`); the text of each of its sources by IRI.
    """
    iris, beside = reference.iris, [*reference.beside, made["shared"], made[CORRECTIONS]]
    of_report = [] if of_record else [Part(_report_of(key, reference.vocabulary.recommendations, iris))]
    of_edition = validate.shapes_of(*(validate.OF_RECORD if of_record else validate.EDITION))
    yield validate.check(made["edition"], of_edition, [*beside, *of_report], texts, iris.graph(f"edition/{key}"))
    if of_record:
        of_derived = validate.shapes_of(*validate.DERIVED)
        yield validate.check(made["derived"], of_derived, [*beside, made["edition"]], name=iris.graph("derived"))


def _audited(made: Mapping[str, Part], reference: Reference) -> tuple[AuditResult, ...]:
    """What audits find in a report: its edition of record, with all that it refers to."""
    every = (*reference.beside, *made.values())
    store = EmbeddedStore.of_graphs({f"{MEM}{number}": part.ntriples for number, part in enumerate(every)})
    return audits.run(store, audits.load_audits(resources.shapes() / "audits"))


def _report_of(key: str, recommendations: Iterable[int], iris: Iris) -> Graph:
    """What an edition's report and assessments are, which stand in the graph of the edition of record."""
    report = key.partition("/")[0]
    of_round = report.rpartition("-R")[2]
    described = Graph()
    described.add((URIRef(iris.report(report)), RDF.type, MEM.Report))
    for number in recommendations:
        assessment = URIRef(iris.assessment(report, number))
        described.add((assessment, RDF.type, MEM.Assessment))
        described.add((assessment, MEM.recommendation, URIRef(iris.recommendation(of_round, number))))
    return described


def _files(edition: Edition) -> Iterator[tuple[str, bytes]]:
    name = edition.identity.edition.replace("/", "-")
    yield f"readings/{name}.json", json.dumps(form.to_json(edition), indent=1, ensure_ascii=False).encode() + b"\n"
    for number, source in enumerate(edition.sources, start=1):
        yield f"sources/{name}{'' if number == 1 else f'.{number}'}.txt", source.text.encode()


def _said(edition: Edition) -> str:
    made = sum(len(statements) for statements in edition.statements.values())
    missed = len(edition.not_understood)
    return f"{len(edition.passages)} sentences, {made} statements, {missed} sentences not understood"


# Keeping


def kept(folder: Path, key: str) -> Share | None:
    """The share that is kept by this key, if there is one."""
    entry = cache.read(folder, key)
    if entry is None:
        return None
    facts = json.loads(entry.pop("share.json"))
    return Share(
        facts["edition"],
        facts["year"],
        facts["said"],
        tuple(facts["digests"]),
        {name: entry.pop(f"{name}.nt") for name in GRAPHS},
        entry,
        tuple(
            ValidationReport(each["graph"], tuple(ValidationResult(**result) for result in each["results"]))
            for each in facts["reports"]
        ),
        tuple(AuditResult(**each) for each in facts["audit"]),
    )


def keep(folder: Path, key: str, share: Share) -> None:
    """Keep a share by its key."""
    facts = {
        "edition": share.edition,
        "year": share.year,
        "said": share.said,
        "digests": share.digests,
        "reports": [asdict(report) for report in share.reports],
        "audit": [asdict(result) for result in share.audit],
    }
    graphs = {f"{name}.nt": triples for name, triples in share.graphs.items()}
    cache.write(folder, key, {"share.json": json.dumps(facts).encode(), **graphs, **share.files})

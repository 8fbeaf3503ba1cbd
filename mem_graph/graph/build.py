"""The walk from ``data/`` to a release: read each edition, map, derive, validate, audit, describe, write, switch.

Every step is announced in a line. The release becomes current only when all is written and valid; where anything is
wrong the old one stays, and nothing that was begun is left behind.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rdflib import Graph, Namespace
from rdflib.namespace import RDF

from mem_graph import __version__, resources
from mem_graph.engine import quads
from mem_graph.engine.oxigraph import EmbeddedStore
from mem_graph.engine.store import file_type
from mem_graph.errors import NotConforming, ParseError, ReleaseError
from mem_graph.graph import acts, audits, catalog, derive, mapping, release, tables, validate
from mem_graph.iris import PREFIXES, Iris
from mem_graph.model import AuditResult, Edition, Release, Source, ValidationReport
from mem_graph.reading import audit, extract, form, report, rules
from mem_graph.settings import Settings
from mem_graph.treaties import record as treaty_record
from mem_graph.treaties.faults import faults
from mem_graph.vocabulary import Tables, Vocabulary, from_tables

MEM = Namespace(PREFIXES["mem"])

Say = Callable[[str], None]

BACKGROUND = ("ontology", "vocabulary", "tables", "shared")
"""The graphs that every edition's graph is seen together with."""

UNAUDITED = ("acts", "shapes")
"""The graphs of which no audit asks: audits hold reports against themselves, not against the record."""


@dataclass(frozen=True)
class Reference:
    """All that stands before any report is read: ontology, vocabulary, tables, shapes, and the rules of reading."""

    iris: Iris
    graphs: Mapping[str, Graph]
    """The graphs ``ontology``, ``vocabulary``, ``tables``, ``acts`` and ``shapes``."""
    standings: Graph
    """What the acts make of states: a part of the graph ``derived``."""
    vocabulary: Vocabulary
    rules: rules.Rules


def load_reference(data: Path, identity_base: str) -> Reference:
    """The reference data below an identity base.

    Raises ParseError, ReleaseError or UnknownTerm for what is broken or missing.
    """
    iris = Iris(identity_base)
    rows: Tables = resources.read_tables(data / "tables")
    _stop_where_a_table_is_wrong(rows)
    folder, record = resources.ontology(), treaty_record.from_tables(rows)
    vocabulary = resources.read_ontology(folder, identity_base, resources.VOCABULARY)
    ontology = resources.read_ontology(folder, identity_base, resources.ONTOLOGY)
    graphs = {
        "ontology": ontology,
        "vocabulary": vocabulary,
        "tables": tables.tables_graph(rows, iris),
        "acts": acts.acts_graph(record, iris),
        "shapes": validate.load_shapes(resources.shapes()),
    }
    standings = acts.standings_graph(record, iris)
    return Reference(iris, graphs, standings, from_tables(ontology + vocabulary, rows), rules.read(data / "rules"))


def _stop_where_a_table_is_wrong(rows: Tables) -> None:
    for fault in faults(rows):
        raise ParseError(
            file=fault.file, line=fault.line, met=fault.met, expected=f"another value, for it {fault.problem}"
        )


# Reading


def read_file(path: Path, reference: Reference) -> Edition:
    """Read one report, wherever its file stands.

    Raises ExtractError where the file gives no text, ParseError where the text is no report.
    """
    return _read(extract.read(path), reference)


def _read(source: Source, reference: Reference) -> Edition:
    """The reading of a source, held against itself."""
    return audit.checked(report.parse(source, reference.vocabulary, reference.rules))


def read_editions(folder: Path, reference: Reference, say: Say) -> list[Edition]:
    """Read every edition that a folder of ``data/reports/`` describes; raises what stops a build."""
    recorded = [(path.parent, entry) for path in sorted(folder.glob("*/edition.toml")) for entry in _entries(path)]
    if not recorded:
        raise ReleaseError(path=folder, fault="missing")
    return [_read_recorded(place, entry, reference, say) for place, entry in recorded]


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        entries: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["source"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise ParseError(
            file=str(path), line=1, met=str(error), expected="TOML with a [[source]] for each file"
        ) from None
    return entries


def _read_recorded(place: Path, entry: Mapping[str, Any], reference: Reference, say: Say) -> Edition:
    path = place / entry["file"]
    source = extract.read(path)
    if source.digest != entry["sha256"]:
        raise ReleaseError(path=path, fault="digest differs", recorded=entry["sha256"], found=source.digest)
    edition = _read(source, reference)
    _stop_where_recorded_otherwise(edition, f"{place.name}/{entry['language']}/{entry['revision']}", path)
    _stop_where_a_rating_is_touched(edition, path)
    say(f"read {path.name}: {edition.identity.edition}, {_counted(edition)}")
    return edition


def _stop_where_recorded_otherwise(edition: Edition, recorded: str, path: Path) -> None:
    if (found := edition.identity.edition) != recorded:
        raise ParseError(file=str(path), line=1, met=found, expected=f"the edition that its folder records, {recorded}")


def _stop_where_a_rating_is_touched(edition: Edition, path: Path) -> None:
    for problem in edition.problems:
        if problem.touches_rating:
            line = edition.source.text.count("\n", 0, problem.span.start) + 1
            raise ParseError(file=str(path), line=line, met=problem.span.quote[:80], expected=problem.message)


def _counted(edition: Edition) -> str:
    made = sum(len(statements) for statements in edition.statements.values())
    return (
        f"{len(edition.passages)} sentences, {made} statements, {len(edition.not_understood)} sentences not understood"
    )


# Graphs


def edition_graph(edition: Edition, reference: Reference) -> Graph:
    """The named graph of one edition."""
    return mapping.to_graph(edition, reference.vocabulary, reference.iris, __version__)


def check(graphs: Mapping[str, Graph], sources: Mapping[str, str], iris: Iris) -> Iterator[ValidationReport]:
    """The graphs held against the shapes, one edition at a time, each with what it must be seen together with.

    In: the graphs by name (``tables``, ``edition/PER-R6/en/1`` …); the text of each source by its IRI; the IRIs.
    """
    known, background = resources.shapes(), _merged(graphs, BACKGROUND)
    reference = _merged(graphs, ("vocabulary", "tables", "shared"))
    yield validate.check(
        reference, validate.load_shapes(known, validate.VOCABULARY), graphs["ontology"], name=iris.graph("vocabulary")
    )
    of_editions = validate.load_shapes(known, validate.EDITION)
    editions = [name for name in graphs if name.startswith("edition/")]
    for name in editions:
        yield validate.check(graphs[name], of_editions, background, sources, iris.graph(name))
    everything = _merged(graphs, (*BACKGROUND, *editions))
    of_derived = validate.load_shapes(known, validate.DERIVED)
    yield validate.check(graphs["derived"], of_derived, everything, name=iris.graph("derived"))
    of_acts, known_of_acts = (
        validate.load_shapes(known, validate.ACTS),
        _merged(graphs, ("ontology", "tables", "derived")),
    )
    yield validate.check(graphs["acts"], of_acts, known_of_acts, name=iris.graph("acts"))


def _merged(graphs: Mapping[str, Graph], names: Iterable[str]) -> Graph:
    merged = Graph()
    for name in names:
        merged += graphs[name]
    return merged


def audit_whole(nquads: bytes) -> tuple[AuditResult, ...]:
    """What the whole shows, by the queries of ``shapes/audits/``."""
    store = EmbeddedStore.parse(nquads, union=True)
    return audits.run(store, audits.load_audits(resources.shapes() / "audits"))


def _nquads(graphs: Mapping[str, Graph], iris: Iris) -> bytes:
    return quads.canonical_nquads(
        {iris.graph(name): graph.serialize(format="nt", encoding="utf-8") for name, graph in graphs.items()}
    )


# The release


def build(settings: Settings, say: Say) -> Release:
    """Build a release of all that ``data/`` holds and make it the current one.

    In: the settings ``data_dir``, ``releases_dir``, ``identity_base``; where to say each step. Out: the release. Raises
    ExtractError, ParseError, UnknownTerm for input that is wrong, NotConforming where a must-shape is broken,
    ReleaseError for a file that differs from its recorded digest or a release that cannot be read back; then nothing
    has changed.
    """
    data = resources.data(settings.data_dir)
    reference = load_reference(data, settings.identity_base)
    editions = read_editions(data / "reports", reference, say)
    graphs = graphs_of(editions, reference)
    sources = {reference.iris.source(each.identity.edition): each.source.text for each in editions}
    reports = [_conforming(found, say) for found in check(graphs, sources, reference.iris)]
    files = _files(editions, graphs, reports, reference, say)
    facts = {"version": __version__, "identity_base": settings.identity_base, "editions": _facts(editions)}
    with release.writing(settings.releases_dir):
        made = release.write(settings.releases_dir, files, facts)
        release.switch(settings.releases_dir, made)
    quads_written, graphs_written = sum(made.graphs.values()), len(made.graphs)
    say(f"wrote {quads_written:,} quads in {graphs_written} graphs: release {made.digest[:12]}, now current")
    return made


def graphs_of(editions: Sequence[Edition], reference: Reference) -> dict[str, Graph]:
    """The graphs of a release by name, without those that describe it: reference data, editions, derived facts."""
    of_editions = {f"edition/{each.identity.edition}": edition_graph(each, reference) for each in editions}
    named = {
        **reference.graphs,
        "shared": mapping.shared(editions, reference.vocabulary, reference.iris),
        **of_editions,
    }
    derived = derive.derive(of_editions.values(), _merged(named, BACKGROUND), reference.iris)
    return {**named, "derived": derived + reference.standings}


def _conforming(found: ValidationReport, say: Say) -> ValidationReport:
    """The report, announced; raises NotConforming, with every result said, where a must-shape is broken."""
    if not found.conforms:
        for line in validate.in_words(found):
            say(line)
        raise NotConforming(graph=found.graph, violations=len(found.violations), report=found)
    say(f"validated {found.graph}: conforms, {len(found.results)} warnings")
    return found


def _files(
    editions: Sequence[Edition],
    graphs: dict[str, Graph],
    reports: Sequence[ValidationReport],
    reference: Reference,
    say: Say,
) -> dict[str, bytes]:
    """Every file of the release by name; the audit and the catalogue become graphs of the dataset too."""
    reported = {name: graph for name, graph in graphs.items() if name not in UNAUDITED}
    results = audit_whole(_nquads(reported, reference.iris))
    say(f"audited: {len(results)} findings")
    whole = {
        **graphs,
        "audit": audits.to_graph(results, audits.load_audits(resources.shapes() / "audits"), reference.iris),
    }
    whole["catalogue"] = catalog.describe(whole, reference.iris, catalog.About(version=__version__))
    return {
        release.DATA: _nquads(whole, reference.iris),
        "catalogue.ttl": _turtle(whole["catalogue"]),
        "audit.ttl": _turtle(whole["audit"]),
        "audit.txt": _lines(audits.in_words(results)),
        "validation.txt": _lines(line for found in reports for line in validate.in_words(found)),
        "validation.ttl": _turtle(_validation_graph(reports, reference.iris)),
        **{f"readings/{_file_name(each)}.json": _reading(each) for each in editions},
        **{f"sources/{_file_name(each)}.txt": each.source.text.encode() for each in editions},
    }


def _validation_graph(reports: Iterable[ValidationReport], iris: Iris) -> Graph:
    """All reports in SHACL form, each below an IRI made from that of the graph it is about."""
    graph = Graph()
    for found in reports:
        kind, keys = iris.parse(found.graph)
        graph += validate.to_graph(found, iris.mint(kind.replace("graph", "validation"), *keys))
    return graph


def _turtle(graph: Graph) -> bytes:
    for prefix, space in PREFIXES.items():
        graph.bind(prefix, space)
    return graph.serialize(format="turtle", encoding="utf-8")


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _reading(edition: Edition) -> bytes:
    return json.dumps(form.to_json(edition), indent=1, ensure_ascii=False).encode() + b"\n"


def _file_name(edition: Edition) -> str:
    return edition.identity.edition.replace("/", "-")


def _facts(editions: Iterable[Edition]) -> list[dict[str, str]]:
    return [{"edition": each.identity.edition, "source_sha256": each.source.digest} for each in editions]


# Validating what is there


def validate_release(made: Release) -> list[ValidationReport]:
    """Every graph of a release held against the shapes again, the quotes against the sources that the release keeps."""
    iris = Iris(made.identity_base)
    parts = quads.read_graphs(made.folder / release.DATA, "application/n-quads")
    named = {iri.removeprefix(f"{made.identity_base}graph/"): _parsed(part) for iri, part in parts.items()}
    return list(check(named, _sources(made, iris), iris))


def _sources(made: Release, iris: Iris) -> dict[str, str]:
    """The text of each source that a release keeps, by its IRI."""
    names = [name for name in made.files if name.startswith("sources/")]
    keys = ["/".join(Path(name).stem.rsplit("-", 2)) for name in names]
    return {iris.source(key): (made.folder / name).read_bytes().decode() for name, key in zip(names, keys, strict=True)}


def validate_files(paths: Iterable[Path], identity_base: str) -> list[ValidationReport]:
    """The editions in some RDF files held against the shapes, each with the vocabularies and all that is no edition.

    In: the files, which are looked at together (an edition may need the graph ``shared`` beside it); the identity base.
    No text is at hand, so quotes are not compared with sources. Raises ParseError for a file that is no RDF,
    ExtractError for one that cannot be read.
    """
    parts = {iri or str(path): _parsed(part) for path in paths for iri, part in _graphs_in(path)}
    editions = {name: part for name, part in parts.items() if (None, RDF.type, MEM.Edition) in part} or parts
    reference = load_reference(resources.data(), identity_base).graphs
    known = {name: part for name, part in (*reference.items(), *parts.items()) if name not in (*editions, "shapes")}
    shapes, background = validate.load_shapes(resources.shapes(), validate.EDITION), _merged(known, known)
    return [validate.check(part, shapes, background, name=name) for name, part in editions.items()]


def _graphs_in(path: Path) -> Iterable[tuple[str, bytes]]:
    return quads.read_graphs(path, file_type(path)).items()


def _parsed(ntriples: bytes) -> Graph:
    return Graph().parse(data=ntriples, format="nt")

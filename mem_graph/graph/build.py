"""The walk from ``data/`` to a release: read each edition, map, derive, validate, audit, describe, write, switch.

Every step is announced in a line. What an edition comes to is made in a process of its own, and only where something
that it depends on has changed (``shares.py``). The release becomes current only when all is written and valid; where
anything is wrong the old one stays, and nothing that was begun is left behind.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from rdflib import Graph, Namespace
from rdflib.namespace import RDF

from mem_graph import __version__, resources
from mem_graph.engine import quads
from mem_graph.engine.oxigraph import EmbeddedStore
from mem_graph.engine.store import file_type
from mem_graph.errors import MemGraphError, NotConforming, ReleaseError
from mem_graph.graph import audits, cache, catalog, filing, processes, release, shares, validate
from mem_graph.graph.filing import Filed
from mem_graph.graph.reference import BESIDE, Reference, load_reference, merged
from mem_graph.graph.shares import Plan, Share
from mem_graph.iris import PREFIXES, Iris
from mem_graph.model import AuditResult, Release, ValidationReport
from mem_graph.settings import Settings

MEM = Namespace(PREFIXES["mem"])

Say = Callable[[str], None]

BACKGROUND = (*BESIDE, "shared")
"""The graphs that every edition's graph is seen together with, in a release."""

UNAUDITED = ("acts", "shapes")
"""The graphs of which no audit asks: audits hold reports against themselves, not against the record."""

KEPT = ".kept"
"""The folder, beside the releases, of what was worked out before; it may be deleted."""


def build(settings: Settings, say: Say) -> Release:
    """Build a release of all that ``data/`` holds and make it the current one.

    In: the settings ``data_dir``, ``releases_dir``, ``identity_base``; where to say each step. Out: the release. Raises
    ExtractError, ParseError, UnknownTerm for input that is wrong, NotConforming where a must-shape is broken,
    ReleaseError for a file that differs from its recorded digest or a release that cannot be read back; then nothing
    has changed.
    """
    data = resources.data(settings.data_dir)
    reference = load_reference(data, settings.identity_base)
    with filing.opened(data / "reports") as files:
        if not files:
            raise ReleaseError(path=data / "reports", fault="missing")
        plan = Plan(filing.by_edition(files), data, settings.identity_base)
        made = dict(worked_out(plan, reference, settings, say))
        whole = [_made(made[edition], say) for edition in plan.files]
        written = write(whole, plan, reference, settings, say)
        with release.writing(settings.releases_dir):
            release.switch(settings.releases_dir, written)
    say(f"release {written.digest[:12]} is current now")
    return written


def _made(made: Share | MemGraphError, say: Say) -> Share:
    """The share; raises its error, with every result said where a must-shape is broken."""
    if isinstance(made, NotConforming):
        for line in validate.in_words(made.report):
            say(line)
    if isinstance(made, MemGraphError):
        raise made
    return made


# Shares


def worked_out(
    plan: Plan, reference: Reference, settings: Settings, say: Say
) -> Iterator[tuple[str, Share | MemGraphError]]:
    """The share of every edition of a plan, or the error that keeps it from one; what is kept is not made again."""
    room = settings.releases_dir / KEPT
    keys = {edition: plan.key(edition) for edition in plan.files}
    missing: list[str] = []
    for edition, key in keys.items():
        if (share := _kept(room, key, plan.files[edition])) is None:
            missing.append(edition)
        else:
            if isinstance(share, Share):
                say(f"unchanged {edition}: {share.said}")
            yield edition, share
    jobs = {edition: partial(shares.make, edition, plan, reference) for edition in missing}
    for edition, made in processes.results(jobs, min(len(jobs), os.cpu_count() or 1)):
        if isinstance(made, Share):
            shares.keep(room, keys[edition], made)
            warnings = sum(len(report.results) for report in made.reports)
            say(f"read {edition}: {made.said}; conforms, {warnings} warnings")
        yield edition, made
    cache.forget(room)


def _kept(room: Path, key: str, files: Sequence[Filed]) -> Share | MemGraphError | None:
    """The share kept by a key, if there is one; the error where a file is not what was recorded of it."""
    try:
        for file in files:
            filing.verify(file)
    except ReleaseError as error:
        return error
    return shares.kept(room, key)


# The release


def write(made: Sequence[Share], plan: Plan, reference: Reference, settings: Settings, say: Say) -> Release:
    """Write the release that some editions make together, without making it the current one.

    Raises NotConforming where what they share breaks a must-shape.
    """
    graphs = graphs_of(made, reference)
    reports = [*_shared_reports(made, graphs, plan, reference, settings.releases_dir / KEPT, say)]
    files = _files(made, graphs, reports, reference, say)
    facts = {"version": __version__, "identity_base": settings.identity_base, "editions": _facts(made)}
    with release.writing(settings.releases_dir):
        written = release.write(settings.releases_dir, files, facts)
    say(f"wrote {sum(written.graphs.values()):,} quads in {len(written.graphs)} graphs: release {written.digest[:12]}")
    return written


def graphs_of(made: Sequence[Share], reference: Reference) -> dict[str, bytes]:
    """The graphs of a release by name, as canonical N-Triples, without those that describe it."""
    known = {name: _ntriples(graph) for name, graph in reference.graphs.items()}
    derived = [_ntriples(reference.standings), *(share.graphs["derived"] for share in made)]
    return {
        **known,
        "shared": _united(share.graphs["shared"] for share in made),
        **{f"edition/{share.edition}": share.graphs["edition"] for share in made},
        "derived": _united(derived),
    }


def _ntriples(graph: Graph) -> bytes:
    return quads.ntriples(graph.serialize(format="nt", encoding="utf-8"))


def _united(parts: Iterable[bytes]) -> bytes:
    """Some graphs without blank nodes as one; a triple of several stands once."""
    return b"".join(sorted({line for part in parts for line in part.splitlines(keepends=True)}))


def _shared_reports(
    made: Sequence[Share], graphs: Mapping[str, bytes], plan: Plan, reference: Reference, room: Path, say: Say
) -> Iterator[ValidationReport]:
    """How every graph stands to the shapes; raises NotConforming where a must-shape is broken, every result said."""
    known, iris = resources.shapes(), reference.iris
    shared = _parsed(graphs["shared"])
    lists = merged([reference.graphs["vocabulary"], reference.graphs["tables"], shared])
    of_lists = validate.load_shapes(known, validate.VOCABULARY)
    yield _conforming(validate.check(lists, of_lists, reference.graphs["ontology"], name=iris.graph("vocabulary")), say)
    for share in made:
        yield share.reports[0]
    of_derived = validate.load_shapes(known, validate.DERIVED)
    found = validate.check(reference.standings, of_derived, reference.beside, name=iris.graph("derived"))
    every = [found, *(report for share in made for report in share.reports[1:])]
    yield _conforming(validate.united(every), say)
    of_acts = validate.load_shapes(known, validate.ACTS)
    beside = merged([reference.graphs["ontology"], reference.graphs["tables"], reference.standings])
    yield _conforming(validate.check(reference.graphs["acts"], of_acts, beside, name=iris.graph("acts")), say)


def _conforming(found: ValidationReport, say: Say) -> ValidationReport:
    """The report, announced; raises NotConforming, with every result said, where a must-shape is broken."""
    if not found.conforms:
        for line in validate.in_words(found):
            say(line)
        raise NotConforming(graph=found.graph, violations=len(found.violations), report=found)
    say(f"validated {found.graph}: conforms, {len(found.results)} warnings")
    return found


def _files(
    made: Sequence[Share],
    graphs: Mapping[str, bytes],
    reports: Sequence[ValidationReport],
    reference: Reference,
    say: Say,
) -> dict[str, bytes]:
    """Every file of the release by name; the audit and the catalogue become graphs of the dataset too."""
    iris = reference.iris
    known = audits.load_audits(resources.shapes() / "audits")
    results = audit_whole({name: triples for name, triples in graphs.items() if name not in UNAUDITED}, iris)
    say(f"audited: {len(results)} findings")
    audit = audits.to_graph(results, known, iris)
    lines = quads.merge({iris.graph(name): triples for name, triples in {**graphs, "audit": _ntriples(audit)}.items()})
    listed = [catalog.Listed(share.edition, share.year, len(share.digests)) for share in made]
    catalogue = catalog.describe(quads.count(lines), listed, iris, catalog.About(version=__version__))
    lines = sorted([*lines, *quads.merge({iris.graph("catalogue"): _ntriples(catalogue)})])
    return {
        release.DATA: b"".join(lines),
        "catalogue.ttl": _turtle(catalogue),
        "audit.ttl": _turtle(audit),
        "audit.txt": _lines(audits.in_words(results)),
        "validation.txt": _lines(line for found in reports for line in validate.in_words(found)),
        "validation.ttl": _turtle(_validation_graph(reports, iris)),
        **{name: body for share in made for name, body in share.files.items()},
    }


def audit_whole(graphs: Mapping[str, bytes], iris: Iris) -> tuple[AuditResult, ...]:
    """What the whole shows, by the queries of ``shapes/audits/``. In: its graphs by name, as N-Triples."""
    lines = quads.merge({iris.graph(name): triples for name, triples in graphs.items()})
    store = EmbeddedStore.parse(b"".join(lines), union=True)
    return audits.run(store, audits.load_audits(resources.shapes() / "audits"))


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


def _facts(made: Iterable[Share]) -> list[dict[str, object]]:
    """What the manifest says of the editions: the digest of the first file of each, and those of further ones."""
    return [
        {"edition": share.edition, "source_sha256": share.digests[0], "further_sha256": list(share.digests[1:])}
        for share in made
    ]


# Validating what is there


def check(graphs: Mapping[str, Graph], sources: Mapping[str, str], iris: Iris) -> Iterator[ValidationReport]:
    """The graphs of a release held against the shapes, one edition at a time, each with what it is seen together with.

    In: the graphs by name (``tables``, ``edition/PER-R6/en/1`` …); the text of each source by its IRI; the IRIs.
    """
    known, background = resources.shapes(), merged(graphs[name] for name in BACKGROUND)
    lists = merged(graphs[name] for name in ("vocabulary", "tables", "shared"))
    of_lists = validate.load_shapes(known, validate.VOCABULARY)
    yield validate.check(lists, of_lists, graphs["ontology"], name=iris.graph("vocabulary"))
    editions = [name for name in graphs if name.startswith("edition/")]
    for name in editions:
        texts = {iri: text for iri, text in sources.items() if iri.startswith(f"{iris.base}id/source/{name[8:]}/")}
        yield _edition(graphs[name], background, graphs.values(), texts, iris.graph(name))
    everything = merged(graphs[name] for name in (*BACKGROUND, *editions))
    of_derived = validate.load_shapes(known, validate.DERIVED)
    yield validate.check(graphs["derived"], of_derived, everything, name=iris.graph("derived"))
    of_acts, known_of_acts = (
        validate.load_shapes(known, validate.ACTS),
        merged(graphs[name] for name in ("ontology", "tables", "derived")),
    )
    yield validate.check(graphs["acts"], of_acts, known_of_acts, name=iris.graph("acts"))


def _edition(
    graph: Graph, background: Graph, graphs: Iterable[Graph], texts: Mapping[str, str] | None, name: str
) -> ValidationReport:
    """The report on one edition among some graphs; one that describes no report needs another that does."""
    reports = _reports(graphs)
    alone = (None, RDF.type, MEM.Report) in graph or not reports
    shapes = validate.load_shapes(resources.shapes(), validate.OF_RECORD if alone else validate.EDITION)
    return validate.check(graph, shapes, background if alone else background + reports, texts, name)


def _reports(graphs: Iterable[Graph]) -> Graph:
    """Which nodes are reports and assessments, wherever they are described."""
    described = Graph()
    for graph in graphs:
        for kind in (MEM.Report, MEM.Assessment):
            described += ((node, RDF.type, kind) for node in graph.subjects(RDF.type, kind))
    return described


def validate_release(made: Release) -> list[ValidationReport]:
    """Every graph of a release held against the shapes again, the quotes against the sources that the release keeps."""
    iris = Iris(made.identity_base)
    parts = quads.read_graphs(made.folder / release.DATA, "application/n-quads")
    named = {iri.removeprefix(f"{made.identity_base}graph/"): _parsed(part) for iri, part in parts.items()}
    return list(check(named, _sources(made, iris), iris))


def _sources(made: Release, iris: Iris) -> dict[str, str]:
    """The text of each source that a release keeps, by its IRI."""
    names = [name for name in made.files if name.startswith("sources/")]
    return {_source(name, iris): (made.folder / name).read_bytes().decode() for name in names}


def _source(name: str, iris: Iris) -> str:
    """``sources/PER-R6-en-1.txt`` is the first file of its edition, ``sources/PER-R6-en-1.2.txt`` the second."""
    edition, _, number = Path(name).stem.partition(".")
    return iris.source("/".join(edition.rsplit("-", 2)), number or 1)


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
    background = merged(known.values())
    return [_edition(part, background, parts.values(), None, name) for name, part in editions.items()]


def _graphs_in(path: Path) -> Iterable[tuple[str, bytes]]:
    return quads.read_graphs(path, file_type(path)).items()


def _parsed(ntriples: bytes) -> Graph:
    return Graph().parse(data=ntriples, format="nt")

"""The walk from ``data/`` to a release: read each edition, map, derive, validate, audit, describe, write, switch.

Every step is announced in a line. What an edition comes to is made in a process apart, and only where something
that it depends on has changed (``shares.py``). The release becomes current only when all is written and valid; where
anything is wrong the old one stays, and nothing that was begun is left behind.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rdflib import Graph, Namespace

from mem_graph import __version__, resources
from mem_graph.engine import quads
from mem_graph.engine.partitions import partitions
from mem_graph.errors import MemGraphError, NotConforming, ReleaseError
from mem_graph.graph import audits, cache, catalog, filing, processes, release, shares, validate
from mem_graph.graph.filing import Filed
from mem_graph.graph.reference import CORRECTIONS, Reference, load_reference, merged
from mem_graph.graph.shares import Plan, Share
from mem_graph.graph.validate import Part
from mem_graph.iris import PREFIXES, Iris
from mem_graph.outcomes import Release, ValidationReport
from mem_graph.reading.deciding import corrections
from mem_graph.settings import Settings

MEM = Namespace(PREFIXES["mem"])

Say = Callable[[str], None]

ONE_BY_ONE = 3
"""So many unchanged editions are said one by one; of more, how many."""

KEPT = ".kept"
"""The folder, beside the releases, of what was worked out before; it may be deleted."""


def build(settings: Settings, say: Say) -> Release:
    """Build a release of all that ``data/`` holds and make it the current one.

    In: the settings ``data_dir``, ``releases_dir``, ``identity_base``; where to say each step. Out: the release. Raises
    ExtractError, ParseError, UnknownTerm for input that is wrong, NotConforming where a must-shape is broken,
    ReleaseError for a file that differs from its recorded digest or a release that cannot be read back; then nothing
    has changed.
    """
    with without_collecting():
        return _build(settings, say)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Graphs are very many objects that live to the end: searching them for garbage takes a third of a build."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _build(settings: Settings, say: Say) -> Release:
    data = resources.data(settings.data_dir)
    reference = load_reference(data, settings.identity_base)
    with filing.opened(data / "reports") as files:
        if not files:
            raise ReleaseError(path=data / "reports", fault="missing")
        plan = Plan(filing.by_edition(files), data, settings.identity_base)
        corrections.unread(reference.corrections, plan.files)
        made = dict(worked_out(plan, plan.files, reference, settings, say))
        written = write([conforming(made[edition], say) for edition in plan.files], reference, settings, say)
        make_current(written, settings, say)
    return written


def make_current(written: Release, settings: Settings, say: Say) -> None:
    """Make a release that has been written the current one."""
    with release.writing(settings.releases_dir):
        release.switch(settings.releases_dir, written)
    say(f"release {written.digest[:12]} is current now")


def conforming(made: Share | MemGraphError, say: Say) -> Share:
    """The share; raises its error, with every result said where a must-shape is broken."""
    if isinstance(made, NotConforming):
        for line in validate.in_words(made.report):
            say(line)
    if isinstance(made, MemGraphError):
        raise made
    return made


# Shares


def worked_out(
    plan: Plan, editions: Iterable[str], reference: Reference, settings: Settings, say: Say
) -> Iterator[tuple[str, Share | MemGraphError]]:
    """The share of some editions of a plan, or the error that keeps one from it; what is kept is not made again."""
    room = settings.releases_dir / KEPT
    keys = {edition: plan.key(edition) for edition in editions}
    found = {edition: _kept(room, key, plan.files[edition]) for edition, key in keys.items()}
    kept = {edition: share for edition, share in found.items() if share is not None}
    _say_unchanged([share for share in kept.values() if isinstance(share, Share)], say)
    yield from kept.items()
    missing = [edition for edition in keys if edition not in kept]
    if missing:
        reference.prepare()
    jobs = {edition: partial(shares.make, edition, plan, reference) for edition in missing}
    for edition, made in processes.results(jobs, min(len(jobs), processes.CORES)):
        if isinstance(made, Share):
            shares.keep(room, keys[edition], made)
            warnings = sum(len(report.results) for report in made.reports)
            say(f"read {edition}: {made.said}; conforms, {warnings} warnings")
        yield edition, made
    cache.forget(room)


def _say_unchanged(kept: Sequence[Share], say: Say) -> None:
    """What is taken up as it is: each edition, or of many how many."""
    if len(kept) > ONE_BY_ONE:
        say(f"unchanged: {len(kept)} editions")
    else:
        for share in kept:
            say(f"unchanged {share.edition}: {share.said}")


def _kept(room: Path, key: str, files: Sequence[Filed]) -> Share | MemGraphError | None:
    """The share kept by a key, if there is one; the error where a file is not what was recorded of it."""
    try:
        for file in files:
            filing.verify(file)
    except ReleaseError as error:
        return error
    return shares.kept(room, key)


# The release


def write(made: Sequence[Share], reference: Reference, settings: Settings, say: Say) -> Release:
    """Write the release that some editions make together, without making it the current one.

    Raises NotConforming where what they share breaks a must-shape.
    """
    graphs = graphs_of(made, reference)
    reports = [*_reports_of(made, graphs, reference, say)]
    files = _files(made, graphs, reports, reference, say)
    facts = {"version": __version__, "identity_base": settings.identity_base, "editions": _facts(made)}
    with release.writing(settings.releases_dir):
        written = release.write(settings.releases_dir, files, facts)
    say(f"wrote {sum(written.graphs.values()):,} quads in {len(written.graphs)} graphs: release {written.digest[:12]}")
    return written


def graphs_of(made: Sequence[Share], reference: Reference) -> dict[str, bytes]:
    """The graphs of a release by name, as canonical N-Triples, without those that describe it."""
    known = {name: quads.ntriples(part.ntriples) for name, part in reference.parts.items()}
    derived = [known.pop("standings"), *(share.graphs["derived"] for share in made)]
    return {
        **known,
        "shared": _united(share.graphs["shared"] for share in made),
        **{f"edition/{share.edition}": share.graphs["edition"] for share in made},
        **_where_any(CORRECTIONS, _united(share.graphs[CORRECTIONS] for share in made)),
        "derived": _united(derived),
    }


def _where_any(name: str, triples: bytes) -> dict[str, bytes]:
    """A graph by its name, where it has a triple."""
    return {name: triples} if triples else {}


def _ntriples(graph: Graph) -> bytes:
    return quads.ntriples(graph.serialize(format="nt", encoding="utf-8"))


def _united(parts: Iterable[bytes]) -> bytes:
    """Some graphs without blank nodes as one; a triple of several stands once."""
    return b"".join(sorted({line for part in parts for line in part.splitlines(keepends=True)}))


def _reports_of(
    made: Sequence[Share], graphs: Mapping[str, bytes], reference: Reference, say: Say
) -> Iterator[ValidationReport]:
    """How every graph stands to the shapes; raises NotConforming where a must-shape is broken, every result said."""
    iris, parts = reference.iris, reference.parts
    lists = Part(merged([reference.graphs["vocabulary"], reference.graphs["tables"], _parsed(graphs["shared"])]))
    of_lists = validate.shapes_of(*validate.VOCABULARY)
    yield _conforming(validate.check(lists, of_lists, [parts["ontology"]], name=iris.graph("vocabulary")), say)
    for share in made:
        yield share.reports[0]
    of_derived = validate.shapes_of(*validate.DERIVED)
    found = validate.check(parts["standings"], of_derived, reference.beside, name=iris.graph("derived"))
    every = [found, *(report for share in made for report in share.reports[1:])]
    yield _conforming(validate.united(every), say)
    of_acts = validate.shapes_of(*validate.ACTS)
    beside = [parts[name] for name in ("ontology", "tables", "standings")]
    yield _conforming(validate.check(parts["acts"], of_acts, beside, name=iris.graph("acts")), say)


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
    results = audits.united(share.audit for share in made)
    say(f"audited: {len(results)} findings")
    audit = audits.to_graph(results, known, iris)
    lines = quads.merge({iris.graph(name): triples for name, triples in {**graphs, "audit": _ntriples(audit)}.items()})
    listed = [catalog.Listed(share.edition, share.year, len(share.digests)) for share in made]
    about, parts = catalog.About(version=__version__), partitions(lines, PREFIXES["mem"])
    catalogue = catalog.describe(quads.count(lines), listed, iris, about, parts)
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


def _validation_graph(reports: Iterable[ValidationReport], iris: Iris) -> Graph:
    """All reports in SHACL form, each below an IRI made from that of the graph it is about."""
    graph = Graph()
    for found in reports:
        kind, keys = iris.parse(found.graph)
        graph += validate.to_graph(found, iris.mint(kind.replace("graph", "validation"), *keys))
    return graph


def _turtle(graph: Graph) -> bytes:
    return quads.turtle(_ntriples(graph), PREFIXES)


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _facts(made: Iterable[Share]) -> list[dict[str, object]]:
    """What the manifest says of the editions: the digest of the first file of each, and those of further ones."""
    return [
        {"edition": share.edition, "source_sha256": share.digests[0], "further_sha256": list(share.digests[1:])}
        for share in made
    ]


def _parsed(ntriples: bytes) -> Graph:
    return Graph().parse(data=ntriples, format="nt")

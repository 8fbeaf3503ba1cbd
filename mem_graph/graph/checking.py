"""What is there held against the shapes again: the graphs of a release, or RDF files that somebody gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from mem_graph import resources
from mem_graph.engine import quads
from mem_graph.engine.store import file_type
from mem_graph.errors import MemGraphError
from mem_graph.graph import processes, release, validate
from mem_graph.graph.reference import BACKGROUND, load_reference, merged
from mem_graph.graph.validate import Part
from mem_graph.iris import PREFIXES, Iris
from mem_graph.outcomes import Release, ValidationReport

RECOMMENDATION = f"{PREFIXES['mem']}recommendation"
DESCRIBED = tuple(f"{PREFIXES['mem']}{name}" for name in ("Report", "Assessment"))
EDITION = f"{PREFIXES['mem']}Edition"


def check(
    parts: Mapping[str, Part], sources: Mapping[str, str], iris: Iris, reference: bool = False
) -> Iterator[ValidationReport]:
    """The graphs of a release held against the shapes, one edition at a time, each with what it is seen together with.

    In: the graphs by name (``tables``, ``edition/PER-R6/en/1`` …); the text of each source by its IRI; the IRIs;
    whether the reference processor is to check them.
    """
    held = partial(_held, iris, reference)
    editions = [name for name in parts if name.startswith("edition/")]
    background = [parts[name] for name in BACKGROUND if name in parts]
    lists = Part(merged(parts[name].graph for name in ("vocabulary", "tables", "shared")))
    yield held("vocabulary", lists, validate.VOCABULARY, [parts["ontology"]])
    yield from _together(
        {
            name: partial(held, name, parts[name], *asked, _texts(name, sources, iris))
            for name, asked in _of_editions(editions, parts, background).items()
        },
    )
    yield held("derived", parts["derived"], validate.DERIVED, [*background, *(parts[name] for name in editions)])
    yield held("acts", parts["acts"], validate.ACTS, [parts[name] for name in ("ontology", "tables", "derived")])


def _texts(name: str, sources: Mapping[str, str], iris: Iris) -> dict[str, str]:
    """The text of each source of an edition, by the name of its graph."""
    return {iri: text for iri, text in sources.items() if iri.startswith(f"{iris.base}id/source/{name[8:]}/")}


def _together(jobs: Mapping[str, Callable[[], ValidationReport]]) -> Iterator[ValidationReport]:
    """What some checks, by name, find, in their order; as many at once as there are processors."""
    found = dict(processes.results(jobs, min(len(jobs), processes.CORES)))
    for name in jobs:
        report = found[name]
        if isinstance(report, MemGraphError):
            raise report
        yield report


def _held(
    iris: Iris,
    reference: bool,
    name: str,
    part: Part,
    asked: Iterable[str],
    beside: Iterable[Part],
    sources: Mapping[str, str] | None = None,
) -> ValidationReport:
    """One graph held against the shapes of some files, with what stands beside it."""
    shapes = validate.shapes_of(*asked)
    return validate.check(part, shapes, tuple(beside), sources, iris.graph(name), reference)


Asked = tuple[tuple[str, ...], tuple[Part, ...]]
"""The files of shapes for one edition, and what stands beside it."""


def _of_editions(editions: Iterable[str], parts: Mapping[str, Part], background: Sequence[Part]) -> dict[str, Asked]:
    """What each edition among some graphs is held against; what all need is worked out before processes are forked.

    An edition that describes no report needs another graph that does.
    """
    described = {name: _described(part.ntriples) for name, part in parts.items()}
    reports = Part(b"".join(described.values()))
    alone = validate.OF_RECORD, (*background,)
    beside = validate.EDITION, (*background, reports)
    found: dict[str, Asked] = {
        name: alone if quads.instances(described[name], DESCRIBED[:1]) or not reports.ntriples else beside
        for name in editions
    }
    for names in {names for names, _ in found.values()}:
        _prepare(validate.shapes_of(*names), background)
    return found


def _described(triples: bytes) -> bytes:
    """The report and the assessments that a graph describes, and of which recommendation each is; as N-Triples."""
    kinds = quads.instances(triples, DESCRIBED)
    things = {line.partition(b" ")[0] for line in kinds.splitlines()}
    of = quads.having(triples, RECOMMENDATION).splitlines(keepends=True)
    return kinds + b"".join(line for line in of if line.partition(b" ")[0] in things)


def _prepare(shapes: validate.ShapesGraph, background: Iterable[Part]) -> None:
    """Work out what every check by some shapes needs."""
    _ = [part.graph for part in background]
    shapes.prepare(tuple(part for part in background if part.lasting))


def validate_release(made: Release, reference: bool = False) -> list[ValidationReport]:
    """Every graph of a release held against the shapes again, the quotes against the sources that the release keeps.

    In: the release; whether the reference processor is to check it. Raises ExtractError where a check takes too much
    time or memory.
    """
    iris = Iris(made.identity_base)
    parts = quads.read_graphs(made.folder / release.DATA, "application/n-quads")
    named = {iri.removeprefix(f"{made.identity_base}graph/"): part for iri, part in parts.items()}
    held = {name: Part(part, lasting=name in BACKGROUND) for name, part in named.items()}
    return list(check(held, _sources(made, iris), iris, reference))


def _sources(made: Release, iris: Iris) -> dict[str, str]:
    """The text of each source that a release keeps, by its IRI."""
    names = [name for name in made.files if name.startswith("sources/")]
    return {_source(name, iris): (made.folder / name).read_bytes().decode() for name in names}


def _source(name: str, iris: Iris) -> str:
    """``sources/PER-R6-en-1.txt`` is the first file of its edition, ``sources/PER-R6-en-1.2.txt`` the second."""
    edition, _, number = Path(name).stem.partition(".")
    return iris.source("/".join(edition.rsplit("-", 2)), number or 1)


def validate_files(paths: Iterable[Path], identity_base: str, by_reference: bool = False) -> list[ValidationReport]:
    """The editions in some RDF files held against the shapes, each with the vocabularies and all that is no edition.

    In: the files, which are looked at together (an edition may need the graph ``shared`` beside it); the identity base;
    whether the reference processor is to check them. No text is at hand, so quotes are not compared with sources.
    Raises ParseError for a file that is no RDF, ExtractError for one that cannot be read or takes too much.
    """
    parts = {iri or str(path): Part(part) for path in paths for iri, part in _graphs_in(path)}
    editions = {name: part for name, part in parts.items() if quads.instances(part.ntriples, [EDITION])} or parts
    known = {**load_reference(resources.data(), identity_base).parts, **parts}
    background = [part for name, part in known.items() if name not in (*editions, "shapes", "standings")]
    return list(
        _together(
            {
                name: partial(
                    validate.check, parts[name], validate.shapes_of(*asked), beside, name=name, reference=by_reference
                )
                for name, (asked, beside) in _of_editions(editions, parts, background).items()
            },
        )
    )


def _graphs_in(path: Path) -> Iterable[tuple[str, bytes]]:
    return quads.read_graphs(path, file_type(path)).items()

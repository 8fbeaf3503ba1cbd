"""What is there held against the shapes again: the graphs of a release, or RDF files that somebody gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from rdflib import Graph, Namespace
from rdflib.namespace import RDF

from mem_graph import resources
from mem_graph.engine import quads
from mem_graph.engine.store import file_type
from mem_graph.graph import release, validate
from mem_graph.graph.reference import BACKGROUND, load_reference, merged
from mem_graph.graph.validate import Part
from mem_graph.iris import PREFIXES, Iris
from mem_graph.outcomes import Release, ValidationReport

MEM = Namespace(PREFIXES["mem"])


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
    for name in editions:
        texts = {iri: text for iri, text in sources.items() if iri.startswith(f"{iris.base}id/source/{name[8:]}/")}
        asked, beside = _of_edition(parts[name], background, parts.values())
        yield held(name, parts[name], asked, beside, texts)
    yield held("derived", parts["derived"], validate.DERIVED, [*background, *(parts[name] for name in editions)])
    yield held("acts", parts["acts"], validate.ACTS, [parts[name] for name in ("ontology", "tables", "derived")])


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


def _of_edition(
    part: Part, background: Iterable[Part], parts: Iterable[Part]
) -> tuple[tuple[str, ...], tuple[Part, ...]]:
    """The files of shapes for one edition among some graphs, and what stands beside it.

    An edition that describes no report needs another that does.
    """
    reports = _reports(parts)
    alone = (None, RDF.type, MEM.Report) in part.graph or not reports
    return (validate.OF_RECORD, (*background,)) if alone else (validate.EDITION, (*background, Part(reports)))


def _reports(parts: Iterable[Part]) -> Graph:
    """Which nodes are reports and assessments, wherever they are described."""
    described = Graph()
    for part in parts:
        for kind in (MEM.Report, MEM.Assessment):
            described += ((node, RDF.type, kind) for node in part.graph.subjects(RDF.type, kind))
    return described


def validate_release(made: Release, reference: bool = False) -> list[ValidationReport]:
    """Every graph of a release held against the shapes again, the quotes against the sources that the release keeps.

    In: the release; whether the reference processor is to check it.
    """
    iris = Iris(made.identity_base)
    parts = quads.read_graphs(made.folder / release.DATA, "application/n-quads")
    named = {iri.removeprefix(f"{made.identity_base}graph/"): _parsed(part) for iri, part in parts.items()}
    held = {name: Part(graph, lasting=name in BACKGROUND) for name, graph in named.items()}
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
    Raises ParseError for a file that is no RDF, ExtractError for one that cannot be read.
    """
    parts = {iri or str(path): Part(_parsed(part)) for path in paths for iri, part in _graphs_in(path)}
    editions = {name: part for name, part in parts.items() if (None, RDF.type, MEM.Edition) in part.graph} or parts
    known = {**load_reference(resources.data(), identity_base).parts, **parts}
    background = [part for name, part in known.items() if name not in (*editions, "shapes", "standings")]
    found = []
    for name, part in editions.items():
        asked, beside = _of_edition(part, background, parts.values())
        shapes = validate.shapes_of(*asked)
        found.append(validate.check(part, shapes, beside, name=name, reference=by_reference))
    return found


def _graphs_in(path: Path) -> Iterable[tuple[str, bytes]]:
    return quads.read_graphs(path, file_type(path)).items()


def _parsed(ntriples: bytes) -> Graph:
    return Graph().parse(data=ntriples, format="nt")

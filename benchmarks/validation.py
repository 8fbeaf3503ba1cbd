"""Shapes checked by queries and by pyshacl, side by side: one changed report, and 34.

The reports are MADE UP (`made_up.py`): Peru's edition 34 times, with other keys, ratings and figures. Each edition is
checked alone, with ontology, lists, tables and what editions share, against the shapes of an edition of record; by one
processor right after the other, and what they find is compared. Seconds of a processor are those that the process has
worked, so that others on the machine do not count for much. No garbage is collected meanwhile, as in a build.

Then what who waits sees: seconds of a clock for all editions, by queries in as many processes as there are processors,
which share them out as for `mem-graph validate`, their start and what they load included; and by pyshacl, which has no
such mode, one after another in one process. The queries have a turn before every few editions of pyshacl; the mean of
their turns counts.

What is timed. Queries: from the N-Triples of the edition to the list of results, and until the graph is gone; once
before, shapes are laid out, and what they look at in the graphs that all editions share is chosen and loaded, which is
told apart: a build does that before it forks a process for each edition, which has it in its memory then. pyshacl: from
the same N-Triples, parsed by rdflib (what all editions share is parsed once, before), to its report; beside that, from
the graph once it is parsed. It is asked for SHACL Core alone: no inference, no advanced features, no check of the
shapes, no copy of the data.

`make bench-validation` prints the tables, REPORTS=5 for less, and fails below its floors; docs/performance.md holds
some that were printed.
"""

from __future__ import annotations

import gc
import os
import platform
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import mean, median
from typing import ClassVar, NamedTuple, TypeVar

from made_up import Size, quads
from pyshacl import validate as pyshacl
from rdflib import Graph
from rdflib.namespace import SH

from mem_graph.engine.quads import read_graphs
from mem_graph.engine.scratch import Row, Scratch, Term
from mem_graph.graph import build, conformance, processes, release, validate
from mem_graph.graph.reference import BACKGROUND
from mem_graph.settings import Settings
from mem_graph.terminal import show_table

T = TypeVar("T")

REPORTS = int(os.environ.get("REPORTS", "34"))
FLOORS = {"one": 20.0, "all": 20.0, "together": 15.0}
"""How many times faster the queries must be, from N-Triples to results; what was measured is in docs/performance.md."""

AIMS = {"one": 20, "all": 40, "together": 40}
FEW = 7
"""So many editions does pyshacl check between two turns of the queries with all."""


class Times(NamedTuple):
    """Seconds for editions: by queries; by pyshacl, to parse and to check."""

    queries: float
    parse: float
    pyshacl: float

    @property
    def ratio(self) -> float:
        """How many times faster queries are, from N-Triples."""
        return (self.parse + self.pyshacl) / self.queries

    @property
    def ratio_parsed(self) -> float:
        """The same where pyshacl finds its graph parsed."""
        return self.pyshacl / self.queries


def worked(do: Callable[[], T]) -> tuple[float, float, T]:
    """Seconds that this process works at something, seconds of a clock, and what comes of it."""
    gc.collect()
    gc.disable()
    start, began = time.process_time(), time.perf_counter()
    made = do()
    taken, passed = time.process_time() - start, time.perf_counter() - began
    gc.enable()
    return taken, passed, made


def parts() -> tuple[list[bytes], dict[str, bytes]]:
    """The graphs of a made-up hemisphere as N-Triples: what every edition is seen together with; each edition."""
    with tempfile.TemporaryDirectory() as room:
        peru = build.build(Settings(releases_dir=Path(room)), lambda _: None)
        whole = Path(room) / "hemisphere.nq"
        whole.write_bytes(b"".join(quads((peru.folder / release.DATA).read_bytes(), Size(1, 1))))
        named = {iri.partition("/graph/")[2]: part for iri, part in read_graphs(whole, "application/n-quads").items()}
    editions = {name: part for name, part in named.items() if name.startswith("edition/")}
    return [named[name] for name in BACKGROUND if name in named], dict(list(editions.items())[:REPORTS])


def parsed(ntriples: bytes, beside: Graph) -> Graph:
    """An edition with what it is seen together with, as a graph of rdflib."""
    graph = Graph().parse(data=ntriples, format="nt")
    graph += beside
    return graph


def by_pyshacl(graph: Graph, shapes: Graph) -> Graph:
    """What pyshacl reports, asked for SHACL Core and nothing else."""
    off = dict.fromkeys(("advanced", "js", "meta_shacl", "do_owl_imports"), False)
    _, report, _ = pyshacl(graph, shacl_graph=shapes, inference="none", allow_warnings=True, inplace=True, **off)
    assert isinstance(report, Graph)
    return report


def told_by_pyshacl(report: Graph) -> Counter[tuple[str, ...]]:
    """Focus node, shape and component of each result of a report."""
    about = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent)
    return Counter(tuple(str(report.value(node, each)) for each in about) for node in report.objects(None, SH.result))


def told_by_queries(results: Sequence[conformance.Result]) -> Counter[tuple[str, ...]]:
    """The same of results of queries."""
    return Counter((each.focus.value, each.shape.value, each.component) for each in results)


class Measured(NamedTuple):
    """A few editions: of each, seconds of a processor; of a clock, the queries' for all editions, pyshacl's for these;
    how many results they have."""

    each: list[Times]
    together: Times
    results: int


def measured(
    editions: Mapping[str, bytes], beside: Sequence[bytes], shapes: validate.ShapesGraph
) -> Iterator[Measured]:
    """A few editions at a time: all by queries in several processes, then each of the few by one after the other."""
    known = Graph()
    for part in beside:
        known.parse(data=part, format="nt")
    lasting = tuple(validate.Part(part, lasting=True) for part in beside)
    jobs = {name: partial(found_by_queries, shapes, lasting, part) for name, part in editions.items()}
    next(iter(jobs.values()))()
    for start in range(0, len(editions), FEW):
        few = dict(list(editions.items())[start : start + FEW])
        shapes.prepare(lasting)
        _, together, told = worked(lambda: dict(processes.results(jobs, processes.CORES, several=True)))
        both = [by_both(part, known, lasting, shapes) for part in few.values()]
        for name, (_, _, found) in zip(few, both, strict=True):
            if found != told[name]:
                sys.exit(f"validation: {name}: queries and pyshacl do not tell the same")
        clock = Times(together, *(sum(column) for column in zip(*(passed for _, passed, _ in both), strict=True)))
        yield Measured([times for times, _, _ in both], clock, sum(found.total() for *_, found in both))
        print(f"\r{start + len(few)} of {len(editions)}", end="", file=sys.stderr)
    print(file=sys.stderr)


def found_by_queries(
    shapes: validate.ShapesGraph, lasting: tuple[validate.Part, ...], ntriples: bytes
) -> Counter[tuple[str, ...]]:
    """What queries tell of an edition, of which they leave nothing to others."""
    found, left = conformance.results_of(shapes.plan, shapes.ground(lasting), [ntriples])
    assert not left
    return told_by_queries(found)


def by_both(
    ntriples: bytes, known: Graph, lasting: tuple[validate.Part, ...], shapes: validate.ShapesGraph
) -> tuple[Times, tuple[float, float], Counter[tuple[str, ...]]]:
    """One edition by queries, then by pyshacl: seconds of a processor; pyshacl's of a clock; what both find."""
    shapes.prepare(lasting)
    queries, _, found = worked(lambda: found_by_queries(shapes, lasting, ntriples))
    parse, parsing, graph = worked(lambda: parsed(ntriples, known))
    taken, passed, report = worked(lambda: by_pyshacl(graph, shapes.graph))
    told = told_by_pyshacl(report)
    return Times(queries, parse, taken), (parsing, passed), found if found == told else found + told


class Watched(Scratch):
    """A graph that says how long each query and update of it takes."""

    taken: ClassVar[dict[str, list[float]]] = defaultdict(list)

    def load(self, part: bytes) -> None:
        """Load, timed."""
        seconds, _, _ = worked(lambda: super(Watched, self).load(part))
        self.taken["load the triples"].append(seconds)

    def change(self, update: str) -> None:
        """An update, timed."""
        seconds, _, _ = worked(lambda: super(Watched, self).change(update))
        self.taken["work out focus nodes and paths"].append(seconds)

    def rows(self, query: str, bound: Mapping[str, Term] | None = None) -> list[Row]:
        """A query, timed."""
        seconds, _, rows = worked(lambda: super(Watched, self).rows(query, bound))
        self.taken[query.splitlines()[0].removeprefix("# title: ").split(";")[0]].append(seconds)
        return list(rows)


def profile(edition: bytes, beside: Sequence[bytes], shapes: validate.ShapesGraph) -> Iterator[tuple[str, str]]:
    """Where the time of one check goes: the steps that take most, in milliseconds, the least of five runs."""
    runs, seen = [], [shapes.plan.seen(part) for part in beside]
    for _ in range(5):
        ground = conformance.ground(shapes.plan, seen)
        Watched.taken.clear()
        conformance.results_of(shapes.plan, ground, [edition])
        runs.append({name: sum(each) for name, each in Watched.taken.items()})
    least = {name: 1000 * min(run[name] for run in runs) for name in runs[0]}
    most = sorted(least, key=lambda name: -least[name])
    for name in most[:10]:
        yield name, f"{least[name]:.1f}"
    yield f"{len(most) - 10} other queries", f"{sum(least[name] for name in most[10:]):.1f}"


def main() -> None:
    """Print the tables; fail below a floor."""
    load = os.getloadavg()[0]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f} before, made-up reports\n")
    beside, editions = parts()
    shapes = validate.shapes_of(*validate.OF_RECORD)
    laid_out, _, _ = worked(lambda: validate.ShapesGraph(shapes.graph).plan.ntriples)
    chosen, _, seen = worked(lambda: [shapes.plan.seen(part) for part in beside])
    loaded, _, _ = worked(lambda: conformance.ground(shapes.plan, seen))
    found = list(measured(editions, beside, shapes))
    times = [each for few in found for each in few.each]
    one = Times(*(median(column) for column in zip(*times, strict=True)))
    every = Times(*(sum(column) for column in zip(*times, strict=True)))
    turns, *passed = zip(*(few.together for few in found), strict=True)
    together = Times(mean(turns), *map(sum, passed))
    met = {"one": median(each.ratio for each in times), "all": every.ratio, "together": together.ratio}
    alone = {"one": median(each.ratio_parsed for each in times), "all": every.ratio_parsed}
    alone["together"] = together.ratio_parsed
    number = len(times)
    rows = [
        (
            *(words, f"{each.queries:.3f}", f"{each.parse:.3f}", f"{each.pyshacl:.3f}", f"{met[key]:.1f}"),
            *(f"{FLOORS[key]:.0f}", "yes" if met[key] >= FLOORS[key] else "NO", AIMS[key], f"{alone[key]:.1f}"),
        )
        for key, words, each in (
            ("one", "one changed report, of a processor", one),
            ("all", f"{number} reports, of a processor", every),
            ("together", f"{number} reports, of a clock, queries in {processes.CORES} processes", together),
        )
    ]
    columns = ("seconds", "queries", "rdflib parses", "pyshacl", "ratio", "floor", "met", "aim")
    show_table((*columns, "ratio to pyshacl alone"), rows)
    seconds = f"{laid_out:.3f} s, what they look at is chosen in {chosen:.3f} s and loaded in {loaded:.3f} s"
    print(f"Once, before: shapes are laid out in {seconds}.")
    by_turns = ", ".join(f"{few.together.ratio * number / len(few.each):.1f}" for few in found)
    results = sum(few.results for few in found)
    print(f"Results of both: {results}. Ratio by a clock, turn by turn: {by_turns}.\n")
    setattr(conformance, "Scratch", Watched)  # noqa: B010 - the one place where a part is exchanged, to watch it
    show_table(("one check by queries", "ms"), profile(next(iter(editions.values())), beside, shapes))
    if any(met[key] < FLOORS[key] for key in met):
        sys.exit("validation: below a floor")


if __name__ == "__main__":
    main()

"""All that stands before any report is read: ontology, vocabulary, tables, shapes, and the rules of reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rdflib import Graph

from mem_graph import resources
from mem_graph.errors import ParseError, RatingInDoubt
from mem_graph.graph import acts, tables, validate
from mem_graph.graph.validate import Part
from mem_graph.iris import Iris
from mem_graph.model import Edition, Source
from mem_graph.reading import copies, report, rules
from mem_graph.reading.deciding import corrections, entries
from mem_graph.reading.deciding.entries import Entry
from mem_graph.reading.page import extract
from mem_graph.treaties import record as treaty_record
from mem_graph.treaties.faults import faults
from mem_graph.treaties.record import Record
from mem_graph.vocabulary import Tables, Vocabulary, from_tables

BESIDE = ("ontology", "vocabulary", "tables")
"""The graphs that every edition's graph is seen together with, beside its own part of the graph ``shared``."""

CORRECTIONS = "corrections"
BACKGROUND = (*BESIDE, "shared", CORRECTIONS)
"""The graphs that every edition's graph is seen together with, in a release; there may be none of corrections."""


@dataclass(frozen=True)
class Reference:
    """What every reading, mapping and check needs, below one identity base."""

    iris: Iris
    tables: Tables
    ontology: Graph
    lists: Graph
    """The graph ``vocabulary``: ratings, rounds, topics, criteria."""
    vocabulary: Vocabulary
    rules: rules.Rules
    corrections: tuple[Entry, ...] = ()
    """What people decided, of all reports."""

    @cached_property
    def record(self) -> Record:
        """The treaty record."""
        return treaty_record.from_tables(self.tables)

    @cached_property
    def graphs(self) -> Mapping[str, Graph]:
        """The graphs ``ontology``, ``vocabulary``, ``tables``, ``acts`` and ``shapes``; to read a report needs none."""
        return {
            "ontology": self.ontology,
            "vocabulary": self.lists,
            "tables": tables.tables_graph(self.tables, self.iris),
            "acts": acts.acts_graph(self.record, self.iris),
            "shapes": validate.load_shapes(resources.shapes()),
        }

    @cached_property
    def standings(self) -> Graph:
        """What the acts make of states: a part of the graph ``derived``."""
        return acts.standings_graph(self.record, self.iris)

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """The same graphs and ``standings`` as they are checked."""
        graphs = {**self.graphs, "standings": self.standings}
        return {name: Part(graph, lasting=name in BESIDE) for name, graph in graphs.items()}

    @property
    def beside(self) -> list[Part]:
        """The graphs that every edition's graph is seen together with."""
        return [self.parts[name] for name in BESIDE]

    @cached_property
    def known(self) -> Graph:
        """Those graphs as one."""
        return merged(part.graph for part in self.beside)

    def prepare(self) -> None:
        """Work out once what every process needs, before processes are forked."""
        _ = self.known, [part.ntriples for part in self.beside]
        for names in (validate.OF_RECORD, validate.EDITION, validate.DERIVED):
            validate.shapes_of(*names).prepare(tuple(self.beside))


def load_reference(data: Path, identity_base: str) -> Reference:
    """The reference data below an identity base.

    Raises ParseError, ReleaseError or UnknownTerm for what is broken or missing.
    """
    rows: Tables = resources.read_tables(data / "tables")
    _stop_where_a_table_is_wrong(rows)
    folder = resources.ontology()
    lists = resources.read_ontology(folder, identity_base, resources.VOCABULARY)
    ontology = resources.read_ontology(folder, identity_base, resources.ONTOLOGY)
    known, reading = from_tables(ontology + lists, rows), rules.read(data / "rules")
    return Reference(Iris(identity_base), rows, ontology, lists, known, reading, _corrections(data))


def _corrections(data: Path) -> tuple[Entry, ...]:
    written = resources.read_corrections(data / "corrections")
    return tuple(entry for file, text in written.items() for entry in entries.parse(text, file))


def _stop_where_a_table_is_wrong(rows: Tables) -> None:
    for fault in faults(rows):
        raise ParseError(
            file=fault.file, line=fault.line, met=fault.met, expected=f"another value, for it {fault.problem}"
        )


def merged(graphs: Iterable[Graph]) -> Graph:
    """Some graphs as one."""
    whole = Graph(store="SimpleMemory")
    for graph in graphs:
        whole += graph
    return whole


# Reading


def read_file(path: Path, reference: Reference) -> Edition:
    """Read one report, wherever its file stands.

    Raises ExtractError where the file gives no text, ParseError where the text is no report.
    """
    return together([parsed(extract.read(path), reference)], reference)


def parsed(source: Source, reference: Reference) -> Edition:
    """What one file says by itself; raises ParseError where its text is no report."""
    return report.parse(source, reference.vocabulary, reference.rules)


def together(files: Sequence[Edition], reference: Reference) -> Edition:
    """What the files of one edition say together, the first one first, as people corrected it, held against itself.

    Raises ParseError where a further file has another text, CorrectionError where a correction does not fit.
    """
    first, *further = files
    for other in further:
        first = copies.with_copy(first, other, reference.vocabulary, reference.rules)
    return corrections.apply(first, reference.corrections, reference.vocabulary)


def stop_where_a_rating_is_touched(edition: Edition, path: Path) -> None:
    """Raise RatingInDoubt for the first problem that leaves a rating, or which report it is, in doubt."""
    for problem in edition.problems:
        if problem.stops:
            line, met = edition.source.text.count("\n", 0, problem.span.start) + 1, problem.span.quote[:80]
            reason, number = problem.message, problem.recommendation
            raise RatingInDoubt(file=str(path), line=line, met=met, reason=reason, recommendation=number)

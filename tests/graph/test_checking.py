"""What is there checked again: several graphs at once, told in their order."""

import os
import time

import pytest

from mem_graph.engine import quads
from mem_graph.errors import ExtractError
from mem_graph.graph import checking, processes
from mem_graph.outcomes import ValidationReport


def told_by(name, seconds):
    """A check that takes its time, and says in which process it ran."""
    time.sleep(seconds)
    return ValidationReport(f"{name} in {os.getpid()}", ())


@pytest.mark.skipif(processes.CORES < 2, reason="one processor: checks follow each other here")
def test_checks_run_in_processes_of_their_own_and_are_told_in_order():
    found = list(
        checking._together({name: lambda name=name: told_by(name, 0.4 if name == "a" else 0) for name in "abc"})
    )
    assert [report.graph[0] for report in found] == ["a", "b", "c"]
    assert len({report.graph for report in found} | {f"x in {os.getpid()}"}) == 4
    assert str(os.getpid()) not in {report.graph.rpartition(" ")[2] for report in found}


def test_a_check_that_cannot_be_made_is_an_error():
    with pytest.raises(ExtractError, match="cannot be worked on"):
        list(checking._together({"a": lambda: told_by("a", 0), "b": lambda: 1 / 0, "c": lambda: told_by("c", 0)}))


def test_no_edition_is_no_error():
    assert list(checking._together({})) == []


def test_instances_are_the_triples_that_say_so():
    """By the whole IRI of the class, in triples about types alone; a literal that looks like one is none."""
    a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    report, other = f"<x:1> {a} <x:Report> .\n", f"_:b {a} <x:Assessment> .\n"
    rest = [f"<x:2> {a} <x:Reporting> .\n", "<x:3> <x:p> <x:Report> .\n", f'<x:4> <x:p> "{a} <x:Report> ." .\n']
    triples = "".join([report, *rest, other, f"<x:5> {a} <xx:Report> .\n"]).encode()
    assert quads.instances(triples, ["x:Report", "x:Assessment"]) == (report + other).encode()
    assert quads.instances(b"", ["x:Report"]) == b""

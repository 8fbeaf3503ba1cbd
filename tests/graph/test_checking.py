"""What is there checked again: several graphs at once, told in their order."""

import subprocess
import sys
import textwrap

import pytest

from mem_graph.engine import quads
from mem_graph.graph import checking, processes

ALONE = """
import os, time
from mem_graph.graph import checking
from mem_graph.outcomes import ValidationReport

def told(name, seconds=0):
    time.sleep(seconds)
    return ValidationReport(f"{name} in {os.getpid()}", ())

%s
"""
"""A program with one thread: where there are more, checks follow each other in it."""


def alone(lines):
    """What a program prints that has one thread only, line by line, and what it says as it ends."""
    done = subprocess.run(
        [sys.executable, "-c", ALONE % lines], capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout.splitlines(), done.stderr


def eight(jobs):
    """What eight jobs give that two processes do, by name."""
    lines = """
        from mem_graph.graph import processes
        %s
        for name, given in processes.results(jobs, 2):
            print(name, given)
    """
    told, error = alone(textwrap.dedent(lines) % textwrap.dedent(jobs))
    assert error == ""
    given = dict(line.split(" ", 1) for line in told)
    assert sorted(given) == list("abcdefgh")
    return given


@pytest.mark.skipif(processes.CORES < 2, reason="one processor: checks follow each other here")
def test_checks_run_in_processes_of_their_own_and_are_told_in_order():
    jobs = '{name: lambda name=name: told(name, 0.4 if name == "a" else 0) for name in "abc"}'
    told, error = alone(f"for one in checking._together({jobs}): print(one.graph)\nprint(os.getpid())")
    assert error == ""
    *checks, own = told
    assert [line[0] for line in checks] == ["a", "b", "c"]
    assert len({line.rpartition(" ")[2] for line in checks} | {own}) == 4


@pytest.mark.skipif(processes.CORES < 2, reason="one processor: checks follow each other here")
def test_a_check_that_cannot_be_made_is_an_error():
    told, error = alone(
        'list(checking._together({"a": lambda: told("a"), "b": lambda: 1 / 0, "c": lambda: told("c")}))'
    )
    assert told == []
    assert "ExtractError" in error
    assert "cannot be worked on" in error


@pytest.mark.skipif(processes.CORES < 2, reason="one processor: jobs follow each other here")
def test_a_process_does_several_jobs_and_one_that_dies_takes_no_other_with_it():
    """Of eight jobs the first process takes two; what dies is told by itself, and all others are done."""
    given = eight('jobs = {name: os.getpid for name in "abcdefgh"} | {"c": lambda: os._exit(3), "e": lambda: 1 / 0}')
    assert "ended its process (exit code 3)" in given["c"]
    assert "fault of this program: ZeroDivisionError" in given["e"]
    assert given["a"] == given["b"] != given["d"]
    assert all(given[name].isdecimal() for name in "abdfgh")


@pytest.mark.skipif(processes.CORES < 2, reason="one processor: jobs follow each other here")
def test_a_process_that_has_grown_leaves_its_other_jobs_to_another():
    """Of eight jobs the first process takes two; the first of them leaves 300 MB behind."""
    grow = "lambda kept=[]: kept.append(bytes(300_000_000)) or os.getpid()"
    given = eight(f'jobs = {{name: os.getpid for name in "abcdefgh"}} | {{"a": {grow}}}')
    assert all(given[name].isdecimal() for name in "abcdefgh")
    assert given["a"] not in {given[name] for name in "bcdefgh"}


@pytest.mark.skipif(processes.CORES < 2, reason="one processor: jobs follow each other here")
def test_a_job_that_takes_too_long_leaves_the_others_their_time():
    lines = """
        import time
        from mem_graph.graph import processes
        jobs = {name: lambda: time.sleep(0.4) for name in "abcdefgh"} | {"c": lambda: time.sleep(30)}
        for name, given in processes.results(jobs, 2, seconds=0.7):
            print(name, given)
    """
    told, error = alone(textwrap.dedent(lines))
    assert error == ""
    [late] = [line for line in told if not line.endswith(" None")]
    assert late.startswith("c ")
    assert "takes longer than 0.7 seconds" in late
    assert len(told) == 8


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


def test_what_has_a_predicate_is_known_by_it():
    """A predicate is the second word of a triple: an object, or a literal, that looks like one is none."""
    of, also = "<x:1> <x:of> <x:2> .\n", '_:b <x:of> "<x:of> of <x:of> ." .\n'
    rest = ["<x:3> <x:p> <x:of> .\n", '<x:4> <x:p> "a <x:of> <x:2> ." .\n', "<x:of> <x:offer> <x:2> .\n"]
    assert quads.having("".join([of, *rest, also]).encode(), "x:of") == (of + also).encode()

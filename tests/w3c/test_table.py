"""Where the data of the W3C are absent, a run says so: one line for each suite, and the closing table."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "conformance.md"
CASES = {
    "SHACL Core, by queries": 98,
    "SHACL Core, by the reference": 98,
    "SPARQL 1.1 graph store protocol": 13,
    "SPARQL 1.1 protocol": 34,
    "SPARQL 1.1 query evaluation": 226,
    "SPARQL 1.1 query syntax": 114,
    "SPARQL 1.1 results: CSV, TSV, JSON": 10,
    "SPARQL 1.1 service description": 3,
}


def advice(suite):
    clone = "data-shapes" if suite.startswith("SHACL") else "rdf-tests"
    return f"set MEM_GRAPH_W3C to a folder with a clone of github.com/w3c/{clone}"


def run(**environment):
    others = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--ignore", __file__, str(HERE)]
    return subprocess.run(command, env=others | environment, capture_output=True, text=True, cwd=HERE.parents[1])


def table(output):
    """The closing table: suite → cases that ran, cases there are, why not."""
    lines = output.partition("suites that need something from outside")[2].splitlines()[2:]
    rows = [
        [cell for cell in line.split("  ") if cell] for line in lines if not line.startswith(("=", "SKIP", "ERROR"))
    ]
    return {row[0]: (int(row[1]), int(row[2]), row[3]) for row in rows if len(row) == 4}


def test_what_does_not_run_is_said():
    done = run()
    assert done.returncode == 0, done.stdout
    assert table(done.stdout) == {suite: (0, cases, advice(suite)) for suite, cases in CASES.items()}
    for suite, cases in CASES.items():
        assert done.stdout.count(f"{suite} did not run ({cases} cases): {advice(suite)}\n") == 1


@pytest.mark.parametrize("required", ["w3c", "node, w3c"])
def test_what_is_required_and_absent_is_a_failure(required):
    done = run(MEM_GRAPH_REQUIRE=required)
    assert done.returncode == 1
    assert f"{len(CASES)} errors" in done.stdout
    assert {why.rpartition("; ")[2] for _, _, why in table(done.stdout).values()} == {"MEM_GRAPH_REQUIRE names w3c"}


def test_what_is_required_and_not_of_the_w3c_lets_its_suites_skip():
    assert run(MEM_GRAPH_REQUIRE="node").returncode == 0


def test_the_document_has_the_suites_and_what_is_not_passed():
    text = DOCUMENT.read_text("utf-8")
    failures = listed("expected_failures.csv")
    for iri in [*failures, *listed("not_offered.csv")]:
        assert f"`{iri.partition('#')[2]}`" in text, iri
    failing = sum("csv-tsv-res" not in iri for iri in failures)
    assert f"| SPARQL 1.1 query evaluation | 226 | {226 - failing} |" in text
    assert all(f"| {suite} | {cases} |" in text for suite, cases in CASES.items())


def listed(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return [row["iri"] for row in csv.DictReader(file)]

"""The commands `treaty` and `tables check` as a person meets them."""

import csv
import io
import json
import shutil

import pytest
from click.testing import CliRunner

from mem_graph import resources
from mem_graph.cli import commands
from mem_graph.errors import BadRequest, UnknownTerm


@pytest.fixture(scope="module")
def run(opened, tmp_path_factory):
    """Run a command over the release."""
    folder = str(opened._current.release.folder.parent)

    def running(*words, **more):
        return CliRunner().invoke(commands, [*words], env={"MEM_GRAPH_RELEASES_DIR": folder}, **more)

    return running


def test_one_state_and_one_treaty_in_words(run):
    told = run("treaty", "PER", "cifta")
    assert told.exit_code == 0, told.output
    assert "The report: states that it acts under it (PER-R6, for 2013-01-01 to 2014-06-30)." in told.output
    assert "party: unknown: the sources speak for days up to 2009-04-30" in told.output
    assert "Verdict: the report does not say whether it is bound" in told.output


def test_on_another_day(run):
    told = run("treaty", "Perú", "Firearms Protocol", "--on", "2004-01-01").output
    assert "contracting state: yes: since 2003-09-23" in told
    assert "party: no: the treaty was not in force before 2005-07-03" in told


def test_in_spanish(run):
    told = run("treaty", "Perú", "Protocolo de armas de fuego", "--on", "2004-01-01", "--lang", "es").output
    assert "Estado contratante: sí: desde el 2003-09-23" in told
    assert "parte: no: el tratado no estaba en vigor antes del 2005-07-03" in told
    rows = list(csv.DictReader(io.StringIO(run("treaty", "PER", "1988", "--lang", "es", "--format", "csv").output)))
    assert [row["verdict"] for row in rows] == ["coinciden"]


def test_every_treaty_of_a_state_and_every_state_of_a_treaty(run):
    rows = list(csv.DictReader(io.StringIO(run("treaty", "--country", "PER", "--format", "csv").output)))
    assert len(rows) == 16
    rows = list(csv.DictReader(io.StringIO(run("treaty", "--treaty", "1988", "--format", "csv").output)))
    assert len(rows) == 35
    assert {row["party"] for row in rows} == {"yes"}
    assert "PER" in run("treaty", "--treaty", "1988").output


def test_json_is_one_answer_or_the_matrix_with_its_release(run, opened):
    one = json.loads(run("treaty", "PER", "1988", "--format", "json").output)
    assert (one["release"], one["verdict"]["code"]) == (opened.digest, "agree")
    matrix = json.loads(run("treaty", "--format", "json", "--on", "2009-04-30").output)
    assert (matrix["release"], matrix["on"], matrix["total"]) == (opened.digest, "2009-04-30", 35 * 16)
    assert len(matrix["rows"]) == 35 * 16


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("treaty", "PER", "cfta"), UnknownTerm),
        (("treaty", "Chlie", "cifta"), UnknownTerm),
        (("treaty", "PER", "corruption"), BadRequest),
        (("treaty", "PER", "cifta", "--on", "yesterday"), BadRequest),
    ],
)
def test_what_is_not_known_has_near_names(run, words, error):
    assert isinstance(run(*words).exception, error)


def test_tables_check_says_file_and_row(run, tmp_path):
    assert run("tables", "check").exit_code == 0
    shutil.copytree(resources.data() / "tables", tmp_path / "tables")
    with (tmp_path / "tables" / "acts.csv").open("a", encoding="utf-8") as file:
        file.write("cifta-1997,DOM,ratified,2010-04,,,,oas-cifta-page\n")
    told = run("tables", "check", "--data-dir", str(tmp_path))
    assert told.exit_code == 1
    assert "acts.csv, line 613: 'ratified': act must be one of: signature, ratification" in told.output

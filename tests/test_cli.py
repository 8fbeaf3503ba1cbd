"""The command line as a newcomer meets it: every command run for real, every error one line and its exit code."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from mem_graph import resources
from mem_graph.graph import release

COMMAND = str(Path(sys.executable).with_name("mem-graph"))
REPORT = resources.data() / "reports" / "PER-R6" / "en-1.txt"
TEXT = REPORT.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of releases with one release in it, built by the command."""
    releases = tmp_path_factory.mktemp("cli") / "releases"
    made = run("build", releases=releases)
    assert made.returncode == 0, made.stderr
    return releases


def run(*words, releases=None, text=None, **environment):
    given = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
    if releases:
        given["MEM_GRAPH_RELEASES_DIR"] = str(releases)
    return subprocess.run(
        [COMMAND, *map(str, words)],
        env={**given, **environment},
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


# Build


STEPS = [*["validated"] * 3, "audited:", "wrote", "release"]


def test_build_says_its_steps_and_prints_the_digest(folder):
    again = run("build", releases=folder)
    assert re.fullmatch(r"[0-9a-f]{64}\n", again.stdout)
    assert [line.split()[0] for line in again.stderr.splitlines()] == ["unchanged", *STEPS]
    assert "0 sentences not understood" in again.stderr


def test_the_same_input_gives_the_same_bytes(folder, tmp_path):
    first = release.current(folder)
    told = run("build", releases=tmp_path)
    assert told.returncode == 0
    assert [line.split()[0] for line in told.stderr.splitlines()] == ["read", *STEPS]
    second = release.current(tmp_path)
    assert first.digest == second.digest
    assert (first.folder / "data.nq").read_bytes() == (second.folder / "data.nq").read_bytes()
    assert len(first.files) >= 8


def test_another_identity_base_is_recorded_and_used(tmp_path):
    assert run("build", "--identity-base", "https://example.org/mem/", releases=tmp_path).returncode == 0
    made = release.current(tmp_path)
    assert made.identity_base == "https://example.org/mem/"
    assert b"https://w3id.org/mem-graph/id/" not in (made.folder / "data.nq").read_bytes()


# Read


def test_read_prints_a_table_of_ratings():
    told = run("read", REPORT)
    assert told.returncode == 0
    assert re.search(r"\n +24 +Control measures +Partially complete +5 +5", told.stdout)
    assert "problems: none" in told.stdout
    assert "sentences not understood: none" in told.stdout


def test_read_json_is_of_the_schema():
    reading = json.loads(run("read", REPORT, "--json").stdout)
    jsonschema.validate(reading, json.loads(resources.reading_schema().read_text(encoding="utf-8")))
    assert reading["report"]["country"] == "PER"
    assert len(reading["assessments"]) == 27
    poppy = [each for each in reading["statistics"] if each["subject"] == "poppy" and each["year"] == 2011]
    assert [(each["value"], each["unit"], each["inferred_from_words"]) for each in poppy] == [(0, "ha", True)]
    assert poppy[0]["quote"] == "The country did not eradicate poppy crops in 2011."
    assert poppy[0]["where"] == {"recommendation": 14}


BROKEN = {
    "an unknown rating word": (TEXT.replace("Evaluation: Started", "Evaluation: Splendid"), "Splendid"),
    "a recommendation doubled": (TEXT.replace("RECOMMENDATION 9\n", "RECOMMENDATION 8\n"), "8"),
    "an unknown country": (TEXT.replace("Peru", "Atlantis"), "country"),
}
"""What touches a rating, as a part of the report, of its words, and of what it is; tests/reading tries every kind."""


@pytest.mark.parametrize("name", BROKEN)
def test_read_lists_problems_that_touch_a_rating(name, tmp_path):
    text, word = BROKEN[name]
    assert text != TEXT
    (tmp_path / "report.txt").write_text(text, encoding="utf-8")
    told = run("read", tmp_path / "report.txt")
    assert told.returncode == 2
    assert word in told.stdout + told.stderr
    assert "Traceback" not in told.stderr


NO_REPORT = {
    "empty.txt": b"",
    "binary.txt": b"MEM\x00\x01",
    "latin.txt": "evaluaci\u00f3n".encode("latin-1"),
    "other.txt": b"A letter to the editor.\n",
}


@pytest.mark.parametrize("name", NO_REPORT)
def test_what_is_no_report_is_refused_in_one_line(name, tmp_path):
    (tmp_path / name).write_bytes(NO_REPORT[name])
    told = run("read", tmp_path / name)
    assert (told.returncode, told.stdout) == (2, "")
    assert len(told.stderr.splitlines()) == 1
    assert name in told.stderr


@pytest.fixture
def data(tmp_path):
    """A copy of data/ to break."""
    return Path(shutil.copytree(resources.data(), tmp_path / "data"))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_report_stops_the_build_and_changes_nothing(name, data, folder):
    before = sorted(path.name for path in folder.iterdir())
    source = data / "reports" / "PER-R6" / "en-1.txt"
    source.write_text(BROKEN[name][0], encoding="utf-8")
    recorded = data / "reports" / "PER-R6" / "edition.toml"
    digest = release.sha256(source.read_bytes())
    recorded.write_text(re.sub(r'sha256 = "\w+"', f'sha256 = "{digest}"', recorded.read_text()))
    told = run("build", "--data-dir", data, releases=folder)
    assert told.returncode == 2, told.stderr
    assert "Traceback" not in told.stderr
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_source_that_differs_from_its_digest_stops_the_build(data, folder):
    (data / "reports" / "PER-R6" / "en-1.txt").write_text(TEXT + "\n", encoding="utf-8")
    told = run("build", "--data-dir", data, releases=folder)
    assert told.returncode == 3
    assert "digest differs" in told.stderr


def test_a_table_with_a_row_too_short_stops_the_build(data, folder):
    table = data / "tables" / "institutions.csv"
    table.write_text(table.read_text(encoding="utf-8") + "PER/x,Half a row\n", encoding="utf-8")
    told = run("build", "--data-dir", data, releases=folder)
    assert told.returncode == 2
    assert "institutions.csv, line" in told.stderr


# Validate, audit


def test_validate_the_release_and_a_file_of_it(folder, tmp_path):
    told = run("validate", releases=folder)
    assert told.returncode == 0
    assert len(told.stdout.splitlines()) == 4
    files = [tmp_path / "peru.ttl", tmp_path / "shared.ttl"]
    for path, name in zip(files, ("edition/PER-R6/en/1", "shared"), strict=True):
        path.write_text(run("export", "--graph", name, releases=folder).stdout, encoding="utf-8")
    assert run("validate", *files).returncode == 0
    assert "Name the rule" in run("validate", files[0]).stdout  # the rules that it names stand in the other file
    assert run("validate", folder / "current" / "data.nq").returncode == 0


def test_what_does_not_conform_is_exit_1_and_leads_to_the_sentence(folder, tmp_path):
    turtle = run("export", "--graph", "edition/PER-R6/en/1", releases=folder).stdout
    broken = tmp_path / "broken.ttl"
    broken.write_text(turtle.replace("mem:polarity mem:deficiency", "mem:polarity mem:lacks", 1))
    told = run("validate", broken)
    assert told.returncode == 1
    assert "sentence: " in told.stdout


def test_validate_refuses_what_is_no_rdf(tmp_path):
    (tmp_path / "x.ttl").write_text("this is no turtle")
    assert run("validate", tmp_path / "x.ttl").returncode == 2
    assert run("validate", tmp_path / "missing.ttl").returncode == 2


def test_audit_in_words_and_as_shacl(folder):
    words = run("audit", releases=folder)
    assert words.returncode == 0
    assert "tension" in words.stdout
    assert "sh:ValidationResult" in run("audit", "--turtle", releases=folder).stdout


# Query, export


def test_a_prepared_question_as_table_json_csv(folder):
    table = run("query", "recommendation-24-gaps", releases=folder)
    assert "5 rows" in table.stdout
    assert table.stderr.startswith("release ")
    answer = json.loads(run("query", "recommendation-24-gaps", "--format", "json", releases=folder).stdout)
    assert len(answer["results"]["bindings"]) == 5
    lines = run("query", "recommendation-24-gaps", "--format", "csv", releases=folder).stdout.splitlines()
    assert len(lines) == 6


def test_a_query_from_file_standard_input_and_text(folder, tmp_path):
    text = "ASK { ?finding a <https://w3id.org/mem-graph/ontology#Finding> }"
    (tmp_path / "ask.rq").write_text(text)
    for told in (
        run("query", tmp_path / "ask.rq", "--format", "json", releases=folder),
        run("query", "-", "--format", "json", releases=folder, text=text),
        run("query", "--text", text, "--format", "json", releases=folder),
    ):
        assert json.loads(told.stdout)["boolean"] is True


def test_a_graph_comes_as_turtle(folder):
    told = run("query", "--text", "DESCRIBE <https://w3id.org/mem-graph/id/institution/PER/devida>", releases=folder)
    assert told.returncode == 0
    assert "mem:Institution" in told.stdout


def test_export_in_every_form(folder):
    assert run("export", releases=folder).stdout == (folder / "current" / "data.nq").read_text(encoding="utf-8")
    for name, kind in (("derived", "turtle"), ("derived", "trig"), ("derived", "nquads")):
        told = run("export", "--graph", name, "--format", kind, releases=folder)
        assert told.returncode == 0
        assert "statesRatificationOf" in told.stdout


# Wrong use


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["query", "recommendation-25-gaps"], 2, "did you mean 'recommendation-24-gaps'"),
        (["query", "--text", "SELECT ?x WHERE { ?x"], 2, "line 1, column 21"),
        (["query", "--text", "INSERT DATA { <a:a> <a:a> <a:a> }"], 2, "nothing can be written"),
        (["query", "--text", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"], 2, "SERVICE is refused"),
        (["query", "missing.rq"], 2, "missing.rq"),
        (["query"], 2, "Say what to ask"),
        (["query", "--text", "ASK {}", "--endpoint", "http://127.0.0.1:9/sparql"], 3, "not available"),
        (["export", "--graph", "derivd"], 2, "did you mean 'derived'"),
        (["validate", "--identity-base", "nonsense", "x.ttl"], 2, "identity_base"),
        (["frobnicate"], 2, "No such command"),
        (["read"], 2, "Missing argument"),
        (["read", "nowhere.txt"], 2, "No such file"),
        (["build", "--data-dir", "nowhere"], 2, "data_dir"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else None,
)
def test_wrong_use_is_one_clear_error(words, code, said, folder):
    told = run(*words, releases=folder)
    assert (told.returncode, "Traceback" in told.stderr) == (code, False), told.stderr
    assert said in told.stderr


def test_without_a_release_the_error_says_so(tmp_path):
    for command in (["audit"], ["validate"], ["export"], ["query", "--text", "ASK {}"]):
        told = run(*command, releases=tmp_path)
        assert told.returncode == 3
        assert "missing" in told.stderr


def test_an_unknown_setting_is_named(folder):
    told = run("query", "--list", MEM_GRAPH_RELEASE_DIR="x")
    assert told.returncode == 0  # a listing needs no setting
    told = run("audit", MEM_GRAPH_RELEASE_DIR="x")
    assert told.returncode == 2
    assert "did you mean 'MEM_GRAPH_RELEASES_DIR'" in told.stderr


def test_settings_tells_where_a_value_comes_from():
    told = run("settings", MEM_GRAPH_PORT="9123")
    assert re.search(r"MEM_GRAPH_PORT +9123 +environment", told.stdout)
    assert re.search(r"MEM_GRAPH_HOST +127\.0\.0\.1 +default", told.stdout)

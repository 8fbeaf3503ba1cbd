"""`mem-graph review` as a person runs it: nothing open, something open, and a file that cannot be read."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mem_graph import resources

COMMAND = Path(sys.executable).with_name("mem-graph")
REPORT = resources.data() / "reports" / "PER-R6" / "en-1.txt"


@pytest.fixture
def run(tmp_path):
    given = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
    given["MEM_GRAPH_RELEASES_DIR"] = str(tmp_path / "releases")

    def review(*words):
        arguments = [COMMAND, "review", *map(str, words)]
        return subprocess.run(arguments, env=given, capture_output=True, text=True, check=False, timeout=120)

    return review


def test_where_nothing_is_open_it_says_so(run):
    done = run()
    assert (done.returncode, done.stdout, done.stderr.strip()) == (0, "", "nothing is open")
    assert json.loads(run("--json").stdout) == []


def test_what_is_open_in_a_file_is_printed_with_the_entry_to_paste(run, tmp_path):
    text = REPORT.read_text(encoding="utf-8").replace("Evaluation: Not started", "Evaluation: Not strted", 1)
    (tmp_path / "doubtful.txt").write_text(text, encoding="utf-8")
    done = run(tmp_path / "doubtful.txt")
    assert done.returncode == 0
    assert done.stdout.startswith("1 of 2: rating, PER-R6/en/1, recommendation 8, line ")
    assert '    rating = "Not started"' in done.stdout.splitlines()
    assert done.stderr.strip() == "2 decisions to take"
    one, _ = json.loads(run("--json", tmp_path / "doubtful.txt").stdout)
    assert one["paste"][0]["file"] == "data/corrections/PER-R6.toml"


def test_a_file_that_is_not_there_is_one_line_and_exit_code_2(run, tmp_path):
    done = run(tmp_path / "nowhere.txt")
    assert done.returncode == 2
    assert done.stderr.startswith("mem-graph: extract-error: ")
    assert done.stderr.count("\n") == 1

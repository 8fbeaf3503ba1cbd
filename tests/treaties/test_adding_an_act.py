"""`docs/adding-an-act.md`, walked: its rows are written, its commands run, and each prints the lines that it shows."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from mem_graph import resources
from mem_graph.cli import commands

PAGE = Path(__file__).parents[2] / "docs" / "adding-an-act.md"
STEPS = re.findall(r"(?ms)^(\d)\. (.*?)(?=^\d\. |^If )", PAGE.read_text("utf-8"))


def blocks(step, kind):
    """The lines of the blocks of a kind in a step, without their indent."""
    return [line[3:] for block in re.findall(rf"(?ms)^   ```{kind}\n(.*?)^   ```", step) for line in block.splitlines()]


def consoles(step):
    """The commands of a step, each with the lines that it shows."""
    found = []
    for line in blocks(step, "console"):
        if line.startswith("$ "):
            found.append((shlex.split(line[2:]), []))
        else:
            found[-1][1].append(line.strip())
    return found


@pytest.fixture
def curator(opened, tmp_path):
    """A newcomer with the tables in a folder of their own: runs a command, from the build on over what was built."""
    shutil.copytree(resources.data(), tmp_path / "data")
    made = opened._current.release.folder.parent
    environment = {"MEM_GRAPH_DATA_DIR": str(tmp_path / "data"), "MEM_GRAPH_RELEASES_DIR": str(made)}

    def run(words):
        assert words[0] == "mem-graph"
        if words[1] == "build":
            environment["MEM_GRAPH_RELEASES_DIR"] = str(tmp_path / "releases")
        done = CliRunner().invoke(commands, words[1:], env=environment)
        assert done.exit_code == 0, (words, done.output)
        return done.output

    return run


def test_the_page_does_what_it_says(curator, tmp_path):
    assert [number for number, _ in STEPS] == ["1", "2", "3", "4", "5"]
    written, ran = 0, []
    for _, step in STEPS:
        for row in blocks(step, "csv"):
            (table,) = re.findall(r"`data/tables/([a-z-]+\.csv)`", step)
            with (tmp_path / "data" / "tables" / table).open("a", encoding="utf-8") as file:
                file.write(f"{row}\n")
            written += 1
        for words, shown in consoles(step):
            lines = [line.strip() for line in curator(words).splitlines()]
            ran.append(words[1])
            for line in shown:
                assert any(line in each for each in lines), (words, line, lines)
    assert (written, ran) == (2, ["treaty", "tables", "build", "treaty", "treaty"])


def test_a_wrong_row_is_named_by_file_and_line(opened, tmp_path):
    shutil.copytree(resources.data() / "tables", tmp_path / "tables")
    with (tmp_path / "tables" / "acts.csv").open("a", encoding="utf-8") as file:
        file.write("untoc-protocol-firearms-2001,BRB,ratification,2020-03-02,,,,untc-2020\n")
    done = CliRunner().invoke(commands, ["tables", "check", "--data-dir", str(tmp_path)])
    assert done.exit_code == 1
    assert "acts.csv, line 613: 'untc-2020': is no source of act-sources.csv" in done.output

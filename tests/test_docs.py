"""Documentation that can go stale, held: the README's commands are run and print what it shows."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from mem_graph.settings import TABLE

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


def consoles():
    """Each command of the README's console blocks with the output shown below it (none where nothing is shown)."""
    for block in re.findall(r"```console\n(.*?)```", README, flags=re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, shown = split(part)
            yield command, shown


def split(part):
    """A command may go on over lines until its quotes are closed; the rest is what it prints."""
    lines = part.splitlines()
    for end in range(1, len(lines) + 1):
        try:
            shlex.split("\n".join(lines[:end]), comments=True)
        except ValueError:
            continue
        return "\n".join(lines[:end]), "\n".join(lines[end:]).strip()
    raise AssertionError(part)


CASES = list(consoles())


@pytest.fixture(scope="module")
def environment(built):
    given = {name: value for name, value in os.environ.items() if not name.startswith("MEM_GRAPH_")}
    return {**given, "MEM_GRAPH_RELEASES_DIR": str(built)}


def words(text):
    """The words of an output without rules and the spacing of columns."""
    return [word for word in text.split() if set(word) != {"─"}]


def test_the_readme_has_commands():
    assert len(CASES) == 7
    assert sum(bool(shown) for _, shown in CASES) == 1


@pytest.mark.parametrize(("command", "shown"), CASES, ids=[command.splitlines()[0][:40] for command, _ in CASES])
def test_a_command_of_the_readme_does_what_it_shows(command, shown, environment):
    program, *arguments = shlex.split(command, comments=True)
    if program == "make":
        assert re.search(rf"^{arguments[0]}:", (ROOT / "Makefile").read_text(), flags=re.M)
        return
    assert program == ".venv/bin/mem-graph"
    done = subprocess.run(
        [BIN / "mem-graph", *arguments], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip()
    if shown:
        assert words(shown) == words(done.stdout)


def test_the_first_answer_stands_before_line_40():
    assert README[: README.index("7 rows")].count("\n") < 40


def test_the_python_of_the_readme_prints_what_it_shows(environment):
    (program,) = re.findall(r"```python\n(.*?)```", README, flags=re.S)
    (shown,) = re.findall(r"```\n(rating\n.*?)```", README, flags=re.S)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == shown.split()


def test_every_file_that_the_readme_names_is_there():
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert len(links) >= 8
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_command_is_in_the_readme():
    listed = subprocess.run([BIN / "mem-graph", "--help"], capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^  (\w+)  ", listed.partition("Commands:")[2], flags=re.M)
    assert len(commands) >= 8
    assert [command for command in commands if f"`{command}`" not in README] == []


def test_every_setting_has_a_sentence():
    assert all(row.sentence.endswith(".") for row in TABLE)

"""From a file to a release that has it: add."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mem_graph.cli.options import say, settings, settings_options

if TYPE_CHECKING:
    from mem_graph.graph.adding import Looked

IN_FULL = 3
"""So many files are shown in full; of more, one line each."""


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="File what can be filed without asking.")
@click.option("--origin", metavar="ADDRESS", help="Where the files come from, for their record.")
@settings_options("data_dir", "releases_dir", "identity_base")
def add(files: tuple[Path, ...], yes: bool, origin: str | None, **options: str | None) -> None:
    """Read reports, PDF or text, show what was understood, and on a yes file them and build a release with them.

    FILES are files or folders. Country, round, language, revision and symbols are found in the text. Exit code 2 where
    a file is refused: the others are filed all the same.
    """
    from mem_graph import terminal
    from mem_graph.graph import adding

    refused: list[Looked] = []
    waiting: list[Looked] = []

    def agrees(looked: Sequence[Looked]) -> bool:
        refused.extend(each for each in looked if each.outcome == "refused")
        waiting.extend(each for each in looked if terminal.is_open(each))
        terminal.show_looked(looked, in_full=len(looked) <= IN_FULL)
        return any(each.is_new for each in looked) and (yes or _confirmed(sum(each.is_new for each in looked)))

    with terminal.progress("looking at files") as progress:
        asked = adding.Asked(files, origin, progress, agrees)
        made = adding.add(asked, settings(**options), say)
    if made is None:
        say("nothing was filed")
    else:
        click.echo(made.digest)
        if waiting:
            say("mem-graph review walks through what waits for a person")
    if refused:
        raise click.exceptions.Exit(2)


def _confirmed(number: int) -> bool:
    """The answer of a person at a terminal; nobody there is no yes."""
    if not sys.stdin.isatty():
        say("say --yes to file without being asked")
        return False
    return click.confirm(f"File {number} file{'' if number == 1 else 's'} and build a release?", err=True)

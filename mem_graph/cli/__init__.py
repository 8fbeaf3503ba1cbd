"""The command line: each command does one step of the way from a report to an answer, and prints it.

One file for each family of commands. What was asked for goes to standard output, words about it to standard error. Exit
codes: 0 done, 1 does not conform, 2 wrong use or input, 3 store or release. Heavy imports wait for the command that
needs them, so that ``mem-graph --help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from mem_graph import __version__
from mem_graph.cli import adding, asking, building, publishing, reading, releases, reviewing, serving, treaties
from mem_graph.errors import InputError, MemGraphError, NotConforming, ReleaseError, SettingsError, StoreError

EXIT_CODES: Sequence[tuple[type[MemGraphError], int]] = (
    (NotConforming, 1),
    (InputError, 2),
    (SettingsError, 2),
    (ReleaseError, 3),
    (StoreError, 3),
)


def main() -> NoReturn:
    """Run the command; an error of ours is one line on standard error and its exit code."""
    try:
        code = commands.main(standalone_mode=False)
    except MemGraphError as error:
        click.echo(f"mem-graph: {error.code}: {error}", err=True)
        sys.exit(next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 3))
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output has gone: nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mem-graph")
def commands() -> None:
    """Reports of the Multilateral Evaluation Mechanism as a graph in which every statement shows its sentence.

    From a report to an answer: read, build, validate, audit, query, export, serve.
    """


for command in (
    reading.read,
    reviewing.review,
    adding.add,
    building.build,
    building.validate,
    building.audit,
    building.export,
    asking.query,
    treaties.treaty,
    treaties.tables,
    releases.releases,
    publishing.publish,
    serving.serve,
    serving.show_settings,
):
    commands.add_command(command)

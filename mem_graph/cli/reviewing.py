"""What waits for a person: review."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from mem_graph.cli.options import say, settings, settings_options


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="A list of objects, each with the lines to paste.")
@settings_options("data_dir", "releases_dir", "identity_base")
def review(files: tuple[Path, ...], as_json: bool, **options: str | None) -> None:
    """Walk through what a person has to decide: ratings in doubt, new bodies with near names, likenesses, problems.

    Of the reports in data/, with the differences that audits of the current release found; or of the FILES given. For
    each it prints the entry to paste; docs/correcting.md tells the rest. On a terminal it waits after each.
    """
    from mem_graph import resources
    from mem_graph.graph import reference, reviewing
    from mem_graph.reading.deciding import review as waiting

    chosen = settings(**options)
    data, day = resources.data(chosen.data_dir), datetime.now(UTC).date()
    known = reference.load_reference(data, chosen.identity_base)
    every = not files
    found = reviewing.of_all(data, chosen.releases_dir, known, day) if every else reviewing.of_files(files, known, day)
    if as_json:
        click.echo(json.dumps([waiting.to_json(each) for each in found], indent=1, ensure_ascii=False))
        return
    for number, each in enumerate(found, start=1):
        click.echo("\n".join(waiting.in_words(each, number, len(found))))
        if number < len(found) and sys.stdin.isatty() and sys.stdout.isatty():
            click.pause("Any key for the next one, Ctrl-C to stop.")
    say(f"{len(found)} decision{'' if len(found) == 1 else 's'} to take" if found else "nothing is open")

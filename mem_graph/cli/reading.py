"""From a file to what it says: read."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mem_graph.cli.options import settings, settings_options


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The whole reading, in the shape of docs/reading.schema.json.")
@click.option("--rules", is_flag=True, help="Which rule made how much, and what each chapter's own examples are worth.")
@click.option("--uncorrected", is_flag=True, help="As the program reads it, without the corrections of people.")
@settings_options("data_dir")
def read(file: Path, as_json: bool, rules: bool, uncorrected: bool, **options: str | None) -> None:
    """Read one report and print what it says: ratings, findings, problems, and each sentence not understood.

    What people corrected is shown with what it replaced. Exit code 2 where a problem touches a rating.
    """
    from dataclasses import replace

    from mem_graph import resources, terminal
    from mem_graph.graph.reference import load_reference, read_file
    from mem_graph.reading import form, held_out

    chosen = settings(**options)
    reference = load_reference(resources.data(chosen.data_dir), chosen.identity_base)
    edition = read_file(file, replace(reference, corrections=()) if uncorrected else reference)
    if as_json:
        click.echo(json.dumps(form.to_json(edition), indent=2, ensure_ascii=False))
    else:
        terminal.show_reading(edition)
    if rules:
        terminal.show_rules(edition)
        terminal.show_held_out(held_out.chapters(edition.source, reference.vocabulary, reference.rules))
    if any(problem.stops for problem in edition.problems):
        raise click.exceptions.Exit(2)

"""From what is filed to a release: build, validate, audit, export."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mem_graph.cli.options import say, settings, settings_options


@click.command()
@settings_options("data_dir", "releases_dir", "identity_base")
def build(**options: str | None) -> None:
    """Build a release from data/: read, map, validate, audit, write, and make it the current one.

    The same data and software give the same bytes. Where anything is wrong, nothing changes.
    """
    from mem_graph.graph import build as walk

    made = walk.build(settings(**options), say)
    click.echo(made.digest)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--reference", is_flag=True, help="Let pyshacl check all shapes: slower, and the same results.")
@settings_options("releases_dir", "identity_base")
def validate(files: tuple[Path, ...], reference: bool, **options: str | None) -> None:
    """Hold the current release, or the RDF files given, against the shapes. Exit code 1 where they do not conform."""
    from mem_graph.graph import checking, release
    from mem_graph.graph import validate as shacl

    chosen = settings(**options)
    if files:
        reports = checking.validate_files(files, chosen.identity_base, reference)
    else:
        reports = checking.validate_release(release.current(chosen.releases_dir), reference)
    for report in reports:
        click.echo("\n".join(shacl.in_words(report)))
    if not all(report.conforms for report in reports):
        raise click.exceptions.Exit(1)


@click.command()
@click.option("--turtle", is_flag=True, help="The results in SHACL form.")
@settings_options("releases_dir")
def audit(turtle: bool, **options: str | None) -> None:
    """Hold the reports of the current release against themselves: ratings, wording, counts, and tensions, in words."""
    from mem_graph.graph import release

    folder = release.current(settings(**options).releases_dir).folder
    click.echo((folder / ("audit.ttl" if turtle else "audit.txt")).read_text(encoding="utf-8"), nl=False)


@click.command()
@click.option(
    "--graph", "name", metavar="NAME", help="One graph by its IRI, or the end of it: edition/PER-R6/en/1, derived …"
)
@click.option(
    "--format", "kind", type=click.Choice(["nquads", "trig", "turtle"]), help="Default: N-Quads, Turtle for one graph."
)
@settings_options("releases_dir")
def export(name: str | None, kind: str | None, **options: str | None) -> None:
    """Write the current release, or one graph of it, to standard output."""
    from mem_graph.graph import export as writing
    from mem_graph.graph import release

    made = release.current(settings(**options).releases_dir)
    sys.stdout.buffer.write(writing.export(made, name, kind))

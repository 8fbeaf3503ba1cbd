"""The releases that are kept: list, verify, roll back, prune, diff."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from mem_graph.cli.options import say, settings, settings_options
from mem_graph.errors import ReleaseError


@click.group()
def releases() -> None:
    """The releases that are kept: list and verify them, compare two, go back to one, remove old ones."""


@releases.command("list")
@settings_options("releases_dir")
def list_releases(**options: str | None) -> None:
    """Every release that is kept, the last written first."""
    from mem_graph import terminal
    from mem_graph.graph import release

    kept = release.kept(settings(**options).releases_dir)
    terminal.show_table(("", "release", "written (UTC)", "software", "quads", "graphs"), [_kept(each) for each in kept])


def _kept(each: Any) -> tuple[object, ...]:
    written = datetime.fromtimestamp(each.written, UTC).strftime("%Y-%m-%d %H:%M:%S")
    mark = "current" if each.current else ""
    if each.release is None:
        return mark, each.name[:12], written, "damaged: its manifest cannot be read", "", ""
    graphs = each.release.graphs
    return mark, each.name[:12], written, each.release.version, f"{sum(graphs.values()):,}", len(graphs)


@releases.command("verify")
@click.argument("digest", required=False)
@settings_options("releases_dir")
def verify_releases(digest: str | None, **options: str | None) -> None:
    """Read every file of every release again, or of that DIGEST's, and compare. Exit code 3 where one differs."""
    from mem_graph.graph import release

    folder = settings(**options).releases_dir
    chosen = [release.find(folder, digest)] if digest else [folder / each.name for each in release.kept(folder)]
    damaged = 0
    for each in chosen:
        try:
            found = release.verify(each)
            click.echo(f"{found.digest}: as recorded, {len(found.files)} files, {sum(found.graphs.values()):,} quads")
        except ReleaseError as error:
            damaged += 1
            click.echo(f"{each.name}: {error}")
    if damaged:
        raise click.exceptions.Exit(3)


@releases.command("roll-back")
@click.argument("digest", required=False)
@settings_options("releases_dir")
def roll_back(digest: str | None, **options: str | None) -> None:
    """Make the release of that DIGEST the current one, or the one that was current before. A server takes it up."""
    from mem_graph.graph import release

    folder = settings(**options).releases_dir
    with release.writing(folder):
        found = release.roll_back(folder, digest)
    say(f"release {found.digest[:12]} is current now")
    click.echo(found.digest)


@releases.command()
@click.option("--keep", type=click.IntRange(min=1), default=3, show_default=True, help="How many stay, in all.")
@settings_options("releases_dir")
def prune(keep: int, **options: str | None) -> None:
    """Remove old releases. The current one always stays, then those that were current last."""
    from mem_graph.graph import release

    folder = settings(**options).releases_dir
    with release.writing(folder):
        removed = release.prune(folder, keep)
        left = len(release.kept(folder))
    say(f"{len(removed)} removed, {left} left")
    for each in removed:
        click.echo(each)


@releases.command("diff")
@click.argument("old")
@click.argument("new", default="current")
@settings_options("releases_dir")
def diff_releases(old: str, new: str, **options: str | None) -> None:
    """In words: which statements came, went and changed from release OLD to NEW (default: the current one).

    A release is named by its digest or the first signs of it.
    """
    from mem_graph.graph import diff, release

    folder = settings(**options).releases_dir
    found = diff.diff(*(release.verify(release.find(folder, each)) for each in (old, new)))
    for line in diff.in_words(found):
        click.echo(line)

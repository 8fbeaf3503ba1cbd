"""The server and its settings: serve, settings."""

from __future__ import annotations

import os
from pathlib import Path

import click

from mem_graph.cli.options import say, settings, settings_options
from mem_graph.settings import TABLE


@click.command()
@click.option("--data", "first", multiple=True, type=Path, metavar="FILE…", help="RDF files to serve instead.")
@click.argument("more", nargs=-1, type=Path, metavar="")
@settings_options("releases_dir", "host", "port", "server", "public_url", "default_graph", "title", "contact", "engine")
def serve(first: tuple[Path, ...], more: tuple[Path, ...], **options: str | None) -> None:
    """Serve the current release, or with --data any RDF files: SPARQL at /sparql. Stop it with Ctrl-C.

    Files are Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD, by their suffix; the default graph is then plain.
    """
    from contextlib import nullcontext

    from mem_graph.query import own_data
    from mem_graph.web import servers

    if more and not first:
        raise click.UsageError("Say --data before the files to serve.")
    if first and "MEM_GRAPH_DEFAULT_GRAPH" not in os.environ:
        options["default_graph"] = options["default_graph"] or "plain"
    chosen, address = servers.settled(settings(**options))
    with own_data.merged([*first, *more]) if first else nullcontext() as data:
        say(f"serving {data.digest[:17] if data else chosen.releases_dir} at {chosen.root}sparql")
        servers.run(chosen, address, data)


@click.command("settings")
def show_settings() -> None:
    """Print every setting with its value, and where the value comes from."""
    from mem_graph import terminal

    chosen = settings()
    rows = [
        (
            row.variable,
            row.told(getattr(chosen, row.name)),
            "environment" if row.variable in os.environ else "default",
            row.sentence,
        )
        for row in TABLE
    ]
    terminal.show_table(("setting", "value", "from", "what it is"), rows)

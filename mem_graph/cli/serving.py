"""The server and its settings: serve, settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from mem_graph.cli.options import say, settings, settings_options
from mem_graph.settings import TABLE, Settings


@click.command()
@click.option("--data", "first", multiple=True, type=Path, metavar="FILE…", help="RDF files to serve instead.")
@click.argument("more", nargs=-1, type=Path, metavar="")
@settings_options("releases_dir", "host", "port", "public_url", "default_graph", "title", "contact")
def serve(first: tuple[Path, ...], more: tuple[Path, ...], **options: str | None) -> None:
    """Serve the current release, or with --data any RDF files: SPARQL at /sparql. Stop it with Ctrl-C.

    Files are Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD, by their suffix; the default graph is then plain.
    """
    import signal
    from contextlib import nullcontext

    from waitress import create_server

    from mem_graph.query import own_data
    from mem_graph.web import create_app

    if more and not first:
        raise click.UsageError("Say --data before the files to serve.")
    if first and "MEM_GRAPH_DEFAULT_GRAPH" not in os.environ:
        options["default_graph"] = options["default_graph"] or "plain"
    chosen = settings(**options)
    with own_data.opened([*first, *more], chosen) if first else nullcontext() as current:
        server = create_server(
            create_app(chosen, current), host=chosen.host, port=chosen.port, threads=_threads(chosen)
        )
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # as Ctrl-C: what is open is closed
        say(f"serving {current.digest[:17] if current else chosen.releases_dir} at {chosen.root}sparql")
        server.run()


def _threads(chosen: Settings) -> int:
    """Threads of the server: one for each query that runs or may wait, in either lane, and some for all else."""
    return chosen.workers + 2 * chosen.waiting + 8


@click.command("settings")
def show_settings() -> None:
    """Print every setting with its value, and where the value comes from."""
    from mem_graph import terminal

    chosen = settings()
    rows = [
        (
            row.variable,
            getattr(chosen, row.name),
            "environment" if row.variable in os.environ else "default",
            row.sentence,
        )
        for row in TABLE
    ]
    terminal.show_table(("setting", "value", "from", "what it is"), rows)

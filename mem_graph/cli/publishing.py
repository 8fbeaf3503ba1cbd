"""From a release to an engine elsewhere: publish."""

from __future__ import annotations

import click

from mem_graph.cli.options import say, settings, settings_options


@click.command()
@click.option("--to", "engine", metavar="URL", help="The SPARQL endpoint of the engine. [MEM_GRAPH_ENGINE]")
@click.option("--release", "digest", default="current", metavar="DIGEST", help="A kept one; default: the current one.")
@settings_options("releases_dir", "engine_update", "engine_graph_store")
def publish(digest: str, **options: str | None) -> None:
    """Put a release into a SPARQL engine, graph by graph, compare what is there, and make it current last.

    Broken off, the same command goes on where it was. Name and password are read from MEM_GRAPH_ENGINE_LOGIN.
    """
    from mem_graph.engine.remote import Engine
    from mem_graph.graph import publishing, release

    chosen = settings(**options)
    if (engine := Engine.of(chosen, chosen.engine or "")) is None:
        raise click.UsageError("Say --to with the address of an engine's SPARQL endpoint.")
    folder = chosen.releases_dir
    with release.writing(folder):
        found = release.verify(release.find(folder, digest))
        mark = publishing.publish(found, engine, say)
    click.echo(mark.digest)

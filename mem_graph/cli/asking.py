"""From a question to its answer: query."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mem_graph.cli.options import say, settings, settings_options
from mem_graph.errors import ExtractError
from mem_graph.settings import Settings

FORMATS = ("table", "json", "csv", "turtle")


@click.command()
@click.argument("asked", required=False)
@click.option("--text", help="The query itself.")
@click.option("--list", "listing", is_flag=True, help="The prepared questions.")
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Default: a table for rows, Turtle for graphs.")
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint and not the current release.")
@settings_options("releases_dir", "default_graph", "deadline")
def query(
    asked: str | None, text: str | None, listing: bool, kind: str | None, endpoint: str | None, **options: str | None
) -> None:
    """Ask the current release: a prepared question by name, a query in a FILE, `-` for standard input, or --text."""
    from mem_graph import resources, terminal
    from mem_graph.query import lookups

    if listing:
        terminal.show_questions(lookups.questions(resources.queries()))
    else:
        sparql = text if text is not None else _query_text(asked)
        _answer(sparql, kind, endpoint, settings(**options))


def _query_text(asked: str | None) -> str:
    """The text of a query: a file, standard input, or the prepared question of that name."""
    from mem_graph import resources
    from mem_graph.query import lookups

    if asked is None:
        raise click.UsageError("Say what to ask: a question's name (see --list), a file, '-', or --text.")
    if asked == "-":
        return sys.stdin.read()
    if Path(asked).suffix or Path(asked).is_file():
        return _file_text(Path(asked))
    return lookups.question(resources.queries(), asked).text


def _file_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ExtractError(file=path, reason=error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise ExtractError(file=path, reason="is not UTF-8") from None


def _answer(sparql: str, kind: str | None, endpoint: str | None, chosen: Settings) -> None:
    from mem_graph import terminal
    from mem_graph.engine import media_types
    from mem_graph.query.answers import Solutions
    from mem_graph.query.opened import OpenRelease

    json_type = media_types.JSON.media_type
    if endpoint is not None:
        from mem_graph.query import elsewhere

        answer = elsewhere.answer(endpoint, sparql, None if kind == "table" else kind, chosen.deadline)
    else:
        with OpenRelease.open(None, chosen) as opened:
            answer = opened.answer(sparql, None if kind == "table" else kind)
            say(f"release {opened.digest[:12]}")
    if answer.media_type == json_type and kind in (None, "table"):
        terminal.show_solutions(Solutions.from_json(answer.body))
    else:
        click.echo(answer.body.decode().rstrip("\n"))

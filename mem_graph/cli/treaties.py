"""The treaty record: treaty, and the check of its tables."""

from __future__ import annotations

import json

import click

from mem_graph.cli.options import say, settings, settings_options


@click.command()
@click.argument("country", required=False)
@click.argument("treaty", required=False)
@click.option("--country", "of_country", metavar="NAME", help="One state under every treaty: PER, Perú, Peru …")
@click.option(
    "--treaty", "of_treaty", metavar="NAME", help="Every state under one treaty: cifta, 1988, A-55, Palermo …"
)
@click.option("--on", metavar="DATE", help="The day asked about. Default: 2014-06-30, until when reports speak.")
@click.option("--format", "kind", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--lang", "language", type=click.Choice(["en", "es"]), default="en", help="Of the words. Default: en.")
@settings_options("releases_dir")
def treaty(
    country: str | None,
    treaty: str | None,
    of_country: str | None,
    of_treaty: str | None,
    on: str | None,
    kind: str,
    language: str,
    **options: str | None,
) -> None:
    """What the report says, what the treaty record says, and how the two stand: of a COUNTRY under a TREATY on a day.

    With neither: every state under every treaty.
    """
    from mem_graph import terminal
    from mem_graph.query import treaties, treaty_forms
    from mem_graph.query.opened import OpenRelease

    asked_country = of_country if country is None else country
    asked_treaty = of_treaty if treaty is None else treaty
    chosen = settings(**options)
    with OpenRelease.open(None, chosen) as opened:
        known = treaties.TreatyLookup.read(opened)
    day = treaties.day(on) if on is not None else treaties.MID_2014
    answers = known.answers(asked_country, asked_treaty, day)
    one = asked_country is not None and asked_treaty is not None
    if kind == "json" and one:
        shown = treaty_forms.status_document(answers[0], known.record, opened.digest, language)
        click.echo(json.dumps(shown, indent=1, ensure_ascii=False))
    elif kind == "json":
        matrix = treaty_forms.matrix_document(answers, day, opened.digest, language)
        click.echo(json.dumps(matrix, indent=1, ensure_ascii=False))
    elif kind == "csv":
        click.echo(treaty_forms.to_csv(answers, language), nl=False)
    elif one:
        click.echo("\n".join(treaty_forms.in_words(answers[0], known.record, language)))
    else:
        rows = [[treaty_forms.cells(answer, language)[name] for name in treaty_forms.NARROW] for answer in answers]
        terminal.show_table(treaty_forms.NARROW, rows)


@click.group()
def tables() -> None:
    """The curated tables of data/tables/."""


@tables.command("check")
@settings_options("data_dir")
def check_tables(**options: str | None) -> None:
    """Say what is wrong in the tables of the treaty record, by file and row. Exit code 1 where anything is."""
    from mem_graph import resources
    from mem_graph.treaties.faults import CHECKS, faults

    rows = resources.read_tables(resources.data(settings(**options).data_dir) / "tables")
    found = faults(rows)
    for fault in found:
        click.echo(str(fault))
    counted = sum(len(rows.get(name, ())) for name in CHECKS)
    say(f"{counted} rows of {len(CHECKS)} tables: {len(found) or 'no'} fault{'' if len(found) == 1 else 's'}")
    if found:
        raise click.exceptions.Exit(1)

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
@settings_options("releases_dir")
def treaty(
    country: str | None,
    treaty: str | None,
    of_country: str | None,
    of_treaty: str | None,
    on: str | None,
    kind: str,
    **options: str | None,
) -> None:
    """What the report says, what the treaty record says, and how the two stand: of a COUNTRY under a TREATY on a day.

    With neither: every state under every treaty.
    """
    from mem_graph import terminal
    from mem_graph.query import treaties
    from mem_graph.query.opened import OpenRelease

    asked_country, asked_treaty = country or of_country, treaty or of_treaty
    chosen = settings(**options)
    with OpenRelease.open(None, chosen) as opened:
        known = treaties.TreatyLookup.read(opened, opened.identity_base)
    answers = known.answers(asked_country, asked_treaty, treaties.day(on) if on else treaties.MID_2014)
    if kind == "json":
        shown = [treaties.to_json(answer, known.record.countries) for answer in answers]
        click.echo(json.dumps(shown[0] if asked_country and asked_treaty else shown, indent=1, ensure_ascii=False))
    elif kind == "csv":
        click.echo(treaties.to_csv(answers), nl=False)
    elif asked_country and asked_treaty:
        click.echo("\n".join(treaties.in_words(answers[0], known.record)))
    else:
        terminal.show_table(treaties.COLUMNS, [treaties.row(answer) for answer in answers])


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

"""The command line: each command does one step of the way from a report to an answer, and prints it.

What was asked for goes to standard output, words about it to standard error. Exit codes: 0 done, 1 does not conform, 2
wrong use or input, 3 store or release. Heavy imports wait for the command that needs them, so that ``mem-graph --help``
answers at once.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from mem_graph import __version__
from mem_graph.errors import (
    ExtractError,
    InputError,
    MemGraphError,
    NotConforming,
    ReleaseError,
    SettingsError,
    StoreError,
)
from mem_graph.settings import TABLE, Settings

FORMATS = ("table", "json", "csv", "turtle")
EXIT_CODES: Sequence[tuple[type[MemGraphError], int]] = (
    (NotConforming, 1),
    (InputError, 2),
    (SettingsError, 2),
    (ReleaseError, 3),
    (StoreError, 3),
)


def main() -> NoReturn:
    """Run the command; an error of ours is one line on standard error and its exit code."""
    try:
        code = commands.main(standalone_mode=False)
    except MemGraphError as error:
        click.echo(f"mem-graph: {error.code}: {error}", err=True)
        sys.exit(next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 3))
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output has gone: nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def settings_options(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Options for some rows of the table of settings: ``--releases-dir``, with the row's sentence as help."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for row in reversed([row for row in TABLE if row.name in names]):
            note = f"{row.sentence} [{row.variable}; default: {row.default}]"
            command = click.option(f"--{row.name.replace('_', '-')}", row.name, metavar="VALUE", help=note)(command)
        return command

    return add


def settings(**options: str | None) -> Settings:
    """The settings from the environment, with the options of this call over them."""
    chosen = {f"MEM_GRAPH_{name.upper()}": text for name, text in options.items() if text is not None}
    return Settings.read({**os.environ, **chosen})


def say(words: str) -> None:
    """Words about the output, on standard error."""
    click.echo(words, err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mem-graph")
def commands() -> None:
    """Reports of the Multilateral Evaluation Mechanism as a graph in which every statement shows its sentence.

    From a report to an answer: read, build, validate, audit, query, export, serve.
    """


@commands.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The whole reading, in the shape of docs/reading.schema.json.")
@click.option("--rules", is_flag=True, help="Which rule made how much, and what each chapter's own examples are worth.")
@settings_options("data_dir")
def read(file: Path, as_json: bool, rules: bool, **options: str | None) -> None:
    """Read one report and print what it says: ratings, findings, problems, and each sentence not understood.

    Exit code 2 where a problem touches a rating.
    """
    from mem_graph import resources, terminal
    from mem_graph.graph import build as walk
    from mem_graph.reading import form, held_out

    chosen = settings(**options)
    reference = walk.load_reference(resources.data(chosen.data_dir), chosen.identity_base)
    edition = walk.read_file(file, reference)
    if as_json:
        click.echo(json.dumps(form.to_json(edition), indent=2, ensure_ascii=False))
    else:
        terminal.show_reading(edition)
    if rules:
        terminal.show_rules(edition)
        terminal.show_held_out(held_out.chapters(edition.source, reference.vocabulary, reference.rules))
    if any(problem.touches_rating for problem in edition.problems):
        raise click.exceptions.Exit(2)


@commands.command()
@settings_options("data_dir", "releases_dir", "identity_base")
def build(**options: str | None) -> None:
    """Build a release from data/: read, map, validate, audit, write, and make it the current one.

    The same data and software give the same bytes. Where anything is wrong, nothing changes.
    """
    from mem_graph.graph import build as walk

    made = walk.build(settings(**options), say)
    click.echo(made.digest)


@commands.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@settings_options("releases_dir", "identity_base")
def validate(files: tuple[Path, ...], **options: str | None) -> None:
    """Hold the current release, or the RDF files given, against the shapes. Exit code 1 where they do not conform."""
    from mem_graph.graph import build as walk
    from mem_graph.graph import release
    from mem_graph.graph import validate as shacl

    chosen = settings(**options)
    if files:
        reports = walk.validate_files(files, chosen.identity_base)
    else:
        reports = walk.validate_release(release.current(chosen.releases_dir))
    for report in reports:
        click.echo("\n".join(shacl.in_words(report)))
    if not all(report.conforms for report in reports):
        raise click.exceptions.Exit(1)


@commands.command()
@click.option("--turtle", is_flag=True, help="The results in SHACL form.")
@settings_options("releases_dir")
def audit(turtle: bool, **options: str | None) -> None:
    """Hold the reports of the current release against themselves: ratings, wording, counts, and tensions, in words."""
    from mem_graph.graph import release

    folder = release.current(settings(**options).releases_dir).folder
    click.echo((folder / ("audit.ttl" if turtle else "audit.txt")).read_text(encoding="utf-8"), nl=False)


@commands.command()
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


def _threads(chosen: Settings) -> int:
    """Threads of the server: one for each query that runs or may wait, in either lane, and some for all else."""
    return chosen.workers + 2 * chosen.waiting + 8


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
    from mem_graph.model import Answer
    from mem_graph.query.answers import Solutions
    from mem_graph.query.opened import OpenRelease

    json_type = media_types.JSON.media_type
    if endpoint is not None:
        from mem_graph.engine import remote

        answer = Answer(remote.ask(endpoint, sparql, chosen.deadline), json_type)
    else:
        with OpenRelease.open(None, chosen) as opened:
            answer = opened.answer(sparql, None if kind == "table" else kind)
            say(f"release {opened.digest[:12]}")
    if answer.media_type == json_type and kind in (None, "table"):
        terminal.show_solutions(Solutions.from_json(answer.body))
    else:
        click.echo(answer.body.decode().rstrip("\n"))


@commands.command()
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


@commands.command()
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


@commands.command()
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


@commands.group()
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


@commands.group()
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


@commands.command("settings")
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

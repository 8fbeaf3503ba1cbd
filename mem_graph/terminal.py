"""How readings and answers look on a terminal: tables by rich, plain and wide when the output is not a terminal."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from mem_graph.errors import NotConforming
from mem_graph.model import Code, Edition, Finding, Problem, Span
from mem_graph.query.answers import Solutions
from mem_graph.query.lookups import Question
from mem_graph.reading import form
from mem_graph.reading.held_out import HeldOut

if TYPE_CHECKING:
    from mem_graph.graph.adding import Looked

WIDE = 250
LINES = 20
"""So many lines of what does not conform are shown."""


def console() -> Console:
    """The console of standard output; where that is a file or a pipe, wide enough that no table is squeezed."""
    return Console(highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() else WIDE)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> Table:
    """A table of text cells, numbers to the right; nothing in a cell is read as markup."""
    cells = [[("" if cell is None else cell) for cell in row] for row in rows]
    grid = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for index, name in enumerate(columns):
        numbers = bool(cells) and all(isinstance(row[index], int | float) for row in cells)
        grid.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in cells:
        grid.add_row(*(Text(" ".join(str(cell).split())) for cell in row))
    return grid


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table."""
    console().print(table(columns, rows))


def show_solutions(solutions: Solutions) -> None:
    """Print the rows of an answer, and how many there are."""
    screen = console()
    if solutions.rows:
        screen.print(table(solutions.columns, ([row[name] for name in solutions.columns] for row in solutions.rows)))
    screen.print(Text(f"{len(solutions)} row{'' if len(solutions) == 1 else 's'}"))


def show_questions(questions: Iterable[Question]) -> None:
    """Print the prepared questions: name and what each asks."""
    console().print(table(("name", "question"), ((each.name, each.question) for each in questions)))


def show_reading(edition: Edition) -> None:
    """Print what one report says: the ratings with their findings, how much of each kind, problems, and what was not
    understood.
    """
    screen = console()
    screen.print(Text(_headline(edition), style="bold"))
    screen.print(table(("no.", "area", "rating", "achievements", "deficiencies"), _assessments(edition)))
    screen.print(table(("kind", "statements"), _kinds(edition)))
    screen.print(table(("criterion", "met", "not met", "partly", "because of"), _criteria(edition)))
    _show_list(screen, "problems", [_problem(edition, problem) for problem in edition.problems])
    _show_list(
        screen, "findings without a criterion", [_uncoded(edition, each) for each in edition.findings if not each.codes]
    )
    _show_list(
        screen, "sentences not understood", [_sentence(edition, passage.span) for passage in edition.not_understood]
    )
    if decided := form.decisions(edition):
        _show_list(screen, "corrected by people", decided)


def show_rules(edition: Edition) -> None:
    """Print how many statements each rule made, the busiest first."""
    counts = rule_counts(edition)
    rules = sorted(counts, key=lambda rule: (-counts[rule], rule))
    console().print(table(("rule", "statements"), ((rule, counts[rule]) for rule in rules)))


def show_held_out(chapters: Iterable[HeldOut]) -> None:
    """Print what each chapter's reading comes to without the cues whose only examples stand in that chapter."""
    columns = ("place", "its own cues", "sentences", "understood", "findings", "same polarity", "same topics")
    rows = [
        (
            str(each.where),
            each.cues,
            each.sentences,
            each.understood,
            each.findings,
            each.same_polarity,
            each.same_topics,
        )
        for each in chapters
    ]
    totals = ("all", *(sum(int(row[index]) for row in rows) for index in range(1, len(columns))))
    console().print(table(columns, [*rows, totals]))


@contextmanager
def progress(words: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while something is done step by step, where that is a terminal.

    Out: what is to be told how much is done, of how much. It starts no thread, so that processes may be forked.
    """
    screen = Console(stderr=True)
    with Progress(console=screen, auto_refresh=False, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task(words, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, refresh=True)
            if done == total:
                bar.stop()

        yield tell


def show_looked(looked: Iterable[Looked], in_full: bool) -> None:
    """Print what each file was found to be, in one line; in full, also its ratings, problems and what was not read."""
    screen = console()
    for each in looked:
        screen.print(
            Text(f"{each.path.name}: {_found(each)}", style="" if each.error is None else "bold"), soft_wrap=True
        )
        if isinstance(each.error, NotConforming):
            from mem_graph.graph import validate

            for line in islice(validate.in_words(each.error.report), 1, LINES):
                screen.print(Text(f"  {line}"), soft_wrap=True)
        if in_full and each.edition is not None and each.share is not None:
            for line in _understood(each.edition, _reading(each)):
                screen.print(Text(f"  {line}"), soft_wrap=True)


def is_open(looked: Looked) -> bool:
    """Whether anything in what a file came to waits for a person (``mem-graph review``)."""
    read = _reading(looked) if looked.share is not None else {"problems": (), "not_understood": (), "institutions": ()}
    new = any(not body["known"] for body in read["institutions"])
    return bool(new or read["problems"] or read["not_understood"])


def _found(looked: Looked) -> str:
    if looked.error is not None:
        return f"refused: {looked.error.code}: {looked.error}"
    if looked.edition is None or looked.share is None:
        return f"{looked.outcome}: {looked.name}"
    read = _reading(looked)
    count = len(read["problems"])
    problems = f"{count or 'no'} problem{'' if count == 1 else 's'}"
    return f"{looked.outcome} {looked.edition.identity.edition}, as {looked.name}: {looked.share.said}, {problems}"


def _reading(looked: Looked) -> dict[str, Any]:
    assert looked.share is not None
    name = looked.share.edition.replace("/", "-")
    read: dict[str, Any] = json.loads(looked.share.files[f"readings/{name}.json"])
    return read


def _understood(edition: Edition, read: dict[str, Any]) -> Iterator[str]:
    """What a person should see before saying yes: which report it is, its ratings, and all that is in doubt."""
    yield _headline(edition)
    counts = Counter(one["rating"] or "none" for one in read["assessments"])
    yield "ratings: " + ", ".join(f"{count} {rating}" for rating, count in counts.most_common())
    new = [body["name"] for body in read["institutions"] if not body["known"]]
    yield f"institutions that no table holds: {', '.join(new) or 'none'}"
    yield f"problems: {len(read['problems']) or 'none'}"
    yield from (f"  {one['code']}: {one['message']}" for one in read["problems"])
    yield f"sentences not understood: {len(read['not_understood']) or 'none'}"
    yield from (f"  {' '.join(one['quote'].split())}" for one in read["not_understood"])


def rule_counts(edition: Edition) -> Counter[str]:
    """Number of statements by the rule that made them."""
    return Counter(statement.evidence.rule for kind in edition.statements.values() for statement in kind)


def _headline(edition: Edition) -> str:
    identity = edition.identity
    report = f"{identity.country}, round {identity.round}, {identity.year}, {identity.language}"
    return f"{report}: period {identity.period}; symbols {', '.join(identity.symbols)}"


def _assessments(edition: Edition) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for each in edition.assessments:
        count = Counter(finding.polarity for finding in each.findings)
        rows.append((each.recommendation, each.area, each.rating, count["achievement"], count["deficiency"]))
    return rows


def _kinds(edition: Edition) -> list[tuple[str, int]]:
    counts = [(kind, len(statements)) for kind, statements in edition.statements.items()]
    return [*counts, ("glossary entries", len(edition.glossary)), ("rows of the summary table", len(edition.summary))]


def _criteria(edition: Edition) -> list[tuple[object, ...]]:
    """The criteria of the codebook that findings speak of, in its order, with the words by which they were coded."""
    found: dict[tuple[int, str], list[Code]] = {}
    for finding in edition.findings:
        for code in finding.codes:
            number, _, key = code.criterion.partition("/")
            found.setdefault((int(number), key), []).append(code)
    rows: list[tuple[object, ...]] = []
    for (of, name), codes in sorted(found.items()):
        count = Counter(code.outcome for code in codes)
        words = dict.fromkeys(" ".join(code.because.quote.split()) for code in codes)
        rows.append((f"{of}/{name}", count["met"], count["not_met"], count["partly"], "; ".join(words)))
    return rows


def _uncoded(edition: Edition, finding: Finding) -> str:
    return f"line {_line(edition, finding.focus)}: {' '.join(finding.focus.quote.split())}"


def _problem(edition: Edition, problem: Problem) -> str:
    touched = ", touches a rating" if problem.stops else ", settled" if problem.settled else ""
    return f"line {_line(edition, problem.span)}: {problem.code}{touched}: {problem.message}"


def _sentence(edition: Edition, span: Span) -> str:
    return f"line {_line(edition, span)}: {' '.join(span.quote.split())}"


def _line(edition: Edition, span: Span) -> int:
    return edition.source.text.count("\n", 0, span.start) + 1


def _show_list(screen: Console, what: str, lines: Sequence[str]) -> None:
    screen.print(Text(f"{what}: {len(lines) or 'none'}"))
    for line in lines:
        screen.print(Text(f"  {line}"))

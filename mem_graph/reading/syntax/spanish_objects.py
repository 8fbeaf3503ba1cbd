"""Where the words of a Spanish object end: before what only describes, aims or says something of its own."""

from __future__ import annotations

from collections.abc import Sequence

from mem_graph.reading.syntax.predications import Range
from mem_graph.reading.syntax.spanish_clauses import Clause
from mem_graph.reading.syntax.spanish_verb_groups import Finder


def ends(finder: Finder, clause: Clause, start: int) -> int:
    """Where an object ends: before a relative clause, a purpose or a participle behind a comma."""
    stop = clause.rest[1]
    for at in range(start, stop):
        low, following = finder.low(at), finder.low(at + 1)
        relative = low in ("que", "cuyo", "cuya", "cuyos", "cuyas", "donde", "quien", "quienes") and at > start
        aside = low in (",", ";") and (
            following in ("que", "lo", "con", "para", "a", "el", "la", "de", "así", "quien", "cuyo", "cuya")
            or following.endswith(("ando", "iendo", "ado", "ada", "ados", "adas"))
        )
        if relative or (aside and not _goes_on(finder, at, stop)):
            return at
    return stop


def denied_ends(finder: Finder, clause: Clause, start: int) -> int:
    """Where the denied words end: before a relative clause, or a purpose behind a comma."""
    stop = clause.rest[1]
    for at in range(start + 1, stop):
        low, following = finder.low(at), finder.low(at + 1)
        if low in ("que", "cuyo", "cuya", "cuyos", "cuyas", "quienes") and finder.low(at - 1) not in ("los", "las"):
            return at
        aside = following in ("que", "para", "lo", "por", "a", "así") or following.endswith(("ando", "iendo"))
        if low == "," and aside and not _goes_on(finder, at, stop):
            return at
    return stop


def second_deed(finder: Finder, start: int, end: int) -> int | None:
    """Where the second of two deeds begins that are still to be done: ``Falta ratificar … y exigir …``."""
    if not _is_deed(finder, finder.skip(start)):
        return None
    return next((at + 1 for at in range(start, end) if finder.low(at) in ("y", "e") and _is_deed(finder, at + 1)), None)


def _is_deed(finder: Finder, at: int) -> bool:
    return any(form.kind == "inf" for form in finder.lexicon.verbs.get(finder.low(at), ()))


def part(finder: Finder, start: int, end: int) -> Range:
    """A range of words as a range of the view."""
    words: Sequence[object] = finder.words
    start = min(start, len(words) - 1)
    end = min(max(end, start + 1), len(words))
    return finder.words[start].start, finder.words[end - 1].end


def _goes_on(finder: Finder, comma: int, stop: int) -> bool:
    """Whether a comma parts the members of a list that goes on: a later *y*, *o*, *ni* closes it."""
    listed = finder.low(comma + 1) in ("el", "la", "a", "de", "con")
    return listed and any(
        finder.low(at) in ("y", "o", "ni", "e", "u") for at in range(comma + 1, min(stop, comma + 12))
    )

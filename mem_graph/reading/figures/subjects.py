"""Of what an amount is, by the words of the tables: substances, crops, and what money is in (``[[subject]]``)."""

from __future__ import annotations

import re
from functools import lru_cache

from mem_graph.reading.rules import Rules, compiled, pattern


def subject_in(behind: str, rules: Rules) -> tuple[str | None, int]:
    """The subject named first behind a number, and where it ends; the longest name of those that begin together."""
    named = _first_subject(behind, rules)
    return (named[0], named[2]) if named else (None, 0)


def _first_subject(text: str, rules: Rules) -> tuple[str, int, int] | None:
    first = _any_subject(rules).search(text)
    if first is None:
        return None
    start, cues = first.start(), rules.of("subject")
    met = [(-match.end(), cue.value) for cue in cues if (match := pattern(cue).match(text, start))]
    end, value = min(met)
    return value, start, -end


@lru_cache(maxsize=8)
def _any_subject(rules: Rules) -> re.Pattern[str]:
    """The words of all subjects as one expression: most texts have none."""
    return compiled(tuple(word for cue in rules.of("subject") for word in cue.words))


def subjects_in(text: str, rules: Rules) -> list[tuple[str, int, int]]:
    """Every subject that a text names, with its place."""
    found: list[tuple[str, int, int]] = []
    at = 0
    while (named := _first_subject(text[at:], rules)) is not None:
        subject, start, end = named
        found.append((subject, at + start, at + end))
        at += end
    return found

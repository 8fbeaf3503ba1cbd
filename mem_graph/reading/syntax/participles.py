"""Measuring verbs that no table knows, by the form of a word alone (decision 31).

The list ``open_verbs`` of the rules says which words are forms of a verb and what its participle is: that is the
measure. Verbs that measure nothing (*based*, *required*, *said*) are data, too.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mem_graph.reading.rules import FIRST, Cue, Rules, compiled

OPEN = "measure.open"
"""The rule of measures that no table has."""


def open_verb(word: str, rules: Rules) -> tuple[Cue, frozenset[str]] | None:
    """The measure of a word that is a form of a verb, and which forms it may be; None where it is none."""
    for form, kinds, participle in _forms(rules):
        met = form.fullmatch(word)
        if met is not None:
            measure = met.expand(participle)
            barred = compiled(rules.words("no_open_verbs"))
            none = barred.fullmatch(word) or barred.fullmatch(measure)
            return None if none else (open_measure(measure, rules), kinds)
    return None


@lru_cache(maxsize=512)
def open_measure(measure: str, rules: Rules) -> Cue:
    """A rule for a measure that no table has, so that it is one in each report."""
    tag = "" if rules.language == FIRST else f"{rules.language}."
    marks = {"open": True}
    return Cue("measure", f"{tag}{OPEN}", (measure,), measure, (), marks)


@lru_cache(maxsize=8)
def _forms(rules: Rules) -> tuple[tuple[re.Pattern[str], frozenset[str], str], ...]:
    """Each way to know a form: its expression, what it may be, and what the participle is."""
    lines = (line.split() for line in rules.words("open_verbs"))
    return tuple((re.compile(form), frozenset(kinds.split("+")), participle) for form, kinds, participle in lines)

"""What a Spanish clause only counts, which is a figure and no finding: none in a year, or how many in another year."""

from __future__ import annotations

import re

from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.syntax.events import zero_events
from mem_graph.reading.syntax.predications import Range
from mem_graph.reading.syntax.spanish_clauses import Clause, infinitives, verb
from mem_graph.reading.syntax.spanish_objects import part
from mem_graph.reading.syntax.spanish_verb_groups import Finder

_YEAR = re.compile(r"(?:19|20)\d\d")
_TIME = re.compile(r"(?:en|durante) (?:el [^,;]{3,25} de )?(?:19|20)\d\d", re.IGNORECASE)
_SIGNS = (",", ";", ".", "")


def is_zero(finder: Finder, clause: Clause, extent: Range, rules: Rules) -> bool:
    """Whether a denied measured event has a year: ``En 2012 no se desmanteló ningún laboratorio``."""
    text = finder.text[slice(*extent)]
    if _YEAR.search(text) is None and not _is_led(finder.text, text, extent[0], rules):
        return False
    return _none_of_them(finder, clause, text, rules) or next(zero_events(text, rules), None) is not None


def _is_led(whole: str, text: str, start: int, rules: Rules) -> bool:
    """Whether the time is that with which the sentence began: ``En 2013 se vendieron 30, mientras que no se donó …``.

    What a perfect denies has none (``no se ha organizado``).
    """
    perfect = compiled(rules.words("undated_denials")).search(text) is not None
    return not perfect and re.match(rf"\W*{_TIME.pattern}", whole[:start], re.IGNORECASE) is not None


def _none_of_them(finder: Finder, clause: Clause, text: str, rules: Rules) -> bool:
    """Whether none of what was counted is meant: ``formó a 22 jueces; en 2013 no se capacitó a ninguno``."""
    if compiled(rules.words("none_of_them")).search(text) is None:
        return False
    said = infinitives(finder, verb(finder, clause))
    objects = finder.low(clause.group.end) == "a" and clause.start > 0
    return objects or any(said & infinitives(finder, at) for at in range(clause.start))


def counts_on(finder: Finder, clause: Clause) -> bool:
    """Whether a clause only says how many of the same there were in another year: ``…; en 2012, 48,5``."""
    group, subject = clause.group, clause.subject
    if group.form != "gap" or subject is None:
        return False
    when = finder.text[slice(*part(finder, *subject))]
    first = finder.skip(group.end)
    many = finder.low(first)[:1].isdigit() and finder.low(first + 1) in _SIGNS
    many = many or (finder.low(first)[:1].isdigit() and finder.low(first + 2)[:1].isdigit())
    many = many or finder.low(first) in ("ninguno", "ninguna") or finder.low(clause.start - 1) in ("y", "e")
    return many and _TIME.fullmatch(when) is not None

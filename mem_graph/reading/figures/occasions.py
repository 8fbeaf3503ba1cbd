"""Events counted by the cases in which they occurred: ``treatment was ordered in 12 cases and in none in 2013``.

What is measured is the verb's object, or its subject in the passive; the unit is that of the cases.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mem_graph.reading.figures.amounts import Amount
from mem_graph.reading.figures.counted import is_counted, plain_word
from mem_graph.reading.figures.subjects import subject_in
from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.syntax.events import Event
from mem_graph.reading.syntax.participles import open_measure, open_verb

_NEAR = 2
"""So many blanks may stand between a passive and its cases."""
_FAR = 6
"""So many where what was done stands between."""


def event_of(text: str, amount: Amount, own: Sequence[Event], rules: Rules) -> Event | None:
    """The verb right before the cases: one of a part of a sentence, else any passive."""
    before = [event for event in own if event.end <= amount.start and event.form != "noun"]
    if before:
        return before[-1]
    words = compiled(rules.words("occasion_verbs")).search(text, 0, amount.start)
    if words is None:
        return None
    between = text[words.end() : amount.start].count(" ")
    if "verb" in words.groupdict():  # "se ordenó el tratamiento en nueve casos"
        known = open_verb(words["verb"], rules)
        return Event(known[0], *words.span(), "either") if known and between <= _FAR else None
    return Event(open_measure(words["participle"], rules), *words.span(), "passive") if between <= _NEAR else None


def named(text: str, start: int, amount: Amount, event: Event | None, rules: Rules) -> Amount:
    """The amount with what was done in so many cases; without subject where no noun phrase says it."""
    if event is None:
        return amount
    ahead = event.form in ("passive", "either", "reduced")
    behind = None if ahead and event.form != "either" else _first(text[event.end : amount.start], rules)
    phrase = behind or (_last(text[start : event.start], rules) if ahead else None)
    return replace(amount, subject=_called(phrase, rules) if phrase else None)


def _last(words: str, rules: Rules) -> str | None:
    """The noun phrase at the end of what stands before a passive."""
    found = re.search(rf"(?:^|\s)(?P<phrase>(?:{plain_word(rules)} ){{0,3}}{plain_word(rules)})$", words.rstrip())
    return found["phrase"] if found else None


def _first(words: str, rules: Rules) -> str | None:
    """The noun phrase between a verb and its cases."""
    articles = "|".join(rules.words("phrase_articles"))
    found = re.match(rf"\s(?:(?:{articles}) )?(?P<phrase>(?:{plain_word(rules)} ){{0,3}}?{plain_word(rules)})\s", words)
    return found["phrase"] if found else None


def _called(phrase: str, rules: Rules) -> str:
    """A noun phrase as the tables have it, else as printed."""
    phrase = re.sub(rf"^(?:{'|'.join(rules.words('phrase_articles'))}) ", "", phrase, flags=re.IGNORECASE)
    counted = is_counted(f" {phrase}", rules)
    return counted[0] if counted else subject_in(phrase, rules)[0] or phrase.lower()

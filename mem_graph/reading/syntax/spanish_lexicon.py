"""The verbs and little words of Spanish, made ready: every verb in all the forms that a report uses.

Which verbs there are, and what they assert, is data (``data/rules/es``); here is how they are looked up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from mem_graph.reading.rules import Cue, Rules, compiled
from mem_graph.reading.syntax.conjugation import forms, patterns
from mem_graph.reading.syntax.lexicon import BODY


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a verb: the words that must follow, its cue (None for an auxiliary), its kind, its infinitive."""

    rest: tuple[str, ...]
    cue: Cue | None
    kind: str
    infinitive: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The verbs and little words of Spanish, made ready."""

    verbs: Mapping[str, tuple[Form, ...]]
    copulas: tuple[tuple[re.Pattern[str], Cue], ...]
    negatives: Mapping[str, str]
    """Words that deny before the noun of an object or subject, with the id of their rule."""
    burdening: frozenset[str]
    """The forms of verbs that hinder, whose denial asserts."""
    lists: Mapping[str, frozenset[str]]
    phrases: re.Pattern[str]
    """What does the work of an adverb in several words."""
    spans: re.Pattern[str]
    """How long something goes on: ``tres años``."""
    body: Cue | None
    """The copula of a body's name: ``… es el Consejo Nacional de Drogas``."""


@lru_cache(maxsize=8)
def lexicon(rules: Rules) -> Lexicon:
    """The verbs of the rules in all their forms, with the auxiliaries."""
    known = patterns(rules.lists)
    verbs: dict[str, list[Form]] = {}
    cued = [(words, cue) for cue in (*rules.of("lacking"), *rules.of("verb")) for words in cue.words]
    auxiliary = [(words, None) for name in ("copulas", "modals") for words in rules.words(name)]
    for words, cue in (*cued, *auxiliary, ("haber", None)):
        first, *rest = words.split()
        infinitive = first.removesuffix("se") if first.endswith(("arse", "erse", "irse")) else first
        for word, kind in forms(first, known):
            verbs.setdefault(word, []).append(Form(tuple(rest), cue, kind, infinitive))
    return Lexicon(
        {word: tuple(sorted(found, key=lambda form: -len(form.rest))) for word, found in verbs.items()},
        tuple(
            (re.compile(rf"\s*(?:{'|'.join(cue.words)})(?!\w)", re.IGNORECASE), cue)
            for cue in rules.of("copula")
            if cue.words != (BODY,)
        ),
        {word: cue.id for cue in rules.of("denial") if cue.marks.get("determiner") for word in cue.words},
        frozenset(word for verb in rules.words("burden_verbs") for word, _ in forms(verb, known) if " " not in verb),
        {name: frozenset(words) for name, words in rules.lists.items()},
        compiled(rules.words("adverb_phrases")),
        compiled(rules.words("spans_of_time")),
        next((cue for cue in rules.of("copula") if cue.words == (BODY,)), None),
    )

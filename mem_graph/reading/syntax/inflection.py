"""Verbs in all their forms, whatever the language: which are finite, which participles and gerunds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from mem_graph.reading.rules import Cue, Rules
from mem_graph.reading.syntax.conjugation import forms, patterns
from mem_graph.reading.syntax.lexicon import inflected, lexicon


@dataclass(frozen=True, slots=True)
class Inflected:
    """The forms of one cue's verbs."""

    finite: frozenset[str]
    participles: frozenset[str]
    gerunds: frozenset[str]
    bases: frozenset[str]


def of(cue: Cue, rules: Rules) -> Inflected:
    """Every form of the verbs of a cue, in the language of the rules."""
    return _LANGUAGES[rules.language](cue, rules)


def _english(cue: Cue, rules: Rules) -> Inflected:
    irregular = {first: tuple(rest) for first, *rest in map(str.split, rules.words("irregular"))}
    each = [(inflected(first, cue, irregular), particles) for first, particles in map(_parted, cue.words)]
    gerunds = (f"{_gerund(word['base'], rules)}{particles}" for word, particles in each)
    return Inflected(
        frozenset(f"{form}{particles}" for word, particles in each for form in word.values()),
        frozenset(f"{word['part']}{particles}" for word, particles in each),
        frozenset(gerunds),
        frozenset(cue.words),
    )


def _parted(words: str) -> tuple[str, str]:
    """A verb and what stands behind it, with the blank: ``carry`` and `` out``."""
    first, blank, rest = words.partition(" ")
    return first, f"{blank}{rest}"


def _gerund(verb: str, rules: Rules) -> str:
    return f"{verb}ting" if verb in rules.words("doubling") else f"{verb.removesuffix('e')}ing"


def _spanish(cue: Cue, rules: Rules) -> Inflected:
    known = patterns(rules.lists)
    parted = map(_parted, cue.words)
    every = [(f"{form}{rest}", kind) for verb, rest in parted for form, kind in forms(verb, known)]
    return Inflected(
        frozenset(form for form, kind in every if kind in ("sg", "pl")),
        frozenset(form for form, kind in every if kind == "part"),
        frozenset(form for form, kind in every if kind == "ger"),
        frozenset(form for form, kind in every if kind == "inf"),
    )


_LANGUAGES: Mapping[str, Callable[[Cue, Rules], Inflected]] = {"en": _english, "es": _spanish}


@lru_cache(maxsize=8)
def finite_verbs(rules: Rules) -> frozenset[str]:
    """Words that are finite verbs and nothing else, of all verbs that the rules know."""
    if rules.language == "en":
        finite = {"s", "past"}
        return frozenset(
            word
            for word, found in lexicon(rules).verbs.items()
            if any(form in finite and not rest and not cue.marks.get("noun") for rest, cue, form in found)
        )
    known = patterns(rules.lists)
    nouns = frozenset(rules.words("noun_forms"))
    words = (word.split()[0] for cue in (*rules.of("verb"), *rules.of("lacking")) for word in cue.words)
    return frozenset(form for word in words for form, kind in forms(word, known) if kind in ("sg", "pl")) - nouns

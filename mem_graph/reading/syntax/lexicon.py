"""The verbs and little words of the rules, made ready: every verb in all its forms.

Which verbs there are, and what they assert, is data (``data/rules/verbs.toml``, ``words.toml``); here is how they
inflect.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from mem_graph.reading.rules import Cue, Rules, expression

BODY = "{body}"
"""Stands for a body's name in a copula cue."""
PURPOSE = "to"
"""*is to*, among the copula cues."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The verbs and little words of the rules, made ready."""

    verbs: Mapping[str, tuple[tuple[tuple[str, ...], Cue, str], ...]]
    """First word of each form, with the words that follow, the verb's cue, and the form: base, s, past or part."""
    copulas: tuple[tuple[re.Pattern[str], Cue], ...]
    body: Cue | None
    """The copula of a body's name: ``… is the National Commission …``."""
    purpose: Cue | None
    """*is to*: an intention, or said of a purpose what that is."""
    negatives: Mapping[str, str]
    """Words that deny before the noun of an object or subject (*no*, *few*), with the id of their rule."""
    participle: re.Pattern[str]
    lists: Mapping[str, frozenset[str]]
    """Little words by what they do: adverbs, modals, determiners …"""


@lru_cache(maxsize=16)
def lexicon(rules: Rules) -> Lexicon:
    """The verbs of the rules in all their forms, and the little words."""
    verbs: dict[str, list[tuple[tuple[str, ...], Cue, str]]] = {}
    irregular = {first: tuple(rest) for first, *rest in map(str.split, rules.words("irregular"))}
    for cue in (*rules.of("verb"), *rules.of("lacking")):
        for words in cue.words:
            first, *rest = words.split()
            for form, word in inflected(first, cue, irregular).items():
                verbs.setdefault(word, []).append((tuple(rest), cue, form))
    longest_first = {word: tuple(sorted(forms, key=lambda entry: -len(entry[0]))) for word, forms in verbs.items()}
    copulas = tuple((_copula(cue), cue) for cue in rules.of("copula") if cue.words not in ((BODY,), (PURPOSE,)))
    endings = "|".join(rules.words("participles"))
    return Lexicon(
        longest_first,
        copulas,
        next((cue for cue in rules.of("copula") if cue.words == (BODY,)), None),
        next((cue for cue in rules.of("copula") if cue.words == (PURPOSE,)), None),
        {word: cue.id for cue in rules.of("denial") if cue.marks.get("determiner") for word in cue.words},
        re.compile(rf"\w+ed|{endings}"),
        {name: frozenset(words) for name, words in rules.lists.items()},
    )


def _copula(cue: Cue) -> re.Pattern[str]:
    return expression(rf"\s*(?:{'|'.join(cue.words)})(?!\w)", re.IGNORECASE)


def inflected(verb: str, cue: Cue, irregular: Mapping[str, tuple[str, ...]] | None = None) -> dict[str, str]:
    """The finite forms and the participle of a verb: regular, as ``irregular`` lists them, or as a cue gives
    them (``past``, ``part``).
    """
    consonant_y = verb.endswith("y") and verb[-2:-1] not in "aeiou"
    stem = verb[:-1] if consonant_y else verb
    third = f"{stem}ies" if consonant_y else verb + ("es" if re.search(r"(?:s|x|z|ch|sh|o)$", verb) else "s")
    regular = f"{stem}ied" if consonant_y else verb + ("d" if verb.endswith("e") else "ed")
    listed = (irregular or {}).get(verb, (regular,))
    own = cue.marks if len({words.split()[0] for words in cue.words}) == 1 else {}
    past = str(own.get("past", listed[0]))
    return {
        "base": verb,
        "s": "has" if verb == "have" else third,
        "past": past,
        "part": str(own.get("part", past if "past" in own else listed[-1])),
    }

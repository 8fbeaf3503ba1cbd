"""The forms of verbs that do not begin like their infinitive, which the beginning of a word in a cue means as well.

``interven*`` means *interviene* and *intervino*, ``identific*`` means *identifique*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from mem_graph.reading.coding.cues import bare
from mem_graph.reading.rules import Rules
from mem_graph.reading.syntax.spanish_lexicon import lexicon

MISSING = 2
"""How many letters of a verb's stem its beginning in a cue may leave out."""


def others(beginning: str, rules: Rules) -> frozenset[str]:
    """The forms, without accents, of the verbs so begun which begin otherwise; none in a language with few of them."""
    if rules.language != "es":
        return frozenset()
    stems = (beginning, *(stem for stem in _changed(rules) if _begun(stem, beginning)))
    forms = (form for stem in stems for form in _changed(rules).get(stem, ()))
    return frozenset(form for form in forms if not form.startswith(beginning))


def _begun(stem: str, beginning: str) -> bool:
    return stem.startswith(beginning) and 0 < len(stem) - len(beginning) <= MISSING


@lru_cache(maxsize=8)
def _changed(rules: Rules) -> Mapping[str, frozenset[str]]:
    """The forms of every verb that the rules know which do not begin with its stem, by the stem."""
    found: dict[str, set[str]] = defaultdict(set)
    for word, forms in lexicon(rules).verbs.items():
        for stem in {bare(form.infinitive)[:-2] for form in forms}:
            if not bare(word).startswith(stem):
                found[stem].add(bare(word))
    return {stem: frozenset(words) for stem, words in found.items()}

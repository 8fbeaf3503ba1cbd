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
    return frozenset(form for form in _changed(rules).get(beginning, ()) if not form.startswith(beginning))


@lru_cache(maxsize=8)
def _changed(rules: Rules) -> Mapping[str, frozenset[str]]:
    """The forms of every verb that the rules know which do not begin with its stem, by the beginnings that mean it."""
    found: dict[str, set[str]] = defaultdict(set)
    for word, forms in lexicon(rules).verbs.items():
        plain = bare(word)
        for stem in {bare(form.infinitive)[:-2] for form in forms}:
            if not plain.startswith(stem):
                for missing in range(min(MISSING + 1, len(stem))):
                    found[stem[: len(stem) - missing]].add(plain)
    return {beginning: frozenset(words) for beginning, words in found.items()}

"""Which of some criteria the words of a clause are most like, by the phrases in which reports word each of them.

A word, by its stem, weighs the more the fewer criteria of the codebook have it (inverse document frequency), and it
speaks for the criteria that have it more often than the others at hand, against those that do not. The phrases are
those of ``wordings.toml`` of each language, with the cues and examples of ``criteria.toml``. The order of words counts
for nothing; the same words have the same result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from mem_graph.reading.coding.cues import DIGITS, Range, Token, tokens
from mem_graph.reading.rules import Cue, Rules

SMOOTHING = 0.5
"""What is added to every count, so that a word which a criterion never has speaks against it, but never forbids it."""

SHORTEST = 4
"""How many letters the beginning of a word in a cue has at least, to be taken for its stem."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much the words speak for a criterion, and where those that speak most for it stand."""

    criterion: str
    score: float
    because: Range


@dataclass(frozen=True, eq=False, slots=True)
class Phrasebook:
    """How often each criterion has each stem, how rare the stem is among all criteria, and words that say nothing.

    ``rules`` are the ids of the rules by which the phrases of each criterion are known.
    """

    counts: Mapping[str, Counter[str]]
    rarity: Mapping[str, float]
    silent: frozenset[str]
    rules: Mapping[str, str]


@lru_cache(maxsize=8)
def phrasebook(rules: Rules) -> Phrasebook:
    """The phrases of one language by their stems."""
    silent = frozenset(rules.words("function_words"))
    counts: dict[str, Counter[str]] = {}
    for cue in (*rules.of("wording"), *rules.of("criterion")):
        for phrase in _phrases(cue):
            met = {word.stem for word in tokens(phrase, rules.language) if word.word not in silent}
            counts.setdefault(cue.value, Counter()).update(met)
    spread = Counter(stem for stems in counts.values() for stem in stems)
    rarity = {stem: log(1 + len(counts) / among) for stem, among in spread.items()}
    return Phrasebook(counts, rarity, silent, {cue.value: cue.id for cue in rules.of("wording")})


def _phrases(cue: Cue) -> Iterable[str]:
    yield from (example.text for example in cue.examples)
    if cue.kind == "wording":
        yield from cue.words
    else:
        yield " ".join(_parts(cue))


def _parts(cue: Cue) -> Iterable[str]:
    """The words of a cue without its signs; those that must not be there are left out."""
    slots = [slot for words in cue.words for slot in words.split() if not slot.startswith("-")]
    words = (word.strip("*=") for slot in slots for word in slot.split("|"))
    return (word for word in words if len(word) >= SHORTEST)


def ranked(words: Sequence[Token], criteria: Sequence[str], book: Phrasebook) -> list[Likeness]:
    """The criteria by how much the words speak for them, the nearest first.

    In: the words of a part of a sentence; the criteria it may speak of. Out: one entry for each criterion of which a
    word speaks at all.
    """
    telling: dict[str, Token] = {}
    for word in words:
        if not word.named and word.word[0] not in DIGITS and word.word not in book.silent and word.stem in book.rarity:
            telling.setdefault(word.stem, word)
    weights = {stem: _weights(stem, criteria, book) for stem in telling}
    found = []
    for criterion in criteria:
        own = {stem: weight[criterion] for stem, weight in weights.items() if weight}
        if own and max(own.values()) > 0:
            found.append(Likeness(criterion, sum(own.values()), _stretch([telling[stem] for stem in own], own)))
    return sorted(found, key=lambda one: (-one.score, one.criterion))


def _weights(stem: str, criteria: Sequence[str], book: Phrasebook) -> dict[str, float]:
    """What one stem says for or against each criterion; nothing where none of them has it."""
    counts = [book.counts[criterion][stem] if criterion in book.counts else 0 for criterion in criteria]
    total = sum(counts)
    if not total:
        return {}
    even = len(criteria) / (total + SMOOTHING * len(criteria))
    return {
        criterion: log((count + SMOOTHING) * even) * book.rarity[stem]
        for criterion, count in zip(criteria, counts, strict=True)
    }


def _stretch(words: Sequence[Token], weights: Mapping[str, float]) -> Range:
    """From the first to the last of the words that speak at least half as much as the one that speaks most."""
    most = max(weights.values())
    chosen = [word for word in words if weights[word.stem] >= most / 2]
    return min(word.start for word in chosen), max(word.end for word in chosen)

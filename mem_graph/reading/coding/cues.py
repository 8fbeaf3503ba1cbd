"""Cues: a few words that must all stand near each other, compared by their stems.

What a cue looks like is said in ``criteria.toml`` of each language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import snowballstemmer

from mem_graph.reading.rules import Cue

Range = tuple[int, int]

REACH = 8
"""How many words more than it has itself the words of a cue may be spread over."""

STEMMERS = {"en": "english", "es": "spanish"}
"""The stemmer of each language (https://snowballstem.org/algorithms/), by the language's tag."""

INSTRUMENT, NUMBER = "§", "#"
"""Stand in cues for the name of an instrument, and for a number."""

DIGITS = "0123456789"

_TILDE = 0x303
_ACCENTS = dict.fromkeys(mark for mark in range(0x300, 0x370) if mark != _TILDE)
_WORD = re.compile(r"\d[\d.,]*|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a sentence: lower case without accents, its stem, its place, and whether it is in a body's name."""

    word: str
    stem: str
    start: int
    end: int
    named: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """What one word of a cue may be: stems, beginnings of words, or whole words; a barred one must not be there."""

    stems: frozenset[str]
    beginnings: tuple[str, ...]
    words: frozenset[str]
    barred: bool = False

    def places(self, words: Sequence[Token]) -> list[int]:
        """At which words it may stand."""
        stems, beginnings, whole = self.stems, self.beginnings, self.words  # looked up once: it is asked most of all
        return [
            at
            for at, word in enumerate(words)
            if word.stem in stems or word.word.startswith(beginnings) or word.word in whole
        ]


def tokens(text: str, language: str, bodies: Iterable[Range] = (), instruments: Iterable[Range] = ()) -> list[Token]:
    """The words of a text; the name of an instrument is one word, those in the name of a body are marked."""
    stem, names, held = stemmer(language), list(bodies), list(instruments)
    found = [Token(INSTRUMENT, INSTRUMENT, start, end) for start, end in held]
    for match in _WORD.finditer(text):
        start, end = match.span()
        if not any(first <= start < last for first, last in held):
            word = match[0].casefold()
            found.append(Token(bare(word), stem(word), start, end, any(first <= start < last for first, last in names)))
    return sorted(found, key=lambda token: token.start)


def bare(word: str) -> str:
    """A word without its accents, so that beginnings of words fit whatever their endings do to them; ``ñ`` stays."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_ACCENTS))


def longest(cues: Iterable[Sequence[Slot]], words: Sequence[Token], reach: int = REACH) -> tuple[int, Range]:
    """How many words the longest cue that is met has, and where they stand; no words where none is met."""
    spans = [(sum(not slot.barred for slot in cue), at) for cue in cues if (at := near(cue, words, reach)) is not None]
    return max(spans, key=lambda span: (span[0], span[1][0] - span[1][1]), default=(0, (0, 0)))


def near(cue: Sequence[Slot], words: Sequence[Token], reach: int = REACH) -> Range | None:
    """Where all words of a cue stand near each other, in any order: the narrowest such place."""
    places: list[list[int]] = []
    for slot in cue:
        found = slot.places(words)
        if bool(found) is slot.barred:
            return None
        if found:
            places.append(found)
    if len(places) == 1:
        return words[places[0][0]].start, words[places[0][0]].end
    chosen = (sorted(each) for each in product(*places) if len(set(each)) == len(places))
    first, last = min(((each[0], each[-1]) for each in chosen), key=lambda ends: ends[1] - ends[0], default=(0, 99))
    return (words[first].start, words[last].end) if last - first < len(places) + reach else None


@lru_cache(maxsize=8)
def stemmer(language: str) -> Callable[[str], str]:
    """The stemmer of a language, which looks at each word once."""
    return lru_cache(maxsize=None)(snowballstemmer.stemmer(STEMMERS[language]).stemWord)


def slots(
    cue: Cue, language: str, others: Callable[[str], frozenset[str]] = lambda _: frozenset()
) -> tuple[tuple[Slot, ...], ...]:
    """The cues of one rule, each as what its words may be; ``others`` are words that a beginning means besides."""
    return tuple(tuple(_slot(word, language, others) for word in words.split()) for words in cue.words)


def _slot(words: str, language: str, others: Callable[[str], frozenset[str]]) -> Slot:
    stem, barred = stemmer(language), words.startswith("-")
    each = words.removeprefix("-").split("|")
    beginnings = [bare(word.removesuffix("*")) for word in each if word.endswith("*")]
    whole = frozenset(bare(word.removeprefix("=")) for word in each if word.startswith("="))
    whole = whole.union(*map(others, beginnings))
    stems = frozenset(stem(word) for word in each if not word.startswith("=") and not word.endswith("*"))
    return Slot(stems, (*beginnings, *(DIGITS if NUMBER in each else ())), whole, barred)

"""Findings to criteria: which of the things that a recommendation asks for a finding speaks of, and how it comes out.

A cue is a few words that must all stand near each other; words are compared by their stems. Cues are looked for in the
words that name the one thing, then in the clause, then in the sentence, so that what is nearest decides; a code points
at the words that were met. Where only a part of a cue is met, the code is fuzzy; where nothing is, there is none
(``docs/coding.md``, Criteria; words in ``criteria.toml`` of each language).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

import snowballstemmer

from mem_graph.model import Outcome, Polarity, Sureness, Where
from mem_graph.reading.rules import Cue, Rules, compiled

Range = tuple[int, int]

REACH = 5
"""How many words more than it has itself the words of a cue may be spread over."""

NEAR = 60
"""How many characters from the words that decide a word may stand that limits what is said."""

STEMMERS = {"en": "english", "es": "spanish"}
"""The stemmer of each language (https://snowballstem.org/algorithms/), by the language's tag."""

INSTRUMENT, NUMBER = "§", "#"
"""Stand in cues for the name of an instrument, and for a number."""

DIGITS = "0123456789"

TAKEN_UP = "criterion.taken-up"
"""The rule of a finding that takes up what stands before it."""

_ACCENTS = dict.fromkeys(range(0x300, 0x370))
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
class Coded:
    """A criterion that a finding speaks of; ``because`` is where the words that decided stand in the sentence."""

    criterion: str
    outcome: Outcome
    because: Range
    rule: str
    sureness: Sureness = "rule"

    @property
    def recommendation(self) -> int:
        """The number of the recommendation whose criterion it is."""
        return int(self.criterion.partition("/")[0])


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as it is coded: its place, its sentence, which words name the thing, its clause."""

    where: Where
    polarity: Polarity
    text: str
    words: Sequence[Token]
    focus: Range
    clause: Range
    others: tuple[Range, ...] = ()
    """The words that name the other things of the sentence."""
    limited: bool = False
    """Whether an exception or a share takes something out of what is asserted."""


@dataclass(frozen=True, slots=True)
class Before:
    """What stands before a finding in its place: the codes of the last one, and in the conclusions the area named."""

    codes: tuple[Coded, ...] = ()
    area: range = range(0)


@dataclass(frozen=True, slots=True)
class _Slot:
    """What one word of a cue may be: stems, beginnings of words, or whole words; a barred one must not be there."""

    stems: frozenset[str]
    beginnings: tuple[str, ...]
    words: frozenset[str]
    barred: bool = False

    def takes(self, token: Token) -> bool:
        return token.stem in self.stems or token.word.startswith(self.beginnings) or token.word in self.words


@dataclass(frozen=True, slots=True)
class _Criterion:
    """The cues of one criterion, with its marks."""

    key: str
    rule: str
    cues: tuple[tuple[_Slot, ...], ...]
    general: bool = False
    wide: bool = False
    names: bool = False
    """Whether words in the name of a body count like others."""
    yields: frozenset[str] = frozenset()
    partly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Book:
    """The criteria of each recommendation, and the cues by which a sentence of the conclusions speaks of it."""

    criteria: dict[int, tuple[_Criterion, ...]] = field(default_factory=dict)
    about: dict[int, tuple[tuple[_Slot, ...], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Hit:
    """A cue met: of which criterion, at which words, with how many words."""

    criterion: _Criterion
    at: Range
    weight: int


def tokens(text: str, language: str, bodies: Iterable[Range] = (), instruments: Iterable[Range] = ()) -> list[Token]:
    """The words of a text; the name of an instrument is one word, those in the name of a body are marked."""
    stem, names, held = _stemmer(language), list(bodies), list(instruments)
    found = [Token(INSTRUMENT, INSTRUMENT, start, end) for start, end in held]
    for match in _WORD.finditer(text):
        start, end = match.span()
        if not any(first <= start < last for first, last in held):
            word = match[0].casefold()
            found.append(
                Token(_bare(word), stem(word), start, end, any(first <= start < last for first, last in names))
            )
    return sorted(found, key=lambda token: token.start)


def _bare(word: str) -> str:
    """A word without its accents, so that beginnings of words fit whatever their endings do to them."""
    return word if word.isascii() else unicodedata.normalize("NFD", word).translate(_ACCENTS)


def area(text: str, rules: Rules) -> range | None:
    """The recommendations of the area that a sentence of the conclusions opens: ``In the area of …``."""
    met = [
        (match.start(), cue) for cue in rules.of("opening") if (match := compiled(cue.words).search(text)) is not None
    ]
    if not met:
        return None
    first, last = min(met, key=lambda entry: entry[0])[1].value.split("-")
    return range(int(first), int(last) + 1)


def codes(said: Said, before: Before, rules: Rules) -> tuple[Coded, ...]:
    """The codes of one finding.

    In: the finding; what stands before it in its place; the rules of its language. Out: its codes, in the order of the
    words; none where no rule fits.
    """
    candidates = _candidates(said, before, _book(rules))
    hits = _nearest(said, candidates)
    if not hits and before.codes and (taken := _takes_up(said, rules)):
        outcome = _outcome(said, (), taken, rules)
        return tuple(Coded(code.criterion, outcome, taken, TAKEN_UP, "fuzzy") for code in before.codes)
    sureness: Sureness = "rule" if hits else "fuzzy"
    return tuple(
        Coded(
            hit.criterion.key, _outcome(said, hit.criterion.partly, hit.at, rules), hit.at, hit.criterion.rule, sureness
        )
        for hit in hits or _partial(said, [criterion for criteria in candidates for criterion in criteria])
    )


# Of which recommendation


def _candidates(said: Said, before: Before, book: _Book) -> list[tuple[_Criterion, ...]]:
    """The criteria a finding may speak of: those of its chapter; in the conclusions, of what its words are about."""
    if isinstance(said.where, int):
        return [book.criteria.get(said.where, ())]
    allowed = before.area or range(1, max(book.criteria, default=0) + 1)
    earlier = tuple(dict.fromkeys(code.recommendation for code in before.codes if code.recommendation in allowed))
    return [book.criteria.get(number, ()) for number in _about(said, book, allowed) or earlier or allowed]


def _about(said: Said, book: _Book, allowed: range) -> tuple[int, ...]:
    """The recommendations that the clause, else the sentence, is about: of those at the same words the longest cue."""
    for part in (said.clause, (0, len(said.text))):
        words = _within(said, part)
        met = [(_longest(book.about[number], words), number) for number in allowed]
        kept: list[tuple[Range, int]] = []
        for (weight, at), number in sorted(met, key=lambda entry: (-entry[0][0], entry[1])):
            if weight and not any(_overlap(at, other) for other, _ in kept):
                kept.append((at, number))
        if kept:
            return tuple(number for _, number in kept)
    return ()


def _longest(cues: Iterable[Sequence[_Slot]], words: Sequence[Token]) -> tuple[int, Range]:
    """How many words the longest cue that is met has, and where they stand; no words where none is met."""
    spans = [(len(cue), at) for cue in cues if (at := _near(cue, words)) is not None]
    return max(spans, key=lambda span: (span[0], span[1][0] - span[1][1]), default=(0, (0, 0)))


# Cues in words


def _nearest(said: Said, candidates: Sequence[Sequence[_Criterion]]) -> list[_Hit]:
    """The cues met in the nearest part that has any of any recommendation; of two at the same words the first."""
    found = [part for criteria in candidates if (part := _hits(said, criteria))[1]]
    nearest = min((distance for distance, _ in found), default=0)
    kept: list[_Hit] = []
    for hits in (hits for distance, hits in found if distance == nearest):
        kept += [hit for hit in hits if not any(_overlap(hit.at, other.at) for other in kept)] if kept else hits
    return sorted(kept, key=lambda hit: (hit.at, hit.criterion.key))


def _hits(said: Said, criteria: Sequence[_Criterion]) -> tuple[int, list[_Hit]]:
    """The cues of one recommendation met in the nearest part that has any, and how far that part is.

    Narrow criteria go before general ones; wide ones stand beside them, but where alternatives are denied.
    """
    narrow = [criterion for criterion in criteria if not (criterion.general or criterion.wide)]
    general = [criterion for criterion in criteria if criterion.general]
    wide = [criterion for criterion in criteria if criterion.wide]
    own, clause = _within(said, said.focus), _within(said, said.clause, said.others)
    if said.polarity == "deficiency" and (met := _met([*narrow, *wide], own)):
        return 0, _kept(met)
    beside = [] if said.polarity == "deficiency" else _met(wide, clause)
    for distance, chosen, words in ((0, narrow, own), (1, narrow, clause), (0, general, own), (1, general, clause)):
        if met := _met(chosen, words):
            return distance, _kept([*met, *beside, *_before(_met(general, words), met)])
    if met := beside or _met(wide, clause) or _met(criteria, clause, names=True):
        return 1, _kept(met)
    return 2, _closest(_kept(_met(criteria, _within(said, (0, len(said.text))), names=True)), said)


def _before(general: Sequence[_Hit], met: Sequence[_Hit]) -> list[_Hit]:
    """The general criteria of which the words speak first: ``regulations …, and an authority …``."""
    first = min(hit.at[0] for hit in met)
    return [hit for hit in general if hit.weight > 1 and hit.at[1] <= first]


def _closest(hits: Sequence[_Hit], said: Said) -> list[_Hit]:
    """The one hit closest to the words that name the thing; verbs denied one by one share the object behind them."""
    start, end = said.focus
    ahead = said.polarity == "deficiency"
    return sorted(hits, key=lambda hit: (ahead and hit.at[0] < start, max(start - hit.at[1], hit.at[0] - end)))[:1]


def _kept(hits: Sequence[_Hit]) -> list[_Hit]:
    """Each criterion once, without those that yield to another."""
    met: dict[str, _Hit] = {}
    for hit in hits:
        if hit.criterion.key not in met or hit.weight > met[hit.criterion.key].weight:
            met[hit.criterion.key] = hit
    kept = [hit for hit in met.values() if not hit.criterion.yields & met.keys()]
    return sorted(kept, key=lambda hit: (hit.at, hit.criterion.key))


def _overlap(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _within(said: Said, part: Range, others: Sequence[Range] = ()) -> list[Token]:
    """The words of a part, without those that name another thing."""
    return [
        word
        for word in said.words
        if part[0] <= word.start < part[1] and not any(first <= word.start < last for first, last in others)
    ]


def _met(criteria: Iterable[_Criterion], words: Sequence[Token], names: bool = False) -> list[_Hit]:
    """Each criterion one of whose cues is met, at the words of its longest cue; words of names where they count."""
    plain = [word for word in words if not word.named]
    found = []
    for criterion in criteria:
        weight, at = _longest(criterion.cues, words if names or criterion.names else plain)
        if weight:
            found.append(_Hit(criterion, at, weight))
    return found


def _near(cue: Sequence[_Slot], words: Sequence[Token]) -> Range | None:
    """Where all words of a cue stand near each other, in any order: the narrowest such place."""
    places: list[list[int]] = []
    for slot in cue:
        found = [at for at, word in enumerate(words) if slot.takes(word)]
        if bool(found) is slot.barred:
            return None
        if found:
            places.append(found)
    if len(places) == 1:
        return words[places[0][0]].start, words[places[0][0]].end
    chosen = (sorted(each) for each in product(*places) if len(set(each)) == len(places))
    first, last = min(((each[0], each[-1]) for each in chosen), key=lambda ends: ends[1] - ends[0], default=(0, 99))
    return (words[first].start, words[last].end) if last - first < len(places) + REACH else None


def _partial(said: Said, criteria: Sequence[_Criterion]) -> list[_Hit]:
    """The one criterion most of whose words the clause has, where no whole cue is met; none where two are alike."""
    words = _within(said, said.clause)
    scored: list[tuple[int, _Hit]] = []
    for criterion in criteria:
        met = [word for word in words if any(slot.takes(word) for cue in criterion.cues for slot in cue)]
        if met:
            scored.append((len({word.stem for word in met}), _Hit(criterion, (met[0].start, met[0].end), 1)))
    scored.sort(key=lambda entry: -entry[0])
    alone = len(scored) == 1 or (len(scored) > 1 and scored[0][0] > scored[1][0])
    return [scored[0][1]] if alone else []


def _takes_up(said: Said, rules: Rules) -> Range | None:
    """The word by which a clause takes up what stands before it."""
    match = compiled(rules.words("taken_up")).search(said.text, *said.clause)
    return None if match is None else match.span()


# Outcome


def _outcome(said: Said, partly: Sequence[str], at: Range, rules: Rules) -> Outcome:
    """How it comes out: by polarity, or in part where the clause limits itself near the words that decide."""
    whole: Outcome = "met" if said.polarity == "achievement" else "not_met"
    limits = (*rules.words(f"partly_{whole}"), *(partly if whole == "met" else ()))
    near = (max(said.clause[0], at[0] - NEAR), min(said.clause[1], at[1] + NEAR))
    matches = compiled(limits).finditer(said.text, *near)
    own = (match for match in matches if not any(_overlap(match.span(), other) for other in said.others))
    return "partly" if said.limited or any(own) else whole


# The rules as look-ups


@lru_cache(maxsize=8)
def _stemmer(language: str) -> Callable[[str], str]:
    """The stemmer of a language, which looks at each word once."""
    return lru_cache(maxsize=None)(snowballstemmer.stemmer(STEMMERS[language]).stemWord)


@lru_cache(maxsize=8)
def _book(rules: Rules) -> _Book:
    book = _Book()
    for cue in rules.of("criterion"):
        number = int(cue.value.partition("/")[0])
        book.criteria[number] = (*book.criteria.get(number, ()), _criterion(cue, rules.language))
    for cue in rules.of("about"):
        book.about[int(cue.value)] = _slots(cue, rules.language)
    return book


def _criterion(cue: Cue, language: str) -> _Criterion:
    return _Criterion(
        cue.value,
        cue.id,
        _slots(cue, language),
        general=bool(cue.marks.get("general")),
        wide=cue.marks.get("reach") == "clause",
        names=bool(cue.marks.get("names")),
        yields=frozenset(cue.marks.get("yields", ())),
        partly=tuple(cue.marks.get("partly", ())),
    )


def _slots(cue: Cue, language: str) -> tuple[tuple[_Slot, ...], ...]:
    return tuple(tuple(_slot(word, language) for word in words.split()) for words in cue.words)


def _slot(words: str, language: str) -> _Slot:
    stem, barred = _stemmer(language), words.startswith("-")
    each = words.removeprefix("-").split("|")
    beginnings = [_bare(word.removesuffix("*")) for word in each if word.endswith("*")]
    whole = frozenset(_bare(word.removeprefix("=")) for word in each if word.startswith("="))
    stems = frozenset(stem(word) for word in each if not word.startswith("=") and not word.endswith("*"))
    return _Slot(stems, (*beginnings, *(DIGITS if NUMBER in each else ())), whole, barred)

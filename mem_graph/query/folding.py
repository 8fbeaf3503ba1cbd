"""Words as search compares them: no case, no accents, no plural, in English and Spanish; and those near a wrong one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

EMPTY = frozenset(
    word
    for words in (
        "a about an and are by did do does for from has have in is it of on or say that the to was what which who with",
        "al como con cual de del dice el en es la las lo los o para por que se sobre son su sus un una y",
    )
    for word in words.split()
)
"""Words that say nothing by themselves; as a whole question they are sought all the same."""

NEAR = 0.75
"""How alike two words must be for one to be taken for the other."""


def fold(words: str) -> list[str]:
    """Words without case, accents and plural.

    >>> fold("Las Convenciones sobre tráfico"), fold("Laboratories, measures; a treaty")
    (['las', 'convencion', 'sobr', 'trafico'], ['laboratori', 'measur', 'a', 'treati'])
    >>> fold("país países juez jueces policy policies programme programs")
    ['pais', 'pais', 'juec', 'juec', 'polici', 'polici', 'program', 'program']
    """
    return [_singular(each) for each in re.findall(r"[a-z0-9]+", _plain(words))]


def sought(question: str) -> list[str]:
    """The words of a question by which something can be found: folded, and without those that say nothing.

    >>> sought("What does Peru's report say about the firearms?"), sought("de la")
    (['peru', 'report', 'firearm'], ['de', 'la'])
    """
    plain = re.findall(r"[a-z0-9]+", re.sub("['’]s\\b", "", _plain(question)))
    telling = [each for each in plain if each not in EMPTY]
    return [_singular(each) for each in telling or plain]


def _plain(words: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(c))


def _singular(word: str) -> str:
    """The stem that singular and plural share: *-es*, *-s* and a last *e* go; *y* counts as *i*, a last *z* as *c*."""
    if len(word) < 4 or word.isdigit():
        return word
    stem = word if word.endswith(("ss", "is", "us")) else word.removesuffix("s")
    stem = stem.removesuffix("e") if len(stem) > 3 else stem
    stem = stem.removesuffix("m") if stem.endswith("mm") else stem
    last = {"y": "i", "z": "c"}.get(stem[-1], stem[-1]) if len(stem) > 3 else stem[-1]
    return stem[:-1] + last


def spans(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where the words of a question stand in a text as it is printed.

    >>> spans("Control of Firearms", ["firearm"])
    ((11, 19),)
    """
    found = re.finditer(r"\w+", text)
    return tuple(
        each.span() for each in found if words and any(part.startswith(tuple(words)) for part in fold(each[0]))
    )


def is_known(word: str, known: Mapping[str, int]) -> bool:
    """Whether a word is known, begins one that is, or is too short to be taken for another."""
    return word in known or len(word) < 4 or any(each.startswith(word) for each in known)


def nearest(word: str, known: Mapping[str, int]) -> str:
    """The word itself where one that is known begins with it, else the nearest known one, the more frequent first.

    In: the folded word; the folded words that are there, with how often each stands.

    >>> nearest("firearn", {"firearm": 9, "fireman": 1, "area": 3}), nearest("zzyzx", {"firearm": 9})
    ('firearm', 'zzyzx')
    """
    if is_known(word, known):
        return word
    alike = [(ratio, known[each], each) for each, ratio in _alike(word, known)]
    return max(alike)[2] if alike else word


def _alike(word: str, known: Iterable[str]) -> Iterable[tuple[str, float]]:
    """Known words of about the same length that are near enough, each with how near."""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(word)
    for each in known:
        if abs(len(each) - len(word)) > 2:
            continue
        matcher.set_seq1(each)
        if matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR and (ratio := matcher.ratio()) >= NEAR:
            yield each, ratio

"""Parts of wholes in a sentence: ``8 of the 11 studies``, ``two thirds of the nine``, ``one patient in four``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction as Share
from functools import lru_cache

from mem_graph.model import Evidence, Fraction
from mem_graph.reading.entities.mentions import LETTERS, Sentence
from mem_graph.reading.figures.numbers import YEAR, digits, spelled, value_of
from mem_graph.reading.rules import Cue, Rules, expression

_SMALL = 10
"""*One patient in four*: the whole of such a share is no larger."""


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a whole as a text says it: both numbers, the rule, and its words."""

    part: int
    whole: int
    cue: Cue
    words: re.Match[str]


def fractions(sentence: Sentence, rules: Rules) -> tuple[Fraction, ...]:
    """``(8 of 11)`` with the words before it that say of what; ``8 of the 11 studies`` with those behind."""
    met = found_in(sentence.view.text, rules)
    return tuple(_fraction(sentence, one, letter, rules) for letter, one in zip(LETTERS, met, strict=False))


@lru_cache(maxsize=256)  # figures, parts and studies ask for the same sentence
def found_in(text: str, rules: Rules) -> tuple[Found, ...]:
    """Every part of a whole in a text, in order, none inside another."""
    every = [
        Found(*numbers, cue, match)
        for cue in rules.of("fraction")
        for way in _ways(cue, rules)
        for match in way.finditer(text)
        if (numbers := _numbers(match, cue, rules)) is not None
    ]
    every.sort(key=lambda one: (one.words.start("part"), -one.words.end()))
    found: list[Found] = []
    for one in every:
        if not any(other.words.start() <= one.words.start("part") < other.words.end() for other in found):
            found.append(one)
    return tuple(found)


@lru_cache(maxsize=64)
def _ways(cue: Cue, rules: Rules) -> tuple[re.Pattern[str], ...]:
    """The words of a fraction: ``<part>``, ``<whole>`` and ``<share>`` stand for numbers and shares."""
    number = rf"(?:{digits(rules)}|{spelled(rules)})"
    shares = "|".join(line.rsplit(" ", 1)[0] for line in rules.words("shares"))
    ways = (
        way.replace("<part>", rf"(?P<part>{number})")
        .replace("<whole>", rf"(?P<whole>{number})")
        .replace("<share>", rf"(?P<part>{shares})")
        for way in cue.words
    )
    return tuple(expression(rf"(?<![\w.,-])(?:{way})(?![\w-]|[.,]\d)", re.IGNORECASE) for way in ways)


def _numbers(match: re.Match[str], cue: Cue, rules: Rules) -> tuple[int, int] | None:
    """Part and whole; None where they are none: the whole is smaller, or a year."""
    whole = value_of(match["whole"], rules)
    dated = YEAR.fullmatch(match["whole"]) or YEAR.fullmatch(match["part"])
    if not whole.isdecimal() or dated or _is_labelled(match, rules):
        return None
    part = _part(match["part"], int(whole), cue, rules)
    return (part, int(whole)) if part is not None and part <= int(whole) and int(whole) > 1 else None


def _is_labelled(match: re.Match[str], rules: Rules) -> bool:
    """Whether the number is that of an article or law: ``Article 3 of the 1988 Convention``."""
    before = match.string[: match.start("part")]
    return re.search(rf"(?:{'|'.join(rules.words('labels_before'))})\s*$", before, re.IGNORECASE) is not None


def _part(printed: str, whole: int, cue: Cue, rules: Rules) -> int | None:
    """The part in numbers; that of a share (*two thirds*) where it comes out even."""
    if not cue.marks.get("share"):
        value = value_of(printed, rules)
        small = not cue.marks.get("small") or (not printed[0].isdigit() and whole <= _SMALL)
        return int(value) if value.isdecimal() and small else None
    lines = (line.rsplit(" ", 1) for line in rules.words("shares"))
    shares = (Share(value) * whole for words, value in lines if re.fullmatch(words, printed, re.IGNORECASE))
    share = next(shares, None)
    return share.numerator if share is not None and share.denominator == 1 else None


def _fraction(sentence: Sentence, found: Found, letter: str, rules: Rules) -> Fraction:
    of = _counted(sentence.view.text, found, rules)
    evidence = Evidence(sentence.passage, letter, found.cue.id, "printed")
    return Fraction(found.part, found.whole, sentence.view.span(*of), sentence.view.span(*found.words.span()), evidence)


def _counted(text: str, found: Found, rules: Rules) -> tuple[int, int]:
    """The noun phrase before a bracket, without what says how many (``all of the priority … studies``).

    Or that inside the words, or the one behind.
    """
    fraction = found.words
    if "of" in fraction.groupdict() and (fraction["of"] or "").strip():
        return fraction.span("of")
    if not text[: fraction.start()].endswith("("):
        behind = re.compile(r"\s*[\w -]+?(?= (?:is|are|was|were|has|have|and)\b|[,.;()]|$)").match(text, fraction.end())
        return behind.span() if behind and behind[0].strip() else fraction.span()
    before = text[: fraction.start()].rstrip(" (")
    match = re.search(rf"(?:{'|'.join(rules.words('study_quantifiers'))})+(?P<of>[a-z][\w -]*)$", before)
    start = match.start("of") if match else before.rfind(",") + 1
    return (start, len(before)) if start < len(before) else fraction.span()

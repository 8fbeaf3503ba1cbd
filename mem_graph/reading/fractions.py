"""Parts of wholes in a sentence: ``8 of the 11 studies``, ``two thirds of the nine``, ``one patient in four``."""

from __future__ import annotations

import re

from mem_graph.model import Evidence, Fraction
from mem_graph.reading.mentions import LETTERS, Sentence
from mem_graph.reading.numbers import numbers_in, value_of
from mem_graph.reading.rules import Cue, Rules, pattern


def fractions(sentence: Sentence, rules: Rules) -> tuple[Fraction, ...]:
    """``(8 of 11)`` with the words before it that say of what; ``8 of the 11 studies`` with those behind."""
    text = sentence.view.text
    found = [(match, cue) for cue in rules.of("fraction") for match in pattern(cue).finditer(text)]
    return tuple(
        _fraction(sentence, match, cue, letter, rules) for letter, (match, cue) in zip(LETTERS, found, strict=False)
    )


def _fraction(sentence: Sentence, match: re.Match[str], cue: Cue, letter: str, rules: Rules) -> Fraction:
    part, whole = (int(value_of(one[0], rules)) for one in numbers_in(match[0], 0, len(match[0]), rules))
    if cue.marks.get("whole_first"):
        part, whole = whole, part
    of = _counted(sentence.view.text, match, rules)
    evidence = Evidence(sentence.passage, letter, cue.id, "printed")
    return Fraction(part, whole, sentence.view.span(*of), sentence.view.span(*match.span()), evidence)


def _counted(text: str, fraction: re.Match[str], rules: Rules) -> tuple[int, int]:
    """The noun phrase before a bracket, without what says how many (``all of the priority … studies``).

    Or the one behind.
    """
    if not text[: fraction.start()].endswith("("):
        behind = re.compile(r"\s*[\w -]+?(?= (?:is|are|was|were|has|have|and)\b|[,.;()]|$)").match(text, fraction.end())
        return behind.span() if behind and behind[0].strip() else fraction.span()
    before = text[: fraction.start()].rstrip(" (")
    match = re.search(rf"(?:{'|'.join(rules.words('study_quantifiers'))})+(?P<of>[a-z][\w -]*)$", before)
    start = match.start("of") if match else before.rfind(",") + 1
    return (start, len(before)) if start < len(before) else fraction.span()

"""How many recommendations have which rating, as the conclusions count them."""

from __future__ import annotations

import re
from functools import lru_cache

from mem_graph.model import Evidence, Tally
from mem_graph.reading.mentions import LETTERS, Sentence
from mem_graph.reading.numbers import value_of, words
from mem_graph.reading.rules import Rules, compiled, pattern


def tallies(sentence: Sentence, rules: Rules) -> tuple[Tally, ...]:
    """``has completed 16, five mostly completed …``.

    Each rating with its count. Only in a sentence that counts two or more.
    """
    text = sentence.view.text
    found: list[tuple[int, str, int, int]] = []
    for match in _rating_words(rules).finditer(text):
        counted = _count(text, match, rules)
        if counted is not None:
            label = next(cue.value for cue in rules.of("rating") if pattern(cue).fullmatch(match[0]))
            found.append((counted[0], label, *counted[1:]))
    if len(found) < 2:
        return ()
    return tuple(
        Tally(
            label,
            count,
            sentence.view.span(start, end),
            Evidence(sentence.passage, letter, "quantities.tally", "printed"),
        )
        for letter, (count, label, start, end) in zip(LETTERS, found, strict=False)
    )


@lru_cache(maxsize=8)
def _rating_words(rules: Rules) -> re.Pattern[str]:
    """The words of every rating as running text inflects them; what begins earlier or is longer comes first."""
    words = sorted((word for cue in rules.of("rating") for word in cue.words), key=len, reverse=True)
    return compiled(tuple(words))


def _count(text: str, rating: re.Match[str], rules: Rules) -> tuple[int, int, int] | None:
    """The number before a rating's words, or right behind them, with where the words of both stand."""
    fillers = "|".join(rules.words("tally_fillers"))
    number = words(rules).pattern
    before = re.search(rf"(?P<n>{number})(?:\s+(?:{fillers}))*\s+$", text[: rating.start()], re.IGNORECASE)
    if before:
        return _whole(before["n"], before.start("n"), rating.end(), rules)
    behind = re.match(rf"\s+(?P<n>{number})", text[rating.end() :], re.IGNORECASE)
    return _whole(behind["n"], rating.start(), rating.end() + behind.end("n"), rules) if behind else None


def _whole(printed: str, start: int, end: int, rules: Rules) -> tuple[int, int, int] | None:
    """A count with its place; a number with decimals counts nothing."""
    value = value_of(printed, rules)
    return (int(value), start, end) if value.isdecimal() else None

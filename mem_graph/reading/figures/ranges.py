"""Ranges of two numbers, of which neither is an amount: ``between 20 and 30 kg``."""

from __future__ import annotations

import re
from functools import lru_cache

from mem_graph.reading.figures.numbers import YEAR, words
from mem_graph.reading.rules import Rules, compiled, expression


def is_end(text: str, number: re.Match[str], rules: Rules) -> bool:
    """Whether a number is an end of a range, which says of neither end that it is the amount."""
    for ranged in _ranges(rules):
        for found in ranged.finditer(text):
            if YEAR.fullmatch(found["low"]):
                continue
            if number.start() in (found.start("low"), found.start("high")):
                return compiled(rules.words("changes")).search(text[: found.start() + 1]) is None
    return False


@lru_cache(maxsize=8)
def _ranges(rules: Rules) -> tuple[re.Pattern[str], ...]:
    """The ways to say a range of two numbers, with or without a unit behind the first."""
    one, units = words(rules).pattern, "|".join(word for cue in rules.of("unit") for word in cue.words)
    joints = (line.split(" … ") for line in rules.words("ranges"))
    ways = (
        rf"(?<!\w){f'{opener} ' if opener else ''}(?P<low>{one})(?: (?:{units}))? {joint} (?P<high>{one})"
        for opener, joint in joints
    )
    return tuple(expression(way, re.IGNORECASE) for way in ways)

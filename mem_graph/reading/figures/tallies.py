"""How many recommendations have which rating, as the conclusions count them.

*Nine complete, six are mostly and eleven partially complete, two have not been started*: the sentence falls into
clauses, and one with one number and the words of one rating counts that rating.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mem_graph.model import Evidence, Tally
from mem_graph.reading.entities.mentions import LETTERS, Sentence
from mem_graph.reading.figures.numbers import numbers_in, value_of
from mem_graph.reading.rules import Cue, Rules, compiled, pattern


@dataclass(frozen=True, slots=True)
class _Count:
    """A rating with its count, and the place of the words of both."""

    rating: str
    count: int
    start: int
    end: int


def tallies(sentence: Sentence, rules: Rules) -> tuple[Tally, ...]:
    """``has completed 16, five mostly completed …``.

    Each rating with its count. Only in a sentence that counts several, each once, and none beside the recommendations.
    """
    text = sentence.view.text
    found = list(_counts(text, rules))
    spoken_of = compiled(rules.words("tally_things")).search(text) is not None
    if len(found) < (2 if spoken_of else 3) or len({one.rating for one in found}) < len(found):
        return ()
    return tuple(
        Tally(
            one.rating,
            one.count,
            sentence.view.span(one.start, one.end),
            Evidence(sentence.passage, letter, "quantities.tally", "printed"),
        )
        for letter, one in zip(LETTERS, found, strict=False)
    )


def _counts(text: str, rules: Rules) -> Iterator[_Count]:
    """The counts of a sentence, clause by clause."""
    last: str | None = None
    for start, end in _clauses(text, rules):
        numbers = list(_numbers(text, start, end, rules))
        rated = _rated(text, start, end, last, rules)
        if rated is not None and len(numbers) == 1:
            (first, stop, value), (rating, begins, ends) = numbers[0], rated
            yield _Count(rating, value, min(first, begins), max(stop, ends))
        last = rated[0] if rated else last


def _clauses(text: str, rules: Rules) -> Iterator[tuple[int, int]]:
    """The clauses of a sentence; a number parted from its rating by a comma or colon goes with it.

    With the one behind the next comma (``seven, partially complete``), else with the one before (``complete, 9;``).
    """
    clauses: list[tuple[int, int]] = []
    start = 0
    for joint in re.finditer(rf",?\s(?:{'|'.join(rules.words('tally_joints'))})(?=\s)|[,;:]|[.]?$", text):
        if _is_number(text[start : joint.start()], rules):
            if joint[0] == ",":
                continue
            start = clauses.pop()[0] if clauses else start
        clauses.append((start, joint.start()))
        start = joint.end()
    yield from clauses


def _is_number(words: str, rules: Rules) -> bool:
    """Whether these are a number and no more."""
    return [number[0] for number in numbers_in(words, 0, len(words), rules)] == [words.strip()]


def _numbers(text: str, start: int, end: int, rules: Rules) -> Iterator[tuple[int, int, int]]:
    """The counts of a clause with their places; no share, and not of what there is (``of the 27 recommendations``)."""
    wholes = re.compile(rf"(?:{'|'.join(rules.words('tally_wholes'))})\s*$", re.IGNORECASE)
    for line in rules.words("tally_numbers"):
        word, value = line.split()
        yield from ((*one.span(), int(value)) for one in compiled((word,)).finditer(text, start, end))
    for number in numbers_in(text, start, end, rules):
        printed = value_of(number[0], rules)
        share = text[number.end() : end].lstrip().startswith("%")
        if printed.isdecimal() and not share and wholes.search(text[: number.start()]) is None:
            yield (*number.span(), int(printed))


def _rated(text: str, start: int, end: int, last: str | None, rules: Rules) -> tuple[str, int, int] | None:
    """The rating of which a clause speaks: that whose words say most; *have not* behind *started* denies it."""
    found = [
        (match.start() - match.end(), cue, match)
        for cue in rules.of("rating")
        for match in pattern(cue).finditer(text, start, end)
        if not cue.marks.get("behind") or cue.marks["behind"] == last
    ]
    if not found:
        return None
    _, cue, match = min(found, key=lambda one: (_weight(one[1]), one[0]))
    return cue.value, match.start(), match.end()


def _weight(cue: Cue) -> int:
    """How much the words of a rating weigh beside those of another in one clause: *partially* more than *complete*."""
    return int(cue.marks.get("weight", 0))

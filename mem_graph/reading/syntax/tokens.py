"""Sentences to words: names are one word each, what stands in round brackets is left out.

So nothing inside a name is read as a verb or as a denial (``Life without Drugs``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mem_graph.reading.entities.mentions import Sentence
from mem_graph.reading.entities.names import Named

_WORD = re.compile(
    r"\b[Nn]os?\.(?=\s?\d)"  # "No. 285" says which law, and denies nothing
    r"|\d[\d,.]*\d|\d|'s\b|n't\b|[^\W\d_]+?(?=n't\b)|[^\W\d_]+(?:-[^\W\d_]+)*|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, sign or name of a view; ``low`` is the word in lower case, ``§kind`` for a name."""

    low: str
    start: int
    end: int
    name: Named | None = None


def tokens(sentence: Sentence) -> tuple[Token, ...]:
    """The words of a sentence; names are one word each; what stands in round brackets is left out."""
    names = _outermost(sentence.names)
    text = sentence.view.text
    found: list[Token] = []
    last = 0
    for name in (*names, None):
        stop = len(text) if name is None else name.start
        found.extend(Token(match[0].casefold(), *match.span()) for match in _WORD.finditer(text, last, stop))
        if name is not None:
            found.append(Token(f"§{name.kind}", name.start, name.end, name))
            last = name.end
    return tuple(_outside_brackets(found))


def _outermost(names: Sequence[Named]) -> list[Named]:
    kept: list[Named] = []
    for name in names:
        if name.kind != "place" and (not kept or name.start >= kept[-1].end):
            kept.append(name)
    return kept


def _outside_brackets(found: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in found:
        depth += (token.low == "(") - (token.low == ")")
        if depth <= 0 and token.low != ")":
            yield token

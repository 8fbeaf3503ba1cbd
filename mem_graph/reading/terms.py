"""Sentences of the chapters and the conclusions that use a term of the report's glossary (``docs/coding.md``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from mem_graph.model import Evidence, GlossaryEntry, GlossaryUse
from mem_graph.reading.entities.mentions import LETTERS, Sentence
from mem_graph.reading.rules import Rules


def uses(sentence: Sentence, glossary: Sequence[GlossaryEntry], rules: Rules) -> tuple[GlossaryUse, ...]:
    """The terms of the glossary that a sentence uses, each once, in the order of the glossary."""
    met = ((entry, term(entry.term.quote, rules.words("term_nouns")).search(sentence.view.text)) for entry in glossary)
    found = [(entry, match) for entry, match in met if match is not None]
    return tuple(
        GlossaryUse(
            entry.number,
            sentence.view.span(*match.span()),
            Evidence(sentence.passage, letter, "studies.term", "printed"),
        )
        for letter, (entry, match) in zip(LETTERS, found, strict=False)
    )


@lru_cache(maxsize=256)
def term(words: str, droppable: tuple[str, ...]) -> re.Pattern[str]:
    """A term in singular or plural.

    It may share its noun (``selective or indicated prevention programs``) or drop a common one.
    """
    pieces = []
    for place, word in enumerate(words.split()):
        form = rf"{re.escape(word.strip('()').removesuffix('s'))}s?"
        optional = word.startswith("(") or (place > 1 and place == len(words.split()) - 1 and _drops(word, droppable))
        shared = (
            r"(?:,? (?:(?:and|or|and/or) )?[\w-]+){0,2}? "
            if place == 1 and len(words.split()) > 2 and not word.startswith("(")
            else " "
        )
        joint = r"(?:,? (?:and|or|and/or) [\w-]+|, [\w-]+,? (?:and|or) [\w-]+)? " if shared != " " else " "
        lead = "" if place == 0 else joint
        pieces.append(f"(?:{lead}{form})?" if optional else f"{lead}{form}")
    return re.compile(rf"(?<!\w){''.join(pieces)}(?!\w)", re.IGNORECASE)


def _drops(word: str, droppable: tuple[str, ...]) -> bool:
    return re.fullmatch("|".join(droppable), word, re.IGNORECASE) is not None

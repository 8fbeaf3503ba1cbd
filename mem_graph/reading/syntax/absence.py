"""Predicates that say of a thing that it is not there, though no word of theirs denies: ``is hard to come by``.

Which ones there are is data (``[[absence]]`` in ``data/rules/*/absence.toml``); here is where they are looked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mem_graph.reading.rules import Cue, Rules, pattern


@dataclass(frozen=True, slots=True)
class Absence:
    """An idiom of absence met in a predicate: its cue, and where its words end."""

    cue: Cue
    end: int
    words: str

    @property
    def is_behind(self) -> bool:
        """Whether what is absent is named behind the words (``there are gaps in …``), not by the subject."""
        return self.cue.marks.get("scope") == "after"


def absence(text: str, predicate: tuple[int, int], rules: Rules) -> Absence | None:
    """The idiom of absence that a predicate holds, if it holds one.

    In: the view, the part of it from the verb on. Cues that open it stand at its beginning, others anywhere.
    """
    for cue in rules.of("absence"):
        expression: re.Pattern[str] = pattern(cue)
        found = expression.match if cue.marks.get("opens") else expression.search
        if match := found(text, *predicate):
            return Absence(cue, match.end(), match[0])
    return None

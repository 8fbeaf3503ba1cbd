"""Relative clauses of an English sentence that say something of their own: what a thing has, and what is denied of it.

``, which has a budget``; ``, in which measures for women are absent``; ``, an exercise that has not been repeated``.
Other relative clauses describe (``docs/coding.md``, Findings 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mem_graph.reading.syntax.english_groups import Group
from mem_graph.reading.syntax.english_verb_groups import Parser
from mem_graph.reading.syntax.tokens import Token


@dataclass(frozen=True, slots=True)
class Relatives:
    """The words of one sentence: knows what a clause tells that a relative opens."""

    parser: Parser

    @property
    def words(self) -> tuple[Token, ...]:
        """The words of the sentence."""
        return self.parser.words

    @property
    def lists(self) -> Mapping[str, frozenset[str]]:
        """The little words of English."""
        return self.parser.lexicon.lists

    def before(self, at: int) -> int:
        """Where the word before a relative clause stands: before ``in which``, ``for the use of which``."""
        before = at - 1
        if self.parser.low(at - 1) == "of" and self.parser.low(at - 3) == "the":
            before = at - 4
        elif self.parser.low(at - 1) in self.lists["prepositions"] and self.parser.low(at - 3) == ",":
            before = at - 1 if self.parser.low(at - 2) in self.parser.lexicon.negatives else at - 3
        while before > 0 and self.words[before].low in self.lists["prepositions"]:
            before -= 1
        return before

    def is_had(self, group: Group, at: int, before: int) -> bool:
        """Whether a relative clause says what a thing has: ``, which has``, ``, for which it has``."""
        has = group.cue is not None and group.cue.words == ("have",) and group.form in ("s", "base", "past")
        if group.form == "there" and self.parser.low(at - 1) in self.lists["prepositions"]:
            return True  # ", for which there is a protocol"
        return has or (before < at - 1 and group.cue is not None and self.words[group.start].low in ("has", "have"))

    def denies(self, group: Group, at: int) -> bool:
        """Whether a relative clause denies: by its verb, by *no* before subject or object, by what lacks."""
        lacks = group.cue is not None and (group.cue.kind == "lacking" or bool(group.cue.marks.get("denies")))
        negatives = self.parser.lexicon.negatives
        nobody = self.words[at + 1].low in negatives or self.parser.low(group.end) in {
            "no",
            "little",
            "few",
            "none",
            "nothing",
        }
        return group.denial is not None or lacks or (nobody and self.words[at].low in ("which", "where"))

    def tells(self, group: Group, main: Group, at: int, before: int) -> bool:
        """Whether a relative clause says something of what the main one asserts, not what that is for."""
        low = self.words[at].low
        if self.words[before].low in self.lists["purposes"]:
            return False
        between = range(main.end, before)
        direct = self._of_head(group, main, before) or not any(
            self.words[place].low in self.lists["prepositions"] for place in between
        )
        aside = self.words[before].low == "," and low in ("which", "who", "where")
        held = main.cue is None or main.cue.value == "has"
        told = direct and held and before >= main.end and low in ("that", "which")
        return aside or told or (low in ("that", "which") and self._is_apposed(before, main))

    def _is_apposed(self, at: int, main: Group) -> bool:
        """Whether a noun takes up what was said: ``…, an exercise that has not been repeated``."""
        comma = next((place for place in range(at, max(0, at - 4), -1) if self.words[place].low == ","), 0)
        return bool(comma) and self.words[comma + 1].low in ("a", "an") and comma > main.end

    def _of_head(self, group: Group, main: Group, before: int) -> bool:
        """Whether a singular verb cannot belong to the plural noun before it: ``a law on precursors that does not``."""
        plural = self.words[before].low.endswith("s") and not self.words[before].low.endswith("ss")
        holds = main.cue is None or main.cue.value == "has"
        return plural and group.number == "sg" and holds and self.words[main.end].low in ("a", "an", "the", "its")

"""What opens a clause of an English sentence: relatives, what is compared, what is reported, what is asked.

``that``, ``who``, ``since`` … make the verb behind them hang below another; ``notes that`` opens a clause that says
something of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mem_graph.reading.syntax.english_groups import Group
from mem_graph.reading.syntax.english_verb_groups import Parser
from mem_graph.reading.syntax.tokens import Token

SIGNS = frozenset(",;:")
_ASIDE = 8
"""So many words an aside may have, and stand behind the relative that it parts from its verb."""


@dataclass(frozen=True, slots=True)
class Openers:
    """The words of one sentence: finds what opens the clause of a verb, if anything does."""

    parser: Parser

    @property
    def words(self) -> tuple[Token, ...]:
        """The words of the sentence."""
        return self.parser.words

    @property
    def lists(self) -> Mapping[str, frozenset[str]]:
        """The little words of English."""
        return self.parser.lexicon.lists

    def relative(self, start: int, end: int) -> int | None:
        """Where the last word stands that makes the coming verb hang below another, if one does."""
        aside = self.aside(end - 1, start)
        for at in range(end - 1 if aside is None else aside - 1, start - 1, -1):
            low = self.words[at].low
            if low in self.lists["causes"] and at > start and self.words[at - 1].low == ",":
                return None
            if at == 0 and low == "as" and self.words[1].low not in self.lists["after_as"]:
                return at
            if low == "nor" and any(word.low == "neither" for word in self.words[start:at]):
                continue  # "in which neither their safety nor that of others is dealt with"
            if low in SIGNS or (low in self.lists["coordinators"] and at < end - 1 and not self._noun_list(at, end)):
                return None
            if self.parser.near.opens_report(at):
                return None
            if low in ("since", "until") and self._is_time(at + 1):
                continue
            if low == "so" and (self.parser.low(at + 1) == "far" or self.parser.low(at - 1) == "do"):
                continue
            demonstrative = low == "that" and at > 0 and self.words[at - 1].low in self.lists["prepositions"]
            demonstrative = demonstrative or (low == "that" and at == 0 and self._is_noun(1))
            demonstrative = demonstrative or (low == "that" and self.words[at + 1].low == "of")
            parted = low == "that" and at > 0 and self.words[at - 1].low in {",", *self.lists["contrasts"]}
            demonstrative = demonstrative or (parted and self.words[at + 1].low in ("with", "for", "on", "in"))
            framed = self.words[0].low in self.lists["framing"]  # "Where …, that person is tried"
            demonstrative = demonstrative or (parted and framed and self.parser.near.is_auxiliary(at + 2))
            if low in self.lists["relatives"] and not demonstrative:
                return at
        return None

    def aside(self, comma: int, start: int) -> int | None:
        """Where an aside opens that ends at a comma and parts a relative from its verb: ``which, however, remain``."""
        if comma <= start or self.words[comma].low != ",":
            return None
        opened = next((at for at in range(comma - 1, max(start, comma - _ASIDE), -1) if self.words[at].low == ","), 0)
        inside = {self.words[at].low for at in range(opened + 1, comma)}
        barred = self.lists["coordinators"] | self.lists["relatives"] | self.lists["auxiliaries"] | self.lists["modals"]
        if not opened or inside & barred:
            return None
        near = range(opened - 1, max(start - 1, opened - _ASIDE), -1)
        ahead = next((self.words[at].low for at in near if self.words[at].low in self.lists["relatives"] | SIGNS), "")
        return opened if ahead in self.lists["relatives"] else None

    def _is_time(self, at: int) -> bool:
        """Whether a time is told there, and no clause: ``until July 2014``, ``since the beginning of 2012``."""
        near = [self.parser.low(place) for place in range(at, at + 5)]
        dated = next((place for place, low in enumerate(near) if low[:4].isdigit() or low == "then"), len(near))
        verbs = self.lists["auxiliaries"] | self.lists["modals"] | {",", ";"}
        verbal = any(self.parser.verb(at + place, "s", "past") for place in range(dated))
        return dated < len(near) and not verbal and not verbs & {*near[:dated]}

    def _is_noun(self, at: int) -> bool:
        """Whether a word is neither an article nor a pronoun nor a name: ``That control is …``."""
        low = self.parser.low(at)
        return (
            low.isalpha() and low not in self.lists["determiners"] | self.lists["pronouns"] | self.lists["prepositions"]
        )

    def compared(self, group: Group, start: int) -> int | None:
        """Where *as* opens what only compares, with nothing behind its verb: ``…, as Article 3 would demand``.

        So does *as* right before a verb, and *compared with*: ``…, as was noted in …``.
        """
        two, one, verb, behind = (self.parser.low(group.start + step) for step in (-2, -1, 0, 1))
        if (two, one) == (",", "as") or (verb == "compared" and behind in ("with", "to")):
            return group.start - 1
        ends = self.parser.low(group.end) in (".", ",", ";", "") and group.denial is None
        lacks = group.cue is not None and group.cue.kind == "lacking"
        if not ends or lacks or group.passive:
            return None
        near = range(group.start - 1, max(start, group.start - 9), -1)
        return next((at for at in near if self.words[at].low == "as" and self.words[at - 1].low == ","), None)

    def listed(self, start: int, end: int) -> int | None:
        """Where a relative clause opens whose subject is a list: ``in which the health and … sectors are``."""
        at = end - 1
        while at > start and (self.words[at].low.isalpha() or self.words[at].low == ","):
            if self.words[at].low in self.lists["relatives"] and not self.parser.near.opens_report(at):
                between = [word.low for word in self.words[at + 1 : end]]
                listed = {",", "and"} <= {*between} and not {*between} & self.lists["prepositions"] - {"and"}
                return at if listed and between[0] != "," else None
            at -= 1
        return None

    def _noun_list(self, at: int, end: int) -> bool:
        """Whether *and* joins two nouns of one subject: ``that police and customs apply``."""
        return (
            self.words[at].low in ("and", "or")
            and end - at < 4
            and self.words[at + 1].low not in self.lists["subject_starts"]
        )

    def reported(self, start: int, end: int) -> int | None:
        """Where a clause begins that is reported: ``notes with concern that …``, ``… and that …``."""
        opened = (at for at in range(end - 1, start - 1, -1) if self.parser.near.opens_report(at))
        at = next(opened, None)
        denied = at is not None and any(
            self.words[place].low in self.lists["denying"] for place in range(max(0, at - 4), at)
        )
        return None if at is None or denied or at + 1 >= end else at + 1

    def asked(self, end: int) -> int | None:
        """Where a question opens that is the subject: ``but whether they achieve their ends has not been examined``."""
        at = next(
            (at for at in range(end - 1, -1, -1) if self.words[at].low in ("whether", "what", "how", "why")), None
        )
        opens = at is not None and (at == 0 or self.words[at - 1].low in {*SIGNS, *self.lists["coordinators"]})
        return at if opens else None

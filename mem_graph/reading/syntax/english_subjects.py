"""Where a subject begins in an English sentence: behind a sign or *and*, before a verb that may be its own.

``…, bank secrecy is no bar``; ``…, and programs for … have``; ``but their staff and stocks are``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mem_graph.reading.syntax.english_groups import Group
from mem_graph.reading.syntax.english_openers import SIGNS
from mem_graph.reading.syntax.english_verb_groups import Parser
from mem_graph.reading.syntax.tokens import Token

_PAIR = 7
"""So many words each of two nouns may have that *and* joins to a subject."""
_LONG = 16
"""So many words a subject may have that begins with a noun and a preposition."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """The words of one sentence: knows where a subject begins."""

    parser: Parser

    @property
    def words(self) -> tuple[Token, ...]:
        """The words of the sentence."""
        return self.parser.words

    @property
    def lists(self) -> Mapping[str, frozenset[str]]:
        """The little words of English."""
        return self.parser.lexicon.lists

    def is_pair(self, at: int, joint: int, group: Group) -> bool:
        """Whether *and* joins two nouns of one subject behind a contrast: ``but their staff and stocks are``."""
        contrast = self.words[at].low in self.lists["contrasts"] and self.words[joint].low == "and"
        short = joint - at < _PAIR and group.start - joint < _PAIR
        return contrast and short and group.number != "sg" and self.words[joint - 1].low != ","

    def listed(self, group: Group, separators: Sequence[int]) -> list[int]:
        """The *and* behind a comma that opens a subject of several things: ``, and the proceeds, A and B may be …``."""
        joints = [at for at in separators if self.words[at].low == "and" and self.words[at - 1].low == ","]
        behind = [at for at in separators if joints and at > joints[-1]]
        if not behind or self.words[behind[-1]].low != "and" or group.number == "sg" or group.form == "past":
            return []
        return joints[-1:] if group.start - joints[-1] < _LONG else []

    def comma(self, at: int) -> bool:
        """Whether a comma stands at a separator, or closes a clause that *while* or *although* opened."""
        opened = self.words[0].low in self.lists["contrasts"] and self.words[at].low == ","
        return self.words[at - 1].low == "," or opened

    def contrasts(self, at: int, first: int, group: Group) -> bool:
        """Whether *but*, *while*, *yet* … stand there, behind which a short subject begins a clause of its own."""
        near = 0 < group.start - first < 11 and not self.is_reduced(group)
        return near and self.words[at].low in self.lists["contrasts"] and self.words[first].low not in ("also", "to")

    def first(self, at: int, end: int) -> int:
        """Past adverbs and further separators to where a subject begins."""
        skipped = self.lists["adverbs"] | self.lists["coordinators"] | SIGNS
        while at < end and self.words[at].low in skipped and self.words[at].low not in ("both", "there"):
            at += 1
        return at

    def begins(self, first: int, group: Group, comma: bool, hangs: bool) -> bool:
        """Whether the subject of a verb begins at a word.

        ``comma``: whether one stands there; ``hangs``: whether the verb before hangs below another.
        """
        low = self.words[first].low
        pronoun = low in self.lists["pronouns"] or low == "§country" or self._is_country(first)
        if pronoun or self._is_opened(first, group, comma):
            return True
        if hangs and not comma:
            return False
        if group.form == "past":
            alone = group.cue is not None and bool(group.cue.marks.get("intransitive"))
            told = self.has_object(group) or group.denial is not None or alone or self._has_infinitive(group)
            past = self.parser.verb(group.start, "part") is None
            if past and self._lacks(group) and low in self.lists["subject_starts"]:
                return True  # "and the plan went unfunded"
            near = group.start - first < 5 if past else first + 1 == group.start
            plural = near and self.words[group.start - 1].low.endswith("s") and (past or self.has_object(group))
            told = told or past
            if comma and self.has_object(group) and self.words[first].low.isalpha() and not hangs:
                described = self.parser.low(first + 1) in {"of", "from"} and group.start - first < _LONG
                if described and self.words[first].low not in self.lists["prepositions"]:
                    return True  # ", and children of the poorest districts attended workshops"
            opens = low in self.lists["subject_starts"] | self.lists["numbers"] or self._is_name(first, group.start)
            return comma and told and (opens or plural)
        auxiliary = self.parser.near.is_auxiliary(group.start) or group.form == "copula"
        counted = low[:1].isdigit() or low in self.lists["numbers"]
        return (
            low.startswith("§")
            or (counted and self.words[first - 1].low in ("and", "but"))
            or (counted and auxiliary and self._in_row(first, group, hangs))
            or (auxiliary and self._spliced(first, group.start, hangs))
            or ((comma or self._is_sure(group)) and self._agreeing(first, group, hangs))
            or self._in_row(first, group, hangs)
            or low in self.lists["subject_starts"]
            or (comma and auxiliary and group.start - first < 8)
            or (
                (auxiliary or self._lacks(group) or self._is_plain(group)) and self._is_long(first, group, comma, hangs)
            )
            or (auxiliary and group.start - first < 4 and self.words[first - 1].low == "and")
        )

    def _is_opened(self, first: int, group: Group, comma: bool) -> bool:
        """Whether a place, a matter or a time stands before a pronoun or a short subject with an article:
        ``…, of the cost of drugs it has no estimate``, ``…, and for their export a license is required``.
        """
        low = self.words[first].low
        opened = low in self.lists["place_openers"] and (comma or self.words[first - 1].low == ",")
        if not opened or group.start - first >= _LONG:
            return False
        if self.words[group.start - 1].low in {"it", "they", "there"}:
            return True
        auxiliary = self.parser.near.is_auxiliary(group.start) or group.form == "copula"
        alone = group.cue is not None and bool(group.cue.marks.get("intransitive"))
        told = auxiliary or group.form == "s" or (group.form in ("past", "base") and (alone or self.has_object(group)))
        article = self._article(first, group) if comma else 0
        dated = article > 0 and self.words[article - 1].low.isdigit()  # "in June 2013 a court opened in …"
        return article > 0 and (told or (group.form == "past" and dated))

    def _article(self, first: int, group: Group) -> int:
        """Where a subject of a few words begins with an article, right behind a noun or a date; 0 where none does."""
        barred = self.lists["prepositions"] | self.lists["relatives"] | self.lists["coordinators"] | SIGNS
        for at in range(group.start - 1, max(first + 1, group.start - _PAIR), -1):
            low, before = self.words[at].low, self.words[at - 1].low
            if low in barred:
                return 0
            if low in self.lists["noun_openers"] or low in self.lists["nobody"]:
                noun = before[:1].isalnum() and before not in barred | self.lists["determiners"]
                return at if noun and at < group.start - 1 + (low in self.lists["nobody"]) else 0
        return 0

    def _lacks(self, group: Group) -> bool:
        """Whether a plain verb says that its subject is not as it should be: ``go unregulated``."""
        return group.cue is not None and group.cue.kind == "lacking" and group.form in ("s", "base", "past")

    def _is_plain(self, group: Group) -> bool:
        """Whether a plural verb without an auxiliary has its object: ``and firearms in transit need no license``."""
        return group.form == "base" and self._is_sure(group) and self.parser.low(group.end)[:1].isalnum()

    def _has_infinitive(self, group: Group) -> bool:
        """Whether an infinitive stands behind a past: ``those of the Council served to plan the campaign``."""
        to = group.end if self.parser.low(group.end) == "to" else group.end - 1
        return self.parser.low(to) == "to" and self.parser.verb(to + 1, "base") is not None

    def _is_long(self, first: int, group: Group, comma: bool, hangs: bool) -> bool:
        """Whether a long subject begins with a noun, in the number of its verb: ``, and programs for … have``.

        Behind a mere comma only a plural does: ``…, guidelines for the selection of cases are missing``.
        """
        head, after = self.words[first].low, self.parser.low(first + 1)
        plural = head.endswith("s") and not head.endswith("ss")
        agrees = group.number in ("any", "pl" if plural else "sg") and (comma or plural)
        spliced = self.words[first - 1].low == "," and not hangs
        openers = (self.lists["prepositions"] | self.lists["place_openers"]) - {"and", "or", "as"}
        described = after in openers and head.isalpha()
        return agrees and described and (comma or spliced) and group.start - first < _LONG

    def is_reduced(self, group: Group) -> bool:
        """Whether a past is a participle that describes a subject: ``while drugs seized in 2012 were burnt``."""
        if group.form != "past":
            return False
        for at in range(group.end, len(self.words)):
            low = self.words[at].low
            if low in SIGNS or low in self.lists["coordinators"]:
                break
            if low in self.lists["auxiliaries"] | self.lists["modals"]:
                return True
        return self.parser.low(group.end) in ("by", ".", ",", "")

    def has_object(self, group: Group) -> bool:
        """Whether an object stands right behind a past that is not a participle: ``its officers received training``."""
        after = self.parser.low(group.end)
        noun = (after[:1].isalnum() and not self.parser.near.is_lone_adverb(group.end)) or after.startswith("§")
        return noun and after not in self.lists["prepositions"] - {"a"} and not self.is_reduced(group)

    def _spliced(self, first: int, end: int, hangs: bool) -> bool:
        """Whether a short subject stands behind a mere comma: ``…, bank secrecy is no bar``; not one of a list."""
        plain = all(self.words[at].low.isalpha() or "-" in self.words[at].low for at in range(first, end))
        listed = any(self.words[at].low in self.lists["coordinators"] for at in range(first, end))
        return self.words[first - 1].low == "," and not hangs and end - first < 6 and plain and not listed

    def _agreeing(self, first: int, group: Group, hangs: bool) -> bool:
        """Whether a short subject and a plain verb agree behind *and*: ``, and outreach teams bring``."""
        if group.form not in ("s", "base") or not 0 < group.start - first < 4:
            return False
        if hangs and not (group.form == "base" and self.words[first - 2].low == ","):
            return False
        head = group.start - 1
        while head > first and (self.words[head].low in self.lists["adverbs"] or self.words[head].low.endswith("ly")):
            head -= 1
        plural = self.words[head].low.endswith("s") or self.words[head].low in self.lists["plurals"]
        joined = self.words[first - 1].low in self.lists["coordinators"]
        hangs = self.words[first - 2].low in self.lists["prepositions"]
        return plural == (group.form == "base") and joined and not hangs and self.words[first].low != "should"

    def _is_name(self, first: int, end: int) -> bool:
        """Whether some words are a name: each with a capital."""
        return first < end and all(self.parser.text[word.start].isupper() for word in self.words[first:end])

    def _in_row(self, first: int, group: Group, hangs: bool) -> bool:
        """Whether a short plural and its verb stand behind a mere comma, in a row of clauses:
        ``The plan is evaluated yearly, mayors help to set its priorities, 40 schools were visited, and …``.
        """
        if self.words[first - 1].low != "," or hangs or not 0 < group.start - first < 5:
            return False
        counted = self.words[first].low[:1].isdigit() or self.words[first].low in self.lists["numbers"]
        if counted and self.parser.low(first + 1) == "of" and group.start == first + 3:
            return self.parser.low(first + 2) in ("them", "these", "those") and self._is_finite(group)
        inside = {self.words[at].low for at in range(first + 1, group.start)}
        barred = self.lists["coordinators"] | self.lists["prepositions"] | self.lists["relatives"] | SIGNS
        plural = self.words[group.start - 1].low.endswith("s")
        return plural and not inside & barred and (group.number != "sg" and self._is_finite(group))

    def _is_finite(self, group: Group) -> bool:
        """Whether a plural verb has an auxiliary, or its object behind it or before its particle."""
        objects = any(self.words[at].low in self.lists["objects"] for at in range(group.start, group.end))
        object_ = objects or (self._is_sure(group) and self.parser.low(group.end)[:1].isalnum())
        return self.parser.near.is_auxiliary(group.start) or (group.form == "base" and object_)

    def parted(self, group: Group, separators: Sequence[int], hangs: bool) -> int | None:
        """Where a short subject begins that an aside parts from its verb: ``while programs, available in …, serve``."""
        commas = [at for at in separators if self.words[at].low == ","]
        if len(commas) < 2 or commas[-1] != separators[-1] or group.form == "past":
            return None
        opened = commas[-2]
        joint = next((at for at in reversed(separators) if at < opened), -1)
        if joint < 0 or (hangs and self.words[joint].low != ";") or any(opened < at < commas[-1] for at in separators):
            return None
        first = self.first(joint + 1, opened)
        clear = self.words[joint].low in self.lists["contrasts"] | {";"} or self.words[joint - 1].low == ","
        plural = self.words[opened - 1].low.endswith("s")
        agrees = group.number in ("any", "pl" if plural else "sg")
        return first if clear and agrees and 0 < opened - first < _PAIR else None

    def _is_sure(self, group: Group) -> bool:
        """Whether a form can be nothing but a verb, or has an object: ``and families receive support``."""
        noun = group.cue is not None and bool(group.cue.marks.get("noun"))
        return not noun or self.parser.low(group.end) in self.lists["determiners"]

    def _is_country(self, first: int) -> bool:
        return self.words[first].low == "the" and self.words[first + 1].low in self.lists["plain_subjects"]

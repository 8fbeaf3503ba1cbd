"""Words in their order with the lexicon: what a word may be, by the words around it.

A form such as *measures* or *seized* may be verb, noun or participle; its neighbours decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mem_graph.reading.rules import Cue
from mem_graph.reading.syntax.lexicon import Lexicon
from mem_graph.reading.syntax.tokens import Token

HAVE = {"has": "sg", "have": "pl", "had": "any"}
DO = {"does": "sg", "do": "pl", "did": "any"}
BE = {"is": "sg", "was": "sg", "are": "pl", "were": "pl"}


_COUNT = re.compile(r"(?!(?:19|20)\d\d$)\d[\d.,]*")
"""A number that is no year."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_PHRASE = 8
"""So many words a subject may have by which a form behind it is known to be a verb."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The words of one sentence, its view, and the lexicon."""

    words: tuple[Token, ...]
    text: str
    lexicon: Lexicon

    def low(self, at: int) -> str:
        """The word at a place in lower case; empty beyond the ends."""
        return self.words[at].low if 0 <= at < len(self.words) else ""

    def skip(self, at: int) -> tuple[int, bool]:
        """Past adverbs and *not*.

        Where the next word stands, and whether *not* was there (*not only* denies nothing).
        """
        denied = False
        while at < len(self.words):
            low = self.low(at)
            if low in self.lexicon.lists["denying"] or (low == "no" and self.low(at + 1) == "longer"):
                denied = denied or self.low(at + 1) not in self.lexicon.lists["limiting"]
                at += 2 if low == "no" else 1
            elif low == "since" and self.lexicon.participle.fullmatch(self.low(at + 1)):
                at += 1
            elif self.denies_wholly(at):
                at, denied = at + 3, True
            elif low == "," and self.low(at + 1) in self.lexicon.lists["adverbs"] and self.low(at + 2) == ",":
                at += 3
            elif low == "yet" and self.low(at + 1) == "to":
                break
            elif low in self.lexicon.lists["adverbs"] or (
                low.endswith("ly") and low not in self.lexicon.verbs and self._is_adverb(at)
            ):
                at += 1
            else:
                break
        return at, denied

    def denies_wholly(self, at: int) -> bool:
        """Whether three words deny a verb as *never* does: ``at no time``, ``by no means``."""
        return " ".join(self.low(place) for place in range(at, at + 3)) in self.lexicon.lists["denying_phrases"]

    def opens_report(self, at: int) -> bool:
        """Whether *that* opens what is reported: ``states that``, ``notes with concern that``, ``… and that``."""
        before = self.low(at - 1)
        if self.low(at) != "that":
            return False
        if before in ("and", "but"):
            return any(self.opens_report(place) for place in range(at - 1))
        reports = before in self.lexicon.lists["reporting"] or before in self.lexicon.lists["views"]
        return reports and not self._takes_up(at)

    def _takes_up(self, at: int) -> bool:
        """Whether *that* takes up a noun which may also report: ``No periodic reports that measure progress``."""
        found = self.verb(at + 1, "base")
        follows = self.is_auxiliary(at + 1) or (found is not None and self.may_be_verb(at + 1, found))
        return follows and self.low(at - 1).endswith("s") and not self.has_subject(at - 1)

    def _is_adverb(self, at: int) -> bool:
        return len(self.low(at)) > 4 and self.low(at) not in self.lexicon.lists["no_adverbs"]

    def is_lone_adverb(self, at: int) -> bool:
        """Whether nothing but an adverb follows: ``meets monthly``."""
        low = self.low(at)
        adverb = low.endswith("ly") or low in self.lexicon.lists["adverbs"]
        return low in self.lexicon.lists["no_adverbs"] or (adverb and not self.low(at + 1)[:1].isalnum())

    def verb(self, at: int, *forms: str) -> tuple[int, Cue, str] | None:
        """The known verb at a word, in one of some forms: its end, cue and form (``carry them out`` too)."""
        for rest, cue, form in self.lexicon.verbs.get(self.low(at), ()):
            for first in self._parted(at, rest):
                if form in forms and all(self.low(first + 1 + step) == word for step, word in enumerate(rest)):
                    return first + 1 + len(rest), cue, form
        return None

    def _parted(self, at: int, rest: Sequence[str]) -> Iterator[int]:
        """Where the words behind a verb may follow: at once, behind a pronoun, a particle behind a short object."""
        yield at
        if rest and self.low(at + 1) in self.lexicon.lists["objects"]:
            yield at + 1
        if rest and self.low(at + 1) == "," == self.low(at + 3) and self.low(at + 2) in self.lexicon.lists["adverbs"]:
            yield at + 3
        if rest and self.low(at + 1) == "in" and _YEAR.fullmatch(self.low(at + 2)):
            yield at + 2
        if len(rest) == 1 and rest[0] in ("out", "aside", "together", "forward", "away"):
            yield from (
                place
                for place in range(at + 1, at + 7)
                if not {";", "to"} & {word.low for word in self.words[at:place]}
            )

    def may_be_verb(self, at: int, found: tuple[int, Cue, str]) -> bool:
        """Whether the words around a form that may be a noun or a participle let it be a finite verb."""
        end, cue, form = found
        before, after = self.low(at - 1), self.low(end)
        if form != "past" and after in ("having", "being"):
            return False  # "The previous plan having expired, …"
        floating = form == "base" and before in ("all", "both", "each") and self._behind_subject(at - 1)
        barred = before in self.lexicon.lists["no_verb_after"] or (before.endswith("'s") and form != "past")
        opens = self.low(at - 2) in {",", ";", "but", "while", "whereas"} and not cue.marks.get("noun")
        barred = barred and not (before in ("these", "those") and form == "base" and opens)
        if barred and not floating:
            return False
        if form == "base" and (self._is_in_subject(at, end) or (at > 0 and self.text[self.words[at].start].isupper())):
            return False
        if form == "past":
            if self._is_attribute(at, end) or self._is_adjectival(at, end):
                return False
            if before.startswith("§") or before in self.lexicon.lists["plain_subjects"]:
                return after != "by"
            if after == "to" and before in self.lexicon.lists["numbers"] and self.verb(end + 1, "base") is not None:
                return True  # "two served to redesign the program"
            return after not in self.lexicon.lists["after_participle"] or bool(cue.marks.get("intransitive"))
        if form == "base" and self._is_reduced(at, end):
            return False
        if self.low(at) == "last" and self.lexicon.participle.fullmatch(after):
            return False  # "Guidelines, last revised in 2013, are applied"
        if form == "base" and self.low(at - 2) in ("a", "an") and before not in self.lexicon.lists["plurals"]:
            return False
        alone = bool(cue.marks.get("intransitive"))
        if (form == "s" and self._ends_phrase(at, end)) or (form == "base" and not alone and self._ends_noun(at, end)):
            return False
        if not cue.marks.get("noun"):
            return True
        return self._noun_as_verb(at, end, form, str(cue.marks["noun"]))

    def _is_reduced(self, at: int, end: int) -> bool:
        """Whether a form that is a participle, too, describes what stands before: ``acts set out in Article 3 are``."""
        if self.verb(at, "part") is None or self.low(end) not in ("in", "by", "under", "for"):
            return False
        return any(self.is_auxiliary(place) for place in range(end, len(self.words)))

    def _behind_subject(self, at: int) -> bool:
        """Whether *all*, *both* stand behind what they count: ``Prevention and treatment all come under …``."""
        before = self.low(at - 1)
        listed = self.low(at - 2) == "and" or before.startswith("§") or before.endswith("s")
        return listed and before not in self.lexicon.lists["prepositions"] | self.lexicon.lists["adverbs"]

    def _is_in_subject(self, at: int, end: int) -> bool:
        """Whether a form behind *and* is a noun of what *is* speaks of: ``outcome and impact evaluations are``;
        or of what a preposition governs: ``for their import and export a license is required``.
        """
        if self.low(at - 1) not in ("and", "or"):
            return False
        lists = self.lexicon.lists
        governed = self.low(at - 3) in lists["determiners"] and self.low(at - 4) in lists["place_openers"]
        if governed and self.low(end) in lists["determiners"] and not self.low(at - 2).endswith("s"):
            return True
        following = next((self.low(place) for place in range(end, end + 2) if self.is_auxiliary(place)), "")
        return following in BE or following in HAVE

    def _is_attribute(self, at: int, end: int) -> bool:
        """Whether a participle behind a sign or *and* belongs to a subject: ``, and seized drugs are``."""
        joined = self.low(at - 1) in (",", ";") or self.low(at - 1) in self.lexicon.lists["coordinators"]
        low = self.low(end)
        if not joined or not low[:1].isalpha() or low in self.lexicon.lists["determiners"]:
            return False
        return self._meets_auxiliary(end + 1)

    def _meets_auxiliary(self, start: int) -> bool:
        """Whether an auxiliary follows within three words, and within five behind an aside: ``, by contrast, is``."""
        at, last = start, start + 3
        while at < last:
            if self.is_auxiliary(at):
                return True
            closed = next((place for place in range(at + 2, at + 5) if self.low(place) == ","), 0)
            if self.low(at) == "," and closed:
                at, last = closed, closed + 3
            elif not self.low(at).isalpha():
                return False
            at += 1
        return False

    def _is_adjectival(self, at: int, end: int) -> bool:
        """Whether a participle stands between a verb, or *and*, and a bare noun: ``characterizes seized drugs``."""
        after, before = self.low(end), self.low(at - 1)
        lists = self.lexicon.lists
        bare = after[:1].isalpha() and not any(
            after in lists[name] for name in ("determiners", "prepositions", "adverbs", "numbers")
        )
        if not bare or after in lists["plain_subjects"] | lists["objects"] | {"that", "by"}:
            return False
        if self.opens_report(at - 1) or before in ("neither", "nor", "either", "both"):
            return True  # "Neither indicated prevention programs nor …"
        if before == "," and self._closes_relative(at - 1):
            return False
        if before == "," or before in lists["coordinators"]:
            return not any(
                form == "past" for place in range(at) for _, _, form in self.lexicon.verbs.get(self.low(place), ())
            )
        behind = self.verb(at - 1, "s", "base")
        return behind is not None and not behind[1].marks.get("noun") and self.low(at - 2) not in lists["no_verb_after"]

    def _closes_relative(self, comma: int) -> bool:
        """Whether a comma closes a relative clause that one opened: ``the Board, which belongs to …, analyzed``."""
        opened = next((place for place in range(comma - 1, 0, -1) if self.low(place) == ","), 0)
        near = {self.low(opened + 1), self.low(opened + 2), self.low(opened + 3)}
        return bool(opened) and bool(near & {"which", "who", "whose", "whom", "where"})

    def _ends_phrase(self, at: int, end: int) -> bool:
        """Whether a form in -s ends its clause behind a preposition and one word: ``compiled with long delays``."""
        hangs = self.low(at - 2) in {"with", "without", "by", "after", "under"} and self.low(at - 1).isalpha()
        return hangs and end == at + 1 and not self.low(end)[:1].isalnum()

    def _ends_noun(self, at: int, end: int) -> bool:
        """Whether a plain form ends the sentence behind no plural, and so is a noun: ``in no official gazette``."""
        return self.low(end) in (".", "") and end == at + 1 and not self.plural_before(at)

    def _noun_as_verb(self, at: int, end: int, form: str, particles: str) -> bool:
        """``measures coca crops`` after a name is a verb; ``prevention measures include`` is none."""
        if self.low(end) in self.lexicon.lists["sure_objects"] and self.low(at - 1) in ("and", ",", "also"):
            return True
        parted = end > at + 2 and self.low(at + 1) in self.lexicon.lists["determiners"]
        if parted and (self.has_subject(at) or self.plural_before(at)):
            return True  # "sets no money aside"
        if self.low(end) in ("how", "what", "whether") and self.low(at - 1).isalnum():
            return True  # "A set of indicators measures how far …"
        subject = form == "base" and self.verb(end, "s") is not None
        if subject and self.low(end + 1) in self.lexicon.lists["determiners"]:
            return False
        if form == "base" and (self._is_listed_verb(at, end) or self._is_behind_relative(at, end)):
            return True
        if form == "base" and self.low(end) in self.lexicon.lists["determiners"] and self._is_of_plural(at):
            return True
        if form == "s" and self._is_third(at, end):
            return True
        ordered = self.verb(end, "base") if form == "s" else None
        if ordered is not None and (self.low(ordered[0]) in self.lexicon.lists["determiners"] or ordered[0] > end + 1):
            return False  # "and judges order their destruction", "The provincial plans date from 2003"
        more = end > at + 1 and (self.takes_object(end, particles) or self.low(end)[:1].isdigit())
        taken = self.low(end) in self.lexicon.lists["determiners"] or self.low(end) in particles.split()
        if form == "s" and (taken or more) and (self._has_plain_subject(at) or self._behind_plural(at)):
            return True
        if form == "base" and more and self.plural_before(at) and self.low(end)[:1].isdigit():
            return True
        listed = end > at + 1 and self.low(at - 2) == "and" and self.low(end) in self.lexicon.lists["determiners"]
        if form == "base" and listed:
            return True  # "Prevention, treatment and rehabilitation make up the programs"
        paired = self.low(end) == "and" and self.has_subject(at) and self.verb(end + 1, form) is not None
        subject = self.plural_before(at) if form == "base" else self.has_subject(at) or self.low(at - 1) in (",", "and")
        listed = self.low(at - 1) == "and" and self.low(at - 2).endswith("s") and len(self.low(at - 2)) > 3
        return subject and not (listed and form == "s") and (paired or self.takes_object(end, particles))

    def _is_listed_verb(self, at: int, end: int) -> bool:
        """Whether a plain form stands in a list of verbs: ``use instruments, offer care and refer patients``."""
        last = next((place for place in range(end, end + _PHRASE) if self.low(place) == "and"), 0)
        if self.low(at - 1) != "," or not last or not self.low(end)[:1].isalpha():
            return False
        before = any(self._is_plain_verb(place) for place in range(1, at - 1))
        return before and self._is_plain_verb(last + 1)

    def _is_behind_relative(self, at: int, end: int) -> bool:
        """Whether a plain form with its object takes up a plural that a relative clause tells of:
        ``Physicians who prescribe without need face the loss of …``; ``the agencies that finance them monitor them``.
        """
        sure = self.low(end) in self.lexicon.lists["determiners"] | self.lexicon.lists["objects"]
        if not sure and not (self.takes_object(end, "") and self._is_last_verb(end)):
            return False
        opener = next((place for place in range(at - 2, 0, -1) if self.low(place) in ("who", "that", "which")), 0)
        inside = [self.low(place) for place in range(opener + 1, at)]
        plain = all(word.isalpha() for word in inside) and not self.lexicon.lists["coordinators"] & {*inside}
        first = self._opens_clause(opener)
        return bool(opener) and plain and first and self.plural_before(opener) and self._is_plain_form(opener + 1)

    def _opens_clause(self, opener: int) -> bool:
        """Whether a relative hangs on a subject: no verb stands between it and where its clause begins."""
        start = next((at for at in range(opener - 1, -1, -1) if self.low(at) in (";", ",", ":")), -1)
        return not any(self.is_auxiliary(at) or self.verb(at, "base", "s", "past") for at in range(start + 1, opener))

    def _is_last_verb(self, end: int) -> bool:
        """Whether no auxiliary follows before the next sign."""
        for at in range(end, len(self.words)):
            if not (self.low(at).isalnum() or self.low(at)[:1] == "§"):
                return True
            if self.low(at) == "and" and self.is_auxiliary(at + 1):
                return True
            if self.is_auxiliary(at):
                return False
        return True

    def _is_plain_form(self, at: int) -> bool:
        """Whether a verb's plain form stands there, or an auxiliary."""
        lists = self.lexicon.lists
        alone = self.low(at).isalpha() and self.low(at) not in lists["prepositions"] | lists["determiners"]
        unknown = alone and self.low(at - 1) == "who" and self.low(at) not in self.lexicon.verbs
        return self.verb(at, "base") is not None or self.is_auxiliary(at) or unknown

    def _is_plain_verb(self, at: int) -> bool:
        """Whether a form is a verb's in the plural with an object, whatever stands before."""
        found = self.verb(at, "base")
        behind = "" if found is None else self.low(found[0])
        return behind[:1].isalnum() and self.low(at - 1) != "to" and behind not in self.lexicon.lists["prepositions"]

    def _is_of_plural(self, at: int) -> bool:
        """Whether what stands before a form hangs on a plural: ``firearms in transit need no license``."""
        hangs = self.low(at - 2) in self.lexicon.lists["prepositions"] - {"and", "or"}
        return hangs and self.low(at - 3).endswith("s") and len(self.low(at - 3)) > 3

    def _is_third(self, at: int, end: int) -> bool:
        """Whether a form in -s goes on with a row of them: ``inspects A, verifies B and issues permits``."""
        if (
            self.low(at - 1) != "and"
            or not self.low(end)[:1].isalpha()
            or self.low(end) in self.lexicon.lists["prepositions"]
        ):
            return False
        sure = (self.verb(place, "s") for place in range(1, at - 1))
        return sum(1 for one in sure if one is not None and not one[1].marks.get("noun")) > 1

    def _has_plain_subject(self, at: int) -> bool:
        """Whether a phrase in the singular stands before a form and opens its clause: ``The draft builds on the``."""
        at -= 2 * (_YEAR.fullmatch(self.low(at - 1)) is not None and self.low(at - 2) in ("of", "in"))
        before, lists = self.low(at - 1), self.lexicon.lists
        if not before.isalpha() or before.endswith("s") or before in lists["prepositions"] | lists["determiners"]:
            return False
        first = at - 1
        while first > 0 and at - first < _PHRASE and self.low(first - 1).isalpha():
            if self.low(first - 1) in lists["coordinators"] | lists["relatives"]:
                break
            first -= 1
        opened = self.low(first - 1) in {"", ",", ";", ":", *lists["coordinators"], "that"}
        return opened and (first == at - 1 or self.low(first) in lists["determiners"])

    def _behind_plural(self, at: int) -> bool:
        """Whether a plural that hangs on a preposition stands before a form: ``a scheme for users leads to``."""
        lists = self.lexicon.lists
        plural = (
            self.low(at - 1).endswith("s")
            and self.low(at - 1) not in lists["no_plurals"]
            and self.low(at - 1).isalpha()
        )
        return plural and any(self.low(place) in lists["prepositions"] for place in (at - 2, at - 3))

    def has_subject(self, at: int) -> bool:
        """Whether a name, a pronoun, *the country*, or an adverb behind one stands right before."""
        before = self.low(at - 1)
        named = at > 1 and self.text[self.words[at - 1].start].isupper()
        lists = self.lexicon.lists
        plain = lists["plain_subjects"] | lists["adverbs"] | lists["agents"]
        return before.startswith("§") or named or before in plain

    def plural_before(self, at: int) -> bool:
        """Whether a plural stands right before, or before the *that* or *which* that takes it up."""
        before = self.low(at - 2 if self.low(at - 1) in ("that", "which", "who") else at - 1)
        if before == ",":
            opened = next((place for place in range(at - 2, 0, -1) if self.low(place) == ","), 0)
            aside = {self.low(place) for place in range(opened, at)} - {"the", "and", "both", ","}
            named = all(word.startswith("§") for word in aside)
            told = named or self.low(opened + 1) in self.lexicon.lists["listing"] | self.lexicon.lists["aside_openers"]
            before = self.low(opened - 1) if told else before
        if _YEAR.fullmatch(before) and self.low(at - 2) in ("of", "in"):
            return self._is_pair(at - 3)
        return (
            before in self.lexicon.lists["plurals"]
            or before == "§institution"
            or (before.endswith("s") and len(before) > 3)
        )

    def _is_pair(self, at: int) -> bool:
        """Whether two things that *and* joins end at a word: ``the Act and the Policy of 2011``."""
        before = [self.low(place) for place in range(max(0, at - _PHRASE), at + 1)]
        return "and" in before or self.low(at).endswith("s")

    def takes_object(self, end: int, particles: str) -> bool:
        """Whether what follows can be an object: a noun or a determiner, or a preposition that this verb takes."""
        end = self.skip(end)[0] if self.low(end).endswith("ly") else end
        after = self.low(end)
        found = self.verb(end, "s", "base", "past")
        if (found is not None and not found[1].marks.get("noun")) or after in (HAVE | BE | DO):
            return False
        noun = (
            after[:1].isalpha() or after.startswith("§") or _COUNT.fullmatch(after) is not None
        ) and after not in self.lexicon.lists["prepositions"]
        return after in particles.split() or after in self.lexicon.lists["determiners"] or noun

    def is_auxiliary(self, at: int) -> bool:
        """Whether a form of *have*, *do*, *be* or a modal verb stands there."""
        needs = self.low(at) == "need" and self.low(at + 1) in ("not", "be")
        return needs or self.low(at) in (DO | HAVE | BE) or self.low(at) in self.lexicon.lists["modals"]

    def is_adjective(self, at: int, found: tuple[int, Cue, str]) -> bool:
        """Whether a participle after *has* is an adjective before a noun.

        ``has established procedures`` is not (it is a verb).
        """
        return bool(found[1].marks.get("adjective")) and self.low(found[0]) not in ("the", "a", "an", "its", "all", "")

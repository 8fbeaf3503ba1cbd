"""The finite verb groups of an English sentence: who does, has, is, or does not.

A verb group is auxiliaries, negation, adverbs and verb: ``has not implemented``, ``is disseminated``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mem_graph.reading.rules import Cue
from mem_graph.reading.syntax import english_denied_groups as denied_groups
from mem_graph.reading.syntax.english_groups import PUT_FIRST, Group, finish
from mem_graph.reading.syntax.english_inversions import inversion
from mem_graph.reading.syntax.lexicon import Lexicon
from mem_graph.reading.syntax.neighbours import BE, DO, HAVE, Neighbours
from mem_graph.reading.syntax.tokens import Token

_YEAR = re.compile(r"(?:19|20)\d\d")
_VIEW = 6
"""So many words behind a verb may name a view that is reported: ``expresses its deep concern that``."""
_REMAIN = {"remains": "sg", "remain": "pl", "remained": "any", "stays": "sg", "stay": "pl", "stayed": "any"}
_SEEM = {
    **{"proves": "sg", "prove": "pl", "proved": "any", "seems": "sg", "seem": "pl", "seemed": "any"},
    **{"continues": "sg", "continue": "pl", "continued": "any", "appears": "sg", "appear": "pl", "appeared": "any"},
}


@dataclass(frozen=True, slots=True)
class Parser:
    """The words of one sentence with the lexicon: finds the verb group that begins at a word, if one does."""

    near: Neighbours

    @property
    def words(self) -> tuple[Token, ...]:
        """The words of the sentence."""
        return self.near.words

    @property
    def text(self) -> str:
        """The view that the words stand in."""
        return self.near.text

    @property
    def lexicon(self) -> Lexicon:
        """The verbs and little words of English."""
        return self.near.lexicon

    def low(self, at: int) -> str:
        """The word at a place in lower case; empty beyond the ends."""
        return self.near.low(at)

    def verb(self, at: int, *forms: str) -> tuple[int, Cue, str] | None:
        """The known verb at a word, in one of some forms: its end, cue and form."""
        return self.near.verb(at, *forms)

    def groups(self) -> Iterator[Group]:
        """Every verb group, from left to right; a form that may be a noun where the first clause has no other."""
        found: list[Group] = []
        at = 0
        while at < len(self.words):
            group = self.group(at)
            if group is not None:
                found.append(group)
            at = (
                at + 1 if group is None else max(group.end + (group.form == "copula" and group.cue is not None), at + 1)
            )
        boundary = self._boundary()
        if not found or found[0].start > boundary:
            found[:0] = self._hidden(min(boundary, found[0].start if found else boundary))
        elif found[0].number == "pl" and self.low(found[0].start - 1) == "and":
            found[:0] = self._hidden(found[0].start - 1)
        yield from self._with_dated(found)

    def _with_dated(self, found: list[Group]) -> list[Group]:
        """The groups of a sentence with a past that may be a participle, where a date opens its clause:
        ``…, and in June 2013 a drug court opened in the capital``.
        """
        last = found[-1].end if found else 0
        if not any(_YEAR.fullmatch(word.low) for word in self.words[last:]):
            return found
        for at in range(last, len(self.words)):
            joint = self.low(at) == ";" or (self.low(at) in {",", "and", "but"} and self.low(at + 1) in ("in", "since"))
            dated = next((place for place in range(at + 2, at + 5) if _YEAR.fullmatch(self.low(place))), 0)
            if joint and dated and self.low(dated + 1) in self.lexicon.lists["determiners"]:
                ahead = range(dated + 2, len(self.words))
                verb = next((place for place in ahead if self.verb(place, "past") is not None), 0)
                hidden = self.verb(verb, "past") if verb else None
                return [*found, finish(verb, hidden, "any", None)] if hidden is not None else found
        return found

    def _boundary(self) -> int:
        """Where the first clause must have ended: a semicolon, or a comma before *but*, *and* …"""
        for at in range(len(self.words)):
            joined = self.low(at) == "," and self.low(at + 1) in self.lexicon.lists["coordinators"]
            if self.low(at) == ";" or joined:
                return at
        return len(self.words)

    def _hidden(self, end: int) -> list[Group]:
        """The one verb of a clause that has no other: a form that may be a noun, or a participle."""
        for at in range(1, end):
            found = self.verb(at, "s", "base", "past")
            if found is not None and self.low(at - 1)[-1:].isalpha() and self._may_be_hidden(at, found):
                return [finish(at, found, {"s": "sg", "base": "pl"}.get(found[2], "any"), None)]
        return []

    def _may_be_hidden(self, at: int, found: tuple[int, Cue, str]) -> bool:
        end, cue, form = found
        if self.low(at - 1) in self.lexicon.lists["no_verb_after"]:
            return False
        if form == "past":
            return self.low(end) in ("in", "on", "at", "during", "since", "until") and self.low(end + 1) != "by"
        plural = any(self.near.plural_before(before) for before in range(1, at + 1))
        takes = self.near.takes_object(end, str(cue.marks.get("noun", ""))) or bool(cue.marks.get("intransitive"))
        return bool(cue.marks.get("noun")) and takes and (form == "s" or plural)

    def group(self, at: int) -> Group | None:
        """The verb group that begins at a word; none where it only opens what is reported (``indicates that``)."""
        found = self._group(at)
        plain = found is not None and (found.denial is None or (found.cue is not None and found.cue.kind == "lacking"))
        return None if found is not None and plain and self._reports(found) else found

    def _reports(self, group: Group) -> bool:
        """Whether a verb opens what is reported, at once or by a word for a view: ``notes with concern that``."""
        opening = self.lexicon.lists["reporting"] | self.lexicon.lists["views"]
        if self.low(group.end) == "that":
            return any(self.low(at) in opening for at in range(group.start, group.end))
        for at in range(group.end, min(group.end + _VIEW, len(self.words))):
            if not self.low(at).isalpha() or self.low(at) in self.lexicon.lists["coordinators"] | {"that"}:
                return False
            if self.low(at) in self.lexicon.lists["views"] and self.low(at + 1) == "that":
                return True
        return False

    def _group(self, at: int) -> Group | None:
        low = self.low(at)
        less = low == "less" and self.low(at - 1) in ("still", "much", "even", "far")
        if (low in ("nor", "neither") or less) and self.near.is_auxiliary(at + 1):
            return denied_groups.inverted(self.near, at)
        if (fronted := self._fronted(at) or self._put_first(at)) is not None:
            return fronted
        if low in HAVE:
            return self._have(at)
        if low in DO:
            return self._do(at)
        if low in BE:
            return self._be(at)
        if low in _REMAIN and self.low(at + 1) == "for" and self.low(at - 1) in ("it", "still"):
            left = next((place for place in range(at + 2, at + _VIEW + 2) if self.low(place) == "to"), 0)
            return denied_groups.infinitive(self.near, at, left + 1, _REMAIN[low], "has-yet-to") if left else None
        if low in _REMAIN and self.low(at + 1) != "to":
            after, denied = self.near.skip(at + 1)
            return self._copula(at, after, _REMAIN[low], "not" if denied else None)
        if low in _SEEM and (seeming := self._seeming(at)) is not None:
            return seeming
        if low in self.lexicon.lists["modals"] | {"need"} and self.near.is_auxiliary(at):
            return self._modal(at)
        if low == "need" and (bare := self.verb(at + 1, "base")) and self.low(bare[0]) in self.lexicon.negatives:
            return finish(at, bare, "pl", None)  # "need report neither losses nor thefts"
        if denied_groups.is_verbless(self.near, at):
            return Group(at, at + 1 + (self.low(at + 1) == "ever"), None, "elliptic", "any", "not")
        if low in ("having", "being", "lacking") and (absolute := denied_groups.absolute(self.near, at)) is not None:
            return absolute
        if low in self.lexicon.lists["denying"] - {"not", "n't"} or (low == "no" and self.low(at + 1) == "longer"):
            return denied_groups.never(self.near, at)
        if low in self.lexicon.lists["before_no"] and self.low(at + 1) in {
            "no",
            "none",
            *self.lexicon.lists["denying"],
        }:
            but_no = denied_groups.but_no(self.near, at)
            if but_no is not None or self.low(at + 1) in ("no", "not", "none"):
                return but_no
        contrasts = low in self.lexicon.lists["contrasts"]
        if contrasts and self.low(at + 1) in self.lexicon.lists["denying_prepositions"]:
            but_no = denied_groups.but_no(self.near, at)
            if but_no is not None:
                return but_no
        if low in ("neither", "nor"):
            return denied_groups.neither(self.near, at)
        if low == "not":
            return denied_groups.participle(self.near, at)
        return self._simple(at)

    def _fronted(self, at: int) -> Group | None:
        """A denial put first, with its auxiliary before the subject: ``Nowhere are drugs profiled``."""
        if at > 0:
            return None
        end = 1 if self.low(0) in self.lexicon.lists["denying"] | {"nowhere"} else 0
        if self.low(1) == "no" and self.low(0) in ("in", "at", "under", "on", "to", "by"):
            end = next((place for place in range(3, 10) if self.near.is_auxiliary(place)), 0)
        if self._is_only(at):
            end = next((place for place in range(3, 10) if self.near.is_auxiliary(place)), 0)
            return replace(denied_groups.inverted(self.near, end - 1), start=0, denial=None) if end else None
        if end and self.near.is_auxiliary(end):
            return denied_groups.inverted(self.near, end - 1)
        return self._cleft() if self.low(0) == "what" else self._singled_out()

    def _singled_out(self) -> Group | None:
        """``It is the Council that coordinates drug policy``: what is said of whom the sentence singles out."""
        if self.low(0) != "it" or self.low(1) not in BE:
            return None
        denied = self.low(2) == "not"
        named = self.low(2 + denied) in self.lexicon.lists["determiners"] or self.low(2 + denied)[:1] == "§"
        places = range(4, _VIEW + 8) if named else range(0)
        opener = next((at for at in places if self.low(at) in ("that", "who") and not self.near.opens_report(at)), 0)
        inside = {self.low(at) for at in range(2, opener)}
        found = (
            self._group(opener + 1) if opener and not inside & {",", ";", *self.lexicon.lists["relatives"]} else None
        )
        if found is None or (denied and "but" not in inside):
            return None
        return replace(found, start=0)

    def _is_only(self, at: int) -> bool:
        """Whether a time or a condition is put first with what there was only then: ``Not until 2013 did …``."""
        opener, behind = self.low(at), self.low(at + 1)
        only = opener == "only" and behind in self.lexicon.lists["place_openers"] | {
            "with",
            "when",
            "if",
            "once",
            "then",
        }
        only = only and self.low(at + 2) not in self.lexicon.lists["scarce"]
        return only or (opener == "not" and behind in ("until", "before", "till"))

    def _put_first(self, at: int) -> Group | None:
        """A predicate said before that of which it is said: ``Missing are …``, ``In force is …``."""
        found = inversion(self.near, at)
        if found is None:
            return None
        done = found.form == "part"
        marks = frozenset({PUT_FIRST})
        return Group(at, found.end, found.cue, found.form, found.number, found.denial, passive=done, marks=marks)

    def _cleft(self) -> Group | None:
        """``What is absent is a protocol``, ``What has not been made is a survey``: what is named last is missing."""
        first = next((found for at in range(1, _VIEW) if (found := self._group(at)) is not None), None)
        cue = None if first is None else first.cue
        denies = first is not None and (first.denial is not None or (cue is not None and cue.value == "lacks"))
        behind = (at for at in range(first.end if first else 1, len(self.words) - 1) if self.low(at) in BE)
        last = next(behind, 0)
        return Group(0, last + 1, None, "copula", BE[self.low(last)], "lack-of") if denies and last else None

    def _have(self, at: int) -> Group | None:
        number = HAVE[self.low(at)]
        after, denied = self.near.skip(at + 1)
        if self.low(after) == "yet" and self.low(after + 1) == "to":
            return denied_groups.infinitive(self.near, at, after + 2, number, "has-yet-to")
        if self.low(after) == "been":
            return self._been(at, after + 1, number, denied)
        if self.low(after) == "to" and self.low(at - 1) == "still":
            return denied_groups.infinitive(self.near, at, after + 1, number, "has-yet-to")
        if self.low(after) == "to" and (must := self.verb(after + 1, "base")) is not None and must[1].kind == "lacking":
            return finish(at, must, number, "not" if denied else None)
        if (found := self.verb(after, "part")) is not None and not self.near.is_adjective(after, found):
            return finish(at, found, number, "not" if denied else None)
        if denied and self.lexicon.participle.fullmatch(self.low(after)):
            return Group(at, after + 1, None, "part", number, "not")
        if self._unknown_participle(after):
            return Group(at, after + 1, None, "part", number)
        found = self.verb(at, "s", "base", "past")
        if found is None or (self.low(at) == "have" and self.low(at - 1) == "to"):
            return None
        end = after if denied or after == at + 1 else at + 1
        return finish(at, (end, found[1], found[2]), number, "not" if denied else None)

    def _unknown_participle(self, at: int) -> bool:
        """``has stalled``: a participle no rule knows, with no noun behind it that it could describe."""
        after = self.low(at + 1)
        bare = not after[:1].isalpha() or after in self.lexicon.lists["prepositions"]
        return self.lexicon.participle.fullmatch(self.low(at)) is not None and bare

    def _been(self, at: int, after: int, number: str, denied: bool) -> Group | None:
        after, more = self.near.skip(after)
        denied = denied or more
        if (found := self.verb(after, "part")) is not None:
            return finish(at, found, number, "not" if denied else None, passive=True)
        if (found := self._progressive(after)) is not None:
            return finish(at, found, number, "not" if denied else None)
        return self._copula(at, after, number, "not" if denied else None)

    def _do(self, at: int) -> Group | None:
        if self.low(at - 1) == "to" and self.low(at + 1) == "so":
            return None  # "penalties for failing to do so have …"
        after, denied = self.near.skip(at + 1)
        if (found := self.verb(after, "base")) is not None:
            return finish(at, found, DO[self.low(at)], "not" if denied else None)
        if denied and self.low(after):
            lone = not self.low(after)[0].isalpha()
            return Group(at, after + (not lone), None, "elliptic" if lone else "base", DO[self.low(at)], "not")
        without = self.verb(at, "base", "s", "past")
        return None if without is None else finish(at, without, DO[self.low(at)], None)

    def _be(self, at: int) -> Group | None:
        number = BE[self.low(at)]
        after, denied = self.near.skip(at + 1)
        denial = "not" if denied else None
        if self.low(after) == "yet" and self.low(after + 1) == "to":
            return denied_groups.infinitive(self.near, at, after + 2, number, "has-yet-to")
        if self.low(after) in ("being", "last", "first", "next") and self.low(at - 1) not in ("there", ""):
            after, _ = self.near.skip(after + 1)
        if self.low(after) in ("all", "both", "each") and self.verb(after + 1, "part") is not None:
            after += 1
        if self.low(after) == "to" and (to := self._is_to(at, after, number, denial)) is not None:
            return to
        found = self.verb(after, "part")
        if found is not None and found[1].marks.get("infinitive") and self.verb(found[0], "base") is None:
            found = next((one for one in self._shorter(after) if not one[1].marks.get("infinitive")), None)
        if found is not None:
            return finish(at, found, number, denial, passive=True)
        if self.low(after) not in ("lacking", "missing") and (found := self._progressive(after)) is not None:
            return finish(at, found, number, denial)
        return self._copula(at, after, number, denial)

    def _shorter(self, at: int) -> Iterator[tuple[int, Cue, str]]:
        """A participle alone, without the words that another verb has behind it: ``is refused to no State``."""
        known = self.lexicon.verbs.get(self.low(at), ())
        yield from ((at + 1, cue, form) for rest, cue, form in known if form == "part" and not rest)

    def _is_to(self, at: int, after: int, number: str, denial: str | None) -> Group | None:
        """``is to establish``, ``are to be drafted``; what is *still to be* done is not done."""
        if any(self.low(place) == "still" for place in range(at + 1, after)):
            return denied_groups.infinitive(self.near, at, after + 1, number, "has-yet-to")
        if self.verb(after + 1, "base"):
            return Group(at, after + 1, self.lexicon.purpose, "is-to", number, denial)
        place, denied = self.near.skip(after + 2)
        found = self.verb(place, "part") if self.low(after + 1) == "be" else None
        if found is None:
            return None
        if found[1].kind == "lacking":
            return finish(at, found, number, denial, passive=True)
        return Group(at, found[0], self.lexicon.purpose, "is-to", number, "not" if denied else denial, passive=True)

    def _progressive(self, at: int) -> tuple[int, Cue, str] | None:
        """``is implementing``: a known verb in -ing."""
        low = self.low(at)
        if not low.endswith("ing"):
            return None
        for stem in (low[:-3], f"{low[:-3]}e", low[:-4]):
            for rest, cue, form in self.lexicon.verbs.get(stem, ()):
                if form == "base" and all(self.low(at + 1 + step) == word for step, word in enumerate(rest)):
                    return at + 1 + len(rest), cue, "ing"
        return None

    def _copula(self, at: int, after: int, number: str, denial: str | None) -> Group | None:
        """*is* with what it says: words of a copula cue, *there is*, or anything when denied."""
        if self.low(at - 1) == "there" or self.low(at + 1) == "there":
            return Group(at, after, None, "there", number, denial)
        if self._names_body(after):
            return Group(at, after, self.lexicon.body, "copula", number, denial)
        places = (after, at + 1) if self.low(at + 1) == "too" else (after,)
        starts = [self.words[place].start if place < len(self.words) else len(self.text) for place in places]
        for expression, cue in self.lexicon.copulas:
            if any(expression.match(self.text, start) for start in starts):
                return Group(at, after, cue, "copula", number, denial)
        if denial is None and self.low(after) not in ("no", "neither"):
            return Group(at, after, None, "copula", number)
        return Group(at, after, None, "copula", number, denial)

    def _seeming(self, at: int) -> Group | None:
        """``continues to be``, ``proved``: a copula where words of a copula cue follow."""
        after, denied = self.near.skip(at + 3 if (self.low(at + 1), self.low(at + 2)) == ("to", "be") else at + 1)
        said = self._copula(at, after, _SEEM[self.low(at)], "not" if denied else None)
        return said if said is not None and said.cue is not None else None

    def _names_body(self, after: int) -> bool:
        after += self.low(after) in ("the", "a", "an")
        name = self.words[after].name if after < len(self.words) else None
        return (
            name is not None
            and name.kind == "institution"
            and self.low(after + 1) in (",", ".", ";", "and", "of", "which", "")
        )

    def _modal(self, at: int) -> Group | None:
        after, denied = self.near.skip(at + 1)
        denial = "not" if denied or self.low(at) == "cannot" else None
        if self.low(after) in ("be", "have"):
            passive = self.low(after) == "be"
            after, _ = self.near.skip(after + 1)
            found = self.verb(after, "part")
        else:
            passive = False
            found = self.verb(after, "base")
        if "still" in [self.low(place) for place in range(at + 1, after)] and self.low(at) in ("must", "should"):
            denial = "has-yet-to"
        if found is not None:
            return finish(at, found, "any", denial, passive)
        said = self._copula(at, after, "any", denial) if passive else None
        if said is not None and said.cue is not None:
            return said
        end = after + (self.lexicon.participle.fullmatch(self.low(after)) is not None)
        return Group(at, end, None, "modal", "any", denial) if denial else None

    def _simple(self, at: int) -> Group | None:
        """A known verb without auxiliary, where its neighbours allow a verb."""
        forms = (self.verb(at, form) for form in ("s", "base", "past"))
        found = next((found for found in forms if found is not None and self.near.may_be_verb(at, found)), None)
        if found is None:
            return self._by_form(at)
        counted = bool(found[1].marks.get("noun")) or (found[2] == "s" and self.low(at + 1) in ("are", "were", "have"))
        noun = counted and found[0] == at + 1 and self.near.is_auxiliary(at + 1)
        if noun or (self.low(at) == "lack" and self.low(at + 1) == "of"):
            return None
        if self.low(found[0]) == "that" and self.low(at) in self.lexicon.lists["reporting"]:
            return None
        both = found[2] == "base" and self.verb(at, "past") is not None and not self.near.plural_before(at)
        number = "any" if both else {"s": "sg", "base": "pl", "past": "any"}[found[2]]
        parted = found[0] > at + 2  # "sets no money aside"
        return finish(at, found, number, self.lexicon.negatives.get(self.low(at + 1)) if parted else None)

    def _by_form(self, at: int) -> Group | None:
        """A verb that no rule knows, by its ending, its subject right before and its object right behind."""
        low, after = self.low(at), self.low(at + 1)
        present = re.fullmatch(r"[a-z]{3,}[^sui]s", low) is not None
        past = re.fullmatch(r"[a-z]{3,}ed", low) is not None and low not in self.lexicon.verbs
        subject = self.near.has_subject(at) and self.low(at - 1) not in ("also", "both", "state")
        takes = after in self.lexicon.lists["determiners"] or (after.startswith("§") and after != "§country")
        known = any(not rest for rest, _, _ in self.lexicon.verbs.get(low, ()))
        known = known or low in self.lexicon.lists["plurals"]
        if self.low(at - 1) == "who" and low.isalpha() and after in self.lexicon.lists["determiners"]:
            return None if low in self.lexicon.lists["prepositions"] else Group(at, at + 1, None, "unknown", "any")
        if not (present or past) or known or not subject or not takes:
            return None
        return Group(at, at + 1, None, "unknown", "sg" if present else "any")

"""Spanish verb groups to clauses: what is said of whom. Only clauses that say something of their own count.

Relative clauses, purposes and conditions describe what another clause says, with the exceptions of ``docs/coding.md``:
``, que cuenta con`` and relative clauses that deny. Verbs that share one object make one clause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mem_graph.reading.syntax.predications import Range
from mem_graph.reading.syntax.spanish_contrasts import contrast
from mem_graph.reading.syntax.spanish_groups import groups, opens_gap
from mem_graph.reading.syntax.spanish_verb_groups import Finder, Group

_SIGNS = frozenset(",;:")
_PAIR = 5
"""So many words at most stand between what opens a clause and the *y* that joins two nouns of its subject."""
_HAVE = ("tener", "contar con", "disponer de")


@dataclass(frozen=True, slots=True)
class Clause:
    """One predication: its verb group, where its own words begin, its subject before the verb, the words behind it."""

    group: Group
    start: int
    subject: Range | None
    """None: the subject of the clause before."""
    rest: Range


@dataclass(frozen=True, slots=True)
class _Step:
    """How a verb group joins what stands before it."""

    how: Literal["main", "joined", "new", "shared", "below", "without"]
    start: int = 0
    subject: int | None = None


def clauses(finder: Finder) -> tuple[Clause, ...]:
    """The clauses of a sentence that say something of their own, from left to right."""
    return _Walk(finder).run()


def verb(finder: Finder, clause: Clause) -> int:
    """Where the verb of a clause stands that says what is done: the last known one of the group."""
    group = clause.group
    known = (at for at in range(group.end - 1, group.start - 1, -1) if finder.low(at) in finder.lexicon.verbs)
    return next(known, group.main)


def infinitives(finder: Finder, at: int) -> set[str]:
    """The verbs that a word may be a form of."""
    return {form.infinitive for form in finder.lexicon.verbs.get(finder.low(at), ())}


class _Walk:
    """Goes through the verb groups of one sentence and keeps the clauses found so far."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self.words = finder.words
        self.low = finder.low
        self.found: list[Clause] = []
        self.last: Group | None = None
        self.below: Group | None = None
        self.pending: int | None = None
        """Where a subject begins that a relative clause interrupts: ``, y los centros que …``."""

    def run(self) -> tuple[Clause, ...]:
        """Every clause with the words behind its verb, up to the next clause."""
        met = tuple(groups(self.finder))
        for number, group in enumerate(met):
            self._take(group, self._step(group, met[number + 1 :]))
            self.last = group
        if not self.found:
            self._take_late(met)
        return tuple(self._ended(at) for at in range(len(self.found)))

    def _take_late(self, groups: Sequence[Group]) -> None:
        """Where all hangs below: the first verb that does not stand next to its opener: ``La red que … no se ha``."""
        for before, group in zip((None, *groups), groups, strict=False):
            opener = self._opener(before.end if before else 0, group.start)
            far = opener is not None and opener > 0 and group.start - opener > 3
            if opener is None or (group.form != "elliptic" and (far or self._has_own_verb(opener, group))):
                self.found.append(Clause(group, 0, (0, group.start), (group.end, group.end)))
                return

    def _has_own_verb(self, opener: int, group: Group) -> bool:
        """Whether a verb that no rule knows stands behind an opener: ``Quienes viven en la calle no reciben …``."""
        first = self.finder.skip(opener + 1)
        if self.finder.is_in(first, "clitics") and self._is_finite(first + 1) and first + 2 <= group.start:
            return True  # "El personal que los custodia carece de …"
        noun = self.low(first).startswith("§") or any(
            self.finder.is_in(first, words) for words in ("determiners", "prepositions", "clitics", "subject_starts")
        )
        said = self.low(opener) in ("que", "quien", "quienes", "donde")
        return said and not noun and self.low(first)[:1].isalpha() and first + 1 < group.start

    def _is_finite(self, at: int) -> bool:
        return any(form.kind in ("sg", "pl") for form in self.finder.lexicon.verbs.get(self.low(at), ()))

    def _ended(self, at: int) -> Clause:
        clause = self.found[at]
        end = self.found[at + 1].start if at + 1 < len(self.found) else len(self.words)
        while end > clause.group.end and (self._is_joint(end - 1) or self.low(end - 1) in (".", "?", "!")):
            end -= 1
        return replace(clause, rest=(clause.group.end, max(end, clause.group.end)))

    def _take(self, group: Group, step: _Step) -> None:
        if step.how == "below":
            self.below = group
            return
        if step.how == "shared":
            last = self.found[-1]
            self.found[-1] = replace(last, group=replace(last.group, end=group.end))
            return
        if step.how == "without":
            group = replace(group, negated=True)
        if group.form == "gap":
            before = self.found[-1].group
            group = replace(group, cue=before.cue, passive=before.passive)
        subject = None if step.how == "joined" else (step.subject or 0, group.start)
        self.found.append(Clause(group, step.start, subject, (group.end, group.end)))
        self.below = self.pending = None

    # -- how a group joins ----------------------------------------------------------------------------------------

    def _step(self, group: Group, later: Sequence[Group]) -> _Step:
        start = self.last.end if self.last else 0
        if group.form in ("elliptic", "gap"):
            return self._verbless(group, start)
        if group.form == "no-verb":
            return _Step("joined", group.start) if self.found else _Step("below")
        if (against := contrast(self.finder, start, group.start)) is not None:
            return _Step("new" if self.found else "main", against[0] if self.found else 0, against[1])
        opener = self._opener(start, group.start)
        if opener is not None and (self.found or opener > 1 or not self._has_own_verb(opener, group)):
            return self._relative(group, opener)
        if (
            self.low(group.start) == "ni"
            and self.found
            and self.low(0) == "sin"
            and self.found[-1].group.end == group.start
        ):
            return _Step("shared")
        if self.low(group.start) == "ni" and self.found:
            hangs = self.below is not None and self.last is self.below
            again = hangs and self.below is not None and not self.below.negated and self.found[-1].group.negated
            return _Step("below") if hangs and not again else _Step("joined", group.start)
        separators = [at for at in range(start, group.start) if self._is_joint(at)]
        bare = bool(separators) and self._is_bare(separators[-1], group.start)
        if bare and self.low(separators[-1]) == ",":
            separators = self._without_aside(separators, group.start)
            bare = self._is_bare(separators[-1], group.start)
        if not self.found:
            closed = bare and self.low(separators[-1]) in _SIGNS
            hangs = bare and not closed and self.below is not None and any(self._is_free(one, group) for one in later)
            return _Step("below") if hangs else _Step("main", 0, self._said_from(group.start))
        if not separators:
            return self._unattached()
        return self._coordinated(group, start, separators) if bare else self._with_subject(group, separators)

    def _without_aside(self, separators: list[int], end: int) -> list[int]:
        """The separators without the commas of an aside before a verb: ``; las multas, en cambio, no …``."""
        opens = next((at for at in separators if self.low(at) == "," and self.finder.skip(at) >= end), None)
        before = [at for at in separators if opens is not None and at < opens]
        own = bool(before) and before[-1] + 1 < (opens or 0) and self.low(before[-1]) in (";", "pero", "mas")
        return before if own else separators

    def _said_from(self, end: int) -> int:
        """Where what is said begins, behind *que*, if a subject stands there; else where the sentence does."""
        last = self.finder.openings.last(end)
        return last + 1 if last is not None and self.finder.skip(last + 1) < end else 0

    def _verbless(self, group: Group, start: int) -> _Step:
        """``…; los jueces, no``: what stands between the last sign or *y* and the denial is denied."""
        last = group.start
        while self._is_joint(last - 1) or self.finder.is_in(last - 1, "adverbs"):
            last -= 1
        signs = [at for at in range(start, last) if self._is_joint(at)]
        if group.form == "gap":
            signs = [at for at in signs if opens_gap(self.finder, at)] or signs
        if not self.found and not signs and last > 0 and self.low(group.end) in (".", ""):
            return _Step("main", 0, 0)
        if not self.found or not signs or signs[-1] + 1 >= last:
            return _Step("below")
        return _Step("new", self._cut(signs[-1]), signs[-1] + 1)

    def _is_joint(self, at: int) -> bool:
        return self.low(at) in _SIGNS or self.finder.is_in(at, "coordinators")

    def _is_bare(self, separator: int, end: int) -> bool:
        """Whether only adverbs stand between a separator and the verb."""
        return self.finder.skip(separator + 1) >= end

    def _is_free(self, group: Group, after: Group) -> bool:
        return self._opener(after.end, group.start) is None

    def _opener(self, start: int, end: int) -> int | None:
        """Where the last word stands that makes the coming verb hang below another, if one does."""
        at = end - 1
        while at >= start:
            low = self.low(at)
            if low == ",":
                opened = next((place for place in range(at - 1, start - 1, -1) if self.low(place) == ","), at)
                inside = next((place - 1 for place in (at, opened) if self._hangs(place - 1)), None)
                return inside if inside is not None and inside >= start else None
            if low in (";", ":") or (
                self.finder.is_in(at, "coordinators") and at < end - 1 and not self._noun_list(at, end)
            ):
                return None
            if at in self.finder.openings.said:
                return None
            if self._opens(at, end):
                return at
            at -= 1
        return None

    def _hangs(self, at: int) -> bool:
        return self.low(at) in ("que", "quien") and at not in self.finder.openings.said

    def _opens(self, at: int, end: int) -> bool:
        low, before = self.low(at), self.low(at - 1)
        if not self.finder.is_in(at, "relatives"):
            return False
        said = self.finder.is_in(at - 1, "reporting") and not self.finder.is_in(at - 2, "determiners")
        if low == "que" and (said or before in ("sino",)):
            return False
        if low in ("como", "según", "conforme"):
            return at + 1 == end or (at + 2 == end and self.finder.is_in(at + 1, "clitics"))
        return True

    def _noun_list(self, at: int, end: int) -> bool:
        """Whether *y* joins two nouns of one subject: ``que policías y aduanas aplican``."""
        return self.low(at) in ("y", "e", "o") and end - at < 4 and not self.finder.is_in(at + 1, "subject_starts")

    def _relative(self, group: Group, at: int) -> _Step:
        """``, que cuenta con`` and relative clauses that deny say something new; the others describe."""
        before = at - 1
        while before > 0 and (
            self.finder.is_in(before, "prepositions") or self.low(before) in ("el", "la", "los", "las")
        ):
            before -= 1
        if not self.found and not self.last and before <= 0:
            return _Step("below")
        if self.found:
            self._note_subject(at)
        comma = self.low(before) == ","
        has = group.cue is not None and group.form == "verb" and self._has(group)
        led = self.low(at - 1) == "para" or (
            self.low(at - 1) in ("el", "la", "los", "las") and self.low(at - 2) == "para"
        )
        there = led and (group.form == "there" or (group.cue is not None and group.cue.id == "es.verb.existir"))
        denies = group.negated or (group.cue is not None and group.cue.kind == "lacking")
        main = self.found[-1].group if self.found else None
        if (
            self.found
            and self.low(at - 1) == "sin"
            and self.low(at - 2) == ","
            and not self._denied(self.found[-1].group)
        ):
            return _Step("below") if self.finder.is_in(group.end, "no_loss") else _Step("without", at - 1, at + 1)
        purpose = self.finder.is_in(before, "purposes") or self.low(at - 1) in ("para", "sin", "lo")
        near = (
            main is not None
            and self._holds(main)
            and not any(
                self.finder.is_in(place, "prepositions") and self.low(place) not in ("de", "del")
                for place in range(main.end, before)
            )
        )
        noun = main is not None and before >= main.end
        news = comma and has and self.low(at) in ("que", "cual", "cuales", "quien")
        placed = self.low(at - 1) in ("el", "la", "los", "las") and self.low(at - 2) == "en"
        news = news and not (placed and self.finder.skip(at + 1) < group.start)  # ", en la que todas tienen un enlace"
        said = (
            denies and not purpose and noun and (comma or near) and self.low(at) in ("que", "cual", "cuales", "quien")
        )
        news = news or (comma and there and self.low(at) in ("que", "cual", "cuyo", "cuya", "cuyos", "cuyas"))
        if main is not None and (news or said) and not self._denied(main):
            return _Step("joined", before if comma else at)
        return _Step("below")

    def _has(self, group: Group) -> bool:
        """Whether a group is a form of *have*, with nothing but its own words."""
        first = self.finder.lexicon.verbs.get(self.low(group.main), ())
        return any(" ".join((form.infinitive, *form.rest)) in _HAVE for form in first)

    def _holds(self, group: Group) -> bool:
        """Whether a verb says that its object is there, so that what the object lacks is said of it."""
        return group.form == "there" or (group.cue is not None and group.cue.value == "has")

    def _denied(self, group: Group) -> bool:
        return group.negated or (group.cue is not None and group.cue.kind == "lacking")

    def _note_subject(self, opener: int) -> None:
        """Keep where a new subject begins that the relative clause behind it describes."""
        start = self.last.end if self.last else 0
        joints = [at for at in range(start, opener) if self.finder.is_in(at, "coordinators") or self.low(at) == ";"]
        first = joints[-1] + 1 if joints else opener
        begins = self.finder.is_in(first, "subject_starts") or self.low(first) in ("a", "al")
        if first < opener and (begins or self.low(first).startswith("§")):
            self.pending = first

    def _unattached(self) -> _Step:
        """A verb that nothing joins: of the subject that a relative clause interrupted, else below."""
        if self.pending is not None and self.below is not None:
            return _Step("new", self.pending, self.pending)
        return _Step("below")

    def _coordinated(self, group: Group, start: int, separators: Sequence[int]) -> _Step:
        """A verb right behind a comma or *y*: of the same subject, unless it hangs below or shares its object."""
        main = self.found[-1].group
        comma = any(self.low(at) in _SIGNS for at in separators[-2:])
        if self.pending is not None and self.below is not None and comma:
            return _Step("new", self.pending, self.pending)
        between = self.finder.skip(start) >= separators[-1] or all(
            self._is_joint(at) for at in range(start, group.start)
        )
        said_again = any(start <= at < group.start for at in self.finder.openings.said)
        listed = self.low(separators[-1]) != "ni" and self.low(group.start) not in ("ni", "tampoco") and not said_again
        if listed and between and self.last is not None and self.last.end == main.end and self._alike(group, main):
            return _Step("shared")
        if self.below is not None and self.last is self.below:
            fits_below = group.number == self.below.number or "any" in (group.number, self.below.number)
            again = comma and (group.number == main.number or group.form == "there")
            if fits_below and not again and self.low(separators[-1]) != "pero":
                return _Step("below")
        return _Step("joined", self._cut(separators[-1]))

    def _alike(self, group: Group, main: Group) -> bool:
        """Whether two verbs may share one object: both deny or neither, and neither has an object or predicate."""
        kinds = {group.form, main.form}
        subject = self.found[-1].subject or (0, 0)
        first = self.finder.skip(subject[0])
        named = first < subject[1] and not self.finder.is_in(first, "prepositions")
        if named and self.low(main.start) == "se" and self.low(group.start) != "se" and group.end - group.start == 1:
            follows = self.finder.skip(group.end)
            if self.low(follows)[:1].isalpha() and not self.finder.is_in(follows, "prepositions"):
                return False  # "se evalúan y comparten información"
        return kinds <= {"verb", "unknown"} and (group.negated, group.passive) == (main.negated, main.passive)

    def _with_subject(self, group: Group, separators: Sequence[int]) -> _Step:
        """A verb with words between it and a sign or *y*: a subject of its own, or a time or place put first."""
        last, paired = self.low(separators[-1]), False
        for at in reversed(separators):
            if self.low(at) == "ni" and any(self.low(before) == "ni" for before in separators if before < at):
                continue
            if self.low(at) == "ni" and self.low(at - 1) in (";", ":"):
                return _Step("new", at, at)
            parting = paired or self.low(at) in (";", ":") or self.finder.is_in(at, "coordinators")
            if at != separators[-1] and not parting:
                continue
            first = self._first(at + 1, group.start)
            if self._joins_subjects(at, first, separators):
                paired = True
                continue
            strong = self.low(at) in (";", ":")
            if strong or self._begins_subject(first, at):
                return _Step("new", self._cut(at), first)
            placed = self.finder.is_in(first, "prepositions") or self.finder.is_in(first, "place_openers")
            if placed and (self.finder.is_in(at, "coordinators") or last == ","):
                return _Step("joined", self._cut(at))
        return _Step("below")

    def _joins_subjects(self, at: int, first: int, separators: Sequence[int]) -> bool:
        """Whether *y* joins a noun without its article to one before: ``pero los abogados y notarios no reportan``."""
        bare = not self.finder.is_in(first, "subject_starts") and self.low(first)[:1].isalpha()
        if self.low(at) not in ("y", "e") or not bare or self.finder.is_in(first, "prepositions"):
            return False
        near = (place for place in separators if at - _PAIR <= place < at - 1)
        return any(self.finder.is_in(self._first(place + 1, at), "determiners") for place in near)

    def _first(self, at: int, end: int) -> int:
        """Past adverbs and further separators to where a subject begins."""
        while at < end and (self._is_joint(at) or self.finder.skip(at) > at):
            if self.low(at) in ("ni",):
                break
            at = at + 1 if self._is_joint(at) else self.finder.skip(at)
        return at

    def _begins_subject(self, first: int, at: int) -> bool:
        joined = self.finder.is_in(at, "coordinators") or self.low(at) == ","
        own = self.finder.is_in(first, "determiners") and self.below is not None and not self.below.negated
        near = self.below is None or self.low(at - 1) == "," or self.low(at) != "y" or own
        begins = self.finder.is_in(first, "subject_starts") or self.low(first).startswith("§")
        return joined and near and (begins or self.finder.is_in(at, "coordinators"))

    def _cut(self, at: int) -> int:
        """Back over signs and coordinators that stand together: ``, y``; the clause begins behind them."""
        while self._is_joint(at + 1) and self.low(at + 1) != "ni":
            at += 1
        return at + 1 if self.low(at) != "ni" else at

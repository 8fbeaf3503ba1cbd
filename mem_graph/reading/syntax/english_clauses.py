"""Sentences to clauses: what is asserted or denied of whom. Only clauses that say something of their own count.

Relative clauses, purposes and conditions describe what another clause says, with the exceptions of ``docs/coding.md``:
``, which has`` and relative clauses that deny. Verbs that share one object make one clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mem_graph.reading.syntax.english_groups import ABSOLUTE, PUT_FIRST, Group
from mem_graph.reading.syntax.english_openers import SIGNS, Openers
from mem_graph.reading.syntax.english_relatives import Relatives
from mem_graph.reading.syntax.english_subjects import Subjects
from mem_graph.reading.syntax.english_verb_groups import Parser
from mem_graph.reading.syntax.tokens import Token

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Clause:
    """One predication.

    The words of its subject (None: that of the clause before), its verb group, the words after it.
    """

    group: Group
    subject: Range | None
    rest: Range
    relative: bool = False

    @property
    def start(self) -> int:
        """Where its own words begin."""
        return self.group.start if self.subject is None else self.subject[0]


@dataclass(frozen=True, slots=True)
class _Step:
    """How a verb group joins what stands before it."""

    how: Literal["main", "joined", "new", "relative", "shared", "below", "instead"]
    cut: int = 0
    """Where the clause before ends."""
    subject: int = 0


class _Walk:
    """Goes through the verb groups of one sentence and keeps the clauses found so far."""

    def __init__(self, parser: Parser) -> None:
        self.parser = parser
        self.openers = Openers(parser)
        self.relatives = Relatives(parser)
        self.subjects = Subjects(parser)
        self.words = parser.words
        self.lists = parser.lexicon.lists
        self.clauses: list[Clause] = []
        self.last: Group | None = None
        self.last_below: Group | None = None
        self.number = "any"
        self.first_number = "any"
        self.pending: int | None = None
        """Where a subject begins that a relative clause interrupts: ``although the plan that …``."""

    def run(self) -> tuple[Clause, ...]:
        """The clauses of the sentence, each with the words that follow its verb up to the next clause."""
        groups = tuple(self.parser.groups())
        for number, group in enumerate(groups):
            aside = self._aside(group, groups[number + 1 :])
            if self.clauses and self._is_in_subject(group):
                continue
            self._take(group, _Step("below") if aside else self._step(group))
            self.last = None if (aside or group.form == "but-no") and not self.clauses else group
        if not self.clauses:
            self._take_late(groups)
        end = len(self.words) - (bool(self.words) and self.words[-1].low in ".?!")
        return tuple(clause if clause.rest[1] else _to(clause, end) for clause in self.clauses)

    def _take_late(self, groups: Sequence[Group]) -> None:
        """Where all hangs below: the verb far from its opener, whose own no rule knows: ``who break … face``."""
        for group in groups:
            opener = self.openers.relative(0, group.start)
            known = group.cue is not None and group.form in ("base", "s", "copula")
            far = opener is not None and 0 < opener < group.start - 3 and self._opens_relative(opener)
            asks = opener == 0 and self.words[0].low in ("whether", "how", "why") and group is groups[-1]
            if (known and far) or self._ends_unknown(group, opener) or (asks and group.start > 3):
                self._take(group, _Step("main", 0, 0))
                return

    def _opens_relative(self, opener: int) -> bool:
        return self.words[opener].low in ("who", "that", "which")

    def _ends_unknown(self, group: Group, opener: int | None) -> bool:
        """Whether an auxiliary follows a relative clause whose verb no rule knows: ``who relapse are given``."""
        if opener is None or opener == 0 or self.words[opener].low != "who":
            return False
        sure = group.form == "base" and self.parser.low(group.end) in self.lists["sure_objects"]
        if group.start - opener != 2 and not (sure and group.start - opener == 3):
            return False
        told = self.words[opener + 1].low
        verb = self.parser.near.is_auxiliary(group.start) or group.form == "base"
        return verb and told not in self.lists["adverbs"] and told[-2:] != "ly"

    def _aside(self, group: Group, later: Sequence[Group]) -> bool:
        """A participle set off by commas before the first verb, or that opens the sentence.

        ``A table, convened every month, brings …``; ``Controlled substances are …``, ``Delays in … are …``.
        """
        if group.form in ("past", "s") and group.start == 0 and any(one.form != "past" for one in later):
            return True
        participle = group.form == "past" and self.parser.verb(group.start, "part") is not None
        apart = participle and self.words[group.start - 1].low == "," and not self.clauses
        apart = apart and not self._closes_aside(group.start - 1) and not self._takes_object(group)
        closed = bool(later) and any(word.low == "," for word in self.words[group.end : later[0].start])
        return apart and closed

    def _takes_object(self, group: Group) -> bool:
        """Whether a form has an object and so is no participle: ``, since closed, completed a study``."""
        after = self.parser.low(group.end)
        hangs = group.end > group.start + 1 and self.parser.low(group.end - 1) in self.lists["prepositions"]
        return not hangs and (after in self.lists["sure_objects"] or after[:1].isdigit())

    def _closes_aside(self, comma: int) -> bool:
        """Whether a comma closes what describes the subject: ``The Council, chaired by the Minister, met …``."""
        opened = next((at for at in range(comma - 1, 0, -1) if self.words[at].low == ","), 0)
        first = self.parser.low(opened + 1)
        described = self.parser.lexicon.participle.fullmatch(first) is not None or first in ("a", "an")
        return bool(opened) and described

    def _take(self, group: Group, step: _Step) -> None:
        if step.how == "below":
            self.last_below = group
            return
        self.pending = None
        if step.how == "shared":
            clause = self.clauses[-1]
            self.clauses[-1] = replace(clause, group=replace(clause.group, end=group.end), rest=(group.end, 0))
            return
        if self.clauses and step.how != "instead":
            self.clauses[-1] = _to(self.clauses[-1], step.cut)
        subject = (step.subject, group.start) if step.how in ("main", "new", "instead") else None
        clause = Clause(group, subject, (group.end, 0), step.how == "relative")
        if step.how == "instead":
            self.clauses[-1] = replace(clause, subject=(self.clauses[-1].start, group.start))
        else:
            self.clauses.append(clause)
        self.last_below = None
        self._count(group, step)

    def _count(self, group: Group, step: _Step) -> None:
        """Keep the number of the subject, by which a later verb without subject is told from one that hangs below."""
        if step.how in ("main", "new", "instead"):
            self.number = group.number
            if self.number == "any" and self._singular(step.subject, group.start):
                self.number = "sg"
        if step.how == "main" or step.how == "instead":
            self.first_number = self.number

    def _singular(self, start: int, end: int) -> bool:
        return any(
            word.low in ("§country", "country", "it", "government", "§institution") for word in self.words[start:end]
        )

    # -- how a group joins ----------------------------------------------------------------------------------------

    def _step(self, group: Group) -> _Step:
        start = self.last.end if self.last else 0
        if group.denial == "nor" and group.inverted is not None and self.clauses:
            return _Step("new", self._before(group.start), group.inverted)
        if self.clauses and PUT_FIRST in group.marks:
            return _Step("new", self._before(group.start), group.start)
        if group.denial is not None and len(self.clauses) == 1 and self._is_cause(self.clauses[0]):
            return _Step("below")
        if ABSOLUTE in group.marks:
            first = group.start - (group.form == "there")
            return _Step("joined", self._before(group.start)) if self.clauses else _Step("main", 0, first)
        if group.form == "elliptic" and not self.parser.near.is_auxiliary(group.start):
            return self._verbless(group, start)
        if group.form == "but-no":
            return _Step("joined", self._before(group.start)) if self.clauses else _Step("below")
        relative = self.openers.relative(start, group.start)
        if relative is None:
            relative = self.openers.compared(group, start) or self.openers.listed(start, group.start)
        if relative == 0 and self._answers(group):
            return _Step("main", 0, 0)
        if relative is not None:
            self._note_subject(start, relative)
            return self._below_or_relative(group, relative)
        separators = self._separators(start, group.start)
        if (reported := self.openers.reported(start, group.start)) is not None:
            cut = self._before(next((at for at in separators if at < reported), reported - 1))
            return _Step("new", cut, reported) if self.clauses else _Step("main", 0, reported)
        joint = separators and self.words[separators[-1]].low in self.lists["coordinators"]
        if not self.clauses and group.form == "past" and joint and self._bare(separators[-1], group.start):
            return _Step("below")
        if not self.clauses:
            below = joint and self._bare(separators[-1], group.start) and group.form != "copula"
            denied = next((at + 1 for at in reversed(separators) if self.words[at + 1].low in ("no", "neither")), 0)
            return _Step("below") if below and self._agrees(group, self.last_below) else _Step("main", 0, denied)
        if not separators or self._is_of_participle(group, separators):
            return self._unattached(group)
        if self._bare(separators[-1], group.start):
            parted = self.subjects.parted(group, separators, self.last_below is not None)
            if parted is not None:
                return _Step("new", self._before(parted), parted)
            return self._coordinated(group, start, separators)
        return self._with_subject(group, separators)

    def _is_cause(self, clause: Clause) -> bool:
        """Whether a clause only tells why the next denies: ``There being no budget, the survey was put off``."""
        return ABSOLUTE in clause.group.marks and clause.group.form == "there"

    def _answers(self, group: Group) -> bool:
        """Whether a verb leaves a question open that begins the sentence: ``Whether they work is not known``."""
        asks = not self.clauses and self.words[0].low in ("whether", "how", "why") and group.start > 2
        return asks and group.denial is not None and group.number != "pl" and self.parser.near.is_auxiliary(group.start)

    def _verbless(self, group: Group, start: int) -> _Step:
        """``…, selective prevention nowhere``: what stands between the last sign or *but* and the denial is denied."""
        signs = [at for at in self._separators(start, group.start) if at < group.start - 1]
        if not self.clauses or not signs:
            return _Step("below")
        return _Step("new", self._before(signs[-1]), self.subjects.first(signs[-1] + 1, group.start))

    def _below_or_relative(self, group: Group, at: int) -> _Step:
        """``, which has`` and a relative clause that denies say something new; other relative clauses describe."""
        if not self.clauses or self.clauses[-1].group.denial:
            return _Step("below")
        before = self.relatives.before(at)
        cut = before if self.words[before].low == "," else at
        news = cut == before and self.words[at].low == "which" and self.relatives.is_had(group, at, before)
        main = self.clauses[-1].group
        if news or (self.relatives.denies(group, at) and self.relatives.tells(group, main, at, before)):
            own = self.words[at + 1].low in self.parser.lexicon.negatives
            return _Step("new", cut, at + 1) if own else _Step("relative", cut)
        return _Step("below")

    def _note_subject(self, start: int, opener: int) -> None:
        """Keep where a subject begins that the relative clause behind it interrupts."""
        joints = [at for at in range(start, opener) if self.words[at].low in {*";:", *self.lists["coordinators"]}]
        if self.words[opener - 1].low == "those" and self.words[opener - 2].low == ",":
            joints.append(opener - 2)
        first = self.subjects.first(joints[-1] + 1, opener) if joints else opener
        if first < opener and (self.words[first].low in self.lists["subject_starts"] or joints[-1] > start):
            self.pending = first

    def _separators(self, start: int, end: int) -> list[int]:
        return [
            at
            for at in range(start, end)
            if self.words[at].low in SIGNS or self.words[at].low in self.lists["coordinators"]
        ]

    def _bare(self, separator: int, end: int) -> bool:
        """Whether only adverbs stand between a separator and the verb."""
        return all(
            self.words[at].low in self.lists["adverbs"] or self.words[at].low.endswith("ly")
            for at in range(separator + 1, end)
        )

    def _coordinated(self, group: Group, start: int, separators: Sequence[int]) -> _Step:
        """A verb right after a comma or *and*: of the same subject, unless it hangs below or shares its object."""
        main = self.clauses[-1].group
        word = self.words[separators[-1]].low
        comma = any(self.words[at].low in SIGNS for at in separators[-2:])
        plain = not self.parser.near.is_auxiliary(group.start)
        closes = group.form in ("s", "copula", "modal") or self.words[group.start].low in self.lists["auxiliaries"]
        if self.pending is not None and self.last_below is not None and word == "," and closes:
            return _Step("new", self._before(self.pending), self.pending)
        if plain and word in ("or", "nor") and (main.denial or self._nobody(self.clauses[-1])):
            return _Step("below")
        if self._shares(group, start, main):
            return _Step("shared")
        if plain and group.denial is None and not self._goes_on(group, main):
            return _Step("below")
        hangs = self.last_below and self._agrees(group, self.last_below) and not self._is_parallel(group, main)
        if hangs and not (comma and self._agrees_main(group)):
            return _Step("below")
        earlier = comma and (not plain or group.number == self.first_number)
        infinitive = main.denial is not None and self.words[main.start].low in self.lists["auxiliaries"]
        if not (self._agrees_main(group) or earlier) or (plain and infinitive and group.form == "base"):
            return _Step("below")
        return _Step("joined", self._before(separators[-1]))

    def _is_parallel(self, group: Group, main: Group) -> bool:
        """Whether a plain verb has the form of the main one, and what hangs between them has another:
        ``enters them in a register that is renewed yearly and inspects …``.
        """
        below = self.last_below
        other = below is not None and (below.passive or below.form == "copula")
        listed = len(self.clauses) > 1 and self.clauses[-1].subject is None
        return other and listed and group.form == main.form == "s" and not group.passive

    def _goes_on(self, group: Group, main: Group) -> bool:
        """Whether a plain verb goes on with the subject of the main one: not as an infinitive, nor as a participle."""
        if self._infinitive(group):
            return False
        state = main.form in ("modal", "copula") or main.passive
        if group.form == "past":
            after = self.parser.low(group.end)
            object_ = after[:1] in "§" or after[:1].isdigit() or after in self.lists["sure_objects"]
            return bool(after) and (object_ or (main.form in ("past", "part") and not state) or self._was(main, after))
        agrees = group.form == "s" and "sg" in (main.number, self.number) and self.last_below is None
        plural = group.form == "base" and main.number == "pl" and self.last_below is None
        noun = group.cue is None or bool(group.cue.marks.get("noun"))
        told = self.parser.low(group.end) in self.lists["determiners"] | {"how", "what", "only"}
        aside = self._closes_aside_of_verb(group)
        told = told or ((not noun or aside) and self.subjects.has_object(group))
        alone = group.cue is not None and bool(group.cue.marks.get("intransitive"))
        goes = agrees and (self.subjects.has_object(group) or (alone and main.form == "copula"))
        return not state or goes or (plural and told)

    def _closes_aside_of_verb(self, group: Group) -> bool:
        """Whether an aside stands between *and* and a verb: ``and, by way of a joint cell, exchange information``."""
        near = range(group.start - 2, max(0, group.start - 10), -1)
        opened = next((at for at in near if self.words[at].low == ","), 0)
        return bool(opened) and self.words[group.start - 1].low == "," and self.words[opened - 1].low == "and"

    def _was(self, main: Group, after: str) -> bool:
        """Whether a past follows a past state: ``remained in force … and gave equal weight to``."""
        past = self.words[main.start].low in ("was", "were", "remained", "stayed", "had")
        return past and after[:1].isalpha() and after not in self.lists["prepositions"] and after != "by"

    def _nobody(self, clause: Clause) -> bool:
        """Whether a subject denies: ``Neither … nor … supervises or accredits``."""
        return clause.subject is not None and self.words[clause.subject[0]].low in self.parser.lexicon.negatives

    def _shares(self, group: Group, start: int, main: Group) -> bool:
        """``monitors and evaluates the programs``: nothing but signs and *and* between two verbs of one kind."""
        between = self.words[start : group.start]
        little = all(
            word.low in SIGNS or word.low in self.lists["coordinators"] or word.low in self.lists["adverbs"]
            for word in between
        )
        return (
            little
            and ";" not in (word.low for word in between)
            and not (main.passive and self._helped_with_object(group))
            and not (main.passive and self._is_of_other_time(group, main))
            and self.last is not None
            and self.clauses[-1].group.end == self.last.end
            and (main.denial is None) == (group.denial is None)
        )

    def _is_of_other_time(self, group: Group, main: Group) -> bool:
        """Whether a passive with an auxiliary of its own tells another time: ``has been adopted and is monitored``."""
        perfect = {self.words[one.start].low in ("has", "have", "had") for one in (group, main)}
        return group.passive and self.parser.near.is_auxiliary(group.start) and len(perfect) > 1

    def _helped_with_object(self, group: Group) -> bool:
        """Whether a verb with an auxiliary of its own has an object: ``must be licensed and must keep records``."""
        return not group.passive and self.parser.near.is_auxiliary(group.start) and self.subjects.has_object(group)

    def _infinitive(self, group: Group) -> bool:
        """Whether a bare verb goes on after an infinitive: ``aims to prevent …; reduce …``."""
        if group.form != "base":
            return False
        start = self.clauses[-1].group.end
        return any(
            self.words[at].low == "to" and self.parser.verb(at + 1, "base") is not None
            for at in range(start - 1, group.start - 1)
        )

    def _agrees(self, group: Group, other: Group | None) -> bool:
        return other is not None and (group.number == other.number or "any" in (group.number, other.number))

    def _agrees_main(self, group: Group) -> bool:
        return group.number == self.number or "any" in (group.number, self.number)

    def _with_subject(self, group: Group, separators: Sequence[int]) -> _Step:
        """A verb with a subject of its own after a sign or *and*: the nearest place where a subject can begin."""
        strong = [at for at in separators if self.words[at].low in ";:"]
        parting = [at for at in separators if self.words[at].low not in ("or", "nor")]
        paired = [at for at in parting[-2:-1] if self.subjects.is_pair(at, parting[-1], group)]
        listed = self.subjects.listed(group, separators)
        for at in [*strong[-1:], *listed, *paired, *reversed(parting or separators)]:
            first = self.subjects.first(at + 1, group.start)
            caused = self.words[at].low == "," and self.parser.low(at + 1) in self.lists["causes"]
            begins = self.parser.low(at + 2) in self.lists["pronouns"] | self.lists["subject_starts"]
            if caused and (begins or self.words[group.start].low in self.lists["auxiliaries"]):
                return _Step("new", self._before(at), min(at + 2, group.start))
            if (
                at in strong
                or self.subjects.contrasts(at, first, group)
                or self.subjects.begins(first, group, self.subjects.comma(at), self.last_below is not None)
            ):
                return _Step("new", self._before(at), first)
        return _Step("below")

    def _is_of_participle(self, group: Group, separators: Sequence[int]) -> bool:
        """Whether *or* joins what a participle in the subject is of: ``Persons wanted for A or B can be …``."""
        main = self.clauses[-1].group
        alone = len(self.clauses) == 1 and main.form == "past" and self.parser.verb(main.start, "part") is not None
        hanging = {self.parser.low(main.end), self.parser.low(main.end - 1)} & self.lists["prepositions"]
        described = alone and bool(hanging)
        auxiliary = self.parser.near.is_auxiliary(group.start)
        return described and auxiliary and all(self.words[at].low == "or" for at in separators)

    def _is_in_subject(self, group: Group) -> bool:
        """Whether a participle describes the subject of a verb behind it: ``but the system provided for it is``."""
        near = [self.words[at].low for at in range(max(0, group.start - 5), group.start)]
        opens = bool(self.lists["contrasts"] & {*near}) and not self.lists["relatives"] & {*near}
        passive = group.form == "past" and self.parser.verb(group.start, "part") is not None
        return passive and opens and self.parser.low(group.end) not in (".", "") and self.subjects.is_reduced(group)

    def _unattached(self, group: Group) -> _Step:
        """A second verb without anything that joins it.

        Then the first one was a participle or a clause without *that*.
        """
        main = self.clauses[-1]
        if self.pending is not None and self.last_below is not None and group.form != "past":
            return _Step("new", self._before(self.pending), self.pending)
        if self.last_below is not None and (asked := self.openers.asked(self.last_below.start)) is not None:
            return _Step("new", self._before(asked), asked)
        noun = (
            main.group.cue is not None
            and bool(main.group.cue.marks.get("noun"))
            and main.group.end == main.group.start + 1
        )
        doubtful = noun or main.group.form == "past" or self._contact(main)
        if self.last_below is None and group.form != "past" and doubtful:
            return _Step("instead", 0, main.start)
        return _Step("below")

    def _contact(self, clause: Clause) -> bool:
        """``The measures the country has for …``: a second noun phrase begins inside the subject."""
        start, end = clause.subject or (0, 0)
        inner = (at for at in range(start + 2, end) if self.words[at].low in ("the", "§country", "it", "they"))
        return any(self.words[at - 1].low not in self.lists["prepositions"] | SIGNS for at in inner)

    def _before(self, at: int) -> int:
        """Back over signs and coordinators that stand together: ``, and``."""
        while at > 0 and (self.words[at - 1].low in SIGNS or self.words[at - 1].low in self.lists["coordinators"]):
            at -= 1
        return at


def _to(clause: Clause, end: int) -> Clause:
    return replace(clause, rest=(clause.rest[0], max(clause.rest[0], end)))


def clauses(parser: Parser) -> tuple[Clause, ...]:
    """The clauses of a sentence that say something of their own, from left to right."""
    return _Walk(parser).run()


def words(tokens: Sequence[Token], part: Range) -> Iterator[str]:
    """The words of a part, in lower case."""
    return (token.low for token in tokens[part[0] : part[1]])

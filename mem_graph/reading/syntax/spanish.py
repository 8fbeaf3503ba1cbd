"""A Spanish sentence to predications: clauses with their verb groups, what each asserts or denies, and of whom.

A clause denies by *no* and its like before the verb, by *ningún* before a subject, by a verb such as *carecer de* or a
predicate such as *pendiente*. "No cuenta con A ni B" denies each (``docs/coding.md``, Findings 2). Two denials assert.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mem_graph.model import Modality
from mem_graph.reading.entities.mentions import Sentence
from mem_graph.reading.entities.names import Named
from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.syntax.absence import Absence, absence
from mem_graph.reading.syntax.predications import Predication, Range, Said, exception, trim
from mem_graph.reading.syntax.spanish_clauses import Clause, clauses, verb
from mem_graph.reading.syntax.spanish_counts import counts_on, is_zero
from mem_graph.reading.syntax.spanish_doubled import is_doubled
from mem_graph.reading.syntax.spanish_lexicon import lexicon
from mem_graph.reading.syntax.spanish_losses import is_handed_over, is_loss, without
from mem_graph.reading.syntax.spanish_objects import denied_ends, ends, part, second_deed
from mem_graph.reading.syntax.spanish_openings import is_regretted, openings
from mem_graph.reading.syntax.spanish_put_first import is_put_first, told_before
from mem_graph.reading.syntax.spanish_verb_groups import Finder
from mem_graph.reading.syntax.tokens import tokens

UNKNOWN = "predicate.unknown"
"""The rule of a verb or predicate that no rule knows."""
THERE, DOUBLED, REGRETTED = "verb.be-there", "denial.doubled", "denial.regretted"
NO, NI, SIN, NO_VERB, LACK_OF, LATE, POOR = (
    f"es.denial.{name}" for name in ("no", "ni", "sin", "pero-no", "falta-de", "rara-vez", "poco")
)


def predications(sentence: Sentence, before: tuple[Named, ...], rules: Rules) -> Said:
    """Read one sentence.

    In: the sentence with its names, the bodies of which the sentence before spoke. Out: what its clauses say.
    """
    words, text = tokens(sentence), sentence.view.text
    finder = Finder(words, text, lexicon(rules), openings(words, text, rules))
    found = clauses(finder)
    starts = [0, *(finder.words[clause.start].start for clause in found[1:]), len(finder.text)]
    made: list[Predication] = []
    actors: tuple[Named, ...] = ()
    for clause, start, end in zip(found, starts, starts[1:], strict=False):
        if clause.subject is not None:
            actors = _actors(finder, clause.subject, before)
        said = _Reader(finder, clause, (start, end), rules).predications(actors)
        made.extend(replace(one, foci=()) if _is_corrected(finder, clause, end) else one for one in said)
    return Said(tuple(made))


def _is_corrected(finder: Finder, clause: Clause, end: int) -> bool:
    """Whether a denial only leads up to the clause behind it: ``no se limita a …, sino que …``."""
    behind = [word.low for word in finder.words[clause.rest[1] :] if word.start < end]
    return clause.group.negated and "sino" in behind


def _actors(finder: Finder, subject: Range, before: tuple[Named, ...]) -> tuple[Named, ...]:
    """The bodies a subject names first; those of the sentence before where the subject is left out."""
    if finder.skip(subject[0]) >= subject[1]:
        return before
    for word in finder.words[slice(*subject)]:
        if word.name is not None and word.name.kind in ("institution", "description"):
            return (word.name,)
        if word.low == "§country" or finder.lexicon.lists["plain_subjects"] & {word.low}:
            return ()
    return ()


@dataclass(frozen=True, slots=True)
class _Reader:
    """One clause of a sentence, with what is needed to say what it asserts or denies."""

    finder: Finder
    clause: Clause
    extent: Range
    rules: Rules

    @property
    def verb(self) -> int:
        """Where the verb stands that says what is done."""
        return verb(self.finder, self.clause)

    def predications(self, actors: tuple[Named, ...]) -> Iterator[Predication]:
        """What the clause says; where something is done without what it needs, that too."""
        denied = self.denial()
        said = self._predication(denied, self._foci(denied), actors)
        doubled = self.clause.group.negated or self._negative_subject() is not None
        lost = None if denied or doubled else without(self.finder, self.clause, self.rules)
        if lost is None or not is_handed_over(self.finder, self.clause, self.rules):
            yield said
        if lost is not None:
            yield self._predication(SIN, (part(self.finder, lost, ends(self.finder, self.clause, lost + 1)),), actors)

    def _predication(self, denied: str | None, foci: tuple[Range, ...], actors: tuple[Named, ...]) -> Predication:
        group = self.clause.group
        unsure = group.cue is None and group.form in ("unknown", "copula")
        return Predication(
            self.extent,
            foci,
            denied is not None,
            "lacks" if denied else self._modality(),
            denied or self._rule(),
            self.finder.words[group.end - 1].end,
            actors,
            self._leaves_subject_out(),
            "fuzzy" if unsure else "rule",
        )

    def _leaves_subject_out(self) -> bool:
        """Whether the subject is that of the clause or sentence before: ``Tampoco ha sido actualizada``."""
        subject, form = self.clause.subject, self.clause.group.form
        if subject is None or form in ("elliptic", "gap"):
            return True
        return self.finder.skip(subject[0]) >= subject[1] and self._low(subject[1] - 1) != ","

    def _rule(self) -> str:
        group = self.clause.group
        if group.cue is not None:
            return DOUBLED if group.cue.kind == "lacking" or group.cue.marks.get("denies") else group.cue.id
        return THERE if group.form == "there" else UNKNOWN

    def _modality(self) -> Modality:
        group = self.clause.group
        if group.cue is None or group.cue.value == "lacks":
            return "has" if group.form == "there" else "other"
        return group.cue.value  # type: ignore[return-value]

    # -- whether it denies ------------------------------------------------------------------------------------------

    def denial(self) -> str | None:
        """The rule by which the clause denies, or None. What is denied twice is asserted."""
        group, cue = self.clause.group, self.clause.group.cue
        if group.form in ("no-verb", "elliptic"):
            return NO_VERB
        nobody = self._negative_subject() or (NI if self._goes_on_denying() else None)
        if cue is not None and (cue.kind == "lacking" or cue.marks.get("denies")) and not self._is_unlike():
            return None if group.negated or nobody else cue.id
        if group.negated or nobody:
            return (
                None
                if self._is_doubled(nobody) or self._absent_twice()
                else (nobody or (NI if self._low(group.start) == "ni" else NO))
            )
        if self._is_late():
            return LATE
        if group.form == "copula" and self.finder.is_left(group.start):
            return SIN
        if self._denies_from_afar() or (group.form == "gap" and self._has_none()):
            return NO
        if (idiom := self._absent()) is not None:
            return idiom.cue.id
        if (told := told_before(self.finder, self.clause, self.rules)) is not None and told.marks.get("denies"):
            return told.id
        if quantity := self._scanty():
            return quantity
        if (self._lack_of(self.finder.skip(group.end)) and self._states()) or self._lack_of(self._subject_start()):
            return LACK_OF
        if group.form == "copula" and self._hinders_itself():
            return LACK_OF
        if is_loss(self.finder, group.end, self.clause, self.rules) and not group.passive:
            return SIN
        return REGRETTED if self._is_regretted() else None

    def _has_none(self) -> bool:
        """Whether a clause without its verb names nobody or none: ``; el seguimiento, en cambio, a ninguna``."""
        return any(self.finder.is_in(at, "nobody") for at in range(*self.clause.rest))

    def _denies_from_afar(self) -> bool:
        """Whether a denial opens the clause with words behind it: ``Tampoco a los presos se dirige programa alguno``.

        So does what only a denial says so, right before the verb: ``En parte alguna se ofrece …``.
        """
        start, group = self.clause.start, self.clause.group
        opened = any(self._low(at) in ("tampoco", "nunca", "jamás") for at in (start, start + 1) if at < group.start)
        opened = opened or f"{self._low(start)} {self._low(start + 1)}" in self.rules.words("even_less")
        return opened or (start < group.start and self._low(group.start - 1) in ("alguno", "alguna"))

    def _goes_on_denying(self) -> bool:
        """Whether the clause denies as the one before, of a subject of its own: ``…, ni su laboratorio analiza``."""
        return self.clause.start > 0 and self._low(self.clause.start) == "ni"

    def _is_regretted(self) -> bool:
        """Whether what is asserted is deplored: ``Preocupa que las drogas se almacenen en las comisarías``."""
        group, lows = self.clause.group, [word.low for word in self.finder.words]
        return group.cue is not None and is_regretted(lows, group.main, self.finder.openings, self.rules)

    def _absent(self) -> Absence | None:
        """The idiom of absence in the predicate: ``brilla por su ausencia``."""
        group = self.clause.group
        if group.form in ("no-verb", "elliptic"):
            return None
        return absence(
            self.finder.text,
            part(self.finder, group.start, denied_ends(self.finder, self.clause, group.end)),
            self.rules,
        )

    def _absent_twice(self) -> bool:
        """Whether an idiom of absence is denied; not where its words only agree: ``no se ofrece en ninguna parte``."""
        idiom = self._absent()
        return idiom is not None and not any(word in self.finder.lexicon.negatives for word in idiom.words.split())

    def _low(self, at: int) -> str:
        return self.finder.low(at)

    def _subject_start(self) -> int:
        """Where the subject begins, behind adverbs and what is set off before it."""
        if self.clause.subject is None:
            return self.clause.group.start
        start, end = self.clause.subject
        commas = [at + 1 for at in range(start, end - 1) if self._low(at) == ","]
        return next(
            (at for at in (self.finder.skip(place) for place in [start, *commas]) if self._denies_at(at)), start
        )

    def _denies_at(self, at: int) -> bool:
        some = self._low(at) == "no" and self.finder.is_in(at + 1, "universals")
        return (
            some or self._low(at) in self.finder.lexicon.negatives or self._low(at) == "ni" or bool(self._lack_of(at))
        )

    def _negative_subject(self) -> str | None:
        """The rule of *ningún*, *pocos*, *ni … ni* before the subject; also behind a preposition put first."""
        if self.clause.subject is None:
            return None
        at = self._subject_start()
        if at >= self.clause.group.start:
            return None
        if self.finder.is_in(self.clause.group.start - 1, "nobody"):
            return self.finder.lexicon.negatives[self._low(self.clause.group.start - 1)]
        if self._low(at) == "ni":
            return NI
        if self._low(at) == "no":
            return None if self.finder.is_in(at + 1, "only") else NO
        at += self.finder.is_in(at, "prepositions") and self.finder.is_in(at + 1, "nobody")
        found = self.finder.lexicon.negatives.get(self._low(at))
        return found if found is None or self._low(at + 1) != "menos" else None

    def _is_doubled(self, nobody: str | None) -> bool:
        of_subject = nobody is not None and self._negative_subject() is not None
        return is_doubled(self.finder, self.clause, self._subject_start(), of_subject, self.rules)

    def _purpose(self, at: int, start: int) -> bool:
        """Whether *o* stands in a purpose, whose alternatives are not denied: ``métodos para compilar o verificar``."""
        return (
            self._low(at) in ("o", "u")
            and any(
                self._low(place) == "para" and self._low(place + 1).endswith(("ar", "er", "ir"))
                for place in range(start, at)
            )
            and not self.finder.is_in(at + 1, "prepositions")
        )

    def _is_unlike(self) -> bool:
        """Whether a verb that denies has an object of which it does not: ``suspende el procedimiento``."""
        group = self.clause.group
        unless = "" if group.cue is None else group.cue.marks.get("unless", "")
        if not unless or group.end >= len(self.finder.words):
            return False
        return re.compile(unless, re.IGNORECASE).match(self.finder.text, self.finder.words[group.end].start) is not None

    def _hinders_itself(self) -> bool:
        """Whether what is said to be is what hinders: ``El desabastecimiento de morfina es frecuente``."""
        at = self._subject_start()
        return self.finder.is_in(at + self.finder.is_in(at, "determiners"), "shortfalls")

    def _is_late(self) -> bool:
        """Whether a thing is still to be done (``aún debe``) or hardly ever is (``rara vez``)."""
        group = self.clause.group
        start = self.finder.words[max(0, group.start - 3)].start
        text = self.finder.text[start : part(self.finder, group.start, group.end + 2)[1]]
        return compiled(next(cue.words for cue in self.rules.of("denial") if cue.id == LATE)).search(text) is not None

    def _scanty(self) -> str | None:
        """*Pocos*, *escasa* … before the object."""
        group = self.clause.group
        first = self.finder.skip(group.end) if group.form == "gap" else group.end
        return self.finder.lexicon.negatives.get(self._low(first)) or (POOR if self._has_it_wanting() else None)

    def _has_it_wanting(self) -> bool:
        """Whether what is had is said to be wanting behind its noun: ``cuenta con datos incompletos``."""
        group = self.clause.group
        forms = self.finder.lexicon.verbs.get(self._low(self.verb), ())
        holds = any(form.infinitive in self.finder.lexicon.lists["wanting_holders"] for form in forms)
        if group.passive or not (
            holds or group.form == "there" or (group.cue is not None and group.cue.value == "has")
        ):
            return False
        stop = min(ends(self.finder, self.clause, group.end), group.end + 7)
        near = range(group.end, stop)
        signs = (at for at in near if self._low(at) in (",", "y", "e", "o") or self._is_apart(at))
        return any(self.finder.is_in(at, "wanting") for at in range(group.end, next(signs, stop)))

    def _is_apart(self, at: int) -> bool:
        return self.finder.is_in(at, "prepositions") and self._low(at) not in ("de", "del")

    def _states(self) -> bool:
        """Whether a verb says that its object is there: ``existe una falta de``, not ``aborda la falta de``."""
        group = self.clause.group
        forms = self.finder.lexicon.verbs.get(self._low(group.end - 1 if group.cue is None else self.verb), ())
        return group.form == "there" or any(form.infinitive in self.finder.lexicon.lists["stating"] for form in forms)

    def _lack_of(self, at: int) -> int:
        """Where the thing begins that *falta de*, *ausencia de* deny; 0 where they do not stand there."""
        while self._low(at) in ("una", "la", "gran", "notable", "total", "cierta", "marcada"):
            at += 1
        said = f"{self._low(at)} {self._low(at + 1).replace('del', 'de')}"
        cue = next(cue for cue in self.rules.of("denial") if cue.id == LACK_OF)
        return at + 2 if said in cue.words else 0

    # -- what it asserts or denies ------------------------------------------------------------------------------------

    def _foci(self, denied: str | None) -> tuple[Range, ...]:
        counted = denied is not None or self.clause.group.negated
        if (counted and is_zero(self.finder, self.clause, self.extent, self.rules)) or counts_on(
            self.finder, self.clause
        ):
            return ()
        if denied is None and not self._is_known():
            return ()
        parts = [self._asserted()] if denied is None else list(self._alternatives(denied))
        return tuple(trim(self.finder.text, *part) for part in parts)

    def _is_known(self) -> bool:
        """Whether something can be said of what is asserted: by its verb, as existence, or as a denial denied."""
        group = self.clause.group
        wished = self._low(0) == "si" and self._low(group.main).endswith(("ría", "rían"))
        doubled = group.negated or self._negative_subject() is not None
        if told_before(self.finder, self.clause, self.rules) is not None:
            return True
        known = group.cue is not None and not group.cue.marks.get("denied_only") and not self._is_of_the_text()
        return not wished and (known or group.form == "there" or doubled)

    def _is_of_the_text(self) -> bool:
        """Whether the clause says where in the report something stands: ``En el cuadro siguiente se resumen …``."""
        return compiled(self.rules.words("of_the_text")).search(self.finder.text, *self.extent) is not None

    def _asserted(self) -> Range:
        """Verb and object, up to what only describes, aims or excepts; the subject where nothing follows."""
        group = self.clause.group
        end = ends(self.finder, self.clause, group.end)
        start = group.start
        if self.clause.subject is not None and (
            group.form == "gap" or end <= group.end or told_before(self.finder, self.clause, self.rules) is not None
        ):
            start = min(start, self.clause.subject[0])
        first, last = part(self.finder, start, max(end, group.end))
        excepted = exception(self.finder.text, (first, last), self.rules)
        return first, excepted[0] if excepted and excepted[0] > first else last

    def _alternatives(self, denied: str) -> Iterator[Range]:
        """The parts of the view that name each denied alternative."""
        if denied.startswith("es.absence.") and (idiom := self._absent()) is not None:
            yield self._absent_words(idiom)
            return
        start, end = self._denied_words(denied)
        start = min(self.finder.skip(start), end - 1) if self._low(start) == "," else start
        lows = [self._low(at) for at in range(start, end)]
        universal = any(low in self.rules.words("universals") for low in lows)
        if (second := second_deed(self.finder, start, end)) is not None:
            yield part(self.finder, start, second - 1)
            yield part(self.finder, second, end)
            return
        if self.clause.subject is not None and self._goes_on_alike(self.clause.group.end):
            yield part(self.finder, self.clause.subject[0], self.clause.group.start)
            start, lows = self.clause.group.end + 3, lows[3:]
        known = self.finder.lexicon.verbs.get(self._low(start + 1), ())
        verbal = any(form.kind in ("part", "inf") and form.cue is not None for form in known)
        if start == self.clause.group.end and self._low(start) in ("ni", "o", "u") and verbal:
            yield part(self.finder, self.clause.group.start, start)
            start += 1
        cuts = [] if universal else [at for at in range(start, end) if self._parts(at, start)]
        if not cuts:
            yield part(self.finder, start, end)
            return
        pieces = [start, *self._commas(start, cuts[0]), *cuts]
        if (
            len(cuts) > 1
            and self._low(cuts[0]) == "ni"
            and self.finder.is_in(self.clause.group.end - 1, "prepositions")
        ):
            pieces = list(cuts)  # "no forman parte de ella ni la vivienda ni la educación"
        for first, last in zip(pieces, [*pieces[1:], end], strict=True):
            while first < last and self._low(first) in (",", "o", "u", "ni", "tampoco", "como", "de", "para", "con"):
                first += 1
            if first < last:
                yield part(self.finder, first, last)

    def _goes_on_alike(self, at: int) -> bool:
        """Whether only another denied thing stands behind a verb: ``… no se requiere, como tampoco la de tránsito``."""
        return [self._low(place) for place in (at, at + 1, at + 2)] == [",", "como", "tampoco"]

    def _parts(self, at: int, start: int) -> bool:
        """Whether a word parts alternatives: *o*, *u*, *ni*, not inside a fixed pair, and not the first word."""
        if self._low(at) not in ("o", "u", "ni", "tampoco") or at == start:
            return False
        words = self.finder.words
        first, last = words[max(0, at - 4)].start, words[min(len(words), at + 5) - 1].end
        if self._purpose(at, start):
            return False
        pairs = compiled(self.rules.words("pairs")).finditer(self.finder.text, first, last)
        return not any(match.start() < words[at].start < match.end() for match in pairs)

    def _commas(self, start: int, cut: int) -> Iterator[int]:
        """Commas that part the same list as the first *o* or *ni* behind them."""
        for at in range(start + 1, cut):
            if self._low(at) == "," and at != cut - 1 and "y" not in [self._low(inside) for inside in range(at, cut)]:
                yield at

    def _absent_words(self, idiom: Absence) -> Range:
        """What an idiom of absence speaks of: what is named behind it, or its subject; else the predicate itself."""
        group, subject = self.clause.group, self.clause.subject
        end = denied_ends(self.finder, self.clause, group.end)
        behind = [at for at in range(group.end, end) if self.finder.words[at].start >= idiom.end]
        own = subject is not None and subject[0] < group.start
        if behind and (idiom.is_behind or not own):
            return part(self.finder, behind[0], end)
        return part(
            self.finder, subject[0] if own and subject is not None else group.start, group.start if own else end
        )

    def _denied_words(self, denied: str) -> Range:
        """Where the denied thing is named: behind the verb, in the subject, else in the verb itself."""
        group, subject = self.clause.group, self.clause.subject
        end = denied_ends(self.finder, self.clause, group.end)
        nobody = self._negative_subject() is not None
        of_subject = nobody or (group.cue is not None and group.cue.marks.get("scope") == "subject") or group.passive
        first = self._subject_start() if nobody else (subject[0] if subject else group.start)
        if nobody and self._low(first) in ("nada", "nadie") and first + 1 == group.start and end > group.end:
            of_subject = False
        if of_subject and subject is not None and first < group.start and not self._is_country(first):
            return (first + (self._low(first) != "ni" and nobody), group.start)
        if subject is not None and is_put_first(self.finder, self.clause, first):
            return first, group.start
        start = self._lack_of(self.finder.skip(group.end)) or self._past_receiver(group.end)
        while start < end and (self._low(start) in self.finder.lexicon.negatives or self._low(start) in ("sin", "con")):
            start += 1
        if start < end:
            return start, end
        return (first, group.start) if subject is not None and first < group.start else (group.start, group.end)

    def _past_receiver(self, at: int) -> int:
        """Past to whom a thing is not given, set off from what it is: ``No se presta a las ONG, en cambio, apoyo``."""
        if self._low(at) not in ("a", "al"):
            return at
        commas = (place for place in range(at, at + 8) if self._low(place) == ",")
        return next((self.finder.skip(place) for place in commas if self.finder.skip(place) > place), at)

    def _is_country(self, at: int) -> bool:
        return self._low(at) == "§country" or (self._low(at) == "el" and self.finder.is_in(at + 1, "plain_subjects"))

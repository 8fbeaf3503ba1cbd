"""The finite verb groups of a Spanish sentence: denial, clitics, auxiliaries, adverbs, verb.

Which verbs there are, and what they assert, is data (``data/rules/es``); here is how a group is built. A verb that no
rule knows is met by its form alone, and then the group says that it is not sure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mem_graph.reading.rules import Cue
from mem_graph.reading.syntax.spanish_lexicon import Form, Lexicon
from mem_graph.reading.syntax.spanish_openings import Openings
from mem_graph.reading.syntax.tokens import Token

FINITE = ("sg", "pl", "sub-sg", "sub-pl")
_PARTICIPLE = re.compile(r"[^\W\d_]{2,}(?:ad|id|íd|uest|iert|eit|ech|ist|rit)[oa]s?")
_PAST = re.compile(r"[^\W\d_]{2,}(?:aron|ieron|yeron|ó)")
_BEHIND_SE = re.compile(r"[^\W\d_]{2,}(?:an|en|aban|ían|aba|ía|a|e)")
_ASIDE = 14
"""So many words at most stand between the commas of an aside."""
_PUT_FIRST = frozenset(("a", "de", "en", "con", "por", "ante", "contra", "sobre"))
"""Prepositions that may open a clause whose verb goes with them."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_INFINITIVE = re.compile(r"[^\W\d_]{2,}[aei]r(?:se)?")
_SUBJECT = 10
"""So many words at most stand between *sin que* and its verb."""


@dataclass(frozen=True, slots=True)
class Group:
    """A finite verb group.

    ``form`` is verb, copula, there, no-verb (``pero no de …``), elliptic (``los jueces, no``), gap (a comma for the
    verb of the clause before) or unknown (a verb that no rule knows).
    """

    start: int
    end: int
    cue: Cue | None
    form: str = "verb"
    number: str = "sg"
    negated: bool = False
    passive: bool = False
    main: int = 0
    """Where the verb itself stands."""


@dataclass(frozen=True, slots=True)
class Finder:
    """The words of one sentence with the lexicon: finds the verb group that begins at a word, if one does."""

    words: Sequence[Token]
    text: str
    lexicon: Lexicon
    openings: Openings = field(default_factory=Openings)

    def low(self, at: int) -> str:
        """The word at a place in lower case; empty beyond the ends."""
        return self.words[at].low if 0 <= at < len(self.words) else ""

    def is_in(self, at: int, name: str) -> bool:
        """Whether a word stands in a list of little words."""
        return self.low(at) in self.lexicon.lists.get(name, frozenset())

    def group(self, at: int) -> Group | None:
        """The verb group that begins at a word: denial and clitics first, then the finite verb."""
        if self.low(at) in self.lexicon.lists["regarding"] and self.low(at - 2) == "lo":
            return None
        verb, negated = self.opening(at)
        if verb is None or (verb == at and self._no_verb_here(at)) or self._is_named(verb):
            return None
        found = self._from(verb)
        if found is None:
            found = self._by_form(at, verb)
        if found is None or self._reports(at, found.end):
            return None
        return replace(found, start=at, negated=negated or found.negated)

    def says(self, at: int, end: int) -> bool:
        """Whether a finite verb stands at a word of a clause that ends there."""
        verb, _ = self.opening(at)
        if verb is None or verb >= end or (verb == at and self._no_verb_here(at)):
            return False
        return self.is_finite(at, verb)

    def is_finite(self, at: int, verb: int) -> bool:
        """Whether a finite verb stands behind the denial and clitics that begin at a word."""
        return self._from(verb) is not None or self._by_form(at, verb) is not None

    def _is_named(self, at: int) -> bool:
        """Whether a form has a capital inside the sentence, and so belongs to a name: ``el Hogar Crea``."""
        if at == 0 or at >= len(self.words) or not self.text[self.words[at].start].isupper():
            return False
        return self.low(at - 1)[:1].isalpha() or self.low(at - 1).startswith("§")

    def _reports(self, at: int, end: int) -> bool:
        """Whether a verb only opens what is reported: ``informa que …``."""
        return self.low(end) == "que" and any(self.is_in(place, "reporting") for place in range(at, end))

    def opening(self, at: int) -> tuple[int | None, bool]:
        """Where the finite verb stands behind denial, adverbs and clitics; and whether they deny it."""
        verb, negated = at, False
        while self.is_in(verb, "negators") or self._is_clitic(verb) or (verb > at and self.is_in(verb, "adverbs")):
            if self.is_in(verb, "negators"):
                if self.is_in(verb + 1, "only") and self.low(verb) == "no":
                    return None, False
                negated = True
            verb += 1
            if verb > at + 6:
                return None, False
        return verb, negated

    def _is_clitic(self, at: int) -> bool:
        if not self.is_in(at, "clitics"):
            return False
        if not self.is_in(at, "articles_or_clitics"):
            return True
        following = at + 1 if not self._is_clitic(at + 1) else at + 2
        if self.low(following) == "hay":
            return True
        return self._finite(following) is not None and not self.is_in(following, "noun_forms")

    def _no_verb_here(self, at: int) -> bool:
        """Whether the word before says that none can follow: an article or a preposition; for nouns more does."""
        before, after = self.low(at - 1), self.low(at + 1)
        each = before in ("uno", "una") and self.low(at - 2) == "cada"
        if (self.is_in(at - 1, "determiners") and not self.is_in(at - 1, "lone_subjects") and not each) or after in (
            "alguno",
            "alguna",
        ):
            return True
        if self.is_in(at - 1, "prepositions") and before != "como" and before != "según":
            return True
        if self.is_in(at, "mostly_nouns") and not before.startswith("§"):
            return True
        if not self.is_in(at, "noun_forms"):
            return False
        forms = (form for form in self.lexicon.verbs.get(self.low(at), ()) if form.kind in FINITE and form.rest)
        if any(self._wished(form, at) and self._ends_of(at, form) is not None for form in forms):
            return False
        opened = before in ("que", ",", "y", "") or self.is_in(at - 1, "contrasts")
        subject = before.startswith("§") or self.is_in(at - 1, "plain_subjects") or opened
        named = before.startswith("§") and self.low(at + 2).endswith("s")
        person = after in ("a", "al") and (
            (opened and (after == "al" or self.is_in(at + 2, "determiners"))) or (after == "a" and named)
        )
        noun = (after[:1].isalpha() and not self.is_in(at + 1, "prepositions")) or after.startswith("§") or person
        return after in ("de", "del") or not noun or not (subject or self._ends_phrase(at) or self._is_sole(at))

    def _is_sole(self, at: int) -> bool:
        """Whether a noun with its article stands before a form, and no other verb comes: ``El banco informa``."""
        if not (self.is_in(at - 2, "determiners") and self.low(at - 1)[:1].isalpha()) or self.is_in(
            at - 1, "relatives"
        ):
            return False
        signs = (place for place in range(at + 1, len(self.words)) if not self.low(place)[:1].isalnum())
        behind = range(at + 1, next(signs, len(self.words)))
        return at < 4 and not any(self._finite(place) and not self.is_in(place, "noun_forms") for place in behind)

    def _ends_phrase(self, at: int) -> bool:
        """Whether a determiner opens the object behind a form, so that a noun stands before it and a verb it is."""
        return self.is_in(at + 1, "determiners") and self.low(at - 1)[-1:].isalpha()

    def _finite(self, at: int) -> Form | None:
        found = self.lexicon.verbs.get(self.low(at), ())
        return next((form for form in found if form.kind in FINITE and self._wished(form, at)), None)

    def _wished(self, form: Form, at: int) -> bool:
        """Whether a form may stand here: a subjunctive only behind a denial or a clitic, or where it is plain."""
        if not form.kind.startswith("sub"):
            return True
        plain = form.infinitive in ("ser", "haber", "existir") and not self.low(at).startswith("fue")
        near = self.is_in(at - 1, "negators") or self._surely_clitic(at - 1)
        return plain or near or self._is_said(at) or self._behind_without(at)

    def _behind_without(self, at: int) -> bool:
        """Whether a short subject stands between ``, sin que`` and a word: ``, sin que los pacientes reciban``."""
        if self.is_in(at + 1, "no_loss"):
            return False
        for place in range(at - 1, max(1, at - _SUBJECT), -1):
            if self.is_in(place, "relatives") or not self.low(place)[:1].isalnum():
                return (self.low(place - 2), self.low(place - 1), self.low(place)) == (",", "sin", "que")
        return False

    def _is_said(self, at: int) -> bool:
        """Whether a word stands in what is said behind an opening, in no clause below it."""
        last = self.openings.last(at)
        return last is not None and not any(
            self.low(place) == ";" or (self.is_in(place, "relatives") and place not in self.openings.said)
            for place in range(last + 1, at)
        )

    def _surely_clitic(self, at: int) -> bool:
        """Whether a word is a clitic whatever follows: no article is written so, or none would stand behind this."""
        if not self.is_in(at, "clitics"):
            return False
        behind = any(self.is_in(at - 1, name) for name in ("negators", "clitics"))
        return behind or not self.is_in(at, "articles_or_clitics")

    def skip(self, at: int) -> int:
        """Past adverbs, and phrases that do their work."""
        while at < len(self.words):
            low = self.low(at)
            said = at in self.openings.said
            if said or self.is_in(at, "adverbs") or (low.endswith("mente") and len(low) > 6):
                at += 1
            elif match := self.lexicon.phrases.match(self.text, self.words[at].start):
                at = self._behind(match.end())
            elif low == "," and self.low(at + 1) and self.lexicon.phrases.match(self.text, self.words[at + 1].start):
                after = self.skip(at + 1)
                if self.low(after) != ",":
                    return at
                at = after + 1
            else:
                return at
        return at

    def _rest(self, at: int, rest: Sequence[str]) -> int | None:
        """Where a verb of several words ends (``cuenta también con``); None where its other words do not follow."""
        end = at + 1
        for word in rest:
            place = end if self.low(end) == word else self._past_aside(self.skip(end))
            if not self._is_word(place, word) and len(rest) == 1 and word in _PUT_FIRST and self._opens_clause(at):
                place = self._past_subject(end, word)
            if not self._is_word(place, word):
                return None
            end = place + 1
        return end

    def _is_word(self, at: int, word: str) -> bool:
        """Whether a word stands at a place, be it joined to an article: ``del``, ``al``."""
        return self.low(at) == word or (word in ("de", "a") and self.low(at) == f"{word}l")

    def _opens_clause(self, at: int) -> bool:
        """Whether a verb stands where its clause begins, so that its subject comes behind it."""
        while self._is_clitic(at - 1) or self.is_in(at - 1, "negators") or self.is_in(at - 1, "adverbs"):
            at -= 1
        return at <= 0 or self.low(at - 1) in (",", ";", ":") or self.is_in(at - 1, "fronts")

    def _past_subject(self, at: int, word: str) -> int:
        """Where the preposition of a verb stands behind a short subject: ``Cuenta Brasil con``, ``Carece el país de``.

        Of two *de* the first, but what hangs on the subject's noun with an article is its own.
        """
        first = self.skip(at)
        if not (self.low(first).startswith("§") or self.is_in(first, "determiners")):
            return at
        met = []
        for place in range(first + 1, first + _SUBJECT):
            if self.low(place) in (";", ":", ".", "") or self._ends_clause(place):
                break
            if self._is_word(place, word):
                met.append(place)
        own = [
            place for place in met[1:] if word == "de" and self._has_article(met[0]) and not self._has_article(place)
        ]
        return (own or met or [at])[0]

    def _has_article(self, at: int) -> bool:
        return self.low(at) in ("del", "al") or self.low(at + 1) in ("la", "los", "las", "el")

    def _ends_of(self, at: int, form: Form) -> int | None:
        """Where a verb of several words ends: behind them, or behind itself where its preposition opens the clause."""
        end, rest = self._rest(at, form.rest), form.rest
        with_preposition = len(rest) == 1 and rest[0] in _PUT_FIRST
        if end is not None or not rest or (with_preposition and form.infinitive in self.lexicon.lists["copulas"]):
            return end
        first = with_preposition or rest[0] in ("fuera", "excluido") or rest == ("al", "margen")
        return at + 1 if first and self._is_put_first(at, rest[0]) else end

    def _is_put_first(self, at: int, preposition: str) -> bool:
        """Whether what a verb goes with opens its clause: ``De la ONA dependen …``, ``y a ellas se ciñen …``."""
        for place in range(at - 1, -1, -1):
            low = self.low(place)
            if low in (";", ":", ".") or (place < at - 1 and self._ends_clause(place)):
                return False
            opens = place == 0 or self.low(place - 1) in (",", ";", ":", "(") or self.is_in(place - 1, "fronts")
            if low in (preposition, f"{preposition}l") and opens:
                return self.skip(place) == place
        return False

    def _ends_clause(self, at: int) -> bool:
        """Whether a word opens a clause below, or is a verb, so that what stands before it is of another."""
        if self.is_in(at, "relatives") and self.low(at) not in ("como", "según"):
            return True
        verb = self._finite(at) is not None and not self.is_in(at, "noun_forms") and not self.is_in(at, "clitics")
        return verb and not self.is_in(at - 1, "determiners") and not self.is_in(at - 1, "prepositions")

    def past_aside(self, at: int) -> int:
        """Past adverbs and what commas set off: ``es, por mandato de la ley, la Oficina``."""
        return self._past_aside(self.skip(at))

    def is_left(self, at: int) -> bool:
        """Whether what opens the clause of a verb says that something is left to do: ``Sin marcar quedan …``."""
        return any(
            self.low(place) in ("sin", "por")
            and (place == 0 or self.low(place - 1) in (",", ";", ":") or self.is_in(place - 1, "fronts"))
            and _INFINITIVE.fullmatch(self.low(place + 1)) is not None
            and not self.is_in(place + 1, "no_loss")
            and not any(self._ends_clause(inner) or self.low(inner) == "," for inner in range(place + 2, at))
            for place in range(max(0, at - _SUBJECT), at - 1)
        )

    def _past_aside(self, at: int) -> int:
        """Past what commas set off inside a verb of several words: ``cuenta, en la materia, con``."""
        if self.low(at) != ",":
            return at
        return next((end + 1 for end in range(at + 1, at + _ASIDE) if self.low(end) == ","), at)

    def known(self, at: int, *kinds: str) -> tuple[Form, int] | None:
        """The known verb at a word in one of some kinds of form, the longest first, with where it ends."""
        for form in self.lexicon.verbs.get(self.low(at), ()):
            if form.kind in kinds and form.cue is not None and (end := self._ends_of(at, form)) is not None:
                if form.kind.startswith("sub") and not self._wished(form, at):
                    continue
                return form, end
        return None

    def _auxiliary(self, at: int, name: str) -> tuple[Form, int] | None:
        """The copula or modal verb at a word, with where it ends."""
        for form in self.lexicon.verbs.get(self.low(at), ()):
            words = " ".join((form.infinitive, *form.rest))
            listed = words in self.lexicon.lists[name] or f"{form.infinitive}se" in self.lexicon.lists[name]
            finite = form.cue is None and form.kind in FINITE and self._wished(form, at)
            if finite and listed and (end := self._rest(at, form.rest)) is not None:
                return form, end
        return None

    # -- what a finite verb goes on to say ---------------------------------------------------------------------------

    def _from(self, at: int) -> Group | None:
        low = self.low(at)
        if self.is_in(at, "reporting") and (said := self._reported(at)) is not None:
            return said
        haber = next((form for form in self.lexicon.verbs.get(low, ()) if form.infinitive == "haber"), None)
        if low == "hay":
            return self._there(at, at + 1)
        if haber is not None and haber.kind in FINITE and self.low(at + 1) != "de":
            return self._perfect(at, haber.kind[-2:])
        if (modal := self._auxiliary(at, "modals")) is not None and (group := self._modal(at, *modal)) is not None:
            return group
        if (going := self._going_on(at)) is not None:
            return going
        known = self.known(at, *FINITE)
        if known is not None and known[0].cue is not None and known[0].rest:
            return self._verb(at, *known)
        if (copula := self._auxiliary(at, "copulas")) is not None and self._may_be_copula(at, copula[0]):
            return self._copula(at, copula[1], copula[0].kind[-2:])
        if known is not None:
            return self._with_participle(at, *known) or self._verb(at, *known)
        return None

    def _reported(self, at: int) -> Group | None:
        """``manifestó no contar con``: an infinitive says what is reported."""
        negated = self.is_in(at + 1, "negators")
        found = self.known(self.skip(at + 1 + negated), "inf")
        return None if found is None else Group(at, found[1], found[0].cue, negated=negated, main=at)

    def _may_be_copula(self, at: int, form: Form) -> bool:
        """``ser`` and ``estar`` always; the others where what follows can be said of the subject."""
        if form.infinitive in ("ser", "estar"):
            return True
        after = self.skip(at + 1)
        start = self.words[after].start if after < len(self.words) else len(self.text)
        said = any(expression.match(self.text, start) for expression, _ in self.lexicon.copulas)
        partly = self.known(after, "part", "ger") is not None or _PARTICIPLE.fullmatch(self.low(after)) is not None
        return said or partly or self.low(after) in ("sin", "por") or self.is_left(at)

    def _verb(self, at: int, form: Form, end: int) -> Group:
        return Group(at, end, form.cue, "verb", form.kind[-2:], main=at)

    def _with_participle(self, at: int, form: Form, end: int) -> Group | None:
        """``tiene establecidos procedimientos``: the participle says what is had."""
        if form.infinitive != "tener":
            return None
        found = self.known(self.skip(end), "part")
        return None if found is None else Group(at, found[1], found[0].cue, "verb", form.kind[-2:], main=at)

    def _going_on(self, at: int, verb: int | None = None) -> Group | None:
        """``viene ejecutando``, ``se ha ido deteriorando``, ``lleva años postergado``: the last says what is done."""
        verb = at if verb is None else verb
        form = next((form for form in self.lexicon.verbs.get(self.low(verb), ()) if self._goes_on(form)), None)
        if form is None:
            return None
        after, number = self.skip(verb + 1), form.kind[-2:]
        kinds: tuple[str, ...] = ("ger",)
        if form.infinitive == "llevar":
            time = self.lexicon.spans.match(self.text, self.words[after].start) if after < len(self.words) else None
            if time is None:
                return None
            after, kinds = self.skip(self._behind(time.end())), ("ger", "part")
        found = self.known(after, *kinds)
        if found is None:
            return None
        return Group(at, found[1], found[0].cue, "verb", number if verb == at else "any", main=after)

    def _goes_on(self, form: Form) -> bool:
        lists = self.lexicon.lists["gerunds_of_state"]
        return bool({form.infinitive, f"{form.infinitive}se"} & lists) and form.kind in (*FINITE, "part")

    def _behind(self, end: int) -> int:
        """The first word behind a place of the view."""
        return next((at for at, word in enumerate(self.words) if word.start >= end), len(self.words))

    def _there(self, at: int, after: int) -> Group | None:
        if self.low(after) == "que":
            return None
        return Group(at, self.skip(after), None, "there", "any", main=at)

    def _perfect(self, at: int, number: str) -> Group | None:
        """``ha`` with its participle: of a verb, of a passive, of a copula, or of what there has been."""
        after = self.skip(at + 1)
        low = self.low(after)
        if low == "habido":
            return self._there(at, after + 1)
        if (going := self._going_on(at, after)) is not None:
            return going
        if low in ("sido", "estado", "permanecido", "quedado", "resultado"):
            return self._copula(at, after + 1, number)
        for modal in self.lexicon.verbs.get(low, ()):
            words = " ".join((modal.infinitive, *modal.rest))
            if modal.cue is None and modal.kind == "part" and words in self.lexicon.lists["modals"]:
                end = self._rest(after, modal.rest)
                found = None if end is None else self.known(end, "inf")
                if found is not None:
                    return Group(at, found[1], found[0].cue, "verb", number, main=at)
        if (found := self.known(after, "part")) is not None:
            return Group(at, found[1], found[0].cue, "verb", number, main=after)
        if _PARTICIPLE.fullmatch(low):
            return Group(at, after + 1, None, "unknown", number, main=after)
        plain = self.low(at) in ("había", "habían", "hubo", "habrá", "haya", "habría")
        return self._there(at, at + 1) if plain and not low.startswith("de") else None

    def _modal(self, at: int, form: Form, end: int) -> Group | None:
        """``puede realizar``, ``tiene que informar``: the infinitive says what is done."""
        after = self.skip(end)
        while self._is_clitic(after):
            after += 1
        number = form.kind[-2:]
        if self.low(after) in ("ser", "estar"):
            return self._copula(at, after + 1, number)
        if self.low(after) == "haber":
            inner = self.known(self.skip(after + 1), "part")
            return None if inner is None else Group(at, inner[1], inner[0].cue, "verb", number, main=at)
        found = self.known(after, "inf")
        if found is not None:
            return Group(at, found[1], found[0].cue, "verb", number, main=at)
        unknown = re.fullmatch(r"[^\W\d_]{2,}[aei]r(?:se|l[oae]s?)?", self.low(after))
        return Group(at, after + 1, None, "unknown", number, main=at) if unknown and form.infinitive != "ir" else None

    def _copula(self, at: int, after: int, number: str) -> Group | None:
        """*Be* with what it says: something that denies, a participle or gerund, words of a cue, or anything."""
        after = self.skip(after)
        start = self.words[after].start if after < len(self.words) else len(self.text)
        met = [cue for expression, cue in self.lexicon.copulas if expression.match(self.text, start)]
        if not met and (behind := self._past_aside(after)) != after:
            start = self.words[behind].start if behind < len(self.words) else len(self.text)
            met = [cue for expression, cue in self.lexicon.copulas if expression.match(self.text, start)]
            after = behind if met else after
        if not met and self._is_put_first(at, "de"):
            said = f"{self.low(after)} de"
            met = [cue for expression, cue in self.lexicon.copulas if expression.fullmatch(said)]
        denying = next((cue for cue in met if cue.marks.get("denies")), None)
        if denying is not None:
            return Group(at, after, denying, "copula", number, main=at)
        if self.low(after) == "siendo":
            after = self.skip(after + 1)
        progressive = self.known(after, "ger")
        if progressive is not None:
            return Group(at, progressive[1], progressive[0].cue, "verb", number, main=at)
        passive = self.known(after, "part")
        if passive is not None and not (met and met[0].value == "plans"):
            return Group(at, passive[1], passive[0].cue, "verb", number, passive=True, main=at)
        if met:
            return Group(at, after, met[0], "copula", number, main=at)
        if _PARTICIPLE.fullmatch(self.low(after)):
            return Group(at, after + 1, None, "unknown", number, passive=True, main=at)
        return Group(at, after, self.lexicon.body if self._names_body(after) else None, "copula", number, main=at)

    def _names_body(self, after: int) -> bool:
        return self.low(after + self.is_in(after, "determiners")) == "§institution"

    def _by_form(self, at: int, verb: int) -> Group | None:
        """A verb that no rule knows: behind a denial or a clitic, or by the ending of a past tense."""
        low = self.low(verb)
        if not low[:1].isalpha() or self.is_in(verb, "determiners") or self.is_in(verb, "prepositions"):
            return None
        past = _PAST.fullmatch(low) is not None and len(low) > 4
        opened = verb > at and self.low(verb - 1) in (*self.lexicon.lists["negators"], *self.lexicon.lists["clitics"])
        bare = opened and self.low(verb - 1) not in self.lexicon.lists["articles_or_clitics"]
        if past or (bare and _BEHIND_SE.fullmatch(low) and not _PARTICIPLE.fullmatch(low)):
            return Group(at, verb + 1, None, "unknown", "pl" if low.endswith("n") else "sg", main=verb)
        return None

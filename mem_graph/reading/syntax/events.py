"""Measured events in a sentence: verbs and nouns such as *seized* and *seizure of*, and what did not occur.

The form of a verb says on which side its amounts stand: before a passive, behind an active verb. What is only planned,
allowed or asked for (*will train*, *to seize*) is no event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from mem_graph.reading.rules import Cue, Rules, compiled, expression
from mem_graph.reading.syntax import inflection
from mem_graph.reading.syntax.participles import open_verb

Form = Literal["active", "passive", "either", "reduced", "noun"]
"""``reduced``: a participle alone, behind what it measures; ``either``: its amounts may stand on both sides."""

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_BEFORE = 6
"""So many words before a verb may say what form it has."""
_REACH = 120
"""So many characters behind a participle may its sum be told."""


@dataclass(frozen=True, slots=True)
class Event:
    """A verb or noun of a measured event in a text, and where its amounts may stand."""

    cue: Cue
    start: int
    end: int
    form: Form
    denied: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """The measuring verbs of a language: by the first word of each form, what follows it, its cue and its kind."""

    verbs: Mapping[str, Sequence[tuple[tuple[str, ...], Cue, str]]]
    nouns: re.Pattern[str]
    by_noun: tuple[tuple[re.Pattern[str], Cue], ...]
    sums: tuple[tuple[re.Pattern[str], Cue], ...]
    """Nouns that are events only where their sum is told: ``las inspecciones fueron 40``."""


def events(text: str, rules: Rules) -> tuple[Event, ...]:
    """Every event that a text measures or denies, from left to right."""
    known = _known(rules)
    tokens = list(_WORD.finditer(text))
    found = [*_nouns(text, known, rules)]
    words = [token[0].casefold() for token in tokens]
    for at, word in enumerate(words):
        entries = known.verbs.get(word)
        fitting = _fitting(text, tokens, words, at, entries or ())
        if all(cue.marks.get("with") or cue.marks.get("units") or cue.marks.get("money") for _, cue, _ in fitting):
            found.extend(_unlisted(text, tokens, words, at, rules))
        found.extend(_verbs(text, tokens, words, at, fitting, rules) if fitting else ())
    nouns = [event for event in found if event.form == "noun"]
    own = [
        event for event in found if event.form == "noun" or not any(one.start <= event.start < one.end for one in nouns)
    ]
    return tuple(sorted(own, key=lambda event: event.start))


@lru_cache(maxsize=8)
def _known(rules: Rules) -> _Known:
    verbs: dict[str, list[tuple[tuple[str, ...], Cue, str]]] = {}
    future = re.compile(rf"(?:{'|'.join(rules.words('future_endings')) or '(?!)'})(?= |$)")
    ambiguous = frozenset(rules.words("no_events"))
    for cue in rules.of("measure"):
        known = inflection.of(cue, rules)
        finite = {form for form in known.finite - known.bases if not future.search(form)} - ambiguous
        kinds = {"base": known.bases, "finite": finite, "ger": known.gerunds}
        for kind, forms in (*kinds.items(), ("part", known.participles)):
            for form in forms:
                first, *rest = form.split()
                verbs.setdefault(first, []).append((tuple(rest), cue, kind))
    longest = {word: sorted(found, key=lambda one: -len(one[0])) for word, found in verbs.items()}
    by_noun = tuple((compiled(tuple(cue.marks["events"])), cue) for cue in rules.of("measure") if "events" in cue.marks)
    nouns = tuple(noun for cue in rules.of("measure") for noun in cue.marks.get("events", ()))
    sums = tuple((compiled(tuple(cue.marks["sums"])), cue) for cue in rules.of("measure") if "sums" in cue.marks)
    return _Known(longest, compiled(nouns), by_noun, sums)


def _nouns(text: str, known: _Known, rules: Rules) -> Iterator[Event]:
    for match in known.nouns.finditer(text):
        cue = next((cue for pattern, cue in known.by_noun if _spans(pattern, match)), None)
        if cue is None:
            continue
        if compiled(rules.words("planned")).search(text, max(0, match.start() - 30), match.start()) is None:
            yield Event(cue, *match.span(), "noun")
    for sums, cue in known.sums:
        told = (match for match in sums.finditer(text) if _is_sum(text, match, rules))
        yield from (Event(cue, *match.span(), "noun") for match in told)


def _is_sum(text: str, noun: re.Match[str], rules: Rules) -> bool:
    """Whether the sum of what a noun names is told behind it, and it is no other's: ``reportes de operaciones``."""
    headed = compiled(tuple(f"(?:{way} )$" for way in (*rules.words("sum_heads"), *rules.words("number_of"))))
    opens = not text[: noun.start()].strip() or headed.search(text, 0, noun.start()) is not None
    return opens and _summed(rules).match(text, noun.end()) is not None


def _spans(pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    """Whether an expression matches where another did, as far, with the same words around."""
    found = pattern.match(match.string, match.start())
    return found is not None and found.end() == match.end()


def _fitting(
    text: str,
    tokens: Sequence[re.Match[str]],
    words: Sequence[str],
    at: int,
    entries: Sequence[tuple[tuple[str, ...], Cue, str]],
) -> list[tuple[tuple[str, ...], Cue, str]]:
    """The measuring verbs of the tables of which a word is a form, with what must stand behind it or near."""
    return [
        (rest, cue, kind)
        for rest, cue, kind in entries
        if tuple(words[at + 1 : at + 1 + len(rest)]) == rest and _is_with(text, tokens[at].start(), cue)
    ]


def _unlisted(
    text: str, tokens: Sequence[re.Match[str]], words: Sequence[str], at: int, rules: Rules
) -> Iterator[Event]:
    """The event of a verb that no table has; none of a participle alone, or as a noun, which may only describe."""
    known = open_verb(words[at], rules)
    if known is None or not tokens[at][0][0].islower():
        return
    cue, kinds = known
    lead, denied, first = _lead(text, tokens, words, at, rules)
    form = _FORMS[rules.language](lead, set(kinds), text[: tokens[first].start()], text[tokens[at].end() :], rules)
    if form == "reduced" and _is_gapped(text[: tokens[first].start()], text[tokens[at].end() :], rules):
        form = "passive"
    if form not in (None, "reduced", "noun"):
        yield Event(cue, tokens[first].start(), tokens[at].end(), form, denied)


def _is_gapped(before: str, behind: str, rules: Rules) -> bool:
    """Whether a participle has the auxiliary of a passive before: ``40 were printed and 12 schools visited``."""
    ways = "|".join(rules.words("gapped_passives")) or "(?!)"
    return re.search(rf"(?:{ways})$", before) is not None and re.match(r"\s*(?:[,;.]|$)", behind) is not None


def _verbs(
    text: str,
    tokens: Sequence[re.Match[str]],
    words: Sequence[str],
    at: int,
    fitting: Sequence[tuple[tuple[str, ...], Cue, str]],
    rules: Rules,
) -> Iterator[Event]:
    """The events of a word that is a form of a measuring verb, one for each rule; none where it is only planned."""
    rest = fitting[0][0]
    end = tokens[at + len(rest)].end()
    lead, denied, first = _lead(text, tokens, words, at, rules)
    for cue in dict.fromkeys(cue for behind, cue, _ in fitting if behind == rest):
        kinds = {kind for behind, one, kind in fitting if one is cue and behind == rest}
        form = _FORMS[rules.language](lead, kinds, text[: tokens[first].start()], text[end:], rules)
        if (cue.marks.get("intransitive") and form == "active") or (_on_both_sides(cue) and form == "passive"):
            form = "either"
        if form is not None:
            yield Event(cue, tokens[first].start(), end, form, denied)


def _on_both_sides(cue: Cue) -> bool:
    """Whether a passive may have its amount behind it, too, as what is given: ``it was allocated 2 million``."""
    return bool(cue.marks.get("intransitive") or cue.marks.get("given"))


def _is_with(text: str, at: int, cue: Cue) -> bool:
    """Whether what an event needs beside its verb stands in the same part of the sentence: to attend *a course*."""
    needed = cue.marks.get("with")
    if not needed:
        return True
    start, end = text.rfind(";", 0, at) + 1, text.find(";", at)
    return compiled(tuple(needed)).search(text, start, end if end >= 0 else len(text)) is not None


def _lead(
    text: str, tokens: Sequence[re.Match[str]], words: Sequence[str], at: int, rules: Rules
) -> tuple[tuple[str, ...], bool, int]:
    """The auxiliaries right before a verb, without adverbs; whether one of them denies; and where they begin."""
    helping, denying = frozenset(rules.words("helping")), frozenset(rules.words("no_words"))
    adverbs = compiled((r"\w+(?:ly|mente)", *rules.words("event_adverbs")))
    opening = compiled(rules.words("infinitive_openers"))
    lead: list[str] = []
    first, denied = at, False
    for place in range(at - 1, max(-1, at - _BEFORE), -1):
        word = words[place]
        if text[tokens[place].end() : tokens[place + 1].start()].strip():
            break
        if word in denying or word.endswith("n't"):
            denied = True
        elif word in helping:
            lead.insert(0, word)
        elif opening.match(text, tokens[place].start()) or not adverbs.search(word):
            break
        first = place
    return tuple(lead), denied, first


def _english(lead: tuple[str, ...], kinds: set[str], before: str, behind: str, rules: Rules) -> Form | None:
    helped = frozenset(lead)
    if helped & frozenset(rules.words("unreal")):
        return None
    be, have = frozenset(rules.words("be")), frozenset(rules.words("have"))
    if "part" in kinds and lead and lead[-1] in be:
        return "passive" if "to" not in helped or "had" in helped else None  # "had to be closed"
    if "part" in kinds and lead and lead[-1] in have:
        return "active"
    if "base" in kinds and helped & {"did", "does", "do"}:
        return "active"
    if "ger" in kinds:
        if compiled(rules.words("planned")).search(f"{before} {' '.join(lead)} "):
            return None
        opened = helped & frozenset(rules.words("gerund_openers")) or before.rstrip().endswith(",")
        return "active" if opened else None
    if "to" in helped or not kinds & {"finite", "part"}:
        return "active" if "base" in kinds and helped & frozenset(rules.words("achieving")) else None
    if "part" in kinds and re.match(rf"(?:\s(?:{'|'.join(rules.words('behind_reduced'))})\b|\s?[,.;:()]|$)", behind):
        return "reduced"
    return "active"


def _spanish(lead: tuple[str, ...], kinds: set[str], before: str, behind: str, rules: Rules) -> Form | None:
    helped = frozenset(lead)
    if helped & frozenset(rules.words("unreal")):
        return None
    if "part" in kinds and _is_noun(lead, before, rules) and _summed(rules).match(behind):
        return "noun"
    reflexive = bool(helped & {"se", "sido"})
    if "part" in kinds and helped & frozenset(rules.words("be")):
        return "either"
    if "part" in kinds and helped & frozenset(rules.words("have")):
        return "either" if reflexive else "active"
    if "finite" in kinds and not helped & frozenset(rules.words("indefinite")):
        return "either" if reflexive or helped & frozenset(rules.words("object_pronouns")) else "active"
    if "base" in kinds:
        done = helped & frozenset(rules.words("achieving")) or _is_joined(before, rules)
        openers = tuple(f"{word} $" for word in rules.words("infinitive_openers"))
        added = compiled(openers).search(f"{before}{' '.join((*lead, ''))}")
        return "active" if done or added else None
    if "ger" in kinds:
        return "active"
    return "reduced" if "part" in kinds else None


def _is_noun(lead: tuple[str, ...], before: str, rules: Rules) -> bool:
    """Whether a participle has an article, or its number is named: ``los detenidos``, ``número de detenidos``."""
    counted = compiled(tuple(f"{way}$" for way in rules.words("number_of")))
    articled = bool(lead) and lead[-1] in rules.words("articles_of_participles")
    return articled or counted.search(f"{before}{' '.join(lead)}") is not None


@lru_cache(maxsize=8)
def _summed(rules: Rules) -> re.Pattern[str]:
    """What stands behind a participle of which a sum is told: ``los detenidos por tráfico en 2013 fueron 87``."""
    verbs, about = "|".join((*rules.words("changes"), *rules.words("be"))), "|".join(rules.words("about"))
    numbers = {*rules.words("numbers"), *(line.split()[0] for line in rules.words("number_variants"))}
    number = rf"\d|(?:{'|'.join(numbers - {*rules.words('indefinite')})})(?!\w)"
    openers = "|".join(rules.words("sum_openers"))
    between = rf"(?:[^.;:]|[.](?=\d)){{0,{_REACH}}}?(?<!\w)"
    return re.compile(rf"{between}(?:{verbs})(?: (?:{openers}))?(?: (?:{about}))? (?:{number})")


_FORMS = {"en": _english, "es": _spanish}


def _is_joined(before: str, rules: Rules) -> bool:
    """Whether an infinitive goes on with one that was achieved: ``logró incautar 300 kg y desmantelar dos …``."""
    achieving, joints = ("|".join(rules.words(key)) for key in ("achieving", "list_joints"))
    return re.search(rf"(?<!\w)(?:{achieving}) (?:[^.;:]|(?<=\d)[.](?=\d))*(?: (?:{joints})|,) $", before) is not None


# -- what did not occur ------------------------------------------------------------------------------------------------


def zero_events(text: str, rules: Rules, *marks: str) -> Iterator[tuple[Cue, int, int]]:
    """The denied events that count as zero where a year is said, with the stretch that names the thing.

    Those that are marked `zero`, and by other ``marks``: what is denied so is a finding, too.
    """
    cues = _zeros(rules, *marks)
    if _denied(cues, rules).search(text):
        for cue in cues:
            for match in _denied((cue,), rules).finditer(text):
                yield cue, match.start(), _clause_end(text, match.end())


@lru_cache(maxsize=8)
def _zeros(rules: Rules, *marks: str) -> tuple[Cue, ...]:
    return tuple(cue for cue in rules.of("measure") if any(cue.marks.get(mark) for mark in ("zero", *marks)))


def _clause_end(text: str, start: int) -> int:
    return min((at for sign in ";" if (at := text.find(sign, start)) >= 0), default=len(text))


@lru_cache(maxsize=512)
def _denied(cues: tuple[Cue, ...], rules: Rules) -> re.Pattern[str]:
    """The ways to deny any of some events, as ``denied_events`` of the rules gives them."""
    known = [inflection.of(cue, rules) for cue in cues]
    forms = {
        "bases": {form for each in known for form in each.bases},
        "finite": {form for each in known for form in each.finite},
        "participles": {form for each in known for form in each.participles},
        "nouns": {noun for cue in cues for noun in cue.marks.get("events", ())},
    }
    parts = {name: "|".join(sorted(found)) or r"(?!)" for name, found in forms.items()}
    ways = [re.sub(r"<(\w+)>", lambda match: parts[match[1]], way) for way in rules.words("denied_events")]
    return expression("|".join(ways), re.IGNORECASE)

"""Words that stand for instruments named before: *the Convention*, *the latter*, *it*, *its protocol on firearms*.

Which words take up which is data (``data/rules/*/instruments.toml``); what they take up is in the same sentence, or in
the last before it in its place that names an instrument.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from mem_graph.reading.entities.mentions import Sentence, masked
from mem_graph.reading.entities.names import Named
from mem_graph.reading.entities.participation import is_signed
from mem_graph.reading.entities.treaty_names import amended
from mem_graph.reading.rules import Rules, compiled, pattern


def with_anaphora(sentence: Sentence, before: Sentence | None, rules: Rules) -> Sentence:
    """The sentence with *the Convention*, *those Conventions*, *the former*, *it* and *its principles* resolved.

    ``before``: the last sentence before it in its place that names an instrument.
    """
    last = before.of("instrument") if before is not None else ()
    sentence = _as_amended_before(sentence, last, rules)
    own = [*sentence.of("instrument"), *_short(sentence, rules)]
    more: list[Named] = own[len(sentence.of("instrument")) :]
    for many, name in ((False, "anaphora_one"), (True, "anaphora_many")):
        for match in _anaphora(rules.words(name)).finditer(sentence.view.text):
            if _is_free(match, own):
                meant = [named for named in own if named.start < match.start()] or list(last)
                kept = meant if many else _of_kind(match[0], meant, rules)
                if many or len({named.key for named in kept}) == 1:
                    more.extend(_stand_for(match, kept, sentence.view.text, rules))
    more.extend(_last(sentence, [*own, *more], last, rules))
    more.extend(_protocols(sentence, [*own, *more], last, rules))
    more.extend(_ordinals(sentence, [*own, *more], last, rules))
    more.extend(_principles(sentence, [*own, *more], before, rules))
    more.extend(_returns(sentence, [*own, *more], rules))
    if not own and not more and before is not None:
        more.extend(_pronouns(sentence, before, rules))
    return _without_covered(sentence, more).with_names(more)


def _as_amended_before(sentence: Sentence, last: Sequence[Named], rules: Rules) -> Sentence:
    """The sentence with ``the said Single Convention`` for the amended one where that was named before."""
    wholes = {key: cue.value for cue in rules.of("amended") for key in cue.marks["of"]}
    led = re.compile(rf"(?<!\w)(?:{'|'.join(rules.words('meant_before'))})\s+$", re.IGNORECASE)
    changed: list[Named] = []
    for named in sentence.names:
        whole = wholes.get(named.key) if named.kind == "instrument" and rules.words("meant_before") else None
        said = [*changed, *last]
        if (
            whole is not None
            and led.search(sentence.view.text[: named.start])
            and any(one.key == whole for one in said)
        ):
            named = replace(named, key=whole, sureness="rule", rule="instruments.anaphora")
        changed.append(named)
    return replace(sentence, names=tuple(changed))


def _without_covered(sentence: Sentence, more: Sequence[Named]) -> Sentence:
    """The sentence without instruments that are part of what takes up another: ``that Convention as amended by …``."""
    covered = [
        name
        for name in sentence.of("instrument")
        if any(other.start < name.start and name.end <= other.end for other in more)
    ]
    return replace(sentence, names=tuple(name for name in sentence.names if name not in covered))


def _is_free(match: re.Match[str], names: Sequence[Named]) -> bool:
    return not any(named.start < match.end() and match.start() < named.end for named in names)


def _last(sentence: Sentence, own: Sequence[Named], before: Sequence[Named], rules: Rules) -> Iterator[Named]:
    """So many of the instruments named last, or first: ``these last two conventions``, ``the first three``."""
    text = sentence.view.text
    for line in (*rules.words("last_named"), *rules.words("first_named")):
        words, number = line.rsplit(" ", 1)
        several = slice(-int(number), None) if line in rules.words("last_named") else slice(int(number))
        for match in compiled((words,)).finditer(text):
            meant = [named for named in own if named.end <= match.start()] or list(before)
            keys = list(dict.fromkeys(named.key for named in meant))[several]
            if _is_free(match, own) and len(keys) == int(number):
                for key in keys:
                    yield Named(
                        "instrument", key, *match.span(), match[0], sureness="rule", rule="instruments.anaphora"
                    )


def _protocols(sentence: Sentence, own: Sequence[Named], last: Sequence[Named], rules: Rules) -> Iterator[Named]:
    """The protocols of a convention by their matters, or all of them by their number.

    ``… and its protocols on trafficking in persons and smuggling of migrants``, ``… and its three Protocols``.
    """
    text = sentence.view.text
    told = [*_of_matters(sentence, own, last, rules)]
    yield from told
    named_already = {named.key for named in (*own, *told)}
    for match in compiled(rules.words("all_protocols")).finditer(text):
        cues = rules.of("protocol-matter")
        if _is_free(match, own) and any(named.key == cue.marks["of"] for named in (*own, *last) for cue in cues):
            for cue in (cue for cue in cues if cue.value not in named_already):
                yield Named("instrument", cue.value, *match.span(), match[0], sureness="rule", rule=cue.id)
    yield from _other_protocols(sentence, [*own, *told], last, rules)


def _of_matters(sentence: Sentence, own: Sequence[Named], last: Sequence[Named], rules: Rules) -> Iterator[Named]:
    """The protocols that are named by their matters: ``its protocols on trafficking in persons and firearms``."""
    cues, text = rules.of("protocol-matter"), sentence.view.text
    for match in _lists_of_matters(rules).finditer(text):
        groups = match.groupdict()
        start, said = match.start(), groups.get("whose") or groups.get("behind")
        of = said or {named.key for named in (*own, *last)} & {cue.marks["of"] for cue in cues}
        of = of or compiled(rules.words("protocols_by_place")).search(text, 0, start)
        for item in _any_matter(rules).finditer(text, match.start("matters"), match.end()) if of else ():
            if not any(named.start < item.end() and item.start() < named.end for named in own):
                cue = cues[int(str(item.lastgroup)[1:])]
                yield Named(
                    "instrument", cue.value, start, item.end(), text[start : item.end()], sureness="rule", rule=cue.id
                )
            start = item.end()
            start += len(text[start:]) - len(text[start:].lstrip(" ,"))


def _other_protocols(sentence: Sentence, own: Sequence[Named], last: Sequence[Named], rules: Rules) -> Iterator[Named]:
    """The protocols that the sentence does not name: ``the other two``, ``its Protocols, with the exception of …``."""
    cues = {cue.value: cue for cue in rules.of("protocol-matter")}
    known = {*cues, *(cue.marks["of"] for cue in cues.values())}
    for match in compiled(rules.words("other_protocols")).finditer(sentence.view.text):
        if _is_free(match, own) and any(named.key in known for named in (*own, *last)):
            for key in (key for key in cues if all(named.key != key for named in own)):
                yield Named("instrument", key, *match.span(), match[0], sureness="rule", rule=cues[key].id)


@lru_cache(maxsize=8)
def _any_matter(rules: Rules) -> re.Pattern[str]:
    """The matter of one protocol; the group says which."""
    groups = (f"(?P<m{at}>{'|'.join(cue.words)})" for at, cue in enumerate(rules.of("protocol-matter")))
    return compiled(tuple(groups))


@lru_cache(maxsize=8)
def _lists_of_matters(rules: Rules) -> re.Pattern[str]:
    """What opens a list of protocols, and the matters in it."""
    words = "|".join(word for cue in rules.of("protocol-matter") for word in cue.words)
    leads, joints, again = (
        "|".join(rules.words(key)) for key in ("protocol_leads", "joints_and", "protocol_prepositions")
    )
    article = "|".join(rules.words("name_articles"))
    matter = rf"(?:(?:{again}) )?(?:(?:{article}) )?(?:{words})"
    return compiled((rf"(?:{leads}) (?P<matters>{matter}(?:(?:, |,? (?:{joints}) ){matter})*)",))


def _ordinals(sentence: Sentence, own: Sequence[Named], last: Sequence[Named], rules: Rules) -> Iterator[Named]:
    """One of several instruments named before by its place among them: ``Article 19 of the former``."""
    for cue in rules.of("ordinal"):
        for match in pattern(cue).finditer(sentence.view.text):
            earlier = [named for named in own if named.end <= match.start()]
            keys = list(dict.fromkeys(named.key for named in earlier)) or list(
                dict.fromkeys(named.key for named in last)
            )
            place = int(cue.value)
            if _is_free(match, own) and len(keys) > max(1, place):
                yield Named(
                    "instrument", keys[place], *match.span(), match[0], sureness="rule", rule="instruments.anaphora"
                )


def _principles(sentence: Sentence, own: Sequence[Named], before: Sentence | None, rules: Rules) -> Iterator[Named]:
    """The standards of a group, taken up: ``a member of the Egmont Group, whose principles it observes``."""
    for cue in rules.of("principles"):
        for match in pattern(cue).finditer(sentence.view.text):
            groups = [body.key for body in sentence.of("institution") if body.end <= match.start()]
            groups = groups or [body.key for body in (before.of("institution") if before is not None else ())]
            if _is_free(match, own) and groups and groups[-1] == cue.marks["group"]:
                yield Named("instrument", cue.value, *match.span(), match[0], sureness="rule", rule=cue.id)


def _returns(sentence: Sentence, own: Sequence[Named], rules: Rules) -> Iterator[Named]:
    """The instrument that was denounced and is joined again: ``denounced the Convention, and acceded to it again``."""
    text = sentence.view.text
    left = [
        match.end() for cue in rules.of("relation") if cue.value == "denounced" for match in pattern(cue).finditer(text)
    ]
    for match in (found for word in rules.words("pronouns_of_returns") for found in _word(word, sentence)):
        meant = [named for named in own if min(left, default=len(text)) <= named.start < match.start()]
        if meant and _is_free(match, own):
            yield Named(
                "instrument",
                meant[-1].key,
                *match.span("it"),
                match["it"],
                sureness="rule",
                rule="instruments.anaphora",
            )


def _pronouns(sentence: Sentence, before: Sentence, rules: Rules) -> Iterator[Named]:
    """The instrument of the sentence before that a pronoun takes up: ``It has not ratified it``."""
    last = before.of("instrument")
    if len({named.key for named in last}) != 1:
        return
    signed = is_signed(masked(before.view.text, last), 0, rules)
    for match in (found for word in rules.words("pronouns_of_acts") for found in _word(word, sentence)):
        rule = "instruments.signed-before" if signed else "instruments.anaphora"
        yield Named("instrument", last[0].key, *match.span("it"), match["it"], sureness="rule", rule=rule)
        return


def _word(word: str, sentence: Sentence) -> Iterator[re.Match[str]]:
    yield from compiled((word,)).finditer(sentence.view.text)


def _short(sentence: Sentence, rules: Rules) -> Iterator[Named]:
    """The instruments that a sentence names by words that no other is called by: ``the Optional Protocol``."""
    for cue in rules.of("short-name"):
        for match in re.finditer("|".join(cue.words), sentence.view.text):
            if not any(named.start < match.end() and match.start() < named.end for named in sentence.of("instrument")):
                yield Named("instrument", cue.value, *match.span(), match[0], sureness="rule", rule=cue.id)


def _of_kind(words: str, meant: Sequence[Named], rules: Rules) -> list[Named]:
    """Those of the instruments last named that have the kind which an anaphora names; all, where it names none.

    ``dicha Convención`` is no ``Convenio``, ``that Protocol`` no ``Convention``.
    """
    kind = next((each for each in rules.words("kinds_of_instrument") if each in words.casefold()), "")
    return [named for named in meant if kind in named.words.casefold()] or list(meant)


def _stand_for(match: re.Match[str], meant: Sequence[Named], text: str, rules: Rules) -> Iterator[Named]:
    """What an anaphora stands for, as amended where that is said: ``nor of that Convention in its amended form``."""
    for key in dict.fromkeys(named.key for named in meant):
        whole, end = amended(text, key, match.end(), rules.of("amended"))
        words = text[match.start() : end]
        yield Named("instrument", whole, match.start(), end, words, sureness="rule", rule="instruments.anaphora")


@lru_cache(maxsize=8)
def _anaphora(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"{compiled(words, 0).pattern}(?! (?:on|against|for|of the|relating|concerning))")

"""What a finding is about: the narrowest topics that its words name, else those of what it takes up.

Cues stand in ``data/rules/topics.toml`` in the order of the guide. Words inside the name of an instrument name no
topic. Where nothing else does, the recommendation says what its chapter is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mem_graph.reading.entities.mentions import Sentence
from mem_graph.reading.rules import Cue, Rules, compiled, pattern
from mem_graph.reading.syntax.english_clauses import Range

_TAKEN_UP = re.compile(
    r"(?<!\w)(?:These|This|Those|Such|these|this|those|such|[Tt]he [a-z]+ of (?:these|this|those))\s+(?P<noun>[a-z]+)"
)


FIRST = 1
"""The chapter with whose matter the conclusions begin."""
INSTRUMENT = "§"
"""Stands for the name of an instrument in the words of cues."""


@dataclass(frozen=True, slots=True)
class Said:
    """An earlier sentence of a place with the topics of its findings."""

    text: str
    topics: tuple[str, ...]


def of(sentence: Sentence, focus: Range, clause: Range, earlier: Sequence[Said], rules: Rules) -> tuple[str, ...]:
    """The topics of a finding; none where neither its words nor what it takes up belong to the field.

    In: the sentence, the parts of its view that are focus and clause, what earlier sentences of its place were about.
    """
    text = _plain(sentence)
    parts = (text[slice(*focus)], text[slice(*clause)], text)
    cues = _in_clause(parts, rules)
    main = {cue.value for cue in cues if not cue.marks.get("adds")}
    own = _without_other_bodies(sentence, text, rules)[slice(*clause)]
    if not main and _is_field(own, earlier, isinstance(sentence.where, int), rules):
        cues = [*cues, *_fallback(sentence, text[: clause[1]], earlier, rules)]
    return _narrowest(cues, rules) if cues else ()


def _in_clause(parts: tuple[str, str, str], rules: Rules) -> list[Cue]:
    """The cues met in the focus, else in the clause, else in the sentence; cues of wider reach always in theirs."""
    reach = {"focus": 0, "clause": 1, "sentence": 2}
    wide = [
        cue
        for cue in rules.of("topic")
        if "reach" in cue.marks and pattern(cue).search(parts[reach[cue.marks["reach"]]])
    ]
    adding: list[Cue] = []
    for part in parts:
        met = _met(part, rules)
        main = [cue for cue in (*wide, *met) if not cue.marks.get("adds")]
        if part is parts[0] or not adding:
            adding = [cue for cue in (*wide, *met) if cue.marks.get("adds")] if part is parts[0] else adding
        if main:
            return [*main, *adding]
    return adding


@lru_cache(maxsize=1024)  # findings of one sentence have it, and often the clause, in common
def _met(part: str, rules: Rules) -> tuple[Cue, ...]:
    """The cues without a reach of their own that a text meets."""
    return tuple(cue for cue in rules.of("topic") if "reach" not in cue.marks and pattern(cue).search(part))


def _plain(sentence: Sentence) -> str:
    """The view with a sign for each instrument, so that the words of their names name nothing; of the same length."""
    text = sentence.view.text
    for named in sentence.of("instrument"):
        length = named.end - named.start
        text = text[: named.start] + INSTRUMENT[:length].ljust(length) + text[named.end :]
    return text


def _without_other_bodies(sentence: Sentence, text: str, rules: Rules) -> str:
    """A text with the names of bodies blanked that speak of no field or of another: ``Ministry of Education``."""
    for named in sentence.of("institution"):
        if compiled(rules.words("field_bodies")).search(named.words) is None:
            text = text[: named.start] + " " * (named.end - named.start) + text[named.end :]
        else:
            text = text[: named.start] + "§".ljust(named.end - named.start) + text[named.end :]
    return text


def _is_field(clause: str, earlier: Sequence[Said], in_chapter: bool, rules: Rules) -> bool:
    """Whether a clause speaks of the field: by a common noun such as *programs*, or by taking up what was said of it.

    What goes on in a chapter that spoke of the field speaks of it too. Words of another field speak against it.
    """
    if compiled(rules.words("other_fields")).search(clause):
        return False
    taken_up = earlier and (in_chapter or compiled(rules.words("taking_up")).search(clause) is not None)
    return bool(taken_up) or compiled(rules.words("field")).search(clause) is not None


def _fallback(sentence: Sentence, text: str, earlier: Sequence[Said], rules: Rules) -> Iterable[Cue]:
    """The topics of the earlier sentence that *these protocols* take up; else the chapter's; else those said last."""
    for match in _TAKEN_UP.finditer(text):
        stem = re.compile(rf"(?<!\w){re.escape(match['noun'][: max(4, len(match['noun']) - 3)])}", re.IGNORECASE)
        for said in reversed(earlier):
            if stem.search(said.text):
                return _cues(said.topics)
    if isinstance(sentence.where, int):
        return _cues(matters(rules).get(sentence.where, ()))
    return _cues(earlier[-1].topics if earlier else matters(rules).get(FIRST, ()))


def _cues(keys: Sequence[str]) -> list[Cue]:
    return [Cue("topic", f"taken-up-{key}", (), key, ()) for key in keys]


def _narrowest(cues: Sequence[Cue], rules: Rules) -> tuple[str, ...]:
    """The topics of cues, without those that yield to another that was met, in the order of the guide."""
    alone = [cue for cue in cues if cue.marks.get("alone")]
    kept = alone[:1] or cues
    met = {cue.value for cue in kept if alone or not cue.marks.get("adds")} or {cue.value for cue in kept}
    values = {cue.value for cue in kept if not met & set(cue.marks.get("yields", ())) - {cue.value}}
    order = {cue.value: place for place, cue in reversed(list(enumerate(rules.of("topic"))))}
    return tuple(sorted(values or {cue.value for cue in kept}, key=lambda value: order.get(value, len(order))))


@lru_cache(maxsize=16)
def matters(rules: Rules) -> dict[int, tuple[str, ...]]:
    """What each recommendation of the round is about, for findings whose words name no topic."""
    return {int(cue.id.rsplit("-", 1)[1]): tuple(cue.value.split()) for cue in rules.of("matter")}

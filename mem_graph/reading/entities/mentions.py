"""Who is meant: descriptions, short forms and acronyms resolved to bodies and plans; and what is a part of what.

A description (``the national drug authority``) stands for a body only where the report itself says which body that is,
or where one body of that kind is named in it (``docs/coding.md``, Institutions). Layout says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from mem_graph.model import Affiliation, Evidence, Passage, Sureness, Where
from mem_graph.reading.entities.name_forms import BRACKETED
from mem_graph.reading.entities.names import Finder, Kind, Named, find, with_own
from mem_graph.reading.page.sentences import View, view
from mem_graph.reading.rules import Cue, Rules, compiled, expression, pattern

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as the rules see it: its passage, its view, the names in it."""

    passage: Passage
    view: View
    names: tuple[Named, ...]

    @property
    def where(self) -> Where:
        return self.passage.where

    def with_names(self, more: Sequence[Named]) -> Sentence:
        """The sentence with further names, all in order."""
        if not more:
            return self
        return replace(self, names=tuple(sorted((*self.names, *more), key=lambda name: (name.start, -name.end))))

    def of(self, kind: str) -> tuple[Named, ...]:
        """The names of one kind, in order."""
        return tuple(name for name in self.names if name.kind == kind)


@dataclass(slots=True)
class _Memory:
    """What the sentences before have named: in this place, and in the whole report."""

    where: Where | None = None
    institutions: list[Named] = field(default_factory=list)
    plans: list[Named] = field(default_factory=list)


def sentences(
    text: str, passages: Sequence[Passage], finder: Finder, rules: Rules, without_notes: str | None = None
) -> tuple[Sentence, ...]:
    """The sentences of a report with every name in them, those that only a rule resolves included.

    ``without_notes``: the text with its footnotes blanked, for the sentences that one cuts in two.
    """
    views = [_view(text, without_notes, passage) for passage in passages]
    names = [find(shown, finder) for shown in views]
    bracketed = (match[1] for shown in views for match in BRACKETED.finditer(shown.text))
    knowing = with_own(finder, (name for found in names for name in found), bracketed)
    if (knowing.acronyms, knowing.own, knowing.others, knowing.titles.own) != ({}, {}, frozenset(), {}):
        names = [find(shown, knowing) for shown in views]
    plain = [Sentence(*parts) for parts in zip(passages, views, names, strict=True)]
    described = _identified(plain, rules)
    return tuple(_resolved(plain, described, knowing, rules))


def _view(text: str, without_notes: str | None, passage: Passage) -> View:
    start, end = passage.span.start, passage.span.end
    in_note = without_notes is None or not without_notes[start:end].strip()
    return view(text if in_note or without_notes is None else without_notes, start, end)


def _identified(plain: Sequence[Sentence], rules: Rules) -> dict[str, str]:
    """Which body each description stands for, by the description's id."""
    bodies = {name.key: name for sentence in plain for name in sentence.of("institution")}
    found: dict[str, str] = {}
    for cue in rules.of("description"):
        if cue.marks.get("kind") == "named":
            keys = {key for key, name in bodies.items() if cue.value in name.words and not key.startswith("INT/")}
            if len(keys) == 1:
                found[cue.id] = keys.pop()
        elif (key := next(filter(None, (_said_to_be(sentence, cue, rules) for sentence in plain)), None)) is not None:
            found[cue.id] = key
    for cue in rules.of("description"):
        if (other := f"description.{cue.value}") in found:
            found[cue.id] = found[other]
    return found


def _said_to_be(sentence: Sentence, cue: Cue, rules: Rules) -> str | None:
    """The body that a sentence says a description stands for: ``Peru's national drug authority is the …``."""
    for match in pattern(cue).finditer(sentence.view.text):
        for name in sentence.of("institution"):
            after, before = sentence.view.text[match.end() : name.start], sentence.view.text[name.end : match.start()]
            if _whole(rules.words("identity_after")).fullmatch(after.strip()) and match.end() <= name.start:
                return name.key
            if _whole(rules.words("identity_before")).fullmatch(before.strip()) and name.end <= match.start():
                return name.key
    return None


@lru_cache(maxsize=8)
def _whole(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(words))


def _resolved(
    plain: Sequence[Sentence], described: Mapping[str, str], finder: Finder, rules: Rules
) -> Iterator[Sentence]:
    memory = _Memory()
    nationals = {
        name.key: name for sentence in plain for name in sentence.of("plan") if not name.key.startswith("INT/")
    }
    heads = _only_ones(plain, finder)
    given: dict[str, Named] = {}
    for sentence in plain:
        if sentence.where != memory.where:
            memory = _Memory(sentence.where)
        sentence = _with_shared(sentence, given, finder)
        more = [
            *_descriptions(sentence, described, rules),
            *_demonstratives(sentence, memory, heads, finder, rules),
            *_short_plans(sentence, memory, finder, rules),
            *_plan_descriptions(sentence, tuple(nationals.values()), rules),
        ]
        free = [name for name in more if not any(_inside(name, other) for other in sentence.names)]
        sentence = sentence.with_names(free)
        memory.institutions.extend(sentence.of("institution"))
        memory.plans.extend(sentence.of("plan"))
        yield sentence


def _with_shared(sentence: Sentence, given: dict[str, Named], finder: Finder) -> Sentence:
    """The sentence with each acronym that two bodies share standing for the one that was last printed with it."""
    names = []
    for name in sentence.names:
        if name.acronym in finder.shared and name.acronym is not None:
            given[name.acronym] = name
        if name.rule == "names.acronym" and name.words in given:
            name = replace(name, key=given[name.words].key, sureness="fuzzy")
        names.append(name)
    return replace(sentence, names=tuple(names))


def _descriptions(sentence: Sentence, described: Mapping[str, str], rules: Rules) -> Iterator[Named]:
    """Descriptions of bodies that the report identifies.

    In the sentence that does so, no mention but who is spoken of.
    """
    text = sentence.view.text
    for cue in rules.of("description"):
        key = described.get(cue.id)
        for match in pattern(cue).finditer(text) if key else ():
            identifies = _said_to_be(sentence, cue, rules) == key
            if key and (identifies or not any(name.key == key for name in sentence.of("institution"))):
                kind: Kind = "description" if identifies else "institution"
                yield Named(kind, key, *match.span(), match[0], sureness="rule", rule=cue.id)


def _only_ones(plain: Sequence[Sentence], finder: Finder) -> dict[str, Named]:
    """The national bodies whose head no other in the report has, by their head: ``the Council``."""
    of_head: dict[str, dict[str, Named]] = {}
    for name in (name for sentence in plain for name in sentence.of("institution") if not name.key.startswith("INT/")):
        for head in set(finder.forms.head.findall(name.words)):
            of_head.setdefault(head, {}).setdefault(name.key, name)
    return {head: next(iter(names.values())) for head, names in of_head.items() if len(names) == 1}


def _demonstratives(
    sentence: Sentence, memory: _Memory, only: Mapping[str, Named], finder: Finder, rules: Rules
) -> Iterator[Named]:
    """``This Directorate``: the body last named in this place whose name has that head, or the report's only one."""
    openers = "|".join(rules.words("demonstratives"))
    for match in re.finditer(rf"(?<!\w)(?:{openers}) (?P<head>{finder.forms.head.pattern})", sentence.view.text):
        near = (name for name in reversed(memory.institutions) if re.search(rf"\b{match['head']}\b", name.words))
        name = next(near, only.get(match["head"]))
        if name is not None:
            yield Named("institution", name.key, *match.span(), name.words, sureness="rule", rule="names.demonstrative")


def _short_plans(sentence: Sentence, memory: _Memory, finder: Finder, rules: Rules) -> Iterator[Named]:
    """``the National Strategy``: the plan last named in this place whose name holds those words."""
    heads, openers = "|".join(rules.words("plan_heads")), "|".join(rules.words("demonstratives"))
    more = r"(?:[A-Z]\w+ ){0,2}", r"(?: [A-Z]\w+){0,2}"
    short = rf"(?:{heads}){more[1]}" if finder.forms.heads_first else rf"{more[0]}(?:{heads})"
    for match in re.finditer(rf"(?<!\w)(?:{openers}) (?P<short>{short})(?!\w)", sentence.view.text):
        for name in reversed(memory.plans):
            if set(match["short"].split()) <= set(name.words.split()):
                yield Named("plan", name.key, *match.span(), name.words, sureness="rule", rule="names.short-plan")
                break


def _plan_descriptions(sentence: Sentence, plans: Sequence[Named], rules: Rules) -> Iterator[Named]:
    """``a national anti-drug strategy``: the one national plan of that kind in the report."""
    for cue in rules.of("plan-description"):
        of_kind = [plan for plan in plans if re.match(cue.value, plan.words)]
        for match in pattern(cue).finditer(sentence.view.text) if len(of_kind) == 1 else ():
            yield Named("plan", of_kind[0].key, *match.span(), of_kind[0].words, sureness="rule", rule=cue.id)


def _inside(name: Named, other: Named) -> bool:
    return name.kind == other.kind and name.start < other.end and other.start < name.end


def affiliations(sentence: Sentence, rules: Rules) -> Iterator[Affiliation]:
    """What a sentence says of what is a part of what, each pair once."""
    bodies = [name for name in sentence.names if name.kind in ("institution", "description")]
    texts = _clauses(masked(sentence.view.text, bodies), rules) if len(bodies) > 1 else []
    seen: set[tuple[str, str]] = set()
    for cue in rules.of("affiliation"):
        for match in (found for words in cue.words for text in texts for found in _affiliation(words).finditer(text)):
            part, whole = bodies[int(match["part"])], bodies[int(match["whole"])]
            if _denies(match, rules) or not _may_belong(part.key, whole.key, cue):
                continue
            if (part.key, whole.key) not in seen:
                letter = LETTERS[len(seen)]
                seen.add((part.key, whole.key))
                sureness: Sureness = "printed" if {part.sureness, whole.sureness} == {"printed"} else "rule"
                yield Affiliation(part.key, whole.key, Evidence(sentence.passage, letter, cue.id, sureness))


def _denies(match: re.Match[str], rules: Rules) -> bool:
    """Whether the words between two bodies deny that one is a part of the other: ``does not belong to``."""
    first, second = sorted((match.span("part"), match.span("whole")))
    return compiled(rules.words("no_part")).search(match.string, first[1], second[0] - 1) is not None


def _may_belong(part: str, whole: str, cue: Cue) -> bool:
    """Whether one body may be a part of another.

    Of an international body no national one is a part, only its member; but what is named as its own is.
    """
    own = part.startswith("INT/") or not whole.startswith("INT/") or bool(cue.marks.get("international"))
    return part != whole and own


def _clauses(text: str, rules: Rules) -> list[str]:
    """A masked sentence without the relative clauses that say of what a body is a part, and these apart.

    ``⟨0⟩, which is part of ⟨1⟩, answers to ⟨2⟩``: it is ⟨0⟩ that answers to ⟨2⟩.
    """
    text = _NOTE_MARK.sub("", text)
    apart = [match for match in _aside(rules).finditer(text) if _says_of_what(match["body"] + match["said"], rules)]
    for match in reversed(apart):
        text = text[: match.end("body")] + text[match.end() :]
    return [text, *(match["body"] + match["said"] for match in apart)]


_NOTE_MARK = re.compile(r"[¹²³⁴-⁹⁰]|(?<=[⟩,])\d{1,2}(?= )")


@lru_cache(maxsize=8)
def _aside(rules: Rules) -> re.Pattern[str]:
    """A relative clause between commas behind a body."""
    return re.compile(
        rf"(?P<body>⟨\d+⟩)(?P<said>, (?:{'|'.join(rules.words('relatives_of_bodies'))}) [^,;.]*),", re.IGNORECASE
    )


def _says_of_what(clause: str, rules: Rules) -> bool:
    """Whether a clause says of what a body is a part."""
    return any(_affiliation(words).search(clause) for cue in rules.of("affiliation") for words in cue.words)


def masked(text: str, names: Sequence[Named]) -> str:
    """A text with each name replaced by its number between brackets: ``⟨0⟩, under the ⟨1⟩``."""
    parts, last = [], 0
    for number, name in enumerate(names):
        if name.start >= last:
            parts.append(f"{text[last : name.start]}⟨{number}⟩")
            last = name.end
    return "".join((*parts, text[last:]))


@lru_cache(maxsize=256)
def _affiliation(words: str) -> re.Pattern[str]:
    body = words.replace("{part}", r"⟨(?P<part>\d+)⟩").replace("{whole}", r"⟨(?P<whole>\d+)⟩")
    return expression(body, re.IGNORECASE)

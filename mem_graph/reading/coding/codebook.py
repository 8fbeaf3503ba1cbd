"""The coding rules at work: a sentence to findings with polarity, modality, focus and topics; which rule made each.

What counts is said in ``docs/coding.md``: one finding for each asserted predicate, one for each denied alternative.
Polarity comes from the words of the clause. A clause is a finding only if a rule knows its predicate and its subject
matter. Each language has a grammar of its own; what they hand on has one shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mem_graph.model import Modality, Polarity, Sureness
from mem_graph.reading.coding import criteria, cues, hits, topics
from mem_graph.reading.entities.mentions import Sentence
from mem_graph.reading.entities.names import Named
from mem_graph.reading.figures import fractions
from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.syntax import english, spanish
from mem_graph.reading.syntax.predications import Predication, Range, Said, exception

GRAMMARS: Mapping[str, Callable[[Sentence, tuple[Named, ...], Rules], Said]] = {
    "en": english.predications,
    "es": spanish.predications,
}
"""How a sentence of each language is understood, by the tag of the language."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A finding before it becomes a record: parts of the view instead of spans, keys instead of references."""

    polarity: Polarity
    modality: Modality
    focus: Range
    clause: Range
    topics: tuple[str, ...]
    rule: str
    verb: int
    """Where the words behind the verb group begin."""
    actors: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    exception: Range | None = None
    sureness: Sureness = "rule"
    codes: tuple[criteria.Coded, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What earlier sentences of the same place leave behind: of whom they spoke, on what, and how it was coded."""

    subject: tuple[Named, ...] = ()
    earlier: tuple[topics.Said, ...] = ()
    coded: criteria.Before = field(default_factory=criteria.Before)


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence read.

    Its findings, the words of its clauses with whether they deny, pronouns resolved, what it leaves behind.
    """

    drafts: tuple[Draft, ...]
    clauses: tuple[tuple[Range, bool], ...]
    pronouns: tuple[Named, ...]
    context: Context


def read(sentence: Sentence, context: Context, rules: Rules) -> Reading:
    """Read one sentence.

    In: the sentence with its names, what its place said before. Out: drafts and what it leaves behind.
    """
    said = GRAMMARS[rules.language](sentence, context.subject, rules)
    drafts, coded = _coded(sentence, _all_drafts(sentence, said.predications, context, rules), context.coded, rules)
    actors = said.predications[0].actors if said.predications else ()
    about = topics.Said(sentence.view.text, tuple(dict.fromkeys(topic for draft in drafts for topic in draft.topics)))
    left = Context(actors, (*context.earlier, about) if about.topics else context.earlier, coded)
    return Reading(drafts, tuple((one.extent, one.denies) for one in said.predications), said.pronouns, left)


def _all_drafts(sentence: Sentence, said: tuple[Predication, ...], context: Context, rules: Rules) -> tuple[Draft, ...]:
    """The findings of a sentence, clause by clause: each may take up what the clauses before it were about."""
    drafts: list[Draft] = []
    for one in said:
        about = topics.Said(sentence.view.text[: one.extent[0]], drafts[-1].topics if drafts else ())
        earlier = (*context.earlier, about) if drafts else context.earlier
        drafts.extend(_drafts(sentence, one, earlier, rules))
    return tuple(drafts)


def _drafts(sentence: Sentence, said: Predication, earlier: tuple[topics.Said, ...], rules: Rules) -> Iterator[Draft]:
    """The findings of one clause; none where it is silent or about something else."""
    shared = said.shared and bool(earlier)
    for focus in said.foci:
        on = topics.of(sentence, focus, said.extent, earlier, rules) or (earlier[-1].topics if shared else ())
        on = on or _of_chapter(sentence, said.extent, rules)
        if on:
            yield _draft(sentence, said, focus, on, rules)


def _of_chapter(sentence: Sentence, clause: Range, rules: Rules) -> tuple[str, ...]:
    """What a chapter is about, where the words of a clause speak of one of the criteria of its recommendation."""
    if not isinstance(sentence.where, int):
        return ()
    bodies = [(name.start, name.end) for name in sentence.of("institution")]
    words = cues.tokens(sentence.view.text, rules.language, bodies)
    own = [word for word in words if clause[0] <= word.start < clause[1]]
    return topics.matters(rules).get(sentence.where, ()) if criteria.speaks(own, sentence.where, rules) else ()


def _draft(sentence: Sentence, said: Predication, focus: Range, on: tuple[str, ...], rules: Rules) -> Draft:
    actors = tuple(dict.fromkeys(name.key for name in said.actors))
    within = [name.key for name in sentence.of("institution") if said.extent[0] <= name.start < said.extent[1]]
    return Draft(
        said.polarity,
        said.modality,
        focus,
        said.extent,
        on,
        said.rule,
        said.verb,
        actors,
        tuple(dict.fromkeys([*actors, *within])),
        None if said.denies else exception(sentence.view.text, said.extent, rules),
        said.sureness,
    )


def _coded(
    sentence: Sentence, drafts: Sequence[Draft], before: criteria.Before, rules: Rules
) -> tuple[tuple[Draft, ...], criteria.Before]:
    """The findings of a sentence with their codes, and what these leave behind."""
    opening = criteria.opening(sentence.view.text, rules) if sentence.where == "conclusions" else None
    apart = []
    if opening is not None:
        area, words = opening
        before, apart = replace(before, area=area), [words]
    found: list[Draft] = []
    for draft, said in zip(drafts, _said(sentence, drafts, apart, rules), strict=True):
        codes = criteria.codes(said, before, rules)
        before = replace(before, codes=codes or before.codes)
        found.append(replace(draft, codes=codes))
    return tuple(found), before


def _said(sentence: Sentence, drafts: Sequence[Draft], apart: Sequence[Range], rules: Rules) -> Iterator[hits.Said]:
    """Findings as they are coded, each with the words that name the other things; words set apart count as a name."""
    text = sentence.view.text
    bodies, instruments = (
        [(name.start, name.end) for name in sentence.of(kind)] for kind in ("institution", "instrument")
    )
    idioms = [match.span() for match in compiled(rules.words("idioms")).finditer(text)]
    words = cues.tokens(text, rules.language, [*bodies, *apart, *idioms], instruments) if drafts else ()
    shares = [one.printed.start for one in fractions.fractions(sentence, rules) if one.part < one.whole]
    for draft in drafts:
        start, end = draft.focus
        others = tuple(other.focus for other in drafts if not (other.focus[0] <= start and end <= other.focus[1]))
        first, last = sentence.view.at[draft.clause[0]], sentence.view.at[draft.clause[1] - 1]
        limited = draft.exception is not None or any(first <= share <= last for share in shares)
        excepted = () if draft.exception is None else (draft.exception,)
        others = (*others, *excepted)
        acted = bool(draft.actors)
        yield hits.Said(sentence.where, draft.polarity, text, words, draft.focus, draft.clause, others, limited, acted)

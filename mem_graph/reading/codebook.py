"""The coding rules at work: a sentence to findings with polarity, modality, focus and topics; which rule made each.

What counts is said in ``docs/coding.md``: one finding for each asserted predicate, one for each denied alternative.
Polarity
comes from the words of the clause. A clause is a finding only if a rule knows its predicate and its subject matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mem_graph.model import Modality, Polarity
from mem_graph.reading import denials, topics
from mem_graph.reading.actors import PRONOUN, held, said_of
from mem_graph.reading.clauses import Clause, Range, clauses
from mem_graph.reading.grammar import Parser, tokens
from mem_graph.reading.lexicon import lexicon
from mem_graph.reading.mentions import Sentence
from mem_graph.reading.names import Named
from mem_graph.reading.rules import Rules, compiled, without_examples

DOUBLED = "denial.doubled"
"""The rule of a clause that denies what would hinder, and has no verb of its own."""

_OF_PREDICATES = ("denial.not", "denial.nor", "denial.has-yet-to")
__all__ = ["Context", "Draft", "Reading", "read", "without_examples"]


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


@dataclass(frozen=True, slots=True)
class Context:
    """What earlier sentences of the same place leave behind: of whom they spoke, and on what."""

    subject: tuple[Named, ...] = ()
    earlier: tuple[topics.Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence read.

    Its findings, the words of its clauses with whether they deny, pronouns resolved, what it leaves behind.
    """

    drafts: tuple[Draft, ...]
    clauses: tuple[tuple[Range, bool], ...]
    pronouns: tuple[Named, ...]
    context: Context


@dataclass(frozen=True, slots=True)
class _Part:
    """One clause with all that is said about it."""

    clause: Clause
    extent: Range
    denial: str | None
    actors: tuple[Named, ...]


def read(sentence: Sentence, context: Context, rules: Rules) -> Reading:
    """Read one sentence.

    In: the sentence with its names, what its place said before. Out: drafts and what it leaves behind.
    """
    parser = Parser(tokens(sentence), sentence.view.text, lexicon(rules))
    parts, pronouns = _parts(parser, context, rules)
    drafts = _all_drafts(parser, sentence, parts, context, rules)
    extents = tuple((part.extent, part.denial is not None) for part in parts)
    actors = parts[0].actors if parts else ()
    said = topics.Said(sentence.view.text, tuple(dict.fromkeys(topic for draft in drafts for topic in draft.topics)))
    left = Context(actors, (*context.earlier, said) if said.topics else context.earlier)
    return Reading(drafts, extents, pronouns, left)


def _parts(parser: Parser, context: Context, rules: Rules) -> tuple[list[_Part], tuple[Named, ...]]:
    """The clauses of a sentence, each with its extent in the view, its denial and its actor; and the pronouns met."""
    found = clauses(parser)
    starts = [0, *(parser.words[clause.start].start for clause in found[1:]), len(parser.text)]
    parts: list[_Part] = []
    pronouns: list[Named] = []
    actors: tuple[Named, ...] = ()
    for clause, start, end in zip(found, starts, starts[1:], strict=False):
        if clause.subject is not None:
            actors = said_of(parser, clause.subject, context.subject)
            pronouns.extend(name for name in actors if name.rule == PRONOUN)
        own = actors or held(parser, clause)
        parts.append(_Part(clause, (start, end), denials.denial(parser, clause, rules), own))
    return parts, tuple(pronouns)


def _all_drafts(
    parser: Parser, sentence: Sentence, parts: Sequence[_Part], context: Context, rules: Rules
) -> tuple[Draft, ...]:
    """The findings of a sentence, clause by clause: each may take up what the clauses before it were about."""
    drafts: list[Draft] = []
    for part in parts:
        said = topics.Said(sentence.view.text[: part.extent[0]], drafts[-1].topics if drafts else ())
        earlier = (*context.earlier, said) if drafts else context.earlier
        drafts.extend(_drafts(parser, sentence, part, earlier, rules))
    return tuple(drafts)


def _drafts(
    parser: Parser, sentence: Sentence, part: _Part, earlier: tuple[topics.Said, ...], rules: Rules
) -> Iterator[Draft]:
    """The findings of one clause; none for a count of zero, an unknown predicate, or a clause about something else."""
    if not _is_known(parser, part, rules) or denials.is_zero_count(parser, part.clause, part.denial, rules):
        return
    shared = part.clause.subject is None and bool(earlier)
    for focus in _foci(parser, part, rules):
        on = topics.of(sentence, focus, part.extent, earlier, rules) or (earlier[-1].topics if shared else ())
        if on:
            yield _draft(parser, sentence, part, focus, on, rules)


def _is_known(parser: Parser, part: _Part, rules: Rules) -> bool:
    """Whether a rule knows the predicate: by its verb, as existence, by its denial, or as a denial denied.

    What *not* denies is known only if the predicate is: ``is not optional`` may be good or bad.
    """
    group = part.clause.group
    if denials.is_doubled(parser, part.clause, rules) or group.form == "there":
        return True
    if part.denial in _OF_PREDICATES and group.cue is None and group.form != "but-no":
        return denials.is_known_thing(parser, part.clause, rules)
    if part.denial is not None:
        return not denials.is_selective(parser, part.clause)
    return group.cue is not None and not group.cue.marks.get("denied_only")


def _foci(parser: Parser, part: _Part, rules: Rules) -> Sequence[Range]:
    if part.denial is None:
        return [_trim(parser.text, *_asserted(parser, part.clause, rules))]
    return [_trim(parser.text, *focus) for focus in denials.alternatives(parser, part.clause, rules)]


def _draft(parser: Parser, sentence: Sentence, part: _Part, focus: Range, on: tuple[str, ...], rules: Rules) -> Draft:
    actors = tuple(dict.fromkeys(name.key for name in part.actors))
    within = [name.key for name in sentence.of("institution") if part.extent[0] <= name.start < part.extent[1]]
    institutions = tuple(dict.fromkeys([*actors, *within]))
    exception = _exception(parser.text, part.extent, rules) if part.denial is None else None
    polarity: Polarity = "achievement" if part.denial is None else "deficiency"
    modality = "lacks" if part.denial else _modality(parser, part.clause, rules)
    return Draft(
        polarity,
        modality,
        focus,
        part.extent,
        on,
        _rule(part),
        parser.words[part.clause.group.end - 1].end,
        actors,
        institutions,
        exception,
    )


def _rule(part: _Part) -> str:
    if part.denial:
        return part.denial
    group = part.clause.group
    if group.cue is None:
        return "verb.be-there" if group.form == "there" else DOUBLED
    return group.cue.id


def _modality(parser: Parser, clause: Clause, rules: Rules) -> Modality:
    """What a predicate asserts: by its verb, by *is to*, or by what kind of thing its subject is."""
    group, cue = clause.group, clause.group.cue
    subject = (
        ""
        if clause.subject is None
        else parser.text[parser.words[clause.subject[0]].start : parser.words[group.start].start]
    )
    if group.form == "is-to":
        return "other" if compiled(rules.words("purpose_nouns")).search(subject) else "plans"
    if cue is None:
        return "has" if group.form == "there" else "other"
    if cue.value == "lacks":
        return "other"
    if "other_unless" in cue.marks:
        return cue.value if compiled(rules.words(cue.marks["other_unless"])).search(subject) else "other"  # type: ignore[return-value]
    if group.passive and "passive" in cue.marks:
        return cue.marks["passive"]  # type: ignore[no-any-return]
    return cue.value  # type: ignore[return-value]


def _asserted(parser: Parser, clause: Clause, rules: Rules) -> Range:
    """The words that name an asserted thing: verb and object, up to what only describes, aims or excepts."""
    start = clause.group.start
    end = clause.rest[1] if held(parser, clause) else _ends_object(parser, clause.rest)
    if end <= clause.group.end and clause.subject is not None:
        start = clause.subject[0]
    words = parser.words
    first, last = words[start].start, words[max(end, clause.group.end) - 1].end
    exception = _exception(parser.text, (first, last), rules)
    return first, exception[0] if exception else last


def _ends_object(parser: Parser, rest: Range) -> int:
    """Where an object ends: before a relative clause, a participle or purpose after a comma, or *in order to*."""
    for at in range(rest[0], rest[1]):
        low, following = parser.low(at), parser.low(at + 1)
        relative = low in ("that", "which", "who", "whose", "where", "whom") and at > rest[0]
        aside = low in (",", ";") and (
            following.endswith("ing") or following in ("which", "who", "thereby", "thus", "so", "provided")
        )
        inverted = low in ("and", "but") and following in ("should", "if")
        if (
            inverted
            or (relative and parser.low(at - 1) not in ("those", "of"))
            or aside
            or (low == "in" and following == "order")
        ):
            return at
    return rest[1]


def _exception(text: str, extent: Range, rules: Rules) -> Range | None:
    match = compiled(rules.words("exceptions")).search(text, *extent)
    return None if match is None else _trim(text, *match.span())


def _trim(text: str, start: int, end: int) -> Range:
    """A part of the view without blanks and signs at its ends."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip(" ,;:")), end - len(words) + len(words.rstrip(" ,;:."))

"""An English sentence to predications: clauses with their verb groups, what each asserts or denies, and of whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mem_graph.model import Modality
from mem_graph.reading.entities.mentions import Sentence
from mem_graph.reading.entities.names import Named
from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.syntax import english_denials as denials
from mem_graph.reading.syntax import english_losses as losses
from mem_graph.reading.syntax.english_actors import PRONOUN, held, said_of
from mem_graph.reading.syntax.english_alternatives import alternatives
from mem_graph.reading.syntax.english_clauses import Clause, Range, clauses
from mem_graph.reading.syntax.english_gaps import GAPPED, with_gapped
from mem_graph.reading.syntax.english_verb_groups import Parser
from mem_graph.reading.syntax.lexicon import lexicon
from mem_graph.reading.syntax.neighbours import Neighbours
from mem_graph.reading.syntax.predications import Predication, Said, exception, trim
from mem_graph.reading.syntax.tokens import tokens

DOUBLED = "denial.doubled"
"""The rule of a clause that denies what would hinder, and has no verb of its own."""

UNKNOWN = "predicate.unknown"
"""The rule of a verb or predicate that no rule knows."""

_OF_PREDICATES = ("denial.not", "denial.nor", "denial.has-yet-to")


@dataclass(frozen=True, slots=True)
class _Part:
    """One clause with all that is said about it."""

    clause: Clause
    extent: Range
    denial: str | None
    actors: tuple[Named, ...]


def predications(sentence: Sentence, before: tuple[Named, ...], rules: Rules) -> Said:
    """Read one sentence.

    In: the sentence with its names, the bodies of which the sentence before spoke. Out: what its clauses say.
    """
    parser = Parser(Neighbours(tokens(sentence), sentence.view.text, lexicon(rules)))
    parts, pronouns = _parts(parser, before, rules)
    found = [one for part in parts for one in _predications(parser, part, rules)]
    return Said(tuple(found), pronouns)


def _parts(parser: Parser, before: tuple[Named, ...], rules: Rules) -> tuple[list[_Part], tuple[Named, ...]]:
    """The clauses of a sentence, each with its extent in the view, its denial and its actor; and the pronouns met."""
    found = with_gapped(parser, clauses(parser))
    starts = [0, *(parser.words[_opened(parser, clause.start)].start for clause in found[1:]), len(parser.text)]
    parts: list[_Part] = []
    pronouns: list[Named] = []
    actors: tuple[Named, ...] = ()
    for clause, start, end in zip(found, starts, starts[1:], strict=False):
        if clause.subject is not None:
            actors = said_of(parser, clause.subject, before)
            pronouns.extend(name for name in actors if name.rule == PRONOUN)
        denied = denials.denial(parser, clause, rules)
        parts.append(_Part(clause, (start, end), denied, actors or held(parser, clause)))
    return parts, tuple(pronouns)


def _opened(parser: Parser, start: int) -> int:
    """Where a clause begins with the words that limit its subject: ``although only seven of the eleven have one``."""
    limits = parser.lexicon.lists["limiting"] | parser.lexicon.lists["scarcely"]
    while parser.low(start - 1) in limits:
        start -= 1
    return start


def _predications(parser: Parser, part: _Part, rules: Rules) -> Iterator[Predication]:
    """What one clause says; where something is done without what it needs, that too."""
    said = _predication(parser, part, rules)
    silent = said.denies or not said.foci or denials.is_doubled(parser, part.clause, rules)
    lost = None if silent else losses.lost(parser, part.clause, rules)
    if lost is None or not losses.is_handed_over(parser, part.clause, rules):
        yield said
    if lost is not None:
        yield replace(said, foci=(trim(parser.text, *lost),), denies=True, modality="lacks", rule=losses.WITHOUT)


def _predication(parser: Parser, part: _Part, rules: Rules) -> Predication:
    """What one clause says; no foci for a count of zero or a predicate of which nothing can be said."""
    silent = not _is_known(parser, part, rules) or denials.is_zero_count(parser, part.clause, part.denial, rules)
    group = part.clause.group
    unsure = (
        group.cue is None
        and group.form not in ("there", "but-no")
        and not denials.is_known_thing(parser, part.clause, rules)
    )
    return Predication(
        part.extent,
        () if silent else tuple(_foci(parser, part, rules)),
        part.denial is not None,
        "lacks" if part.denial else _modality(parser, part.clause, rules),
        _rule(part),
        parser.words[part.clause.group.end - 1].end,
        part.actors,
        part.clause.subject is None or GAPPED in group.marks,
        "fuzzy" if unsure and not denials.is_doubled(parser, part.clause, rules) else "rule",
    )


def _is_known(parser: Parser, part: _Part, rules: Rules) -> bool:
    """Whether something can be said of a clause: by its verb, as existence, by its denial, as a denial denied.

    A predicate that no rule knows asserts nothing; what *not* denies of it may be good or bad where it is harmless
    (``is not optional``), and then nothing is said.
    """
    group = part.clause.group
    if _is_supposed(parser) or _is_threat(parser, part, rules):
        return False
    if denials.is_doubled(parser, part.clause, rules) or group.form == "there":
        return True
    if part.denial in _OF_PREDICATES and group.cue is None and group.form != "but-no":
        return denials.is_known_thing(parser, part.clause, rules) or not denials.is_harmless(parser, part.clause, rules)
    if part.denial is not None:
        return not denials.is_selective(parser, part.clause)
    known = group.cue is not None and not group.cue.marks.get("denied_only")
    return known or _is_done(parser, part.clause, rules)


def _is_done(parser: Parser, clause: Clause, rules: Rules) -> bool:
    """Whether a passive that no rule knows asserts what is done: ``the plan was fashioned from …``.

    Not one of the participles that may say that a thing is not as it should be, nor beside a word that says so.
    """
    group = clause.group
    low = parser.low(group.end)
    if parser.low(group.end - 1) == "needed" and denials.is_safeguard(parser, clause):
        return True
    passive = group.form == "copula" and group.cue is None and parser.lexicon.participle.fullmatch(low) is not None
    if not passive or compiled(rules.words("doubtful_participles")).match(low) is not None:
        return False
    start, end = parser.words[clause.start].start, parser.words[max(clause.rest[1], group.end + 1) - 1].end
    return compiled(rules.words("doubtful")).search(parser.text[start:end]) is None


def _is_supposed(parser: Parser) -> bool:
    """Whether a sentence says what would be: ``If funds were found, the survey would be repeated``."""
    opened = parser.low(0) in ("if", "should", "were", "had")
    return opened and any(parser.low(at) == "would" for at in range(len(parser.words)))


def _is_threat(parser: Parser, part: _Part, rules: Rules) -> bool:
    """Whether what does something is no body of the country, but what it fights."""
    clause = part.clause
    if (
        clause.subject is None
        or clause.group.passive
        or part.denial is not None
        or clause.subject[0] == clause.subject[1]
    ):
        return False
    start, end = parser.words[clause.subject[0]].start, parser.words[clause.group.start].start
    near = slice(end, parser.words[min(clause.group.end + 2, len(parser.words) - 1)].end)
    if compiled(rules.words("answers")).search(parser.text[near]) is not None:
        return False
    return compiled(rules.words("threats")).fullmatch(parser.text[start:end].strip()) is not None


def _foci(parser: Parser, part: _Part, rules: Rules) -> Sequence[Range]:
    if part.denial is None:
        return [trim(parser.text, *_asserted(parser, part.clause, rules))]
    return [trim(parser.text, *focus) for focus in alternatives(parser, part.clause, rules)]


def _rule(part: _Part) -> str:
    if part.denial:
        return part.denial
    group = part.clause.group
    if group.cue is None:
        doubled = group.denial is not None
        return "verb.be-there" if group.form == "there" else DOUBLED if doubled else UNKNOWN
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
    if clause.subject is not None and (end <= clause.group.end or GAPPED in clause.group.marks):
        start = clause.subject[0]
    words = parser.words
    first, last = words[start].start, words[max(end, clause.group.end) - 1].end
    excepted = exception(parser.text, (first, last), rules)
    return first, excepted[0] if excepted else last


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

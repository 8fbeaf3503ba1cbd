"""What people decided, applied to what was read, before it is decided whether a build stops.

An entry finds its sentence by place and words, and its statement by the words that it rests on, never by a number that
a better reader could move. Where the sentence is gone, or stands twice, a `CorrectionError` says so. What was read
before stays in the record (`Correction.former`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from mem_graph.model import Edition, Evidence, Finding, Institution, Passage, PlaceMention, TreatyReference, Withdrawn
from mem_graph.reading import audit
from mem_graph.reading.deciding.entries import Entry
from mem_graph.reading.deciding.kinds import KINDS, Around, span_of, statements, with_statements, words_of
from mem_graph.reading.deciding.locating import chosen, has, located, named, values
from mem_graph.reading.deciding.settling import accept, name, rate
from mem_graph.reading.entities.mentions import LETTERS
from mem_graph.vocabulary import Vocabulary

RULE = "correction."
"""How the rules of what a person added or changed begin: ``correction.add``."""

Step = Callable[[Edition, Entry, Vocabulary], Edition]


def apply(edition: Edition, entries: Iterable[Entry], vocabulary: Vocabulary) -> Edition:
    """The edition as people corrected it, held against itself.

    In: the edition as read; the entries of all files; the words of the round. Out: the edition with the problems it has
    with itself. Raises `CorrectionError` for an entry whose sentence or statement is not there, or not there once.
    """
    mine = sorted((entry for entry in entries if entry.edition == edition.identity.edition), key=_turn)
    for entry in mine:
        if entry.action != "accept":
            edition = STEPS[entry.action](edition, entry, vocabulary)
    if mine:
        edition = _bodies(_replaced(_lettered(edition), mine), vocabulary)
    edition = audit.checked(edition)
    for entry in mine:
        if entry.action == "accept":
            edition = accept(edition, entry)
    return edition


def _turn(entry: Entry) -> tuple[int, int, int]:
    """Ratings and bodies first, then statements, those that others cite before those that cite."""
    steps = list(STEPS)
    kinds = list(KINDS)
    return steps.index(entry.action), kinds.index(entry.kind) if entry.kind else 0, entry.number


# -- what a person does -----------------------------------------------------------------------------------------------


def _add(edition: Edition, entry: Entry, vocabulary: Vocabulary) -> Edition:
    """Add a statement; where the reader makes it by now, let it stand as the person has it."""
    passage = located(edition, entry)
    given = values(entry, entry.set, Around(passage, edition, vocabulary))
    words = KINDS[entry.kind].words
    here = [one for one in statements(edition, entry.kind) if one.evidence.passage == passage]
    same = [one for one in here if words and getattr(one, words) == given[words]]
    if len(same) == 1 and same[0].evidence.correction is None:
        return _revised(edition, entry, same[0], given)
    _no_doubled_letter(edition, entry, passage)
    read = Evidence(passage, "", f"{RULE}add", "person", entry.correction)
    added = _placed(_record(entry, given, read), edition, vocabulary)
    edition = with_statements(edition, entry.kind, [*statements(edition, entry.kind), added])
    if not any(one is added for one in statements(edition, entry.kind)):
        raise entry.fault(f"there is no chapter on {named(entry.where)} to add a {entry.kind} to")
    return replace(edition, not_understood=tuple(each for each in edition.not_understood if each != passage))


def _record(entry: Entry, given: Mapping[str, Any], read: Evidence) -> Any:
    """A new statement; what a person left out and has no default is empty."""
    record = KINDS[entry.kind].record
    without = (each.name for each in dataclasses.fields(record) if each.default is dataclasses.MISSING)
    empty: dict[str, Any] = {name: () if name == "articles" else None for name in without}
    return record(**{**empty, **given, "evidence": read})


def _placed(record: Any, edition: Edition, vocabulary: Vocabulary) -> Any:
    """A mention of a place with the name that the place has."""
    if not isinstance(record, PlaceMention):
        return record
    names = {one.place: one.name for one in edition.places} | {row.key: row.name for row in vocabulary.places}
    return replace(record, name=names[record.place])


def _change(edition: Edition, entry: Entry, vocabulary: Vocabulary) -> Edition:
    passage = located(edition, entry)
    record = _present(edition, entry, passage, vocabulary)
    return _revised(edition, entry, record, values(entry, entry.set, Around(passage, edition, vocabulary)))


def _confirm(edition: Edition, entry: Entry, vocabulary: Vocabulary) -> Edition:
    return _revised(edition, entry, _present(edition, entry, located(edition, entry), vocabulary), {})


def _present(edition: Edition, entry: Entry, passage: Passage, vocabulary: Vocabulary) -> Any:
    record = chosen(edition, entry, passage, vocabulary)
    if record is None:
        raise entry.fault(f"the reader makes no such {entry.kind} of this sentence")
    return record


def _revised(edition: Edition, entry: Entry, record: Any, given: Mapping[str, Any]) -> Edition:
    """The edition with other values of one statement; what it was stays in the correction, where it was other."""
    _no_doubled_letter(edition, entry, record.evidence.passage)
    given = _with_codes(record, given)
    other = not has(record, given)
    rule = f"{RULE}change" if other else record.evidence.rule
    decided = replace(entry.correction, former=record)
    read = replace(record.evidence, rule=rule, sureness="person", correction=decided)
    return _exchanged(edition, entry.kind, record, replace(record, **given, evidence=read))


def _with_codes(record: Any, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is given, and no codes where the polarity becomes another one: they rested on the old one."""
    turned = "polarity" in given and given["polarity"] != record.polarity
    return {"codes": (), **given} if turned else given


def _withdraw(edition: Edition, entry: Entry, vocabulary: Vocabulary) -> Edition:
    """Leave of a statement its name, its sentence, who and why; the name is kept though the reader makes it no more."""
    passage = located(edition, entry)
    record = chosen(edition, entry, passage, vocabulary)
    letter = entry.correction.letter or (record.evidence.letter if record else "")
    if not letter:
        raise entry.fault(f"the reader makes no such {entry.kind} of this sentence; give its letter to keep its name")
    _no_doubled_letter(edition, entry, passage)
    decided = replace(entry.correction, former=record, letter=letter)
    rule = record.evidence.rule if record else f"{RULE}withdraw"
    left = Withdrawn(entry.kind, Evidence(passage, letter, rule, "person", decided), entry.replaced_by)
    edition = replace(edition, withdrawn=(*edition.withdrawn, left))
    return _exchanged(edition, entry.kind, record, None) if record else edition


def _exchanged(edition: Edition, kind: str, old: Any, new: Any | None) -> Edition:
    """The edition with another statement in the place of one, or with none; findings follow what they cite."""
    others = (new if one is old else one for one in statements(edition, kind))
    edition = with_statements(edition, kind, [one for one in others if one is not None])
    return _cited(edition, {old: new}) if kind == "treaty-reference" else edition


def _cited(edition: Edition, exchanged: Mapping[TreatyReference, TreatyReference | None]) -> Edition:
    def follow(finding: Finding) -> Finding:
        cited = (exchanged.get(each, each) for each in finding.instruments)
        kept = tuple(each for each in cited if each is not None)
        return finding if kept == finding.instruments else replace(finding, instruments=kept)

    for kind in ("finding", "conclusion"):
        edition = with_statements(edition, kind, [follow(one) for one in statements(edition, kind)])
    return edition


STEPS: Mapping[str, Step] = {
    "rate": rate,
    "name": name,
    "add": _add,
    "change": _change,
    "confirm": _confirm,
    "withdraw": _withdraw,
    "accept": lambda edition, entry, vocabulary: accept(edition, entry),
}
"""What each action does, in the order in which they are done."""


# -- names of statements ----------------------------------------------------------------------------------------------


def _no_doubled_letter(edition: Edition, entry: Entry, passage: Passage) -> None:
    """Raise where another entry keeps the letter that this one asks for."""
    kept = {read.correction.letter for read in _corrected(edition, entry.kind, passage) if read.correction}
    if entry.correction.letter and entry.correction.letter in kept:
        raise entry.fault(f"another entry keeps the letter {entry.correction.letter} in this sentence")


def _corrected(edition: Edition, kind: str, passage: Passage) -> Iterator[Evidence]:
    left = (one.evidence for one in edition.withdrawn if one.kind == kind)
    made = (one.evidence for one in statements(edition, kind))
    return (read for read in (*left, *made) if read.passage == passage and read.correction)


def _lettered(edition: Edition) -> Edition:
    """The edition with a letter for each statement of a corrected sentence: those kept, then those free."""
    for kind in KINDS:
        touched = {one.evidence.passage for one in statements(edition, kind) if one.evidence.correction}
        touched |= {one.evidence.passage for one in edition.withdrawn if one.kind == kind}
        for passage in sorted(touched, key=lambda each: each.span.start):
            edition = _lettered_in(edition, kind, passage)
    return edition


def _lettered_in(edition: Edition, kind: str, passage: Passage) -> Edition:
    kept = {read.correction.letter for read in _corrected(edition, kind, passage) if read.correction}
    free = (letter for letter in LETTERS if letter not in kept)
    for one in statements(edition, kind):
        if one.evidence.passage == passage:
            own = one.evidence.correction.letter if one.evidence.correction else ""
            letter = own or next(free)
            if letter != one.evidence.letter:
                edition = _exchanged(edition, kind, one, replace(one, evidence=replace(one.evidence, letter=letter)))
    return edition


def _replaced(edition: Edition, entries: Iterable[Entry]) -> Edition:
    """The edition with the keys of what stands in the place of withdrawn statements."""
    for entry in entries:
        if entry.replaced_by:
            passage = located(edition, entry)
            keys = tuple((kind, _key(edition, entry, passage, kind, words)) for kind, words in entry.replaced_by)
            left = (
                replace(one, replaced_by=keys)
                if (one.kind, one.evidence.passage, one.replaced_by) == (entry.kind, passage, entry.replaced_by)
                else one
                for one in edition.withdrawn
            )
            edition = replace(edition, withdrawn=tuple(left))
    return edition


def _key(edition: Edition, entry: Entry, passage: Passage, kind: str, words: str) -> str:
    """The key of the one statement of a kind that rests on some words of the sentence."""
    here = [one for one in statements(edition, kind) if one.evidence.passage == passage]
    try:
        span = span_of(words, passage.span) if words else None
    except ValueError as error:
        raise entry.fault(f"replaced_by: {error}") from None
    found = [one for one in here if span is None or words_of(kind, one) == span]
    if len(found) != 1:
        raise entry.fault(f"replaced_by: {len(found)} statements of the kind {kind} rest on {words!r}")
    key: str = found[0].evidence.key
    return key


def _bodies(edition: Edition, vocabulary: Vocabulary) -> Edition:
    """The edition with the bodies that its statements name by now, no others."""
    named = {one.about for one in edition.mentions}
    named |= {key for one in edition.affiliations for key in (one.institution, one.part_of)}
    named |= {key for one in edition.findings for key in (*one.actors, *one.institutions)}
    named |= {study.maker for study in edition.studies}
    listed = {each.key for each in edition.institutions}
    new = [row for row in vocabulary.institutions if row.key in named - listed]
    added = [Institution(row.key, row.name, row.acronym) for row in new]
    kept = [each for each in edition.institutions if each.key in named]
    bodies = sorted((*kept, *added), key=lambda each: each.key)
    plans = {one.about for one in edition.plan_mentions}
    return replace(
        edition, institutions=tuple(bodies), plans=tuple(each for each in edition.plans if each.key in plans)
    )


def unread(entries: Iterable[Entry], editions: Container[str]) -> None:
    """Raise `CorrectionError` for the first entry about an edition that is none of these: ``PER-R6/en/1``."""
    for entry in entries:
        if entry.edition not in editions:
            raise entry.fault(f"there is no edition {entry.edition}")

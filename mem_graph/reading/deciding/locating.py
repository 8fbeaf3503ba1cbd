"""Where a correction belongs: the sentence that it quotes, and the statement that rests on its words.

Nothing is found by number. A sentence is known by its place and its letters and digits, a statement by its words in the
sentence; a better reader may cut either a little otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from mem_graph.model import Edition, Passage, Span
from mem_graph.reading.deciding.entries import Entry
from mem_graph.reading.deciding.kinds import KINDS, Around, letters, places, statements, words_of
from mem_graph.vocabulary import Vocabulary


def located(edition: Edition, entry: Entry) -> Passage:
    """The one sentence of an entry; raises `CorrectionError`."""
    here = [passage for passage in edition.passages if passage.where == entry.where]
    wanted = letters(entry.quote)
    found = [passage for passage in here if letters(passage.span.quote) == wanted]
    found = found or [passage for passage in here if places(entry.quote, passage.span.quote)]
    found = found or [passage for passage in here if _cut_from(passage, wanted, entry.words)]
    if len(found) == 1:
        return found[0]
    if found:
        raise entry.fault(f"its sentence is no longer unique: {len(found)} of {named(entry.where)} have these words")
    raise entry.fault(f"its sentence is gone: none of {named(entry.where)} has these words{_elsewhere(edition, entry)}")


def _cut_from(passage: Passage, wanted: str, words: str) -> bool:
    """Whether a sentence is the part of the quote that holds the words: the reader cuts it in two now."""
    part = letters(passage.span.quote)
    return bool(words) and part in wanted and bool(places(words, passage.span.quote))


def _elsewhere(edition: Edition, entry: Entry) -> str:
    found = (passage for passage in edition.passages if places(entry.quote, passage.span.quote))
    return next((f"; one of {named(passage.where)} has" for passage in found), "")


def named(where: object) -> str:
    """A place in words."""
    return f"recommendation {where}" if isinstance(where, int) else f"the {where}"


def chosen(edition: Edition, entry: Entry, passage: Passage, vocabulary: Vocabulary) -> Any | None:
    """The one statement that an entry is about, None where the reader makes none; raises where it makes several."""
    here = [one for one in statements(edition, entry.kind) if one.evidence.passage == passage]
    found = _with_words(here, entry, passage)
    around = Around(passage, edition, vocabulary)
    if entry.was:
        found = _as_was(found, entry, around)
    if len(found) > 1:
        told = "; ".join(shown(entry.kind, one) for one in found)
        raise entry.fault(f"say which {entry.kind} by its words or by was: {told}")
    if found and found[0].evidence.correction:
        raise entry.fault(f"another entry corrects this {entry.kind} already: make them one")
    return found[0] if found else None


def _as_was(found: Sequence[Any], entry: Entry, around: Around) -> list[Any]:
    """The statements that are as the entry says they were, or already as it wants them."""
    was, wanted = values(entry, entry.was, around), values(entry, entry.set, around)
    return [one for one in found if has(one, was)] or [one for one in found if wanted and has(one, wanted)]


def _with_words(here: Sequence[Any], entry: Entry, passage: Passage) -> list[Any]:
    """The statements that rest on the words of an entry, or on words that overlap them."""
    if not entry.words or not KINDS[entry.kind].words:
        return list(here)
    ends = places(entry.words, passage.span.quote)
    if not ends:
        raise entry.fault(f"the words {entry.words!r} do not stand in the sentence")
    spans = [(passage.span.start + start, passage.span.start + end) for start, end in ends]
    own = [(one, cast(Span, words_of(entry.kind, one))) for one in here]
    same = [one for one, span in own if letters(span.quote) == letters(entry.words)]
    return same or [one for one, span in own if any(span.start < end and start < span.end for start, end in spans)]


def values(entry: Entry, given: Mapping[str, Any], around: Around) -> dict[str, Any]:
    """What a person wrote of a statement as values of its record."""
    members, found = KINDS[entry.kind].members, {}
    for name, value in given.items():
        try:
            found[members[name].field] = members[name].check(value, around)
        except ValueError as error:
            raise entry.fault(f"{name}: {error}") from None
    return found


def has(record: Any, given: Mapping[str, Any]) -> bool:
    """Whether a record has these values."""
    return all(getattr(record, name) == value for name, value in given.items())


def shown(kind: str, record: Any) -> str:
    """A statement in a few words: those that it rests on, and its plain members."""
    words = words_of(kind, record)
    own = {name: getattr(record, member.field) for name, member in KINDS[kind].members.items()}
    plain = (f"{name} {value}" for name, value in own.items() if isinstance(value, str | int) and name != "instruments")
    return ", ".join(([repr(words.quote)] if words else []) + list(plain))

"""What people settle beside statements: a rating in doubt, a body that no table holds, a problem left as it is."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import replace
from typing import Any

from mem_graph.errors import UnknownTerm
from mem_graph.model import Accepted, Assessment, Correction, Edition, Institution, Passage, Span
from mem_graph.reading.deciding.entries import Entry
from mem_graph.reading.deciding.kinds import letters, places
from mem_graph.reading.deciding.locating import chosen, located
from mem_graph.vocabulary import Vocabulary

# -- ratings ----------------------------------------------------------------------------------------------------------


def rate(edition: Edition, entry: Entry, vocabulary: Vocabulary) -> Edition:
    """Let a recommendation have the rating that a person read from the words of the entry, and settle its problems.

    The printed rating stays where the line prints one. Raises `CorrectionError`.
    """
    number, line = entry.recommendation, _line(edition, entry)
    if number not in vocabulary.recommendations:
        raise entry.fault(f"the round has no recommendation {number}")
    before = next((one for one in edition.assessments if one.recommendation == number), None)
    if before and before.correction:
        raise entry.fault(f"another entry rates recommendation {number} already")
    label, printed = _label(entry, vocabulary), _printed(line, vocabulary)
    decided = replace(entry.correction, former=replace(before, findings=()) if before else None)
    kept = before or Assessment(number, _area(number, vocabulary), "", line, line)
    rated = replace(kept, rating=label, line=line, printed=printed if printed != label else "", correction=decided)
    others = (one for one in edition.assessments if one.recommendation != number)
    settled = (
        replace(one, settled=entry.correction) if one.touches_rating and one.recommendation == number else one
        for one in edition.problems
    )
    ordered = sorted((*others, rated), key=lambda one: one.recommendation)
    return replace(edition, assessments=tuple(ordered), problems=tuple(settled))


def _line(edition: Edition, entry: Entry) -> Span:
    """The words that give the rating: the only such words of the report, or of the chapter."""
    text = edition.source.text
    everywhere = places(entry.quote, text)
    start, end = _chapter(edition, entry.recommendation)
    inside = [place for place in everywhere if start <= place[0] < end]
    found = everywhere if len(everywhere) == 1 else inside
    if len(found) != 1:
        what = "is no longer unique" if found else "is gone" if not everywhere else "is not in its chapter"
        raise entry.fault(f"its quote {what}: {len(everywhere)} times in the report, {len(inside)} in the chapter")
    first, last = found[0]
    return Span(text[first:last], first, last)


def _chapter(edition: Edition, number: int) -> tuple[int, int]:
    """Where the chapter on a recommendation begins and ends, by the titles and lines around it."""
    begins = sorted(min(one.title.start, one.line.start) for one in edition.assessments)
    own = [min(one.title.start, one.line.start) for one in edition.assessments if one.recommendation == number]
    after = [one.span.start for one in edition.passages if one.where == "conclusions"]
    if not own:
        return 0, 0
    return own[0], min((begin for begin in (*begins, *after) if begin > own[0]), default=len(edition.source.text))


def _label(entry: Entry, vocabulary: Vocabulary) -> str:
    try:
        return vocabulary.rating(entry.rating).label
    except UnknownTerm as error:
        raise entry.fault(f"rating: {error}") from None


def _printed(line: Span, vocabulary: Vocabulary) -> str:
    """The rating of the round that a line prints: the longest label in it; empty where it has none."""
    words = " ".join(line.quote.casefold().split())
    met = [label for label in vocabulary.ratings if re.search(rf"(?<!\w){re.escape(label)}(?!\w)", words)]
    return vocabulary.ratings[max(met, key=len)].label if met else ""


def _area(number: int, vocabulary: Vocabulary) -> str:
    return vocabulary.area(vocabulary.recommendations[number].area).label


# -- bodies -----------------------------------------------------------------------------------------------------------


def name(edition: Edition, entry: Entry, vocabulary: Vocabulary) -> Edition:
    """Let a body that no table holds be one of its own, under a key and names that a person gives."""
    body = _body(edition, entry, vocabulary)
    key = _key(edition, entry, body, vocabulary)
    named = replace(
        body,
        key=key,
        name=str(entry.set.get("name", body.name)),
        acronym=str(entry.set["acronym"]) if "acronym" in entry.set else body.acronym,
        correction=replace(entry.correction, former=body),
    )
    edition = replace(edition, institutions=tuple(named if each is body else each for each in edition.institutions))
    renamed: Edition = _renamed(edition, body.key, key)
    return renamed


def _body(edition: Edition, entry: Entry, vocabulary: Vocabulary) -> Institution:
    """The body that no table holds whose name stands in the words of the entry."""
    of_mention = replace(entry, kind="institution-mention", set={})
    mention = chosen(edition, of_mention, located(edition, entry), vocabulary)
    body = next((each for each in edition.institutions if mention and each.key == mention.about), None)
    if body is None:
        raise entry.fault(f"the reader finds no body in the words {entry.words!r}")
    if body.known:
        raise entry.fault(f"the tables hold {body.key} already: nothing is to be named")
    if body.correction:
        raise entry.fault(f"another entry names {body.key} already")
    return body


def _key(edition: Edition, entry: Entry, body: Institution, vocabulary: Vocabulary) -> str:
    """The key that a person gives a body, or that it has; one of the tables' own is refused."""
    key, country = str(entry.set.get("key", body.key)), edition.identity.country
    if any(row.key == key for row in vocabulary.institutions):
        row = f"{key},{body.name},{edition.identity.language},<reason>"
        raise entry.fault(f"{key} is a body of the tables: write the row {row} into institution-names.csv instead")
    if not re.fullmatch(rf"(?:INT|{country})/[a-z0-9]+(?:-[a-z0-9]+)*", key):
        raise entry.fault(f"key: expected {country}/ or INT/ and a short name in small letters, met {key!r}")
    return key


def _renamed(value: Any, old: str, new: str) -> Any:
    """A record with one key in the place of another, but for what it was before."""
    if isinstance(value, str):
        return new if value == old else value
    if isinstance(value, tuple):
        return tuple(_renamed(item, old, new) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type | Correction | Span | Passage):
        fields = ((each.name, getattr(value, each.name)) for each in dataclasses.fields(value))
        return replace(value, **{name: _renamed(item, old, new) for name, item in fields})
    return value


# -- problems ---------------------------------------------------------------------------------------------------------


def accept(edition: Edition, entry: Entry) -> Edition:
    """Let a problem stand, seen by a person; one that touches a rating wants the rating."""
    met = [one for one in edition.problems if one.code == entry.problem and _about(one.span, entry)]
    if any(one.touches_rating for one in met):
        raise entry.fault(f"{entry.problem} touches a rating: give the rating (action rate)")
    if entry.where is not None:
        span = located(edition, entry).span
    elif met:
        span = met[0].span
    else:
        raise entry.fault(f"there is no problem {entry.problem} with these words; for a sentence, say where it stands")
    settled = tuple(replace(one, settled=entry.correction) if one in met else one for one in edition.problems)
    accepted = (*edition.accepted, Accepted(entry.problem, span, entry.correction))
    return replace(edition, problems=settled, accepted=accepted)


def _about(span: Span, entry: Entry) -> bool:
    return letters(entry.quote) in letters(span.quote) if entry.quote else not span.quote

"""The kinds of statement that a person can correct: where an edition keeps them, and what may be said of each.

Kinds have their names in IRIs, members their names in ``docs/reading.schema.json``. A value that a person wrote is held
against the sentence, the vocabulary and what the edition names; what does not fit is a `ValueError` in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, NamedTuple, cast, get_args

from mem_graph.errors import UnknownTerm
from mem_graph.model import (
    Affiliation,
    Code,
    Edition,
    Finding,
    Fraction,
    GlossaryUse,
    MechanismStatement,
    Mention,
    Modality,
    Observation,
    Outcome,
    Passage,
    PlaceMention,
    Polarity,
    Relation,
    Span,
    Study,
    Tally,
    TreatyReference,
)
from mem_graph.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Around:
    """What the values of a correction are held against: the sentence, the edition as far as it is corrected, the words
    of the round.
    """

    passage: Passage
    edition: Edition
    vocabulary: Vocabulary


Check = Callable[[Any, Around], Any]


class Member(NamedTuple):
    """A member of a statement: the field of its record, and how what a person wrote becomes its value."""

    field: str
    check: Check


class Kind(NamedTuple):
    """A kind of statement: the field of `Edition`, the record, the member that holds its words, and its members.

    A statement that is added must be given the members in ``needed``.
    """

    field: str
    record: type
    words: str
    members: Mapping[str, Member]
    needed: tuple[str, ...]


# Words of a sentence


def letters(text: str) -> str:
    """The letters and digits of a text alone, by which words are found again wherever lines end."""
    return "".join(character.casefold()[:1] for character in text if character.isalnum())


def places(words: str, text: str) -> list[tuple[int, int]]:
    """Where words stand in a text, as whole words, whatever stands between their letters and digits."""
    at = [index for index, character in enumerate(text) if character.isalnum()]
    whole, wanted = letters(text), letters(words)
    if not wanted:
        return []
    found = ((at[match.start()], at[match.start() + len(wanted) - 1] + 1) for match in _every(wanted, whole))
    return [place for place in found if _whole_words(text, *place)]


def _every(wanted: str, whole: str) -> Iterable[re.Match[str]]:
    return re.finditer(rf"(?={re.escape(wanted)})", whole)


def _whole_words(text: str, start: int, end: int) -> bool:
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def span_of(words: str, sentence: Span) -> Span:
    """Words of a sentence as a span of the source; raises `ValueError` where they do not stand there once."""
    found = places(words, sentence.quote)
    if len(found) != 1:
        times = f"{len(found)} times" if found else "nowhere"
        raise ValueError(f"the words {words!r} stand {times} in the sentence")
    start, end = found[0]
    return Span(sentence.quote[start:end], sentence.start + start, sentence.start + end)


# Values


def _words(value: Any, around: Around) -> Span:
    return span_of(_text(value, around), around.passage.span)


def _words_or_none(value: Any, around: Around) -> Span | None:
    return _words(value, around) if value else None


def _text(value: Any, around: Around) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"expected words, met {value!r}")
    return value


def _integer(value: Any, around: Around) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"expected a whole number, met {value!r}")
    return value


def _truth(value: Any, around: Around) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, met {value!r}")
    return value


def _number(value: Any, around: Around) -> str:
    """Canonical xsd:decimal text."""
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(f"expected a number, met {value!r}")
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _one_of(*allowed: str) -> Check:
    def check(value: Any, around: Around) -> str:
        return _known(value, allowed)

    return check


def _known(value: Any, allowed: Iterable[str]) -> str:
    words = sorted(allowed)
    if value not in words:
        near = get_close_matches(str(value), words) or words[:6]
        raise ValueError(f"{value!r} is not known; near it: {', '.join(near) or 'nothing'}")
    return str(value)


def _many(one: Check) -> Check:
    def check(value: Any, around: Around) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueError(f"expected a list, met {value!r}")
        return tuple(dict.fromkeys(one(each, around) for each in value))

    return check


def _key(of: Callable[[Around], Iterable[str]]) -> Check:
    def check(value: Any, around: Around) -> str:
        return _known(value, of(around))

    return check


def _rating(value: Any, around: Around) -> str:
    try:
        return around.vocabulary.rating(str(value)).label
    except UnknownTerm as error:
        raise ValueError(str(error)) from None


def institutions_of(around: Around) -> Iterable[str]:
    """The keys of the bodies that the table holds or the edition names."""
    return {row.key for row in around.vocabulary.institutions} | {row.key for row in around.edition.institutions}


def _plans(around: Around) -> Iterable[str]:
    return {row.key for row in around.vocabulary.plans} | {row.key for row in around.edition.plans}


def _places(around: Around) -> Iterable[str]:
    return {row.key for row in around.vocabulary.places} | {each.place for each in around.edition.places}


def _makers(around: Around) -> Iterable[str]:
    return {*institutions_of(around), around.edition.identity.country}


def _treaties(around: Around) -> Iterable[str]:
    return {name.treaty for name in around.vocabulary.treaties}


def _term(value: Any, around: Around) -> int:
    """The number of the glossary entry with this term."""
    numbers = {entry.term.quote.casefold(): entry.number for entry in around.edition.glossary}
    return numbers[_known(str(value).casefold(), numbers)]


def _instruments(value: Any, around: Around) -> tuple[TreatyReference, ...]:
    """The references of the sentence to the instruments with these keys."""
    here = [each for each in around.edition.treaty_references if each.evidence.passage == around.passage]
    keys = _many(_key(lambda _: {each.treaty for each in here}))(value, around)
    return tuple(each for each in here if each.treaty in keys)


def _codes(value: Any, around: Around) -> tuple[Code, ...]:
    """Criteria with their outcomes, no criterion twice; of a chapter, those of its recommendation."""
    codes: tuple[Code, ...] = _many(_code)(value, around)
    named = [code.criterion for code in codes]
    if doubled := [name for name in named if named.count(name) > 1]:
        raise ValueError(f"{doubled[0]} stands there twice; one finding has one outcome for it")
    return codes


def _code(value: Any, around: Around) -> Code:
    """A criterion of the round with its outcome, and the words of the sentence that say so."""
    if not isinstance(value, dict) or set(value) != {"criterion", "outcome", "because"}:
        raise ValueError(f"expected {{ criterion, outcome, because }}, met {value!r}")
    where, every = around.passage.where, around.vocabulary.criteria
    asked = [key for key in every if not isinstance(where, int) or key.partition("/")[0] == str(where)]
    outcome = cast(Outcome, _known(value["outcome"], get_args(Outcome)))
    criterion, because = _known(value["criterion"], asked), _words(value["because"], around)
    return Code(criterion, outcome, because, "correction.code", "person")


_institution = _key(institutions_of)
_POLICY: Mapping[str, Member] = {
    "focus": Member("focus", _words),
    "polarity": Member("polarity", _one_of(*get_args(Polarity))),
    "modality": Member("modality", _one_of(*get_args(Modality))),
    "topics": Member("topics", _many(_key(lambda around: around.vocabulary.topics))),
    "actors": Member("actors", _many(_institution)),
    "institutions": Member("institutions", _many(_institution)),
    "instruments": Member("instruments", _instruments),
    "exception": Member("exception", _words_or_none),
    "codes": Member("codes", _codes),
}
_PRINTED = {"printed": Member("printed", _words)}

KINDS: Mapping[str, Kind] = {
    "treaty-reference": Kind(
        "treaty_references",
        TreatyReference,
        "printed",
        {
            **_PRINTED,
            "treaty": Member("treaty", _key(_treaties)),
            "relation": Member("relation", _one_of(*get_args(Relation))),
            "articles": Member("articles", _many(_text)),
        },
        ("printed", "treaty", "relation"),
    ),
    "finding": Kind("findings", Finding, "focus", _POLICY, ("focus", "polarity", "modality", "topics")),
    "conclusion": Kind("conclusions", Finding, "focus", _POLICY, ("focus", "polarity", "modality", "topics")),
    "institution-mention": Kind(
        "mentions",
        Mention,
        "printed",
        {**_PRINTED, "institution": Member("about", _institution)},
        ("printed", "institution"),
    ),
    "affiliation": Kind(
        "affiliations",
        Affiliation,
        "",
        {"institution": Member("institution", _institution), "part_of": Member("part_of", _institution)},
        ("institution", "part_of"),
    ),
    "observation": Kind(
        "observations",
        Observation,
        "printed",
        {
            **_PRINTED,
            **{name: Member(name, _text) for name in ("measure", "subject", "method")},
            "unit": Member("unit", _one_of("ha", "kg", "laboratories")),
            "year": Member("year", _integer),
            "value": Member("value", _number),
            "inferred_from_words": Member("inferred_from_words", _truth),
        },
        ("printed", "measure", "subject", "unit", "value"),
    ),
    "fraction": Kind(
        "fractions",
        Fraction,
        "printed",
        {
            **_PRINTED,
            "part": Member("part", _integer),
            "whole": Member("whole", _integer),
            "of": Member("of", _words),
        },
        ("printed", "part", "whole", "of"),
    ),
    "study-mention": Kind(
        "studies",
        Study,
        "title",
        {
            "title": Member("title", _words),
            "named": Member("named", _truth),
            "maker": Member("maker", _key(_makers)),
            **{name: Member(name, _integer) for name in ("number", "year", "month")},
        },
        ("title", "named", "maker"),
    ),
    "plan-mention": Kind(
        "plan_mentions", Mention, "printed", {**_PRINTED, "plan": Member("about", _key(_plans))}, ("printed", "plan")
    ),
    "place-mention": Kind(
        "places",
        PlaceMention,
        "printed",
        {**_PRINTED, "place": Member("place", _key(_places)), "inside_name": Member("inside_name", _truth)},
        ("printed", "place"),
    ),
    "glossary-use": Kind(
        "glossary_uses", GlossaryUse, "printed", {**_PRINTED, "term": Member("term", _term)}, ("printed", "term")
    ),
    "mechanism-statement": Kind(
        "mechanism",
        MechanismStatement,
        "focus",
        {
            "focus": Member("focus", _words),
            "topic": Member("topic", _key(lambda around: _notations(around.vocabulary, "MechanismTopic"))),
        },
        ("focus", "topic"),
    ),
    "tally": Kind(
        "tallies",
        Tally,
        "printed",
        {**_PRINTED, "rating": Member("rating", _rating), "count": Member("count", _integer)},
        ("printed", "rating", "count"),
    ),
}
"""Every kind that can be corrected, by its name; references first, since findings cite them."""


def _notations(vocabulary: Vocabulary, kind: str) -> Iterable[str]:
    return {word for of, word in vocabulary.values if of == kind}


# Statements of a kind


def statements(edition: Edition, kind: str) -> tuple[Any, ...]:
    """The statements of a kind; those of chapters where the kind is ``finding``."""
    if kind == "finding":
        return tuple(finding for assessment in edition.assessments for finding in assessment.findings)
    found: tuple[Any, ...] = getattr(edition, KINDS[kind].field)
    return found


def with_statements(edition: Edition, kind: str, found: Iterable[Any]) -> Edition:
    """The edition with these statements of a kind, in the order of the text."""
    ordered = tuple(sorted(found, key=lambda one: one.evidence.passage.span.start))
    if kind != "finding":
        fields: dict[str, Any] = {KINDS[kind].field: ordered}
        return replace(edition, **fields)
    chapters = (
        replace(each, findings=tuple(one for one in ordered if one.evidence.passage.where == each.recommendation))
        for each in edition.assessments
    )
    return replace(edition, assessments=tuple(chapters))


def words_of(kind: str, record: Any) -> Span | None:
    """The words inside its sentence that a statement rests on."""
    member = KINDS[kind].words
    span: Span | None = getattr(record, member) if member else None
    return span

"""The records that travel through the house, all frozen, none of which knows RDF, files or the web.

A report's text becomes a `Source`, the source becomes `Block`s, the blocks become an `Edition` whose statements each
hold the `Passage` they rest on. The words are those of ``docs/reading.schema.json`` and ``docs/coding.md``.

Offsets are code points of the source text, from 0, end excluded (Web Annotation Data Model, section 4.2.5).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Polarity = Literal["achievement", "deficiency"]
Modality = Literal["has", "does", "plans", "participates", "lacks", "other"]
Relation = Literal[
    "ratified",
    "acceded",
    "party",
    "signed_not_ratified",
    "not_party",
    "denounced",
    "implements",
    "complies_with",
    "authority",
    "named",
]
Outcome = Literal["met", "not_met", "partly"]
Sureness = Literal["printed", "rule", "fuzzy", "person"]
CorrectionAction = Literal["add", "change", "withdraw", "confirm", "rate", "name", "accept"]
"""What a person can decide: ``docs/correcting.md``."""
Where = int | Literal["preface", "conclusions"]
"""The place of a sentence: the number of a recommendation, or a section."""

BlockKind = Literal[
    "cover",
    "preface",
    "footnote",
    "heading",
    "title",
    "evaluation",
    "chapter",
    "conclusions",
    "table",
    "glossary",
    "back",
]


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a source: ``quote == source.text[start:end]``.

    ``plain`` is the quote without what the page puts between its words (a running head, a hyphen at a line's end, the
    cell of another column); empty where it puts nothing there but blanks.
    """

    quote: str
    start: int
    end: int
    plain: str = ""

    @property
    def printed(self) -> str:
        """The words as they are read."""
        return self.plain or self.quote


@dataclass(frozen=True, slots=True)
class Source:
    """One file of an edition as text, with the SHA-256 digest of its bytes; pages are the start offsets, where it has
    any.
    """

    text: str
    digest: str
    media_type: str
    name: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a source with its kind; every character of a source belongs to exactly one block."""

    kind: BlockKind
    start: int
    end: int
    recommendation: int | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence: its place, its number in that place (from 1) and its words."""

    where: Where
    number: int
    span: Span

    @property
    def key(self) -> str:
        """``24/s3``: place and sentence, as statements cite it."""
        return f"{self.where}/s{self.number}"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person decided on something that was read: who, on which day, and why.

    ``former`` is the record as it was read, where there was one; ``letter`` is kept for the statement, so that a better
    reader does not rename it.
    """

    action: CorrectionAction
    who: str
    date: datetime.date
    reason: str
    former: Any = None
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a source or its reading.

    ``recommendation`` is the one whose rating it touches, where it is one; ``settled`` is how a person settled it.
    """

    code: str
    message: str
    span: Span
    touches_rating: bool = False
    recommendation: int | None = None
    settled: Correction | None = None

    @property
    def stops(self) -> bool:
        """Whether it leaves a rating in doubt, and so stops a build."""
        return self.touches_rating and self.settled is None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What every statement carries: its sentence, its letter among the statements of its kind there, the rule, its
    sureness, and what a person decided on it.
    """

    passage: Passage
    letter: str
    rule: str
    sureness: Sureness = "rule"
    correction: Correction | None = None

    @property
    def key(self) -> str:
        """``24/s3a``: unique among the statements of one kind in one edition."""
        return f"{self.passage.key}{self.letter}"


class Statement(Protocol):
    """What all statements have in common."""

    @property
    def evidence(self) -> Evidence:
        """The sentence it rests on, and the rule that made it."""


@dataclass(frozen=True, slots=True)
class TreatyReference:
    """One instrument referred to in one clause; ``printed`` are the words that name it."""

    treaty: str
    relation: Relation
    articles: tuple[str, ...]
    printed: Span
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Code:
    """A criterion (``5/selective``) that a finding speaks of; ``because`` are the words by which it was coded."""

    criterion: str
    outcome: Outcome
    because: Span
    rule: str
    sureness: Sureness = "rule"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a country's drug policy that a sentence asserts or denies."""

    polarity: Polarity
    modality: Modality
    focus: Span
    topics: tuple[str, ...]
    evidence: Evidence
    actors: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    instruments: tuple[TreatyReference, ...] = ()
    exception: Span | None = None
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """The rating that counts for one recommendation, with the line that prints it, the title line and the findings.

    ``printed`` is the rating that the line prints, where a person made another one count.
    """

    recommendation: int
    area: str
    rating: str
    line: Span
    title: Span
    findings: tuple[Finding, ...] = ()
    printed: str = ""
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One row of the summary table: the wording and the rating printed there."""

    recommendation: int
    area: str
    rating: str
    wording: Span
    row: Span


@dataclass(frozen=True, slots=True)
class Tally:
    """How many recommendations the conclusions say have one rating; ``printed`` are the words that say it."""

    rating: str
    count: int
    printed: Span
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Mention:
    """An institution (``about`` is its key), plan or place met in a sentence; ``printed`` are the words that stand for
    it.
    """

    about: str
    printed: Span
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A named place; ``inside_name`` where it stands inside another name."""

    place: str
    printed: Span
    evidence: Evidence
    inside_name: bool = False
    name: str = ""
    """The place's own name, as the tables or the words have it."""


@dataclass(frozen=True, slots=True)
class Affiliation:
    """A sentence that says of what an institution is a part."""

    institution: str
    part_of: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Institution:
    """A named body: its key (``PER/devida``), the canonical name, and every other name the report prints."""

    key: str
    name: str
    acronym: str | None = None
    other_names: tuple[str, ...] = ()
    known: bool = True
    """False where the authority table does not hold it: listed for review."""
    correction: Correction | None = None
    """How a person named it."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A measured number. ``unit`` is ha, kg or laboratories; ``inferred_from_words`` where no digit is printed (a count
    of zero).
    """

    measure: str
    subject: str
    unit: str
    year: int | None
    value: str
    """Canonical xsd:decimal text: ``25.5``, ``10290``, ``0``."""
    printed: Span
    evidence: Evidence
    method: str | None = None
    inferred_from_words: bool = False


@dataclass(frozen=True, slots=True)
class Fraction:
    """ "8 of 11": part and whole, and of what."""

    part: int
    whole: int
    of: Span
    printed: Span
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Study:
    """A study that the report says was made; ``maker`` is an institution's key or the country's code."""

    title: Span
    named: bool
    maker: str
    evidence: Evidence
    number: int | None = None
    year: int | None = None
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A named strategy, plan, programme or list with the years its name prints."""

    key: str
    name: str
    kind: str
    owner: str | None = None
    from_year: int | None = None
    to_year: int | None = None
    known: bool = True


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term with its definition, as printed; ``number`` counts from 1 through the glossary."""

    number: int
    term: Span
    section: str
    definition: Span
    entry: Span


@dataclass(frozen=True, slots=True)
class GlossaryUse:
    """A sentence that uses a glossary term (``term`` is the entry's number)."""

    term: int
    printed: Span
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class MechanismStatement:
    """What a sentence says about the mechanism itself; topics are listed in ``docs/coding.md``."""

    topic: str
    focus: Span
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What is left of a statement that a person withdrew: its kind as IRIs name it, its sentence, who and why.

    ``replaced_by`` are the statements that stand in its place, by kind and key: ``("finding", "24/s3b")``.
    """

    kind: str
    evidence: Evidence
    replaced_by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a person looked at and left as it is: the code of the problem or audit, the words, who and why."""

    code: str
    span: Span
    correction: Correction


@dataclass(frozen=True, slots=True)
class Identity:
    """Which report this is, each part with the words that say so."""

    country: str
    round: int
    year: int
    language: str
    revision: int
    symbols: tuple[str, ...]
    period: str
    printed: dict[str, Span] = field(hash=False)
    """The words that give country, round, year, symbols and period, by those names."""

    @property
    def report(self) -> str:
        """``PER-R6``."""
        return f"{self.country}-R{self.round}"

    @property
    def edition(self) -> str:
        """``PER-R6/en/1``."""
        return f"{self.report}/{self.language}/{self.revision}"


@dataclass(frozen=True, slots=True)
class Copy:
    """A further file of an edition: its source, and where in it stands what the first file has too."""

    source: Source
    spans: Mapping[Span, Span] = field(hash=False)
    """Sentences, titles, lines, rows and entries of the first file, each with the same of this file."""


@dataclass(frozen=True, slots=True)
class Translation:
    """Of which edition another is a translation, and which of its findings say the same."""

    of: str
    """The edition of record: ``PER-R6/en/1``."""
    statements: Mapping[str, str] = field(hash=False)
    """Findings and statements of the conclusions by key, each with that of the edition of record."""


@dataclass(frozen=True, slots=True)
class Edition:
    """All that one edition of a report says, and what is wrong with it.

    ``source`` is its first file, in which all spans are; ``copies`` are the further ones.
    """

    identity: Identity
    source: Source
    passages: tuple[Passage, ...]
    assessments: tuple[Assessment, ...] = ()
    conclusions: tuple[Finding, ...] = ()
    institutions: tuple[Institution, ...] = ()
    mentions: tuple[Mention, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()
    treaty_references: tuple[TreatyReference, ...] = ()
    observations: tuple[Observation, ...] = ()
    fractions: tuple[Fraction, ...] = ()
    studies: tuple[Study, ...] = ()
    plans: tuple[Plan, ...] = ()
    plan_mentions: tuple[Mention, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    glossary_uses: tuple[GlossaryUse, ...] = ()
    mechanism: tuple[MechanismStatement, ...] = ()
    tallies: tuple[Tally, ...] = ()
    summary: tuple[SummaryRow, ...] = ()
    not_understood: tuple[Passage, ...] = ()
    problems: tuple[Problem, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    copies: tuple[Copy, ...] = ()
    translation: Translation | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """Its files, the first one first."""
        return (self.source, *(copy.source for copy in self.copies))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of the chapters, in order, then those of the conclusions."""
        chapters = (finding for assessment in self.assessments for finding in assessment.findings)
        return (*chapters, *self.conclusions)

    @property
    def statements(self) -> Mapping[str, Sequence[Statement]]:
        """The statements that carry evidence, by kind, in the order of the reading's schema."""
        return {
            "findings": [finding for assessment in self.assessments for finding in assessment.findings],
            "conclusion statements": self.conclusions,
            "institution mentions": self.mentions,
            "affiliations": self.affiliations,
            "treaty references": self.treaty_references,
            "observations": self.observations,
            "fractions": self.fractions,
            "studies": self.studies,
            "plan mentions": self.plan_mentions,
            "place mentions": self.places,
            "glossary uses": self.glossary_uses,
            "mechanism statements": self.mechanism,
            "tallies": self.tallies,
        }

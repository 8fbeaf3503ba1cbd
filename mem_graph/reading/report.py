"""A source to an `Edition`: blocks, sentences and rules put together; each sentence is read, or listed as not read.

The walk is that of one report: frame first (which report, ratings, table, glossary), then each sentence in its place
with what the sentences before it left behind. Nothing is dropped: what no rule takes is in ``not_understood``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mem_graph.errors import ParseError, UnknownTerm
from mem_graph.model import (
    Assessment,
    Code,
    Edition,
    Evidence,
    Finding,
    GlossaryEntry,
    Identity,
    Institution,
    MechanismStatement,
    Mention,
    Observation,
    Passage,
    PlaceMention,
    Plan,
    Source,
    Span,
    Statement,
    TreatyReference,
    Where,
)
from mem_graph.reading import frame, studies, table, terms
from mem_graph.reading.coding.codebook import Context, Draft, Reading, read
from mem_graph.reading.coding.criteria import Coded
from mem_graph.reading.entities import mentions, names
from mem_graph.reading.entities.anaphora import with_anaphora
from mem_graph.reading.entities.instruments import Extent, references
from mem_graph.reading.entities.mentions import LETTERS, Sentence
from mem_graph.reading.entities.names import Finder, Named
from mem_graph.reading.figures import fractions, quantities, tallies
from mem_graph.reading.figures.numbers import in_signs_of
from mem_graph.reading.frame import Frame
from mem_graph.reading.page import language, layout, sections
from mem_graph.reading.page.sentences import number, view
from mem_graph.reading.rules import Rules, compiled, pattern
from mem_graph.vocabulary import InstitutionRow, PlanRow, Vocabulary

EXCUSED = "mechanism.chapter-not-applicable"
"""The rule of what a chapter that does not apply says."""


@dataclass(slots=True)
class _Collected:
    """The statements found so far, by the field of `Edition` they go to; findings by place."""

    sentences: list[Sentence] = field(default_factory=list)
    findings: dict[Where, list[Finding]] = field(default_factory=dict)
    not_understood: list[Passage] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    records: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, name: str, found: Iterable[Statement]) -> None:
        """Keep statements for one field of `Edition`."""
        self.records.setdefault(name, []).extend(found)

    def fields(self) -> dict[str, Any]:
        """The fields of `Edition` that hold statements."""
        return {name: tuple(found) for name, found in self.records.items()}


def parse(source: Source, vocabulary: Vocabulary, rules: Rules, only: Where | None = None) -> Edition:
    """Read one edition of a report.

    In: its text, the vocabulary of the round, the rules; the one chapter of which sentences are to be read, where the
    others do not matter. Out: the edition with its problems. Raises `ParseError` where the text is no report of the
    Mechanism, `UnknownTerm` where it is one of a round that is not read. Follows ``docs/coding.md``.
    """
    rules = rules.languages[language.of(source.text, rules)]
    plain = replace(source, text=layout.plain(source.text, sections.headings(vocabulary, rules), rules))
    edition = _parsed(plain, vocabulary, rules, only)
    return edition if plain.text == source.text else layout.recut(edition, source.text)


def running(source: Source, vocabulary: Vocabulary, rules: Rules) -> str:
    """The text of a source, blank where footnotes and the marks of a page stand, so that sentences are whole."""
    rules = rules.languages[language.of(source.text, rules)]
    plain = layout.plain(source.text, sections.headings(vocabulary, rules), rules)
    return layout.without_notes(plain, sections.split(plain, vocabulary, rules))


def _parsed(source: Source, vocabulary: Vocabulary, rules: Rules, only: Where | None) -> Edition:
    """Read a source from which what belongs to the printed page is blanked."""
    around = _framed(source, vocabulary, rules)
    identity = frame.identity(around)
    _check_round(identity, vocabulary, rules)
    finder = names.finder(vocabulary, rules, identity.country)
    running = layout.without_notes(source.text, around.blocks)
    passages = number(source.text, around.blocks, rules)
    sentences = mentions.sentences(source.text, passages, finder, rules, running)
    sentences = tuple(sentence for sentence in sentences if only in (None, sentence.where))
    rated = frame.assessments(around)
    collected = _read_all(sentences, identity, around, _not_applicable(rated, around))
    glossary = frame.glossary(around)
    _use_terms(collected, glossary, rules)
    assessments = tuple(_with_findings(assessment, collected) for assessment in rated)
    summary = table.summary(around)
    frame.check_parts(around)
    return Edition(
        identity,
        source,
        passages,
        assessments=assessments,
        conclusions=tuple(collected.findings.get("conclusions", ())),
        institutions=_institutions(collected.sentences, around, finder),
        plans=_plans(collected.sentences, identity.country, around),
        glossary=glossary,
        summary=summary,
        not_understood=_not_understood(collected),
        problems=tuple(around.problems),
        **collected.fields(),
    )


def _framed(source: Source, vocabulary: Vocabulary, rules: Rules) -> Frame:
    """The blocks of a source; raises `ParseError` where nothing in it is a report of the Mechanism."""
    blocks = sections.split(source.text, vocabulary, rules)
    around = Frame(source, blocks, vocabulary, rules, sections.headings(vocabulary, rules))
    chapters = any(block.kind in ("title", "evaluation") for block in blocks)
    if not chapters and not compiled(rules.words("report_signs")).search(sections.plainly(source.text)):
        first = next(iter(source.text.strip().splitlines()), "")[:80]
        raise ParseError(
            file=source.name,
            line=_line(source.text, first),
            met=first,
            expected="an evaluation report of the Mechanism",
        )
    frame.stop_where_two_reports(around)
    return around


def _line(text: str, words: str) -> int:
    return text.count("\n", 0, text.find(words)) + 1


def _check_round(identity: Identity, vocabulary: Vocabulary, rules: Rules) -> None:
    """Raises `UnknownTerm` where the round is not read, with what is known of its reports."""
    if str(identity.round) in rules.words("rounds_read"):
        return
    about = next((one for one in vocabulary.rounds if one.number == identity.round), None)
    years = "" if about is None else "-".join(dict.fromkeys(about.years))
    raise UnknownTerm(
        word=identity.printed["round"].quote,
        scheme=f"the rounds that are read, {', '.join(rules.words('rounds_read'))}",
        note="" if about is None else f"the {about.label} of {years} evaluates {about.evaluates}",
    )


# -- sentences --------------------------------------------------------------------------------------------------------


def _not_applicable(rated: Sequence[Assessment], around: Frame) -> frozenset[Where]:
    """The chapters whose rating has no rank: their recommendation does not apply, and why is no finding."""
    unranked = {rating.label for rating in around.vocabulary.ratings.values() if rating.rank is None}
    return frozenset(one.recommendation for one in rated if one.rating in unranked)


def _read_all(
    sentences: Sequence[Sentence], identity: Identity, around: Frame, not_applicable: frozenset[Where]
) -> _Collected:
    """Read every sentence in its place; counts of zero last, since they take their unit from the other numbers."""
    collected = _Collected()
    context = Context()
    last: Sentence | None = None
    where: Where | None = None
    for sentence in sentences:
        if sentence.where != where:
            where, context, last = sentence.where, Context(), None
        sentence = with_anaphora(sentence, last, around.rules)
        last = sentence if sentence.of("instrument") else last
        apart = _excused(sentence) if sentence.where in not_applicable else _mechanism(sentence, around.rules)
        context = _read_one(sentence, context, identity, around, collected, apart)
    printed_so = in_signs_of(around.source.text, around.rules)
    collected.observations = _observations(collected.sentences, printed_so)
    collected.add("observations", collected.observations)
    return collected


def _read_one(
    sentence: Sentence,
    context: Context,
    identity: Identity,
    around: Frame,
    collected: _Collected,
    mechanism: tuple[MechanismStatement, ...],
) -> Context:
    """Read one sentence: about the mechanism, a count of ratings, or findings; with all that it names."""
    rules = around.rules
    counts = tallies.tallies(sentence, rules) if sentence.where == "conclusions" else ()
    taken = bool(mechanism or counts) or sentence.where == "preface"
    reading = Reading((), (), (), context) if taken else read(sentence, context, rules)
    sentence = sentence.with_names(reading.pronouns)
    treaties = references(sentence, [Extent(*extent, denied) for extent, denied in reading.clauses], rules)
    # A sentence in ruins may leave a predicate without a word to point at: nothing is said there.
    drafts = [draft for draft in reading.drafts if sentence.view.text[slice(*draft.focus)].strip()]
    findings = [_finding(sentence, *found, treaties) for found in zip(drafts, LETTERS, strict=False)]
    collected.findings.setdefault(sentence.where, []).extend(findings)
    collected.sentences.append(sentence)
    collected.add("mechanism", mechanism)
    collected.add("tallies", counts)
    collected.add("treaty_references", treaties)
    collected.add("fractions", () if counts else fractions.fractions(sentence, rules))
    collected.add("studies", studies.studies(sentence, reading.drafts, identity.country, rules))
    _named(sentence, rules, collected)
    if not (findings or mechanism or counts):
        collected.not_understood.append(sentence.passage)
    return reading.context


def _use_terms(collected: _Collected, glossary: Sequence[GlossaryEntry], rules: Rules) -> None:
    for sentence in collected.sentences:
        if sentence.where != "preface":
            collected.add("glossary_uses", terms.uses(sentence, glossary, rules))


def _with_findings(assessment: Assessment, collected: _Collected) -> Assessment:
    return replace(assessment, findings=tuple(collected.findings.get(assessment.recommendation, ())))


def _finding(sentence: Sentence, draft: Draft, letter: str, treaties: Sequence[TreatyReference]) -> Finding:
    """A draft as a record: spans of the source for parts of the view, and the references that stand in its clause."""
    shown = sentence.view
    start, end = shown.at[draft.clause[0]], shown.at[draft.clause[1] - 1] + 1
    return Finding(
        draft.polarity,
        draft.modality,
        shown.span(*draft.focus),
        draft.topics,
        Evidence(sentence.passage, letter, draft.rule, draft.sureness),
        draft.actors,
        draft.institutions,
        tuple(reference for reference in treaties if start <= reference.printed.start < end),
        shown.span(*draft.exception) if draft.exception else None,
        tuple(_code(sentence, coded) for coded in draft.codes),
    )


def _code(sentence: Sentence, coded: Coded) -> Code:
    return Code(coded.criterion, coded.outcome, sentence.view.span(*coded.because), coded.rule, coded.sureness)


def _excused(sentence: Sentence) -> tuple[MechanismStatement, ...]:
    """A sentence of a chapter that does not apply: it says to whom the recommendation applies."""
    return (
        MechanismStatement("applicability", sentence.passage.span, Evidence(sentence.passage, "a", EXCUSED, "rule")),
    )


def _mechanism(sentence: Sentence, rules: Rules) -> tuple[MechanismStatement, ...]:
    """What a sentence of preface or conclusions says about the mechanism, in the order of the words."""
    apart = sentence.where in ("preface", "conclusions")
    met = [
        (match.start(), cue, match)
        for cue in rules.of("mechanism")
        if (apart or cue.marks.get("anywhere")) and (match := pattern(cue).search(sentence.view.text))
    ]
    certain = [entry for entry in met if not entry[1].marks.get("last")]
    alone = sentence.where == "conclusions" and all(cue.marks.get("beside") for _, cue, _ in certain)
    met = met if alone else certain or met
    if sentence.where == "conclusions" and all(cue.marks.get("beside") for _, cue, _ in met):
        return ()
    ordered = sorted(met, key=lambda entry: entry[0])
    return tuple(
        MechanismStatement(
            cue.value, sentence.view.span(*match.span()), Evidence(sentence.passage, letter, cue.id, "rule")
        )
        for letter, (_, cue, match) in zip(LETTERS, ordered, strict=False)
    )


def _named(sentence: Sentence, rules: Rules, collected: _Collected) -> None:
    """Mentions of institutions, plans and places, and affiliations."""
    for kind, name in (("institution", "mentions"), ("plan", "plan_mentions")):
        met = zip(sentence.of(kind), LETTERS, strict=False)
        collected.add(
            name, [Mention(found.key, _printed(sentence, found), _at(sentence, found, letter)) for found, letter in met]
        )
    places = zip(sentence.of("place"), LETTERS, strict=False)
    collected.add("places", [_place(sentence, found, letter) for found, letter in places])
    collected.add("affiliations", mentions.affiliations(sentence, rules))


def _printed(sentence: Sentence, name: Named) -> Span:
    return sentence.view.span(name.start, name.end)


def _at(sentence: Sentence, name: Named, letter: str) -> Evidence:
    return Evidence(sentence.passage, letter, name.rule, name.sureness)


def _place(sentence: Sentence, name: Named, letter: str) -> PlaceMention:
    inside = _inside_name(sentence, name)
    return PlaceMention(name.key, _printed(sentence, name), _at(sentence, name, letter), inside, name.words)


def _inside_name(sentence: Sentence, place: Named) -> bool:
    """Whether a place stands inside another name: of a body or plan, or behind capitalised words joined to it."""
    if any(
        name.start <= place.start and place.end <= name.end
        for name in sentence.names
        if name.kind in ("institution", "plan", "instrument")
    ):
        return True
    words = sentence.view.text[: place.start].split()
    while words and words[-1] in ("of", "in", "the", "on", "for", "and"):
        words.pop()
    joined = len(words) < len(sentence.view.text[: place.start].split())
    return joined and len(words) > 1 and words[-1][0].isupper() and words[-1][-1] not in ",.;:)"


def _observations(sentences: Sequence[Sentence], rules: Rules) -> list[Observation]:
    """All measured numbers.

    Counts of zero last seen, since they take their unit from the others, but in the order of the text.
    """
    leads = ["", *(sentence.view.text for sentence in sentences)]
    told = list(zip(sentences, leads, strict=False))
    printed = [
        seen
        for sentence, lead in told
        for seen in quantities.observations(sentence, (), rules, lead)
        if not seen.inferred_from_words
    ]
    return [seen for sentence, lead in told for seen in quantities.observations(sentence, printed, rules, lead)]


def _not_understood(collected: _Collected) -> tuple[Passage, ...]:
    """The sentences without a finding, a mechanism statement, a count of ratings or a measured number."""
    counted = {seen.evidence.passage for seen in collected.observations}
    return tuple(passage for passage in collected.not_understood if passage not in counted)


# -- bodies and plans -------------------------------------------------------------------------------------------------


def _institutions(sentences: Sequence[Sentence], around: Frame, finder: Finder) -> tuple[Institution, ...]:
    """The bodies that sentences mention, with every name the report prints for them, cover included."""
    printed: dict[str, list[Named]] = {}
    for sentence in sentences:
        for name in sentence.of("institution"):
            printed.setdefault(name.key, []).append(name)
    for block in around.of("cover", "back"):
        for name in names.find(view(around.source.text, block.start, block.end), finder):
            if name.kind == "institution" and name.key in printed:
                printed[name.key].append(name)
    rows = {row.key: row for row in around.vocabulary.institutions}
    return tuple(_institution(key, found, rows.get(key)) for key, found in sorted(printed.items()))


def _institution(key: str, found: Sequence[Named], row: InstitutionRow | None) -> Institution:
    """One body: named as its row of the authority table, or by its longest printed name."""
    printed = [" ".join(name.words.split()) for name in found if name.sureness == "printed"]
    acronym = row.acronym if row else next((name.acronym for name in found if name.acronym), None)
    canonical = row.name if row else max(printed, key=len)
    others = tuple(dict.fromkeys(words for words in printed if words not in (canonical, acronym)))
    return Institution(key, canonical, acronym, others, row is not None)


def _plans(sentences: Sequence[Sentence], country: str, around: Frame) -> tuple[Plan, ...]:
    """The plans that sentences mention: as the tables hold them, else by their form."""
    rows = {row.key: row for row in around.vocabulary.plans}
    first: dict[str, Named] = {}
    for sentence in sentences:
        for name in sentence.of("plan"):
            first.setdefault(name.key, name)
    return tuple(_plan(name, rows.get(key), country, around.rules) for key, name in sorted(first.items()))


def _plan(name: Named, row: PlanRow | None, country: str, rules: Rules) -> Plan:
    if row is not None:
        return Plan(row.key, row.name, row.kind, row.owner, row.from_year, row.to_year)
    heads = compiled(rules.words("plan_heads"), 0).findall(name.words)
    kind = str(heads[0]).casefold() if heads else "plan"
    return Plan(name.key, name.words, kind, country, *name.years, known=False)


# -- which rule made how much -----------------------------------------------------------------------------------------


def tally_rules(edition: Edition) -> dict[str, int]:
    """How many statements each rule made, the busiest first."""
    made: Iterable[Statement] = (statement for found in edition.statements.values() for statement in found)
    counts = Counter(statement.evidence.rule for statement in made)
    return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))

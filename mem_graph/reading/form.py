"""An `Edition` in the stable shape of ``docs/reading.schema.json``, by which other programs check readings."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mem_graph.model import (
    Affiliation,
    Assessment,
    Edition,
    Evidence,
    Finding,
    Fraction,
    GlossaryEntry,
    Institution,
    MechanismStatement,
    Mention,
    Observation,
    Passage,
    PlaceMention,
    Plan,
    Problem,
    Span,
    Statement,
    Study,
    SummaryRow,
    Tally,
    TreatyReference,
    Where,
)
from mem_graph.reading.report import tally_rules

SCHEMA_VERSION = 1
Object = dict[str, Any]


def to_json(edition: Edition) -> Object:
    """The reading as plain objects, lists, strings and numbers, keys in the order of the schema."""
    return {
        "schema_version": SCHEMA_VERSION,
        "report": _report(edition),
        "assessments": [_assessment(assessment) for assessment in edition.assessments],
        "institutions": [_institution(institution, edition) for institution in edition.institutions],
        "affiliations": [_affiliation(found) for found in edition.affiliations],
        "treaty_references": [_reference(reference) for reference in edition.treaty_references],
        "statistics": [_observation(seen) for seen in edition.observations],
        "fractions": [_fraction(found) for found in edition.fractions],
        "studies": [_study(study) for study in edition.studies],
        "plans": [_plan(plan, edition) for plan in edition.plans],
        "places": [_place(mention) for mention in edition.places],
        "glossary": [_entry(entry, edition) for entry in edition.glossary],
        "conclusions": [_finding(finding) for finding in edition.conclusions],
        "mechanism": [_mechanism(found) for found in edition.mechanism],
        "tallies": [_tally(tally) for tally in edition.tallies],
        "summary": [_row(row) for row in edition.summary],
        "sentences": [_sentence(passage) for passage in edition.passages],
        "rules": [{"rule": rule, "statements": count} for rule, count in tally_rules(edition).items()],
        "problems": [_problem(problem) for problem in edition.problems],
        "not_understood": [_not_understood(passage) for passage in edition.not_understood],
    }


def _words(span: Span) -> Object:
    return {"quote": span.quote, "start": span.start, "end": span.end}


def _where(where: Where) -> Object:
    return {"recommendation": where} if isinstance(where, int) else {"section": where}


def _id(statement: Statement) -> Object:
    return {"id": statement.evidence.key}


def _evidence(evidence: Evidence) -> Object:
    """Where a statement stands, what made it, and the whole sentence."""
    passage = evidence.passage
    return {
        "where": _where(passage.where),
        "rule": evidence.rule,
        "sureness": evidence.sureness,
        **_words(passage.span),
    }


def _not_understood(passage: Passage) -> Object:
    return {"where": _where(passage.where), **_words(passage.span)}


def _sentence(passage: Passage) -> Object:
    return {"where": _where(passage.where), "number": passage.number, **_words(passage.span)}


def _problem(problem: Problem) -> Object:
    return {
        "code": problem.code,
        "message": problem.message,
        "touches_rating": problem.touches_rating,
        "start": problem.span.start,
        "end": problem.span.end,
    }


def _affiliation(found: Affiliation) -> Object:
    return {**_id(found), "institution": found.institution, "part_of": found.part_of, **_evidence(found.evidence)}


def _fraction(found: Fraction) -> Object:
    counted = {"part": found.part, "whole": found.whole, "of": _words(found.of), "printed": _words(found.printed)}
    return {**_id(found), **counted, **_evidence(found.evidence)}


def _place(mention: PlaceMention) -> Object:
    named = {"key": mention.place, "name": mention.name, "inside_name": mention.inside_name}
    return {**_id(mention), **named, "printed": _words(mention.printed), **_evidence(mention.evidence)}


def _mechanism(found: MechanismStatement) -> Object:
    return {**_id(found), "topic": found.topic, "focus": _words(found.focus), **_evidence(found.evidence)}


def _tally(tally: Tally) -> Object:
    counted = {"rating": tally.rating, "count": tally.count, "printed": _words(tally.printed)}
    return {**_id(tally), **counted, **_evidence(tally.evidence)}


def _report(edition: Edition) -> Object:
    identity = edition.identity
    return {
        "country": identity.country,
        "round": identity.round,
        "year": identity.year,
        "language": identity.language,
        "revision": identity.revision,
        "symbols": list(identity.symbols),
        "period": identity.period,
        "evidence": {name: _words(span) for name, span in sorted(identity.printed.items())},
    }


def _assessment(assessment: Assessment) -> Object:
    return {
        "recommendation": assessment.recommendation,
        "area": assessment.area,
        "rating": assessment.rating,
        "title": _words(assessment.title),
        "findings": [_finding(finding) for finding in assessment.findings],
        **_words(assessment.line),
    }


def _finding(finding: Finding) -> Object:
    return {
        **_id(finding),
        "polarity": finding.polarity,
        "modality": finding.modality,
        "focus": _words(finding.focus),
        "topics": list(finding.topics),
        "actors": list(finding.actors),
        "institutions": list(finding.institutions),
        "instruments": [_instrument(reference) for reference in finding.instruments],
        "exception": _words(finding.exception) if finding.exception else None,
        **_evidence(finding.evidence),
    }


def _instrument(reference: TreatyReference) -> Object:
    return {
        "treaty": reference.treaty,
        "relation": reference.relation,
        "articles": list(reference.articles),
        "printed": _words(reference.printed),
    }


def _reference(reference: TreatyReference) -> Object:
    return {**_id(reference), **_instrument(reference), **_evidence(reference.evidence)}


def _mention(statement: Statement, printed: Span) -> Object:
    return {**_id(statement), "printed": _words(printed), **_evidence(statement.evidence)}


def _mentions(key: str, mentions: Sequence[Mention]) -> list[Object]:
    return [_mention(mention, mention.printed) for mention in mentions if mention.about == key]


def _institution(institution: Institution, edition: Edition) -> Object:
    return {
        "key": institution.key,
        "name": institution.name,
        "acronym": institution.acronym,
        "other_names": list(institution.other_names),
        "part_of": _parent(institution, edition),
        "known": institution.known,
        "mentions": _mentions(institution.key, edition.mentions),
    }


def _parent(institution: Institution, edition: Edition) -> str | None:
    """The name of the nearest body that the report says this one is part of.

    The one that is not said to hold another of them.
    """
    wholes = [found.part_of for found in edition.affiliations if found.institution == institution.key]
    above = {found.part_of for found in edition.affiliations if found.institution in wholes}
    nearest = next((whole for whole in wholes if whole not in above), None)
    return next((other.name for other in edition.institutions if other.key == nearest), None)


def _observation(seen: Observation) -> Object:
    value = Decimal(seen.value)
    return {
        **_id(seen),
        "measure": seen.measure,
        "subject": seen.subject,
        "unit": seen.unit,
        "year": seen.year,
        "value": int(value) if value == value.to_integral_value() else float(value),
        "method": seen.method,
        "inferred_from_words": seen.inferred_from_words,
        "printed": _words(seen.printed),
        **_evidence(seen.evidence),
    }


def _study(study: Study) -> Object:
    return {
        **_id(study),
        "title": _words(study.title),
        "named": study.named,
        "number": study.number,
        "year": study.year,
        "month": study.month,
        "maker": study.maker,
        **_evidence(study.evidence),
    }


def _plan(plan: Plan, edition: Edition) -> Object:
    return {
        "key": plan.key,
        "name": plan.name,
        "kind": plan.kind,
        "owner": plan.owner,
        "from": plan.from_year,
        "to": plan.to_year,
        "known": plan.known,
        "mentions": _mentions(plan.key, edition.plan_mentions),
    }


def _entry(entry: GlossaryEntry, edition: Edition) -> Object:
    return {
        "number": entry.number,
        "term": entry.term.quote,
        "section": entry.section,
        "definition": entry.definition.quote,
        "uses": [_mention(use, use.printed) for use in edition.glossary_uses if use.term == entry.number],
        **_words(entry.entry),
    }


def _row(row: SummaryRow) -> Object:
    return {
        "recommendation": row.recommendation,
        "area": row.area,
        "rating": row.rating,
        "wording": row.wording.quote,
        **_words(row.row),
    }

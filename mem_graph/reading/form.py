"""An `Edition` in the stable shape of ``docs/reading.schema.json``, by which other programs check readings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from mem_graph.model import (
    Accepted,
    Affiliation,
    Assessment,
    Code,
    Correction,
    Edition,
    Finding,
    Fraction,
    GlossaryEntry,
    GlossaryUse,
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
    Withdrawn,
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
        **({"withdrawn": [_withdrawn(left) for left in edition.withdrawn]} if edition.withdrawn else {}),
        **({"accepted": [_accepted(one) for one in edition.accepted]} if edition.accepted else {}),
    }


def _words(span: Span) -> Object:
    return {"quote": span.quote, "start": span.start, "end": span.end}


def _where(where: Where) -> Object:
    return {"recommendation": where} if isinstance(where, int) else {"section": where}


def _id(statement: Statement) -> Object:
    return {"id": statement.evidence.key}


def _evidence(statement: Statement) -> Object:
    """Where a statement stands, what made it, the whole sentence, and what a person decided on it."""
    read, passage = statement.evidence, statement.evidence.passage
    return {
        "where": _where(passage.where),
        "rule": read.rule,
        "sureness": read.sureness,
        **_words(passage.span),
        **_corrected(read.correction, statement),
    }


def _corrected(decided: Correction | None, record: Any) -> Object:
    """What a person decided on a record, with the members it had before where they were others; nothing for none."""
    if decided is None:
        return {}
    replaced = _replaced(decided.former, record)
    return {"correction": {**_decided(decided), **({"replaced": replaced} if replaced else {})}}


def _decided(decided: Correction) -> Object:
    return {
        "action": decided.action,
        "who": decided.who,
        "date": decided.date.isoformat(),
        "reason": decided.reason,
    }


def _replaced(former: Any, record: Any) -> Object:
    """The members that a record had before a correction and has otherwise now."""
    if former is None:
        return {}
    was, now = _members(former), _members(record)
    return {name: value for name, value in was.items() if name != "id" and now.get(name) != value}


def _members(record: Any) -> Object:
    """A record as it is told, without what a person decided on it."""
    if getattr(record, "evidence", None) is not None:
        record = replace(record, evidence=replace(record.evidence, correction=None))
    return FORMS[type(record)](record)


def _withdrawn(left: Withdrawn) -> Object:
    """What is left of a statement that a person withdrew."""
    read = left.evidence
    decided = read.correction
    return {
        "kind": left.kind,
        "id": read.key,
        "where": _where(read.passage.where),
        **_words(read.passage.span),
        "correction": _decided(decided) if decided else {},
        "was": _members(decided.former) if decided and decided.former is not None else None,
        "replaced_by": [{"kind": kind, "id": key} for kind, key in left.replaced_by],
    }


def _accepted(one: Accepted) -> Object:
    return {"code": one.code, "correction": _decided(one.correction), **_words(one.span)}


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
        **({"settled": _decided(problem.settled)} if problem.settled else {}),
    }


def _affiliation(found: Affiliation) -> Object:
    return {**_id(found), "institution": found.institution, "part_of": found.part_of, **_evidence(found)}


def _fraction(found: Fraction) -> Object:
    counted = {"part": found.part, "whole": found.whole, "of": _words(found.of), "printed": _words(found.printed)}
    return {**_id(found), **counted, **_evidence(found)}


def _place(mention: PlaceMention) -> Object:
    named = {"key": mention.place, "name": mention.name, "inside_name": mention.inside_name}
    return {**_id(mention), **named, "printed": _words(mention.printed), **_evidence(mention)}


def _mechanism(found: MechanismStatement) -> Object:
    return {**_id(found), "topic": found.topic, "focus": _words(found.focus), **_evidence(found)}


def _tally(tally: Tally) -> Object:
    counted = {"rating": tally.rating, "count": tally.count, "printed": _words(tally.printed)}
    return {**_id(tally), **counted, **_evidence(tally)}


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
        **({"printed_rating": assessment.printed} if assessment.printed else {}),
        **_rated(assessment),
    }


def _rated(assessment: Assessment) -> Object:
    """What a person decided on a rating, with the rating and the line that were read before."""
    decided = assessment.correction
    if decided is None:
        return {}
    former = decided.former
    was = {"rating": former.rating} if former else {}
    if former and former.line != assessment.line:
        was |= _words(former.line)
    return {"correction": {**_decided(decided), **({"replaced": was} if was else {})}}


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
        "codes": [_code(code) for code in finding.codes],
        **_evidence(finding),
    }


def _code(code: Code) -> Object:
    return {
        "criterion": code.criterion,
        "outcome": code.outcome,
        "because": _words(code.because),
        "rule": code.rule,
        "sureness": code.sureness,
    }


def _instrument(reference: TreatyReference) -> Object:
    return {
        "treaty": reference.treaty,
        "relation": reference.relation,
        "articles": list(reference.articles),
        "printed": _words(reference.printed),
    }


def _reference(reference: TreatyReference) -> Object:
    return {**_id(reference), **_instrument(reference), **_evidence(reference)}


def _mention(statement: Statement, printed: Span) -> Object:
    return {**_id(statement), "printed": _words(printed), **_evidence(statement)}


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
        **_corrected(institution.correction, institution),
    }


def _names(institution: Institution) -> Object:
    return {"key": institution.key, "name": institution.name, "acronym": institution.acronym}


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
        **_evidence(seen),
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
        **_evidence(study),
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
        "wording": row.wording.printed,
        **_words(row.row),
    }


def decisions(edition: Edition) -> list[str]:
    """What people decided on an edition, a line each: what was done to what, what it was before, who, when and why."""
    lines: list[str] = []
    for assessment in edition.assessments:
        lines.extend(_line(f"rating of recommendation {assessment.recommendation}", _rated(assessment)))
    for institution in edition.institutions:
        lines.extend(_line(institution.key, _corrected(institution.correction, institution)))
    for kind, found in edition.statements.items():
        for one in found:
            lines.extend(_line(f"{one.evidence.key} of {kind}", _corrected(one.evidence.correction, one)))
    for left in edition.withdrawn:
        lines.extend(_line(f"{left.kind} {left.evidence.key}", {"correction": _withdrawn(left)["correction"]}))
    for accepted in edition.accepted:
        lines.extend(_line(accepted.code, {"correction": _decided(accepted.correction)}))
    return lines


def _line(what: str, told: Object) -> Iterator[str]:
    if decided := told.get("correction"):
        replaced = {name: value for name, value in decided.get("replaced", {}).items() if name not in ("start", "end")}
        was = "; ".join(f"{name} was {_plain(value)}" for name, value in replaced.items())
        before = f" ({was})" if was else ""
        yield f"{decided['action']} {what}{before}: {decided['who']}, {decided['date']}: {decided['reason']}"


def _plain(value: Any) -> str:
    """A member of a reading in a few words."""
    if isinstance(value, dict) and "criterion" in value:
        return f"{value['criterion']} {value['outcome']}"
    if isinstance(value, dict):
        return repr(value["quote"]) if "quote" in value else str(value)
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "none"
    return str(value) or "none"


FORMS: Mapping[type, Callable[[Any], Object]] = {
    Affiliation: _affiliation,
    Finding: _finding,
    Fraction: _fraction,
    GlossaryUse: lambda use: {**_mention(use, use.printed), "term": use.term},
    Institution: _names,
    MechanismStatement: _mechanism,
    Mention: lambda mention: {**_mention(mention, mention.printed), "about": mention.about},
    Observation: _observation,
    PlaceMention: _place,
    Study: _study,
    Tally: _tally,
    TreatyReference: _reference,
}
"""How each record that a person can correct is told."""

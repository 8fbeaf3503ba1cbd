"""What an answer on a treaty looks like: in words for a person, as plain values for JSON, as a row of CSV.

The shapes of the plain values are told in the OpenAPI document of the service. Every source is printed with its kind;
only a register is called the depositary's.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from io import StringIO
from typing import Any

from mem_graph.query.treaties import VERDICTS, Reference, TreatyAnswer
from mem_graph.treaties.dates import Window
from mem_graph.treaties.record import CONSENT, Act, Participation, Record, Source, Statement
from mem_graph.treaties.status import Status, Verdict, sources_of

LABELS = {"signatory": "signatory", "contracting": "contracting state", "party": "party"}

SOURCE_KINDS = {
    "register": "the depositary's register",
    "copy": "a copy of the depositary's register",
    "third_party": "a third party",
}

CONFIRMED = {
    "yes": "stands with the consent to be bound",
    "no": "not confirmed on consent",
    "unknown": "whether it stands with the consent to be bound is not known",
}

# In words


def in_words(answer: TreatyAnswer, record: Record) -> Iterator[str]:
    """An answer line by line: the report, the record, statements, doubts, and the verdict."""
    found = answer.status
    yield f"{record.countries[found.country]}, {record.treaties[found.treaty].short} ({found.treaty}), on {found.on}"
    yield ""
    yield from _report_words(answer)
    yield "The record:"
    for verdict in (found.signatory, found.contracting, found.party):
        yield f"  {LABELS[verdict.kind]}: {verdict.value}: {verdict.reason}"
    yield from (f"  {line}" for act in found.acts for line in _act_words(act))
    yield from _resting_words(found)
    yield from _statement_words(answer)
    yield from (f"In doubt: {doubt.words}." for doubt in answer.doubts)
    yield f"Verdict: {VERDICTS[answer.verdict]}: {answer.why}."


def _report_words(answer: TreatyAnswer) -> Iterator[str]:
    report = answer.report
    covered = f" ({report.report}, for {report.speaks_for.earliest} to {report.speaks_for.latest})"
    yield f"The report: {answer.report_words}{covered if report.report else ''}."
    yield from (f"  {each.where}, {each.relation}: {each.sentence}" for each in report.references)
    if report.tension:
        yield "  In tension: it says of one treaty that the state is bound and that it is not."


def _act_words(act: Act) -> Iterator[str]:
    of = f", instrument of {act.instrument_date}" if act.instrument_date else ""
    yield f"{act.kind} {act.date}{_dated(act)}{of}: {cited(act.source)}"
    if act.effective_on and act.effective_source:
        yield f"  effect {act.effective_on}: {cited(act.effective_source)}"


def _dated(act: Act) -> str:
    """Of what the date of an act is: registers date by deposit or notification, a third party as it likes."""
    if act.kind == "signature":
        return ""
    if act.source.kind == "third_party":
        return ", as that source dates it"
    return ", notified" if act.kind == "succession" or act.kind not in CONSENT else ", deposited"


def _resting_words(found: Status) -> Iterator[str]:
    """What a standing rests on that is no act: a participation or a listing."""
    for verdict in (found.signatory, found.party):
        if (standing := verdict.standing) and not standing.acts:
            since = f", participation from {standing.participation.date}" if standing.participation else ", listed"
            for source in sources_of(standing):
                yield f"  {LABELS[verdict.kind]} without an act of its own{since}: {cited(source)}"


def _statement_words(answer: TreatyAnswer) -> Iterator[str]:
    if answer.statements:
        yield "Statements that the record has, whenever made (effects in words of ours):"
    for each in answer.statements:
        at = f" on {each.articles}" if each.articles else ""
        made = "when it was made is not known" if each.made_at == "unknown" else f"made at {each.made_at}"
        gone = f"; withdrawn on {each.withdrawn_on}" if each.withdrawn_on else ""
        kind = "statement of unknown kind" if each.kind == "unknown" else each.kind
        yield f"  {kind}{at}: {each.effect} ({made}; {CONFIRMED[each.confirmed]}{gone}): {cited(each.source)}"
    for reference, statement in answer.touched:
        articles = ", ".join(reference.articles)
        yield f"A reservation touches a cited article: {statement.articles}, cited as {articles} in {reference.where}."


def cited(source: Source) -> str:
    """A source to cite, with its kind and the day it speaks for."""
    return f"{source.name} ({SOURCE_KINDS[source.kind]}, as of {source.as_of or 'no date'})"


# As rows

COLUMNS = (
    "country",
    "treaty",
    "on",
    "signatory",
    "contracting_state",
    "party",
    "standing",
    "since",
    "speaks_until",
    "source_kinds",
    "report",
    "verdict",
    "why",
)
"""The columns of the matrix of states and treaties."""

NARROW = ("country", "treaty", "signatory", "contracting_state", "party", "report", "verdict")
"""The columns that a terminal has room for."""


def cells(answer: TreatyAnswer) -> dict[str, str]:
    """An answer as a row of the matrix.

    ``standing`` is the highest that it certainly had, ``since`` when that began, ``speaks_until`` the last day for
    which the sources speak of it, ``source_kinds`` their kinds with blanks between.
    """
    found, highest = answer.status, answer.status.bound
    standing = highest.standing
    certain, since = (LABELS[highest.kind], str(standing.begins)) if standing and highest.value == "yes" else ("", "")
    kinds = dict.fromkeys(each.kind for each in sources_of(standing)) if standing else {}
    until = "" if highest.speaks_until is None else str(highest.speaks_until)
    values = (found.signatory.value, found.contracting.value, found.party.value)
    keys = found.country, found.treaty, str(found.on)
    told = (answer.report_words, VERDICTS[answer.verdict], answer.why)
    return dict(zip(COLUMNS, (*keys, *values, certain, since, until, " ".join(kinds), *told), strict=True))


def to_csv(answers: Iterable[TreatyAnswer]) -> str:
    """The rows as CSV (RFC 4180), with a header."""
    return table(COLUMNS, map(cells, answers))


def table(columns: Iterable[str], rows: Iterable[dict[str, str]]) -> str:
    """Rows as CSV (RFC 4180), with a header."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, tuple(columns))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


# As data


def status_document(answer: TreatyAnswer, record: Record, release: str) -> dict[str, Any]:
    """The answer to one look-up, with the digest of the release that it belongs to."""
    return {"release": release, **to_json(answer, record)}


def matrix_document(answers: Iterable[TreatyAnswer], on: date, release: str) -> dict[str, Any]:
    """The matrix of states and treaties on a day, or a part of it: a row for each, as CSV has it."""
    rows = [{name: text or None for name, text in cells(answer).items()} for answer in answers]
    return {"release": release, "on": str(on), "total": len(rows), "rows": rows}


def to_json(answer: TreatyAnswer, record: Record) -> dict[str, Any]:
    """An answer as plain values, in one stable shape."""
    found = answer.status
    return {
        "country": {"code": found.country, "name": record.countries[found.country]},
        "treaty": {"key": found.treaty, "name": record.treaties[found.treaty].short},
        "on": str(found.on),
        "report": _report(answer),
        "record": {
            "signatory": _verdict(found.signatory),
            "contracting_state": _verdict(found.contracting),
            "party": _verdict(found.party),
            "acts": [_act(act) for act in found.acts],
            "doubts": [doubt.words for doubt in answer.doubts],
        },
        "statements": [_statement(each) for each in answer.statements],
        "touched": [
            {"reference": _reference(reference), "statement": statement.number}
            for reference, statement in answer.touched
        ],
        "verdict": {"code": answer.verdict, "words": VERDICTS[answer.verdict], "why": answer.why},
    }


def _report(answer: TreatyAnswer) -> dict[str, Any]:
    report = answer.report
    return {
        "key": report.report or None,
        "speaks_for": _days(report.speaks_for) if report.report else None,
        "answer": report.code if report.report else None,
        "words": answer.report_words,
        "tension": report.tension,
        "references": [_reference(each) for each in report.references],
    }


def _reference(each: Reference) -> dict[str, Any]:
    return {
        "relation": each.relation,
        "articles": list(each.articles),
        "where": each.where,
        "sentence": each.sentence,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    standing = verdict.standing
    return {
        "value": verdict.value,
        "reason": verdict.reason,
        "since": _days(standing.begins) if standing else None,
        "until": _days(standing.ends) if standing and standing.ends else None,
        "rule": standing.rule if standing else None,
        "sources_speak_until": None if verdict.speaks_until is None else str(verdict.speaks_until),
        "sources": [source_json(each) for each in sources_of(standing)] if standing else [],
        "participation": _participation(standing.participation) if standing else None,
        "coverage": {"kind": verdict.coverage.kind, "note": verdict.coverage.note} if verdict.coverage else None,
    }


def _participation(each: Participation | None) -> str | None:
    return None if each is None else each.date


def _days(days: Window) -> dict[str, str | None]:
    return {name: None if (day := getattr(days, name)) is None else str(day) for name in ("earliest", "latest")}


def _act(act: Act) -> dict[str, Any]:
    return {
        "act": act.kind,
        "date": act.date,
        "instrument_date": act.instrument_date or None,
        "effective_on": act.effective_on or None,
        "effective_source": source_json(act.effective_source) if act.effective_source else None,
        "source": source_json(act.source),
        "doubts": [doubt.words for doubt in act.doubts],
    }


def _statement(each: Statement) -> dict[str, Any]:
    return {
        "number": each.number,
        "kind": each.kind,
        "articles": each.articles or None,
        "paths": list(each.paths),
        "made_at": each.made_at,
        "confirmed": each.confirmed,
        "withdrawn_on": each.withdrawn_on or None,
        "effect": each.effect,
        "note": each.note or None,
        "source": source_json(each.source),
    }


def source_json(source: Source) -> dict[str, Any]:
    """A source: what to cite, of what kind it is, the day it speaks for, and how it was had."""
    return {
        "name": source.name,
        "kind": source.kind,
        "of_the_depositary": source.kind == "register",
        "as_of": source.as_of or None,
        "via": source.via,
    }

"""What an answer on a treaty looks like: in words for a person, as plain values for JSON, as a row of CSV.

The shapes of the plain values are told in the OpenAPI document of the service. Every source is printed with its kind;
only a register is called the depositary's. Words are in the language asked for; the sentences of reports, names and
codes are the same in each.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from io import StringIO
from typing import Any

from mem_graph.query.treaties import Reference, TreatyAnswer
from mem_graph.treaties.dates import Window
from mem_graph.treaties.record import CONSENT, Act, Coverage, Participation, Record, Source, Statement
from mem_graph.treaties.status import Status, Verdict, sources_of
from mem_graph.treaties.words import plain, said, words
from mem_graph.wording import LANGUAGES

ENGLISH = LANGUAGES[0]

# In words


def in_words(answer: TreatyAnswer, record: Record, language: str = ENGLISH) -> Iterator[str]:
    """An answer line by line: the report, the record, statements, doubts, and the verdict."""
    return Lines(language).of(answer, record)


def why(answer: TreatyAnswer, language: str = ENGLISH) -> str:
    """Why report and record stand as they do, in words."""
    return "; ".join(said(each, language) for each in answer.why)


def place(where: str, language: str = ENGLISH) -> str:
    """Where a report refers to an instrument: *recommendation 17*, *preface*."""
    own = words(language)
    return own["where.recommendation"].format(number=where) if where.isdigit() else own.get(f"where.{where}", where)


class Lines:
    """The lines of an answer in one language."""

    def __init__(self, language: str) -> None:
        """In: the language."""
        self._language, self._words = language, words(language)

    def of(self, answer: TreatyAnswer, record: Record) -> Iterator[str]:
        """All lines."""
        found = answer.status
        named = {"country": record.countries[found.country], "name": record.treaties[found.treaty].short}
        yield self._line("title", **named, treaty=found.treaty, day=found.on)
        yield ""
        yield from self._report(answer)
        yield self._line("record")
        for verdict in (found.signatory, found.contracting, found.party):
            reason = said(verdict.reason, self._language)
            yield f"  {self._standing(verdict)}: {self._words[f'value.{verdict.value}']}: {reason}"
        yield from (f"  {line}" for act in found.acts for line in self._act(act))
        yield from self._resting(found)
        yield from self._statements(answer)
        yield from (self._line("doubt", doubt=each.words.of(self._language)) for each in answer.doubts)
        verdict_words = self._words[f"verdict.{answer.verdict}"]
        yield self._line("verdict", verdict=verdict_words, why=why(answer, self._language))

    def _line(self, key: str, **values: object) -> str:
        return self._words[f"line.{key}"].format(**values)

    def _standing(self, verdict: Verdict) -> str:
        return self._words[f"standing.{verdict.kind}"]

    def _report(self, answer: TreatyAnswer) -> Iterator[str]:
        report = answer.report
        key, days = ("report", report.speaks_for) if report.report else ("report_none", Window())
        told = {"report": report.report, "first": days.earliest, "last": days.latest}
        yield self._line(key, answer=self._words[f"word.{report.answer}"], **told)
        for each in report.references:
            yield f"  {place(each.where, self._language)}, {each.relation}: {each.sentence}"
        if report.tension:
            yield f"  {self._line('tension')}"

    def _act(self, act: Act) -> Iterator[str]:
        instrument = self._line("act_instrument", date=act.instrument_date) if act.instrument_date else ""
        dated = self._line(f"act_{how}") if (how := _dated(act)) else ""
        told = {"act": self._words[f"act.{act.kind}"], "date": act.date, "source": self.cited(act.source)}
        yield self._line("act", dated=dated, instrument=instrument, **told)
        if act.effective_on and act.effective_source:
            yield f"  {self._line('effect', date=act.effective_on, source=self.cited(act.effective_source))}"

    def _resting(self, found: Status) -> Iterator[str]:
        """What a standing rests on that is no act: a participation or a listing."""
        for verdict in (found.signatory, found.party):
            if (standing := verdict.standing) and not standing.acts:
                key = "participation" if standing.participation else "listed"
                since = _participation(standing.participation)
                for source in sources_of(standing):
                    told = {"standing": self._standing(verdict), "date": since, "source": self.cited(source)}
                    yield f"  {self._line(key, **told)}"

    def _statements(self, answer: TreatyAnswer) -> Iterator[str]:
        if answer.statements:
            yield self._line("statements")
        yield from (f"  {self._statement(each)}" for each in answer.statements)
        for reference, statement in answer.touched:
            told = {"articles": ", ".join(reference.articles), "place": place(reference.where, self._language)}
            yield self._line("touched", paragraphs=statement.articles, **told)

    def _statement(self, each: Statement) -> str:
        return self._line(
            "statement",
            kind=self._words[f"statement.{each.kind}"],
            articles=self._line("statement_articles", articles=each.articles) if each.articles else "",
            effect=each.effect.of(self._language),
            made=self._words[f"made.{each.made_at}"],
            confirmed=self._words[f"confirmed.{each.confirmed}"],
            withdrawn=self._line("statement_withdrawn", date=each.withdrawn_on) if each.withdrawn_on else "",
            source=self.cited(each.source),
        )

    def cited(self, source: Source) -> str:
        """A source to cite, with its kind and the day it speaks for."""
        told = {"name": source.name, "kind": self._words[f"source.{source.kind}"], "date": source.as_of}
        return self._line("source" if source.as_of else "source_undated", **told)


def _dated(act: Act) -> str:
    """Of what the date of an act is: registers date by deposit or notification, a third party as it likes."""
    if act.kind == "signature":
        return ""
    if act.source.kind == "third_party":
        return "undefined"
    return "notified" if act.kind == "succession" or act.kind not in CONSENT else "deposited"


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


def cells(answer: TreatyAnswer, language: str = ENGLISH) -> dict[str, str]:
    """An answer as a row of the matrix.

    ``standing`` is the highest that it certainly had, ``since`` when that began, ``speaks_until`` the last day for
    which the sources speak of it, ``source_kinds`` their kinds with blanks between.
    """
    found, highest, own = answer.status, answer.status.bound, words(language)
    standing, certain, since = highest.standing, "", ""
    if standing and highest.value == "yes":
        certain, since = own[f"standing.{highest.kind}"], _since(standing.begins, language)
    kinds = dict.fromkeys(each.kind for each in sources_of(standing)) if standing else {}
    until = "" if highest.speaks_until is None else str(highest.speaks_until)
    values = (found.signatory.value, found.contracting.value, found.party.value)
    keys = found.country, found.treaty, str(found.on)
    told = (own[f"word.{answer.report.answer}"], own[f"verdict.{answer.verdict}"], why(answer, language))
    return dict(zip(COLUMNS, (*keys, *values, certain, since, until, " ".join(kinds), *told), strict=True))


def _since(begins: Window, language: str) -> str:
    """A day as its date; what is less precise in words."""
    return str(begins.latest) if begins.exact else said(begins, language)


def to_csv(answers: Iterable[TreatyAnswer], language: str = ENGLISH) -> str:
    """The rows as CSV (RFC 4180), with a header."""
    return table(COLUMNS, (cells(each, language) for each in answers))


def table(columns: Iterable[str], rows: Iterable[dict[str, str]]) -> str:
    """Rows as CSV (RFC 4180), with a header."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, tuple(columns))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


# As data


def status_document(answer: TreatyAnswer, record: Record, release: str, language: str = ENGLISH) -> dict[str, Any]:
    """The answer to one look-up, with the digest of the release that it belongs to."""
    return {"release": release, **to_json(answer, record, language)}


def matrix_document(answers: Iterable[TreatyAnswer], on: date, release: str, language: str = ENGLISH) -> dict[str, Any]:
    """The matrix of states and treaties on a day, or a part of it: a row for each, as CSV has it."""
    rows = [{name: text or None for name, text in cells(answer, language).items()} for answer in answers]
    return {"release": release, "on": str(on), "total": len(rows), "rows": rows}


def to_json(answer: TreatyAnswer, record: Record, language: str = ENGLISH) -> dict[str, Any]:
    """An answer as plain values, in one stable shape."""
    found = answer.status
    return {
        "country": {"code": found.country, "name": record.countries[found.country]},
        "treaty": {"key": found.treaty, "name": record.treaties[found.treaty].short},
        "on": str(found.on),
        "report": _report(answer, language),
        "record": {
            "signatory": _verdict(found.signatory, language),
            "contracting_state": _verdict(found.contracting, language),
            "party": _verdict(found.party, language),
            "acts": [_act(act, language) for act in found.acts],
            "doubts": [doubt.words.of(language) for doubt in answer.doubts],
        },
        "statements": [_statement(each, language) for each in answer.statements],
        "touched": [
            {"reference": _reference(reference, language), "statement": statement.number}
            for reference, statement in answer.touched
        ],
        "verdict": {
            "code": answer.verdict,
            "words": words(language)[f"verdict.{answer.verdict}"],
            "why": why(answer, language),
            "because": [plain(each, language) for each in answer.why],
        },
    }


def _report(answer: TreatyAnswer, language: str) -> dict[str, Any]:
    report = answer.report
    return {
        "key": report.report or None,
        "speaks_for": _days(report.speaks_for) if report.report else None,
        "answer": report.code if report.report else None,
        "words": words(language)[f"word.{report.answer}"],
        "tension": report.tension,
        "references": [_reference(each, language) for each in report.references],
    }


def _reference(each: Reference, language: str) -> dict[str, Any]:
    return {
        "relation": each.relation,
        "articles": list(each.articles),
        "where": place(each.where, language),
        "sentence": each.sentence,
    }


def _verdict(verdict: Verdict, language: str) -> dict[str, Any]:
    standing = verdict.standing
    return {
        "value": verdict.value,
        "reason": said(verdict.reason, language),
        "because": plain(verdict.reason, language),
        "since": _days(standing.begins) if standing else None,
        "until": _days(standing.ends) if standing and standing.ends else None,
        "rule": standing.rule if standing else None,
        "sources_speak_until": None if verdict.speaks_until is None else str(verdict.speaks_until),
        "sources": [source_json(each) for each in sources_of(standing)] if standing else [],
        "participation": _participation(standing.participation) if standing else None,
        "coverage": _coverage(verdict.coverage, language),
    }


def _coverage(row: Coverage | None, language: str) -> dict[str, str] | None:
    return None if row is None else {"kind": row.kind, "note": row.note.of(language)}


def _participation(each: Participation | None) -> str | None:
    return None if each is None else each.date


def _days(days: Window) -> dict[str, str | None]:
    return {name: None if (day := getattr(days, name)) is None else str(day) for name in ("earliest", "latest")}


def _act(act: Act, language: str) -> dict[str, Any]:
    return {
        "act": act.kind,
        "date": act.date,
        "instrument_date": act.instrument_date or None,
        "effective_on": act.effective_on or None,
        "effective_source": source_json(act.effective_source) if act.effective_source else None,
        "source": source_json(act.source),
        "doubts": [doubt.words.of(language) for doubt in act.doubts],
    }


def _statement(each: Statement, language: str) -> dict[str, Any]:
    return {
        "number": each.number,
        "kind": each.kind,
        "articles": each.articles or None,
        "paths": list(each.paths),
        "made_at": each.made_at,
        "confirmed": each.confirmed,
        "withdrawn_on": each.withdrawn_on or None,
        "effect": each.effect.of(language),
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

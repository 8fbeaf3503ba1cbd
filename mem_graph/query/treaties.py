"""Treaty look-ups: what the report says, what the treaty record says of a state on a day, and how the two stand.

The two are read from a release and kept apart: the report's word from its statements, the record from the graph of
acts. Nothing here says "no" because nothing was found, nor anything beyond the day for which a source speaks.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from io import StringIO
from typing import Any, Protocol

from rdflib import Graph, Namespace
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS

from mem_graph.errors import BadRequest, UnknownTerm
from mem_graph.graph.acts import record_of
from mem_graph.iris import PREFIXES, Iris
from mem_graph.query.answers import Solutions
from mem_graph.treaties.paragraphs import touching
from mem_graph.treaties.record import CONSENT, Act, Doubt, Record, Source, Statement
from mem_graph.treaties.status import Status, Verdict, sources_of, status

MEM = Namespace(PREFIXES["mem"])

MID_2014 = date(2014, 6, 30)
"""The last day of the period of which reports of the sixth round speak, and the day asked about unless another is."""

WORDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "not-party": ("states that it is not party", ("signed_not_ratified", "not_party", "denounced")),
    "consent": ("states consent", ("ratified", "acceded", "party")),
    "acts": ("states that it acts under it", ("implements", "complies_with", "authority")),
    "names": ("names it only", ("named",)),
    "nothing": ("says nothing", ()),
}
"""The five answers a report can give, in the order in which they count, each with the relations that give it."""

VERDICTS = {
    "agree": "agree",
    "different-act": "same standing, different act",
    "report-silent": "the report does not say whether it is bound",
    "otherwise": "the record says otherwise",
    "unknown": "unknown",
    "no-report": "no report of this state is loaded",
}

ACT_WORDS = {"ratified": "ratification", "acceded": "accession"}


class Asked(Protocol):
    """What a look-up is read from: an open release."""

    def query(self, text: str) -> Solutions:
        """The rows of a query."""

    def graph(self, text: str) -> Graph:
        """The graph of a query."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a report says of an instrument in one sentence: the relation, the articles cited, where it stands."""

    country: str
    instrument: str
    relation: str
    articles: tuple[str, ...]
    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ReportWord:
    """A report's word on a treaty: one of the five answers, with the sentences that give it, and all references."""

    code: str
    deciding: tuple[Reference, ...] = ()
    references: tuple[Reference, ...] = ()

    @property
    def words(self) -> str:
        """The answer in words."""
        return WORDS[self.code][0]


@dataclass(frozen=True, slots=True)
class TreatyAnswer:
    """What report and record say of one state and one treaty on a day, beside each other."""

    status: Status
    report: ReportWord
    verdict: str
    why: str
    statements: tuple[Statement, ...]
    touched: tuple[tuple[Reference, Statement], ...]
    doubts: tuple[Doubt, ...]

    @property
    def report_words(self) -> str:
        """What the report answers, in words; that none is loaded is no answer."""
        return "no report is loaded" if self.verdict == "no-report" else self.report.words


# Reading a release

GRAPHS = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{0}> {{ ?s ?p ?o }} }}"

REFERENCES = """
PREFIX eli: <http://data.europa.eu/eli/ontology#>
PREFIX mem: <https://w3id.org/mem-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?statement ?code ?instrument ?relation ?article ?number ?section ?sentence WHERE {
  ?report mem:editionOfRecord ?edition .
  ?statement a mem:TreatyReference ; mem:edition ?edition ; mem:country/skos:notation ?code ; mem:quote ?sentence ;
    mem:instrument/skos:notation ?instrument ; mem:relation/skos:notation ?relation .
  OPTIONAL { ?statement mem:article/eli:number ?article }
  OPTIONAL { ?statement mem:recommendation/skos:notation ?number }
  OPTIONAL { ?statement mem:section/skos:notation ?section }
} ORDER BY ?statement ?article
"""

REPORTS = """
PREFIX mem: <https://w3id.org/mem-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?code WHERE { ?report a mem:Report ; mem:country/skos:notation ?code } ORDER BY ?code
"""


@dataclass(frozen=True)
class TreatyLookup:
    """The treaty record of a release with what its reports say, ready for look-ups; read once for each release."""

    record: Record
    references: tuple[Reference, ...]
    reported: frozenset[str]
    treaty_names: Mapping[str, frozenset[str]]
    """Folded names, each with the keys of the instruments that have it."""
    country_names: Mapping[str, frozenset[str]]

    @classmethod
    def read(cls, opened: Asked, identity_base: str) -> TreatyLookup:
        """In: an open release, and the identity base it was built with."""
        iris = Iris(identity_base)
        tables = opened.graph(GRAPHS.format(iris.graph("tables")))
        record = record_of(opened.graph(GRAPHS.format(iris.graph("acts"))) + tables, iris)
        return cls(
            record,
            tuple(_references(opened.query(REFERENCES))),
            frozenset(str(row["code"]) for row in opened.query(REPORTS)),
            _names(_treaty_names(tables)),
            _names(_country_names(tables)),
        )

    def treaty(self, words: str) -> str:
        """The key of the treaty that these words name; raises UnknownTerm or BadRequest with near names."""
        key = _named(words, self.treaty_names, "treaty")
        if key not in self.record.treaties:
            raise BadRequest(problem=f"{key} is a standard, not a treaty: it has no parties", parameter="treaty")
        return key

    def country(self, words: str) -> str:
        """The code of the state that these words name; raises UnknownTerm or BadRequest with near names."""
        return _named(words, self.country_names, "country")

    def ask(self, country: str, treaty: str, on: date = MID_2014) -> TreatyAnswer:
        """What report and record say of a state and a treaty, by their keys, on a day."""
        found = status(self.record, treaty, country, on)
        report = self.word(country, treaty)
        statements = self.record.statements_of(treaty, country)
        verdict, why = self.compare(report, found)
        doubts = self.record.doubts_of(treaty, country)
        touched = tuple(_touched(report.references, statements))
        return TreatyAnswer(found, report, verdict, why, statements, touched, doubts)

    def word(self, country: str, treaty: str) -> ReportWord:
        """The report's word: of the five answers the first that a reference gives."""
        own = tuple(each for each in self.references if (each.country, each.instrument) == (country, treaty))
        for code, (_, relations) in WORDS.items():
            if deciding := tuple(each for each in own if each.relation in relations):
                return ReportWord(code, deciding, own)
        return ReportWord("nothing", (), own)

    def compare(self, report: ReportWord, found: Status) -> tuple[str, str]:
        """How the two stand, as one of VERDICTS, and why in words."""
        if found.country not in self.reported:
            return "no-report", told(found)
        if report.code not in ("consent", "not-party"):
            return "report-silent", told(found)
        if found.contracting.value == "unknown":
            return "unknown", found.contracting.reason
        if (found.contracting.value == "yes") is not (report.code == "consent"):
            return "otherwise", told(found)
        return _act_compared(report, found) if report.code == "consent" else ("agree", told(found))

    def answers(self, country: str | None, treaty: str | None, on: date = MID_2014) -> tuple[TreatyAnswer, ...]:
        """One state under one treaty, by any name; with None in the place of either, all of them."""
        countries = [self.country(country)] if country is not None else list(self.record.countries)
        treaties = [self.treaty(treaty)] if treaty is not None else list(self.record.treaties)
        return tuple(self.ask(each, of, on) for each in countries for of in treaties)


def _references(rows: Solutions) -> Iterator[Reference]:
    """One reference for each statement, with the articles that its rows give."""
    of_statement: dict[object, list[Mapping[str, Any]]] = {}
    for row in rows:
        of_statement.setdefault(row["statement"], []).append(row)
    for own in of_statement.values():
        row = own[0]
        articles = tuple(dict.fromkeys(str(each["article"]) for each in own if each["article"] is not None))
        where = f"recommendation {row['number']}" if row["number"] is not None else str(row["section"] or "")
        code, instrument, relation, sentence = (
            str(row[name]) for name in ("code", "instrument", "relation", "sentence")
        )
        yield Reference(code, instrument, relation, articles, where, sentence)


def _act_compared(report: ReportWord, found: Status) -> tuple[str, str]:
    """Whether the act that the report states is the one of the record; *party* states no act."""
    stated = {ACT_WORDS[each.relation] for each in report.deciding if each.relation in ACT_WORDS}
    done = {act.kind for act in found.acts if act.kind in CONSENT}
    if stated and not stated & done:
        how = ", ".join(sorted(done)) or "no act of its own"
        return "different-act", f"the record has {how}; {told(found)}"
    return "agree", told(found)


def _touched(references: Iterable[Reference], statements: Iterable[Statement]) -> Iterator[tuple[Reference, Statement]]:
    statements = tuple(statements)
    for reference in references:
        for article in reference.articles:
            yield from ((reference, each) for each in touching(statements, reference.instrument, article))


def told(found: Status) -> str:
    """A status in words: the highest certain standing, or why there is none."""
    verdict = found.bound
    if verdict.value != "yes":
        return f"party: {found.party.value}, {found.party.reason}"
    words = {"party": "party", "contracting": "contracting state", "signatory": "signatory"}[verdict.kind]
    rest = "" if verdict.kind == "party" else f"; party: {found.party.value}, {found.party.reason}"
    return f"{words} {verdict.reason}{rest}"


# Names


def fold(words: str) -> str:
    """Words without case, accents and signs: ``Convención de Viena`` is ``convencion de viena``."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


ARTICLES = ("the", "of", "de", "del", "la", "el", "los", "on", "against", "contra", "sobre", "and", "y")
GENERIC = frozenset((*ARTICLES, "convention", "convencion", "convenio", "treaty"))
"""Words that tell no treaty from another."""


def _essential(folded: str) -> frozenset[str]:
    words = frozenset(folded.split())
    return words - GENERIC or words


def _names(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for name, key in pairs:
        folded = fold(name)
        found[folded] = found.get(folded, frozenset()) | {key}
    return found


def _treaty_names(tables: Graph) -> Iterator[tuple[str, str]]:
    for node in tables.subjects(RDF.type, MEM.Instrument):
        key = str(tables.value(node, SKOS.notation))
        yield key, key
        yield key.rsplit("-", 1)[-1], key
        for about in (DCTERMS.title, SKOS.prefLabel, SKOS.altLabel, MEM.series):
            yield from ((str(name), key) for name in tables.objects(node, about))


def _country_names(tables: Graph) -> Iterator[tuple[str, str]]:
    for node in tables.subjects(RDF.type, MEM.Country):
        key = str(tables.value(node, SKOS.notation))
        for about in (SKOS.notation, DCTERMS.identifier, RDFS.label, SKOS.altLabel):
            yield from ((str(name), key) for name in tables.objects(node, about))


def _named(words: str, names: Mapping[str, frozenset[str]], what: str) -> str:
    """The one key that the words name: by a whole name, by its telling words, or by some of them.

    Raises BadRequest where several do, UnknownTerm where none does, both with near names.
    """
    folded, asked = fold(words), _essential(fold(words))
    for found in _readings(folded, asked, names):
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise BadRequest(problem=f"{words!r} names several", parameter=what, near=tuple(sorted(found))[:5])
    alike = get_close_matches(folded, names, n=5, cutoff=0.5)
    near = tuple(dict.fromkeys(key for name in alike for key in sorted(names[name])))[:3]
    raise UnknownTerm(word=words, scheme={"treaty": "treaties", "country": "states of the OAS"}[what], near=near)


def _readings(folded: str, asked: frozenset[str], names: Mapping[str, frozenset[str]]) -> Iterator[frozenset[str]]:
    yield names.get(folded, frozenset())
    if asked:
        yield frozenset(key for name, keys in names.items() if _essential(name) == asked for key in keys)
        begun = frozenset(key for name, keys in names.items() if name.startswith(f"{folded} ") for key in keys)
        yield begun if len(begun) == 1 and len(asked) > 1 else frozenset()
        yield frozenset(key for name, keys in names.items() if asked <= _essential(name) for key in keys)


def day(words: str) -> date:
    """A day as people write it in ISO 8601; raises BadRequest for what is none."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise BadRequest(problem=f"{words!r} is no date; write it as 2014-06-30", parameter="on") from None


# In words, and as rows

COLUMNS = ("country", "treaty", "on", "signatory", "contracting state", "party", "report", "verdict", "why")


def row(answer: TreatyAnswer) -> tuple[str, ...]:
    """An answer as a row of the matrix of states and treaties, with the columns COLUMNS."""
    found = answer.status
    values = (found.signatory.value, found.contracting.value, found.party.value)
    keys = found.country, found.treaty, str(found.on)
    return (*keys, *values, answer.report_words, VERDICTS[answer.verdict], answer.why)


def to_csv(answers: Iterable[TreatyAnswer]) -> str:
    """The rows as CSV (RFC 4180), with a header."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(map(row, answers))
    return text.getvalue()


def in_words(answer: TreatyAnswer, record: Record) -> Iterator[str]:
    """An answer line by line: the report, the record, reservations, doubts, and the verdict."""
    found = answer.status
    yield f"{record.countries[found.country]}, {record.treaties[found.treaty].short} ({found.treaty}), on {found.on}"
    yield ""
    yield f"The report: {answer.report_words}."
    yield from (f"  {each.where}, {each.relation}: {each.sentence}" for each in answer.report.references)
    yield "The record:"
    for verdict in (found.signatory, found.contracting, found.party):
        yield f"  {LABELS[verdict.kind]}: {verdict.value}: {verdict.reason}"
    yield from (f"  {line}" for act in found.acts for line in _act_words(act))
    yield from _resting_words(found)
    yield from _statement_words(answer)
    yield from (f"In doubt: {doubt.words}." for doubt in answer.doubts)
    yield f"Verdict: {VERDICTS[answer.verdict]}: {answer.why}."


LABELS = {"signatory": "signatory", "contracting": "contracting state", "party": "party"}


def _act_words(act: Act) -> Iterator[str]:
    deposited = "" if act.kind == "signature" else ", deposited" if act.kind in CONSENT else ", notified"
    of = f", instrument of {act.instrument_date}" if act.instrument_date else ""
    yield f"{act.kind} {act.date}{deposited}{of}: {cited(act.source)}"
    if act.effective_on and act.effective_source:
        yield f"  effect {act.effective_on}: {cited(act.effective_source)}"


def _resting_words(found: Status) -> Iterator[str]:
    """What a standing rests on that is no act: a participation or a listing."""
    for verdict in (found.signatory, found.party):
        if (standing := verdict.standing) and not standing.acts:
            yield from (f"  {LABELS[verdict.kind]} without an act: {cited(source)}" for source in sources_of(standing))


def _statement_words(answer: TreatyAnswer) -> Iterator[str]:
    for each in answer.statements:
        at = f" on {each.articles}" if each.articles else ""
        made = f"made at {each.made_at}" if each.made_at != "unknown" else "when it was made is not known"
        stands = {"yes": "stands with the consent", "no": "not confirmed"}.get(
            each.confirmed, "whether confirmed: not known"
        )
        yield f"A {each.kind}{at}: {each.effect} ({made}; {stands}); {cited(each.source)}"
    for reference, statement in answer.touched:
        articles = ", ".join(reference.articles)
        yield f"A reservation touches a cited article: {statement.articles}, cited as {articles} in {reference.where}."


def cited(source: Source) -> str:
    """A source to cite, with its kind and the day it speaks for."""
    kinds = {"register": "register", "copy": "a copy of the register", "third_party": "third party"}
    return f"{source.name} ({kinds[source.kind]}, as of {source.as_of or 'no date'})"


# As data


def to_json(answer: TreatyAnswer, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An answer as plain values, in one stable shape."""
    found = answer.status
    return {
        "country": {"code": found.country, "name": (names or {}).get(found.country)},
        "treaty": found.treaty,
        "on": str(found.on),
        "report": {
            "answer": None if answer.verdict == "no-report" else answer.report.code,
            "words": answer.report_words,
            "references": [_reference(each) for each in answer.report.references],
        },
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
        "since": _window(standing.begins if standing else None),
        "until": _window(standing.ends if standing else None),
        "rule": standing.rule if standing else None,
        "sources_speak_until": None if verdict.speaks_until is None else str(verdict.speaks_until),
        "sources": [source_json(each) for each in sources_of(standing)] if standing else [],
        "coverage": verdict.coverage.note if verdict.coverage else None,
    }


def _window(window: Any) -> dict[str, str | None] | None:
    if window is None:
        return None
    return {name: None if (bound := getattr(window, name)) is None else str(bound) for name in ("earliest", "latest")}


def _act(act: Act) -> dict[str, Any]:
    return {
        "act": act.kind,
        "date": act.date,
        "instrument_date": act.instrument_date or None,
        "effective_on": act.effective_on or None,
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
        "effect": each.effect,
        "source": source_json(each.source),
    }


def source_json(source: Source) -> dict[str, Any]:
    """A source: what to cite, of what kind it is, the day it speaks for, and how it was had."""
    return {"name": source.name, "kind": source.kind, "as_of": source.as_of or None, "via": source.via}

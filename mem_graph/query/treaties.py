"""Treaty look-ups: what the report says, what the treaty record says of a state on a day, and how the two stand.

The two are read from a release and kept apart: the report's word from its statements, the record from the graph of
acts. Nothing here says "no" because nothing was found, nor anything beyond the day for which a source speaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from rdflib import Graph, Namespace
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS

from mem_graph.errors import BadRequest
from mem_graph.graph.recorded import record_of
from mem_graph.iris import PREFIXES, Iris
from mem_graph.query.answers import Solutions
from mem_graph.query.instruments import Instrument, instruments_of
from mem_graph.treaties.dates import UNKNOWN, Window, period, window
from mem_graph.treaties.names import Names
from mem_graph.treaties.paragraphs import touching
from mem_graph.treaties.record import CONSENT, Doubt, Record, Statement
from mem_graph.treaties.status import Status, status
from mem_graph.treaties.words import Reason
from mem_graph.wording import Wording

MEM = Namespace(PREFIXES["mem"])

MID_2014 = date(2014, 6, 30)
"""The last day of the period of which reports of the sixth round speak, and the day asked about unless another is."""

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "not-party": ("signed_not_ratified", "not_party", "denounced"),
    "consent": ("ratified", "acceded", "party"),
    "acts": ("implements", "complies_with", "authority"),
    "names": ("named",),
    "nothing": (),
}
"""The five answers a report can give, in the order in which they count, each with the relations that give it."""

VERDICTS = ("agree", "different-act", "report-silent", "otherwise", "unknown", "no-report")
"""How report and record can stand."""

ACTS_STATED = {"ratified": "ratification", "acceded": "accession"}

OF_PARTY = {"party", "not_party"}
"""Relations that speak of being party; the others speak of consent, with which a state need not be party yet."""


class Asked(Protocol):
    """What a look-up is read from: an open release."""

    @property
    def digest(self) -> str:
        """What names the release."""

    @property
    def identity_base(self) -> str:
        """What its IRIs begin with."""

    @property
    def graphs(self) -> dict[str, int]:
        """Its named graphs."""

    def query(self, text: str) -> Solutions:
        """The rows of a query."""

    def graph(self, text: str, graphs: Sequence[str] = ()) -> Graph:
        """The graph of a query."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a report says of an instrument in one sentence: the relation, the articles cited, where it stands."""

    country: str
    instrument: str
    relation: str
    articles: tuple[str, ...]
    where: str
    """The number of the recommendation, or the section: ``preface``."""
    sentence: str
    report: str
    """The key of the report: ``PER-R6``."""


@dataclass(frozen=True, slots=True)
class ReportWord:
    """A report's word on a treaty: one of the five answers, with the sentences that give it, and all references.

    ``report`` is its key, empty where no report of the state is loaded, and ``speaks_for`` the days it covers.
    """

    code: str
    deciding: tuple[Reference, ...] = ()
    references: tuple[Reference, ...] = ()
    report: str = ""
    speaks_for: Window = UNKNOWN

    @property
    def answer(self) -> str:
        """The answer, as a key of words; that no report is loaded is none."""
        return self.code if self.report else "none"

    @property
    def tension(self) -> bool:
        """Whether the report says in one place that the state is bound, and in another that it is not."""
        said = {each.relation for each in self.references}
        return bool(said.intersection(ANSWERS["not-party"]) and said.intersection(ANSWERS["consent"]))


@dataclass(frozen=True, slots=True)
class TreatyAnswer:
    """What report and record say of one state and one treaty on a day, beside each other."""

    status: Status
    report: ReportWord
    verdict: str
    why: tuple[Reason, ...]
    statements: tuple[Statement, ...]
    touched: tuple[tuple[Reference, Statement], ...]
    doubts: tuple[Doubt, ...]


# Reading a release

ALL = "CONSTRUCT WHERE { ?s ?p ?o }"

REFERENCES = """
PREFIX eli: <http://data.europa.eu/eli/ontology#>
PREFIX mem: <https://w3id.org/mem-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?statement ?report ?code ?instrument ?relation ?article ?number ?section ?sentence WHERE {
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
SELECT ?report ?code ?period WHERE {
  ?report a mem:Report ; mem:country/skos:notation ?code .
  OPTIONAL { ?report mem:periodCovered ?period }
} ORDER BY ?report
"""


@dataclass(frozen=True)
class TreatyLookup:
    """The treaty record of a release with what its reports say, ready for look-ups; read once for each release."""

    release: str
    """The digest of the release."""
    iris: Iris
    record: Record
    instruments: Mapping[str, Instrument]
    """Treaties and standards by key."""
    references: tuple[Reference, ...]
    reports: Mapping[str, Mapping[str, Window]]
    """Of each state the reports that are loaded, by key, each with the days it covers."""
    treaty_names: Names
    country_names: Names

    @classmethod
    def read(cls, opened: Asked) -> TreatyLookup:
        """In: an open release; one without a treaty record knows no treaty."""
        iris = Iris(opened.identity_base)
        tables = _named_graph(opened, iris.graph("tables"))
        record = record_of(_named_graph(opened, iris.graph("acts")) + tables, iris)
        known = instruments_of(tables + _named_graph(opened, iris.graph("shared")))
        return cls(
            opened.digest,
            iris,
            record,
            {each.key: each for each in known},
            tuple(_references(opened.query(REFERENCES), iris)),
            _reports(opened.query(REPORTS), iris),
            Names.of(
                ((name, each.key) for each in known for name in each.all_names),
                Wording("scheme.treaties"),
                "treaty",
                {each.key: each.short or each.title for each in known},
            ),
            Names.of(_country_names(tables), Wording("scheme.states"), "country", record.countries),
        )

    def treaty(self, words: str) -> str:
        """The key of the treaty that these words name; raises UnknownTerm or BadRequest with near names."""
        key = self.treaty_names.find(words)
        if key not in self.record.treaties:
            raise BadRequest(problem=Wording("no-party", treaty=key), parameter="treaty")
        return key

    def country(self, words: str) -> str:
        """The code of the state that these words name; raises UnknownTerm or BadRequest with near names."""
        return self.country_names.find(words)

    def ask(self, country: str, treaty: str, on: date = MID_2014) -> TreatyAnswer:
        """What report and record say of a state and a treaty, by their keys, on a day."""
        found = status(self.record, treaty, country, on)
        report = self.word(country, treaty, on)
        statements = self.record.statements_of(treaty, country)
        verdict, why = compare(report, found)
        doubted = (*self.record.doubts_of(treaty, country), *self.record.doubts_of(treaty, ""))
        doubts = tuple(each for each in doubted if not _later(each, on))
        touched = tuple(_touched(report.references, statements))
        return TreatyAnswer(found, report, verdict, why, statements, touched, doubts)

    def word(self, country: str, treaty: str, on: date = MID_2014) -> ReportWord:
        """The report's word: of the five answers the first that a reference gives.

        Of several reports of the state the one that covers the day speaks, else the last.
        """
        reports = self.reports.get(country, {})
        last = max(reports, default="")
        report = max((key for key, days in reports.items() if covers(days, on)), default=last)
        own = tuple(each for each in self.references if (each.report, each.instrument) == (report, treaty))
        speaks_for = reports.get(report, UNKNOWN)
        for code, relations in ANSWERS.items():
            if deciding := tuple(each for each in own if each.relation in relations):
                return ReportWord(code, deciding, own, report, speaks_for)
        return ReportWord("nothing", (), own, report, speaks_for)

    def answers(self, country: str | None, treaty: str | None, on: date = MID_2014) -> tuple[TreatyAnswer, ...]:
        """One state under one treaty, by any name; with None in the place of either, all of them."""
        countries = [self.country(country)] if country is not None else list(self.record.countries)
        treaties = [self.treaty(treaty)] if treaty is not None else list(self.record.treaties)
        return tuple(self.ask(each, of, on) for each in countries for of in treaties)


def _named_graph(opened: Asked, name: str) -> Graph:
    """One named graph; empty where the release has none of that name."""
    return opened.graph(ALL, [name]) if name in opened.graphs else Graph()


def compare(report: ReportWord, found: Status) -> tuple[str, tuple[Reason, ...]]:
    """How report and record stand, as one of VERDICTS, and why.

    A report is held to its word for the days that it covers alone.
    """
    if not report.report:
        return "no-report", told(found)
    if report.code not in ("consent", "not-party"):
        return "report-silent", told(found)
    if not covers(report.speaks_for, found.on):
        return "unknown", (_of_other_days(report.speaks_for), *told(found))
    held = found.party if {each.relation for each in report.deciding} <= OF_PARTY else found.contracting
    if held.value == "unknown":
        return "unknown", (held.reason,)
    if (held.value == "yes") is not (report.code == "consent"):
        return "otherwise", told(found)
    return _act_compared(report, found) if report.code == "consent" else ("agree", told(found))


def covers(days: Window, on: date) -> bool:
    """Whether a day lies in a stretch of days whose first and last are known."""
    return days.earliest is not None and days.latest is not None and days.earliest <= on <= days.latest


def _of_other_days(days: Window) -> Reason:
    if days.earliest is None or days.latest is None:
        return Reason.of("report-of-unnamed-days")
    return Reason.of("report-of-other-days", first=days.earliest, last=days.latest)


def _later(doubt: Doubt, on: date) -> bool:
    """Whether a doubt is about an act that had not been done by that day."""
    done = window(doubt.date).earliest if re.fullmatch(r"[0-9-]+", doubt.date) else None
    return done is not None and done > on


def _reports(rows: Solutions, iris: Iris) -> dict[str, dict[str, Window]]:
    found: dict[str, dict[str, Window]] = {}
    for row in rows:
        found.setdefault(str(row["code"]), {})[_key(row, iris)] = period(str(row["period"] or ""))
    return found


def _key(row: Mapping[str, Any], iris: Iris) -> str:
    """The key of the report of a row."""
    return iris.parse(str(row["report"])).keys[-1]


def _references(rows: Solutions, iris: Iris) -> Iterator[Reference]:
    """One reference for each statement, with the articles that its rows give."""
    of_statement: dict[object, list[Mapping[str, Any]]] = {}
    for row in rows:
        of_statement.setdefault(row["statement"], []).append(row)
    for own in of_statement.values():
        row = own[0]
        articles = tuple(dict.fromkeys(str(each["article"]) for each in own if each["article"] is not None))
        where = str(row["number"] if row["number"] is not None else row["section"] or "")
        code, instrument, relation, sentence = (
            str(row[name]) for name in ("code", "instrument", "relation", "sentence")
        )
        yield Reference(code, instrument, relation, articles, where, sentence, _key(row, iris))


def _act_compared(report: ReportWord, found: Status) -> tuple[str, tuple[Reason, ...]]:
    """Whether the act that the report states is the one of the record; *party* states no act."""
    stated = {ACTS_STATED[each.relation] for each in report.deciding if each.relation in ACTS_STATED}
    done = {act.kind for act in found.acts if act.kind in CONSENT}
    if stated and not stated & done:
        has = Reason.of("record-has", acts=tuple(sorted(done))) if done else Reason.of("record-has-none")
        return "different-act", (has, *told(found))
    return "agree", told(found)


def _touched(references: Iterable[Reference], statements: Iterable[Statement]) -> Iterator[tuple[Reference, Statement]]:
    statements = tuple(statements)
    for reference in references:
        for article in reference.articles:
            yield from ((reference, each) for each in touching(statements, reference.instrument, article))


def told(found: Status) -> tuple[Reason, ...]:
    """What a status comes to: the highest certain standing, and why it was no more."""
    bound, party = found.bound, found.party
    short = Reason.of(f"party-{party.value}", why=party.reason)
    if bound.value != "yes" or bound.standing is None:
        return (short,)
    own = Reason.of(f"bound-{bound.kind}", begins=bound.standing.begins)
    return (own,) if bound.kind == "party" else (own, short)


# What is asked


def _country_names(tables: Graph) -> Iterator[tuple[str, str]]:
    for node in tables.subjects(RDF.type, MEM.Country):
        key = str(tables.value(node, SKOS.notation))
        for about in (SKOS.notation, DCTERMS.identifier, RDFS.label, SKOS.altLabel):
            yield from ((str(name), key) for name in tables.objects(node, about))


def day(words: str) -> date:
    """A day as ISO 8601 has it in full; raises BadRequest for what is none."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", words):
            return date.fromisoformat(words)
    except ValueError:
        pass
    raise BadRequest(problem=Wording("no-date", given=words[:40]), parameter="on")

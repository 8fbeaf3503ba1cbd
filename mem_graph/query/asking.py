"""Our own queries, put to one release: those of ``mem_graph/queries/pages/``, with parameters bound as terms.

A page asks through an `Asking`, which remembers what was asked, so that the page can show the SPARQL behind it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mem_graph.engine import media_types
from mem_graph.engine.binding import Template
from mem_graph.engine.headers import header
from mem_graph.errors import UnknownTerm
from mem_graph.outcomes import QueryForm, SparqlRequest
from mem_graph.query.current import Current
from mem_graph.wording import Wording

FIELDS = ("title",)


class Term(NamedTuple):
    """A term of an answer: its kind (``uri``, ``literal``, ``bnode``), its text, its language or datatype."""

    kind: str
    value: str
    language: str = ""
    datatype: str = ""

    @property
    def is_iri(self) -> bool:
        """Whether it names something."""
        return self.kind == "uri"


NOTHING = Term("literal", "")

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PageQuery:
    """A query that pages ask: its name, what it gives, and its text with parameters."""

    name: str
    title: str
    template: Template
    form: QueryForm

    def text(self, **iris: str) -> str:
        """The query with its terms put in; raises BadRequest for one that is missing or is no IRI."""
        return self.template.bound(**iris)


class Asked(NamedTuple):
    """A query as it was asked: its name, what it gives, and the terms it was asked of."""

    name: str
    title: str
    terms: Mapping[str, str]


@cache
def page_query(folder: Path, name: str) -> PageQuery:
    """The query in a file of the folder; raises UnknownTerm where there is none of that name."""
    path = folder / f"{name}.rq"
    if not name.replace("-", "").isalnum() or not path.is_file():
        raise UnknownTerm(word=name[:100], scheme=Wording("scheme.page-queries"))
    text = path.read_text(encoding="utf-8")
    form: QueryForm = "CONSTRUCT" if "\nCONSTRUCT" in text else "SELECT"
    return PageQuery(name, header(text, FIELDS, path.name)["title"], Template.of(text), form)


@dataclass(slots=True)
class Asking:
    """The queries of one page, asked of one release in this process."""

    held: Current
    folder: Path
    asked: list[Asked] = field(default_factory=list)

    def terms(self, name: str, **iris: str) -> list[Mapping[str, Term]]:
        """The rows of a query as terms; a variable that is unbound is not in its row."""
        self.shows(name, **iris)
        query = page_query(self.folder, name)
        request = SparqlRequest(query.template.bound(**iris), query.form)
        body = self.held.own.query(request, media_types.JSON.media_type).body
        return [{key: _term(value) for key, value in row.items()} for row in json.loads(body)["results"]["bindings"]]

    def shows(self, name: str, **iris: str) -> None:
        """Note a query that is not asked: a page shows what it gives from what was read once."""
        query = page_query(self.folder, name)
        self.asked.append(Asked(name, query.title, {key: iris[key] for key in query.template.parameters}))

    def rows(self, name: str, **iris: str) -> list[Row]:
        """The rows of a query as texts; what is unbound is empty."""
        return [_Texts({key: term.value for key, term in row.items()}) for row in self.terms(name, **iris)]

    def told(self, name: str, column: str, language: str, **iris: str) -> list[Row]:
        """The rows of a query as texts; of those that say the same in several languages, the one to be read.

        In: a column of words, and the language of the reader; where there is none in it, English. ``language`` of a row
        is that of the column. What else is in words is in the same language, by the query.
        """
        found: dict[tuple[tuple[str, Term], ...], Mapping[str, Term]] = {}
        for row in self.terms(name, **iris):
            rest = tuple(sorted((key, term) for key, term in row.items() if key != column and not term.language))
            if rest not in found or _read(row.get(column), language) > _read(found[rest].get(column), language):
                found[rest] = row
        return [
            _Texts({key: term.value for key, term in row.items()} | {"language": row.get(column, NOTHING).language})
            for row in found.values()
        ]

    def stream(self, name: str) -> Iterator[Row]:
        """The rows of a long answer as texts, one after the other; what is unbound is empty."""
        query = page_query(self.folder, name)
        body = self.held.own.query(SparqlRequest(query.template.bound(), query.form), media_types.CSV.media_type).body
        return csv.DictReader(io.TextIOWrapper(io.BytesIO(body), encoding="utf-8", newline=""))

    def triples(self, name: str, media_type: str, **iris: str) -> bytes:
        """The graph that a query makes, in a format for graphs."""
        query = page_query(self.folder, name)
        return self.held.own.query(SparqlRequest(query.template.bound(**iris), query.form), media_type).body


def in_language(terms: Iterable[Term], language: str) -> list[Term]:
    """Those of several texts that a reader of a language is shown; where there are none, those in English."""
    known = list(terms)
    best = max((_read(term, language) for term in known), default=0)
    return [term for term in known if _read(term, language) == best]


def _read(term: Term | None, language: str) -> int:
    """How well a reader of a language is served by a text: best in it, else in English or in none."""
    if term is None:
        return 0
    return 3 if term.language == language else 2 if term.language in ("en", "") else 1


class _Texts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _term(value: Mapping[str, str]) -> Term:
    return Term(value["type"], str(value["value"]), value.get("xml:lang", ""), value.get("datatype", ""))

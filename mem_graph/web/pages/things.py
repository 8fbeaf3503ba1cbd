"""The general page of a thing: what is said of it and with it, and the sentence it rests on; and the list of a kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import Response, request

from mem_graph.errors import BadRequest
from mem_graph.iris import PREFIXES, curie
from mem_graph.query.asking import Term, in_language
from mem_graph.query.reports import spans
from mem_graph.web.framing import Head, is_term
from mem_graph.web.framing import page as framed
from mem_graph.web.views import View
from mem_graph.wording import Wording

MEM, RDF, RDFS, SKOS, OWL, PROV = (PREFIXES[name] for name in ("mem", "rdf", "rdfs", "skos", "owl", "prov"))

NOTES = (f"{SKOS}definition", f"{RDFS}comment", f"{SKOS}scopeNote")
"""What stands at the head of a page, in the language of the reader."""

LABELS = (f"{SKOS}prefLabel", f"{RDFS}label")
MOST = 40
"""Values of one property that a page shows."""

LISTED, NAMED = 250, 2000
"""Things on a page of a list, and how many are put in the order of their names."""

PAGES = 500
"""The highest number of a page that may be asked for."""

Grouped = list[tuple[str, list[Any]]]


def page(view: View, iri: str, **facts: Any) -> Response:
    """The general page of a thing; what else its template shows comes by name."""
    said = view.asking.terms("thing", this=iri)
    values = grouped([(row["property"].value, row["value"]) for row in said])
    known = dict(values)
    types = [term.value for term in known.get(f"{RDF}type", [])]
    notes = [term for name in NOTES for term in in_language(known.get(name, []), view.language)]
    hidden = (f"{RDF}type", *NOTES, *(() if len(known) < 4 else (f"{MEM}quote", f"{MEM}passage", f"{MEM}focus")))
    shown = [(name, _sorted(view, terms)) for name, terms in values if name not in hidden]
    incoming = grouped([(row["property"], row["thing"]) for row in view.asking.rows("incoming", this=iri)])
    description = str(notes[0].value) if notes else ""
    return framed(
        "thing.html",
        Head(view.title(iri), iri, description),
        types=_own_first(types),
        notes=notes,
        evidence=evidence(view, known),
        withdrawn=withdrawal(known),
        record=instead(view, iri, known),
        facts=shown,
        incoming=incoming,
        graphs=view.asking.rows("graphs", this=iri),
        most=MOST,
        path=view.path(iri),
        is_term=is_term,
        quoting=is_term(iri) or f"{MEM}Rule" in types,
        **facts,
    )


def withdrawal(known: dict[str, list[Term]]) -> dict[str, str] | None:
    """Of a withdrawn statement the correction, which says who and why, and the passage; None for what still stands."""
    if not any(term.value == "true" for term in known.get(f"{OWL}deprecated", [])):
        return None
    by, passage = known.get(f"{PROV}wasInvalidatedBy"), known.get(f"{MEM}passage")
    return {"by": by[0].value if by else "", "passage": passage[0].value if passage else ""}


def instead(view: View, iri: str, known: dict[str, list[Term]]) -> str:
    """Of an edition that is not of record, and of what was read in one, the edition that is; else empty."""
    own = known.get(f"{MEM}edition", [])
    report = known.get(f"{MEM}editionOf", []) or (known.get(f"{MEM}report", []) if own else [])
    record = next((row["edition"] for row in view.site.reports if report and row["report"] == report[0].value), "")
    return "" if record == (own[0].value if own else iri) else record


def evidence(view: View, known: dict[str, list[Term]]) -> dict[str, Any] | None:
    """The sentence that a statement rests on, with the words that are meant marked; None for what is no statement."""
    quote, passage = known.get(f"{MEM}quote"), known.get(f"{MEM}passage")
    if not quote or not passage:
        return None
    report = known.get(f"{MEM}report")
    shown = view.marked(quote[0].value, spans(term.value for term in known.get(f"{MEM}focus", [])))
    return {"marked": shown, "passage": passage[0].value, "report": report[0].value if report else ""}


def listing(view: View, start: str) -> Response:
    """A page of the list of all things whose IRIs begin alike and go on with a slash; raises BadRequest.

    By their names, or where there are many by their IRIs, so that a page need not name them all.
    """
    kind = start.removeprefix(f"{view.places.base}id/")
    known, types = view.site.names.below(f"{start}/"), view.site.names.types
    number, pages = page_number(), -(-len(known) // LISTED)
    if len(known) <= NAMED:
        known = sorted(known, key=lambda iri: _natural(view.name(iri)))
    classes = sorted({each for iri in known for each in _own_first(types[iri])})
    for each in classes:
        view.asking.shows("list", this=f"{start}/", type=each)
    shown = known[(number - 1) * LISTED : number * LISTED]
    return framed(
        "listing.html",
        Head(view.kinds(kind), start),
        things=[(iri, view.title(iri)) for iri in shown],
        first=(number - 1) * LISTED + 1,
        total=len(known),
        number_of_page=number,
        pages=pages,
        reports=_by_report(view, start) if pages > 1 else [],
        path=f"id/{kind}/",
        classes=classes,
    )


def _by_report(view: View, start: str) -> list[tuple[str, str, int]]:
    """The reports whose things are in a list: name, the list of theirs alone, how many they are."""
    lists = ((each["report"], f"{start}/{each['report'].rpartition('/')[2]}") for each in view.site.reports)
    found = ((report, own, len(view.site.names.below(f"{own}/"))) for report, own in lists)
    return [(view.name(report), view.link(own), count) for report, own, count in found if count]


def page_number() -> int:
    """The page that is asked for; raises BadRequest for what is none."""
    given = request.args.get("page", "1")
    if not given.isdecimal() or not 0 < int(given) <= PAGES:
        raise BadRequest(problem=Wording("no-page", given=given[:20], last=PAGES), parameter="page")
    return int(given)


def grouped(pairs: Sequence[tuple[str, Any]]) -> Grouped:
    """Values by their property, properties in the order in which pages show them."""
    found: dict[str, list[Any]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return sorted(found.items(), key=lambda each: _rank(each[0]))


def _rank(name: str) -> tuple[int, str]:
    """Names first, then what is ours, then the rest."""
    return (0 if name in LABELS else 1 if name.startswith(MEM) else 2, curie(name))


def _own_first(types: Sequence[str]) -> list[str]:
    """Classes of ours, if there are, and not the one that all statements have."""
    ours = [each for each in types if each.startswith(MEM) and each != f"{MEM}Statement"]
    return ours or list(types)


def _sorted(view: View, terms: Sequence[Term]) -> list[Term]:
    return sorted(terms, key=lambda term: _natural(view.name(term.value) if term.is_iri else term.value))


def _natural(words: str) -> list[tuple[int, int, str]]:
    """A key that sorts *recommendation 9* before *recommendation 10*."""
    return [(1, int(part), "") if part.isdigit() else (0, 0, part.casefold()) for part in re.split(r"(\d+)", words)]

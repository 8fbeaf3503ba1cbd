"""Why an answer is empty: ``explain=1``. Which term is not in this data, which pattern or filter left nothing, and
which graph would have had it.

A query is cut into the parts of its outermost group by the tokens that the grammar has cut (`syntax.walk`). The parts
are asked, one more each time, through the same store with the same limits as a stranger's query, until nothing is left.
What is asked is put together of pieces of a query that has passed the guard, with nothing else in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from time import monotonic
from typing import Any
from urllib.parse import urljoin
from weakref import WeakKeyDictionary

from mem_graph.engine import media_types, syntax
from mem_graph.engine.store import Store
from mem_graph.engine.syntax import Token
from mem_graph.errors import StoreError
from mem_graph.iris import curie
from mem_graph.outcomes import SparqlRequest
from mem_graph.wording import Wording, said

PROBES = 40
"""Questions that one explanation may ask."""

LONGEST = 20_000
"""Characters of a query that is explained."""

OPENING, CLOSING = ("{", "(", "["), ("}", ")", "]")
GROUPS = ("OPTIONAL", "MINUS", "GRAPH", "VALUES", "BIND", "{")
"""What begins a part of a group that is neither a pattern of triples nor a filter."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is to be said: its kind, for which there are words, where in the query, and what would fit."""

    kind: str
    part: str = ""
    line: int | None = None
    column: int | None = None
    near: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()

    @property
    def words(self) -> Wording:
        """What is said of this kind."""
        return Wording(f"explained.{self.kind}")

    def facts(self, language: str) -> dict[str, Any]:
        """Everything that is known, for JSON, with words in a language."""
        told: dict[str, Any] = {
            "kind": self.kind,
            "words": said(self.words, language),
            "part": self.part,
            "line": self.line,
            "column": self.column,
        }
        told |= {"didYouMean": list(self.near), "graphs": list(self.graphs)}
        return {name: value for name, value in told.items() if value not in ("", None, [])}


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a group: its text as it can be asked, where it begins, whether it is a filter, and what GRAPH holds."""

    text: str
    start: int
    filters: bool = False
    inside: str = ""


@dataclass(slots=True)
class _Asking:
    """The store, the request whose dataset is asked, what stands before a query, and how much may still be asked."""

    store: Store
    request: SparqlRequest
    prologue: str
    until: float
    left: int = PROBES
    gave_up: bool = field(default=False)

    def rows(self, what: str, body: str, request: SparqlRequest | None = None) -> list[dict[str, Any]] | None:
        """The rows of a question; None where it could not be answered within the limits."""
        seconds = self.until - monotonic()
        self.left -= 1
        if self.left < 0 or seconds <= 0:
            self.gave_up = True
            return None
        text = f"{self.prologue}\nSELECT {what} WHERE {{ {body} }} LIMIT 20"
        asked = replace(request or self.request, query=text, form=None, timeout=seconds)  # the guard sees it again
        try:
            body_bytes = self.store.query(asked, media_types.JSON.media_type).body
        except StoreError:
            self.gave_up = True
            return None
        found: list[dict[str, Any]] = json.loads(body_bytes)["results"]["bindings"]
        return found

    @property
    def everywhere(self) -> SparqlRequest:
        """The request with all graphs as its dataset, as one and by name."""
        graphs = tuple(self.store.graphs())
        return replace(self.request, default_graphs=graphs, named_graphs=graphs)


def explain(store: Store, request: SparqlRequest, seconds: float) -> list[Reason]:
    """Why a query that has been checked finds nothing; an empty list where its patterns do find something."""
    if request.deferred or len(request.query) > LONGEST:
        return [Reason("too-long")]
    tokens = syntax.walk(request.query)
    bounds = _group(tokens)
    if bounds is None:
        return []
    first, last = bounds
    prologue = request.query[: tokens[_prologue(tokens)].start]
    asking = _Asking(store, request, prologue, monotonic() + seconds)
    parts = list(_parts(request.query, tokens[first + 1 : last]))
    culprit = list(_culprit(asking, request.query, parts))
    if not culprit and not asking.gave_up:
        return []
    reasons = [*_unknown(asking, request.query, tokens, first), *culprit]
    if asking.gave_up:
        reasons.append(Reason("not-all-asked"))
    return reasons


# Cutting


def _prologue(tokens: Sequence[Token]) -> int:
    """The place of the first token behind BASE and PREFIX."""
    place = 0
    while place < len(tokens) and tokens[place].kind in ("BASE", "PREFIX"):
        place += 2 if tokens[place].kind == "BASE" else 3
    return place


def _group(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """The places of the braces around the outermost WHERE; None for a query without one."""
    depth, openings = 0, []
    for place, token in enumerate(tokens):
        if depth == 0 and token.kind == "{":
            openings.append(place)
        depth += (token.kind in OPENING) - (token.kind in CLOSING)
    start = _prologue(tokens)
    template = tokens[start].kind == "CONSTRUCT" and tokens[start + 1].kind == "{"  # then WHERE is the second one
    opening = openings[template : template + 1]
    return (opening[0], _end(tokens, opening[0])) if opening else None


def _end(tokens: Sequence[Token], opening: int) -> int:
    """The place of the bracket that closes one."""
    depth = 0
    for place in range(opening, len(tokens)):
        depth += (tokens[place].kind in OPENING) - (tokens[place].kind in CLOSING)
        if depth == 0:
            return place
    return len(tokens) - 1


def _parts(text: str, tokens: Sequence[Token]) -> Iterator[_Part]:
    """The parts of a group: patterns of triples by their predicates, filters, and everything with a word or braces."""
    place = 0
    if tokens and tokens[0].kind == "SELECT":  # the group is one query
        yield _Part("{ " + _cut(text, tokens) + " }", tokens[0].start)
        return
    while place < len(tokens):
        token = tokens[place]
        if token.kind == ".":
            place += 1
            continue
        if token.kind == "FILTER":
            end = _filter_end(tokens, place)
        elif token.kind in GROUPS:
            end = _group_end(tokens, place)
        else:
            end = _triples_end(tokens, place)
            yield from _triples(text, tokens[place:end])
            place = end
            continue
        inside = _cut(text, tokens[place + 3 : end - 1]) if token.kind == "GRAPH" else ""
        yield _Part(_cut(text, tokens[place:end]), token.start, token.kind in ("FILTER", "MINUS"), inside)
        place = end


def _cut(text: str, tokens: Sequence[Token]) -> str:
    return text[tokens[0].start : tokens[-1].start + len(tokens[-1].text)] if tokens else ""


def _filter_end(tokens: Sequence[Token], place: int) -> int:
    """Behind a filter: its brackets, the call of a function, or the group of EXISTS."""
    place += 1
    while place < len(tokens) and tokens[place].kind not in (*OPENING, "NIL"):
        place += 1
    return min(place if place < len(tokens) and tokens[place].kind == "NIL" else _end(tokens, place), len(tokens)) + 1


def _group_end(tokens: Sequence[Token], place: int) -> int:
    """Behind a part that ends with its last brackets; groups joined by UNION are one part."""
    braces = "(" if tokens[place].kind == "BIND" else "{"
    while tokens[place].kind != braces:
        place += 1
    end = _end(tokens, place) + 1
    while end < len(tokens) and tokens[end].kind == "UNION":
        end = _end(tokens, end + 1) + 1
    return end


def _triples_end(tokens: Sequence[Token], place: int) -> int:
    """Behind triples of one subject: at the next full stop or word that begins another part."""
    depth = 0
    for end in range(place, len(tokens)):
        kind = tokens[end].kind
        if depth == 0 and end > place and kind in (".", "FILTER", *GROUPS):
            return end
        depth += (kind in OPENING) - (kind in CLOSING)
    return len(tokens)


def _triples(text: str, tokens: Sequence[Token]) -> Iterator[_Part]:
    """Triples of one subject, one part for each predicate; all together where the subject is more than a term."""
    if tokens[0].kind not in ("VAR", "IRIREF", "PNAME_LN", "PNAME_NS"):
        yield _Part(_cut(text, tokens), tokens[0].start)
        return
    depth, begin = 0, 1
    for place in range(1, len(tokens) + 1):
        kind = tokens[place].kind if place < len(tokens) else ";"
        if depth == 0 and kind == ";":
            if place > begin:
                shown = _cut(text, tokens[begin:place])
                yield _Part(f"{tokens[0].text} {shown}", tokens[0 if begin == 1 else begin].start)
            begin = place + 1
        depth += (kind in OPENING) - (kind in CLOSING)


# Which part left nothing


def _culprit(asking: _Asking, text: str, parts: Sequence[_Part]) -> Iterator[Reason]:
    """The first part that left nothing: patterns in their order, then filters."""
    ordered = sorted(parts, key=lambda part: part.filters)
    for count in range(1, len(ordered) + 1):
        found = asking.rows("*", " . ".join(_joined(ordered[:count])))
        if found is None:
            return
        if not found:
            yield _reason(asking, text, ordered[count - 1])
            return


def _joined(parts: Sequence[_Part]) -> list[str]:
    return [part.text for part in parts]


def _reason(asking: _Asking, text: str, part: _Part) -> Reason:
    """Why a part left nothing: it leaves out, does not fit, stands in other graphs, or is nowhere."""
    line, column = syntax.place(text, part.start)
    alone = Reason("pattern", part.text[:500], line, column)
    if part.filters:
        return replace(alone, kind="filter")
    if asking.rows("*", part.text):
        return replace(alone, kind="join")
    if graphs := _graphs_with(asking, part.inside or part.text):
        return replace(alone, kind="other-graph", graphs=graphs)
    return alone


def _graphs_with(asking: _Asking, pattern: str) -> tuple[str, ...]:
    """The named graphs that have a pattern."""
    name = "?explain_graph"
    if name in pattern or "GRAPH" in pattern.upper():
        return ()
    found = asking.rows(f"DISTINCT {name}", f"GRAPH {name} {{ {pattern} }}", asking.everywhere)
    return tuple(row[name[1:]]["value"] for row in found or ())


# Terms that are not here


def _unknown(asking: _Asking, text: str, tokens: Sequence[Token], first: int) -> Iterator[Reason]:
    """The IRIs of the patterns that nothing in the data has, and those behind ``a`` that are no class."""
    terms = {iri: token for token, iri in _iris(tokens, first)}
    known = _known(asking, list(terms))
    if known is None:
        return
    before = dict(zip((token.start for token in tokens[1:]), (token.kind for token in tokens), strict=False))
    for iri, token in terms.items():
        words = _words(asking.store)
        line, column = syntax.place(text, token.start)
        if iri not in known:
            near = _near(words, iri)
            yield Reason("unknown-term", token.text, line, column, near)
        elif before.get(token.start) == "a" and not words.get(curie(iri), True):
            near = tuple(each for each in _near(words, iri) if words[each])
            yield Reason("no-class", token.text, line, column, near)


def _iris(tokens: Sequence[Token], first: int) -> Iterator[tuple[Token, str]]:
    """The IRIs behind a place, in full (SPARQL 1.1 Query, section 4.1.1); those of datatypes and functions left out."""
    base, prefixes = "", dict[str, str]()
    for place, token in enumerate(tokens):
        if token.kind == "BASE":
            base = tokens[place + 1].text[1:-1]
        elif token.kind == "PREFIX":
            prefixes[tokens[place + 1].text] = urljoin(base, tokens[place + 2].text[1:-1])
        after = tokens[place + 1].kind if place + 1 < len(tokens) else ""
        if place <= first or after in ("(", "NIL") or tokens[place - 1].kind == "^^":
            continue
        if token.kind == "IRIREF":
            yield token, urljoin(base, token.text[1:-1])
        elif token.kind == "PNAME_LN":
            prefix, _, local = token.text.partition(":")
            if "\\" not in local:
                yield token, prefixes.get(f"{prefix}:", "") + local


def _known(asking: _Asking, iris: Sequence[str]) -> set[str] | None:
    """Those of some IRIs that the data have, as subject, predicate, object or graph."""
    graphs = set(asking.store.graphs())
    found = graphs & set(iris)
    for start in range(0, len(iris), 20):
        values = " ".join(f"<{iri}>" for iri in iris[start : start + 20] if not set(iri) & set('<>"{}|^`\\ '))
        body = (
            f"VALUES ?t {{ {values} }} FILTER (EXISTS {{ ?t ?p ?o }} || EXISTS {{ ?s ?t ?o }} || EXISTS {{ ?s ?p ?t }})"
        )
        rows = asking.rows("?t", body, asking.everywhere)
        if rows is None:
            return None
        found |= {row["t"]["value"] for row in rows}
    return found


def _near(words: Mapping[str, bool], iri: str) -> tuple[str, ...]:
    """The terms that one is like: in other letters, or beside it with another end."""
    short = curie(iri)
    other_case = [each for each in words if each.lower() == short.lower() and each != short]
    head, last = _split(short)
    ends = {_split(each)[1]: each for each in words if _split(each)[0] == head and each != short}
    return tuple(other_case or [ends[each] for each in get_close_matches(last, ends, n=3, cutoff=0.7)])


def _split(name: str) -> tuple[str, str]:
    """A name up to its last sign that parts, and its end."""
    cut = max(name.rfind(sign) for sign in ":/#") + 1
    return name[:cut], name[cut:]


_WORDS: WeakKeyDictionary[Store, Mapping[str, bool]] = WeakKeyDictionary()


def _words(store: Store) -> Mapping[str, bool]:
    """Every class, property, thing with a class, and graph of a store by its short name, and whether it is a class."""
    if store not in _WORDS:
        things = [(name, False) for name in (*store.graphs(), *_column(store, "{ ?s ?t ?o } UNION { ?t a ?c }"))]
        classes = [(name, True) for name in _column(store, "?s a ?t")]
        _WORDS[store] = {curie(name): is_class for name, is_class in (*things, *classes)}
    return _WORDS[store]


def _column(store: Store, pattern: str) -> list[str]:
    """The IRIs that ``?t`` stands for in all graphs; none where the limits are met."""
    text = f"SELECT DISTINCT ?t {{ {pattern} FILTER isIRI(?t) }} LIMIT 50000"
    request = SparqlRequest(text, default_graphs=tuple(store.graphs()))
    try:
        rows = json.loads(store.query(request, media_types.JSON.media_type).body)["results"]["bindings"]
    except StoreError:
        return []
    return [row["t"]["value"] for row in rows]


def in_words(reasons: Sequence[Reason], language: str) -> str:
    """An explanation as text, in a language."""
    lines = [line for each in reasons for line in _lines(each)] or [Wording("explained.found")]
    return "".join(f"{said(line, language)}\n" for line in lines)


def _lines(reason: Reason) -> Iterator[str]:
    at = Wording("place.column", line=str(reason.line), column=str(reason.column)) if reason.line else ""
    yield Wording("explained", words=reason.words, place=at)
    yield from (f"    {line}" for line in reason.part.splitlines())
    if reason.near:
        yield Wording("explained.near", near=reason.near)
    yield from (Wording("explained.in-graph", graph=graph) for graph in reason.graphs)

"""A checked query as any SPARQL 1.1 engine reads it in the same way: what engines read each in their own is taken out.

- Its dataset goes beside it, by the protocol (section 2.1.4); ``FROM`` is cut out, since some engines add the two up.
- A relative IRI is read against our base, and a prefix is declared: some engines know prefixes of their own.
- What begins with ``bif:`` or ``sql:`` is no name of ours but a call into one engine: Virtuoso's built-in functions.
- The quotient of two whole numbers is a decimal (section 17.3, op:numeric-divide), which Virtuoso cuts to a whole one.
  So ``?a / ?b`` is sent as ``?a * 1.0 / ?b``: the same number of the same type wherever the specification holds, for a
  decimal times 1.0 is itself, a float or double stays one, and both signs are read from left to right.

https://www.w3.org/TR/sparql11-query/ ; https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mem_graph.engine import guard, syntax
from mem_graph.engine.syntax import Token
from mem_graph.outcomes import SparqlRequest
from mem_graph.wording import Wording

_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_CALLS = re.compile(r"<(?:bif|sql):", re.IGNORECASE)


def portable(request: SparqlRequest) -> str:
    """The text of a checked query for another engine.

    Raises BadRequest, with line and column, for what the grammar of SPARQL 1.1 does not have, for a prefix that is not
    declared, and for an IRI that is a call into an engine.

    >>> portable(SparqlRequest("ASK FROM <https://example.org/g> { ?s <p> 1 }", "ASK"))
    'BASE <https://w3id.org/mem-graph/>\\nASK  { ?s <p> 1 }'
    >>> portable(SparqlRequest("SELECT (7 / 2 AS ?x) {}", "SELECT"))
    'SELECT (7 * 1.0 / 2 AS ?x) {}'
    """
    text = request.query
    tokens = syntax.walk(text)
    if (error := syntax.undeclared(text, tokens)) is not None:
        raise error
    iris = [(token, guard.unescaped(token.text)) for token in tokens if token.kind == "IRIREF"]
    for token, iri in iris:
        if _CALLS.match(iri):
            raise syntax.fault(text, token.start, Wording("no-name", given=iri[:80]))
    settled = all(_ABSOLUTE.match(iri) for _, iri in iris) or any(token.kind == "BASE" for token in tokens)
    base = "" if settled else f"BASE <{guard.BASE}>\n"
    cuts = [(first, end, "") for first, end in _dataset(tokens)]
    cuts += [(token.start, token.start, "* 1.0 ") for token in _divisions(tokens)]
    return base + _edited(text, sorted(cuts))


def _dataset(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Where the clauses of the dataset stand: from the word FROM to the end of its IRI (section 13.2)."""
    for place, token in enumerate(tokens):
        if token.kind == "FROM":
            last = tokens[place + 1 + (tokens[place + 1].kind == "NAMED")]
            yield token.start, last.start + len(last.text)


_ONE, _MANY = frozenset(["FILTER", "BIND"]), frozenset(["SELECT", "HAVING", "BY"])
"""The words behind which one expression stands in brackets, or several."""


def _divisions(tokens: Sequence[Token]) -> Iterator[Token]:
    """The signs of division: those within the brackets of an expression. Elsewhere the sign is a step of a path."""
    within, begins = [False], ""
    for token in tokens:
        if token.kind in _ONE | _MANY:
            begins = token.kind
        elif token.kind == "(":
            within.append(within[-1] or bool(begins))
            begins = begins if begins in _MANY else ""
        elif token.kind == "{":  # of a pattern, in an expression too: EXISTS { … }
            within.append(False)
            begins = ""
        elif token.kind in (")", "}"):
            within.pop()
            begins = begins if token.kind == ")" else ""
        elif token.kind == "/" and within[-1]:
            yield token


def _edited(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    """A text with other words from one place to another, for each edit; they are in order."""
    parts, start = [], 0
    for first, end, words in edits:
        parts += [text[start:first], words]
        start = end
    return "".join([*parts, text[start:]])

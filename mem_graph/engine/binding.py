"""Queries with parameters: a variable written with a dollar sign, ``$this``, is put in as a term before it is asked.

SPARQL reads ``$this`` and ``?this`` as one variable; SHACL marks with the dollar what is bound before (section 5.2.1,
pre-binding), and so do our files. A parameter takes the place of its token alone: what is in a string, an IRI or a
comment stays. Only IRIs that need no escape are taken, so that no value can add to a query.

>>> Template.of("SELECT ?p { $this ?p '$this' }").bound(this="https://example.org/a")
"SELECT ?p { <https://example.org/a> ?p '$this' }"
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mem_graph.engine import syntax
from mem_graph.errors import BadRequest
from mem_graph.wording import Wording

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")


@dataclass(frozen=True, slots=True)
class Template:
    """A query cut at its parameters: texts, with the name of a parameter between each two of them."""

    texts: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, query: str) -> Template:
        """A query as a template; raises BadRequest, with line and column, for one that is not well formed."""
        texts, names, start = [], [], 0
        for token in syntax.walk(query):
            if token.kind == "VAR" and token.text.startswith("$"):
                texts.append(query[start : token.start])
                names.append(token.text[1:])
                start = token.start + len(token.text)
        return cls((*texts, query[start:]), tuple(names))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names that need a term, each once."""
        return tuple(dict.fromkeys(self.names))

    def bound(self, **iris: str) -> str:
        """The query with an IRI for each parameter; raises BadRequest for one that is missing or is no IRI."""
        parts = [self.texts[0]]
        for name, text in zip(self.names, self.texts[1:], strict=True):
            parts += [term(iris.get(name, ""), name), text]
        return "".join(parts)


def term(iri: str, name: str = "iri") -> str:
    """An IRI as SPARQL writes it; raises BadRequest, with the name of what it was for, for a text that is none."""
    if not _IRI.fullmatch(iri):
        raise BadRequest(problem=Wording("no-iri", given=iri[:200]), parameter=name)
    return f"<{iri}>"

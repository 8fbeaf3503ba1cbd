"""Terms of the engine as rdflib writes them."""

from __future__ import annotations

from typing import cast

from rdflib import Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node
from rdflib.util import from_n3

from mem_graph.engine.scratch import Literal as EngineLiteral
from mem_graph.engine.scratch import Term


def written(term: Term) -> str:
    """A term of the engine in N3; a literal keeps its words."""
    if isinstance(term, EngineLiteral) and term.language is None and term.datatype.value != str(XSD.string):
        return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False).n3()
    return cast(Node, from_n3(str(term))).n3()

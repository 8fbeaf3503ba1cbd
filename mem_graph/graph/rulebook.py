"""What each rule does, in a sentence, beside its key: so that whoever reads a statement can see why it was read so."""

from __future__ import annotations

from rdflib import Graph, Literal
from rdflib.namespace import RDF, SKOS

from mem_graph.errors import UnknownTerm
from mem_graph.graph.evidence import MEM
from mem_graph.iris import Iris
from mem_graph.reading.rules import Rules, describe


def described(graph: Graph, rules: Rules, iris: Iris) -> Graph:
    """The key and the definition of every rule in a graph; a rule that is described elsewhere gets its key alone."""
    told = Graph()
    for node in graph.subjects(RDF.type, MEM.Rule):
        key = iris.parse(str(node)).keys[0]
        told.add((node, SKOS.notation, Literal(key)))
        if (sentence := _sentence(key, rules)) is not None:
            told.add((node, SKOS.definition, Literal(sentence, lang="en")))
    return told


def _sentence(key: str, rules: Rules) -> str | None:
    try:
        return describe(rules, key)
    except UnknownTerm:
        return None

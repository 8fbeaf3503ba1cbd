"""Where things are served: the path below the serving root for an IRI, and the IRI for a path.

Canonical IRIs begin with the identity base of the release, links with the serving root; neither comes from the Host
header. https://www.w3.org/TR/cooluris/ section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlencode

from mem_graph.engine.media_types import HTML, JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format
from mem_graph.iris import ONTOLOGY, SHAPES

FORMATS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, HTML)
"""What a document is written in; to a client without a preference Turtle, never HTML."""

SUFFIXES: Mapping[str, Format] = {
    ".html": HTML,
    ".ttl": TURTLE,
    ".nt": N_TRIPLES,
    ".jsonld": JSON_LD,
    ".rdf": RDF_XML,
}
"""The fixed address of a document in one format is its own with a suffix."""


def split(path: str) -> tuple[str, str]:
    """A path without its suffix, and the suffix; the suffix is empty where it names no format.

    >>> split("report/PER-R6.ttl"), split("software/mem-graph/0.1.0")
    (('report/PER-R6', '.ttl'), ('software/mem-graph/0.1.0', ''))
    """
    for suffix in SUFFIXES:
        if path.endswith(suffix) and not path.endswith(f"/{suffix}"):
            return path.removesuffix(suffix), suffix
    return path, ""


class Places(NamedTuple):
    """The serving root as a path, the identity base of the release, and the language that links keep, if one."""

    root: str
    base: str
    language: str = ""

    def link(self, iri: str, suffix: str = "") -> str:
        """Where an IRI leads: to its document here, where it is ours, else to itself; nothing for no web address."""
        name, _, fragment = iri.partition("#")
        if name in (ONTOLOGY, SHAPES):
            document = name.rpartition("/")[2]
            return self.page(f"{document}/{fragment}{suffix}" if fragment else f"{document}{suffix}")
        if iri.startswith(self.base):
            path = iri.removeprefix(self.base)
            path = f"doc/{path.removeprefix('id/')}{suffix}" if path.startswith("id/") else f"{path}{suffix}"
            return self.page(path)
        return iri if iri.startswith(("http://", "https://")) else ""

    def page(self, path: str, /, **query: str) -> str:
        """The address of a page below the root, with a query string; a chosen language goes along."""
        path, mark, fragment = path.partition("#")
        asked = urlencode({**query, "lang": self.language} if self.language else query, safe="/:")
        return f"{self.root}{quote(path)}{'?' if asked else ''}{asked}{mark}{fragment}"

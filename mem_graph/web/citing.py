"""How a page is cited and how its data are used from a program: texts that a reader copies.

BibTeX as biblatex has it (``@online``); CSL-JSON by https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import quote

AUTHORS = "MEM Graph authors"


def citations(title: str, iri: str, digest: str, made: date, service: str) -> Mapping[str, str]:
    """A citation in words, in BibTeX and in CSL-JSON, with release and digest.

    >>> texts = citations("Peru", "https://example.org/id/x", "0" * 64, date(2026, 11, 25), "MEM Graph")
    >>> texts["plain"].startswith("MEM Graph authors (2026). Peru. MEM Graph, release 000000000000 of 2026-11-25.")
    True
    """
    key = re.sub(r"[^A-Za-z0-9]+", "-", iri.rpartition("/id/")[2] or "site").strip("-")
    release = f"release {digest[:12]} of {made}"
    plain = f"{AUTHORS} ({made.year}). {title}. {service}, {release}. {iri} (SHA-256 of the data: {digest})"
    bibtex = "\n".join(
        [
            f"@online{{mem-graph-{key},",
            f"  author = {{{{{AUTHORS}}}}},",
            f"  title = {{{_tex(title)}}},",
            f"  organization = {{{_tex(service)}}},",
            f"  date = {{{made}}},",
            f"  version = {{release {digest}}},",
            f"  url = {{{iri}}},",
            "}",
        ]
    )
    issued = {"date-parts": [[made.year, made.month, made.day]]}
    record = {
        "id": f"mem-graph-{key}",
        "type": "dataset",
        "title": title,
        "author": [{"literal": AUTHORS}],
        "publisher": service,
        "issued": issued,
        "version": digest,
        "URL": iri,
    }
    return {"plain": plain, "bibtex": bibtex, "csl": json.dumps([record], ensure_ascii=False, indent=2)}


def _tex(words: str) -> str:
    """Words for a field of BibTeX: its special signs escaped, its case kept."""
    escaped = re.sub(r"([\\{}%$&#_])", lambda sign: "\\textbackslash{}" if sign[1] == "\\" else f"\\{sign[1]}", words)
    return "{" + escaped + "}"


def uses(document: str, endpoint: str, iri: str) -> Mapping[str, str]:
    """How to have the data of a page: by curl, in Python as a pandas table, in R.

    In: the absolute addresses of its Turtle and of the endpoint; its IRI, which is put in as it stands.
    """
    query = f"SELECT ?property ?value WHERE {{ <{iri}> ?property ?value }}"
    return {
        "curl": f"curl {document}",
        "python": "\n".join(
            [
                "import pandas",
                "from urllib.parse import urlencode",
                "",
                f'query = "{query}"',
                f'table = pandas.read_csv("{endpoint}?" + urlencode({{"query": query, "format": "csv"}}))',
            ]
        ),
        "r": "\n".join(
            [
                f'query <- "{query}"',
                f'table <- read.csv(paste0("{endpoint}?format=csv&query=", URLencode(query, reserved = TRUE)))',
            ]
        ),
    }


def report_link(contact: str, title: str, iri: str, digest: str, words: str) -> str:
    """Where an error is told: a mail with subject and body filled in, or the page of the contact; empty without one."""
    if "@" in contact and "/" not in contact:
        body = f"{words}\n\n{iri}\nrelease {digest}\n"
        return f"mailto:{contact}?subject={quote(f'{title} ({digest[:12]})')}&body={quote(body)}"
    return contact if contact.startswith(("https://", "http://")) else ""

"""The header of a file of SPARQL: leading comments that say what the query is for, ``# title: …``, one field or more.

A field may go on over several ``#`` lines. Prepared questions and audits have such headers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mem_graph.errors import ParseError


def header(text: str, fields: Sequence[str], file: str) -> dict[str, str]:
    """The fields of a header, each on one line; raises ParseError, naming the file, where one of them is missing.

    >>> header("# title: All of it\\n#   and more\\n# note: none\\nASK {}", ["title", "note"], "all.rq")
    {'title': 'All of it and more', 'note': 'none'}
    """
    found = _fields(text, fields)
    for field in fields:
        if not found.get(field):
            met = text.partition("\n")[0]
            raise ParseError(file=file, line=1, met=met, expected=f"a header with a line '# {field}: …'")
    return found


def _fields(text: str, names: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    current = ""
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        begun = re.fullmatch(rf"# ({'|'.join(names)}): (.*)", line)
        current, words = begun.groups() if begun else (current, line.lstrip("#").strip())
        if current:
            found[current] = f"{found.get(current, '')} {words}".strip()
    return found

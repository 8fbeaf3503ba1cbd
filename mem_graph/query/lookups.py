"""The prepared questions: one SPARQL query in each file of ``mem_graph/queries/``, with a header of comments.

The header's lines are ``# title: …``, ``# question: …``, ``# explanation: …`` (which may go on over several ``#``
lines) and ``# keywords: …``. The query below runs as it stands, on any endpoint that serves a release with the union as
default graph.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path

from mem_graph.engine.headers import header
from mem_graph.errors import UnknownTerm
from mem_graph.wording import Wording

FIELDS = ("title", "question", "explanation", "keywords")


@dataclass(frozen=True)
class Question:
    """A prepared question: its name (the file's), what it asks, how it is to be read, and its SPARQL text."""

    name: str
    title: str
    question: str
    explanation: str
    keywords: tuple[str, ...]
    text: str

    @property
    def query(self) -> str:
        """The text below the header: some clients take words of comments for keywords."""
        lines = self.text.splitlines(keepends=True)
        return "".join(dropwhile(lambda line: line.startswith("#"), lines))


def read_question(path: Path) -> Question:
    """The question in one file; raises ParseError where a line of the header is missing."""
    text = path.read_text(encoding="utf-8")
    told = header(text, FIELDS, path.name)
    keywords = tuple(word.strip() for word in told["keywords"].split(","))
    return Question(path.stem, told["title"], told["question"], told["explanation"], keywords, text)


def questions(folder: Path) -> tuple[Question, ...]:
    """All prepared questions of a folder, by name."""
    return tuple(read_question(path) for path in sorted(folder.glob("*.rq")))


def question(folder: Path, name: str) -> Question:
    """The question of that name; raises UnknownTerm with the near names."""
    known = {path.stem: path for path in folder.glob("*.rq")}
    if name not in known:
        raise UnknownTerm(
            word=name, scheme=Wording("scheme.questions"), near=tuple(difflib.get_close_matches(name, known))
        )
    return read_question(known[name])

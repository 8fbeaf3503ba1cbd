"""Search over names, findings, glossaries and treaties: an index in memory (SQLite FTS5), made once for a release.

Words are folded before they are kept and before they are sought: no case, no accents, no plural, in English and
Spanish. A word is also the beginning of a longer one. A word that nothing has is taken for the nearest that is there,
and the answer says so. https://www.sqlite.org/fts5.html
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from threading import Lock

from mem_graph.iris import PREFIXES
from mem_graph.query.asking import Asking
from mem_graph.query.names import Names

FACETS = ("kind", "country", "area", "rating", "polarity")
"""By what an answer can be narrowed."""

WEIGHTS = (8.0, 4.0, 1.0)
"""What a word counts for in a name, in a text, among the words of what it is about (for bm25)."""

MEM = PREFIXES["mem"]
NAMES = ("prefLabel", "label", "title", "summaryWording")
WORDS = 12
"""Words of a question that are read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be found: its IRI, its name or sentence, what else is said of it, and by what it can be narrowed."""

    iri: str
    title: str
    text: str = ""
    keywords: str = ""
    passage: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of an answer: its entries, how many there are in all and by each facet, the words as they were read."""

    total: int
    entries: tuple[Entry, ...]
    facets: Mapping[str, Mapping[str, int]]
    words: tuple[str, ...]
    corrected: bool


class SearchIndex:
    """The index of a release; any thread may ask."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """In: what is to be found."""
        self._entries = tuple(entries)
        self._lock = Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.execute("CREATE VIRTUAL TABLE words USING fts5(title, text, keywords, prefix='2 3 4')")
        self._base.execute("CREATE VIRTUAL TABLE known USING fts5vocab('words', 'row')")
        folded = (
            (n, *(" ".join(fold(part)) for part in (each.title, each.text, each.keywords)))
            for n, each in enumerate(self._entries)
        )
        self._base.executemany("INSERT INTO words(rowid, title, text, keywords) VALUES (?, ?, ?, ?)", folded)
        self._known = frozenset(row[0] for row in self._base.execute("SELECT term FROM known"))

    @classmethod
    def read(cls, asking: Asking, names: Names) -> SearchIndex:
        """The index of the release that is asked."""
        return cls([*_things(asking), *_terms(asking), *_statements(asking, names)])

    def find(self, question: str, chosen: Mapping[str, str], page: int = 1, size: int = 20) -> Found:
        """The entries that have all the words, the best first, narrowed to the chosen facets; a page of them."""
        asked = fold(question)[:WORDS]
        words = tuple(self._nearest(word) for word in asked)
        ranked = [self._entries[n] for n in self._ranked(words)]
        narrowed = [each for each in ranked if all(each.facets.get(name) == value for name, value in chosen.items())]
        counts = {
            name: dict(Counter(v for each in narrowed if (v := each.facets.get(name))).most_common()) for name in FACETS
        }
        shown = tuple(narrowed[(page - 1) * size : page * size])
        return Found(len(narrowed), shown, counts, words, words != tuple(asked))

    def _ranked(self, words: Sequence[str]) -> list[int]:
        if not words:
            return []
        match = " AND ".join(f'"{word}"*' for word in words)
        ranked = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, ?, ?, ?), rowid"
        with self._lock:
            return [row[0] for row in self._base.execute(ranked, (match, *WEIGHTS))]

    def _nearest(self, word: str) -> str:
        """The word itself where something has it or begins with it, else the nearest that is there, if one is near."""
        if word in self._known or any(each.startswith(word) for each in self._known):
            return word
        return next(iter(get_close_matches(word, self._known, n=1, cutoff=0.75)), word)


def fold(words: str) -> list[str]:
    """Words without case, accents and plural.

    >>> fold("Las Convenciones sobre tráfico"), fold("Laboratories, measures; a treaty")
    (['las', 'convencion', 'sobr', 'trafico'], ['laboratory', 'measur', 'a', 'treaty'])
    """
    plain = unicodedata.normalize("NFKD", words.casefold())
    return [
        _singular(each) for each in re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
    ]


def _singular(word: str) -> str:
    if len(word) < 4 or word.isdigit():
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    word = word.removesuffix("s") if not word.endswith("ss") else word
    return word.removesuffix("e") if len(word) > 4 else word


def spans(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where the words of a question stand in a text as it is printed.

    >>> spans("Control of Firearms", ["firearm"])
    ((11, 19),)
    """
    found = re.finditer(r"\w+", text)
    return tuple(
        each.span() for each in found if any(part.startswith(tuple(words)) for part in fold(each[0])) and words
    )


def _things(asking: Asking) -> Iterator[Entry]:
    own: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for row in asking.rows("search-things"):
        own.setdefault((row["thing"], row["class"]), []).append(row)
    for (thing, kind), rows in own.items():
        names = [row["words"] for row in rows if re.split("[#/]", row["property"])[-1] in NAMES]
        others = [row["words"] for row in rows if row["words"] not in names]
        facets = {"kind": kind, **({"country": rows[0]["country"]} if rows[0]["country"] else {})}
        title = " · ".join(dict.fromkeys(names))
        yield Entry(thing, title, " · ".join(dict.fromkeys(others)), facets=facets)


def _terms(asking: Asking) -> Iterator[Entry]:
    for row in asking.rows("search-terms"):
        facets = {"kind": f"{MEM}GlossaryEntry", "country": row["country"]}
        yield Entry(row["thing"], row["label"], row["definition"], passage=row["passage"], facets=facets)


def _statements(asking: Asking, names: Names) -> Iterator[Entry]:
    """A finding is found by its sentence, and by the names of what it is about in each language."""
    own: dict[str, list[Mapping[str, str]]] = {}
    for row in asking.rows("search-statements"):
        own.setdefault(row["statement"], []).append(row)
    for statement, rows in own.items():
        first = rows[0]
        about = dict.fromkeys(row["about"] for row in rows if row["about"])
        keywords = " ".join(label for each in about for label in names.labels.get(each, {}).values())
        facets = {name: first[name] for name in ("country", "area", "rating", "polarity") if first[name]}
        yield Entry(statement, "", first["quote"], keywords, first["passage"], {"kind": first["class"], **facets})

"""Search over names, findings, glossaries and treaties: an index (SQLite FTS5), made once for a release.

It lies in a file without a name, where temporary files lie, and not in memory: the system keeps of it what is asked
for. In memory are the facets of each entry, and the words there are.

Words are folded before they are kept and before they are sought: no case, no accents, no plural, in English and
Spanish. A word is also the beginning of a longer one; words that say nothing (*the*, *de la*) are not sought. A word
that nothing has is taken for the nearest that is there, and the answer says so. https://www.sqlite.org/fts5.html
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import itemgetter
from threading import Lock

from mem_graph.iris import PREFIXES
from mem_graph.query.asking import Asking
from mem_graph.query.folding import fold, is_known, nearest, sought
from mem_graph.query.names import Names

FACETS = ("kind", "country", "area", "rating", "criterion", "polarity")
"""By what an answer can be narrowed."""

WEIGHTS = (8.0, 4.0, 1.0)
"""What a word counts for in a name, in a text, among the words of what it is about (for bm25)."""

MEM = PREFIXES["mem"]
NAMES = ("prefLabel", "label", "title", "summaryWording")
WORDS = 12
"""Words of a question that are read."""

FORGIVEN = 4
"""Misspelt words of a question for which near ones are sought: each is compared with all the words there are."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be found: its IRI, its name, its sentence or definition, its other names, further words, its facets.

    ``spanish`` is the definition in Spanish, where there is one.

    ``about`` are the things that a statement is about; a facet may have several values, as a finding may be coded to
    several criteria. The further words are for the index alone: an entry that is found has none.
    """

    iri: str
    title: str
    text: str = ""
    aliases: tuple[str, ...] = ()
    keywords: str = ""
    passage: str = ""
    about: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    spanish: str = ""

    def first(self, facet: str) -> str:
        """The first value of a facet, empty where it has none."""
        return next(iter(self.facets.get(facet, ())), "")


@dataclass(frozen=True, slots=True)
class Found:
    """A page of an answer: its entries, how many there are in all and by each facet, and the words that were sought.

    ``words`` are folded; ``read`` are those that were read for others, as they are written; ``unread`` are those that
    nothing has and for which none were sought, as there are too many.
    """

    total: int
    entries: tuple[Entry, ...]
    facets: Mapping[str, Mapping[str, int]]
    words: tuple[str, ...]
    read: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def corrected(self) -> bool:
        """Whether a word was taken for another."""
        return bool(self.read)


_MADE = (
    "PRAGMA journal_mode = OFF",  # nobody else sees it, and it is made once
    "CREATE VIRTUAL TABLE words USING fts5(title, text, keywords, prefix='2 3 4', content='')",
    "CREATE TABLE entries(place INTEGER PRIMARY KEY, entry TEXT)",
)


class SearchIndex:
    """The index of a release; any thread may ask."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """In: what is to be found."""
        self._lock = Lock()
        self._base = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._facets: list[Mapping[str, tuple[str, ...]]] = []
        self._written: dict[str, Counter[str]] = {}
        for statement in (*_MADE, "BEGIN"):
            self._base.execute(statement)
        same: dict[tuple[tuple[str, tuple[str, ...]], ...], Mapping[str, tuple[str, ...]]] = {}
        for place, each in enumerate(entries):
            parts = (each.title, " ".join((each.text, each.spanish, *each.aliases)), each.keywords)
            self._base.execute(
                "INSERT INTO words(rowid, title, text, keywords) VALUES (?, ?, ?, ?)",
                (place, *(self._kept(part) for part in parts)),
            )
            shown = (each.iri, each.title, each.text, each.aliases, each.passage, each.about, each.spanish)
            self._base.execute("INSERT INTO entries VALUES (?, ?)", (place, json.dumps(shown)))
            self._facets.append(same.setdefault(tuple(each.facets.items()), each.facets))
        self._base.execute("COMMIT")
        self._known = {stem: sum(forms.values()) for stem, forms in self._written.items()}

    def _kept(self, text: str) -> str:
        """A text folded; how its words are written is remembered, to be shown where one is taken for another."""
        folded: list[str] = []
        for word in re.findall(r"\w+", text.casefold()):
            for stem in fold(word):
                self._written.setdefault(stem, Counter())[word] += 1
                folded.append(stem)
        return " ".join(folded)

    @classmethod
    def read(cls, asking: Asking, names: Names) -> SearchIndex:
        """The index of the release that is asked."""
        return cls(chain(_things(asking, names), _terms(asking), _statements(asking, names)))

    def find(self, question: str, chosen: Mapping[str, str], page: int = 1, size: int = 20) -> Found:
        """The entries that have all the words, the best first, narrowed to the chosen facets; a page of them."""
        asked = sought(question)[:WORDS]
        wrong = list(dict.fromkeys(word for word in asked if not is_known(word, self._known)))
        near = {word: nearest(word, self._known) for word in wrong[:FORGIVEN]}
        words = tuple(near.get(word, word) for word in asked)
        read = tuple(self._written[new].most_common(1)[0][0] for old, new in near.items() if new != old)
        facets = [(place, self._facets[place]) for place in self._ranked(words)]
        narrowed = [
            (place, own) for place, own in facets if all(value in own.get(name, ()) for name, value in chosen.items())
        ]
        counts = {
            name: dict(Counter(value for _, own in narrowed for value in own.get(name, ())).most_common())
            for name in FACETS
        }
        entries = tuple(self._entry(*each) for each in narrowed[(page - 1) * size : page * size])
        return Found(len(narrowed), entries, counts, words, read, tuple(wrong[FORGIVEN:]))

    def _ranked(self, words: Sequence[str]) -> list[int]:
        if not words:
            return []
        match = " AND ".join(f'"{word}"*' for word in words)
        ranked = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, ?, ?, ?), rowid"
        with self._lock:
            return [row[0] for row in self._base.execute(ranked, (match, *WEIGHTS))]

    def _entry(self, place: int, facets: Mapping[str, tuple[str, ...]]) -> Entry:
        with self._lock:
            (told,) = self._base.execute("SELECT entry FROM entries WHERE place = ?", (place,)).fetchone()
        iri, title, text, aliases, passage, about, spanish = json.loads(told)
        return Entry(iri, title, text, tuple(aliases), "", passage, tuple(about), facets, spanish)


def _things(asking: Asking, names: Names) -> Iterator[Entry]:
    """A thing is found by its names, its definition, the word for its class, and its number where it has one."""
    for thing, found in groupby(asking.stream("search-things"), key=itemgetter("thing")):
        by_class: dict[str, list[Mapping[str, str]]] = {}
        for row in found:
            by_class.setdefault(row["class"], []).append(row)
        yield from (_thing(thing, kind, rows, names) for kind, rows in by_class.items())


def _thing(thing: str, kind: str, rows: Sequence[Mapping[str, str]], names: Names) -> Entry:
    by_name: dict[str, list[str]] = {}
    for row in rows:
        by_name.setdefault(re.split("[#/]", row["property"])[-1], []).append(row["words"])
    titles = dict.fromkeys(words for name in NAMES for words in by_name.get(name, ()))
    definition, spanish = (_defined(rows, language) for language in ("en", "es"))
    others = dict.fromkeys(words for name in ("altLabel", "series") for words in by_name.get(name, ()))
    numbers = by_name.get("notation", []) if kind.endswith("#Recommendation") else []
    facets = _facets(rows[0], ("country", "area"), kind)
    if kind.endswith("#Criterion"):
        facets["criterion"] = (thing,)
    keywords = " ".join([*names.labels.get(kind, {}).values(), *numbers])
    aliases = tuple(each for each in others if each not in titles)
    return Entry(thing, " · ".join(titles), definition, aliases, keywords, facets=facets, spanish=spanish)


def _defined(rows: Sequence[Mapping[str, str]], language: str) -> str:
    """The definition of a thing in a language, empty where there is none."""
    found = (row["words"] for row in rows if row["property"].endswith("#definition") and row["language"] == language)
    return next(found, "")


def _terms(asking: Asking) -> Iterator[Entry]:
    for row in asking.stream("search-terms"):
        facets = _facets(row, ("country",), f"{MEM}GlossaryEntry")
        yield Entry(row["thing"], row["label"], row["definition"], passage=row["passage"], facets=facets)


def _statements(asking: Asking, names: Names) -> Iterator[Entry]:
    """A finding is found by its sentence, and by the names of its country and of what it is about in each language."""
    for statement, found in groupby(asking.stream("search-statements"), key=itemgetter("statement")):
        rows = list(found)
        first = rows[0]
        about = tuple(dict.fromkeys(row["about"] for row in rows if row["about"]))
        criteria = tuple(dict.fromkeys(row["criterion"] for row in rows if row["criterion"]))
        named = (*about, *criteria, first["country"])
        keywords = " ".join(label for each in named for label in names.labels.get(each, {}).values())
        facets = _facets(first, ("country", "area", "rating", "polarity"), first["class"])
        facets |= {"criterion": criteria} if criteria else {}
        yield Entry(statement, "", first["quote"], (), keywords, first["passage"], about, facets)


def _facets(row: Mapping[str, str], which: Sequence[str], kind: str) -> dict[str, tuple[str, ...]]:
    return {"kind": (kind,), **{name: (row[name],) for name in which if row[name]}}

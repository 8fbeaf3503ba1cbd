"""What things are called: the labels of a release in each language, read once, and which names are near a wrong one."""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from mem_graph.query.asking import Asking

DEFAULT = "en"

COMPARED = 1000
"""So many IRIs at most are compared with one that is unknown."""

FIRST = 20
"""Things of a class that are known as its first."""


@dataclass(frozen=True)
class Names:
    """The labels of a release by IRI and language, and every IRI that its data have of their own."""

    labels: Mapping[str, Mapping[str, str]]
    types: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, asking: Asking, spanish: Mapping[str, str] | None = None) -> Names:
        """In: what asks the release; names in Spanish of things whose label is in English, by IRI.

        Of several labels in one language the first by rank of its property counts.
        """
        found: dict[str, dict[str, str]] = {}
        for row in asking.terms("labels"):
            found.setdefault(row["thing"].value, {}).setdefault(row["label"].language, row["label"].value)
        for iri, name in (spanish or {}).items():
            found.setdefault(iri, {}).setdefault("es", name)
        same: dict[tuple[str, ...], tuple[str, ...]] = {}
        types: dict[str, tuple[str, ...]] = {}
        for thing, rows in groupby(asking.stream("types"), key=itemgetter("thing")):
            own = tuple(row["type"] for row in rows)
            types[thing] = same.setdefault(own, own)  # there are many things, and few kinds
        return cls(found, types)

    def of(self, iri: str, language: str) -> str:
        """The label in a language, else in English, in none, or in any; empty where there is no label."""
        labels = self.labels.get(iri, {})
        return labels.get(self.tongue(iri, language), "")

    def tongue(self, iri: str, language: str) -> str:
        """The language of the label that is shown to a reader of a language; empty where there is no label, or none."""
        labels = self.labels.get(iri, {})
        return next((each for each in (language, DEFAULT, "", *labels) if each in labels), "")

    def first(self, kind: str) -> list[str]:
        """The first things of a class, at most FIRST, in order."""
        return self._first.get(kind, [])

    @cached_property
    def _first(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for thing, types in self.types.items():
            for each in types:
                known = found.setdefault(each, [])
                if len(known) < FIRST:
                    known.append(thing)
        return found

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.types)

    def below(self, start: str) -> list[str]:
        """The things whose IRIs begin so, in order."""
        first = bisect_left(self._sorted, start)
        return self._sorted[first : bisect_left(self._sorted, start + chr(sys.maxunicode), first)]

    def _next(self, start: str) -> list[str]:
        """What stands right behind the beginning of IRIs, up to a slash: ``country``, ``institution``."""
        found: list[str] = []
        at = bisect_left(self._sorted, start)
        while at < len(self._sorted) and self._sorted[at].startswith(start):
            found.append(self._sorted[at].removeprefix(start).partition("/")[0])
            at = bisect_left(self._sorted, f"{start}{found[-1]}/{chr(sys.maxunicode)}", at + 1)
        return found

    def near(self, iri: str, base: str) -> tuple[str, ...]:
        """The things whose IRIs are like this one: part by part the same, or the one most like it, then by the last.

        Of more than a few the last parts alone are compared, so that no address takes long.
        """
        start, parts = base, iri.removeprefix(base).rstrip("/").split("/")
        for part in parts[:2] if len(parts) == 2 else parts[:-1]:
            own = self._next(start)
            alike = [part] if part in own else get_close_matches(part, own, n=1)
            if not alike:
                break
            start = f"{start}{alike[0]}/"
        own, last = self.below(start), parts[-1]
        same = [each for each in own if each.rsplit("/", 1)[-1].casefold() == last.casefold()]
        like = get_close_matches(start + last, own if len(own) <= COMPARED else own[:5], n=5, cutoff=0.6)
        return tuple(dict.fromkeys([*same, *like]))[:5]

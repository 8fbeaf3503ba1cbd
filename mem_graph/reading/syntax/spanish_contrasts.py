"""Words behind which a Spanish clause says something of its own though it hangs on another: ``aunque``, ``ya que``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from mem_graph.reading.syntax.spanish_verb_groups import Finder


def contrast(finder: Finder, start: int, end: int) -> tuple[int, int] | None:
    """*Aunque*, *ya que*, *mientras que* … before a verb: where they begin, and the subject behind them."""
    contrasts = _by_first_word(finder.lexicon.lists["contrasts"])
    for at in range(end - 1, start - 1, -1):
        if finder.low(at) in (";", "."):
            return None
        for parts in contrasts.get(finder.low(at), ()):
            if [finder.low(at + step) for step in range(len(parts))] == parts:
                first = at + len(parts)
                if parts == ["por", "lo", "que"] and finder.is_in(first + (finder.low(first) == "se"), "regarding"):
                    continue
                free = not any(finder.low(place) in ("que", ";") for place in range(first, end))
                return (at, first) if free and first <= end else None
    return None


@lru_cache(maxsize=8)
def _by_first_word(phrases: frozenset[str]) -> Mapping[str, list[list[str]]]:
    """The words of each phrase by the first of them, the longest phrase first."""
    found: dict[str, list[list[str]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        found.setdefault(phrase.split()[0], []).append(phrase.split())
    return found

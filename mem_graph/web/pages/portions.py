"""As many whole countries as a page has room for; of the others the names, how much each has, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

from mem_graph.web.views import View

T = TypeVar("T")

MOST = 80
"""Entries of several countries of which a page shows no more."""


@dataclass(frozen=True, slots=True)
class Portion(Generic[T]):
    """What is shown, by country, and of each other country its link and how many entries it has."""

    shown: Mapping[str, Sequence[T]]
    others: Sequence[tuple[str, str, int]]

    @property
    def entries(self) -> list[T]:
        """What is shown, country after country."""
        return [each for own in self.shown.values() for each in own]


def portion(view: View, iri: str, entries: Iterable[T], country_of: Callable[[T], str], most: int = MOST) -> Portion[T]:
    """The entries of a page about a thing, in the order of the names of their countries.

    In: the thing; the entries, and what says the country of one. The parameter ``country`` asks for one country alone;
    without it as many as there is room for are shown, the first one always.
    """
    by_country: dict[str, list[T]] = {}
    for each in entries:
        by_country.setdefault(country_of(each), []).append(each)
    own = {country: by_country[country] for country in sorted(by_country, key=view.name)}
    asked = [each for each in own if _code(each) == request.args.get("country")]
    chosen = asked or fitting(own, most)
    rest = [(each, _link(view, iri, each), len(own[each])) for each in own if each not in chosen]
    return Portion({each: own[each] for each in chosen}, rest)


def fitting(own: Mapping[str, Sequence[T]], most: int) -> list[str]:
    """The first countries that together have no more than so many entries; the first one always."""
    chosen: list[str] = []
    for country, entries in own.items():
        if chosen and sum(len(own[each]) for each in chosen) + len(entries) > most:
            break
        chosen.append(country)
    return chosen


def _link(view: View, iri: str, country: str) -> str:
    """The page of a thing, narrowed to a country."""
    path = view.path(iri).replace("id/", "doc/", 1)
    return view.places.page(path, country=_code(country))


def _code(country: str) -> str:
    return country.rpartition("/")[2]

"""Names in a sentence: institutions, plans, places, instruments, states; where each stands and what it names.

Known names come from the vocabulary; institutions and plans not in it are recognised by their form, a capitalised name
with a head such as *Commission* or *Strategy* (``data/rules/names.toml``), and get a key of the evaluated country.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from mem_graph.model import Sureness
from mem_graph.reading.entities.name_forms import (
    YEARS,
    Forms,
    forms,
    is_headed,
    is_made_of,
    may_be_body,
    single,
)
from mem_graph.reading.entities.name_lists import ACRONYM, Sharing, sharers, sharing
from mem_graph.reading.entities.roles import Roles, actors, alone, listed, roles, split
from mem_graph.reading.entities.treaty_names import Titles, titles, with_short_names
from mem_graph.reading.entities.treaty_names import find as find_titles
from mem_graph.reading.page.sentences import View
from mem_graph.reading.rules import Rules, expression
from mem_graph.vocabulary import State, Vocabulary

Kind = Literal["institution", "plan", "place", "instrument", "country", "description"]


@dataclass(frozen=True, slots=True)
class Named:
    """One occurrence of a name in a view. ``known`` is False where only its form says what it is."""

    kind: Kind
    key: str
    start: int
    end: int
    words: str
    acronym: str | None = None
    known: bool = True
    years: tuple[int | None, int | None] = (None, None)
    sureness: Sureness = "printed"
    rule: str = "names.table"


@dataclass(frozen=True, slots=True)
class Finder:
    """What to look for in the sentences of one report."""

    country: str
    known: Mapping[Kind, tuple[re.Pattern[str], Mapping[str, str]]]
    state: re.Pattern[str]
    forms: Forms
    sharing: Sharing
    roles: Roles
    titles: Titles
    acronyms: Mapping[str, str] = field(default_factory=dict)
    """Acronyms that this report itself gives to names not in the tables, with the key."""
    own: Mapping[str, str] = field(default_factory=dict)
    """Names not in the tables that this report itself prints, with the key."""
    others: frozenset[str] = frozenset()
    """Acronyms that this report gives to something else than a body."""
    shared: frozenset[str] = frozenset()
    """Acronyms that this report gives to more than one name."""


def finder(vocabulary: Vocabulary, rules: Rules, country: str) -> Finder:
    """Everything to look for in a report on this country (its ISO 3166 code)."""
    names = {
        "institution": [
            (name.printed, name.key) for name in vocabulary.institution_names if _is_met(name.key, country)
        ],
        "plan": [(name.printed, name.key) for name in vocabulary.plan_names if _is_met(name.key, country)],
        "place": _places(vocabulary, rules, country),
    }
    own = [name for state in vocabulary.states if state.code == country for name in state_names(state, rules)]
    known: dict[Kind, tuple[re.Pattern[str], Mapping[str, str]]] = {
        "institution": (
            _alternatives(names["institution"], rf"(?:\s*\((?P<acronym>{ACRONYM}(?: {ACRONYM})?)\))?"),
            _folded(names["institution"]),
        ),
        "plan": (_alternatives(names["plan"], f"{YEARS}?"), _folded(names["plan"])),
        "place": (_alternatives(names["place"], rf"(?:\s*\({ACRONYM}\))?"), _folded(names["place"])),
    }
    return Finder(
        country,
        known,
        _any_of(own),
        forms(rules),
        sharing(rules),
        roles(rules),
        titles(vocabulary.treaties, rules),
    )


def find(view: View, finder: Finder) -> tuple[Named, ...]:
    """Every institution, plan and place named in a sentence, and every naming of the evaluated country, in order."""
    bodies = list(_institutions(view.text, finder))
    instruments = list(_instruments(view.text, finder))
    told = ("names.role", "names.list")
    bodies = [name for name in bodies if name.rule not in told or not any(_cross(name, one) for one in instruments)]
    acting = [name for name in bodies if name.rule == "names.role"]
    taken = [
        plan
        for plan in (_without_owner(plan, bodies, finder) for plan in _plans(view.text, finder))
        if plan.rule == "names.table" or not any(_cross(plan, body) for body in acting + _around(plan, bodies))
    ]
    taken.extend(name for name in bodies if not any(_cross(name, other) for other in taken))
    taken.extend(_alone(place, taken) for place in _known(view.text, finder, "place"))
    taken.extend(instruments)
    taken.extend(
        Named("country", finder.country, *match.span(), match[0]) for match in finder.state.finditer(view.text)
    )
    return tuple(sorted(taken, key=lambda name: (name.start, -name.end)))


def _without_owner(plan: Named, bodies: Sequence[Named], finder: Finder) -> Named:
    """A plan without the body whose it is: ``National Programme against Drugs of the Ministry of Health``."""
    inner = min((body.start for body in bodies if plan.start < body.start < plan.end <= body.end), default=plan.end)
    if plan.rule == "names.table" or plan.years != (None, None) or inner == plan.end:
        return plan
    words = finder.forms.loose_end.sub("", plan.words[: inner - plan.start])
    return replace(plan, end=plan.start + len(words), words=words, key=f"{finder.country}/{slug(words)}")


def _around(plan: Named, bodies: Sequence[Named]) -> list[Named]:
    """The bodies in whose name that of a plan stands: ``Office of National Drug Control Policy``."""
    return [body for body in bodies if body.start < plan.start + body.known and body.end >= plan.end]


def _alone(place: Named, names: Sequence[Named]) -> Named:
    """A place without the acronym behind it, where that belongs to the name it stands in.

    ``… in the Upper Huallaga Valley (CORAH)``.
    """
    within = any(_cross(place, name) for name in names)
    return replace(place, end=place.start + len(place.words)) if within else place


def state_names(state: State, rules: Rules) -> tuple[str, ...]:
    """The names by which a text may call a state.

    Those of the table, without what stands in brackets, and other usages.
    """
    aliases = (alias for cue in rules.of("state") if cue.value == state.code for alias in cue.words)
    plain = (re.sub(r"\s*\(.*\)", "", name) for name in state.names)
    return tuple(dict.fromkeys((*state.names, *plain, *aliases)))


def slug(words: str) -> str:
    """A key's last part from a name: ASCII letters and digits in lower case, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", words.replace("'", "")).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def with_own(finder: Finder, found: Iterable[Named], bracketed: Iterable[str] = ()) -> Finder:
    """The finder, knowing too the names and acronyms that a report gives to bodies of its own, and to instruments.

    ``bracketed``: the acronyms that it prints in brackets; those behind no body's name are of something else.
    A name printed with its acronym once is the same body without it; an acronym given to two names is of two bodies.
    """
    found = list(found)
    printed = [name for name in found if name.kind == "institution" and not name.known]
    given: dict[str, set[str]] = {}
    for name in printed:
        if name.acronym:
            given.setdefault(name.acronym, set()).add(_fold(name.words))
    shared = frozenset(acronym for acronym, names in given.items() if len(names) > 1)
    acronym_of = {words: acronym for acronym, names in given.items() for words in names if acronym not in shared}
    own = {
        words: f"{finder.country}/{slug(acronym_of.get(words, words))}"
        for words in dict.fromkeys(_fold(name.words) for name in printed)
    }
    acronyms = {acronym: own[min(names)] for acronym, names in given.items()}
    others = frozenset(bracketed) - {name.acronym for name in found if name.kind == "institution" and name.acronym}
    given_to = ((name.key, name.acronym) for name in found if name.kind == "instrument")
    called = with_short_names(finder.titles, given_to, (*acronyms, *finder.known["institution"][1]))
    return replace(
        finder, acronyms={**acronyms, **finder.acronyms}, own=own, others=others, shared=shared, titles=called
    )


def _is_met(key: str, country: str) -> bool:
    """Whether a report on this country can mean this entry of a table: its own, or an international one."""
    return key.split("/")[0] in ("INT", country)


def _places(vocabulary: Vocabulary, rules: Rules, country: str) -> list[tuple[str, str]]:
    """Places of the table and the other states, each by every name."""
    of_table = [
        (place.name, place.key)
        for place in vocabulary.places
        if not (place.kind == "country" and place.country == country)
    ]
    listed = {key for _, key in of_table}
    states = [
        (name, f"{state.code}/{slug(state.name_en)}")
        for state in vocabulary.states
        if state.code != country
        for name in state_names(state, rules)
    ]
    return [*of_table, *(entry for entry in states if entry[1] not in listed or entry[0] not in dict(of_table))]


def _folded(names: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {_fold(name): key for name, key in names}


def _fold(words: str) -> str:
    return " ".join(words.split())


def _alternatives(names: Sequence[tuple[str, str]], after: str) -> re.Pattern[str]:
    longest_first = sorted({name for name, _ in names}, key=lambda name: (-len(name), name))
    words = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in longest_first) or r"(?!)"
    return expression(rf"(?<![\w-])(?P<name>{words})(?![\w/-]|'(?!s\b))(?:{after})")


def _any_of(names: Sequence[str]) -> re.Pattern[str]:
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:The\s+|the\s+)?(?:{words})(?!\w)")


def _known(text: str, finder: Finder, kind: Kind) -> Iterator[Named]:
    pattern, keys = finder.known[kind]
    for match in pattern.finditer(text):
        acronym = match.groupdict().get("acronym")
        yield Named(kind, keys[_fold(match["name"])], *match.span(), match["name"], acronym, years=_years(match))


def _years(match: re.Match[str]) -> tuple[int | None, int | None]:
    groups = match.groupdict()
    first, last = groups.get("from"), groups.get("to")
    return (int(first) if first else None, int(last) if last else None)


def _institutions(text: str, finder: Finder) -> Iterator[Named]:
    """Known institutions, then names of that form between them, by their part, own acronyms; then by their lists."""
    known = list(_known(text, finder, "institution"))
    known.extend(name for name in _shared(text, finder) if not any(_cross(name, other) for other in tuple(known)))
    found = [*known, *(name for name in _formed(text, finder) if not any(_cross(name, other) for other in known))]
    found.extend(name for name in _acting(text, finder) if not any(_cross(name, other) for other in tuple(found)))
    for start, end in alone(text, finder.roles):
        name = _own(text, start, end, end, None, finder, "names.role")
        if not _is_otherwise(name.words, finder) and not any(_cross(name, other) for other in found):
            found.append(name)
    if finder.acronyms:
        for match in re.finditer(rf"(?<![\w-])(?:{'|'.join(map(re.escape, finder.acronyms))})(?![\w-])", text):
            name = Named(
                "institution", finder.acronyms[match[0]], *match.span(), match[0], known=False, rule="names.acronym"
            )
            if not any(_cross(name, other) for other in found):
                found.append(name)
    yield from _listed(text, found, finder) if found else ()


def _is_otherwise(acronym: str, finder: Finder) -> bool:
    """Whether the report gives an acronym itself, or it is the plural of one that is known: ``the NGOS``."""
    known = (*finder.acronyms, *finder.others)
    return acronym in known or acronym.removesuffix("S") in (*known, *finder.known["institution"][1])


def _listed(text: str, found: Sequence[Named], finder: Finder) -> Iterator[Named]:
    """The bodies of a sentence with those that are known by their lists, each of them one."""
    bodies = sorted((name.start, name.end) for name in found)
    halves = {name: ends for name, *ends in split(text, bodies, finder.roles)}
    for name in found:
        end, start = halves.get((name.start, name.end), (0, 0))
        if name.known or not end or (name.acronym and is_made_of(name.acronym, name.words)):
            yield name
        else:
            words = name.start + len(name.words)
            yield _own(text, name.start, end, end, None, finder, "names.list")
            yield _own(text, start, words, name.end, name.acronym, finder, "names.form")
    places = list(_known(text, finder, "place"))
    for start, end in listed(text, bodies, finder.forms, finder.roles):
        name = _own(text, start, end, end, None, finder, "names.list")
        if not any(place.start <= start and end <= place.end for place in places) and not _is_state(name.words, finder):
            yield name


def _own(text: str, start: int, end: int, last: int, acronym: str | None, finder: Finder, rule: str) -> Named:
    """A body of the report's own, whose name ends at ``end``, and with its acronym at ``last``."""
    words = text[start:end]
    key = finder.own.get(_fold(words)) or f"{finder.country}/{slug(acronym or words)}"
    return Named("institution", key, start, last, words, acronym, known=False, rule=rule)


def _shared(text: str, finder: Finder) -> Iterator[Named]:
    """Bodies that share their noun, each by its whole name: ``the Ministries of Health and of Education``."""
    for start, end, words in sharers(text, finder.sharing):
        tabled = finder.known["institution"][1].get(words)
        key = tabled or finder.own.get(words) or f"{finder.country}/{slug(words)}"
        yield Named("institution", key, start, end, words, known=tabled is not None, rule="names.list")


def _acting(text: str, finder: Finder) -> Iterator[Named]:
    """Names that are a body's by their part in the sentence, none of them a place."""
    last = 0
    found = sorted(actors(text, finder.forms, finder.roles, lambda words: finder.state.fullmatch(words) is not None))
    places = list(_known(text, finder, "place")) if found else []
    for start, end, words, acronym in found:
        whole = any(place.start <= start and start + len(words) <= place.end for place in places)
        whole = whole or all(_is_state(place, finder) for place in re.split(r"\s+(?:and|y)\s+", words))
        if start >= last and not whole and words not in finder.acronyms and finder.state.fullmatch(words) is None:
            last = end
            yield _own(text, start, start + len(words), end, acronym, finder, "names.role")


def _formed(text: str, finder: Finder) -> Iterator[Named]:
    """Capitalised names with an institution's head and at least two words, cut where two are joined."""
    known = finder.forms
    for match in known.institution.finditer(text):
        for start, end in single(match["name"], match["acronym"], known, lambda words: _may_own(words, finder)):
            words = match["name"][start:end]
            first = match.start("name") + start
            acronym = match["acronym"] if end == len(match["name"]) else None
            if is_headed(words, known) and len(words.split()) > 1 and may_be_body(text, first, words, acronym, known):
                last = match.end() if acronym else first + len(words)
                yield _own(text, first, first + len(words), last, acronym, finder, "names.form")
            elif text.startswith("'s ", first + len(words)) and _is_of_state(words, finder):
                yield _own(text, first, first + len(words), first + len(words), None, finder, "names.role")


def _may_own(words: str, finder: Finder) -> bool:
    return _is_state(words, finder) or _is_of_state(words, finder)


def _is_of_state(words: str, finder: Finder) -> bool:
    """Whether a name ends with that of a state, with no small word before it: ``Health Canada's Office``."""
    *before, last = words.split()
    return bool(before) and before[-1][0].isupper() and _is_state(last, finder) and not _is_state(words, finder)


def _is_state(words: str, finder: Finder) -> bool:
    """Whether words name a state, to which a body can belong: ``Jamaica's National Council``."""
    return finder.state.fullmatch(words) is not None or finder.known["place"][0].fullmatch(words) is not None


def _plans(text: str, finder: Finder) -> Iterator[Named]:
    """Known plans, then names of that form that print their years or hold at least three capitalised words."""
    known = list(_known(text, finder, "plan"))
    yield from known
    for match in finder.forms.plan.finditer(text):
        words = finder.forms.plan_openers.sub("", match["name"])
        start = match.end("name") - len(words)
        name = Named(
            "plan",
            f"{finder.country}/{slug(text[start : match.end()])}",
            start,
            match.end(),
            words,
            known=False,
            years=_years(match),
            rule="names.form",
        )
        capitals = sum(word[0].isupper() for word in words.split())
        if (capitals > 2 or (capitals > 1 and match["from"])) and not any(_cross(name, other) for other in known):
            yield name


def _instruments(text: str, finder: Finder) -> Iterator[Named]:
    for title in find_titles(text, finder.titles):
        words = text[title.start : title.end]
        yield Named(
            "instrument",
            title.key,
            title.start,
            title.end,
            words,
            title.short,
            sureness=title.sureness,
            rule=title.rule,
        )


def _cross(one: Named, other: Named) -> bool:
    return one.start < other.end and other.start < one.end

"""Bodies known by their part in a sentence, whose names have no head: ``Remar Belize takes in women``.

A capitalised name is a body's where it is said to do what bodies do, or where something is run by it. The words that
say so are data, as is what is no body whatever it is said to do: persons, documents, places, operations
(``data/rules/*/names.toml``). A name that ends with the country's own is a body's, too: ``Statistics Canada``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from mem_graph.reading.entities.name_forms import ACRONYM, CAPITALISED, Forms, is_made_of, single
from mem_graph.reading.rules import Rules

_ONE = r"(?:(?:La|Los|Las|El|San|Santa|Santo|Puerto|New|Saint|St\.|Port) )?\w+"
_TWO_WORDS = re.compile(rf"{_ONE} (?:and|y) {_ONE}")
"""Two words alone, which are places, or other names: ``Quebec and Ontario keep``, ``Santiago y La Vega ofrecen``."""


@dataclass(frozen=True, slots=True)
class Roles:
    """The expressions by which bodies are known by their part in a sentence, in one language."""

    acting: re.Pattern[str]
    """A name with a verb behind it."""
    agent: re.Pattern[str]
    """A name behind words that say by whom something is done."""
    belonging: re.Pattern[str]
    """A name behind which stands that it is a part of something."""
    before: re.Pattern[str]
    """Words before a name that say that it is none: ``the programme Life Skills``."""
    none: re.Pattern[str]
    """What no body is called."""
    no_ends: re.Pattern[str]
    """With what no body's name ends that is not the agent of something."""


@lru_cache(maxsize=8)
def roles(rules: Rules) -> Roles:
    """The expressions for the language of the rules."""
    joints, verbs, openers, belonging = (
        "|".join(rules.words(key)) for key in ("name_joints", "acting_verbs", "agent_openers", "belonging_verbs")
    )
    name = rf"(?P<name>{CAPITALISED}(?:\s+(?:(?:{joints})\s+){{0,2}}{CAPITALISED}){{0,6}})"
    acronym = rf"(?:\s*\((?P<acronym>{ACRONYM})\))?"
    adverb = r"(?:also|now|already|likewise|itself|también|además|ya|\w+ly|\w+mente)"
    starts, plans, bodiless = (
        "|".join(rules.words(key)) for key in ("no_actor_starts", "plan_heads", "no_body_starts")
    )
    reduced = "|".join(rules.words("behind_participles"))
    ends = "|".join((*rules.words("no_actor_ends"), *rules.words("no_body_ends"), *rules.words("plan_heads")))
    return Roles(
        re.compile(rf"(?<![\w'-]){name}{acronym},?\s+(?:{adverb}\s+)?(?:{verbs})(?!\w|\s+(?:{reduced})\b)"),
        re.compile(rf"(?<!\w)(?:{openers})\s+{name}(?![\w-]){acronym}"),
        re.compile(rf"(?<![\w'-]){name}{acronym},?\s+(?:{belonging})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{'|'.join(rules.words('no_actor_openers'))})\s+[\"“«]?$", re.IGNORECASE),
        re.compile(
            rf"^(?:{starts}|{bodiless})(?!\w)" if not rules.words("heads_first") else rf"^(?:{starts}|{plans})(?!\w)"
        ),
        re.compile(rf"(?<!\w)(?:{ends})$"),
    )


def actors(
    text: str, known: Forms, parts: Roles, is_country: Callable[[str], bool]
) -> Iterator[tuple[int, int, str, str | None]]:
    """Where the names of bodies stand that are known by their part alone: beginning, end, the name, its acronym.

    ``is_country``: whether words are a name of the evaluated country.
    """
    for agent, pattern in ((False, parts.acting), (True, parts.agent), (True, parts.belonging)):
        for match in pattern.finditer(text):
            start, end = _extent(text, match, agent, known, is_country)
            words = text[start:end]
            if parts.before.search(text[:start]) is None and _may_act(words, match["acronym"], agent, parts):
                closed = end == match.end("name")
                yield start, _end(match) if closed else end, words, match["acronym"] if closed else None
    for match in known.institution.finditer(text):
        start = _behind_and(text, _begins(text, match, known), match.end("name"), is_country)
        words = text[start : match.end("name")]
        if _is_of_country(text, start, words, is_country) and not parts.none.search(words):
            yield start, _end(match), words, match["acronym"]


def _begins(text: str, match: re.Match[str], known: Forms) -> int:
    """Where a name begins behind capitalised words that open the sentence."""
    start = match.start("name")
    while (opener := known.openers.match(text, start, match.end("name"))) is not None:
        start = opener.end()
    return start


def _behind_and(text: str, start: int, end: int, is_country: Callable[[str], bool]) -> int:
    """Where the second of two names begins, the first of which is closed: ``CCSA and Health Canada``."""
    for joint in reversed(list(re.finditer(r"\s+(?:and|y)\s+", text[start:end]))):
        last = text[start : start + joint.start()].split()[-1]
        if (len(last) > 1 and last.isupper()) or is_country(last):
            return start + joint.end()
    return start


def _extent(
    text: str, match: re.Match[str], agent: bool, known: Forms, is_country: Callable[[str], bool]
) -> tuple[int, int]:
    """The one name of a run of capitalised words that the words beside it speak of: the last before a verb."""
    first = match.start("name")
    names = list(single(match["name"], match["acronym"], known, is_country))
    start, end = names[0] if agent else names[-1]
    return max(first + start, _begins(text, match, known)), first + end


def _end(match: re.Match[str]) -> int:
    return match.end("acronym") + 1 if match["acronym"] else match.end("name")


def _may_act(words: str, acronym: str | None, agent: bool, parts: Roles) -> bool:
    """Whether a name may be a body's: two capitals at least, or one that its acronym is made of."""
    capitals = sum(word[0].isupper() for word in words.split())
    two_places = not agent and acronym is None and _TWO_WORDS.fullmatch(words) is not None
    if capitals < 2 or words.isupper() or two_places or parts.none.search(words):
        return False
    ends = parts.no_ends.search(words)
    return ends is None or (agent and acronym is not None and is_made_of(acronym, words))


def _is_of_country(text: str, start: int, words: str, is_country: Callable[[str], bool]) -> bool:
    """Whether a name ends with the country's own, with no small word before that: ``Health Canada``."""
    *before, last = words.split()
    first = not text[:start].strip() or text[:start].rstrip()[-1] in ".;:"
    enough = 2 if first else 1
    return len(before) >= enough and before[-1][0].isupper() and is_country(last)

"""Names that are lists, and lists of names that share their noun: ``Ministry of Trade, Land and Housing``.

Which words are heads, joints and regions is data (``data/rules/*/names.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from mem_graph.reading.rules import Rules

CAPITALISED = (
    r"(?:(?:St|Ste|Mt|U\.S|U\.K|Drs?|Dra|Gral|Mons|Prof|Lic|Sto|Sta|Ntra|Hno)\.|(?:[A-Z]\.){1,3}(?=\s[A-Z])"
    r"|[A-ZÁÉÍÓÚÑÀÂÃÇÈÊÎÔÕ][\w'-]*)"
)
ACRONYM = r"[A-ZÁÉÍÓÚÑ][\w&/-]*[A-ZÁÉÍÓÚÑ][\w&/-]*"


def listed(heads: str, rules: Rules) -> Iterator[str]:
    """Names that are lists: ``Ministry of Agriculture, Land and Fisheries``, ``Chemistry, Food and Drugs Division``."""
    either = "|".join(rules.words("plain_heads")) or "(?!)"
    plain = rf"(?!(?:The|(?!(?:{either})(?!\w))(?:{heads}))(?!\w)){CAPITALISED}"
    words = _row(plain)
    opener = rf"(?!(?:{'|'.join(rules.words('name_openers'))})(?!\w))"
    lead = rf"(?:{plain}\s+)*" if rules.words("heads_first") else ""
    joint = "|".join(rules.words("joints_and"))
    of = "|".join((*rules.words("joints_of"), *rules.words("joints_for")))
    lists = "|".join(rules.words("list_heads"))
    article = rf"(?:(?:{'|'.join(rules.words('name_articles'))})\s+)?"
    general = "|".join(rules.words("general_words")) or "(?!)"
    matters = "|".join(rules.words("matters_with_article")) or "(?!)"
    before = rf"(?:(?:{'|'.join(rules.words('name_articles'))})\s+(?=(?:{matters})(?!\w)))?"
    inner = rf"(?:{plain}(?:\s+{plain}){{0,3}}\s+(?:{of})\s+{article})?"
    yield (
        rf"(?:(?:{general})\s+)*(?:{lists})(?:\s+(?:{general}))*\s+{lead}(?:{of})\s+{article}{inner}{words}(?:,\s+{before}{words}){{1,3}},?\s+(?:{joint})\s+"
        rf"{article}{words}(?!\s+(?:{heads})(?!\w))(?:\s+(?:{of})\s+{article}{words}(?:\s+(?:{joint})\s+{words})?){{0,2}}"
    )
    yield _listed_behind(plain, heads, rules)
    yield _of_regions(plain, heads, rules)
    if not rules.words("heads_first"):
        first = rf"{opener}{plain}(?:\s+{plain})?"
        yield rf"{first}(?:,\s+{plain}){{1,2}},?\s+(?:{joint})\s+{words}\s+(?:{heads})(?!\w)"


def _row(word: str, between: str = "") -> str:
    """Words in a row behind a blank, with what may stand between two; a word is written once, for it is long."""
    return rf"(?:(?:(?<=\s)|\s+{between}){word})+"


def _listed_behind(plain: str, heads: str, rules: Rules) -> str:
    """A list behind any head, closed by the acronym of the whole: ``Institute for Alcoholism, Drugs and … (IADD)``."""
    joints, joint = ("|".join(rules.words(key)) for key in ("name_joints", "joints_and"))
    article = rf"(?:(?:{'|'.join(rules.words('name_articles'))})\s+)?"
    other = rf"(?:(?:{'|'.join(rules.words('others_of_lists'))})\s+)?"
    item = article + _row(plain, rf"(?:(?:{joints})\s+)*")
    lead = "" if rules.words("heads_first") else rf"(?:{plain}\s+)*"
    return (
        rf"{lead}(?:{heads})(?:\s+{plain})*(?:\s+(?:{joints}))+\s+{item}(?:,\s+{item}){{1,4}},?\s+(?:{joint})\s+{other}{item}"
        rf"(?=\s*\({ACRONYM}\))"
    )


def _of_regions(plain: str, heads: str, rules: Rules) -> str:
    """A name that ends with a list of regions: ``Commission of … of Central America, Mexico and the Caribbean``."""
    of = "|".join((*rules.words("joints_of"), *rules.words("joints_for")))
    joint, region = "|".join(rules.words("joints_and")), "|".join(rules.words("regions"))
    lead = "" if rules.words("heads_first") else rf"(?:{plain}\s+)*"
    inner = rf"(?:\s+(?:(?:{of})\s+|(?:{joint})\s+(?!(?:{heads})(?!\w)))?{CAPITALISED})*"
    several = rf"(?:{region})(?:,\s+(?:{region}))*,?\s+(?:{joint})\s+(?:{region})(?![\w-])"
    return rf"{lead}(?:{heads}){inner}\s+(?:{of})\s+{several}"


@dataclass(frozen=True, slots=True)
class Sharing:
    """Bodies that share one noun in the plural, and the noun in the singular."""

    bodies: re.Pattern[str]
    singular: Mapping[str, str]
    """The noun of one body, by that of several."""
    parting: re.Pattern[str]
    """What stands between two of them, the small word said again."""
    joint: re.Pattern[str]
    """What stands between two of them, the small word said once."""
    of: str
    """The small word, where it is not said again."""


@lru_cache(maxsize=8)
def sharing(rules: Rules) -> Sharing:
    """``the Ministries of Health and of Education``: how several bodies share their noun, in one language."""
    singular = dict(line.split(" ", 1) for line in rules.words("shared_heads"))
    of, joint = "|".join(rules.words("joints_of")), "|".join(rules.words("joints_and"))
    word = rf"(?:{CAPITALISED})(?:\s+{CAPITALISED})*"
    matters, articles = "|".join(rules.words("matters_with_article")) or "(?!)", "|".join(rules.words("name_articles"))
    item = rf"(?:(?:{of})\s+)?(?:(?:{articles})\s+(?=(?:{matters})(?!\w)))?{word}"
    listed = rf"{item}(?:,\s+{item})*,?\s+(?:{joint})\s+{item}(?:,?\s+(?:{joint})\s+(?:{of})\s+{word})?"
    return Sharing(
        re.compile(rf"(?<![\w-])(?P<head>{'|'.join(singular) or '(?!)'})\s+(?P<of>{of})\s+(?P<list>{listed})"),
        singular,
        re.compile(rf"(?:,|,?\s+(?:{joint}))\s+(?P<of>{of})\s+"),
        re.compile(rf"(?:,|,?\s+(?:{joint}))\s+"),
        min(rules.words("joints_of"), key=len),
    )


def sharers(text: str, shared: Sharing) -> Iterator[tuple[int, int, str]]:
    """Where each of several bodies stands that share their noun, and its whole name: beginning, end, name."""
    for match in shared.bodies.finditer(text):
        first, last = match.span("list")
        parts = [*shared.parting.finditer(text, first, last)] or [*shared.joint.finditer(text, first, last)]
        starts, ends = [first, *(part.end() for part in parts)], [*(part.start() for part in parts), last]
        for start, end, part in zip(starts, ends, [None, *parts], strict=True):
            of = match["of"] if part is None else part.groupdict().get("of") or shared.of
            name = f"{shared.singular[match['head']]} {of} {text[start:end]}"
            yield (match.start() if start == first else start), end, name

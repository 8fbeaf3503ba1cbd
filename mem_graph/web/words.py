"""The words of the interface: a table with a row for each, in English and Spanish; and which language a client reads.

The text of reports is not in it: that stays as printed. RFC 4647, section 3.4 (lookup); RFC 9110, section 12.5.4.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from mem_graph import resources
from mem_graph.treaties import words as treaties
from mem_graph.wording import LANGUAGES, words_in

TABLE = Path(__file__).with_name("words.csv")


@cache
def words(language: str) -> Mapping[str, str]:
    """The words of a language by their keys; those of treaties among them."""
    return {**treaties.words(language), **words_in(TABLE, language)}


def borrowed(language: str) -> Mapping[str, str]:
    """What terms of other vocabularies are called on pages, by their short forms: *dcterms:title*."""
    return words_in(TABLE.with_name("borrowed.csv"), language, key="term")


@cache
def asked(language: str) -> Mapping[str, str]:
    """What our own queries ask, by their names, where the language is not the one that they are written in."""
    with (resources.queries() / "spanish.csv").open(encoding="utf-8", newline="") as lines:
        return {row["query"]: row[language] for row in csv.DictReader(lines) if language in row}


def preferred(header: str) -> str:
    """The language of ours that an ``Accept-Language`` header prefers.

    >>> preferred("es-PE,es;q=0.9,en;q=0.8"), preferred("fr, en;q=0.1"), preferred("es;q=0, *"), preferred("")
    ('es', 'en', 'en', 'en')
    """
    return _preferred(header[:500])


@lru_cache(maxsize=256)  # clients say one of few
def _preferred(header: str) -> str:
    best, chosen = 0.0, LANGUAGES[0]
    for member in header.lower().split(","):
        tag, _, weight = member.partition(";")
        found = re.fullmatch(r"\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*", weight)
        quality = float(found[1]) if found else 0.0 if weight.strip() else 1.0
        language = tag.strip().partition("-")[0]
        if language in LANGUAGES and quality > best:
            best, chosen = quality, language
    return chosen

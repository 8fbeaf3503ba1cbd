"""What things without a label are called, by the keys of their IRIs: acts, standings, results of audits, places.

>>> in_words("ratification-1999-06"), in_words("signatory"), in_words("1")
(('ratification', '1999-06'), ('signatory', ''), ('', '1'))
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from mem_graph.iris import ONTOLOGY, PREFIXES, SHAPES, Iris, Minted
from mem_graph.wording import LANGUAGES

RECORD = ("act", "standing", "listing", "participation", "unilateral-statement")
"""What the treaty record has of one state under one treaty: its keys begin with the treaty and the state."""

ORG = PREFIXES["org"]

Name = Callable[[str], str]


def in_words(key: str) -> tuple[str, str]:
    """The word and the day, or number, that a key of the record is made of."""
    found = re.fullmatch(r"([a-z]*)-?(.*)", key)
    return (found[1], found[2]) if found else ("", key)


def of_record(minted: Minted, iris: Iris, name: Name, words: Mapping[str, str]) -> str:
    """A fact of the record: *Argentina, CIFTA: ratification, 2001-10-09*.

    In: the kind and keys of its IRI; the IRIs of the release; what things are called, and the words of the interface.
    """
    treaty, country, *rest = minted.keys
    place = f"{name(iris.country(country))}, {name(iris.instrument(treaty))}"
    word, day = in_words(rest[0]) if rest else ("", "")
    kind = words.get(f"kind.{minted.kind}", minted.kind)
    if minted.kind == "act":
        kind = name(f"{ONTOLOGY}#{word.capitalize()}")
    elif word:
        kind = words.get(f"standing.{word}", word)
    return f"{place}: {kind[:1].lower()}{kind[1:]}{', ' if word and day else ' ' if day else ''}{day}"


def of_audit(minted: Minted, name: Name) -> str:
    """A result of an audit: *A body under two names (Peru, Sixth Evaluation Round: PER-pnp)*.

    In: the kind and keys of its IRI; what the report and the audit are called.
    """
    report, audit, result = minted.keys
    return f"{name(f'{SHAPES}#audit-{audit}')} ({name(report)}: {result})"


def of_derivation(minted: Minted, iris: Iris, name: Name) -> str:
    """A derivation by its triple: *Peru, Sixth Evaluation Round · finds not met · Selective prevention*."""
    predicate, subject, target = minted.keys
    space = ORG if predicate == "subOrganizationOf" else f"{ONTOLOGY}#"
    return " · ".join(map(name, (f"{iris.base}id/{subject}", f"{space}{predicate}", f"{iris.base}id/{target}")))


def of_article(minted: Minted, iris: Iris, name: Name, words: Mapping[str, str]) -> str:
    """A part of an instrument: *1988 Vienna Convention, article 3*; of a standard its number alone."""
    key, number = minted.keys
    if minted.kind == "section":
        return f"{name(iris.instrument(key, standard=True))}, {number}"
    return f"{name(iris.instrument(key))}, {words['place.article'].format(number=number)}"


def characters(minted: Minted, words: Mapping[str, str]) -> str:
    """Which words of a sentence are meant, by the last key of their passage: *, characters 31 to 60*; else nothing."""
    found = re.fullmatch(r"(\d+)-(\d+)", minted.keys[-1]) if minted.kind.startswith("words") else None
    return f", {words['place.characters'].format(first=found[1], last=found[2])}" if found else ""


def place(where: str, local: str, within: bool, words: Mapping[str, str]) -> str:
    """A place in a report in words: *recommendation 24, sentence 3*; within its chapter *sentence 3*."""
    found = re.fullmatch(r"s(\d+[a-z]*)", local)
    sentence = words["place.sentence"].format(number=found[1]) if found else ""
    if within and sentence:
        return sentence
    chapter = words["place.recommendation"].format(number=where)
    part = chapter if where.isdigit() else words.get(f"place.{where}", where)
    return f"{part}, {sentence}" if sentence else part


def spoken(minted: Minted) -> str:
    """The language of what stands in an edition, by the keys of its IRI; English where they have none.

    >>> spoken(Minted("passage", ("GTM-R6", "5", "es", "1", "s2"))), spoken(Minted("term", ("PER-R6", "en", "1", "t9")))
    ('es', 'en')
    """
    return next((key for key in minted.keys[1:3] if re.fullmatch("[a-z]{2}", key)), LANGUAGES[0])


YEAR = r"(mid-|mediados de )?(\d{4})"


def period(printed: str, words: Mapping[str, str]) -> str:
    """A period from year to year in words, whichever language it is printed in; another one as printed.

    >>> period("desde 2013 hasta mediados de 2014", {"period": "{first} to {last}", "period.middle": "mid-{year}"})
    '2013 to mid-2014'
    """
    found = re.fullmatch(rf"(?:from |desde |de )?{YEAR}(?: ?(?:to|and|hasta|a|y|-|–) ?){YEAR}", printed, re.IGNORECASE)
    if found is None:
        return printed
    years = (found.group(1, 2), found.group(3, 4))
    first, last = (words["period.middle"].format(year=year) if middle else year for middle, year in years)
    return words["period"].format(first=first, last=last)


def letter(statement: str) -> str:
    """Which sentence and which statement of it: *3a*; or what else its IRI ends in.

    >>> letter("https://example.org/id/finding/PER-R6/5/en/1/s2a"), letter("id/identity/PER-R6/frame/en/1/year")
    ('2a', 'year')
    """
    last = statement.rpartition("/")[2]
    return last[1:] if re.fullmatch(r"s\d+[a-z]+", last) else last

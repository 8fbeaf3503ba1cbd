"""Things that are counted, by the noun right behind a number: those of the tables, and any other plural.

No table can hold all that thirty-four countries count (decision 31). A noun phrase that none knows is the subject as
printed, its head the unit: ``12 export permits``. What is never a figure (articles, years, plans) is data.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mem_graph.reading.rules import Cue, Rules, compiled, pattern

PERSONS = "persons"


def is_counted(behind: str, rules: Rules) -> tuple[str, str, int] | None:
    """What is counted, by the noun right behind a number, the unit in which that is, and where it ends."""
    known, phrase = _counted_noun(rules).match(behind), open_noun(behind, rules)
    if phrase and " " in phrase["phrase"] and _never_counted(rules).fullmatch(phrase["phrase"]):
        return None
    cue = _cue(known["noun"], rules) if known else None
    if known is None or cue is None:
        return None if phrase is None else _unlisted(phrase, rules)
    wider = phrase is not None and (phrase.end("head") == phrase.end("phrase") or cue.marks.get("general"))
    if phrase is not None and wider and phrase.end() > known.end("noun"):
        longer = _unlisted(phrase, rules)
        if longer is not None:
            return longer
    unit = str(cue.marks["unit"])
    if (second := _second_noun(behind, known.end("noun"), unit, rules)) is not None:
        return f"{cue.value} and {second[0]}", unit, second[1]
    printed = _subject(known["of"], rules) if cue.marks.get("general") else ""
    if printed:
        return f"{printed} {_lower(known['noun'])}", unit, known.end("noun")
    return cue.value, unit, known.end("noun")


def _second_noun(behind: str, end: int, unit: str, rules: Rules) -> tuple[str, int] | None:
    """A second noun of the tables that shares the number of the first: ``twelve magistrates and prosecutors``."""
    joined = _joined_noun(rules).match(behind, end)
    cue = _cue(joined["noun"], rules) if joined else None
    if joined is None or cue is None or cue.marks.get("made_by") or not cue.marks["unit"] == unit == PERSONS:
        return None  # "12 personas y condenadas 8": those are counted for themselves
    return cue.value, joined.end()


def open_noun(behind: str, rules: Rules) -> re.Match[str] | None:
    """The noun phrase right behind a number, by its form alone."""
    return _open_noun(rules).match(behind)


def open_substance(behind: str, rules: Rules) -> tuple[str, int] | None:
    """What no table has behind a unit of measure, as printed, and where it ends: ``kg of sodium hydroxide``."""
    phrase = _open_substance(rules).match(behind)
    if phrase is None or compiled(rules.words("no_open_substances")).search(phrase["phrase"]):
        return None
    subject = _subject(phrase["phrase"], rules)
    return (subject, phrase.end()) if subject else None


def _unlisted(phrase: re.Match[str], rules: Rules) -> tuple[str, str, int] | None:
    """A noun phrase as what is counted; None where it is one that never is."""
    if compiled(rules.words("no_open_nouns")).search(phrase["phrase"]):
        return None
    head = phrase["head"]
    if any(pattern(cue).search(head) for cue in rules.of("unit")) or any(
        pattern(cue).search(phrase["phrase"]) for cue in rules.of("subject")
    ):
        return None
    subject = _subject(phrase["phrase"], rules) or _lower(head)
    known = _cue(head, rules)
    person = compiled(rules.words("persons_by_form")).fullmatch(head) is not None
    second = None if known else _second_noun(phrase.string, phrase.end(), PERSONS, rules)
    if second is not None:
        return f"{subject} and {second[0]}", PERSONS, second[1]
    return subject, str(known.marks["unit"]) if known else PERSONS if person else _lower(head), phrase.end()


@lru_cache(maxsize=8)
def listed(rules: Rules) -> frozenset[str]:
    """All subjects that the tables have."""
    counted = (value for cue in rules.of("counted") for value in (cue.value, str(cue.marks["unit"])))
    return frozenset((*counted, *(cue.value for cue in rules.of("subject")), *(cue.value for cue in rules.of("unit"))))


@lru_cache(maxsize=8)
def _never_counted(rules: Rules) -> re.Pattern[str]:
    return re.compile("|".join(rules.words("no_open_nouns")) or "(?!)", re.IGNORECASE)


def _cue(noun: str, rules: Rules) -> Cue | None:
    return next((cue for cue in rules.of("counted") if pattern(cue).fullmatch(noun)), None)


def _subject(words: str, rules: Rules) -> str:
    """Words of a subject without those that only say which ones, or how: ``new``, ``illegal``."""
    kept = compiled(rules.words("open_qualifiers")).sub("", words)
    return " ".join(_lower(word) for word in kept.split())


def _lower(word: str) -> str:
    """A word in small letters, unless it is an abbreviation."""
    return word if word[1:] != word[1:].lower() else word.lower()


@lru_cache(maxsize=8)
def _open_noun(rules: Rules) -> re.Pattern[str]:
    """Any noun phrase that may be counted, as ``open_nouns`` gives its form and ``open_ends`` what stands behind it."""
    return _open_phrase("open_nouns", rules)


@lru_cache(maxsize=8)
def _open_substance(rules: Rules) -> re.Pattern[str]:
    """Any noun phrase that may be measured: ``open_substances`` gives its form."""
    return _open_phrase("open_substances", rules)


def _open_phrase(forms: str, rules: Rules) -> re.Pattern[str]:
    ends = "|".join(rules.words("open_ends"))
    ways = "|".join(way.replace("<word>", plain_word(rules)) for way in rules.words(forms)) or "(?!)"
    return re.compile(rf"\s(?P<phrase>{ways})(?=\s?[,;:.)(]|\s?$|\s(?:{ends})(?!\w))")


@lru_cache(maxsize=8)
def _counted_noun(rules: Rules) -> re.Pattern[str]:
    """A noun of the tables, with what it is called by before it."""
    joints, no = "|".join(rules.words("counted_joints")), "|".join(rules.words("no_words"))
    lead = rf"\s*(?:(?:{joints}) )?(?:(?:{no}) )?"
    called = rf"(?P<of>(?:{plain_word(rules)} ){{0,3}}?)"
    return re.compile(rf"{lead}{called}(?P<noun>{counted_nouns(rules)})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=8)
def _joined_noun(rules: Rules) -> re.Pattern[str]:
    return re.compile(
        rf" (?:{'|'.join(rules.words('list_joints'))}) (?P<noun>{counted_nouns(rules)})(?!\w)", re.IGNORECASE
    )


@lru_cache(maxsize=8)
def counted_nouns(rules: Rules) -> str:
    """All nouns of the tables that are counted, the longest first."""
    return "|".join(sorted((word for cue in rules.of("counted") for word in cue.words), key=len, reverse=True))


@lru_cache(maxsize=8)
def plain_word(rules: Rules) -> str:
    """A word that may stand between a number and its noun: no preposition, no verb, no conjunction."""
    return rf"(?!(?:{'|'.join(rules.words('no_adjectives'))}) )[^\W\d_][\w'-]*"

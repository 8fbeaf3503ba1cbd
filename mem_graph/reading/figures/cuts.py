"""Where the parts of a sentence with figures begin: at a semicolon, a comparison, a time or a clause of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from mem_graph.reading.figures.numbers import YEAR, numbers_in
from mem_graph.reading.figures.years import When
from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.syntax import inflection
from mem_graph.reading.syntax.events import Event


def starts(text: str, met: Sequence[When], found_events: Sequence[Event], rules: Rules) -> list[int]:
    """Where the parts of a sentence begin."""
    joints = [match.start() for match in compiled(rules.words("part_joints")).finditer(text)]
    signs = [match.end() for match in re.finditer(";", text)]
    ands, actors = ("|".join(rules.words(key)) or "(?!)" for key in ("list_joints", "actors"))
    joined = re.compile(rf"(?:,? (?:{ands}) (?=\d)|, (?:{ands}) (?=(?:{actors}) ))")
    signs += [match.end() - len(match["of"]) for match in _wholes(rules).finditer(text)]
    compared = list(compiled(rules.words("comparisons")).finditer(text))
    behind = (joined.search(text, match.end()) for match in compared)
    goes_on = re.compile(rf",? (?:{'|'.join(rules.words('list_joints'))}) $")
    verbs = (event.start for event in found_events if event.form in ("active", "either"))
    signs += [at for at in verbs if compared and at > compared[0].end() and goes_on.search(text[:at])]
    signs += [match.start() for match in behind if match and _has_time(text, match.start(), met)]
    opening = [when.start for when in met if _opens(text, when, rules) and not _is_aside(text, when, found_events)]
    relative = compiled(rules.words("year_relatives")).finditer(text)
    opening += [match.start() for match in relative if before(text, met, match.start(), rules)]
    own = (*_relatives(text, met, found_events, rules), *_clauses(text, met, rules))
    return sorted({0, *joints, *signs, *opening, *own})


@lru_cache(maxsize=8)
def _wholes(rules: Rules) -> re.Pattern[str]:
    """Where a clause begins with another whole: ``Of 24 received in 2012 it answered 21, and of 22 received …``."""
    joints, of = ("|".join(rules.words(key)) for key in ("list_joints", "of"))
    return re.compile(rf", (?:{joints}) (?P<of>(?:{of}) (?:the )?\d)")


def _clauses(text: str, met: Sequence[When], rules: Rules) -> Iterator[int]:
    """Where another clause begins that has a verb before its time, if the one before has a time, too.

    ``En 2013 se encuestó a 340 alumnos, y el hospital terminó en 2012 un estudio``.
    """
    for joined in re.finditer(rf", (?:{'|'.join(rules.words('clause_joints')) or '(?!)'}) ", text):
        when = next((one for one in met if one.start >= joined.end()), None)
        if when is None or not any(one.end <= joined.start() for one in met):
            continue
        words = text[joined.end() : when.start]
        if not re.search(r"[,;:\d]", words) and any(_is_finite(word, rules) for word in words.split()[1:]):
            yield joined.start()


def _is_finite(word: str, rules: Rules) -> bool:
    """Whether a word is a finite verb, also one that no table has."""
    return word in inflection.finite_verbs(rules) or compiled(rules.words("past_forms")).fullmatch(word) is not None


def _relatives(text: str, met: Sequence[When], found_events: Sequence[Event], rules: Rules) -> Iterator[int]:
    """Where clauses set off by commas begin and end, where these or what is around them have several times.

    ``The fund, which had sold 12 cars in 2012, sold 15 the next year``; ``la encuesta de 2012, en la que se encuestó
    a 840 alumnos, se publicó en 2013``.
    """
    for opened in _openings(text, rules):
        words = re.finditer(r", (?:\w{1,3} )?(?P<word>\w+)", text[opened.end() :])
        closed = next((opened.end() + one.start() for one in words if _is_finite(one["word"], rules)), len(text))
        inside = [when for when in met if opened.end() <= when.start < closed]
        around = [when for when in met if when.end <= opened.start() or when.start >= closed]
        done = any(opened.end() <= event.start < closed for event in found_events)
        if not done and _counts(text[opened.end() : closed], rules):
            continue  # "las incautaciones, que en 2012 sumaron 1.200 kg, bajaron"
        split = {when.start >= closed for when in around} == {True, False}
        if inside and around:
            yield opened.start()
        if closed < len(text) and (split or (inside and around)):
            yield closed


def _openings(text: str, rules: Rules) -> Iterator[re.Match[str]]:
    """What opens a clause set off by commas: a relative, or a participle said of what is not counted."""
    relatives, participles = ("|".join(rules.words(key)) or "(?!)" for key in ("relatives_apart", "participles_apart"))
    for opened in re.finditer(rf", (?:(?:{relatives})|(?P<said>{participles})) ", text):
        if opened["said"] is None or not _counts(re.split(r"[,;]", text[: opened.start()])[-1], rules):
            yield opened


def _is_aside(text: str, when: When, met: Sequence[Event]) -> bool:
    """Whether commas set a time off between a verb and its object: ``se capacitó, en 2013, a 4.610 agentes``."""
    verb = len(text[: when.start].rstrip(" ,"))
    return text[when.end : when.end + 1] == "," and any(
        event.end == verb and event.form in ("active", "either") for event in met
    )


def before(text: str, met: Sequence[When], at: int, rules: Rules) -> list[When]:
    """The times before a clause that hangs on the last of them: ``in 2013, the year in which``; ``in 2013, when``."""
    opened = compiled(rules.words("year_relatives")).match(text, at)
    before = [when for when in met if when.end <= at]
    right = bool(before) and not text[before[-1].end : at].strip(" ,")
    return before if opened and (right or ("year" in opened.groupdict() and opened["year"])) else []


def _has_time(text: str, at: int, met: Sequence[When]) -> bool:
    """Whether a time ends right before a place: ``compared with 63,762 in 2011, and 298 …``."""
    return any(when.end <= at and not text[when.end : at].strip(" ,") for when in met)


def _opens(text: str, when: When, rules: Rules) -> bool:
    """Whether a time opens a part: behind a comma or *and*, with a number or a denial to come, or another's deed.

    The last where the part before has a year of its own: ``In 2011 … asked 17,500 persons, and in 2012 the Survey …``.
    """
    before = text[: when.start].rstrip(" ,")
    joints, those = "|".join(rules.words("list_joints")), "|".join(rules.words("those_of_years")) or "(?!)"
    joined = text[: when.start].rstrip().endswith(",") or re.search(rf"\b(?:{joints})(?: (?:{those}))?$", before)
    if compiled(tuple(f"{word}$" for word in rules.words("respectively"))).search(before):
        return False  # "12 kg and 30 kg, respectively, in 2012 and …"
    if not joined or not before or not _is_told(text[: when.start].rpartition(";")[2], rules):
        return False
    behind = YEAR.sub(lambda year: " " * len(year[0]), text[when.end :].partition(";")[0])
    shared = re.search(rf"{YEAR.pattern} (?:{'|'.join(rules.words('list_joints'))})$", before)
    if shared and compiled(rules.words("respectively")).search(behind) and not _counts(before, rules):
        return False  # "in 2012 and in 2013, 48 and 31 hectares were found, respectively"
    other = YEAR.search(before) is not None and re.match(r" [^\W\d_]", behind) is not None
    return bool(
        other
        or next(numbers_in(behind, 0, len(behind), rules), None)
        or compiled(rules.words("no_words")).search(behind)
    )


def _counts(words: str, rules: Rules) -> bool:
    """Whether words have a number that is no year."""
    shown = YEAR.sub("    ", words)
    return next(numbers_in(shown, 0, len(shown), rules), None) is not None


def _is_told(before: str, rules: Rules) -> bool:
    """Whether anything was counted or denied in words, so that a time behind it may open a part."""
    return (
        _counts(before, rules)
        or YEAR.search(before) is not None
        or compiled(rules.words("no_words")).search(before) is not None
    )


def without_descriptions(text: str, rules: Rules) -> str:
    """A text with blanks for clauses that only describe: ``seis lanchas, que llevaban 40 kg, fueron interceptadas``."""
    ways = rules.words("descriptions_aside")
    return re.sub("|".join(ways), lambda aside: " " * len(aside[0]), text) if ways else text

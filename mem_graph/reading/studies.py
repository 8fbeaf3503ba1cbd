"""Studies that a report says were made, and sentences that use a term of its glossary (``docs/coding.md``, Studies).

A study is made by a clause that asserts it: *carried out a study on …*, *has all of the priority studies*. Denied
studies, *these studies* and the use of studies make none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mem_graph.model import Evidence, GlossaryEntry, GlossaryUse, Study
from mem_graph.reading.clauses import Range
from mem_graph.reading.codebook import Draft
from mem_graph.reading.mentions import LETTERS, Sentence
from mem_graph.reading.rules import Rules, compiled


@dataclass(frozen=True, slots=True)
class _Found:
    """One study in a view: its title's place, whether that is a name, and how many it speaks of."""

    title: Range
    named: bool
    number: int | None


def studies(sentence: Sentence, drafts: Sequence[Draft], country: str, rules: Rules) -> tuple[Study, ...]:
    """The studies that a sentence says were made. ``country`` is the maker where no institution is said to be."""
    made: list[tuple[_Found, str, Draft]] = []
    for draft in drafts:
        if draft.polarity == "achievement":
            maker = draft.actors[0] if draft.actors else country
            told = (found for found in _in_clause(sentence.view.text, draft, rules) if _has_title(sentence, found))
            made.extend((found, maker, draft) for found in told)
    return tuple(
        _study(sentence, found, maker, draft, letter, rules)
        for letter, (found, maker, draft) in zip(LETTERS, made, strict=False)
    )


def _has_title(sentence: Sentence, found: _Found) -> bool:
    """Whether any words say what a study is about: a text cut off behind "study on" has none."""
    return bool(sentence.view.text[found.title[0] : found.title[1]].strip())


def _study(sentence: Sentence, found: _Found, maker: str, draft: Draft, letter: str, rules: Rules) -> Study:
    dated = rules.words("study_when")[0]
    own = re.match(rf"\s*{dated}", sentence.view.text[found.title[1] : draft.clause[1]])
    when = own or re.search(dated, sentence.view.text[draft.focus[0] : draft.clause[1]])
    months = rules.words("months")
    month = when["month"].casefold() if when and when["month"] else ""
    evidence = Evidence(
        sentence.passage, letter, "study.named" if found.named else _rule(sentence, found, rules), "printed"
    )
    return Study(
        sentence.view.span(*found.title),
        found.named,
        maker,
        evidence,
        found.number,
        int(when["year"]) if when else None,
        months.index(month) + 1 if month in months else None,
    )


def _rule(sentence: Sentence, found: _Found, rules: Rules) -> str:
    behind = sentence.view.text[found.title[1] :].lstrip()
    participles = (cue for cue in rules.of("study") if cue.marks.get("participle"))
    return next((cue.id for cue in participles if compiled(cue.words).match(behind)), "study.made")


def _in_clause(text: str, draft: Draft, rules: Rules) -> Iterator[_Found]:
    """The studies of one asserted clause.

    Titles in capitals, else the object, else the subject of *studies conducted*.
    """
    made = [cue for cue in rules.of("study") if not cue.marks.get("participle")]
    verbs = {verb for cue in made for verb in cue.marks.get("verbs", ())}
    verbs |= {f"verb.{words.replace(' ', '-')}" for cue in made for words in cue.words}
    start, end = draft.verb, draft.clause[1]
    if draft.rule in verbs and (head := _object(rules).search(text, start, end)) is not None:
        title = re.compile(rules.words("study_title")[0])
        titles = [(match.start(), match.end()) for match in title.finditer(text, head.start(), end)]
        if titles:
            yield from (_Found((first, _trimmed(text, last, rules)), True, 1) for first, last in titles)
        elif head.start("object") - start < 30:
            yield _described(text, head, end, rules)
    elif draft.rule in verbs and (head := _object(rules).search(text, draft.clause[0], draft.focus[0])) is not None:
        yield _described(text, head, draft.focus[0], rules)
    for match in _conducted(rules).finditer(text, draft.clause[0], draft.focus[0]):
        yield _Found(match.span("title"), False, None)


def _described(text: str, head: re.Match[str], end: int, rules: Rules) -> _Found:
    """A study by its subject (``a study on X``: X), or by the whole phrase where that has no subject of its own."""
    behind = re.compile(rf"{rules.words('study_when')[0]}?\s*(?:{'|'.join(rules.words('study_joints'))})\s+").match(
        text, head.end()
    )
    stop = re.compile("|".join(rules.words("study_end"))).search(text, head.end(), end)
    last = stop.start() if stop else end
    plain = head["plus"] is None and " " not in head["object"]
    start = behind.end() if behind and plain else head.start("object")
    return _Found((start, _trimmed(text, last, rules)), False, _number(text, head, end, rules))


def _number(text: str, head: re.Match[str], end: int, rules: Rules) -> int | None:
    """How many studies the words speak of: a numeral, *a study*, or the part of a fraction behind it."""
    counted = "|".join(rules.words("fraction_counts"))
    fraction = re.compile(rf"\s*\((\d+) (?:{counted}) \d+\)").search(text, head.end(), end)
    before = re.search(rf"(\d+) (?:{counted}) (?:\w+ )?\d+ $", text[: head.start("object")])
    if fraction or before:
        return int((fraction or before)[1])  # type: ignore[index]
    count = (head["count"] or "").strip().casefold()
    if count.isdigit():
        return int(count)
    if count in rules.words("numbers"):
        return rules.words("numbers").index(count)
    return None if head["noun"].casefold().endswith("s") else 1


def _trimmed(text: str, end: int, rules: Rules) -> int:
    loose = "|".join(rules.words("study_leftover"))
    return len(re.sub(rf"(?:[ .,;]|(?<= )(?:{loose})(?=[ .,;]|$))+$", "", text[:end]))


@lru_cache(maxsize=8)
def _object(rules: Rules) -> re.Pattern[str]:
    """``all of the priority studies and reports``: quantifier, count, adjectives, noun, what is joined to the noun."""
    quantifiers, nouns = "|".join(rules.words("study_quantifiers")), "|".join(rules.words("study_nouns"))
    numbers = "|".join(rules.words("numbers"))
    count = rf"(?:(?P<count>\d+|{numbers}) )?"
    stops, none = "|".join(rules.words("study_adjective_stops")), "|".join(rules.words("study_no_starts"))
    adjectives = rf"(?!(?:{none})\b)(?:(?!(?:{stops}) )[\w-]+ ){{0,5}}?"
    following = "".join(rules.words("study_following"))
    joined = rf"(?P<plus>{rules.words('study_plus')[0].removesuffix('?')})?"
    phrase = rf"(?<!\w)(?:{quantifiers})*{count}(?P<object>{adjectives}(?P<noun>{nouns}){following}{joined})(?!\w)"
    return re.compile(phrase, re.IGNORECASE)


@lru_cache(maxsize=8)
def _conducted(rules: Rules) -> re.Pattern[str]:
    words = [word for cue in rules.of("study") if cue.marks.get("participle") for word in cue.words]
    participles = "|".join(words) or "(?!)"
    nouns = "|".join(rules.words("study_nouns"))
    return re.compile(
        rf"(?:^|[,;] )(?:The |the )?(?P<title>(?:[\w-]+ ){{1,7}}(?:{nouns})) (?:{participles})(?!\w)", re.IGNORECASE
    )


# -- uses of glossary terms -------------------------------------------------------------------------------------------


def uses(sentence: Sentence, glossary: Sequence[GlossaryEntry], rules: Rules) -> tuple[GlossaryUse, ...]:
    """The terms of the glossary that a sentence uses, each once, in the order of the glossary."""
    met = ((entry, term(entry.term.quote, rules.words("term_nouns")).search(sentence.view.text)) for entry in glossary)
    found = [(entry, match) for entry, match in met if match is not None]
    return tuple(
        GlossaryUse(
            entry.number,
            sentence.view.span(*match.span()),
            Evidence(sentence.passage, letter, "studies.term", "printed"),
        )
        for letter, (entry, match) in zip(LETTERS, found, strict=False)
    )


@lru_cache(maxsize=256)
def term(words: str, droppable: tuple[str, ...]) -> re.Pattern[str]:
    """A term in singular or plural.

    It may share its noun (``selective or indicated prevention programs``) or drop a common one.
    """
    pieces = []
    for place, word in enumerate(words.split()):
        form = rf"{re.escape(word.strip('()').removesuffix('s'))}s?"
        optional = word.startswith("(") or (place > 1 and place == len(words.split()) - 1 and _drops(word, droppable))
        shared = (
            r"(?:,? (?:(?:and|or|and/or) )?[\w-]+){0,2}? "
            if place == 1 and len(words.split()) > 2 and not word.startswith("(")
            else " "
        )
        joint = r"(?:,? (?:and|or|and/or) [\w-]+|, [\w-]+,? (?:and|or) [\w-]+)? " if shared != " " else " "
        lead = "" if place == 0 else joint
        pieces.append(f"(?:{lead}{form})?" if optional else f"{lead}{form}")
    return re.compile(rf"(?<!\w){''.join(pieces)}(?!\w)", re.IGNORECASE)


def _drops(word: str, droppable: tuple[str, ...]) -> bool:
    return re.fullmatch("|".join(droppable), word, re.IGNORECASE) is not None

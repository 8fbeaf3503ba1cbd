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
from mem_graph.reading.coding.codebook import Draft
from mem_graph.reading.entities.mentions import LETTERS, Sentence
from mem_graph.reading.figures.fractions import found_in
from mem_graph.reading.figures.numbers import spelled, value_of
from mem_graph.reading.figures.years import When, times
from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.syntax.english_clauses import Range


@dataclass(frozen=True, slots=True)
class _Found:
    """One study in a view: its title's place, whether that is a name, and how many it speaks of."""

    title: Range
    named: bool
    number: int | None
    rule: str = "study.made"
    dated: bool = True
    """Whether a time elsewhere in the clause is its own."""


def studies(sentence: Sentence, drafts: Sequence[Draft], country: str, rules: Rules) -> tuple[Study, ...]:
    """The studies that a sentence says were made. ``country`` is the maker where no institution is said to be."""
    text = sentence.view.text
    met = times(text, None, rules)
    made: dict[Range, tuple[_Found, Draft]] = {}
    for draft in drafts:
        if draft.polarity == "achievement" and draft.modality != "plans" and not _is_unmade(text, draft, rules):
            for found in _in_clause(text, draft, rules):
                told = text[slice(*found.title)].strip() and not _is_denied(found.title, drafts)
                if told and not _recurs(text, found, draft, rules):
                    made.setdefault(found.title, (found, draft))
    return tuple(
        _study(sentence, found, draft, letter, country, _when(text, found, draft, met), rules)
        for letter, (_, (found, draft)) in zip(LETTERS, sorted(made.items()), strict=False)
    )


def _is_unmade(text: str, draft: Draft, rules: Rules) -> bool:
    """Whether the verb says of a study something else than that it was made: *has begun*, *uses*, *is under way*."""
    group = " ".join(text[slice(*draft.focus)].split()[:_GROUP])
    return compiled(rules.words("study_unmade")).search(group) is not None


_GROUP = 4
"""So many words at the beginning of a finding's own words may be its verb."""


def _recurs(text: str, found: _Found, draft: Draft, rules: Rules) -> bool:
    """Whether what a title names is made again and again, so that no one study is meant: a survey *every year*."""
    recurring = compiled(rules.words("study_recurring"))
    return recurring.search(text, found.title[0], max(draft.clause[1], found.title[1])) is not None


def _is_denied(title: Range, drafts: Sequence[Draft]) -> bool:
    """Whether what a title names is what another finding of the sentence denies."""
    return any(one.polarity == "deficiency" and one.focus[0] <= title[0] < one.focus[1] for one in drafts)


def _study(
    sentence: Sentence, found: _Found, draft: Draft, letter: str, country: str, when: When | None, rules: Rules
) -> Study:
    months = rules.words("months")
    said = sentence.view.text[when.start : when.end].casefold() if when and when.year else ""
    month = next((at for at, name in enumerate(months, 1) if re.search(rf"\b{name}\b", said)), None)
    evidence = Evidence(sentence.passage, letter, "study.named" if found.named else found.rule, "printed")
    maker = draft.actors[0] if draft.actors else country
    year = when.year if when else None
    return Study(sentence.view.span(*found.title), found.named, maker, evidence, found.number, year, month)


def _when(text: str, found: _Found, draft: Draft, met: Sequence[When]) -> When | None:
    """The time of a study: right behind its title, else in the rest of its clause, else where that begins."""
    first, last = found.title
    behind = [when for when in met if when.start >= last and not text[last : when.start].strip(" ,(")]
    if behind or not found.dated:
        return behind[0] if behind else None
    ends = len(text) if text[last : draft.clause[1]].strip(" .,") == "" else draft.clause[1]
    after = [when for when in met if last <= when.start < max(ends, draft.clause[1])]
    between = [when for when in met if draft.focus[0] <= when.start < first]
    before = [when for when in met if draft.clause[0] <= when.start < draft.focus[0]]
    return next(iter((*after, *reversed(between), *reversed(before))), None)


# -- what a clause says was made ---------------------------------------------------------------------------------------


def _in_clause(text: str, draft: Draft, rules: Rules) -> Iterator[_Found]:
    """The studies of one asserted clause: parts of a number of them, titles in capitals, else its object or subject."""
    shared = list(_shared(text, draft, rules))
    titles = list(_titles(text, draft, rules))
    ones = [] if titles else list(_ones(text, draft, rules))
    yield from (*shared, *titles, *ones)
    if not (titles or shared):
        yield from (one for one in _plain(text, draft, rules) if not ones or one.number == 1)
    for match in _conducted(rules).finditer(text, draft.clause[0], draft.focus[0]):
        yield _Found(match.span("title"), False, None, _participle(text, match.end("title"), rules))


def _shared(text: str, draft: Draft, rules: Rules) -> Iterator[_Found]:
    """Parts of a number of studies: ``4 of the 7 priority studies on demand``."""
    for one in found_in(text, rules):
        inside = draft.clause[0] <= one.words.start("part") < draft.clause[1]
        start = one.words.end("whole")
        head = _object(rules).match(text, start + 1) if inside else None
        if head is not None and one.part:
            comma = text.find(",", head.end(), one.words.start("part"))
            whole_first = one.cue.marks.get("whole_first")
            last = (comma if comma > 0 else one.words.start("part")) if whole_first else draft.clause[1]
            yield _Found((head.start("object"), _end(text, head.end(), last, rules)), False, one.part, dated=False)


def _titles(text: str, draft: Draft, rules: Rules) -> Iterator[_Found]:
    """Titles in capitals that the clause says were made, or that are its subject."""
    title = re.compile(rules.words("study_title")[0])
    made = _is_making(draft, rules)
    subject = draft.clause[0], draft.focus[0]
    for match in title.finditer(text, draft.verb if made else subject[0], draft.clause[1]):
        passive = subject[0] <= match.start() < subject[1] and _is_made_by(text, match.end(), draft, rules)
        listed = match.start() >= draft.verb and made
        if listed or passive:
            yield _Found((match.start(), _trimmed(text, match.end(), rules)), True, 1)


def _is_making(draft: Draft, rules: Rules) -> bool:
    """Whether the verb of a clause says that its object was made, or is had."""
    making = [cue for cue in rules.of("study") if not cue.marks.get("participle")]
    verbs = {verb for cue in making for verb in cue.marks.get("verbs", ())}
    verbs |= {f"verb.{words.replace(' ', '-')}" for cue in making for words in cue.words}
    return draft.rule in verbs


def _is_made_by(text: str, end: int, draft: Draft, rules: Rules) -> bool:
    """Whether a participle behind a title says that it was made, or the clause does: ``…, completed in 2013, …``."""
    participles = tuple(word for cue in rules.of("study") if cue.marks.get("participle") for word in cue.words)
    near = re.compile(rf",? (?:\w+ )?(?:{'|'.join(participles)})(?!\w)").match(text, end)
    return near is not None or _is_making(draft, rules)


def _ones(text: str, draft: Draft, rules: Rules) -> Iterator[_Found]:
    """Studies told one by one behind a word for them: ``two studies: one on … and another on …``."""
    if _object(rules).search(text, 0, draft.clause[1]) is None:
        return
    each, joints = "|".join(rules.words("study_ones")), "|".join(rules.words("study_joints"))
    for match in re.compile(rf"(?<!\w)(?:{each}),? (?:{joints}) ", re.IGNORECASE).finditer(text, *draft.clause):
        yield _Found((match.end(), _end(text, match.end(), draft.clause[1], rules)), False, 1)
    among = "|".join(rules.words("study_among"))
    for match in re.compile(rf"(?:and|y) (?P<title>(?:{each})) (?:{among}) ", re.IGNORECASE).finditer(
        text, *draft.clause
    ):
        yield _Found((match.start("title"), _end(text, match.end(), draft.clause[1], rules)), False, 1)


def _plain(text: str, draft: Draft, rules: Rules) -> Iterator[_Found]:
    """The study that a clause has as its object, or as the subject of a passive."""
    start, end = draft.verb, draft.clause[1]
    near = _object(rules).search(text, start, end)
    if near is not None and (_is_making(draft, rules) or _is_new(text, near, rules)):
        if near.start("object") - start < _NEAR:
            yield _described(text, near, end, rules)
        return
    subject = _object(rules).search(text, draft.clause[0], draft.focus[0])
    if subject is not None and (_is_making(draft, rules) or _is_new(text, subject, rules)):
        yield _described(text, subject, draft.focus[0], rules)


_NEAR = 45
"""So many characters may stand between a verb and the study that is its object."""


def _is_new(text: str, head: re.Match[str], rules: Rules) -> bool:
    """Whether words speak of a study for the first time: *a study on*, *two studies on*."""
    joints = "|".join(rules.words("study_joints"))
    counted = head["count"] is not None or compiled(rules.words("study_a")).match(text, head.start()) is not None
    used = re.compile(rf"(?<!\w)(?:{'|'.join(rules.words('study_used_behind'))})\s+$").search(text, 0, head.start())
    return used is None and counted and re.compile(rf"\s*(?:{joints}) ").match(text, head.end()) is not None


def _described(text: str, head: re.Match[str], end: int, rules: Rules) -> _Found:
    """A study by its subject (``a study on X``: X), or by the whole phrase where that has no subject of its own."""
    joints = "|".join(rules.words("study_joints"))
    behind = re.compile(rf"{rules.words('study_when')[0]}?\s*(?:{joints})\s+").match(text, head.end())
    plain = head["plus"] is None and " " not in head["object"]
    start = behind.end() if behind and plain else head.start("object")
    last = _end(text, behind.end() if behind else head.end(), end, rules)
    return _Found((start, last), False, _number(text, head, end, rules))


def _end(text: str, start: int, end: int, rules: Rules) -> int:
    """Where the words end that say what a study is about."""
    stop = re.compile("|".join(rules.words("study_end"))).search(text, start, end)
    return _trimmed(text, stop.start() if stop else end, rules)


def _participle(text: str, end: int, rules: Rules) -> str:
    participles = (cue for cue in rules.of("study") if cue.marks.get("participle"))
    behind = text[end:].lstrip()
    return next((cue.id for cue in participles if compiled(cue.words).match(behind)), "study.made")


def _number(text: str, head: re.Match[str], end: int, rules: Rules) -> int | None:
    """How many studies the words speak of: a numeral, *a study*, or the part of a fraction behind it."""
    counted = "|".join(rules.words("fraction_counts"))
    fraction = re.compile(rf"\s*\((\d+) (?:{counted}) \d+\)").search(text, head.end(), end)
    if fraction:
        return int(fraction[1])
    count = (head["count"] or "").strip()
    if count and (value := value_of(count, rules)).isdecimal():
        return int(value)
    return None if head["noun"].casefold().endswith("s") else 1


def _trimmed(text: str, end: int, rules: Rules) -> int:
    loose = "|".join(rules.words("study_leftover"))
    return len(re.sub(rf"(?:[ .,;]|(?<= )(?:{loose})(?=[ .,;]|$))+$", "", text[:end]))


@lru_cache(maxsize=8)
def _object(rules: Rules) -> re.Pattern[str]:
    """``all of the priority studies and reports``: quantifier, count, adjectives, noun, what is joined to the noun."""
    quantifiers, nouns = "|".join(rules.words("study_quantifiers")), "|".join(rules.words("study_nouns"))
    count = rf"(?:(?P<count>(?!(?:19|20)\d\d )\d+|{spelled(rules)}) )?"
    stops, none = "|".join(rules.words("study_adjective_stops")), "|".join(rules.words("study_no_starts"))
    adjectives = rf"(?!(?:{none})\b)(?:(?!(?:{stops}) )[^\W\d][\w-]* ){{0,5}}?"
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

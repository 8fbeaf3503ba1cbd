"""Studies that a report says were made (``docs/coding.md``, Studies).

A study is made by a clause that asserts it: *carried out a study on …*, *has all of the priority studies*. Denied
studies, *these studies* and the use of studies make none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from mem_graph.model import Evidence, Study
from mem_graph.reading.coding.codebook import Draft
from mem_graph.reading.entities.mentions import LETTERS, Sentence
from mem_graph.reading.figures.fractions import found_in
from mem_graph.reading.figures.numbers import spelled, value_of
from mem_graph.reading.figures.years import When, times
from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.study_subjects import is_bare, put_first, told
from mem_graph.reading.study_times import Found, time_of
from mem_graph.reading.syntax.english_clauses import Range


def studies(sentence: Sentence, drafts: Sequence[Draft], country: str, rules: Rules) -> tuple[Study, ...]:
    """The studies that a sentence says were made. ``country`` is the maker where no institution is said to be."""
    text = sentence.view.text
    if compiled(rules.words("study_nouns")).search(text) is None:
        return ()
    met = times(text, None, rules)
    made: dict[Range, tuple[Found, Draft]] = {}
    for draft in drafts:
        if draft.polarity == "achievement" and draft.modality != "plans" and not _is_unmade(text, draft, rules):
            for found in _in_clause(text, draft, rules):
                said = text[slice(*found.title)].strip() and not _is_denied(found.title, drafts)
                if said and not _is_in_name(found, sentence) and not _recurs(text, found, draft, rules):
                    made.setdefault(found.title, (found, draft))
    ordered = [one for _, one in sorted(made.items())]
    listed = [found for found, _ in ordered]
    return tuple(
        _study(sentence, found, draft, letter, country, time_of(text, found, draft, listed, met, rules), rules)
        for letter, (found, draft) in zip(LETTERS, ordered, strict=False)
    )


def _is_unmade(text: str, draft: Draft, rules: Rules) -> bool:
    """Whether the verb says of a study something else than that it was made: *has begun*, *uses*, *is under way*."""
    group = " ".join(text[slice(*draft.focus)].split()[:_GROUP])
    return compiled(rules.words("study_unmade")).search(group) is not None


_GROUP = 4
"""So many words at the beginning of a finding's own words may be its verb."""


def _recurs(text: str, found: Found, draft: Draft, rules: Rules) -> bool:
    """Whether what a title names is made again and again, so that no one study is meant: a survey *every year*."""
    recurring = compiled(rules.words("study_recurring"))
    start = min(found.title[0], draft.verb)
    return recurring.search(text, start, max(draft.clause[1], found.title[1])) is not None


def _is_in_name(found: Found, sentence: Sentence) -> bool:
    """Whether a study is but a word in the name of a body: the *Institute of Drug Studies*."""
    return any(name.start <= found.start < name.end for name in sentence.of("institution"))


def _is_denied(title: Range, drafts: Sequence[Draft]) -> bool:
    """Whether what a title names is what another finding of the sentence denies."""
    return any(one.polarity == "deficiency" and one.focus[0] <= title[0] < one.focus[1] for one in drafts)


def _study(
    sentence: Sentence, found: Found, draft: Draft, letter: str, country: str, when: When | None, rules: Rules
) -> Study:
    months = rules.words("months")
    said = sentence.view.text[when.start : when.end].casefold() if when and when.year else ""
    month = next((at for at, name in enumerate(months, 1) if re.search(rf"\b{name}\b", said)), None)
    evidence = Evidence(sentence.passage, letter, "study.named" if found.named else found.rule, "printed")
    maker = draft.actors[0] if draft.actors else country
    year = when.year if when else None
    return Study(sentence.view.span(*found.title), found.named, maker, evidence, found.number, year, month)


# -- what a clause says was made ---------------------------------------------------------------------------------------


def _in_clause(text: str, draft: Draft, rules: Rules) -> Iterator[Found]:
    """The studies of one asserted clause: parts of a number of them, titles in capitals, else its object or subject."""
    titles = list(_titles(text, draft, rules))
    ones = [] if titles else list(_ones(text, draft, rules))
    shared = list(_shared(text, draft, rules))
    conducted = [
        Found(match.span("title"), False, None, _participle(text, match.end("title"), rules))
        for match in _conducted(rules).finditer(text, draft.clause[0], draft.focus[0])
    ]
    met = [*shared, *titles, *ones, *conducted]
    plain = [one for one in _plain(text, draft, met, rules) if not ones or one.number == 1]
    start = None if titles else told(text, draft.clause, rules)
    plain = [one for one in _by_subjects_put_first(text, plain, draft, rules) if start is None or one.start > start]
    each = [*titles, *ones, *plain]
    yield from (one for one in (*shared, *plain) if not any(_tells(text, one, other) for other in each))
    of_subject = list(_of_subject(text, draft, rules))
    told_of = [one for one in _related(text, draft, rules) if not any(_overlap(one, other.title) for other in titles)]
    related = () if of_subject else _by_subjects_put_first(text, told_of, draft, rules)
    yield from (*titles, *ones, *conducted, *related, *of_subject)
    if start is not None:
        yield Found((start, _end(text, start, draft.clause[1], rules)), False, 1, phrase=draft.clause[0])


def _by_subjects_put_first(text: str, plain: Sequence[Found], draft: Draft, rules: Rules) -> Iterator[Found]:
    """The studies of a clause, those without words of their own by what it puts first: ``Sobre el costo se hizo …``."""
    for one in plain:
        subjects = put_first(text, draft.clause, draft.focus[0], rules) if one.start >= draft.focus[0] else ()
        if subjects and is_bare(text[slice(*one.title)], rules):
            yield from (Found(subject, False, 1, phrase=one.start) for subject in subjects)
        else:
            yield one


def _of_subject(text: str, draft: Draft, rules: Rules) -> Iterator[Found]:
    """A study told of what it is about: ``The needs of personnel were the subject of a study in 2011``."""
    said = compiled(rules.words("study_of_subject")).search(text, *draft.clause)
    if said is None:
        return
    opened = compiled(rules.words("study_subject_openers")).match(text, draft.clause[0], said.start())
    first = opened.end() if opened else draft.clause[0]
    first += len(text[first:]) - len(text[first:].lstrip())
    if first < said.start():
        yield Found((first, _trimmed(text, said.start(), rules)), False, 1)


def _overlap(one: Found, other: Range) -> bool:
    return one.start < other[1] and other[0] < one.title[1]


def _tells(text: str, group: Found, one: Found) -> bool:
    """Whether a study is told as one of a group behind a colon, so that the group is no other."""
    return group.number != 1 and ":" in text[group.title[1] : one.start]


def _shared(text: str, draft: Draft, rules: Rules) -> Iterator[Found]:
    """Parts of a number of studies: ``4 of the 7 priority studies on demand``."""
    for one in found_in(text, rules):
        inside = draft.clause[0] <= one.words.start("part") < draft.clause[1]
        start = one.words.end("whole")
        head = _object(rules).match(text, start + 1) if inside else None
        if head is not None and one.part:
            comma = text.find(",", head.end(), one.words.start("part"))
            whole_first = one.cue.marks.get("whole_first")
            last = (comma if comma > 0 else one.words.start("part")) if whole_first else draft.clause[1]
            yield Found((head.start("object"), _end(text, head.end(), last, rules)), False, one.part, dated=False)


def _titles(text: str, draft: Draft, rules: Rules) -> Iterator[Found]:
    """Titles in capitals that the clause says were made, or that are its subject."""
    title = re.compile("|".join(rules.words("study_title")))
    made = _is_making(text, draft, rules)
    subject = draft.clause[0], draft.focus[0]
    for match in title.finditer(text, *draft.clause):
        passive = subject[0] <= match.start() < subject[1] and _is_made_by(text, match.end(), draft, rules)
        listed = match.start() >= draft.verb and made
        if listed or passive:
            yield Found((match.start(), _trimmed(text, match.end(), rules)), True, 1)


def _is_making(text: str, draft: Draft, rules: Rules) -> bool:
    """Whether the verb of a clause says that its object was made, or is had."""
    group, behind = _verbs(rules)
    return (
        group.search(text, draft.clause[0], draft.verb) is not None
        or behind.match(text, draft.verb, draft.clause[1]) is not None
    )


@lru_cache(maxsize=8)
def _verbs(rules: Rules) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Verbs of making where a verb group ends, but for two words, and where the words behind it begin."""
    words = "|".join(word for cue in rules.of("study") if not cue.marks.get("participle") for word in cue.words)
    return (
        re.compile(rf"(?<!\w)(?:{words})(?:\W+\w+){{0,2}}\W*$", re.IGNORECASE),
        re.compile(rf"\W*(?:{words})(?!\w)", re.IGNORECASE),
    )


def _is_made_by(text: str, end: int, draft: Draft, rules: Rules) -> bool:
    """Whether a participle behind a title says that it was made, or the clause does: ``…, completed in 2013, …``."""
    participles = tuple(word for cue in rules.of("study") if cue.marks.get("participle") for word in cue.words)
    near = re.compile(rf",? (?:\w+ )?(?:{'|'.join(participles)})(?!\w)").match(text, end)
    related = re.compile(rf",? (?:{'|'.join(rules.words('study_relatives'))})", re.IGNORECASE).match(text, end)
    return near is not None or related is not None or _is_making(text, draft, rules)


def _ones(text: str, draft: Draft, rules: Rules) -> Iterator[Found]:
    """Studies told one by one behind a word for them: ``two studies: one on … and another on …``."""
    if _object(rules).search(text, 0, draft.clause[1]) is None:
        return
    each, joints = "|".join(rules.words("study_ones")), "|".join(rules.words("study_joints"))
    by = "|".join(
        f"{author} (?:{joint})"
        for author in rules.words("study_authors")
        for joint in rules.words("study_author_joints")
    )
    each_on = re.compile(
        rf"(?<!\w)(?:{each})(?:(?:,? {_of_year(rules)})?,? (?:{joints})| (?:{by or '(?!)'})) (?!\d)", re.IGNORECASE
    )
    for match in each_on.finditer(text, *draft.clause):
        title = match.end(), _end(text, match.end(), draft.clause[1], rules)
        yield Found(title, False, 1, phrase=match.start())
    among = "|".join(rules.words("study_among"))
    for match in re.compile(rf"(?:and|y) (?P<title>(?:{each})) (?:{among}) ", re.IGNORECASE).finditer(
        text, *draft.clause
    ):
        yield Found((match.start("title"), _end(text, match.end(), draft.clause[1], rules)), False, 1)


def _of_year(rules: Rules) -> str:
    """The year behind *another*, as an expression: ``otro, de 2013, sobre …``."""
    return rf"(?:{'|'.join(rules.words('study_year_joints'))}) (?:19|20)\d\d"


def _plain(text: str, draft: Draft, others: Sequence[Found], rules: Rules) -> Iterator[Found]:
    """The studies that a clause has as its objects, or as the subjects of a passive; not those told already."""
    making = _is_making(text, draft, rules)
    last: int | None = None
    subject, behind = (draft.clause[0], draft.verb), (draft.verb, draft.clause[1])
    for near in chain.from_iterable(_object(rules).finditer(text, *part) for part in (subject, behind)):
        if met := [one.title[1] for one in others if _overlap(one, near.span())]:
            last = met[0]
            continue
        end = draft.verb if near.end() <= draft.verb else draft.clause[1]
        start = draft.verb if near.start() >= draft.verb else draft.clause[0]
        first = last is None or last < start <= near.start()
        governed = _is_near(text, start, near, rules) if first else _is_listed(text, last or 0, near, rules)
        known = _is_of_a_year(text, near, rules)  # "in the survey of 2012, 640 persons were asked"
        if governed and not known and (making or _is_new(text, near, rules)):
            for one in _described(text, near, end, rules):
                yield one
                last = one.title[1]


_NEAR = 45
"""So many characters may stand between a verb and the study that is its object."""


def _is_near(text: str, start: int, head: re.Match[str], rules: Rules) -> bool:
    """Whether a study is the object of a verb that ends at ``start``, or stands where a clause begins.

    What stands between commas is passed over, and so are members of a list before it.
    """
    lead = re.sub(r",[^,]*,(?= *$)", "", text[start : head.start()])
    ahead = "|".join(rules.words("study_year_ahead")) or "(?!)"
    lead = re.sub(rf"(?<!\w)(?:{ahead}) (?:19|20)\d\d\s*$", "", lead)  # "the results of the 2011 census"
    used = re.compile(rf"(?<!\w)(?:{'|'.join(rules.words('study_used_behind'))})\s+$").search(lead)
    if re.search(rf"(?<!\w)(?:{'|'.join(rules.words('study_had')) or '(?!)'})\s+$", text[: head.start()]):
        used = None
    joined = re.search(rf"(?:{'|'.join(rules.words('list_joints'))})\s+$", lead) is not None
    return used is None and (len(lead) + head.start("object") - head.start() < _NEAR or joined)


def _is_listed(text: str, last: int, head: re.Match[str], rules: Rules) -> bool:
    """Whether nothing but times and joints stands between one study and the next."""
    between = text[last : head.start()]
    for when in reversed(times(between, None, rules)):
        between = between[: when.start] + between[when.end :]
    asides = "|".join(rules.words("study_asides")) or "(?!)"
    between = re.sub(rf", (?:{asides}) (?:[^,;]|(?<=\d),(?=\d))*,", "", between)
    return re.fullmatch(rf"(?:[ ,;:()]|(?:{'|'.join(rules.words('study_lists'))})(?!\w))+", between) is not None


def _is_new(text: str, head: re.Match[str], rules: Rules) -> bool:
    """Whether words speak of a study for the first time: *a study on*, *two studies on*."""
    joints = "|".join(rules.words("study_joints"))
    counted = head["count"] is not None or compiled(rules.words("study_a")).match(text, head.start()) is not None
    return counted and re.compile(rf"\s*(?:{joints}) ").match(text, head.end()) is not None


def _is_of_a_year(text: str, head: re.Match[str], rules: Rules) -> bool:
    """Whether words only say by its year which study they mean: ``la encuesta de 2012``."""
    first = head["count"] is not None or compiled(rules.words("study_a")).match(text, head.start()) is not None
    year = re.compile(rf"\s(?:{'|'.join(rules.words('of'))}) (?:19|20)\d\d").match(text, head.end())
    bare = head["object"] == head["noun"] and head.start() < head.start("noun")
    return year is not None and bare and not first


def _described(text: str, head: re.Match[str], end: int, rules: Rules) -> Iterator[Found]:
    """A study by its subject (``a study on X``: X), or by the whole phrase; several by the subjects of each."""
    joints = "|".join(rules.words("study_joints"))
    when, no_year = rules.words("study_when")[0], r"(?!(?:19|20)\d\d\b)"
    behind = re.compile(rf"{when}?\s*(?P<joint>{joints})\s+{no_year}").match(text, head.end())
    behind = behind or _by(text, head.end(), rules)
    subject = behind is not None and _is_named_by_subject(head, behind["joint"], rules)
    start = behind.end() if behind and subject else head.start("object")
    last = _end(text, behind.end() if behind else head.end(), end, rules)
    number = _number(text, head, end, rules)
    yield Found((start, last), False, number, phrase=head.start())
    more = re.compile(rf",? (?:and|y) (?:{joints}) (?=\w)")
    while behind is not None and number is None and (match := more.match(text, last, end)) is not None:
        last = _end(text, match.end(), end, rules)
        yield Found((match.end(), last), False, None)


def _by(text: str, at: int, rules: Rules) -> re.Match[str] | None:
    """The author between a study and what it is about: ``a study by the university on drug use``."""
    authors, joints = ("|".join(rules.words(key)) or "(?!)" for key in ("study_authors", "study_subject_joints"))
    return re.compile(rf"\s(?:{authors})\s(?P<joint>{joints})\s+").match(text, at)


def _is_named_by_subject(head: re.Match[str], joint: str, rules: Rules) -> bool:
    """Whether the words behind a noun name the study, and the noun with its own words does not (``docs/coding.md``)."""
    own = head["object"].split()
    if compiled(rules.words("study_sets")).search(head["object"]) is not None:
        return False
    subject = compiled(rules.words("study_subject_joints")).fullmatch(joint) is not None
    return compiled(rules.words("study_bare")).fullmatch(head["noun"]) is not None or (len(own) == 1 and subject)


def _related(text: str, draft: Draft, rules: Rules) -> Iterator[Found]:
    """A study that somebody made by a relative clause: ``the study on … that the university completed``."""
    made = re.compile(rf",? (?:{'|'.join(rules.words('study_relatives'))})", re.IGNORECASE)
    for head in _object(rules).finditer(text, draft.clause[0], draft.clause[1]):
        for one in _described(text, head, draft.clause[1], rules):
            if made.match(text, one.title[1]) is not None:
                yield one


def _end(text: str, start: int, end: int, rules: Rules) -> int:
    """Where the words end that say what a study is about."""
    stops = re.compile("|".join(rules.words("study_end"))).finditer(text, start, end)
    last = next((stop.start() for stop in stops if not _is_of_about(text, start, stop, rules)), end)
    joints = "|".join(rules.words("study_joints"))
    joined = re.compile(rf",? (?:and|y) (?:{joints}) ").search(text, start, last)
    return _trimmed(text, joined.start() if joined else last, rules)


def _is_of_about(text: str, start: int, stop: re.Match[str], rules: Rules) -> bool:
    """Whether a verb belongs to a clause of what a study is about: ``the routes by which cocaine is carried``."""
    helping = "|".join((*rules.words("be"), *rules.words("have")))
    if re.fullmatch(rf"\s+(?:{helping})", stop[0]) is None:
        return False
    opened = list(compiled(rules.words("study_about_clauses")).finditer(text, start, stop.start()))
    return bool(opened) and re.search(rf"\s(?:{helping})\s", text[opened[-1].end() : stop.start()]) is None


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
    return None if head["noun"].casefold().endswith("s") and head["noun"].casefold() != "census" else 1


def _trimmed(text: str, end: int, rules: Rules) -> int:
    loose = "|".join(rules.words("study_leftover"))
    return len(re.sub(rf"(?:[ .,;]|(?<= )(?:{loose})(?=[ .,;]|$))+$", "", text[:end]))


@lru_cache(maxsize=8)
def _object(rules: Rules) -> re.Pattern[str]:
    """``all of the priority studies and reports``: quantifier, count, adjectives, noun, what is joined to the noun."""
    quantifiers, nouns = "|".join(rules.words("study_quantifiers")), "|".join(rules.words("study_nouns"))
    ordinals = "|".join(rules.words("study_ordinals"))
    count = rf"(?:(?P<count>(?!(?:19|20)\d\d )\d+|{spelled(rules)}) )?(?:(?:{ordinals}) )?"
    stops, none = "|".join(rules.words("study_adjective_stops")), "|".join(rules.words("study_no_starts"))
    adjectives = rf"(?!(?:{none})\b)(?:(?!(?:{stops}) )[^\W\d][\w-]* ){{0,5}}?"
    following = "".join(rules.words("study_following"))
    joined = rf"(?P<plus>{rules.words('study_plus')[0].removesuffix('?')})?"
    tail = f"{joined}{following}" if following else joined
    phrase = rf"(?<!\w)(?:{quantifiers})*{count}(?P<object>{adjectives}(?P<noun>{nouns}){tail})(?!\w)"
    return re.compile(phrase, re.IGNORECASE)


@lru_cache(maxsize=8)
def _conducted(rules: Rules) -> re.Pattern[str]:
    words = [word for cue in rules.of("study") if cue.marks.get("participle") for word in cue.words]
    participles = "|".join(words) or "(?!)"
    nouns = "|".join(rules.words("study_nouns"))
    return re.compile(
        rf"(?:^|[,;] )(?:The |the )?(?P<title>(?:[\w-]+ ){{1,7}}(?:{nouns})) (?:{participles})(?!\w)", re.IGNORECASE
    )

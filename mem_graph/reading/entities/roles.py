"""Bodies known by their part in a sentence, whose names have no head: ``Remar Belize takes in women``.

A capitalised name is a body's where it is said to do what bodies do, or where something is run by it. The words that
say so are data, as is what is no body whatever it is said to do: persons, documents, places, operations
(``data/rules/*/names.toml``). A name that ends with the country's own is a body's, too: ``Statistics Canada``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mem_graph.reading.entities.name_forms import Forms, capitals, is_made_of, single
from mem_graph.reading.entities.name_lists import ACRONYM, CAPITALISED
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
    called: re.Pattern[str]
    """Names behind the noun that says what kind of body they are: ``organizations such as Project Victory and …``."""
    before: re.Pattern[str]
    """Words before a name that say that it is none: ``the programme Life Skills``."""
    alone: re.Pattern[str]
    """An acronym with an article, as bodies have one, or a body known by one word: ``la SENAD``, ``Carabineros``."""
    none: re.Pattern[str]
    """What no body is called."""
    no_acronym: re.Pattern[str]
    """Acronyms that are no body's: ``HIV``."""
    article: re.Pattern[str]
    """What stands before a body's acronym: an article, or the beginning of the sentence."""
    gap: re.Pattern[str]
    """What stands between two names of a list."""
    goes_on: re.Pattern[str]
    """What goes on with a list: *and*, the sign of a footnote before it or not."""
    joint: re.Pattern[str]
    """What joins the last two names of a list."""
    aim: re.Pattern[str]
    """Small words behind which *and* joins what a body is for: ``Commission for the Study and Prevention of Crime``."""
    acts: re.Pattern[str]
    """What a body does, behind its name."""
    opens: re.Pattern[str]
    """Words at the end of which a body's name follows."""
    no_ends: re.Pattern[str]
    """With what no body's name ends that is not the agent of something."""


@lru_cache(maxsize=8)
def roles(rules: Rules) -> Roles:
    """The expressions for the language of the rules."""
    joints, verbs, openers, belonging = (
        "|".join(rules.words(key)) for key in ("name_joints", "acting_verbs", "agent_openers", "belonging_verbs")
    )
    months = rf"(?!(?i:{'|'.join(rules.words('months'))})\b)"
    name = rf"(?P<name>{CAPITALISED}(?:\s+(?:(?:{joints})\s+){{0,2}}{months}{CAPITALISED}){{0,6}})"
    acronym = rf"(?:\s*\((?P<acronym>{ACRONYM})\))?"
    adverb = r"(?:also|now|already|likewise|itself|también|además|ya|\w+ly|\w+mente)"
    starts, plans, bodiless = (
        "|".join(rules.words(key)) for key in ("no_actor_starts", "plan_heads", "no_body_starts")
    )
    reduced = "|".join(rules.words("behind_participles"))
    and_, articles = ("|".join(rules.words(key)) for key in ("joints_and", "name_articles"))
    following = rf"(?:,\s+|,?\s+(?:{and_})\s+)(?:(?:{articles})\s+)?"
    ends = "|".join((*rules.words("no_actor_ends"), *rules.words("no_body_ends"), *rules.words("plan_heads")))
    return Roles(
        re.compile(rf"(?<![\w'-]){name}{acronym},?\s+(?:{adverb}\s+)?(?:{verbs})(?!\w|\s+(?:{reduced})\b)"),
        re.compile(rf"(?<!\w)(?:{openers})\s+{name}(?![\w-]){acronym}"),
        re.compile(rf"(?<![\w'-]){name}{acronym},?\s+(?:{belonging})(?!\w)"),
        re.compile(
            rf"(?<!\w)(?:{'|'.join(rules.words('kinds_of_bodies'))})\s+[\"“«]?(?P<names>{name}(?![\w-]){acronym}"
            rf"(?:{following}{CAPITALISED}(?:\s+(?:(?:{joints})\s+)*{CAPITALISED})*)*)"
        ),
        re.compile(rf"(?<!\w)(?:{'|'.join(rules.words('no_actor_openers'))})\s+[\"“«]?$", re.IGNORECASE),
        _alone(rules),
        re.compile(
            rf"^(?:{starts}|{bodiless})(?!\w)" if not rules.words("heads_first") else rf"^(?:{starts}|{plans})(?!\w)"
        ),
        re.compile("|".join(rules.words("no_body_acronyms")) or "(?!)"),
        re.compile(rf"^\s*$|(?<!\w)(?:{'|'.join(rules.words('name_articles'))})\s+$|[.;:]\s*$", re.IGNORECASE),
        re.compile(
            rf"(?:\s*\({ACRONYM}\))?(?:,\s+|,?\s+(?P<and>{and_})\s+)"
            rf"(?:(?P<again>{'|'.join(rules.words('agent_joints')) or '(?!)'})\s+)?(?:(?:{articles})\s+)?"
        ),
        re.compile(rf"[\d¹²³⁴-⁹]*,?\s+(?:{'|'.join(rules.words('joints_and'))})\s"),
        re.compile(rf"\s+(?:{and_})\s+(?:(?:{articles})\s+)?"),
        re.compile(rf"\s(?:{'|'.join(rules.words('joints_for')) or '(?!)'})\s+(?:{articles})\s"),
        re.compile(rf"(?:\s*\({ACRONYM}\))?\s+(?:{adverb}\s+)?(?:{verbs})(?!\w|\s+(?:{reduced})\b)"),
        re.compile(rf"(?<!\w)(?:{openers})\s+(?:(?:{articles})\s+)?$"),
        re.compile(rf"(?<!\w)(?:{ends})$"),
    )


def _alone(rules: Rules) -> re.Pattern[str]:
    """What stands before a body's acronym, and behind it no word that says that it is something else's."""
    articles, verbs, names, openers = (
        "|".join(rules.words(key)) for key in ("name_articles", "acronym_openers", "names_alone", "no_actor_openers")
    )
    three, four = r"[A-ZÑ]{3,}(?:/[A-ZÑ]{2,})?", r"[A-ZÑ]{4,}"
    return re.compile(
        rf"(?:(?:(?<![\w-])(?i:{articles})\s+|^|(?<=[.;:])\s+)(?P<short>{three})|(?<![\w-])(?i:{verbs})\s+(?P<long>{four})"
        rf"|(?<![\w-])(?P<name>{names}))(?![\w/(-]|\s+(?:\(|[A-Z]|(?:{openers})(?!\w)))"
    )


def alone(text: str, parts: Roles) -> Iterator[tuple[int, int]]:
    """Where acronyms stand that no name was printed with, as bodies' do, and bodies known by one word."""
    for match in parts.alone.finditer(text):
        start, end = match.span(str(match.lastgroup))
        if parts.no_acronym.fullmatch(text[start:end]) is None:
            yield start, end


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
            may = _may_act(words, match["acronym"], agent, parts) or _is_short(words, text[:start], agent, parts)
            if parts.before.search(text[:start]) is None and may:
                closed = end == match.end("name")
                yield start, _end(match) if closed else end, words, match["acronym"] if closed else None
    yield from _called(text, parts, is_country)
    for match in known.institution.finditer(text):
        start = _behind_and(text, _begins(text, match, known), match.end("name"), is_country)
        words = text[start : match.end("name")]
        if _is_of_country(text, start, words, is_country) and not parts.none.search(words):
            yield start, _end(match), words, match["acronym"]


def _called(text: str, parts: Roles, is_country: Callable[[str], bool]) -> Iterator[tuple[int, int, str, str | None]]:
    """The names that stand behind a noun for bodies, each of a list alone, also those of one word."""
    for match in parts.called.finditer(text):
        start, last = match.start("name"), match.end("names")
        gaps = [(gap.start(), gap.end()) for gap in parts.gap.finditer(text, start, last) if gap.end() < last]
        for end, following in (*gaps, (last, last)):
            words = text[start:end].split(" (")[0]
            acronym = match["acronym"] if words == match["name"] else None
            if words[:1].isupper() and not is_country(words) and parts.no_acronym.fullmatch(words) is None:
                yield start, end, words, acronym
            start = following


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
    many = capitals(words) > 1
    two_places = not agent and acronym is None and _TWO_WORDS.fullmatch(words) is not None
    other = acronym is not None and parts.no_acronym.fullmatch(acronym) is not None
    if not many or words.isupper() or two_places or other or parts.none.search(words):
        return False
    ends = parts.no_ends.search(words)
    return ends is None or (agent and acronym is not None and is_made_of(acronym, words))


def _is_short(words: str, before: str, agent: bool, parts: Roles) -> bool:
    """Whether a name is an acronym that stands as a body's does: ``La SENAD mantiene``, ``offered by the DEA``."""
    return _is_acronym(words, parts) and (agent or parts.article.search(before) is not None)


def _is_acronym(words: str, parts: Roles) -> bool:
    """Whether a name is an acronym that may be a body's: three letters at least, and not ``HIV``."""
    short = re.fullmatch(ACRONYM, words) is not None and words.isupper() and len(words) > 2
    return short and parts.no_acronym.fullmatch(words) is None


def _is_of_country(text: str, start: int, words: str, is_country: Callable[[str], bool]) -> bool:
    """Whether a name ends with the country's own, with no small word before that: ``Health Canada``."""
    *before, last = words.split()
    first = not text[:start].strip() or text[:start].rstrip()[-1] in ".;:"
    enough = 2 if first else 1
    return len(before) >= enough and before[-1][0].isupper() and is_country(last)


def listed(text: str, bodies: Sequence[tuple[int, int]], known: Forms, parts: Roles) -> Iterator[tuple[int, int]]:
    """Names that are bodies' because the others in their list are: ``the Army, Teen Challenge and the Police``.

    ``bodies``: where the bodies of the text stand, in order. A list has *and* before the last
    of three names, or of two of which the other is an acronym, or *by* again (``by the Ministry and by Hogar Vida``),
    or that do, or have done by them, what bodies do (``the Ministry and Hogar Vida offer``).
    """
    runs = [
        (max(match.start("name") + start, _begins(text, match, known)), match.start("name") + end)
        for match in known.institution.finditer(text)
        for start, end in single(match["name"], match["acronym"], known, lambda _: False)
    ]
    free = [run for run in runs if not any(first < run[1] and run[0] < last for first, last in bodies)]
    names = sorted((*bodies, *(run for run in free if _may_be_listed(text[slice(*run)], parts))))
    for chain, joined in _chains(text, names, parts):
        again = parts.gap.fullmatch(text, chain[-2][1], chain[-1][0]) if joined else None
        enough = len(chain) > 2 or all(text[slice(*name)].isupper() for name in chain if name not in bodies)
        enough = enough or (again is not None and again["again"] is not None)
        enough = enough or parts.acts.match(text, chain[-1][1]) is not None
        enough = enough or parts.opens.search(text[: chain[0][0]]) is not None
        if joined and enough and any(name in bodies for name in chain):
            yield from (name for name in chain if name not in bodies)


def split(text: str, bodies: Sequence[tuple[int, int]], parts: Roles) -> Iterator[tuple[tuple[int, int], int, int]]:
    """Bodies that are two: the last of a list that has no other *and*; with where the first ends, the second begins.

    ``the Salvation Army, Teen Challenge and Narcotics Anonymous``.
    """
    for chain, joined in _chains(text, sorted(bodies), parts):
        start, end = chain[-1]
        goes_on = joined or len(chain) == 1 or "," in text[start:end] or parts.goes_on.match(text, end) is not None
        joint = None if goes_on else next(iter(parts.joint.finditer(text, start, end)), None)
        aims = joint is not None and parts.aim.search(text, start, joint.start()) is not None
        if (
            joint is not None
            and not aims
            and min(capitals(text[start : joint.start()]), capitals(text[joint.end() : end])) > 1
        ):
            yield (start, end), joint.start(), joint.end()


def _chains(text: str, names: Sequence[tuple[int, int]], parts: Roles) -> Iterator[tuple[list[tuple[int, int]], bool]]:
    """Names with only commas and *and* between them, and whether there is an *and* before the last."""
    chain: list[tuple[int, int]] = []
    joined = False
    for name in names:
        gap = parts.gap.fullmatch(text, chain[-1][1], name[0]) if chain else None
        if chain and (gap is None or joined):
            yield chain, joined
            chain = []
        joined = gap is not None and gap["and"] is not None and bool(chain)
        chain.append(name)
    if chain:
        yield chain, joined


def _may_be_listed(words: str, parts: Roles) -> bool:
    """Whether a name may be a body's where it stands among bodies: no person, document, place or several."""
    if re.fullmatch(ACRONYM, words) and words.isupper():
        return _is_acronym(words, parts)
    other = parts.none.search(words) or parts.no_ends.search(words)
    return capitals(words) > 1 and other is None and _TWO_WORDS.fullmatch(words) is None

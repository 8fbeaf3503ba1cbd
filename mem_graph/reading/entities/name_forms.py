"""What names look like that stand in no table: capitals, a head such as *Commission* or *Secretaría*, small words.

An English name ends with its head or has it before *of*; a Spanish one begins with it. Which words are heads, joints
and articles is data (``data/rules/*/names.toml``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mem_graph.reading.entities.name_lists import ACRONYM, CAPITALISED, listed
from mem_graph.reading.rules import Rules, expression

BRACKETED = re.compile(rf"\(({ACRONYM})\)")
YEARS = r"(?:,?\s*\(?(?P<from>(?:19|20)\d\d)(?:\s*[-\u2013/]\s*(?P<to>(?:19|20)\d\d))?\)?)"
_ALL_CAPITALS = re.compile(rf"(?!\w*[a-z]-[A-Z]){ACRONYM}(?![\w-])")


@dataclass(frozen=True, slots=True)
class Forms:
    """The expressions by which names are known by their form, in one language."""

    institution: re.Pattern[str]
    head: re.Pattern[str]
    headed: re.Pattern[str]
    """A name that begins with its head, which words such as *General* may precede: ``General Directorate of …``."""
    openers: re.Pattern[str]
    """Capitalised words before a name at the beginning of a sentence."""
    plan: re.Pattern[str]
    plan_openers: re.Pattern[str]
    no_body: re.Pattern[str]
    """What a body's name does not begin or end with."""
    act: re.Pattern[str]
    """The end of an act's name, whatever stands before it: ``National Council for Drug Control Act``."""
    several: re.Pattern[str]
    """What stands before a noun of which there are several: ``a Drug Court``."""
    other: re.Pattern[str]
    """What stands before the name of something else, also before others of a list: ``the programme Hogar Seguro``."""
    of_office: re.Pattern[str]
    """An owner whose *'s* belongs to the name: ``Public Prosecutor's Office``, ``Ministry of People's Power``."""
    joint: re.Pattern[str]
    """Where one name may end and another begin: *and* or *of*, with an article or not; or an owner's *'s*."""
    general: re.Pattern[str]
    """Words that alone make no name of a head: ``Dirección General``."""
    before: re.Pattern[str]
    """Words before a head that belong to the name: ``Honorable Cámara``."""
    article: re.Pattern[str]
    """An article at the end of what stands before a head."""
    plain: re.Pattern[str]
    """Heads that are plain nouns, too: ``Impuestos y Aduanas``."""
    qualifier: re.Pattern[str]
    """What alone is no body before *and*, though it ends with a head: ``National Customs and Tax Superintendency``."""
    never_whole: re.Pattern[str]
    """Heads that belong to the name before *of the*: ``Superintendencia de las Instituciones del Sector Bancario``."""
    without: re.Pattern[str]
    """Small words that no name which ended with its head goes on with: ``Financial Intelligence Unit to the …``."""
    loose_end: re.Pattern[str]
    """Small words at the end of words from which a name was cut."""
    sent: re.Pattern[str]
    """Heads of bodies that are sent to another: ``Permanent Mission of Belize to the Organization of …``."""
    foreign: re.Pattern[str]
    """A name of another language, its head at its other end: ``Carlton House``; in English ``Hogares Crea``."""
    heads_first: bool


@lru_cache(maxsize=8)
def forms(rules: Rules) -> Forms:
    """The forms of names in the language of the rules."""
    joints, heads, plans = ("|".join(rules.words(key)) for key in ("name_joints", "institution_heads", "plan_heads"))
    words = {key: "|".join(rules.words(key)) for key in ("joints_and", "joints_of", "name_articles", "general_words")}
    first = bool(rules.words("heads_first"))
    foreign = "|".join(rules.words("foreign_heads")) or "(?!)"
    heads = heads if first else f"{heads}|{foreign}"
    lists = list(listed(heads, rules))
    names_of_lists = "|".join(lists)
    leads = "|".join(rules.words("plan_openers"))
    bare = _no_bare_article(rules)
    title = r"(?:\s+[\"“«][^\"“”«»]{2,60}[\"”»])?" if first else ""
    months = rf"(?!(?i:{'|'.join(rules.words('months'))})\b)" if not first else ""
    step = rf"\s+{bare}(?:(?:{joints})\s+)*{months}(?:d['’])?"
    inside = "|".join(lists[:2])
    word = rf"{CAPITALISED}(?:{step}{CAPITALISED})"
    run = rf"{word}*?{step}(?:{inside})|{word}*{title}"
    name = rf"(?:(?:(?:{leads})\s+)?(?:{names_of_lists})|{run})"
    places = rf"\s+(?:{'|'.join(rules.words('places_behind')) or '(?!)'})(?!\w)"
    owner = r"|(?P<owner>\w's)\s+" if not first else ""
    article = rf"(?P<article>(?:{words['name_articles']})\s+)?"
    behind = (
        rf"(?:\s+(?:(?P<again>{'|'.join(rules.words('joints_again'))})|{'|'.join(rules.words('joints_behind_and'))}))?"
    )
    starts, ends = ("|".join(rules.words(key)) for key in ("no_body_starts", "no_body_ends"))
    return Forms(
        expression(rf"(?<![\w-])(?P<name>{name})(?!{places})(?:\s*\((?P<acronym>{ACRONYM})\))?"),
        expression(rf"(?<![\w-])(?:{heads})(?![\w-])"),
        expression(rf"(?:(?:{words['general_words']}) )*(?:{heads})(?![\w-])(?:$| (?:{joints})(?!\w))"),
        expression(rf"(?:{'|'.join(rules.words('name_openers'))})\s+(?:(?:{words['name_articles']})\s+)?"),
        expression(
            rf"(?<![\w-])(?P<name>(?:{CAPITALISED}\s+)*(?:{plans})"
            rf"(?:\s+(?:(?:{joints})\s+)+{CAPITALISED}(?:\s+{CAPITALISED})*|\s+{CAPITALISED})*){YEARS}?"
            if first
            else rf"(?<![\w-])(?P<name>(?:{CAPITALISED}\s+)*(?:{plans})"
            rf"(?:\s+(?:(?:{joints})\s+)+{CAPITALISED}(?:\s+{CAPITALISED})*)*){YEARS}?"
        ),
        expression(rf"^(?:{'|'.join(rules.words('plan_openers'))})\s+"),
        expression(rf"^(?:{starts})(?!\w)|(?<!\w)(?:{ends})$"),
        expression(rf"(?<!\w)(?:{'|'.join(rules.words('acts')) or '(?!)'})$"),
        expression(rf"(?<!\w)(?:{'|'.join(rules.words('indefinites'))}) $", re.IGNORECASE),
        _of_something_else(rules),
        expression(rf"(?<!\w)(?:{'|'.join(rules.words('owners_in_names')) or '(?!)'})$"),
        expression(rf"\s+(?:(?P<and>{words['joints_and']}){behind}|(?P<of>{words['joints_of']}))\s+{article}{owner}"),
        expression(rf"^(?:(?:{'|'.join(rules.words('abstract_heads')) or heads}|{words['general_words']})(?!\w)\s*)+"),
        expression(rf"(?:(?:{'|'.join(rules.words('before_heads')) or '(?!)'})\s+)+"),
        expression(rf"(?<!\w)(?:{words['name_articles']})\s+$"),
        expression(rf"(?:{'|'.join(rules.words('plain_heads')) or '(?!)'})(?!\w)"),
        expression(
            rf"(?:(?:{words['general_words']})\s+)*(?:{'|'.join(rules.words('qualifying_heads')) or '(?!)'})(?!\w)"
        ),
        expression(rf"(?:{'|'.join(rules.words('never_whole')) or '(?!)'})(?!\w)"),
        expression(
            rf"\s+(?:(?P<place>{'|'.join(rules.words('joints_of_place')) or '(?!)'})"
            rf"|(?P<other>{'|'.join(rules.words('joints_before_others'))})(?=\s+(?:{words['name_articles']})\s|(?<=\bal)\s)"
            rf"|{'|'.join(rules.words('joints_behind_names')) or '(?!)'})\s+{article}"
        ),
        expression(rf"(?:\s+(?:{joints}))*\s*$"),
        expression(rf"(?<!\w)(?:{'|'.join(rules.words('sent_heads')) or '(?!)'})(?!\w)"),
        expression(
            rf"^(?:{foreign})(?!\w)"
            if not first
            else r"^[^a-záéíóúñ ]\S*(?: (?:of|for|and|the|on|in|with|[A-Z]\S*))* "
            rf"(?:{foreign})$"
        ),
        first,
    )


def _of_something_else(rules: Rules) -> re.Pattern[str]:
    """Words before a name that say that it is a programme's, a course's; other names of its list may stand between."""
    openers, joints = ("|".join(rules.words(key)) or "(?!)" for key in ("no_actor_openers", "joints_and"))
    name = rf"{CAPITALISED}(?:\s+{CAPITALISED})*(?:,\s+|\s+(?:{joints})\s+)"
    return expression(rf"(?<!\w)(?i:{openers})\s+[\"“«]?(?:{name})*$")


def _no_bare_article(rules: Rules) -> str:
    """No article behind a noun, which would open another name: ``integra el Grupo Egmont la Unidad …``."""
    behind = "".join(rf"(?<=\b{word}\s)|" for word in rules.words("capital_joints"))
    return rf"(?:{behind}(?!(?:{'|'.join(rules.words('name_articles'))})\s))"


def may_be_body(text: str, start: int, words: str, acronym: str | None, known: Forms) -> bool:
    """Whether a name of that form is one body's own: no person or document, and none of several (``a Drug Court``).

    What has an acronym of its own is none of several, and no programme.
    """
    if acronym is None and known.heads_first and known.other.search(text[:start]) is not None:
        return False
    other = known.no_body.search(words)
    if other is not None and other.start() == 0 and _ends_with_head(words, known) and re.search(r"\w(?:'s|s') ", words):
        other = None  # "Chief Magistrate's Court"
    if not known.heads_first and _is_of_no_body(words, known):
        return False
    headed = known.headed.match(words) is not None and other is not None and other.start() > 0
    headed = headed and known.act.search(words) is None
    several = acronym is None and known.several.search(text[:start]) is not None
    return not several and (other is None or headed)


def _is_of_no_body(words: str, known: Forms) -> bool:
    """Whether what stands before *for* is no body: ``Automated System for Customs Data``."""
    first, *behind = words.split(" for ")
    ends = known.no_body.search(first)
    return bool(behind) and ends is not None and ends.start() > 0 and known.head.search(first) is None


def is_headed(words: str, known: Forms) -> bool:
    """Whether a name has a head where one belongs."""
    if known.heads_first:
        title = known.before.match(words)
        return known.head.match(words, title.end() if title else 0) is not None or _is_foreign(words, known)
    return known.head.search(words) is not None


def _is_foreign(words: str, known: Forms) -> bool:
    """Whether a name is one of the other language, by the head at its other end."""
    return known.foreign.search(words) is not None


def single(name: str, acronym: str | None, known: Forms, owns: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """The parts of a run of capitalised words that are names of their own.

    No article or owner before, no second name. ``owns``: whether words name who a body can belong to.
    """
    cuts, ends = [0], []
    loose = (match for match in known.without.finditer(name) if _is_ended(name, match, known, owns))
    for joint in sorted((*known.joint.finditer(name), *loose), key=lambda match: match.start()):
        if (
            joint.start() >= cuts[-1]
            and not _is_in_owner(name, joint, owns)
            and ("and" not in joint.groupdict() or _parts(name, cuts[-1], joint, known, owns))
        ):
            ends.append(joint.start() + (1 if joint.groupdict().get("owner") else 0))
            cuts.append(joint.end())
    parts = [(_begins(name, start, end, known), end) for start, end in zip(cuts, [*ends, len(name)], strict=True)]
    yield from _closed(name, parts, acronym) if acronym else parts


def _is_in_owner(name: str, joint: re.Match[str], owns: Callable[[str], bool]) -> bool:
    """Whether *and* stands inside the name of a state: ``Royal Saint Vincent and the Grenadines Police Force``."""
    if not joint.groupdict().get("and"):
        return False
    before, behind = name[: joint.start()].split()[-2:], name[joint.end() :].split()[:1]
    between = name[joint.start() : joint.end()]
    return any(
        owns(f"{' '.join(before[at:])}{between}{' '.join(behind)}".removesuffix("'s")) for at in range(len(before))
    )


def _is_ended(name: str, joint: re.Match[str], known: Forms, owns: Callable[[str], bool]) -> bool:
    """Whether a name has ended before a small word: it ends with its head, or a state's name follows that alone."""
    before, behind = name[: joint.start()], name[joint.end() :]
    if joint["other"] and known.sent.search(before) is None and _begins_a_name(behind, known):
        return True
    if known.heads_first:
        return owns(behind) or (joint.groupdict().get("article") is None and _is_foreign(before, known))
    ends = _ends_with_head(re.split(r"\s+(?:of|and)\s+(?:the\s+)?", before)[-1], known) or _ends_with_head(
        before, known
    )
    return ends and (joint["place"] is not None or owns(behind) or known.head.search(behind) is not None)


def _begins_a_name(words: str, known: Forms) -> bool:
    """Whether what follows a small word and an article begins with a head, or with what begins no name of a body."""
    head = known.head.match(words) if known.heads_first else known.head.search(words)
    return head is not None or known.no_body.match(words) is not None


def _closed(name: str, parts: Sequence[tuple[int, int]], acronym: str) -> Sequence[tuple[int, int]]:
    """The parts, the last ones as one where their acronym is made of all of them: ``Impuestos y Aduanas (DIAN)``."""
    for at, (start, _) in enumerate(parts):
        last = name[parts[-1][0] :]
        if is_made_of(acronym, name[start:]) and not is_made_of(acronym, last):
            return [*parts[:at], (start, len(name))]
    return parts


def is_made_of(acronym: str, words: str) -> bool:
    """Whether the letters of an acronym are beginnings of the words of a name in order, the first word's among them."""
    letters = [letter for letter in _plainly(acronym) if letter.isalpha()]
    names = [word for word in re.split(r"[\s,-]+", _plainly(words)) if word[:1].isupper()]
    begins = bool(letters and names) and names[0][0] == letters[0] and _ALL_CAPITALS.fullmatch(names[0]) is None
    return begins and _is_spelled("".join(letters).casefold(), names)


def _is_spelled(letters: str, names: Sequence[str]) -> bool:
    """Whether letters can be shared out to beginnings of words, one or more to each that takes any."""
    if not letters:
        return True
    return any(
        _is_spelled(letters[length:], names[at + 1 :])
        for at, word in enumerate(names)
        for length in range(len(word), 0, -1)
        if letters.startswith(word[:length].casefold())
    )


def _plainly(words: str) -> str:
    """Words without accents."""
    return unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()


def _begins(name: str, start: int, end: int, known: Forms) -> int:
    """Where a name begins behind an article; a Spanish one begins with its head, or with a title before that."""
    article = known.openers.match(name, start, end)
    first = article.end() if article else start
    if known.heads_first and not is_headed(name[first:end], known):
        heads = (head.start() for head in known.head.finditer(name, first, end))
        return next((head for head in heads if not _is_plain(name, head, known)), first)
    return first


def _is_plain(name: str, head: int, known: Forms) -> bool:
    """Whether a head inside a name is a plain noun there, with no article of its own."""
    return known.plain.match(name, head) is not None and known.article.search(name, 0, head) is None


def _parts(name: str, start: int, joint: re.Match[str], known: Forms, owns: Callable[[str], bool]) -> bool:
    """Whether a joint stands between two names, not inside one."""
    part, following = name[start : joint.start()], name[joint.end() :]
    if joint.groupdict().get("owner"):
        owner = known.openers.sub("", part + joint["owner"][0], count=1)
        if known.of_office.search(owner) is not None:
            return False
        return known.head.search(owner) is not None or _ALL_CAPITALS.fullmatch(owner) is not None or owns(owner)
    acronym = _ALL_CAPITALS.match(following) is not None and known.head.search(part) is not None
    short = _ALL_CAPITALS.fullmatch(known.openers.sub("", part)) is not None
    if joint["and"] and short and _ALL_CAPITALS.match(following):
        return True
    if joint["and"] and short and known.head.search(following):
        return joint["article"] is not None or known.head.match(following) is not None
    if joint["of"]:
        loose = joint["of"] == "de"
        return (acronym and len(part.split()) > 1) or (not loose and _is_whole(part, following, known))
    return acronym or _is_second(part, joint, following, known)


def _is_second(part: str, joint: re.Match[str], following: str, known: Forms) -> bool:
    """Whether *and* joins two bodies: the second begins with a head, or has an article and a head of its own."""
    article = joint["article"] is not None
    if not known.heads_first and _is_foreign(known.openers.sub("", part, count=1), known):
        return True
    if _goes_on(part, joint, following, known):
        return False
    if joint["again"] and (article or (not known.heads_first and known.head.search(following) is not None)):
        return True  # "… y en el Buró de …", "with Mexico and with Joint Task Force South"
    if article and ((_is_closed(part, known) and len(following.split()) > 1) or following[:1].islower()):
        return True  # "… y el de la Juventud"
    if known.heads_first:
        closed = _is_closed(part, known) and known.general.sub("", known.openers.sub("", part, count=1)) != ""
        several = len(following.split()) > 1 and (known.plain.match(following) is None or closed)
        return is_headed(following, known) and (article or several)
    headless = known.head.search(following) is None and capitals(following) > 1
    if headless and " of " not in part and not part.endswith("s") and _ends_with_head(part, known):
        return True  # "the Good Samaritan Home and Mustard Seed Communities"
    begins = known.head.match(following) is not None and not ("," in part and known.plain.match(following))
    own = article and (known.head.search(part) is not None or _has_own_head(following, known))
    if _ends_with_head(part, known) and _has_own_head(following, known):
        return True
    return begins or (own and known.head.search(following) is not None)


def _goes_on(part: str, joint: re.Match[str], following: str, known: Forms) -> bool:
    """Whether *and* joins only the words that say whose matter a body is.

    ``National Penitentiary and Prison Institute``, ``Her Majesty's Revenue and Customs``.
    """
    if known.heads_first or joint["article"] is not None:
        return False
    part = known.openers.sub("", part, count=1)
    alone = len(following.split()) == 1 and not _ends_with_head(part, known)
    return alone or known.qualifier.fullmatch(part) is not None


def _is_closed(words: str, known: Forms) -> bool:
    """Whether a name of two words or more may have come to its end: no small word in it, a head first in Spanish."""
    words = known.openers.sub("", words, count=1)
    whole = len(words.split()) > 1 and all(word[0].isupper() for word in words.split())
    return whole and (is_headed(words, known) if known.heads_first else known.general.fullmatch(words) is None)


def _ends_with_head(words: str, known: Forms) -> bool:
    """Whether a name of two words or more ends with its head: ``Rebirth House``."""
    words = known.openers.sub("", words, count=1)
    ends = [match.end() for match in known.head.finditer(words)]
    return bool(ends) and ends[-1] == len(words) and len(words.split()) > 1


def _has_own_head(words: str, known: Forms) -> bool:
    """Whether a name has a head with a capitalised word before it: ``Richmond Fellowship Jamaica``."""
    return any(" " in words[: match.end()].strip() for match in known.head.finditer(words.split(" of ")[0]))


def _is_whole(part: str, whole: str, known: Forms) -> bool:
    """Whether *of* stands between two bodies.

    ``Narcotics Division of the Constabulary Force``, not ``Ministry of Health``, nor ``Dirección General de la …``.
    """
    part = known.openers.sub("", re.sub(r"^[Tt]he\s+", "", part), count=1)
    whole = _first(whole, known)
    if known.of_office.search(part) is not None:
        return False
    if known.heads_first:
        if known.head.match(whole) is None or known.never_whole.match(whole) is not None:
            return False
        own = [
            word for word in known.general.sub("", known.openers.sub("", part, count=1)).split() if word[0].isupper()
        ]
        return bool(own) and len(whole.split()) > 1 and known.head.search(part) is not None
    if known.plan.fullmatch(part) is not None and known.head.match(whole) is not None:
        return True
    both = known.head.search(part) and known.head.search(whole)
    named = known.general.fullmatch(part) is None
    return named and capitals(part) > 1 and capitals(whole) > 1 and bool(both)


def _first(names: str, known: Forms) -> str:
    """The first of two names that *and* joins; both, where only together they have a head: ``Food and Drug Board``."""
    first, *others = re.split(r"\s+(?:and|or)\s+", names)
    one = bool(others) and not known.head.search(first) and not others[0][:1].islower()
    return f"{first} and {others[0]}" if one and known.head.match(others[0]) is None else first


def capitals(words: str) -> int:
    """How many words of a name begin with a capital."""
    return sum(word[0].isupper() for word in words.split())

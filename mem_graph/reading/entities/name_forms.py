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

from mem_graph.reading.rules import Rules

CAPITALISED = r"(?:(?:St|Mt|U\.S|U\.K)\.|[A-ZÁÉÍÓÚÑ][\w'-]*)"
ACRONYM = r"[A-ZÁÉÍÓÚÑ][\w&/-]*[A-ZÁÉÍÓÚÑ][\w&/-]*"
YEARS = r"(?:,?\s*\(?(?P<from>(?:19|20)\d\d)(?:\s*[-\u2013/]\s*(?P<to>(?:19|20)\d\d))?\)?)"
_ALL_CAPITALS = re.compile(rf"{ACRONYM}(?![\w-])")


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
    heads_first: bool


@lru_cache(maxsize=8)
def forms(rules: Rules) -> Forms:
    """The forms of names in the language of the rules."""
    joints, heads, plans = ("|".join(rules.words(key)) for key in ("name_joints", "institution_heads", "plan_heads"))
    words = {key: "|".join(rules.words(key)) for key in ("joints_and", "joints_of", "name_articles", "general_words")}
    first = bool(rules.words("heads_first"))
    listed = "|".join(_listed(heads, rules))
    leads = "|".join(rules.words("plan_openers"))
    name = rf"(?:(?:(?:{leads})\s+)?(?:{listed})|{CAPITALISED}(?:\s+(?:(?:{joints})\s+)*{CAPITALISED})*)"
    owner = r"|(?P<owner>\w's)\s+" if not first else ""
    article = rf"(?P<article>(?:{words['name_articles']})\s+)?"
    behind = rf"(?:\s+(?:{'|'.join(rules.words('joints_behind_and'))}))?"
    starts, ends = ("|".join(rules.words(key)) for key in ("no_body_starts", "no_body_ends"))
    return Forms(
        re.compile(rf"(?<![\w-])(?P<name>{name})(?:\s*\((?P<acronym>{ACRONYM})\))?"),
        re.compile(rf"(?<![\w-])(?:{heads})(?![\w-])"),
        re.compile(rf"(?:(?:{words['general_words']}) )*(?:{heads})(?![\w-])(?:$| (?:{joints})(?!\w))"),
        re.compile(rf"(?:{'|'.join(rules.words('name_openers'))})\s+(?:(?:{words['name_articles']})\s+)?"),
        re.compile(
            rf"(?<![\w-])(?P<name>(?:{CAPITALISED}\s+)*(?:{plans})"
            rf"(?:\s+(?:(?:{joints})\s+)+{CAPITALISED}(?:\s+{CAPITALISED})*|\s+{CAPITALISED})*){YEARS}?"
            if first
            else rf"(?<![\w-])(?P<name>(?:{CAPITALISED}\s+)*(?:{plans})"
            rf"(?:\s+(?:(?:{joints})\s+)+{CAPITALISED}(?:\s+{CAPITALISED})*)*){YEARS}?"
        ),
        re.compile(rf"^(?:{'|'.join(rules.words('plan_openers'))})\s+"),
        re.compile(rf"^(?:{starts})(?!\w)|(?<!\w)(?:{ends})$"),
        re.compile(rf"(?<!\w)(?:{'|'.join(rules.words('acts')) or '(?!)'})$"),
        re.compile(rf"(?<!\w)(?:{'|'.join(rules.words('indefinites'))}) $", re.IGNORECASE),
        re.compile(rf"\s+(?:(?P<and>{words['joints_and']}){behind}|(?P<of>{words['joints_of']}))\s+{article}{owner}"),
        re.compile(rf"^(?:(?:{heads}|{words['general_words']})(?!\w)\s*)+"),
        re.compile(rf"(?:(?:{'|'.join(rules.words('before_heads')) or '(?!)'})\s+)+"),
        re.compile(rf"(?<!\w)(?:{words['name_articles']})\s+$"),
        re.compile(rf"(?:{'|'.join(rules.words('plain_heads')) or '(?!)'})(?!\w)"),
        first,
    )


def _listed(heads: str, rules: Rules) -> Iterator[str]:
    """Names that are lists: ``Ministry of Agriculture, Land and Fisheries``, ``Chemistry, Food and Drugs Division``."""
    either = "|".join(rules.words("plain_heads")) or "(?!)"
    plain = rf"(?!(?:The|(?!(?:{either})(?!\w))(?:{heads}))(?!\w)){CAPITALISED}"
    words = rf"{plain}(?:\s+{plain})*"
    joint = "|".join(rules.words("joints_and"))
    of = "|".join((*rules.words("joints_of"), *rules.words("joints_for")))
    lists = "|".join(rules.words("list_heads"))
    general = "|".join(rules.words("general_words")) or "(?!)"
    yield (
        rf"(?:(?:{general})\s+)*(?:{lists})(?:\s+(?:{general}))*\s+(?:{of})\s+(?:the\s+)?{words}(?:,\s+{words}){{1,3}},?\s+(?:{joint})\s+"
        rf"{words}(?!\s+(?:{heads})(?!\w))(?:\s+(?:{of})\s+(?:the\s+)?{words}(?:\s+and\s+{words})?)?"
    )
    yield _listed_behind(plain, heads, rules)
    if not rules.words("heads_first"):
        yield rf"{plain}(?:,\s+{plain}){{1,2}},?\s+(?:{joint})\s+{words}\s+(?:{heads})(?!\w)"


def _listed_behind(plain: str, heads: str, rules: Rules) -> str:
    """A list behind any head, closed by the acronym of the whole: ``Institute for Alcoholism, Drugs and … (IADD)``."""
    joints, joint = ("|".join(rules.words(key)) for key in ("name_joints", "joints_and"))
    article = rf"(?:(?:{'|'.join(rules.words('name_articles'))})\s+)?"
    item = rf"{article}{plain}(?:\s+(?:(?:{joints})\s+)*{plain})*"
    lead = "" if rules.words("heads_first") else rf"(?:{plain}\s+)*"
    return (
        rf"{lead}(?:{heads})(?:\s+{plain})*(?:\s+(?:{joints}))+\s+{item}(?:,\s+{item}){{1,4}},?\s+(?:{joint})\s+{item}"
        rf"(?=\s*\({ACRONYM}\))"
    )


def may_be_body(text: str, start: int, words: str, acronym: str | None, known: Forms) -> bool:
    """Whether a name of that form is one body's own: no person or document, and none of several (``a Drug Court``).

    What has an acronym of its own is none of several.
    """
    other = known.no_body.search(words)
    if other is not None and other.start() == 0 and _ends_with_head(words, known) and re.search(r"\w's ", words):
        other = None  # "Chief Magistrate's Court"
    headed = known.headed.match(words) is not None and other is not None and other.start() > 0
    headed = headed and known.act.search(words) is None
    several = acronym is None and known.several.search(text[:start]) is not None
    return not several and (other is None or headed)


def is_headed(words: str, known: Forms) -> bool:
    """Whether a name has a head where one belongs."""
    if known.heads_first:
        title = known.before.match(words)
        return known.head.match(words, title.end() if title else 0) is not None
    return known.head.search(words) is not None


def single(name: str, acronym: str | None, known: Forms, owns: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """The parts of a run of capitalised words that are names of their own.

    No article or owner before, no second name. ``owns``: whether words name who a body can belong to.
    """
    cuts, ends = [0], []
    for joint in known.joint.finditer(name):
        if _parts(name, cuts[-1], joint, known, owns):
            ends.append(joint.start() + (1 if joint.groupdict().get("owner") else 0))
            cuts.append(joint.end())
    parts = [(_begins(name, start, end, known), end) for start, end in zip(cuts, [*ends, len(name)], strict=True)]
    yield from _closed(name, parts, acronym) if acronym else parts


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
        return known.head.search(owner) is not None or _ALL_CAPITALS.fullmatch(owner) is not None or owns(owner)
    acronym = _ALL_CAPITALS.match(following) is not None and known.head.search(part) is not None
    if joint["and"] and _ALL_CAPITALS.fullmatch(known.openers.sub("", part)) and known.head.search(following):
        return joint["article"] is not None or known.head.match(following) is not None
    if joint["of"]:
        loose = joint["of"] == "de"
        return (acronym and len(part.split()) > 1) or (not loose and _is_whole(part, following, known))
    return acronym or _is_second(part, joint, following, known)


def _is_second(part: str, joint: re.Match[str], following: str, known: Forms) -> bool:
    """Whether *and* joins two bodies: the second begins with a head, or has an article and a head of its own."""
    article = joint["article"] is not None
    if article and _is_closed(part, known) and len(following.split()) > 1:
        return True
    if known.heads_first:
        several = len(following.split()) > 1 and known.plain.match(following) is None
        return is_headed(following, known) and (article or several)
    begins = known.head.match(following) is not None
    own = article and known.head.search(part) is not None
    if _ends_with_head(part, known) and _ends_with_head(following, known):
        return True
    return begins or (own and known.head.search(following) is not None)


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


def _is_whole(part: str, whole: str, known: Forms) -> bool:
    """Whether *of* stands between two bodies.

    ``Narcotics Division of the Constabulary Force``, not ``Ministry of Health``, nor ``Dirección General de la …``.
    """
    part = known.openers.sub("", re.sub(r"^[Tt]he\s+", "", part), count=1)
    whole = re.split(r"\s+(?:and|or)\s+", whole)[0]
    if known.heads_first:
        if known.head.match(whole) is None:
            return False
        own = [
            word for word in known.general.sub("", known.openers.sub("", part, count=1)).split() if word[0].isupper()
        ]
        return bool(own) and len(whole.split()) > 1 and known.head.search(part) is not None
    both = known.head.search(part) and known.head.search(whole)
    return _capitals(part) > 1 and _capitals(whole) > 1 and bool(both)


def _capitals(words: str) -> int:
    return sum(word[0].isupper() for word in words.split())

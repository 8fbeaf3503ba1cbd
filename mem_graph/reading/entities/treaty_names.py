"""How instruments are called: names of the table, with their years, what amends or supplements them, short names.

A report may give an instrument a short name of its own (``hereinafter the "Caracas Convention"``), which then stands
for it in every chapter. Which words give one, and which say *as amended by*, is data
(``data/rules/*/instruments.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from mem_graph.model import Sureness
from mem_graph.reading.entities.name_lists import ACRONYM, CAPITALISED
from mem_graph.reading.rules import Cue, Rules, compiled, expression, pattern
from mem_graph.vocabulary import TreatyName

_GAP = re.compile(r"[\s,]*")
_OWN_ACRONYM = re.compile(rf"\(({ACRONYM})\)$")


@dataclass(frozen=True, slots=True)
class Title:
    """One occurrence of an instrument's name in a text, with the short name that the report gives it there."""

    key: str
    start: int
    end: int
    short: str | None = None
    sureness: Sureness = "printed"
    rule: str = "names.table"


@dataclass(frozen=True, slots=True)
class Titles:
    """How the instruments are called that a report may name."""

    begins: re.Pattern[str]
    """The first words of names: cheap to look for."""
    name: re.Pattern[str]
    keys: tuple[str, ...]
    """The keys of the instruments, in the order of the groups of their expression."""
    head: re.Pattern[str]
    """Without one of these a sentence names no instrument."""
    enumerated: tuple[re.Pattern[str], ...]
    """Several instruments named by years or places: ``the 1961 and 1988 Conventions``."""
    by_word: Mapping[str, str]
    """The key of the instrument that is called by a year or place alone: ``1988``, ``Palermo``."""
    shared: Mapping[str, str]
    """The beginning of several instruments' names, and that of one: ``United Nations Conventions``."""
    joint: re.Pattern[str]
    """What stands between two instruments that share the beginning of their names."""
    definition: re.Pattern[str]
    """What gives a short name right behind a name."""
    amended: tuple[Cue, ...]
    supplementing: tuple[Cue, ...]
    own: Mapping[str, str] = field(default_factory=dict)
    """Short names that this report gives, with the key."""


@lru_cache(maxsize=8)
def titles(names: tuple[TreatyName, ...], rules: Rules) -> Titles:
    """Everything that instruments are called in the language of the rules."""
    longest_first = sorted(names, key=lambda treaty: (-len(treaty.name), treaty.name))
    name = expression(
        "|".join(f"(?P<i{number}>{_printed(treaty)})" for number, treaty in enumerate(longest_first)) or r"(?!)"
    )
    return Titles(
        compiled(tuple(sorted({_loose(treaty.name.split()[0]) for treaty in longest_first}))),
        name,
        tuple(treaty.treaty for treaty in longest_first),
        compiled(rules.words("instrument_heads")),
        tuple(re.compile(words) for words in rules.words("enumerated")),
        _by_word(names, rules),
        dict(line.split(" = ", 1) for line in rules.words("shared_titles")),
        re.compile(rf",?\s+(?:(?:{'|'.join(rules.words('joints_and'))})\s+)?"),
        _definition(rules),
        rules.of("amended"),
        rules.of("supplementing"),
    )


def with_short_names(known: Titles, found: Iterable[tuple[str, str | None]], taken: Iterable[str]) -> Titles:
    """The titles, knowing the short names that a report gives: pairs of key and short name, in its order.

    ``taken``: words that name something else. A short name given to two instruments is that of neither.
    """
    given: dict[str, set[str]] = {}
    for key, short in found:
        if short is not None:
            given.setdefault(short, set()).add(key)
    other = set(taken)
    own = {short: min(keys) for short, keys in given.items() if len(keys) == 1 and short not in other}
    return replace(known, own=own)


def find(text: str, known: Titles) -> Iterator[Title]:
    """Every instrument that a text names, the longest name first where names begin together."""
    found = [*_of_table(text, known), *_sharing(text, known)] if known.head.search(text) else []
    yield from found
    for title in _by_short_names(text, known):
        if not any(title.start < other.end and other.start < title.end for other in found):
            yield title


def _of_table(text: str, known: Titles) -> Iterator[Title]:
    last = 0
    for start in known.begins.finditer(text):
        title = _at(text, start.start(), known) if start.start() >= last else None
        if title is not None:
            last = title.end
            yield title
    for way in known.enumerated:
        for match in way.finditer(text):
            for word in re.finditer(r"\w+", match["years"]):
                if word[0] in known.by_word:
                    start_of = match.start("years") + word.start()
                    key, end = amended(text, known.by_word[word[0]], start_of + len(word[0]), known.amended)
                    yield Title(key, start_of, end, sureness="rule", rule="names.year")


def _sharing(text: str, known: Titles) -> Iterator[Title]:
    """Instruments that share the beginning of their names: ``the Inter-American Conventions on … and against …``."""
    for several, one in known.shared.items():
        for head in re.finditer(rf"(?<![\w-]){several} ", text):
            start, end = head.start(), head.end()
            while (match := known.name.match(f"{one} {text[end:]}")) is not None and match.end() > len(one) + 1:
                end += match.end() - len(one) - 1
                yield Title(known.keys[int(str(match.lastgroup)[1:])], start, end)
                following = known.joint.match(text, end)
                start = end = following.end() if following else len(text)


def _at(text: str, start: int, known: Titles) -> Title | None:
    """The instrument whose name begins at a place, with what amends it, whom it supplements and its short name."""
    match = known.name.match(text, start)
    if match is None:
        return None
    key, end = known.keys[int(str(match.lastgroup)[1:])], match.end()
    key, end = amended(text, key, end, known.amended)
    for cue in known.supplementing:
        joint = _behind(text, end, cue) if key in cue.marks["of"] else None
        whole = known.name.match(text, joint) if joint is not None else None
        if whole is not None and known.keys[int(str(whole.lastgroup)[1:])] == cue.value:
            end = whole.end()
    acronym = _OWN_ACRONYM.search(text[start:end])
    given = known.definition.match(text, end)
    other = known.name.match(text, given.start("short")) if given else None
    if given is None or (other is not None and known.keys[int(str(other.lastgroup)[1:])] != key):
        return Title(key, start, end, acronym[1] if acronym else None)
    single = " " not in given["short"] and known.head.fullmatch(given["short"]) is not None
    return Title(key, start, given.end(), None if single else given["short"])


def amended(text: str, key: str, end: int, cues: Sequence[Cue]) -> tuple[str, int]:
    """The instrument that a name stands for with the words behind it: ``…, in its form amended by the Protocol``."""
    for cue in cues:
        last = _behind(text, end, cue) if key in cue.marks["of"] else None
        if last is not None:
            return cue.value, last
    return key, end


def _behind(text: str, end: int, cue: Cue) -> int | None:
    """Where the words of a cue end that stand behind a place, the blank behind them included."""
    gap = _GAP.match(text, end)
    match = pattern(cue).match(text, gap.end() if gap else end)
    return None if match is None else match.end() + (1 if text[match.end() : match.end() + 1].isspace() else 0)


def _by_short_names(text: str, known: Titles) -> Iterator[Title]:
    words = "|".join(re.escape(short) for short in sorted(known.own, key=len, reverse=True))
    for match in re.finditer(rf"(?<![\w-])(?:{words})(?![\w-])", text) if words else ():
        yield Title(known.own[match[0]], *match.span(), sureness="rule", rule="instruments.defined")


# -- expressions -------------------------------------------------------------------------------------------------------


def _printed(treaty: TreatyName) -> str:
    """What a treaty's name looks like in print.

    Commas and capitals may differ, its year may follow, with or without *of*.
    """
    if " " not in treaty.name:
        return rf"(?<![\w-]){re.escape(treaty.name)}(?![\w-])"
    words = r",?\s+".join(map(_loose, treaty.name.split()))
    after = rf"(?:,?\s+(?:(?:of|de|del año)\s+)?\(?{treaty.year}\)?)?" if treaty.year else ""
    return rf"(?<![\w-])(?i:{words})(?:\s*\({ACRONYM}\))?{after}(?![\w-])"


def _loose(word: str) -> str:
    """A word of a name with or without its hyphen, which some programs take out where it ends a line of a PDF file."""
    return re.escape(word.rstrip(",")).replace(r"\-", "-?")


def _by_word(names: Sequence[TreatyName], rules: Rules) -> dict[str, str]:
    """The words, years and places, that alone with *Convention* name an instrument, with its key."""
    found: dict[str, str] = {}
    for form in map(re.compile, rules.words("called_by_a_word")):
        shorts = ((cue.value, words) for cue in rules.of("short-name") for words in cue.marks.get("called", ()))
        for key, name in (*((treaty.treaty, treaty.name) for treaty in names), *shorts):
            if (match := form.fullmatch(name)) is not None:
                found.setdefault(match["word"], key)
    return found


def _definition(rules: Rules) -> re.Pattern[str]:
    """``(hereinafter the "Caracas Convention")``, ``(the 1988 Convention)``, ``, hereinafter the Convention,``."""
    leads, articles, heads = (
        "|".join(rules.words(key)) for key in ("definition_leads", "name_articles", "instrument_heads")
    )
    joints = "|".join(rules.words("name_joints"))
    item = rf"(?:\d{{4}}|{CAPITALISED})"
    name = rf"(?P<short>(?=[^)\"”»,;.]*\b(?i:{heads})\b){item}(?:\s+(?:(?:{joints})\s+)*{item})*|{ACRONYM})"
    quoted = rf"(?:(?:{articles})\s+)?[\"“«]?(?:(?:{articles})\s+)?{name}[\"”»]?"
    return re.compile(rf"(?:(?P<open>\s*\()(?:(?:{leads}),?\s+)?|,\s+(?:{leads}),?\s+){quoted}(?(open)\))")

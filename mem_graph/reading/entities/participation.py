"""Participation in instruments as a sentence tells it: signed, ratified, acceded to, party, and what it denies.

Each act has its instruments: those listed behind it, those before a passive, those that a pronoun takes up (*it signed
CIFTA in 1997 but has not ratified it*). What an instrument is said to be comes from all acts that name it: one signed
and not ratified is signed only. The words of acts are data (``data/rules/*/instruments.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from mem_graph.model import Relation
from mem_graph.reading.rules import Cue, Rules, compiled, pattern

_MARK = re.compile(r"⟨(\d+)⟩")
_ASIDE = re.compile(r",[^,;.⟨]{1,30},")


@dataclass(frozen=True, slots=True)
class Act:
    """One act of participation in a sentence whose instruments are numbered: what is done, denied or only that."""

    cue: Cue
    start: int
    end: int
    denied: bool
    only: bool
    """Whether no more is done than this: ``has been signed only``."""
    asserted: bool
    """Whether it is said to be done: not ``to ratify``."""
    objects: tuple[int, ...]


def participation(text: str, rules: Rules) -> Mapping[int, tuple[Relation, str]]:
    """What a sentence says of the participation in each instrument, and the rule; ``text`` has them as ``⟨0⟩``."""
    told = acts(text, rules)
    found: dict[int, tuple[Relation, str]] = {}
    for number in dict.fromkeys(number for act in told for number in act.objects):
        said = _together([act for act in told if number in act.objects])
        if said is not None:
            found[number] = said
    return found


def is_signed(text: str, number: int, rules: Rules) -> bool:
    """Whether a sentence says that an instrument was signed, and no more of it."""
    own = [act for act in acts(text, rules) if number in act.objects and act.asserted and not act.denied]
    return bool(own) and all(act.cue.value == "signed" for act in own)


def _together(own: Sequence[Act]) -> tuple[Relation, str] | None:
    """What several acts make of one instrument."""
    done = [act for act in own if act.asserted and not act.denied]
    signed = [act for act in done if act.cue.value == "signed"]
    bound = [act for act in done if act.cue.value != "signed"]
    denied = [act for act in own if act.denied]
    if bound and not denied:
        return bound[0].cue.value, bound[0].cue.id  # type: ignore[return-value]
    if signed and (denied or any(act.only for act in signed)):
        return "signed_not_ratified", signed[0].cue.id
    return ("not_party", denied[-1].cue.id) if denied and not bound else None


def acts(text: str, rules: Rules) -> tuple[Act, ...]:
    """Every act of participation that a sentence tells or denies, in order, with the numbers of its instruments."""
    text = _asides_behind(text, rules)
    found: list[Act] = []
    met = sorted(
        (match.start(), -match.end(), number)
        for number, cue in enumerate(rules.of("act"))
        for match in pattern(cue).finditer(text)
        if "after" not in cue.marks or compiled((cue.marks["after"],)).search(text, 0, match.start())
    )
    for start, last, number in met:
        if not found or start >= found[-1].end:
            found.append(_act(text, rules.of("act")[number], start, -last, found[-1] if found else None, rules))
    whole = [*_with_only(list(_with_next(found, text, rules)), text, rules)]
    return tuple(_with_gaps(whole, text, rules))


def _with_only(found: Sequence[Act], text: str, rules: Rules) -> Iterator[Act]:
    """The acts, one that is done to one of several alone denied of the others: ``has ratified only the former``."""
    places = [line.rsplit(" ", 1) for line in rules.words("act_ordinals")]
    for act in found:
        of = [int(place) for words, place in places if compiled((words,)).match(text, act.end + 1)]
        if of and len(act.objects) > 1:
            one = act.objects[of[0]]
            yield replace(act, objects=(one,))
            yield replace(act, objects=tuple(each for each in act.objects if each != one), denied=True)
        else:
            yield act


def _with_gaps(found: Sequence[Act], text: str, rules: Rules) -> Iterator[Act]:
    """The acts, with those whose verb is left out: ``ratified CIFTA in 2004; the Nassau Convention, in 2006``."""
    yield from found
    told = {number for act in found for number in act.objects}
    times = compiled(tuple(rf"{words}(?=[.,;]|$)" for words in rules.words("act_gaps")))
    joints = "|".join(rules.words("joints_and"))
    for mark in _MARK.finditer(text):
        gap = times.match(text, mark.end() + len(re.split(r"[^\s,]", text[mark.end() :], maxsplit=1)[0]))
        opened = re.search(rf"(?:[;,]|(?<!\w)(?:{joints}))[^;,⟨]{{0,12}}$", text[: mark.start()]) is not None
        earlier = [act for act in found if act.end < mark.start() and act.asserted and act.objects]
        likewise = compiled(tuple(rf"{words}\s*$" for words in rules.words("act_likewise"))).search(
            text[: mark.start()]
        )
        again = (gap is not None and opened) or likewise is not None
        if int(mark[1]) not in told and again and earlier:
            yield replace(earlier[-1], objects=(int(mark[1]),))


def _asides_behind(text: str, rules: Rules) -> str:
    """The sentence with an aside between an act and its instrument put behind that.

    ``signed, though without ratifying it, ⟨0⟩`` becomes ``signed ⟨0⟩, though without ratifying it``.
    """
    words = "|".join(compiled(cue.words).pattern for cue in rules.of("act"))
    fillers = "|".join(rules.words("act_fillers"))
    parted = rf"({words})(, [^,;.⟨]{{1,60}}),((?: (?:{fillers}))* ⟨\d+⟩)"
    return re.sub(parted, r"\1\3\2", text, flags=re.IGNORECASE)


def _with_next(found: Sequence[Act], text: str, rules: Rules) -> Iterator[Act]:
    """The acts, one without instruments of its own with those of the next: ``has signed but not ratified CIFTA``.

    Not where others stand between (``has ratified most of the conventions; it has not joined CIFTA``).
    """
    objects: tuple[int, ...] = ()
    whole: list[Act] = []
    for at, act in reversed(list(enumerate(found))):
        between = text[act.end : found[at + 1].start] if at + 1 < len(found) else ""
        others = ";" in between or any(kind in between.casefold() for kind in rules.words("kinds_of_instrument"))
        objects = act.objects or (() if others else objects)
        whole.append(Act(act.cue, act.start, act.end, act.denied, act.only, act.asserted, objects))
    yield from reversed(whole)


def _act(text: str, cue: Cue, start: int, end: int, before: Act | None, rules: Rules) -> Act:
    lead = _lead(text, start, before, rules)
    clause = text[max(before.end if before else 0, text.rfind(";", 0, start) + 1) : start]
    helped = not cue.marks.get("active") and compiled(rules.words("act_passives")).search(lead) is not None
    passive = helped or bool(cue.marks.get("behind"))
    none = (passive or not _listed_behind(text, end, rules)) and compiled(rules.words("act_neithers")).search(
        clause
    ) is not None
    base = compiled(rules.words("act_bases")).fullmatch(text[start:end]) is not None
    base = base or compiled(tuple(f"{word} $" for word in rules.words("act_undone"))).search(lead) is not None
    denied = bool(cue.marks.get("denied")) != (none or _denies(lead, base, before, rules))
    behind = compiled(rules.words("act_neithers")).match(text, end + 1) is not None
    limited = compiled(rules.words("act_limits")).search(lead) is not None
    done = compiled(tuple(f"{word} $" for word in rules.words("act_done"))).search(lead) is not None
    only = limited or compiled(rules.words("act_only")).match(text, end + 1) is not None
    objects = _objects(text, start, end, passive, lead, before, rules)
    return Act(cue, start, end, denied or behind, only, not base or limited or done, objects)


def _lead(text: str, start: int, before: Act | None, rules: Rules) -> str:
    """The words right before an act that belong to its verb: behind the last comma, joint, instrument or act."""
    words = text[before.end if before else 0 : start]
    words = _ASIDE.sub(" ", words)
    taken_up = compiled(tuple(rf"⟨\d+⟩ {word} $" for word in rules.words("act_auxiliaries"))).search(words)
    words = f"{words[: taken_up.start()]}{words[taken_up.end() :]} " if taken_up else words
    cut = max((match.end() for match in compiled(rules.words("act_joints")).finditer(words)), default=0)
    marks = max((match.end() for match in re.finditer(r"[,;:.()⟩]", words)), default=0)
    return " ".join(words[max(cut, marks) :].split()[-8:]) + " "


def _denies(lead: str, base: bool, before: Act | None, rules: Rules) -> bool:
    """Whether the words before an act deny it, or join it to one that is denied.

    ``has not signed or ratified``; ``has yet to accede to CIFTA and to ratify …`` (an infinitive, ``base``).
    """
    joints = rules.words("act_alternatives") + (rules.words("act_infinitive_leads") if base else ())
    joined = (base and not lead.strip()) or compiled(joints).fullmatch(lead.strip()) is not None
    return compiled(rules.words("act_denials")).search(lead) is not None or (
        joined and before is not None and before.denied
    )


# -- the instruments of an act -----------------------------------------------------------------------------------------


def _objects(
    text: str, start: int, end: int, passive: bool, lead: str, before: Act | None, rules: Rules
) -> tuple[int, ...]:
    """The instruments of an act: those taken up or before a passive, else those listed behind it, else those before."""
    if not passive and _shares_next(text, end, rules):
        return ()
    taken_up = compiled(rules.words("act_pronouns_behind")).match(text, end + 1) is not None
    taken_up = taken_up or compiled(rules.words("act_pronouns_before")).search(lead) is not None
    taken_up = taken_up or compiled(rules.words("act_with_pronoun")).fullmatch(text[start:end]) is not None
    reduced = re.search(r"⟩[\s,(]*$", text[:start]) is not None
    behind = () if taken_up else _listed_behind(text, end, rules)
    own = _listed_before(text, before.end if before else 0, start, rules)
    earlier = own or (before.objects if before else ()) or _listed_before(text, 0, start, rules)
    if taken_up or ((passive or reduced) and own and not (reduced and behind and not passive)):
        return earlier
    if own and _is_put_first(text[:start], own[0], rules):
        return own
    return behind or (earlier if passive or own or before else ())


def _is_put_first(text: str, number: int, rules: Rules) -> bool:
    """Whether a clause begins with an instrument of its verb: ``A ⟨0⟩ el país se adhirió en 2004``."""
    fronts = "|".join(rules.words("act_fronts")) or "(?!)"
    return re.search(rf"(?:^|[;:.]\s)(?:{fronts}) ⟨{number}⟩", text) is not None


def _shares_next(text: str, end: int, rules: Rules) -> bool:
    """Whether an act has the instrument of the next, right behind it: ``has signed but not ratified ⟨1⟩``."""
    nexts = "|".join(compiled(cue.words).pattern for cue in rules.of("act") if not cue.marks.get("behind"))
    joints, fillers = ("|".join(rules.words(key)) or "(?!)" for key in ("act_joined", "act_fillers"))
    joined = rf",? (?:{joints}) (?:\w+ ){{0,3}}?(?:{nexts}),?(?: (?:{fillers}))* ⟨\d"
    return re.compile(joined, re.IGNORECASE).match(text, end) is not None


def _listed_behind(text: str, end: int, rules: Rules) -> tuple[int, ...]:
    """The numbers of the instruments listed right behind a place."""
    found: list[int] = []
    while (match := _item(rules).match(text, end)) is not None:
        found.append(int(match["number"]))
        end = match.end()
    return tuple(found)


def _listed_before(text: str, start: int, end: int, rules: Rules) -> tuple[int, ...]:
    """The numbers of the last instruments before a place, of one list."""
    marks = list(_MARK.finditer(text, start, end))
    found: list[int] = []
    for at, mark in enumerate(reversed(marks)):
        last = marks[len(marks) - at] if at else None
        if last is not None and _between(rules).fullmatch(text[mark.end() : last.start()]) is None:
            break
        found.insert(0, int(mark[1]))
    return tuple(found)


@lru_cache(maxsize=8)
def _item(rules: Rules) -> re.Pattern[str]:
    """What may stand between an act and its instrument, or between two of its instruments; and the instrument."""
    return re.compile(rf"{_between(rules).pattern}⟨(?P<number>\d+)⟩", re.IGNORECASE)


@lru_cache(maxsize=8)
def _between(rules: Rules) -> re.Pattern[str]:
    words = "|".join((*rules.words("act_fillers"), *rules.words("joints_and"), *rules.words("months")))
    return re.compile(rf"(?:[\s,:]|\([^)]*\)|(?<!\w)(?:{words}|\d{{1,4}})(?!\w))*", re.IGNORECASE)

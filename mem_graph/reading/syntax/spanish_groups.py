"""The groups of a Spanish sentence that say something: its verbs, and what does the work of one.

``los jueces, no``, ``pero no de prevención selectiva``, ``; la privada, rehabilitación``: where the verb is left out,
that of the clause before is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mem_graph.reading.syntax.spanish_openings import REGRETS, WELCOMES
from mem_graph.reading.syntax.spanish_verb_groups import Finder, Group

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DENYING = frozenset(("no", "ni", "tampoco", "pero", "aunque", "mas", "y", "bien"))


def groups(finder: Finder) -> Iterator[Group]:
    """Every verb group, from left to right."""
    at = 0
    while at < len(finder.words):
        opened = finder.openings.ends.get(at)
        group = _group(finder, at) if opened is None else _taken(finder, at, opened)
        if group is not None:
            yield group
        at = max(opened or 0, at + 1 if group is None else group.end, at + 1)


def _group(finder: Finder, at: int) -> Group | None:
    """The group that begins at a word: what needs no verb first."""
    if (lone := _alone(finder, at)) is not None:
        return lone
    if finder.low(at) in _DENYING and (bare := _without_verb(finder, at)) is not None:
        return bare
    return finder.group(at)


def _taken(finder: Finder, at: int, end: int) -> Group | None:
    """What an opening names: it is there, or its want is regretted; what else is regretted is no finding."""
    how = finder.openings.named.get(at)
    there = how == WELCOMES or (how == REGRETS and any(finder.is_in(place, "wants") for place in range(end, end + 4)))
    return Group(at, end, None, "there", "any", main=at) if there else None


def _alone(finder: Finder, at: int) -> Group | None:
    """What denies or affirms without a verb: ``los jueces, no``, ``en ninguna parte``, ``pero sí con …``."""
    nowhere = finder.low(at) == "en" and finder.low(at + 1) in ("ninguna", "ningún") and finder.is_in(at + 2, "places")
    end = at + 3 if nowhere else at + 1
    denies = nowhere or (finder.is_in(at, "negators") and finder.low(at) != "ni")
    if denies and at > 1 and finder.low(end) in (".", ";", ",", "") and not finder.is_in(at - 1, "relatives"):
        return Group(at, end, None, "elliptic", "any", negated=True, main=at)
    behind = finder.is_in(at + 1, "prepositions") or finder.is_in(at + 1, "determiners")
    if (gap := _gap(finder, at) or _gapped_passive(finder, at)) is not None:
        return gap
    if finder.low(at) == "sí" and finder.low(at - 1) == "," and finder.low(end) in (".", ";", ""):
        return Group(at, end, None, "there", "any", main=at)
    if finder.low(at) == "sí" and finder.is_in(at - 1, "coordinators") and behind:
        return Group(at, at + 1, None, "there", "any", main=at)
    return None


def _gap(finder: Finder, at: int) -> Group | None:
    """The comma that stands for the verb of the clause before: ``; la privada, rehabilitación``."""
    if finder.low(at) != ",":
        return None
    start = max((place for place in range(at) if opens_gap(finder, place)), default=0)
    if start == 0 or not 2 <= at - start <= 9 or not _may_open_gap(finder, start + 1, at + 1):
        return None
    if not finder.is_in(start, "gap_openers") and not _may_be_gapped(finder, start, at):
        return None
    ends = (place for place in range(at + 1, len(finder.words)) if finder.low(place) in (";", ".", ":"))
    end = next(ends, len(finder.words))
    first = finder.skip(at + 1)
    bare = all(finder.is_in(place, "negators") or finder.skip(place) > place for place in range(at + 1, end))
    if bare or end == at + 1 or finder.is_in(first, "relatives") or finder.is_in(first, "gap_fillers"):
        return None
    if any(finder.says(place, end) for place in (*range(start + 1, at), *range(at + 1, end))):
        return None
    return Group(at, at + 1, None, "gap", "any", main=at)


def opens_gap(finder: Finder, at: int) -> bool:
    """Whether a clause may begin behind a word that leaves out its verb: ``;``, ``mientras``, ``, y``."""
    return finder.is_in(at, "gap_openers") or (finder.low(at) in ("y", "e") and finder.low(at - 1) == ",")


def _may_be_gapped(finder: Finder, start: int, comma: int) -> bool:
    """Whether a thing of its own is named behind a comma, which the verb of the clause before is said of.

    It is another object of that verb where only a place or a person is put first: ``tiene en A X, y en B, Y``.
    """
    thing = finder.is_in(comma + 1, "gapped") or finder.low(comma + 1)[:1].isdigit()
    put_first = finder.is_in(start + 1, "prepositions") and "se" not in {finder.low(at) for at in range(start)}
    return thing and (not put_first or _YEAR.search(finder.low(comma - 1)) is not None)


def _may_open_gap(finder: Finder, at: int, behind: int) -> bool:
    """Whether a subject, a time or a place begins here; before what says that there is none, anything."""
    name = finder.low(at).startswith("§") or finder.low(at)[:1].isdigit() or finder.is_in(behind, "nobody")
    return name or any(finder.is_in(at, words) for words in ("subject_starts", "prepositions", "adverbs"))


def _gapped_passive(finder: Finder, at: int) -> Group | None:
    """A participle that shares the auxiliary before: ``fueron cerradas 12 farmacias y suspendidos 35 médicos``."""
    if finder.low(at - 1) not in ("y", "e", ",") or not (
        finder.low(at + 1)[:1].isdigit() or finder.is_in(at + 1, "determiners") or finder.low(at + 1) == "otras"
    ):
        return None
    found = finder.known(at, "part")
    start = max((place for place in range(at) if finder.low(place) in (";", ":")), default=-1) + 1
    helped = [place for place in range(start, at - 2) if finder.low(place) in ("fue", "fueron", "sido")]
    if found is None or not helped or finder.known(at - 2, "part") is not None:
        return None
    return Group(at, found[1], found[0].cue, "verb", "any", passive=True, main=at)


def _without_verb(finder: Finder, at: int) -> Group | None:
    """``pero no de prevención selectiva``, ``no así el decomiso``: denies what the verb before asserts."""
    if finder.low(at) in ("pero", "aunque", "mas") and finder.low(at + 1) == "sin" and _loses(finder, at + 2):
        return Group(at + 1, at + 2, None, "no-verb", "any", negated=True, main=at + 1)
    if (none := _none_of_them(finder, at) or _lacking_it(finder, at)) is not None:
        return none
    joined = finder.low(at) in ("pero", "aunque", "mas", "y", "ni") or finder.low(at - 1) in (",", ";", "pero", "y")
    no = at if finder.low(at) in ("no", "tampoco") else at + 1
    if not joined or finder.low(no) not in ("no", "tampoco"):
        return None
    after = no + 1 + (finder.low(no + 1) == "así")
    if finder.is_in(after, "only") or finder.opening(no)[0] is None:
        return None
    verb, _ = finder.opening(no)
    if verb is not None and (finder.is_finite(no, verb)):
        return None
    phrase = finder.is_in(after, "prepositions") or finder.is_in(after, "determiners")
    if finder.low(at) == "y" and not phrase:
        return None
    named = finder.low(after).startswith("§") or phrase or finder.low(after)[:1].isalpha()
    return Group(no, after, None, "no-verb", "any", negated=True, main=no) if named else None


def _none_of_them(finder: Finder, at: int) -> Group | None:
    """``pero ninguno para adolescentes``: none of what there is; not where so many were counted in a year."""
    none = finder.low(at) in ("pero", "aunque", "mas", "y") and finder.low(at + 1) in ("ninguno", "ninguna")
    if not none or not finder.is_in(at + 2, "prepositions") or _YEAR.search(finder.text) is not None:
        return None
    return Group(at + 1, at + 2, None, "no-verb", "any", negated=True, main=at + 1)


def _lacking_it(finder: Finder, at: int) -> Group | None:
    """``aunque carente de presupuesto``: what is said of a thing behind a contrast is that it lacks something."""
    after = at + 1 + finder.is_in(at + 1, "adverbs")
    lacks = finder.is_in(after, "lackers") and finder.low(after + 1) == "de"
    contrast = finder.low(at) in ("pero", "aunque", "mas") or (finder.low(at - 1), finder.low(at)) == ("si", "bien")
    return Group(after, after + 2, None, "no-verb", "any", negated=True, main=after) if lacks and contrast else None


def _loses(finder: Finder, at: int) -> bool:
    """Whether *sin* before an infinitive takes something away: ``pero sin trazar perfiles``."""
    return (
        not finder.is_in(at, "no_loss")
        and re.fullmatch(r"[^\W\d_]{2,}[aei]r(?:se|l[oae]s?)?", finder.low(at)) is not None
    )

"""How whoever evaluates takes what a Spanish sentence goes on to say: *La CICAD ve con preocupación que …*.

Such words say nothing of the country themselves. What hangs on them is what the report says, also in the subjunctive,
and so is a second *que* joined to the first (``… y que …``). Which words they are is data
(``data/rules/es/attitudes.toml``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mem_graph.reading.rules import Rules, compiled, pattern
from mem_graph.reading.syntax.tokens import Token

REGRETS, WELCOMES, SAYS = "regrets", "welcomes", "says"
_LINKS = frozenset((",", "de", "por", "en", "con", "ante", "el", "hecho", "§country"))
"""What may stand between the words of an opening and its *que*."""
_FAR = 9
"""How many words of whoever is concerned may stand there: ``Preocupa a la Comisión que …``."""


@dataclass(frozen=True, slots=True)
class Openings:
    """Where a sentence says how what follows is taken, by the places of words."""

    said: Mapping[int, str] = field(default_factory=dict)
    """Each *que* that opens what is said, and how it is taken: regrets, welcomes or says."""
    ends: Mapping[int, int] = field(default_factory=dict)
    """Where the words of an opening begin, and where what they open begins."""
    named: Mapping[int, str] = field(default_factory=dict)
    """The openings that name what they take instead (``ve con preocupación la ausencia de …``), and how."""

    def last(self, at: int) -> int | None:
        """Where the last *que* before a word stands that opens what is said."""
        return max((place for place in self.said if place < at), default=None)


def openings(words: Sequence[Token], text: str, rules: Rules) -> Openings:
    """The openings of a sentence.

    In: its words, its view, the rules of its language. Out: where they stand; nothing where it has none.
    """
    lows = [word.low for word in words]
    lists = {name: frozenset(rules.words(name)) for name in ("determiners", "negators", "coordinators", "reporting")}
    ends: dict[int, int] = {}
    named: dict[int, str] = {}
    said: dict[int, str] = {
        at + 1: SAYS
        for at, low in enumerate(lows[:-1])
        if low in lists["reporting"] and lows[at + 1] == "que" and not _is_denied(lows, at, lists["negators"])
        if at == 0 or lows[at - 1] not in lists["determiners"]
    }
    for start, end, value, clause in _met(words, text, rules):
        noun = start > 0 and lows[start - 1] in lists["determiners"]
        if start in ends or noun or _is_denied(lows, start, lists["negators"]):
            continue
        que = _que(lows, end)
        if que is not None:
            ends[start], said[que] = que + 1, value
        elif not clause and (first := _name(lows, end, lists["determiners"])) is not None:
            ends[start], named[start] = first, value
    if not said:
        return Openings(said, ends, named)
    return Openings(dict(sorted({**_joined(lows, said, lists["coordinators"]), **said}.items())), ends, named)


def _is_denied(lows: Sequence[str], at: int, negators: frozenset[str]) -> bool:
    """Whether the verb at a word is denied: ``no consta que``, ``no se observa que``."""
    return bool(negators & set(lows[max(0, at - 2) : at]))


def _met(words: Sequence[Token], text: str, rules: Rules) -> list[tuple[int, int, str, bool]]:
    """The words of attitudes, as places of words; of two at one place that which regrets, then the longer one."""
    starts = [word.start for word in words]
    found = []
    for order, cue in enumerate(rules.of("attitude")):
        for match in pattern(cue).finditer(text):
            start, end = bisect_left(starts, match.start()), bisect_left(starts, match.end())
            if start < len(words) and words[start].start == match.start():
                found.append((start, order, -end, cue.value, bool(cue.marks.get("clause"))))
    return [(start, -end, value, clause) for start, _, end, value, clause in sorted(found)]


def _que(lows: Sequence[str], end: int) -> int | None:
    """Where the *que* stands that the words of an opening lead to, past whom they concern."""
    at = end
    if at < len(lows) and lows[at] in ("a", "al"):
        return next((place for place in range(at, min(at + _FAR, len(lows))) if lows[place] == "que"), None)
    while at < len(lows) and lows[at] in _LINKS:
        at += 1
    return at if at < len(lows) and lows[at] in ("que", "porque") else None


def _name(lows: Sequence[str], end: int, determiners: frozenset[str]) -> int | None:
    """Where the thing is named that an opening takes: right behind it, or behind whom it concerns."""
    at = end
    if at + 2 < len(lows) and lows[at] in ("a", "al"):
        at = next((place + 1 for place in range(at, min(at + 4, len(lows))) if lows[place].startswith("§")), at)
    return at if at < len(lows) and lows[at] in determiners and lows[at] not in ("al", "del", "lo") else None


def _joined(lows: Sequence[str], said: Mapping[int, str], coordinators: frozenset[str]) -> dict[int, str]:
    """Each further *que* behind *y* or a comma that goes on with what is said."""
    found: dict[int, str] = {}
    first, value = next(iter(sorted(said.items())))
    for at in range(first + 1, len(lows)):
        if lows[at] == ";":
            break
        if at in said:
            value = said[at]
        elif lows[at] == "que" and _goes_on(lows, at, {**said, **found}, coordinators):
            found[at] = value
    return found


def _goes_on(lows: Sequence[str], at: int, said: Mapping[int, str], coordinators: frozenset[str]) -> bool:
    """Whether a *que* is joined to an earlier one: behind *y*, with no relative clause between that it could go on."""
    before = at - 1 - (lows[at - 1] in ("de", "por", "a"))
    joined = lows[before] in coordinators
    last = max(place for place in said if place < at)
    relative = any(lows[place] in ("que", "cuyo", "cuya", "quienes", "donde") for place in range(last + 1, before))
    own = at + 1 < len(lows) and (lows[at + 1] in ("el", "la", "los", "las", "su", "sus", "no", "§country"))
    return joined and (own or not relative)


def is_regretted(lows: Sequence[str], at: int, found: Openings, rules: Rules) -> bool:
    """Whether a verb stands in what the report regrets, with no contrast between."""
    last = found.last(at)
    if last is None or found.said[last] != REGRETS:
        return False
    between = " ".join(lows[last + 1 : at])
    return compiled((*rules.words("contrasts"), "pero", "mas", ";")).search(between) is None

"""Predicates put first in an English sentence, or in a clause of it: what is said before that of which it is said.

``In force is the Strategy``; ``Missing, too, are data on prices``; ``Yet to be designed are programs for …``; ``To the
Council falls the coordination of …``.
"""

from __future__ import annotations

from dataclasses import dataclass

from mem_graph.reading.rules import Cue
from mem_graph.reading.syntax.neighbours import BE, Neighbours

_REACH = 9
"""So many words a predicate put first may have."""


@dataclass(frozen=True, slots=True)
class Inversion:
    """A predicate put first: where it ends, behind its verb; that verb's number, cue and form; how it denies."""

    end: int
    number: str
    cue: Cue | None
    form: str
    denial: str | None = None


def inversion(near: Neighbours, at: int) -> Inversion | None:
    """The predicate put first that begins at a word, if one does."""
    before = near.low(at - 1)
    opens = at == 0 or before == ";"
    if not opens and before not in {",", ":", *near.lexicon.lists["coordinators"]}:
        return None
    found = _missing(near, at, opens) or _undone(near, at)
    return found or _borne(near, at) or (_said(near, at) or _done(near, at) if opens else None)


def _missing(near: Neighbours, at: int, opens: bool) -> Inversion | None:
    """What is missing, said first: ``Missing are …``, ``Lacking, too, is …``, ``missing altogether is``."""
    if near.low(at) not in near.lexicon.lists["put_first"]:
        return None
    aside = near.skip(at + 1)[0] if near.low(at + 1) != "," else at + 4 if near.low(at + 3) == "," else at + 1
    if opens and near.low(aside) in ("from", "in", "among", "to"):
        aside = next((place for place in range(aside + 2, aside + _REACH - 1) if near.low(place) in BE), aside)
    if near.low(aside) in BE or (at == 0 and near.low(aside) == ":"):
        return Inversion(aside + 1, BE.get(near.low(aside), "any"), None, "copula", "lack-of")
    return None


def _undone(near: Neighbours, at: int) -> Inversion | None:
    """What has not been done, said first: ``Yet to be designed are …``, ``Nowhere recorded are …``."""
    if near.low(at) in ("yet", "still") and (near.low(at + 1), near.low(at + 2)) == ("to", "be"):
        return _verb(near, near.skip(at + 3)[0], "has-yet-to")
    if near.low(at) in near.lexicon.lists["denying"]:
        return _verb(near, near.skip(at + 1)[0], "not")
    if near.low(at) == "nowhere":  # which denies as an idiom does
        return _verb(near, near.skip(at + 1)[0], None)
    return None


def _verb(near: Neighbours, at: int, denial: str | None) -> Inversion | None:
    """A participle with the form of *be* behind it."""
    found = near.verb(at, "part")
    auxiliary = 0 if found is None else _copula(near, found[0])
    if found is None or not auxiliary:
        return None
    return Inversion(auxiliary + 1, BE[near.low(auxiliary)], found[1], "part", denial)


def _said(near: Neighbours, at: int) -> Inversion | None:
    """A predicate of the copula: ``In force is …``, ``Available to judges are …``, ``Weak is …``."""
    at = near.skip(at)[0]
    if near.low(at) in near.lexicon.lists["determiners"]:
        return None  # "The agency is …"
    for expression, cue in near.lexicon.copulas:
        match = expression.match(near.text, near.words[at].start) if at < len(near.words) else None
        end = 0 if match is None else next((n for n, word in enumerate(near.words) if word.start >= match.end()), 0)
        auxiliary = _copula(near, end) if end else 0
        if auxiliary:
            return Inversion(auxiliary + 1, BE[near.low(auxiliary)], cue, "copula")
    return None


def _done(near: Neighbours, at: int) -> Inversion | None:
    """What is done: ``Attached to the Ministry is …``, ``Also trained in 2013 were 40 officers``."""
    found = near.verb(near.skip(at)[0], "part")
    return None if found is None or found[1].kind == "lacking" else _verb(near, near.skip(at)[0], None)


def _borne(near: Neighbours, at: int) -> Inversion | None:
    """To whom something falls: ``To the Council falls the coordination``, ``On the Unit devolves …``."""
    preposition = near.low(at)
    if preposition not in near.lexicon.lists["denying_prepositions"] | {"with"}:
        return None
    for place in range(at + 2, at + _REACH):
        if not (near.low(place).isalnum() or near.low(place)[:1] == "§"):
            return None
        known = near.lexicon.verbs.get(near.low(place), ())
        cue = next(((cue, form) for rest, cue, form in known if rest == (preposition,)), None)
        if cue is not None and near.low(place) in near.lexicon.lists["inverting"] and _is_named(near, place + 1):
            return Inversion(place + 1, {"s": "sg", "base": "pl"}.get(cue[1], "any"), *cue)
    return None


def _copula(near: Neighbours, end: int) -> int:
    """Where a form of *be* stands behind a predicate, at once or behind a phrase, with a noun behind it; else 0."""
    lists = near.lexicon.lists
    if near.low(end) not in BE and near.low(end) not in lists["prepositions"] - {"and", "or"}:
        return 0
    for place in range(end, end + _REACH):
        if near.low(place) in BE:
            return place if _is_named(near, place + 1) else 0
        if not (near.low(place).isalnum() or near.low(place)[:1] == "§") or near.low(place) in lists["relatives"]:
            return 0
    return 0


def _is_named(near: Neighbours, at: int) -> bool:
    """Whether a noun phrase may begin at a word: no participle, preposition, adverb or denial."""
    low, lists = near.low(at), near.lexicon.lists
    if low in lists["determiners"] or low[:1].isdigit() or low[:1] == "§" or low in lists["numbers"]:
        return low not in lists["nobody"]
    barred = lists["prepositions"] | lists["adverbs"] | lists["denying"] | lists["nobody"] | lists["auxiliaries"]
    done = near.lexicon.participle.fullmatch(low) is not None and near.low(at + 1) in lists["prepositions"] | {"", "."}
    return low.isalpha() and low not in barred and not done and near.verb(at, "part") is None

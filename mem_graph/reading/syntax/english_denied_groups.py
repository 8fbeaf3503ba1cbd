"""Verb groups of an English sentence that deny, and have no auxiliary of their own, or stand before their subject.

``never evaluated``; ``signed but not yet ratified``; ``neither marks …``; ``but no …``; ``nor does it have``;
``…, having no budget``.
"""

from __future__ import annotations

from dataclasses import replace

from mem_graph.reading.syntax.english_groups import ABSOLUTE, Group, finish
from mem_graph.reading.syntax.neighbours import BE, HAVE, Neighbours

_ASIDE = 6
"""So many words around a comma may be an aside, or hold what *not* takes up."""


def never(near: Neighbours, at: int) -> Group | None:
    """``never evaluated``, ``no longer maintains``: a plain verb denied by the adverb before it."""
    after, _ = near.skip(at)
    found = near.verb(after, "s", "base", "past")
    if found is None and near.low(at - 1) in near.lexicon.lists["contrasts"] | {"and"}:
        found = near.verb(after, "part")  # "announced but never begun"
    return None if found is None else finish(at, found, "any", "not")


def participle(near: Neighbours, at: int) -> Group | None:
    """``signed but not yet ratified``: a participle denied without the auxiliary said before."""
    after, denied = near.skip(at)
    found = near.verb(after, "part", "past") if denied and near.low(at + 1) not in ("limited", "restricted") else None
    return None if found is None else finish(at, found, "any", "not")


def neither(near: Neighbours, at: int) -> Group | None:
    """``neither marks firearms nor keeps a register``: each verb denied by the word before it."""
    after, _ = near.skip(at + 1)
    found = near.verb(after, "s", "base", "past")
    subject = near.has_subject(at) or near.plural_before(at) or near.low(at) == "nor"
    if found is None or not subject or not (near.may_be_verb(after, found) or near.takes_object(found[0], "")):
        return None
    return finish(at, found, "any", "nor" if near.low(at) == "nor" else "neither")


def but_no(near: Neighbours, at: int) -> Group | None:
    """``has universal but no selective programmes``: what *but no* denies is what the verb before it asserts."""
    conjunction, word, after = near.low(at), near.low(at + 1), near.low(at + 2)
    behind = word in near.lexicon.lists["denying_prepositions"]
    if behind:
        contrasts = conjunction != "," and not _is_clause(near, at + 3) and after != "none"
        idiom = near.low(at + 3) in near.lexicon.lists["no_denied_behind"] or after not in near.lexicon.negatives
        return Group(at + 2, at + 3, None, "but-no", "any", "but-no") if contrasts and not idiom else None
    if word in near.lexicon.lists["denying"] - {"not", "n't"} and after not in near.lexicon.lists["prepositions"]:
        return None
    skipped = _is_clause(near, at + 2) or (
        word == "not" and (conjunction == "and" or after in near.lexicon.lists["after_not"])
    )
    listed = conjunction == "," and not (word == "no" and "no" in (near.low(place) for place in range(at)))
    listed = listed and not (conjunction == "," and _is_parallel(near, at))
    if skipped or listed or near.verb(near.skip(at + 1)[0], "part") is not None:
        return None
    return Group(at + 1, at + 2, None, "but-no", "any", "but-no")


def _is_parallel(near: Neighbours, comma: int) -> bool:
    """Whether *not* denies of another place what the words before say of one: ``in Spanish, not in Quechua``.

    Or *none* a thing of others: ``workshops for parents, none for teachers``.
    """
    if near.low(comma + 1) == "not" and _sets_apart(near, comma):
        return True
    none = near.low(comma + 1) == "none"
    after = near.skip(comma + 2)[0] if none else comma + 2
    preposition = near.low(after) if near.low(after) in near.lexicon.lists["denying_prepositions"] else ""
    around = {near.low(at) for at in range(max(0, comma - _ASIDE), comma)}
    return bool(preposition) and preposition in around and near.low(comma + 1) in ("not", "none")


def _sets_apart(near: Neighbours, comma: int) -> bool:
    """Whether *not* denies of one object what a verb says of another: ``protect the officers, not the forest``."""
    determiners = {"the", "its", "their"}
    around = range(max(1, comma - _ASIDE), comma)
    told = any(near.low(at) in determiners and near.verb(at - 1, "s", "base", "past") for at in around)
    return told and near.low(comma + 2) in determiners and not _is_clause(near, comma + 2)


def is_verbless(near: Neighbours, at: int) -> bool:
    """Whether a lone denial ends a clause that has no verb: ``selective prevention nowhere``."""
    if near.low(at) not in near.lexicon.lists["lone_denials"] and near.low(at) not in near.lexicon.lists["denying"]:
        return False
    close = near.low(at + 1) in (".", ";", ",", "") or (near.low(at + 1), near.low(at + 2)) == ("at", "all")
    ever = near.low(at) in near.lexicon.lists["denying"] and near.low(at + 1) == "ever"
    ends = close or (ever and near.low(at + 2) in (".", ";", ",", ""))  # "customs officers hardly ever"
    alone = (near.low(at) in near.lexicon.lists["lone_denials"] or ever) and ends
    before = near.lexicon.lists["prepositions"] | near.lexicon.lists["auxiliaries"]
    if near.low(at) == "none" and (near.low(at - 1) in before or near.verb(at - 1, "s", "base", "past", "part")):
        return False
    return alone and at > 1 and near.low(at - 1) not in near.lexicon.lists["relatives"] | {"or", "are", "is"}


def absolute(near: Neighbours, at: int) -> Group | None:
    """A participle that denies: ``…, having no budget``, ``…, lacking a mandate``, ``There being no register``."""
    marks, denied = frozenset({ABSOLUTE}), near.low(at + 1) in near.lexicon.negatives
    if near.low(at) == "being" and near.low(at - 1) == "there" and denied:
        return Group(at, at + 1, None, "there", "any", marks=marks)
    verb = {"having": "have", "lacking": "lack"}.get(near.low(at), "")
    object_ = denied or (verb == "lack" and near.low(at + 1) in near.lexicon.lists["determiners"])
    cue = next((cue for rest, cue, form in near.lexicon.verbs.get(verb, ()) if form == "base" and not rest), None)
    if cue is None or not object_ or near.low(at - 1) not in (",", ""):
        return None
    return replace(finish(at, (at + 1, cue, "base"), "any", None), marks=marks)


def inverted(near: Neighbours, at: int) -> Group:
    """``nor does it have``, ``nor has it designed``: the verb after a subject of a few words."""
    if near.low(at + 1) in BE and near.low(at + 2) == "there":
        return Group(at, at + 3, None, "there", "any", "nor", False, at + 3)
    for after in range(at + 2, min(at + 14, len(near.words))):
        if near.low(after) == ";" or (near.low(after) == "," and not _is_aside(near, after)):
            break
        place, _ = near.skip(after)
        done = near.low(at + 1) in (*BE, *HAVE) or near.low(place - 1) == "be"
        found = near.verb(place, "part" if done else "base")
        if found is not None:
            passive = near.low(at + 1) in BE or near.low(place - 1) in ("been", "be")
            return Group(at, found[0], found[1], found[2], "any", "nor", passive, at + 2)
    return Group(at, at + 2, None, "copula" if near.low(at + 1) in BE else "base", "any", "nor", False, at + 2)


def _is_aside(near: Neighbours, comma: int) -> bool:
    """Whether a comma opens or closes an aside inside an inversion: ``Nor do they, taken together, form``."""
    around = (*range(comma + 2, comma + _ASIDE + 1), *range(comma - 2, comma - _ASIDE - 1, -1))
    return any(near.low(at) == "," for at in around)


def infinitive(near: Neighbours, at: int, after: int, number: str, denial: str) -> Group:
    """``has yet to establish``, ``is still to be drafted``: an infinitive that says what is not done."""
    after, _ = near.skip(after)
    passive = near.low(after) == "be"
    found = near.verb(after + 1, "part") if passive else near.verb(after, "base")
    if found is None:
        return Group(at, after + 1 + passive, None, "base", number, denial, passive)
    return Group(at, found[0], found[1], found[2], number, denial, passive)


def _is_clause(near: Neighbours, at: int) -> bool:
    """Whether a finite verb follows before the next sign: ``and no list is kept``."""
    for place in range(at, len(near.words)):
        low = near.low(place)
        if not (low[:1].isalnum() or low[:1] in "§'") or low in near.lexicon.lists["relatives"] | {"but", "and"}:
            return False
        if near.is_auxiliary(place) or (place > at and _is_surely_finite(near, place)):
            return True
    return False


def _is_surely_finite(near: Neighbours, at: int) -> bool:
    found = near.verb(at, "s")
    return found is not None and (not found[1].marks.get("noun") or near.low(at - 1) == "one")

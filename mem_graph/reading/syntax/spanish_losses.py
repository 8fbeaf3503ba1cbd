"""What something is done without, said behind it in Spanish: *se estiman sin un método*, *se venden sin receta*.

Without what would hinder it, nothing is lost (*sin demora*); what is sold or given away lacks what is to guard it.
"""

from __future__ import annotations

from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.syntax.spanish_clauses import Clause, infinitives, verb
from mem_graph.reading.syntax.spanish_objects import ends
from mem_graph.reading.syntax.spanish_verb_groups import Finder

_PUNISHING = "es.verb.tipificar"


def without(finder: Finder, clause: Clause, rules: Rules) -> int | None:
    """Where *sin* says, behind what is done, what it is done without; not what a law forbids to do without."""
    cue = clause.group.cue
    if cue is None or cue.id == _PUNISHING or cue.value == "plans":
        return None
    for at in range(clause.group.end, ends(finder, clause, clause.group.end)):
        doing = finder.low(at + 1).endswith(("ar", "er", "ir"))
        missed = is_loss(finder, at, clause, rules) and (not doing or is_handed_over(finder, clause, rules))
        if missed or _is_had(finder, at):
            return at
    return None


def is_loss(finder: Finder, at: int, clause: Clause, rules: Rules) -> bool:
    """Whether *sin* takes something away there: not ``sin demora``; ``sin límite`` where a thing is sold."""
    if finder.low(at) != "sin":
        return False
    behind = " ".join(finder.low(place) for place in range(at + 1, at + 4) if finder.low(place) != "de")
    if is_handed_over(finder, clause, rules) and finder.low(at + 1) in rules.words("safeguards"):
        return True
    burden = compiled(rules.words("burdens")).match(behind) is not None
    return not finder.is_in(at + 1, "no_loss") and not burden


def is_handed_over(finder: Finder, clause: Clause, rules: Rules) -> bool:
    """Whether something is sold or given away, which is no good where it is done without what it needs."""
    return bool(infinitives(finder, verb(finder, clause)) & set(rules.words("handing_over")))


def _is_had(finder: Finder, at: int) -> bool:
    """Whether *sin* says behind a comma what there is not: ``, sin contar aún con un mecanismo``."""
    return finder.low(at) == "sin" and finder.low(at - 1) == "," and finder.is_in(at + 1, "having")

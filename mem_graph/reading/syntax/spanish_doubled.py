"""Whether a Spanish denial is taken back, so that the clause asserts: ``No hay incautación que no se registre``."""

from __future__ import annotations

from collections.abc import Sequence

from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.syntax.spanish_clauses import Clause, verb
from mem_graph.reading.syntax.spanish_objects import part
from mem_graph.reading.syntax.spanish_verb_groups import Finder


def is_doubled(finder: Finder, clause: Clause, subject: int, nobody: bool, rules: Rules) -> bool:
    """Whether a denial is taken back: it denies what would hinder, all *without* a thing, or goes on *sino*.

    In: the clause; where its subject begins, and whether that denies.
    """
    start, end = clause.rest
    lows = [finder.low(at) for at in range(start, end)]
    if "sino" in lows or _but_for(finder, clause, lows, rules) or _is_kept_limit(finder, clause, subject, rules):
        return True
    if _is_without(finder, start, end) or _opens_without(finder, clause, subject):
        return True
    return _hinders(finder, clause, lows, subject, nobody, rules)


def _is_without(finder: Finder, start: int, end: int) -> bool:
    """Whether what is denied goes without a thing that it needs: ``no se importa sin licencia``."""
    without = next((at for at in range(start, end) if finder.low(at) == "sin"), None)
    return without is not None and (not finder.is_in(without + 1, "no_loss") or finder.low(without + 1) == "que")


def _hinders(finder: Finder, clause: Clause, lows: Sequence[str], start: int, nobody: bool, rules: Rules) -> bool:
    """Whether what is denied would hinder: ``no limita``, ``no existen obstáculos``, ``Ningún obstáculo impide …``."""
    group, deed = clause.group, verb(finder, clause)
    if any(finder.low(at) in finder.lexicon.burdening for at in (deed, group.main, group.end - 1)):
        return True
    forms = finder.lexicon.verbs.get(finder.low(deed), ())
    head = " ".join(low for low in lows[:4] if low not in ("de", "a", "la", "el", "los", "las"))
    subject = " ".join(finder.low(at) for at in range(start, min(group.start, start + 3)))
    burdens = compiled(rules.words("burdens"))
    holders = finder.lexicon.lists["burden_holders"]
    there = group.form in ("there", "copula") or any(form.infinitive in holders for form in forms)
    alone = finder.is_in(group.start - 1, "nobody")  # "Sobre los costos nada se sabe"
    of_subject = nobody and not alone and burdens.search(subject) is not None
    return of_subject or (there and burdens.match(head) is not None)


def _is_kept_limit(finder: Finder, clause: Clause, start: int, rules: Rules) -> bool:
    """Whether a wait is said not to last longer: ``Los tiempos de espera no superan las dos semanas``."""
    said = finder.text[slice(*part(finder, start, clause.rest[1]))]
    return compiled(rules.words("limits_kept")).search(said) is not None


def _opens_without(finder: Finder, clause: Clause, start: int) -> bool:
    """Whether the clause begins with what is needed: ``Sin licencia nadie importa``; not ``Sin embargo``."""
    first = finder.skip(start if clause.subject is None else clause.subject[0])
    return finder.low(first) == "sin" and not finder.is_in(first + 1, "no_loss")


def _but_for(finder: Finder, clause: Clause, lows: Sequence[str], rules: Rules) -> bool:
    """Whether what is denied is denied of all that is not so: ``No hay incautación que no se registre``."""
    behind = next((at for at, low in enumerate(lows) if low in ("que", "si") and at > 0), None)
    if behind is None:
        return False
    next_to = lows[behind + 1 : behind + 3]
    there = clause.group.form == "there" or finder.low(verb(finder, clause)).startswith(("exist", "qued"))
    spared = there and lows[behind] == "que" and any(low in finder.lexicon.burdening for low in next_to)
    if spared and compiled(rules.words("wrongs")).match(" ".join(lows[behind + 2 : behind + 8])) is not None:
        return False
    return spared or "no" in lows[behind : behind + (2 if lows[behind] == "que" else 6)]

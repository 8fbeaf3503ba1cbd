"""What a Spanish clause tells of a thing before it names it, and things named before their verb.

``Pendiente está la evaluación``, ``A cargo de la Fundación están los grupos``, ``Reactivos no tiene para …``.
"""

from __future__ import annotations

import re

from mem_graph.reading.rules import Cue, Rules, compiled
from mem_graph.reading.syntax.spanish_clauses import Clause
from mem_graph.reading.syntax.spanish_objects import part
from mem_graph.reading.syntax.spanish_verb_groups import Finder

_GOES_ON = re.compile(r"$|,|\s+(?:y|e|o|pero|para|por|del?|en|al?|con|sin|según|desde|como|contra|sobre)(?!\w)|\s+\w+$")
"""What may follow, before *be*, the words that say what something is: ``Gratuito y sin distinción es el acceso``."""
_OPEN = re.compile(r"\s(?:del?|al?|con|para|en)$")
"""How such words end that go on with a name: ``A cargo de la Fundación están …``."""
_NO_OBJECT = frozenset(("para", "desde", "en", "durante", "hasta", "con", "y", "pero", "ni"))
"""What may stand behind a verb whose object was put first."""


def told_before(finder: Finder, clause: Clause, rules: Rules) -> Cue | None:
    """What is said of the thing before *be*: ``Pendiente está la evaluación``, ``Fruto de ella es el registro``."""
    group, subject = clause.group, clause.subject
    if group.form != "copula" or group.cue is not None or subject is None or subject[0] >= group.start:
        return None
    first, last = part(finder, finder.skip(subject[0]), group.start)
    if (cleft := _cleft(finder, rules, first, last)) is not None:
        return cleft
    if (done := _done_before(finder, clause, rules, finder.skip(subject[0]))) is not None:
        return done
    if not _names_thing(finder, group.end):
        return None
    if compiled(rules.words("outcomes")).fullmatch(finder.text, first, last):
        return next((cue for _, cue in finder.lexicon.copulas if cue.value == "has"), None)
    met = (
        cue
        for expression, cue in finder.lexicon.copulas
        if (found := expression.match(finder.text, first, last)) is not None
        and (_OPEN.search(found[0]) or _GOES_ON.match(finder.text, found.end(), last) is not None)
    )
    return next(met, None)


def _cleft(finder: Finder, rules: Rules, first: int, last: int) -> Cue | None:
    """What a clause says of what it names: ``Lo que falta es un registro``, ``Lo que sí hay es un plan``."""
    copulas = [cue for _, cue in finder.lexicon.copulas]
    for words, denies in (("clefts_denied", True), ("clefts", False)):
        if compiled(rules.words(words)).fullmatch(finder.text, first, last):
            return next((cue for cue in copulas if bool(cue.marks.get("denies")) == denies), None)
    return None


def _done_before(finder: Finder, clause: Clause, rules: Rules, first: int) -> Cue | None:
    """What is done, told before *be*, or how many there are: ``Evaluados han sido …``, ``Tres son los centros``."""
    counted = finder.low(first)[:1].isdigit() or finder.low(first) in rules.words("numbers")
    if counted and first + 1 == clause.group.start and _names_thing(finder, clause.group.end):
        return next((cue for _, cue in finder.lexicon.copulas if cue.value == "has"), None)
    forms = (form for form in finder.lexicon.verbs.get(finder.low(first), ()) if form.kind == "part")
    known = next((form for form in forms if not form.rest and form.cue is not None), None)
    return None if known is None or known.cue is None or known.cue.kind == "lacking" else known.cue


def _names_thing(finder: Finder, at: int) -> bool:
    """Whether a thing is named with its article here, or behind an aside."""
    behind = finder.past_aside(at)
    return finder.is_in(behind, "determiners") or finder.low(behind).startswith("§")


def is_put_first(finder: Finder, clause: Clause, first: int) -> bool:
    """Whether a noun without its article stands before a verb with no object: ``Reactivos no tiene para …``."""
    group, behind = clause.group, finder.low(clause.group.end)
    bare = finder.low(first)[:1].isalpha() and not any(
        finder.is_in(first, words) for words in ("determiners", "prepositions", "subject_starts", "relatives")
    )
    holds = group.form in ("there", "copula") or (group.cue is not None and group.cue.value == "has")
    return bare and holds and first < group.start and (behind in _NO_OBJECT or not behind[:1].isalnum())

"""What studies are about where that is not said behind their noun: put first, or told by a verb.

``Sobre las rutas hizo la policía un estudio``, ``Un estudio de 2013 examina el daño a los suelos``. The words are data
(``data/rules/*/studies.toml``); a language without them has no such clauses.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mem_graph.reading.rules import Rules
from mem_graph.reading.syntax.english_clauses import Range


def put_first(text: str, clause: Range, group: int, rules: Rules) -> tuple[Range, ...]:
    """The subjects that a clause puts before its verb group, each with its article.

    One for each time the preposition is said: ``Sobre la producción y sobre el tránsito se hicieron sendos estudios``.
    """
    leads = "|".join(rules.words("study_fronts"))
    times = rf"(?:{'|'.join(rules.words('study_front_times')) or '(?!)'})?"
    opened = re.compile(rf"[\s,;]*(?:{times})(?:{leads})\s+").match(text, clause[0]) if leads else None
    if opened is None or opened.end() >= group:
        return ()
    starts, ends = [opened.end()], []
    for joint in re.compile(rf",? (?:y|e) (?:{leads}) ").finditer(text, opened.end(), group):
        ends.append(joint.start())
        starts.append(joint.end())
    ends.append(len(text[:group].rstrip(" ,")))
    return tuple((start, end) for start, end in zip(starts, ends, strict=True) if start < end)


def told(text: str, clause: Range, rules: Rules) -> int | None:
    """Where the words begin that say what a study is about of which a clause speaks: ``Un estudio examina …``."""
    said = _telling(rules).search(text, clause[0], clause[1])
    return None if said is None or text[clause[0] : said.start()].strip(" ,;") else said.end()


def is_bare(words: str, rules: Rules) -> bool:
    """Whether words name a study by its noun alone: ``sendos estudios nacionales``."""
    nouns = "|".join(rules.words("study_nouns"))
    following = "".join(rules.words("study_following"))
    return re.fullmatch(rf"(?:[^\W\d]+ )?(?:{nouns}){following}", words, re.IGNORECASE) is not None


@lru_cache(maxsize=8)
def _telling(rules: Rules) -> re.Pattern[str]:
    """A study as the subject of a verb that tells what it is about."""
    verbs = "|".join(rules.words("study_contents")) or "(?!)"
    articles, nouns, ordinals = (
        "|".join(rules.words(key)) for key in ("study_tellers", "study_nouns", "study_ordinals")
    )
    dated = r"(?:,? (?:de|en) (?:19|20)\d\d,?)?"
    noun = rf"(?:{articles}) (?:(?:{ordinals}) )?(?:{nouns})(?: [^\W\d]+(?:al|ales))?{dated}"
    return re.compile(rf"{noun} (?:{verbs}) ", re.IGNORECASE)

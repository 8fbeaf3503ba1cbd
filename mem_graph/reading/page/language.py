"""In which language a text is written, by its little words (``data/rules/languages.toml``)."""

from __future__ import annotations

import re
from collections import Counter

from mem_graph.errors import UnknownTerm
from mem_graph.reading.rules import Rules


def of(text: str, rules: Rules) -> str:
    """The tag of the language most of whose little words a text has; the first language where none has any.

    Raises `UnknownTerm` where it is one in which no report is read.
    """
    counts = Counter(re.findall(r"[^\W\d_]+", text.casefold()))
    cues = {cue.id.split(".")[-1]: cue for cue in rules.of("language")}
    score = {tag: sum(counts[word] for word in cue.words) for tag, cue in cues.items()}
    best = max(score, key=lambda tag: score[tag], default=rules.language)
    if best not in rules.languages and score[best] > 2 * score[rules.language]:
        near = tuple(cues[tag].value for tag in rules.languages if tag in cues)
        raise UnknownTerm(word=cues[best].value, scheme="the languages that are read", near=near)
    return best if best in rules.languages else rules.language

"""What something is done without, said behind it: *are estimated without a method*, *are sold with no licence*.

Without what would hinder it, nothing is lost (*without delay*); what is sold or given away lacks what is to guard it.
"""

from __future__ import annotations

from mem_graph.reading.rules import Rules, compiled
from mem_graph.reading.syntax.english_clauses import Clause, Range
from mem_graph.reading.syntax.english_verb_groups import Parser

WITHOUT = "denial.without"


def lost(parser: Parser, clause: Clause, rules: Rules) -> Range | None:
    """What something is done *without*, said behind it: ``are estimated without a method of calculation``."""
    cue = clause.group.cue
    if (
        cue is None
        or cue.kind == "copula"
        or _is_of_verb(parser, clause)
        or cue.value == "plans"
        or cue.words[0] in rules.words("forbidding")
    ):
        return None
    start, end = clause.group.end, described(parser, clause.group.end, clause.rest[1])
    if any(parser.low(at) in rules.words("offences") for at in range(start, clause.rest[1])):
        return None
    for at in range(start, end):
        bare = parser.low(at) == "with" and parser.low(at + 1) == "no"
        aside = 3 * (parser.low(at + 1) == "," == parser.low(at + 3))  # "without, however, regulating"
        if (parser.low(at) == "without" or bare) and _is_loss(parser, at + 1 + bare + aside, clause, rules):
            return part(parser, at, described(parser, at + 1, end))
    return None


def _is_of_verb(parser: Parser, clause: Clause) -> bool:
    """Whether *without* only says how (``works in prisons without …``): not behind a comma."""
    cue, (start, end) = clause.group.cue, clause.rest
    if cue is None or not cue.marks.get("intransitive"):
        return False
    apart = any(
        (parser.low(at) == "," and parser.low(at + 1) == "without")
        or (parser.low(at) == "without" and parser.low(at + 1) in parser.lexicon.lists["missed_doings"])
        for at in range(start, end)
    )
    return parser.low(clause.group.end) in parser.lexicon.lists["prepositions"] and not apart


def _is_loss(parser: Parser, at: int, clause: Clause, rules: Rules) -> bool:
    """Whether what is named there is missed: no hindrance, nor a doing, but where a thing is sold."""
    sold = is_handed_over(parser, clause, rules)
    if sold and compiled(rules.words("safeguards")).fullmatch(parser.low(at)) is not None:
        return True
    near = " ".join(parser.low(place) for place in range(at, at + 3))
    burden = compiled(rules.words("burdens")).search(near) is not None
    freed = compiled(rules.words("no_losses")).match(near) is not None
    if freed and parser.low(clause.group.start) in ("may", "can"):
        return False
    doing = parser.low(at).endswith("ing") and not sold and parser.low(at) not in parser.lexicon.lists["missed_doings"]
    return not (no_loss(parser, at) or doing or burden)


def is_handed_over(parser: Parser, clause: Clause, rules: Rules) -> bool:
    """Whether something is sold or given away, which is no good where it is done without what it needs."""
    first, last = (
        parser.words[max(0, clause.group.start - 1)].start,
        parser.words[min(clause.group.end, len(parser.words) - 1)].end,
    )
    return compiled(rules.words("handing_over")).search(parser.text, first, last) is not None


def no_loss(parser: Parser, at: int) -> bool:
    """Whether nothing good is missed where a word is: ``without delay``; not ``without regard for``."""
    at += parser.low(at) in ("any", "the", "a", "an")
    regard = parser.low(at) in ("regard", "consideration")
    to = {parser.low(place) for place in range(at + 2, at + 5)} if parser.low(at + 1) == "to" else set()
    unheeded = regard and (parser.low(at + 1) == "for" or bool(to & parser.lexicon.lists["heeded"]))
    return parser.low(at) in parser.lexicon.lists["no_loss"] and not unheeded


def described(parser: Parser, start: int, end: int) -> int:
    """Where the words that name a denied thing end: before a relative clause or a purpose after a comma."""
    for at in range(start + 1, end):
        low = parser.low(at)
        if low in ("that", "which", "who", "where") and parser.low(at - 1) != "those":
            return at
        if low == "," and (
            parser.low(at + 1).endswith("ing") or parser.low(at + 1) in ("in", "which", "thereby", "nor", "so")
        ):
            return at
    return end


def part(parser: Parser, start: int, end: int) -> Range:
    """A range of words as a range of the view, with what stands in brackets between them."""
    start = min(start, len(parser.words) - 1)
    end = max(end, start + 1)
    return parser.words[start].start, parser.words[end - 1].end

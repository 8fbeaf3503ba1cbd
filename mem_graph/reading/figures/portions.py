"""Parts of an amount told behind it: ``1,011 in 2013, including 64 women``; ``38 investigators, 12 of them women``."""

from __future__ import annotations

import re

from mem_graph.reading.figures.amounts import Amount
from mem_graph.reading.rules import Rules, compiled


def breaks_down(text: str, amount: Amount, rules: Rules) -> bool:
    """Whether an amount is a part of the one before, so that it has its year: ``and 1,011 in 2013, including 64``."""
    ways, doing = ("|".join(rules.words(key)) or "(?!)" for key in ("breakdowns", "antecedents_done"))
    opened = (
        re.search(rf"(?<!\w)(?:{ways})(?: (?:{doing}))?$", text[: amount.start].rstrip(), re.IGNORECASE) is not None
    )
    latter = compiled(rules.words("latter")).match(text, amount.number[1] + 1) is not None
    return opened or latter or is_apposed(text, amount, rules) or _is_of_them(text, amount, rules)


def _is_of_them(text: str, amount: Amount, rules: Rules) -> bool:
    """Whether a clause begins with a part of the number before: ``78 in 2013, 25 of whom were nurses``."""
    ways = "|".join(rules.words("antecedents")) or "(?!)"
    behind = re.compile(rf" (?:{ways})(?!\w)").match(text, amount.number[1])
    return behind is not None and text[: amount.start].rstrip()[-1:] == ","


def is_apposed(text: str, amount: Amount, rules: Rules) -> bool:
    """Whether an amount is a part of the one before without a verb: ``38 investigators, 12 of them women``."""
    ways, verbs = ("|".join(rules.words(key)) or "(?!)" for key in ("apposed", "verbs_of_parts"))
    behind = re.compile(rf" (?:{ways})(?! (?:{verbs})\b)(?!\w)").match(text, amount.number[1])
    return behind is not None and text[: amount.start].rstrip()[-1:] in (",", "(")


def is_part(text: str, amount: Amount, rules: Rules) -> bool:
    """Whether an amount is a part of one before it, also in brackets: ``412 persons (338 men and 74 women)``."""
    return breaks_down(text, amount, rules) or re.search(r"\d[^()]*\([^()]*$", text[: amount.start]) is not None


def hangs_on(text: str, amount: Amount, rules: Rules) -> bool:
    """Whether a clause says of a part what was done with it: ``2,377 reports, of which the Unit forwarded 415``."""
    ways = "|".join(rules.words("relatives_of_wholes")) or "(?!)"
    return re.search(rf",? (?:{ways}) [^,;.:\d]*$", text[: amount.start]) is not None

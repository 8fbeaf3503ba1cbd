"""Amounts in a sentence: a number with what stands right beside it, its unit and of what it is.

What is no amount: a year, the number of an article, an age, a share of a whole, a range (*between 20 and 30*), a number
that a preposition keeps apart from the verb (*in 14 municipalities*).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from mem_graph.reading.figures import ranges
from mem_graph.reading.figures.counted import is_counted, open_substance, plain_word
from mem_graph.reading.figures.money import currencies, is_price, money_in, paid_in, worth_in
from mem_graph.reading.figures.numbers import YEAR, numbers_in, value_of
from mem_graph.reading.figures.subjects import subject_in
from mem_graph.reading.rules import Cue, Rules, compiled

LABORATORIES = "laboratories"
SHARE = r"(?: \([^()]{1,24}%\))?"
"""A share in brackets, which may stand between a number and its verb: ``262 (13%) were women``."""
UNSPECIFIED = "unspecified"
"""The subject of laboratories of which is not said what they made, and of money."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One number with what stands beside it; None where the words leave it out."""

    start: int
    end: int
    number: tuple[int, int]
    value: str
    unit: str | None
    subject: str | None
    counted: bool = False
    """Whether the unit is a kind of thing that is counted, not one of measure or money."""
    year: int | None = None
    dated: bool = False
    """Whether a year, or a stretch of years, is said for it."""
    until: int = 0
    """Where its year ends, if that stands right behind it."""
    occasions: bool = False
    """Whether it counts the cases in which something was done: ``proceedings were suspended in 14 cases``."""


def amounts(
    text: str, start: int, end: int, taken: Sequence[tuple[int, int]], governors: Collection[int], rules: Rules
) -> Iterator[Amount]:
    """The amounts of a part of a text, in order.

    ``taken``: where times and parts of wholes stand; ``governors``: where verbs and nouns end that a number may follow.
    """
    numbers = [one for one in numbers_in(text, start, end, rules) if may_measure(text, one, taken, rules)]
    stops = [*(one.start() for one in numbers[1:]), end]
    last = start
    before: list[Amount] = []
    for number, stop in zip(numbers, stops, strict=False):
        listed = last > start and _joins(text[last : number.start()], rules)
        amount = _amount(text, start, number, stop, listed, rules)
        dated = any(first == number.end() + 1 for first, _ in taken)  # "ninguna en 2012 y una en 2013"
        dated = dated or said_to_be(text, number.end(), rules) is not None  # "una era mujer"
        bare = amount.unit is None and re.match(r"\s\w", text[number.end() :]) is not None
        if (bare and not dated and _is_indefinite(number[0], rules)) or _is_pronoun(text, number, rules):
            continue
        if bare and stop < end and compiled(rules.words("ones_of_money")).match(text, number.start(), stop):
            continue  # "one of USD 16,200"
        last = amount.end
        amount = _with_occasions(text, start, amount, before, rules)
        if amount.occasions:
            before.append(amount)
            yield amount
            continue
        if before and _is_worth(text, before, amount, rules):
            amount = replace(amount, subject=before[-1].subject)
        if (like := _said_alike(text, amount, before, rules)) is not None:
            amount = replace(amount, subject=like.subject) if amount.subject == UNSPECIFIED else amount
        if like is not None or not _is_apart(text, start, amount, governors, rules):
            before.append(amount)
            yield amount


def _is_pronoun(text: str, number: re.Match[str], rules: Rules) -> bool:
    """Whether a number in a word stands for a thing, not for how many: ``staff trained to operate one``."""
    if number[0][0].isdigit():
        return False
    return any(one.end() == number.end() for one in compiled(rules.words("pronoun_ones")).finditer(text))


def _is_worth(text: str, before: Sequence[Amount], sum_: Amount, rules: Rules) -> bool:
    """Whether a sum is that of things of one kind counted right before: ``five grants, for a total of $60,000``."""
    *others, counted = before
    several = bool(others) and _joins(text[others[-1].end : counted.start], rules)
    if several or counted.occasions or not counted.counted or sum_.unit not in currencies(rules):
        return False
    ways, about = ("|".join(rules.words(key)) for key in ("worth", "about"))
    return re.fullmatch(rf",? (?:{ways})(?: (?:{about}))? ?", text[counted.end : sum_.start], re.IGNORECASE) is not None


def _said_alike(text: str, amount: Amount, before: Sequence[Amount], rules: Rules) -> Amount | None:
    """The amount of the same unit before which the same preposition stands: ``at 6.5 hectares in 2012 and at 4 ha``.

    Or the sum of money: ``valued at US$1.1 million …, and at US$1.9``.
    """
    joined = rf"(?<!\w)(?:{'|'.join(rules.words('list_joints'))}) (?P<word>\w+)$"
    again = re.search(joined, text[: amount.start].rstrip(), re.IGNORECASE)
    if again is None:
        return None
    alike = (one for one in before if text[: one.start].rstrip().endswith(f" {again['word']}"))
    return next((one for one in alike if one.unit in currencies(rules) or one.unit == amount.unit is not None), None)


def _with_occasions(text: str, start: int, amount: Amount, before: Sequence[Amount], rules: Rules) -> Amount:
    """An amount that counts the cases in which something was done: ``in 12 cases in 2012 and in 17 in 2013``."""
    openers = "|".join((*rules.words("occasion_openers"), "(?!)"))
    opened = re.search(rf"(?<!\w)(?:{openers})(?: (?:{'|'.join(rules.words('about'))}))? $", text[start : amount.start])
    if opened is None:
        return amount
    same = before[-1] if before and before[-1].occasions and amount.unit is None else None
    if same is not None and re.match(r" [a-z]+ \d|[,;.]", text[amount.end :]):
        return replace(amount, unit=same.unit, subject=same.unit, counted=True, occasions=True)
    told = amount.counted and amount.subject == amount.unit in rules.words("occasions")
    return replace(amount, occasions=told)


def _joins(between: str, rules: Rules) -> bool:
    """Whether words between two amounts do nothing but join them in a list."""
    return re.fullmatch(rf",? ?(?:(?:{'|'.join(rules.words('list_joints'))}) )?", between) is not None


def may_measure(text: str, number: re.Match[str], taken: Sequence[tuple[int, int]], rules: Rules) -> bool:
    """Whether a number may measure something: no year, no share of a whole, no number of an article or law."""
    if YEAR.fullmatch(number[0]) or any(first <= number.start() < last for first, last in taken):
        return False
    before, behind = text[: number.start()], text[number.end() :]
    labelled = re.search(rf"(?:{'|'.join(rules.words('labels_before'))})\s*$", before, re.IGNORECASE)
    shared = re.match(rf"\s?(?:{'|'.join(rules.words('shares_behind'))})", behind, re.IGNORECASE)
    pronoun = (
        not number[0][0].isdigit() and is_counted(behind, rules) is None and measure_in(behind, rules) is None
    )  # "de las dos", not "de las nueve personas"
    taken_up = pronoun and compiled(rules.words("taken_up_before")).search(f"{before[-20:]}x")
    if not number[0][0].isdigit() and _is_denied(text, number, rules):
        return False
    return labelled is None and shared is None and not taken_up and not ranges.is_end(text, number, rules)


def _is_denied(text: str, number: re.Match[str], rules: Rules) -> bool:
    """Whether a number belongs to a word that says there was none: ``not a single one``."""
    nones = compiled(rules.words("none")).finditer(text)
    return any(none.start() < number.start() < none.end() for none in nones)


def _is_apart(text: str, start: int, amount: Amount, governors: Collection[int], rules: Rules) -> bool:
    """Whether a preposition before a number makes it no object or subject of a verb: ``in 14 municipalities``."""
    before = text[start : amount.start].rstrip()
    worth = compiled(tuple(f"(?:{way})$" for way in rules.words("worth")))
    if worth.search(before) or is_price(text, amount.start, amount.unit, rules):
        return False
    attended = compiled(rules.words("attended_by")).match(text, start)
    if attended is not None and attended.end() + 1 == amount.start:
        return False
    if compiled(tuple(f"(?:{way})$" for way in rules.words("breakdowns"))).search(before):
        return False
    ones = compiled(tuple(f"(?:{way})$" for way in rules.words("ones_of_money"))).search(before)
    if ones is not None and amount.unit in currencies(rules):
        before = before[: ones.start()].rstrip()
    while start + len(before) not in governors and (found := _about(rules).search(before)) is not None:
        before = before[: found.start()].rstrip()
    verbs = "|".join((*rules.words("changes"), *rules.words("be")))
    if re.search(rf"(?<!\w)(?:{verbs}) by$", before, re.IGNORECASE):
        return True  # "dropped by 40 kg"
    changing = re.search(rf"(?<!\w)(?:{verbs})(?: \w{{1,4}})?$", before, re.IGNORECASE)
    joint = compiled(rules.words("part_joints")).search(text, start, amount.start + 1)
    if joint is not None and not (text[start : joint.start()] + text[joint.end() : start + len(before)]).strip(" ,"):
        return False
    if compiled(tuple(rf"(?:{word})$" for word in rules.words("not_apart"))).search(before):
        return False
    if start + len(before) in governors or changing:
        return False
    measured_on = compiled(tuple(f"(?:{word})$" for word in rules.words("measured_on")))
    if amount.unit and not amount.counted and measured_on.search(before):
        return False  # "eradicated 5,000 plants on 12 hectares"
    again = re.search(rf" (?:{'|'.join(rules.words('list_joints'))}) (\w+)$", before)
    if again and re.search(rf"(?<!\w)(?:{verbs}) {again[1]} ", before, re.IGNORECASE):
        return False
    if again and any(start < at < amount.start and text[:at].endswith(f" {again[1]}") for at in governors):
        return False
    opened = re.search(rf"(?:^|, )(?:{'|'.join(rules.words('of'))})$", before, re.IGNORECASE)
    begins = not start or compiled(rules.words("of")).fullmatch(before) is not None
    whole = begins and opened is not None  # "Of 31 persons prosecuted, …"; "In 2012, of 96 samples analyzed, …"
    return not whole and compiled(tuple(rf"(?:{word})$" for word in rules.words("apart"))).search(before) is not None


@lru_cache(maxsize=8)
def _about(rules: Rules) -> re.Pattern[str]:
    """Words that say how exact a number is, at the end of what stands before it: ``a little over``."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(rules.words('about'))})$", re.IGNORECASE)


def _amount(text: str, start: int, number: re.Match[str], stop: int, listed: bool, rules: Rules) -> Amount:
    """One number with the unit and the subject right behind it, or the money right before it.

    ``listed``: whether it goes on with a list of amounts, so that *un*, *una* is a number, too.
    """
    behind = text[number.end() : stop]
    value = value_of(number[0], rules)
    place = number.span()
    if (money := money_in(text[start : number.start()], behind, rules)) is not None:
        currency, first, last = money
        worth = worth_in(text[start : number.start() - first], rules)
        paid, end = paid_in(behind, last, rules)
        return Amount(number.start() - first, number.end() + end, place, value, currency, worth or paid or UNSPECIFIED)
    skipped = _article(behind, rules)
    behind = behind[skipped:]
    counted = is_counted(behind, rules)
    if (measured := measure_in(behind, rules)) is not None and not _are_both(measured, counted):
        unit, subject, last = measured
        if subject is None and (again := _takes_up(behind[last:], rules)) is not None:
            return Amount(*_extent(number, skipped + last + again), place, value, unit, None)
        return Amount(
            *_extent(number, skipped + last),
            place,
            value,
            unit,
            subject or (UNSPECIFIED if unit == LABORATORIES else None),
        )
    if (
        counted is not None
        and not (skipped and is_made(counted[0], rules))
        and (listed or skipped or not _is_article(number[0], behind, rules))
    ):
        subject, unit, last = counted
        return Amount(*_extent(number, skipped + last), place, value, unit, subject, True)
    return Amount(*place, place, value, None, None)


def _are_both(measured: tuple[str, str | None, int], counted: tuple[str, str, int] | None) -> bool:
    """Whether what is counted has a unit that also measures, but says nothing of what: ``40 plantations``."""
    return counted is not None and measured[1] is None and counted[1] == measured[0]


def _article(behind: str, rules: Rules) -> int:
    """Where a word ends that parts a number from its noun: ``fueron 118 las farmacias``, ``una sola lancha``."""
    words = (*rules.words("inverted_articles"), *rules.words("only_one"))
    article = compiled(words).match(behind, 1) if behind[:1] == " " else None
    return article.end() if article else 0


def is_made(subject: str, rules: Rules) -> bool:
    """Whether a noun is a participle that says what was done: ``fueron 38 los condenados``."""
    return any(cue.value == subject and "made_by" in cue.marks for cue in rules.of("counted"))


def _extent(number: re.Match[str], last: int) -> tuple[int, int]:
    return number.start(), number.end() + last


def _is_article(number: str, behind: str, rules: Rules) -> bool:
    """Whether a number in words may be no number: Spanish *un*, *una*, but not *una sola*."""
    only = compiled(rules.words("only_one")).match(behind.lstrip())
    return _is_indefinite(number, rules) and only is None


def _is_indefinite(number: str, rules: Rules) -> bool:
    return number.casefold() in rules.words("indefinite")


# -- units and subjects ------------------------------------------------------------------------------------------------


def measure_in(behind: str, rules: Rules) -> tuple[str, str | None, int] | None:
    """Unit and subject right behind a number, and where they end; or the subject first: ``marijuana plants``."""
    for cue in rules.of("unit"):
        match = re.match(rf"\s?(?:(?:de|of) )?(?:{_words(cue)})(?![\w/])", behind, re.IGNORECASE)
        if match is not None:
            subject, end = _subject_behind(behind, match.end(), rules)
            return cue.value, subject, end
    for cue in (cue for cue in rules.of("unit") if cue.marks.get("behind")):
        match = re.match(rf"\s(?P<of>(?:{plain_word(rules)} ){{1,3}}?)(?:{_words(cue)})(?!\w)", behind, re.IGNORECASE)
        if match is not None:
            subject, _ = subject_in(match["of"].strip(), rules)
            subject = subject or _by_form(match["of"], rules)
            end = match.end()
            return (cue.value, subject, end) if subject else (cue.value, *_subject_behind(behind, end, rules))
    return None


def _by_form(words: str, rules: Rules) -> str | None:
    """A substance that no table has, by its form: ``two mescaline laboratories``."""
    last = words.split()[-1].lower()
    return last if compiled(rules.words("substances_by_form")).fullmatch(last) else None


def _words(cue: Cue) -> str:
    return "|".join(cue.words)


def _subject_behind(behind: str, start: int, rules: Rules) -> tuple[str | None, int]:
    """The subject that hangs on a unit: ``kg of cocaine``, ``laboratories producing heroin``."""
    joined = re.compile(rf"\s(?:{'|'.join(rules.words('subject_joints'))}) ", re.IGNORECASE).match(behind, start)
    if joined is None:
        return None, start
    reach = re.compile(r"[^,;:().\d]*").match(behind, joined.end())
    words = reach[0] if reach else ""
    if compiled(rules.words("things_taken_up")).match(words):
        return None, start
    stop = compiled(rules.words("subject_stops")).search(words)
    named = words[: stop.start()] if stop else words
    subject, end = subject_in(named, rules)
    if subject is None and (substance := open_substance(f" {words}", rules)) is not None:
        subject, end = substance[0], substance[1] - 1
    return (subject, making_end(behind, joined.end() + end, rules)) if subject else (None, start)


def making_end(text: str, end: int, rules: Rules) -> int:
    """Where a subject ends that is told by what is done with it: ``one laboratory in which crack was made``."""
    made = compiled(rules.words("making_behind")).match(text, end + 1)
    return made.end() if made else end


def _takes_up(behind: str, rules: Rules) -> int | None:
    """Where a unit ends that is of what was named before: ``three laboratories producing this drug``."""
    joined = re.compile(rf"\s(?:{'|'.join(rules.words('subject_joints'))}) ", re.IGNORECASE).match(behind)
    again = compiled(rules.words("things_taken_up")).match(behind, joined.end()) if joined else None
    return again.end() if again else None


def said_to_be(text: str, start: int, rules: Rules) -> tuple[str, str, int] | None:
    """What a number is said to be right behind it: ``27 were women``: subject, unit, and where that ends."""
    copula = re.compile(rf"{SHARE} (?:{'|'.join(rules.words('be'))})(?= )").match(text, start)
    found = is_counted(text[copula.end() :], rules) if copula else None
    return (found[0], found[1], copula.end() + found[2]) if copula and found else None

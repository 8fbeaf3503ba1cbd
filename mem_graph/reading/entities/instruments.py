"""References to treaties and standards: which one, by which words, which articles, and what the clause says of it.

A mention is no ratification: the relation comes from words of the clause before the name
(``data/rules/instruments.toml``),
else it is ``named``. Under a denial only relations that are denials themselves are made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from mem_graph.model import Evidence, Relation, TreatyReference
from mem_graph.reading.entities.mentions import LETTERS, Sentence, masked
from mem_graph.reading.entities.names import Named
from mem_graph.reading.entities.participation import participation
from mem_graph.reading.rules import Cue, Rules, compiled, pattern

NAMED = "instruments.named"
CITED = "instruments.cited"
CENTRAL = "instruments.central-authority"
_YEAR = re.compile(r"^[\s,]*(?:(?:of|de|del)\s+)?\(?(?:19|20)\d\d\)?(?=[\s,])")
"""The year behind an instrument's name."""
_OF_PARTICIPATION = ("named", "party", "ratified", "acceded", "not_party", "signed_not_ratified")
"""What acts of participation can say better than the words right beside a name."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a clause stands in a view, and whether it denies."""

    start: int
    end: int
    denied: bool


def references(sentence: Sentence, extents: Sequence[Extent], rules: Rules) -> tuple[TreatyReference, ...]:
    """One reference for each instrument named in a sentence, with the relation that its clause states."""
    found: list[TreatyReference] = []
    told = participation(masked(sentence.view.text, sentence.of("instrument")), rules)
    numbers = {named.start: number for number, named in reversed(list(enumerate(sentence.of("instrument"))))}
    for named in sentence.of("instrument"):
        number = numbers[named.start]
        extent = next(
            (extent for extent in reversed(extents) if extent.start <= named.start),
            Extent(0, len(sentence.view.text), False),
        )
        if _is_alias(sentence, named, rules) or _is_of_protocols(sentence, named, rules):
            continue
        relation, rule = _relation(sentence, named, extent, rules)
        standard = named.key in rules.words("standards")
        if relation in _OF_PARTICIPATION and number in told and not standard and rule not in _exceptions(rules):
            relation, rule = told[number]
        if relation == "not_party" and (
            named.rule == "instruments.signed-before" or _is_told_signed(sentence, named, rules)
        ):
            relation = "signed_not_ratified"
        printed = sentence.view.span(named.start, named.end)
        articles = _articles(sentence, named, rules)
        relation, rule = _by_kind(sentence, named, extent, relation, rule, articles, rules)
        sureness = "fuzzy" if rule == CITED else named.sureness
        evidence = Evidence(sentence.passage, LETTERS[len(found)], rule, sureness)
        if found and _goes_with_act(sentence, named, found[-1], rules):
            continue
        if found and _adds_articles(named, found[-1], relation, rules):
            found[-1] = replace(found[-1], articles=articles)
        else:
            found.append(TreatyReference(named.key, relation, articles, printed, evidence))
    return tuple(found)


def _is_told_signed(sentence: Sentence, named: Named, rules: Rules) -> bool:
    """Whether an aside right behind a name says that the instrument was signed: ``…, signed in 2001, …``."""
    behind = re.sub(r"^\s*\([^)]*\)", "", sentence.view.text[named.end :])
    return compiled(rules.words("signed_asides")).match(behind.lstrip(" ,")) is not None


def _by_kind(
    sentence: Sentence,
    named: Named,
    extent: Extent,
    relation: Relation,
    rule: str,
    articles: Sequence[str],
    rules: Rules,
) -> tuple[Relation, str]:
    """The relation by the kind of clause, where no words say it, or only that something is done.

    A central authority is one under the instrument, whatever joins the two; who acts and cites an article does what
    that says (fuzzy), if it is not one that was reserved.
    """
    clause = sentence.view.text[extent.start : named.start]
    if extent.denied or relation not in ("named", "implements") or named.key in rules.words("standards"):
        return relation, rule
    if compiled(rules.words("central_authorities")).search(sentence.view.text, extent.start, extent.end):
        return "authority", CENTRAL
    cited = relation == "named" and articles and not compiled(rules.words("reservations")).search(clause)
    return ("implements", CITED) if cited else (relation, rule)


def _adds_articles(named: Named, last: TreatyReference, relation: Relation, rules: Rules) -> bool:
    """Whether words only say which articles of the instrument before are meant: ``… that CIFTA describes in its …``."""
    return _owns_articles(named, last, rules) and relation == last.relation and not last.articles


def _owns_articles(named: Named, last: TreatyReference, rules: Rules) -> bool:
    """Whether words say whose articles are meant, those of the instrument before."""
    return compiled(rules.words("owners_of_articles")).fullmatch(named.words) is not None and named.key == last.treaty


def _goes_with_act(sentence: Sentence, named: Named, last: TreatyReference, rules: Rules) -> bool:
    """Whether an article is one reserved, told in what goes with an act: ``…, with a reservation to its Article 6``."""
    before = sentence.view.text[max(0, named.start - _NEAR) : named.start]
    reserved = compiled(rules.words("reservations")).search(before) is not None
    return reserved and _owns_articles(named, last, rules) and last.relation != "named"


@lru_cache(maxsize=8)
def _exceptions(rules: Rules) -> frozenset[str]:
    """The rules that take an instrument out of what is said of others."""
    return frozenset(cue.id for cue in rules.of("relation") if cue.marks.get("excepts"))


def _is_alias(sentence: Sentence, named: Named, rules: Rules) -> bool:
    """Whether a name is another name of the instrument right before it: ``…, also known as the Palermo Convention``."""
    same = (other for other in sentence.of("instrument") if other.key == named.key and other.end <= named.start)
    between = (re.sub(r"[\"“«]", "", sentence.view.text[other.end : named.start]) for other in same)
    aliases = compiled(rules.words("aliases"))
    article = compiled((rf"\((?: (?:{'|'.join(rules.words('name_articles'))}))?",))
    return any(article.fullmatch(words.strip()) or aliases.fullmatch(words.strip(' ,("“«')) for words in between)


def _is_of_protocols(sentence: Sentence, named: Named, rules: Rules) -> bool:
    """Whether a convention is named only to say whose protocols are meant: ``the Protocols to UNTOC``."""
    whose = {cue.marks["of"] for cue in rules.of("protocol-matter")}
    before = sentence.view.text[: named.start]
    if named.key in whose and _ends_with("|".join(rules.words("of_protocols"))).search(before) is not None:
        return True
    return any(
        pattern(cue).fullmatch(_YEAR.sub("", before[other.end :]).strip(" ,"))
        for cue in rules.of("supplementing")
        for other in sentence.of("instrument")
        if other.key in cue.marks["of"] and cue.value == named.key and other.end <= named.start
    )


def _relation(sentence: Sentence, named: Named, extent: Extent, rules: Rules) -> tuple[Relation, str]:
    """The relation whose words end nearest before the name, the longest of those that end together.

    Else the one that stands right behind it: ``CIFTA awaits ratification``.
    """
    clause, whole = _blanked(sentence, named, extent.start, rules), _blanked(sentence, named, 0, rules)
    around = _behind(sentence, named, extent, whole, rules)
    if around is not None and "led" in around.marks:
        return around.value, around.id  # type: ignore[return-value]
    best: tuple[tuple[int, int], Cue] | None = None
    for cue in rules.of("relation"):
        if (extent.denied and not cue.marks.get("denied")) or cue.marks.get("behind"):
            continue
        if not _may_be_said(cue, named, rules):
            continue
        if "after" in cue.marks and not compiled((cue.marks["after"],)).search(whole):
            continue
        text = whole if cue.marks.get("reach") == "sentence" else clause
        for match in pattern(cue).finditer(text):
            if cue.value in _OF_PARTICIPATION and compiled(rules.words("new_subjects")).search(text, match.end()):
                continue
            rank = ((match.end() - len(text)) // 6, match.end() - match.start())
            if best is None or rank > best[0]:
                best = rank, cue
    found = best[1] if best else around
    return (found.value, found.id) if found else ("named", NAMED)  # type: ignore[return-value]


def _may_be_said(cue: Cue, named: Named, rules: Rules) -> bool:
    """Whether a relation may be one to an instrument: nobody is a party to standards; some are to those alone."""
    own = named.key in cue.marks.get("of", (named.key,))
    return own and (named.key not in rules.words("standards") or cue.value not in _OF_PARTICIPATION)


def _behind(sentence: Sentence, named: Named, extent: Extent, before: str, rules: Rules) -> Cue | None:
    """The relation said right behind a name, or behind others that are listed with it.

    What a cue is ``led`` by stands right before the name: ``as CIFTA requires``, ``signed CIFTA but never …``.
    """
    clause, whole = (_after(sentence, named, end, rules) for end in (extent.end, len(sentence.view.text)))
    for cue in rules.of("relation"):
        of_acts = "led" in cue.marks and cue.value in _OF_PARTICIPATION
        denied = extent.denied and not (cue.marks.get("denied") or of_acts)
        if not cue.marks.get("behind") or denied or not _may_be_said(cue, named, rules):
            continue
        lead = _ends_with(cue.marks.get("led", ""))
        led = "led" not in cue.marks or lead.search(before) or lead.search(_without_joints(before, rules))
        if led and pattern(cue).match(whole if cue.marks.get("reach") == "sentence" else clause):
            return cue
    return None


def _without_joints(before: str, rules: Rules) -> str:
    """The words before a name without what joins it to another: ``Ratification of ⟨…⟩ and (its Protocols)``."""
    joints, articles = ("|".join(rules.words(key)) for key in ("joints_and", "name_articles"))
    return re.sub(rf"[\s,]+(?:(?:{joints})\s+(?:(?:{articles})\s+)?|,\s*)$", " ", before)


@lru_cache(maxsize=64)
def _ends_with(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})\s*$", re.IGNORECASE)


def _after(sentence: Sentence, named: Named, end: int, rules: Rules) -> str:
    """What stands between a name and a place behind it, without other instruments, brackets and joints."""
    text = sentence.view.text[named.end : end]
    for start, stop in reversed(_spans(sentence)):
        if named.end <= start and stop <= end:
            text = text[: start - named.end] + text[stop - named.end :]
    text = re.sub(r"\([^)]*\)", "", text)
    joints = "|".join((*rules.words("joints_and"), *rules.words("name_articles")))
    asides = "|".join(rules.words("asides"))
    text = re.sub(rf"^\s*,\s*(?:{asides})(?:\s[^,.;]*)?,", "", text)
    return re.sub(rf"^(?:[\s,]|(?:{joints})(?!\w))*", "", text, flags=re.IGNORECASE)


def _spans(sentence: Sentence) -> list[tuple[int, int]]:
    """Where the instruments of a sentence are named, in order; one place may name several (``both Conventions``)."""
    return sorted({(named.start, named.end) for named in sentence.of("instrument")})


def _blanked(sentence: Sentence, named: Named, start: int, rules: Rules) -> str:
    """The clause up to a name, without other instruments, articles and brackets, so that cues stand next to what
    they speak of.
    """
    text = sentence.view.text[start : named.start]
    joint = re.compile(rf"[\s,]*(?:\([^)]*\)[\s,]*)?(?:{'|'.join(rules.words('again'))})\s+", re.IGNORECASE)
    for first, last in reversed(_spans(sentence)):
        if start <= first and last <= named.start:
            again = joint.match(text, last - start)
            text = text[: first - start] + text[again.end() if again else last - start :]
    parts = (*rules.words("articles"), *rules.words("parts_of_instruments"))
    text = re.sub(rf"\([^)]*\)|{_unnamed(parts)}", "", text)
    text = _ends_with("|".join(rules.words("heads_of_years"))).sub("", text) if named.rule == "names.year" else text
    return re.sub(rf"(?<=\w) (?:{'|'.join(rules.words('adverbs_of_relations'))})(?=[ ,])", "", text)


@lru_cache(maxsize=8)
def _unnamed(words: tuple[str, ...]) -> str:
    return "|".join(re.sub(r"\?P<\w+>", "?:", word) for word in words)


def _articles(sentence: Sentence, named: Named, rules: Rules) -> tuple[str, ...]:
    """The articles cited right before a name: ``Articles 3 and 12 of the …``."""
    match = _before(rules.words("articles")).search(sentence.view.text[: named.start])
    match = match or _before(rules.words("reserved_before")).search(sentence.view.text[: named.start])
    if match is None and named.rule == "instruments.anaphora":
        match = re.compile("|".join(rules.words("own_articles"))).match(sentence.view.text, named.end)
    if match is None and named.key in rules.words("standards"):
        match = compiled(rules.words("own_numbers")).search(sentence.view.text[named.start : named.end + 20])
    if match is None:
        match = _reserved(sentence, named, rules)
    numbers = re.sub(r" ?\(\w+\)|\.\w+", "", match["numbers"]) if match else ""
    return tuple(re.findall(r"\d+[a-z]?|[IVXLC]+", numbers))


def _reserved(sentence: Sentence, named: Named, rules: Rules) -> re.Match[str] | None:
    """The articles to which a state made a reservation, told behind the instrument: ``made a reservation to …``."""
    following = min((start for start, _ in _spans(sentence) if start >= named.end), default=len(sentence.view.text))
    match = compiled(rules.words("reserved_articles")).search(sentence.view.text, named.end, following)
    return match if match is not None and match.start() - named.end < _NEAR else None


_NEAR = 60
"""So many characters may stand between an instrument and the articles reserved: a year, *when it ratified*."""


@lru_cache(maxsize=8)
def _before(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"{compiled(words, 0).pattern.removesuffix('(?!' + chr(92) + 'w)')}$")

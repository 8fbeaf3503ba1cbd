"""An edition beside the edition of record in another language: which of its findings say the same.

Findings are tied by their place alone, never by likeness of words: the same sentence of a place that has as many
sentences and the same rating in both, where both sentences make as many findings of the same polarity, in order. What
is not tied is listed. Where most places do not have as many sentences, the one is no faithful translation of the other,
and nothing is tied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mem_graph.model import Edition, Finding, Passage, Problem, Translation, Where

CODE = "translation-not-tied"
FAITHFUL = 0.5
"""So many of the places must have as many sentences in both."""


def translated(edition: Edition, record: Edition) -> Edition:
    """The edition as a translation of the edition of record, with the problems that the two have with each other."""
    ties: dict[str, str] = {}
    problems: list[Problem] = list(_ratings(edition, record))
    counted, own = _sentences(record), _sentences(edition)
    theirs, ours = _findings(record), _findings(edition)
    even = [where for where, passages in own.items() if len(passages) == len(counted.get(where, ()))]
    if len(even) < FAITHFUL * len(counted):
        return replace(edition, problems=(*edition.problems, *problems, _unfaithful(edition, record, len(even))))
    apart = _rated_apart(edition, record)
    for where, passages in own.items():
        others = counted.get(where, [])
        if where not in even:
            problems.extend(_uneven(where, passages, others, ours))
        if where not in even or where in apart:
            continue
        for passage, other in zip(passages, others, strict=True):
            said, same = ours.get(passage.key, ()), theirs.get(other.key, ())
            if [one.polarity for one in said] == [one.polarity for one in same]:
                pairs = zip(said, same, strict=True)
                ties |= {one.evidence.key: twin.evidence.key for one, twin in pairs}
            else:
                found = f"{_signs(said)} here, {_signs(same)} in {record.identity.edition}"
                problems.append(Problem(CODE, f"the findings of this sentence differ: {found}", passage.span))
    return replace(
        edition,
        translation=Translation(record.identity.edition, ties),
        problems=(*edition.problems, *problems),
    )


def _sentences(edition: Edition) -> dict[Where, list[Passage]]:
    places: dict[Where, list[Passage]] = {}
    for passage in edition.passages:
        places.setdefault(passage.where, []).append(passage)
    return places


def _findings(edition: Edition) -> dict[str, list[Finding]]:
    """The findings of each sentence, by its key."""
    found: dict[str, list[Finding]] = {}
    for finding in edition.findings:
        found.setdefault(finding.evidence.passage.key, []).append(finding)
    return found


def _signs(findings: Sequence[Finding]) -> str:
    """``+ + -``: the polarities of the findings of a sentence."""
    return " ".join("+" if one.polarity == "achievement" else "-" for one in findings) or "none"


def _unfaithful(edition: Edition, record: Edition, even: int) -> Problem:
    said = f"only {even} places have as many sentences as in {record.identity.edition}: none of its findings is tied"
    return Problem("translation-unfaithful", said, next(iter(edition.identity.printed.values())))


def _uneven(
    where: Where, passages: Sequence[Passage], others: Sequence[Passage], ours: Mapping[str, Sequence[Finding]]
) -> Iterator[Problem]:
    """A place whose sentences cannot be set against each other, where it has findings at all."""
    if any(passage.key in ours for passage in passages):
        place = f"recommendation {where}" if isinstance(where, int) else where
        said = f"{place} has {len(passages)} sentences here and {len(others)} in the edition of record"
        yield Problem(CODE, said, passages[0].span)


def _ratings(edition: Edition, record: Edition) -> Iterator[Problem]:
    """Ratings that the two editions print differently; the one of the edition of record counts."""
    counts = _rated_apart(edition, record)
    for one in edition.assessments:
        if one.recommendation in counts:
            said = f"recommendation {one.recommendation}: {one.rating} here, {counts[one.recommendation]} in "
            yield Problem("translation-rating-differs", said + record.identity.edition, one.line)


def _rated_apart(edition: Edition, record: Edition) -> dict[int, str]:
    """The recommendations that the two rate differently, with the rating of the edition of record."""
    counts = {one.recommendation: one.rating for one in record.assessments}
    rated = {one.recommendation: one.rating for one in edition.assessments if one.rating}
    return {number: counts[number] for number, rating in rated.items() if counts.get(number, rating) != rating}

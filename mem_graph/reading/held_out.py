"""On what the rules rest: each chapter read again without the cues whose only examples come from it.

A rule made for one sentence shows here: without it that sentence is not understood, or is read otherwise.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from mem_graph.model import Edition, Finding, Source, Where
from mem_graph.reading.report import parse
from mem_graph.reading.rules import Rules, without_examples
from mem_graph.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One chapter read without its own cues, beside its reading with all."""

    where: Where
    cues: int
    """How many cues have all their examples in this chapter."""
    sentences: int
    understood: int
    findings: int
    same_polarity: int
    """Findings made again of the same sentence with the same polarity."""
    same_topics: int
    """Those of them that have the same topics too."""


def chapters(source: Source, vocabulary: Vocabulary, rules: Rules) -> tuple[HeldOut, ...]:
    """Every chapter, and the conclusions, each read without the cues that only it gives examples of."""
    edition = parse(source, vocabulary, rules)
    places = dict.fromkeys(passage.where for passage in edition.passages if passage.where != "preface")
    return tuple(_held_out(edition, where, vocabulary, rules) for where in places)


def _held_out(edition: Edition, where: Where, vocabulary: Vocabulary, rules: Rules) -> HeldOut:
    kept = without_examples(rules, f"{edition.identity.report}/{where}")
    again = parse(edition.source, vocabulary, kept, only=where) if kept != rules else edition
    findings = _findings(edition, where)
    expected, found = Counter(map(_polarity, findings)), Counter(map(_polarity, _findings(again, where)))
    topical = Counter(map(_topics, findings)) & Counter(map(_topics, _findings(again, where)))
    return HeldOut(
        where,
        len(list(rules)) - len(list(kept)),
        sum(passage.where == where for passage in edition.passages),
        sum(passage.where == where for passage in again.passages)
        - sum(passage.where == where for passage in again.not_understood),
        len(findings),
        (expected & found).total(),
        topical.total(),
    )


def _findings(edition: Edition, where: Where) -> list[Finding]:
    return [finding for finding in edition.findings if finding.evidence.passage.where == where]


def _polarity(finding: Finding) -> tuple[object, ...]:
    """What a finding says, whatever its words: its sentence, and its polarity."""
    return finding.evidence.passage, finding.polarity


def _topics(finding: Finding) -> tuple[object, ...]:
    return *_polarity(finding), finding.topics

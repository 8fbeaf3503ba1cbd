"""What an edition shows about itself: where chapter, table and conclusions differ.

Only what needs the text; what needs several reports is asked of the graph. Nothing here is repaired, and nothing
touches a rating: the chapter's rating counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from mem_graph.model import Edition, Problem


def check(edition: Edition) -> tuple[Problem, ...]:
    """The problems an edition has with itself, in the order: table, counts."""
    return (*_table(edition), *_counts(edition))


def checked(edition: Edition) -> Edition:
    """The edition with the problems it has with itself behind those of its source."""
    return replace(edition, problems=(*edition.problems, *check(edition)))


def _table(edition: Edition) -> Iterator[Problem]:
    """Ratings and areas that the summary table prints otherwise than the chapter."""
    chapters = {assessment.recommendation: assessment for assessment in edition.assessments}
    for row in edition.summary:
        chapter = chapters.get(row.recommendation)
        if chapter and chapter.rating and chapter.rating != row.rating:
            said = f"recommendation {row.recommendation}: {chapter.rating} in its chapter, {row.rating} in the table"
            yield Problem("rating-differs", said, row.row)
        if chapter and row.area and chapter.area != row.area:
            said = f"recommendation {row.recommendation}: {chapter.area} in its chapter, {row.area} in the table"
            yield Problem("area-differs", said, row.row)


def _counts(edition: Edition) -> Iterator[Problem]:
    """Ratings that the conclusions count otherwise than the chapters."""
    printed = Counter(assessment.rating for assessment in edition.assessments)
    for tally in edition.tallies:
        if printed[tally.rating] != tally.count:
            said = f"{tally.rating}: {printed[tally.rating]} chapters, {tally.count} in the conclusions"
            yield Problem("count-differs", said, tally.printed)

"""What waits for a person's decision in a reading, each with the entry to paste where it is decided.

Likeness only suggests: near names of a new body are shown, and nothing is merged by them. An entry that is printed
lacks who and why, without which it is refused (``docs/correcting.md``).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from mem_graph.iris import Iris
from mem_graph.model import Edition, Finding, Institution, Passage, Problem, Span, Where
from mem_graph.outcomes import AuditResult
from mem_graph.reading.deciding.kinds import KINDS, statements, words_of
from mem_graph.reading.deciding.locating import shown
from mem_graph.vocabulary import Vocabulary

LIKE, SHOWN = 65, 4
"""How alike two names must be to be shown, of 100, and how many are."""
NOT_UNDERSTOOD = "not-understood"
UNCODED = "uncoded"
_NO_CODE = {"criterion": "", "outcome": "", "because": ""}


@dataclass(frozen=True, slots=True)
class Paste:
    """Lines to paste, and the file, below ``data/``, that they belong into."""

    file: str
    lines: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that waits for a person: its kind, where, in which words, what is asked, and what would decide it."""

    kind: str
    edition: str
    where: str
    line: int
    quote: str
    question: str
    pastes: tuple[Paste, ...]


def decisions(edition: Edition, vocabulary: Vocabulary, day: datetime.date) -> tuple[Decision, ...]:
    """All that waits in one edition: ratings in doubt, new bodies, likenesses, what was not understood, other problems.

    In: the edition as corrected so far; the vocabulary; the day to write into entries.
    """
    about = _About(edition, vocabulary, day)
    return (
        *_ratings(about),
        *_bodies(about),
        *_likenesses(about),
        *_codings(about),
        *_not_understood(about),
        *_problems(about),
    )


@dataclass(frozen=True, slots=True)
class _About:
    edition: Edition
    vocabulary: Vocabulary
    day: datetime.date

    def decision(self, kind: str, where: str, span: Span, question: str, *pastes: Paste) -> Decision:
        line = self.edition.source.text.count("\n", 0, span.start) + 1
        return Decision(kind, self.edition.identity.edition, where, line, _plain(span.quote), question, pastes)

    def entry(self, **members: Any) -> Paste:
        return entry(self.edition.identity.edition, self.day, **members)


def entry(edition: str, day: datetime.date, **members: Any) -> Paste:
    """An entry as TOML, with strings as in JSON (TOML 1.0, basic strings); who and why are left to the person."""
    written = {"edition": edition, **members}
    lines = [f"{name} = {_toml(value)}" for name, value in written.items()]
    signed = ['who = ""', f"date = {day.isoformat()}", 'reason = ""']
    report = edition.partition("/")[0]
    return Paste(f"corrections/{report}.toml", "\n".join(["[[correction]]", *lines, *signed]))


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_toml(each)}" for name, each in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _plain(words: str) -> str:
    return " ".join(words.split())


def _named(where: Where) -> str:
    return f"recommendation {where}" if isinstance(where, int) else where


# -- ratings in doubt -------------------------------------------------------------------------------------------------


def _ratings(about: _About) -> Iterator[Decision]:
    """A rating for each recommendation in doubt: the table's, where it has one."""
    seen: set[int | None] = set()
    for problem in about.edition.problems:
        if problem.stops and problem.recommendation not in seen:
            seen.add(problem.recommendation)
            yield _rating(about, problem)


def _rating(about: _About, problem: Problem) -> Decision:
    number = problem.recommendation
    if number is None:
        return about.decision(problem.code, "report", problem.span, f"{problem.message}; no correction can settle it")
    row = next((row for row in about.edition.summary if row.recommendation == number), None)
    rating, span = (row.rating, row.row) if row else ("", problem.span)
    said = f" The summary table has {row.rating}." if row else ""
    paste = about.entry(action="rate", recommendation=number, rating=rating, quote=_plain(span.quote))
    question = f"{problem.message}. Which rating counts, and which words say so?{said}"
    return about.decision("rating", _named(number), problem.span, question, paste)


# -- bodies that no table holds ---------------------------------------------------------------------------------------


def _bodies(about: _About) -> Iterator[Decision]:
    for body in about.edition.institutions:
        if not body.known and body.correction is None:
            yield _body(about, body)


def _body(about: _About, body: Institution) -> Decision:
    """Whether a new body is one of its own, or one of the tables under another name."""
    mention = next(one for one in about.edition.mentions if one.about == body.key)
    passage = mention.evidence.passage
    near = near_names(body, about.edition, about.vocabulary)
    alike = "; ".join(f"{name} ({key})" for key, name in near)
    names = {"key": body.key, "name": body.name} | ({"acronym": body.acronym} if body.acronym else {})
    own = about.entry(
        action="name",
        where=passage.where,
        quote=_plain(passage.span.quote),
        words=_plain(mention.printed.quote),
        set=names,
    )
    same = (paste for key, name in near for paste in _same(about, body, key, name))
    question = f"Is {body.name} a body of its own? {f'Near names: {alike}.' if near else 'No name is near.'}"
    return about.decision("new institution", _named(passage.where), passage.span, question, own, *same)


def _same(about: _About, body: Institution, key: str, name: str) -> Iterator[Paste]:
    """Rows by which a body is the same as one that the tables hold, or as another that they do not hold either."""
    language, country = about.edition.identity.language, key.partition("/")[0]
    names = [_row(key, body.name, language, "")]
    if all(row.key != key for row in about.vocabulary.institutions):
        acronym = next((each.acronym for each in about.edition.institutions if each.key == key), None)
        yield Paste(
            "tables/institutions.csv", _row(key, name, acronym or body.acronym or "", country, "national", "", "")
        )
        names.insert(0, _row(key, name, language, "its name"))
    yield Paste("tables/institution-names.csv", "\n".join(dict.fromkeys(names)))


def near_names(body: Institution, edition: Edition, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Bodies with names like that of a new one, the most alike first, by key and name: of its country or of none."""
    country = edition.identity.country
    known = [(row.key, row.printed) for row in vocabulary.institution_names if row.key[:3] in (country, "INT")]
    others = [(each.key, each.name) for each in edition.institutions if each.key != body.key and not each.known]
    names = dict(enumerate((*known, *others)))
    told = {number: name.casefold() for number, (_, name) in names.items()}
    alike = process.extract(
        body.name.casefold(), told, scorer=fuzz.token_sort_ratio, score_cutoff=LIKE, limit=len(told)
    )
    first = {names[number][0]: names[number][1] for _, _, number in reversed(alike)}
    ordered = dict.fromkeys(names[number][0] for _, _, number in alike)
    return [(key, first[key]) for key in ordered][:SHOWN]


def _row(*cells: str) -> str:
    """A row of a table, as CSV (RFC 4180)."""
    return ",".join(f'"{cell.replace(chr(34), 2 * chr(34))}"' if {*cell} & {*',"\n'} else cell for cell in cells)


# -- statements by likeness, sentences not understood, other problems -------------------------------------------------


def _likenesses(about: _About) -> Iterator[Decision]:
    for kind in KINDS:
        for one in statements(about.edition, kind):
            if one.evidence.sureness == "fuzzy":
                yield _likeness(about, kind, one)


def _likeness(about: _About, kind: str, one: Any) -> Decision:
    """Whether what was read by likeness is right."""
    passage, words = one.evidence.passage, words_of(kind, one)
    members = {"kind": kind, "where": passage.where, "quote": _plain(passage.span.quote)}
    if words:
        members["words"] = _plain(words.quote)
    confirmed = about.entry(action="confirm", **members)
    withdrawn = about.entry(action="withdraw", **members, letter=one.evidence.letter)
    question = f"Read by likeness (rule {one.evidence.rule}): is this {kind} right? {shown(kind, one)}"
    return about.decision("likeness", _named(passage.where), passage.span, question, confirmed, withdrawn)


def _codings(about: _About) -> Iterator[Decision]:
    """Findings that are coded to no criterion, or by likeness alone."""
    left = {one.span for one in about.edition.accepted if one.code == UNCODED}
    for kind in ("finding", "conclusion"):
        for one in statements(about.edition, kind):
            unsure = any(code.sureness == "fuzzy" for code in one.codes)
            if (unsure or not one.codes) and one.evidence.passage.span not in left:
                yield _coding(about, kind, one)


def _coding(about: _About, kind: str, one: Finding) -> Decision:
    """Of which criteria a finding speaks: those of its chapter stand in the question."""
    passage, words = one.evidence.passage, _plain(one.focus.quote)
    given = [
        {"criterion": code.criterion, "outcome": code.outcome, "because": _plain(code.because.quote)}
        for code in one.codes
    ]
    members = {"where": passage.where, "quote": _plain(passage.span.quote)}
    left = about.entry(action="accept", problem=UNCODED, **members)
    coded, bare = (
        about.entry(action="change", kind=kind, **members, words=words, set={"codes": codes})
        for codes in (given or [_NO_CODE], [])
    )
    other = Paste(left.file, f"{bare.lines}\n\n{left.lines}") if given else left
    known = about.vocabulary.criteria
    asked = [f"{key} ({label})" for key, label in known.items() if key.partition("/")[0] == str(passage.where)]
    of = f" Those of its recommendation: {', '.join(asked)}." if asked else ""
    said = "is coded by likeness alone" if given else "is coded to no criterion"
    question = f"«{words}» {said}. Of which criteria does it speak?{of}"
    return about.decision("coding", _named(passage.where), passage.span, question, coded, other)


def _not_understood(about: _About) -> Iterator[Decision]:
    left = {one.span for one in about.edition.accepted if one.code == NOT_UNDERSTOOD}
    for passage in about.edition.not_understood:
        if passage.span not in left:
            yield _sentence(about, passage)


def _sentence(about: _About, passage: Passage) -> Decision:
    """What a sentence says that no rule understood."""
    quote = _plain(passage.span.quote)
    kind = "finding" if isinstance(passage.where, int) else "conclusion"
    members = {"focus": "", "polarity": "", "modality": "", "topics": [""], "codes": [_NO_CODE]}
    added = about.entry(action="add", kind=kind, where=passage.where, quote=quote, set=members)
    left = about.entry(action="accept", problem=NOT_UNDERSTOOD, where=passage.where, quote=quote)
    pastes = (left,) if passage.where == "preface" else (added, left)
    return about.decision(
        NOT_UNDERSTOOD, _named(passage.where), passage.span, "What does this sentence say, if anything?", *pastes
    )


def _problems(about: _About) -> Iterator[Decision]:
    """Problems that touch no rating, and that nobody has looked at."""
    for problem in about.edition.problems:
        if not problem.touches_rating and problem.settled is None:
            left = about.entry(action="accept", problem=problem.code, quote=_plain(problem.span.quote))
            question = f"{problem.message}. Is the reading right as it is?"
            yield about.decision(problem.code, "report", problem.span, question, left)


# -- audits of a release ----------------------------------------------------------------------------------------------


def audited(
    results: Iterable[AuditResult], editions: Iterable[Edition], iris: Iris, day: datetime.date
) -> Iterator[Decision]:
    """The differences that audits of a release found in some editions, but for those that a person left as they are."""
    known = {edition.identity.edition: edition for edition in editions}
    for result in results:
        if result.severity != "info" and result.statements:
            keys = iris.parse(result.statements[0]).keys
            edition = known.get("/".join((keys[0], keys[2], keys[3])))
            if edition is not None and not _left(edition, result):
                yield _difference(edition, result, keys[1], day)


def _left(edition: Edition, result: AuditResult) -> bool:
    words = {_plain(quote) for quote in result.quotes}
    return any(one.code == result.audit and _plain(one.span.quote) in words for one in edition.accepted)


def _difference(edition: Edition, result: AuditResult, where: str, day: datetime.date) -> Decision:
    quote = _plain(result.quotes[0])
    place = {"where": int(where) if where.isdigit() else where} if where.isdigit() or where == "conclusions" else {}
    left = entry(edition.identity.edition, day, action="accept", problem=result.audit, **place, quote=quote)
    return Decision(
        f"audit {result.audit}",
        edition.identity.edition,
        _named(int(where)) if where.isdigit() else where,
        0,
        quote,
        result.message,
        (left,),
    )


# -- telling ----------------------------------------------------------------------------------------------------------


def in_words(decision: Decision, number: int, of: int) -> list[str]:
    """A decision as lines: which, where, the words, the question, and what to paste."""
    line = f", line {decision.line}" if decision.line else ""
    told = [
        f"{number} of {of}: {decision.kind}, {decision.edition}, {decision.where}{line}",
        f"  “{decision.quote}”",
        f"  {decision.question}",
    ]
    for paste in decision.pastes:
        told += [f"  data/{paste.file}:", *(f"    {each}" for each in paste.lines.splitlines())]
    return told


def to_json(decision: Decision) -> dict[str, Any]:
    """A decision as an object."""
    return {
        "kind": decision.kind,
        "edition": decision.edition,
        "where": decision.where,
        "line": decision.line or None,
        "quote": decision.quote,
        "question": decision.question,
        "paste": [{"file": f"data/{paste.file}", "lines": paste.lines} for paste in decision.pastes],
    }

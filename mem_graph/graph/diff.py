"""What two releases have not in common, in words: which statements came, went and changed, each with its quote.

A statement is known by its IRI: country, round, recommendation, edition and sentence. Everything else, from tables to
audits, is counted by graph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mem_graph.graph.release import DATA
from mem_graph.iris import PREFIXES, curie
from mem_graph.outcomes import Release

TYPE, STATEMENT, QUOTE = (
    f"<{PREFIXES['rdf']}type>",
    f"<{PREFIXES['mem']}Statement>",
    f"<{PREFIXES['mem']}quote>",
)

Facts = Mapping[str, frozenset[str]]
"""What is said of one thing: predicate → objects, as N-Triples has them."""


@dataclass(frozen=True, slots=True)
class Change:
    """A statement that both releases have, not the same: for each property that differs, the old and the new values."""

    iri: str
    quote: str
    properties: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Diff:
    """What two releases differ in: statements with their quotes, by IRI; other triples by graph, as gone and come."""

    came: Mapping[str, str]
    went: Mapping[str, str]
    changed: Sequence[Change]
    others: Mapping[str, tuple[int, int]]

    @property
    def empty(self) -> bool:
        """Whether the data are the same."""
        return not (self.came or self.went or self.changed or self.others)


def diff(old: Release, new: Release) -> Diff:
    """What has changed from one release to another, by their data alone."""
    before, after = _lines(old), _lines(new)
    old_only, new_only = before - after, after - before
    touched = {_subject(line) for line in old_only | new_only}
    was, now = _statements(before, touched), _statements(after, touched)
    changed = [_change(iri, was[iri], now[iri]) for iri in sorted(was.keys() & now.keys())]
    return Diff(
        came={_plain(iri): _quote(now[iri]) for iri in sorted(now.keys() - was.keys())},
        went={_plain(iri): _quote(was[iri]) for iri in sorted(was.keys() - now.keys())},
        changed=[each for each in changed if each.properties],
        others=_others(old_only, new_only, was.keys() | now.keys()),
    )


def _lines(release: Release) -> set[str]:
    return set((release.folder / DATA).read_text(encoding="utf-8").splitlines())


def _subject(line: str) -> str:
    return line.partition(" ")[0]


def _statements(lines: set[str], touched: set[str]) -> dict[str, Facts]:
    """What is said of those of the touched things that are statements; canonical N-Quads, one quad a line."""
    facts: dict[str, dict[str, set[str]]] = {}
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        if subject in touched:
            facts.setdefault(subject, {}).setdefault(predicate, set()).add(rest.rsplit(" ", 2)[0])
    frozen = {iri: {name: frozenset(values) for name, values in of.items()} for iri, of in facts.items()}
    return {iri: of for iri, of in frozen.items() if STATEMENT in of.get(TYPE, ())}


def _change(iri: str, was: Facts, now: Facts) -> Change:
    """The properties of a statement that differ, with the values that only one side has."""
    found = {}
    for name in sorted(was.keys() | now.keys()):
        old, new = was.get(name, frozenset()), now.get(name, frozenset())
        if old != new:
            found[curie(_plain(name))] = (_words(old - new), _words(new - old))
    return Change(_plain(iri), _quote(now), found)


def _others(old: set[str], new: set[str], statements: set[str]) -> dict[str, tuple[int, int]]:
    gone, come = (
        Counter(_plain(_graph(line)) for line in lines if _subject(line) not in statements) for lines in (old, new)
    )
    return {graph: (gone[graph], come[graph]) for graph in sorted(gone.keys() | come.keys())}


def _graph(line: str) -> str:
    return line.rsplit(" ", 2)[1]


def _quote(facts: Facts) -> str:
    return " / ".join(_words(facts.get(QUOTE, frozenset())))


def _words(terms: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(_word(term) for term in terms))


_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def _word(term: str) -> str:
    """A term for people: the text of a literal without its type, an IRI with its prefix."""
    if not term.startswith('"'):
        return curie(_plain(term))
    text = term[1 : term.rindex('"')]
    return _ESCAPE.sub(lambda e: chr(int(e[1] or e[2], 16)) if e[1] or e[2] else _SIGNS.get(e[3], e[3]), text)


def _plain(iri: str) -> str:
    return iri.removeprefix("<").removesuffix(">")


# In words


def in_words(found: Diff) -> Iterator[str]:
    """A difference as lines for a terminal."""
    if found.empty:
        yield "The data are the same."
        return
    for title, statements in (("came", found.came), ("went", found.went)):
        yield from _section(len(statements), title)
        for iri, quote in statements.items():
            yield f"  {iri}"
            yield f"    “{quote}”"
    yield from _section(len(found.changed), "changed")
    for change in found.changed:
        yield f"  {change.iri}"
        yield f"    “{change.quote}”"
        for name, (old, new) in change.properties.items():
            yield f"    {name}: {', '.join(old) or 'nothing'} → {', '.join(new) or 'nothing'}"
    for graph, (gone, come) in found.others.items():
        yield f"Other triples of {graph}: {gone:,} went, {come:,} came."


def _section(count: int, what: str) -> Iterator[str]:
    yield f"{count:,} statement{'' if count == 1 else 's'} {what}:" if count else f"No statement {what}."

"""Which properties the things of a class have, and to things of which classes they lead: counted once, not looked up.

Vocabulary of Interlinked Datasets (VoID), sections 4.4 and 5: a dataset is parted by class, the part of a class by
property, and the triples that lead from one part to another are a linkset.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

Classes = tuple[bytes, ...]


class Link(NamedTuple):
    """A property that leads from things of one class to things of another, by their IRIs."""

    subjects: str
    property: str
    objects: str


@dataclass(frozen=True, slots=True)
class Uses:
    """How things of a class use a property: so many triples, of so many things, of which this is the first."""

    triples: int
    subjects: int
    example: str


@dataclass(frozen=True, slots=True)
class Partitions:
    """Every property of the things of every class, and every linkset with its number of triples."""

    properties: Mapping[tuple[str, str], Uses] = field(default_factory=dict)
    """By class and property."""
    links: Mapping[Link, int] = field(default_factory=dict)


def partitions(lines: Sequence[bytes], space: str) -> Partitions:
    """The partitions of a dataset by the classes of a vocabulary.

    In: sorted canonical N-Quads; the namespace of the vocabulary. Out: what its classes have, in order; a triple in two
    graphs counts once, a thing of two classes for each. Blank nodes are left out.
    """
    types = _types(lines, b"<" + space.encode())
    triples, subjects, links = Counter[tuple[Classes, bytes]](), Counter[tuple[Classes, bytes]](), Counter[_Led]()
    examples: dict[tuple[Classes, bytes], bytes] = {}
    for thing, said in groupby(_triples(lines, types), key=lambda triple: triple[0]):
        own, before, name = types[thing], b"", thing[1:-1]  # by name, not by line: …/1 before …/10
        for _, predicate, value in said:
            used = own, predicate
            triples[used] += 1
            if predicate != before:
                before = predicate
                subjects[used] += 1
                examples[used] = min(examples.get(used, name), name)
            if value in types and predicate != TYPE:
                links[own, predicate, types[value]] += 1
    return Partitions(_by_class(triples, subjects, examples), _by_classes(links))


_Led = tuple[Classes, bytes, Classes]


def _types(lines: Sequence[bytes], space: bytes) -> dict[bytes, Classes]:
    """The classes of the vocabulary that each thing is of: there are many things, and few kinds of them."""
    found: dict[bytes, Classes] = {}
    same: dict[Classes, Classes] = {}
    sign = b" %s %s" % (TYPE, space)
    for line in lines:
        if sign in line and line.startswith(b"<"):
            thing, _, value, _ = line.split(b" ", 3)
            known = found.get(thing, ())
            if value not in known:
                own = (*known, value)
                found[thing] = same.setdefault(own, own)
    return found


def _triples(lines: Sequence[bytes], types: Mapping[bytes, Classes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """What is said of the things of these classes, each triple once."""
    last = b""
    for line in lines:
        words, _, _ = line.rsplit(b" ", 2)
        if words != last:
            last = words
            thing, predicate, value = words.split(b" ", 2)
            if thing in types:
                yield thing, predicate, value


def _by_class(
    triples: Counter[tuple[Classes, bytes]],
    subjects: Counter[tuple[Classes, bytes]],
    examples: Mapping[tuple[Classes, bytes], bytes],
) -> dict[tuple[str, str], Uses]:
    found: dict[tuple[bytes, bytes], list[tuple[int, int, bytes]]] = {}
    for (classes, predicate), number in triples.items():
        used = number, subjects[classes, predicate], examples[classes, predicate]
        for each in classes:
            found.setdefault((each, predicate), []).append(used)
    return {
        (_iri(each), _iri(predicate)): Uses(
            sum(use[0] for use in uses), sum(use[1] for use in uses), min(use[2] for use in uses).decode()
        )
        for (each, predicate), uses in sorted(found.items())
    }


def _by_classes(links: Counter[_Led]) -> dict[Link, int]:
    found = Counter[Link]()
    for (own, predicate, others), number in links.items():
        for each in own:
            for other in others:
                found[Link(_iri(each), _iri(predicate), _iri(other))] += number
    return dict(sorted(found.items()))


def _iri(name: bytes) -> str:
    return name[1:-1].decode()

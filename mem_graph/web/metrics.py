"""What the service counts of itself, in the text format of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/

Three kinds of numbers are all there is, so they are written here and no package is needed: counts of requests and times
of queries by outcome, and what others hand in as they are when they are asked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds at which times are told apart."""


class Family(NamedTuple):
    """Numbers of one name: what they are, their type, and each with its labels."""

    name: str
    words: str
    kind: str
    samples: Iterable[tuple[Mapping[str, str], float]]


@dataclass(slots=True, eq=False)
class _Seen:
    """The requests of one route that ended in one way: how many in each span of time, and their seconds in all."""

    times: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0


class Metrics:
    """Counts and times, for the threads of one process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: dict[tuple[str, str], _Seen] = {}

    def count(self, route: str, outcome: str, seconds: float) -> None:
        """Note a request."""
        with self._lock:
            seen = self._seen.get((route, outcome)) or self._seen.setdefault((route, outcome), _Seen())
            seen.times[bisect_left(BOUNDS, seconds)] += 1
            seen.seconds += seconds

    def text(self, others: Iterable[Family] = ()) -> str:
        """Everything, as Prometheus reads it; with what others have counted."""
        with self._lock:
            seen = {key: _Seen(list(each.times), each.seconds) for key, each in sorted(self._seen.items())}
        requests = [({"route": route, "outcome": how}, sum(each.times)) for (route, how), each in seen.items()]
        queries = {how: each for (route, how), each in seen.items() if route == "sparql"}
        counted = Family("mem_graph_requests_total", "Requests, by route and outcome.", "counter", requests)
        lines = [line for family in (counted, *others) for line in _written(family)]
        return "\n".join([*lines, *_histogram(queries)]) + "\n"


def _written(family: Family) -> Iterable[str]:
    yield f"# HELP {family.name} {family.words}"
    yield f"# TYPE {family.name} {family.kind}"
    for labels, value in family.samples:
        yield (
            f"{family.name}{_labels(labels)} {value:g}"
            if isinstance(value, float)
            else (f"{family.name}{_labels(labels)} {value}")
        )


def _histogram(queries: Mapping[str, _Seen]) -> Iterable[str]:
    """The times of queries; each bucket counts what took no longer than its bound."""
    name = "mem_graph_query_seconds"
    yield f"# HELP {name} Seconds until a query was answered or refused, by outcome."
    yield f"# TYPE {name} histogram"
    for outcome, seen in queries.items():
        total = 0
        for bound, count in zip((*BOUNDS, "+Inf"), seen.times, strict=True):
            total += count
            yield f"{name}_bucket{_labels({'outcome': outcome, 'le': str(bound)})} {total}"
        yield f"{name}_sum{_labels({'outcome': outcome})} {seen.seconds:.6f}"
        yield f"{name}_count{_labels({'outcome': outcome})} {total}"


def _labels(labels: Mapping[str, str]) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

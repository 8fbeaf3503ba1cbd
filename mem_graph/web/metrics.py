"""What the service counts of itself, in the text format of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/

Three kinds of numbers are all there is, so they are written here and no package is needed: counts of requests and times
of queries by outcome, and what others hand in as they are when they are asked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
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


class Metrics:
    """Counts and times, for the threads of one process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: Counter[tuple[str, str]] = Counter()
        self._times: dict[str, list[int]] = {}
        self._seconds: Counter[str] = Counter()

    def count(self, route: str, outcome: str, seconds: float) -> None:
        """Note a request; those to ``sparql`` with their time."""
        with self._lock:
            self._requests[route, outcome] += 1
            if route == "sparql":
                times = self._times.setdefault(outcome, [0] * (len(BOUNDS) + 1))
                times[bisect_left(BOUNDS, seconds)] += 1
                self._seconds[outcome] += seconds  # type: ignore[assignment]  # a Counter of seconds

    def text(self, others: Iterable[Family] = ()) -> str:
        """Everything, as Prometheus reads it; with what others have counted."""
        with self._lock:
            requests = [({"route": route, "outcome": how}, n) for (route, how), n in sorted(self._requests.items())]
            times = {outcome: list(counts) for outcome, counts in sorted(self._times.items())}
            seconds = dict(self._seconds)
        counted = Family("mem_graph_requests_total", "Requests, by route and outcome.", "counter", requests)
        lines = [line for family in (counted, *others) for line in _written(family)]
        return "\n".join([*lines, *_histogram(times, seconds)]) + "\n"


def _written(family: Family) -> Iterable[str]:
    yield f"# HELP {family.name} {family.words}"
    yield f"# TYPE {family.name} {family.kind}"
    for labels, value in family.samples:
        yield (
            f"{family.name}{_labels(labels)} {value:g}"
            if isinstance(value, float)
            else (f"{family.name}{_labels(labels)} {value}")
        )


def _histogram(times: Mapping[str, list[int]], seconds: Mapping[str, float]) -> Iterable[str]:
    """The times of queries; each bucket counts what took no longer than its bound."""
    name = "mem_graph_query_seconds"
    yield f"# HELP {name} Seconds until a query was answered or refused, by outcome."
    yield f"# TYPE {name} histogram"
    for outcome, counts in times.items():
        total = 0
        for bound, count in zip((*BOUNDS, "+Inf"), counts, strict=True):
            total += count
            yield f"{name}_bucket{_labels({'outcome': outcome, 'le': str(bound)})} {total}"
        yield f"{name}_sum{_labels({'outcome': outcome})} {seconds[outcome]:.6f}"
        yield f"{name}_count{_labels({'outcome': outcome})} {total}"


def _labels(labels: Mapping[str, str]) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

"""The outermost layer: a name for each request, a line in the log, a number in the metrics; and who asks too often.

A line holds what a person needs to find a request again: its id (which the answer has too), method, path, status, time,
outcome, and at most 2 kB of the query, escaped, so that no request can write a line of its own. Whoever asked is not in
it. An answer from the cache is logged at the level of debugging alone.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import os
import sys
from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache
from itertools import count
from threading import Lock
from time import monotonic, perf_counter
from typing import Any

from mem_graph.web.cache import OUTCOME, Application, Environ, Start
from mem_graph.web.metrics import Metrics

LOG = logging.getLogger(__name__)

REQUEST_ID, QUERY, WAIT = "mem_graph.request_id", "mem_graph.query", "mem_graph.wait"
"""What the layers tell one another in the environment of a request: its name, the text of its query, and the seconds
that its client must wait.
"""

ADDRESS_LIMIT = 16_000
"""Bytes of path and query string."""

LOGGED = 2000
"""Characters of a query in the log, as they are escaped."""

CLIENTS = 10_000
"""Clients that are remembered; those that have not asked for longest are forgotten first."""

ROUTES = frozenset(
    ["sparql", "graph-store", "graph", "dump", "catalogue", ".well-known", "api", "health", "ready", "metrics"]
)
"""The first steps of paths that are counted by name; all others are ``page``."""


class Front:
    """The layer, as a WSGI application around another."""

    def __init__(self, application: Application, metrics: Metrics) -> None:
        """In: what answers, and what counts."""
        self._application, self._metrics = application, metrics
        self._ours, self._numbers = os.urandom(4).hex(), count()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a request."""
        began, seen = perf_counter(), ["000"]
        environ[REQUEST_ID] = name = f"{self._ours}{next(self._numbers):08x}"

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            seen[0] = status
            headers.append(("X-Request-Id", name))
            return start(status, headers, *more)

        body = self._application(environ, started)
        seconds, status = perf_counter() - began, seen[0][:3]
        outcome = environ.get(OUTCOME) or ("answered" if status < "400" else status)
        self._metrics.count(_route(environ.get("PATH_INFO", "")), outcome, seconds)
        level = logging.DEBUG if outcome in ("cached", "not-modified") else logging.INFO
        if LOG.isEnabledFor(level):
            LOG.log(level, "%s", _line(environ, name, status, outcome, seconds))
        return body


@lru_cache(maxsize=256)
def _route(path: str) -> str:
    steps = path.split("/")
    if len(steps) > 3 and steps[1] == "release":
        steps = steps[2:]
    return steps[1] if len(steps) > 1 and steps[1] in ROUTES else "page"


def _line(environ: Environ, name: str, status: str, outcome: str, seconds: float) -> str:
    """A request on one line, in ASCII."""
    method, path = environ.get("REQUEST_METHOD", ""), environ.get("PATH_INFO", "")
    asked = environ.get(QUERY) or environ.get("QUERY_STRING", "")
    return (
        f"request {name} {escaped(method, 20)} {escaped(path, 200)} {status} {outcome} {1000 * seconds:.1f} ms "
        f"{escaped(asked, LOGGED)}"
    )


def escaped(text: str, most: int) -> str:
    r"""So many characters of a text as a JSON string in ASCII: no line end, no sign that a terminal obeys.

    >>> escaped("a\nb\x1bé", 100), escaped("abcdef", 3)
    ('"a\\nb\\u001b\\u00e9"', '"abc..."')
    """
    inner = json.dumps(text[:most])[1:-1].replace("\x7f", "\\u007f")
    if len(inner) <= most and len(text) <= most:
        return f'"{inner}"'
    return f'"{inner[:most]}..."'


def log_to_standard_error() -> None:
    """Have our lines written somewhere: where nobody has said what becomes of the log, to standard error."""
    ours = logging.getLogger("mem_graph")
    if ours.hasHandlers():
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)


class Rates:
    """How often each client asks: so many requests a minute, and as many at once after a while of silence (a bucket).

    >>> rates = Rates(60, clock=lambda: 0.0)
    >>> [rates.wait("192.0.2.1") for _ in range(60)] == [0.0] * 60, rates.wait("192.0.2.1"), rates.wait("192.0.2.2")
    (True, 1.0, 0.0)
    """

    def __init__(self, per_minute: int, clock: Any = monotonic) -> None:
        """In: how many requests a minute; 0: any number."""
        self._most, self._clock = per_minute, clock
        self._lock = Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def of(self, environ: Environ, proxies: int) -> float:
        """The seconds that the client of a request must wait, which is counted once whichever layer asks.

        In: the environment of the request, and how many proxies are in front.
        """
        if WAIT not in environ:
            environ[WAIT] = self.wait(client_of(environ, proxies))
        seconds: float = environ[WAIT]
        return seconds

    def wait(self, client: str) -> float:
        """The seconds that a client must wait before it asks again; 0 where it may ask now, and that is counted."""
        if not self._most:
            return 0.0
        now, pace, name = self._clock(), self._most / 60, _network(client)
        with self._lock:
            left, then = self._left.pop(name, (float(self._most), now))
            left = min(float(self._most), left + (now - then) * pace)
            self._left[name] = (left - 1, now) if left >= 1 else (left, now)
            if len(self._left) > CLIENTS:
                self._left.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) / pace


def _network(client: str) -> str:
    """What counts as one client: an address, or for IPv6 the 64 bits that one household has."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client[:64]
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def client_of(environ: Environ, proxies: int) -> str:
    """The address of the client: that of the connection, or what the outermost of our proxies says of its own.

    In: how many proxies are in front and each add what they see to ``X-Forwarded-For``; anything left of that is the
    client's invention.

    >>> client_of({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 192.0.2.1"}, 1)
    '192.0.2.1'
    """
    seen = [each.strip() for each in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if each.strip()]
    if proxies and len(seen) >= proxies:
        return str(seen[-proxies])
    return str(environ.get("REMOTE_ADDR", ""))

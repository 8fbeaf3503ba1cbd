"""Which query may run now: a lane for those that look small, one for all others, and the guess which is which.

How many queries run at once is decided once for the whole process, however many releases it holds open: all go through
one `Gate`. Whoever comes when there is no room waits for his turn; not too many may.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Event, Lock

from mem_graph.engine import wire
from mem_graph.errors import Unavailable
from mem_graph.wording import Wording


class Lane:
    """So many queries at once, the next in the order in which they came; and not too many of them waiting."""

    def __init__(self, room: int, waiting: int, small: bool) -> None:
        """In: how many at once, how many may wait, whether it is the lane for small queries."""
        self.small = small
        self._room, self._waiting = room, waiting
        self._lock = Lock()
        self._queue: deque[Event] = deque()

    @property
    def pressed(self) -> bool:
        """Whether somebody waits."""
        return bool(self._queue)

    def enter_now(self) -> bool:
        """Enter if there is room; whether that was so."""
        with self._lock:
            free = self._room > 0
            self._room -= free
            return free

    def enter(self, until: float) -> None:
        """Wait for room and enter; raises Unavailable where too many wait already, or time runs out."""
        if self.enter_now():
            return
        with self._lock:
            if len(self._queue) >= self._waiting:
                raise Unavailable(
                    what=Wording("unavailable.worker"), reason=Wording("unavailable.queue", waiting=self._waiting)
                )
            self._queue.append(turn := Event())
        try:
            turn.wait(wire.left(until))
        except BaseException:
            if not self._left(turn):
                self.leave()
            raise
        if not turn.is_set() and self._left(turn):
            raise Unavailable(what=Wording("unavailable.worker"), reason=Wording("unavailable.all-busy"))

    def _left(self, turn: Event) -> bool:
        """Leave the queue; False where the turn has come already."""
        with self._lock:
            if not turn.is_set():
                self._queue.remove(turn)
            return not turn.is_set()

    def leave(self) -> None:
        """Let the next one in."""
        with self._lock:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._room += 1


class Gate:
    """What lets queries in: a lane for small ones with one worker, and one with all others."""

    def __init__(self, workers: int, waiting: int) -> None:
        """In: how many workers there are; with one alone there is one lane."""
        self._large = Lane(max(workers - 1, 1), waiting, small=False)
        self._small = Lane(1, waiting, small=True) if workers > 1 else self._large

    @contextmanager
    def room(self, small: bool, until: float) -> Iterator[Lane]:
        """A place in a lane for as long as the context lasts; a small query takes any that is free."""
        lane = self._entered(small, until)
        try:
            yield lane
        finally:
            lane.leave()

    def _entered(self, small: bool, until: float) -> Lane:
        for lane in (self._small, self._large) if small else ():
            if lane.enter_now():
                return lane
        lane = self._small if small else self._large
        lane.enter(until)
        return lane


@cache
def gate(workers: int, waiting: int) -> Gate:
    """The one gate of this process for these settings."""
    return Gate(workers, waiting)


# The size of a query, as far as its text shows it

_WHOLE = re.compile(
    r'("""|\'\'\')(?:[^\\]|\\.)*?\1'  # long strings
    r'|"(?:[^"\\\n\r]|\\.)*"|\'(?:[^\'\\\n\r]|\\.)*\''
    r'|(?P<iri><[^<>"{}|^`\\\s]*>)|#[^\n\r]*',
    re.DOTALL,
)
_HARD = re.compile(r"[\w>):][*+](?=[\s)/|])|\bNOT\s+EXISTS\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[{};]|\.(?=\s|\Z|\})")
_CONSTANT = re.compile(r'<>|""|[A-Za-z][\w-]*:|:\w')
TEXT, PATTERNS = 2000, 10
"""The most characters and patterns of a query that may look small."""


def looks_small(text: str) -> bool:
    """Whether a query looks as if it were answered at once: short, no repeated path, no join without a fixed end.

    This is a guess on the text. Whoever is wrongly taken for small is stopped as soon as another one waits.

    >>> looks_small("SELECT * { <http://example.org/s> ?p ?o . ?o ?q ?r }")
    True
    >>> looks_small("SELECT * { ?s ?p ?o . ?a ?b ?c }"), looks_small("ASK { <a:b> (<a:p>|<a:q>)* ?o }")
    (False, False)
    """
    if len(text) > TEXT:
        return False
    plain = _WHOLE.sub(lambda cut: "<>" if cut["iri"] else '""' if cut[0][0] != "#" else " ", text)
    within = plain.partition("{")[2].rpartition("}")[0]
    patterns = [words for part in _BETWEEN.split(within) if len(words := part.split()) > 1]
    if _HARD.search(plain) or len(patterns) > PATTERNS:
        return False
    return len(patterns) < 2 or any(_CONSTANT.match(words[place]) for words in patterns for place in (0, -1))

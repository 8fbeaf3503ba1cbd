"""The releases being served: the current one, which follows the pointer, and kept ones on demand.

A request holds the release that it is answered from (`Serving.lease`). When the pointer has moved, a thread verifies
and loads the new release beside the old; then one reference is exchanged. Requests in flight finish on the old one,
which closes with the last of them. A release that cannot be loaded leaves the old one serving, and says so.
"""

from __future__ import annotations

import logging
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from threading import Lock, Thread
from time import monotonic, sleep

from mem_graph.engine.remote import Engine
from mem_graph.errors import ReleaseError, StoreError, Unavailable, UnknownTerm
from mem_graph.graph import release as releases
from mem_graph.query.current import SOON, Current, Link, Pointer, Published
from mem_graph.settings import Settings
from mem_graph.wording import Wording

LOG = logging.getLogger(__name__)

RETRY = 10.0
"""Seconds after which a release that could not be loaded is tried again, if the pointer still names it."""

BETWEEN_LOOKS = 0.01
"""Seconds for which a look at the pointer holds good for who asks by which digest to look in a cache."""

KEPT = 1
"""Releases other than the current one that are held open, the last used ones: each has a store of its own."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A release that the pointer names and that could not be loaded: its folder's name, why, and when by the clock."""

    release: str
    reason: str
    at: float


@dataclass(slots=True, eq=False)
class _Held:
    """An open release with the number of requests that use it; closed when it is retired and the last has gone."""

    name: str
    current: Current
    users: int = 0
    retired: bool = False


class Serving:
    """Holds the releases for the threads of a server, which may start before there is one."""

    def __init__(
        self, settings: Settings, current: Current | None = None, prepare: Callable[[Current], object] | None = None
    ) -> None:
        """In: the settings; a release that is open already, which stays wherever the pointer goes; what is to be done
        with a release before it takes the place of another, so that nobody waits for it afterwards.
        """
        self._settings, self._prepare = settings, prepare
        engine = Engine.of(settings)
        self._pointer: Pointer = Link(settings) if engine is None or current else Published(settings, engine)
        self._pinned = current is not None
        self._held = _Held(current.digest, current) if current else None
        self._kept: OrderedDict[str, _Held] = OrderedDict()
        self._loading: str | None = None
        self._failure: Failure | None = None
        self._swaps = 0
        self._look = 0.0
        self._lost: Counter[str] = Counter()
        self._lock, self._first, self._keeping = Lock(), Lock(), Lock()  # _lock is held for moments only

    def get(self) -> Current:
        """The release to answer from; raises Unavailable, without a path, where there is none or it is damaged.

        What a request uses until it ends, it takes by `lease`.
        """
        return self._now().current

    def peek(self) -> Current | None:
        """The release that is open, if one is."""
        held = self._held
        return held.current if held else None

    @property
    def failure(self) -> Failure | None:
        """The release that the pointer names and that could not be loaded, if that is so."""
        return self._failure

    @property
    def lost(self) -> Mapping[str, int]:
        """How many workers have been replaced, by why, for the current release and those before it."""
        held = self._held
        now = Counter(getattr(held.current.store, "lost", {})) if held else Counter[str]()
        return self._lost + now

    def digest(self) -> str | None:
        """The digest of the release that is open, after a look at the pointer, if the last one is not just past."""
        if (now := monotonic()) >= self._look:
            self._look = now + BETWEEN_LOOKS
            self.notice()
        held = self._held
        return held.current.digest if held else None

    def wait(self, digest: str, until: float) -> None:
        """Wait until another release than that one is open, or until that time of the clock."""
        while self.digest() == digest and monotonic() < until:
            sleep(SOON)

    @property
    def swaps(self) -> int:
        """How often a release has taken the place of another."""
        return self._swaps

    @contextmanager
    def lease(self, digest: str | None = None) -> Iterator[Current]:
        """The current release, or the kept one of that digest, held open for as long as the context lasts.

        Raises Unavailable; UnknownTerm for a digest that no release has that is kept here.
        """
        held = self._taken(digest)
        try:
            yield held.current
        finally:
            self._give_back(held)

    def close(self) -> None:
        """Let go of all releases; those in use close with their last request."""
        self._pointer.close()
        with self._keeping:
            held = [*self._kept.values(), *([self._held] if self._held else [])]
            self._kept.clear()
            self._held = None
        for each in held:
            self._retire(each)

    # Taking and giving back

    def _taken(self, digest: str | None) -> _Held:
        while True:
            held = self._now() if digest is None else self._of(digest)
            with self._lock:
                if not held.retired:  # else it was exchanged this moment
                    held.users += 1
                    return held

    def _give_back(self, held: _Held) -> None:
        with self._lock:
            held.users -= 1
            idle = held.retired and not held.users
        if idle:
            self._closed(held)

    def _retire(self, held: _Held) -> None:
        with self._lock:
            idle = not held.retired and not held.users
            held.retired = True
        if idle:
            self._closed(held)

    def _closed(self, held: _Held) -> None:
        """Close a release, and keep what its workers have counted."""
        with self._lock:
            self._lost.update(getattr(held.current.store, "lost", {}))
        held.current.close()

    # The current release

    def _now(self) -> _Held:
        """The current release; the first one is loaded while the request waits."""
        self.notice()
        if self._held is not None:
            return self._held
        with self._first:
            if self._held is None:
                self._held = self._opened_first()
            return self._held

    def notice(self) -> None:
        """Begin to load the release that the pointer names, if it has moved: one look at a link where it has not."""
        if self._pinned or not self._has_moved():
            return
        with self._lock:
            if self._loading is not None or not self._has_moved():  # another thread was quicker
                return
            self._loading = name = str(self._pointer.named())
        Thread(target=self._take_up, args=(name,), name=f"release {name}", daemon=True).start()

    def _has_moved(self) -> bool:
        """Whether the pointer names another release than the one that is open, and one that is worth a try."""
        held, name = self._held, self._pointer.named()
        if held is None or name is None:
            return False
        if name == held.name:
            self._failure = None
            return False
        return not self._has_failed(name)

    def _has_failed(self, name: str | None) -> bool:
        failure = self._failure
        return failure is not None and failure.release == name and monotonic() - failure.at < RETRY

    def _take_up(self, name: str) -> None:
        """Load a release beside the one that is served, and exchange them."""
        try:
            fresh = _Held(name, self._opened(name, self._pointer.open))
        except Unavailable as error:
            self._failure = Failure(name, error.reason, monotonic())
        else:
            self._prepared(fresh)
            self._failure = None
            self._swaps += 1
            old, self._held = self._held, fresh
            LOG.info("release %s is served now", name)
            if old is not None:
                self._retire(old)
        finally:
            self._loading = None

    def prepare(self) -> None:
        """Begin with what is to be done for the current release; who asks for a page meanwhile waits for the rest."""
        if (held := self._held) and not self._pinned:
            Thread(target=self._prepared, args=(held,), name=f"names of {held.name}", daemon=True).start()

    def _prepared(self, fresh: _Held) -> None:
        """Do what is to be done before an exchange, where the old release serves on; a failure keeps nothing back."""
        if self._prepare is None or self._pointer.waited_for:
            return
        try:
            self._prepare(fresh.current)
        except StoreError as error:
            LOG.warning("release %s is not prepared: %s", fresh.name, error)

    def _opened_first(self) -> _Held:
        name = self._pointer.named()
        if name is None:
            raise Unavailable(what=Wording("unavailable.a-release"), reason=self._pointer.missing)
        if (failure := self._failure) and self._has_failed(name):
            raise Unavailable(what=Wording("unavailable.release"), reason=failure.reason)
        try:
            held = _Held(name, self._opened(name, self._pointer.open))
        except Unavailable as error:
            self._failure = Failure(name, error.reason, monotonic())
            raise
        self._failure = None
        return held

    def _opened(self, name: str, opening: Callable[[str], Current]) -> Current:
        """The release of a name; raises Unavailable with a reason that names no path, and logs what has it."""
        try:
            return opening(name)
        except ReleaseError as error:
            LOG.error("release %s cannot be served: %s", name, error)
            raise Unavailable(what=Wording("unavailable.release"), reason=Wording("unavailable.as-recorded")) from None
        except (Unavailable, TimeoutError) as error:
            LOG.error("release %s cannot be served: %s", name, error)
            reason = error.reason if isinstance(error, Unavailable) else Wording("unavailable.engine-silent")
            raise Unavailable(what=Wording("unavailable.release"), reason=reason) from None
        except Exception:
            LOG.exception("release %s cannot be served", name)
            raise Unavailable(what=Wording("unavailable.release"), reason=Wording("unavailable.not-loaded")) from None

    # Kept releases

    def _of(self, digest: str) -> _Held:
        """The release of a digest: the current one, one that is open, or one that is opened now."""
        held = self._held
        if held is not None and held.current.digest == digest:
            return held
        with self._keeping:
            if digest not in self._kept:
                self._check_kept(digest)
                self._kept[digest] = _Held(digest, self._opened(digest, Link(self._settings).open))
            self._kept.move_to_end(digest)
            held = self._kept[digest]
            over = [self._kept.popitem(last=False)[1] for _ in range(len(self._kept) - KEPT)]
        for each in over:
            self._retire(each)
        return held

    def _check_kept(self, digest: str) -> None:
        """Raise UnknownTerm, with those alike, where no release of that digest is kept."""
        folder = self._settings.releases_dir
        if self._pinned or not re.fullmatch("[0-9a-f]{64}", digest) or not (folder / digest).is_dir():
            known = [] if self._pinned else [each.name for each in releases.kept(folder)]
            near = tuple(get_close_matches(digest, known)) or tuple(n for n in known if n.startswith(digest[:8]))
            raise UnknownTerm(word=digest[:64], scheme=Wording("scheme.releases"), near=near)

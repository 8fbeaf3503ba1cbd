"""Answers kept as bytes in front of Flask: a WSGI layer that knows nothing of queries and stores.

The key is the release's digest, the software's version, the address with its query string as it was sent, ``Accept``,
the coding, and the language of ours that the client prefers. A release that is swapped needs no emptying: what it has
answered is asked for by another key, and is the first to go when room is needed.
Only 200 answers to GET and HEAD that say ``public`` are kept.

The layer also sends ``gzip`` to who takes it, and answers ``If-None-Match``: a strong ETag is that of one coding
(RFC 9110, sections 8.4.1, 8.8.3 and 13.1.2).
"""

from __future__ import annotations

import gzip
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

from mem_graph import __version__
from mem_graph.web.words import preferred

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
Key = tuple[str, ...]

CODING, OUTCOME = "mem_graph.coding", "mem_graph.outcome"
"""What the layers tell one another in the environment of a request: the coding of the answer, and how it ended."""

READING = ("GET", "HEAD")
"""The methods whose answers are kept, and may be 304."""

SMALLEST = 256
"""Bytes of an answer below which to code it is not worth the while."""

LEVEL = 4
"""How hard gzip tries: an answer is coded while somebody waits for it."""

LONGEST = 20_000
"""Characters of a key: what is asked at greater length is not kept."""

COSTS = 600
"""Bytes that an entry takes beside its key and its body."""

LARGEST = 8
"""An answer that is larger than this part of the whole room is not kept."""

KEPT_304 = frozenset(
    {
        "access-control-allow-origin",
        "access-control-expose-headers",
        "cache-control",
        "content-language",
        "content-location",
        "etag",
        "link",
        "vary",
        "x-mem-release",
    }
)
"""The headers of an answer that a 304 has too."""

_ONE_RELEASE = re.compile("/release/([0-9a-f]{64})/")
_TAG = re.compile('"[^"]*"')


class Kept(NamedTuple):
    """An answer as it is sent, without what belongs to one request alone."""

    headers: Headers
    body: bytes
    tag: str


class Cache:
    """The layer, as a WSGI application around another."""

    def __init__(self, application: Application, digest: Callable[[], str | None], room: int) -> None:
        """In: what answers where nothing is kept; what tells the digest of the current release; the room in bytes."""
        self._application, self._digest, self._room = application, digest, room
        self._lock = Lock()
        self._entries: OrderedDict[Key, Kept] = OrderedDict()
        self._size = self._hits = self._misses = 0

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a request."""
        environ[CODING] = coding = accepted_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if environ["REQUEST_METHOD"] not in READING:
            return self._asked(environ, start, (), coding)
        key = self._key(environ, coding)
        kept = self._found(key)
        if kept is None:
            return self._asked(environ, start, key[1:], coding)
        environ[OUTCOME] = "cached"
        return _sent(environ, start, kept)

    @property
    def facts(self) -> Mapping[str, int]:
        """What there is to measure: hits, misses, entries, bytes."""
        entries, size = len(self._entries), self._size
        return {"hits": self._hits, "misses": self._misses, "entries": entries, "bytes": size}

    def _key(self, environ: Environ, coding: str) -> Key:
        """What an answer depends on; the digest stands first."""
        path, accept = environ.get("PATH_INFO", ""), environ.get("HTTP_ACCEPT", "")
        one = _ONE_RELEASE.match(path) if path.startswith("/release/") else None
        digest = one[1] if one else self._digest() or ""
        script, asked = environ.get("SCRIPT_NAME", ""), environ.get("QUERY_STRING", "")
        language = preferred(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        return digest, __version__, script, path, asked, accept, coding, language

    def _found(self, key: Key) -> Kept | None:
        with self._lock:
            kept = self._entries.get(key)
            if kept is None:
                self._misses += 1
            else:
                self._hits += 1
                self._entries.move_to_end(key)
            return kept

    def _asked(self, environ: Environ, start: Start, key: Key, coding: str) -> Iterable[bytes]:
        """Ask the application; a 200 answer is coded, kept if it may be, and sent. What it streams is left alone."""
        told: list[Any] = []
        method = environ["REQUEST_METHOD"]
        environ["REQUEST_METHOD"] = "GET" if method == "HEAD" else method  # HEAD is GET without its body
        try:
            body = self._application(environ, lambda *args: told.extend(args))
        finally:
            environ["REQUEST_METHOD"] = method
        status, headers = told[0], told[1]
        values = {name.lower(): value for name, value in headers}
        if not status.startswith("200") or "no-transform" in values.get("cache-control", ""):
            return _passed_on(environ, start, status, headers, body)
        answer = _coded(headers, values, _whole(body), coding)
        digest = values.get("x-mem-release", "")
        if key and digest and answer.tag and values.get("cache-control", "").startswith("public"):
            self._keep(
                (digest, *key), answer
            )  # of the release that has answered, which may be newer than the first look
        return _sent(environ, start, answer)

    def _keep(self, key: Key, answer: Kept) -> None:
        if sum(map(len, key)) > LONGEST or (size := _size(key, answer)) > self._room // LARGEST:
            return
        with self._lock:
            if (old := self._entries.pop(key, None)) is not None:
                self._size -= _size(key, old)
            self._entries[key] = answer
            self._size += size
            while self._size > self._room:
                self._size -= _size(*self._entries.popitem(last=False))


def _size(key: Key, kept: Kept) -> int:
    return COSTS + sum(map(len, key)) + len(kept.body)


def accepted_coding(header: str) -> str:
    """``gzip`` where an ``Accept-Encoding`` header takes it, else nothing: the answer as it is.

    >>> accepted_coding("br, gzip;q=0.5"), accepted_coding("gzip;q=0"), accepted_coding("*")
    ('gzip', '', 'gzip')
    """
    return _accepted_coding(header[:1000]) if header else ""


@lru_cache(maxsize=256)  # clients say one of few
def _accepted_coding(header: str) -> str:
    for member in header.lower().split(","):
        name, _, weight = member.partition(";")
        if name.strip() in ("gzip", "x-gzip", "*"):
            return "" if re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight) else "gzip"
    return ""


def tagged(tag: str, coding: str) -> str:
    """The ETag of an answer in a coding.

    >>> tagged("abc", "gzip"), tagged("abc", "")
    ('abc-gzip', 'abc')
    """
    return f"{tag}-{coding}" if coding else tag


def _whole(body: Iterable[bytes]) -> bytes:
    try:
        return b"".join(body)
    finally:
        if close := getattr(body, "close", None):
            close()


def _coded(headers: Headers, values: Mapping[str, str], body: bytes, coding: str) -> Kept:
    """An answer in its coding, with the headers that tell of it."""
    tag = values.get("etag", "").strip('"')
    own = ("content-length", "content-encoding", "etag", "vary")
    kept = [(name, value) for name, value in headers if name.lower() not in own]
    if coding and len(body) >= SMALLEST:
        body = gzip.compress(body, LEVEL, mtime=0)
        kept.append(("Content-Encoding", coding))
    if tag:
        tag = f'"{tag if tag.endswith(f"-{coding}") else tagged(tag, coding)}"'
        kept.append(("ETag", tag))
    kept += [("Content-Length", str(len(body))), ("Vary", _vary(values.get("vary", "")))]
    return Kept(kept, body, tag)


def _vary(given: str) -> str:
    names = [name.strip() for name in given.split(",") if name.strip()]
    return ", ".join(names if "Accept-Encoding" in names else [*names, "Accept-Encoding"])


def _sent(environ: Environ, start: Start, answer: Kept) -> Sequence[bytes]:
    """An answer on its way: 304 for who has it, no body for HEAD."""
    if answer.tag and environ["REQUEST_METHOD"] in READING and _has(environ.get("HTTP_IF_NONE_MATCH", ""), answer.tag):
        environ[OUTCOME] = "not-modified"
        start("304 NOT MODIFIED", [each for each in answer.headers if each[0].lower() in KEPT_304])
        return []
    start("200 OK", list(answer.headers))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


def _has(if_none_match: str, tag: str) -> bool:
    """Whether a client has what a tag names, by the weak comparison (RFC 9110, section 13.1.2)."""
    return bool(if_none_match) and (if_none_match.strip() == "*" or tag in _TAG.findall(if_none_match))


def _passed_on(environ: Environ, start: Start, status: str, headers: Headers, body: Iterable[bytes]) -> Iterable[bytes]:
    """What the application says, as it is."""
    start(status, headers)
    if environ["REQUEST_METHOD"] != "HEAD":
        return body
    if close := getattr(body, "close", None):
        close()
    return []

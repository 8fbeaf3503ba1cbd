"""What goes between server and workers: frames of bytes, requests and errors as JSON. Nothing is pickled.

A frame is one byte for its kind, one for whether its sender is spent, eight for the size of its body, and the body. A
worker works on what strangers send, so the server takes nothing from it but an answer no larger than it may be, or an
error of one of the kinds below with plain fields.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import fields
from enum import IntEnum
from time import monotonic
from typing import Any, NamedTuple

from mem_graph import errors
from mem_graph.errors import InputError, StoreError
from mem_graph.outcomes import SparqlRequest
from mem_graph.wording import Wording

HEAD = struct.Struct(">B?Q")
FIELDS = tuple(each.name for each in fields(SparqlRequest))
CHUNK = 1 << 16
REFUSALS: dict[str, type[InputError] | type[StoreError]] = {
    kind.__name__: kind
    for kind in (
        errors.ParseError,
        errors.BadRequest,
        errors.UpdateRefused,
        errors.FederationRefused,
        errors.TooLarge,
        errors.NotAcceptable,
        errors.AnswerLimit,
    )
}
"""The errors that can come from a worker or a keeper."""


class Kind(IntEnum):
    """What a frame holds."""

    REQUEST = 1
    ANSWER = 2
    REFUSAL = 3
    FAULT = 4


class Frame(NamedTuple):
    """One message; ``spent`` says that its sender has grown too large to be asked again."""

    kind: Kind
    body: bytes
    spent: bool = False


def send(channel: socket.socket, frame: Frame, until: float | None = None) -> None:
    """Send a frame; raises TimeoutError where it is not taken in time, OSError where nobody is there."""
    head = HEAD.pack(frame.kind, frame.spent, len(frame.body))
    parts = (head + frame.body,) if len(frame.body) < CHUNK else (head, frame.body)
    for part in parts:
        channel.settimeout(left(until))
        channel.sendall(part)


def receive(channel: socket.socket, most: int, until: float | None = None) -> Frame:
    """The next frame, with a body of at most so many bytes. There is never more than one under way.

    Raises TimeoutError where it is not there in time, EOFError where the other side has gone or sends anything else.
    """
    start = at_least(channel, HEAD.size, until)
    kind, spent, size = HEAD.unpack_from(start)
    if not len(start) - HEAD.size <= size <= most or kind not in Kind.__members__.values():
        raise EOFError("no frame")
    return Frame(Kind(kind), _whole(channel, start[HEAD.size :], size, until), spent)


def at_least(channel: socket.socket, size: int, until: float | None) -> bytes:
    """What comes, once there are so many bytes of it; raises as `receive` does."""
    found = b""
    while len(found) < size:
        channel.settimeout(left(until))
        found += (more := channel.recv(CHUNK))
        if not more:
            raise EOFError("the other side has gone")
    return found


def _whole(channel: socket.socket, start: bytes, size: int, until: float | None) -> bytes:
    """A body of that size, of which the start is there."""
    if len(start) == size:
        return start
    found = bytearray(size)
    found[: len(start)] = start
    rest = memoryview(found)[len(start) :]
    while rest:
        channel.settimeout(left(until))
        taken = channel.recv_into(rest)
        if not taken:
            raise EOFError("the other side has gone")
        rest = rest[taken:]
    return bytes(found)


def left(until: float | None) -> float | None:
    """The seconds until that time of the clock, a moment at least; None for ever."""
    return None if until is None else max(until - monotonic(), 0.001)


def pack_request(request: SparqlRequest, media_type: str) -> bytes:
    """A request, and the media type of its answer, for a worker."""
    told = {name: getattr(request, name) for name in FIELDS}
    return json.dumps([told, media_type]).encode()


def unpack_request(body: bytes) -> tuple[SparqlRequest, str]:
    """What `pack_request` has packed."""
    fields, media_type = json.loads(body)
    return SparqlRequest(**_tuples(fields)), media_type


def pack_error(error: Exception) -> Frame:
    """An error for the server: its kind and its fields, or in words where it is none of those that can come."""
    name = type(error).__name__
    if name not in REFUSALS:
        return Frame(Kind.FAULT, f"{name}: {error}"[:1000].encode(errors="replace"))
    return Frame(Kind.REFUSAL, json.dumps([name, _plain(vars(error))]).encode())


def unpack_error(body: bytes) -> InputError | StoreError:
    """What `pack_error` has packed; raises ValueError for anything else."""
    try:
        name, fields = json.loads(body)
        return REFUSALS[name](**{name: _told(value) for name, value in fields.items()})
    except (LookupError, TypeError) as error:
        raise ValueError(f"no error of ours: {error}") from None


def _plain(value: Any) -> Any:
    """A field as JSON has it; a wording as its code and its values."""
    if isinstance(value, Wording):
        return {"code": value.code, "values": _plain(value.values)}
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _told(value: Any) -> Any:
    """A field as `_plain` was given it; raises LookupError, TypeError for a wording that is none."""
    if isinstance(value, list):
        return tuple(_told(each) for each in value)
    if isinstance(value, dict):
        return Wording(value["code"], **{name: _told(each) for name, each in value["values"].items()})
    return value


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields as our records have them: JSON knows lists only."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}

"""How large an answer may be, and an output that ends its writer as soon as the answer is larger.

The engine writes an answer row by row, so what is too large is noticed long before all of it is there. Bytes are
counted as they come. Rows are counted by what stands between them in each format, now and then, and once more at the
end: a cheap count that may be too high first, and without the strings only where that is over the limit.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from mem_graph.engine import media_types
from mem_graph.errors import AnswerLimit

Item = TypeVar("Item")


class Bounds(NamedTuple):
    """The rows (triples, for a graph) and the bytes that an answer may have."""

    rows: int
    size: int


class _Rows(NamedTuple):
    """How rows are told apart: the mark, how many more rows than marks there are, what strings look like."""

    mark: bytes
    more: int
    strings: re.Pattern[bytes] | None


_NO_STRINGS = None  # the mark cannot stand in a value: it is always escaped there
_ROWS: Mapping[str, _Rows] = {
    media_types.JSON.media_type: _Rows(b"},{", 1, re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*\\?(?:"|\Z)', re.DOTALL)),
    media_types.XML.media_type: _Rows(b"<result>", 0, _NO_STRINGS),
    media_types.CSV.media_type: _Rows(b"\r\n", -1, re.compile(rb'"[^"]*(?:"|\Z)')),
    media_types.TSV.media_type: _Rows(b"\n", -1, _NO_STRINGS),
}
_FIRST = 1 << 20
"""Bytes after which rows are counted for the first time; then each time that the answer has doubled."""


class BoundedOutput(io.BytesIO):
    """Takes an answer in a format and raises AnswerLimit from `write` once it is over its bounds."""

    def __init__(self, bounds: Bounds, media_type: str) -> None:
        """In: the bounds, the type with or without parameters; rows of a format for graphs are not counted here."""
        super().__init__()
        self._bounds = bounds
        self._rows = _ROWS.get(media_type.partition(";")[0])
        self._next = _FIRST

    def write(self, data: Any) -> int:
        """Take some bytes more."""
        written = super().write(data)
        if self.tell() > self._bounds.size:
            raise AnswerLimit(limit=self._bounds.size, unit="bytes")
        if self.tell() >= self._next:
            self._next = 2 * self.tell()
            self._check_rows()
        return written

    def whole(self) -> bytes:
        """The answer, all of it being there."""
        self._check_rows()
        return self.getvalue()

    def _check_rows(self) -> None:
        if self._rows is not None and _more_than(self._bounds.rows, self.getvalue(), self._rows):
            raise AnswerLimit(limit=self._bounds.rows, unit="rows")


def _more_than(limit: int, body: bytes, rows: _Rows) -> bool:
    """Whether a body, or its beginning, has more rows than that. A short one has no room for as many marks."""
    if len(body) // len(rows.mark) + rows.more <= limit:
        return False
    found = body.count(rows.mark) + rows.more
    if found > limit and rows.strings is not None:
        found -= sum(cut[0].count(rows.mark) for cut in rows.strings.finditer(body))
    return found > limit


def at_most(limit: int, items: Iterable[Item]) -> Iterator[Item]:
    """The items, as they come; raises AnswerLimit where there is one more than the limit."""
    rest = iter(items)
    yield from islice(rest, limit)
    for _ in rest:
        raise AnswerLimit(limit=limit, unit="rows")

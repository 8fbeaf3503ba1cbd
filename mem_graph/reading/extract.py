"""A file to a `Source`: its text, the digest of its bytes, its media type. Knows nothing of what the text means.

Nothing is cleaned: offsets of all passages point at exactly this text (Web Annotation Data Model, section 4.2.5).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from mem_graph.errors import ExtractError
from mem_graph.model import Source

TEXT = "text/plain"
_ALLOWED_CONTROLS = frozenset("\t\n\r\f\v\x85")


def read(path: Path) -> Source:
    """Read one text file. Raises `ExtractError` where it is missing, empty, binary or not UTF-8."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ExtractError(file=path, reason=error.strerror or "cannot be read") from error
    return from_bytes(data, path)


def from_bytes(data: bytes, path: Path) -> Source:
    """The source of these bytes; ``path`` is only its name. Raises `ExtractError`; see `read`."""
    if data.startswith(b"%PDF-"):
        raise ExtractError(file=path, reason="is a PDF file; only text files are read")
    if b"\x00" in data:
        raise ExtractError(file=path, reason=f"is binary: a zero byte at offset {data.index(0)}")
    text = _decoded(data, path)
    if not text.strip("\ufeff \t\r\n\f\v"):
        raise ExtractError(file=path, reason="is empty")
    return Source(text, hashlib.sha256(data).hexdigest(), TEXT, path.name)


def _decoded(data: bytes, path: Path) -> str:
    """The bytes as UTF-8 text without control characters.

    Raises `ExtractError` naming the first offset that is wrong.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ExtractError(file=path, reason=f"is not UTF-8: byte {error.start}, line {line}") from error
    for offset, character in enumerate(text):
        if character < " " and character not in _ALLOWED_CONTROLS:
            raise ExtractError(file=path, reason=f"is binary: control character at offset {offset}")
    return text

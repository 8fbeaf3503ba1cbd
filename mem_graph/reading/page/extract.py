"""A file to a `Source`: its text, the digest of its bytes, its media type, its pages.

A text file is kept as it stands. A PDF gives the text of its text layer, by pypdfium2, line by line in the order of the
file. What a page shows by space is kept: a tab where the next words stand beside the last ones, an empty line where the
gap between two lines is wide, a form feed where a page ends. Nothing is cleaned, and nothing here knows what the text
means: offsets of all passages point at exactly this text (Web Annotation Data Model, section 4.2.5).
"""

from __future__ import annotations

import ctypes
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from mem_graph.errors import ExtractError
from mem_graph.model import Source

TEXT, PDF = "text/plain", "application/pdf"
LARGEST = 20_000_000
"""Bytes of a file that are read."""
PAGES = 1_000
CHARACTERS = 400_000
"""Characters of a text: some eight times what a report has."""
LETTERS = 20
"""A page of a report has more letters; where most pages have fewer, they are scanned, and numbered or stamped."""
OTHERS = (
    (rb"PK\x03\x04", "an archive or an office document"),
    (rb"\xd0\xcf\x11\xe0|\{\\rtf", "an office document"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\x00|MM\x00\*", "a picture"),
    (rb"\xff\xfe|\xfe\xff", "text in UTF-16, not UTF-8"),
    (rb"\s*(?i:<!doctype html|<html)", "a web page"),
)
"""How files begin that are neither text nor PDF, and what they are."""
_ALLOWED_CONTROLS = frozenset("\t\n\r\f\v\x85")


def read(path: Path) -> Source:
    """Read one file, text or PDF.

    Raises `ExtractError` where it is missing, empty, too large, binary, not UTF-8; or a PDF that is protected by a
    password, damaged, cut off, or without a text layer.
    """
    return from_bytes(data_of(path), path)


def data_of(path: Path) -> bytes:
    """The bytes of a file; raises `ExtractError` where it cannot be read, or is too large to be a report."""
    try:
        if path.exists() and not path.is_file():
            raise ExtractError(file=path, reason="is no file but a folder, a device or the like")
        if (size := path.stat().st_size) > LARGEST:
            raise ExtractError(file=path, reason=f"has {size:,} bytes; no report has more than {LARGEST:,}")
        return path.read_bytes()
    except OSError as error:
        raise ExtractError(file=path, reason=error.strerror or "cannot be read") from error


def from_bytes(data: bytes, path: Path) -> Source:
    """The source of these bytes; ``path`` is only its name. Raises `ExtractError`; see `read`."""
    digest = hashlib.sha256(data).hexdigest()
    if b"%PDF-" in data[:1024]:  # ISO 32000-1, annex H, implementation note 13: the header may stand so far within
        text, pages = _of_pdf(data, path)
        return Source(text, digest, PDF, path.name, pages)
    if other := next((what for start, what in OTHERS if re.match(start, data)), None):
        raise ExtractError(file=path, reason=f"is {other}; text in UTF-8 and PDF files are read")
    if b"\x00" in data:
        raise ExtractError(file=path, reason=f"is binary: a zero byte at offset {data.index(0)}")
    if len(data) > 4 * CHARACTERS:  # a character of UTF-8 has four bytes at most
        raise ExtractError(file=path, reason=f"has {len(data):,} bytes; no text has more than {4 * CHARACTERS:,}")
    if len(text := _decoded(data, path)) > CHARACTERS:
        raise ExtractError(file=path, reason=f"has {len(text):,} characters; no report has more than {CHARACTERS:,}")
    if not text.strip("\ufeff \t\r\n\f\v"):
        raise ExtractError(file=path, reason="is empty")
    return Source(text, digest, TEXT, path.name)


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


# -- PDF --------------------------------------------------------------------------------------------------------------

_PASSWORD = 4
"""FPDF_ERR_PASSWORD of PDFium's ``fpdfview.h``."""
_HYPHEN = "\x02"
"""What PDFium gives for a hyphen at a line's end, in the place of the line's end."""
_WIDE = 0.4
"""So much of a line's height more than the usual gap, and two lines are of two paragraphs."""
_TOUCHING = 0.1
"""No more than so much of a line's height between two stretches of one line, and they are of one word."""
_ROW = 12
"""So many lines back up the page a next cell of the same row may begin."""


@dataclass(frozen=True, slots=True)
class _Line:
    """The words of a line and where they stand on the page, from the bottom up, in points."""

    words: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.top - self.bottom


def _of_pdf(data: bytes, path: Path) -> tuple[str, tuple[int, ...]]:
    """The text of a PDF file and the offset at which each page begins."""
    pages = list(_pages(data, path))
    if (scanned := sum(map(_is_scanned, pages))) > len(pages) / 2:
        count = str(scanned) if scanned == len(pages) else f"{scanned} of {len(pages)}"
        reason = f"has no text layer: {count} scanned pages; recognise the text first, and check it"
        raise ExtractError(file=path, reason=reason)
    usual = _usual_gap(pages)
    texts = [_text(lines, usual) for lines in pages]
    starts = [0]
    for text in texts[:-1]:
        starts.append(starts[-1] + len(text) + 1)
    return "\f".join(texts), tuple(starts)


def _is_scanned(lines: Iterable[_Line]) -> bool:
    """Whether a page has no words, or hardly any."""
    return sum(character.isalpha() for line in lines for character in line.words) < LETTERS


def _pages(data: bytes, path: Path) -> Iterator[list[_Line]]:
    """The lines of each page, as far as they go; raises `ExtractError` for what is no whole PDF file."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ExtractError(file=path, reason=_refused(error.err_code, data)) from None
    with document:
        if b"%%EOF" not in data[-2048:]:
            raise ExtractError(file=path, reason="is cut off: a PDF file ends with %%EOF, this one does not")
        if len(document) > PAGES:
            raise ExtractError(file=path, reason=f"has {len(document):,} pages; no report has more than {PAGES:,}")
        read = 0
        for number, page in enumerate(document, start=1):
            lines = list(_lines(page.get_textpage()))
            read += sum(len(line.words) for line in lines)
            if read > CHARACTERS:
                raise ExtractError(
                    file=path, reason=f"has more than {CHARACTERS:,} characters, as no report has", page=number
                )
            yield lines
            page.close()


def _refused(code: int | None, data: bytes) -> str:
    if code == _PASSWORD:
        return "is protected by a password; save a copy without one"
    if b"%%EOF" not in data[-2048:]:
        return "is cut off: a PDF file ends with %%EOF, this one does not"
    return "is damaged: it cannot be opened as a PDF file"


def _lines(page: Any) -> Iterator[_Line]:
    """The lines of a text page, in the order of the file."""
    words: list[str] = []
    boxes: list[int] = []
    for index, character in enumerate(_characters(page)):
        if character not in f"\n\r{_HYPHEN}":
            words.append("\t" if character == " " and boxes and _is_wide(page, boxes[-1], index) else character)
            if not character.isspace():
                boxes.append(index)
        elif character != "\r":
            yield from _line(page, "".join((*words, *("-" if character == _HYPHEN else ""))), boxes)
            words, boxes = [], []
    yield from _line(page, "".join(words), boxes)


def _characters(page: Any) -> Iterator[str]:
    """Every character of a page; what is none stands as U+FFFD, so that damage is seen."""
    from pypdfium2 import raw

    for index in range(page.count_chars()):
        code = raw.FPDFText_GetUnicode(page, index)
        character = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        yield "\ufffd" if character < " " and character not in f"\t\r\n{_HYPHEN}" else character


def _line(page: Any, words: str, at: Sequence[int]) -> Iterator[_Line]:
    if at:
        first, last = _box(page, at[0]), _box(page, at[-1])
        yield _Line(words.rstrip(" "), first.left, last.right, first.top, first.bottom)


def _is_wide(page: Any, before: int, space: int) -> bool:
    """Whether a space that is not in the file, but seen by PDFium, is the gap between two columns."""
    from pypdfium2 import raw

    if raw.FPDFText_IsGenerated(page, space) != 1:
        return False
    box = _box(page, before)
    return bool(_box(page, space + 1).left - box.right > box.top - box.bottom)


def _box(page: Any, index: int) -> Any:
    """The place of a character with its font's height, not its own; PDFium's ``fpdf_text.h``."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(page, index, ctypes.byref(box))
    return box


def _usual_gap(pages: Sequence[Sequence[_Line]]) -> float:
    """The gap between two lines of one paragraph: a quarter of all gaps, at least, are no wider."""
    pairs = [pair for lines in pages for pair in pairwise(lines)]
    gaps = sorted(above.bottom - below.top for above, below in pairs if below.top < above.top)
    return gaps[len(gaps) // 4] if gaps else 0.0


def _text(lines: Sequence[_Line], usual: float) -> str:
    """The text of a page: its lines with what stands between them."""
    if not lines:
        return ""
    between = (_between(above, below, usual) + below.words for above, below in pairwise(lines))
    return "".join((lines[0].words, *between, "\n"))


def _between(above: _Line, below: _Line, usual: float) -> str:
    """A tab to words beside the last ones, an empty line over a wide gap, else the end of the line.

    Nothing within a word: PDFium takes a letter that is set closer than others for one of another line.
    """
    gap = above.bottom - below.top
    if abs(above.bottom - below.bottom) < above.height / 2 and abs(below.left - above.right) < _TOUCHING * above.height:
        return ""
    if gap < -above.height / 2:
        beside = below.left >= above.right and -gap < _ROW * above.height
        return "\t" if beside else "\n\n"
    return "\n\n" if gap > usual + _WIDE * above.height else "\n"

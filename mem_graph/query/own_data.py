"""RDF files of anybody, served as a release is: read once, put into one dataset in memory, named by a digest.

Triples without a graph go to the default graph, named graphs stay. Nothing that a file names is fetched: a JSON-LD
context elsewhere is an error, ``owl:imports`` is a triple like any other, and RDF/XML with a document type is refused
before it is parsed, since the entities that one declares can grow without bound.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.parsers import expat

from mem_graph import __version__
from mem_graph.engine.media_types import RDF_XML
from mem_graph.engine.store import file_type, open_store, open_workers
from mem_graph.errors import ExtractError, ParseError
from mem_graph.graph.release import DATA
from mem_graph.outcomes import Release
from mem_graph.query.current import Current
from mem_graph.settings import Settings


@dataclass(frozen=True, slots=True)
class OwnData:
    """Files that have been read and put into one, in a folder of ours."""

    folder: Path
    digest: str
    size: int

    def open(self, settings: Settings) -> Current:
        """What is served, with workers of its own; raises what `open_workers` raises.

        What IRIs the data get lie below the address of the service.
        """
        files = [self.folder / DATA]
        own = open_store(replace(settings, default_graph="union"), files)
        store, sizes = open_workers(settings, files), {DATA: self.size}
        release = Release(self.digest, self.folder, __version__, settings.root, store.graphs(), sizes)
        return Current(release, store, own)


@contextmanager
def merged(files: Sequence[Path]) -> Iterator[OwnData]:
    """These files as one, for as long as the context lasts; the digest is that of the quads, behind ``data:``.

    Raises ParseError, with file and line, for a file that is not well formed or of a kind that we do not know;
    ExtractError for one that cannot be read.
    """
    from mem_graph.engine import oxigraph

    with TemporaryDirectory(prefix="mem-graph-") as room:
        quads = oxigraph.merge(_source(path) for path in files)
        Path(room, DATA).write_bytes(quads)
        yield OwnData(Path(room), f"data:{hashlib.sha256(quads).hexdigest()}", len(quads))


@contextmanager
def opened(files: Sequence[Path], settings: Settings) -> Iterator[Current]:
    """These files as what is served, for as long as the context lasts; raises what `merged` and `OwnData.open` do."""
    with merged(files) as data:
        current = data.open(settings)
        try:
            yield current
        finally:
            current.close()


def _source(path: Path) -> tuple[str, str, bytes]:
    """A file with its media type and its text, which is safe to parse."""
    media_type = file_type(path)
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ExtractError(file=path, reason=error.strerror or "cannot be read") from None
    return str(path), media_type, safe_xml(str(path), text) if media_type == RDF_XML.media_type else text


class _DocumentTypeError(Exception):
    """The parser has met a document type."""


_DOCUMENT_TYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def safe_xml(name: str, text: bytes) -> bytes:
    """An XML document in UTF-8, if it is well formed and has no document type.

    In: the name of the file and its text, in UTF-8, UTF-16, ISO-8859-1 or ASCII. Raises ParseError with the line. The
    engine's reader takes ``<!doctype`` in any case and anywhere, so wherever it is written it is refused.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    encodings = ["utf-8"]
    parser.XmlDeclHandler = lambda version, encoding, standalone: encodings.append(encoding or "utf-8")
    try:
        parser.Parse(text, True)
    except _DocumentTypeError:
        raise _unsafe(name, parser.CurrentLineNumber) from None
    except expat.ExpatError as error:
        met = expat.ErrorString(error.code) or "what is none"
        raise ParseError(file=name, line=error.lineno, met=met, expected="XML that is well formed") from None
    decoded = text.decode("utf-16" if text[:2] in (b"\xfe\xff", b"\xff\xfe") else encodings[-1])
    plain = decoded.removeprefix("\ufeff").encode()
    if found := _DOCUMENT_TYPE.search(plain):
        raise _unsafe(name, plain.count(b"\n", 0, found.start()) + 1)
    return plain


def _refuse(*_: object) -> None:
    raise _DocumentTypeError


def _unsafe(name: str, line: int) -> ParseError:
    return ParseError(file=name, line=line, met="<!DOCTYPE", expected="RDF/XML without a document type")

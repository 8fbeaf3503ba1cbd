"""The whole family of errors.

    MemGraphError
    ├── InputError             the caller can mend it
    │   ├── ExtractError       a file that gives no text
    │   ├── ParseError         a text we do not understand
    │   ├── RatingInDoubt      a rating that only a person can establish
    │   ├── CorrectionError    a correction that is wrong, or no longer fits
    │   ├── UnknownTerm        a word that a scheme does not have
    │   ├── BadRequest         what is wrong with a query or its parameters
    │   ├── UpdateRefused      nothing can be written
    │   ├── FederationRefused  SERVICE, always
    │   ├── TooLarge           a limit on what is sent: body, query text, nesting
    │   └── NotAcceptable      none of our formats is wanted
    ├── NotConforming          the data break a must-shape
    ├── ReleaseError           a release that is missing or damaged
    ├── StoreError             the engine gave no answer
    │   ├── TimeLimit          the worker was killed
    │   ├── MemoryLimit        the worker died
    │   ├── AnswerLimit        too many rows or bytes
    │   ├── Exchanged          the engine holds another release by now
    │   └── Unavailable        no release, or the remote engine is away
    └── SettingsError          a setting we do not have, or a value it cannot take

Each is raised with the thing it is about, by name, and `str` makes the sentence:

>>> raise TooLarge(part="query text", limit=1_000_000, size=1_000_001, unit="bytes")
Traceback (most recent call last):
    ...
mem_graph.errors.TooLarge: query text is too large: 1,000,001 bytes, the limit is 1,000,000

``code`` names the kind in one word, the same on the command line and in an answer of the web service. Errors can be
pickled, so they travel from a worker to the server as they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Literal


def _either(words: Sequence[str]) -> str:
    """The words as a list for a sentence: ``'a', 'b' or 'c'``."""
    quoted = [repr(word) for word in words]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else "".join(quoted)


def _hint(near: Sequence[str]) -> str:
    """The near matches as an addition to a sentence; empty if there are none."""
    return f"; did you mean {_either(near)}?" if near else ""


def _place(line: int | None, column: int | None = None) -> str:
    """Line and column as an addition to a sentence, as far as they are known."""
    if line is None:
        return ""
    return f" (line {line})" if column is None else f" (line {line}, column {column})"


class MemGraphError(Exception):
    """Anything that goes wrong in a way we know; never raised itself."""

    code: ClassVar[str] = "error"

    def __reduce__(self) -> tuple[Callable[[], "MemGraphError"], tuple[()]]:
        """Pickle the named attributes too, which `Exception` would forget."""
        return partial(type(self), *self.args, **vars(self)), ()


class InputError(MemGraphError):
    """The caller can mend it; never raised itself."""

    code = "input-error"


@dataclass(kw_only=True, eq=False)
class ExtractError(InputError):
    """No text can be had from a file; the page, counted from 1, is given where there are pages."""

    code = "extract-error"
    file: Path
    reason: str
    page: int | None = None

    def __str__(self) -> str:
        page = "" if self.page is None else f", page {self.page}"
        return f"{self.file}{page}: {self.reason}"


@dataclass(kw_only=True, eq=False)
class ParseError(InputError):
    """A text is not what stands in such a place; ``met`` are the words found there. The line is counted from 1."""

    code = "parse-error"
    file: str
    line: int
    met: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: expected {self.expected}, met {self.met!r}"


@dataclass(kw_only=True, eq=False)
class RatingInDoubt(InputError):
    """A text leaves open which report it is, or how it rates a recommendation; the number is given where it is one.

    The line is counted from 1; ``met`` are the words found there.
    """

    code = "rating-in-doubt"
    file: str
    line: int
    met: str
    reason: str
    recommendation: int | None = None

    def __str__(self) -> str:
        met = f", met {self.met!r}" if self.met else ""
        settles = "" if self.recommendation is None else f"; mem-graph review {self.file} prints what settles it"
        return f"{self.file}, line {self.line}: {self.reason}{met}{settles}"


@dataclass(kw_only=True, eq=False)
class CorrectionError(InputError):
    """An entry of a file of corrections is wrong, or what it corrects is not there; both numbers count from 1, 0 is
    none.
    """

    code = "correction-error"
    file: str
    entry: int
    line: int
    reason: str

    def __str__(self) -> str:
        place = f", entry {self.entry}" if self.entry else ""
        return f"{self.file}{place}{_place(self.line or None)}: {self.reason}"


@dataclass(kw_only=True, eq=False)
class UnknownTerm(InputError):
    """A word that the scheme does not have, with the near matches, the nearest first."""

    code = "unknown-term"
    word: str
    scheme: str
    near: tuple[str, ...] = ()
    note: str = ""
    """What is known of the word all the same."""

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note else ""
        return f"{self.word!r} is not known in {self.scheme}{note}{_hint(self.near)}"


@dataclass(kw_only=True, eq=False)
class BadRequest(InputError):
    """What is wrong with a query or a parameter, such as a graph we do not have; line and column count from 1."""

    code = "bad-request"
    problem: str
    parameter: str | None = None
    line: int | None = None
    column: int | None = None
    near: tuple[str, ...] = ()

    def __str__(self) -> str:
        parameter = "" if self.parameter is None else f"parameter {self.parameter!r}: "
        return f"{parameter}{self.problem}{_place(self.line, self.column)}{_hint(self.near)}"


@dataclass(kw_only=True, eq=False)
class UpdateRefused(InputError):
    """A request to write; ``operation`` is what asked for it, such as ``INSERT DATA``."""

    code = "update-refused"
    operation: str

    def __str__(self) -> str:
        return f"{self.operation} is refused: nothing can be written here"


@dataclass(kw_only=True, eq=False)
class FederationRefused(InputError):
    """A query with ``SERVICE``, wherever it leads; line and column count from 1."""

    code = "federation-refused"
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return f"SERVICE is refused{_place(self.line, self.column)}: queries are answered from this dataset alone"


@dataclass(kw_only=True, eq=False)
class TooLarge(InputError):
    """A part of the request is over its limit; both are counted in ``unit``, ``size`` as far as it was read."""

    code = "too-large"
    part: Literal["body", "query text", "nesting", "property path"]
    limit: int
    size: int
    unit: Literal["bytes", "levels", "steps"]

    def __str__(self) -> str:
        return f"{self.part} is too large: {self.size:,} {self.unit}, the limit is {self.limit:,}"


@dataclass(kw_only=True, eq=False)
class NotAcceptable(InputError):
    """What was asked for, as an ``Accept`` header says it, and the media types on offer."""

    code = "not-acceptable"
    asked: str
    offered: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.asked!r} is not on offer; ask for {_either(self.offered)}"


@dataclass(kw_only=True, eq=False)
class NotConforming(MemGraphError):
    """Data that break a must-shape. ``report`` is an `outcomes.ValidationReport`: its type stands below this module."""

    code = "not-conforming"
    graph: str
    violations: int
    report: Any

    def __str__(self) -> str:
        return f"{self.graph} does not conform: {self.violations} violation{'' if self.violations == 1 else 's'}"


@dataclass(kw_only=True, eq=False)
class ReleaseError(MemGraphError):
    """A file or folder that a release needs is missing, half written, or differs from what was recorded of it."""

    code = "release-error"
    path: Path
    fault: Literal["missing", "half written", "digest differs", "count differs"]
    recorded: str | None = None
    found: str | None = None

    def __str__(self) -> str:
        known = self.recorded is not None and self.found is not None
        return f"{self.path}: {self.fault}" + (f" (recorded {self.recorded}, found {self.found})" if known else "")


class StoreError(MemGraphError):
    """The engine gave no answer; never raised itself."""

    code = "store-error"


@dataclass(kw_only=True, eq=False)
class TimeLimit(StoreError):
    """The query ran longer than ``limit`` seconds, and its worker was killed."""

    code = "time-limit"
    limit: float

    def __str__(self) -> str:
        return f"the query ran longer than {self.limit:g} seconds and was stopped"


@dataclass(kw_only=True, eq=False)
class MemoryLimit(StoreError):
    """The query needed more than ``limit`` bytes, and its worker died."""

    code = "memory-limit"
    limit: int

    def __str__(self) -> str:
        return f"the query needed more than {self.limit:,} bytes of memory and was stopped"


@dataclass(kw_only=True, eq=False)
class AnswerLimit(StoreError):
    """The answer has more than ``limit`` rows or bytes, and none of it was sent."""

    code = "answer-limit"
    limit: int
    unit: Literal["rows", "bytes"]

    def __str__(self) -> str:
        return f"the answer has more than {self.limit:,} {self.unit}"


@dataclass(kw_only=True, eq=False)
class Exchanged(StoreError):
    """The engine was given another release while it answered, and nothing of the answer was sent."""

    code = "exchanged"
    release: str

    def __str__(self) -> str:
        return f"release {self.release[:12]} is being exchanged for another one"


@dataclass(kw_only=True, eq=False)
class Unavailable(StoreError):
    """Nothing there to ask: no release is loaded, or a remote engine is away. ``what`` names it."""

    code = "unavailable"
    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.what} is not available: {self.reason}"


@dataclass(kw_only=True, eq=False)
class SettingsError(MemGraphError):
    """A value that a setting cannot take; or no such setting: nothing is ``allowed``, and ``near`` are those alike."""

    code = "settings-error"
    setting: str
    value: str
    allowed: str | None
    near: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.allowed is None:
            return f"there is no setting {self.setting}{_hint(self.near)}"
        return f"setting {self.setting}: {self.value!r} is not {self.allowed}{_hint(self.near)}"

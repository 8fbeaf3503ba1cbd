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

What the service tells of is said in Spanish too: ``wording()`` gives a `wording.Wording`.

``code`` names the kind in one word, the same on the command line and in an answer of the web service. Errors can be
pickled, so they travel from a worker to the server as they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Literal

from mem_graph.wording import Wording


def _near(words: Sequence[str]) -> str:
    """The near matches as an addition to a sentence; empty if there are none."""
    return Wording("did-you-mean", near=tuple(map(repr, words))) if words else ""


def _place(line: int | None, column: int | None = None) -> str:
    """Line and column as an addition to a sentence, as far as they are known."""
    if line is None:
        return ""
    if column is None:
        return Wording("place.line", line=str(line))
    return Wording("place.column", line=str(line), column=str(column))


class MemGraphError(Exception):
    """Anything that goes wrong in a way we know; never raised itself."""

    code: ClassVar[str] = "error"

    def wording(self, near: bool = True) -> str:
        """What it says, where the service tells it a `Wording`. In: whether the near matches are to be named."""
        return super().__str__()

    def __str__(self) -> str:
        return str(self.wording())

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

    def wording(self, near: bool = True) -> str:
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

    def wording(self, near: bool = True) -> str:
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

    def wording(self, near: bool = True) -> str:
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

    def wording(self, near: bool = True) -> str:
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
    called: tuple[str, ...] = ()
    """The names of the near matches, where these are keys."""

    def wording(self, near: bool = True) -> str:
        note = f" ({self.note})" if self.note else ""
        alike = _near(self.called or self.near) if near else ""
        return Wording("unknown-term", word=self.word, scheme=self.scheme, note=note, near=alike)


@dataclass(kw_only=True, eq=False)
class BadRequest(InputError):
    """What is wrong with a query or a parameter, such as a graph we do not have; line and column count from 1."""

    code = "bad-request"
    problem: str
    parameter: str | None = None
    line: int | None = None
    column: int | None = None
    near: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    """The names of the near matches, where these are keys."""

    def wording(self, near: bool = True) -> str:
        alike = _near(self.called or self.near) if near else ""
        whole = {"problem": self.problem, "place": _place(self.line, self.column), "near": alike}
        if self.parameter is None:
            return Wording("bad-request", **whole)
        return Wording("bad-request.parameter", parameter=self.parameter, **whole)


@dataclass(kw_only=True, eq=False)
class UpdateRefused(InputError):
    """A request to write; ``operation`` is what asked for it, such as ``INSERT DATA``."""

    code = "update-refused"
    operation: str

    def wording(self, near: bool = True) -> str:
        return Wording("update-refused", operation=self.operation)


@dataclass(kw_only=True, eq=False)
class FederationRefused(InputError):
    """A query with ``SERVICE``, wherever it leads; line and column count from 1."""

    code = "federation-refused"
    line: int | None = None
    column: int | None = None

    def wording(self, near: bool = True) -> str:
        return Wording("federation-refused", place=_place(self.line, self.column))


@dataclass(kw_only=True, eq=False)
class TooLarge(InputError):
    """A part of the request is over its limit; both are counted in ``unit``, ``size`` as far as it was read."""

    code = "too-large"
    part: Literal["body", "query text", "nesting", "property path"]
    limit: int
    size: int
    unit: Literal["bytes", "levels", "steps"]

    def wording(self, near: bool = True) -> str:
        return Wording(f"too-large.{self.part.replace(' ', '-')}", size=self.size, limit=self.limit)


@dataclass(kw_only=True, eq=False)
class NotAcceptable(InputError):
    """What was asked for, as an ``Accept`` header says it, and the media types on offer."""

    code = "not-acceptable"
    asked: str
    offered: tuple[str, ...]

    def wording(self, near: bool = True) -> str:
        return Wording("not-acceptable", asked=self.asked, offered=tuple(map(repr, self.offered)))


@dataclass(kw_only=True, eq=False)
class NotConforming(MemGraphError):
    """Data that break a must-shape. ``report`` is an `outcomes.ValidationReport`: its type stands below this module."""

    code = "not-conforming"
    graph: str
    violations: int
    report: Any

    def wording(self, near: bool = True) -> str:
        return f"{self.graph} does not conform: {self.violations} violation{'' if self.violations == 1 else 's'}"


@dataclass(kw_only=True, eq=False)
class ReleaseError(MemGraphError):
    """A file or folder that a release needs is missing, half written, or differs from what was recorded of it."""

    code = "release-error"
    path: Path
    fault: Literal["missing", "half written", "digest differs", "count differs"]
    recorded: str | None = None
    found: str | None = None

    def wording(self, near: bool = True) -> str:
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

    def wording(self, near: bool = True) -> str:
        return Wording("time-limit", limit=float(self.limit))


@dataclass(kw_only=True, eq=False)
class MemoryLimit(StoreError):
    """The query needed more than ``limit`` bytes, and its worker died."""

    code = "memory-limit"
    limit: int

    def wording(self, near: bool = True) -> str:
        return Wording("memory-limit", limit=self.limit)


@dataclass(kw_only=True, eq=False)
class AnswerLimit(StoreError):
    """The answer has more than ``limit`` rows or bytes, and none of it was sent."""

    code = "answer-limit"
    limit: int
    unit: Literal["rows", "bytes"]

    def wording(self, near: bool = True) -> str:
        return Wording(f"answer-limit.{self.unit}", limit=self.limit)


@dataclass(kw_only=True, eq=False)
class Exchanged(StoreError):
    """The engine was given another release while it answered, and nothing of the answer was sent."""

    code = "exchanged"
    release: str

    def wording(self, near: bool = True) -> str:
        return Wording("exchanged", release=self.release[:12])


@dataclass(kw_only=True, eq=False)
class Unavailable(StoreError):
    """Nothing there to ask: no release is loaded, or a remote engine is away. ``what`` names it."""

    code = "unavailable"
    what: str
    reason: str

    def wording(self, near: bool = True) -> str:
        return Wording("unavailable", what=self.what, reason=self.reason)


@dataclass(kw_only=True, eq=False)
class SettingsError(MemGraphError):
    """A value that a setting cannot take; or no such setting: nothing is ``allowed``, and ``near`` are those alike."""

    code = "settings-error"
    setting: str
    value: str
    allowed: str | None
    near: tuple[str, ...] = ()

    def wording(self, near: bool = True) -> str:
        if self.allowed is None:
            return f"there is no setting {self.setting}{_near(self.near)}"
        return f"setting {self.setting}: {self.value!r} is not {self.allowed}{_near(self.near)}"

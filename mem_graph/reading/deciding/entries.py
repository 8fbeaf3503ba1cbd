"""What people write in ``data/corrections/``: entries of TOML, each checked by itself before anything is read.

``docs/correcting.md`` tells the format. An entry names what it corrects by evidence: edition, place, sentence, words.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from mem_graph.errors import CorrectionError
from mem_graph.model import Correction, CorrectionAction, Where
from mem_graph.reading.deciding.kinds import KINDS

ALWAYS = ("edition", "action", "who", "date", "reason")
NEEDED: Mapping[str, tuple[str, ...]] = {
    "add": ("kind", "where", "quote", "set"),
    "change": ("kind", "where", "quote", "set"),
    "withdraw": ("kind", "where", "quote"),
    "confirm": ("kind", "where", "quote"),
    "rate": ("recommendation", "rating", "quote"),
    "name": ("where", "quote", "words", "set"),
    "accept": ("problem",),
}
"""What an entry must say, by its action, beside what all must."""
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "add": ("letter",),
    "change": ("words", "was", "letter"),
    "withdraw": ("words", "was", "letter", "replaced_by"),
    "confirm": ("words", "was", "letter"),
    "accept": ("where", "quote"),
}
NAMED = ("key", "name", "acronym")
"""What can be said of a body that no table holds."""
_HEADER = re.compile(r"^\s*\[\[\s*correction\s*\]\]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a file: its number there and its line, both from 1, what it decides, and by which evidence."""

    file: str
    number: int
    line: int
    edition: str
    correction: Correction
    kind: str = ""
    where: Where | None = None
    quote: str = ""
    words: str = ""
    was: Mapping[str, Any] = field(default_factory=dict, hash=False)
    set: Mapping[str, Any] = field(default_factory=dict, hash=False)
    replaced_by: tuple[tuple[str, str], ...] = ()
    """Kind and words of the statements that stand in the place of one withdrawn."""
    recommendation: int = 0
    rating: str = ""
    problem: str = ""

    @property
    def action(self) -> CorrectionAction:
        """What it decides to do."""
        return self.correction.action

    def fault(self, reason: str) -> CorrectionError:
        """The error that this entry is wrong, for this reason."""
        return CorrectionError(file=self.file, entry=self.number, line=self.line, reason=reason)


def parse(text: str, file: str) -> tuple[Entry, ...]:
    """The entries of one file.

    In: its text; its name, which must be that of the report (``PER-R6.toml``). Raises `CorrectionError` for the first
    entry that is wrong in itself.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CorrectionError(file=file, entry=0, line=0, reason=f"is not TOML: {error}") from None
    listed = found.get("correction", [])
    if set(found) - {"correction"} or not isinstance(listed, list):
        raise CorrectionError(file=file, entry=0, line=0, reason="expected [[correction]] tables and nothing else")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _HEADER.match(line)]
    numbered = zip(range(1, len(listed) + 1), [*lines, *[0] * len(listed)], listed, strict=False)
    return tuple(_entry(file, number, line, written) for number, line, written in numbered)


def _entry(file: str, number: int, line: int, written: Mapping[str, Any]) -> Entry:
    def stop(reason: str) -> CorrectionError:
        return CorrectionError(file=file, entry=number, line=line, reason=reason)

    for reason in _faults(written):
        raise stop(reason)
    report = written["edition"].partition("/")[0]
    if file.rpartition("/")[2] != f"{report}.toml":
        raise stop(f"it is about {written['edition']}, so it belongs into {report}.toml")
    action = cast(CorrectionAction, written["action"])
    decided = Correction(
        action, written["who"].strip(), written["date"], written["reason"].strip(), letter=written.get("letter", "")
    )
    replaced_by = tuple((each["kind"], each.get("words", "")) for each in written.get("replaced_by", ()))
    own = {name: written[name] for name in PLAIN if name in written}
    return Entry(file, number, line, written["edition"], decided, replaced_by=replaced_by, **own)


PLAIN = ("kind", "where", "quote", "words", "was", "set", "recommendation", "rating", "problem")


def _faults(written: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with an entry by itself."""
    action = str(written.get("action"))
    if action not in NEEDED:
        yield f"action: expected one of {', '.join(NEEDED)}, met {action!r}"
        return
    needed = (*ALWAYS, *NEEDED[action])
    yield from (f"{name} is missing" for name in needed if name not in written)
    allowed = (*needed, *ALLOWED.get(action, ()))
    yield from (f"{name} has no place in an entry that says {action}" for name in written if name not in allowed)
    yield from (f"{name}: {fault}" for name, value in written.items() for fault in _wrong(name, value))
    yield from _of_kind(written)


def _wrong(name: str, value: Any) -> Iterator[str]:
    """What is wrong with one member, whatever the action."""
    if name == "date":
        if type(value) is not datetime.date:
            yield f"expected a day such as 2026-11-25, without quotation marks, met {value!r}"
    elif name in ("was", "set"):
        if not isinstance(value, dict) or not value:
            yield f'expected a table such as {{ polarity = "deficiency" }}, met {value!r}'
    elif name == "replaced_by":
        if not isinstance(value, list) or not all(_is_other(each) for each in value):
            yield f"expected a list of {{ kind, words }}, met {value!r}"
    elif name == "recommendation":
        yield from _not_recommendation(value)
    elif name == "where":
        if value not in ("preface", "conclusions"):
            yield from _not_recommendation(value)
    elif not isinstance(value, str) or not (value.strip() or name == "quote"):
        yield f"expected words, met {value!r}"
    elif name in _FORMS and not re.fullmatch(_FORMS[name], value):
        yield f"{value!r} has not the form {_LIKE[name]}"


_FORMS = {"edition": r"[A-Z]{3}-R[1-9]\d*/[a-z]{2,3}/[1-9]\d*", "letter": r"[a-z]"}
_LIKE = {"edition": "PER-R6/en/1", "letter": "of one small letter"}


def _is_other(value: Any) -> bool:
    return isinstance(value, dict) and value.get("kind") in KINDS and set(value) <= {"kind", "words"}


def _not_recommendation(value: Any) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        yield f"expected the number of a recommendation, met {value!r}"


def _of_kind(written: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the kind, and with members that statements of the kind do not have."""
    if written["action"] == "name":
        yield from (f"set: a body has no {name!r}" for name in _table(written, "set") if name not in NAMED)
        return
    if "kind" not in written:
        return
    kind = KINDS.get(str(written["kind"]))
    if kind is None:
        yield f"kind: expected one of {', '.join(KINDS)}, met {written['kind']!r}"
        return
    for table in ("was", "set"):
        unknown = (name for name in _table(written, table) if name not in kind.members)
        yield from (f"{table}: a {written['kind']} has no {name!r}, but {', '.join(kind.members)}" for name in unknown)
    if written["action"] == "add":
        missing = (name for name in kind.needed if name not in _table(written, "set"))
        yield from (f"set: a new {written['kind']} needs {name}" for name in missing)


def _table(written: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = written.get(name)
    return value if isinstance(value, dict) else {}

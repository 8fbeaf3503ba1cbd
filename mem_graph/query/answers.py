"""An answer to a SELECT or ASK query as plain Python: columns and rows, read from SPARQL 1.1 Query Results JSON.

https://www.w3.org/TR/sparql11-results-json/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Value = str | int | float | bool | Decimal | None
"""A term as Python has it: an IRI or a text as str, numbers and booleans by datatype, None for an unbound variable."""

XSD = "http://www.w3.org/2001/XMLSchema#"
READERS: Mapping[str, Any] = {
    f"{XSD}integer": int,
    f"{XSD}gYear": int,
    f"{XSD}decimal": Decimal,
    f"{XSD}double": float,
    f"{XSD}boolean": lambda text: text in ("true", "1"),
}


@dataclass(frozen=True)
class Solutions(Sequence[Mapping[str, Value]]):
    """The rows of an answer, each a mapping from column to value, in the engine's order.

    >>> body = b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": "x"}}]}}'
    >>> rows = Solutions.from_json(body)
    >>> list(rows)
    [{'n': 'x'}]
    """

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Value], ...]

    @classmethod
    def from_json(cls, body: bytes) -> Solutions:
        """Rows from a result document; the answer to an ASK is one row with the column ``boolean``."""
        document = json.loads(body)
        if "boolean" in document:
            return cls(("boolean",), ({"boolean": document["boolean"]},))
        columns = tuple(document["head"]["vars"])
        bindings = document["results"]["bindings"]
        return cls(columns, tuple({name: _value(row.get(name)) for name in columns} for row in bindings))

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __iter__(self) -> Iterator[Mapping[str, Value]]:
        return iter(self.rows)


def _value(term: Mapping[str, str] | None) -> Value:
    if term is None:
        return None
    read = READERS.get(term.get("datatype", ""), str)
    try:
        value: Value = read(term["value"])
    except (ValueError, ArithmeticError):  # an ill-typed literal stays the text it is
        value = term["value"]
    return value

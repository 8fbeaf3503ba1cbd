"""The one place that knows where the files are that the program reads but does not make.

They stand in the folder above the package, which is the checkout that is worked on, or inside the package where it was
installed for good; the prepared questions always do. Each function gives a path that is there, or raises `ReleaseError`
naming the one that is missing.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from rdflib import Graph

from mem_graph.errors import ParseError, ReleaseError, SettingsError

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = next(each for each in (PACKAGE / "checkout", PACKAGE.parent) if each.is_dir())


def ontology() -> Path:
    """The folder of the ontology: what the data mean, in Turtle."""
    return _present(CHECKOUT / "ontology")


def shapes() -> Path:
    """The folder of the shapes: what the data must look like, in SHACL."""
    return _present(CHECKOUT / "shapes")


def data(chosen: Path | None = None) -> Path:
    """The folder of reports, tables and corrections: the setting ``data_dir``, or that of the checkout.

    Raises `SettingsError` if the chosen folder is none.
    """
    if chosen is None:
        return _present(CHECKOUT / "data")
    if not chosen.is_dir():
        raise SettingsError(setting="data_dir", value=str(chosen), allowed="a folder that is there")
    return chosen


def queries() -> Path:
    """The folder of the prepared questions, one ``.rq`` file each."""
    return _present(PACKAGE / "queries")


def reading_schema() -> Path:
    """The JSON Schema of a reading."""
    return _present(CHECKOUT / "docs" / "reading.schema.json")


ONTOLOGY = ("mem", "acts", "corrections", "values", "alignments")
"""The files of the ontology's own graph: classes, properties, lists of values, links to other vocabularies."""

VOCABULARY = ("ratings", "rounds", "topics", "criteria", "cube")
"""The files of the vocabulary graph: what rounds say. Their relative IRIs are resolved against the identity base."""


def read_ontology(folder: Path, base: str, names: Sequence[str] = (*ONTOLOGY, *VOCABULARY)) -> Graph:
    """The Turtle files of these names in one graph; nothing they name is fetched.

    In: the folder; the identity base; file names without ``.ttl``. Raises `ReleaseError` for a file that is not there.
    """
    graph = Graph()
    for name in names:
        graph.parse(data=_present(folder / f"{name}.ttl").read_text(encoding="utf-8"), format="turtle", publicID=base)
    return graph


def read_tables(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of every table of a folder, by file name without ``.csv``, in the order of the file.

    Raises `ParseError` for a row that has not as many cells as the table has columns.
    """
    return {path.stem: list(_rows(path)) for path in sorted(_present(folder).glob("*.csv"))}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        for row in reader:
            if None in row or None in row.values():
                columns = f"{len(reader.fieldnames or ())} cells"
                raise ParseError(file=path.name, line=reader.line_num, met=str(list(row.values())), expected=columns)
            yield row


def read_corrections(folder: Path) -> dict[str, str]:
    """The text of each file of corrections, by its path as people name it; none where there is no such folder."""
    return {f"{folder.name}/{path.name}": _text(path) for path in sorted(folder.glob("*.toml"))}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ParseError(file=path.name, line=1, met="bytes that are no UTF-8", expected="UTF-8") from None


def _present(path: Path) -> Path:
    """The path itself; `ReleaseError` if nothing is there."""
    if not path.exists():
        raise ReleaseError(path=path, fault="missing")
    return path

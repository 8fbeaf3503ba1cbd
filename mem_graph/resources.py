"""The one place that knows where the files are that the program reads but does not make.

They stand in the folder above the package, which is the checkout that was installed; the prepared questions stand
inside the package. Each function gives a path that is there, or raises `ReleaseError` naming the one that is missing.
"""

from pathlib import Path

from mem_graph.errors import ReleaseError, SettingsError

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent


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


def _present(path: Path) -> Path:
    """The path itself; `ReleaseError` if nothing is there."""
    if not path.exists():
        raise ReleaseError(path=path, fault="missing")
    return path

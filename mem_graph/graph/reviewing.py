"""What waits for a person in all that is filed, or in some files: readings, and audits of the current release."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

from mem_graph import resources
from mem_graph.engine.oxigraph import EmbeddedStore
from mem_graph.errors import ReleaseError
from mem_graph.graph import audits, filing, release
from mem_graph.graph.reference import Reference, parsed, read_file, together
from mem_graph.model import Edition
from mem_graph.outcomes import AuditResult
from mem_graph.reading.deciding.review import Decision, audited, decisions


def of_files(files: Iterable[Path], reference: Reference, day: datetime.date) -> list[Decision]:
    """What waits in some files, filed or not; raises what reading them raises."""
    return _of_editions([read_file(file, reference) for file in files], reference, day)


def of_all(data: Path, releases: Path, reference: Reference, day: datetime.date) -> list[Decision]:
    """What waits in every edition that is filed, and what audits found in the current release, where there is one."""
    with filing.opened(data / "reports") as files:
        filed = filing.by_edition(files).values()
        editions = [together([parsed(filing.read(file), reference) for file in each], reference) for each in filed]
    differences = audited(_audits(releases), editions, reference.iris, day)
    return [*_of_editions(editions, reference, day), *differences]


def _of_editions(editions: Iterable[Edition], reference: Reference, day: datetime.date) -> list[Decision]:
    return [each for edition in editions for each in decisions(edition, reference.vocabulary, day)]


def _audits(releases: Path) -> tuple[AuditResult, ...]:
    """What audits find in the current release; nothing where there is none yet."""
    try:
        current = release.current(releases)
    except ReleaseError:
        return ()
    store = EmbeddedStore.load([(current.folder / release.DATA, "application/n-quads")], union=True)
    return audits.run(store, audits.load_audits(resources.shapes() / "audits"))

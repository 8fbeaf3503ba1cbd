"""Filing new reports: read, understand, validate, show; then file them and make a release of all, or change nothing.

A file is known by the digest of its bytes, an edition by what its text says: country, round, language, revision. A file
of an edition that is filed already is a further file of it. Where a file is refused, the others go on without it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from mem_graph import resources
from mem_graph.errors import ExtractError, MemGraphError, ParseError, RatingInDoubt
from mem_graph.graph import filing, processes
from mem_graph.graph.build import Say, conforming, make_current, without_collecting, worked_out, write
from mem_graph.graph.filing import Arrival, Filed
from mem_graph.graph.reference import Reference, load_reference, parsed
from mem_graph.graph.release import sha256
from mem_graph.graph.shares import Plan, Share
from mem_graph.model import Edition
from mem_graph.outcomes import Release
from mem_graph.reading.page import extract
from mem_graph.settings import Settings

Outcome = Literal["new edition", "further file", "filed already", "refused"]

READABLE = frozenset({".txt", ".pdf"})
"""The suffixes of the files of a folder that are looked at; a file that is named is looked at whatever its suffix."""
SECONDS, MEMORY = 30.0, 500_000_000
"""How long reading one file may take, and how many bytes beside what was loaded before; a report takes a second."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What one file was found to be; ``edition`` is what it says by itself, ``error`` why it is refused."""

    path: Path
    outcome: Outcome
    edition: Edition | None = None
    error: MemGraphError | None = None
    name: str = ""
    """As what it is, or will be, filed: ``PER-R6/en-1.pdf``."""
    share: Share | None = None
    """What its edition comes to, where it could be worked out."""

    @property
    def is_new(self) -> bool:
        """Whether it is to be filed."""
        return self.outcome in ("new edition", "further file")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for: the files and folders, the address that they come from, and what they are told."""

    paths: Sequence[Path]
    origin: str | None
    progress: Callable[[int, int], None]
    """Called with how many files have been looked at, of how many."""
    agrees: Callable[[Sequence[Looked]], bool]
    """Shown what was found; says whether it is to be filed."""


def add(asked: Asked, settings: Settings, say: Say) -> Release | None:
    """File some reports and make a release of all that is filed.

    In: what is asked for; the settings ``data_dir``, ``releases_dir``, ``identity_base``; where to say each step.
    Out: the release that is current now, None where nothing was filed. Raises what `build.build` raises for what was
    filed before; then nothing has changed.
    """
    with without_collecting():
        return _add(asked, settings, say)


def _add(asked: Asked, settings: Settings, say: Say) -> Release | None:
    data = resources.data(settings.data_dir)
    reports = data / "reports"
    reports.mkdir(exist_ok=True)
    reference = load_reference(data, settings.identity_base)
    with filing.opened(reports) as files:
        looked = list(_look(asked, files, reference))
        if not any(each.is_new for each in looked):
            asked.agrees(looked)
            return None
        plan = Plan({}, data, settings.identity_base, dict(_editions(looked)))
        looked, shares = _settled(looked, files, plan, reference, settings, say)
        if not (asked.agrees(looked) and any(each.is_new for each in looked)):
            return None
        arrivals = [_arrival(each, asked.origin) for each in looked if each.is_new]
        written = write(shares, reference, settings, say)
        decided = filing.decide(filing.lay_out(reports, arrivals, datetime.date.today()))
        filing.move(decided)
        make_current(written, settings, say)
    return written


# Looking


def _look(asked: Asked, files: Sequence[Filed], reference: Reference) -> Iterator[Looked]:
    """What each file is by itself, in the order in which they were given."""
    paths = list(dict.fromkeys(_files(asked.paths)))
    known = {file.sha256: file for file in files}
    jobs = {str(path): partial(_read, path, known, reference) for path in paths}
    found: dict[Path, Looked] = {}
    for name, result in processes.results(jobs, processes.CORES, SECONDS, MEMORY):
        path = Path(name)
        found[path] = result if isinstance(result, Looked) else Looked(path, "refused", error=result)
        asked.progress(len(found), len(paths))
    seen: set[str] = set()
    for path in paths:
        yield _once(found[path], seen)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that are named, and the readable ones of folders that are, by name; a folder without any as it is."""
    for path in paths:
        if path.is_dir():
            inside = (each for each in sorted(path.rglob("*")) if each.is_file() and not each.name.startswith("."))
            yield from [each for each in inside if each.suffix.lower() in READABLE] or [path]
        else:
            yield path


def _read(path: Path, known: dict[str, Filed], reference: Reference) -> Looked:
    """One file by itself; one that is filed is not read."""
    if path.is_dir():
        raise ExtractError(file=path, reason="is a folder without a text or PDF file")
    data = extract.data_of(path)
    if (filed := known.get(sha256(data))) is not None:
        return Looked(path, "filed already", name=f"{filed.report}/{filed.name}")
    return Looked(path, "new edition", parsed(extract.from_bytes(data, path), reference))


def _once(looked: Looked, seen: set[str]) -> Looked:
    """The same bytes a second time are no second file."""
    if looked.edition is None:
        return looked
    digest = looked.edition.source.digest
    if digest in seen:
        return Looked(looked.path, "filed already", name="the same bytes as another of these files")
    seen.add(digest)
    return looked


def _editions(looked: Iterable[Looked]) -> Iterator[tuple[str, Edition]]:
    """What each new file says by itself, by its digest."""
    for each in looked:
        if each.edition is not None:
            yield each.edition.source.digest, each.edition


# Settling


def _settled(
    looked: Sequence[Looked], files: Sequence[Filed], plan: Plan, reference: Reference, settings: Settings, say: Say
) -> tuple[list[Looked], list[Share]]:
    """What is left when each file that cannot be filed is refused, and what all editions then come to.

    Editions of other reports are worked out last, and not where nothing is left to file. Raises the error of an edition
    that none of the new files belongs to.
    """
    made: dict[str, Share | MemGraphError] = {}

    def come_to(plan: Plan, editions: Iterable[str]) -> dict[str, Share | MemGraphError]:
        """What editions come to, each worked out once for one key."""
        keys = {edition: plan.key(edition) for edition in editions}
        missing = [edition for edition, key in keys.items() if key not in made]
        made.update((keys[edition], each) for edition, each in worked_out(plan, missing, reference, settings, say))
        return {edition: made[key] for edition, key in keys.items()}

    while True:
        looked = _named(looked, files)
        arriving = [(_filed(each), each) for each in looked if each.is_new]
        plan = replace(plan, files=filing.by_edition([*files, *(filed for filed, _ in arriving)]))
        reports = {filed.report for filed, _ in arriving}
        touched = come_to(plan, (each for each in plan.files if each.partition("/")[0] in reports))
        errors = {edition: error for edition, error in touched.items() if isinstance(error, MemGraphError)}
        to_blame = {edition for edition in errors if plan.record(edition) in (edition, *(set(touched) - set(errors)))}
        refused = [each for filed, each in arriving if filed.edition in to_blame]
        if not refused:
            every = come_to(plan, plan.files if arriving else ())
            return [_with_share(each, every) for each in looked], [conforming(each, say) for each in every.values()]
        looked = [_refused(each, errors) if each in refused else each for each in looked]


def _named(looked: Sequence[Looked], files: Sequence[Filed]) -> list[Looked]:
    """Each new file with the name that it will be filed under, and whether its edition has files before it."""
    names = {f"{file.report}/{file.name}" for file in files}
    editions = {file.edition for file in files}
    found = []
    for each in looked:
        if each.is_new and each.edition is not None:
            identity = each.edition.identity
            taken = {name.partition("/")[2] for name in names if name.startswith(f"{identity.report}/")}
            name = f"{identity.report}/{filing.name_for(identity, each.edition.source.media_type, taken)}"
            outcome: Outcome = "further file" if identity.edition in editions else "new edition"
            each = replace(each, name=name, outcome=outcome)
            names.add(name)
            editions.add(identity.edition)
        found.append(each)
    return found


def _filed(looked: Looked) -> Filed:
    assert looked.edition is not None
    source, identity = looked.edition.source, looked.edition.identity
    return Filed(looked.path, looked.name.partition("/")[2], source.digest, identity.edition)


def _refused(looked: Looked, errors: dict[str, MemGraphError]) -> Looked:
    assert looked.edition is not None
    error = errors[looked.edition.identity.edition]
    if isinstance(error, ParseError | RatingInDoubt):
        error = replace(error, file=str(looked.path))
    return replace(looked, outcome="refused", error=error)


def _with_share(looked: Looked, made: dict[str, Share | MemGraphError]) -> Looked:
    share = made.get(looked.edition.identity.edition) if looked.edition and looked.is_new else None
    return replace(looked, share=share) if isinstance(share, Share) else looked


def _arrival(looked: Looked, origin: str | None) -> Arrival:
    assert looked.edition is not None
    return Arrival(_filed(looked), looked.edition.identity, title(looked.edition), origin)


def title(edition: Edition) -> str:
    """The title as the cover prints it: the country, what stands between it and the year, the year."""
    printed, text = edition.identity.printed, edition.source.text
    country, year = printed.get("country"), printed.get("year")
    if country is None or year is None or not country.end <= year.start:
        return f"{edition.identity.report}, {edition.identity.year}"
    between = text[country.end : year.start].replace("*", " ").split()
    return f"{country.quote}: {' '.join(between)}, {year.quote}" if 0 < len(between) <= 12 else country.quote

"""The run: every method on every case, cached, resumable, failures recorded."""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from lasagna_relight.errors import OutputError
from lasagna_relight.evaluation.answers import PICTURES
from lasagna_relight.evaluation.case import Case
from lasagna_relight.evaluation.crew import Crew, Settings, alone
from lasagna_relight.evaluation.lpips import Lpips
from lasagna_relight.evaluation.method import Method, asked_methods
from lasagna_relight.evaluation.results import (
    RESULTS,
    RUN,
    CaseEntry,
    MethodEntry,
    RunRecord,
    append,
    opened_for_appending,
    pretty,
    read_results,
)
from lasagna_relight.image_io import atomic_path

LIBRARIES = ("lasagna-relight", "torch", "diffusers", "kornia", "numpy", "opencv-python-headless")
DECIDING = (
    "color.py", "image_io", "light_direction.py", "compositing", "distillation", "language",
    "masking", "priors", "relighting", "relit", "evaluation",
)  # fmt: skip
NOT_DECIDING = ("claims", "report", "study", "summary", "statistics", "table", "results")
"""Modules of `evaluation` that only read results: changing them makes no figure old."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """One answer of a run.

    Attributes:
        index: answers so far, of ``total``.
        total: cases times methods.
        case: name of the case.
        method: name of the method.
        cached: it was solved before.
        error: why it failed, or None.
    """

    index: int
    total: int
    case: str
    method: str
    cached: bool
    error: str | None


@dataclass(frozen=True, kw_only=True)
class CaseSource:
    """Cases and where they are from."""

    source: str
    cases: tuple[Case, ...]


def run(
    sources: Sequence[CaseSource],
    methods: Sequence[Method],
    folder: Path,
    *,
    command: str,
    provenance: dict[str, str],
    absent: dict[str, str],
    seed: int = 0,
    lpips: Lpips | None = None,
    resume: bool = False,
    crew: Crew | None = None,
) -> Iterator[Progress]:
    """Answers every case with every method and keeps figures and pictures in ``folder``.

    A killed run goes on where it was with ``resume``: an answer is solved again only if its
    pictures, its method, the seed or the code have changed, or if it failed.

    Args:
        sources: the cases.
        methods: in the order of the tables.
        folder: of the run.
        command: that runs it again, for the report.
        provenance: what else the report says of the run.
        absent: methods and metrics that cannot be had, and why.
        seed: of the methods.
        lpips: the metric, where its weights are given.
        resume: go on with the run in the folder.
        crew: processes that answer cases side by side; this process alone if absent.

    Raises:
        OutputError: the folder holds a run and ``resume`` is off, or cannot be written.
        DatasetError: the results in the folder cannot be read.
    """
    _prepare(folder, resume=resume)
    known = {result.key: result for result in read_results(folder)}
    code = code_digest()
    cases = [(case, source) for source in sources for case in source.cases]
    asked = asked_methods([case for case, _ in cases], methods)
    total = sum(map(len, asked))
    entries = [_entry(*one, own) for one, own in zip(cases, asked, strict=True)]
    record = RunRecord(
        command=command,
        seed=seed,
        provenance={**versions(), **provenance, "code": code},
        cases=entries,
        methods=[
            MethodEntry(name=m.name, summary=m.summary, family=m.family, at_most=m.at_most)
            for m in methods
        ],
        absent=absent,
    )
    _write_run(folder, record)
    settings = Settings(folder=folder, known=known, seed=seed, code=code)
    names = [[method.name for method in own] for own in asked]
    index = 0
    with opened_for_appending(folder) as file:
        if crew is None:
            table = {method.name: method for method in methods}
            outcomes = alone([case for case, _ in cases], table, names, settings, lpips)
        else:
            slow = frozenset(m.name for m in methods if m.at_most is not None)
            outcomes = crew.outcomes(names, slow, settings)
        for outcome in outcomes:
            case, _ = cases[outcome.place]
            if isinstance(outcome.answer, str):
                entries[outcome.place] = entries[outcome.place].model_copy(
                    update={"error": outcome.answer}
                )
                _write_run(folder, record.model_copy(update={"cases": entries}))
                for name in outcome.names:
                    index += 1
                    yield Progress(
                        index=index, total=total, case=case.name, method=name, cached=False,
                        error=outcome.answer,
                    )  # fmt: skip
                continue
            result = outcome.answer.result
            if not outcome.answer.cached:
                append(file, result)
            index += 1
            yield Progress(
                index=index, total=total, case=case.name, method=result.method,
                cached=outcome.answer.cached, error=result.error,
            )  # fmt: skip


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that figures depend on."""
    found = {"Python": ".".join(map(str, sys.version_info[:3]))}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def code_digest() -> str:
    """Hash of the package's source that figures depend on."""
    root = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for name in DECIDING:
        place = root / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            if path.parent.name == "evaluation" and path.stem.startswith(NOT_DECIDING):
                continue
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _entry(case: Case, source: CaseSource, methods: Sequence[Method]) -> CaseEntry:
    return CaseEntry(
        name=case.name,
        kind=case.kind,
        group=case.group,
        words=case.words,
        azimuth_deg=case.direction.azimuth_deg,
        elevation_deg=case.direction.elevation_deg,
        licence=case.licence,
        source=source.source,
        category=case.category,
        asked=sum(not (method.needs_truth and case.kind == "art") for method in methods),
    )


def _prepare(folder: Path, *, resume: bool) -> None:
    if (folder / RESULTS).exists() and not resume:
        raise OutputError(
            f"{folder} holds a run: use --resume to go on with it, or name another folder"
        )
    try:
        (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be made ({error.strerror})") from error


def _write_run(folder: Path, record: RunRecord) -> None:
    with atomic_path(folder / RUN, force=True) as beside:
        beside.write_text(pretty(record), encoding="utf-8")

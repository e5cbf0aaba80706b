"""The run: every method on every case, cached, resumable, failures recorded."""

import hashlib
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from lasagna_relight.errors import LasagnaError, OutputError
from lasagna_relight.evaluation.case import Case, Scene
from lasagna_relight.evaluation.lpips import Lpips
from lasagna_relight.evaluation.method import Method
from lasagna_relight.evaluation.results import (
    RESULTS,
    RUN,
    CaseEntry,
    MethodEntry,
    Result,
    RunRecord,
    append,
    opened_for_appending,
    pretty,
    read_results,
)
from lasagna_relight.evaluation.scoring import scores, waypoint_scores
from lasagna_relight.image_io import atomic_path
from lasagna_relight.types import Image

PICTURES = "pictures"
PICTURE_SIDE = 512
JPEG_QUALITY = 92
LIBRARIES = ("lasagna-relight", "torch", "diffusers", "kornia", "numpy", "opencv-python-headless")
DECIDING = (
    "color.py", "image_io", "light_direction.py", "compositing", "distillation", "language",
    "masking", "priors", "relighting", "relit", "evaluation",
)  # fmt: skip
NOT_DECIDING = ("report", "study", "summary", "statistics", "table", "results")
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
) -> Iterator[Progress]:
    """Answers every case with every method and keeps figures and pictures in ``folder``.

    A killed run goes on where it was with ``resume``: an answer is solved again only if its
    pictures, its method, the seed or the code have changed, or if it failed.

    Raises:
        OutputError: the folder holds a run and ``resume`` is off, or cannot be written.
        DatasetError: the results in the folder cannot be read.
    """
    _prepare(folder, resume=resume)
    known = {result.key: result for result in read_results(folder)}
    code = code_digest()
    total = sum(len(source.cases) for source in sources) * len(methods)
    entries: list[CaseEntry] = [_entry(c, source) for source in sources for c in source.cases]
    record = RunRecord(
        command=command,
        seed=seed,
        provenance={**versions(), **provenance, "code": code},
        cases=entries,
        methods=[MethodEntry(name=m.name, summary=m.summary, family=m.family) for m in methods],
        absent=absent,
    )
    _write_run(folder, record)
    index = 0
    with opened_for_appending(folder) as file:
        for place, (case, source) in enumerate((c, s) for s in sources for c in s.cases):
            try:
                scene = case.load()
            except LasagnaError as error:
                entries[place] = _entry(case, source, error=str(error))
                _write_run(folder, record.model_copy(update={"cases": entries}))
                for method in methods:
                    index += 1
                    yield Progress(
                        index=index, total=total, case=case.name, method=method.name,
                        cached=False, error=str(error),
                    )  # fmt: skip
                continue
            digest = scene.digest
            _save_truth(folder, case, scene)
            for method in methods:
                index += 1
                if method.needs_truth and scene.target is None:
                    continue
                key = _key(case, digest, method, seed, code, lpips is not None)
                old = known.get(key)
                picture = case_picture(folder, case.name, method.name)
                cached = old is not None and old.error is None and picture.exists()
                if old is None or not cached:
                    old = _solve(case, scene, method, seed, key, lpips, picture)
                    append(file, old)
                yield Progress(
                    index=index, total=total, case=case.name, method=method.name,
                    cached=cached, error=old.error,
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


def case_picture(folder: Path, case: str, name: str) -> Path:
    """Where a run keeps a picture of a case: a method's name, or ``_source`` or ``_target``."""
    return folder / PICTURES / case / f"{name}.jpg"


def _solve(
    case: Case,
    scene: Scene,
    method: Method,
    seed: int,
    key: str,
    lpips: Lpips | None,
    picture: Path,
) -> Result:
    common = {
        "key": key, "case": case.name, "kind": case.kind, "group": case.group,
        "method": method.name, "family": method.family, "seed": seed,
    }  # fmt: skip
    measured = _reset_peak()
    wall, began = time.monotonic(), time.process_time()
    try:
        answer = method.solve(case, scene, seed)
        seconds, wall_seconds = time.process_time() - began, time.monotonic() - wall
        peak = _peak_mib() if measured else None
        figures = scores(case, scene, answer, lpips)
        figures |= {"seconds": seconds, "evaluations": float(answer.evaluations)}
        figures["peak_mib"] = peak
        waypoints = waypoint_scores(scene, answer)
    except Exception as error:  # whatever a method raises is its result on this case
        reason = (str(error).splitlines() or [""])[0]
        return Result(**common, scores={}, error=f"{type(error).__name__}: {reason}")
    _save(picture, answer.image)
    return Result(**common, scores=figures, waypoints=waypoints, wall_seconds=wall_seconds)


def _key(case: Case, digest: str, method: Method, seed: int, code: str, with_lpips: bool) -> str:
    parts = (
        case.name, digest, case.direction, case.words, method.name, method.settings, seed, code,
        with_lpips,
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def _entry(case: Case, source: CaseSource, error: str | None = None) -> CaseEntry:
    return CaseEntry(
        name=case.name,
        kind=case.kind,
        group=case.group,
        words=case.words,
        azimuth_deg=case.direction.azimuth_deg,
        elevation_deg=case.direction.elevation_deg,
        licence=case.licence,
        source=source.source,
        error=error,
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


def _save_truth(folder: Path, case: Case, scene: Scene) -> None:
    for name, image in (("_source", scene.source), ("_target", scene.target)):
        path = case_picture(folder, case.name, name)
        if image is not None and not path.exists():
            _save(path, image)


def _save(path: Path, image: Image) -> None:
    pixels = np.rint(image.clamp(0, 1).permute(1, 2, 0).numpy() * 255).astype(np.uint8)
    picture = PillowImage.fromarray(np.ascontiguousarray(pixels))
    picture.thumbnail((PICTURE_SIDE, PICTURE_SIDE), PillowImage.Resampling.LANCZOS)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path.parent} cannot be made ({error.strerror})") from error
    with atomic_path(path, force=True) as beside:
        picture.save(beside, quality=JPEG_QUALITY, subsampling=0)


def _reset_peak() -> bool:
    """Starts the kernel's high-water mark of resident memory anew; False where it cannot."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return False
    return True


def _peak_mib() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

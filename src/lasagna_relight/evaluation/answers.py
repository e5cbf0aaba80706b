"""One answer: a method on a case, measured, its picture kept; solved again only if it must be."""

import hashlib
import resource
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from lasagna_relight.errors import OutputError
from lasagna_relight.evaluation.case import Case, Scene
from lasagna_relight.evaluation.lpips import Lpips
from lasagna_relight.evaluation.method import Method
from lasagna_relight.evaluation.results import Result
from lasagna_relight.evaluation.scoring import scores, waypoint_scores
from lasagna_relight.image_io import atomic_path
from lasagna_relight.types import Image

PICTURES = "pictures"
PICTURE_SIDE = 512
JPEG_QUALITY = 92


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A result, and whether it was solved before."""

    result: Result
    cached: bool


def answers(
    case: Case,
    scene: Scene,
    methods: Sequence[Method],
    folder: Path,
    *,
    known: Mapping[str, Result],
    seed: int,
    code: str,
    lpips: Lpips | None,
) -> Iterator[Answered]:
    """Every method's answer to a case; of one without a truth, of those that need none.

    Args:
        case: what is asked.
        scene: its pictures.
        methods: that are asked of it.
        folder: of the run; pictures go there.
        known: results by their keys; one whose key is there and that did not fail is not solved
            again.
        seed: of the methods.
        code: hash of what figures depend on.
        lpips: the metric, where its weights are given.

    Raises:
        OutputError: a picture cannot be written.
    """
    digest = scene.digest
    _save_truth(folder, case, scene)
    for method in methods:
        if method.needs_truth and scene.target is None:
            continue
        key = _key(case, digest, method, seed, code, lpips is not None)
        old = known.get(key)
        picture = case_picture(folder, case.name, method.name)
        if old is not None and old.error is None and picture.exists():
            yield Answered(result=old, cached=True)
            continue
        solved = _solve(case, scene, method, seed, key, lpips, picture)
        yield Answered(result=solved, cached=False)


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

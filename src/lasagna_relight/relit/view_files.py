"""The folder of rendered views: what lies where, and what is settled.

Each view is two files under ``views/``, spread over 256 folders: ``NAME.npz`` with the pixels and
``NAME.json`` with its record (object, scene, outcome). The record is written last, so that a view
counts as settled when its record is there, of the same scene, and tells a failure or has its
pixels beside it. ``dataset.json`` says how all of it was sampled; a folder of another seed is
refused. Nothing here grows with the number of views.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from lasagna_relight.errors import DatasetError
from lasagna_relight.image_io import atomic_path, remove_half_written, whole_files
from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.sampling import ViewSampling, sample_scene
from lasagna_relight.relit.scene import SceneSpec

DATASET = "dataset.json"
FORMAT = "relit-views-2"


@dataclass(frozen=True, kw_only=True)
class ViewJob:
    """One view to render."""

    asset: Asset
    view: int
    scene: SceneSpec

    @property
    def stem(self) -> str:
        """Path of the view's files inside the dataset folder, without suffix; unique to it."""
        return f"{object_stem(self.asset.uid)}-{self.view:03d}"

    @property
    def file(self) -> str:
        """The pixels' file inside the dataset folder."""
        return f"{self.stem}.npz"


def object_stem(uid: str) -> str:
    """What the paths of all views of an object begin with inside the dataset folder."""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", uid).strip("-")[:60]
    digest = hashlib.sha256(uid.encode()).hexdigest()[:8]
    return f"views/{digest[:2]}/{slug}-{digest}"


class ViewObject(BaseModel):
    """What a view's record keeps of its object."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    uid: str
    title: str
    source: str
    licence: str
    attribution: str


class ViewRecord(BaseModel):
    """What came of a view: ``error`` is empty where its pixels are there.

    ``coverage`` is the object's share of the frame, ``seconds`` what rendering it took.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    object: ViewObject
    view: int
    stem: str
    error: str
    coverage: float
    seconds: float
    scene: SceneSpec


def record_of(
    job: ViewJob, *, error: str = "", coverage: float = 0.0, seconds: float = 0.0
) -> ViewRecord:
    """The record of what came of ``job``; the scene forgets in which folder the model lay."""
    kept = ("uid", "title", "source", "licence", "attribution")
    return ViewRecord(
        object=ViewObject(**{name: getattr(job.asset, name) for name in kept}),
        view=job.view,
        stem=job.stem,
        error=error,
        coverage=coverage,
        seconds=seconds,
        scene=job.scene.model_copy(update={"asset": Path(job.scene.asset).name}),
    )


def plan_views(
    assets: Iterable[Asset], *, views: Iterable[int], seed: int, sampling: ViewSampling
) -> Iterator[ViewJob]:
    """A job for each of these views of every asset that is not rejected, in the order of assets.

    Give first views of all objects first, so that a run cut short is still diverse.
    """
    numbers = tuple(views)
    for asset in assets:
        if not asset.rejected:
            for view in numbers:
                scene = sample_scene(asset, view, seed=seed, sampling=sampling)
                yield ViewJob(asset=asset, view=view, scene=scene)


def write_record(folder: Path, record: ViewRecord) -> None:
    """Write the record beside the view's pixels, whole or not at all."""
    path = folder / f"{record.stem}.json"
    remove_half_written(path)
    with atomic_path(path, force=True) as beside:
        beside.write_text(record.model_dump_json() + "\n")


def read_record(path: Path) -> ViewRecord:
    """The record in a file.

    Raises:
        DatasetError: it is damaged, or of another version.
    """
    try:
        return ViewRecord.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise DatasetError(
            f"{path}: not a view's record of this version ({error.error_count()} faults): remove "
            "it, and the view is rendered again"
        ) from error


def is_settled(folder: Path, job: ViewJob) -> bool:
    """Whether the job's view failed for good or is on disk, rendered from the same scene.

    Raises:
        DatasetError: its record is damaged.
    """
    path = folder / f"{job.stem}.json"
    if not path.is_file():
        return False
    record = read_record(path)
    if record.scene != record_of(job).scene:
        return False
    return bool(record.error) or (folder / job.file).is_file()


def read_records(folder: Path) -> Iterator[ViewRecord]:
    """Every record of the dataset, folder by folder, in the order of their names.

    Raises:
        DatasetError: a record is damaged.
    """
    for part in sorted((folder / "views").glob("[0-9a-f][0-9a-f]")):
        for path in whole_files(part, "*.json"):
            yield read_record(path)


def claim_folder(folder: Path, sampling: ViewSampling, seed: int) -> None:
    """Make the folder, or go on in it if it holds views that were sampled alike.

    Raises:
        DatasetError: it holds another dataset, or one of another seed or sampling.
    """
    wanted: dict[str, Any] = json.loads(
        json.dumps({"format": FORMAT, "seed": seed, "sampling": asdict(sampling)})
    )
    path = folder / DATASET
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with atomic_path(path, force=False) as beside:
            beside.write_text(json.dumps(wanted, indent=1) + "\n")
        return
    found = _stored_settings(path, "remove it, or name another folder")
    if found != wanted:
        differing = _first_difference(found, wanted)
        raise DatasetError(f"{folder} holds a dataset of another {differing}: name another folder")


def read_dataset_settings(folder: Path) -> dict[str, Any]:
    """What `claim_folder` wrote: format, seed and sampling.

    Raises:
        DatasetError: not a folder of rendered views, or its settings are damaged.
    """
    path = folder / DATASET
    if not path.is_file():
        raise DatasetError(f"{folder}: holds no rendered views ({DATASET}): render some first")
    found = _stored_settings(path, "render again with the same settings")
    if found.get("format") != FORMAT:
        raise DatasetError(f"{path}: not of format {FORMAT}: render again with this version")
    return found


def _stored_settings(path: Path, remedy: str) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text())
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise DatasetError(f"{path}: damaged: {remedy}")
    return found


def _first_difference(found: dict[str, Any], wanted: dict[str, Any]) -> str:
    for name in ("format", "seed"):
        if found.get(name) != wanted[name]:
            return f"{name} ({found.get(name)}, not {wanted[name]})"
    theirs = found.get("sampling", {})
    for name, value in wanted["sampling"].items():
        if theirs.get(name) != value:
            return f"{name.replace('_', ' ')} ({theirs.get(name)}, not {value})"
    return "sampling"

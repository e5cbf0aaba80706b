"""From assets to a folder of rendered views, with Blender in processes of its own.

The folder holds one ``.npz`` for each view under ``views/``, and ``manifest.jsonl`` with one line
for each view that was tried. A run that was killed goes on from there: a view counts as done if
its line says so, its scene is the same and its file is there; files are written beside and
renamed, and a torn last line is dropped.
"""

from __future__ import annotations

import hashlib
import json
import queue
import re
import threading
from collections.abc import Generator, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.blender_process import BlenderProcess, RenderConfig
from lasagna_relight.relit.sampling import ViewSampling, sample_scene
from lasagna_relight.relit.scene import SceneSpec

MANIFEST = "manifest.jsonl"
THINNEST_COVERAGE = 0.03
"""An object that covers less of its frame than this teaches nothing about light."""


@dataclass(frozen=True, kw_only=True)
class ViewJob:
    """One view to render."""

    asset: Asset
    view: int
    scene: SceneSpec

    @property
    def file(self) -> str:
        """Path of the view's file inside the dataset folder; unique to asset and view."""
        slug = re.sub(r"[^A-Za-z0-9]+", "-", self.asset.uid).strip("-")[:60]
        digest = hashlib.sha256(self.asset.uid.encode()).hexdigest()[:8]
        return f"views/{slug}-{digest}-{self.view:03d}.npz"


@dataclass(frozen=True, kw_only=True)
class ViewResult:
    """What came of a job: ``error`` is empty where ``job.file`` is now there."""

    job: ViewJob
    error: str = ""
    coverage: float = 0.0
    seconds: float = 0.0


def plan_views(
    assets: Iterable[Asset], *, views: int, seed: int, sampling: ViewSampling
) -> list[ViewJob]:
    """A job for each of the first ``views`` views of every asset that is not rejected.

    First views of all objects come first, so that a run cut short is still diverse.
    """
    usable = [asset for asset in assets if not asset.rejected]
    usable.sort(key=lambda asset: hashlib.sha256(asset.uid.encode()).digest())
    return [
        ViewJob(
            asset=asset, view=view, scene=sample_scene(asset, view, seed=seed, sampling=sampling)
        )
        for view in range(views)
        for asset in usable
    ]


def read_manifest(folder: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """The last record of each (uid, view) that was tried; empty where nothing was.

    Raises:
        DatasetError: a line other than the last is damaged.
    """
    path = folder / MANIFEST
    lines = path.read_text().splitlines() if path.exists() else []
    records: dict[tuple[str, int], dict[str, Any]] = {}
    for number, line in enumerate(lines, start=1):
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            if number == len(lines):
                break
            raise DatasetError(f"{path}: line {number} is damaged: remove it") from error
        records[record["asset"]["uid"], record["view"]] = record
    return records


def is_settled(job: ViewJob, record: dict[str, Any] | None, folder: Path) -> bool:
    """Whether ``record`` settles the job: the same scene failed for good, or is on disk."""
    if record is None:
        return False
    wanted = _without_place(job.scene.model_dump(mode="json"))
    return wanted == _without_place(record["scene"]) and (
        bool(record["error"]) or (folder / job.file).is_file()
    )


def _without_place(scene: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in scene.items() if key != "asset"}


def render_views(
    jobs: Sequence[ViewJob], folder: Path, config: RenderConfig
) -> Generator[ViewResult, None, None]:
    """Render what the folder lacks of ``jobs``; one result for each view as it comes.

    A crash, a hang or an error is tried once more in a new process and then recorded as a
    failure, which a later run does not repeat. Stopping the generator stops the processes.

    Raises:
        DatasetError: the manifest is damaged, or ``config.python`` cannot be started.
    """
    records = read_manifest(folder)
    missing = [j for j in jobs if not is_settled(j, records.get((j.asset.uid, j.view)), folder)]
    (folder / "views").mkdir(parents=True, exist_ok=True)
    _write_manifest(folder, records.values())
    todo: queue.SimpleQueue[ViewJob] = queue.SimpleQueue()
    for job in missing:
        todo.put(job)
    done: queue.SimpleQueue[ViewResult | Exception] = queue.SimpleQueue()
    stopping = threading.Event()
    workers = [BlenderProcess(config, folder / f"blender-{i}.log") for i in range(config.processes)]
    threads = [
        threading.Thread(target=_work, args=(w, todo, done, folder, config, stopping))
        for w in workers
    ]
    for thread in threads:
        thread.start()
    try:
        for _ in missing:
            result = done.get()
            if isinstance(result, Exception):
                raise result
            with (folder / MANIFEST).open("a") as manifest:
                manifest.write(_record(result) + "\n")
            yield result
    finally:
        stopping.set()
        for worker in workers:
            worker.close()
        for thread in threads:
            thread.join()


def _work(
    worker: BlenderProcess,
    todo: queue.SimpleQueue[ViewJob],
    done: queue.SimpleQueue[ViewResult | Exception],
    folder: Path,
    config: RenderConfig,
    stopping: threading.Event,
) -> None:
    try:
        while not stopping.is_set():
            done.put(_render(worker, todo.get_nowait(), folder, config))
    except queue.Empty:
        pass
    except Exception as error:
        done.put(error)
    finally:
        worker.close()


def _render(worker: BlenderProcess, job: ViewJob, folder: Path, config: RenderConfig) -> ViewResult:
    output = (folder / job.file).resolve()
    request = {"scene": job.scene.model_dump(mode="json"), "output": str(output)}
    reply: dict[str, Any] = {}
    for _ in range(config.attempts):
        reply = worker.ask(request)
        if reply["ok"]:
            break
        worker.close()
    else:
        return ViewResult(job=job, error=reply["error"])
    if reply["coverage"] < THINNEST_COVERAGE:
        output.unlink()
        return ViewResult(job=job, error=f"covers only {reply['coverage']:.1%} of the frame")
    return ViewResult(job=job, coverage=reply["coverage"], seconds=reply["seconds"])


def _record(result: ViewResult) -> str:
    job = result.job
    return json.dumps(
        {
            "asset": {**asdict(job.asset), "path": str(job.asset.path)},
            "view": job.view,
            "file": job.file,
            "error": result.error,
            "coverage": result.coverage,
            "seconds": result.seconds,
            "scene": job.scene.model_dump(mode="json"),
        }
    )


def _write_manifest(folder: Path, records: Iterable[dict[str, Any]]) -> None:
    beside = folder / f".{MANIFEST}.partial"
    beside.write_text("".join(json.dumps(record) + "\n" for record in records))
    beside.replace(folder / MANIFEST)

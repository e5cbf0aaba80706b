"""The same list of jobs on a Ray cluster, whose machines share the dataset's folder."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.blender_process import BlenderProcess, RenderConfig
from lasagna_relight.relit.render import render_view, unsettled
from lasagna_relight.relit.view_files import ViewJob, ViewRecord, record_of, write_record

MOST_LOSSES = 2
"""A view whose worker is lost this often is recorded as a failure: it may be what kills them."""


def _connected(address: str) -> Any:
    try:
        import ray  # pyright: ignore[reportMissingImports] an extra
    except ImportError as error:
        raise DatasetError(
            "--ray needs the package ray: pip install 'lasagna-relight[ray]'"
        ) from error
    try:
        ray.init(
            address=None if address == "local" else address,
            ignore_reinit_error=True,
            log_to_driver=False,
            include_dashboard=False,
        )
    except Exception as error:
        problem = type(error).__name__
        if address == "local":
            raise DatasetError(
                f"--ray local: Ray does not start here ({problem}): try again while the machine is "
                "less busy, or leave --ray out"
            ) from error
        raise DatasetError(
            f"--ray {address}: no cluster answers there ({problem}): start one with "
            "'ray start --head', or say --ray local"
        ) from error
    return ray


class RenderWorker:
    """A Blender process on some machine of the cluster."""

    def __init__(self, folder: str, config: RenderConfig, number: int) -> None:
        self._folder, self._config = Path(folder), config
        self._blender = BlenderProcess(config, self._folder / f"blender-ray-{number}.log")

    def render(self, job: ViewJob) -> str:
        """Render one view where it is not settled; its record as JSON."""
        return render_view(self._blender, job, self._folder, self._config).model_dump_json()


def render_views_on_ray(
    jobs: Iterable[ViewJob], folder: Path, config: RenderConfig, address: str
) -> Generator[ViewRecord, None, None]:
    """As `render.render_views`, on ``config.processes`` actors of the cluster at ``address``.

    ``address`` is "local" for a cluster that lives as long as this process. The view of a worker
    that is lost is given to a new one; nothing is lost or doubled, since a view's files have its
    own names.

    Raises:
        DatasetError: ray is not installed, no cluster answers, or a record is damaged.
    """
    ray = _connected(address)
    actor = ray.remote(num_cpus=config.threads, max_restarts=0)(RenderWorker)
    home = str(folder.resolve())
    started = 0

    def new_worker() -> Any:
        nonlocal started
        started += 1
        return actor.remote(home, config, started)

    missing = unsettled(jobs, folder)
    running: dict[Any, tuple[Any, ViewJob, int]] = {}

    def give(worker: Any, job: ViewJob, losses: int = 0) -> None:
        running[worker.render.remote(job)] = (worker, job, losses)

    try:
        for _ in range(config.processes):
            if (job := next(missing, None)) is not None:
                give(new_worker(), job)
        while running:
            (ready, *_), _ = ray.wait(list(running), num_returns=1)
            worker, job, losses = running.pop(ready)
            try:
                record = ViewRecord.model_validate_json(ray.get(ready))
            except ray.exceptions.RayActorError:
                worker = new_worker()
                if losses + 1 < MOST_LOSSES:
                    give(worker, job, losses + 1)
                    continue
                record = record_of(job, error=f"its worker was lost {losses + 1} times")
                (folder / job.stem).parent.mkdir(parents=True, exist_ok=True)
                write_record(folder, record)
            if (following := next(missing, None)) is not None:
                give(worker, following)
            else:
                ray.kill(worker)
            yield record
    finally:
        for worker, _, _ in running.values():
            ray.kill(worker)
        if address == "local":
            ray.shutdown()

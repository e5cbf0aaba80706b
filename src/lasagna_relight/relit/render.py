"""From planned views to a folder of rendered ones, with Blender in processes of its own.

A list of jobs is worked off by any number of workers: threads here, each with its own Blender
process, or actors of a Ray cluster (``relit.ray_workers``). Jobs are drawn as workers become free,
so the list may be longer than memory.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

from lasagna_relight.errors import OutputError
from lasagna_relight.relit.blender_process import BlenderProcess, RenderConfig
from lasagna_relight.relit.procedural import SOURCE as PROCEDURAL
from lasagna_relight.relit.procedural import materialize
from lasagna_relight.relit.view_files import (
    ViewJob,
    ViewRecord,
    is_settled,
    record_of,
    write_record,
)

THINNEST_COVERAGE = 0.03
"""An object that covers less of its frame than this teaches nothing about light."""


def unsettled(jobs: Iterable[ViewJob], folder: Path) -> Iterator[ViewJob]:
    """The jobs whose views the folder lacks."""
    return (job for job in jobs if not is_settled(folder, job))


def render_views(
    jobs: Iterable[ViewJob], folder: Path, config: RenderConfig
) -> Generator[ViewRecord, None, None]:
    """Render what the folder lacks of ``jobs``; one record for each view as it comes.

    A crash, a hang or an error is tried once more in a new process and then recorded as a
    failure, which a later run does not repeat. Stopping the generator stops the processes.

    Raises:
        DatasetError: a record is damaged, or ``config.python`` cannot be started.
        OutputError: the folder cannot be written.
    """
    missing = unsettled(jobs, folder)
    drawing = threading.Lock()
    done: queue.Queue[ViewRecord | Exception | None] = queue.Queue(maxsize=2 * config.processes)
    stopping = threading.Event()

    def draw() -> ViewJob | None:
        with drawing:
            return None if stopping.is_set() else next(missing, None)

    def tell(outcome: ViewRecord | Exception | None) -> None:
        while not stopping.is_set():
            with contextlib.suppress(queue.Full):
                done.put(outcome, timeout=0.2)
                return

    def work(worker: BlenderProcess) -> None:
        try:
            while (job := draw()) is not None:
                tell(render_view(worker, job, folder, config))
            tell(None)
        except Exception as error:
            tell(error)
        finally:
            worker.close()

    workers = [BlenderProcess(config, folder / f"blender-{i}.log") for i in range(config.processes)]
    threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    working = len(threads)
    try:
        while working:
            outcome = done.get()
            if isinstance(outcome, Exception):
                raise outcome
            if outcome is None:
                working -= 1
            else:
                yield outcome
    finally:
        stopping.set()
        for worker in workers:
            worker.close()
        for thread in threads:
            thread.join()


def render_view(
    worker: BlenderProcess, job: ViewJob, folder: Path, config: RenderConfig
) -> ViewRecord:
    """Render one view, write its pixels and then its record; the record."""
    output = (folder / job.file).resolve()
    output.parent.mkdir(parents=True, exist_ok=True)
    for stale in output.parent.glob(f".{output.name}.*.partial"):  # its writer was killed
        stale.unlink(missing_ok=True)
    record = _rendered(worker, job, output, config)
    if record.error:
        output.unlink(missing_ok=True)
    write_record(folder, record)
    return record


def _rendered(
    worker: BlenderProcess, job: ViewJob, output: Path, config: RenderConfig
) -> ViewRecord:
    if job.asset.source == PROCEDURAL:
        try:
            materialize(job.asset)
        except OutputError:  # the disk is at fault, not the object: a later run may make it
            raise
        except ValueError as error:
            return record_of(job, error=f"cannot be made: {error}")
    request = {"scene": job.scene.model_dump(mode="json"), "output": str(output)}
    reply: dict[str, Any] = {}
    for _ in range(config.attempts):
        reply = worker.ask(request)
        if reply["ok"]:
            break
        if reply.get("disk_full"):
            raise OutputError(f"{output}: the disk is full: make room and run it again")
        worker.close()
    else:
        return record_of(job, error=reply["error"])
    found = {"coverage": reply["coverage"], "seconds": reply["seconds"]}
    if reply["coverage"] < THINNEST_COVERAGE:
        return record_of(
            job, error=f"covers only {reply['coverage']:.1%} of the frame", seconds=found["seconds"]
        )
    return record_of(job, **found)

"""What a rendering will cost, from a few of its views rendered now."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.blender_process import RenderConfig
from lasagna_relight.relit.render import render_views
from lasagna_relight.relit.view_files import ViewJob

PAPER_OBJECTS = 13_975
"""Objects of the paper's own dataset (Bashkirova et al., arXiv 2312.00833)."""


@dataclass(frozen=True, kw_only=True)
class Probe:
    """Means over the views of a probe; a view that failed counts with its time and no bytes.

    Attributes:
        views: how many were tried.
        failures: how many of them have no picture.
        seconds: processor seconds of one view, on one thread.
        bytes: of one view on disk, before packing.
        started: seconds that starting Blender took, once per process.
    """

    views: int
    failures: int
    seconds: float
    bytes: float
    started: float

    def hours(self, views: int) -> float:
        """Processor hours of ``views`` such views."""
        return views * self.seconds / 3600


def probe_views(jobs: Iterable[ViewJob], config: RenderConfig, *, count: int) -> Probe:
    """Render ``count`` of the jobs, every so many, into a folder that is thrown away.

    Raises:
        DatasetError: there is no job, or Blender cannot be started.
    """
    chosen = list(islice(jobs, count))
    if not chosen:
        raise DatasetError("there is nothing to render: every object is filtered out")
    with tempfile.TemporaryDirectory(prefix="relit-probe-") as name:
        folder = Path(name)
        start, before = time.perf_counter(), _children_seconds()
        records = list(render_views(chosen, folder, replace(config, processes=1)))
        wall, used = time.perf_counter() - start, _children_seconds() - before
        sizes = [path.stat().st_size for path in folder.glob("views/*/*")]
    started = max(0.0, wall - sum(record.seconds for record in records))
    return Probe(
        views=len(records),
        failures=sum(bool(record.error) for record in records),
        seconds=max(used - started, 0.0) / len(records),
        bytes=sum(sizes) / len(records),
        started=started,
    )


def _children_seconds() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system

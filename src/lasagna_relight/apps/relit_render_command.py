"""`lasagna relit render`: a catalogue becomes a folder of rendered views."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lasagna_relight.errors import OutputError

if TYPE_CHECKING:
    from lasagna_relight.relit.blender_process import RenderConfig
    from lasagna_relight.relit.probe import Probe
    from lasagna_relight.relit.view_files import ViewJob

EVERY_VIEWS = 20
PROBED_VIEWS = 8


def render(
    catalog: Annotated[
        Path,
        typer.Argument(metavar="CATALOG", help="What `lasagna relit catalog` wrote (.parquet)."),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder to write to.", metavar="DIR")
    ],
    blender: Annotated[
        str, typer.Option(help="A Python that has bpy, OpenEXR and pyoidn.", metavar="PYTHON")
    ] = ".venv-blender/bin/python",
    views: Annotated[int, typer.Option(help="Views of each object.", min=1, metavar="N")] = 2,
    resolution: Annotated[
        int, typer.Option(help="Side of the pictures in pixels.", min=16, metavar="PX")
    ] = 128,
    samples: Annotated[
        int,
        typer.Option(
            help="Light paths per pixel, shared out among the lights.", min=1, metavar="N"
        ),
    ] = 32,
    denoise: Annotated[
        bool, typer.Option(help="Denoise every picture with OpenImageDenoise.")
    ] = True,
    seed: Annotated[int, typer.Option(help="Decides cameras, poses and lights.", min=0)] = 0,
    workers: Annotated[
        int,
        typer.Option(help="Blender processes.", min=1, metavar="N", show_default="one a core"),
    ] = os.cpu_count() or 1,
    threads: Annotated[int, typer.Option(help="Threads of each process.", min=1, metavar="N")] = 1,
    timeout: Annotated[
        float, typer.Option(help="Longest time for one view, in seconds.", min=1, metavar="S")
    ] = 120.0,
    ray: Annotated[
        str | None,
        typer.Option(
            help="Render on the Ray cluster there ('local' for one of your own); the machines "
            "share DIR.",
            metavar="ADDRESS",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it will cost, from a few views.")
    ] = False,
) -> None:
    """Render the objects of a catalogue with Blender, one light at a time; resumes."""
    from lasagna_relight.relit.blender_process import RenderConfig
    from lasagna_relight.relit.catalog import read_catalog
    from lasagna_relight.relit.sampling import ViewSampling
    from lasagna_relight.relit.view_files import claim_folder, plan_views

    sampling = ViewSampling(resolution=resolution, samples=samples, denoise=denoise)
    config = RenderConfig(python=blender, processes=workers, threads=threads, timeout_s=timeout)
    usable = sum(not asset.rejected for asset in read_catalog(catalog))

    def jobs() -> Iterator[ViewJob]:
        for view in range(views):  # first views of all objects first: cut short, it is diverse
            yield from plan_views(read_catalog(catalog), views=[view], seed=seed, sampling=sampling)

    if dry_run:
        _say_cost(jobs(), config, objects=usable, views=views)
        return
    try:
        claim_folder(output, sampling, seed)
    except OSError as error:
        raise OutputError(f"{output} cannot be made: {error.strerror or error}") from error
    _render(jobs(), output, config, total=usable * views, ray=ray)


def _render(
    jobs: Iterator[ViewJob], output: Path, config: RenderConfig, *, total: int, ray: str | None
) -> None:
    # here, not above: every command would wait for it
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from lasagna_relight.relit.render import render_views

    if ray is None:
        records = render_views(jobs, output, config)
    else:
        from lasagna_relight.relit.ray_workers import render_views_on_ray

        records = render_views_on_ray(jobs, output, config, ray)
    on_terminal = sys.stderr.isatty()
    columns = (
        TextColumn("views"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[told]}", markup=False),
        TimeRemainingColumn(),
    )
    started, done, failed = time.monotonic(), 0, 0
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not on_terminal
    ) as progress:
        bar = progress.add_task("views", total=total, told="")
        for record in records:
            done, failed = done + 1, failed + bool(record.error)
            rate = done / max(time.monotonic() - started, 1e-6)
            told = f"{rate * 3600:.0f} an hour, {failed} without a picture"
            progress.update(bar, completed=done, told=told)
            if not on_terminal and done % EVERY_VIEWS == 0:
                left = (total - done) / rate / 60
                print(f"{done} of {total} views, {told}, {left:.0f} minutes left", flush=True)
    settled = max(total - done, 0)
    print(f"{output}: {done} views rendered, {failed} without a picture, {settled} already there")


def _say_cost(jobs: Iterator[ViewJob], config: RenderConfig, *, objects: int, views: int) -> None:
    from lasagna_relight.relit.probe import PAPER_OBJECTS, probe_views

    probe = probe_views(jobs, config, count=PROBED_VIEWS)
    print(
        f"probe: {probe.views} views, {probe.failures} without a picture, {probe.seconds:.2f} "
        f"processor seconds and {probe.bytes / 1e6:.2f} MB a view, Blender starts in "
        f"{probe.started:.1f} s"
    )
    print(_cost("this catalogue", probe, objects, views))
    print(_cost("the paper's dataset", probe, PAPER_OBJECTS, views))


def _cost(name: str, probe: Probe, objects: int, views: int) -> str:
    total = objects * views
    return (
        f"{name}: {objects} objects, {total} views, {probe.hours(total):.1f} processor hours, "
        f"{total * probe.bytes / 1e9:.1f} GB before packing"
    )

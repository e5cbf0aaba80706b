"""`lasagna relit`: procedural objects and Blender renders become shards for training."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from lasagna_relight.apps.relit_catalog_command import catalog
from lasagna_relight.errors import OutputError

relit = typer.Typer(
    help="Make ReLiT, the training data: objects under one light at a time.", no_args_is_help=True
)

relit.command()(catalog)

OutputFolder = Annotated[
    Path, typer.Option("--output", "-o", help="The folder to write to.", metavar="DIR")
]
EVERY_VIEWS = 20


@relit.command()
def organic(
    output: OutputFolder,
    views: Annotated[int, typer.Option(help="How many objects.", min=1, metavar="N")] = 20000,
    resolution: Annotated[
        int, typer.Option(help="Side of the pictures in pixels.", min=16, metavar="PX")
    ] = 64,
    first_seed: Annotated[
        int, typer.Option(help="Seed of the first object; distant seeds do not meet.", min=0)
    ] = 0,
) -> None:
    """Render procedural objects into shards; a killed run goes on where it was."""
    from lasagna_relight.relit.organic import render_organic_shards

    _make_folder(output)
    for progress in render_organic_shards(
        output, views=views, resolution=resolution, first_seed=first_seed
    ):
        print(f"{progress.views_done} of {progress.views_total} views", flush=True)


@relit.command()
def render(
    assets: Annotated[
        list[Path],
        typer.Argument(
            metavar="ASSETS...",
            help="Sweet Home 3D libraries (.sh3f) or folders of OBJ, GLB, PLY or STL files.",
            show_default=False,
        ),
    ],
    output: OutputFolder,
    blender: Annotated[
        str, typer.Option(help="A Python that has bpy and OpenEXR.", metavar="PYTHON")
    ] = ".venv-blender/bin/python",
    views: Annotated[int, typer.Option(help="Views of each object.", min=1, metavar="N")] = 2,
    resolution: Annotated[
        int, typer.Option(help="Side of the pictures in pixels.", min=16, metavar="PX")
    ] = 64,
    samples: Annotated[int, typer.Option(help="Light paths per pixel.", min=1, metavar="N")] = 256,
    seed: Annotated[int, typer.Option(help="Decides cameras, poses and lights.", min=0)] = 0,
    processes: Annotated[int, typer.Option(help="Blender processes.", min=1, metavar="N")] = 1,
    licence: Annotated[
        str, typer.Option(help="Licence of the objects in folders.", metavar="NAME")
    ] = "unknown",
) -> None:
    """Render 3D objects with Blender and pack them into DIR/shards; resumes."""
    from lasagna_relight.relit.assets import read_catalogue, read_folder
    from lasagna_relight.relit.packing import pack_shards
    from lasagna_relight.relit.render import RenderConfig, plan_views, render_views
    from lasagna_relight.relit.sampling import ViewSampling

    _make_folder(output)
    found = [
        asset
        for path in assets
        for asset in (
            read_folder(path, licence=licence, attribution="")
            if path.is_dir()
            else read_catalogue(path, output / "models")
        )
    ]
    jobs = plan_views(
        found,
        views=views,
        seed=seed,
        sampling=ViewSampling(resolution=resolution, samples=samples),
    )
    rejected = sum(bool(asset.rejected) for asset in found)
    print(f"{len(found)} objects, {rejected} left out, {len(jobs)} views to render", flush=True)
    started, failed = time.monotonic(), 0
    config = RenderConfig(python=blender, processes=processes)
    for done, result in enumerate(render_views(jobs, output, config), start=1):
        failed += bool(result.error)
        if done % EVERY_VIEWS == 0 or done == len(jobs):
            rate = done / max(time.monotonic() - started, 1e-6)
            print(
                f"{done} of {len(jobs)} views, {failed} without a picture, {rate:.2f} a second",
                flush=True,
            )
    for path in pack_shards(output):
        print(path, flush=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be made: {error.strerror or error}") from error

"""`lasagna relit`: procedural objects and Blender renders become shards for training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lasagna_relight.apps.relit_catalog_command import catalog
from lasagna_relight.apps.relit_pack_command import pack
from lasagna_relight.apps.relit_preview_command import preview
from lasagna_relight.apps.relit_render_command import render
from lasagna_relight.apps.relit_stats_command import stats
from lasagna_relight.errors import OutputError

relit = typer.Typer(
    help="Make ReLiT, the training data: objects under one light at a time.", no_args_is_help=True
)

relit.command()(catalog)

OutputFolder = Annotated[
    Path, typer.Option("--output", "-o", help="The folder to write to.", metavar="DIR")
]


@relit.command()
def organic(
    output: OutputFolder,
    views: Annotated[int, typer.Option(help="How many objects.", min=1, metavar="N")] = 20000,
    resolution: Annotated[
        int, typer.Option(help="Side of the pictures in pixels.", min=16, metavar="PX")
    ] = 96,
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


relit.command()(render)
relit.command()(pack)
relit.command()(stats)
relit.command()(preview)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be made: {error.strerror or error}") from error

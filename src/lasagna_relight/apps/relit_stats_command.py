"""`lasagna relit stats`: what a folder of rendered views, or of shards, holds."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from lasagna_relight.apps.failure import report_warning
from lasagna_relight.errors import DatasetError


def stats(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="RELIT|SHARDS", help="Rendered views, or shards.", show_default=False
        ),
    ],
) -> None:
    """Count objects, views, failures, sources, licences, bytes and seconds of a dataset."""
    from lasagna_relight.relit.dataset_stats import dataset_stats, stats_tables
    from lasagna_relight.relit.packing import read_manifest
    from lasagna_relight.relit.view_files import DATASET
    from lasagna_relight.relit.view_index import index_shards, index_views

    if not folder.is_dir():
        raise DatasetError(f"{folder} is no folder: name one of rendered views or of shards")
    rendered = (folder / DATASET).is_file()
    manifest = None if rendered else read_manifest(folder)
    with closing(index_views(folder) if rendered else index_shards(folder)) as index:
        print(stats_tables(dataset_stats(index)))
    if manifest is not None and not manifest["complete"]:
        report_warning(f"{folder}: its packing was cut short: run lasagna relit pack again")

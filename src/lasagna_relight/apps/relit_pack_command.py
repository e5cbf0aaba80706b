"""`lasagna relit pack`: from rendered views to shards with a card."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from lasagna_relight.apps.failure import report_warning


def pack(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="RELIT", help="What `lasagna relit render` wrote.", show_default=False
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help="The folder for shards and card; a run cut short goes on there.",
            metavar="DIR",
            show_default=False,
        ),
    ],
) -> None:
    """Pack rendered views into shards, split by object, and write the dataset's card."""
    from lasagna_relight.relit.dataset_card import write_card
    from lasagna_relight.relit.packing import pack_views
    from lasagna_relight.relit.view_files import read_dataset_settings
    from lasagna_relight.relit.view_index import index_views

    settings = read_dataset_settings(folder)
    with closing(index_views(folder)) as index:
        started, resumed = time.monotonic(), 0
        for progress in pack_views(folder, output, index):
            if progress.kept:
                resumed = progress.views_done
            seconds = time.monotonic() - started
            rate = (progress.views_done - resumed) / max(seconds, 1e-6)
            left = (progress.views_total - progress.views_done) / rate if rate else 0
            told = "already there" if progress.kept else f"{rate:.0f} a second, {left:.0f} s left"
            print(
                f"{progress.path.name}: {progress.views_done} of {progress.views_total} views, "
                f"{told}",
                flush=True,
            )
        damaged = index.number(
            "SELECT count(*) FROM views WHERE problem IN (?, ?)", *_problems_of_pixels()
        )
        if damaged:
            report_warning(
                f"{damaged} views are left out, their pixels missing or damaged: the card counts "
                "them; render again to mend them"
            )
        print(write_card(output, settings, index))


def _problems_of_pixels() -> tuple[str, str]:
    from lasagna_relight.relit.view_index import DAMAGED, MISSING

    return DAMAGED, MISSING

"""`lasagna demo`: the bundled samples, relit from four sides, and a sketch colored by words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import as_file, files
from pathlib import Path

import torch
from PIL import Image as PillowImage

from lasagna_relight.apps.contact_sheet import laid_over_gray, write_contact_sheet
from lasagna_relight.apps.destinations import make_folder
from lasagna_relight.apps.progress import ProgressBars, progress_bars
from lasagna_relight.colorization.api import Colorizer
from lasagna_relight.colorization.result import ColorizedPicture
from lasagna_relight.errors import InputError
from lasagna_relight.image_io import READABLE_SUFFIXES, Picture, read_picture
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relighting.result import RelitPicture

SIDES = ("left", "right", "top", "bottom")
SHEET = "contact_sheet.png"
COLORS = {
    "red": "a red sneaker with a white sole",
    "blue": "a blue sneaker",
    "golden": "a golden sneaker",
    "wooden": "a wooden sneaker",
}
"""What the sketch is asked for, by a name for its file."""


Edited = RelitPicture | ColorizedPicture


def run(folder: Path, *, recipe: str | None, device: str, quiet: bool) -> int:
    """Relight every bundled sample from each side into ``folder``, color a sketch in four ways.

    Returns the exit code. Writes the pictures with their layers, and a contact sheet; its path is
    the last line on stdout. What an earlier demo left in ``folder`` is overwritten.

    Raises:
        OutputError: ``folder`` cannot be made or written.
        InputError: this copy of the package came without samples.
    """
    make_folder(folder)
    with as_file(files("lasagna_relight") / "data" / "samples") as samples:
        photos = sorted(p for p in samples.glob("*") if p.suffix.lower() in READABLE_SUFFIXES)
        if not photos:
            raise InputError(f"{samples} holds no pictures: install lasagna-relight again")
        torch.set_num_threads(1)  # the networks are small: more threads only wait
        relighter = Relighter.load(recipe=recipe, device=device)
        sketches = sorted((samples / "sketches").glob("*.png"))
        with progress_bars((len(photos) + len(sketches)) * len(SIDES), quiet=quiet) as bars:
            sides = {f"from-{side}": f"light from the {side}" for side in SIDES}
            rows = [
                _row(
                    photo,
                    sides,
                    lambda picture, words: relighter.relight(
                        picture, light=words, on_step=bars.on_step
                    ),
                    folder,
                    bars,
                    quiet=quiet,
                )
                for photo in photos
            ]
            below = []
            if sketches:
                colorizer = Colorizer.load(device=device)
                below = [
                    _row(
                        sketch,
                        COLORS,
                        lambda picture, words: colorizer.colorize(
                            picture, words, on_step=bars.on_step
                        ),
                        folder,
                        bars,
                        quiet=quiet,
                    )
                    for sketch in sketches
                ]
    sheet = folder / SHEET
    write_contact_sheet(
        sheet,
        rows,
        ["source", *(f"from the {side}" for side in SIDES)],
        below=(below, ["sketch", *COLORS]) if below else None,
        force=True,
    )
    print(sheet)
    return 0


def _row(
    sample: Path,
    wanted: Mapping[str, str],
    edit: Callable[[Picture, str], Edited],
    folder: Path,
    bars: ProgressBars,
    *,
    quiet: bool,
) -> list[PillowImage.Image]:
    """The sample, and what ``edit`` makes of it by each of the words, for one row of the sheet.

    ``wanted`` is the words by a name for their file.
    """
    picture = read_picture(sample)
    row = [laid_over_gray(picture)]
    for name, words in wanted.items():
        bars.start(f"{sample.stem}, {words}")
        result = edit(picture, words)
        path = folder / f"{sample.stem}.{name}.png"
        result.save(path, layers=("psd",), force=True)
        row.append(laid_over_gray(result.picture))
        if not quiet:
            bars.say(str(path))
        bars.finish()
    return row

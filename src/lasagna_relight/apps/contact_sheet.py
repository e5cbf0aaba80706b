"""A contact sheet: pictures in rows and columns, with a label over each column."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from lasagna_relight.image_io import Picture, write_picture

CELL = 320
GAP = 12
LABEL_HEIGHT = 40
PAPER = (245, 245, 245)
INK = (40, 40, 40)

Section = tuple[Sequence[Sequence[PillowImage.Image]], Sequence[str]]
"""Rows of pictures, and a label over each of their columns."""


def write_contact_sheet(
    path: Path,
    rows: Sequence[Sequence[PillowImage.Image]],
    column_labels: Sequence[str],
    *,
    below: Section | None = None,
    force: bool = False,
) -> None:
    """Write ``rows`` of pictures to ``path``; every picture is fitted into a cell of 320 pixels.

    ``below`` is more rows under labels of their own, as many columns.

    Raises:
        OutputError: ``path`` exists and ``force`` is off, or cannot be written.
    """
    columns = len(column_labels)
    sections: list[Section] = [(rows, column_labels), *([] if below is None else [below])]
    fitted = [([[_fit(picture) for picture in row] for row in some], names)
              for some, names in sections]  # fmt: skip
    heights = [[max(picture.height for picture in row) for row in some] for some, _ in fitted]
    width = GAP + columns * (CELL + GAP)
    height = sum(LABEL_HEIGHT + sum(section) + GAP * len(section) for section in heights)
    sheet = PillowImage.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=22)
    top = 0
    for (some, names), section in zip(fitted, heights, strict=True):
        assert len(names) == columns
        assert all(len(row) == columns for row in some)
        for column, label in enumerate(names):
            middle = GAP + column * (CELL + GAP) + CELL // 2
            draw.text((middle, top + LABEL_HEIGHT // 2), label, fill=INK, font=font, anchor="mm")
        top += LABEL_HEIGHT
        for pictures, tall in zip(some, section, strict=True):
            for column, picture in enumerate(pictures):
                left = GAP + column * (CELL + GAP) + (CELL - picture.width) // 2
                sheet.paste(picture, (left, top + (tall - picture.height) // 2))
            top += tall + GAP
    write_picture(path, np.asarray(sheet), force=force)


def laid_over_gray(picture: Picture) -> PillowImage.Image:
    """``picture`` with 8 bits a channel; what is transparent becomes gray."""
    image = picture.pixels / np.float32(picture.maximum)
    if picture.alpha is not None:
        alpha = (picture.alpha / np.float32(picture.maximum))[..., None]
        image = image * alpha + 0.5 * (1 - alpha)
    return PillowImage.fromarray(np.rint(image * 255).astype(np.uint8))


def _fit(picture: PillowImage.Image) -> PillowImage.Image:
    scale = CELL / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, PillowImage.Resampling.LANCZOS)

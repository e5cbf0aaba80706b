"""Views as people see them: exposed, encoded, in labelled cells on one sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from lasagna_relight.color import linear_to_srgb, luminance
from lasagna_relight.relit.shards import View
from lasagna_relight.types import Image, LinearImage, Mask

FRONT_SIDE = 9
"""The named lights on the camera's side are the first nine."""
CELL, GAP, LABEL, HEADING = 144, 8, 18, 30
PAPER, INK, FAINT = (245, 245, 245), (40, 40, 40), (110, 110, 110)
BACKDROP = 0.27
"""Encoded grey behind objects: neither their lit nor their dark side vanishes before it."""


@dataclass(frozen=True, kw_only=True)
class Band:
    """A heading with labelled pictures under it; an empty heading takes no room."""

    heading: str
    cells: Sequence[tuple[str, PillowImage.Image]]


def exposure_of(view: View) -> float:
    """A factor that brings the bright parts of the object, lit from the front, just below white."""
    lit = luminance(view.lights[:FRONT_SIDE].mean(0))[view.alpha > 0.5]
    return 0.6 / max(float(lit.quantile(0.95)), 1e-4) if len(lit) else 1.0


def shown_linear(linear: LinearImage, alpha: Mask, exposure: float) -> PillowImage.Image:
    """A linear picture over the backdrop, brighter by ``exposure``."""
    return shown_encoded(linear_to_srgb((linear * exposure).clamp(0, 1)), alpha)


def shown_encoded(encoded: Image, alpha: Mask) -> PillowImage.Image:
    """A picture of encoded values over the backdrop."""
    pixels = (encoded.clamp(0, 1) * alpha + BACKDROP * (1 - alpha)) * 255
    return PillowImage.fromarray(pixels.round().byte().permute(1, 2, 0).contiguous().numpy())


def shown_normals(normals: torch.Tensor, alpha: Mask) -> PillowImage.Image:
    """Unit normals (3, R, R) in the usual colors: x red, y green, z blue, 0 is mid-grey."""
    return shown_encoded(normals / 2 + 0.5, alpha)


def sheet_of(bands: Iterable[Band], *, columns: int) -> PillowImage.Image:
    """The bands one under another, each in rows of at most ``columns`` cells."""
    bands = list(bands)
    rows = [-(-len(band.cells) // columns) for band in bands]
    heights = [
        bool(band.heading) * HEADING + count * (CELL + LABEL + GAP)
        for band, count in zip(bands, rows, strict=True)
    ]
    width = GAP + columns * (CELL + GAP)
    sheet = PillowImage.new("RGB", (width, GAP + sum(heights)), PAPER)
    draw = ImageDraw.Draw(sheet)
    large, small = ImageFont.load_default(size=16), ImageFont.load_default(size=12)
    top = GAP
    for band, height in zip(bands, heights, strict=True):
        first = top
        if band.heading:
            draw.text((GAP, top), fitted_text(band.heading, large, width), fill=INK, font=large)
            first += HEADING
        for place, (label, picture) in enumerate(band.cells):
            left = GAP + place % columns * (CELL + GAP)
            upper = first + place // columns * (CELL + LABEL + GAP)
            sheet.paste(picture.resize((CELL, CELL), PillowImage.Resampling.LANCZOS), (left, upper))
            draw.text(
                (left, upper + CELL + 2), fitted_text(label, small, CELL), fill=FAINT, font=small
            )
        top += height
    return sheet


def fitted_text(text: str, font: ImageFont.ImageFont | ImageFont.FreeTypeFont, width: int) -> str:
    """One line of ``text``, cut with an ellipsis where it is wider than ``width`` pixels."""
    text = " ".join(text.split())
    if font.getlength(text) <= width - GAP:
        return text
    while text and font.getlength(text + "…") > width - GAP:
        text = text[:-1]
    return text + "…"


def pixels_of(sheet: PillowImage.Image) -> np.ndarray:
    """The sheet as (H, W, 3) uint8."""
    return np.asarray(sheet)

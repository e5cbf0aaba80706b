"""What the color prior denoises: the colors of a picture, without its lines, as latents."""

import torch.nn.functional as F

from lasagna_relight.priors.codecs import patches, unpatched
from lasagna_relight.types import Image, Latents

CELL = 2
"""Pixels that are averaged: colors need no more detail than half of the lines' resolution."""

PATCH = 2
"""Averages a side that become channels: (B, 12, H / 4, W / 4)."""

FAINTEST = 0.05
"""Ink-free share of a cell below which its color cannot be read: what is missing is white."""


class PaintCodec:
    """The paint under the lines of a sketch: composite over source, averaged where paper is bare.

    A sketch is ink on paper, and a composite its paint seen through the ink: composite = source
    times paint. As `LogGainCodec` it reads the edit out of the ratio, and exactly: a solve reads in
    each round what it painted in the last, and what is read too light rises from round to round.
    """

    def encode(self, composite: Image, source: Image) -> Latents:
        bare = F.avg_pool2d(source, CELL)
        seen = F.avg_pool2d(composite, CELL)
        missing = (FAINTEST - bare).clamp(min=0)
        paint = (seen + missing) / (bare + missing)
        return patches(paint * 2 - 1, PATCH)

    def decode(self, latents: Latents, source: Image) -> Image:
        return paint_of(latents) * source


class PictureCodec:
    """The colored picture itself, averaged: for photographs without color."""

    def encode(self, composite: Image, source: Image) -> Latents:
        return patches(F.avg_pool2d(composite, CELL) * 2 - 1, PATCH)

    def decode(self, latents: Latents, source: Image) -> Image:
        return paint_of(latents)


def paint_of(latents: Latents) -> Image:
    """Colors in [0, 1] that latents stand for, at the full resolution of the prior."""
    colors = (unpatched(latents, PATCH) + 1) / 2
    return F.interpolate(colors.clamp(0, 1), scale_factor=CELL, mode="bilinear")

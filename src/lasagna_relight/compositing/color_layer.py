"""A layer of colors over an untouched drawing or gray photograph, and the picture that they make.

Two ways to lie over the base. ``color``: colors with an alpha, blend mode Normal; where a line of
the drawing is, the alpha is 0. ``chroma``: blend mode Color, hue and saturation alone, so that the
lightness of the base stays (ISO 32000-1, 11.3.5.3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float

from lasagna_relight.compositing.blend import LUMINOSITY_WEIGHTS
from lasagna_relight.compositing.blend import color as color_blend
from lasagna_relight.compositing.stack import row_bands
from lasagna_relight.image_io import Picture
from lasagna_relight.parallel import for_each

PaintMode = Literal["color", "chroma"]
PAINT_MODES: tuple[PaintMode, ...] = ("color", "chroma")
LAYER_NAME = "Color"


@dataclass(frozen=True, kw_only=True)
class ColorLayer:
    """Colors with an alpha, at the size of their picture.

    Attributes:
        colors: (H, W, 3) float32 in [0, 1], encoded as the picture is.
        cover: (H, W) float32 in [0, 1]; where it is 0 the picture stays, bit for bit.
        mode: how it lies over the picture.
    """

    colors: Float[np.ndarray, "height width 3"]
    cover: Float[np.ndarray, "height width"]
    mode: PaintMode


@dataclass(frozen=True, kw_only=True)
class PaintedLayer:
    """A `ColorLayer` as files hold it.

    Attributes:
        name: of the layer.
        pixels: (H, W, 3) uint8 or uint16.
        alpha: (H, W) of the same dtype.
        mode: how it lies over what is below.
    """

    name: str
    pixels: np.ndarray
    alpha: np.ndarray
    mode: PaintMode


def painted_layer(layer: ColorLayer, *, bits: int) -> PaintedLayer:
    """``layer`` in integers of 8 or 16 bits, rounded to nearest; black where it covers nothing."""
    dtype = np.dtype(f"uint{bits}")
    maximum = np.float32(np.iinfo(dtype).max)
    colors = np.where(layer.cover[..., None] > 0, layer.colors, np.float32(0))
    return PaintedLayer(
        name=LAYER_NAME,
        pixels=np.rint(colors.clip(0, 1) * maximum).astype(dtype),
        alpha=np.rint(layer.cover.clip(0, 1) * maximum).astype(dtype),
        mode=layer.mode,
    )


def composite_colored(picture: Picture, layer: ColorLayer, *, bits: int | None = None) -> Picture:
    """``picture`` under ``layer``: integers of its own depth, or of ``bits`` (8 or 16).

    Where the layer covers nothing, every value is returned as it came. In mode ``chroma`` the
    three integers are rounded so that the luminosity of the base is kept to a third of a step.

    Raises:
        ValueError: the layer is not of the picture's size, or not finite.
    """
    if layer.cover.shape != picture.pixels.shape[:2]:
        raise ValueError(f"a layer {layer.cover.shape} over a picture {picture.pixels.shape[:2]}")
    dtype = picture.pixels.dtype if bits is None else np.dtype(f"uint{bits}")
    maximum = float(np.iinfo(dtype).max)
    step = maximum / picture.maximum
    pixels = np.empty(picture.pixels.shape, dtype=dtype)

    def paint_band(rows: slice) -> None:
        base = picture.pixels[rows].astype(np.float64) * (step / maximum)
        cover = layer.cover[rows, :, None].astype(np.float64)
        colors = layer.colors[rows].astype(np.float64)
        if not (np.isfinite(colors).all() and np.isfinite(cover).all()):
            raise ValueError("the layer holds values that are not finite")
        if layer.mode == "chroma":
            planes = [torch.as_tensor(np.moveaxis(part, 2, 0).copy()) for part in (base, colors)]
            colors = np.moveaxis(color_blend(*planes).numpy(), 0, 2)
        mixed = base + cover * (colors - base)
        kept = np.rint(base * maximum)
        values = np.rint(mixed * maximum).clip(0, maximum)
        if layer.mode == "chroma":
            values = _with_lightness_of(kept, values, maximum)
        pixels[rows] = np.where(cover > 0, values, kept)

    for_each(row_bands(*layer.cover.shape), paint_band)
    alpha = picture.alpha
    if alpha is not None and alpha.dtype != dtype:
        alpha = np.rint(alpha * np.float32(step)).astype(dtype)
    profile = picture.icc_profile if not picture.was_grey else None
    return replace(
        picture, pixels=pixels, alpha=alpha, path=None, was_grey=False, icc_profile=profile
    )


def _with_lightness_of(base: np.ndarray, values: np.ndarray, maximum: float) -> np.ndarray:
    """``values`` moved by at most one a channel, so that rounding does not change luminosity."""
    weights = np.array(LUMINOSITY_WEIGHTS)
    for channel in (1, 0, 2):
        error = (base - values) @ weights
        move = np.where(np.abs(error) > weights[channel] / 2, np.sign(error), 0)
        values[..., channel] = (values[..., channel] + move).clip(0, maximum)
    return values

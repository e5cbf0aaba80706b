"""The edit as two layers over an untouched picture, and the picture that they make.

Only the gain g = shading / lighting matters, so one map G = log g makes both layers, with disjoint
support: shading = exp(min(G, 0)) darkens, lighting = exp(-max(G, 0)) brightens. The composite is
the picture times shading, divided by lighting, in encoded values, clipped at white. Source:
Bashkirova et al., arXiv 2312.00833, with the authors' range of layers, [0.1, 1].
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float

from lasagna_relight.compositing.blend import divide, multiply
from lasagna_relight.image_io import Picture
from lasagna_relight.parallel import for_each
from lasagna_relight.types import Image, LogGain, Mask

MAX_LOG_GAIN = math.log(10.0)
"""Layers stay in [0.1, 1]: below, an editor's 8 bits hold too few steps."""

_BAND_PIXELS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class LayerStack:
    """Two luminosity layers: Multiply by ``shading``, then Divide by ``lighting``.

    Attributes:
        shading: (1, H, W) in [0.1, 1]; 1 changes nothing.
        lighting: (1, H, W) in [0.1, 1]; 1 changes nothing.
    """

    shading: Mask
    lighting: Mask

    @classmethod
    def from_log_gain(cls, log_gain: LogGain) -> LayerStack:
        """The two layers of a log gain, which is clipped to +-ln 10."""
        limited = log_gain.clamp(-MAX_LOG_GAIN, MAX_LOG_GAIN)
        return cls(
            shading=limited.clamp(max=0).exp_(), lighting=limited.clamp_(min=0).neg_().exp_()
        )

    @property
    def log_gain(self) -> LogGain:
        """log(shading) - log(lighting)."""
        return self.shading.log() - self.lighting.log()

    def over(self, base: Image) -> Image:
        """The composite of the layers over ``base``, in [0, 1]."""
        return divide(multiply(base, self.shading), self.lighting)

    def scaled(self, strength: float) -> LayerStack:
        """The layers of ``strength`` times the log gain: 0 is no edit, 2 twice the stops."""
        return LayerStack.from_log_gain(self.log_gain * strength)


def composite_picture(
    picture: Picture,
    log_gain: Float[np.ndarray, "height width"] | Float[np.ndarray, "height width 3"],
    *,
    bits: int | None = None,
) -> Picture:
    """``picture`` relit: integer pixels times exp(log_gain), rounded to nearest, in row bands.

    A log gain of three channels, as colored lights make, has one for each color. Where the log
    gain is 0, every value is returned as it came. The result has the source's bit
    depth unless ``bits`` (8 or 16) says otherwise; an 8-bit value v becomes 257 v in 16 bits.
    Beside the result it holds some tens of megabytes.

    Raises:
        ValueError: the log gain is not of the picture's size, or not finite.
    """
    if log_gain.shape[:2] != picture.pixels.shape[:2]:
        raise ValueError(f"log gain {log_gain.shape} over a picture {picture.pixels.shape[:2]}")
    dtype = picture.pixels.dtype if bits is None else np.dtype(f"uint{bits}")
    maximum = np.iinfo(dtype).max
    step = maximum / picture.maximum
    pixels = np.empty(picture.pixels.shape, dtype=dtype)
    channels = log_gain if log_gain.ndim == 3 else log_gain[..., None]

    def relight_band(rows: slice) -> None:
        limited = np.clip(channels[rows].astype(np.float32), -MAX_LOG_GAIN, MAX_LOG_GAIN)
        if not np.isfinite(limited).all():
            raise ValueError("the log gain holds values that are not finite")
        band = picture.pixels[rows] * (np.exp(limited) * np.float32(step))
        pixels[rows] = np.minimum(np.rint(band, out=band), maximum, out=band)

    for_each(row_bands(*log_gain.shape[:2]), relight_band)
    alpha = picture.alpha
    if alpha is not None and alpha.dtype != dtype:
        alpha = np.rint(alpha * np.float32(step)).astype(dtype)
    return replace(picture, pixels=pixels, alpha=alpha, path=None)


def row_bands(height: int, width: int) -> list[slice]:
    """Slices of rows, about a megapixel each, that cover ``height``."""
    rows = max(1, _BAND_PIXELS // width)
    return [slice(top, min(top + rows, height)) for top in range(0, height, rows)]


def full_size_stack(log_gain: Float[np.ndarray, "height width"]) -> LayerStack:
    """The layers of a full-size log gain, as `composite_picture` takes it."""
    return LayerStack.from_log_gain(torch.as_tensor(log_gain[None].astype(np.float32, copy=False)))

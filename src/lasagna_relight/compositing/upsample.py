"""A log gain solved small, brought to the size of the picture along the picture's own edges.

Three steps. Fill: values inside the object spread outwards (normalized convolution), so that no
background bleeds into its border. Fit: at the small size, a guided filter weighted by the mask
explains the log gain as slope * luma + offset in every window (He, Sun and Tang, "Guided Image
Filtering", 2010, equations 5 and 6). Apply: slope and offset are interpolated to every pixel of
the picture and meet its full-size luma there (He and Sun, "Fast Guided Filter", 2015). The last
step is pointwise, so the size of its tiles cannot be seen.
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import interpolate

from lasagna_relight.color import luma
from lasagna_relight.compositing.crop import CropBox, crop_mask, crop_picture
from lasagna_relight.compositing.stack import MAX_LOG_GAIN, row_bands
from lasagna_relight.image_io import Picture
from lasagna_relight.luminance import LUMINANCE_WEIGHTS
from lasagna_relight.parallel import for_each
from lasagna_relight.types import Image, LogGain, Mask

SMOOTH_SIDE = 512
"""Up to this side, slope and offset grow by bicubic interpolation; then bilinearly, unseen."""

WINDOW = 3
"""Side of the filter's window, in pixels of the small log gain."""

EDGE_VARIANCE = 0.004
"""Luma variance (0.063 squared) above which the log gain follows an edge of the picture."""


OUTSIDE_WEIGHT = 1e-3
"""What a pixel beyond the mask counts in the fit, so that every window has a weight."""


def upsample_log_gain(
    log_gain: LogGain,
    picture: Picture,
    mask: Float[np.ndarray, "full_height full_width"],
    box: CropBox,
    *,
    tile_rows: int | None = None,
) -> Float[np.ndarray, "full_height full_width"]:
    """The log gain of every pixel of ``picture``, faded by ``mask``, clipped to +-ln 10.

    Args:
        log_gain: (1, h, w), solved over ``box``.
        picture: the full picture, which guides.
        mask: (H, W) refined coverage in [0, 1]; the result is exactly 0 where it is 0.
        box: where ``log_gain`` lies in the picture; beyond it, its border values go on.
        tile_rows: rows worked on at a time; changes memory, not the result.

    Returns:
        float32 (H, W).

    Raises:
        ValueError: the mask is not of the picture's size.
    """
    if mask.shape != (picture.height, picture.width):
        raise ValueError(f"mask {mask.shape} over a picture {picture.pixels.shape[:2]}")
    small = log_gain.detach().float().cpu()
    small_mask = crop_mask(mask, box, (small.shape[-2], small.shape[-1]))
    filled = fill_beyond_mask(small, small_mask)
    return upsample_filled_log_gain(filled, picture, mask, box, tile_rows=tile_rows)


def upsample_filled_log_gain(
    log_gain: LogGain,
    picture: Picture,
    mask: Float[np.ndarray, "full_height full_width"],
    box: CropBox,
    *,
    tile_rows: int | None = None,
) -> Float[np.ndarray, "full_height full_width"]:
    """`upsample_log_gain` of a log gain on the CPU that `fill_beyond_mask` has filled already."""
    coefficients = _guided_coefficients(log_gain, picture, mask, box)
    slope, offset = _smoothly_enlarged(coefficients, box)
    weights = np.asarray(LUMINANCE_WEIGHTS, dtype=np.float32) / picture.maximum
    upsampled = np.empty(mask.shape, dtype=np.float32)
    bands = row_bands(*mask.shape)
    if tile_rows is not None:
        tops = range(0, picture.height, tile_rows)
        bands = [slice(top, min(top + tile_rows, picture.height)) for top in tops]

    def upsample_band(rows: slice) -> None:
        full_luma = picture.pixels[rows].astype(np.float32) @ weights
        gain = _at_pixels(slope, box, rows, picture.width) * full_luma
        gain += _at_pixels(offset, box, rows, picture.width)
        np.clip(gain, -MAX_LOG_GAIN, MAX_LOG_GAIN, out=gain)
        upsampled[rows] = gain * mask[rows]

    for_each(bands, upsample_band)
    return upsampled


def fill_beyond_mask(log_gain: LogGain, mask: Mask) -> LogGain:
    """``log_gain`` (1, h, w) inside the mask, and beyond it what the nearest inside suggests.

    Normalized convolution from coarse to fine: each blur of (weight * value) over a blur of the
    weight, the coarser one standing in where the finer finds no weight.
    """
    weight = mask.pow(3)  # a pixel half of background tells little of the object
    total = weight.sum()
    if total <= 0:
        return log_gain
    filled = ((log_gain * weight).sum() / total).expand_as(log_gain)
    sigma = max(log_gain.shape[-2:]) / 4
    while sigma >= 0.5:
        numerator = _blur(log_gain * weight, sigma) + 1e-3 * filled
        filled = numerator / (_blur(weight, sigma) + 1e-3)
        sigma /= 2
    return torch.lerp(filled, log_gain, weight)


def _guided_coefficients(
    log_gain: LogGain,
    picture: Picture,
    mask: Float[np.ndarray, "full_height full_width"],
    box: CropBox,
) -> Float[Tensor, "1 2 height width"]:
    """Slope and offset: log gain = slope * luma + offset around each small pixel.

    Both sides of the fit are means over the same small pixels, so the slope is that of the full
    size. The offset carries what no slope explains: nothing of the small log gain is lost.
    """
    size = (log_gain.shape[-2], log_gain.shape[-1])
    target = log_gain[None]
    guide = luma(crop_picture(picture, box, size))[None]
    weight = crop_mask(mask, box, size)[None] + OUTSIDE_WEIGHT
    norm = _window_mean(weight)

    def mean(values: Tensor) -> Tensor:
        return _window_mean(values * weight) / norm

    mean_guide, mean_target = mean(guide), mean(target)
    variance = (mean(guide * guide) - mean_guide.square()).clamp(min=0)
    covariance = mean(guide * target) - mean_guide * mean_target
    slope = mean(covariance / (variance + EDGE_VARIANCE))
    return torch.cat([slope, target - slope * guide], dim=1)


def _smoothly_enlarged(
    coefficients: Float[Tensor, "1 2 height width"], box: CropBox
) -> Float[Tensor, "2 rows columns"]:
    scale = min(1.0, SMOOTH_SIDE / max(box.height, box.width))
    size = [
        max(small, round(length * scale))
        for small, length in zip(coefficients.shape[-2:], (box.height, box.width), strict=True)
    ]
    return interpolate(coefficients, size=size, mode="bicubic", align_corners=False)[0]


def _window_mean(values: Tensor) -> Tensor:
    means = cv2.blur(values[0, 0].numpy(), (WINDOW, WINDOW), borderType=cv2.BORDER_REPLICATE)
    return torch.as_tensor(means)[None, None]


def _blur(values: Image | LogGain, sigma: float) -> Tensor:
    radius = max(1, int(3 * sigma))
    kernel = (2 * radius + 1, 2 * radius + 1)
    blurred = cv2.GaussianBlur(values[0].numpy(), kernel, sigma, borderType=cv2.BORDER_REPLICATE)
    return torch.as_tensor(blurred)[None]


def _at_pixels(
    coefficients: Float[Tensor, "rows columns"], box: CropBox, rows: slice, width: int
) -> Float[np.ndarray, "band width"]:
    """Bilinear values of a map over ``box`` at the centers of the picture's pixels in ``rows``."""
    values = coefficients.numpy()
    top, bottom, down = _neighbors(rows, box.top, box.height, values.shape[0])
    band = values[top] + (values[bottom] - values[top]) * down[:, None]
    across = cv2.resize(band, (box.width, len(band)), interpolation=cv2.INTER_LINEAR)
    inside = across[:, max(0, -box.left) : max(0, width - box.left)]
    before = max(0, box.left)
    return np.pad(inside, ((0, 0), (before, width - before - inside.shape[1])), mode="edge")


def _neighbors(
    rows: slice, start: int, length: int, cells: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For the centers of ``rows``, the two cells around each, and the share of the second."""
    pixels = np.arange(int(rows.start), int(rows.stop), dtype=np.float64)
    position = ((pixels + 0.5 - start) * (cells / length) - 0.5).clip(0, cells - 1)
    first = np.minimum(position.astype(np.int64), max(0, cells - 2))
    share = (position - first).astype(np.float32)
    return first, np.minimum(first + 1, cells - 1), share

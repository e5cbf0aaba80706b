"""A coarse mask made exact at the edges of the full picture, in tiles.

Source: He, Sun and Tang, "Guided Image Filtering", ECCV 2010, with a color guide; and He and Sun,
"Fast Guided Filter", arXiv 1505.00996 (2015): the linear model of each neighborhood is fitted at a
reduced size and evaluated at the full one.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image as PillowImage
from torch import Tensor

from lasagna_relight.parallel import for_each
from lasagna_relight.types import Image, Mask

FITTING_SIDE = 768
"""The linear models are fitted at a long side of at most this many pixels."""

RADII = (5 / 320, 2.5 / 320, 1 / 320)
"""Radius of the neighborhoods of each pass as a share of the long side: from five pixels of the
saliency network, to find an edge that it misplaced, down to one, to follow it closely."""

EPSILON = 1e-4
"""Regularization of the color covariance, in squared units of [0, 1]."""

LEVELS = (0.1, 0.9)
"""Mask values at or beyond these become exactly 0 and 1."""

TILE = 512


@dataclass(frozen=True, kw_only=True)
class LinearModel:
    """What each pixel's coverage is of its color: ``slope`` · color + ``offset``, inside ``band``.

    Attributes:
        slope: (3, h, w) and offset: (1, h, w), at the size of the fit.
        target: (1, h, w) the coarse mask; it is 0 or 1 outside the band, and holds there.
        band: (1, h, w) 1 near an edge, 0 away from it.
    """

    slope: Image
    offset: Tensor
    target: Mask
    band: Mask


def refine_mask(coarse: Mask, pixels: np.ndarray) -> np.ndarray:
    """Coverage of the object at full size: (H, W) float32, exactly 0 and 1 away from its edge.

    Args:
        coarse: (1, h, w) in [0, 1], of any size and of the picture's aspect ratio.
        pixels: (H, W, 3) uint8 or uint16, encoded RGB, the guide.

    Besides the answer this takes some 100 MB, whatever H and W are.
    """
    height, width = pixels.shape[:2]
    guide = shrink_pixels(pixels, FITTING_SIDE)
    target = F.interpolate(coarse[None], size=guide.shape[-2:], mode="bilinear", antialias=True)[0]
    target = _stretch(target)
    *early, last = [math.ceil(share * max(guide.shape[-2:])) for share in RADII]
    for radius in early:
        model = fit_linear_model(target, guide, radius)
        fitted = _stretch((model.slope * guide).sum(dim=0, keepdim=True) + model.offset)
        target = torch.where(model.band > 0, fitted, target)
    model = fit_linear_model(target, guide, last)
    refined = np.empty((height, width), dtype=np.float32)

    def refine_tile(corner: tuple[int, int]) -> None:
        top, left = corner
        tile = np.s_[top : top + TILE, left : left + TILE]
        refined[tile] = _evaluate(model, pixels[tile], top, left, height, width)

    for_each(itertools.product(range(0, height, TILE), range(0, width, TILE)), refine_tile)
    return refined


def shrink_pixels(pixels: np.ndarray, long_side: int) -> Image:
    """The (H, W, 3) integers as a picture of at most ``long_side``, antialiased, at 8 bits."""
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    height, width = pixels.shape[:2]
    scale = min(1.0, long_side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = PillowImage.fromarray(pixels).resize(
        size, PillowImage.Resampling.BILINEAR, reducing_gap=2.0
    )
    return torch.from_numpy(np.asarray(small, dtype=np.float32) / 255).permute(2, 0, 1).contiguous()


def fit_linear_model(target: Mask, guide: Image, radius: int) -> LinearModel:
    """The guided filter's coefficients for ``target`` (1, h, w) under a (3, h, w) ``guide``.

    In each window: slope = (Σ + ε I)⁻¹ cov(guide, target), offset = mean(target) - slope · mean;
    then both are averaged over the windows that hold a pixel (He et al. 2010, equations 14, 15).
    """
    spread = _dilate(target, 1) + _dilate(-target, 1)  # greatest minus least of a neighborhood
    band = _dilate((spread > 0).float(), radius)

    mean = _box_mean(guide, radius)
    target_mean = _box_mean(target, radius)
    covariance = _box_mean(guide * target, radius) - mean * target_mean
    first, second = torch.triu_indices(3, 3)
    sigma = _box_mean(guide[first] * guide[second], radius) - mean[first] * mean[second]
    slope = _solve_3x3(sigma, covariance)
    offset = target_mean - (slope * mean).sum(dim=0, keepdim=True)
    return LinearModel(
        slope=_box_mean(slope, radius), offset=_box_mean(offset, radius), target=target, band=band
    )


def _evaluate(
    model: LinearModel, window: np.ndarray, top: int, left: int, height: int, width: int
) -> np.ndarray:
    """Coverage of the pixels of ``window``, which starts at (top, left) of the full picture."""
    rows, columns = window.shape[:2]
    small_height, small_width = model.band.shape[-2:]
    around = np.s_[
        :,
        max(0, top * small_height // height - 1) : (top + rows) * small_height // height + 2,
        max(0, left * small_width // width - 1) : (left + columns) * small_width // width + 2,
    ]
    if not model.band[around].any():
        return np.full((rows, columns), model.target[around][0, 0, 0], dtype=np.float32)
    y = (torch.arange(top, top + rows) + 0.5) * (2 / height) - 1
    x = (torch.arange(left, left + columns) + 0.5) * (2 / width) - 1
    grid = torch.stack(torch.meshgrid(y, x, indexing="ij")[::-1], dim=-1)
    coefficients = torch.cat([model.slope, model.offset, model.target, model.band])
    sampled = F.grid_sample(
        coefficients[None], grid[None], padding_mode="border", align_corners=False
    )[0]
    slope, offset, target, band = sampled.split([3, 1, 1, 1])
    colors = torch.from_numpy(window.astype(np.float32) / np.iinfo(window.dtype).max)
    fitted = _stretch((slope * colors.permute(2, 0, 1)).sum(dim=0, keepdim=True) + offset)
    return torch.where(band > 0, fitted, target)[0].numpy()


def _stretch(values: Tensor) -> Tensor:
    low, high = LEVELS
    return ((values - low) / (high - low)).clamp(0, 1)


def _box_mean(planes: Tensor, radius: int) -> Tensor:
    """Mean of each plane of (C, h, w) over a (2 radius + 1)² window, edges repeated outwards."""
    window = (2 * radius + 1, 2 * radius + 1)
    means = [cv2.blur(plane, window, borderType=cv2.BORDER_REPLICATE) for plane in planes.numpy()]
    return torch.from_numpy(np.stack(means))


def _dilate(values: Tensor, radius: int) -> Tensor:
    side = 2 * radius + 1
    across = F.max_pool2d(values, (1, side), 1, (0, radius))
    return F.max_pool2d(across, (side, 1), 1, (radius, 0))


def _solve_3x3(sigma: Tensor, right: Tensor) -> Tensor:
    """(Σ + ε I)⁻¹ right for each pixel, by cofactors; sigma is the upper triangle, (6, h, w)."""
    rr, rg, rb, gg, gb, bb = sigma
    rr, gg, bb = rr + EPSILON, gg + EPSILON, bb + EPSILON
    c_rr, c_rg, c_rb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    c_gg, c_gb, c_bb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    determinant = c_rr * rr + c_rg * rg + c_rb * rb
    r, g, b = right
    solved = [c_rr * r + c_rg * g + c_rb * b, c_rg * r + c_gg * g + c_gb * b]
    solved.append(c_rb * r + c_gb * g + c_bb * b)
    return torch.stack(solved) / determinant

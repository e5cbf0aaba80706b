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
from jaxtyping import Float32

from lasagna_relight.masking.planes import ColorPlanes, Coverage, Selected, resized, shrink_pixels
from lasagna_relight.parallel import for_each

FITTING_SIDE = 768
"""The linear models are fitted at a long side of at most this many pixels."""

RADII = (5 / 320, 2.5 / 320, 1 / 320)
"""Radius of the neighborhoods of each pass as a share of the long side: from five pixels of the
saliency network, to find an edge that it misplaced, down to one, to follow it closely."""

EPSILON = 1e-4
"""Regularization of the color covariance, in squared units of [0, 1]."""

LEVELS = (0.1, 0.9)
"""Mask values at or beyond these become exactly 0 and 1."""

TILE = 256


@dataclass(frozen=True, kw_only=True)
class LinearModel:
    """What each pixel's coverage is of its color: ``slope`` · color + ``offset``, inside ``band``.

    Attributes:
        slope: one number for each color channel, at the size of the fit; and offset.
        target: the coarse mask; it is 0 or 1 outside the band, and holds there.
        band: near an edge.
    """

    slope: Float32[np.ndarray, "height width 3"]
    offset: Float32[np.ndarray, "height width"]
    target: Coverage
    band: Selected


@dataclass(frozen=True, kw_only=True)
class Span:
    """Consecutive full-size pixels along one axis, and the small pixels they lie between.

    Attributes:
        full: the full-size pixels.
        small: the small pixels that hold all neighbors of these.
        weights: (full, small) bilinear weights; rows add up to 1.
        nearest: for each full-size pixel, the index of the nearest within ``small``.
    """

    full: slice
    small: slice
    weights: Float32[np.ndarray, "full small"]
    nearest: np.ndarray


def refine_mask(coarse: Coverage, pixels: np.ndarray) -> np.ndarray:
    """Coverage of the object at full size: (H, W) float32, exactly 0 and 1 away from its edge.

    Args:
        coarse: (h, w) in [0, 1], of any size and of the picture's aspect ratio.
        pixels: (H, W, 3) uint8 or uint16, encoded RGB, the guide.

    Besides the answer this takes some 100 MB, whatever H and W are.
    """
    guide = shrink_pixels(pixels, FITTING_SIDE)
    small_height, small_width = guide.shape[:2]
    target = _stretch(resized(coarse, (small_height, small_width)))
    radii = [math.ceil(share * max(small_height, small_width)) for share in RADII]
    for radius in radii[:-1]:
        model = fit_linear_model(target, guide, radius)
        target = np.where(model.band, _stretch(_apply(model.slope, model.offset, guide)), target)
    model = fit_linear_model(target, guide, radii[-1])
    refined = np.empty(pixels.shape[:2], dtype=np.float32)

    def refine_tile(tile: tuple[Span, Span]) -> None:
        rows, columns = tile
        refined[rows.full, columns.full] = _evaluate(model, pixels, rows, columns)

    height, width = pixels.shape[:2]
    for_each(itertools.product(spans(height, small_height), spans(width, small_width)), refine_tile)
    return refined


def fit_linear_model(target: Coverage, guide: ColorPlanes, radius: int) -> LinearModel:
    """The guided filter's coefficients for ``target`` under a ``guide`` of the same size.

    In each window: slope = (Σ + ε I)⁻¹ cov(guide, target), offset = mean(target) - slope · mean;
    then both are averaged over the windows that hold a pixel (He et al. 2010, equations 14, 15).
    """
    near = np.ones((3, 3), dtype=np.uint8)
    edges = cv2.dilate(target, near) > cv2.erode(target, near)
    across = np.ones((2 * radius + 1, 2 * radius + 1), dtype=np.uint8)
    band = cv2.dilate(edges.astype(np.uint8), across) > 0

    mean = _box_mean(guide, radius)
    target_mean = _box_mean(target, radius)
    covariance = _box_mean(guide * target[..., None], radius) - mean * target_mean[..., None]
    first, second = np.triu_indices(3)
    sigma = _box_mean(guide[..., first] * guide[..., second], radius)
    sigma -= mean[..., first] * mean[..., second]
    slope = _solve_3x3(sigma, covariance)
    offset = target_mean - np.einsum("...c,...c->...", slope, mean)
    return LinearModel(
        slope=_box_mean(slope, radius), offset=_box_mean(offset, radius), target=target, band=band
    )


def spans(full_length: int, small_length: int) -> list[Span]:
    """The tiles along an axis of ``full_length`` pixels, over a model of ``small_length``."""
    tiles = []
    for start in range(0, full_length, TILE):
        full = np.arange(start, min(start + TILE, full_length))
        position = ((full + 0.5) * (small_length / full_length) - 0.5).clip(0, small_length - 1)
        small = np.arange(int(position[0]), min(int(position[-1]) + 2, small_length))
        distance = np.abs(position[:, None] - small)
        tiles.append(
            Span(
                full=slice(start, start + len(full)),
                small=slice(int(small[0]), int(small[-1]) + 1),
                weights=(1 - distance).clip(0).astype(np.float32),
                nearest=distance.argmin(axis=1),
            )
        )
    return tiles


def _evaluate(
    model: LinearModel, pixels: np.ndarray, rows: Span, columns: Span
) -> np.ndarray | np.float32:
    """Coverage of the pixels of one tile; one number where no edge is near."""
    small = (rows.small, columns.small)
    target, band = model.target[small], model.band[small].astype(np.float32)
    if not band.any():
        return target[0, 0]

    def enlarged(plane: np.ndarray) -> np.ndarray:
        return rows.weights @ plane @ columns.weights.T

    fitted = enlarged(model.offset[small])
    for channel in range(3):
        colors = pixels[rows.full, columns.full, channel] / np.float32(np.iinfo(pixels.dtype).max)
        fitted += enlarged(model.slope[small][..., channel]) * colors
    held = target[np.ix_(rows.nearest, columns.nearest)]
    return np.where(enlarged(band) > 0, _stretch(fitted), held)


def _apply(slope: np.ndarray, offset: np.ndarray, colors: ColorPlanes) -> np.ndarray:
    return np.einsum("...c,...c->...", slope, colors) + offset


def _stretch(values: np.ndarray) -> np.ndarray:
    low, high = LEVELS
    return ((values - low) / (high - low)).clip(0, 1)


def _box_mean(values: np.ndarray, radius: int) -> np.ndarray:
    """Mean of each plane of (h, w, ...) over a (2 radius + 1)² window, edges repeated outwards."""
    side = 2 * radius + 1
    return cv2.blur(values, (side, side), borderType=cv2.BORDER_REPLICATE)


def _solve_3x3(sigma: np.ndarray, right: np.ndarray) -> np.ndarray:
    """(Σ + ε I)⁻¹ right for each pixel, by cofactors; sigma is the upper triangle, (h, w, 6)."""
    rr, rg, rb, gg, gb, bb = np.moveaxis(sigma, -1, 0)
    rr, gg, bb = rr + EPSILON, gg + EPSILON, bb + EPSILON
    c_rr, c_rg, c_rb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    c_gg, c_gb, c_bb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    determinant = c_rr * rr + c_rg * rg + c_rb * rb
    r, g, b = np.moveaxis(right, -1, 0)
    solved = [c_rr * r + c_rg * g + c_rb * b, c_rg * r + c_gg * g + c_gb * b]
    solved.append(c_rb * r + c_gb * g + c_bb * b)
    return np.stack(solved, axis=-1) / determinant[..., None]

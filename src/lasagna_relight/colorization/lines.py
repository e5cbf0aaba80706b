"""Line drawings made from pictures: what a sketch of them might look like.

Values are ink on paper: 0 is a full line, 1 is paper. Sources: XDoG, Winnemöller et al., "XDoG: An
eXtended difference-of-Gaussians compendium" (2012), equation 8; Canny, IEEE PAMI 8(6), 1986.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Bool, Float

Plane = Float[np.ndarray, "height width"]
Normals = Float[np.ndarray, "height width 3"]


def xdog_lines(
    luma: Plane,
    *,
    sigma: float = 1.2,
    ratio: float = 1.6,
    sharpness: float = 22.0,
    threshold: float = 0.73,
    slope: float = 14.0,
) -> Plane:
    """Soft pen lines of a picture by an extended difference of Gaussians.

    Args:
        luma: (H, W) in [0, 1].
        sigma: width of the lines in pixels.
        ratio: of the wider Gaussian to the narrower.
        sharpness: weight p of the difference; larger finds more.
        threshold: above it, paper; 1 draws every dark side of an edge.
        slope: of the soft threshold below it.
    """
    narrow = cv2.GaussianBlur(luma, (0, 0), sigma)
    wide = cv2.GaussianBlur(luma, (0, 0), sigma * ratio)
    response = (1 + sharpness) * narrow - sharpness * wide
    soft = 1 + np.tanh(slope * (response - threshold))
    return np.where(response >= threshold, 1.0, soft).clip(0, 1).astype(np.float32)


def canny_lines(pixels: np.ndarray, *, low: int = 40, high: int = 110, width: int = 1) -> Plane:
    """Thin lines at the edges of any channel of (H, W, 3) uint8, ``width`` pixels wide."""
    smooth = cv2.GaussianBlur(pixels, (0, 0), 1.0)
    edges = np.zeros(pixels.shape[:2], np.uint8)
    for channel in range(3):
        edges = np.maximum(edges, np.asarray(cv2.Canny(smooth[..., channel], low, high)))
    return _drawn(edges > 0, width)


def boundary_lines(labels: np.ndarray, *, width: int = 1) -> Plane:
    """Lines where the integers of a map (H, W) change."""
    edge = np.zeros(labels.shape, bool)
    edge[:, 1:] |= labels[:, 1:] != labels[:, :-1]
    edge[1:] |= labels[1:] != labels[:-1]
    return _drawn(edge, width)


def crease_lines(
    normals: Normals, inside: Bool[np.ndarray, "height width"], *, crease: float = 0.25,
    width: int = 1,
) -> Plane:  # fmt: skip
    """Silhouette of an object and the creases of its surface, where its normals turn quickly.

    Args:
        normals: (H, W, 3) unit vectors.
        inside: the object.
        crease: change of the normal between neighbors that counts as an edge.
        width: of the lines in pixels.
    """
    edge = np.zeros(inside.shape, bool)
    for axis in (0, 1):
        turn = np.linalg.norm(np.diff(normals, axis=axis), axis=-1) > crease
        leaves = np.diff(inside.astype(np.int8), axis=axis) != 0
        pads = [(1, 0) if axis == 0 else (0, 0), (1, 0) if axis == 1 else (0, 0)]
        edge |= np.pad((turn & ~leaves) | leaves, pads)
    return _drawn(edge, width)


def _drawn(edge: Bool[np.ndarray, "height width"], width: int) -> Plane:
    if width > 1:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
        edge = cv2.dilate(edge.astype(np.uint8), kernel) > 0
    return 1 - cv2.GaussianBlur(edge.astype(np.float32), (0, 0), 0.5)

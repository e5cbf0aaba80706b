"""A saliency corrected by color, where the background is plain: drawings, emoji, product shots.

On flat digital art the saliency network leaves holes in even areas and a haze between thin parts.
There the color decides: what differs from the background and touches the object belongs to it, and
what has the background's color does not. Shadows, the background's color but darker, stay out.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32

from lasagna_relight.masking.planes import ColorPlanes, Coverage, Selected, resized

LONG_SIDE = 320
FRAME = 0.06
"""Width of the frame in which the background is looked at, as a share of the long side."""

PLAIN_SHARE = 0.85
"""A background is plain if this share of the frame is within `PLAIN_TOLERANCE` of a smooth fit."""

PLAIN_TOLERANCE = 0.06
DIFFERENT = 0.07
SAME = 0.03
"""Differences of encoded values, the largest of three channels, in [0, 1]."""

SHADE = (0.3, 1.0)
"""A shadow is the background's color times a factor in this range."""

SURE = 0.9
"""The network is believed above this, even where the color is the background's."""

GRAIN = 2
"""Corrections thinner than twice this, in pixels of the reduced picture, are left out: the edge is
the network's, at its full resolution."""


@dataclass(frozen=True, kw_only=True)
class PlainBackground:
    """A smooth background, and how far each pixel is from it.

    Attributes:
        colors: the background as it would be without the object.
        distance: the largest difference of a channel.
        noise: what differences the background has within itself.
    """

    colors: ColorPlanes
    distance: Float32[np.ndarray, "height width"]
    noise: float


def correct_on_plain_background(saliency: Coverage, image: ColorPlanes) -> Coverage:
    """``saliency`` of ``image``, corrected if the background is plain.

    Any other picture's saliency comes back as it is.
    """
    height, width = saliency.shape
    scale = min(1.0, LONG_SIDE / max(height, width))
    size = (max(1, round(height * scale)), max(1, round(width * scale)))
    small, found = resized(image, size), resized(saliency, size)
    background = find_plain_background(small, found)
    if background is None:
        return saliency
    object_, empty = _by_color(small, found, background)
    missing = _opened(object_ & (found < 0.7)) & object_
    surplus = _opened(empty & (found > 0.3)) & empty
    filled = resized(missing.astype(np.float32), (height, width))
    emptied = resized(surplus.astype(np.float32), (height, width))
    return np.maximum(saliency, filled) * (1 - emptied)


def find_plain_background(image: ColorPlanes, found: Coverage) -> PlainBackground | None:
    """The background, a quadratic in x and y fitted to the frame; None if it is not plain.

    Args:
        image: the picture.
        found: saliency; the object may reach into the frame.
    """
    height, width = found.shape
    border = max(1, round(FRAME * max(height, width)))
    frame = np.ones((height, width), dtype=bool)
    frame[border : height - border, border : width - border] = False
    seen = frame & (found < 0.5)
    if seen.sum() < 0.3 * frame.sum() or seen.sum() < 64:
        return None
    terms = _quadratic_terms(height, width)
    kept = seen
    for _ in range(3):  # each time without what the last fit left out: robust to objects
        weights = np.linalg.lstsq(terms[kept], image[kept], rcond=None)[0]
        colors = terms @ weights
        distance = np.abs(image - colors).max(axis=-1)
        noise = max(1.5 * float(np.median(distance[seen])), 0.01)
        kept = seen & (distance < 3 * noise)
        if kept.sum() < 64:
            return None
    if (distance[seen] < PLAIN_TOLERANCE).mean() < PLAIN_SHARE:
        return None
    return PlainBackground(colors=colors, distance=distance, noise=noise)


def _by_color(
    image: ColorPlanes, found: Coverage, background: PlainBackground
) -> tuple[Selected, Selected]:
    """What must be object and what must be background."""
    colors, distance, noise = background.colors, background.distance, background.noise
    same = distance < max(SAME, 2.5 * noise)
    differs = distance > max(DIFFERENT, 4 * noise)
    factor = (image * colors).sum(axis=-1) / np.maximum(np.square(colors).sum(axis=-1), 1e-6)
    hue_kept = np.abs(image - factor[..., None] * colors).max(axis=-1) < 0.04
    shadow = (factor > SHADE[0]) & (factor < SHADE[1]) & hue_kept
    sure = found > 0.5
    object_ = sure | _reached(sure & differs, differs & ~shadow)
    edge = np.ones_like(sure)
    edge[1:-1, 1:-1] = False
    enclosed = ~object_ & ~_reached(edge, ~object_)
    return (object_ | enclosed) & differs, same & (found < SURE)


def _reached(start: Selected, allowed: Selected) -> Selected:
    """The parts of ``allowed`` that hold a pixel of ``start``; neighbors share a side."""
    _, parts = cv2.connectedComponents(allowed.astype(np.uint8), connectivity=4)
    return np.isin(parts, np.unique(parts[start & allowed]))


def _opened(selected: Selected) -> Selected:
    """``selected`` without what is thinner than the grain, then a pixel wider."""
    thick = cv2.erode(selected.astype(np.uint8), _square(GRAIN))
    return cv2.dilate(thick, _square(GRAIN + 1)) > 0


def _square(radius: int) -> np.ndarray:
    return np.ones((2 * radius + 1, 2 * radius + 1), dtype=np.uint8)


def _quadratic_terms(height: int, width: int) -> np.ndarray:
    """(H, W, 6) float32: 1, x, y, x², xy, y² for x and y in [-1, 1]."""
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    terms = [np.ones_like(x), x, y, x * x, x * y, y * y]
    return np.stack(terms, axis=-1).astype(np.float32)

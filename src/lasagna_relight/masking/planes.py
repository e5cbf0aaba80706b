"""Small pictures and masks as NumPy planes, and how they are resized.

Masks are found without PyTorch, so that the command line can find one while PyTorch is imported.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Bool, Float32
from PIL import Image as PillowImage

ColorPlanes = Float32[np.ndarray, "height width 3"]
"""sRGB-encoded picture in [0, 1]."""

Coverage = Float32[np.ndarray, "height width"]
"""Saliency, or coverage of the object, in [0, 1]."""

Selected = Bool[np.ndarray, "height width"]
"""True on what is meant."""


def shrink_pixels(pixels: np.ndarray, long_side: int) -> ColorPlanes:
    """The (H, W, 3) integers as a picture of at most ``long_side``, each value a mean of areas."""
    height, width = pixels.shape[:2]
    scale = min(1.0, long_side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return small.astype(np.float32) / np.iinfo(pixels.dtype).max


def resized(
    values: Float32[np.ndarray, "height width *channels"], size: tuple[int, int]
) -> Float32[np.ndarray, "new_height new_width *channels"]:
    """``values`` at ``size`` (height, width), bilinear, antialiased where that is smaller."""
    if values.ndim == 3:
        planes = [resized(plane, size) for plane in np.moveaxis(values, -1, 0)]
        return np.stack(planes, axis=-1)
    height, width = size
    image = PillowImage.fromarray(values)  # OpenCV's bilinear resize does not antialias
    return np.array(image.resize((width, height), PillowImage.Resampling.BILINEAR))

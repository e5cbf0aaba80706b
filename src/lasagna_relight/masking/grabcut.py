"""The object of a picture by GrabCut: for machines where onnxruntime is not installed.

Source: Rother, Kolmogorov and Blake, "GrabCut: interactive foreground extraction using iterated
graph cuts", SIGGRAPH 2004; the implementation is OpenCV's.
"""

from __future__ import annotations

import cv2
import numpy as np

from lasagna_relight.masking.planes import ColorPlanes, Coverage, Selected, resized

LONG_SIDE = 320
FRAME = 0.03
"""The share of each side that is taken for background."""

ITERATIONS = 5
MINIMUM_SHARE = 0.005
"""An object of fewer pixels than this share of the picture counts as none."""


def grabcut_mask(image: ColorPlanes) -> Coverage:
    """1 on the object of a picture and 0 off it; all zero where nothing stands out.

    The frame of the picture is taken for background, and everything else for possibly the object:
    fair for an object in the middle of a plain background, poor for a crowded scene.
    """
    height, width = image.shape[:2]
    scale = min(1.0, LONG_SIDE / max(height, width))
    size = (max(1, round(height * scale)), max(1, round(width * scale)))
    nothing = np.zeros((height, width), dtype=np.float32)
    frame = max(1, round(FRAME * max(size)))
    if min(size) < 2 * frame + 2:
        return nothing
    pixels = np.rint(resized(image, size) * 255).astype(np.uint8)
    labels = np.full(size, cv2.GC_BGD, dtype=np.uint8)
    labels[frame:-frame, frame:-frame] = cv2.GC_PR_FGD
    cv2.setRNGSeed(0)  # its color models start from k-means
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(
        np.ascontiguousarray(pixels[..., ::-1]),
        labels,
        None,  # type: ignore[arg-type]  # no rectangle: the labels say it all
        background,
        foreground,
        ITERATIONS,
        cv2.GC_INIT_WITH_MASK,
    )
    found = _largest_part((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD))
    if found.mean() < MINIMUM_SHARE:
        return nothing
    return resized(found.astype(np.float32), (height, width))


def _largest_part(found: Selected) -> Selected:
    """The parts of ``found`` that are at least a tenth as large as the largest."""
    count, parts, statistics, _ = cv2.connectedComponentsWithStats(found.astype(np.uint8))
    if count <= 1:
        return found
    areas = statistics[:, cv2.CC_STAT_AREA]
    kept = np.flatnonzero(areas >= areas[1:].max() / 10)
    return np.isin(parts, kept[kept > 0])

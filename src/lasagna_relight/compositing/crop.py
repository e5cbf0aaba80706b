"""The part of a picture that is solved small, and where it lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from lasagna_relight.image_io import Picture
from lasagna_relight.types import Image, Mask


@dataclass(frozen=True, kw_only=True)
class CropBox:
    """A rectangle in pixels of a picture; it may reach beyond the picture's edges."""

    left: int
    top: int
    width: int
    height: int

    @classmethod
    def whole(cls, picture: Picture) -> CropBox:
        """The box of the whole picture."""
        return cls(left=0, top=0, width=picture.width, height=picture.height)

    def square(self) -> CropBox:
        """The smallest square around this box, with the same center (up to half a pixel)."""
        side = max(self.width, self.height)
        return CropBox(
            left=self.left - (side - self.width) // 2,
            top=self.top - (side - self.height) // 2,
            width=side,
            height=side,
        )


def box_around(mask: Float[np.ndarray, "height width"], *, margin: float = 0.1) -> CropBox:
    """The box of all pixels of ``mask`` above 0.02, widened by ``margin`` of its longer side.

    Clipped to the picture; an empty mask gives the whole picture.
    """
    height, width = mask.shape
    selected = mask > 0.02
    rows, columns = np.flatnonzero(selected.any(axis=1)), np.flatnonzero(selected.any(axis=0))
    if rows.size == 0:
        return CropBox(left=0, top=0, width=width, height=height)
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    left, right = int(columns[0]), int(columns[-1]) + 1
    extra = round(margin * max(bottom - top, right - left))
    left, top = max(0, left - extra), max(0, top - extra)
    right, bottom = min(width, right + extra), min(height, bottom + extra)
    return CropBox(left=left, top=top, width=right - left, height=bottom - top)


def crop_picture(picture: Picture, box: CropBox, size: tuple[int, int]) -> Image:
    """The pixels in ``box`` as an image (3, *size) in [0, 1]; edge pixels repeat beyond edges.

    ``size`` is (height, width). Each value is the mean of the pixels that it covers.
    """
    maximum = float(picture.maximum)
    resized = _resize_box(picture.pixels, box, size, repeat_edge=True).astype(np.float32)
    return torch.as_tensor(np.ascontiguousarray(resized.transpose(2, 0, 1))) / maximum


def crop_mask(
    mask: Float[np.ndarray, "full_height full_width"], box: CropBox, size: tuple[int, int]
) -> Mask:
    """The coverage in ``box`` as a mask (1, *size); 0 beyond the picture's edges."""
    resized = _resize_box(mask.astype(np.float32, copy=False), box, size, repeat_edge=False)
    return torch.as_tensor(resized.clip(0, 1))[None]


def _resize_box(
    values: np.ndarray, box: CropBox, size: tuple[int, int], *, repeat_edge: bool
) -> np.ndarray:
    import cv2

    height, width = values.shape[:2]
    right, bottom = box.left + box.width, box.top + box.height
    inside = values[max(0, box.top) : max(0, bottom), max(0, box.left) : max(0, right)]
    above, below = max(0, -box.top), max(0, bottom - height)
    before, behind = max(0, -box.left), max(0, right - width)
    if above or below or before or behind:
        kind = cv2.BORDER_REPLICATE if repeat_edge else cv2.BORDER_CONSTANT
        inside = cv2.copyMakeBorder(inside, above, below, before, behind, kind)
    shrinks = size[0] <= box.height and size[1] <= box.width
    kind = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(inside, size[::-1], interpolation=kind)

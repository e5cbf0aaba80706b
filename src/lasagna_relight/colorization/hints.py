"""The user's color hints: a few dots or strokes on a transparent picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Bool, Float

from lasagna_relight.compositing.crop import CropBox
from lasagna_relight.errors import ImageError, InputError
from lasagna_relight.image_io import Picture, read_picture
from lasagna_relight.types import Image, Mask


@dataclass(frozen=True, kw_only=True)
class Hints:
    """Painted colors at the size of their picture.

    Attributes:
        colors: (H, W, 3) float32 in [0, 1].
        painted: (H, W), where the user painted.
    """

    colors: Float[np.ndarray, "height width 3"]
    painted: Bool[np.ndarray, "height width"]


def read_hints(choice: Path | Picture | None, picture: Picture) -> Hints:
    """The hints in a file, or in a picture, for ``picture``; None is nothing painted.

    Raises:
        InputError: it cannot be read, is of another size, has no transparency, or is empty.
    """
    if choice is None:
        return no_hints(picture)
    if isinstance(choice, Path):
        name = str(choice)
        try:
            painted = read_picture(choice)
        except ImageError as error:
            raise InputError(f"the hints cannot be read: {error}") from error
    else:
        name, painted = "of this picture", choice
    if (painted.height, painted.width) != (picture.height, picture.width):
        raise InputError(
            f"the hints {name} are {painted.width} x {painted.height} pixels and the picture is "
            f"{picture.width} x {picture.height}: paint them on a copy of its size"
        )
    if painted.alpha is None:
        raise InputError(
            f"the hints {name} have no transparency: save the dots alone, as a transparent PNG"
        )
    where = painted.alpha > painted.maximum / 2
    if not where.any():
        raise InputError(f"the hints {name} hold no painted pixel: paint a dot, or leave them out")
    colors = painted.pixels.astype(np.float32) / painted.maximum
    return Hints(colors=colors, painted=where)


def no_hints(picture: Picture) -> Hints:
    """Nothing painted."""
    shape = (picture.height, picture.width)
    return Hints(colors=np.zeros((*shape, 3), np.float32), painted=np.zeros(shape, bool))


def small_hints(hints: Hints, box: CropBox, size: tuple[int, int]) -> tuple[Image, Mask]:
    """Colors (1, 3, *size) and coverage, 0 or 1, (1, 1, *size) of hints in ``box``.

    A small pixel with any painted pixel in it is painted, in their mean color: a dot does not
    vanish for being small.
    """
    import torch

    shape = (box.height, box.width)
    colors, painted = np.zeros((*shape, 3), np.float32), np.zeros(shape, np.float32)
    height, width = hints.painted.shape
    top, left = max(0, box.top), max(0, box.left)
    bottom, right = min(height, box.top + box.height), min(width, box.left + box.width)
    rows = slice(top - box.top, bottom - box.top)
    columns = slice(left - box.left, right - box.left)
    painted[rows, columns] = hints.painted[top:bottom, left:right]
    colors[rows, columns] = hints.colors[top:bottom, left:right]
    colors *= painted[..., None]
    shrinks = size[0] <= box.height and size[1] <= box.width
    kind = cv2.INTER_AREA if shrinks else cv2.INTER_NEAREST
    share = cv2.resize(painted, size[::-1], interpolation=kind)
    means = cv2.resize(colors, size[::-1], interpolation=kind) / np.maximum(share, 1e-6)[..., None]
    where = (share > 1e-4).astype(np.float32)
    means = (means * where[..., None]).clip(0, 1).astype(np.float32)
    return (
        torch.from_numpy(np.moveaxis(means, 2, 0).copy())[None],
        torch.from_numpy(where)[None, None],
    )

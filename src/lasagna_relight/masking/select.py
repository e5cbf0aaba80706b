"""The mask of a picture as its user chose it: a file, automatic, or none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from lasagna_relight.errors import ImageError, MaskError
from lasagna_relight.image_io import Picture, read_picture
from lasagna_relight.luminance import LUMINANCE_WEIGHTS
from lasagna_relight.masking.automatic import first_look, network_available, second_look
from lasagna_relight.masking.grabcut import grabcut_mask
from lasagna_relight.masking.plain_background import correct_on_plain_background
from lasagna_relight.masking.planes import Coverage, resized, shrink_pixels
from lasagna_relight.masking.refine import FITTING_SIDE, refine_mask

MaskChoice = Path | Literal["auto", "none"]
MaskMethod = Literal["file", "alpha", "u2netp", "grabcut", "lines", "none"]

NOISE = 4 / 255
"""Mask values this close to 0 or 1 become exactly 0 or 1: JPEG leaves such noise in mask files."""

CUTOUT_SHARE = (0.001, 0.98)
"""Alpha cuts an object out if the share of pixels it shows lies between these two."""


@dataclass(frozen=True, kw_only=True)
class ResolvedMask:
    """A mask, and where it is from.

    Attributes:
        mask: (H, W) float32 in [0, 1], the size of the picture; 0 is left as it is, bit for bit.
        method: what made it; "none" is the whole picture.
        warning: one line for the user where the mask is not what was asked for, or None.
    """

    mask: np.ndarray
    method: MaskMethod
    warning: str | None = None

    def refuse_another_size(self, picture: Picture) -> None:
        """Raise where this is not a mask of ``picture``.

        Raises:
            MaskError: it is of another size.
        """
        height, width = self.mask.shape
        if (height, width) != (picture.height, picture.width):
            raise MaskError(
                f"the mask is {width} x {height} pixels and {_name(picture)} is "
                f"{picture.width} x {picture.height}: give a mask of the picture's size"
            )


def resolve_mask(picture: Picture, choice: MaskChoice) -> ResolvedMask:
    """The mask of ``picture`` that ``choice`` asks for.

    - a path: the mask in that file, taken as it is: its alpha if that varies, else its luma;
    - "auto": the picture's own alpha where that cuts an object out; else what u2netp finds (GrabCut
      where onnxruntime is not installed), refined at the edges. Where nothing stands out, as in a
      texture, the whole picture, with a warning: the user asked for light, and gets it;
    - "none": the whole picture.

    Raises:
        MaskError: the file cannot be read, is of another size, or selects nothing; or the picture
            is wholly transparent.
    """
    if isinstance(choice, Path):
        return ResolvedMask(mask=_mask_in_file(choice, picture), method="file")
    if choice == "none":
        return ResolvedMask(mask=_whole(picture), method="none")
    return cut_out_mask(picture) or found_mask(picture)


def cut_out_mask(picture: Picture) -> ResolvedMask | None:
    """The picture's own alpha where that cuts an object out, else None.

    Raises:
        MaskError: the picture is wholly transparent.
    """
    if picture.alpha is None:
        return None
    alpha = _scaled_to_1(picture.alpha)
    shown = float((alpha >= 0.5).mean())
    if alpha.max() == 0:
        raise MaskError(f"{_name(picture)} is wholly transparent: give an opaque picture")
    if not CUTOUT_SHARE[0] <= shown <= CUTOUT_SHARE[1]:
        return None
    return ResolvedMask(mask=_snapped(alpha), method="alpha")


def found_mask(picture: Picture, saliency: Coverage | None = None) -> ResolvedMask:
    """The mask of what stands out in ``picture``; the whole of it where nothing does.

    Args:
        picture: its alpha is not looked at.
        saliency: what `first_look` has found already, of any size.
    """
    small = shrink_pixels(picture.pixels, FITTING_SIDE)
    warning = None
    if network_available():
        found = first_look(small) if saliency is None else resized(saliency, small.shape[:2])
        method, coarse = "u2netp", correct_on_plain_background(second_look(small, found), small)
    else:
        method, coarse = "grabcut", grabcut_mask(small)
        warning = (
            f"{_name(picture)}: the mask is a rough one by GrabCut, because onnxruntime is not "
            "installed: install it, or give --mask FILE"
        )
    if not coarse.any():
        return ResolvedMask(
            mask=_whole(picture),
            method="none",
            warning=f"{_name(picture)}: no object stands out, so the whole picture is relit: "
            "give --mask FILE to choose a part",
        )
    return ResolvedMask(mask=refine_mask(coarse, picture.pixels), method=method, warning=warning)


def _mask_in_file(path: Path, picture: Picture) -> np.ndarray:
    try:
        file = read_picture(path)
    except ImageError as error:
        raise MaskError(f"the mask cannot be read: {error}") from error
    if (file.height, file.width) != (picture.height, picture.width):
        raise MaskError(
            f"the mask {path} is {file.width} x {file.height} pixels and {_name(picture)} is "
            f"{picture.width} x {picture.height}: give a mask of the picture's size"
        )
    if file.alpha is not None and np.ptp(file.alpha) > 0:
        mask = _snapped(_scaled_to_1(file.alpha))
    else:
        mask = _snapped(_luma(file))
    if not mask.any():
        raise MaskError(f"the mask {path} selects nothing: paint the object white on black")
    return mask


def _luma(picture: Picture) -> np.ndarray:
    """(H, W) float32 in [0, 1]; channel by channel, to hold one float plane or two at a time."""
    if picture.was_grey:
        return _scaled_to_1(picture.pixels[..., 0])
    mask = np.zeros(picture.pixels.shape[:2], dtype=np.float32)
    for channel, weight in enumerate(LUMINANCE_WEIGHTS):
        mask += picture.pixels[..., channel] * np.float32(weight / picture.maximum)
    return mask


def _scaled_to_1(values: np.ndarray) -> np.ndarray:
    return values / np.float32(np.iinfo(values.dtype).max)


def _snapped(mask: np.ndarray) -> np.ndarray:
    """``mask``, changed in place: nearly 0 is 0, nearly 1 is 1."""
    mask[mask < NOISE] = 0
    mask[mask > 1 - NOISE] = 1
    return mask


def _whole(picture: Picture) -> np.ndarray:
    return np.ones((picture.height, picture.width), dtype=np.float32)


def _name(picture: Picture) -> str:
    return "the picture" if picture.path is None else str(picture.path)

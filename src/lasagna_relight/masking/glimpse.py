"""A first mask of a picture, for those who wait for it; the exact one goes on from it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2

from lasagna_relight.image_io import Picture
from lasagna_relight.masking.automatic import first_look, network_available
from lasagna_relight.masking.planes import Coverage, shrink_pixels
from lasagna_relight.masking.refine import FITTING_SIDE, LEVELS
from lasagna_relight.masking.select import ResolvedMask, cut_out_mask, found_mask


@dataclass(frozen=True, kw_only=True)
class Glimpse:
    """A mask by one look of the network, with edges as coarse as its.

    Attributes:
        mask: of the size of the picture that was looked at.
        saliency: what the network said; None where it was not asked.
    """

    mask: ResolvedMask
    saliency: Coverage | None = None


def glimpse(picture: Picture) -> Glimpse:
    """The mask of ``picture``, or of a reduced copy of it, by half the work.

    Raises:
        MaskError: the picture is wholly transparent.
    """
    cut = cut_out_mask(picture)
    if cut is not None:
        return Glimpse(mask=cut)
    if not network_available():
        return Glimpse(mask=found_mask(picture))
    saliency = first_look(shrink_pixels(picture.pixels, FITTING_SIDE))
    if not saliency.any():
        return Glimpse(mask=found_mask(picture, saliency), saliency=saliency)
    size = (picture.width, picture.height)
    low, high = LEVELS
    mask = cv2.resize((saliency - low) / (high - low), size, interpolation=cv2.INTER_LINEAR)
    return Glimpse(mask=ResolvedMask(mask=mask.clip(0, 1), method="u2netp"), saliency=saliency)


def after_glimpse(picture: Picture, seen: Glimpse) -> ResolvedMask:
    """The mask of ``picture`` at full size; the network looks once more, from closer by."""
    return cut_out_mask(picture) or found_mask(picture, seen.saliency)

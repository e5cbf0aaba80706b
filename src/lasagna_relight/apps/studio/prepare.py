"""What the page works on: a preview, a mask of its size, and the gains of the picture."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch
from PIL import Image as PillowImage
from PIL import ImageCms

from lasagna_relight.apps.studio.model import StudioRelighter
from lasagna_relight.color import luma
from lasagna_relight.compositing.crop import CropBox, crop_mask, crop_picture
from lasagna_relight.compositing.upsample import SMOOTH_SIDE
from lasagna_relight.image_io import Picture
from lasagna_relight.masking.select import ResolvedMask
from lasagna_relight.relighting.api import SmallView
from lasagna_relight.relighting.mixing import LightBasis, light_basis


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A picture under its mask, ready to be lit.

    Attributes:
        mask: full size, rounded to 8 bits as the page has it.
        view: what the networks see.
        basis: the picture under each direction of the basis.
        guide: (R, R) encoded luma of the view, which guides the enlargement.
    """

    mask: ResolvedMask
    view: SmallView
    basis: LightBasis
    guide: torch.Tensor

    def numbers(self) -> bytes:
        """Linear light (34, R, R) in half precision; then brightness, guide, mask in single."""
        side = self.guide.shape[-1]
        weight = crop_mask(self.mask.mask, self.view.box, (side, side))
        maps = torch.cat([self.basis.brightness[None], self.guide[None], weight])
        halves = self.basis.linear.numpy().astype("<f2")
        return halves.tobytes() + maps.numpy().astype("<f4").tobytes()


def prepare(
    relighter: StudioRelighter,
    picture: Picture,
    mask: ResolvedMask,
    directions: Callable[[SmallView], torch.Tensor],
) -> Prepared:
    """``picture`` with its gains, which ``directions`` tells of the small view."""
    rounded = np.rint(mask.mask * 255) / np.float32(255)
    mask = replace(mask, mask=rounded.astype(np.float32))
    view = relighter.look(picture, mask)
    side = view.source.shape[-1]
    guide = luma(crop_picture(picture, view.box, (side, side)))[0]
    basis = light_basis(view, directions(view))
    return Prepared(mask=mask, view=view, basis=basis, guide=guide)


def preview_of(picture: Picture, longest: int) -> Picture:
    """``picture`` in 8 bits, no side longer than ``longest``; the same values where it is small."""
    scale = min(1.0, longest / max(picture.height, picture.width))
    height, width = max(1, round(picture.height * scale)), max(1, round(picture.width * scale))
    maximum = np.float32(picture.maximum)
    if scale == 1 and picture.maximum == 255:
        return picture
    small = cv2.resize(picture.pixels, (width, height), interpolation=cv2.INTER_AREA)
    pixels = np.rint(small * (np.float32(255) / maximum)).astype(np.uint8)
    alpha = None
    if picture.alpha is not None:
        shrunk = cv2.resize(picture.alpha, (width, height), interpolation=cv2.INTER_AREA)
        alpha = np.rint(shrunk * (np.float32(255) / maximum)).astype(np.uint8)
    return replace(picture, pixels=pixels, alpha=alpha)


def seen_in_srgb(picture: Picture) -> Picture:
    """``picture`` of 8 bits as a browser's canvas shows it: converted by its profile to sRGB."""
    if picture.icc_profile is None or picture.was_grey:
        return picture
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.icc_profile))
        described = ImageCms.getProfileDescription(profile)
        if "sRGB" in described:
            return picture
        converted = ImageCms.profileToProfile(
            PillowImage.fromarray(picture.pixels), profile, ImageCms.createProfile("sRGB")
        )
    except (OSError, ImageCms.PyCMSError):  # a profile that lies about itself
        return picture
    return replace(picture, pixels=np.asarray(converted), icc_profile=None)


def cells_of(box: CropBox, side: int) -> tuple[int, int]:
    """Rows and columns of the smooth map that the page makes of ``side`` x ``side`` numbers."""
    scale = min(1.0, SMOOTH_SIDE / max(box.height, box.width))
    return max(side, round(box.height * scale)), max(side, round(box.width * scale))


def mask_at(mask: np.ndarray, height: int, width: int) -> np.ndarray:
    """A mask (H, W) in [0, 1] at another size, uint8."""
    if mask.shape != (height, width):
        shrinks = height <= mask.shape[0]
        kind = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        mask = cv2.resize(mask, (width, height), interpolation=kind)
    return np.rint(mask.clip(0, 1) * 255).astype(np.uint8)


def box_at(box: CropBox, scale: float) -> CropBox:
    """``box`` in the pixels of a picture that is ``scale`` times as large."""
    return CropBox(
        left=round(box.left * scale),
        top=round(box.top * scale),
        width=max(1, round(box.width * scale)),
        height=max(1, round(box.height * scale)),
    )

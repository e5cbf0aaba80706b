"""A picture as its file holds it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """What a file says of its picture, of upright pixels and without a thumbnail.

    Attributes:
        exif: an Exif block as in PNG and WebP, a small TIFF without the sign before it; or None.
        xmp: an XMP packet, or None.
    """

    exif: bytes | None = None
    xmp: bytes | None = None


NO_METADATA = Metadata()


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as its file holds it, turned upright.

    Attributes:
        pixels: (H, W, 3) uint8 or uint16, encoded RGB (sRGB, or what ``icc_profile`` says).
        alpha: (H, W) of the same dtype, straight (not premultiplied); None where opaque.
        icc_profile: the profile of the pixels (of RGB, or of grey if ``was_grey``), or None.
        was_grey: the file held one color channel; the three of ``pixels`` are equal.
        metadata: who took it, when, with what.
        path: where it was read, or None.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None = None
    icc_profile: bytes | None = None
    was_grey: bool = False
    metadata: Metadata = NO_METADATA
    path: Path | None = None

    @property
    def height(self) -> int:
        return self.pixels.shape[0]

    @property
    def width(self) -> int:
        return self.pixels.shape[1]

    @property
    def maximum(self) -> int:
        """The integer that stands for 1.0: 255 or 65535."""
        return int(np.iinfo(self.pixels.dtype).max)

    def image(self) -> torch.Tensor:
        """The whole picture as float32 (3, H, W) in [0, 1]: 12 bytes a pixel."""
        import torch  # here, so that pictures are read while PyTorch is still being imported

        channels = np.ascontiguousarray(self.pixels.transpose(2, 0, 1), dtype=np.float32)
        channels /= self.maximum
        return torch.from_numpy(channels)


def rgb_profile(picture: Picture) -> bytes:
    """The RGB profile of ``picture``; that of sRGB where it has none, or one of grey.

    Files for editors say it aloud: Krita takes 16 bits without a profile for linear light.
    """
    if picture.icc_profile is not None and not is_grey_profile(picture.icc_profile):
        return picture.icc_profile
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile[:24] + bytes(12) + profile[36:]  # without the date, files can be compared


def is_grey_profile(icc_profile: bytes | None) -> bool:
    """Whether a color profile is for pictures of one channel."""
    return icc_profile is not None and icc_profile[16:20] == b"GRAY"

"""What a file says of its picture: Exif and XMP, made true of the upright pixels.

The orientation becomes upright, the size that of the pixels, and the thumbnail, which would show
the picture as it was before, is left out.
"""

from __future__ import annotations

import re

from PIL import ExifTags
from PIL import Image as PillowImage

from lasagna_relight.image_io.picture import Metadata

UPRIGHT = 1
EXIF_SIGN = b"Exif\x00\x00"

_BASE = ExifTags.Base
DESCRIPTIVE_TAGS = (
    _BASE.ImageDescription, _BASE.Make, _BASE.Model, _BASE.Orientation, _BASE.XResolution,
    _BASE.YResolution, _BASE.ResolutionUnit, _BASE.Software, _BASE.DateTime, _BASE.Artist,
    _BASE.HostComputer, _BASE.Rating, _BASE.RatingPercent, _BASE.Copyright, _BASE.XPTitle,
    _BASE.XPComment, _BASE.XPAuthor, _BASE.XPKeywords, _BASE.XPSubject,
)  # fmt: skip
"""Tags of the first directory that speak of the picture and not of how its file is laid out."""

SUBDIRECTORIES = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)

_XMP_ORIENTATION = re.compile(rb"(tiff:Orientation(?:=[\"']|>)\s*)\d")
_XMP_THUMBNAILS = re.compile(rb"<(xmp:Thumbnails)\b.*?</\1>|<(xmpGImg:image)\b.*?</\2>", re.DOTALL)


def read_metadata(opened: PillowImage.Image, width: int, height: int) -> Metadata:
    """The metadata of a decoded image whose upright pixels are ``width`` x ``height``.

    Metadata that cannot be read are left out: the pixels are what counts.
    """
    return Metadata(exif=_upright_exif(opened, width, height), xmp=_upright_xmp(opened))


def _upright_exif(opened: PillowImage.Image, width: int, height: int) -> bytes | None:
    try:
        source, kept = opened.getexif(), PillowImage.Exif()
        for tag in DESCRIPTIVE_TAGS:
            if tag in source:
                kept[tag] = source[tag]
        for tag in SUBDIRECTORIES:
            if entries := source.get_ifd(tag):
                kept._ifds[tag] = dict(entries)  # Pillow has no public way to set one
        if not kept and not kept._ifds:
            return None
        if _BASE.Orientation in kept:
            kept[_BASE.Orientation] = UPRIGHT
        exif = kept.get_ifd(ExifTags.IFD.Exif)
        for tag, length in ((_BASE.ExifImageWidth, width), (_BASE.ExifImageHeight, height)):
            if tag in exif:
                exif[tag] = length
        return kept.tobytes().removeprefix(EXIF_SIGN)
    except Exception:  # damaged metadata may raise anything, here and in the writer
        return None


def _upright_xmp(opened: PillowImage.Image) -> bytes | None:
    packet = opened.info.get("xmp") or opened.info.get("XML:com.adobe.xmp")  # PNG's
    if isinstance(packet, str):
        packet = packet.encode()
    if not isinstance(packet, bytes) or not packet.strip(b"\x00 "):
        return None
    upright = _XMP_ORIENTATION.sub(rb"\g<1>1", packet)
    return _XMP_THUMBNAILS.sub(b"", upright)

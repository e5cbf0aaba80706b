"""TIFF files of 8 or 16 bits, with profile and metadata."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np
import tifffile
from PIL import ExifTags
from PIL import Image as PillowImage
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from lasagna_relight.image_io.metadata import SUBDIRECTORIES
from lasagna_relight.image_io.picture import Metadata

XMP_TAG = 700
BYTE, LONG = 1, 4
FIRST_DIRECTORY = 4
"""Where a TIFF says where its first directory lies."""

ENTRY = 12
"""Bytes of a directory's entry; the first two are the tag."""


def save_tiff(
    path: Path,
    pixels: np.ndarray,
    *,
    alpha: np.ndarray | None,
    icc_profile: bytes | None,
    metadata: Metadata,
) -> None:
    """Write (H, W) or (H, W, 3) integers to ``path``."""
    if alpha is not None:
        pixels = np.dstack([pixels, alpha])
    is_grey = pixels.ndim == 2 or pixels.shape[2] == 2
    tifffile.imwrite(
        path,
        pixels,
        byteorder="<",
        photometric="minisblack" if is_grey else "rgb",
        planarconfig=None if pixels.ndim == 2 else "contig",
        extrasamples=() if alpha is None else ("unassalpha",),
        compression="zlib",
        rowsperstrip=256,
        iccprofile=icc_profile,
        metadata=None,
        software=False,
    )
    if metadata.exif is not None or metadata.xmp is not None:
        with path.open("r+b") as file:
            _add_metadata(file, metadata)


def _add_metadata(file: BinaryIO, metadata: Metadata) -> None:
    """Puts a first directory that also holds ``metadata`` behind the picture, in place of its own.

    tifffile would write neither Exif nor GPS directories.
    """
    exif = PillowImage.Exif()
    if metadata.exif is not None:
        exif.load(metadata.exif)
    added = _empty_directory()
    for tag, value in exif.items():
        if tag not in SUBDIRECTORIES:
            added[tag] = value
    if metadata.xmp is not None:
        added.tagtype[XMP_TAG] = BYTE
        added[XMP_TAG] = metadata.xmp
    for tag in SUBDIRECTORIES:
        entries = exif.get_ifd(tag)
        if not entries:
            continue
        directory = _empty_directory()
        for entry, value in entries.items():
            if entry != ExifTags.IFD.Interop:
                directory[entry] = value
        added.tagtype[tag] = LONG
        added[tag] = _append(file, directory)
    merged = _entries(file, _first_directory(file)) | _entries(file, _append(file, added))
    offset = _even_end(file)
    file.write(struct.pack("<H", len(merged)))
    file.writelines(merged[tag] for tag in sorted(merged))
    file.write(struct.pack("<I", 0))  # no other directory follows
    file.seek(FIRST_DIRECTORY)
    file.write(struct.pack("<I", offset))


def _empty_directory() -> ImageFileDirectory_v2:
    return ImageFileDirectory_v2(ifh=b"II*\x00" + bytes(4))


def _append(file: BinaryIO, directory: ImageFileDirectory_v2) -> int:
    offset = _even_end(file)
    file.write(directory.tobytes(offset))
    return offset


def _even_end(file: BinaryIO) -> int:
    end = file.seek(0, 2)
    file.write(bytes(end % 2))
    return end + end % 2


def _first_directory(file: BinaryIO) -> int:
    file.seek(FIRST_DIRECTORY)
    return struct.unpack("<I", file.read(4))[0]


def _entries(file: BinaryIO, offset: int) -> dict[int, bytes]:
    """The entries of the directory at ``offset``, as they are in the file, by tag."""
    file.seek(offset)
    (count,) = struct.unpack("<H", file.read(2))
    entries = [file.read(ENTRY) for _ in range(count)]
    return {struct.unpack("<H", entry[:2])[0]: entry for entry in entries}

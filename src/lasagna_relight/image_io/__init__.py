"""Pictures in files: read into integers as the file holds them, written whole or not at all."""

from lasagna_relight.image_io.atomic import (
    atomic_path,
    refuse_unwritable,
    remove_half_written,
    whole_files,
)
from lasagna_relight.image_io.picture import Picture, rgb_profile
from lasagna_relight.image_io.reading import MAX_PIXELS, READABLE_SUFFIXES, read_picture
from lasagna_relight.image_io.writing import WRITABLE_SUFFIXES, encode_png, write_picture

__all__ = [
    "MAX_PIXELS",
    "READABLE_SUFFIXES",
    "WRITABLE_SUFFIXES",
    "Picture",
    "atomic_path",
    "encode_png",
    "read_picture",
    "refuse_unwritable",
    "remove_half_written",
    "rgb_profile",
    "whole_files",
    "write_picture",
]

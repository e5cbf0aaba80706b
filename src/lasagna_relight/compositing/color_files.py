"""A color layer in files, in all formats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np

from lasagna_relight.compositing.color_layer import (
    ColorLayer,
    PaintMode,
    composite_colored,
    painted_layer,
)
from lasagna_relight.compositing.layer_paths import COLOR_ENDINGS, layer_format_named, layer_paths
from lasagna_relight.compositing.openraster import write_openraster_painted
from lasagna_relight.compositing.psd import write_psd_painted
from lasagna_relight.compositing.quantization import LayerFile
from lasagna_relight.errors import ImageError
from lasagna_relight.image_io import Picture, atomic_path, rgb_profile, write_picture

NPZ_VERSION = 1
FILE_BITS = 16


def write_color_layers(
    formats: Sequence[str],
    destination: Path,
    picture: Picture,
    layer: ColorLayer,
    *,
    words: str,
    force: bool = False,
) -> list[LayerFile]:
    """Write ``layer`` over ``picture`` beside ``destination`` in every one of ``formats``.

    Raises:
        OutputError: a format is unknown, or a file cannot be written.
    """
    written: list[LayerFile] = []
    for name in formats:
        layer_format = layer_format_named(name)
        (path,) = layer_paths(destination, layer_format, COLOR_ENDINGS)
        if layer_format == "npz":
            written.append(write_color_npz(path, layer, words=words, force=force))
            continue
        painted = painted_layer(layer, bits=FILE_BITS)
        if layer_format == "png":
            write_picture(
                path, painted.pixels, alpha=painted.alpha, icc_profile=rgb_profile(picture),
                force=force,
            )  # fmt: skip
            written.append(LayerFile(path=path, bits=FILE_BITS, gain_error=0.0))
            continue
        flat = composite_colored(picture, layer, bits=FILE_BITS)
        write = write_psd_painted if layer_format == "psd" else write_openraster_painted
        written.append(write(path, picture, painted, flat, force=force))
    return written


def write_color_npz(path: Path, layer: ColorLayer, *, words: str, force: bool = False) -> LayerFile:
    """Write ``layer`` to ``path``: colors (H, W, 3) and cover (H, W) float32, mode, words, version.

    Raises:
        OutputError: ``path`` cannot be written.
    """
    with atomic_path(path, force=force) as temporary:
        np.savez_compressed(
            temporary,
            colors=layer.colors.astype(np.float32),
            cover=layer.cover.astype(np.float32),
            mode=np.array(layer.mode),
            words=np.array(words),
            version=np.array(NPZ_VERSION),
        )
    return LayerFile(path=path, bits=32, gain_error=0.0)


def read_color_npz(path: Path) -> tuple[ColorLayer, str]:
    """The layer and the words that `write_color_npz` wrote to ``path``.

    Raises:
        ImageError: ``path`` is no such file.
    """
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            mode = next(mode for mode in get_args(PaintMode) if mode == str(arrays["mode"]))
            layer = ColorLayer(colors=arrays["colors"], cover=arrays["cover"], mode=mode)
            return layer, str(arrays["words"])
    except Exception as error:  # numpy and zipfile raise many kinds over a damaged file
        raise ImageError(
            f"{path} holds no color layer that can be read: write it again with --layers npz"
        ) from error

"""A mix of lights in files: one pair of layers for each light, where that is exact.

PSD and OpenRaster hold the lights apart (`light_pairs`); where a mix does not come apart, they and
the PNGs hold the whole of it as one pair. A light with a color makes layers with a color.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float

from lasagna_relight.compositing.layer_files import layer_paths
from lasagna_relight.compositing.light_pairs import InseparableError, LightPair, separate_pairs
from lasagna_relight.compositing.openraster import write_openraster_pairs
from lasagna_relight.compositing.psd import write_psd_pairs
from lasagna_relight.compositing.quantization import LayerFile, integer_layers
from lasagna_relight.compositing.stack import composite_picture
from lasagna_relight.errors import ImageError, OutputError
from lasagna_relight.image_io import Picture, atomic_path, write_picture

Mixes = Iterable[tuple[str, Float[np.ndarray, "height width channels"]]]

NPZ_VERSION = 2
"""Version 1 is `layer_files.write_npz`, of a single light."""


def write_mix_layers(
    formats: Sequence[str],
    destination: Path,
    picture: Picture,
    *,
    mixes: Callable[[], Mixes],
    log_gain: Float[np.ndarray, "height width channels"],
    mask: Float[np.ndarray, "height width"],
    recipe_text: str,
    force: bool = False,
) -> list[LayerFile]:
    """Write the mix ``log_gain`` over ``picture`` beside ``destination`` in all ``formats``.

    Args:
        formats: keys of `layer_files.LAYER_ENDINGS`.
        destination: the relit picture.
        picture: the source.
        mixes: starts the growing mixes over; the last of them is ``log_gain``.
        log_gain: (H, W, 1) or (H, W, 3).
        mask: what was relit.
        recipe_text: the lights in JSON, kept in the NPZ.
        force: whether to overwrite.

    Raises:
        OutputError: a format is unknown, or a file cannot be written.
    """
    written: list[LayerFile] = []
    for layer_format in formats:
        match layer_format:
            case "psd":
                (path,) = layer_paths(destination, "psd")
                written.append(
                    _write_pairs(write_psd_pairs, path, picture, mixes, log_gain, force=force)
                )
            case "ora":
                (path,) = layer_paths(destination, "ora")
                written.append(
                    _write_pairs(
                        write_openraster_pairs, path, picture, mixes, log_gain, force=force
                    )
                )
            case "npz":
                (path,) = layer_paths(destination, "npz")
                written.append(write_mix_npz(path, log_gain, mask, recipe_text, force=force))
            case "png":
                shading, lighting = layer_paths(destination, "png")
                written += _write_pngs(shading, lighting, log_gain, force=force)
            case _:
                raise OutputError(f'no layer format is called "{layer_format}"')
    return written


def write_mix_npz(
    path: Path,
    log_gain: Float[np.ndarray, "height width channels"],
    mask: Float[np.ndarray, "height width"],
    recipe_text: str,
    *,
    force: bool = False,
) -> LayerFile:
    """Write the mix to ``path``: log_gain (H, W, 1 or 3) float32, mask uint8, lights, version.

    Raises:
        OutputError: ``path`` cannot be written.
    """
    with atomic_path(path, force=force) as temporary:
        np.savez_compressed(
            temporary,
            log_gain=log_gain.astype(np.float32),
            mask=np.rint(mask * 255).astype(np.uint8),
            lights=np.array(recipe_text),
            version=np.array(NPZ_VERSION),
        )
    return LayerFile(path=path, bits=32, gain_error=0.0)


def read_mix_npz(path: Path) -> tuple[np.ndarray, np.ndarray, str]:
    """Log gain (H, W, channels), mask (H, W) in [0, 1] and lights that `write_mix_npz` wrote.

    Raises:
        ImageError: ``path`` is no such file.
    """
    try:
        with np.load(path) as arrays:
            mask = arrays["mask"].astype(np.float32) / 255
            return arrays["log_gain"], mask, str(arrays["lights"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ImageError(f"{path} holds no mix of lights: write it again with NPZ") from error


def _write_pairs(
    write: Callable[..., LayerFile],
    path: Path,
    picture: Picture,
    mixes: Callable[[], Mixes],
    log_gain: Float[np.ndarray, "height width channels"],
    *,
    force: bool,
) -> LayerFile:
    plain = log_gain[..., 0] if log_gain.shape[2] == 1 else log_gain
    flat = composite_picture(picture, plain, bits=16)
    try:
        return write(path, picture, separate_pairs(mixes(), log_gain), flat, force=force)
    except InseparableError:
        whole = [LightPair(name="All lights", log_gain=log_gain)]
        return write(path, picture, whole, flat, force=force)


def _write_pngs(
    shading: Path,
    lighting: Path,
    log_gain: Float[np.ndarray, "height width channels"],
    *,
    force: bool,
) -> list[LayerFile]:
    planes = [integer_layers(log_gain[..., channel], 16) for channel in range(log_gain.shape[2])]
    error = max(plane.gain_error for plane in planes)
    written: list[LayerFile] = []
    for path, layers in (
        (shading, [plane.shading for plane in planes]),
        (lighting, [plane.lighting for plane in planes]),
    ):
        write_picture(path, layers[0] if len(layers) == 1 else np.dstack(layers), force=force)
        written.append(LayerFile(path=path, bits=16, gain_error=error))
    return written

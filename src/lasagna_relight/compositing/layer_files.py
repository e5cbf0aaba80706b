"""The edit in files, in all formats; the plain ones are written here.

NPZ holds everything as numbers, PNG one 16-bit grey picture per layer; `psd` and `openraster` hold
what editors open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float

from lasagna_relight.compositing.layer_paths import layer_format_named, layer_paths
from lasagna_relight.compositing.openraster import write_openraster
from lasagna_relight.compositing.psd import write_psd
from lasagna_relight.compositing.quantization import LayerFile, integer_layers
from lasagna_relight.compositing.stack import LayerStack, full_size_stack
from lasagna_relight.errors import ImageError
from lasagna_relight.image_io import Picture, atomic_path, read_picture, write_picture
from lasagna_relight.light_direction import LightDirection

NPZ_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class SavedEdit:
    """What an NPZ file holds of an edit.

    Attributes:
        log_gain: (H, W) float32.
        mask: (H, W) float32 in [0, 1], to a 255th.
        direction: where the light stands.
        prompt: the words that asked for it, or None.
    """

    log_gain: Float[np.ndarray, "height width"]
    mask: Float[np.ndarray, "height width"]
    direction: LightDirection
    prompt: str | None

    @property
    def stack(self) -> LayerStack:
        return full_size_stack(self.log_gain)


def write_layers(
    formats: Sequence[str],
    destination: Path,
    picture: Picture,
    edit: SavedEdit,
    *,
    force: bool = False,
) -> list[LayerFile]:
    """Write ``edit`` of ``picture`` beside ``destination`` in every one of ``formats``.

    Raises:
        OutputError: a format is unknown, or a file cannot be written.
    """
    written: list[LayerFile] = []
    for name in formats:
        match layer_format_named(name):
            case "psd":
                (path,) = layer_paths(destination, "psd")
                written.append(write_psd(path, picture, edit.log_gain, force=force))
            case "ora":
                (path,) = layer_paths(destination, "ora")
                written.append(write_openraster(path, picture, edit.log_gain, force=force))
            case "npz":
                (path,) = layer_paths(destination, "npz")
                written.append(write_npz(path, edit, force=force))
            case "png":
                shading, lighting = layer_paths(destination, "png")
                written += write_pngs(shading, lighting, edit.log_gain, force=force)
    return written


def write_npz(path: Path, edit: SavedEdit, *, force: bool = False) -> LayerFile:
    """Write ``edit`` to ``path``: exact log gain, half-precision layers, 8-bit mask.

    Arrays: log_gain (H, W) float32, shading and lighting (H, W) float16, mask (H, W) uint8,
    direction (azimuth, elevation) in degrees, prompt ("" for none), version.

    Raises:
        OutputError: ``path`` cannot be written.
    """
    stack = edit.stack
    with atomic_path(path, force=force) as temporary:
        np.savez_compressed(
            temporary,
            log_gain=edit.log_gain,
            shading=stack.shading[0].numpy().astype(np.float16),
            lighting=stack.lighting[0].numpy().astype(np.float16),
            mask=np.rint(edit.mask * 255).astype(np.uint8),
            direction=np.array([edit.direction.azimuth_deg, edit.direction.elevation_deg]),
            prompt=np.array(edit.prompt or ""),
            version=np.array(NPZ_VERSION),
        )
    return LayerFile(path=path, bits=32, gain_error=0.0)


def read_npz(path: Path) -> SavedEdit:
    """The edit that `write_npz` wrote to ``path``.

    Raises:
        ImageError: ``path`` is no such file.
    """
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            azimuth, elevation = arrays["direction"].tolist()
            return SavedEdit(
                log_gain=arrays["log_gain"],
                mask=arrays["mask"].astype(np.float32) / 255,
                direction=LightDirection(azimuth_deg=azimuth, elevation_deg=elevation),
                prompt=str(arrays["prompt"]) or None,
            )
    except Exception as error:  # numpy and zipfile raise many kinds over a damaged file
        raise ImageError(
            f"{path} holds no layers that can be read: write it again with --layers npz"
        ) from error


def write_pngs(
    shading: Path,
    lighting: Path,
    log_gain: Float[np.ndarray, "height width"],
    *,
    force: bool = False,
) -> list[LayerFile]:
    """Write the two layers as 16-bit grey PNGs: Multiply by one, then Divide by the other.

    Raises:
        OutputError: one of the paths cannot be written.
    """
    layers = integer_layers(log_gain, 16)
    write_picture(shading, layers.shading, force=force)
    write_picture(lighting, layers.lighting, force=force)
    return [
        LayerFile(path=path, bits=16, gain_error=layers.gain_error) for path in (shading, lighting)
    ]


def read_pngs(shading: Path, lighting: Path) -> LayerStack:
    """The stack whose layers are the grey pictures in two files.

    Raises:
        ImageError: one of them cannot be read, or they differ in size.
    """
    dark, bright = read_picture(shading), read_picture(lighting)
    if dark.pixels.shape != bright.pixels.shape:
        raise ImageError(f"{shading} and {lighting} differ in size: use two layers of one picture")
    layers = [
        torch.as_tensor(picture.pixels[None, ..., 0].astype(np.float32) / picture.maximum)
        for picture in (dark, bright)
    ]
    return LayerStack(shading=layers[0], lighting=layers[1])

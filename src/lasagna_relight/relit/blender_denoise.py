"""OpenImageDenoise over the pictures of a view. Part of the worker's program; needs pyoidn."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from blender_meshes import RenderError  # pyright: ignore[reportMissingImports]

CEILING = 1000.0
"""Radiance above this is cut: mirror images of the sun would overflow half floats."""
FEW_SAMPLES = 4
"""From so many light paths a pixel and light on, the larger network is worth its time."""


def denoised(
    pictures: np.ndarray, albedo: np.ndarray, normals: np.ndarray, *, samples: int
) -> np.ndarray:
    """Linear, premultiplied pictures (L, 3, H, W), guided by ``albedo`` and ``normals`` (3, H, W).

    The guides count as clean: they have the samples of all lights. All pictures are denoised on
    one scale, where white is 1. ``samples`` are the light paths of a pixel in one picture.

    Raises:
        RenderError: the denoiser fails.
    """
    import pyoidn  # here, so that the worker runs without it where nothing is to be denoised

    images = {"albedo": _interleaved(albedo), "normal": _interleaved(normals)}
    images |= {name: np.zeros_like(images["albedo"]) for name in ("color", "output")}
    quality = pyoidn.OIDN_QUALITY_FAST if samples < FEW_SAMPLES else pyoidn.OIDN_QUALITY_BALANCED
    device = denoiser()
    clean = np.empty_like(pictures)
    with pyoidn.Filter(device) as network:
        for name, image in images.items():
            network.set_image(name, image, pyoidn.OIDN_FORMAT_FLOAT3)
        for name in ("hdr", "cleanAux"):
            network.set_bool(name, True)
        network.set_float("inputScale", 1.0)
        network.set_quality(quality)
        network.commit()
        for picture, result in zip(np.minimum(pictures, CEILING), clean, strict=True):
            images["color"][:] = _interleaved(picture)
            network.execute()
            result[:] = np.maximum(images["output"].transpose(2, 0, 1), 0)
    if error := device.get_error():
        raise RenderError(f"OpenImageDenoise: {error}")
    return clean


@functools.cache
def denoiser() -> Any:
    """OpenImageDenoise's device, one for the life of the process."""
    import pyoidn

    device = pyoidn.Device()
    device.commit()
    if error := device.get_error():
        raise RenderError(f"OpenImageDenoise: {error}")
    return device


def _interleaved(picture: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(picture.transpose(1, 2, 0))

"""Environment maps: a panorama of the light around, projected onto the basis.

The map is equirectangular, as taken by somebody who looks where the camera looks: its middle is
what lies behind the object, its right half what lies to the picture's right, its left and right
ends what lies behind the camera. Every pixel is a distant light of its color and solid angle, and
is shared among the directions of the basis as any light is (`basis.basis_weights`), so it keeps
its irradiance as a vector. Source: Debevec, "Rendering Synthetic Objects into Real Scenes", 1998,
for the use; the projection is that of `relighting.basis`.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float

from lasagna_relight.color import LUMINANCE_WEIGHTS, srgb_to_linear
from lasagna_relight.errors import ImageError
from lasagna_relight.image_io import MAX_PIXELS, read_picture
from lasagna_relight.relighting.basis import basis_weights
from lasagna_relight.relighting.lights import DirectionWeights, Environment

ROWS = 64
"""Panoramas are reduced to 64 x 128 lights: 2.8 degrees each, finer than the basis."""

FLOAT_SUFFIXES = (".hdr", ".pic", ".exr")
Radiance = Float[np.ndarray, "rows columns 3"]


def read_environment(
    path: str | Path, *, intensity: float = 1.0, turn_deg: float = 0.0
) -> Environment:
    """The environment in an HDR, EXR, or any picture file, seen as sRGB.

    ``turn_deg`` turns the surrounding around the object, positive to the right.

    Raises:
        ImageError: the file cannot be read, or is dark all over.
        InputError: the intensity is outside 0..4.
    """
    path = Path(path)
    weights = project_panorama(read_panorama(path), turn_deg=turn_deg)
    if weights is None:
        raise ImageError(f"{path} holds no light: choose a panorama that is not black")
    return Environment(weights=weights, intensity=intensity)


def read_panorama(path: Path) -> Radiance:
    """Linear light of a panorama, (H, W, 3) float32, never negative.

    Raises:
        ImageError: the file is missing, damaged, too large, or of a kind that is not read.
    """
    suffix = path.suffix.lower()
    if suffix not in FLOAT_SUFFIXES:
        picture = read_picture(path)
        return srgb_to_linear(picture.image()).permute(1, 2, 0).numpy()
    if not path.is_file():
        raise ImageError(f"{path} does not exist: check the name")
    read = _read_exr if suffix == ".exr" else _read_hdr
    try:
        radiance = read(path)
    except ImageError:
        raise
    except Exception as error:  # decoders of hostile bytes may raise anything
        raise ImageError(
            f"{path} is damaged, or no {suffix[1:].upper()}: get a whole copy"
        ) from error
    # a sun may overflow half floats: the largest finite value stands for it
    largest = float(np.finfo(np.float16).max)
    return np.nan_to_num(radiance, nan=0.0, posinf=largest, neginf=0.0).clip(min=0)


def project_panorama(radiance: Radiance, *, turn_deg: float = 0.0) -> DirectionWeights | None:
    """Weights (34, 3) of the basis under a panorama; None if it is dark.

    The luminance of all its light, over the whole sphere, is that of one white light of
    intensity 1; hues and shares are the panorama's own.
    """
    lights = _reduced_with_solid_angles(radiance)
    luminance = float((lights @ np.asarray(LUMINANCE_WEIGHTS)).sum())
    if not (math.isfinite(luminance) and luminance > 0):
        return None
    rows, columns = lights.shape[:2]
    elevation = (0.5 - (np.arange(rows) + 0.5) / rows) * math.pi
    yaw = ((np.arange(columns) + 0.5) / columns - 0.5) * 2 * math.pi + math.radians(turn_deg)
    vectors = np.empty((rows, columns, 3))
    vectors[..., 0] = np.cos(elevation)[:, None] * np.sin(yaw)
    vectors[..., 1] = np.sin(elevation)[:, None]
    vectors[..., 2] = -np.cos(elevation)[:, None] * np.cos(yaw)
    shares = basis_weights(torch.as_tensor(vectors.reshape(-1, 3), dtype=torch.float32))
    total = shares.double().T @ torch.as_tensor(lights.reshape(-1, 3) / luminance)
    return total.float()


def _reduced_with_solid_angles(radiance: Radiance) -> Float[np.ndarray, "rows columns 3"]:
    """Radiance times solid angle of at most 64 x 128 patches; their sum is that of all pixels."""
    import cv2

    rows, columns = radiance.shape[:2]
    elevation = (0.5 - (np.arange(rows) + 0.5) / rows) * math.pi
    flux = radiance * np.cos(elevation).astype(np.float32)[:, None, None]
    height, width = min(rows, ROWS), min(columns, 2 * ROWS)
    reduced = cv2.resize(flux, (width, height), interpolation=cv2.INTER_AREA)
    return reduced.astype(np.float64).reshape(height, width, 3)


def _read_hdr(path: Path) -> Radiance:
    import cv2

    with path.open("rb") as file:
        if file.read(2) != b"#?":
            raise ImageError(f"{path} is no Radiance picture: save the panorama as HDR, EXR or PNG")
    decoded = cv2.imdecode(np.fromfile(path, dtype=np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.ndim != 3:
        raise ImageError(f"{path} is damaged or cut short: get a whole copy of it")
    return cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB).astype(np.float32)


def _read_exr(path: Path) -> Radiance:
    import OpenEXR

    with path.open("rb") as bytes_:
        if bytes_.read(4) != b"\x76\x2f\x31\x01":
            raise ImageError(f"{path} is no OpenEXR picture: save the panorama as HDR, EXR or PNG")
    with OpenEXR.File(str(path), header_only=True) as header:
        (left, top), (right, bottom) = header.header()["dataWindow"]
        if (right - left + 1) * (bottom - top + 1) > MAX_PIXELS:
            raise ImageError(f"{path} has too many pixels: scale the panorama down first")
    with OpenEXR.File(str(path), separate_channels=True) as file:
        channels = file.channels()
        names = ("R", "G", "B") if "R" in channels else ("Y", "Y", "Y")
        missing = [name for name in names if name not in channels]
        if missing:
            raise ImageError(f"{path} has no channels R, G, B: save the panorama as plain RGB")
        planes = [np.asarray(channels[name].pixels, dtype=np.float32) for name in names]
    return np.stack(planes, axis=-1)

"""Photometric-stereo sets in the layouts in which their authors published them.

- DiLiGenT (Shi et al., CVPR 2016): a folder for each object with ``filenames.txt``,
  ``light_directions.txt``, ``light_intensities.txt``, ``mask.png`` and linear 16-bit pictures.
- UW (``psmImages``): a folder for each object with ``NAME.0.tga`` ... and ``NAME.mask.tga``; the
  lights come from ``lights.txt``, or from the highlight on the ball in ``chrome``.
- Harvard (Xiong et al., PAMI 2015): a folder for each object with ``Objects/Image_01.png`` ...,
  ``mask.png`` and ``light_directions.txt``, there or in ``LightProbe-1`` and ``LightProbe-2``.

None of them names pairs; `light_pairs` chooses them.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lasagna_relight.color import linear_to_srgb
from lasagna_relight.errors import DatasetError
from lasagna_relight.evaluation.photometric_folder import (
    LENGTH_TOLERANCE,
    read_lights_of,
    read_lines,
    read_vectors,
)
from lasagna_relight.image_io import READABLE_SUFFIXES, Picture, read_picture
from lasagna_relight.light_direction import LightDirection

HIGHLIGHT = 0.9
"""Share of the brightest value above which a pixel of the chrome ball belongs to the highlight."""

WHITE_QUANTILE = 0.995
"""Linear pictures are exposed so that this share of their object's values is below white."""


@dataclass(frozen=True, kw_only=True)
class PhotographSet:
    """One object from one place under many lights.

    Attributes:
        name: of the object.
        lights: where the light stands, by name of the picture.
        mask: path of the object's mask.
        read: the picture of a name, sRGB-encoded.
    """

    name: str
    lights: dict[str, LightDirection]
    mask: Path
    read: Callable[[str], Picture]


def read_published(folder: Path) -> list[PhotographSet]:
    """Every object below ``folder``, whichever of the three layouts it has.

    Raises:
        DatasetError: no object is found, or one lacks its mask, its lights or a picture.
    """
    places = [folder, *sorted(place for place in folder.iterdir() if place.is_dir())]
    found = []
    for place in places:
        if (place / "light_intensities.txt").is_file():
            found.append(_diligent(place))
        elif (place / "Objects").is_dir():
            found.append(_harvard(place))
        elif (place / f"{place.name}.0.tga").is_file() and place.name != "chrome":
            found.append(_uw(place))
    if not found:
        raise DatasetError(
            f"{folder}: no cases: give a folder with pairs.json, ReLiT shards, pictures, or the "
            "sets of DiLiGenT, UW or Harvard as they are published"
        )
    return found


def _diligent(place: Path) -> PhotographSet:
    lights = read_lights_of(place)
    listed = read_vectors(place / "light_intensities.txt", unit=False)
    if len(listed) != len(lights):
        raise DatasetError(
            f"{place / 'light_intensities.txt'}: {len(listed)} intensities for {len(lights)} "
            "pictures: give one for each"
        )
    intensities = dict(zip(lights, listed, strict=True))
    mask = read_picture(place / "mask.png").pixels[..., 0] > 0

    def read(name: str) -> Picture:
        import torch

        linear = read_picture(place / name)
        values = (
            linear.pixels.astype(np.float32)
            / linear.maximum
            / np.array(intensities[name], dtype=np.float32)
        )
        values = values / max(float(np.quantile(values[mask], WHITE_QUANTILE)), 1e-6)
        encoded = linear_to_srgb(torch.from_numpy(values).clamp(0, 1)).numpy()
        return Picture(pixels=np.rint(encoded * 65535).astype(np.uint16), path=place / name)

    return PhotographSet(name=place.name, lights=lights, mask=place / "mask.png", read=read)


def _harvard(place: Path) -> PhotographSet:
    masks = [p for p in (place / "mask.png", place / "Objects" / "mask.png") if p.is_file()]
    if not masks:
        raise DatasetError(f"{place}: mask.png is missing: paint the object white on black")
    probes = [place / "light_directions.txt"]
    if not probes[0].is_file():
        probes = sorted(place.glob("LightProbe-*/light_directions.txt"))
    if not probes:
        raise DatasetError(f"{place}: light_directions.txt is missing, and so are its light probes")
    names = sorted(
        path.name
        for path in (place / "Objects").iterdir()
        if path.suffix.lower() in READABLE_SUFFIXES and path.stem.startswith("Image")
    )
    vectors = np.mean([read_vectors(path) for path in probes], axis=0)
    return PhotographSet(
        name=place.name,
        lights=_lights_of(names, vectors, probes[0]),
        mask=masks[0],
        read=lambda name: read_picture(place / "Objects" / name),
    )


def _uw(place: Path) -> PhotographSet:
    mask = place / f"{place.name}.mask.tga"
    if not mask.is_file():
        raise DatasetError(f"{mask}: the mask is missing: paint the object white on black")
    pattern = re.compile(rf"{re.escape(place.name)}\.(\d+)\.tga")
    numbered = sorted(
        (int(m[1]), m[0]) for p in place.iterdir() if (m := pattern.fullmatch(p.name))
    )
    names = [name for _, name in numbered]
    table = place.parent / "lights.txt"
    if table.is_file():
        lines = read_lines(table)
        vectors = np.array(read_vectors(table, skip=1 if len(lines[0].split()) == 1 else 0))
    else:
        vectors, table = (
            _chrome_lights(place.parent / "chrome", len(names)),
            place.parent / "chrome",
        )
    return PhotographSet(
        name=place.name,
        lights=_lights_of(names, vectors, table),
        mask=mask,
        read=lambda name: read_picture(place / name),
    )


def _lights_of(names: list[str], vectors: np.ndarray, path: Path) -> dict[str, LightDirection]:
    if len(names) != len(vectors):
        raise DatasetError(
            f"{path}: {len(vectors)} directions for {len(names)} pictures: give one for each"
        )
    lights = {}
    for name, (x, y, z) in zip(names, vectors, strict=True):
        lights[name] = LightDirection.from_vector((float(x), float(y), float(z)))
    return lights


def _chrome_lights(place: Path, count: int) -> np.ndarray:
    """(count, 3) unit vectors: the view reflected at the highlight on a mirror ball."""
    mask_path = place / "chrome.mask.tga"
    if not mask_path.is_file():
        raise DatasetError(f"{place.parent}: lights.txt is missing, and so is {mask_path.name}")
    ball = read_picture(mask_path).pixels.max(-1) > 127
    rows, columns = np.nonzero(ball)
    center = np.array([columns.mean(), rows.mean()])
    radius = math.sqrt(ball.sum() / math.pi)
    vectors = []
    for number in range(count):
        values = (
            read_picture(place / f"chrome.{number}.tga").pixels.astype(np.float32).mean(-1) * ball
        )
        down, across = np.nonzero(values >= HIGHLIGHT * values.max())
        x, y = (across.mean() - center[0]) / radius, -(down.mean() - center[1]) / radius
        normal = np.array([x, y, math.sqrt(max(0.0, 1 - x * x - y * y))])
        vectors.append(2 * normal[2] * normal - np.array([0.0, 0.0, 1.0]))
    lengths = np.linalg.norm(vectors, axis=1)
    if not (abs(lengths - 1) <= LENGTH_TOLERANCE).all():
        raise DatasetError(f"{place}: a highlight lies outside the ball: check chrome.mask.tga")
    return np.array(vectors)

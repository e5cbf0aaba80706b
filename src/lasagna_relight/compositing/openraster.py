"""The edit as an OpenRaster file, which Krita, MyPaint, GIMP and others open.

Bottom to top: Source; Shading, svg:multiply; Lighting, svg:color-dodge. OpenRaster has no Divide,
and needs none: dividing by l is Color Dodge with 1 - l, which is what the Lighting layer holds
here. An alpha is a fourth layer, svg:dst-in, that cuts out an isolated group of the three, which
are opaque. All pictures inside are RGB and carry one profile, so that no program converts one of
them. A mix of lights has several pairs of Shading and Lighting. Source: https://www.openraster.org/baseline/layer-stack-spec.html
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from jaxtyping import Float

from lasagna_relight.compositing.color_layer import PaintedLayer
from lasagna_relight.compositing.crop import CropBox, crop_mask, crop_picture
from lasagna_relight.compositing.light_pairs import LightPair
from lasagna_relight.compositing.quantization import LayerFile, integer_layers
from lasagna_relight.compositing.stack import composite_picture
from lasagna_relight.image_io import (
    Picture,
    atomic_path,
    encode_png,
    refuse_unwritable,
    rgb_profile,
)

THUMBNAIL_SIDE = 256

Content = tuple[str, np.ndarray, np.ndarray | None]
"""Name, colors and alpha of a picture in the archive."""


def write_openraster(
    path: Path,
    picture: Picture,
    log_gain: Float[np.ndarray, "height width"],
    *,
    bits: int = 16,
    force: bool = False,
) -> LayerFile:
    """Write ``picture`` and the layers of ``log_gain`` to ``path``, with their flat composite.

    ``bits`` is 8 or 16.

    Raises:
        OutputError: ``path`` cannot be written.
    """
    pair = LightPair(name="", log_gain=log_gain[..., None])
    return write_openraster_pairs(
        path, picture, [pair], composite_picture(picture, log_gain, bits=bits), force=force
    )


def write_openraster_pairs(
    path: Path,
    picture: Picture,
    pairs: Iterable[LightPair],
    flat: Picture,
    *,
    force: bool = False,
) -> LayerFile:
    """Write ``picture`` and the layers of ``pairs``, lowest first, and their composite ``flat``.

    The depth is that of ``flat``. One pair at a time is held in memory.

    Raises:
        OutputError: ``path`` cannot be written.
    """
    refuse_unwritable(path, force=force)
    bits = 8 * flat.pixels.dtype.itemsize
    written = _LayersWritten()
    _write_archive(path, picture, _layers(pairs, bits, written), written, flat, force=force)
    return LayerFile(path=path, bits=bits, gain_error=written.gain_error)


def write_openraster_painted(
    path: Path,
    picture: Picture,
    layer: PaintedLayer,
    flat: Picture,
    *,
    force: bool = False,
) -> LayerFile:
    """Write ``picture``, one layer with colors and an alpha over it, and their composite ``flat``.

    The depth is that of ``flat`` and of the layer.

    Raises:
        OutputError: ``path`` cannot be written.
    """
    refuse_unwritable(path, force=force)
    operator = "svg:src-over" if layer.mode == "color" else "svg:color"
    written = _LayersWritten(layers=[(layer.name, "data/color.png", operator)], group="Colored")
    contents = iter([("data/color.png", layer.pixels, layer.alpha)])
    _write_archive(path, picture, contents, written, flat, force=force)
    return LayerFile(path=path, bits=8 * flat.pixels.dtype.itemsize, gain_error=0.0)


def _write_archive(
    path: Path,
    picture: Picture,
    layers: Iterator[Content],
    written: _LayersWritten,
    flat: Picture,
    *,
    force: bool,
) -> None:
    profile = rgb_profile(picture)
    bits = 8 * flat.pixels.dtype.itemsize
    with (
        atomic_path(path, force=force) as temporary,
        # PNG is compressed already; and the mimetype must lie first, bare, where readers look.
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive,
    ):
        archive.writestr("mimetype", "image/openraster")
        for contents in (_source(picture, bits), layers, _flat(flat)):
            for name, colors, alpha in contents:
                archive.writestr(name, encode_png(colors, alpha=alpha, icc_profile=profile))
        archive.writestr("stack.xml", _stack_xml(picture, written))


@dataclass
class _LayersWritten:
    """What `_layers` has yielded so far: name, file and operator of each, the lowest first."""

    layers: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    gain_error: float = 0.0
    group: str = "Relit"


def _source(picture: Picture, bits: int) -> Iterator[Content]:
    unedited = np.broadcast_to(np.float32(0), picture.pixels.shape[:2])
    source = composite_picture(picture, unedited, bits=bits)
    yield "data/source.png", source.pixels, None
    if source.alpha is not None:
        yield "data/alpha.png", _as_rgb(np.full_like(source.alpha, source.maximum)), source.alpha


def _layers(pairs: Iterable[LightPair], bits: int, written: _LayersWritten) -> Iterator[Content]:
    """The two pictures of every pair, one at a time."""
    for index, pair in enumerate(pairs):
        planes = [integer_layers(plane, bits) for plane in pair.planes]
        number = f"{index + 1}" if pair.name else ""
        shading, lighting = f"data/shading{number}.png", f"data/lighting{number}.png"
        yield shading, _as_rgb(*(plane.shading for plane in planes)), None
        yield lighting, _as_rgb(*(np.invert(plane.lighting) for plane in planes)), None
        written.layers.append((pair.layer_name("Shading"), shading, "svg:multiply"))
        written.layers.append((pair.layer_name("Lighting"), lighting, "svg:color-dodge"))
        written.gain_error = max(written.gain_error, *(plane.gain_error for plane in planes))


def _flat(flat: Picture) -> Iterator[Content]:
    yield "mergedimage.png", flat.pixels, flat.alpha
    yield "Thumbnails/thumbnail.png", *_thumbnail(flat)


def _as_rgb(*planes: np.ndarray) -> np.ndarray:
    """(H, W, 3) of three planes, or of one for all three."""
    return np.dstack(planes if len(planes) == 3 else planes * 3)


def _thumbnail(flat: Picture) -> tuple[np.ndarray, np.ndarray | None]:
    box = CropBox.whole(flat)
    scale = min(1.0, THUMBNAIL_SIDE / max(flat.height, flat.width))
    size = (max(1, round(flat.height * scale)), max(1, round(flat.width * scale)))
    colors = crop_picture(flat, box, size).mul(255).round().byte().permute(1, 2, 0).numpy()
    if flat.alpha is None:
        return colors, None
    cover = crop_mask(flat.alpha.astype(np.float32) / flat.maximum, box, size)
    return colors, cover[0].mul(255).round().byte().numpy()


def _stack_xml(picture: Picture, written: _LayersWritten) -> bytes:
    size = {"w": str(picture.width), "h": str(picture.height)}
    image = ElementTree.Element("image", {"version": "0.0.5", **size})
    stack = ElementTree.SubElement(image, "stack")
    layers = [("Source", "data/source.png", "svg:src-over"), *written.layers]
    if picture.alpha is not None:
        stack = ElementTree.SubElement(
            stack, "stack", {"name": written.group, "isolation": "isolate"}
        )
        layers.append(("Alpha", "data/alpha.png", "svg:dst-in"))
    for name, source, operator in reversed(layers):
        attributes = {"name": name, "src": source, "composite-op": operator, "x": "0", "y": "0"}
        attributes |= {"opacity": "1.0", "visibility": "visible"}
        ElementTree.SubElement(stack, "layer", attributes)
    return ElementTree.tostring(image, encoding="UTF-8", xml_declaration=True)

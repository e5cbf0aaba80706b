"""The edit as an OpenRaster file, which Krita, MyPaint, GIMP and others open.

Bottom to top: Source; Shading, svg:multiply; Lighting, svg:color-dodge. OpenRaster has no Divide,
and needs none: dividing by l is Color Dodge with 1 - l, which is what the Lighting layer holds
here. An alpha is a fourth layer, svg:dst-in, that cuts out an isolated group of the three, which
are opaque. All pictures inside are RGB and carry one profile, so that no program converts one of
them. Source: https://www.openraster.org/baseline/layer-stack-spec.html
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from jaxtyping import Float

from lasagna_relight.compositing.crop import CropBox, crop_mask, crop_picture
from lasagna_relight.compositing.quantization import IntegerLayers, LayerFile, integer_layers
from lasagna_relight.compositing.stack import composite_picture
from lasagna_relight.image_io import (
    Picture,
    atomic_path,
    encode_png,
    refuse_unwritable,
    rgb_profile,
)

THUMBNAIL_SIDE = 256

_LAYERS_TOP_DOWN = (
    ("Alpha", "data/alpha.png", "svg:dst-in"),
    ("Lighting", "data/lighting.png", "svg:color-dodge"),
    ("Shading", "data/shading.png", "svg:multiply"),
    ("Source", "data/source.png", "svg:src-over"),
)


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
    refuse_unwritable(path, force=force)
    layers = integer_layers(log_gain, bits)
    profile = rgb_profile(picture)
    with (
        atomic_path(path, force=force) as temporary,
        # PNG is compressed already; and the mimetype must lie first, bare, where readers look.
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive,
    ):
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("stack.xml", _stack_xml(picture))
        for name, colors, alpha in _contents(picture, log_gain, layers):
            archive.writestr(name, encode_png(colors, alpha=alpha, icc_profile=profile))
    return LayerFile(path=path, bits=bits, gain_error=layers.gain_error)


def _contents(
    picture: Picture, log_gain: np.ndarray, layers: IntegerLayers
) -> Iterator[tuple[str, np.ndarray, np.ndarray | None]]:
    """Name, colors and alpha of every picture inside, one at a time."""
    unedited = np.broadcast_to(np.float32(0), log_gain.shape)
    source = composite_picture(picture, unedited, bits=layers.bits)
    yield "data/source.png", source.pixels, None
    if source.alpha is not None:
        yield "data/alpha.png", _as_rgb(np.full_like(source.alpha, source.maximum)), source.alpha
    del source
    yield "data/shading.png", _as_rgb(layers.shading), None
    yield "data/lighting.png", _as_rgb(np.invert(layers.lighting)), None
    flat = composite_picture(picture, log_gain, bits=layers.bits)
    yield "mergedimage.png", flat.pixels, flat.alpha
    yield "Thumbnails/thumbnail.png", *_thumbnail(flat)


def _as_rgb(layer: np.ndarray) -> np.ndarray:
    return np.repeat(layer[..., None], 3, axis=2)


def _thumbnail(flat: Picture) -> tuple[np.ndarray, np.ndarray | None]:
    box = CropBox.whole(flat)
    scale = min(1.0, THUMBNAIL_SIDE / max(flat.height, flat.width))
    size = (max(1, round(flat.height * scale)), max(1, round(flat.width * scale)))
    colors = crop_picture(flat, box, size).mul(255).round().byte().permute(1, 2, 0).numpy()
    if flat.alpha is None:
        return colors, None
    cover = crop_mask(flat.alpha.astype(np.float32) / flat.maximum, box, size)
    return colors, cover[0].mul(255).round().byte().numpy()


def _stack_xml(picture: Picture) -> bytes:
    size = {"w": str(picture.width), "h": str(picture.height)}
    image = ElementTree.Element("image", {"version": "0.0.5", **size})
    stack = ElementTree.SubElement(image, "stack")
    layers = _LAYERS_TOP_DOWN[1:]
    if picture.alpha is not None:
        stack = ElementTree.SubElement(stack, "stack", {"name": "Relit", "isolation": "isolate"})
        layers = _LAYERS_TOP_DOWN
    for name, source, operator in layers:
        attributes = {"name": name, "src": source, "composite-op": operator, "x": "0", "y": "0"}
        attributes |= {"opacity": "1.0", "visibility": "visible"}
        ElementTree.SubElement(stack, "layer", attributes)
    return ElementTree.tostring(image, encoding="UTF-8", xml_declaration=True)

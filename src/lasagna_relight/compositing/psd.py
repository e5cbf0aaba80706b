"""The edit as a layered PSD: Source, Shading (Multiply) and Lighting (Divide), bottom to top.

A mix of lights has several such pairs, one over the other, of one plane or of three. A colored
picture has one layer instead, with colors and an alpha.

16 bits a channel unless told otherwise, the layers in an ``Lr16`` block as Photoshop writes them.
psd-tools' own way to such layers makes floating point copies of the whole picture; its structures
are filled here directly, plane by plane. Source: Adobe Photoshop File Formats Specification.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from lasagna_relight.compositing.color_layer import PaintedLayer
from lasagna_relight.compositing.light_pairs import LightPair
from lasagna_relight.compositing.quantization import LayerFile, integer_layers
from lasagna_relight.compositing.stack import composite_picture
from lasagna_relight.errors import OutputError
from lasagna_relight.image_io import Picture, atomic_path, refuse_unwritable, rgb_profile

if TYPE_CHECKING:
    from psd_tools.constants import BlendMode, ChannelID
    from psd_tools.psd.image_data import ImageData
    from psd_tools.psd.image_resources import ImageResources
    from psd_tools.psd.layer_and_mask import (
        ChannelData,
        ChannelDataList,
        LayerAndMaskInformation,
        LayerRecord,
    )

MAX_SIDE = 30_000
"""The format holds no more pixels a side."""


def write_psd(
    path: Path,
    picture: Picture,
    log_gain: Float[np.ndarray, "height width"],
    *,
    bits: int = 16,
    force: bool = False,
) -> LayerFile:
    """Write ``picture`` and the layers of ``log_gain`` to ``path``, with their flat composite.

    ``bits`` is 8 or 16. With an alpha, the three layers are opaque, in a group whose mask is the
    alpha. The picture's RGB profile is kept; without one, the file says sRGB.

    Raises:
        OutputError: more than 30,000 pixels a side; or ``path`` cannot be written.
    """
    pair = LightPair(name="", log_gain=log_gain[..., None])
    return write_psd_pairs(
        path, picture, [pair], composite_picture(picture, log_gain, bits=bits), force=force
    )


def write_psd_pairs(
    path: Path,
    picture: Picture,
    pairs: Iterable[LightPair],
    flat: Picture,
    *,
    force: bool = False,
) -> LayerFile:
    """Write ``picture`` and the layers of ``pairs``, lowest first, and their composite ``flat``.

    The depth is that of ``flat``. One pair at a time is held in memory, unpacked.

    Raises:
        OutputError: more than 30,000 pixels a side; or ``path`` cannot be written.
    """
    bits = 8 * flat.pixels.dtype.itemsize
    _refuse_unwritable_psd(path, picture, force=force)
    built, gain_error = _pairs_of_layers(pairs, bits)
    _write_document(path, picture, built, flat, group="Relit", force=force)
    return LayerFile(path=path, bits=bits, gain_error=gain_error)


def write_psd_painted(
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
        OutputError: more than 30,000 pixels a side; or ``path`` cannot be written.
    """
    from psd_tools.constants import BlendMode

    _refuse_unwritable_psd(path, picture, force=force)
    mode = BlendMode.NORMAL if layer.mode == "color" else BlendMode.COLOR
    planes = [layer.pixels[..., channel] for channel in range(3)]
    built = [_layer(layer.name, planes, mode, cover=layer.alpha)]
    _write_document(path, picture, built, flat, group="Colored", force=force)
    return LayerFile(path=path, bits=8 * flat.pixels.dtype.itemsize, gain_error=0.0)


def _refuse_unwritable_psd(path: Path, picture: Picture, *, force: bool) -> None:
    if max(picture.height, picture.width) > MAX_SIDE:
        raise OutputError(
            f"{path} cannot hold {picture.width} x {picture.height} pixels, PSD ends at "
            f"{MAX_SIDE} a side: use --layers ora"
        )
    refuse_unwritable(path, force=force)


def _write_document(
    path: Path,
    picture: Picture,
    built: list[tuple[LayerRecord, ChannelDataList]],
    flat: Picture,
    *,
    group: str,
    force: bool,
) -> None:
    """The source, the layers ``built`` over it, lowest first, and their composite."""
    from psd_tools.constants import ColorMode
    from psd_tools.psd.document import PSD
    from psd_tools.psd.header import FileHeader

    bits = 8 * flat.pixels.dtype.itemsize
    section = _layer_section(picture, built, bits, group)
    header = FileHeader(
        channels=3 if picture.alpha is None else 4,
        height=picture.height,
        width=picture.width,
        depth=bits,
        color_mode=ColorMode.RGB,
    )
    document = PSD(
        header=header,
        image_resources=_resources(rgb_profile(picture)),
        layer_and_mask_information=section,
    )
    document.image_data = _merged(flat)
    with atomic_path(path, force=force) as temporary, temporary.open("wb") as file:
        document.write(file)


def _pairs_of_layers(
    pairs: Iterable[LightPair], bits: int
) -> tuple[list[tuple[LayerRecord, ChannelDataList]], float]:
    """The layers, packed, and the largest error of the gain in any of them."""
    from psd_tools.constants import BlendMode

    built: list[tuple[LayerRecord, ChannelDataList]] = []
    gain_error = 0.0
    for pair in pairs:
        planes = [integer_layers(plane, bits) for plane in pair.planes]
        shading, lighting = [p.shading for p in planes], [p.lighting for p in planes]
        built.append(_layer(pair.layer_name("Shading"), shading, BlendMode.MULTIPLY))
        built.append(_layer(pair.layer_name("Lighting"), lighting, BlendMode.DIVIDE))
        gain_error = max(gain_error, *(plane.gain_error for plane in planes))
    return built, gain_error


def _layer_section(
    picture: Picture, built: list[tuple[LayerRecord, ChannelDataList]], bits: int, group: str
) -> LayerAndMaskInformation:
    """Source and layers; with an alpha, in a masked group of that name."""
    from psd_tools.constants import BlendMode, Tag
    from psd_tools.psd.layer_and_mask import (
        ChannelImageData,
        GlobalLayerMaskInfo,
        LayerAndMaskInformation,
        LayerInfo,
        LayerRecords,
    )
    from psd_tools.psd.tagged_blocks import TaggedBlocks

    unedited = np.broadcast_to(np.float32(0), picture.pixels.shape[:2])
    source = composite_picture(picture, unedited, bits=bits)
    colors = [source.pixels[..., channel] for channel in range(3)]
    built = [_layer("Source", colors, BlendMode.NORMAL), *built]
    if source.alpha is not None:
        built = [_group_end(), *built, _masked_group(group, source.alpha)]
    # A negative count: the fourth channel of the merged picture is its transparency.
    count = len(built) if source.alpha is None else -len(built)
    records = LayerRecords([record for record, _ in built])
    channels = ChannelImageData([channels for _, channels in built])
    if bits == 8:
        return LayerAndMaskInformation(layer_info=LayerInfo(count, records, channels))
    blocks = TaggedBlocks()
    blocks.set_data(Tag.LAYER_16, count, records, channels)
    return LayerAndMaskInformation(
        layer_info=LayerInfo(),
        global_layer_mask_info=GlobalLayerMaskInfo(),
        tagged_blocks=blocks,
    )


def _layer(
    name: str, colors: list[np.ndarray], blend_mode: BlendMode, *, cover: np.ndarray | None = None
) -> tuple[LayerRecord, ChannelDataList]:
    """A layer of three color planes, or of one for all three, which is packed once.

    It is opaque unless ``cover`` is its alpha.
    """
    from psd_tools.constants import ChannelID
    from psd_tools.psd.layer_and_mask import LayerRecord

    packed = [_packed(plane) for plane in colors]
    red, green, blue = packed if len(packed) == 3 else packed * 3
    height, width = colors[0].shape
    record = LayerRecord(bottom=height, right=width, blend_mode=blend_mode, name=name)
    return _with_channels(
        record,
        {
            ChannelID.TRANSPARENCY_MASK: _packed(
                np.full_like(colors[0], np.iinfo(colors[0].dtype).max) if cover is None else cover
            ),
            ChannelID.CHANNEL_0: red,
            ChannelID.CHANNEL_1: green,
            ChannelID.CHANNEL_2: blue,
        },
    )


def _masked_group(name: str, mask: np.ndarray) -> tuple[LayerRecord, ChannelDataList]:
    """The record that closes a group from above, with a layer mask over the whole group."""
    from psd_tools.constants import BlendMode, ChannelID, SectionDivider, Tag
    from psd_tools.psd.layer_and_mask import LayerRecord, MaskData

    height, width = mask.shape
    record = LayerRecord(name=name, mask_data=MaskData(bottom=height, right=width))
    record.tagged_blocks.set_data(
        Tag.SECTION_DIVIDER_SETTING,
        SectionDivider.OPEN_FOLDER,
        signature=b"8BIM",
        blend_mode=BlendMode.NORMAL,
    )
    return _with_channels(record, {**_no_pixels(), ChannelID.USER_LAYER_MASK: _packed(mask)})


def _group_end() -> tuple[LayerRecord, ChannelDataList]:
    """The record below the lowest layer of a group."""
    from psd_tools.constants import SectionDivider, Tag
    from psd_tools.psd.layer_and_mask import LayerRecord

    record = LayerRecord(name="</Layer group>")
    record.tagged_blocks.set_data(
        Tag.SECTION_DIVIDER_SETTING, SectionDivider.BOUNDING_SECTION_DIVIDER
    )
    return _with_channels(record, _no_pixels())


def _no_pixels() -> dict[ChannelID, ChannelData]:
    from psd_tools.constants import ChannelID
    from psd_tools.psd.layer_and_mask import ChannelData

    return {ChannelID(index): ChannelData() for index in (-1, 0, 1, 2)}


def _with_channels(
    record: LayerRecord, channels: dict[ChannelID, ChannelData]
) -> tuple[LayerRecord, ChannelDataList]:
    from psd_tools.psd.layer_and_mask import ChannelDataList, ChannelInfo

    record.channel_info = [ChannelInfo(key, len(data.data) + 2) for key, data in channels.items()]
    return record, ChannelDataList(list(channels.values()))


def _packed(plane: np.ndarray) -> ChannelData:
    from psd_tools.constants import Compression
    from psd_tools.psd.layer_and_mask import ChannelData

    height, width = plane.shape
    bits = 8 * plane.dtype.itemsize
    # Photoshop would store 16 bits with prediction, which Krita 5.1 misreads: plain zip is safe.
    data = ChannelData(Compression.ZIP if bits == 16 else Compression.RLE)
    data.set_data(_big_endian(plane), width, height, bits)
    return data


def _merged(flat: Picture) -> ImageData:
    """The flat composite; with transparency it is laid over white, as Photoshop stores it."""
    from psd_tools.psd.image_data import ImageData

    planes = np.moveaxis(flat.pixels, 2, 0)
    if flat.alpha is not None:
        cover = flat.alpha.astype(np.float32) / flat.maximum
        white = flat.maximum * (1 - cover)
        over_white = [np.rint(plane * cover + white).astype(plane.dtype) for plane in planes]
        planes = np.stack([*over_white, flat.alpha])
    return ImageData(data=_big_endian(planes))  # uncompressed: every reader takes it


def _big_endian(planes: np.ndarray) -> bytes:
    return planes.astype(planes.dtype.newbyteorder(">"), order="C").tobytes()


def _resources(icc_profile: bytes) -> ImageResources:
    from psd_tools.constants import Resource
    from psd_tools.psd.image_resources import ImageResource, ImageResources

    resources = ImageResources.new()
    resources[Resource.ICC_PROFILE] = ImageResource(key=Resource.ICC_PROFILE, data=icc_profile)
    return resources

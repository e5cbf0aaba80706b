"""Pictures into files: as many bits as the format holds, with profile and metadata."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as PillowImage

from lasagna_relight.errors import OutputError
from lasagna_relight.image_io.atomic import atomic_path, one_line, refuse_unwritable
from lasagna_relight.image_io.metadata import EXIF_SIGN
from lasagna_relight.image_io.picture import NO_METADATA, Metadata, is_grey_profile

WRITABLE_SUFFIXES = (".png", ".tif", ".tiff", ".jpg", ".jpeg", ".webp")
JPEG_QUALITY = 95
JPEG_BLOCK = 65_500
"""Bytes of Exif, or of XMP, that fit into one segment of a JPEG."""

PNG_COMPRESSION = 1  # with the filter "up": as small as level 2 and every filter, in half the time


def write_picture(
    path: str | Path,
    pixels: np.ndarray,
    *,
    alpha: np.ndarray | None = None,
    icc_profile: bytes | None = None,
    metadata: Metadata = NO_METADATA,
    force: bool = False,
) -> None:
    """Write (H, W, 3) or (H, W) integers to ``path``, in the format of its suffix.

    PNG and TIFF keep 8 or 16 bits; WebP is lossless, 8-bit; JPEG is 8-bit at quality 95 without
    chroma subsampling, any transparency laid over white. A grey profile is written with a grey
    picture. Metadata too long for the format, 64 kB in JPEG, are left out.

    Raises:
        OutputError: see `refuse_unwritable`; or the format cannot hold this many pixels.
    """
    path = Path(path)
    refuse_unwritable(path, force=force, suffixes=WRITABLE_SUFFIXES)
    if is_grey_profile(icc_profile) and pixels.ndim == 3:
        pixels = pixels[..., 0]
    with atomic_path(path, force=force) as temporary:
        match path.suffix.lower():
            case ".png":
                encoded = encode_png(
                    pixels, alpha=alpha, icc_profile=icc_profile, metadata=metadata
                )
                temporary.write_bytes(encoded)
            case ".tif" | ".tiff":
                from lasagna_relight.image_io.tiff import save_tiff

                save_tiff(
                    temporary, pixels, alpha=alpha, icc_profile=icc_profile, metadata=metadata
                )
            case _:
                _save_by_pillow(temporary, pixels, alpha, icc_profile, metadata)


def encode_png(
    pixels: np.ndarray,
    *,
    alpha: np.ndarray | None = None,
    icc_profile: bytes | None = None,
    metadata: Metadata = NO_METADATA,
) -> bytes:
    """The bytes of a PNG of 8 or 16 bits: (H, W) grey, or (H, W, 3) RGB, with (H, W) ``alpha``.

    Raises:
        OutputError: PNG cannot hold this many pixels a side.
    """
    import cv2

    if alpha is not None and pixels.ndim == 2:  # OpenCV has no grey with alpha
        pixels = np.repeat(pixels[..., None], 3, axis=2)
        icc_profile = None if is_grey_profile(icc_profile) else icc_profile
    if alpha is not None:
        channels = cv2.cvtColor(np.dstack([pixels, alpha]), cv2.COLOR_RGBA2BGRA)
    else:
        channels = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    blocks = {
        cv2.IMAGE_METADATA_ICCP: icc_profile,
        cv2.IMAGE_METADATA_EXIF: metadata.exif,
        cv2.IMAGE_METADATA_XMP: metadata.xmp and metadata.xmp + b"\x00",  # OpenCV seeks its end
    }
    held = {kind: np.frombuffer(block, np.uint8) for kind, block in blocks.items() if block}
    options = [cv2.IMWRITE_PNG_COMPRESSION, PNG_COMPRESSION]
    options += [cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_UP]
    done, encoded = cv2.imencodeWithMetadata(
        ".png", channels, list(held), list(held.values()), options
    )
    if not done:
        raise OutputError("the picture does not fit in a PNG: scale it down first")
    return encoded.tobytes()


def _save_by_pillow(
    temporary: Path,
    pixels: np.ndarray,
    alpha: np.ndarray | None,
    icc_profile: bytes | None,
    metadata: Metadata,
) -> None:
    if pixels.dtype == np.uint16:
        pixels, alpha = _to_8_bits(pixels), None if alpha is None else _to_8_bits(alpha)
    image = PillowImage.fromarray(pixels)
    if alpha is not None:
        image.putalpha(PillowImage.fromarray(alpha))
    is_webp = temporary.suffix.lower() == ".webp"
    if is_webp:
        options: dict[str, Any] = {"lossless": True, "exact": True}
    else:
        options = {"quality": JPEG_QUALITY, "subsampling": 0}
        if alpha is not None:
            white = PillowImage.new("RGBA", image.size, "white")
            flat = PillowImage.alpha_composite(white, image.convert("RGBA"))
            image = flat.convert("L" if pixels.ndim == 2 else "RGB")
    exif = None if metadata.exif is None else EXIF_SIGN + metadata.exif
    for name, block in {"exif": exif, "xmp": metadata.xmp}.items():
        if block is not None and (is_webp or len(block) <= JPEG_BLOCK):
            options[name] = block
    try:
        image.save(temporary, icc_profile=icc_profile, **options)
    except ValueError as error:
        raise OutputError(
            f"{image.width} x {image.height} pixels do not fit in {temporary.suffix} "
            f"({one_line(error)}): write .png"
        ) from error


def _to_8_bits(values: np.ndarray) -> np.ndarray:
    """Nearest 8-bit values, round(values / 257), of 16-bit ones; computed in 16 bits."""
    quotient = values // 257
    quotient += values - quotient * 257 > 128
    return quotient.astype(np.uint8)

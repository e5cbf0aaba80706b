"""Pictures from files: integers as the file holds them, upright, in RGB.

Reading applies the EXIF orientation and turns every color model into RGB, and changes no value
of a picture that is RGB already: what is not relit leaves as it came. Pillow decodes, and finds
what is broken; OpenCV takes over for 16-bit PNG and TIFF, which Pillow reduces to 8 bits, and
libheif for HEIC of 10 and 12 bits.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags
from PIL import Image as PillowImage

from lasagna_relight.errors import ImageError
from lasagna_relight.image_io.atomic import one_line
from lasagna_relight.image_io.metadata import UPRIGHT, read_metadata
from lasagna_relight.image_io.picture import Picture
from lasagna_relight.image_io.writing import WRITABLE_SUFFIXES

MAX_PIXELS = 100_000_000
"""Larger pictures are refused from their header, before anything is decoded."""

READABLE_SUFFIXES = (*WRITABLE_SUFFIXES, ".heic", ".heif", ".avif", ".bmp", ".gif")


def read_picture(path: str | Path) -> Picture:
    """The picture in ``path``: JPEG, PNG, WebP, TIFF, HEIC, AVIF, GIF (first frame) or BMP.

    8 and 16 bits a channel are kept; HEIC of 10 or 12 becomes 16, AVIF of more than 8 becomes 8.
    CMYK is converted to sRGB by its own profile. Exif and XMP come along, see `metadata`.

    Raises:
        ImageError: missing, a folder, empty, truncated, no image, or over 100 megapixels.
    """
    path = Path(path)
    _refuse_unreadable(path)
    # Pillow warns where it guesses about damaged metadata; the pixels decide, not the metadata.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            opened = _open_header(path)
        except ImageError:
            raise
        except Exception as error:  # a decoder of hostile bytes may raise anything
            raise _not_an_image(path, error) from error
        with opened:
            _refuse_too_large(path, *opened.size)
            try:
                return _decode(path, opened)
            except ImageError:
                raise
            except Exception as error:
                raise ImageError(
                    f"{path} is damaged or cut short ({one_line(error)}): get a whole copy of it"
                ) from error


def _refuse_unreadable(path: Path) -> None:
    try:
        if path.is_dir():
            raise ImageError(f"{path} is a folder: name a picture in it")
        if not path.exists():
            raise ImageError(f"{path} does not exist: check the name")
        if not path.is_file():
            raise ImageError(f"{path} is not a regular file: name a picture")
        if path.stat().st_size == 0:
            raise ImageError(f"{path} is empty: get a whole copy of it")
        with path.open("rb"):
            pass
    except OSError as error:
        raise ImageError(f"{path} cannot be opened ({one_line(error)}): check the file") from error


def _refuse_too_large(path: Path, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise ImageError(
            f"{path} has {width} x {height} = {width * height / 1e6:.0f} megapixels, more than "
            f"{MAX_PIXELS / 1e6:.0f}: scale it down first"
        )


def _not_an_image(path: Path, error: Exception) -> ImageError:
    # Pillow's own limit lies above ours, so that meeting it says the same.
    if isinstance(error, PillowImage.DecompressionBombError):
        return ImageError(
            f"{path} has more than {MAX_PIXELS / 1e6:.0f} megapixels: scale it down first"
        )
    return ImageError(f"{path} is not a picture that can be read: use JPEG, PNG, WebP, TIFF, HEIC")


def _open_header(path: Path) -> PillowImage.Image:
    """Pillow's image, not decoded yet."""
    with path.open("rb") as file:
        is_heif = file.read(12)[4:8] == b"ftyp"  # phones also name such files .jpg
    if is_heif:
        import pillow_heif  # large, and needed by few

        pillow_heif.register_heif_opener()
    return PillowImage.open(path)


def _decode(path: Path, opened: PillowImage.Image) -> Picture:
    bits = _bits_per_channel(path, opened)
    orientation = opened.getexif().get(ExifTags.Base.Orientation, UPRIGHT)
    if opened.format == "TIFF":  # whose decoders, Pillow's and OpenCV's, apply it themselves
        orientation = UPRIGHT
    opened.load()  # raises on truncated data
    profile = opened.info.get("icc_profile") or None
    was_grey = opened.mode in ("1", "L", "LA", "La") or opened.mode.startswith("I;16")
    if opened.format == "HEIF" and bits > 8:
        pixels, alpha = _decode_deep_heic(path, bits)
    elif bits == 16 and opened.mode != "CMYK":
        pixels, alpha = _decode_16_bits(path)
    elif opened.mode.startswith("I;16"):
        grey = np.asarray(opened).astype(np.uint16)
        pixels, alpha = np.repeat(grey[..., None], 3, axis=2), None
    else:
        if opened.mode == "CMYK":
            pixels, alpha = np.asarray(_cmyk_to_srgb(opened, profile)), None
            profile = None
        else:
            pixels, alpha = _decode_8_bits(path, opened)
    if profile is not None and profile[16:20] != (b"GRAY" if was_grey else b"RGB "):
        profile = None  # of another color model than the pixels have now
    pixels = _upright(pixels, orientation)
    return Picture(
        pixels=pixels,
        alpha=None if alpha is None else _upright(alpha, orientation),
        icc_profile=profile,
        was_grey=was_grey,
        metadata=read_metadata(opened, width=pixels.shape[1], height=pixels.shape[0]),
        path=path,
    )


def _bits_per_channel(path: Path, opened: PillowImage.Image) -> int:
    if opened.format == "PNG":
        with path.open("rb") as file:
            return file.read(25)[24]
    if opened.format == "TIFF":
        return max(opened.tag_v2.get(258, (1,)))  # type: ignore[attr-defined]
    return opened.info.get("bit_depth", 8)  # HEIC


def _decode_8_bits(path: Path, opened: PillowImage.Image) -> tuple[np.ndarray, np.ndarray | None]:
    if opened.mode in ("I", "F"):
        raise ImageError(f"{path} holds 32-bit numbers: save it with 8 or 16 bits a channel")
    has_alpha = opened.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in opened.info
    if not has_alpha:
        return np.asarray(opened.convert("RGB")), None
    channels = np.asarray(opened.convert("RGBA"))
    return np.ascontiguousarray(channels[..., :3]), np.ascontiguousarray(channels[..., 3])


def _decode_16_bits(path: Path) -> tuple[np.ndarray, np.ndarray | None]:
    import cv2

    decoded = cv2.imdecode(np.fromfile(path, dtype=np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.dtype != np.uint16:
        raise ImageError(f"{path} is of a rare 16-bit kind: save it as 16-bit RGB PNG")
    if decoded.ndim == 2 or decoded.shape[2] == 1:
        return cv2.cvtColor(decoded, cv2.COLOR_GRAY2RGB), None
    alpha = np.ascontiguousarray(decoded[..., 3]) if decoded.shape[2] == 4 else None
    to_rgb = cv2.COLOR_BGR2RGB if alpha is None else cv2.COLOR_BGRA2RGB
    return cv2.cvtColor(decoded, to_rgb), alpha


def _decode_deep_heic(path: Path, bits: int) -> tuple[np.ndarray, np.ndarray | None]:
    """16-bit values of a HEIC of 10 or 12 ``bits``: its maximum becomes 65535."""
    import pillow_heif

    shifted = np.asarray(pillow_heif.open_heif(path, convert_hdr_to_8bit=False)[0])
    values = shifted | shifted >> bits
    if values.ndim == 2:
        return np.repeat(values[..., None], 3, axis=2), None
    alpha = np.ascontiguousarray(values[..., 3]) if values.shape[2] == 4 else None
    return np.ascontiguousarray(values[..., :3]), alpha


def _cmyk_to_srgb(opened: PillowImage.Image, profile: bytes | None) -> PillowImage.Image:
    if profile is None:
        return opened.convert("RGB")
    from PIL import ImageCms

    srgb = ImageCms.createProfile("sRGB")
    try:
        cmyk = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(opened, cmyk, srgb, outputMode="RGB")
    except (OSError, ImageCms.PyCMSError):  # a profile that lies about itself
        return opened.convert("RGB")
    assert converted is not None
    return converted


def _upright(array: np.ndarray, orientation: int) -> np.ndarray:
    """``array`` (H, W, ...) as it should be seen, from its EXIF orientation 1..8."""
    if orientation in (5, 6, 7, 8):
        array = array.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        array = array[::-1]
    if orientation in (2, 3, 6, 7):
        array = array[:, ::-1]
    return np.ascontiguousarray(array)

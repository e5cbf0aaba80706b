"""Pictures in files: read into integers as the file holds them, written whole or not at all.

Reading applies the EXIF orientation and turns every color model into RGB, and changes no value
of a picture that is RGB already: what is not relit leaves as it came. Pillow decodes, and finds
what is broken; OpenCV takes over for 16-bit PNG and TIFF, which Pillow reduces to 8 bits.
"""

from __future__ import annotations

import io
import os
import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import ExifTags, ImageCms
from PIL import Image as PillowImage

from lasagna_relight.errors import ImageError, OutputError
from lasagna_relight.types import Image

MAX_PIXELS = 100_000_000
"""Larger pictures are refused from their header, before anything is decoded."""

WRITABLE_SUFFIXES = (".png", ".tif", ".tiff", ".jpg", ".jpeg", ".webp")
READABLE_SUFFIXES = (*WRITABLE_SUFFIXES, ".heic", ".heif", ".avif", ".bmp", ".gif")
JPEG_QUALITY = 95
PNG_COMPRESSION = 1  # with the filter "up": as small as level 2 and every filter, in half the time


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as its file holds it, turned upright.

    Attributes:
        pixels: (H, W, 3) uint8 or uint16, encoded RGB (sRGB, or what ``icc_profile`` says).
        alpha: (H, W) of the same dtype, straight (not premultiplied); None where opaque.
        icc_profile: the profile of the pixels (of RGB, or of grey if ``was_grey``), or None.
        was_grey: the file held one color channel; the three of ``pixels`` are equal.
        path: where it was read, or None.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None = None
    icc_profile: bytes | None = None
    was_grey: bool = False
    path: Path | None = None

    @property
    def height(self) -> int:
        return self.pixels.shape[0]

    @property
    def width(self) -> int:
        return self.pixels.shape[1]

    @property
    def maximum(self) -> int:
        """The integer that stands for 1.0: 255 or 65535."""
        return int(np.iinfo(self.pixels.dtype).max)

    def image(self) -> Image:
        """The whole picture as float32 (3, H, W) in [0, 1]: 12 bytes a pixel."""
        channels = np.ascontiguousarray(self.pixels.transpose(2, 0, 1), dtype=np.float32)
        channels /= self.maximum
        return torch.from_numpy(channels)


def read_picture(path: str | Path) -> Picture:
    """The picture in ``path``: JPEG, PNG, WebP, TIFF, HEIC, AVIF, GIF (first frame) or BMP.

    8 and 16 bits a channel are kept, except that HEIC and AVIF beyond 8 bits become 8. CMYK is
    converted to sRGB by its own profile.

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
                    f"{path} is damaged or cut short ({_brief(error)}): get a whole copy of it"
                ) from error


def write_picture(
    path: str | Path,
    pixels: np.ndarray,
    *,
    alpha: np.ndarray | None = None,
    icc_profile: bytes | None = None,
    force: bool = False,
) -> None:
    """Write (H, W, 3) or (H, W) integers to ``path``, in the format of its suffix.

    PNG and TIFF keep 8 or 16 bits; WebP is lossless, 8-bit; JPEG is 8-bit at quality 95 without
    chroma subsampling, any transparency laid over white. A grey profile is written with a grey
    picture.

    Raises:
        OutputError: see `refuse_unwritable`; or the format cannot hold this many pixels.
    """
    path = Path(path)
    refuse_unwritable(path, force=force, suffixes=WRITABLE_SUFFIXES)
    if _is_grey(icc_profile) and pixels.ndim == 3:
        pixels = pixels[..., 0]
    with atomic_path(path, force=force) as temporary:
        match path.suffix.lower():
            case ".png":
                encoded = encode_png(pixels, alpha=alpha, icc_profile=icc_profile)
                temporary.write_bytes(encoded)
            case ".tif" | ".tiff":
                _save_tiff(temporary, pixels, alpha, icc_profile)
            case _:
                _save_by_pillow(temporary, pixels, alpha, icc_profile)


def refuse_unwritable(path: str | Path, *, force: bool, suffixes: tuple[str, ...] = ()) -> None:
    """Raise what `atomic_path` would raise, before the work is done.

    Raises:
        OutputError: ``path`` exists and ``force`` is off; it is a folder; its folder is missing
            or not writable; or its suffix is none of ``suffixes`` (where given).
    """
    path = Path(path)
    if suffixes and path.suffix.lower() not in suffixes:
        raise OutputError(f"{path} cannot be written: its name must end in {', '.join(suffixes)}")
    if path.is_dir():
        raise OutputError(f"{path} is a folder: name a file")
    if not path.parent.is_dir():
        raise OutputError(f"{path} cannot be written: make the folder {path.parent} first")
    if path.exists() and not force:
        raise OutputError(f"{path} exists: use --force to overwrite it, or name another file")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise OutputError(f"{path} cannot be written: no permission in the folder {path.parent}")


@contextmanager
def atomic_path(path: str | Path, *, force: bool) -> Iterator[Path]:
    """A temporary path beside ``path``, same suffix, that becomes ``path`` if the block succeeds.

    If the block raises anything, nothing is left behind.

    Raises:
        OutputError: see `refuse_unwritable`; or any OSError inside, such as a full disk.
    """
    path = Path(path)
    refuse_unwritable(path, force=force)
    temporary = path.with_name(f".{secrets.token_hex(6)}{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written ({_brief(error)}): free some space or name another place"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


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
        raise ImageError(f"{path} cannot be opened ({_brief(error)}): check the file") from error


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


def _brief(error: Exception) -> str:
    """One line of an exception, without the file name that the caller states."""
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return words.splitlines()[0][:120]


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
    orientation = opened.getexif().get(ExifTags.Base.Orientation, 1)
    if opened.format == "TIFF":  # whose decoders, Pillow's and OpenCV's, apply it themselves
        orientation = 1
    opened.load()  # raises on truncated data
    profile = opened.info.get("icc_profile") or None
    was_grey = opened.mode in ("1", "L", "LA", "La") or opened.mode.startswith("I;16")
    if bits == 16 and opened.mode != "CMYK":
        pixels, alpha = _decode_16_bits(path)
    elif opened.mode.startswith("I;16"):
        grey = np.asarray(opened).astype(np.uint16)
        pixels, alpha = np.repeat(grey[..., None], 3, axis=2), None
    else:
        if opened.mode == "CMYK":
            opened, profile = _cmyk_to_srgb(opened, profile), None
        pixels, alpha = _decode_8_bits(path, opened)
    if profile is not None and profile[16:20] != (b"GRAY" if was_grey else b"RGB "):
        profile = None  # of another color model than the pixels have now
    return Picture(
        pixels=_upright(pixels, orientation),
        alpha=None if alpha is None else _upright(alpha, orientation),
        icc_profile=profile,
        was_grey=was_grey,
        path=path,
    )


def _bits_per_channel(path: Path, opened: PillowImage.Image) -> int:
    if opened.format == "PNG":
        with path.open("rb") as file:
            return file.read(25)[24]
    if opened.format == "TIFF":
        return max(opened.tag_v2.get(258, (1,)))  # type: ignore[attr-defined]
    return 8


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


def _cmyk_to_srgb(opened: PillowImage.Image, profile: bytes | None) -> PillowImage.Image:
    if profile is None:
        return opened.convert("RGB")
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


def encode_png(
    pixels: np.ndarray, *, alpha: np.ndarray | None = None, icc_profile: bytes | None = None
) -> bytes:
    """The bytes of a PNG of 8 or 16 bits: (H, W) grey, or (H, W, 3) RGB, with (H, W) ``alpha``.

    Raises:
        OutputError: PNG cannot hold this many pixels a side.
    """
    import cv2

    if alpha is not None and pixels.ndim == 2:  # OpenCV has no grey with alpha
        pixels = np.repeat(pixels[..., None], 3, axis=2)
        icc_profile = None if _is_grey(icc_profile) else icc_profile
    if alpha is not None:
        channels = cv2.cvtColor(np.dstack([pixels, alpha]), cv2.COLOR_RGBA2BGRA)
    else:
        channels = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    kinds = [] if icc_profile is None else [cv2.IMAGE_METADATA_ICCP]
    metadata = [] if icc_profile is None else [np.frombuffer(icc_profile, dtype=np.uint8)]
    options = [cv2.IMWRITE_PNG_COMPRESSION, PNG_COMPRESSION]
    options += [cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_UP]
    done, encoded = cv2.imencodeWithMetadata(".png", channels, kinds, metadata, options)
    if not done:
        raise OutputError("the picture does not fit in a PNG: scale it down first")
    return encoded.tobytes()


def rgb_profile(picture: Picture) -> bytes:
    """The RGB profile of ``picture``; that of sRGB where it has none, or one of grey.

    Files for editors say it aloud: Krita takes 16 bits without a profile for linear light.
    """
    if picture.icc_profile is not None and not _is_grey(picture.icc_profile):
        return picture.icc_profile
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile[:24] + bytes(12) + profile[36:]  # without the date, files can be compared


def _is_grey(icc_profile: bytes | None) -> bool:
    return icc_profile is not None and icc_profile[16:20] == b"GRAY"


def _save_tiff(
    temporary: Path, pixels: np.ndarray, alpha: np.ndarray | None, icc_profile: bytes | None
) -> None:
    import tifffile

    if alpha is not None:
        pixels = np.dstack([pixels, alpha])
    is_grey = pixels.ndim == 2 or pixels.shape[2] == 2
    tifffile.imwrite(
        temporary,
        pixels,
        photometric="minisblack" if is_grey else "rgb",
        planarconfig=None if pixels.ndim == 2 else "contig",
        extrasamples=() if alpha is None else ("unassalpha",),
        compression="zlib",
        rowsperstrip=256,
        iccprofile=icc_profile,
    )


def _save_by_pillow(
    temporary: Path, pixels: np.ndarray, alpha: np.ndarray | None, icc_profile: bytes | None
) -> None:
    if pixels.dtype == np.uint16:
        pixels, alpha = _to_8_bits(pixels), None if alpha is None else _to_8_bits(alpha)
    image = PillowImage.fromarray(pixels)
    if alpha is not None:
        image.putalpha(PillowImage.fromarray(alpha))
    if temporary.suffix.lower() == ".webp":
        options: dict[str, Any] = {"lossless": True, "exact": True}
    else:
        options = {"quality": JPEG_QUALITY, "subsampling": 0}
        if alpha is not None:
            white = PillowImage.new("RGBA", image.size, "white")
            flat = PillowImage.alpha_composite(white, image.convert("RGBA"))
            image = flat.convert("L" if pixels.ndim == 2 else "RGB")
    try:
        image.save(temporary, icc_profile=icc_profile, **options)
    except ValueError as error:
        raise OutputError(
            f"{image.width} x {image.height} pixels do not fit in {temporary.suffix} "
            f"({_brief(error)}): write .png"
        ) from error


def _to_8_bits(values: np.ndarray) -> np.ndarray:
    """Nearest 8-bit values, round(values / 257), of 16-bit ones; computed in 16 bits."""
    quotient = values // 257
    quotient += values - quotient * 257 > 128
    return quotient.astype(np.uint8)

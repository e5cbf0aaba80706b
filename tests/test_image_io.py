"""What comes back from a picture file, and what is said of a file that is none."""

import io
import os
import resource
import struct
import subprocess
import sys
import zlib

import cv2
import numpy as np
import pillow_heif
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import ExifTags, Image, ImageCms

from lasagna_relight.errors import ImageError, OutputError
from lasagna_relight.image_io import (
    MAX_PIXELS,
    Picture,
    atomic_path,
    read_picture,
    refuse_unwritable,
    remove_half_written,
    write_picture,
)
from lasagna_relight.image_io.picture import NO_METADATA, Metadata

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def colors(dtype: type, height: int = 23, width: int = 31, channels: int = 3) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.integers(0, np.iinfo(dtype).max + 1, (height, width, channels), dtype=dtype)


def smooth(height: int = 23, width: int = 31) -> np.ndarray:
    rows, columns = np.mgrid[0:height, 0:width]
    planes = [rows * 255 // height, columns * 255 // width, 128 + 0 * rows]
    return np.stack(planes, axis=-1).astype(np.uint8)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("has_alpha", [False, True])
def test_lossless_formats_return_every_value_alpha_and_profile(tmp_path, dtype, suffix, has_alpha):
    pixels, alpha = colors(dtype), colors(dtype, channels=1)[..., 0] if has_alpha else None
    path = tmp_path / f"a{suffix}"
    write_picture(path, pixels, alpha=alpha, icc_profile=SRGB)
    picture = read_picture(path)
    np.testing.assert_array_equal(picture.pixels, pixels)
    assert picture.pixels.dtype == dtype
    assert picture.icc_profile == SRGB
    assert not picture.was_grey
    if alpha is None:
        assert picture.alpha is None
    else:
        np.testing.assert_array_equal(picture.alpha, alpha)


def test_webp_is_lossless_even_under_transparent_pixels(tmp_path):
    alpha = np.zeros((23, 31), dtype=np.uint8)
    write_picture(tmp_path / "a.webp", colors(np.uint8), alpha=alpha, icc_profile=SRGB)
    picture = read_picture(tmp_path / "a.webp")
    np.testing.assert_array_equal(picture.pixels, colors(np.uint8))
    np.testing.assert_array_equal(picture.alpha, alpha)
    assert picture.icc_profile == SRGB


def test_jpeg_is_near_and_keeps_its_profile(tmp_path):
    write_picture(tmp_path / "a.jpg", smooth(), icc_profile=SRGB)
    picture = read_picture(tmp_path / "a.jpg")
    assert np.abs(picture.pixels.astype(int) - smooth()).max() <= 4
    assert picture.icc_profile == SRGB


def test_jpeg_lays_transparency_over_white(tmp_path):
    write_picture(tmp_path / "a.jpg", smooth(), alpha=np.zeros((23, 31), dtype=np.uint8))
    assert read_picture(tmp_path / "a.jpg").pixels.min() >= 254


@pytest.mark.parametrize("name", ["a.heic", "a.jpg"])
def test_heic_is_read_and_turned_upright_whatever_its_name(tmp_path, name):
    image = Image.fromarray(smooth())
    exif = Image.Exif()
    exif[0x0112] = 6
    pillow_heif.register_heif_opener()
    image.save(tmp_path / "a.heic", quality=95, chroma=444, exif=exif.tobytes())
    (tmp_path / "a.heic").rename(tmp_path / name)
    picture = read_picture(tmp_path / name)
    expected = np.rot90(smooth(), -1)
    assert picture.pixels.shape == expected.shape
    assert np.abs(picture.pixels.astype(int) - expected).mean() < 4


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["png", "webp", "tif", "16-bit png", "16-bit tif"])
def test_the_exif_orientation_is_applied_once(tmp_path, orientation, kind):
    upright = colors(np.uint16 if "16" in kind else np.uint8)
    stored = {
        1: lambda a: a,
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        4: np.flipud,
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(a, 2).swapaxes(0, 1),
        8: lambda a: np.rot90(a, -1),
    }[orientation](upright)
    stored = np.ascontiguousarray(stored)
    path = tmp_path / f"a.{kind.split()[-1]}"
    exif = Image.Exif()
    exif[0x0112] = orientation
    if kind == "16-bit tif":
        tags = [(274, "H", 1, orientation, True)]
        tifffile.imwrite(path, stored, photometric="rgb", extratags=tags)
    elif kind == "16-bit png":
        encoded = cv2.imencode(".png", stored[..., ::-1])[1].tobytes()
        body = exif.tobytes()[6:]
        chunk = b"eXIf" + body
        chunk = struct.pack(">I", len(body)) + chunk + struct.pack(">I", zlib.crc32(chunk))
        path.write_bytes(encoded[:33] + chunk + encoded[33:])
    elif kind == "webp":
        Image.fromarray(stored).save(path, lossless=True, exif=exif)
    else:
        Image.fromarray(stored).save(path, exif=exif)
    np.testing.assert_array_equal(read_picture(path).pixels, upright)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_color_model_becomes_rgb_without_a_change_of_value(tmp_path, mode):
    grey = smooth()[..., 1]
    if mode == "I;16":
        image = Image.fromarray(grey.astype(np.uint16) * 257)
    else:
        image = Image.fromarray(smooth()).convert("L" if mode == "LA" else mode)
        image = image.convert(mode)
    image.save(tmp_path / "a.png")
    picture = read_picture(tmp_path / "a.png")
    assert picture.was_grey == (mode in ("1", "L", "LA", "I;16"))
    assert (picture.alpha is not None) == (mode in ("LA", "RGBA"))
    if mode == "I;16":
        np.testing.assert_array_equal(picture.pixels[..., 2], grey.astype(np.uint16) * 257)
    else:
        np.testing.assert_array_equal(picture.pixels, np.asarray(image.convert("RGB")))


def test_a_transparent_palette_color_becomes_alpha(tmp_path):
    image = Image.fromarray(smooth()).convert("P", palette=Image.Palette.ADAPTIVE, colors=8)
    image.save(tmp_path / "a.png", transparency=3)
    alpha = read_picture(tmp_path / "a.png").alpha
    assert alpha is not None
    np.testing.assert_array_equal(alpha == 0, np.asarray(image) == 3)


def test_cmyk_becomes_rgb_and_loses_its_profile(tmp_path):
    cmyk = Image.fromarray(smooth()).convert("CMYK")
    cmyk.save(tmp_path / "a.tif")
    picture = read_picture(tmp_path / "a.tif")
    assert np.abs(picture.pixels.astype(int) - smooth()).max() <= 2
    cmyk.save(tmp_path / "b.jpg", icc_profile=SRGB, quality=95, subsampling=0)
    assert read_picture(tmp_path / "b.jpg").icc_profile is None


def test_a_grey_profile_is_kept_with_a_grey_picture(tmp_path):
    profile = SRGB[:16] + b"GRAY" + SRGB[20:]
    Image.fromarray(smooth()[..., 0]).save(tmp_path / "a.png", icc_profile=profile)
    picture = read_picture(tmp_path / "a.png")
    assert picture.icc_profile == profile
    write_picture(tmp_path / "b.png", picture.pixels, icc_profile=profile)
    with Image.open(tmp_path / "b.png") as image:
        assert image.mode == "L"
        assert image.info["icc_profile"] == profile


@settings(deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))))
def test_the_float_image_is_channels_first_and_holds_each_value_over_the_maximum(pixels):
    image = Picture(pixels=pixels).image().numpy()
    assert image.dtype == np.float32
    np.testing.assert_array_equal(np.rint(image * 255).transpose(1, 2, 0), pixels)


def test_one_pixel_makes_the_round_trip(tmp_path):
    pixel = np.array([[[1, 2, 3]]], dtype=np.uint16)
    write_picture(tmp_path / "a.png", pixel)
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png").pixels, pixel)


def test_16_bits_are_rounded_to_the_nearest_8_where_the_format_holds_no_more(tmp_path):
    every = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    write_picture(tmp_path / "a.webp", np.stack([every] * 3, axis=-1))
    nearest = np.rint(every.astype(np.float64) / 257)
    np.testing.assert_array_equal(read_picture(tmp_path / "a.webp").pixels[..., 0], nearest)


def whole_files() -> dict[str, bytes]:
    deep = colors(np.uint16, 64, 64)
    files = {
        "deep.png": cv2.imencode(".png", deep)[1].tobytes(),
        "deep.tif": cv2.imencode(".tif", deep)[1].tobytes(),
    }
    for suffix, name in {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "tif": "TIFF"}.items():
        buffer = io.BytesIO()
        Image.fromarray(colors(np.uint8, 64, 64)).save(buffer, name)
        files[f"a.{suffix}"] = buffer.getvalue()
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(colors(np.uint8, 64, 64))).save(buffer)
    files["a.heic"] = buffer.getvalue()
    return files


@pytest.mark.parametrize("name", sorted(whole_files()))
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_truncated_file_is_refused_in_one_line_that_names_it(tmp_path, capfd, name, share):
    whole = whole_files()[name]
    path = tmp_path / name
    path.write_bytes(whole[: max(5, int(len(whole) * share))])
    with pytest.raises(ImageError) as refusal:
        read_picture(path)
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert capfd.readouterr().err == ""


def png_header(width: int, height: int) -> bytes:
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    return start + struct.pack(">I", zlib.crc32(chunk)) + struct.pack(">I", 0) + b"IDAT" + b"\0" * 4


@pytest.mark.parametrize("size", [(20_000, 10_000), (100_001, 1000), (60_000, 60_000)])
def test_a_decompression_bomb_is_refused_from_its_header(tmp_path, size):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_header(*size))
    with pytest.raises(ImageError, match=r"megapixels.*scale it down"):
        read_picture(path)
    assert size[0] * size[1] > MAX_PIXELS


def test_what_is_no_picture_is_refused_in_one_line(tmp_path):
    (tmp_path / "empty.png").touch()
    (tmp_path / "words.jpg").write_text("no picture\n" * 50)
    (tmp_path / "words.heic").write_text("no picture\n" * 50)
    Image.fromarray(np.zeros((4, 4), dtype=np.float32)).save(tmp_path / "float.tif")
    expected = {
        "missing.png": "does not exist",
        ".": "is a folder",
        "empty.png": "is empty",
        "words.jpg": "is not a picture",
        "words.heic": "is not a picture",
        "float.tif": "32-bit",
        "n" * 300: "cannot be opened",
    }
    for name, words in expected.items():
        with pytest.raises(ImageError, match=words) as refusal:
            read_picture(tmp_path / name)
        assert "\n" not in str(refusal.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(ImageError, match="regular file"):
        read_picture(tmp_path / "pipe.png")


def test_an_existing_file_is_overwritten_only_by_force(tmp_path):
    path = tmp_path / "a.png"
    path.write_text("mine")
    with pytest.raises(OutputError, match="--force"):
        write_picture(path, smooth())
    assert path.read_text() == "mine"
    write_picture(path, smooth(), force=True)
    np.testing.assert_array_equal(read_picture(path).pixels, smooth())
    assert [file.name for file in tmp_path.iterdir()] == ["a.png"]


def test_an_output_that_cannot_be_is_refused_before_the_work(tmp_path):
    for name, words in {
        "a.bmp": "must end in",
        "no/a.png": "make the folder",
        "d.png": "is a folder",
    }.items():
        (tmp_path / "d.png").mkdir(exist_ok=True)
        with pytest.raises(OutputError, match=words):
            refuse_unwritable(tmp_path / name, force=False, suffixes=(".png",))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="permission"):
        write_picture(tmp_path / "a.png", smooth())


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_while_writing_leaves_nothing_and_keeps_the_old_file(tmp_path, error):
    (tmp_path / "a.png").write_text("old")

    def write_half() -> None:
        with atomic_path(tmp_path / "a.png", force=True) as temporary:
            temporary.write_text("half")
            raise error

    with pytest.raises(error):
        write_half()
    assert [file.name for file in tmp_path.iterdir()] == ["a.png"]
    assert (tmp_path / "a.png").read_text() == "old"


KILLED_WHILE_WRITING = """
import os, signal, sys
from lasagna_relight.image_io import atomic_path
with atomic_path(sys.argv[1], force=True) as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_file_may_be_read_by_whoever_may_read_others(tmp_path):
    (tmp_path / "plain").touch()
    with atomic_path(tmp_path / "weights", force=False) as beside:
        os.close(os.open(beside, os.O_CREAT | os.O_WRONLY, 0o600))  # as safetensors does
    mode = (tmp_path / "weights").stat().st_mode
    assert mode == (tmp_path / "plain").stat().st_mode


def test_what_a_killed_writer_left_goes_and_what_others_write_stays(tmp_path):
    for name in ("a.png", "b.png"):
        killed = [sys.executable, "-c", KILLED_WHILE_WRITING, str(tmp_path / name)]
        assert subprocess.run(killed, check=False).returncode != 0
    assert len(list(tmp_path.iterdir())) == 2
    (tmp_path / "a.png").write_text("whole")
    remove_half_written(tmp_path / "a.png")
    assert len(list(tmp_path.iterdir())) == 2
    remove_half_written(tmp_path / "b.png")
    assert [file.name for file in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.jpg", "a.webp"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_disk_that_takes_no_more_is_one_line_and_leaves_nothing(tmp_path, name, dtype):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OutputError, match="cannot be written"):
            write_picture(tmp_path / name, colors(dtype, 256, 256))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_a_side_too_long_for_webp_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(OutputError, match=r"write \.png"):
        write_picture(tmp_path / "a.webp", np.zeros((1, 17_000, 3), dtype=np.uint8))
    assert list(tmp_path.iterdir()) == []


def picture_with_metadata(path):
    """A turned JPEG with Exif, GPS, XMP and thumbnails, as a camera writes them."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Maker"
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.XResolution] = exif[ExifTags.Base.YResolution] = 72.0
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:01:02 03:04:05"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ExposureTime] = 0.008
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ExifImageWidth] = 31
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 51.0, 29.5)
    packet = b'<x tiff:Orientation="6"><xmp:Thumbnails>pixels</xmp:Thumbnails>words</x>'
    Image.fromarray(smooth()).save(path, exif=exif, xmp=packet, quality=95)
    return read_picture(path)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("suffix", ["png", "tif", "jpg", "webp"])
def test_metadata_go_along_made_upright_and_without_thumbnails(tmp_path, suffix, dtype):
    source = picture_with_metadata(tmp_path / "source.jpg")
    assert (source.height, source.width) == (31, 23)
    path = tmp_path / f"a.{suffix}"
    pixels = source.pixels.astype(dtype)
    write_picture(path, pixels, icc_profile=SRGB, metadata=source.metadata)
    copy = read_picture(path)
    assert copy.pixels.shape == pixels.shape
    assert copy.icc_profile == SRGB
    assert copy.metadata.xmp == b'<x tiff:Orientation="1">words</x>'
    with Image.open(path) as image:
        image.load()
        exif = image.getexif()
    assert exif[ExifTags.Base.Make] == "Maker"
    assert exif[ExifTags.Base.Orientation] == 1
    details = exif.get_ifd(ExifTags.IFD.Exif)
    assert details[ExifTags.Base.DateTimeOriginal] == "2026:01:02 03:04:05"
    assert details[ExifTags.Base.ExposureTime] == pytest.approx(0.008)
    assert details[ExifTags.Base.ExifImageWidth] == 23
    assert exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] == (48.0, 51.0, 29.5)
    assert not exif.get_ifd(ExifTags.IFD.IFD1)
    if suffix in ("png", "tif"):
        np.testing.assert_array_equal(copy.pixels, pixels)


def test_the_thumbnail_of_the_exif_is_left_out(tmp_path):
    first = struct.pack("<HHHLL", 1, 0x010F, 2, 3, int.from_bytes(b"Me\0\0", "little"))
    second_at = 8 + len(first) + 4
    second = struct.pack("<HHHLLHHLL", 2, 0x0201, 4, 1, second_at + 30, 0x0202, 4, 1, 9)
    block = b"II*\0" + struct.pack("<L", 8) + first + struct.pack("<L", second_at)
    block += second + bytes(4) + b"THUMBNAIL"
    Image.fromarray(smooth()).save(tmp_path / "a.jpg", exif=b"Exif\0\0" + block)
    assert b"THUMBNAIL" in (tmp_path / "a.jpg").read_bytes()
    exif = read_picture(tmp_path / "a.jpg").metadata.exif
    assert exif is not None
    assert b"Me" in exif
    assert b"THUMBNAIL" not in exif


def test_metadata_too_long_for_a_jpeg_are_left_out(tmp_path):
    metadata = Metadata(xmp=b"<x>" + b" " * 70_000 + b"</x>")
    write_picture(tmp_path / "a.jpg", smooth(), metadata=metadata)
    assert read_picture(tmp_path / "a.jpg").metadata == NO_METADATA


def test_damaged_metadata_do_not_stop_a_picture(tmp_path):
    Image.fromarray(smooth()).save(tmp_path / "a.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert read_picture(tmp_path / "a.jpg").pixels.shape == smooth().shape


@pytest.mark.parametrize("channels", [3, 4])
def test_heic_of_10_bits_keeps_them(tmp_path, channels):
    levels = np.arange(64 * 64).reshape(64, 64) % 1024
    stored = np.stack([levels] * channels, axis=-1).astype(np.uint16) << 6
    mode = "RGB;16" if channels == 3 else "RGBA;16"
    heic = pillow_heif.from_bytes(mode, (64, 64), stored.tobytes())
    heic.save(tmp_path / "a.heic", quality=-1, chroma=444)
    picture = read_picture(tmp_path / "a.heic")
    assert picture.pixels.dtype == np.uint16
    assert picture.pixels.max() == 65535
    exact = levels * (65535 / 1023)
    assert np.abs(picture.pixels - exact[..., None]).max() <= 2 * 65  # its color model rounds
    assert len(np.unique(picture.pixels[..., 1])) > 256
    assert (picture.alpha is None) == (channels == 3)

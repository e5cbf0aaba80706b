"""Layered files: what other programs make of them equals our composite."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageCms
from psd_tools import PSDImage
from psd_tools.api.layers import Group
from psd_tools.composite import composite as flatten_by_psd_tools
from psd_tools.constants import BlendMode, Resource

from lasagna_relight.compositing.layer_files import (
    SavedEdit,
    read_npz,
    read_pngs,
    write_layers,
    write_npz,
    write_pngs,
)
from lasagna_relight.compositing.layer_paths import LAYER_ENDINGS, layer_paths
from lasagna_relight.compositing.openraster import write_openraster
from lasagna_relight.compositing.psd import MAX_SIDE, write_psd
from lasagna_relight.compositing.quantization import integer_layers
from lasagna_relight.compositing.stack import composite_picture, full_size_stack
from lasagna_relight.errors import ImageError, OutputError
from lasagna_relight.image_io import Picture, read_picture
from lasagna_relight.light_direction import NAMED_DIRECTIONS

HEIGHT, WIDTH = 40, 60
ADOBE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB", 6000)).tobytes()

WORST = {8: 0.022, 16: 0.0002}
"""Largest error of a flattened file: 5.5/255 by 8 bits at the brightest gain, 0.05/255 by 16."""


def picture(dtype: type = np.uint8, *, has_alpha: bool = False) -> Picture:
    rng = np.random.default_rng(0)
    maximum = np.iinfo(dtype).max
    ramp = np.linspace(-1, maximum + 1, HEIGHT).clip(0, maximum).astype(dtype)
    return Picture(
        pixels=rng.integers(0, maximum + 1, (HEIGHT, WIDTH, 3), dtype=dtype),
        alpha=np.repeat(ramp[:, None], WIDTH, axis=1) if has_alpha else None,
        icc_profile=ADOBE,
    )


def full_range_gain() -> np.ndarray:
    return np.linspace(-2.302, 2.302, WIDTH, dtype=np.float32)[None].repeat(HEIGHT, axis=0)


def edit() -> SavedEdit:
    return SavedEdit(
        log_gain=full_range_gain(),
        mask=np.linspace(0, 1, WIDTH, dtype=np.float32)[None].repeat(HEIGHT, axis=0),
        direction=NAMED_DIRECTIONS["top left"],
        prompt="soft light from the top left",
    )


def expected_composite(source: Picture) -> tuple[np.ndarray, np.ndarray]:
    flat = composite_picture(source, full_range_gain(), bits=16)
    alpha = np.ones((HEIGHT, WIDTH)) if flat.alpha is None else flat.alpha / 65535
    return flat.pixels / 65535, alpha


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("has_alpha", [False, True])
def test_psd_tools_flattens_the_psd_to_our_composite(tmp_path, bits, dtype, has_alpha):
    source = picture(dtype, has_alpha=has_alpha)
    write_psd(tmp_path / "a.psd", source, full_range_gain(), bits=bits)
    opened = PSDImage.open(tmp_path / "a.psd")
    assert opened.depth == bits
    color, _, alpha = flatten_by_psd_tools(opened)  # from the layers, not the merged picture
    expected, expected_alpha = expected_composite(source)
    np.testing.assert_allclose(alpha[..., 0], expected_alpha, atol=0.5 / 255)
    # a 16-bit source in an 8-bit file loses half a step, which the gain makes ten times larger
    lost = 5.1 / 255 if (dtype, bits) == (np.uint16, 8) else 0.0
    error = np.abs((color - expected) * expected_alpha[..., None])
    assert error.max() <= WORST[bits] + lost


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("has_alpha", [False, True])
def test_the_merged_picture_of_the_psd_is_our_composite(tmp_path, bits, has_alpha):
    source = picture(has_alpha=has_alpha)
    write_psd(tmp_path / "a.psd", source, full_range_gain(), bits=bits)
    merged = PSDImage.open(tmp_path / "a.psd").numpy()
    expected, alpha = expected_composite(source)
    assert merged.shape[2] == (4 if has_alpha else 3)
    half_step = 0.51 / (2**bits - 1)
    error = np.abs((merged[..., :3] - expected) * alpha[..., None]).max()
    assert error <= (2.1 if has_alpha else 1) * half_step
    if has_alpha:
        np.testing.assert_allclose(merged[..., 3], alpha, atol=half_step)


def test_the_psd_names_its_layers_their_modes_and_the_profile(tmp_path):
    write_psd(tmp_path / "a.psd", picture(), full_range_gain())
    opened = PSDImage.open(tmp_path / "a.psd")
    assert [(layer.name, layer.blend_mode) for layer in opened] == [
        ("Source", BlendMode.NORMAL),
        ("Shading", BlendMode.MULTIPLY),
        ("Lighting", BlendMode.DIVIDE),
    ]
    assert opened.image_resources.get_data(Resource.ICC_PROFILE) == ADOBE
    source = opened[0].numpy("color")
    assert source is not None
    np.testing.assert_array_equal(np.rint(source * 255), picture().pixels)


def test_an_alpha_becomes_the_mask_of_a_group(tmp_path):
    source = picture(has_alpha=True)
    write_psd(tmp_path / "a.psd", source, full_range_gain())
    (group,) = PSDImage.open(tmp_path / "a.psd")
    assert isinstance(group, Group)
    assert [layer.name for layer in group] == ["Source", "Shading", "Lighting"]
    mask = group.numpy("mask")
    assert mask is not None
    np.testing.assert_array_equal(np.rint(mask[..., 0] * 255), source.alpha)


def test_a_picture_without_a_profile_is_called_srgb(tmp_path):
    untagged = Picture(pixels=picture().pixels)
    write_psd(tmp_path / "a.psd", untagged, full_range_gain())
    profile = PSDImage.open(tmp_path / "a.psd").image_resources.get_data(Resource.ICC_PROFILE)
    opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    assert "sRGB" in ImageCms.getProfileDescription(opened)


def flatten_openraster(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Color and alpha of the stack, by the words of the OpenRaster and W3C specifications."""
    with zipfile.ZipFile(path) as archive:
        layers = [*ElementTree.fromstring(archive.read("stack.xml")).iter("layer")]
        alpha = np.ones((HEIGHT, WIDTH))
        color = np.zeros((HEIGHT, WIDTH, 3))
        for layer in reversed(layers):
            file = path.with_name("layer.png")
            file.write_bytes(archive.read(layer.attrib["src"]))
            opened = read_picture(file)
            above = opened.pixels / opened.maximum
            match layer.get("composite-op"):
                case "svg:src-over":
                    color = above
                case "svg:multiply":
                    color = color * above
                case "svg:color-dodge":
                    color = np.minimum(1, color / (1 - above))
                case "svg:dst-in":
                    assert opened.alpha is not None
                    alpha = alpha * opened.alpha / opened.maximum
    return color, alpha


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("has_alpha", [False, True])
def test_openraster_flattens_to_our_composite_by_its_specification(tmp_path, bits, has_alpha):
    source = picture(has_alpha=has_alpha)
    written = write_openraster(tmp_path / "a.ora", source, full_range_gain(), bits=bits)
    color, alpha = flatten_openraster(tmp_path / "a.ora")
    expected, expected_alpha = expected_composite(source)
    np.testing.assert_allclose(alpha, expected_alpha, atol=1e-6)
    assert np.abs(color - expected).max() <= WORST[bits]
    assert written.bits == bits


@pytest.mark.parametrize("has_alpha", [False, True])
def test_openraster_begins_with_its_bare_mimetype_and_holds_what_readers_expect(
    tmp_path, has_alpha
):
    source = picture(has_alpha=has_alpha)
    write_openraster(tmp_path / "a.ora", source, full_range_gain())
    assert (tmp_path / "a.ora").read_bytes()[30:54] == b"mimetypeimage/openraster"
    with zipfile.ZipFile(tmp_path / "a.ora") as archive:
        image = ElementTree.fromstring(archive.read("stack.xml"))
        assert (image.get("w"), image.get("h")) == (str(WIDTH), str(HEIGHT))
        names = set(archive.namelist())
        assert {layer.get("src") for layer in image.iter("layer")} <= names
        assert {"mergedimage.png", "Thumbnails/thumbnail.png"} <= names
        for name in names:
            if name.endswith(".png"):
                with Image.open(io.BytesIO(archive.read(name))) as inside:
                    assert inside.mode == ("RGBA" if inside.mode == "RGBA" else "RGB")
                    if not name.startswith("Thumb"):
                        assert inside.info["icc_profile"] == ADOBE
        (tmp_path / "merged.png").write_bytes(archive.read("mergedimage.png"))
    merged = read_picture(tmp_path / "merged.png")
    flat = composite_picture(source, full_range_gain(), bits=16)
    np.testing.assert_array_equal(merged.pixels, flat.pixels)
    assert (merged.alpha is None) == (not has_alpha)


@pytest.mark.parametrize(("bits", "worst"), [(8, 0.0205), (16, 0.00008)])
def test_the_error_of_the_gain_is_reported_and_bounded(bits, worst):
    layers = integer_layers(full_range_gain(), bits)
    maximum = 2**bits - 1
    gain = (layers.shading / maximum) / (layers.lighting / maximum)
    actual = np.abs(gain / np.exp(full_range_gain()) - 1).max()
    assert layers.gain_error == pytest.approx(actual, rel=1e-2)
    assert layers.gain_error <= worst


def test_no_gain_has_no_error_in_any_bits():
    layers = integer_layers(np.zeros((3, 4), np.float32), 8)
    assert layers.gain_error == 0
    assert layers.shading.min() == layers.lighting.min() == 255


def test_npz_gives_the_edit_back(tmp_path):
    write_npz(tmp_path / "a.npz", edit())
    saved = read_npz(tmp_path / "a.npz")
    np.testing.assert_array_equal(saved.log_gain, edit().log_gain)
    np.testing.assert_allclose(saved.mask, edit().mask, atol=0.5 / 255)
    assert (saved.direction, saved.prompt) == (edit().direction, edit().prompt)
    with np.load(tmp_path / "a.npz") as arrays:
        stack = full_size_stack(edit().log_gain)
        np.testing.assert_allclose(arrays["shading"], stack.shading[0].numpy(), rtol=1e-3)
        np.testing.assert_allclose(arrays["lighting"], stack.lighting[0].numpy(), rtol=1e-3)


def test_the_two_pngs_give_the_log_gain_back_to_16_bits(tmp_path):
    paths = tmp_path / "a.shading.png", tmp_path / "a.lighting.png"
    write_pngs(*paths, full_range_gain())
    np.testing.assert_allclose(read_pngs(*paths).log_gain[0].numpy(), full_range_gain(), atol=1e-4)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04"])
def test_a_damaged_npz_is_one_line(tmp_path, content):
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(ImageError, match="holds no layers"):
        read_npz(tmp_path / "a.npz")


def test_every_format_is_written_beside_the_picture_and_never_over_another(tmp_path):
    destination = tmp_path / "a.b.relit.png"
    written = write_layers(list(LAYER_ENDINGS), destination, picture(), edit())
    expected = [path for kind in LAYER_ENDINGS for path in layer_paths(destination, kind)]
    assert [file.path for file in written] == expected
    assert sorted(tmp_path.iterdir()) == sorted(expected)
    assert [path.name for path in expected][:2] == ["a.b.relit.psd", "a.b.relit.ora"]
    before = {path: path.read_bytes() for path in expected}
    for kind in LAYER_ENDINGS:
        with pytest.raises(OutputError, match="--force"):
            write_layers([kind], destination, picture(), edit())
    assert {path: path.read_bytes() for path in expected} == before
    write_layers(list(LAYER_ENDINGS), destination, picture(), edit(), force=True)


def test_an_unknown_format_is_refused_with_the_ones_there_are(tmp_path):
    with pytest.raises(OutputError, match="psd, ora, npz, png"):
        write_layers(["xcf"], tmp_path / "a.png", picture(), edit())


def test_a_side_too_long_for_a_psd_is_refused_before_anything_is_written(tmp_path):
    source = Picture(pixels=np.zeros((1, MAX_SIDE + 1, 3), np.uint8))
    with pytest.raises(OutputError, match="--layers ora"):
        write_psd(tmp_path / "a.psd", source, np.zeros((1, MAX_SIDE + 1), np.float32))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("gimp") is None, reason="GIMP is not installed")
@pytest.mark.parametrize("has_alpha", [False, True])
def test_gimp_flattens_the_psd_to_our_composite(tmp_path, has_alpha):
    source = picture(has_alpha=has_alpha)
    write_psd(tmp_path / "a.psd", source, full_range_gain())
    script = (
        f'(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{tmp_path}/a.psd" "a")))'
        "(layer (car (gimp-image-merge-visible-layers image CLIP-TO-IMAGE))))"
        f'(file-png-save2 RUN-NONINTERACTIVE image layer "{tmp_path}/a.png" "a"'
        " 0 1 0 0 0 0 0 0 0))"
    )
    command = ["gimp", "-i", "-d", "-f", "-b", script, "-b", "(gimp-quit 0)"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    flat = read_picture(tmp_path / "a.png")
    expected, alpha = expected_composite(source)
    error = np.abs((flat.pixels / flat.maximum - expected) * alpha[..., None])
    assert error.max() <= WORST[16]

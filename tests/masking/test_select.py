"""A mask is what its user chose, or an error that says what to choose instead."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

from lasagna_relight.errors import MaskError
from lasagna_relight.image_io import Picture
from lasagna_relight.masking import resolve_mask, select


def saved(path: Path, pixels: np.ndarray) -> Path:
    PillowImage.fromarray(pixels).save(path)
    return path


def test_none_is_the_whole_picture(scene: Any) -> None:
    resolved = resolve_mask(scene.picture, "none")
    assert resolved.method == "none"
    assert resolved.warning is None
    assert resolved.mask.dtype == np.float32
    assert (resolved.mask == np.ones((120, 160))).all()


def test_the_mask_of_a_file_is_taken_as_it_is(scene: Any, tmp_path: Path) -> None:
    grey = np.tile(np.linspace(0, 255, 160).astype(np.uint8), (120, 1))
    resolved = resolve_mask(scene.picture, saved(tmp_path / "mask.png", grey))
    assert resolved.method == "file"
    assert resolved.mask.dtype == np.float32
    assert np.abs(resolved.mask - grey / 255).max() <= 4 / 255
    assert np.abs(resolved.mask - grey / 255)[:, 10:-10].max() < 1e-6


def test_the_mask_of_a_cutout_is_its_alpha(scene: Any, tmp_path: Path) -> None:
    alpha = np.where(scene.truth, 255, 0).astype(np.uint8)
    cutout = saved(tmp_path / "cutout.png", np.dstack([scene.picture.pixels // 8, alpha]))
    assert np.array_equal(resolve_mask(scene.picture, cutout).mask, scene.truth.astype(np.float32))


def test_an_opaque_mask_with_alpha_is_read_by_its_luma(scene: Any, tmp_path: Path) -> None:
    painted_white = np.where(scene.truth, 255, 0).astype(np.uint8)
    rgba = np.dstack([painted_white] * 3 + [np.full_like(painted_white, 255)])
    resolved = resolve_mask(scene.picture, saved(tmp_path / "mask.png", rgba))
    assert np.array_equal(resolved.mask, scene.truth.astype(np.float32))


def test_a_colored_mask_is_read_by_its_luma(scene: Any, tmp_path: Path) -> None:
    green = np.zeros((120, 160, 3), dtype=np.uint8)
    green[scene.truth] = (0, 255, 0)
    mask = resolve_mask(scene.picture, saved(tmp_path / "mask.png", green)).mask
    assert np.allclose(mask, 0.7152 * scene.truth, atol=1e-6)


def test_jpeg_noise_of_a_mask_leaves_the_background_exactly_0(scene: Any, tmp_path: Path) -> None:
    noisy = np.where(scene.truth, 254, 2).astype(np.uint8)
    mask = resolve_mask(scene.picture, saved(tmp_path / "mask.png", noisy)).mask
    assert np.array_equal(mask, scene.truth.astype(np.float32))


def test_a_mask_of_another_size_is_refused(scene: Any, tmp_path: Path) -> None:
    small = saved(tmp_path / "small.png", np.full((60, 80), 255, dtype=np.uint8))
    with pytest.raises(MaskError, match=r"small\.png is 80 x 60 .* 160 x 120: give a mask"):
        resolve_mask(scene.picture, small)


def test_a_mask_that_selects_nothing_is_refused(scene: Any, tmp_path: Path) -> None:
    black = saved(tmp_path / "black.png", np.zeros((120, 160), dtype=np.uint8))
    with pytest.raises(MaskError, match=r"black\.png selects nothing: paint"):
        resolve_mask(scene.picture, black)


def test_a_mask_that_cannot_be_read_is_named(scene: Any, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_text("not a picture")
    for path in (broken, tmp_path / "absent.png", tmp_path):
        with pytest.raises(MaskError, match=path.name):
            resolve_mask(scene.picture, path)


def test_the_alpha_of_a_picture_is_its_mask(scene: Any) -> None:
    alpha = np.where(scene.truth, 65535, 0).astype(np.uint16)
    wide = scene.picture.pixels.astype(np.uint16) * 257
    resolved = resolve_mask(Picture(pixels=wide, alpha=alpha), "auto")
    assert resolved.method == "alpha"
    assert np.array_equal(resolved.mask, scene.truth.astype(np.float32))


def test_an_alpha_that_cuts_nothing_out_is_no_mask(scene: Any) -> None:
    opaque = np.full((120, 160), 255, dtype=np.uint8)
    resolved = resolve_mask(Picture(pixels=scene.picture.pixels, alpha=opaque), "auto")
    assert resolved.method == "u2netp"
    assert scene.overlap(resolved.mask) > 0.98


def test_a_wholly_transparent_picture_is_refused(scene: Any) -> None:
    hidden = Picture(pixels=scene.picture.pixels, alpha=np.zeros((120, 160), dtype=np.uint8))
    with pytest.raises(MaskError, match="wholly transparent"):
        resolve_mask(hidden, "auto")


def test_an_object_is_found_and_its_background_is_exactly_0(scene: Any) -> None:
    resolved = resolve_mask(scene.picture, "auto")
    assert resolved.method == "u2netp"
    assert resolved.warning is None
    assert scene.overlap(resolved.mask) > 0.98
    assert (resolved.mask[~scene.grown(7)] == 0).all()


def test_where_nothing_stands_out_the_whole_picture_is_relit_with_a_warning() -> None:
    blank = Picture(pixels=np.full((90, 80, 3), 128, dtype=np.uint8), path=Path("wall.jpg"))
    resolved = resolve_mask(blank, "auto")
    assert resolved.method == "none"
    assert (resolved.mask == 1).all()
    assert resolved.warning is not None
    assert "wall.jpg: no object stands out" in resolved.warning


def test_without_onnxruntime_grabcut_finds_the_object_and_says_so(
    scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(select, "network_available", lambda: False)
    resolved = resolve_mask(scene.picture, "auto")
    assert resolved.method == "grabcut"
    assert scene.overlap(resolved.mask) > 0.98
    assert resolved.warning is not None
    assert "onnxruntime is not installed" in resolved.warning

"""The edge of a refined mask is the edge of the picture."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lasagna_relight.masking import refine
from lasagna_relight.masking.planes import resized, shrink_pixels
from lasagna_relight.masking.refine import fit_linear_model, refine_mask, spans


def coarse_mask(selected: np.ndarray, stride: int) -> np.ndarray:
    return selected[::stride, ::stride].astype(np.float32)


def test_a_mask_a_few_pixels_off_snaps_to_the_edge_of_the_picture(
    make_scene: Callable[..., Any],
) -> None:
    scene = make_scene(height=480, width=640, center=(240, 320), radius=150)
    off = make_scene(height=480, width=640, center=(242, 319), radius=150).truth
    refined = refine_mask(coarse_mask(off, 4), scene.picture.pixels)
    assert scene.overlap(refined) > 0.99 > scene.overlap(off)


def test_away_from_the_edge_the_mask_is_exactly_0_and_1(
    make_scene: Callable[..., Any],
) -> None:
    scene = make_scene(height=480, width=640, center=(240, 320), radius=150)
    noise = np.random.default_rng(0).integers(0, 80, (480, 640, 3), dtype=np.uint8)
    refined = refine_mask(coarse_mask(scene.truth, 2), scene.picture.pixels // 2 + noise)
    assert (refined[scene.grown(-20)] == 1).all()
    assert (refined[~scene.grown(20)] == 0).all()


def test_an_edge_finer_than_the_fit_is_found_in_a_large_picture(
    make_scene: Callable[..., Any],
) -> None:
    scene = make_scene(height=1800, width=2400, center=(900, 1200), radius=600)
    refined = refine_mask(coarse_mask(scene.truth, 8), scene.picture.pixels)
    wrong = (refined > 0.5) != scene.truth
    assert wrong.mean() < 1e-4


def test_tiles_leave_no_seam(
    make_scene: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = make_scene(height=300, width=420, center=(150, 200), radius=90)
    coarse, guide = coarse_mask(scene.truth, 4), scene.picture.pixels
    whole = refine_mask(coarse, guide)
    monkeypatch.setattr(refine, "TILE", 64)
    assert np.allclose(refine_mask(coarse, guide), whole, atol=1e-5)


def test_16_bit_pixels_give_the_mask_of_their_8_bit_ones(scene: Any) -> None:
    pixels = scene.picture.pixels
    wide = pixels.astype(np.uint16) * 257
    coarse = coarse_mask(scene.truth, 4)
    assert np.allclose(refine_mask(coarse, wide), refine_mask(coarse, pixels), atol=1e-5)


@settings(max_examples=25)
@given(
    height=st.integers(1, 70),
    width=st.integers(1, 70),
    value=st.sampled_from([0.0, 1.0]),
    seed=st.integers(0, 99),
)
def test_a_mask_without_an_edge_stays_as_it_is(
    height: int, width: int, value: float, seed: int
) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    refined = refine_mask(np.full((9, 11), value, dtype=np.float32), pixels)
    assert refined.shape == (height, width)
    assert refined.dtype == np.float32
    assert (refined == value).all()


@settings(max_examples=25)
@given(height=st.integers(1, 60), width=st.integers(1, 60), seed=st.integers(0, 99))
def test_any_mask_of_any_picture_is_within_0_and_1(height: int, width: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    coarse = random.random((7, 5), dtype=np.float32)
    refined = refine_mask(coarse, pixels)
    assert refined.shape == (height, width)
    assert np.isfinite(refined).all()
    assert refined.min() >= 0
    assert refined.max() <= 1


def test_the_fit_recovers_a_mask_that_is_linear_in_the_color() -> None:
    guide = np.random.default_rng(0).random((60, 80, 3), dtype=np.float32)
    slope = np.array([0.5, -0.3, 0.4], dtype=np.float32)
    model = fit_linear_model(guide @ slope + np.float32(0.3), guide, 8)
    assert np.allclose(model.slope, slope, atol=0.01)
    assert np.allclose(model.offset, 0.3, atol=0.01)


@pytest.mark.parametrize(("full", "small"), [(4000, 768), (700, 700), (513, 7), (1, 1), (600, 1)])
def test_tiles_cover_every_pixel_once_with_bilinear_weights(full: int, small: int) -> None:
    ramp = np.arange(small, dtype=np.float32)
    tiles = spans(full, small)
    assert [tile.full.start for tile in tiles[1:]] == [tile.full.stop for tile in tiles[:-1]]
    values = np.concatenate([tile.weights @ ramp[tile.small] for tile in tiles])
    exact = ((np.arange(full) + 0.5) * small / full - 0.5).clip(0, small - 1)
    assert np.allclose(values, exact, atol=1e-3)
    nearest = np.concatenate([ramp[tile.small][tile.nearest] for tile in tiles])
    assert np.abs(nearest - exact).max() <= 0.5
    for tile in tiles:
        assert np.allclose(tile.weights.sum(axis=1), 1, atol=1e-6)


def test_shrinking_averages_and_keeps_the_aspect_ratio() -> None:
    checkers = np.indices((400, 600)).sum(axis=0) % 2 * 255
    pixels = np.repeat(checkers[..., None], 3, axis=2).astype(np.uint8)
    small = shrink_pixels(pixels, 150)
    assert small.shape == (100, 150, 3)
    assert np.abs(small - 0.5).max() < 0.02


def test_shrinking_never_enlarges(scene: Any) -> None:
    pixels = scene.picture.pixels
    assert np.array_equal(shrink_pixels(pixels, 1024), pixels.astype(np.float32) / 255)


def test_resizing_smaller_averages_what_it_leaves_out() -> None:
    stripes = np.tile(np.array([0, 1], dtype=np.float32), (40, 60))
    assert np.abs(resized(stripes, (10, 30))[:, 1:-1] - 0.5).max() < 0.02
    assert resized(np.dstack([stripes] * 3), (10, 30)).shape == (10, 30, 3)

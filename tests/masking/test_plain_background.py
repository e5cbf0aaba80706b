"""On a plain background, the color corrects what the network left out or took in."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lasagna_relight.masking.plain_background import (
    correct_on_plain_background,
    find_plain_background,
)


def image_of(pixels: np.ndarray) -> np.ndarray:
    return pixels.astype(np.float32) / 255


def saliency_of(selected: np.ndarray) -> np.ndarray:
    return selected.astype(np.float32)


def test_a_hole_that_the_network_left_in_the_object_is_filled(scene: Any) -> None:
    ring = scene.truth & ~scene.grown(-15)
    corrected = correct_on_plain_background(saliency_of(ring), image_of(scene.picture.pixels))
    assert scene.overlap(ring) < 0.9
    assert scene.overlap(corrected) > 0.97


def test_a_part_of_the_object_that_was_missed_is_added(scene: Any) -> None:
    half = scene.truth.copy()
    half[:, 75:] = False
    corrected = correct_on_plain_background(saliency_of(half), image_of(scene.picture.pixels))
    assert scene.overlap(corrected) > 0.97


def test_a_haze_over_the_background_is_removed(scene: Any) -> None:
    haze = np.where(scene.grown(20), 0.6, 0.0)
    haze[scene.truth] = 1
    corrected = correct_on_plain_background(saliency_of(haze), image_of(scene.picture.pixels))
    assert scene.overlap(haze) < 0.6
    assert scene.overlap(corrected) > 0.93


def test_what_the_network_is_sure_of_stays_even_in_the_color_of_the_background(
    scene: Any,
) -> None:
    pixels = scene.picture.pixels.copy()
    pixels[scene.grown(-15)] = scene.background
    corrected = correct_on_plain_background(saliency_of(scene.truth), image_of(pixels))
    assert np.array_equal(corrected, saliency_of(scene.truth))


def test_the_opening_of_a_ring_stays_open(scene: Any) -> None:
    pixels = scene.picture.pixels.copy()
    opening = scene.grown(-12)
    pixels[opening] = scene.background
    ring = scene.truth & ~opening
    corrected = correct_on_plain_background(saliency_of(ring), image_of(pixels))
    assert not corrected[opening].any()


def test_a_shadow_beside_the_object_stays_out(scene: Any) -> None:
    pixels = scene.picture.pixels.copy()
    shadow = np.zeros_like(scene.truth)
    shadow[85:100, 60:140] = True
    shadow &= ~scene.truth
    pixels[shadow] = np.array(scene.background) * 6 // 10
    corrected = correct_on_plain_background(saliency_of(scene.truth), image_of(pixels))
    assert not corrected[shadow & ~scene.grown(3)].any()


def test_another_object_of_the_picture_stays_out(make_scene: Callable[..., Any]) -> None:
    scene = make_scene()
    other = make_scene(center=(100, 135), radius=12).truth
    pixels = scene.picture.pixels.copy()
    pixels[other] = (20, 40, 160)
    corrected = correct_on_plain_background(saliency_of(scene.truth), image_of(pixels))
    assert np.array_equal(corrected, saliency_of(scene.truth))


def test_a_crowded_background_leaves_the_saliency_as_it_is(
    scene: Any,
) -> None:
    noise = np.random.default_rng(0).random((120, 160, 3), dtype=np.float32)
    image = np.where(scene.truth[..., None], image_of(scene.picture.pixels), noise)
    ring = saliency_of(scene.truth & ~scene.grown(-15))
    assert np.array_equal(correct_on_plain_background(ring, image), ring)


def test_a_gradient_is_plain_and_found_behind_the_object(scene: Any) -> None:
    across = np.linspace(0.2, 0.8, 160, dtype=np.float32)[:, None]
    image = np.where(scene.truth[..., None], image_of(scene.picture.pixels), across)
    background = find_plain_background(image, saliency_of(scene.truth))
    assert background is not None
    assert np.abs(background.colors - across).max() < 0.01


def test_a_vignette_is_plain_too(scene: Any) -> None:
    y, x = np.linspace(-1, 1, 120)[:, None, None], np.linspace(-1, 1, 160)[None, :, None]
    vignette = (0.8 - 0.2 * x * x - 0.2 * y * y).astype(np.float32)
    image = np.where(scene.truth[..., None], image_of(scene.picture.pixels), vignette)
    background = find_plain_background(image, saliency_of(scene.truth))
    assert background is not None
    assert np.abs(background.colors - vignette).max() < 0.01


def test_an_object_in_the_frame_does_not_disturb_the_background(
    make_scene: Callable[..., Any],
) -> None:
    scene = make_scene(center=(115, 70), radius=25)
    nothing_found = np.zeros((120, 160), dtype=np.float32)
    background = find_plain_background(image_of(scene.picture.pixels), nothing_found)
    expected = np.array(scene.background) / 255
    assert background is not None
    assert np.abs(background.colors - expected).max() < 0.02


def test_an_area_in_the_color_of_a_shadow_is_filled_inside_the_object(scene: Any) -> None:
    pixels = scene.picture.pixels.copy()
    inside = scene.grown(-12)
    pixels[inside] = np.array(scene.background) * 6 // 10
    ring = saliency_of(scene.truth & ~inside)
    corrected = correct_on_plain_background(ring, image_of(pixels))
    assert scene.overlap(corrected) > 0.97


def test_tiny_pictures_come_back_as_they_are() -> None:
    for size in ((1, 1), (1, 50), (3, 3)):
        saliency = np.full(size, 0.4, dtype=np.float32)
        image = np.full((*size, 3), 0.5, dtype=np.float32)
        assert np.array_equal(correct_on_plain_background(saliency, image), saliency)

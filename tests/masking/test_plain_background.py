"""On a plain background, the color corrects what the network left out or took in."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from lasagna_relight.masking.plain_background import (
    correct_on_plain_background,
    find_plain_background,
)


def image_of(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pixels.astype(np.float32) / 255).permute(2, 0, 1)


def saliency_of(selected: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(selected.astype(np.float32))[None]


def test_a_hole_that_the_network_left_in_the_object_is_filled(scene: Any) -> None:
    ring = scene.truth & ~scene.grown(-15)
    corrected = correct_on_plain_background(saliency_of(ring), scene.picture.image())
    assert scene.overlap(ring) < 0.9
    assert scene.overlap(corrected[0].numpy()) > 0.97


def test_a_part_of_the_object_that_was_missed_is_added(scene: Any) -> None:
    half = scene.truth.copy()
    half[:, 75:] = False
    corrected = correct_on_plain_background(saliency_of(half), scene.picture.image())
    assert scene.overlap(corrected[0].numpy()) > 0.97


def test_a_haze_over_the_background_is_removed(scene: Any) -> None:
    haze = np.where(scene.grown(20), 0.6, 0.0)
    haze[scene.truth] = 1
    corrected = correct_on_plain_background(saliency_of(haze), scene.picture.image())
    assert scene.overlap(haze) < 0.6
    assert scene.overlap(corrected[0].numpy()) > 0.93


def test_what_the_network_is_sure_of_stays_even_in_the_color_of_the_background(
    scene: Any,
) -> None:
    pixels = scene.picture.pixels.copy()
    pixels[scene.grown(-15)] = scene.background
    corrected = correct_on_plain_background(saliency_of(scene.truth), image_of(pixels))
    assert torch.equal(corrected, saliency_of(scene.truth))


def test_the_opening_of_a_ring_stays_open(scene: Any) -> None:
    pixels = scene.picture.pixels.copy()
    opening = scene.grown(-12)
    pixels[opening] = scene.background
    ring = scene.truth & ~opening
    corrected = correct_on_plain_background(saliency_of(ring), image_of(pixels))
    assert not corrected[0].numpy()[opening].any()


def test_a_shadow_beside_the_object_stays_out(scene: Any) -> None:
    pixels = scene.picture.pixels.copy()
    shadow = np.zeros_like(scene.truth)
    shadow[85:100, 60:140] = True
    shadow &= ~scene.truth
    pixels[shadow] = np.array(scene.background) * 6 // 10
    corrected = correct_on_plain_background(saliency_of(scene.truth), image_of(pixels))
    assert not corrected[0].numpy()[shadow & ~scene.grown(3)].any()


def test_another_object_of_the_picture_stays_out(make_scene: Callable[..., Any]) -> None:
    scene = make_scene()
    other = make_scene(center=(100, 135), radius=12).truth
    pixels = scene.picture.pixels.copy()
    pixels[other] = (20, 40, 160)
    corrected = correct_on_plain_background(saliency_of(scene.truth), image_of(pixels))
    assert torch.equal(corrected, saliency_of(scene.truth))


def test_a_crowded_background_leaves_the_saliency_as_it_is(
    scene: Any, generator: torch.Generator
) -> None:
    noise = torch.rand(3, 120, 160, generator=generator)
    image = torch.where(saliency_of(scene.truth) > 0, scene.picture.image(), noise)
    ring = saliency_of(scene.truth & ~scene.grown(-15))
    assert torch.equal(correct_on_plain_background(ring, image), ring)


def test_a_gradient_is_plain_and_found_behind_the_object(scene: Any) -> None:
    across = torch.linspace(0.2, 0.8, 160).expand(3, 120, 160)
    image = torch.where(saliency_of(scene.truth) > 0, scene.picture.image(), across)
    background = find_plain_background(image, saliency_of(scene.truth)[0])
    assert background is not None
    assert float((background.colors - across).abs().max()) < 0.01


def test_a_vignette_is_plain_too(scene: Any) -> None:
    y, x = torch.linspace(-1, 1, 120)[:, None], torch.linspace(-1, 1, 160)[None]
    vignette = (0.8 - 0.2 * x.square() - 0.2 * y.square()).expand(3, 120, 160)
    image = torch.where(saliency_of(scene.truth) > 0, scene.picture.image(), vignette)
    background = find_plain_background(image, saliency_of(scene.truth)[0])
    assert background is not None
    assert float((background.colors - vignette).abs().max()) < 0.01


def test_an_object_in_the_frame_does_not_disturb_the_background(
    make_scene: Callable[..., Any],
) -> None:
    scene = make_scene(center=(115, 70), radius=25)
    nothing_found = torch.zeros(120, 160)
    background = find_plain_background(scene.picture.image(), nothing_found)
    expected = torch.tensor(scene.background)[:, None, None] / 255
    assert background is not None
    assert float((background.colors - expected).abs().max()) < 0.02


def test_an_area_in_the_color_of_a_shadow_is_filled_inside_the_object(scene: Any) -> None:
    pixels = scene.picture.pixels.copy()
    inside = scene.grown(-12)
    pixels[inside] = np.array(scene.background) * 6 // 10
    ring = saliency_of(scene.truth & ~inside)
    corrected = correct_on_plain_background(ring, image_of(pixels))
    assert scene.overlap(corrected[0].numpy()) > 0.97


def test_tiny_pictures_come_back_as_they_are() -> None:
    for size in ((1, 1), (1, 50), (3, 3)):
        saliency = torch.full((1, *size), 0.4)
        assert torch.equal(
            correct_on_plain_background(saliency, torch.full((3, *size), 0.5)), saliency
        )

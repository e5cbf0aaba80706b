"""GrabCut, the way without the network."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lasagna_relight.masking.grabcut import grabcut_mask
from lasagna_relight.masking.planes import shrink_pixels


def test_a_disc_is_found_among_noise(scene: Any) -> None:
    pixels = scene.picture.pixels
    noisy = (pixels + 13 * np.random.default_rng(0).standard_normal(pixels.shape)).clip(0, 255)
    image = shrink_pixels(noisy.astype(np.uint8), 320)
    assert scene.overlap(grabcut_mask(image)) > 0.95


def test_nothing_stands_out_of_a_blank_picture() -> None:
    assert not grabcut_mask(np.full((200, 300, 3), 0.4, dtype=np.float32)).any()


def test_tiny_pictures_have_no_object() -> None:
    for size in ((1, 1), (2, 9), (400, 1)):
        mask = grabcut_mask(np.random.default_rng(0).random((*size, 3), dtype=np.float32))
        assert mask.shape == size
        assert not mask.any()


def test_crumbs_beside_the_object_are_dropped(make_scene: Callable[..., Any]) -> None:
    scene = make_scene(height=240, width=320, center=(120, 130), radius=70)
    crumb = make_scene(height=240, width=320, center=(40, 280), radius=6).truth
    pixels = scene.picture.pixels.copy()
    pixels[crumb] = scene.color
    mask = grabcut_mask(shrink_pixels(pixels, 320))
    assert scene.overlap(mask) > 0.95
    assert not mask[crumb].any()

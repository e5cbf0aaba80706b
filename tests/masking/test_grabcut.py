"""GrabCut, the way without the network."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from lasagna_relight.masking.grabcut import grabcut_mask


def test_a_disc_is_found_among_noise(scene: Any, generator: torch.Generator) -> None:
    image = scene.picture.image()
    noisy = (image + 0.05 * torch.randn(image.shape, generator=generator)).clamp(0, 1)
    assert scene.overlap(grabcut_mask(noisy)[0].numpy()) > 0.95


def test_nothing_stands_out_of_a_blank_picture() -> None:
    assert not grabcut_mask(torch.full((3, 200, 300), 0.4)).any()


def test_tiny_pictures_have_no_object() -> None:
    for size in ((1, 1), (2, 9), (400, 1)):
        mask = grabcut_mask(torch.rand(3, *size, generator=torch.Generator().manual_seed(0)))
        assert mask.shape == (1, *size)
        assert not mask.any()


def test_crumbs_beside_the_object_are_dropped(make_scene: Callable[..., Any]) -> None:
    scene = make_scene(height=240, width=320, center=(120, 130), radius=70)
    crumb = make_scene(height=240, width=320, center=(40, 280), radius=6).truth
    pixels = scene.picture.pixels.copy()
    pixels[crumb] = scene.color
    image = torch.from_numpy(pixels.astype(np.float32) / 255).permute(2, 0, 1)
    mask = grabcut_mask(image)[0].numpy()
    assert scene.overlap(mask) > 0.95
    assert not mask[crumb].any()

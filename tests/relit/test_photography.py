"""Backgrounds, cameras and masks as photographs have them."""

import torch

from lasagna_relight.relit.photography import photograph, random_contrast


def disks(count, size=32):
    axis = torch.linspace(-1, 1, size)
    alpha = ((axis**2 + axis[:, None] ** 2).sqrt() < 0.6).float().expand(count, 1, size, size)
    return 0.6 * alpha.expand(-1, 3, -1, -1).contiguous(), alpha.contiguous()


def test_the_object_stays_and_the_background_varies(generator):
    objects, alpha = disks(32)
    pictures, _ = photograph(objects, alpha, generator)
    middle = pictures[..., 14:18, 14:18].mean((1, 2, 3))
    torch.testing.assert_close(middle, torch.full((32,), 0.6), atol=0.06, rtol=0)
    corner = pictures[..., :3, :3].mean((1, 2, 3))
    assert corner.std() > 0.15
    assert pictures.min() >= 0
    assert pictures.max() <= 1


def test_masks_err_near_the_edge_alone(generator):
    objects, alpha = disks(32)
    _, masks = photograph(objects, alpha, generator)
    error = (masks - alpha).abs()
    assert error[..., 14:18, 14:18].max() == 0
    assert error[..., :3, :3].max() == 0
    assert 0 < error.mean() < 0.1
    exact = (error.amax((1, 2, 3)) == 0).float().mean()
    assert 0.1 < exact < 0.6


def test_half_of_the_tone_curves_are_plain(generator):
    contrast = random_contrast(400, generator)
    assert 0.4 < (contrast == 0).float().mean() < 0.6

"""Solids and noise, drawn and evaluated in batches."""

import torch

from lasagna_relight.relit.noise import value_noise
from lasagna_relight.relit.solids import EMPTY, polytopes, prisms, random_rotations, vessels


def test_rotations_are_rotations(generator):
    rotations = random_rotations(50, generator)
    torch.testing.assert_close(
        rotations @ rotations.transpose(1, 2), torch.eye(3).expand(50, 3, 3), atol=1e-5, rtol=0
    )
    torch.testing.assert_close(torch.linalg.det(rotations), torch.ones(50))


def test_a_prism_of_four_sides_is_a_box():
    normals, offsets = prisms(torch.tensor([4.0]), torch.tensor([0.5]), torch.tensor([0.0]))
    front, back = polytopes(64, torch.zeros(1, 3), normals, offsets * 0.6)
    axis = (torch.arange(64) + 0.5) / 32 - 1
    x, y = axis.expand(64, 64), -axis[:, None].expand(64, 64)
    inside = (x.abs() < 0.55) & (y.abs() < 0.25)
    outside = (x.abs() > 0.65) | (y.abs() > 0.35)
    assert (front[0][outside] == EMPTY).all()
    torch.testing.assert_close(front[0][inside], torch.full_like(front[0][inside], 0.6))
    torch.testing.assert_close(back[0][inside], torch.full_like(back[0][inside], -0.6))


def test_a_vessel_is_as_deep_as_it_is_wide(generator):
    front, back = vessels(4, 64, generator)
    assert ((front > EMPTY) == (back < -EMPTY)).all()
    assert (front > EMPTY).float().mean((1, 2)).min() > 0.02
    hit = front > EMPTY
    torch.testing.assert_close(front[hit], -back[hit])


def test_noise_has_unit_variance_and_the_cells_asked_for(generator):
    cells = torch.tensor([2.0, 20.0]).repeat_interleave(32)
    fields = value_noise(64, cells=cells, octaves=1, gain=0.5, most_cells=20, generator=generator)
    assert 0.5 < fields.std() < 1.6
    steps = fields.diff(dim=-1).abs().mean((1, 2))
    assert steps[32:].mean() > 5 * steps[:32].mean()

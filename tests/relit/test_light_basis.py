"""Any light from twelve."""

import torch
import torch.nn.functional as F

from lasagna_relight.light_direction import NAMED_DIRECTIONS
from lasagna_relight.relit.light_basis import LARGEST_TOTAL, light_weights, mix_log_gains

CORNERS = torch.tensor([direction.vector for direction in NAMED_DIRECTIONS.values()])


def test_a_named_light_is_itself():
    torch.testing.assert_close(light_weights(CORNERS), torch.eye(12), atol=1e-5, rtol=0)


def test_weights_are_non_negative_limited_and_at_most_three(generator):
    weights = light_weights(F.normalize(torch.randn(500, 3, generator=generator), dim=-1))
    assert weights.min() >= 0
    assert weights.sum(-1).max() <= LARGEST_TOTAL + 1e-5
    assert ((weights > 1e-6).sum(-1) <= 3).all()


def test_within_the_clock_the_weights_reproduce_the_direction(generator):
    x, y = (torch.rand(2, 200, generator=generator) - 0.5) * 0.9
    lights = F.normalize(torch.stack([x, y, torch.ones(200)], -1), dim=-1)
    torch.testing.assert_close(light_weights(lights) @ CORNERS, lights, atol=1e-4, rtol=0)


def test_a_lambertian_surface_is_mixed_exactly(generator):
    normals = F.normalize(torch.tensor([[0.1, 0.2, 1.0], [-0.2, 0.1, 1.0]]), dim=-1)
    light = F.normalize(torch.tensor([0.3, 0.2, 0.9]), dim=-1)
    brightness = torch.full((1, 1, 2), 0.5)
    from lasagna_relight.color import linear_to_srgb, srgb_to_linear

    linear = (CORNERS @ normals.T).clamp(min=1e-3)
    log_gains = (linear_to_srgb(linear) / brightness[0]).log()[:, None]
    mixed = mix_log_gains(log_gains, light_weights(light), brightness)
    found = srgb_to_linear(0.5 * mixed.exp())[0, 0]
    torch.testing.assert_close(found, normals @ light, rtol=1e-3, atol=1e-3)

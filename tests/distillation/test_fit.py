"""The closed-form fit of a log gain."""

import torch

from lasagna_relight.distillation.fit import conjugate_gradients, fit_log_gain


def test_conjugate_gradients_solve_a_random_positive_system(generator):
    root = torch.randn(12, 12, generator=generator, dtype=torch.float64)
    matrix = root @ root.T + torch.eye(12)
    wanted = torch.randn(12, generator=generator, dtype=torch.float64)
    found = conjugate_gradients(lambda x: matrix @ x, matrix @ wanted, torch.zeros_like(wanted))
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-4)


def test_without_smoothness_the_fit_is_the_log_ratio(generator):
    source = 0.3 + 0.4 * torch.rand(1, 3, 16, 16, generator=generator)
    log_gain = torch.rand(1, 1, 16, 16, generator=generator) - 0.5
    mask = torch.ones(1, 1, 16, 16)
    found = fit_log_gain(source * log_gain.exp(), source, mask, smoothness=0.0)
    torch.testing.assert_close(found, log_gain, atol=0.03, rtol=0.05)


def test_noise_is_smoothed_inside_a_flat_region_but_a_step_at_an_edge_stays(generator):
    source = torch.full((1, 3, 32, 32), 0.3)
    source[..., 16:] = 0.8
    step = torch.where(torch.arange(32) < 16, -0.4, 0.4).expand(1, 1, 32, 32)
    noisy = step + 0.2 * torch.randn(1, 1, 32, 32, generator=generator)
    mask = torch.ones(1, 1, 32, 32)
    found = fit_log_gain(source * noisy.exp(), source, mask, smoothness=20.0)
    assert (found - step).abs().mean() < 0.25 * (noisy - step).abs().mean()
    assert (found[..., 16] - found[..., 15]).mean() > 0.6


def test_outside_the_mask_nothing_pulls(generator):
    source = torch.full((1, 3, 16, 16), 0.5)
    mask = torch.zeros(1, 1, 16, 16)
    mask[..., 4:12, 4:12] = 1
    target = torch.where(mask > 0, source * 1.3, torch.rand(1, 3, 16, 16, generator=generator))
    found = fit_log_gain(target, source, mask, smoothness=0.1)
    assert (found * (1 - mask)).abs().max() == 0

"""Which timesteps are drawn."""

import torch

from lasagna_relight.distillation.timesteps import annealed_timesteps, uniform_timesteps


def test_one_timestep_is_drawn_from_each_stratum(generator):
    drawn = uniform_timesteps(8, 1000, generator)
    strata = ((drawn.float() / 1000 - 0.02) / 0.96 * 8).floor()
    assert strata.tolist() == list(range(8))


def test_annealed_timesteps_fall_and_stay_in_range(generator):
    means = []
    for done in (0.0, 0.5, 1.0):
        drawn = annealed_timesteps(done, 64, 1000, generator)
        assert drawn.min() >= 20
        assert drawn.max() <= 980
        means.append(drawn.float().mean().item())
    assert means[0] > means[1] + 200 > means[2] + 400


def test_draws_come_from_the_generator_alone():
    first, second = (uniform_timesteps(4, 1000, torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(first, second)

"""Which timesteps a solve visits: annealed from high to low, stratified within a step.

Source: annealing after Huang et al., "DreamTime", arXiv 2306.12422; the range 20..980 of 1000 is
that of DreamFusion (arXiv 2209.14988) and of the authors of Lasagna.
"""

import torch

from lasagna_relight.priors.schedule import Timesteps

RANGE = (0.02, 0.98)


def uniform_timesteps(count: int, timesteps: int, generator: torch.Generator) -> Timesteps:
    """``count`` timesteps, one from each of ``count`` equal strata of the range."""
    strata = (torch.arange(count) + torch.rand(count, generator=generator)) / count
    low, high = RANGE
    return ((low + (high - low) * strata) * timesteps).long()


def annealed_timesteps(
    done: float, count: int, timesteps: int, generator: torch.Generator, spread: float = 0.1
) -> Timesteps:
    """``count`` stratified timesteps about a level that falls from high to low.

    Args:
        done: share of the solve that is over, in [0, 1].
        count: how many to draw.
        timesteps: length of the schedule.
        generator: source of the draws.
        spread: half width of the window around the level, as a share of the schedule.
    """
    low, high = RANGE
    level = high + (low - high) * done
    strata = (torch.arange(count) + torch.rand(count, generator=generator)) / count
    drawn = level + spread * (2 * strata - 1)
    return (drawn.clamp(low, high) * timesteps).long()

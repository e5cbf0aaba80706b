"""How much the score at a timestep counts."""

from collections.abc import Callable

from jaxtyping import Float
from torch import Tensor

from lasagna_relight.priors.schedule import NoiseSchedule, Timesteps

Weighting = Callable[[NoiseSchedule, Timesteps], Float[Tensor, "batch 1 1 1"]]


def variance_weight(schedule: NoiseSchedule, t: Timesteps) -> Float[Tensor, "batch 1 1 1"]:
    """w(t) = 1 - abar_t, as in DreamFusion (arXiv 2209.14988) and in the authors' Lasagna."""
    return 1 - schedule.abar(t)

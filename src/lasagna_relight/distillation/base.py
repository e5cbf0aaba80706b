"""What an objective is: a function from the present edit to the direction it should leave in."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from lasagna_relight.priors.base import DiffusionPrior
from lasagna_relight.types import Image, LogGain, Mask


@dataclass(frozen=True, kw_only=True)
class Edit:
    """The present state of a solve, at the prior's resolution.

    Attributes:
        source: (1, 3, H, W), sRGB-encoded in [0, 1].
        mask: (1, 1, H, W) in [0, 1].
        log_gain: (1, 1, H, W); the composite is source * exp(log_gain).
        done: share of the solve that is over, in [0, 1].
    """

    source: Image
    mask: Mask
    log_gain: LogGain
    done: float

    @property
    def composite(self) -> Image:
        """f(x, s, l) = x * s / l (arXiv 2312.00833), before clipping at white."""
        return self.source * self.log_gain.exp()


@dataclass(frozen=True, kw_only=True)
class Score:
    """What an objective thinks of an edit.

    Attributes:
        gradient: of the objective with respect to the log gain, (1, 1, H, W).
        magnitude: root mean square of the disagreement, in latent units; for display.
        evaluations: how often the prior was asked, one per latent.
    """

    gradient: LogGain
    magnitude: float
    evaluations: int


Objective = Callable[[Edit, DiffusionPrior, torch.Generator], Score]

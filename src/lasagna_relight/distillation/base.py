"""What an objective is: a function from the present edit to the direction it should leave in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor

from lasagna_relight.priors.base import DiffusionPrior
from lasagna_relight.types import Image


@runtime_checkable
class Edit(Protocol):
    """The present state of a solve at the prior's resolution, whatever its layers are.

    `relighting.edit.LightEdit` and `colorization.paint.PaintEdit` are the two.
    """

    @property
    def source(self) -> Image:
        """(1, 3, H, W), sRGB-encoded in [0, 1]: what lies under the layers."""
        ...

    @property
    def values(self) -> Tensor:
        """(1, C, H, W): the layers, as they are solved for."""
        ...

    @property
    def done(self) -> float:
        """Share of the solve that is over, in [0, 1]."""
        ...

    def composite(self, values: Tensor) -> Image:
        """The source under layers of these values, differentiable."""
        ...

    def fitted(self, picture: Image, smoothness: float) -> Tensor:
        """The values whose composite is nearest to ``picture``, (1, 3, H, W)."""
        ...


@dataclass(frozen=True, kw_only=True)
class Score:
    """What an objective thinks of an edit.

    Attributes:
        gradient: of the objective with respect to the values of the edit, of their shape.
        magnitude: root mean square of the disagreement, in latent units; for display.
        evaluations: how often the prior was asked, one per latent.
    """

    gradient: Tensor
    magnitude: float
    evaluations: int


Objective = Callable[[Edit, DiffusionPrior, torch.Generator], Score]

"""What a reader of words believes about the light: a distribution over directions.

A von Mises-Fisher distribution (mean and concentration), and the probability that a direction is
named at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

CONFIDENT_WITHIN_DEG = 45.0


@dataclass(frozen=True, kw_only=True)
class DirectionBelief:
    """What the reader believes of several prompts."""

    mean: Float[Tensor, "batch 3"]
    """Unit vectors."""
    concentration: Float[Tensor, " batch"]
    """The kappa of a von Mises-Fisher distribution, positive."""
    named_logit: Float[Tensor, " batch"]
    """Log odds that a direction is named."""

    @classmethod
    def of_outputs(cls, out: Float[Tensor, "batch 5"]) -> DirectionBelief:
        """From the outputs of a network: a direction, log concentration and log odds."""
        return cls(
            mean=nn.functional.normalize(out[:, :3], dim=-1),
            concentration=out[:, 3].clamp(-3, 5).exp(),
            named_logit=out[:, 4],
        )

    @property
    def named(self) -> Float[Tensor, " batch"]:
        """Probability that a direction is named."""
        return self.named_logit.sigmoid()

    @property
    def confidence(self) -> Float[Tensor, " batch"]:
        """Probability of a named direction within 45 degrees of the mean.

        The mass of a von Mises-Fisher cap: (1 - exp(-k (1 - cos a))) / (1 - exp(-2 k)).
        """
        k = self.concentration
        cap = 1 - math.cos(math.radians(CONFIDENT_WITHIN_DEG))
        return self.named * torch.expm1(-k * cap) / torch.expm1(-2 * k)


def pooled(beliefs: Sequence[DirectionBelief], weights: Sequence[float]) -> DirectionBelief:
    """The logarithmic opinion pool of ``beliefs`` (Genest and Zidek, Statistical Science 1986).

    Where they point apart, it is less concentrated than they are.

    Args:
        beliefs: of several readers, of the same prompts.
        weights: one for each reader; their sum is 1.
    """
    weighted = list(zip(weights, beliefs, strict=True))
    toward: Tensor = sum(  # pyright: ignore[reportAssignmentType] of one or more tensors
        weight * belief.concentration[:, None] * belief.mean for weight, belief in weighted
    )
    named: Tensor = sum(  # pyright: ignore[reportAssignmentType]
        weight * belief.named_logit for weight, belief in weighted
    )
    return DirectionBelief(
        mean=nn.functional.normalize(toward, dim=-1),
        concentration=toward.norm(dim=-1).clamp(min=1e-3),
        named_logit=named,
    )


def believed_in_batches(
    believe: Callable[[list[str]], DirectionBelief], prompts: Sequence[str], size: int = 128
) -> DirectionBelief:
    """What ``believe`` says of one or more ``prompts``, of ``size`` of like length at a time."""
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    beliefs = [
        believe([prompts[i] for i in order[start : start + size]])
        for start in range(0, len(order), size)
    ]
    back = torch.tensor(order).argsort()
    return DirectionBelief(
        mean=torch.cat([belief.mean for belief in beliefs])[back],
        concentration=torch.cat([belief.concentration for belief in beliefs])[back],
        named_logit=torch.cat([belief.named_logit for belief in beliefs])[back],
    )

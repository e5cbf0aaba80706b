"""What readers of words are trained by, and how many phrases they read rightly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lasagna_relight.language.belief import DirectionBelief
from lasagna_relight.language.reader import NAMED_THRESHOLD
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.relit.captions import LightingPhrase
from lasagna_relight.training.written_phrases import WrittenPhrase

COSINE_WEIGHT = 3.0
NAMED_WEIGHT = 2.0


@dataclass(frozen=True, kw_only=True)
class ReaderStep:
    """Losses of one step: negative log likelihood, 1 - cosine, and "is a direction named"."""

    index: int
    likelihood: float
    cosine: float
    named: float
    seconds: float


@dataclass(frozen=True, kw_only=True)
class BeliefLoss:
    """Means over a batch: negative log likelihood, 1 - cosine, and "is a direction named"."""

    likelihood: Tensor
    cosine: Tensor
    named: Tensor

    @property
    def total(self) -> Tensor:
        """What is minimized."""
        return self.likelihood + COSINE_WEIGHT * self.cosine + NAMED_WEIGHT * self.named

    def of_step(self, index: int, seconds: float) -> ReaderStep:
        """As numbers, for the log."""
        return ReaderStep(
            index=index,
            likelihood=self.likelihood.item(),
            cosine=self.cosine.item(),
            named=self.named.item(),
            seconds=seconds,
        )


def belief_loss(belief: DirectionBelief, phrases: Sequence[LightingPhrase]) -> BeliefLoss:
    """How wrong ``belief`` is of ``phrases``; a phrase that names no direction has no angle.

    Von Mises-Fisher on the sphere: -log p = k (1 - cos) - log k + log(2 pi (1 - exp(-2 k))).
    """
    vectors = [p.direction.vector if p.direction else (0.0, 0.0, 1.0) for p in phrases]
    named = torch.tensor([float(p.direction is not None) for p in phrases])
    weight = named * torch.tensor([p.weight for p in phrases])
    k = belief.concentration
    one_minus_cosine = 1 - (belief.mean * torch.tensor(vectors)).sum(-1)
    likelihood = k * one_minus_cosine - k.log() + torch.log(-2 * math.pi * torch.expm1(-2 * k))
    count = weight.sum().clamp(min=1)
    return BeliefLoss(
        likelihood=(likelihood * weight).sum() / count,
        cosine=(one_minus_cosine * weight).sum() / count,
        named=nn.functional.binary_cross_entropy_with_logits(belief.named_logit, named),
    )


def share_right(belief: DirectionBelief, phrases: Sequence[WrittenPhrase]) -> float:
    """Of ``phrases``, the share of which ``belief`` is right, without the help of rules."""
    right = [
        phrase.accepts(LightDirection.from_vector((x, y, z)) if named else None)
        for phrase, (x, y, z), named in zip(
            phrases,
            belief.mean.tolist(),
            (belief.named >= NAMED_THRESHOLD).tolist(),
            strict=True,
        )
    ]
    return sum(right) / len(right)

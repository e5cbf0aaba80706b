"""The exponential moving average of weights that a training ends with."""

from copy import deepcopy

import torch
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


def averaged_copy(model: nn.Module) -> nn.Module:
    """A copy of ``model`` for :func:`update_average`, ready to predict."""
    return deepcopy(model).eval().requires_grad_(False)


@torch.no_grad()
def update_average(averaged: nn.Module, model: nn.Module, *, step: int, decay: float) -> None:
    """Moves the average after step number ``step`` (from 0).

    The warm-up min(decay, (1 + n) / (10 + n)) keeps the first, random weights out of the average.
    """
    weights = [
        (mean, value)
        for mean, value in zip(averaged.parameters(), model.parameters(), strict=True)
        if value.requires_grad
    ]
    means, values = (list(side) for side in zip(*weights, strict=True))
    get_ema_multi_avg_fn(min(decay, (1 + step) / (10 + step)))(means, values, None)
    for mean, value in zip(averaged.buffers(), model.buffers(), strict=True):
        mean.copy_(value)

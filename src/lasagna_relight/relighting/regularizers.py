"""What keeps an edit small and smooth. All act on the log gain, inside the mask."""

import torch
from torch import Tensor

from lasagna_relight.types import LogGain, Mask


def layer_l1(log_gain: LogGain, mask: Mask) -> Tensor:
    """mean |s - 1| + mean |l - 1| over the object (arXiv 2312.00833, the authors' regularizer).

    With disjoint layers the two add to 1 - exp(-|log gain|).
    """
    return _mean_inside(1 - torch.exp(-log_gain.abs()), mask)


def total_variation(log_gain: LogGain, mask: Mask) -> Tensor:
    """Mean absolute difference between neighbors that both lie on the object."""
    total = log_gain.new_zeros(())
    for dim in (-1, -2):
        length = mask.shape[dim] - 1
        both = torch.minimum(mask.narrow(dim, 0, length), mask.narrow(dim, 1, length))
        total = total + _mean_inside(log_gain.diff(dim=dim).abs(), both)
    return total


def _mean_inside(values: Tensor, mask: Tensor) -> Tensor:
    return (values * mask).sum() / mask.sum().clamp(min=1)

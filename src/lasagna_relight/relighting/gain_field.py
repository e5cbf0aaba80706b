"""The edit while it is solved: one log-gain map, the identity unless started elsewhere."""

import torch
from torch import Tensor, nn

from lasagna_relight.compositing.stack import MAX_LOG_GAIN
from lasagna_relight.types import LogGain, Mask


class LogGainField(nn.Module):
    """A map of log gains inside a mask, limited to the range of the layers.

    For any gain the regularizer picks shading = min(g, 1) and lighting = min(1 / g, 1), with
    disjoint support, so one map stands for both layers (DESIGN.md section 2).

    Args:
        mask: (1, 1, H, W); outside it the log gain is 0.
        start: (1, 1, H, W), the first value; 0 if absent.
    """

    mask: Tensor

    def __init__(self, mask: Mask, start: LogGain | None = None) -> None:
        super().__init__()
        self.register_buffer("mask", mask)
        self.values = nn.Parameter(torch.zeros_like(mask) if start is None else start.clone())

    def forward(self) -> LogGain:
        return self.values.clamp(-MAX_LOG_GAIN, MAX_LOG_GAIN) * self.mask

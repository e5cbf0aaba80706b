"""The edit while it is solved: one log-gain map, the identity unless started elsewhere."""

from typing import Literal

import torch
from torch import Tensor, nn

from lasagna_relight.compositing.stack import MAX_LOG_GAIN
from lasagna_relight.types import LogGain, Mask

Layers = Literal["both", "shading", "lighting"]
LIMITS: dict[Layers, tuple[float, float]] = {
    "both": (-MAX_LOG_GAIN, MAX_LOG_GAIN),
    "shading": (-MAX_LOG_GAIN, 0.0),
    "lighting": (0.0, MAX_LOG_GAIN),
}
"""Log gains that the layers can make: one of them alone only darkens, or only brightens."""


class LogGainField(nn.Module):
    """A map of log gains inside a mask, limited to the range of the layers.

    For any gain the regularizer picks shading = min(g, 1) and lighting = min(1 / g, 1), with
    disjoint support, so one map stands for both layers (DESIGN.md section 2).

    Args:
        mask: (1, 1, H, W); outside it the log gain is 0.
        start: (1, 1, H, W), the first value; 0 if absent.
        layers: which of the two there are.
    """

    mask: Tensor

    def __init__(
        self, mask: Mask, start: LogGain | None = None, *, layers: Layers = "both"
    ) -> None:
        super().__init__()
        self.register_buffer("mask", mask)
        self.limits = LIMITS[layers]
        start = torch.zeros_like(mask) if start is None else start
        self.values = nn.Parameter(start.clone().clamp(*self.limits))

    def forward(self) -> LogGain:
        return self.values * self.mask

    @torch.no_grad()
    def project(self) -> None:
        """Brings the values back within the range of the layers; after each step."""
        self.values.clamp_(*self.limits)

"""Weights that rest in float16, and are widened layer by layer while they compute.

Published weights of Stable Diffusion are made for float16, but CPUs compute in float32. The
layerwise casting of diffusers does the same as this, and narrows each layer again after its use;
here the narrow weights are kept for that moment, which saves a third of the casting.
"""

from typing import Any

import torch
from torch import Tensor, nn

WIDENED = (nn.Conv2d, nn.Linear, nn.Embedding)
"""Layers that hold nearly all weights; the others are widened for good."""


def rest_in_half(network: nn.Module, dtype: torch.dtype) -> None:
    """Keeps the weights of ``network`` in float16 and lets it compute in ``dtype``."""
    for layer in network.modules():
        widened = isinstance(layer, WIDENED)
        for parameter in layer.parameters(recurse=False):
            parameter.data = parameter.data.to(torch.float16 if widened else dtype)
        if widened:
            widening = _Widening(dtype)
            layer.register_forward_pre_hook(widening.widen)
            layer.register_forward_hook(widening.narrow, always_call=True)


class _Widening:
    """The float16 weights of one layer while it holds wide ones."""

    def __init__(self, dtype: torch.dtype) -> None:
        self._dtype = dtype
        self._narrow: list[Tensor] = []

    def widen(self, layer: nn.Module, given: Any) -> None:
        parameters = list(layer.parameters(recurse=False))
        self._narrow = [parameter.data for parameter in parameters]
        for parameter in parameters:
            parameter.data = parameter.data.to(self._dtype)

    def narrow(self, layer: nn.Module, given: Any, computed: Any) -> None:
        for parameter, narrow in zip(layer.parameters(recurse=False), self._narrow, strict=False):
            parameter.data = narrow
        self._narrow = []

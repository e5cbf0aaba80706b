"""What keeps a color layer orderly: smooth inside of regions, edges at lines, no paint on paper."""

from __future__ import annotations

import torch
from torch import Tensor

from lasagna_relight.colorization.fit import flatness
from lasagna_relight.colorization.paint import Canvas, Layer


def roughness(layer: Layer, canvas: Canvas) -> Tensor:
    """Summed squared difference of colors between neighbors with no line between them."""
    colors = layer[:, :3]
    total = layer.new_zeros(())
    for dim in (-1, -2):
        total = total + (flatness(canvas.base[:, :1], dim) * colors.diff(dim=dim).square()).sum()
    return total


def paint_on_paper(layer: Layer, canvas: Canvas) -> Tensor:
    """Summed squared alpha outside of the mask, and what is missing of it inside."""
    return (layer[:, 3:] - torch.maximum(canvas.mask, canvas.hinted)).square().sum()

"""The blend modes of image editors that the layers use, as Photoshop and the W3C define them.

``base`` is what lies below, ``layer`` what is laid over it; both are encoded values in [0, 1], of
shapes that broadcast, and so is the result. Source: W3C, Compositing and Blending Level 1
(multiply, color-dodge); Adobe's reference for Divide and Linear Dodge (Add).
"""

import torch
from torch import Tensor


def multiply(base: Tensor, layer: Tensor) -> Tensor:
    """base * layer."""
    return base * layer


def divide(base: Tensor, layer: Tensor) -> Tensor:
    """base / layer, at most 1; black stays black, and a black layer makes all else white."""
    quotient = (base / layer.clamp(min=torch.finfo(layer.dtype).tiny)).clamp(max=1)
    return torch.where(base > 0, quotient, torch.zeros_like(quotient))


def color_dodge(base: Tensor, layer: Tensor) -> Tensor:
    """base / (1 - layer), at most 1: `divide` by the inverted layer."""
    return divide(base, 1 - layer)


def linear_dodge(base: Tensor, layer: Tensor) -> Tensor:
    """base + layer, at most 1; editors also call it Add, or Plus."""
    return (base + layer).clamp(max=1)

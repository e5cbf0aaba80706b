"""The blend modes of image editors that the layers use, as Photoshop and the W3C define them.

``base`` is what lies below, ``layer`` what is laid over it; both are encoded values in [0, 1], of
shapes that broadcast, and so is the result. Source: W3C, Compositing and Blending Level 1
(multiply, color-dodge); Adobe's reference for Divide and Linear Dodge (Add).
"""

import torch
from torch import Tensor

LUMINOSITY_WEIGHTS = (0.3, 0.59, 0.11)
"""Of the non-separable blend modes, over encoded values."""


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


def luminosity(color: Tensor) -> Tensor:
    """Lum(C) of the non-separable modes, one channel of (..., 3, H, W).

    Source: ISO 32000-1 (PDF), 11.3.5.3; W3C, Compositing and Blending Level 1, section 10.2.
    """
    weights = color.new_tensor(LUMINOSITY_WEIGHTS).view(3, 1, 1)
    return (color * weights).sum(dim=-3, keepdim=True)


def color(base: Tensor, layer: Tensor) -> Tensor:
    """Hue and saturation of ``layer`` with the lightness of ``base``: SetLum(layer, Lum(base)).

    What leaves [0, 1] is drawn towards the lightness, which therefore stays (ClipColor).
    """
    lightness = luminosity(base)
    moved = layer + (lightness - luminosity(layer))
    low = moved.amin(dim=-3, keepdim=True)
    high = moved.amax(dim=-3, keepdim=True)
    tiny = torch.finfo(moved.dtype).tiny
    below = lightness / (lightness - low).clamp(min=tiny)
    above = (1 - lightness) / (high - lightness).clamp(min=tiny)
    share = torch.where(low < 0, below, torch.ones_like(below))
    share = torch.minimum(share, torch.where(high > 1, above, torch.ones_like(above)))
    return lightness + (moved - lightness) * share

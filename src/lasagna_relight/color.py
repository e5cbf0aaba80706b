"""sRGB encoding, linear light and luminance.

Source: IEC 61966-2-1 (the sRGB transfer function) and its Rec. 709 luminance weights.
"""

import torch
from torch import Tensor

from lasagna_relight.luminance import LUMINANCE_WEIGHTS
from lasagna_relight.types import Image, LinearImage


def srgb_to_linear(encoded: Tensor) -> Tensor:
    """Linear light of sRGB-encoded values, elementwise; [0, 1] to [0, 1]."""
    high = ((encoded.clamp(min=0.04045) + 0.055) / 1.055) ** 2.4
    return torch.where(encoded <= 0.04045, encoded / 12.92, high)


def linear_to_srgb(linear: Tensor) -> Tensor:
    """sRGB encoding of linear light, elementwise; [0, 1] to [0, 1], continued above 1."""
    high = 1.055 * linear.clamp(min=0.0031308) ** (1 / 2.4) - 0.055
    return torch.where(linear <= 0.0031308, linear * 12.92, high)


def luminance(linear: LinearImage) -> Tensor:
    """Relative luminance, one channel, of linear light."""
    weights = linear.new_tensor(LUMINANCE_WEIGHTS).view(3, 1, 1)
    return (linear * weights).sum(dim=-3, keepdim=True)


def luma(encoded: Image) -> Tensor:
    """Luma, one channel: the same weights over sRGB-encoded values."""
    return luminance(encoded)

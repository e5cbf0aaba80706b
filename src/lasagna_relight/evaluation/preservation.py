"""What an edit of light must leave alone, and whether it points towards the light at all.

None of these needs the true picture, so digital art is measured by them too. All pictures are
(3, H, W), sRGB-encoded; masks (1, H, W).
"""

import math

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from lasagna_relight.evaluation.metrics import DARKEST
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.types import Image, LogGain, Mask

EDGE_SHARE = 0.1
"""The strongest tenth of the gradients are edges."""

DETAIL_SIGMA = 0.01
"""Standard deviation of the blur below which everything is detail, as a share of the diagonal."""

CLIPPED = 0.995
"""Encoded value from which a channel counts as blown out: its color is lost."""

HEAD_ON = 0.1
"""A light whose direction has a smaller part across the picture than this stands on no side."""


def background_change(result: Image, source: Image, mask: Mask) -> float:
    """Largest change of any channel where the mask is 0, in [0, 1]; 0 where the mask is all."""
    changed = (result - source).abs() * (mask == 0)
    return changed.max().item()


def chromaticity_error_deg(result: Image, reference: Image, mask: Mask) -> float | None:
    """Mean angle between the colors of two pictures in the mask, degrees; blind to brightness.

    Left out are pixels darker than ``DARKEST`` or blown out in either picture. None if all are.
    """
    usable = torch.ones_like(mask)
    for image in (result, reference):
        usable *= image.mean(-3, keepdim=True) >= DARKEST
        usable *= image.amax(-3, keepdim=True) < CLIPPED
    weight = mask * usable
    if weight.sum() == 0:
        return None
    first, second = (image.permute(1, 2, 0)[usable[0] > 0] for image in (result, reference))
    crossed = torch.linalg.cross(first.double(), second.double(), dim=-1).square().sum(-1).sqrt()
    angle = torch.atan2(crossed, (first.double() * second.double()).sum(-1))
    shares = weight[usable > 0]
    return math.degrees((angle * shares).sum().item() / shares.sum().item())


def edges_kept(result: Image, source: Image, mask: Mask) -> float | None:
    """Overlap (Dice) of the strongest tenth of the gradients of two pictures, 0 to 1.

    Gradients are of log brightness inside the mask; None where it is too small.
    """
    inside = _eroded(mask, 2) > 0.5
    count = int(EDGE_SHARE * inside.sum().item())
    if count == 0:
        return None
    strongest = [
        _gradient(_log_brightness(image))[inside].topk(count).indices for image in (result, source)
    ]
    kept = torch.isin(strongest[0], strongest[1]).sum().item()
    return kept / count


def detail_kept(result: Image, source: Image, mask: Mask) -> float | None:
    """Correlation of the high frequencies of two pictures' log brightness in the mask, -1 to 1.

    Light that changes smoothly leaves them alone. None where one has none.
    """
    sigma = max(1.0, DETAIL_SIGMA * math.hypot(*mask.shape[-2:]))
    inside = _eroded(mask, round(2 * sigma))
    details = [_high_frequencies(_log_brightness(image), mask, sigma) for image in (result, source)]
    return pearson(details[0], details[1], inside)


def toward_light(log_gain: LogGain, direction: LightDirection, mask: Mask) -> float | None:
    """Correlation of an edit with the way towards the light across the picture, -1 to 1.

    Positive: the side that faces the light gets brighter than the other. None for a light on the
    viewing axis, and for a constant edit.
    """
    across, up, _ = direction.vector
    if math.hypot(across, up) < HEAD_ON:
        return None
    height, width = mask.shape[-2:]
    x = torch.arange(width, dtype=mask.dtype).expand(height, width)
    y = -torch.arange(height, dtype=mask.dtype)[:, None].expand(height, width)
    return pearson(log_gain, (across * x + up * y)[None], mask)


def pearson(first: Tensor, second: Tensor, weight: Tensor) -> float | None:
    """Weighted Pearson correlation; None where a side is constant or nothing is weighed."""
    total = weight.sum().double()
    if total <= 0:
        return None
    sides = [values.double() for values in (first, second)]
    centered = [values - (values * weight).sum() / total for values in sides]
    covariance = (centered[0] * centered[1] * weight).sum() / total
    variances = [(values.square() * weight).sum() / total for values in centered]
    if min(variances) < 1e-10:
        return None
    return (covariance / (variances[0] * variances[1]).sqrt()).item()


def _log_brightness(image: Image) -> Tensor:
    return image.mean(-3, keepdim=True).clamp(min=DARKEST).log()


def _gradient(values: Tensor) -> Tensor:
    padded = F.pad(values[None], (1, 1, 1, 1), mode="replicate")[0]
    across = padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]
    down = padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]
    return torch.hypot(across, down)


def _high_frequencies(values: Tensor, mask: Mask, sigma: float) -> Tensor:
    """Values less their mean over the neighborhood that lies in the mask."""
    mean = _blurred(values * mask, sigma) / _blurred(mask, sigma).clamp(min=1e-3)
    return (values - mean) * mask


def _blurred(values: Tensor, sigma: float) -> Tensor:
    """Gaussian blur of (1, H, W), zero beyond the edges."""
    plane = np.ascontiguousarray(values[0].numpy())
    return torch.from_numpy(cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT))[
        None
    ]


def _eroded(mask: Mask, pixels: int) -> Mask:
    """Smallest coverage within ``pixels`` of each place, in a square; (1, H, W)."""
    kernel = np.ones((2 * pixels + 1, 2 * pixels + 1), dtype=np.uint8)
    plane = np.ascontiguousarray(mask[0].numpy())
    return torch.from_numpy(cv2.erode(plane, kernel, borderType=cv2.BORDER_REPLICATE))[None]

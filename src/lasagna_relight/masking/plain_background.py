"""A saliency corrected by color, where the background is plain: drawings, emoji, product shots.

On flat digital art the saliency network leaves holes in even areas and a haze between thin parts.
There the color decides: what differs from the background and touches the object belongs to it, and
what has the background's color does not. Shadows, the background's color but darker, stay out.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from lasagna_relight.types import Image, Mask

LONG_SIDE = 320
FRAME = 0.06
"""Width of the frame in which the background is looked at, as a share of the long side."""

PLAIN_SHARE = 0.85
"""A background is plain if this share of the frame is within `PLAIN_TOLERANCE` of a smooth fit."""

PLAIN_TOLERANCE = 0.06
DIFFERENT = 0.07
SAME = 0.03
"""Differences of encoded values, the largest of three channels, in [0, 1]."""

SHADE = (0.3, 1.0)
"""A shadow is the background's color times a factor in this range."""

SURE = 0.9
"""The network is believed above this, even where the color is the background's."""

GRAIN = 2
"""Corrections thinner than twice this, in pixels of the reduced picture, are left out: the edge is
the network's, at its full resolution."""


@dataclass(frozen=True, kw_only=True)
class PlainBackground:
    """A smooth background, and how far each pixel is from it.

    Attributes:
        colors: (3, h, w) the background as it would be without the object.
        distance: (h, w) the largest difference of a channel.
        noise: what differences the background has within itself.
    """

    colors: Image
    distance: Tensor
    noise: float


def correct_on_plain_background(saliency: Mask, image: Image) -> Mask:
    """``saliency`` (1, H, W) of ``image`` (3, H, W), corrected if the background is plain.

    Any other picture's saliency comes back as it is.
    """
    scale = min(1.0, LONG_SIDE / max(image.shape[-2:]))
    size = tuple(max(1, round(side * scale)) for side in image.shape[-2:])
    small, found = _resized(image, size), _resized(saliency, size)[0]
    background = find_plain_background(small, found)
    if background is None:
        return saliency
    object_, empty = _by_color(small, found, background)
    missing = _opened(object_ & (found < 0.7)) & object_
    surplus = _opened(empty & (found > 0.3)) & empty
    filled = _resized(missing[None].float(), saliency.shape[-2:])
    emptied = _resized(surplus[None].float(), saliency.shape[-2:])
    return torch.maximum(saliency, filled) * (1 - emptied)


def find_plain_background(image: Image, found: Tensor) -> PlainBackground | None:
    """The background, a quadratic in x and y fitted to the frame; None if it is not plain.

    Args:
        image: (3, h, w).
        found: (h, w) saliency; the object may reach into the frame.
    """
    height, width = image.shape[-2:]
    border = max(1, round(FRAME * max(height, width)))
    frame = torch.ones(height, width, dtype=torch.bool)
    frame[border : height - border, border : width - border] = False
    seen = frame & (found < 0.5)
    if seen.sum() < 0.3 * frame.sum() or seen.sum() < 64:
        return None
    terms = _quadratic_terms(height, width)
    kept = seen
    for _ in range(3):  # each time without what the last fit left out: robust to objects
        weights = torch.linalg.lstsq(terms[kept], image[:, kept].T).solution
        colors = (terms @ weights).permute(2, 0, 1)
        distance = (image - colors).abs().amax(dim=0)
        noise = max(1.5 * float(distance[seen].median()), 0.01)
        kept = seen & (distance < 3 * noise)
        if kept.sum() < 64:
            return None
    if (distance[seen] < PLAIN_TOLERANCE).float().mean() < PLAIN_SHARE:
        return None
    return PlainBackground(colors=colors, distance=distance, noise=noise)


def _by_color(image: Image, found: Tensor, background: PlainBackground) -> tuple[Tensor, Tensor]:
    """What must be object and what must be background, each (h, w) bool."""
    colors, distance, noise = background.colors, background.distance, background.noise
    same = distance < max(SAME, 2.5 * noise)
    differs = distance > max(DIFFERENT, 4 * noise)
    factor = (image * colors).sum(dim=0) / colors.square().sum(dim=0).clamp(min=1e-6)
    hue_kept = (image - factor * colors).abs().amax(dim=0) < 0.04
    shadow = (factor > SHADE[0]) & (factor < SHADE[1]) & hue_kept
    sure = found > 0.5
    object_ = sure | _reached(sure & differs, differs & ~shadow)
    edge = torch.ones_like(sure)
    edge[1:-1, 1:-1] = False
    enclosed = ~object_ & ~_reached(edge, ~object_)
    return (object_ | enclosed) & differs, same & (found < SURE)


def _reached(start: Tensor, allowed: Tensor) -> Tensor:
    """The parts of ``allowed`` that hold a pixel of ``start``; neighbors share a side."""
    reached = start & allowed
    while True:
        padded = F.pad(reached, (1, 1, 1, 1))
        grown = padded[1:-1, 1:-1] | padded[:-2, 1:-1] | padded[2:, 1:-1]
        grown = (grown | padded[1:-1, :-2] | padded[1:-1, 2:]) & allowed
        if torch.equal(grown, reached):
            return reached
        reached = grown


def _opened(selected: Tensor) -> Tensor:
    """``selected`` (h, w) without what is thinner than the grain, then a pixel wider."""
    thick = -_spread(-selected[None].float(), GRAIN)
    return _spread(thick, GRAIN + 1)[0] > 0


def _spread(values: Tensor, radius: int) -> Tensor:
    return F.max_pool2d(values, 2 * radius + 1, stride=1, padding=radius)


def _quadratic_terms(height: int, width: int) -> Tensor:
    y = torch.linspace(-1, 1, height)[:, None].expand(height, width)
    x = torch.linspace(-1, 1, width)[None].expand(height, width)
    return torch.stack([torch.ones_like(x), x, y, x * x, x * y, y * y], dim=-1)


def _resized(values: Tensor, size: tuple[int, ...] | torch.Size) -> Tensor:
    return F.interpolate(values[None], size=tuple(size), mode="bilinear", antialias=True)[0]

"""How near a relit picture comes to the true one, inside a mask.

Every figure is over sRGB-encoded values and over the pixels of the mask alone, weighted by its
coverage. All functions take any batch in front and give one value for each picture.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.compositing.stack import MAX_LOG_GAIN
from lasagna_relight.types import Image, LogGain, Mask

DARKEST = 0.02
"""Encoded brightness (5 of 255) below which a pixel tells more of noise than of light."""

ROUNDING = (1 / 255) ** 2 / 12
"""Mean squared error of rounding to 8 bits: two pictures nearer than this cannot be told apart."""

Score = Float[Tensor, "*batch"]


def oracle_log_gain(source: Image, target: Image) -> LogGain:
    """Log of mean(target) / mean(source) over the channels: the best that one gain can do.

    Both means are at least ``DARKEST``, and the result is within the range of the layers.
    """
    bright = target.mean(-3, keepdim=True).clamp(min=DARKEST)
    ratio = bright / source.mean(-3, keepdim=True).clamp(min=DARKEST)
    return ratio.log().clamp(-MAX_LOG_GAIN, MAX_LOG_GAIN)


def exposure_fit(picture: Image, target: Image, mask: Mask) -> Score:
    """The one factor k that brings k * picture nearest to ``target`` in the mask (least squares).

    0 where the picture is black.
    """
    across = (mask * picture * target).sum((-3, -2, -1))
    return across / (mask * picture.square()).sum((-3, -2, -1)).clamp(min=1e-12)


def exposed(picture: Image, target: Image, mask: Mask) -> Image:
    """``picture`` times its exposure fit to ``target``; not clipped at white."""
    return picture * exposure_fit(picture, target, mask)[..., None, None, None]


def psnr(picture: Image, target: Image, mask: Mask) -> Score:
    """Peak signal-to-noise ratio in the mask, in decibels, for a peak of 1.

    Limited to 58.9, the ratio of a picture to its own rounding to 8 bits.
    """
    error = _masked_mean((picture - target).square(), mask)
    return -10 * error.clamp(min=ROUNDING).log10()


def absolute_error(picture: Image, target: Image, mask: Mask) -> Score:
    """Mean absolute difference in the mask, over pixels and channels."""
    return _masked_mean((picture - target).abs(), mask)


def correlation(
    predicted: LogGain, true: LogGain, source: Image, mask: Mask, *, darkest: float = DARKEST
) -> Score:
    """Pearson correlation of two log gains over the mask: which places get brighter and darker.

    Pixels whose source is darker than ``darkest`` on average over its channels are left out: no
    gain can be told there. Blind to exposure and strength. Not a number where a side is constant.
    """
    weight = mask * (source.mean(-3, keepdim=True) >= darkest)
    centered = [
        values - _masked_mean(values, weight)[..., None, None, None] for values in (predicted, true)
    ]
    covariance = _masked_mean(centered[0] * centered[1], weight)
    variances = [_masked_mean(values.square(), weight) for values in centered]
    constant = (variances[0] < 1e-10) | (variances[1] < 1e-10)
    return torch.where(constant, torch.nan, covariance / (variances[0] * variances[1]).sqrt())


def covered_share(error: Tensor, identity_error: Tensor, oracle_error: Tensor) -> Tensor:
    """How much of the way from no edit to the oracle an error has come: 0 to 1, negative if worse.

    Elementwise; errors are of a kind that falls as pictures get nearer.
    """
    return (identity_error - error) / (identity_error - oracle_error)


def _masked_mean(values: Float[Tensor, "*batch channels height width"], mask: Mask) -> Score:
    total = (values * mask).sum((-3, -2, -1))
    return total / (values.shape[-3] * mask.sum((-3, -2, -1)))

"""What a camera and a cut-out make of an object: background, blur, noise, JPEG, and a mask off by
a pixel. With it photographs lie within the distribution that the networks are trained on.

The networks see an object through its mask, so a background matters where the edge is soft and
where the mask is wrong. Everything happens for a whole batch at once, on its device.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.relit.noise import value_noise
from lasagna_relight.relit.solids import uniform
from lasagna_relight.types import Image, Mask

CONTRAST = (-0.25, 0.6)
"""Range of the S-shaped part of a camera's tone curve."""

PerPicture = Float[Tensor, "batch 1 1 1"]


def random_contrast(batch: int, generator: torch.Generator) -> PerPicture:
    """For `mixing.mix_views`: half of the pictures keep a plain curve."""
    return uniform(generator, *CONTRAST, batch, 1, 1, 1) * _chance(0.5, batch, generator)


@torch.no_grad()
def photograph(premultiplied: Image, alpha: Mask, generator: torch.Generator) -> tuple[Image, Mask]:
    """A picture of the object before a background, and a mask as somebody would find it.

    Args:
        premultiplied: sRGB-encoded object on black, in [0, 1].
        alpha: its coverage.
        generator: decides everything.
    """
    batch = len(alpha)
    picture = premultiplied + (1 - alpha) * _backgrounds(premultiplied, alpha, generator)
    sigma = uniform(generator, 0.3, 1.0, batch) * _chance(0.4, batch, generator).flatten()
    picture = _blurred(picture, sigma)
    picture = _with_noise(picture, generator)
    return _compressed(picture, generator), _found_mask(alpha, generator)


def _backgrounds(premultiplied: Image, alpha: Mask, generator: torch.Generator) -> Image:
    """Black, plain, a gradient, a texture, or what another picture of the batch shows."""
    batch, _, size, _ = premultiplied.shape
    first, second = (uniform(generator, 0, 1, batch, 3, 1, 1) for _ in range(2))
    cells = uniform(generator, 2, 12, batch)
    texture = value_noise(
        size, cells=cells, octaves=4, gain=0.6, most_cells=12, generator=generator
    )
    texture = torch.sigmoid(uniform(generator, 0.5, 6, batch, 1, 1, 1) * texture[:, None])
    axis = torch.linspace(0, 1, size, device=alpha.device)
    turn = uniform(generator, -1, 1, batch, 2, 1, 1)
    ramp = (0.5 + turn[:, :1] * (axis - 0.5) + turn[:, 1:] * (axis[:, None] - 0.5)).clamp(0, 1)
    elsewhere = premultiplied.roll(1, 0) + (1 - alpha.roll(1, 0)) * first
    kind = uniform(generator, 0, 1, batch, 1, 1, 1)
    background = torch.where(kind < 0.35, first, torch.lerp(first, second, ramp))
    background = torch.where(kind > 0.55, torch.lerp(first, second, texture), background)
    background = torch.where(kind > 0.8, elsewhere, background)
    return torch.where(kind < 0.15, 0.0, background)


def _with_noise(picture: Image, generator: torch.Generator) -> Image:
    """Read noise and shot noise, each up to a few 8-bit steps."""
    batch = len(picture)
    read = uniform(generator, 0, 0.015, batch, 1, 1, 1)
    shot = uniform(generator, 0, 0.02, batch, 1, 1, 1)
    noise = torch.randn(picture.shape, generator=generator, device=picture.device)
    return (picture + noise * (read.square() + shot.square() * picture).sqrt()).clamp(0, 1)


def _compressed(picture: Image, generator: torch.Generator) -> Image:
    """Half of the pictures as JPEG files of quality 40 to 95."""
    from kornia.enhance import jpeg_codec_differentiable

    quality = uniform(generator, 40, 95, len(picture))
    files = jpeg_codec_differentiable(picture, quality).clamp(0, 1)
    return torch.where(_chance(0.5, len(picture), generator), files, picture)


def _found_mask(alpha: Mask, generator: torch.Generator) -> Mask:
    """The mask grown or shrunk by about a pixel, uneven along the edge; three in ten are exact."""
    batch, size = len(alpha), alpha.shape[-1]
    soft = _blurred(alpha, uniform(generator, 0.4, 1.6, batch))
    cells = uniform(generator, 2, 8, batch)
    uneven = value_noise(size, cells=cells, octaves=2, gain=0.5, most_cells=8, generator=generator)
    uneven = uniform(generator, 0, 0.2, batch, 1, 1, 1) * uneven[:, None]
    shift = uniform(generator, -0.3, 0.3, batch, 1, 1, 1)
    edge = 4 * soft * (1 - soft)
    steep = uniform(generator, 1, 3, batch, 1, 1, 1)
    found = (0.5 + steep * (soft - 0.5 + edge * (shift + uneven))).clamp(0, 1)
    return torch.where(_chance(0.3, batch, generator), alpha, found)


def _blurred(picture: Tensor, sigma: Float[Tensor, " batch"]) -> Tensor:
    """Gaussian blur of five taps, one sigma (in pixels) per picture; 0 leaves it as it is."""
    taps = torch.arange(-2, 3, device=picture.device)
    weights = torch.exp(-(taps**2) / (2 * sigma[:, None].clamp(min=1e-3) ** 2))
    weights = (weights / weights.sum(1, keepdim=True))[..., None, None, None]
    size = picture.shape[-1]
    for dim in (-1, -2):
        places = (torch.arange(size, device=picture.device) + taps[:, None]).clamp(0, size - 1)
        shifted = [picture.index_select(dim, place) for place in places]
        picture = torch.stack([weights[:, tap] * part for tap, part in enumerate(shifted)]).sum(0)
    return picture


def _chance(probability: float, batch: int, generator: torch.Generator) -> Tensor:
    return uniform(generator, 0, 1, batch, 1, 1, 1) < probability

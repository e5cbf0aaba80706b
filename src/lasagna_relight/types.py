"""Array types shared by the whole package: names for shapes, ranges and colour spaces.

Axis names follow jaxtyping: a trailing ``batch`` is written ``*batch`` and may be empty.
"""

from jaxtyping import Float
from torch import Tensor

Image = Float[Tensor, "*batch 3 height width"]
"""sRGB-encoded picture in [0, 1]."""

LinearImage = Float[Tensor, "*batch 3 height width"]
"""Linear-light picture, non-negative, unbounded above."""

Mask = Float[Tensor, "*batch 1 height width"]
"""Coverage of the object in [0, 1]."""

LogGain = Float[Tensor, "*batch 1 height width"]
"""Natural logarithm of the gain: composite = picture * exp(log_gain), in sRGB-encoded values."""

Latents = Float[Tensor, "*batch channels latent_height latent_width"]
"""What a codec makes of a composite, and what the prior denoises."""

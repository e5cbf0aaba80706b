"""Composites as latents of a variational autoencoder, for priors over pictures.

The autoencoder repaints what it decodes. A decoded picture is therefore read against the decoded
source: what the two have in common cancels, and the codec gives the source back exactly.
"""

from functools import cached_property
from typing import Any

import torch

from lasagna_relight.types import Image, Latents

DARKEST = 0.03
"""Encoded value added to both sides of the ratio of two decoded pictures."""


class VaeCodec:
    """The ``Codec`` of one source under an ``AutoencoderKL`` or an ``AutoencoderTiny``.

    The source is encoded once, and decoded once where an objective decodes at all. Gradients
    pass through :meth:`encode`; :meth:`decode` keeps none.

    Args:
        vae: the autoencoder, frozen.
        source: (1, 3, H, W) sRGB-encoded in [0, 1]; sides are multiples of the codec's factor.
        brightest: composites are clipped here before they are encoded, as every picture is, and
            the gradient passes the clipping unchanged; ``math.inf`` never clips.
    """

    def __init__(self, vae: Any, source: Image, *, brightest: float = 1.0) -> None:
        self.vae = vae
        self.source = source
        self.brightest = brightest

    def encode(self, composite: Image, source: Image) -> Latents:
        """Scaled latents, float32: the mean of the posterior times the scaling factor."""
        if not composite.requires_grad and self._is_source(composite):
            return self.source_latents
        clipped = composite.clamp(max=self.brightest)
        return self._encode(composite + (clipped - composite).detach())

    @torch.no_grad()
    def decode(self, latents: Latents, source: Image) -> Image:
        """source * D(latents) / D(E(source)): the source itself for E(source)."""
        decoded = self._decode(latents)
        return source * (decoded + DARKEST) / (self.source_decoded + DARKEST)

    @cached_property
    def source_latents(self) -> Latents:
        """The code of the source."""
        with torch.no_grad():
            return self._encode(self.source)

    @cached_property
    def source_decoded(self) -> Image:
        """What the autoencoder makes of the source, in [0, 1]."""
        return self._decode(self.source_latents)

    def _is_source(self, composite: Image) -> bool:
        return composite.shape == self.source.shape and torch.equal(composite, self.source)

    def _encode(self, picture: Image) -> Latents:
        encoded = self.vae.encode((picture * 2 - 1).to(_dtype(self.vae)))
        if hasattr(encoded, "latent_dist"):
            config = self.vae.config
            latents = encoded.latent_dist.mode() - (config.get("shift_factor") or 0.0)
        else:  # the tiny one has no posterior
            latents = encoded.latents
        return latents.float() * self.vae.config.scaling_factor

    @torch.no_grad()
    def _decode(self, latents: Latents) -> Image:
        config = self.vae.config
        shifted = latents / config.scaling_factor + (config.get("shift_factor") or 0.0)
        decoded = self.vae.decode(shifted.to(_dtype(self.vae))).sample
        return (decoded.float() / 2 + 0.5).clamp(0, 1)


def downscaling(vae: Any) -> int:
    """Pixels per latent along a side."""
    config = vae.config
    channels = config.get("block_out_channels") or config["encoder_block_out_channels"]
    return 2 ** (len(channels) - 1)


def _dtype(vae: Any) -> torch.dtype:
    return next(vae.parameters()).dtype

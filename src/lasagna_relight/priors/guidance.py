"""Classifier-free guidance. Source: Ho and Salimans, arXiv 2207.12598, eq. 6.

The scale follows diffusers: 0 is unconditional, 1 conditional, more exaggerates the condition.
The authors of Lasagna write e_text + 12 (e_text - e_uncond), which is scale 13 here.
"""

from lasagna_relight.types import Latents


def guided(unconditional: Latents, conditional: Latents, guidance_scale: float) -> Latents:
    """e_uncond + scale (e_text - e_uncond)."""
    return unconditional + guidance_scale * (conditional - unconditional)

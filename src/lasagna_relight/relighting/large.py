"""Relighting with a large prior: what `api` leaves to it, because it brings diffusers."""

import math

import torch

from lasagna_relight.compositing.crop import CropBox
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.stable_diffusion import (
    StableDiffusionNetworks,
    StableDiffusionPrior,
    stable_diffusion_prior,
)
from lasagna_relight.priors.stable_diffusion_files import load_stable_diffusion
from lasagna_relight.relighting.prompts import Prompts
from lasagna_relight.relighting.recipes import Recipe
from lasagna_relight.types import Image


class LargePrior:
    """Networks of a large prior, and the prompts that they hear.

    Args:
        networks: see `load_stable_diffusion`.
        prompts: templates.
    """

    def __init__(self, networks: StableDiffusionNetworks, prompts: Prompts) -> None:
        self.networks = networks
        self.prompts = prompts

    @classmethod
    def load(cls, files: StableDiffusionFiles, device: str, prompts: Prompts) -> "LargePrior":
        """Loads what ``files`` names.

        Raises:
            PriorError: something is missing or of another kind.
            MemoryShortageError: it does not fit.
        """
        return cls(load_stable_diffusion(files, device), prompts)

    def working_size(self, box: CropBox) -> tuple[int, int]:
        """Height and width at which a crop is solved, aspect ratio kept."""
        return self.networks.working_size(box.height, box.width)

    @torch.no_grad()
    def told(
        self, source: Image, direction: LightDirection, words: str | None, recipe: Recipe
    ) -> StableDiffusionPrior:
        """The prior of one picture under one light.

        Args:
            source: (1, 3, H, W) at the working size, sRGB-encoded in [0, 1].
            direction: towards the light.
            words: the user's own, or None.
            recipe: its guidance; the authors' own recipe does not clip composites at white.
        """
        prompts = self.prompts
        return stable_diffusion_prior(
            self.networks,
            source=source,
            prompt=prompts.filled(prompts.lit, direction, words),
            negative=prompts.filled(prompts.negative, direction, words),
            unlit=prompts.filled(prompts.unlit, direction, words),
            guidance_scale=recipe.guidance_scale,
            brightest=1.0 if recipe.two_heads is None else math.inf,
        )

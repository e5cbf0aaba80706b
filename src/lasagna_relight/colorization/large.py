"""Colorization with a large prior: what `api` leaves to it, because it brings diffusers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from string import Formatter
from typing import Literal

import torch

from lasagna_relight.colorization.paint import Canvas
from lasagna_relight.compositing.crop import CropBox
from lasagna_relight.errors import RecipeError
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.stable_diffusion import (
    StableDiffusionNetworks,
    StableDiffusionPrior,
    stable_diffusion_prior,
)
from lasagna_relight.priors.stable_diffusion_files import load_stable_diffusion

Shown = Literal["white-on-black", "as-it-is"]


@dataclass(frozen=True, kw_only=True)
class ColorPrompt:
    """What a large prior is told; ``{words}`` and ``{object}`` are filled in.

    Attributes:
        template: of the colored picture.
        subject: a noun for the object.

    Raises:
        RecipeError: the template names another place.
    """

    template: str = "{words}"
    subject: str = "object"

    def __post_init__(self) -> None:
        try:
            places = [place for _, place, _, _ in Formatter().parse(self.template) if place]
        except ValueError as error:
            raise RecipeError(f"the prompt {self.template!r} has a lone brace: {error}") from error
        for place in places:
            if place not in ("words", "object"):
                raise RecipeError(
                    f"the prompt {self.template!r} knows no {{{place}}}: use {{words}}, {{object}}"
                )

    def filled(self, words: str) -> str:
        """The template with its places filled."""
        return self.template.format(words=words, object=self.subject)


class LargeColorPrior:
    """Networks of Stable Diffusion, perhaps with a ControlNet for line art, and their prompt."""

    def __init__(self, networks: StableDiffusionNetworks, prompt: ColorPrompt) -> None:
        self.networks = networks
        self.prompt = prompt

    @classmethod
    def load(cls, files: StableDiffusionFiles, device: str, prompt: ColorPrompt) -> LargeColorPrior:
        """Loads what ``files`` names.

        Raises:
            PriorError: something is missing or of another kind.
            MemoryShortageError: it does not fit.
        """
        return cls(load_stable_diffusion(files, device), prompt)

    def working_size(self, box: CropBox) -> tuple[int, int]:
        """Height and width at which a crop is solved, aspect ratio kept."""
        return self.networks.working_size(box.height, box.width)

    @torch.no_grad()
    def told(self, canvas: Canvas, words: str, guidance_scale: float) -> StableDiffusionPrior:
        """The prior of one canvas and some words.

        ControlNets for line art were taught on white lines on black: a drawing is shown inverted,
        a photograph as it is.
        """
        prior = stable_diffusion_prior(
            self.networks,
            source=canvas.base,
            prompt=self.prompt.filled(words),
            guidance_scale=guidance_scale,
        )
        if canvas.mode == "color":
            return replace(prior, seen=self.networks.see(1 - canvas.base))
        return prior

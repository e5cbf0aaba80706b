"""The embedded prior asked about the picture turned and mirrored, at no further cost.

A turned picture under a turned light is the same question. The rows of a batch take turns among
the eight symmetries of the square, so an objective that averages over a batch averages over them.
"""

from dataclasses import dataclass

import torch

from lasagna_relight.language.encoder import TextStates
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.priors.codecs import LogGainCodec, patches, unpatched
from lasagna_relight.priors.embedded import (
    PATCH,
    Condition,
    EmbeddedNetworks,
    EmbeddedPrior,
    condition,
    empty_words,
)
from lasagna_relight.priors.schedule import NoiseSchedule, Timesteps
from lasagna_relight.relit.symmetry import SYMMETRIES
from lasagna_relight.types import Image, Latents, LogGain, Mask


@dataclass(frozen=True, kw_only=True)
class TurnedPrior:
    """A ``DiffusionPrior`` whose row i is answered under symmetry i modulo 8.

    Attributes:
        views: one embedded prior per symmetry, in the order of ``SYMMETRIES``.
    """

    views: tuple[EmbeddedPrior, ...]

    @property
    def schedule(self) -> NoiseSchedule:
        return self.views[0].schedule

    @property
    def codec(self) -> LogGainCodec:
        return self.views[0].codec

    def predict_noise(self, xt: Latents, t: Timesteps) -> Latents:
        noise = torch.empty_like(xt)
        for index, (symmetry, view) in enumerate(zip(SYMMETRIES, self.views, strict=True)):
            rows = slice(index, None, len(SYMMETRIES))
            if len(xt[rows]) == 0:
                break
            turned = patches(symmetry.picture(unpatched(xt[rows], PATCH)), PATCH)
            answer = unpatched(view.predict_noise(turned, t[rows]), PATCH)
            noise[rows] = patches(symmetry.inverse_picture(answer), PATCH)
        return noise


def turned_prior(
    networks: EmbeddedNetworks,
    *,
    source: Image,
    mask: Mask,
    preview: LogGain,
    direction: LightDirection,
    words: TextStates | None,
    guidance_scale: float = 1.0,
) -> TurnedPrior:
    """The embedded prior of one picture and light, under all symmetries.

    Words name directions of the upright picture, so only the upright view hears them.

    Args:
        networks: of the prior.
        source: (1, 3, R, R) sRGB-encoded in [0, 1].
        mask: (1, 1, R, R).
        preview: (1, 1, R, R) log gain of the instant predictor.
        direction: towards the light.
        words: token states of the prompt, or None.
        guidance_scale: diffusers convention.
    """
    vector = preview.new_tensor([direction.vector])

    def given(index: int) -> Condition:
        symmetry = SYMMETRIES[index]
        heard = words if words is not None and index == 0 else empty_words(1)
        return condition(
            source=symmetry.picture(source),
            mask=symmetry.picture(mask),
            preview=symmetry.picture(preview),
            directions=symmetry.vectors(vector),
            words=heard,
        )

    return TurnedPrior(
        views=tuple(
            EmbeddedPrior(networks=networks, given=given(index), guidance_scale=guidance_scale)
            for index in range(len(SYMMETRIES))
        )
    )

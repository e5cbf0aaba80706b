"""The embedded prior asked about the picture turned and mirrored, at no further cost.

A turned picture under a turned light is the same question. The rows of a batch take turns among
the eight symmetries of the square, so an objective that averages over a batch averages over them.
"""

from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from lasagna_relight.language.encoder import TextStates
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.priors.codecs import LogGainCodec, patches, unpatched
from lasagna_relight.priors.embedded import (
    LOG_GAIN_SCALE,
    PATCH,
    Condition,
    EmbeddedNetworks,
    condition,
    empty_words,
    guided_noise,
)
from lasagna_relight.priors.schedule import NoiseSchedule, Timesteps
from lasagna_relight.relit.symmetry import SYMMETRIES, Symmetry
from lasagna_relight.types import Image, Latents, LogGain, Mask


@dataclass(frozen=True, kw_only=True)
class TurnedPrior:
    """A ``DiffusionPrior`` whose row i is answered under symmetry i modulo 8.

    Attributes:
        networks: of the embedded prior.
        given: one row per symmetry, in the order of ``SYMMETRIES``.
        guidance_scale: diffusers convention.
    """

    networks: EmbeddedNetworks
    given: Condition
    guidance_scale: float = 1.0

    @property
    def schedule(self) -> NoiseSchedule:
        return self.networks.schedule

    @property
    def codec(self) -> LogGainCodec:
        return LogGainCodec(patch=PATCH, scale=LOG_GAIN_SCALE)

    @property
    def neutral(self) -> "TurnedPrior":
        """The same prior about the picture with nothing said about the light, unguided."""
        return TurnedPrior(networks=self.networks, given=self.given.without_light())

    def predict_noise(self, xt: Latents, t: Timesteps) -> Latents:
        turns = torch.arange(len(xt)) % len(SYMMETRIES)
        pictures = unpatched(xt, PATCH)
        turned = torch.stack(
            [_turn(i).picture(row) for i, row in zip(turns, pictures, strict=True)]
        )
        given = self.given.rows(turns.to(self.given.picture.device))
        answer = guided_noise(self.networks, patches(turned, PATCH), t, given, self.guidance_scale)
        rows = zip(turns, unpatched(answer, PATCH), strict=True)
        return patches(torch.stack([_turn(i).inverse_picture(row) for i, row in rows]), PATCH)


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

    conditions = [given(index) for index in range(len(SYMMETRIES))]
    return TurnedPrior(
        networks=networks,
        given=reduce(Condition.followed_by, conditions),
        guidance_scale=guidance_scale,
    )


def _turn(index: Tensor) -> Symmetry:
    return SYMMETRIES[int(index)]

"""What the embedded prior learns: to denoise the edit of one light over one picture."""

import torch
from torch import Tensor

from lasagna_relight.language.encoder import TextEncoder
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.priors.codecs import patches
from lasagna_relight.priors.embedded import (
    LOG_GAIN_SCALE,
    PATCH,
    Condition,
    EmbeddedNetworks,
    condition,
)
from lasagna_relight.priors.predictor import GainPredictor
from lasagna_relight.relit.captions import caption
from lasagna_relight.relit.dataset import Batch
from lasagna_relight.relit.light_basis import light_weights, mix_log_gains

NO_LIGHT = 0.1
"""Share of examples that say nothing about the light (classifier-free guidance)."""

NO_WORDS = 0.3
"""Share of the others that give the direction alone."""

NO_ANGLES = 0.15
"""Share of the others that give the words alone."""


def prior_loss(
    networks: EmbeddedNetworks,
    predictor: GainPredictor,
    encoder: TextEncoder,
    batch: Batch,
    generator: torch.Generator,
) -> Tensor:
    """Mean squared error of the velocity inside the mask, one random light per picture."""
    count, lights = batch.log_gains.shape[:2]
    rows = torch.arange(count)
    chosen = torch.randint(lights, (count,), generator=generator)
    log_gain = batch.log_gains[rows, chosen][:, None] * batch.mask
    directions = batch.directions[rows, chosen]
    given = _with_dropout(_condition(predictor, encoder, batch, directions, generator), generator)
    x0 = patches(log_gain / LOG_GAIN_SCALE, PATCH) - given.preview_latents
    noise = torch.randn(x0.shape, generator=generator)
    t = torch.randint(len(networks.schedule), (count,), generator=generator)
    velocity = networks(networks.schedule.add_noise(x0, noise, t), t, given)
    error = (velocity - networks.schedule.velocity(x0, noise, t)).square()
    weight = 0.1 + patches(batch.mask, PATCH)
    return (error * weight).sum() / weight.sum()


@torch.no_grad()
def _condition(
    predictor: GainPredictor,
    encoder: TextEncoder,
    batch: Batch,
    directions: Tensor,
    generator: torch.Generator,
) -> Condition:
    gains = predictor(batch.source, batch.mask)
    brightness = batch.source.mean(1, keepdim=True)
    captions = [
        caption(LightDirection.from_vector(tuple(vector)), generator, title=title)
        for vector, title in zip(directions.tolist(), batch.titles, strict=True)
    ]
    return condition(
        source=batch.source,
        mask=batch.mask,
        preview=mix_log_gains(gains, light_weights(directions), brightness) * batch.mask,
        directions=directions,
        words=encoder.encode(captions),
    )


def _with_dropout(given: Condition, generator: torch.Generator) -> Condition:
    """Leaves out all that is known of the light, or the words, or the angles, at random."""
    count = len(given.direction)
    light, words, angles = torch.rand(3, count, generator=generator)
    keep_light = (light >= NO_LIGHT).float()
    keep_words = keep_light * (words >= NO_WORDS)
    keep_angles = keep_light * ((angles >= NO_ANGLES) | (words < NO_WORDS))
    picture = given.picture.clone()
    picture[:, 4:] *= keep_light[:, None, None, None]
    return Condition(
        picture=picture,
        words=given.words * keep_words[:, None, None],
        direction=given.direction * keep_angles[:, None],
    )

"""What the embedded prior learns: to denoise the edit of one light over one picture."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from lasagna_relight.language.encoder import TextEncoder, TextStates
from lasagna_relight.language.tokenizer import MAX_TOKENS
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.priors.codecs import patches, unpatched
from lasagna_relight.priors.embedded import (
    LOG_GAIN_SCALE,
    PATCH,
    Condition,
    EmbeddedNetworks,
    condition,
    empty_words,
)
from lasagna_relight.priors.predictor import Predictor
from lasagna_relight.relit.captions import caption
from lasagna_relight.relit.dataset import Batch
from lasagna_relight.relit.previews import expected_log_gains
from lasagna_relight.seeding import generator
from lasagna_relight.training.diffusion import OUTSIDE, denoising_error
from lasagna_relight.training.loss import named_lights

NO_LIGHT = 0.1
"""Share of examples that say nothing about the light (classifier-free guidance)."""

NO_WORDS = 0.3
"""Share of the others that give the direction alone."""

NO_ANGLES = 0.15
"""Share of the others that give the words alone."""

ROUNDS = (900, 700, 500, 300)
"""Timesteps of the rounds of an estimate, as the ``target`` recipe anneals them."""


@dataclass(frozen=True, kw_only=True)
class CaptionBank:
    """Captions with their token states and directions, drawn once: a caption costs milliseconds.

    Attributes:
        tokens: (N, 48, width) states, zeros after the last token.
        directions: what each was drawn for, unit vectors.
    """

    tokens: Float[Tensor, "captions length width"]
    directions: Float[Tensor, "captions 3"]

    @classmethod
    def drawn(
        cls, encoder: TextEncoder, *, count: int, titles: list[str], seed: int, device: torch.device
    ) -> "CaptionBank":
        """``count`` captions for directions all around, some of which name an object."""
        draws = generator(seed, "captions")
        vectors = torch.nn.functional.normalize(torch.randn(count, 3, generator=draws), dim=1)
        texts = []
        for vector in vectors.tolist():
            title = titles[int(torch.randint(len(titles), (), generator=draws))]
            texts.append(caption(LightDirection.from_vector(tuple(vector)), draws, title=title))
        states = [encoder.encode(texts[start : start + 64]) for start in range(0, count, 64)]
        padded = torch.cat([_padded(state) for state in states])
        return cls(tokens=padded.to(device), directions=vectors.to(device))

    def about(
        self, directions: Float[Tensor, "batch 3"], draws: torch.Generator
    ) -> Float[Tensor, "batch length width"]:
        """For each direction a caption of one close by: one of the eight nearest, at random."""
        nearest = (directions @ self.directions.T).topk(8, dim=1).indices
        pick = torch.randint(8, (len(directions), 1), generator=draws, device=draws.device)
        return self.tokens[nearest.gather(1, pick)[:, 0]]


def prior_loss(
    model: nn.Module,
    networks: EmbeddedNetworks,
    predictor: Predictor,
    bank: CaptionBank,
    batch: Batch,
    draws: torch.Generator,
    min_snr_gamma: float | None,
) -> Tensor:
    """Error of the prediction on the object, one random light per picture.

    Args:
        model: ``networks``, perhaps wrapped for several processes.
        networks: what knows its schedule.
        predictor: whose previews the networks build upon.
        bank: captions to say the light with.
        batch: on the device of ``draws``.
        draws: of lights, words, timesteps and noise.
        min_snr_gamma: see `NoiseSchedule.min_snr_weight`; no such weight if absent.
    """
    count, lights = batch.log_gains.shape[:2]
    device = draws.device
    rows = torch.arange(count, device=device)
    chosen = torch.randint(lights, (count,), generator=draws, device=device)
    log_gain = batch.log_gains[rows, chosen][:, None] * batch.mask
    directions = batch.directions[rows, chosen]
    words = bank.about(directions, draws)
    given = _with_dropout(_condition(predictor, batch, directions, words), draws)
    x0 = patches(log_gain / LOG_GAIN_SCALE, PATCH) - given.preview_latents
    noise = torch.randn(x0.shape, generator=draws, device=device)
    t = torch.randint(len(networks.schedule), (count,), generator=draws, device=device)
    predicted = model(networks.schedule.add_noise(x0, noise, t), t, given)
    return denoising_error(
        predicted, x0, noise, t, networks.schedule, networks.prediction,
        OUTSIDE + patches(batch.inside, PATCH), min_snr_gamma,
    )  # fmt: skip


@torch.no_grad()
def prior_estimate(
    networks: EmbeddedNetworks, predictor: Predictor, batch: Batch, *, samples: int = 2
) -> Tensor:
    """Log gains of the named lights, by annealed rounds from the preview, without words."""
    draws = generator(0, "estimate", device=batch.source.device)
    count = len(batch.source)
    words = empty_words(count).tokens.to(batch.source)
    estimates = []
    for light in named_lights(batch)[1]:
        one = _condition(predictor, batch, batch.directions[:, light], words)
        given = Condition(
            picture=one.picture.repeat_interleave(samples, 0),
            words=one.words.repeat_interleave(samples, 0),
            direction=one.direction.repeat_interleave(samples, 0),
        )
        mean = torch.zeros_like(one.preview_latents)  # of the difference to the preview
        for timestep in ROUNDS:
            x0 = mean.repeat_interleave(samples, 0)
            t = torch.full((len(x0),), timestep, device=x0.device)
            noise = torch.randn(x0.shape, generator=draws, device=x0.device)
            expected = networks.predict_x0(networks.schedule.add_noise(x0, noise, t), t, given)
            mean = expected.unflatten(0, (count, samples)).mean(1)
        estimates.append(unpatched(mean + one.preview_latents, PATCH) * LOG_GAIN_SCALE)
    return torch.cat(estimates, 1)


def _condition(predictor: Predictor, batch: Batch, directions: Tensor, words: Tensor) -> Condition:
    preview = expected_log_gains(predictor, batch.source, batch.mask, directions)
    states = TextStates(tokens=words, mask=words.abs().sum(-1) > 0)
    return condition(
        source=batch.source,
        mask=batch.mask,
        preview=preview,
        directions=directions,
        words=states,
    )


def _with_dropout(given: Condition, draws: torch.Generator) -> Condition:
    """Leaves out all that is known of the light, or the words, or the angles, at random."""
    count = len(given.direction)
    light, words, angles = torch.rand(3, count, generator=draws, device=draws.device)
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


def _padded(states: TextStates) -> Tensor:
    return torch.nn.functional.pad(states.tokens, (0, 0, 0, MAX_TOKENS - states.tokens.shape[1]))

"""What the trainings of priors minimize, and the estimates that their pictures are judged by."""

import torch
from torch import Tensor, nn

from lasagna_relight.priors.codecs import patches
from lasagna_relight.priors.denoiser import EditDenoiser
from lasagna_relight.priors.schedule import NoiseSchedule, Prediction, Timesteps
from lasagna_relight.relit.dataset import Batch
from lasagna_relight.seeding import generator
from lasagna_relight.training.loss import named_lights
from lasagna_relight.types import Latents, Mask

OUTSIDE = 0.1
"""Weight of what lies outside the object, so that the network is not lost there."""

ROUNDS = (999, 800, 600, 400)
"""Timesteps of the rounds of an estimate: from pure noise down."""


def denoising_error(
    predicted: Latents,
    x0: Latents,
    noise: Latents,
    t: Timesteps,
    schedule: NoiseSchedule,
    prediction: Prediction,
    weight: Latents,
    min_snr_gamma: float | None,
) -> Tensor:
    """Mean squared error of a prediction, weighted by place, and by timestep if gamma is given."""
    error = (predicted.float() - schedule.target(x0, noise, t, prediction)).square() * weight
    if min_snr_gamma is not None:
        error = error * schedule.min_snr_weight(t, min_snr_gamma, prediction)
    return error.sum() / weight.expand_as(error).sum()


def denoiser_loss(
    model: nn.Module,
    denoiser: EditDenoiser,
    batch: Batch,
    draws: torch.Generator,
    min_snr_gamma: float | None,
) -> Tensor:
    """Denoising error of one random light for each picture, or of the twelve at once.

    Args:
        model: ``denoiser``, perhaps wrapped for several processes.
        denoiser: what knows its configuration.
        batch: on the device of ``draws``.
        draws: of lights, timesteps and noise.
        min_snr_gamma: see `NoiseSchedule.min_snr_weight`; no such weight if absent.
    """
    config, count, device = denoiser.config, len(batch.source), draws.device
    if config.edit == "twelve":
        names, lights = named_lights(batch)
        log_gains = torch.zeros_like(batch.log_gains[:, : len(batch.named)])
        log_gains[:, names] = batch.log_gains[:, lights]
        known = log_gains.new_zeros(len(batch.named))
        known[names] = 1
        weight = _weight(batch.inside, config.patch, known)
        directions = batch.directions[:, 0]
    else:
        rows = torch.arange(count, device=device)
        chosen = torch.randint(batch.log_gains.shape[1], (count,), generator=draws, device=device)
        log_gains = batch.log_gains[rows, chosen][:, None]
        directions = batch.directions[rows, chosen]
        channels = batch.source.new_ones(3 if config.edit == "picture" else 1)
        weight = _weight(batch.inside, config.patch, channels)
    x0 = denoiser.encode(log_gains * batch.inside, batch.source * batch.mask)
    noise = torch.randn(x0.shape, generator=draws, device=device)
    t = torch.randint(len(denoiser.schedule), (count,), generator=draws, device=device)
    given = denoiser.condition(batch.source, batch.mask, directions)
    predicted = model(denoiser.schedule.add_noise(x0, noise, t), t, given)
    return denoising_error(
        predicted, x0, noise, t, denoiser.schedule, config.prediction, weight, min_snr_gamma
    )


@torch.no_grad()
def denoiser_estimate(denoiser: EditDenoiser, batch: Batch, *, samples: int = 4) -> Tensor:
    """Log gains of the named lights of a batch, as annealed rounds of averaged estimates give them.

    The first round averages the clean latents expected of pure noise; each further one noises the
    mean anew and averages what is expected of that. It is the mean that a distillation seeks.
    """
    names, lights = named_lights(batch)
    draws = generator(0, "estimate", device=batch.source.device)
    source = batch.source * batch.mask
    if denoiser.config.edit == "twelve":
        return _estimate(denoiser, batch, batch.directions[:, 0], source, draws, samples)[:, names]
    return torch.cat(
        [
            _estimate(denoiser, batch, batch.directions[:, light], source, draws, samples)
            for light in lights
        ],
        1,
    )


def _estimate(
    denoiser: EditDenoiser,
    batch: Batch,
    directions: Tensor,
    source: Tensor,
    draws: torch.Generator,
    samples: int,
) -> Tensor:
    given = denoiser.condition(batch.source, batch.mask, directions)
    given = given.repeat_interleave(samples, 0)
    mean = torch.zeros_like(denoiser.encode(batch.log_gains[:, : _kinds(denoiser)], source))
    for timestep in ROUNDS:
        x0 = mean.repeat_interleave(samples, 0)
        t = torch.full((len(x0),), timestep, device=x0.device)
        noise = torch.randn(x0.shape, generator=draws, device=x0.device)
        xt = noise if timestep == ROUNDS[0] else denoiser.schedule.add_noise(x0, noise, t)
        expected = denoiser.predict_x0(xt, t, given)
        mean = expected.unflatten(0, (len(mean), samples)).mean(1)
    return denoiser.decode(mean, source)


def _kinds(denoiser: EditDenoiser) -> int:
    """How many lights one edit holds."""
    return 12 if denoiser.config.edit == "twelve" else 1


def _weight(inside: Mask, patch: int, channels: Tensor) -> Latents:
    """Weight of each latent: the object's, and where a channel says something."""
    planes = (OUTSIDE + inside) * channels[:, None, None]
    return patches(planes, patch)

"""Distillation by targets: denoise the composite, and fit the edit to what comes out.

No gradient passes through codec or prior. For a posterior-mean prior the fixed point is that of
score distillation with the same weights: x_0_hat = x_0 where the score of the composite vanishes.
The level of noise falls from round to round (DreamTime, arXiv 2306.12422).
"""

import torch

from lasagna_relight.distillation.base import Edit, Score
from lasagna_relight.distillation.timesteps import annealed_timesteps
from lasagna_relight.priors.base import DiffusionPrior
from lasagna_relight.priors.schedule import Timesteps
from lasagna_relight.types import Latents

SMOOTHNESS = 0.05


def expected_x0(prior: DiffusionPrior, x0: Latents, noise: Latents, t: Timesteps) -> Latents:
    """The prior's x_0_hat for the noised latents, one per (t, eps)."""
    xt = prior.schedule.add_noise(x0, noise, t)
    return prior.schedule.x0_from_noise(xt, prior.predict_noise(xt, t), t)


def target(
    edit: Edit,
    prior: DiffusionPrior,
    generator: torch.Generator,
    *,
    samples: int = 8,
    smoothness: float = SMOOTHNESS,
) -> Score:
    """The way from the edit to the fit of the mean x_0_hat; a whole step lands on the fit."""
    x0 = prior.codec.encode(edit.composite(edit.values), edit.source)
    noise = torch.randn(samples, *x0.shape[1:], generator=generator).to(x0)
    t = annealed_timesteps(edit.done, samples, len(prior.schedule), generator).to(x0.device)
    wanted = expected_x0(prior, x0.expand_as(noise), noise, t).mean(0, keepdim=True)
    picture = prior.codec.decode(wanted, edit.source)
    return Score(
        gradient=edit.values - edit.fitted(picture, smoothness),
        magnitude=(wanted - x0).square().mean().sqrt().item(),
        evaluations=samples,
    )

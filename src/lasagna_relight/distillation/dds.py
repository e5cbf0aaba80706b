"""Delta denoising score: what the prior says of the edit, less what it says of the source.

Source: Hertz et al., "Delta Denoising Score", arXiv 2304.07090, eq. 3. Both are asked at the same
noise and timestep; the source under words that say nothing of the light. What the prior holds
against any picture is in both answers and cancels, so no edit is a fixed point of equal prompts.
"""

import torch

from lasagna_relight.distillation.base import Edit, Score
from lasagna_relight.distillation.timesteps import uniform_timesteps
from lasagna_relight.distillation.weighting import Weighting, variance_weight
from lasagna_relight.errors import RecipeError
from lasagna_relight.priors.base import DiffusionPrior, NeutralizablePrior
from lasagna_relight.priors.schedule import Timesteps
from lasagna_relight.types import Latents


def dds_gradient(
    prior: NeutralizablePrior,
    x0: Latents,
    source_x0: Latents,
    noise: Latents,
    t: Timesteps,
    weighting: Weighting = variance_weight,
) -> Latents:
    """w(t) (e_hat(x_t | light) - e_hat(source_t | neutral)), shape of ``x0``."""
    xt = prior.schedule.add_noise(x0, noise, t)
    source_t = prior.schedule.add_noise(source_x0, noise, t)
    delta = prior.predict_noise(xt, t) - prior.neutral.predict_noise(source_t, t)
    return weighting(prior.schedule, t) * delta


def dds(
    edit: Edit, prior: DiffusionPrior, generator: torch.Generator, *, samples: int = 4
) -> Score:
    """The gradient averaged over ``samples`` stratified (t, eps) that share one encoding.

    Each costs two evaluations of the prior.

    Raises:
        RecipeError: the prior has no neutral form.
    """
    if not isinstance(prior, NeutralizablePrior):
        raise RecipeError("dds needs a prior that knows the source's light: try --recipe sds")
    values = edit.values.detach().requires_grad_()
    x0 = prior.codec.encode(edit.composite(values), edit.source)
    source_x0 = prior.codec.encode(edit.source, edit.source)
    noise = torch.randn(samples, *x0.shape[1:], generator=generator).to(x0)
    t = uniform_timesteps(samples, len(prior.schedule), generator).to(x0.device)
    gradient = dds_gradient(
        prior, x0.detach().expand_as(noise), source_x0.expand_as(noise), noise, t
    ).mean(0, keepdim=True)
    (through_codec,) = torch.autograd.grad(x0, values, gradient)
    return Score(
        gradient=through_codec,
        magnitude=gradient.square().mean().sqrt().item(),
        evaluations=2 * samples,
    )

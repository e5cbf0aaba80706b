"""Score distillation sampling through the layered composition.

Source: Poole et al., "DreamFusion", arXiv 2209.14988, eq. 3; over layers: Bashkirova et al.,
"Lasagna", arXiv 2312.00833.
"""

import torch

from lasagna_relight.distillation.base import Edit, Score
from lasagna_relight.distillation.timesteps import uniform_timesteps
from lasagna_relight.distillation.weighting import Weighting, variance_weight
from lasagna_relight.priors.base import DiffusionPrior
from lasagna_relight.priors.schedule import Timesteps
from lasagna_relight.types import Latents


def sds_gradient(
    prior: DiffusionPrior,
    x0: Latents,
    noise: Latents,
    t: Timesteps,
    weighting: Weighting = variance_weight,
) -> Latents:
    """w(t) (e_hat(x_t, t) - eps), the gradient with respect to each x_0, shape of ``x0``."""
    xt = prior.schedule.add_noise(x0, noise, t)
    return weighting(prior.schedule, t) * (prior.predict_noise(xt, t) - noise)


def sds(
    edit: Edit, prior: DiffusionPrior, generator: torch.Generator, *, samples: int = 4
) -> Score:
    """The gradient averaged over ``samples`` stratified (t, eps) that share one encoding."""
    values = edit.values.detach().requires_grad_()
    x0 = prior.codec.encode(edit.composite(values), edit.source)
    noise = torch.randn(samples, *x0.shape[1:], generator=generator).to(x0)
    t = uniform_timesteps(samples, len(prior.schedule), generator).to(x0.device)
    gradient = sds_gradient(prior, x0.detach().expand_as(noise), noise, t).mean(0, keepdim=True)
    (through_codec,) = torch.autograd.grad(x0, values, gradient)
    return Score(
        gradient=through_codec,
        magnitude=gradient.square().mean().sqrt().item(),
        evaluations=samples,
    )

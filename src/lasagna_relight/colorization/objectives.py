"""Score distillation over a color layer: the formulas of `distillation`, on another layer.

The gradient with respect to the latents, the clean latents that a prior expects, timesteps and
weights are those of relighting; here they are led through another composite.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from lasagna_relight.colorization.fit import fit_layer
from lasagna_relight.colorization.paint import Layer, PaintEdit
from lasagna_relight.distillation.sds import sds_gradient
from lasagna_relight.distillation.target import expected_x0
from lasagna_relight.distillation.timesteps import annealed_timesteps, uniform_timesteps
from lasagna_relight.priors.base import DiffusionPrior

SMOOTHNESS = 0.5


@dataclass(frozen=True, kw_only=True)
class PaintScore:
    """What an objective thinks of a layer.

    Attributes:
        gradient: of the objective with respect to the layer, (1, 4, H, W).
        magnitude: root mean square of the disagreement, in latent units; for display.
        evaluations: how often the prior was asked, one per latent.
    """

    gradient: Layer
    magnitude: float
    evaluations: int


PaintObjective = Callable[[PaintEdit, DiffusionPrior, torch.Generator], PaintScore]


def sds_of_paint(
    edit: PaintEdit, prior: DiffusionPrior, generator: torch.Generator, *, samples: int = 4
) -> PaintScore:
    """`distillation.sds.sds_gradient` through composite and codec to the layer."""
    layer = edit.layer.detach().requires_grad_()
    x0 = prior.codec.encode(edit.canvas.composite(layer), edit.canvas.base)
    noise = torch.randn(samples, *x0.shape[1:], generator=generator).to(x0)
    t = uniform_timesteps(samples, len(prior.schedule), generator).to(x0.device)
    gradient = sds_gradient(prior, x0.detach().expand_as(noise), noise, t).mean(0, keepdim=True)
    (through_codec,) = torch.autograd.grad(x0, layer, gradient)
    return PaintScore(
        gradient=through_codec,
        magnitude=gradient.square().mean().sqrt().item(),
        evaluations=samples,
    )


def target_of_paint(
    edit: PaintEdit,
    prior: DiffusionPrior,
    generator: torch.Generator,
    *,
    samples: int = 4,
    smoothness: float = SMOOTHNESS,
) -> PaintScore:
    """The way from the layer to the fit of the mean `distillation.target.expected_x0`."""
    x0 = prior.codec.encode(edit.composite, edit.canvas.base)
    noise = torch.randn(samples, *x0.shape[1:], generator=generator).to(x0)
    t = annealed_timesteps(edit.done, samples, len(prior.schedule), generator).to(x0.device)
    wanted = expected_x0(prior, x0.expand_as(noise), noise, t).mean(0, keepdim=True)
    picture = prior.codec.decode(wanted, edit.canvas.base).clamp(0, 1)
    fitted = fit_layer(picture, edit.canvas, smoothness=smoothness)
    return PaintScore(
        gradient=edit.layer - fitted,
        magnitude=(wanted - x0).square().mean().sqrt().item(),
        evaluations=samples,
    )

"""The authors' own recipe, constant by constant: score distillation into a two-headed U-Net.

Source: the released code of Bashkirova et al., arXiv 2312.00833, as DESIGN.md section 1 records it.
Kept to reproduce the paper; the other recipes ask the prior far less often.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lasagna_relight.distillation.sds import sds_gradient
from lasagna_relight.errors import DivergenceError
from lasagna_relight.priors.base import DiffusionPrior
from lasagna_relight.priors.schedule import Timesteps
from lasagna_relight.relighting.adan import Adan
from lasagna_relight.relighting.recipes import Recipe, TwoHeadedSettings
from lasagna_relight.relighting.step import RelightingStep
from lasagna_relight.relighting.two_heads import TwoHeadedUNet
from lasagna_relight.types import Image, Latents, LogGain, Mask

TIMESTEPS = (0.02, 0.98)
"""t is uniform in 20..980 of 1000, both ends included."""

LARGEST_GRADIENT = 5.0
"""Norm to which Adan's gradient is clipped, as in the code that the authors' descends from."""


@dataclass(frozen=True, kw_only=True)
class FaithfulLoss:
    """One evaluation of the objective, with its graph.

    Attributes:
        total: what is differentiated.
        gradient: (1 - abar_t) (e_hat - eps), with respect to the latents.
        log_gain: log(shading / lighting) over the whole picture.
    """

    total: Tensor
    gradient: Latents
    log_gain: LogGain


def faithful_loss(
    network: TwoHeadedUNet,
    source: Image,
    prior: DiffusionPrior,
    noise: Latents,
    t: Timesteps,
    regularization: float,
) -> FaithfulLoss:
    """0.5 |x0 - stopgrad(x0 - gradient)|^2 + regularization (mean |s - 1| + mean |l - 1|).

    The first term's gradient with respect to the latents x0 is that of score distillation.
    """
    shading, lighting = network(source)
    x0 = prior.codec.encode(source * shading / lighting, source)
    gradient = sds_gradient(prior, x0.detach(), noise, t)
    surrogate = 0.5 * F.mse_loss(x0, (x0 - gradient).detach(), reduction="sum")
    size_of_edit = (shading - 1).abs().mean() + (lighting - 1).abs().mean()
    return FaithfulLoss(
        total=surrogate + regularization * size_of_edit,
        gradient=gradient,
        log_gain=(shading / lighting).log().detach(),
    )


def relight_by_two_heads(
    source: Image,
    prior: DiffusionPrior,
    recipe: Recipe,
    settings: TwoHeadedSettings,
    *,
    mask: Mask,
    generator: torch.Generator,
) -> Iterator[RelightingStep]:
    """Solves the edit of the whole picture, and shows what of it lies inside ``mask``.

    Args:
        source: (1, 3, H, W) sRGB-encoded; H and W are multiples of 8.
        prior: conditioned on picture and light, with guidance applied.
        recipe: steps, learning rate, regularization.
        settings: which optimizer.
        mask: (1, 1, H, W).
        generator: source of all randomness, of the network's first weights too.

    Raises:
        DivergenceError: the edit is no longer finite.
    """
    network = fresh_network(generator).to(source.device)
    optimizer = optimizer_of(network, recipe, settings)
    yield RelightingStep(index=0, total=recipe.steps, log_gain=_edit_of(network, source) * mask)
    for index in range(recipe.steps):
        t, noise = draw(prior, source, generator)
        loss = faithful_loss(network, source, prior, noise, t, recipe.l1_weight)
        optimizer.zero_grad()
        loss.total.backward()
        if settings.optimizer == "adan":
            nn.utils.clip_grad_norm_(network.parameters(), LARGEST_GRADIENT)
        optimizer.step()
        log_gain = _edit_of(network, source)
        if not torch.isfinite(log_gain).all():
            raise DivergenceError(step=index)
        yield RelightingStep(
            index=index + 1,
            total=recipe.steps,
            log_gain=log_gain * mask,
            disagreement=loss.gradient.square().mean().sqrt().item(),
            evaluations=index + 1,
        )


def fresh_network(generator: torch.Generator) -> TwoHeadedUNet:
    """A network whose first weights depend on ``generator`` alone."""
    seed = int(torch.randint(2**62, (), generator=generator))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return TwoHeadedUNet()


def optimizer_of(
    network: nn.Module, recipe: Recipe, settings: TwoHeadedSettings
) -> torch.optim.Optimizer:
    """Adam as the authors' code really runs, or Adan as it means to."""
    kind = {"adam": torch.optim.Adam, "adan": Adan}[settings.optimizer]
    return kind(network.parameters(), lr=recipe.learning_rate, weight_decay=settings.weight_decay)


def draw(
    prior: DiffusionPrior, source: Image, generator: torch.Generator
) -> tuple[Timesteps, Latents]:
    """One timestep and one noise."""
    low, high = (int(share * len(prior.schedule)) for share in TIMESTEPS)
    t = torch.randint(low, high + 1, (1,), generator=generator)
    shape = prior.codec.encode(source, source).shape
    noise = torch.randn(*shape, generator=generator)
    return t.to(source.device), noise.to(source.device)


@torch.no_grad()
def _edit_of(network: TwoHeadedUNet, source: Image) -> LogGain:
    shading, lighting = network(source)
    return (shading / lighting).log()

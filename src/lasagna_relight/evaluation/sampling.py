"""The prior without the method: pictures sampled from it, and what their light is worth as a layer.

Plain sampling is the paper's ablation: the same prior, the same condition, no layers and no
distillation. Source of the sampler: Song et al., "Denoising Diffusion Implicit Models", arXiv
2010.02502, eq. 12 with sigma = 0.
"""

import copy
from dataclasses import replace
from functools import partial
from itertools import pairwise

import torch

from lasagna_relight.compositing.upsample import upsample_log_gain
from lasagna_relight.errors import PriorError
from lasagna_relight.evaluation.case import Case, Scene
from lasagna_relight.evaluation.method import Answer, Method, layered, pasted
from lasagna_relight.evaluation.recipe_methods import describe, solve_recipe
from lasagna_relight.priors.base import DiffusionPrior
from lasagna_relight.priors.codecs import log_ratio
from lasagna_relight.priors.embedded import EmbeddedNetworks
from lasagna_relight.relighting.api import Relighter, SmallView
from lasagna_relight.relighting.instant import predict_lights
from lasagna_relight.relighting.turned import turned_prior
from lasagna_relight.seeding import generator
from lasagna_relight.types import Image, Latents

SAMPLING_STEPS = 20
CLEANEST, NOISIEST = 0.0, 0.98


def sampling_methods(relighter: Relighter, settings: str) -> list[Method]:
    """Plain sampling, and the same followed by its luminance ratio as a layer."""
    settings = f"steps={SAMPLING_STEPS} {settings}"
    return [
        Method(
            name="sampled",
            summary="one sample of the prior pasted into the picture, without layers",
            family="ablation",
            settings=settings,
            solve=partial(_sampled, relighter),
        ),
        Method(
            name="sampled-as-layer",
            summary="the same sample; the ratio of its luminance to the source's as a layer",
            family="ablation",
            settings=settings,
            solve=partial(_sampled_as_layer, relighter),
        ),
    ]


def without_controlnet(relighter: Relighter, settings: str) -> Method:
    """The recipe over a prior whose ControlNet says nothing, as a fresh one does."""
    networks = _embedded(relighter)
    silent = copy.deepcopy(networks)
    for block in [
        *silent.controlnet.controlnet_down_blocks,
        silent.controlnet.controlnet_mid_block,
    ]:
        for parameter in block.parameters():
            parameter.zero_()
    recipe = relighter.recipe
    return Method(
        name=f"{recipe.name}-without-controlnet",
        summary="without ControlNet finetuning: its residuals are zero; light and the preview are "
        "still told",
        family="ablation",
        settings=f"{describe(recipe)} {settings}",
        solve=partial(solve_recipe, replace(relighter, networks=silent), "angles"),
    )


@torch.no_grad()
def ddim_sample(prior: DiffusionPrior, noise: Latents, steps: int) -> Latents:
    """x_0 from pure noise in ``steps`` deterministic steps."""
    last = len(prior.schedule) - 1
    levels = torch.linspace(NOISIEST * last, CLEANEST * last, steps + 1).long()
    xt = x0 = noise
    for now, after in pairwise(levels):
        t = now.expand(len(xt)).to(xt.device)
        predicted = prior.predict_noise(xt, t)
        x0 = prior.schedule.x0_from_noise(xt, predicted, t)
        xt = prior.schedule.add_noise(x0, predicted, after.expand(len(xt)).to(xt.device))
    return x0


def conditioned_prior(relighter: Relighter, view: SmallView, case: Case) -> DiffusionPrior:
    """The prior of a view, told the case's exact light.

    Raises:
        PriorError: the relighter has no embedded prior.
    """
    _, preview = predict_lights(relighter.predictor, view.source, view.mask, [case.direction])
    return turned_prior(
        _embedded(relighter),
        source=view.source,
        mask=view.mask,
        preview=preview,
        direction=case.direction,
        words=None,
    )


def _sample(relighter: Relighter, view: SmallView, case: Case, seed: int) -> Image:
    prior = conditioned_prior(relighter, view, case)
    like = prior.codec.encode(view.source, view.source)
    noise = torch.randn(like.shape, generator=generator(seed, "sample")).to(like)
    latents = ddim_sample(prior, noise, SAMPLING_STEPS)
    return prior.codec.decode(latents, view.source)[0].clamp(0, 1).cpu()


def _sampled(relighter: Relighter, case: Case, scene: Scene, seed: int) -> Answer:
    view = relighter.look(scene.picture, scene.mask)
    made = _sample(relighter, view, case, seed)
    return pasted(scene, view.box, made, evaluations=SAMPLING_STEPS)


def _sampled_as_layer(relighter: Relighter, case: Case, scene: Scene, seed: int) -> Answer:
    view = relighter.look(scene.picture, scene.mask)
    made = _sample(relighter, view, case, seed)
    source = view.source[0].cpu()
    ratio = log_ratio(made.mean(-3, keepdim=True), source.mean(-3, keepdim=True))
    inside = ratio * view.mask[0].cpu()
    full = upsample_log_gain(inside, scene.picture, scene.mask.mask, view.box)
    return layered(scene, torch.as_tensor(full)[None], evaluations=SAMPLING_STEPS)


def _embedded(relighter: Relighter) -> EmbeddedNetworks:
    if not isinstance(relighter.networks, EmbeddedNetworks):
        raise PriorError("this ablation needs the embedded prior: use --prior embedded")
    return relighter.networks

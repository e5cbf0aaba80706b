"""One step of a recipe over noise: whether a prior works, what it takes, and what it would take."""

import math
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import torch

from lasagna_relight.light_direction import NAMED_DIRECTIONS
from lasagna_relight.priors.imagined_memory import imagined
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.relighting.api import CropBox, Relighter, SmallView, shipped_prior
from lasagna_relight.relighting.prompts import Prompts
from lasagna_relight.relighting.recipes import DEFAULT_LARGE_RECIPE, Recipe, recipe_named
from lasagna_relight.relighting.step import RelightingStep
from lasagna_relight.seeding import generator


@dataclass(frozen=True, kw_only=True)
class MemoryEstimate:
    """What a solve would hold, in bytes: all tensors, and nothing else of the process.

    Attributes:
        weights: of all networks, wherever they rest.
        peak: the most on the device at once, weights there included.
        beside: the most in main memory, where the device is another.
        side: of the picture that is solved, in pixels.
    """

    weights: int
    peak: int
    beside: int
    side: int


def trial_step(relighter: Relighter, side: int | None = None) -> RelightingStep:
    """The last of one step over noise.

    Args:
        relighter: loaded.
        side: of the picture; the size at which the prior works if absent.
    """
    side = side or side_of(relighter)
    source = torch.rand(1, 3, side, side, generator=generator(0, "trial")).to(relighter.device)
    view = SmallView(
        box=CropBox(left=0, top=0, width=side, height=side),
        source=source,
        mask=torch.ones_like(source[:, :1]),
    )
    *_, last = relighter.solve(view, NAMED_DIRECTIONS["left"], steps=1)
    return last


def side_of(relighter: Relighter) -> int:
    """Side of the square pictures that the prior was trained on, in pixels."""
    if relighter.large is None:
        return relighter.predictor.resolution
    return relighter.large.networks.resolution


def estimate_memory(
    prior: Literal["embedded"] | Path | StableDiffusionFiles,
    *,
    recipe: str | None = None,
    device: str = "cpu",
    side: int | None = None,
) -> MemoryEstimate:
    """The memory that a solve with this prior would hold, from its configuration files alone.

    One step is run as `Relighter.solve` runs it, on tensors without numbers: nothing is loaded,
    and nothing of that size is allocated. Scratch memory of PyTorch's operators, its libraries and
    its allocator come on top.

    Args:
        prior: see `Relighter.load`.
        recipe: by name; the large prior's default, or `target`, if absent.
        device: on which it would be solved; it must be there.
        side: of the square picture; the size at which the prior works if absent.

    Raises:
        PriorError: a configuration is missing or of another kind.
        RecipeError: there is no such recipe.
    """
    place = torch.device(device).type
    with imagined() as count:
        relighter = _imagined_relighter(prior, recipe or DEFAULT_LARGE_RECIPE, device)
        weights = count.now.total()
        count.peak = count.now.copy()
        solved = side or side_of(relighter)
        trial_step(relighter, solved)
    return MemoryEstimate(
        weights=weights,
        peak=count.peak[place],
        beside=0 if place == "cpu" else count.peak["cpu"],
        side=solved,
    )


def _imagined_relighter(
    prior: Path | str | StableDiffusionFiles, recipe: str, device: str
) -> Relighter:
    from lasagna_relight.priors.imagined_networks import (  # brings diffusers
        imagined_embedded,
        imagined_predictor,
        imagined_stable_diffusion,
    )

    if isinstance(prior, StableDiffusionFiles):
        from lasagna_relight.relighting.large import LargePrior  # brings diffusers

        networks = imagined_stable_diffusion(prior, device)
        return Relighter(
            recipe=_with_samples(recipe_named(recipe, large=True), networks.batch),
            predictor=imagined_predictor(shipped_prior()).to(device),
            networks=None,
            device=device,
            large=LargePrior(networks, Prompts()),
        )
    folder = shipped_prior() if prior == "embedded" else Path(prior)
    return Relighter(
        recipe=recipe_named(recipe),
        predictor=imagined_predictor(folder).to(device),
        networks=imagined_embedded(folder).to(device),
        device=device,
    )


def _with_samples(recipe: Recipe, most: int) -> Recipe:
    """The recipe with no more evaluations a step than fit into one batch: the next ones follow."""
    objective: Any = recipe.objective
    samples = min(most, objective.keywords.get("samples", math.inf))
    return replace(recipe, objective=partial(objective, samples=samples))

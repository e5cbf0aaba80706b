"""The solve: from a picture and a prior to a log gain, one visible loop, step by step."""

from collections.abc import Iterator
from dataclasses import replace

import torch

from lasagna_relight.errors import DivergenceError, RecipeError
from lasagna_relight.priors.base import DiffusionPrior
from lasagna_relight.relighting.edit import LightEdit
from lasagna_relight.relighting.faithful import relight_by_two_heads
from lasagna_relight.relighting.gain_field import LogGainField
from lasagna_relight.relighting.recipes import Recipe
from lasagna_relight.relighting.regularizers import layer_l1, total_variation
from lasagna_relight.relighting.step import RelightingStep
from lasagna_relight.types import Image, LogGain, Mask


def with_steps(recipe: Recipe, steps: int | None) -> Recipe:
    """The recipe with another number of steps.

    Raises:
        RecipeError: not a positive number, or the recipe takes none.
    """
    if steps is None or recipe.objective is None:
        return recipe
    if steps < 1:
        raise RecipeError(f"{steps} steps solve nothing: give 1 or more, or --recipe instant")
    return replace(recipe, steps=steps)


def relight(
    source: Image,
    prior: DiffusionPrior,
    recipe: Recipe,
    *,
    mask: Mask | None = None,
    start: LogGain | None = None,
    generator: torch.Generator,
) -> Iterator[RelightingStep]:
    """Solves the edit that ``prior`` wants over ``source``; the last step holds the result.

    Args:
        source: (1, 3, H, W) sRGB-encoded, at the prior's resolution.
        prior: already conditioned on the picture and on the light.
        recipe: objective, steps, and step sizes.
        mask: (1, 1, H, W); the whole picture if absent.
        start: (1, 1, H, W) log gain to start from; no edit if absent.
        generator: source of all randomness.

    Raises:
        DivergenceError: the edit is no longer finite.
    """
    mask = torch.ones_like(source[:, :1]) if mask is None else mask
    if recipe.two_heads is not None:
        yield from relight_by_two_heads(
            source, prior, recipe, recipe.two_heads, mask=mask, generator=generator
        )
        return
    field = LogGainField(mask, start, layers=recipe.layers)
    yield RelightingStep(index=0, total=recipe.steps, log_gain=field().detach())
    if recipe.objective is None:
        return
    kind = torch.optim.SGD if recipe.whole_steps else torch.optim.Adam
    optimizer = kind(field.parameters(), lr=recipe.learning_rate)
    evaluations = 0
    for index in range(recipe.steps):
        log_gain = field()
        edit = LightEdit(
            source=source, mask=mask, values=log_gain.detach(), done=index / recipe.steps
        )
        score = recipe.objective(edit, prior, generator)
        evaluations += score.evaluations
        loss = (score.gradient * log_gain).sum()
        loss = loss + recipe.l1_weight * layer_l1(log_gain, mask)
        loss = loss + recipe.variation_weight * total_variation(log_gain, mask)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        field.project()
        log_gain = field().detach()
        if not torch.isfinite(log_gain).all():
            raise DivergenceError(step=index)
        yield RelightingStep(
            index=index + 1,
            total=recipe.steps,
            log_gain=log_gain,
            disagreement=score.magnitude,
            evaluations=evaluations,
        )

"""The solve: from a drawing and a prior to a color layer, one visible loop, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import nn

from lasagna_relight.colorization.edit import PaintEdit
from lasagna_relight.colorization.paint import Canvas, ColorizationStep, Layer
from lasagna_relight.colorization.recipes import PaintRecipe
from lasagna_relight.colorization.regularizers import paint_on_paper, roughness
from lasagna_relight.errors import DivergenceError, RecipeError
from lasagna_relight.priors.base import DiffusionPrior


def with_steps(recipe: PaintRecipe, steps: int | None) -> PaintRecipe:
    """The recipe with another number of steps.

    Raises:
        RecipeError: not a positive number.
    """
    if steps is None:
        return recipe
    if steps < 1:
        raise RecipeError(f"{steps} steps color nothing: give 1 or more")
    return replace(recipe, steps=steps)


def colorize(
    canvas: Canvas,
    prior: DiffusionPrior,
    recipe: PaintRecipe,
    *,
    start: Layer | None = None,
    generator: torch.Generator,
) -> Iterator[ColorizationStep]:
    """Solves the color layer that ``prior`` wants over a canvas; the last step holds the result.

    Args:
        canvas: drawing, mask and hints, at the prior's resolution.
        prior: already conditioned on them and on the words.
        recipe: objective, steps, and step sizes.
        start: the first layer; no color if absent.
        generator: source of all randomness.

    Raises:
        DivergenceError: the layer is no longer finite.
    """
    begun = canvas.blank() if start is None else start
    values = nn.Parameter(begun.clone())
    yield ColorizationStep(index=0, total=recipe.steps, layer=canvas.with_hints(begun))
    optimizer: torch.optim.Optimizer
    if recipe.whole_steps:
        optimizer = torch.optim.SGD([values], lr=recipe.learning_rate)
    else:
        optimizer = torch.optim.Adam(
            [values], lr=recipe.learning_rate, weight_decay=recipe.weight_decay
        )
    evaluations = 0
    for index in range(recipe.steps):
        layer = canvas.with_hints(values.detach().clamp(0, 1))
        edit = PaintEdit(canvas=canvas, values=layer, done=index / recipe.steps)
        score = recipe.objective(edit, prior, generator)
        evaluations += score.evaluations
        loss = (score.gradient * values).sum()
        loss = loss + recipe.smooth_weight * roughness(values, canvas)
        loss = loss + recipe.paper_weight * paint_on_paper(values, canvas)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if not torch.isfinite(values).all():
            raise DivergenceError(step=index)
        with torch.no_grad():
            values.clamp_(0, 1)
        yield ColorizationStep(
            index=index + 1,
            total=recipe.steps,
            layer=canvas.with_hints(values.detach().clone()),
            disagreement=score.magnitude,
            evaluations=evaluations,
        )

"""The ways to solve a color layer, by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from lasagna_relight.distillation.base import Objective
from lasagna_relight.distillation.sds import sds
from lasagna_relight.distillation.target import target
from lasagna_relight.errors import RecipeError

SMOOTHNESS = 0.5
"""Of the fit of `target`: colors are flat between lines, where light is not."""


@dataclass(frozen=True, kw_only=True)
class PaintRecipe:
    """Settings of a solve.

    Attributes:
        name: what `--recipe` takes.
        summary: one line for `--help`.
        objective: where the layer should go.
        steps: how often it is asked.
        learning_rate: Adam's, in layer values per step; with ``whole_steps`` the share of the way.
        from_guess: start with the mask in the color that the words give to the thing; else with
            no color.
        whole_steps: plain steps of ``learning_rate`` times the gradient in place of Adam.
        guidance_scale: diffusers convention.
        weight_decay: Adam's.
        smooth_weight: of `regularizers.roughness`.
        paper_weight: of `regularizers.paint_on_paper`.
    """

    name: str
    summary: str
    objective: Objective = field(repr=False)
    steps: int
    learning_rate: float
    from_guess: bool = True
    whole_steps: bool = False
    guidance_scale: float = 1.0
    weight_decay: float = 0.0
    smooth_weight: float = 0.0
    paper_weight: float = 0.0


RECIPES = {
    recipe.name: recipe
    for recipe in (
        PaintRecipe(
            name="target",
            summary="annealed rounds of denoising, each fitted in closed form",
            objective=partial(target, samples=4, smoothness=SMOOTHNESS),
            steps=4,
            learning_rate=0.5,
            whole_steps=True,
        ),
        PaintRecipe(
            name="sds",
            summary="score distillation by gradient, as in the paper",
            objective=partial(sds, samples=4),
            steps=80,
            learning_rate=0.04,
            smooth_weight=0.2,
            paper_weight=3.0,
        ),
        PaintRecipe(
            name="faithful",
            summary="the paper's constants: guidance 13, Adam 1e-3, 500 single draws; slow",
            objective=partial(sds, samples=1),
            steps=500,
            learning_rate=1e-3,
            from_guess=False,
            guidance_scale=13.0,
            weight_decay=5e-4,
            smooth_weight=0.2,
            paper_weight=3.0,
        ),
    )
}

DEFAULT_RECIPE = "target"
LARGE_GUIDANCE = 7.5
"""In place of a recipe's where the prior is Stable Diffusion; the faithful one keeps its own."""


def recipe_named(name: str) -> PaintRecipe:
    """The recipe called ``name``.

    Raises:
        RecipeError: there is none.
    """
    if name not in RECIPES:
        raise RecipeError(
            f"recipe {name!r} is unknown for colors: choose one of {', '.join(RECIPES)}"
        )
    return RECIPES[name]

"""The ways to solve an edit, by name."""

from dataclasses import dataclass, field
from functools import partial

from lasagna_relight.distillation.base import Objective
from lasagna_relight.distillation.sds import sds
from lasagna_relight.distillation.target import target
from lasagna_relight.errors import RecipeError


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Settings of a solve.

    Attributes:
        name: what `--recipe` takes.
        summary: one line for `--help`.
        objective: where the edit should go; None stays at the preview.
        steps: how often it is asked; 0 with no objective.
        learning_rate: Adam's, in log gain per step; with ``whole_steps`` the share of the way.
        whole_steps: plain steps of ``learning_rate`` times the gradient in place of Adam.
        from_preview: start at the instant predictor's answer; else at no edit.
        guidance_scale: diffusers convention; 1 asks the prior once per latent.
        l1_weight: of `regularizers.layer_l1`.
        variation_weight: of `regularizers.total_variation`.
    """

    name: str
    summary: str
    objective: Objective | None = field(repr=False)
    steps: int
    learning_rate: float = 0.0
    whole_steps: bool = False
    from_preview: bool = True
    guidance_scale: float = 1.0
    l1_weight: float = 0.0
    variation_weight: float = 0.0


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="instant",
            summary="one pass of the feed-forward predictor",
            objective=None,
            steps=0,
        ),
        Recipe(
            name="target",
            summary="annealed rounds of denoising, each fitted in closed form",
            objective=partial(target, samples=8),
            steps=4,
            learning_rate=0.5,
            whole_steps=True,
        ),
        Recipe(
            name="sds",
            summary="score distillation by gradient, as in the paper, on one log-gain map",
            objective=partial(sds, samples=4),
            steps=40,
            learning_rate=0.02,
            variation_weight=0.002,
        ),
    )
}

DEFAULT_RECIPE = "instant"


def recipe_named(name: str) -> Recipe:
    """The recipe called ``name``.

    Raises:
        RecipeError: there is none.
    """
    if name not in RECIPES:
        raise RecipeError(f"recipe {name!r} is unknown: choose one of {', '.join(RECIPES)}")
    return RECIPES[name]

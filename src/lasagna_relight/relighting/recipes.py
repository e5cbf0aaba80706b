"""The ways to solve an edit, by name."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

from lasagna_relight.distillation.base import Objective
from lasagna_relight.distillation.dds import dds
from lasagna_relight.distillation.sds import sds
from lasagna_relight.distillation.target import target
from lasagna_relight.errors import RecipeError
from lasagna_relight.relighting.gain_field import Layers


@dataclass(frozen=True, kw_only=True)
class TwoHeadedSettings:
    """What the authors' own recipe has beside the others.

    Attributes:
        optimizer: "adam" as their code really runs, "adan" as it means to.
        weight_decay: of that optimizer.
    """

    optimizer: Literal["adam", "adan"]
    weight_decay: float


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
        layers: "both", or one alone, as an ablation; not with ``two_heads``.
        two_heads: the layers come from the authors' two-headed U-Net; None for one log-gain map.
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
    layers: Layers = "both"
    two_heads: TwoHeadedSettings | None = None


FAITHFUL = Recipe(
    name="faithful",
    summary="the paper's code to the letter: two-headed U-Net, Adam, 500 steps; slow",
    objective=partial(sds, samples=1),
    steps=500,
    learning_rate=1e-3,
    from_preview=False,
    guidance_scale=13.0,
    l1_weight=500.0,
    two_heads=TwoHeadedSettings(optimizer="adam", weight_decay=5e-4),
)
FAITHFUL_ADAN = replace(
    FAITHFUL,
    name="faithful-adan",
    summary="the same with the optimizer that the paper's code means to use, Adan",
    learning_rate=5e-3,
    two_heads=TwoHeadedSettings(optimizer="adan", weight_decay=2e-5),
)

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
        Recipe(
            name="dds",
            summary="score distillation less the prior's objection to the source itself",
            objective=partial(dds, samples=4),
            steps=40,
            learning_rate=0.02,
            variation_weight=0.002,
        ),
        FAITHFUL,
        FAITHFUL_ADAN,
    )
}
"""For the embedded prior."""

LARGE_RECIPES = {
    recipe.name: recipe
    for recipe in (
        replace(
            RECIPES["target"],
            objective=partial(target, samples=16),
            steps=3,  # each decodes and encodes once, which costs as much as two evaluations
            learning_rate=1.0,
            from_preview=False,
            guidance_scale=7.5,
        ),
        replace(RECIPES["sds"], steps=60, from_preview=False, guidance_scale=7.5),
        replace(RECIPES["dds"], steps=60, from_preview=False, guidance_scale=7.5),
        FAITHFUL,
        FAITHFUL_ADAN,
    )
}
"""For Stable Diffusion: from no edit, and guided. Not yet tried on real weights."""

DEFAULT_RECIPE = "instant"
DEFAULT_LARGE_RECIPE = "target"
QUICK_RECIPES = tuple(name for name, recipe in RECIPES.items() if recipe.two_heads is None)
"""What is measured unless asked otherwise."""


def recipe_named(name: str, *, large: bool = False) -> Recipe:
    """The recipe called ``name``, for the embedded prior or for a ``large`` one.

    Raises:
        RecipeError: there is none.
    """
    known = LARGE_RECIPES if large else RECIPES
    if large and name == "instant":
        raise RecipeError(
            f"recipe 'instant' asks no prior: leave out --prior, or choose {', '.join(known)}"
        )
    if name not in known:
        raise RecipeError(f"recipe {name!r} is unknown: choose one of {', '.join(known)}")
    return known[name]

"""Our recipes as methods, by words and by angles, and the paper's ablations of them."""

import time
from dataclasses import replace
from functools import partial
from typing import Literal

import torch

from lasagna_relight.distillation.target import target
from lasagna_relight.evaluation.case import Case, Scene
from lasagna_relight.evaluation.method import Answer, Method, Waypoint, layered
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relighting.gain_field import LIMITS, Layers
from lasagna_relight.relighting.optimize import RelightingStep
from lasagna_relight.relighting.recipes import Recipe

Control = Literal["words", "angles"]
CONTROLS: tuple[Control, ...] = ("words", "angles")


def recipe_method(relighter: Relighter, control: Control, settings: str) -> Method:
    """A recipe as users run it: crop, solve small, bring the edit to full size."""
    recipe = relighter.recipe
    asked = "words" if control == "words" else "exact angles"
    return Method(
        name=f"{recipe.name}@{control}",
        summary=f"{recipe.summary}, by {asked}",
        family="recipe",
        settings=f"{describe(recipe)} {settings}",
        solve=partial(solve_recipe, relighter, control),
    )


def ablations(relighter: Relighter, settings: str) -> list[Method]:
    """What can be taken from a recipe: each a row. Empty for recipes without a solve.

    Ablations of `target`, `sds` and `faithful`; others have none yet.
    """
    recipe = relighter.recipe

    def changed(name: str, summary: str, other: Recipe) -> Method:
        return Method(
            name=name,
            summary=summary,
            family="ablation",
            settings=f"{describe(other)} {settings}",
            solve=partial(solve_recipe, replace(relighter, recipe=other), "angles"),
        )

    def one_layer(layer: Layers) -> Method:
        alone = replace(recipe, layers=layer)
        return Method(
            name=f"{recipe.name}-{layer}-only",
            summary=f"one layer instead of two: solved with the {layer} alone",
            family="ablation",
            settings=f"{describe(alone)} {settings}",
            solve=partial(_one_layer, replace(relighter, recipe=alone)),
        )

    if recipe.name == "target":
        smooth = replace(recipe, objective=partial(target, samples=8, smoothness=1e-6))
        return [
            one_layer("shading"),
            one_layer("lighting"),
            changed("target-unregularized", "without the smoothness of the fit", smooth),
            changed(
                "target-cold", "without the predictor's start", replace(recipe, from_preview=False)
            ),
        ]
    if recipe.name == "sds":
        return [
            changed(
                "sds-unregularized",
                "without regularizer",
                replace(recipe, variation_weight=0.0, l1_weight=0.0),
            ),
            changed(
                "sds-one-sample", "one (t, eps) a step, as in the paper", _with_samples(recipe, 1)
            ),
        ]
    if recipe.name == "faithful":
        return [
            changed(
                "faithful-unregularized",
                "the paper's code without its regularizer",
                replace(recipe, l1_weight=0.0),
            )
        ]
    return []


def solve_recipe(
    relighter: Relighter, control: Control, case: Case, scene: Scene, seed: int
) -> Answer:
    """The answer of ``relighter``, its way kept at steps 0, 1, 2, 4, 8 ... and the last."""
    waypoints: list[Waypoint] = []
    began = time.process_time()

    def note(step: RelightingStep) -> None:
        if step.index == step.total or step.index & (step.index - 1) == 0:
            waypoints.append(
                Waypoint(
                    seconds=time.process_time() - began,
                    evaluations=step.evaluations,
                    log_gain=step.log_gain[0].detach().cpu().clone(),
                )
            )

    light = case.words if control == "words" else case.direction
    result = relighter.relight(scene.picture, light, mask=scene.mask, seed=seed, on_step=note)
    return Answer(
        image=result.image,
        log_gain=torch.from_numpy(result.log_gain)[None],
        evaluations=result.evaluations,
        waypoints=tuple(waypoints) if len(waypoints) > 1 else (),
        box=relighter.look(scene.picture, scene.mask).box if len(waypoints) > 1 else None,
    )


def describe(recipe: Recipe) -> str:
    """Every setting of a recipe in words that are the same in each process."""
    objective = recipe.objective
    function = getattr(objective, "func", objective)
    keywords = getattr(objective, "keywords", {})
    return f"{recipe!r} {getattr(function, '__name__', None)} {sorted(keywords.items())}"


def _one_layer(relighter: Relighter, case: Case, scene: Scene, seed: int) -> Answer:
    """The solve of one layer; what the way to full size adds to the other one is cut off."""
    whole = solve_recipe(relighter, "angles", case, scene, seed)
    assert whole.log_gain is not None
    kept = whole.log_gain.clamp(*LIMITS[relighter.recipe.layers])
    return layered(scene, kept, evaluations=whole.evaluations)


def _with_samples(recipe: Recipe, samples: int) -> Recipe:
    """The recipe with another number of (t, eps) a step."""
    assert isinstance(recipe.objective, partial)
    keywords = {**recipe.objective.keywords, "samples": samples}
    return replace(recipe, objective=partial(recipe.objective.func, **keywords))

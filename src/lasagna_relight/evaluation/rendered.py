"""Recipes measured on held-out rendered objects, where the oracle gain of every light is known.

Sources are mixed from one-light-at-a-time views as in training, at a fixed seed, and relit from
each of the twelve named directions by exact angles. The true picture is the source under the
oracle gain, so the oracle's own error is 0, and the share of the distance that a recipe covers is
1 - error / error of the source as it is. Errors are mean absolute differences of sRGB-encoded
composites inside the mask, with no exposure fit; they are averaged before the division, so that
lights that change little do not dominate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.compositing.crop import CropBox
from lasagna_relight.compositing.stack import LayerStack
from lasagna_relight.errors import DatasetError
from lasagna_relight.evaluation.metrics import absolute_error, correlation, covered_share, psnr
from lasagna_relight.evaluation.table import markdown_table
from lasagna_relight.light_direction import CLOCK_NAMES, NAMED_DIRECTIONS
from lasagna_relight.relighting.api import Relighter, SmallView
from lasagna_relight.relighting.instant import predict_lights
from lasagna_relight.relit.dataset import ShardFolder, make_batch
from lasagna_relight.relit.symmetry import SYMMETRIES
from lasagna_relight.seeding import generator

IDENTITY = "no edit"
GROUPS = ("front", "sides", "rim")
VIEWS = 32
"""How many views are measured unless asked otherwise; twelve solves each."""


@dataclass(frozen=True, kw_only=True)
class RenderedCase:
    """One view as a recipe sees it, and the oracle gain of the twelve named lights over it."""

    title: str
    view: SmallView
    oracle: Float[Tensor, "12 1 size size"]


@dataclass(frozen=True, kw_only=True)
class LightScore:
    """One recipe, or no edit, on one view under one light.

    Attributes:
        title: of the object.
        direction_name: one of the twelve.
        method: the recipe's name, or ``IDENTITY``.
        error: mean absolute difference to the oracle's composite, inside the mask.
        psnr_db: to the oracle's composite, inside the mask; no exposure fit.
        correlation: of the log gain with the oracle's; None where one of them is constant.
    """

    title: str
    direction_name: str
    method: str
    error: float
    psnr_db: float
    correlation: float | None


@dataclass(frozen=True, kw_only=True)
class RecipeScore:
    """One method over all views and lights.

    Attributes:
        method: the recipe's name, or ``IDENTITY``.
        covered: share of the distance from no edit to the oracle, over all lights.
        covered_by_group: the same for the light in front, at the sides and behind.
        psnr_db: mean.
        correlation: mean where known.
        lights: how many pictures were measured.
    """

    method: str
    covered: float
    covered_by_group: dict[str, float]
    psnr_db: float
    correlation: float | None
    lights: int


def group_of(direction_name: str) -> str:
    """ "front", "sides" (the eight around the picture) or "rim" (behind)."""
    if direction_name == "front":
        return "front"
    return "sides" if direction_name in CLOCK_NAMES else "rim"


def rendered_cases(
    shards: Path,
    *,
    pattern: str = "*.safetensors",
    views: int = VIEWS,
    seed: int = 0,
    size: int | None = None,
) -> list[RenderedCase]:
    """Up to ``views`` views, spread evenly over the shards of a folder, each with mixed light.

    The mixture of a view depends on ``seed`` and on its place alone. Views that show nearly
    nothing of their object are left out. They are shrunk to ``size`` pixels where that is given.

    Raises:
        DatasetError: no shard matches, none shows an object, or they are smaller than ``size``.
    """
    folder = ShardFolder(shards, pattern, size=size)
    count = min(views, len(folder))
    cases = []
    for place in (i * len(folder) // count for i in range(count)):
        draws = generator(seed, "rendered", place)
        batch = make_batch(folder.read([place]), SYMMETRIES[0], draws)
        if batch is None:
            continue
        side = batch.source.shape[-1]
        box = CropBox(left=0, top=0, width=side, height=side)
        oracle = batch.log_gains[0, : len(NAMED_DIRECTIONS), None]
        view = SmallView(box=box, source=batch.source, mask=batch.mask)
        cases.append(RenderedCase(title=batch.titles[0], view=view, oracle=oracle))
    if not cases:
        raise DatasetError(f"{shards}: none of {count} views shows an object: render them again")
    return cases


def score_views(
    cases: Sequence[RenderedCase], relighters: Sequence[Relighter], *, seed: int = 0
) -> Iterator[LightScore]:
    """Scores of no edit and of every recipe, view by view, light by light.

    Raises:
        DatasetError: the views are of another resolution than a recipe's networks.
        DivergenceError: an edit is no longer finite.
    """
    for case in cases:
        yield from _scores(case, IDENTITY, torch.zeros_like(case.oracle))
        for relighter in relighters:
            yield from _scores(case, relighter.recipe.name, solve_named(relighter, case.view, seed))


def solve_named(
    relighter: Relighter, view: SmallView, seed: int = 0
) -> Float[Tensor, "12 1 size size"]:
    """Log gains of ``view`` under each of the named lights; one pass where the recipe allows it.

    Raises:
        DatasetError: the view is of another resolution than the networks.
        DivergenceError: an edit is no longer finite.
    """
    side, wanted = view.source.shape[-1], relighter.predictor.resolution
    if side != wanted:
        raise DatasetError(
            f"views of {side} px for networks of {wanted} px: pack shards of that size"
        )
    view = SmallView(
        box=view.box, source=view.source.to(relighter.device), mask=view.mask.to(relighter.device)
    )
    lights = list(NAMED_DIRECTIONS.values())
    if relighter.recipe.objective is None:
        _, found = predict_lights(relighter.predictor, view.source, view.mask, lights)
        gains = list(found.split(1, 1))
    else:
        gains = []
        for light in lights:
            *_, last = relighter.solve(view, light, seed=seed)
            gains.append(last.log_gain)
    return torch.cat(gains).cpu()


def summarize(scores: Sequence[LightScore]) -> list[RecipeScore]:
    """Each method over all views, in the order of their first appearance."""
    rows = []
    for method in dict.fromkeys(score.method for score in scores):
        own = [score for score in scores if score.method == method]
        known = [score.correlation for score in own if score.correlation is not None]
        rows.append(
            RecipeScore(
                method=method,
                covered=_covered(scores, method, GROUPS),
                covered_by_group={group: _covered(scores, method, (group,)) for group in GROUPS},
                psnr_db=sum(score.psnr_db for score in own) / len(own),
                correlation=sum(known) / len(known) if known else None,
                lights=len(own),
            )
        )
    return rows


def format_table(rows: Sequence[RecipeScore]) -> str:
    """The summary as a Markdown table; shares in percent."""
    return markdown_table(
        ["method", "covered", *GROUPS, "PSNR dB", "correlation", "lights"],
        [
            [
                row.method,
                f"{row.covered:.1%}",
                *(f"{row.covered_by_group[group]:.1%}" for group in GROUPS),
                f"{row.psnr_db:.2f}",
                "" if row.correlation is None else f"{row.correlation:.3f}",
                str(row.lights),
            ]
            for row in rows
        ],
    )


def _scores(
    case: RenderedCase, method: str, log_gains: Float[Tensor, "12 1 size size"]
) -> Iterator[LightScore]:
    count = len(log_gains)
    source = case.view.source.expand(count, -1, -1, -1)
    mask = case.view.mask.expand(count, -1, -1, -1)
    true = LayerStack.from_log_gain(case.oracle).over(source)
    composite = LayerStack.from_log_gain(log_gains).over(source)
    errors = absolute_error(composite, true, mask).tolist()
    decibels = psnr(composite, true, mask).tolist()
    alike = correlation(log_gains, case.oracle, source, mask).tolist()
    for index, name in enumerate(NAMED_DIRECTIONS):
        yield LightScore(
            title=case.title,
            direction_name=name,
            method=method,
            error=errors[index],
            psnr_db=decibels[index],
            correlation=None if alike[index] != alike[index] else alike[index],
        )


def _covered(scores: Sequence[LightScore], method: str, groups: Sequence[str]) -> float:
    def mean_error(name: str) -> Tensor:
        errors = [
            score.error
            for score in scores
            if score.method == name and group_of(score.direction_name) in groups
        ]
        return torch.tensor(errors, dtype=torch.float64).mean()

    identity = mean_error(IDENTITY)
    return covered_share(mean_error(method), identity, torch.zeros_like(identity)).item()

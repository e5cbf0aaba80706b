"""Quality against evaluations of the prior: the paper's recipe and ours, where the truth is known.

``python benchmarks/evaluations.py [--views 3] [--light NAME ...] [--prior FOLDER]``

Renders procedural objects that training never saw, and solves the same lights over the same prior
by each method. Covered is the share of the distance from no edit to the oracle gain, as in
``lasagna evaluate rendered``. Methods marked "no start" begin at no edit, as `faithful` does; the
others at the instant predictor's answer.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from provenance import provenance, provenance_lines

from lasagna_relight.distillation.target import target
from lasagna_relight.evaluation.metrics import absolute_error
from lasagna_relight.evaluation.rendered import RenderedCase, rendered_cases
from lasagna_relight.evaluation.table import markdown_table
from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relighting.recipes import RECIPES, Recipe
from lasagna_relight.relit.organic import render_organic_shards

FIRST_SEED = 20_000_000
"""Views from here on are in no training set and in no other benchmark."""

LOOKED_AT = (1, 10, 32, 50, 100, 200, 320, 500)
"""Evaluations after which an edit is measured, or the first step beyond."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """One method after some evaluations.

    Attributes:
        error: mean absolute difference to the oracle's composite, averaged over views and lights.
        covered: 1 - error / error of no edit.
        seconds: of one solve up to here, processor time.
    """

    method: str
    evaluations: int
    error: float
    covered: float
    seconds: float


def methods() -> dict[str, Recipe]:
    """The recipes, and what isolates their differences."""
    faithful, ours = RECIPES["faithful"], RECIPES["target"]
    cold = replace(ours, from_preview=False)
    return {
        "instant": RECIPES["instant"],
        "faithful": faithful,
        "faithful, unguided": replace(faithful, guidance_scale=1.0),
        "target": ours,
        "target, no start": cold,
        "target, no start, whole steps": replace(cold, learning_rate=1.0),
        "target, no start, 3 whole steps of 16": replace(
            cold, steps=3, learning_rate=1.0, objective=partial(target, samples=16)
        ),
        "target, no start, 6 whole steps": replace(cold, steps=6, learning_rate=1.0),
        "sds": RECIPES["sds"],
        "sds, no start": replace(RECIPES["sds"], from_preview=False),
        "dds": RECIPES["dds"],
        "dds, no start": replace(RECIPES["dds"], from_preview=False),
    }


def solve(
    relighter: Relighter, case: RenderedCase, light: str
) -> Iterator[tuple[int, float, float]]:
    """Evaluations, error and seconds at the points that are looked at."""
    oracle = case.oracle[DIRECTION_NAMES.index(light)][None]
    truth = (case.view.source * oracle.exp()).clamp(0, 1)
    wanted = list(LOOKED_AT)
    start = time.process_time()
    for step in relighter.solve(case.view, NAMED_DIRECTIONS[light]):
        is_last = step.index == step.total
        if is_last or (wanted and step.evaluations >= wanted[0]):
            while wanted and step.evaluations >= wanted[0]:
                wanted.pop(0)
            composite = (case.view.source * step.log_gain.exp()).clamp(0, 1)
            error = absolute_error(composite[0], truth[0], case.view.mask[0]).item()
            yield step.evaluations, error, time.process_time() - start


def measure(
    cases: Sequence[RenderedCase], lights: Sequence[str], chosen: Sequence[str], prior: Any
) -> Iterator[Point]:
    """Every method, averaged over views and lights."""
    nothing = []
    for case in cases:
        for light in lights:
            oracle = case.oracle[DIRECTION_NAMES.index(light)][None]
            truth = (case.view.source * oracle.exp()).clamp(0, 1)
            before = absolute_error(case.view.source[0], truth[0], case.view.mask[0])
            nothing.append(before.item())
    no_edit = sum(nothing) / len(nothing)
    yield Point(method="no edit", evaluations=0, error=no_edit, covered=0.0, seconds=0.0)
    loaded = Relighter.load(prior=prior, recipe="target")
    for name in chosen:
        recipe = methods()[name]
        networks = None if recipe.objective is None else loaded.networks
        relighter = replace(loaded, recipe=recipe, networks=networks)
        found: dict[int, list[tuple[float, float]]] = {}
        for case in cases:
            for light in lights:
                for evaluations, error, seconds in solve(relighter, case, light):
                    found.setdefault(evaluations, []).append((error, seconds))
        for evaluations, rows in found.items():
            error = sum(error for error, _ in rows) / len(rows)
            yield Point(
                method=name,
                evaluations=evaluations,
                error=error,
                covered=1 - error / no_edit,
                seconds=sum(seconds for _, seconds in rows) / len(rows),
            )


def table(points: Sequence[Point]) -> str:
    """One line for each point."""
    return markdown_table(
        ["method", "evaluations", "covered", "mean absolute error", "processor s"],
        [
            [p.method, str(p.evaluations), f"{p.covered:.1%}", f"{p.error:.4f}", f"{p.seconds:.2f}"]
            for p in points
        ],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--views", type=int, default=3)
    parser.add_argument("--light", nargs="+", default=["left", "top right", "bottom"])
    parser.add_argument("--method", nargs="+", default=list(methods()), choices=methods())
    parser.add_argument("--prior", default="embedded")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        for _ in render_organic_shards(Path(folder), views=arguments.views, first_seed=FIRST_SEED):
            pass
        cases = rendered_cases(Path(folder), views=arguments.views)
    points = []
    for point in measure(cases, arguments.light, arguments.method, arguments.prior):
        print(point, file=sys.stderr)
        points.append(point)
    if arguments.json:
        print(json.dumps({**provenance(), "points": [asdict(point) for point in points]}))
    else:
        print(f"{provenance_lines()}\n\n{table(points)}")


if __name__ == "__main__":
    main()

"""Quality against evaluations of the prior: the paper's recipe and ours, where the truth is known.

``python benchmarks/evaluations.py [--views 3] [--light NAME ...] [--prior FOLDER] [--results F]``

Renders procedural objects that training never saw, and solves the same lights over the same prior
by each method. Covered is the share of the distance from no edit to the oracle gain, as in
``lasagna evaluate rendered``. Methods marked "no start" begin at no edit, as `faithful` does; the
others at the instant predictor's answer. An evaluation is the guided noise of one latent at one
(t, eps), the same for every method.

``--half-weights`` keeps the prior's weights in float16, as large priors do on a CPU.

With ``--results`` every finished solve is kept in that file and not made again, so the benchmark
may be run in pieces; name another file after the prior has changed.
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
from lasagna_relight.priors.half_weights import rest_in_half
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relighting.recipes import LARGE_RECIPES, RECIPES, Recipe
from lasagna_relight.relit.organic import render_organic_shards

FIRST_SEED = 20_000_000
"""Views from here on are in no training set and in no other benchmark."""

LOOKED_AT = (1, 10, 32, 50, 100, 200, 320, 500)
"""Evaluations after which an edit is measured, or the first step beyond."""


@dataclass(frozen=True, kw_only=True)
class Solved:
    """One view under one light, by one method, after some evaluations.

    Attributes:
        error: mean absolute difference to the oracle's composite, inside the mask.
        before: that of no edit.
        seconds: processor time of the solve up to here.
    """

    method: str
    view: int
    light: str
    evaluations: int
    error: float
    before: float
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Point:
    """One method after some evaluations, averaged over views and lights.

    Attributes:
        covered: 1 - error / error of no edit.
        solves: how many.
    """

    method: str
    evaluations: int
    error: float
    covered: float
    seconds: float
    solves: int


def methods() -> dict[str, Recipe]:
    """The recipes, and what isolates their differences."""
    faithful, ours = RECIPES["faithful"], RECIPES["target"]
    cold = replace(ours, from_preview=False, learning_rate=1.0)
    large = replace(LARGE_RECIPES["target"], guidance_scale=1.0)

    def rounds(count: int, samples: int) -> Recipe:
        return replace(large, steps=count, objective=partial(target, samples=samples))

    return {
        "instant": RECIPES["instant"],
        "faithful": faithful,
        "faithful, unguided": replace(faithful, guidance_scale=1.0),
        "target": ours,
        "target, no start": replace(cold, learning_rate=ours.learning_rate),
        "target, no start, whole steps": cold,
        "target, large, 6 x 8": rounds(6, 8),
        "target, large, 3 x 16": rounds(3, 16),
        "target, large, 2 x 24": rounds(2, 24),
        "target, large, 1 x 48": rounds(1, 48),
        "target, large, guided 3": replace(large, guidance_scale=3.0),
        "target, large, guided 7.5": replace(large, guidance_scale=7.5),
        "sds": RECIPES["sds"],
        "sds, no start": replace(RECIPES["sds"], from_preview=False),
        "dds": RECIPES["dds"],
        "dds, no start": replace(RECIPES["dds"], from_preview=False),
    }


def solve(
    relighter: Relighter, case: RenderedCase, method: str, view: int, light: str
) -> Iterator[Solved]:
    """The points that are looked at."""
    source, mask = case.view.source[0], case.view.mask[0]
    oracle = case.oracle[DIRECTION_NAMES.index(light)]
    truth = (source * oracle.exp()).clamp(0, 1)
    before = absolute_error(source, truth, mask).item()
    wanted = list(LOOKED_AT)
    start = time.process_time()
    for step in relighter.solve(case.view, NAMED_DIRECTIONS[light]):
        is_last = step.index == step.total
        if is_last or (wanted and step.evaluations >= wanted[0]):
            while wanted and step.evaluations >= wanted[0]:
                wanted.pop(0)
            composite = (source * step.log_gain[0].exp()).clamp(0, 1)
            yield Solved(
                method=method,
                view=view,
                light=light,
                evaluations=step.evaluations,
                error=absolute_error(composite, truth, mask).item(),
                before=before,
                seconds=time.process_time() - start,
            )


def measure(
    cases: Sequence[RenderedCase],
    lights: Sequence[str],
    chosen: Sequence[str],
    prior: Any,
    known: Sequence[Solved],
    *,
    half_weights: bool = False,
) -> Iterator[list[Solved]]:
    """One list for each solve that is not among the known ones."""
    loaded = Relighter.load(prior=prior, recipe="target")
    if half_weights:
        for network in (loaded.networks.unet, loaded.networks.controlnet):
            rest_in_half(network, torch.float32)
    done = {(row.method, row.view, row.light) for row in known}
    for name in chosen:
        recipe = methods()[name]
        networks = None if recipe.objective is None else loaded.networks
        relighter = replace(loaded, recipe=recipe, networks=networks)
        name = f"{name}, half weights" if half_weights else name
        for index, case in enumerate(cases):
            for light in lights:
                if (name, index, light) not in done:
                    yield list(solve(relighter, case, name, index, light))


def averaged(rows: Sequence[Solved]) -> list[Point]:
    """Every method after every number of evaluations."""
    groups: dict[tuple[str, int], list[Solved]] = {}
    for row in rows:
        groups.setdefault((row.method, row.evaluations), []).append(row)
    points = []
    for (method, evaluations), group in groups.items():
        error, before, seconds = (
            sum(getattr(row, name) for row in group) / len(group)
            for name in ("error", "before", "seconds")
        )
        points.append(
            Point(
                method=method,
                evaluations=evaluations,
                error=error,
                covered=1 - error / before,
                seconds=seconds,
                solves=len(group),
            )
        )
    return points


def table(points: Sequence[Point]) -> str:
    """One line for each point."""
    return markdown_table(
        ["method", "evaluations", "covered", "mean absolute error", "processor s", "solves"],
        [
            [
                p.method, str(p.evaluations), f"{p.covered:.1%}", f"{p.error:.4f}",
                f"{p.seconds:.2f}", str(p.solves),
            ]
            for p in points
        ],
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--views", type=int, default=3)
    parser.add_argument("--light", nargs="+", default=["left", "bottom"])
    parser.add_argument("--method", nargs="+", default=list(methods()), choices=methods())
    parser.add_argument("--prior", default="embedded")
    parser.add_argument("--half-weights", action="store_true", help="rest in float16")
    parser.add_argument("--results", type=Path, help="JSON of finished solves, to add to")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        for _ in render_organic_shards(Path(folder), views=arguments.views, first_seed=FIRST_SEED):
            pass
        cases = rendered_cases(Path(folder), views=arguments.views)
    rows: list[Solved] = []
    if arguments.results and arguments.results.exists():
        kept = json.loads(arguments.results.read_text())["solves"]
        rows = [Solved(**row) for row in kept]
    solves = measure(
        cases,
        arguments.light,
        arguments.method,
        arguments.prior,
        list(rows),
        half_weights=arguments.half_weights,
    )
    for found in solves:
        rows += found
        print(found[-1], file=sys.stderr)
        if arguments.results:
            kept = {**provenance(), "solves": [asdict(row) for row in rows]}
            arguments.results.write_text(json.dumps(kept) + "\n")
    print(f"{provenance_lines()}\n\n{table(averaged(rows))}")


if __name__ == "__main__":
    main()

"""Quality against evaluations of the prior: the paper's recipe and ours, where the truth is known.

``python benchmarks/evaluations.py [--views 3] [--light NAME ...] [--prior FOLDER] [--results F]``

Renders procedural objects that training never saw, at the resolution of the prior's predictor, and
solves the same lights over the same prior by each method. Covered is the share of the distance from
no edit to the oracle gain, as in ``lasagna evaluate rendered``. Methods marked "no start" begin at
no edit, as `faithful` and the large recipes do; the others at the instant predictor's answer. An
evaluation is the guided noise of one latent at one (t, eps), the same for every method.

``--dtype bf16`` lets UNet and ControlNet compute in bfloat16, as large priors do where that is
fast; ``--half-weights`` keeps their weights in float16, as large priors do on other CPUs.

Intervals are of 95 %, by drawing views with replacement. The last column is the covered share less
that of `faithful` after its last step, over the same views and lights.

With ``--results`` every finished solve is kept in that file and not made again, so the benchmark
may be run in pieces; name another file after the prior has changed. ``--show`` solves nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from provenance import provenance
from torch import Tensor

from lasagna_relight.distillation.target import target
from lasagna_relight.evaluation.metrics import absolute_error
from lasagna_relight.evaluation.rendered import RenderedCase, rendered_cases
from lasagna_relight.evaluation.statistics import Estimate, bootstrap_ratio
from lasagna_relight.evaluation.table import markdown_table
from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS
from lasagna_relight.priors.embedded import Condition, EmbeddedNetworks
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
        lead: ``covered`` less that of `faithful` after its last step; None where nothing is shared.
        views: how many.
        solves: how many.
    """

    method: str
    evaluations: int
    error: float
    covered: Estimate
    lead: Estimate | None
    seconds: float
    views: int
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
    loaded: Relighter,
    known: Sequence[Solved],
    *,
    half_weights: bool = False,
    bf16: bool = False,
) -> Iterator[list[Solved]]:
    """One list for each solve that is not among the known ones."""
    if half_weights:
        for network in (loaded.networks.unet, loaded.networks.controlnet):
            rest_in_half(network, torch.float32)
    if bf16:
        compute_in_bf16(loaded.networks)
    done = {(row.method, row.view, row.light) for row in known}
    for name in chosen:
        recipe = methods()[name]
        networks = None if recipe.objective is None else loaded.networks
        relighter = replace(loaded, recipe=recipe, networks=networks)
        name = f"{name}, half weights" if half_weights else name
        name = f"{name}, bf16" if bf16 else name
        for index, case in enumerate(cases):
            for light in lights:
                if (name, index, light) not in done:
                    yield list(solve(relighter, case, name, index, light))


def compute_in_bf16(networks: EmbeddedNetworks) -> None:
    """Lets both networks compute in bfloat16, latents and conditions rounded to it too."""
    exact = networks.forward
    networks.to(torch.bfloat16)

    def rounded(xt: Tensor, t: Tensor, given: Condition) -> Tensor:
        narrow = {each.name: getattr(given, each.name).bfloat16() for each in fields(given)}
        return exact(xt.bfloat16(), t, Condition(**narrow)).float()

    networks.forward = rounded


def averaged(rows: Sequence[Solved]) -> list[Point]:
    """Every method after every number of evaluations."""
    groups: dict[tuple[str, int], list[Solved]] = {}
    for row in rows:
        groups.setdefault((row.method, row.evaluations), []).append(row)
    last = max((count for name, count in groups if name == "faithful"), default=0)
    theirs = {(row.view, row.light): row for row in groups.get(("faithful", last), [])}
    points = []
    for (method, evaluations), group in groups.items():
        error, before, seconds = (
            sum(getattr(row, name) for row in group) / len(group)
            for name in ("error", "before", "seconds")
        )
        assert before > 0
        shared = [
            (row, theirs[place]) for row in group if (place := (row.view, row.light)) in theirs
        ]
        points.append(
            Point(
                method=method,
                evaluations=evaluations,
                error=error,
                covered=bootstrap_ratio(
                    [row.before - row.error for row in group],
                    [row.before for row in group],
                    [str(row.view) for row in group],
                ),
                lead=bootstrap_ratio(
                    [their.error - row.error for row, their in shared],
                    [row.before for row, _ in shared],
                    [str(row.view) for row, _ in shared],
                )
                if shared
                else None,
                seconds=seconds,
                views=len({row.view for row in group}),
                solves=len(group),
            )
        )
    return points


def shown(estimate: Estimate | None) -> str:
    """Per cent, with the interval."""
    if estimate is None:
        return ""
    if estimate.low is None or estimate.high is None:
        return f"{estimate.mean:.1%}"
    return f"{estimate.mean:.1%} ({100 * estimate.low:.1f} to {100 * estimate.high:.1f})"


def table(points: Sequence[Point]) -> str:
    """One line for each point."""
    return markdown_table(
        [
            "method", "evaluations", "covered", "mean absolute error", "processor s", "views",
            "solves", "more than `faithful`",
        ],
        [
            [
                p.method, str(p.evaluations), shown(p.covered), f"{p.error:.4f}",
                f"{p.seconds:.2f}", str(p.views), str(p.solves), shown(p.lead),
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
    parser.add_argument("--dtype", default="fp32", choices=("fp32", "bf16"))
    parser.add_argument("--results", type=Path, help="JSON of finished solves, to add to")
    parser.add_argument("--show", action="store_true", help="only the table of --results")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    found: dict[str, Any] = {"solves": []}
    if arguments.results and arguments.results.exists():
        found = json.loads(arguments.results.read_text())
    rows = [Solved(**row) for row in found.pop("solves")]
    if not arguments.show:
        found = solve_what_lacks(rows, arguments)
    origin = "\n".join(f"- {name}: `{value}`" for name, value in found.items())
    print(f"{origin}\n\n{table(averaged(rows))}")


def solve_what_lacks(rows: list[Solved], arguments: argparse.Namespace) -> dict[str, str]:
    """Adds the solves that ``rows`` lack to them, and to the file; returns their provenance."""
    loaded = Relighter.load(prior=arguments.prior, recipe="target")
    side = loaded.predictor.resolution
    with tempfile.TemporaryDirectory() as folder:
        rendering = render_organic_shards(
            Path(folder), views=arguments.views, resolution=side, first_seed=FIRST_SEED
        )
        for _ in rendering:
            pass
        cases = rendered_cases(Path(folder), views=arguments.views)
    solves = measure(
        cases,
        arguments.light,
        arguments.method,
        loaded,
        list(rows),
        half_weights=arguments.half_weights,
        bf16=arguments.dtype == "bf16",
    )
    for found in solves:
        rows += found
        print(found[-1], file=sys.stderr)
        if arguments.results:
            kept = {**provenance(), "solves": [asdict(row) for row in rows]}
            arguments.results.write_text(json.dumps(kept) + "\n")
    return provenance()


if __name__ == "__main__":
    main()

"""Kinds of priors and predictors at equal compute: one table.

``python benchmarks/training_table.py --organic SHARDS --meshes SHARDS --validation SHARDS -o RUNS
[--minutes 6] [--precision bf16]``

``--organic`` and ``--meshes`` are shards of `lasagna relit organic` and `lasagna relit pack`; half
of the examples come from each where a cell's name does not say otherwise. Every cell trains for the
same processor time on the same data and is scored on the same held-out pictures. Finished cells are
kept in RUNS and not trained again; a killed cell resumes. ``--cells`` chooses some by name,
``--list`` names them all. With ``--photometric DIR`` predictors are measured on photographs under
known lights too.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from provenance import provenance, provenance_lines
from torch import nn

from lasagna_relight.evaluation import photometric
from lasagna_relight.evaluation.cases import read_cases
from lasagna_relight.evaluation.table import markdown_table
from lasagna_relight.evaluation.validation import held_out, validator
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relit.dataset import ShardFolder
from lasagna_relight.training.config import TrainingConfig
from lasagna_relight.training.data import TrainingData
from lasagna_relight.training.loop import train
from lasagna_relight.training.processes import make_accelerator
from lasagna_relight.training.recipes import training_named
from lasagna_relight.training.task import Validation

RESULT = "result.json"
PROBE_STEPS = 8
VALIDATION_VIEWS = 96


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One row: a recipe and what is set in it."""

    name: str
    recipe: str
    options: dict[str, str] = field(default_factory=dict)
    folders: tuple[str, ...] = ("organic", "meshes")
    views: int | None = None
    endless: bool = False


SMALL = {"channels": "64,128"}
PREDICTORS = (
    Cell(name="predictor", recipe="instant", options=SMALL),
    Cell(name="predictor, harmonics", recipe="instant", options={**SMALL, "head": "harmonics"}),
    Cell(name="predictor, decoder", recipe="instant", options={**SMALL, "head": "decoder"}),
    Cell(name="predictor, wide", recipe="instant", options={"channels": "96,160"}),
    Cell(name="predictor, narrow", recipe="instant", options={"channels": "32,64"}),
    Cell(name="predictor, patch 8", recipe="instant",
         options={"channels": "160,256", "patch": "8"}),
    Cell(name="predictor, patch 2", recipe="instant",
         options={"channels": "32,64,128", "patch": "2"}),
    Cell(name="predictor, DiT", recipe="instant",
         options={"network": "dit", "channels": "128", "layers": "6"}),
    Cell(name="predictor, 32 px", recipe="instant",
         options={"channels": "96,160", "patch": "2", "resolution": "32"}),
    Cell(name="predictor, 64 px", recipe="instant", options={**SMALL, "resolution": "64"}),
    Cell(name="predictor, 128 px, patch 8", recipe="instant",
         options={"channels": "96,160", "resolution": "128", "patch": "8"}),
    Cell(name="predictor, meshes alone", recipe="instant", options=SMALL, folders=("meshes",)),
    Cell(name="predictor, organic alone", recipe="instant", options=SMALL, folders=("organic",)),
    Cell(name="predictor, 60 + 60 objects", recipe="instant", options=SMALL, views=60),
    Cell(name="predictor, 250 + 250 objects", recipe="instant", options=SMALL, views=250),
    Cell(name="predictor, endless organic and meshes", recipe="instant", options=SMALL,
         folders=("meshes",), endless=True),
)  # fmt: skip
PRIORS = (
    Cell(name="prior, one log gain", recipe="denoiser", options=SMALL),
    Cell(name="prior, relit picture", recipe="denoiser", options={**SMALL, "edit": "picture"}),
    Cell(name="prior, twelve log gains", recipe="denoiser", options={**SMALL, "edit": "twelve"}),
    Cell(name="prior, twelve, x0", recipe="denoiser",
         options={**SMALL, "edit": "twelve", "prediction": "sample"}),
    Cell(name="prior, twelve, noise", recipe="denoiser",
         options={**SMALL, "edit": "twelve", "prediction": "epsilon"}),
    Cell(name="prior, twelve, min-SNR 5", recipe="denoiser",
         options={**SMALL, "edit": "twelve", "min_snr_gamma": "5"}),
    Cell(name="prior, twelve, DiT", recipe="denoiser",
         options={"edit": "twelve", "network": "dit", "channels": "128", "layers": "6"}),
    Cell(name="prior, twelve, patch 8", recipe="denoiser",
         options={"edit": "twelve", "channels": "160,256", "patch": "8"}),
)  # fmt: skip
CELLS = {cell.name: cell for cell in (*PREDICTORS, *PRIORS)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--organic", type=Path, help="a folder of shards of procedural objects")
    parser.add_argument("--meshes", type=Path, help="a folder of shards of rendered meshes")
    parser.add_argument("--validation", type=Path, help="a folder of shards held out")
    parser.add_argument("--photometric", type=Path, help="photographs under known lights")
    parser.add_argument("-o", "--output", type=Path, default=Path("runs/table"))
    parser.add_argument("--minutes", type=float, default=6, help="of the processor, a cell")
    parser.add_argument("--cells", nargs="+", default=list(CELLS), help="some by name")
    parser.add_argument("--precision", choices=["no", "bf16"], default="no")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--list", action="store_true", help="name the cells")
    parser.add_argument("--no-training", action="store_true", help="the table of what is there")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(CELLS))
        return
    if not arguments.no_training:
        for name in arguments.cells:
            run = arguments.output / name.replace(", ", "-").replace(" ", "_")
            if not (run / RESULT).is_file():
                result = train_cell(CELLS[name], run, arguments)
                (run / RESULT).write_text(json.dumps(result) + "\n")
                print(json.dumps(result), flush=True)
    print(provenance_lines(), flush=True)
    print()
    print(table(arguments.output))


def train_cell(cell: Cell, run: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Trains one cell for its share of processor time, and scores it."""
    run.mkdir(parents=True, exist_ok=True)
    recipe = training_named(cell.recipe).with_options(cell.options)
    folders = [getattr(arguments, name) for name in cell.folders]
    data = TrainingData(
        folders=folders, weights=[1.0] * len(folders), organic=0.5 if cell.endless else 0.0,
        views=cell.views, device=arguments.device,
    )  # fmt: skip
    base = replace(
        recipe.config, workers=0, warmup_steps=60, ema_decay=0.99, log_every=20,
        checkpoint_every=100, validate_every=0, seed=arguments.seed, steps=PROBE_STEPS,
        precision=arguments.precision,
    )  # fmt: skip
    seconds = 60 * arguments.minutes
    plan = run / "plan.json"
    if not plan.is_file():
        probe = run / "probe"
        spent = _spend(recipe, data, replace(base, log_every=1), probe, arguments.device)
        a_step = sorted(spent)[len(spent) // 2]
        plan.write_text(json.dumps({"steps": max(20, int(seconds / a_step))}) + "\n")
    config = replace(base, steps=json.loads(plan.read_text())["steps"])
    task = recipe.task(data, config)
    source = ShardFolder(arguments.validation, size=recipe.options.resolution)
    batches = held_out(source, views=VALIDATION_VIEWS, batch_size=24, seed=1)
    validate = validator(batches, task.estimate)
    accelerator = make_accelerator(config, run, arguments.device)
    validating = 0.0

    def timed(model: nn.Module) -> Validation:
        nonlocal validating
        began = time.process_time()
        found = validate(model)
        validating += time.process_time() - began
        return found

    started = time.process_time()
    reports = list(train(task, config, run, accelerator, timed))
    used = time.process_time() - started - validating
    assert reports, f"{run}: trained to its end, and its result is lost: remove it"
    report = reports[-1]
    assert report.validation is not None
    result = {
        "cell": cell.name, "recipe": cell.recipe, "options": cell.options, "views": cell.views,
        "folders": cell.folders, "endless": cell.endless, "steps": config.steps,
        "examples": config.steps * recipe.options.batch_size, "processor_minutes": used / 60,
        "parameters": sum(p.numel() for p in task.model.parameters()),
        "score": report.validation.score, **report.validation.figures,
        "last_losses": report.losses, "where": provenance(),
    }  # fmt: skip
    if arguments.photometric and recipe.solves_with == "instant":
        relighter = Relighter.load(prior=run, recipe="instant")
        pairs = list(photometric.score_pairs(read_cases(arguments.photometric), [relighter]))
        rows = {(row.method, row.control): row for row in photometric.summarize(pairs)}
        floor = rows["copy-source", "none"].psnr_db
        for control in ("words", "angles"):
            row = rows["instant", control]
            result[f"photographs_{control}_db"] = row.psnr_db - floor
            result[f"photographs_{control}_correlation"] = row.correlation
    return result


def _spend(
    recipe: Any, data: TrainingData, config: TrainingConfig, run: Path, device: str
) -> list[float]:
    """Processor seconds of each step of a short run of its own."""
    task = recipe.task(data, config)
    spent, started = [], time.process_time()
    for _ in train(task, config, run, make_accelerator(config, run, device)):
        spent.append(time.process_time() - started)
        started = time.process_time()
    return spent[1:]


def table(output: Path) -> str:
    """The finished cells as Markdown, the best of each kind first."""
    found = [json.loads(path.read_text()) for path in sorted(output.glob(f"*/{RESULT}"))]
    found.sort(key=lambda row: (row["recipe"], -row["score"]))
    with_photographs = any("photographs_angles_db" in row for row in found)
    header = ["cell", "weights", "examples", "CPU min", "covered", "front", "sides", "rim",
              "correlation"]  # fmt: skip
    if with_photographs:
        header += ["photographs, angles", "words"]
    rows = []
    for row in found:
        cells = [
            row["cell"], f"{row['parameters'] / 1e6:.1f} M", str(row["examples"]),
            f"{row['processor_minutes']:.1f}", f"{row['score']:.1%}",
            *(f"{row[f'covered_{name}']:.1%}" for name in ("front", "sides", "rim")),
            f"{row['correlation']:.3f}",
        ]  # fmt: skip
        if with_photographs:
            cells += [
                f"{row[f'photographs_{control}_db']:+.2f} dB, "
                f"{row[f'photographs_{control}_correlation']:.3f}"
                if f"photographs_{control}_db" in row
                else ""
                for control in ("angles", "words")
            ]
        rows.append(cells)
    return markdown_table(header, rows)


if __name__ == "__main__":
    main()

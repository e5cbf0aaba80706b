"""Speed of the training loop, against the loop of diffusers' published ControlNet training.

``python benchmarks/training_speed.py [--steps 20] [--data SHARDS] [--device cpu]``

Both train the same networks on the same batches in memory at the same precision; the loops take
turns in one run, and on a processor its own seconds are counted. diffusers' is the loop of
``examples/controlnet/train_controlnet.py`` (accumulate, backward, clip, AdamW, scheduler step,
``loss.detach().item()`` and a progress bar's log each step), written out below without its data
pipeline and without EMA, which it has not. Then: the share of our time outside forward and
backward, and how many examples the loader alone prepares for each that is trained on.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from diffusers.optimization import get_scheduler
from provenance import provenance_lines

from lasagna_relight.evaluation.table import markdown_table
from lasagna_relight.training.config import TrainingConfig
from lasagna_relight.training.data import TrainingData
from lasagna_relight.training.loop import train
from lasagna_relight.training.processes import make_accelerator
from lasagna_relight.training.recipes import training_named
from lasagna_relight.training.task import Task, part_generator


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=20, help="of each turn of each loop")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--recipe", default="embedded_cpu")
    parser.add_argument("--data", type=Path, help="shards; procedural objects if absent")
    parser.add_argument("--batch-size", type=int, default=24)
    parser.add_argument("--precision", default="no")
    parser.add_argument("--device", default="cpu")
    arguments = parser.parse_args()
    recipe = training_named(arguments.recipe).with_options(
        {"batch_size": str(arguments.batch_size)}
    )
    config = TrainingConfig(
        steps=arguments.steps, learning_rate=1e-4, warmup_steps=2, log_every=arguments.steps,
        checkpoint_every=10**9, precision=arguments.precision,
    )  # fmt: skip
    folders = [arguments.data] if arguments.data else []
    data = TrainingData(
        folders=folders, weights=[1.0] * len(folders), organic=0.0 if folders else 1.0,
        views=512, device=arguments.device,
    )  # fmt: skip
    task = recipe.task(data, config)
    held = [task.batches(step, 0) for step in range(4)]
    in_memory = Task(**{**vars(task), "batches": lambda step, part: held[step % len(held)]})
    start = {name: value.clone() for name, value in task.model.state_dict().items()}
    rows: dict[str, list[float]] = {"theirs": [], "ours": [], "forward and backward": []}
    for turn in range(arguments.turns + 1):
        for name, loop in (("theirs", theirs), ("ours", ours)):
            task.model.load_state_dict(start)
            seconds, inside = loop(in_memory, config, arguments.device)
            if turn == 0:
                continue  # everything is slow once
            rows[name].append(seconds)
            if name == "ours":
                rows["forward and backward"].append(inside)
    print(provenance_lines())
    ratio = [a / b for a, b in zip(rows["theirs"], rows["ours"], strict=True)]
    outside = [1 - a / b for a, b in zip(rows["forward and backward"], rows["ours"], strict=True)]
    loading, training = loader_rates(
        task, config, statistics.median(rows["ours"]), arguments.device
    )
    size = arguments.batch_size
    weights = sum(parameter.numel() for parameter in task.model.parameters())
    print(f"\n{arguments.recipe}, batches of {size}, {weights:,} weights\n")
    print(
        markdown_table(
            ["figure", "median", "of each turn"],
            [
                ["diffusers' loop, examples/s",
                 *_figures([size * config.steps / s for s in rows["theirs"]])],
                ["our loop, examples/s",
                 *_figures([size * config.steps / s for s in rows["ours"]])],
                ["our rate over theirs", *_figures(ratio)],
                ["our time outside forward and backward", *_figures(outside)],
                ["loader alone, examples/s", f"{loading:.2f}", ""],
                ["loader over training", f"{loading / training:.2f}", ""],
            ],
        )
    )  # fmt: skip


def ours(task: Task[Any], config: TrainingConfig, device: str) -> tuple[float, float]:
    """Seconds of a run of the loop, and those within forward and backward."""
    inside, marks = 0.0, dict[str, float]()

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            nonlocal inside
            began = _now(device)
            result = function(*arguments)
            inside += _now(device) - began
            return result

        return run

    with tempfile.TemporaryDirectory() as folder:
        accelerator = make_accelerator(config, Path(folder), device)
        accelerator.backward = timed(accelerator.backward)

        def batches(step: int, part: int) -> Any:
            marks.setdefault("began", _now(device))
            return task.batches(step, part)

        def save(_model: Any, _run: Path) -> None:  # after the last step, before its checkpoint
            marks["ended"] = _now(device)

        changes = {"loss": timed(task.loss), "batches": batches, "save": save}
        list(train(Task(**{**vars(task), **changes}), config, Path(folder), accelerator))
    return marks["ended"] - marks["began"], inside


def theirs(task: Task[Any], config: TrainingConfig, device: str) -> tuple[float, float]:
    """Seconds of the published loop over the same batches and losses."""
    with tempfile.TemporaryDirectory() as folder:
        accelerator = make_accelerator(config, Path(folder), device)
    optimizer = torch.optim.AdamW(task.model.parameters(), lr=config.learning_rate)
    scheduler = get_scheduler("constant", optimizer=optimizer)
    model, optimizer, scheduler = accelerator.prepare(
        task.model.to(accelerator.device).train(), optimizer, scheduler
    )
    began = _now(device)
    for step, batch in enumerate(_batches(task, config)):
        with accelerator.accumulate(model):
            batch = batch.to(accelerator.device)
            draws = part_generator(config.seed, "loss", step, 0, accelerator.device)
            with accelerator.autocast():
                loss = task.loss(model, batch, draws)
            accelerator.backward(loss)
            if accelerator.sync_gradients:
                accelerator.clip_grad_norm_(model.parameters(), config.gradient_norm)
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad(set_to_none=True)
        logs = {"loss": loss.detach().item(), "lr": scheduler.get_last_lr()[0]}
        accelerator.log(logs, step=step)
    return _now(device) - began, 0.0


def loader_rates(
    task: Task[Any], config: TrainingConfig, seconds: float, device: str
) -> tuple[float, float]:
    """Examples a second: prepared by the loader in this process, and trained on."""
    size = len(task.batches(0, 0).titles)
    began = _now(device)
    count = max(4, config.steps)
    for step in range(count):
        task.batches(step, 0)
    return size * count / (_now(device) - began), size * config.steps / seconds


def _batches(task: Task[Any], config: TrainingConfig) -> Iterator[Any]:
    return (task.batches(step, 0) for step in range(config.steps))


def _figures(values: list[float]) -> list[str]:
    return [f"{statistics.median(values):.3f}", ", ".join(f"{value:.3f}" for value in values)]


def _now(device: str) -> float:
    """Seconds: of this process on a processor, of a clock on a GPU."""
    if device == "cpu":
        return time.process_time()
    if device.startswith("cuda"):
        torch.cuda.synchronize()
    return time.perf_counter()


if __name__ == "__main__":
    main()

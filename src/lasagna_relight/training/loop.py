"""The training loop: one visible loop, resumable, on one process or several; it never prints."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from lasagna_relight.errors import DivergenceError
from lasagna_relight.training.averaging import averaged_copy, update_average
from lasagna_relight.training.checkpoint import TrainingState, truncate_log
from lasagna_relight.training.config import TrainingConfig
from lasagna_relight.training.loader import prepared_batches
from lasagna_relight.training.processes import start_tracker
from lasagna_relight.training.reports import TrainingReport, write_report
from lasagna_relight.training.task import Task, Validate, part_generator

if TYPE_CHECKING:
    from accelerate import Accelerator


def train(
    task: Task[Any],
    config: TrainingConfig,
    run: Path,
    accelerator: Accelerator,
    validate: Validate | None = None,
) -> Iterator[TrainingReport]:
    """Trains ``task.model`` and reports now and then; the trained model is in ``run`` at the end.

    What is saved are the averaged weights: of the best validation where there is one, else of the
    last step. A checkpoint in ``run`` is resumed, and goes on as if it had never stopped.

    Raises:
        DivergenceError: the loss is not finite.
        RecipeError: a checkpoint of another model, or parts that the processes cannot share.
    """
    run.mkdir(parents=True, exist_ok=True)
    device, main = accelerator.device, accelerator.is_main_process
    parts = config.parts_of(accelerator.process_index, accelerator.num_processes)
    bare = task.model.to(device).train()
    optimizer: Any = torch.optim.AdamW(
        [parameter for parameter in bare.parameters() if parameter.requires_grad],
        lr=config.learning_rate,
        weight_decay=config.weight_decay,
        fused=device.type == "cuda",
    )
    averaged = averaged_copy(bare)
    state = TrainingState(bare, optimizer, averaged, accelerator.scaler)
    state.load(run, device)
    wrapped, optimizer = accelerator.prepare(bare, optimizer)
    model: Any = torch.compile(wrapped) if config.compiled else wrapped
    if main:
        truncate_log(run, state.step)
        start_tracker(accelerator, config, state.step)
    stream = prepared_batches(task.batches, parts, config, start=state.step)
    recent, started, waited = [], time.perf_counter(), 0.0
    while state.step < config.steps:
        step = state.step
        for group in optimizer.param_groups:
            group["lr"] = config.rate(step)
        total = torch.zeros((), device=device)
        for part in parts:
            asked = time.perf_counter()
            batch = next(stream).to(device)
            waited += time.perf_counter() - asked
            draws = part_generator(config.seed, "loss", step, part, device)
            with nullcontext() if part == parts[-1] else accelerator.no_sync(model):
                with accelerator.autocast():
                    loss = task.loss(model, batch, draws) / len(parts)
                accelerator.backward(loss)
            total += loss.detach()
        norm: Any = accelerator.clip_grad_norm_(model.parameters(), config.gradient_norm)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        update_average(averaged, bare, step=step, decay=config.ema_decay)
        recent.append(total)
        state.step = step + 1
        due = _due(state.step, config)
        if not due:
            continue
        means: Any = accelerator.reduce(torch.stack(recent), "mean")
        losses = means.tolist()
        for index, value in enumerate(losses, start=state.step - len(losses)):
            if not abs(value) < float("inf"):
                raise DivergenceError(step=index)
        seconds, validation, best = time.perf_counter() - started, None, False
        if main and "validate" in due and validate is not None:
            validation = validate(averaged)
            best = validation.score > state.best
            state.best = max(state.best, validation.score)
        report = TrainingReport(
            step=state.step,
            losses=losses,
            learning_rate=config.rate(step),
            gradient_norm=float(norm),
            seconds=seconds,
            waited=waited,
            validation=validation,
            best=best,
        )
        if main:
            write_report(accelerator, run, report)
            if best or (validate is None and state.step == config.steps):
                task.save(averaged, run)
            if "checkpoint" in due:
                state.save(run)
        accelerator.wait_for_everyone()
        yield report
        recent, started, waited = [], time.perf_counter(), 0.0
    accelerator.end_training()


def _due(step: int, config: TrainingConfig) -> set[str]:
    """What there is to do after ``step`` steps: "report", "checkpoint", "validate".

    Each brings those before it: a resumed run begins where a report ended.
    """
    validates = config.validate_every > 0 and step % config.validate_every == 0
    if validates or step == config.steps:
        return {"report", "checkpoint", "validate"}
    if step % config.checkpoint_every == 0:
        return {"report", "checkpoint"}
    return {"report"} if step % config.log_every == 0 else set()

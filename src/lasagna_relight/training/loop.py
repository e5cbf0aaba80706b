"""The training loop: one visible loop, resumable, that yields and never prints."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from lasagna_relight.errors import DivergenceError
from lasagna_relight.image_io import atomic_path

CHECKPOINT_NAME = "checkpoint.pt"


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """Length and step sizes of a training.

    Attributes:
        steps: optimizer steps in all.
        learning_rate: peak of the schedule.
        warmup_steps: linear rise from zero; then a cosine down to a twentieth of the peak.
        weight_decay: AdamW's.
        gradient_norm: gradients are clipped to this norm.
        ema_decay: of the averaged weights, after a warm-up of its own.
        checkpoint_every: steps between checkpoints.
    """

    steps: int
    learning_rate: float = 3e-4
    warmup_steps: int = 200
    weight_decay: float = 0.01
    gradient_norm: float = 1.0
    ema_decay: float = 0.999
    checkpoint_every: int = 250


@dataclass(frozen=True, kw_only=True)
class TrainingStep:
    """What one step of training did."""

    index: int
    loss: float
    learning_rate: float


def train(
    model: nn.Module,
    loss: Callable[[int], Tensor],
    config: TrainingConfig,
    run: Path,
    generator: torch.Generator,
) -> Iterator[TrainingStep]:
    """Trains ``model`` in place, step by step, and leaves its averaged weights in it at the end.

    ``loss(step)`` draws a batch and returns a scalar; all its randomness must come from
    ``generator``, whose state is part of the checkpoint, so that a resumed run repeats the
    uninterrupted one. A checkpoint in ``run`` is resumed.

    Raises:
        DivergenceError: the loss is not finite.
    """
    run.mkdir(parents=True, exist_ok=True)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
    )
    averaged = {name: value.detach().clone() for name, value in model.state_dict().items()}
    start = _resume(run, model, optimizer, averaged, generator)
    model.train()
    for index in range(start, config.steps):
        rate = config.learning_rate * _schedule(index, config)
        for group in optimizer.param_groups:
            group["lr"] = rate
        value = loss(index)
        if not torch.isfinite(value):
            raise DivergenceError(step=index)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), config.gradient_norm)
        optimizer.step()
        _average(averaged, model, min(config.ema_decay, (1 + index) / (10 + index)))
        if (index + 1) % config.checkpoint_every == 0:
            _save(run, index + 1, model, optimizer, averaged, generator)
        yield TrainingStep(index=index, loss=value.item(), learning_rate=rate)
    model.load_state_dict(averaged)
    model.eval()


def averaged_weights(run: Path) -> dict[str, Tensor]:
    """The averaged weights of the latest checkpoint of a run."""
    return torch.load(run / CHECKPOINT_NAME, weights_only=True)["averaged"]


def _schedule(index: int, config: TrainingConfig) -> float:
    if index < config.warmup_steps:
        return (index + 1) / config.warmup_steps
    done = (index - config.warmup_steps) / max(1, config.steps - config.warmup_steps)
    return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


@torch.no_grad()
def _average(averaged: dict[str, Tensor], model: nn.Module, decay: float) -> None:
    for name, value in model.state_dict().items():
        if value.is_floating_point():
            averaged[name].lerp_(value, 1 - decay)
        else:
            averaged[name].copy_(value)


def _save(
    run: Path,
    step: int,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    averaged: dict[str, Tensor],
    generator: torch.Generator,
) -> None:
    with atomic_path(run / CHECKPOINT_NAME, force=True) as beside:
        torch.save(
            {
                "step": step,
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "averaged": averaged,
                "generator": generator.get_state(),
            },
            beside,
        )


def _resume(
    run: Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    averaged: dict[str, Tensor],
    generator: torch.Generator,
) -> int:
    if not (run / CHECKPOINT_NAME).is_file():
        return 0
    state = torch.load(run / CHECKPOINT_NAME, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    averaged.update(state["averaged"])
    generator.set_state(state["generator"])
    return state["step"]

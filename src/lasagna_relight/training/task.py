"""What the loop trains: a model, where its batches come from, and what it should minimize."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from lasagna_relight.seeding import generator

Movable = TypeVar("Movable", bound="MovableBatch")


class MovableBatch(Protocol):
    """A batch of examples."""

    def to(self, device: torch.device) -> Any:
        """The same on ``device``."""
        ...


@dataclass(frozen=True, kw_only=True)
class Task(Generic[Movable]):
    """One training.

    Attributes:
        model: what is trained; all of its parameters that ask for a gradient.
        batches: a pure function of step and part.
        loss: the model (perhaps wrapped for several processes), a batch on its device, and the
            source of all randomness give a scalar.
        estimate: log gains of the named lights that a batch holds, in the order of the names.
        save: writes a trained model into a folder, in the layout that loads it back.
    """

    model: nn.Module
    batches: Callable[[int, int], Movable]
    loss: Callable[[nn.Module, Movable, torch.Generator], Tensor]
    estimate: Callable[[nn.Module, Movable], Tensor]
    save: Callable[[nn.Module, Path], None]


@dataclass(frozen=True, kw_only=True)
class Validation:
    """How good a model's pictures are.

    Attributes:
        score: what checkpoints are chosen by; higher is better.
        figures: more about it, by name.
        sheet: pictures to be looked at, (H, W, 3) uint8.
    """

    score: float
    figures: Mapping[str, float]
    sheet: np.ndarray


Validate = Callable[[nn.Module], Validation]


def part_generator(
    seed: int, purpose: str, step: int, part: int, device: torch.device
) -> torch.Generator:
    """All randomness of one part of one step, for one purpose.

    It depends on these numbers alone, so a resumed run repeats the uninterrupted one, and several
    processes repeat a single one.
    """
    return generator(seed, purpose, step, part, device=device)

"""Files of a run: the checkpoint that resumes it, and its log."""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from lasagna_relight.errors import RecipeError
from lasagna_relight.image_io import atomic_path, remove_half_written

CHECKPOINT_NAME = "checkpoint.pt"
LOG_NAME = "training.jsonl"


@dataclass
class TrainingState:
    """What a checkpoint holds; all randomness follows from the step and the configuration.

    Attributes:
        model: as it is trained, not wrapped.
        optimizer: its optimizer.
        averaged: its average.
        scaler: of the loss in half precision, or None.
        step: optimizer steps done.
        best: highest score of a validation so far.
    """

    model: nn.Module
    optimizer: torch.optim.Optimizer
    averaged: nn.Module
    scaler: Any
    step: int = 0
    best: float = float("-inf")

    def save(self, run: Path) -> None:
        """Writes the checkpoint in whole or not at all."""
        state: dict[str, Any] = {"step": self.step, "best": self.best}
        for name, part in self._parts().items():
            state[name] = part.state_dict()
        remove_half_written(run / CHECKPOINT_NAME)
        with atomic_path(run / CHECKPOINT_NAME, force=True) as beside:
            torch.save(state, beside)

    def load(self, run: Path, device: torch.device) -> None:
        """Takes up the checkpoint of a run, if it has one.

        Raises:
            RecipeError: it cannot be read, or is of another model.
        """
        path = run / CHECKPOINT_NAME
        if not path.is_file():
            return
        try:
            state = torch.load(path, weights_only=True, map_location=device)
        except (RuntimeError, EOFError, OSError, pickle.UnpicklingError) as error:
            reason = str(error).splitlines()[0]
            raise RecipeError(
                f"{path}: cannot be read ({reason}): remove it, or give another folder"
            ) from error
        try:
            for name, part in self._parts().items():
                part.load_state_dict(state[name])
            self.step, self.best = state["step"], state["best"]
        except (KeyError, RuntimeError, ValueError, TypeError) as error:
            reason = str(error).splitlines()[0]
            raise RecipeError(
                f"{path}: is of another training ({reason}): "
                "give another folder, or the settings that it was begun with"
            ) from error

    def _parts(self) -> dict[str, Any]:
        parts = {"model": self.model, "optimizer": self.optimizer, "averaged": self.averaged}
        return parts if self.scaler is None else {**parts, "scaler": self.scaler}


def truncate_log(run: Path, steps: int) -> None:
    """Drops what an interrupted run logged after its checkpoint at ``steps``."""
    path = run / LOG_NAME
    if not path.is_file():
        return
    kept = []
    for line in path.read_text().splitlines(keepends=True):
        try:
            if line.endswith("\n") and json.loads(line)["step"] <= steps:
                kept.append(line)
        except (json.JSONDecodeError, KeyError):  # the line that the kill cut short
            continue
    with atomic_path(path, force=True) as beside:
        beside.write_text("".join(kept))


def append_log(run: Path, record: dict[str, Any]) -> None:
    """One line more."""
    with (run / LOG_NAME).open("a") as log:
        log.write(json.dumps(record) + "\n")


def read_log(run: Path) -> list[dict[str, Any]]:
    """The records of a run's log, in their order."""
    path = run / LOG_NAME
    return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []

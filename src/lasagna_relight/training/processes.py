"""Devices, precision, processes and trackers of a training: accelerate, and nothing else here."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from lasagna_relight.errors import RecipeError
from lasagna_relight.training.config import TrainingConfig

if TYPE_CHECKING:
    from accelerate import Accelerator

INSTALL = "pip install 'lasagna-relight[train]'"


def make_accelerator(config: TrainingConfig, run: Path, device: str) -> Accelerator:
    """The ``Accelerator`` of this process; started by torchrun, it finds the others.

    Args:
        config: precision, parts and tracker.
        run: where the tracker writes.
        device: "cpu", or "cuda" or "mps" where there is one.

    Raises:
        RecipeError: accelerate or the tracker is not installed, or the device cannot do it.
    """
    try:
        from accelerate import Accelerator
    except ImportError as error:
        raise RecipeError(f"training needs accelerate: {INSTALL}") from error
    _import_before_process_group()
    try:
        accelerator = Accelerator(
            cpu=device == "cpu",
            mixed_precision=config.precision,
            log_with=config.tracker,
            project_dir=run,
        )
    except (ValueError, ImportError) as error:
        reason = str(error).splitlines()[0]
        raise RecipeError(
            f"precision {config.precision} on {device} with tracker {config.tracker}: {reason}"
        ) from error
    if config.tracker is not None and not accelerator.log_with:
        raise RecipeError(f"tracker {config.tracker} is not installed: {INSTALL}")
    return accelerator


def start_tracker(accelerator: Accelerator, config: TrainingConfig, start: int) -> None:
    """Opens the tracker at step ``start``; what an interrupted run wrote after it is dropped."""
    if config.tracker == "tensorboard":
        accelerator.init_trackers("tensorboard", init_kwargs={"tensorboard": {"purge_step": start}})
    elif config.tracker is not None:
        accelerator.init_trackers("lasagna", config={"steps": config.steps, "seed": config.seed})


def _import_before_process_group() -> None:
    """Imports the modules whose functions would otherwise keep the process group for ever.

    ``torch.distributed.nn.functional`` takes the world's group as a default argument when it is
    imported, which DistributedDataParallel does late. A group that is never let go leaves threads
    of Gloo behind, and now and then the process aborts as it exits.
    """
    if torch.distributed.is_available():
        import_module("torch.distributed.nn.functional")

"""Length, step sizes and rhythm of a training."""

import math
from dataclasses import dataclass
from typing import Literal

from lasagna_relight.errors import RecipeError

Precision = Literal["no", "bf16", "fp16"]
Tracker = Literal["tensorboard", "wandb"]


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """How a training runs, whatever it trains.

    Attributes:
        steps: optimizer steps in all.
        parts: of which each step's batch consists: gradients are accumulated over the parts of
            a process, and several processes share the parts.
        learning_rate: peak of the schedule.
        warmup_steps: linear rise from zero to it; then a cosine.
        final_share: where the cosine ends, as a share of the peak; 1 is a constant rate.
        weight_decay: AdamW's.
        gradient_norm: gradients are clipped to this norm.
        ema_decay: of the averaged weights, after a warm-up of its own.
        precision: of forward and backward; "fp16" scales the loss.
        workers: processes that prepare batches ahead; 0 prepares them in the loop.
        log_every: steps between reports.
        checkpoint_every: steps between checkpoints.
        validate_every: steps between validations; 0 for one at the end alone.
        tracker: where curves and sheets go beside the log; none if absent.
        compiled: let ``torch.compile`` work on the model.
        seed: decides weights and draws.
    """

    steps: int
    parts: int = 1
    learning_rate: float = 3e-4
    warmup_steps: int = 200
    final_share: float = 0.05
    weight_decay: float = 0.01
    gradient_norm: float = 1.0
    ema_decay: float = 0.999
    precision: Precision = "no"
    workers: int = 0
    log_every: int = 50
    checkpoint_every: int = 250
    validate_every: int = 0
    tracker: Tracker | None = None
    compiled: bool = False
    seed: int = 0

    def rate(self, step: int) -> float:
        """Learning rate of a step: linear warm-up, then a cosine (arXiv 1608.03983, eq. 5)."""
        if step < self.warmup_steps:
            return self.learning_rate * (step + 1) / self.warmup_steps
        done = (step - self.warmup_steps) / max(1, self.steps - self.warmup_steps)
        cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
        return self.learning_rate * (self.final_share + (1 - self.final_share) * cosine)

    def parts_of(self, process: int, processes: int) -> range:
        """The parts that one of several processes computes.

        Raises:
            RecipeError: the parts cannot be shared evenly.
        """
        if self.parts % processes:
            raise RecipeError(
                f"{self.parts} parts of a batch cannot be shared by {processes} processes: "
                f"give --parts {processes} or a multiple of it"
            )
        return range(process, self.parts, processes)

"""What a training says of itself: a line in its log, curves and sheets in a tracker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lasagna_relight.image_io import write_picture
from lasagna_relight.training.checkpoint import append_log
from lasagna_relight.training.task import Validation

if TYPE_CHECKING:
    from accelerate import Accelerator

SHEETS = "sheets"


@dataclass(frozen=True, kw_only=True)
class TrainingReport:
    """What happened since the last report.

    Attributes:
        step: optimizer steps done in all.
        losses: of each step, means over the parts and processes.
        learning_rate: of the last step.
        gradient_norm: of the last step, before clipping.
        seconds: since the last report, validation and checkpoints apart.
        waited: seconds of those spent waiting for batches.
        validation: of the averaged weights, at the steps that have one.
        best: whether no validation before had a higher score.
    """

    step: int
    losses: list[float]
    learning_rate: float
    gradient_norm: float
    seconds: float
    waited: float
    validation: Validation | None = None
    best: bool = False

    @property
    def record(self) -> dict[str, Any]:
        """The figures, for a line of JSON."""
        figures: dict[str, Any] = {
            "step": self.step,
            "loss": sum(self.losses) / len(self.losses),
            "losses": self.losses,
            "learning_rate": self.learning_rate,
            "gradient_norm": self.gradient_norm,
            "seconds": self.seconds,
            "waited": self.waited,
        }
        if self.validation is not None:
            figures |= {"score": self.validation.score, "best": self.best}
            figures |= self.validation.figures
        return figures


def write_report(accelerator: Accelerator, run: Path, report: TrainingReport) -> None:
    """The report in the run's log, its sheet as a picture, and both in the tracker."""
    record = report.record
    append_log(run, record)
    numbers = {name: value for name, value in record.items() if isinstance(value, float)}
    accelerator.log(numbers, step=report.step)
    if report.validation is None:
        return
    sheets = run / SHEETS
    sheets.mkdir(exist_ok=True)
    write_picture(sheets / f"{report.step:07d}.png", report.validation.sheet, force=True)
    for tracker in accelerator.trackers:
        if tracker.name == "tensorboard":
            sheets_by_name = {"sheet": report.validation.sheet[None]}
            tracker.log_images(sheets_by_name, step=report.step, dataformats="NHWC")

"""What a recipe trains, as settings that `--set NAME=VALUE` may change one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lasagna_relight.priors.denoiser import Edit
from lasagna_relight.priors.gain_unet import GROUPS, HEAD_WIDTH
from lasagna_relight.priors.predictor import Head, Network
from lasagna_relight.priors.schedule import Prediction

Widths = tuple[int, ...]


class Options(BaseModel):
    """Settings of what is trained; a misspelt one is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    batch_size: int = Field(default=24, ge=1)
    """Pictures in each part of a batch."""
    resolution: int = Field(default=64, ge=16)
    """Side of the pictures in pixels."""

    @classmethod
    def parsed(cls, name: str, text: str) -> Any:
        """The value that ``text`` gives for a field; lists are written with commas."""
        if text.lower() == "none":
            return None
        field = cls.model_fields.get(name)
        kind = None if field is None else field.annotation
        if get_origin(kind) is Literal:  # whose values pydantic does not make out of text
            return next((value for value in get_args(kind) if str(value) == text), text)
        return text.split(",") if kind == Widths else text


class NetworkOptions(Options):
    """A network over patches: see `priors.backbone`."""

    network: Network = "unet"
    channels: Widths = (96, 160)
    layers: int = Field(default=2, ge=1)
    patch: Literal[2, 4, 8] = 4

    @model_validator(mode="after")
    def _fits(self) -> NetworkOptions:
        side = self.resolution / self.patch
        step = 1 if self.network == "dit" else 2 ** (len(self.channels) - 1)
        if side % step:
            raise ValueError(
                f"{self.resolution} px in patches of {self.patch} cannot be halved "
                f"{len(self.channels) - 1} times"
            )
        if not self.channels or any(width < 1 or width % GROUPS for width in self.channels):
            raise ValueError(f"widths are multiples of {GROUPS}")
        attends = self.channels[0] if self.network == "dit" else self.channels[-1]
        if attends % HEAD_WIDTH:
            raise ValueError(f"the width that attends, {attends}, is no multiple of {HEAD_WIDTH}")
        return self


class PredictorOptions(NetworkOptions):
    """An instant predictor: ``head`` "named" gives twelve lights, the others any direction."""

    head: Literal["named"] | Head = "named"
    start: Path | None = None
    """Folder of a trained predictor whose network this one begins with."""


class DenoiserOptions(NetworkOptions):
    """A prior to be compared: see `priors.denoiser.DenoiserConfig`."""

    edit: Edit = "log_gain"
    prediction: Prediction = "v_prediction"
    min_snr_gamma: float | None = Field(default=None, gt=0)


class PriorOptions(Options):
    """The embedded prior: see `priors.embedded`."""

    channels: Widths = (48, 96)
    layers: int = Field(default=1, ge=1)
    prediction: Prediction = "v_prediction"
    min_snr_gamma: float | None = Field(default=None, gt=0)
    captions: int = Field(default=4096, ge=8)
    """How many are drawn to say the lights with."""
    predictor: Path | None = None
    """Folder of the predictor whose previews it builds upon; the package's own if absent."""
    start: Path | None = None
    """Folder of a trained prior that this one goes on from, of the same widths."""

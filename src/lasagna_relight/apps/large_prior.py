"""The options of Stable Diffusion priors, checked before anything is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from lasagna_relight.errors import PriorError
from lasagna_relight.priors.prior_names import (
    ControlNetRange,
    Precision,
    Predicts,
    StableDiffusionFiles,
    is_large_prior,
    refuse_impossible,
)
from lasagna_relight.relighting.prompts import AUTHORS_PROMPT, Prompts


@dataclass(frozen=True, kw_only=True)
class LargePriorOptions:
    """What the command line says about a Stable Diffusion prior, the prior itself apart."""

    controlnet: str | None = None
    controlnet_range: str = "unit"
    base: str | None = None
    tiny_vae: str | None = None
    prediction: str = "auto"
    dtype: str = "auto"
    half_weights: bool = False
    offload: bool = False
    attention_slicing: bool = False
    compile: bool = False
    allow_pickle: bool = False
    batch: int = 0
    subject: str = "object"
    prompt: str | None = None

    @property
    def given(self) -> list[str]:
        """The names of the options that differ from their defaults."""
        default = LargePriorOptions()
        names = {"subject": "object"}
        return [
            "--" + names.get(name, name).replace("_", "-")
            for name in self.__dataclass_fields__
            if getattr(self, name) != getattr(default, name)
        ]

    @property
    def prompts(self) -> Prompts:
        """The templates that the prior hears.

        Raises:
            RecipeError: a template names an unknown place.
        """
        return Prompts(lit=self.prompt or AUTHORS_PROMPT, subject=self.subject)

    def files(self, prior: str) -> StableDiffusionFiles:
        """What to load.

        Raises:
            PriorError: an option has a value that it cannot have.
        """
        if self.half_weights and self.dtype in ("fp16", "bf16"):
            raise PriorError(
                f"--half-weights is for computing in fp32, and in {self.dtype} weights take half "
                "already: leave one of the two out"
            )
        return StableDiffusionFiles(
            prior=prior,
            controlnet=self.controlnet,
            base=self.base,
            tiny_vae=self.tiny_vae,
            controlnet_range=_range(self.controlnet_range),
            prediction=_prediction(self.prediction),
            dtype=_dtype(self.dtype),
            half_weights=self.half_weights,
            offload=self.offload,
            attention_slicing=self.attention_slicing,
            compile=self.compile,
            allow_pickle=self.allow_pickle,
            batch=self.batch,
        )


def any_prior(
    prior: str, options: LargePriorOptions
) -> Path | Literal["embedded"] | StableDiffusionFiles:
    """What ``--prior`` and the options beside it ask for; loads nothing.

    Raises:
        PriorError: there is no such prior, or options of Stable Diffusion beside another kind.
    """
    if prior != "embedded" and is_large_prior(prior):
        for name in (prior, options.controlnet, options.base, options.tiny_vae):
            if name is not None:
                refuse_impossible(name, allow_pickle=options.allow_pickle)
        return options.files(prior)
    if options.given:
        raise PriorError(
            f"{options.given[0]} is for Stable Diffusion, and --prior {prior} is not: leave it out"
        )
    return "embedded" if prior == "embedded" else Path(prior)


def _range(value: str) -> ControlNetRange:
    for known in get_args(ControlNetRange):
        if value == known:
            return known
    raise PriorError(f"--controlnet-range {value!r} is unknown: unit, or signed")


def _prediction(value: str) -> Predicts:
    for known in get_args(Predicts):
        if value == known:
            return known
    raise PriorError(f"--prediction {value!r} is unknown: auto, epsilon, or v")


def _dtype(value: str) -> Precision:
    for known in get_args(Precision):
        if value == known:
            return known
    raise PriorError(f"--dtype {value!r} is unknown: auto, fp32, fp16, or bf16")

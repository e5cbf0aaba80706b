"""Whether a prior fits into the memory of a device, before it is loaded, and what would help."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import psutil
import torch

from lasagna_relight.apps.failure import report_warning
from lasagna_relight.errors import LasagnaError
from lasagna_relight.priors.precision import precision
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.relighting.recipes import DEFAULT_LARGE_RECIPE
from lasagna_relight.relighting.trial import MemoryEstimate, estimate_memory

AnyPrior = Path | Literal["embedded"] | StableDiffusionFiles

GIB = 2**30
BESIDE_TENSORS = 1.1
"""What is measured, over the tensors that the estimate counts, at most: docs/stable_diffusion.md,
"Memory and speed"."""
WORTH_IT = 0.98
"""Share of the memory at which an option is worth naming."""


@dataclass(frozen=True, kw_only=True)
class MemoryFit:
    """An estimate beside what there is.

    Attributes:
        estimate: of one step.
        free: bytes of the device that nothing holds; None where it does not say.
        device: where.
    """

    estimate: MemoryEstimate
    free: int | None
    device: str

    @property
    def fits(self) -> bool:
        """Whether the step has room, as far as is known."""
        return self.free is None or self.estimate.peak * BESIDE_TENSORS <= self.free


def free_memory(device: str) -> int | None:
    """Bytes of ``device`` that nothing holds; None where it does not say.

    Of the CPU that of the machine: the limit of a container is not seen.
    """
    place = torch.device(device)
    if place.type == "cpu":
        return psutil.virtual_memory().available
    if place.type == "cuda":
        return torch.cuda.mem_get_info(place)[0]
    return None


def has_configuration(prior: AnyPrior) -> bool:
    """Whether there is anything to estimate from: a single file has no configuration of its own."""
    if not isinstance(prior, StableDiffusionFiles) or prior.base is not None:
        return True
    return not Path(prior.prior).expanduser().is_file()


def memory_fit(prior: AnyPrior, recipe: str, device: str) -> MemoryFit:
    """What a step of ``recipe`` would hold and what is free, with nothing loaded.

    Raises:
        PriorError: a configuration is missing or of another kind.
        RecipeError: there is no such recipe.
    """
    estimate = estimate_memory(prior, recipe=recipe, device=device)
    return MemoryFit(estimate=estimate, free=free_memory(device), device=device)


def warn_of_shortage(fit: MemoryFit, prior: AnyPrior, recipe: str) -> None:
    """Print one line where the step has no room, with the options that would make some."""
    if fit.fits or fit.free is None:
        return
    line = (
        f"this needs about {fit.estimate.peak / GIB:.1f} GiB on {fit.device}, and "
        f"{fit.free / GIB:.1f} GiB are free"
    )
    if isinstance(prior, StableDiffusionFiles):
        options, smaller = _smaller(fit, prior, recipe)
        if options:
            line += f": with {' '.join(options)} about {smaller.estimate.peak / GIB:.1f} GiB"
        if not smaller.fits:
            more = "--tiny-vae" if prior.tiny_vae is None else "a smaller prior"
            line += f"{', still too much' if options else ''}: try {more}"
            line += (
                "" if recipe == DEFAULT_LARGE_RECIPE else f", or --recipe {DEFAULT_LARGE_RECIPE}"
            )
    report_warning(line)


def _smaller(
    fit: MemoryFit, files: StableDiffusionFiles, recipe: str
) -> tuple[list[str], MemoryFit]:
    """The first options with which the step fits, or all that help, and what it needs with them."""
    options: list[str] = []
    for option, changes in _savings(files, fit.device).items():
        changed = replace(files, **changes)
        estimate = estimate_memory(changed, recipe=recipe, device=fit.device)
        if estimate.peak > WORTH_IT * fit.estimate.peak:
            continue
        files, fit = changed, replace(fit, estimate=estimate)
        options.append(option)
        if fit.fits:
            break
    return options, fit


def _savings(files: StableDiffusionFiles, device: str) -> dict[str, dict[str, Any]]:
    """Options that may save memory and are not given yet, those that cost least time first."""
    place = torch.device(device)
    chosen = precision(files, place)
    found: dict[str, dict[str, Any]] = {}
    if chosen.weights == torch.float32:
        if place.type == "cpu":
            found["--half-weights"] = {"half_weights": True}
        else:
            found["--dtype bf16"] = {"dtype": "bf16"}
    if files.batch != 1:
        found["--batch 1"] = {"batch": 1}
    if not files.offload and place.type != "cpu":
        found["--offload"] = {"offload": True}
    if not files.attention_slicing:
        found["--attention-slicing"] = {"attention_slicing": True}
    return found


def warn_in_advance(prior: AnyPrior, recipe: str, device: str) -> None:
    """Print one line where a solve with a large prior would not fit, as far as can be told.

    What is wrong with the prior is left to its loading, which says it better; and a solve does not
    fail because it could not be estimated.
    """
    if not has_configuration(prior):
        return
    try:
        fit = memory_fit(prior, recipe, device)
    except (LasagnaError, RuntimeError):
        return
    warn_of_shortage(fit, prior, recipe)

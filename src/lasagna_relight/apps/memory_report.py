"""Whether a prior fits into the memory of a device, before it is loaded, and what would help."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import psutil
import torch

from lasagna_relight.apps.failure import report_warning
from lasagna_relight.errors import LasagnaError
from lasagna_relight.priors.precision import precision
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.relighting.trial import MemoryEstimate, estimate_memory

AnyPrior = Path | Literal["embedded"] | StableDiffusionFiles

GIB = 2**30
BESIDE_TENSORS = 1.1
"""What is measured, over the tensors that the estimate counts, at most: docs/stable_diffusion.md,
"Memory and speed"."""


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
    helping = _smaller(fit, prior, recipe) if isinstance(prior, StableDiffusionFiles) else {}
    listed = [f"{name} ({peak / GIB:.1f} GiB)" for name, peak in helping.items()]
    report_warning(
        f"this needs about {fit.estimate.peak / GIB:.1f} GiB on {fit.device}, and "
        f"{fit.free / GIB:.1f} GiB are free"
        + (f": try {', '.join(listed)}, or --tiny-vae" if listed else "")
    )


def _smaller(fit: MemoryFit, files: StableDiffusionFiles, recipe: str) -> dict[str, int]:
    """Options and the peak with each of them, those that help most first."""
    peaks: dict[str, int] = {}
    for name, changed in _alternatives(files, fit.device).items():
        peak = estimate_memory(changed, recipe=recipe, device=fit.device).peak
        if peak < 0.98 * fit.estimate.peak:
            peaks[name] = peak
    return dict(sorted(peaks.items(), key=lambda item: item[1]))


def _alternatives(files: StableDiffusionFiles, device: str) -> dict[str, StableDiffusionFiles]:
    """The same prior with one option more, for each that is left."""
    found: dict[str, StableDiffusionFiles] = {}
    chosen = precision(files, torch.device(device))
    if chosen.dtype == torch.float32:
        found["--dtype bf16"] = replace(files, dtype="bf16", half_weights=False)
        if chosen.weights == torch.float32:
            found["--half-weights"] = replace(files, half_weights=True)
    if files.batch != 1:
        found["--batch 1"] = replace(files, batch=1)
    if not files.attention_slicing:
        found["--attention-slicing"] = replace(files, attention_slicing=True)
    if not files.offload and torch.device(device).type != "cpu":
        found["--offload"] = replace(files, offload=True)
    return found


def warn_in_advance(prior: AnyPrior, recipe: str, device: str) -> None:
    """Print one line where a solve with a large prior would not fit, as far as can be told.

    What is wrong with the prior is left to its loading, which says it better.
    """
    if not has_configuration(prior):
        return
    try:
        fit = memory_fit(prior, recipe, device)
    except LasagnaError:
        return
    warn_of_shortage(fit, prior, recipe)

"""`lasagna doctor`: what a prior is, what it needs, and whether one step of it works."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from lasagna_relight.apps.checks import available_device
from lasagna_relight.apps.failure import EXIT_INPUT, report_line
from lasagna_relight.apps.memory_report import (
    AnyPrior,
    MemoryFit,
    has_configuration,
    memory_fit,
    warn_of_shortage,
)
from lasagna_relight.priors.embedded import EmbeddedNetworks
from lasagna_relight.priors.precision import precision
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.stable_diffusion import StableDiffusionNetworks
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relighting.trial import side_of, trial_step
from lasagna_relight.seeding import generator

MIB = 2**20
KIB_PER_UNIT = 1 / 1024 if sys.platform == "darwin" else 1
"""`ru_maxrss` counts bytes on macOS and kibibytes on Linux."""
PRODUCT, PRODUCTS = 1024, 8
"""Side of the matrices whose product is timed, and how often."""


def run(
    prior: AnyPrior,
    *,
    recipe: str,
    device: str,
    as_json: bool,
    only_estimate: bool,
) -> int:
    """Estimate the memory of ``prior``, load it, describe it, and solve one step of it over noise.

    Returns the exit code. What is estimated is printed before anything is loaded.
    """
    place = available_device(device)
    report: dict[str, Any] = {"estimate": "none: a single file needs --base for it"}
    if only_estimate or has_configuration(prior):
        try:
            fit = memory_fit(prior, recipe, place)
        except RuntimeError as error:  # an operator that PyTorch cannot imagine on this device
            report = {"estimate": f"none: {' '.join(str(error).split())[:160]}"}
        else:
            report = _estimate(fit, recipe)
            warn_of_shortage(fit, prior, recipe)
    if not as_json:
        print(_as_text(report), flush=True)
    if not only_estimate:
        found = _tried(prior, recipe, place)
        report |= found
        if not as_json:
            print(_as_text(found))
    if as_json:
        print(json.dumps(report))
    if not report.get("self-test passed", True):
        report_line("the self-test gave numbers that are not finite: use another --dtype")
        return EXIT_INPUT
    return 0


def _estimate(fit: MemoryFit, recipe: str) -> dict[str, Any]:
    estimate = fit.estimate
    needed = {
        "weights MiB": round(estimate.weights / MIB),
        "peak MiB": round(estimate.peak / MIB),
        "peak in main memory MiB": round(estimate.beside / MIB),
    }
    free = None if fit.free is None else round(fit.free / MIB)
    return {
        "estimate": {name: value for name, value in needed.items() if value},
        "estimated for": f"1 step of {recipe} at {estimate.side} px, tensors alone",
        "free memory MiB": "unknown" if free is None else free,
        "fits": fit.fits,
    }


def _tried(prior: AnyPrior, recipe: str, place: str) -> dict[str, Any]:
    started = time.perf_counter()
    relighter = Relighter.load(prior=prior, recipe=recipe, device=place)
    loaded = time.perf_counter() - started
    networks = relighter.networks if relighter.large is None else relighter.large.networks
    return {
        **_description(prior, networks, torch.device(place)),
        "device": place,
        "load seconds": round(loaded, 1),
        **_self_test(relighter),
    }


def _description(
    prior: Path | str | StableDiffusionFiles,
    networks: EmbeddedNetworks | StableDiffusionNetworks,
    device: torch.device,
) -> dict[str, Any]:
    if isinstance(networks, EmbeddedNetworks):
        parts = {"unet": networks.unet, "controlnet": networks.controlnet}
        return {
            "prior": str(prior),
            "kind": "embedded: log gains",
            "parts": {name: _part(part) for name, part in parts.items()},
            "computes in": "float32",
        }
    assert isinstance(prior, StableDiffusionFiles)
    parts = {
        "unet": networks.unet,
        "controlnet": networks.controlnet,
        "picture embedding": networks.control_embedding,
        "autoencoder": networks.vae,
        **{f"text encoder {n}": part for n, part in enumerate(networks.text.encoders, start=1)},
    }
    described = {name: _part(part) for name, part in parts.items() if part is not None}
    kind = "Stable Diffusion XL" if networks.is_xl else "Stable Diffusion"
    return {
        "prior": prior.prior,
        "controlnet": prior.controlnet or "none: the prior sees the picture by its latents alone",
        "kind": f"{kind}, {networks.resolution} px, predicts {networks.prediction_type}",
        "parts": described,
        "weights MiB": round(sum(part["MiB"] for part in described.values())),
        "controlnet sees": {"unit": "0..1", "signed": "-1..1"}[networks.controlnet_range],
        "computes in": _name(networks.dtype),
        "because": precision(prior, device).reason,
        "matrix products": {
            _name(dtype): f"{product_rate(dtype, device) / 1e9:.0f} GFLOP/s"
            for dtype in dict.fromkeys((torch.float32, torch.bfloat16, networks.dtype))
        },
    }


def product_rate(dtype: torch.dtype, device: torch.device) -> float:
    """Multiplications and additions per second of square matrix products, the best of some."""
    a, b = torch.randn(2, PRODUCT, PRODUCT, generator=generator(0, "rate")).to(device, dtype)
    best = 0.0
    for _ in range(PRODUCTS):
        started = time.perf_counter()
        (a @ b)[0, 0].item()  # waits for a GPU
        best = max(best, 2 * PRODUCT**3 / (time.perf_counter() - started))
    return best


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _part(network: torch.nn.Module) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for parameter in network.parameters():
        name = _name(parameter.dtype)
        counts[name] = counts.get(name, 0) + parameter.numel()
    size = sum(p.numel() * p.element_size() for p in network.parameters())
    return {
        "class": type(network).__name__,
        "parameters": sum(counts.values()),
        "dtypes": sorted(counts, key=lambda name: -counts[name]),
        "MiB": round(size / MIB, 1),
    }


def _self_test(relighter: Relighter) -> dict[str, Any]:
    """One step of the recipe over noise, at the size at which the prior works."""
    on_gpu = torch.device(relighter.device).type == "cuda"
    if on_gpu:
        torch.cuda.reset_peak_memory_stats(relighter.device)
    started = time.perf_counter()
    last = trial_step(relighter)
    seconds = time.perf_counter() - started
    if on_gpu:
        peak = torch.cuda.max_memory_allocated(relighter.device) / MIB
    else:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB_PER_UNIT / 1024
    finite = bool(torch.isfinite(last.log_gain).all())
    return {
        "self-test passed": finite,
        "self-test": f"1 step of {relighter.recipe.name} at {side_of(relighter)} px, "
        f"{last.evaluations} evaluations of the prior",
        "seconds per evaluation": round(seconds / max(1, last.evaluations), 4),
        "peak memory MiB": round(peak),
        "memory measured": f"on {relighter.device}" if on_gpu else "whole process",
    }


def _as_text(report: Mapping[str, Any]) -> str:
    lines = []
    for name, value in report.items():
        if name == "parts":
            lines += [
                f"  {part:<18} {about['class']}, {about['parameters'] / 1e6:.1f} M parameters, "
                f"{about['MiB']:.0f} MiB, {', '.join(about['dtypes'])}"
                for part, about in value.items()
            ]
        elif isinstance(value, Mapping):
            lines.append(f"{name}: {', '.join(f'{key} {each}' for key, each in value.items())}")
        else:
            shown = {True: "yes", False: "no"}.get(value, value) if type(value) is bool else value
            lines.append(f"{name}: {shown}")
    return "\n".join(lines)

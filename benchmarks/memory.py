"""The memory estimate against what a step really takes, each in a process of its own.

``python benchmarks/memory.py [--size 256] [--dtype fp32 bf16 ...] [--recipe target sds ...]``

Stable Diffusion 1.5 and a ControlNet with random weights in the exact architecture, and the prior
that comes with the package at its own size. The estimate reads configuration files alone. What is
measured on a CPU is the largest resident size of the process less its size before there are
networks, on a GPU what PyTorch allocated there; one step of the recipe, all its evaluations.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import stable_diffusion_15 as sd15
import torch
from provenance import provenance
from transformers import CLIPTextConfig, CLIPTextModel  # noqa: F401 its code is not measured

from lasagna_relight.evaluation.table import markdown_table
from lasagna_relight.priors.imagined_networks import blank_tokens
from lasagna_relight.priors.precision import precision
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.stable_diffusion_files import SMALL_BATCH, prepare, with_controlnet
from lasagna_relight.priors.text_encoding import TextEncoders
from lasagna_relight.relighting.api import Relighter, shipped_prior
from lasagna_relight.relighting.large import LargePrior
from lasagna_relight.relighting.prompts import Prompts
from lasagna_relight.relighting.recipes import recipe_named
from lasagna_relight.relighting.trial import estimate_memory, trial_step

KIB_PER_UNIT = 1 / 1024 if sys.platform == "darwin" else 1
MIB = 2**20


def write_configuration(folder: Path) -> StableDiffusionFiles:
    """Folders of Stable Diffusion 1.5 and a ControlNet that lack their weights."""
    with torch.device("meta"):
        sd15.UNet2DConditionModel(**sd15.UNET).save_config(folder / "sd" / "unet")
        sd15.AutoencoderKL(**sd15.VAE).save_config(folder / "sd" / "vae")
        sd15.ControlNetModel(**sd15.SHAPE).save_config(folder / "controlnet")
    CLIPTextConfig(**sd15.TEXT).save_pretrained(folder / "sd" / "text_encoder")
    sd15.DDIMScheduler(**sd15.SCHEDULER).save_config(folder / "sd" / "scheduler")
    return StableDiffusionFiles(
        prior=str(folder / "sd"), controlnet=str(folder / "controlnet"), batch=SMALL_BATCH
    )


def settings_of(dtype: str) -> dict[str, Any]:
    """ "half" is float32 over weights that rest in float16."""
    return {"dtype": "fp32", "half_weights": True} if dtype == "half" else {"dtype": dtype}


def estimated(dtype: str, recipe: str, size: int, device: str) -> dict[str, float]:
    """MiB, and the seconds that the estimate took, imports not counted."""
    if dtype == "embedded":
        prior: Any = "embedded"
    else:
        with tempfile.TemporaryDirectory() as folder:
            files = replace(write_configuration(Path(folder)), **settings_of(dtype))
            return _estimate(files, recipe, size, device)
    return _estimate(prior, recipe, None, device)


def _estimate(prior: Any, recipe: str, side: int | None, device: str) -> dict[str, float]:
    started = time.perf_counter()
    found = estimate_memory(prior, recipe=recipe, device=device, side=side)
    seconds = time.perf_counter() - started
    return {"weights": found.weights / MIB, "peak": found.peak / MIB, "seconds": seconds}


def measured(dtype: str, recipe: str, size: int, device: str) -> dict[str, float]:
    """MiB of one step."""
    place = torch.device(device)
    before = psutil.Process().memory_info().rss
    if dtype == "embedded":
        relighter = Relighter.load(prior=shipped_prior(), recipe=recipe, device=device)
        trial_step(relighter)
    else:
        files = StableDiffusionFiles(prior="", **settings_of(dtype))
        chosen = precision(files, place)
        networks = sd15.networks(weights=chosen.weights)
        networks = with_controlnet(networks, sd15.controlnet(weights=chosen.weights))
        text = TextEncoders(tokenizers=[blank_tokens], encoders=networks.text.encoders)
        networks = replace(networks, device=place, dtype=chosen.dtype, batch=SMALL_BATCH, text=text)
        networks = prepare(networks, files, weights=chosen.weights)
        relighter = Relighter(
            recipe=recipe_named(recipe, large=True),
            predictor=Relighter.load(device=device).predictor,
            networks=None,
            device=device,
            large=LargePrior(networks, Prompts()),
        )
        trial_step(relighter, size)
    if place.type == "cuda":
        return {"peak": torch.cuda.max_memory_allocated(place) / MIB}
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB_PER_UNIT / 1024
    return {"peak": most - before / MIB}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=256, help="side of the picture, pixels")
    parser.add_argument(
        "--dtype", nargs="+", default=["fp32", "half", "bf16", "embedded"],
        choices=["fp32", "half", "bf16", "fp16", "embedded"],
    )  # fmt: skip
    parser.add_argument("--recipe", nargs="+", default=["target", "sds"])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--alone", choices=["estimated", "measured"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.alone:
        work = {"estimated": estimated, "measured": measured}[arguments.alone]
        (dtype,), (recipe,) = arguments.dtype, arguments.recipe
        print(json.dumps(work(dtype, recipe, arguments.size, arguments.device)))
        return
    rows = []
    for dtype in arguments.dtype:
        for recipe in arguments.recipe:
            found = {
                how: json.loads(
                    subprocess.run(
                        [
                            sys.executable, __file__, "--alone", how, "--dtype", dtype,
                            "--recipe", recipe, "--size", str(arguments.size),
                            "--device", arguments.device,
                        ],
                        stdout=subprocess.PIPE, check=True,
                    ).stdout.splitlines()[-1]
                )
                for how in ("estimated", "measured")
            }  # fmt: skip
            guess, real = found["estimated"], found["measured"]
            rows.append(
                [
                    dtype,
                    recipe,
                    f"{guess['weights']:,.0f}",
                    f"{guess['peak']:,.0f}",
                    f"{real['peak']:,.0f}",
                    f"{real['peak'] / guess['peak']:.3f}",
                    f"{guess['seconds']:.1f}",
                ]
            )
            print(*rows[-1], file=sys.stderr, flush=True)
    for name, value in provenance().items():
        print(f"- {name}: `{value}`")
    print(
        markdown_table(
            [
                "dtype", "recipe", "weights MiB", "estimated peak MiB", "measured MiB",
                "measured / estimated", "seconds of the estimate",
            ],
            rows,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()

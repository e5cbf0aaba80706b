"""Seconds and memory of distillation on Stable Diffusion 1.5's architecture, against the authors'.

``python benchmarks/distillation.py [--method NAME ...] [--size 512] [--results FILE]``

Random weights in the exact architecture. Each method runs in a process of its own; its peak memory
is the largest resident size of that process (on a GPU, what PyTorch allocated there). With
``--results`` every finished method is kept in that file, and not measured again, so the benchmark
may be run in pieces; ``--show`` measures nothing.

- ``authors``: `faithful` as the authors run it: everything in float32 in PyTorch's own layout, the
  autoencoder's encoder and its gradient on every step, the ControlNet's view of the picture too, a
  checkpoint written after every step; ``authors, bf16`` with UNet and ControlNet in bfloat16.
- ``target``, ``sds``, ``dds``: the recipes for large priors, in the numbers that ``--dtype auto``
  chooses here; ``fp32`` in float32 with weights resting in float16; ``tiny`` with an
  AutoencoderTiny; ``faithful``: the authors' objective on this package's prior.

One step is measured, with ``--samples`` evaluations where the recipe has more; a solve is then its
preparation, and as many steps and evaluations as its recipe has. The first step's encoding, which
`target` saves because its first composite is the source, is not subtracted.

The floor is the arithmetic of one guided evaluation of UNet and ControlNet (multiplications and
additions of matrix products and convolutions, counted by PyTorch) over the best rate at which this
machine multiplied two matrices of 2048 in the same dtype, with as many threads, before and after
every run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import stable_diffusion_15 as sd15
import torch
from distillation_methods import METHODS, PARTS, Measurement, Stopwatch, run_method
from provenance import provenance
from torch.utils.flop_counter import FlopCounterMode

from lasagna_relight.evaluation.table import markdown_table
from lasagna_relight.seeding import generator


def arithmetic(size: int) -> dict[str, float]:
    """TFLOP of the parts, by counting on the meta device."""
    with torch.device("meta"):
        unet = sd15.UNet2DConditionModel(**sd15.UNET)
        controlnet = sd15.ControlNetModel(**sd15.SHAPE)
        vae = sd15.AutoencoderKL(**sd15.VAE)
        side = size // 8
        xt, states = torch.zeros(2, 4, side, side), torch.zeros(2, sd15.TOKENS, 768)
        t, picture = torch.zeros(2, dtype=torch.long), torch.zeros(1, 3, size, size)

    def count(work: Callable[[], Any]) -> float:
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            work()
        return counter.get_total_flops() / 1e12

    seen = controlnet.controlnet_cond_embedding
    embedding = count(lambda: seen(picture))
    whole = count(lambda: controlnet(xt, t, states, torch.cat([picture, picture])))
    return {
        "UNet, guided": count(lambda: unet(xt, t, states)),
        "ControlNet, guided, without its view of the picture": whole - 2 * embedding,
        "ControlNet's view of the picture": embedding,
        "encoder": count(lambda: vae.encode(picture)),
        "decoder": count(lambda: vae.decode(xt[:1])),
    }


def matmul_rate(device: str, dtype: torch.dtype, products: int = 12) -> float:
    """TFLOP per second of matrix products of side 2048: the best of some."""
    a, b = torch.randn(2, 2048, 2048, generator=generator(0, "rate")).to(device, dtype)
    watch = Stopwatch(torch.device(device))
    best = 0.0
    for _ in range(products):
        start = watch.now()
        a @ b
        best = max(best, 2 * 2048**3 / (watch.now() - start) / 1e12)
    return best


def report(found: dict[str, Any]) -> str:
    """The tables: methods, parts of a step, operators, arithmetic."""
    rates, work = found["tflop_per_s"], found["tflop"]
    floors = {dtype: sum(list(work.values())[:2]) / max(each) for dtype, each in rates.items()}
    kept = found["measurements"]
    known = {each.name for each in fields(Measurement)}
    measured = [
        Measurement(**{key: value for key, value in kept[name].items() if key in known})
        for name in METHODS
        if name in kept
    ]
    first = measured[0]
    theirs = {m.dtype: m for m in measured if "authors" in m.method}

    def at_equal_dtype(m: Measurement) -> str:
        if m.dtype not in theirs:
            return ""
        return f"{theirs[m.dtype].per_evaluation / m.per_evaluation:.2f}"

    methods = markdown_table(
        [
            "method", "dtype", "evaluations of a solve", "s an evaluation",
            "of it UNet and ControlNet", f"times as fast as {first.method}",
            "as the authors' way in its dtype", "times its floor", "peak MiB",
            f"share of {first.method}",
        ],
        [
            [
                m.method,
                m.dtype,
                f"{m.rounds} x {m.per_round}",
                f"{m.per_evaluation:.3g}",
                f"{m.evaluation:.3g}",
                f"{first.per_evaluation / m.per_evaluation:.2f}",
                at_equal_dtype(m),
                f"{m.per_evaluation / floors[m.dtype]:.2f}",
                f"{m.peak_mib:.0f}",
                f"{m.peak_mib / first.peak_mib:.2f}",
            ]
            for m in measured
        ],
    )  # fmt: skip
    parts = markdown_table(
        ["method", "evaluations measured", *PARTS, "rest", "whole step"],
        [
            [
                m.method,
                str(m.evaluations),
                *(f"{m.parts[name]:.3g}" for name in PARTS),
                f"{m.seconds - sum(m.parts[name] for name in PARTS[1:]):.3g}",
                f"{m.seconds:.3g}",
            ]
            for m in measured
        ],
    )
    operators = "\n\n".join(
        f"`{m.method}`: " + ", ".join(f"{name} {share:.1%}" for name, share in m.operators.items())
        for m in measured
        if m.method.startswith(("authors", "target"))
    )
    counted = markdown_table(
        ["part", "TFLOP"], [[name, f"{value:.3f}"] for name, value in work.items()]
    )
    speeds = " ".join(
        f"Matrix products in {dtype} ran at {min(each) * 1e3:.1f} to {max(each) * 1e3:.1f} GFLOP/s "
        f"here, so that floor is {floors[dtype]:.3g} s an evaluation."
        for dtype, each in rates.items()
    )
    origin = "\n".join(f"- {name}: `{value}`" for name, value in found["provenance"].items())
    return (
        f"{origin}\n\n{methods}\n\nSeconds of the measured steps by part. `prepare`, once a "
        "picture, is before them; `rest` is the encoder's gradient, the fit, the two-headed "
        f"network, files.\n\n{parts}\n\nBy operator, its own time:\n\n{operators}\n\n"
        f"Counted arithmetic, one guided evaluation or one picture of {first.size} px. "
        f"{speeds}\n\n{counted}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", nargs="+", default=list(METHODS), choices=METHODS)
    parser.add_argument("--size", type=int, default=512, help="side of the picture, pixels")
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--samples", type=int, default=2, help="evaluations of a measured step")
    parser.add_argument("--device", default="cpu")
    parser.add_argument(
        "--batch", type=int, default=2, help="evaluations that ours computes at once"
    )
    parser.add_argument("--results", type=Path, help="JSON of finished methods, to add to")
    parser.add_argument("--show", action="store_true", help="only the tables of --results")
    parser.add_argument("--alone", choices=METHODS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.alone:
        measured = run_method(
            arguments.alone,
            arguments.size,
            arguments.steps,
            arguments.samples,
            arguments.device,
            arguments.batch,
        )
        print(json.dumps(asdict(measured)))
        return
    found: dict[str, Any] = {"measurements": {}, "tflop_per_s": {}}
    if arguments.results and arguments.results.exists():
        found = json.loads(arguments.results.read_text())
    if not arguments.show:
        measure(found, arguments)
    print(report(found))


def add_rates(rates: dict[str, list[float]], device: str) -> None:
    """Measures how fast matrices are multiplied now."""
    for dtype in (torch.float32, torch.bfloat16):
        name = str(dtype).removeprefix("torch.")
        rates.setdefault(name, []).append(matmul_rate(device, dtype))


def measure(found: dict[str, Any], arguments: argparse.Namespace) -> None:
    """Adds the methods that ``found`` lacks to it, and to the file."""
    for method in arguments.method:
        if method in found["measurements"]:
            continue
        add_rates(found["tflop_per_s"], arguments.device)
        command = [sys.executable, __file__, "--alone", method, *sys.argv[1:]]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        found["measurements"][method] = json.loads(done.stdout.splitlines()[-1])
        found["provenance"] = {**found.get("provenance", {}), **provenance()}
        add_rates(found["tflop_per_s"], arguments.device)
        if "tflop" not in found:
            found["tflop"] = arithmetic(arguments.size)
        if arguments.results:
            arguments.results.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""Seconds and memory of a step of distillation on Stable Diffusion 1.5, against the authors' way.

``python benchmarks/distillation.py [--method NAME ...] [--size 512] [--steps 1] [--device cpu]``

Random weights in the exact architecture. Each method runs in a process of its own; its peak memory
is the largest resident size of that process (on a GPU, what PyTorch allocated there). Networks are
loaded first; a step is timed from the edit as it is to the edit after it. The first picture's
preparation (source and prompts encoded once) is timed apart, as ``prepare``.

- ``authors``: `faithful` as the authors run it: everything in float32 in PyTorch's own layout, the
  autoencoder's encoder and its gradient on every step, the ControlNet's view of the picture too, a
  checkpoint written after every step.
- ``faithful``: the same objective on this package's prior.
- ``target``, ``sds``, ``dds``: the recipes for large priors; ``target, tiny`` with an
  AutoencoderTiny.

The floor is the arithmetic of one guided evaluation of UNet and ControlNet (multiplications and
additions of matrix products and convolutions, counted by PyTorch) over the rate at which this
machine multiplies two float32 matrices of 2048, with as many threads, before and after the runs.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import stable_diffusion_15 as sd15
import torch
from provenance import provenance, provenance_lines
from torch.utils.flop_counter import FlopCounterMode

from lasagna_relight.evaluation.table import markdown_table
from lasagna_relight.priors.guidance import guided
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.schedule import NoiseSchedule, Timesteps
from lasagna_relight.priors.stable_diffusion import (
    StableDiffusionNetworks,
    StableDiffusionPrior,
)
from lasagna_relight.priors.stable_diffusion_files import prepare, with_controlnet
from lasagna_relight.priors.text_encoding import PromptStates
from lasagna_relight.priors.vae_codec import VaeCodec
from lasagna_relight.relighting.faithful import draw, faithful_loss, fresh_network, optimizer_of
from lasagna_relight.relighting.optimize import relight
from lasagna_relight.relighting.recipes import LARGE_RECIPES
from lasagna_relight.seeding import generator
from lasagna_relight.types import Image, Latents

METHODS = ("authors", "faithful", "target", "target, tiny", "sds", "dds")
PARTS = ("prepare", "UNet", "ControlNet", "encoder", "decoder")
KIB_PER_UNIT = 1 / 1024 if sys.platform == "darwin" else 1


@dataclass(frozen=True, kw_only=True)
class Timing:
    """One method.

    Attributes:
        method: one of ``METHODS``.
        steps: how many were timed.
        evaluations: of the prior, in all steps.
        seconds: of all steps, on the wall.
        processor_seconds: of all steps, over all cores.
        peak_mib: of the process, or on the device.
        parts: seconds by network, in all steps; ``prepare`` is before them.
    """

    method: str
    steps: int
    evaluations: int
    seconds: float
    processor_seconds: float
    peak_mib: float
    parts: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class AuthorsPrior:
    """Guided noise as the authors compute it; the ControlNet looks at the picture every time."""

    unet: Any
    controlnet: Any
    codec: VaeCodec
    schedule: NoiseSchedule
    shown: Image
    states: Any
    guidance_scale: float

    @torch.no_grad()
    def predict_noise(self, xt: Latents, t: Timesteps) -> Latents:
        twice, both, shown = (torch.cat([x, x]) for x in (xt, t, self.shown))
        down, middle = self.controlnet(twice, both, self.states, shown, return_dict=False)
        noise = self.unet(
            twice,
            both,
            self.states,
            down_block_additional_residuals=down,
            mid_block_additional_residual=middle,
        ).sample
        return guided(*noise.chunk(2), self.guidance_scale)


class Stopwatch:
    """Seconds by name, of functions that it wraps."""

    def __init__(self, device: torch.device) -> None:
        self.seconds = dict.fromkeys(PARTS, 0.0)
        self._device = device

    def wrap(self, name: str, owner: Any, method: str) -> None:
        function = getattr(owner, method)
        setattr(owner, method, lambda *a, **k: self.measure(name, lambda: function(*a, **k)))

    def measure(self, name: str, work: Callable[[], Any]) -> Any:
        start = self.now()
        result = work()
        self.seconds[name] += self.now() - start
        return result

    def now(self) -> float:
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)
        return time.perf_counter()


def run_method(
    method: str, size: int, steps: int, samples: int | None, device: str, half: bool, batch: int
) -> Timing:
    """Loads, prepares and times one method in this process."""
    place = torch.device(device)
    watch = Stopwatch(place)
    half = half and place.type == "cpu" and method != "authors"
    weights = torch.float16 if half else torch.float32
    networks = sd15.networks(weights=weights, tiny_vae=method == "target, tiny")
    controlnet = sd15.controlnet(weights=weights)
    random = generator(0, "benchmark")
    source = torch.rand(1, 3, size, size, generator=random).to(place)
    if method == "authors":
        step = authors_steps(networks, controlnet, source, place, watch)
    else:
        networks = with_controlnet(networks, controlnet)
        kind = "fp32" if place.type == "cpu" else "bf16"
        networks = replace(
            networks,
            device=place,
            dtype={"fp32": torch.float32, "bf16": torch.bfloat16}[kind],
            batch=batch,
        )
        prepare(networks, StableDiffusionFiles(prior=""), half=half)
        step = our_steps(networks, method, samples, source, watch)
    watch.wrap("UNet", networks.unet, "forward")
    watch.wrap("ControlNet", controlnet, "forward")
    watch.wrap("encoder", networks.vae, "encode")
    watch.wrap("decoder", networks.vae, "decode")
    step(0)  # prepares
    prepared = watch.seconds["prepare"]
    watch.seconds = dict.fromkeys(PARTS, 0.0) | {"prepare": prepared}
    start, processor = watch.now(), time.process_time()
    evaluations = step(steps)
    seconds = watch.now() - start
    if place.type == "cuda":
        peak = torch.cuda.max_memory_allocated(place) / 2**20
    else:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB_PER_UNIT / 1024
    return Timing(
        method=method,
        steps=steps,
        evaluations=evaluations,
        seconds=seconds,
        processor_seconds=time.process_time() - processor,
        peak_mib=peak,
        parts=watch.seconds,
    )


def prompt_states(networks: StableDiffusionNetworks, device: torch.device) -> PromptStates:
    """States of random tokens, through the text encoder as for a prompt."""
    ids = torch.randint(0, 49408, (1, sd15.TOKENS), generator=generator(0, "tokens"))
    (encoder,) = networks.text.encoders
    with torch.no_grad():
        return PromptStates(tokens=encoder(ids)[0].to(device))


def authors_steps(
    networks: StableDiffusionNetworks,
    controlnet: Any,
    source: Image,
    place: torch.device,
    watch: Stopwatch,
) -> Callable[[int], int]:
    """A function that makes some steps and returns the evaluations that they took."""
    for part in (networks.unet, controlnet, networks.vae):
        part.to(place)
    recipe = LARGE_RECIPES["faithful"]
    assert recipe.two_heads is not None
    random = generator(0, "steps")
    network = fresh_network(random).to(place)
    optimizer = optimizer_of(network, recipe, recipe.two_heads)
    heard = watch.measure("prepare", lambda: prompt_states(networks, place))
    prior = AuthorsPrior(
        unet=networks.unet,
        controlnet=controlnet,
        codec=VaeCodec(networks.vae, source, brightest=math.inf),
        schedule=networks.schedule,
        shown=source * 2 - 1,
        states=heard.tokens.expand(2, -1, -1),
        guidance_scale=recipe.guidance_scale,
    )
    watch.measure("prepare", lambda: draw(prior, source, random))

    def make(steps: int) -> int:
        for _ in range(steps):
            t, noise = draw(prior, source, random)
            loss = faithful_loss(network, source, prior, noise, t, recipe.l1_weight)
            optimizer.zero_grad()
            loss.total.backward()
            optimizer.step()
            with tempfile.TemporaryDirectory() as folder:
                state = {"model": network.state_dict(), "optimizer": optimizer.state_dict()}
                torch.save(state, Path(folder) / "checkpoint.pth")
        return steps

    return make


def our_steps(
    networks: StableDiffusionNetworks,
    method: str,
    samples: int | None,
    source: Image,
    watch: Stopwatch,
) -> Callable[[int], int]:
    """The same for a recipe on this package's prior; the first call prepares."""
    recipe = LARGE_RECIPES[method.partition(",")[0]]
    if samples is not None and isinstance(recipe.objective, partial):
        recipe = replace(recipe, objective=partial(recipe.objective, samples=samples))
    heard = watch.measure("prepare", lambda: prompt_states(networks, networks.device))
    prior = StableDiffusionPrior(
        networks=networks,
        codec=VaeCodec(networks.vae, source),
        seen=watch.measure("prepare", lambda: networks.see(source)),
        prompt=heard,
        negative=heard,
        unlit=heard,
        guidance_scale=recipe.guidance_scale,
    )
    watch.measure("prepare", lambda: prior.codec.source_latents)
    if recipe.whole_steps:  # the others never decode
        watch.measure("prepare", lambda: prior.codec.source_decoded)
    start = 0.1 * torch.randn(1, 1, *source.shape[-2:], generator=generator(0, "start"))
    random = generator(0, "steps")

    def make(steps: int) -> int:
        if steps == 0:
            return 0
        kept = replace(recipe, steps=steps)
        *_, last = relight(source, prior, kept, start=start.to(source.device), generator=random)
        return last.evaluations

    return make


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


def matmul_rate(device: str, seconds: float = 4.0) -> float:
    """TFLOP per second of float32 matrix products of side 2048: the best of some."""
    a, b = torch.randn(2, 2048, 2048, generator=generator(0, "rate")).to(device)
    watch = Stopwatch(torch.device(device))
    best, end = 0.0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = watch.now()
        a @ b
        best = max(best, 2 * 2048**3 / (watch.now() - start) / 1e12)
    return best


def report(timings: Sequence[Timing], work: dict[str, float], rates: Sequence[float]) -> str:
    """The tables: methods, parts of a step, arithmetic."""
    rate = max(rates)
    floor = sum(list(work.values())[:2]) / rate
    first = timings[0]
    per_evaluation = {t.method: t.processor_seconds / t.evaluations for t in timings}
    rows = [
        [
            t.method,
            f"{t.evaluations // t.steps}",
            f"{t.seconds / t.steps:.1f}",
            f"{t.seconds / t.evaluations:.2f}",
            f"{per_evaluation[t.method]:.2f}",
            f"{per_evaluation[first.method] / per_evaluation[t.method]:.2f}",
            f"{per_evaluation[t.method] / floor:.2f}",
            f"{t.peak_mib:.0f}",
            f"{t.peak_mib / first.peak_mib:.2f}",
        ]
        for t in timings
    ]
    methods = markdown_table(
        [
            "method", "evaluations a step", "s a step", "s an evaluation",
            "processor s an evaluation", f"times as fast as {first.method}",
            "times the floor", "peak MiB", "share",
        ],
        rows,
    )  # fmt: skip
    parts = markdown_table(
        ["method", *PARTS, "rest (gradient, fit, edit, files)"],
        [
            [
                t.method,
                *(f"{t.parts[name]:.1f}" for name in PARTS),
                f"{t.seconds - sum(t.parts[name] for name in PARTS[1:]):.1f}",
            ]
            for t in timings
        ],
    )
    counted = markdown_table(
        ["part", "TFLOP"], [[name, f"{value:.3f}"] for name, value in work.items()]
    )
    return (
        f"{methods}\n\nSeconds of all timed steps by part; `prepare`, once a picture, is before "
        f"them.\n\n{parts}\n\nCounted arithmetic, one guided evaluation or one picture. Matrix "
        f"products run at {min(rates) * 1e3:.1f} to {rate * 1e3:.1f} GFLOP/s here, so the floor is "
        f"{floor:.1f} s an evaluation.\n\n{counted}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", nargs="+", default=list(METHODS), choices=METHODS)
    parser.add_argument("--size", type=int, default=512, help="side of the picture, pixels")
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--samples", type=int, help="evaluations a step, in place of the recipe's")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--batch", type=int, default=1, help="evaluations at once")
    parser.add_argument("--full-weights", action="store_true", help="float32 weights for ours too")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--alone", choices=METHODS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.alone:
        timing = run_method(
            arguments.alone,
            arguments.size,
            arguments.steps,
            arguments.samples,
            arguments.device,
            not arguments.full_weights,
            arguments.batch,
        )
        print(json.dumps(asdict(timing)))
        return
    rates = [matmul_rate(arguments.device)]
    timings = []
    for method in arguments.method:
        command = [sys.executable, __file__, "--alone", method, *sys.argv[1:]]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        timings.append(Timing(**json.loads(done.stdout.splitlines()[-1])))
        print(timings[-1], file=sys.stderr)
    rates.append(matmul_rate(arguments.device))
    work = arithmetic(arguments.size)
    if arguments.json:
        found = {"timings": [asdict(t) for t in timings], "tflop": work, "tflop_per_s": rates}
        print(json.dumps({**provenance(), **found}))
    else:
        print(f"{provenance_lines()}\n\n{report(timings, work, rates)}")


if __name__ == "__main__":
    main()

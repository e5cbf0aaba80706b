"""The methods that ``distillation.py`` times, each in a process of its own, and what they cost.

A *prior evaluation* is the guided noise of one latent at one (t, eps): the rows of UNet and
ControlNet with the prompt and without it. It is the same for every method.
"""

from __future__ import annotations

import math
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import stable_diffusion_15 as sd15
import torch
from torch.profiler import ProfilerActivity, profile

from lasagna_relight.priors.guidance import guided
from lasagna_relight.priors.precision import Precision, precision
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
from lasagna_relight.relighting.recipes import LARGE_RECIPES, Recipe
from lasagna_relight.seeding import generator
from lasagna_relight.types import Image, Latents

METHODS = (
    "authors",
    "authors, bf16",
    "target",
    "target, fp32",
    "target, tiny",
    "faithful",
    "sds",
    "sds, tiny",
    "dds",
)
"""Ours without a dtype compute in what ``--dtype auto`` chooses; the authors in float32."""

PARTS = ("prepare", "UNet", "ControlNet", "encoder", "decoder")
KIB_PER_UNIT = 1 / 1024 if sys.platform == "darwin" else 1
SHOWN_OPERATORS = 12


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One method. Seconds are the processor's on a CPU, over all cores, and the wall's on a GPU.

    Attributes:
        method: one of ``METHODS``.
        size: side of the picture, pixels.
        dtype: in which UNet and ControlNet computed.
        steps: how many were measured.
        evaluations: of the prior, in the measured steps; may be fewer than the recipe's.
        seconds: of the measured steps.
        wall_seconds: likewise, by the clock.
        peak_mib: of the process, or on the device.
        parts: seconds by part in the measured steps; ``prepare``, once a picture, is before them.
        operators: share of the measured steps by PyTorch's operators, longest first.
    """

    method: str
    size: int
    dtype: str
    steps: int
    evaluations: int
    seconds: float
    wall_seconds: float
    peak_mib: float
    parts: dict[str, float]
    operators: dict[str, float] = field(default_factory=dict)

    @property
    def rounds(self) -> int:
        """Steps of a whole solve."""
        return recipe_of(self.method).steps

    @property
    def per_round(self) -> int:
        """Evaluations in each."""
        objective: Any = recipe_of(self.method).objective
        return objective.keywords["samples"] * (2 if recipe_of(self.method).name == "dds" else 1)

    @property
    def evaluation(self) -> float:
        """Seconds of UNet and ControlNet in one evaluation."""
        return (self.parts["UNet"] + self.parts["ControlNet"]) / self.evaluations

    @property
    def beside(self) -> float:
        """Seconds of a step beside its evaluations: codec, gradient, fit, edit, files."""
        return self.seconds / self.steps - self.evaluation * self.evaluations / self.steps

    @property
    def solve(self) -> float:
        """Seconds of a whole solve of one picture, its preparation included."""
        return self.parts["prepare"] + self.rounds * (
            self.beside + self.per_round * self.evaluation
        )

    @property
    def per_evaluation(self) -> float:
        """Seconds of a whole solve for each of its evaluations."""
        return self.solve / (self.rounds * self.per_round)


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
        dtype = self.unet.dtype
        twice, shown = (torch.cat([x, x]).to(dtype) for x in (xt, self.shown))
        both = torch.cat([t, t])
        down, middle = self.controlnet(twice, both, self.states, shown, return_dict=False)
        noise = self.unet(
            twice,
            both,
            self.states,
            down_block_additional_residuals=down,
            mid_block_additional_residual=middle,
        ).sample
        return guided(*noise.float().chunk(2), self.guidance_scale)


def recipe_of(method: str) -> Recipe:
    """The recipe of a method."""
    name = method.partition(",")[0]
    return LARGE_RECIPES["faithful" if name == "authors" else name]


def precision_of(method: str, device: torch.device) -> Precision:
    """What a method's UNet and ControlNet compute in, and their weights rest in."""
    if method == "authors":
        return precision(StableDiffusionFiles(prior="", dtype="fp32"), device)
    if "bf16" in method:
        return precision(StableDiffusionFiles(prior="", dtype="bf16"), device)
    if "fp32" in method:  # with narrow weights, as on a CPU that has no fast bfloat16
        return precision(StableDiffusionFiles(prior="", dtype="fp32", half_weights=True), device)
    return precision(StableDiffusionFiles(prior=""), device)


class Stopwatch:
    """Seconds by part, of functions that it wraps."""

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
        if self._device.type != "cuda":
            return time.process_time()
        torch.cuda.synchronize(self._device)
        return time.perf_counter()


Steps = Callable[[int], int]
"""Makes some steps, and returns the evaluations that they took."""


def run_method(
    method: str, size: int, steps: int, samples: int | None, device: str, batch: int
) -> Measurement:
    """Loads, prepares and times one method in this process.

    Args:
        method: one of ``METHODS``.
        size: side of the picture.
        steps: to be timed.
        samples: evaluations of a step, in place of the recipe's.
        device: where.
        batch: evaluations that ours computes at once.
    """
    place = torch.device(device)
    watch = Stopwatch(place)
    chosen = precision_of(method, place)
    networks = sd15.networks(weights=chosen.weights, tiny_vae="tiny" in method)
    controlnet = sd15.controlnet(weights=chosen.weights)
    source = torch.rand(1, 3, size, size, generator=generator(0, "benchmark")).to(place)
    recipe, on_gpu = recipe_of(method), place.type == "cuda"
    if "authors" in method:
        make = authors_steps(networks, controlnet, recipe, source, place, watch)
    else:
        networks = with_controlnet(networks, controlnet)
        networks = replace(networks, device=place, dtype=chosen.dtype, batch=batch)
        networks = prepare(networks, StableDiffusionFiles(prior=""), weights=chosen.weights)
        if samples is not None:
            objective: Any = recipe.objective
            recipe = replace(recipe, objective=partial(objective, samples=samples))
        make = our_steps(networks, recipe, source, watch)
    watch.wrap("UNet", networks.unet, "forward")
    watch.wrap("ControlNet", controlnet, "forward")
    watch.wrap("encoder", networks.vae, "encode")
    watch.wrap("decoder", networks.vae, "decode")
    if on_gpu:
        make(1)  # loads and chooses its kernels
    watch.seconds = dict.fromkeys(PARTS, 0.0) | {"prepare": watch.seconds["prepare"]}
    start, wall = watch.now(), time.perf_counter()
    with profile(activities=[ProfilerActivity.CPU]) as profiled:
        evaluations = make(steps)
    seconds = watch.now() - start
    if on_gpu:
        peak = torch.cuda.max_memory_allocated(place) / 2**20
    else:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB_PER_UNIT / 1024
    return Measurement(
        method=method,
        size=size,
        dtype=str(chosen.dtype).removeprefix("torch."),
        steps=steps,
        evaluations=evaluations,
        seconds=seconds,
        wall_seconds=time.perf_counter() - wall,
        peak_mib=peak,
        parts=watch.seconds,
        operators=longest_operators(profiled),
    )


def longest_operators(profiled: Any) -> dict[str, float]:
    """Shares of the profiled time by operator."""
    found = {event.key: event.self_cpu_time_total for event in profiled.key_averages()}
    total = sum(found.values())
    names = sorted(found, key=lambda name: -found[name])[:SHOWN_OPERATORS]
    return {name: found[name] / total for name in names}


def prompt_states(networks: StableDiffusionNetworks, device: torch.device) -> PromptStates:
    """States of random tokens, through the text encoder as for a prompt."""
    ids = torch.randint(0, 49408, (1, sd15.TOKENS), generator=generator(0, "tokens"))
    (encoder,) = networks.text.encoders
    with torch.no_grad():
        return PromptStates(tokens=encoder(ids)[0].float().to(device))


def authors_steps(
    networks: StableDiffusionNetworks,
    controlnet: Any,
    recipe: Recipe,
    source: Image,
    place: torch.device,
    watch: Stopwatch,
) -> Steps:
    """`faithful` as the authors run it, after its preparation."""
    for part in (networks.unet, controlnet, networks.vae):
        part.to(place)
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
        states=heard.tokens.expand(2, -1, -1).to(networks.unet.dtype),
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
    networks: StableDiffusionNetworks, recipe: Recipe, source: Image, watch: Stopwatch
) -> Steps:
    """A recipe on this package's prior, after its preparation."""
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
        kept = replace(recipe, steps=steps)
        *_, last = relight(source, prior, kept, start=start.to(source.device), generator=random)
        return last.evaluations

    return make

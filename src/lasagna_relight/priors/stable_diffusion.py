"""Stable Diffusion 1.x, 2.x and XL, with any ControlNet of theirs, as a ``DiffusionPrior``.

The ControlNet sees the untouched picture. What does not depend on the noised latents is computed
once per picture: the source's latents, the prompts' states, and the ControlNet's embedding of the
picture, which it adds to its input (exact: that part of it sees nothing else). The rest of the
ControlNet depends on latents, timestep and prompt, so nothing more of it is reused.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Literal

import torch
from diffusers import ControlNetModel, UNet2DConditionModel
from jaxtyping import Float
from torch import Tensor, nn

from lasagna_relight.errors import DivergenceError
from lasagna_relight.priors.guidance import guided
from lasagna_relight.priors.loading_errors import naming_compilation
from lasagna_relight.priors.prior_names import ControlNetRange
from lasagna_relight.priors.schedule import NoiseSchedule, Timesteps
from lasagna_relight.priors.text_encoding import PromptStates, TextEncoders
from lasagna_relight.priors.twin_rows import TwinRows
from lasagna_relight.priors.vae_codec import VaeCodec, downscaling
from lasagna_relight.types import Image, Latents

PredictionType = Literal["epsilon", "v_prediction"]
CPU = torch.device("cpu")


@dataclass(frozen=True, kw_only=True)
class StableDiffusionNetworks:
    """The networks of a large prior, shared by all pictures and prompts.

    Attributes:
        unet: predicts noise, or velocity.
        controlnet: shows it the picture, less its embedding of the picture; or None.
        control_embedding: that embedding, once per picture; or None.
        vae: an ``AutoencoderKL`` or an ``AutoencoderTiny``, in float32 whatever ``dtype`` is: in
            half precision it overflows (SDXL's), and a gain of 1 % is below its rounding.
        text: encoders of prompts; on the CPU between prompts.
        schedule: noise by timestep.
        prediction_type: what the networks predict.
        controlnet_range: "unit" shows the ControlNet [0, 1] as diffusers does, "signed" [-1, 1] as
            the authors of Lasagna do.
        swaps_channels: the ControlNet was taught blue, green, red.
        device: where the networks compute.
        dtype: in which they compute; latents stay in float32 outside them.
        offload: networks rest on the CPU and visit the device while they are used.
        batch: how many evaluations are computed at once; guidance doubles the rows.
        twins: lets the rows that guidance doubles share what comes before the prompt; or None.
        origin: what was loaded, for messages.
    """

    unet: UNet2DConditionModel
    controlnet: ControlNetModel | None
    control_embedding: nn.Module | None
    vae: Any
    text: TextEncoders
    schedule: NoiseSchedule
    prediction_type: PredictionType
    controlnet_range: ControlNetRange = "unit"
    swaps_channels: bool = False
    device: torch.device = CPU
    dtype: torch.dtype = torch.float32
    offload: bool = False
    batch: int = 4
    twins: TwinRows | None = None
    origin: str = ""

    @property
    def is_xl(self) -> bool:
        """Whether the base is SDXL, which also hears the size of the picture."""
        return self.unet.config.get("addition_embed_type") == "text_time"

    @property
    def multiple(self) -> int:
        """Sides of pictures must be multiples of this many pixels."""
        return downscaling(self.vae) * 2 ** (len(self.unet.config["block_out_channels"]) - 1)

    @property
    def resolution(self) -> int:
        """Side of the square pictures it was trained on."""
        size = self.unet.config["sample_size"]
        return (size if isinstance(size, int) else max(size)) * downscaling(self.vae)

    def working_size(self, height: int, width: int) -> tuple[int, int]:
        """Height and width of about the trained area, aspect ratio kept up to ``multiple``."""
        shrink = self.resolution / (height * width) ** 0.5
        sides = (max(1, round(side * shrink / self.multiple)) for side in (height, width))
        rows, columns = (side * self.multiple for side in sides)
        return rows, columns

    @contextmanager
    def visiting(self, *networks: nn.Module | None) -> Iterator[None]:
        """Networks on the device inside the context; with ``offload``, on the CPU after it."""
        here = [network for network in networks if network is not None] if self.offload else []
        try:
            for network in here:
                network.to(self.device)
            yield
        finally:
            for network in here:
                network.to("cpu")

    def hear(self, prompt: str) -> PromptStates:
        """The states of a prompt, on the device."""
        return self.text.encode([prompt], self.device)

    @torch.no_grad()
    def see(self, source: Image) -> Tensor | None:
        """The ControlNet's embedding of the picture, (1, C, h, w); None without ControlNet."""
        if self.controlnet is None or self.control_embedding is None:
            return None
        shown = source if self.controlnet_range == "unit" else source * 2 - 1
        if self.swaps_channels:
            shown = shown.flip(1)
        with self.visiting(self.control_embedding):
            return self.control_embedding(shown.to(self.device, self.dtype))

    def predict(self, xt: Latents, t: Timesteps, heard: PromptStates, seen: Tensor | None):
        """The networks' raw prediction for rows that each have a prompt; all in ``dtype``."""
        states = heard.tokens.to(self.dtype)
        extra: dict[str, Any] = {"encoder_hidden_states": states, "return_dict": False}
        if self.is_xl and heard.pooled is not None:
            extra["added_cond_kwargs"] = {
                "text_embeds": heard.pooled.to(self.dtype),
                "time_ids": self._size_ids(xt).to(self.dtype),
            }
        xt = xt.to(self.dtype, memory_format=torch.channels_last)
        if self.controlnet is None or seen is None:
            return self.unet(xt, t, **extra)[0]
        shown = seen.expand(len(xt), -1, -1, -1)
        down, middle = self.controlnet(xt, t, controlnet_cond=shown, **extra)
        return self.unet(
            xt,
            t,
            down_block_additional_residuals=down,
            mid_block_additional_residual=middle,
            **extra,
        )[0]

    def _size_ids(self, xt: Latents) -> Tensor:
        """SDXL's picture size, crop and target size: uncropped, of the size at hand."""
        height, width = (side * downscaling(self.vae) for side in xt.shape[-2:])
        ids = [height, width, 0, 0, height, width]
        return torch.tensor([ids], dtype=torch.float32, device=xt.device).expand(len(xt), -1)


@dataclass(frozen=True, kw_only=True)
class StableDiffusionPrior:
    """The networks told about one picture and one light: a ``DiffusionPrior``.

    Attributes:
        networks: shared.
        codec: of the picture.
        seen: the ControlNet's embedding of the picture; None without ControlNet.
        prompt: what the picture should show.
        negative: what guidance leads away from; the empty prompt in the paper.
        unlit: the prompt that says nothing of the light, for :attr:`neutral`.
        guidance_scale: diffusers convention; 1 spends no unconditional rows.
    """

    networks: StableDiffusionNetworks
    codec: VaeCodec
    seen: Tensor | None
    prompt: PromptStates
    negative: PromptStates
    unlit: PromptStates
    guidance_scale: float = 1.0

    @property
    def schedule(self) -> NoiseSchedule:
        return self.networks.schedule

    @property
    def neutral(self) -> "StableDiffusionPrior":
        """The same prior about the picture as it is, with nothing said about the light."""
        return replace(self, prompt=self.unlit)

    @torch.no_grad()
    def predict_noise(self, xt: Latents, t: Timesteps) -> Latents:
        """Guided noise, float32, conditional and unconditional rows in one batch.

        Raises:
            DivergenceError: the networks overflow in their dtype.
            PriorError: they were to be compiled, and cannot be.
        """
        networks = self.networks
        with networks.visiting(networks.unet, networks.controlnet), naming_compilation():
            answers = [
                self._guided_rows(rows, steps)
                for rows, steps in zip(
                    xt.split(networks.batch), t.split(networks.batch), strict=True
                )
            ]
        noise = torch.cat(answers)
        if not torch.isfinite(noise).all():
            kind = str(networks.dtype).removeprefix("torch.")
            raise DivergenceError(
                remedy=f"the prior's answer is not finite in {kind}: use --dtype bf16 or fp32"
            )
        return noise

    def _guided_rows(self, xt: Latents, t: Timesteps) -> Latents:
        count = len(xt)
        if self.guidance_scale == 1:
            raw = self.networks.predict(xt, t, repeated(self.prompt, count), self.seen)
            return self._as_noise(xt, raw, t)
        twice, both = torch.cat([xt, xt]), torch.cat([t, t])
        heard = followed_by(repeated(self.negative, count), repeated(self.prompt, count))
        twins = self.networks.twins
        with nullcontext() if twins is None else twins.sharing():
            raw = self.networks.predict(twice, both, heard, self.seen)
        unconditional, conditional = self._as_noise(twice, raw, both).chunk(2)
        return guided(unconditional, conditional, self.guidance_scale)

    def _as_noise(self, xt: Latents, raw: Tensor, t: Timesteps) -> Latents:
        if self.networks.prediction_type == "epsilon":
            return raw.float()
        return self.schedule.noise_from_velocity(xt, raw.float(), t)


def repeated(states: PromptStates, count: int) -> PromptStates:
    """The one row of a prompt, ``count`` times."""
    return _each(states, lambda rows: rows.expand(count, *rows.shape[1:]))


def followed_by(first: PromptStates, second: PromptStates) -> PromptStates:
    """The rows of one prompt and then those of another."""
    pooled = None
    if first.pooled is not None and second.pooled is not None:
        pooled = torch.cat([first.pooled, second.pooled])
    return PromptStates(tokens=torch.cat([first.tokens, second.tokens]), pooled=pooled)


def stable_diffusion_prior(
    networks: StableDiffusionNetworks,
    *,
    source: Float[Tensor, "1 3 height width"],
    prompt: str,
    negative: str = "",
    unlit: str = "",
    guidance_scale: float,
    brightest: float = 1.0,
) -> StableDiffusionPrior:
    """The prior of one picture and one prompt.

    Args:
        networks: of the prior.
        source: sRGB-encoded in [0, 1]; sides are multiples of ``networks.multiple``.
        prompt: what the relit picture shows.
        negative: the unconditional prompt.
        unlit: the prompt of the picture as it is.
        guidance_scale: diffusers convention.
        brightest: see :class:`VaeCodec`.
    """
    return StableDiffusionPrior(
        networks=networks,
        codec=VaeCodec(_Visitor(networks), source.to(networks.device), brightest=brightest),
        seen=networks.see(source),
        prompt=networks.hear(prompt),
        negative=networks.hear(negative),
        unlit=networks.hear(unlit),
        guidance_scale=guidance_scale,
    )


class _Visitor:
    """The autoencoder as :class:`VaeCodec` uses it, on the device while it works."""

    def __init__(self, networks: StableDiffusionNetworks) -> None:
        self._networks = networks
        self.config = networks.vae.config

    def parameters(self) -> Iterator[nn.Parameter]:
        return self._networks.vae.parameters()

    def encode(self, picture: Tensor) -> Any:
        if picture.requires_grad:  # its weights must stay until the gradient has passed
            self._networks.vae.to(self._networks.device)
            return self._networks.vae.encode(picture)
        with self._networks.visiting(self._networks.vae):
            return self._networks.vae.encode(picture)

    def decode(self, latents: Tensor) -> Any:
        with self._networks.visiting(self._networks.vae):
            return self._networks.vae.decode(latents)


def _each(states: PromptStates, change: Any) -> PromptStates:
    pooled = None if states.pooled is None else change(states.pooled)
    return PromptStates(tokens=change(states.tokens), pooled=pooled)

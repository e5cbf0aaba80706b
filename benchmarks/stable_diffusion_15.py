"""The exact architecture of Stable Diffusion 1.5 and its ControlNets, with random weights.

The configuration files of the published repository, written out: nothing is downloaded. Weights are
drawn so that activations keep their size; speed and memory do not depend on their values.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    ControlNetModel,
    DDIMScheduler,
    UNet2DConditionModel,
)
from torch import nn

from lasagna_relight.priors.schedule import NoiseSchedule
from lasagna_relight.priors.stable_diffusion import StableDiffusionNetworks
from lasagna_relight.priors.text_encoding import TextEncoders

SHAPE = {
    "in_channels": 4,
    "block_out_channels": (320, 640, 1280, 1280),
    "layers_per_block": 2,
    "cross_attention_dim": 768,
    "attention_head_dim": 8,
    "down_block_types": ("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
}
UNET = {
    **SHAPE,
    "sample_size": 64,
    "out_channels": 4,
    "up_block_types": ("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
}
VAE = {
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "block_out_channels": (128, 256, 512, 512),
    "layers_per_block": 2,
    "latent_channels": 4,
    "sample_size": 512,
    "scaling_factor": 0.18215,
}
TEXT = {
    "vocab_size": 49408,
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "projection_dim": 768,
}
SCHEDULER = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}
TOKENS = 77
DRAWS = 999_983
"""Random numbers, used over and over: a prime, so that rows of a matrix differ."""


def networks(
    *, weights: torch.dtype = torch.float32, tiny_vae: bool = False, seed: int = 0
) -> StableDiffusionNetworks:
    """UNet in ``weights``, autoencoder and text encoder in float32, on the CPU; no ControlNet."""
    from transformers import CLIPTextConfig, CLIPTextModel

    with torch.device("meta"):
        unet = UNet2DConditionModel(**UNET).to(weights)
        vae: Any = AutoencoderTiny() if tiny_vae else AutoencoderKL(**VAE)
        text = CLIPTextModel(CLIPTextConfig(**TEXT))
    for part in (unet, vae, text):
        fill(part, seed)
    return StableDiffusionNetworks(
        unet=unet,
        controlnet=None,
        control_embedding=None,
        vae=vae,
        text=TextEncoders(tokenizers=[None], encoders=[text]),
        schedule=NoiseSchedule.from_scheduler(DDIMScheduler(**SCHEDULER)),
        prediction_type="epsilon",
        origin="random weights in the architecture of Stable Diffusion 1.5",
    )


def controlnet(*, weights: torch.dtype = torch.float32, seed: int = 1) -> ControlNetModel:
    """A ControlNet of that base, its zero convolutions filled too."""
    with torch.device("meta"):
        network = ControlNetModel(**SHAPE).to(weights)
    return fill(network, seed)


def fill(network: Any, seed: int) -> Any:
    """Memory and random values for a network built on the meta device."""
    network.to_empty(device="cpu")
    draws = torch.randn(DRAWS, generator=torch.Generator().manual_seed(seed))
    for module in network.modules():
        own = dict(module.named_parameters(recurse=False))
        for name, parameter in own.items():
            if parameter.dim() > 1:
                fan_in = parameter[0].numel()
                for part in parameter.detach().view(-1).split(DRAWS):
                    part.copy_(draws[: len(part)] * (0.5 / math.sqrt(fan_in)))
            else:
                nn.init.constant_(parameter, 1.0 if name == "weight" else 0.0)
        for name, buffer in module.named_buffers(recurse=False):
            if buffer.dtype == torch.int64:  # positions of CLIP's tokens
                buffer.copy_(torch.arange(buffer.numel()).view_as(buffer))
            else:
                raise AssertionError(f"no value is known for the buffer {name}")
    return network.eval().requires_grad_(False)

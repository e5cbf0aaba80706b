"""Loading Stable Diffusion and its ControlNet from what a user names."""

from dataclasses import replace
from typing import Any

import torch
from diffusers import AutoencoderTiny, ControlNetModel, UNet2DConditionModel
from torch import nn

from lasagna_relight.errors import PriorError
from lasagna_relight.priors.base_model import BaseModel, load_base_model, load_controlnet
from lasagna_relight.priors.checkpoints import load_part, locate
from lasagna_relight.priors.half_weights import rest_in_half
from lasagna_relight.priors.heap import keep_large_blocks_apart
from lasagna_relight.priors.precision import Precision, precision
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.stable_diffusion import PredictionType, StableDiffusionNetworks
from lasagna_relight.priors.twin_rows import TwinRows

BASE_MARKS = (
    "cross_attention_dim", "block_out_channels", "in_channels", "addition_embed_type",
    "layers_per_block",
)  # fmt: skip
"""What a ControlNet shares with the base it was made from."""

PREDICTIONS: dict[str, PredictionType] = {"epsilon": "epsilon", "v": "v_prediction"}
"""What ``StableDiffusionFiles.prediction`` is called in diffusers, where it says anything."""

SMALL_BATCH, LARGE_BATCH = 2, 4
"""Evaluations at once on a CPU, where more rows are no faster, and elsewhere."""


def load_stable_diffusion(
    files: StableDiffusionFiles, device: str = "cpu"
) -> StableDiffusionNetworks:
    """The networks, ready to predict on ``device``.

    Raises:
        PriorError: something is missing, pickled, of another kind or of another base.
        MemoryShortageError: they do not fit.
    """
    place = torch.device(device)
    chosen = precision(files, place)
    model = locate(files.prior, allow_pickle=files.allow_pickle)
    base = load_base_model(model, chosen.weights, files.base)
    controlnet = tiny_vae = None
    if files.controlnet is not None:
        named = locate(files.controlnet, allow_pickle=files.allow_pickle)
        controlnet = load_controlnet(named, chosen.weights, base.unet)
    if files.tiny_vae is not None:
        tiny = locate(files.tiny_vae, allow_pickle=files.allow_pickle)
        tiny_vae = load_part(AutoencoderTiny, tiny, "", torch.float32)
    return joined(base, controlnet, tiny_vae, files, place, chosen)


def joined(
    base: BaseModel,
    controlnet: ControlNetModel | None,
    tiny_vae: AutoencoderTiny | None,
    files: StableDiffusionFiles,
    device: torch.device,
    chosen: Precision,
) -> StableDiffusionNetworks:
    """The parts as one, ready to predict.

    Args:
        base: with its UNet in ``chosen.weights``.
        controlnet: likewise; or None.
        tiny_vae: in place of the autoencoder; or None.
        files: what was loaded, and how it shall compute.
        device: where.
        chosen: the numbers.

    Raises:
        PriorError: a part belongs to another base.
    """
    networks = StableDiffusionNetworks(
        unet=base.unet,
        controlnet=None,
        control_embedding=None,
        vae=base.vae,
        text=base.text,
        schedule=base.schedule,
        prediction_type=PREDICTIONS.get(files.prediction)
        or base.scheduler.config["prediction_type"],
        controlnet_range=files.controlnet_range,
        device=device,
        dtype=chosen.dtype,
        offload=files.offload,
        batch=files.batch or (SMALL_BATCH if device.type == "cpu" else LARGE_BATCH),
        origin=files.prior,
    )
    if files.controlnet is not None and controlnet is not None:
        _refuse_another_base(files.controlnet, controlnet, networks.unet)
        networks = with_controlnet(networks, controlnet)
    if tiny_vae is not None:
        if tiny_vae.config["latent_channels"] != networks.vae.config["latent_channels"]:
            raise PriorError(f"{files.tiny_vae}: its latents are not those of {files.prior}")
        networks = replace(networks, vae=tiny_vae)
    return prepare(networks, files, weights=chosen.weights)


def with_controlnet(
    networks: StableDiffusionNetworks, controlnet: ControlNetModel
) -> StableDiffusionNetworks:
    """The networks with a ControlNet, whose embedding of the picture is taken out of it.

    The embedding is added to the input and sees nothing but the picture, so it is the same at
    every timestep; the ControlNet is left to add what it is given.
    """
    embedding = controlnet.controlnet_cond_embedding
    order = controlnet.config["controlnet_conditioning_channel_order"]
    controlnet.controlnet_cond_embedding = nn.Identity()  # pyright: ignore[reportAttributeAccessIssue]
    if order == "bgr":  # `StableDiffusionNetworks.see` turns the picture, not its embedding
        controlnet.register_to_config(controlnet_conditioning_channel_order="rgb")
    return replace(
        networks,
        controlnet=controlnet,
        control_embedding=embedding,
        swaps_channels=order == "bgr",
    )


def _refuse_another_base(
    name: str, controlnet: ControlNetModel, unet: UNet2DConditionModel
) -> None:
    for mark in BASE_MARKS:
        own, wanted = (_plain(part.config.get(mark)) for part in (controlnet, unet))
        if own != wanted:
            raise PriorError(
                f"{name}: a ControlNet of another base ({mark} {own}, the prior's is {wanted}): "
                "give one that was trained on this prior"
            )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else value


def prepare(
    networks: StableDiffusionNetworks, files: StableDiffusionFiles, *, weights: torch.dtype
) -> StableDiffusionNetworks:
    """Memory format, casting, slicing, compilation and place, in this order.

    Args:
        networks: as they were loaded.
        files: how they shall compute.
        weights: in which those of UNet and ControlNet rest; where they are narrow, those of the
            text encoders rest in float16.
    """
    home = torch.device("cpu") if files.offload else networks.device
    if home.type == "cpu":
        keep_large_blocks_apart()
    both = [network for network in (networks.unet, networks.controlnet) if network is not None]
    twins = TwinRows(*both)
    for network in both:
        if weights != networks.dtype:
            rest_in_half(network, networks.dtype)
        network.to(home, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue, reportArgumentType]
        if files.attention_slicing:
            network.set_attention_slice("max")
        if files.compile:
            network.compile(dynamic=False)
    if networks.control_embedding is not None:
        embedding = networks.control_embedding
        embedding.to(networks.dtype)
        embedding.to(home, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    if weights != torch.float32:
        for encoder in networks.text.encoders:
            rest_in_half(encoder, torch.float32)
    for layer in networks.vae.decoder.modules():
        if isinstance(layer, nn.SiLU):  # decoding keeps no gradient, and these follow a norm
            layer.inplace = True
    networks.vae.to(home, memory_format=torch.channels_last)
    return replace(networks, twins=twins)

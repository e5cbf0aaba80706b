"""Loading Stable Diffusion and its ControlNet from what a user names."""

from dataclasses import replace
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

from lasagna_relight.errors import PriorError
from lasagna_relight.priors.checkpoints import (
    Checkpoint,
    load_part,
    locate,
    one_line_errors,
    read_config,
)
from lasagna_relight.priors.prior_names import Precision, StableDiffusionFiles
from lasagna_relight.priors.schedule import NoiseSchedule
from lasagna_relight.priors.stable_diffusion import StableDiffusionNetworks
from lasagna_relight.priors.text_encoding import load_text_encoders, require_transformers

DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
BASE_MARKS = (
    "cross_attention_dim", "block_out_channels", "in_channels", "addition_embed_type",
    "layers_per_block",
)  # fmt: skip
"""What a ControlNet shares with the base it was made from."""


def load_stable_diffusion(
    files: StableDiffusionFiles, device: str = "cpu"
) -> StableDiffusionNetworks:
    """The networks, ready to predict on ``device``.

    Raises:
        PriorError: something is missing, pickled, of another kind or of another base.
        MemoryShortageError: they do not fit.
    """
    require_transformers()
    place = torch.device(device)
    dtype = computing_dtype(files.dtype, place)
    half = files.half_weights and dtype == torch.float32
    stored = torch.float16 if half else dtype
    model = locate(files.prior, allow_pickle=files.allow_pickle)
    parts = (
        _from_single_file(model, files, stored) if model.is_file else _from_folder(model, stored)
    )
    networks = replace(
        parts,
        controlnet_range=files.controlnet_range,
        device=place,
        dtype=dtype,
        offload=files.offload,
        batch=files.batch,
        origin=files.prior,
    )
    if files.controlnet is not None:
        controlnet = _load_controlnet(files, stored)
        _refuse_another_base(files.controlnet, controlnet, networks.unet)
        networks = with_controlnet(networks, controlnet)
    if files.tiny_vae is not None:
        tiny = locate(files.tiny_vae, allow_pickle=files.allow_pickle)
        vae = load_part(AutoencoderTiny, tiny, "", torch.float32)
        if vae.config["latent_channels"] != networks.vae.config["latent_channels"]:
            raise PriorError(f"{files.tiny_vae}: its latents are not those of {files.prior}")
        networks = replace(networks, vae=vae)
    prepare(networks, files, half=half)
    return networks


def computing_dtype(precision: Precision, device: torch.device) -> torch.dtype:
    """The dtype that ``precision`` means on ``device``."""
    if precision != "auto":
        return DTYPES[precision]
    if device.type == "cpu":
        return torch.float32
    if device.type == "cuda" and not torch.cuda.is_bf16_supported():
        return torch.float16
    return torch.bfloat16


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


def schedule_of(config: dict[str, Any], name: str) -> tuple[NoiseSchedule, Any]:
    """The noise schedule of a scheduler's configuration, whatever its class, and what it predicts.

    Raises:
        PriorError: it predicts neither noise nor velocity.
    """
    kept = {key: value for key, value in config.items() if not key.startswith("_")}
    known = {key: kept[key] for key in DDIMScheduler().config if key in kept}
    prediction = kept.get("prediction_type", "epsilon")
    if prediction not in ("epsilon", "v_prediction"):
        raise PriorError(f"{name}: predicts {prediction}: give one that predicts noise or velocity")
    return NoiseSchedule.from_scheduler(DDIMScheduler(**known)), prediction


def _from_folder(model: Checkpoint, stored: torch.dtype) -> StableDiffusionNetworks:
    folder = model.path
    for part in ("unet", "vae", "scheduler"):
        if not (folder / part).is_dir():
            raise PriorError(
                f"{folder}: no {part}/ in it: give a folder of Stable Diffusion in diffusers layout"
            )
    config = read_config(folder / "scheduler", "scheduler_config.json")
    schedule, prediction = schedule_of(config, str(folder))
    unet = load_part(UNet2DConditionModel, model, "unet", stored)
    text = load_text_encoders(model)
    wanted = unet.config["cross_attention_dim"]
    if text.width != wanted:
        raise PriorError(f"{folder}: text encoder of width {text.width} for a UNet of {wanted}")
    return StableDiffusionNetworks(
        unet=unet,
        controlnet=None,
        control_embedding=None,
        vae=load_part(AutoencoderKL, model, "vae", torch.float32),
        text=text,
        schedule=schedule,
        prediction_type=prediction,
    )


def _from_single_file(
    model: Checkpoint, files: StableDiffusionFiles, stored: torch.dtype
) -> StableDiffusionNetworks:
    """The original layout, read by diffusers; the shape of the parts comes from ``base``."""
    from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline

    from lasagna_relight.priors.text_encoding import TextEncoders

    settings: dict[str, Any] = {"torch_dtype": stored}
    kind: Any = StableDiffusionPipeline
    if files.base is not None:
        base = locate(files.base)
        index = read_config(base.path, "model_index.json")
        kind = StableDiffusionXLPipeline if "XL" in index["_class_name"] else kind
        settings |= {"config": str(base.path), "local_files_only": True}
    try:
        with one_line_errors(str(model.path)):
            pipeline = kind.from_single_file(
                str(model.path), safety_checker=None, feature_extractor=None, **settings
            )
    except PriorError as error:
        if files.base is not None:
            raise
        raise PriorError(
            f"{error}: a single file holds no configuration: name a folder that does by --base"
        ) from error
    schedule, prediction = schedule_of(dict(pipeline.scheduler.config), model.name)
    names = [name for name in ("text_encoder", "text_encoder_2") if hasattr(pipeline, name)]
    text = TextEncoders(
        tokenizers=[getattr(pipeline, name.replace("text_encoder", "tokenizer")) for name in names],
        encoders=[getattr(pipeline, name).float().eval().requires_grad_(False) for name in names],
    )
    return StableDiffusionNetworks(
        unet=pipeline.unet.eval().requires_grad_(False),
        controlnet=None,
        control_embedding=None,
        vae=pipeline.vae.float().eval().requires_grad_(False),
        text=text,
        schedule=schedule,
        prediction_type=prediction,
    )


def _load_controlnet(files: StableDiffusionFiles, stored: torch.dtype) -> ControlNetModel:
    assert files.controlnet is not None
    model = locate(files.controlnet, allow_pickle=files.allow_pickle)
    if not model.is_file:
        nested = "controlnet" if (model.path / "controlnet" / "config.json").is_file() else ""
        return load_part(ControlNetModel, model, nested, stored)
    settings: dict[str, Any] = {"torch_dtype": stored}
    with one_line_errors(str(model.path)):
        controlnet: Any = ControlNetModel.from_single_file(str(model.path), **settings)
    return controlnet.eval().requires_grad_(False)


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


def prepare(networks: StableDiffusionNetworks, files: StableDiffusionFiles, *, half: bool) -> None:
    """Memory format, casting, slicing, compilation and place, in this order."""
    home = torch.device("cpu") if files.offload else networks.device
    for network in (networks.unet, networks.controlnet):
        if network is None:
            continue
        if half:
            _keep_weights_in_half(network, networks.dtype)
        network.to(home, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue, reportArgumentType]
        if files.attention_slicing:
            network.set_attention_slice("max")
        if files.compile:
            network.compile(dynamic=False)
    if networks.control_embedding is not None:
        embedding = networks.control_embedding
        embedding.to(networks.dtype)
        embedding.to(home, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    networks.vae.to(home, memory_format=torch.channels_last)


def _keep_weights_in_half(network: Any, dtype: torch.dtype) -> None:
    """Layers keep float16 weights and widen them while they compute; the rest is widened now."""
    network.enable_layerwise_casting(storage_dtype=torch.float16, compute_dtype=dtype)
    for module in network.modules():
        hooks = getattr(module, "_diffusers_hook", None)
        if hooks is None or hooks.get_hook("layerwise_casting") is None:
            for parameter in module.parameters(recurse=False):
                parameter.data = parameter.data.to(dtype)

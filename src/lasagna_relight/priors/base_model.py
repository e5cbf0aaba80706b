"""Stable Diffusion as it was published: UNet, autoencoder, text encoders and schedule, frozen.

Read from a folder in diffusers layout, or from one file in the original layout, which diffusers
translates; priors and the training of ControlNets both start here.
"""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, ControlNetModel, DDIMScheduler, UNet2DConditionModel

from lasagna_relight.errors import PriorError
from lasagna_relight.priors.checkpoints import Checkpoint, load_part, locate, read_config, whole
from lasagna_relight.priors.loading_errors import diffusers_silenced, one_line_errors
from lasagna_relight.priors.schedule import NoiseSchedule
from lasagna_relight.priors.single_files import generation_of, recognized, recognized_controlnet
from lasagna_relight.priors.text_encoding import (
    TextEncoders,
    load_text_encoders,
    require_transformers,
    transformers_silenced,
)


@dataclass(frozen=True, kw_only=True)
class BaseModel:
    """The parts of one Stable Diffusion, on the CPU.

    Attributes:
        unet: an ``UNet2DConditionModel`` in the dtype that was asked for.
        vae: an ``AutoencoderKL`` in float32.
        text: its text encoders, in float32.
        scheduler: its noise schedule and what the UNet predicts, whatever sampler came with it.
    """

    unet: Any
    vae: Any
    text: TextEncoders
    scheduler: Any

    @property
    def schedule(self) -> NoiseSchedule:
        """Noise by timestep."""
        return NoiseSchedule.from_scheduler(self.scheduler)


def load_base_model(model: Checkpoint, dtype: torch.dtype, config: str | None = None) -> BaseModel:
    """All parts of ``model``, the UNet in ``dtype``.

    Args:
        model: a folder, or a single file.
        dtype: of the UNet's weights.
        config: folder or hub id that a single file takes its configuration and tokenizer from.

    Raises:
        PriorError: something is missing, pickled or of another kind, or transformers is not
            installed.
        MemoryShortageError: it does not fit.
    """
    require_transformers()
    if model.is_file:
        return _from_single_file(model, dtype, config)
    return _from_folder(model, dtype)


def ddim_of(config: dict[str, Any], name: str) -> Any:
    """A ``DDIMScheduler`` of a scheduler's configuration, whatever its class.

    Raises:
        PriorError: it predicts neither noise nor velocity.
    """
    kept = {key: value for key, value in config.items() if not key.startswith("_")}
    prediction = kept.get("prediction_type", "epsilon")
    if prediction not in ("epsilon", "v_prediction"):
        raise PriorError(f"{name}: predicts {prediction}: give one that predicts noise or velocity")
    return DDIMScheduler(**{key: kept[key] for key in DDIMScheduler().config if key in kept})


def load_controlnet(model: Checkpoint, dtype: torch.dtype, unet: Any) -> ControlNetModel:
    """A ControlNet of ``unet``, from a folder, from ``controlnet/`` in one, or from a single file.

    A single file holds no configuration: its layers are those of the UNet.

    Raises:
        PriorError: something is missing, pickled, of another kind or of another base.
        MemoryShortageError: it does not fit.
    """
    if not model.is_file:
        nested = "" if controlnet_folder(model) == model.path else "controlnet"
        return load_part(ControlNetModel, model, nested, dtype)
    found, wanted = recognized_controlnet(model), generation_of(unet.config)
    if found is not None and found != wanted:
        raise PriorError(
            f"{model.name}: a ControlNet of another base (Stable Diffusion {found}, the prior is "
            f"{wanted}): give one that was trained on this prior"
        )
    shape = controlnet_shape(unet)
    with (
        tempfile.TemporaryDirectory() as folder,
        one_line_errors(str(model.path)),
        diffusers_silenced(),
    ):
        (Path(folder) / "config.json").write_text(json.dumps(shape))
        loading: Any = ControlNetModel.from_single_file
        network = loading(str(model.path), config=folder, local_files_only=True, torch_dtype=dtype)
    return whole(network, str(model.path))


def controlnet_folder(model: Checkpoint) -> Path:
    """Where in a folder the ControlNet is: in ``controlnet/``, or the folder itself."""
    nested = model.path / "controlnet"
    return nested if (nested / "config.json").is_file() else model.path


def controlnet_shape(unet: Any) -> dict[str, Any]:
    """The configuration of a ControlNet of ``unet``."""
    with torch.device("meta"):
        shape = ControlNetModel.from_unet(unet, load_weights_from_unet=False).config
    return {name: value for name, value in shape.items() if not name.startswith("_")}


def _from_folder(model: Checkpoint, dtype: torch.dtype) -> BaseModel:
    folder = model.path
    for part in ("unet", "vae", "scheduler"):
        if not (folder / part).is_dir():
            raise PriorError(
                f"{folder}: no {part}/ in it: give a folder of Stable Diffusion in diffusers layout"
            )
    scheduler = ddim_of(read_config(folder / "scheduler", "scheduler_config.json"), str(folder))
    unet = load_part(UNet2DConditionModel, model, "unet", dtype)
    text = load_text_encoders(model)
    wanted = unet.config["cross_attention_dim"]
    if text.width != wanted:
        raise PriorError(f"{folder}: text encoder of width {text.width} for a UNet of {wanted}")
    vae = load_part(AutoencoderKL, model, "vae", torch.float32)
    return BaseModel(unet=unet, vae=vae, text=text, scheduler=scheduler)


def _from_single_file(model: Checkpoint, dtype: torch.dtype, config: str | None) -> BaseModel:
    with transformers_silenced():  # which these bring
        from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline
    found = recognized(model)
    settings: dict[str, Any] = {"torch_dtype": dtype}
    is_xl = found is not None and found.generation == "XL"
    if config is not None:
        folder = locate(config, weights=False).path
        generation = generation_of(read_config(folder / "unet", "config.json"))
        if found is not None and generation != found.generation:
            raise PriorError(
                f"{model.name}: is Stable Diffusion {found.generation}, and --base {config} is of "
                f"{generation}: name a folder of its kind"
            )
        is_xl = generation == "XL"
        settings |= {"config": str(folder), "local_files_only": True}
    kind: Any = StableDiffusionXLPipeline if is_xl else StableDiffusionPipeline
    if kind is StableDiffusionPipeline:
        settings |= {"safety_checker": None, "feature_extractor": None}
    try:
        with one_line_errors(model.name), diffusers_silenced(), transformers_silenced():
            pipeline = kind.from_single_file(str(model.path), **settings)
    except PriorError as error:
        if config is not None:
            raise
        raise PriorError(
            f"{error}: a single file holds no configuration: name a folder that does by --base"
        ) from error
    scheduler = dict(pipeline.scheduler.config)
    if found is not None and found.prediction is not None:
        scheduler["prediction_type"] = found.prediction
    names = [name for name in ("text_encoder", "text_encoder_2") if hasattr(pipeline, name)]
    return BaseModel(
        unet=whole(pipeline.unet, model.name),
        vae=whole(pipeline.vae.float(), model.name),
        text=TextEncoders(
            tokenizers=[
                getattr(pipeline, name.replace("text_encoder", "tokenizer")) for name in names
            ],
            encoders=[whole(getattr(pipeline, name).float(), model.name) for name in names],
        ),
        scheduler=ddim_of(scheduler, model.name),
    )

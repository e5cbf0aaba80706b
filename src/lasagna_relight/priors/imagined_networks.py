"""The networks of a prior from its configuration files alone; no file of weights is opened.

To be built inside :func:`lasagna_relight.priors.imagined_memory.imagined`, where they take no
memory.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    ControlNetModel,
    DDIMScheduler,
    UNet2DConditionModel,
)

from lasagna_relight.errors import PriorError
from lasagna_relight.priors.base_model import (
    BaseModel,
    controlnet_folder,
    controlnet_shape,
    ddim_of,
)
from lasagna_relight.priors.checkpoints import Checkpoint, locate, read_config, refuse_another_kind
from lasagna_relight.priors.embedded import EmbeddedNetworks
from lasagna_relight.priors.loading_errors import diffusers_silenced, one_line_errors
from lasagna_relight.priors.precision import precision
from lasagna_relight.priors.predictor import CONFIG_NAME, Predictor, predictor_of
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.stable_diffusion import StableDiffusionNetworks
from lasagna_relight.priors.stable_diffusion_files import joined
from lasagna_relight.priors.text_encoding import TEXT_ENCODERS, TextEncoders, require_transformers


def imagined_stable_diffusion(
    files: StableDiffusionFiles, device: str = "cpu"
) -> StableDiffusionNetworks:
    """The networks as `load_stable_diffusion` would load them; uncompiled.

    Raises:
        PriorError: a configuration is missing or of another kind; a single file has none, and its
            ``base`` is needed.
    """
    place = torch.device(device)
    chosen = precision(files, place)
    base = _base(_configured(files.prior, files), chosen.weights)
    controlnet = tiny_vae = None
    if files.controlnet is not None:
        named = locate(files.controlnet, allow_pickle=files.allow_pickle, weights=False)
        controlnet = _controlnet(named, base.unet, chosen.weights)
    if files.tiny_vae is not None:
        tiny = locate(files.tiny_vae, allow_pickle=files.allow_pickle, weights=False)
        tiny_vae = _part(AutoencoderTiny, tiny.path)
    return joined(base, controlnet, tiny_vae, replace(files, compile=False), place, chosen)


def imagined_embedded(folder: Path) -> EmbeddedNetworks:
    """The embedded prior's networks as `load_networks` would load them.

    Raises:
        PriorError: a configuration is missing or of another kind.
    """
    scheduler: Any = DDIMScheduler.from_config(
        read_config(folder / "scheduler", "scheduler_config.json")
    )
    with one_line_errors(str(folder)):
        return EmbeddedNetworks(
            _part(UNet2DConditionModel, folder / "unet"),
            _part(ControlNetModel, folder / "controlnet"),
            scheduler,
        ).requires_grad_(False)


def imagined_predictor(folder: Path) -> Predictor:
    """The predictor as `load_predictor` would load it.

    Raises:
        PriorError: its configuration is missing or of another kind.
    """
    with one_line_errors(str(folder)):
        return predictor_of(read_config(folder, CONFIG_NAME)).eval().requires_grad_(False)


def _configured(name: str, files: StableDiffusionFiles) -> Checkpoint:
    """The folder that holds the configuration of what is named."""
    model = locate(name, allow_pickle=files.allow_pickle, weights=False)
    if not model.is_file:
        return model
    if files.base is None:
        raise PriorError(f"{name}: a single file holds no configuration: name a folder by --base")
    return locate(files.base, weights=False)


def _base(model: Checkpoint, dtype: torch.dtype) -> BaseModel:
    folder = model.path
    transformers = require_transformers()
    encoders = []
    for subfolder, kind in TEXT_ENCODERS.items():
        if not (folder / subfolder).is_dir():
            continue
        config = transformers.CLIPTextConfig(**read_config(folder / subfolder, "config.json"))
        with one_line_errors(str(folder / subfolder)):
            encoders.append(getattr(transformers, kind)(config).eval().requires_grad_(False))
    return BaseModel(
        unet=_part(UNet2DConditionModel, folder / "unet", dtype),
        vae=_part(AutoencoderKL, folder / "vae"),
        text=TextEncoders(tokenizers=[blank_tokens] * len(encoders), encoders=encoders),
        scheduler=ddim_of(read_config(folder / "scheduler", "scheduler_config.json"), str(folder)),
    )


def _controlnet(model: Checkpoint, unet: Any, dtype: torch.dtype) -> Any:
    if not model.is_file:
        return _part(ControlNetModel, controlnet_folder(model), dtype)
    kind: Any = ControlNetModel
    with diffusers_silenced():
        network = kind.from_config(controlnet_shape(unet)).to(dtype)
    return network.eval().requires_grad_(False)


def _part(kind: Any, folder: Path, dtype: torch.dtype = torch.float32) -> Any:
    config = read_config(folder, "config.json")
    refuse_another_kind(folder, config, kind)
    with one_line_errors(str(folder)), diffusers_silenced():
        return kind.from_config(config).to(dtype).eval().requires_grad_(False)


@dataclass(frozen=True, kw_only=True)
class _Tokens:
    input_ids: torch.Tensor


def blank_tokens(prompts: list[str], *, max_length: int, **_: Any) -> _Tokens:
    """What a tokenizer gives, of any words: memory does not depend on them."""
    return _Tokens(input_ids=torch.zeros(len(prompts), max_length, dtype=torch.long))

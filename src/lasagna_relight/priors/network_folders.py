"""A UNet, a ControlNet and a scheduler in a folder of diffusers layout: this project's priors."""

from pathlib import Path
from typing import Any

import torch
from diffusers import ControlNetModel, DDIMScheduler, UNet2DConditionModel

from lasagna_relight.errors import PriorError

PARTS = {
    "unet": UNet2DConditionModel,
    "controlnet": ControlNetModel,
    "scheduler": DDIMScheduler,
}


def save_parts(
    unet: UNet2DConditionModel,
    controlnet: ControlNetModel,
    scheduler: DDIMScheduler,
    folder: Path,
) -> None:
    """Writes the parts into ``folder``, weights as half-precision safetensors."""
    for name, part in (("unet", unet), ("controlnet", controlnet)):
        halves: Any = type(part).from_config(part.config)
        halves.half()
        halves.load_state_dict(part.state_dict())
        halves.save_pretrained(folder / name)
    scheduler.save_pretrained(folder / "scheduler")


def load_parts(folder: Path, *, kind: str, docs: str) -> dict[str, Any]:
    """The parts in ``folder`` by name, weights in float32.

    Args:
        folder: of `save_parts`.
        kind: what the folder should be, as "prior", for the error.
        docs: the page that tells how one is made.

    Raises:
        PriorError: a part is missing or cannot be loaded.
    """
    return {name: _load_part(folder, name, kind, docs) for name in PARTS}


def _load_part(folder: Path, name: str, kind: str, docs: str) -> Any:
    files = {"scheduler": ["scheduler_config.json"]}.get(
        name, ["config.json", "diffusion_pytorch_model.safetensors"]
    )
    for file in files:
        if not (folder / name / file).is_file():
            raise PriorError(
                f"{folder} is no {kind}, {name}/{file} is missing: see {docs}, or leave --prior out"
            )
    try:
        if name == "scheduler":
            return PARTS[name].from_pretrained(folder / name)
        return PARTS[name].from_pretrained(
            folder / name, use_safetensors=True, torch_dtype=torch.float32, low_cpu_mem_usage=False
        )
    except Exception as error:
        reason = str(error).splitlines()[0]
        raise PriorError(f"{folder}: {name} cannot be loaded ({reason})") from error

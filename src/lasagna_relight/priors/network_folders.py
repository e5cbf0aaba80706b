"""A UNet, a ControlNet and a scheduler in a folder of diffusers layout: this project's priors."""

from pathlib import Path
from typing import Any

from diffusers import ControlNetModel, DDIMScheduler, UNet2DConditionModel

from lasagna_relight.errors import PriorError
from lasagna_relight.priors.weight_files import Bits, read_weights, weights_at, write_weights

WEIGHTS_NAME = "diffusion_pytorch_model.safetensors"

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
    *,
    bits: Bits = 16,
) -> None:
    """Writes the parts into ``folder``; see `weight_files` for ``bits``.

    diffusers reads what has 16 bits, 8 are read by `load_parts` alone.
    """
    for name, part in (("unet", unet), ("controlnet", controlnet)):
        part.save_config(folder / name)
        write_weights(part.state_dict(), folder / name / WEIGHTS_NAME, bits=bits, force=True)
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
    files = {"scheduler": ["scheduler_config.json"]}.get(name, ["config.json", WEIGHTS_NAME])
    for file in files:
        if not weights_at(folder / name / file).is_file():
            raise PriorError(
                f"{folder} is no {kind}, {name}/{file} is missing: see {docs}, or leave --prior out"
            )
    try:
        if name == "scheduler":
            return PARTS[name].from_pretrained(folder / name)
        network = PARTS[name].from_config(PARTS[name].load_config(folder / name))
        network.load_state_dict(read_weights(folder / name / WEIGHTS_NAME))
        return network.eval()
    except Exception as error:
        reason = str(error).splitlines()[0]
        raise PriorError(f"{folder}: {name} cannot be loaded ({reason})") from error

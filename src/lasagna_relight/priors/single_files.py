"""What one file of safetensors in the original layout holds, told by its header alone.

The names are those of CompVis' and Stability AI's code. A header names every tensor and its shape;
no weight is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from safetensors import SafetensorError, safe_open

from lasagna_relight.errors import PriorError
from lasagna_relight.priors.checkpoints import Checkpoint
from lasagna_relight.priors.schedule import Prediction

Generation = Literal["1.x", "2.x", "XL"]

UNET = "model.diffusion_model."
VAE = "first_stage_model."
INPUT = f"{UNET}input_blocks.0.0.weight"
LATENT_CHANNELS = 4
"""More at the input of a UNet are a mask, a depth or a picture to be edited."""

TEXT_ENCODERS: dict[str, Generation] = {
    "cond_stage_model.transformer.": "1.x",
    "cond_stage_model.model.": "2.x",
    "conditioner.embedders.1.": "XL",
}
OTHERS = {
    "lora_": "a LoRA: merge it into a base first",
    "conditioner.embedders.0.model.": "the refiner of Stable Diffusion XL: give its base",
    "control_model.": "a ControlNet: give it by --controlnet",
    "input_hint_block.": "a ControlNet: give it by --controlnet",
    "joint_blocks.": "Stable Diffusion 3: give 1.x, 2.x or XL",
    f"{UNET}joint_blocks.": "Stable Diffusion 3: give 1.x, 2.x or XL",
    "double_blocks.": "a transformer such as Flux: give Stable Diffusion 1.x, 2.x or XL",
    f"{UNET}double_blocks.": "a transformer such as Flux: give Stable Diffusion 1.x, 2.x or XL",
    "down_blocks.": "one part in diffusers layout: give the folder of all parts",
    "text_model.": "one part in diffusers layout: give the folder of all parts",
    "encoder.": "an autoencoder alone: give a whole checkpoint",
}
"""First names of files that are no base, and what they are."""

SAYS_PREDICTION = "modelspec.prediction_type"
"""Where the metadata of a file may say what it predicts (Stability AI's ModelSpec)."""
VELOCITY = "v_pred"
"""An empty tensor of this name marks a file that predicts velocity."""


@dataclass(frozen=True, kw_only=True)
class SingleFile:
    """A base in one file.

    Attributes:
        generation: of Stable Diffusion.
        prediction: what its UNet predicts, where the file says so; its weights do not.
    """

    generation: Generation
    prediction: Prediction | None


def recognized(model: Checkpoint) -> SingleFile | None:
    """What kind of base a file is; None of a pickle, which has no header.

    Raises:
        PriorError: it is truncated, no base, or a base that this package cannot use.
    """
    if model.path.suffix != ".safetensors":
        return None
    shapes, said = _header(model)
    marks = [stem for stem in TEXT_ENCODERS if _has(shapes, stem)]
    generation = TEXT_ENCODERS[marks[0]] if marks else None
    if INPUT not in shapes or generation is None:
        kind = next((kind for stem, kind in OTHERS.items() if _has(shapes, stem)), None)
        raise PriorError(f"{model.name}: {_no_base(shapes) if kind is None else f'is {kind}'}")
    if not _has(shapes, VAE):
        raise PriorError(f"{model.name}: holds no autoencoder: give a whole checkpoint")
    channels = shapes[INPUT][1]
    if channels != LATENT_CHANNELS:
        raise PriorError(
            f"{model.name}: its UNet takes {channels} channels (inpainting, depth or editing): "
            f"give a text-to-image checkpoint, which takes {LATENT_CHANNELS}"
        )
    says = said.get(SAYS_PREDICTION, "v" if VELOCITY in shapes else "")
    prediction: Prediction | None = None
    if says.startswith("v"):
        prediction = "v_prediction"
    elif says == "epsilon":
        prediction = "epsilon"
    return SingleFile(generation=generation, prediction=prediction)


def recognized_controlnet(model: Checkpoint) -> Generation | None:
    """Of which generation's base the ControlNet in a file is; None of a pickle.

    Raises:
        PriorError: it is truncated, or no ControlNet that this package can use.
    """
    if model.path.suffix != ".safetensors":
        return None
    shapes, _ = _header(model)
    if "lora_controlnet" in shapes:
        raise PriorError(f"{model.name}: is a Control-LoRA: give a whole ControlNet")
    marks = ("control_model.input_hint_block.", "input_hint_block.", "controlnet_cond_embedding.")
    if not any(_has(shapes, mark) for mark in marks):
        what = "a base" if INPUT in shapes else "something else"
        raise PriorError(f"{model.name}: is no ControlNet but {what}: give a ControlNet")
    if any("label_emb." in name or "add_embedding." in name for name in shapes):
        return "XL"
    inputs = [shape for name, shape in shapes.items() if name.endswith(".proj_in.weight")]
    return "2.x" if any(len(shape) == 2 for shape in inputs) else "1.x"


def generation_of(unet: Mapping[str, Any]) -> Generation:
    """The generation of a base by the configuration of its UNet in diffusers layout."""
    if unet.get("addition_embed_type") == "text_time":
        return "XL"
    return "2.x" if unet.get("use_linear_projection") else "1.x"


def _no_base(shapes: Mapping[str, Any]) -> str:
    if INPUT in shapes:
        return "holds a UNet and no text encoder: give a whole checkpoint"
    return "holds no Stable Diffusion in the original layout: give another file, or a folder"


def _has(shapes: Mapping[str, Any], stem: str) -> bool:
    return any(name.startswith(stem) for name in shapes)


def _header(model: Checkpoint) -> tuple[dict[str, list[int]], dict[str, str]]:
    """The shape of every tensor, and the metadata."""
    try:
        with safe_open(model.path, framework="pt") as file:
            names = list(file.keys())
            shapes = {name: list(file.get_slice(name).get_shape()) for name in names}
            return shapes, file.metadata() or {}
    except SafetensorError as error:
        raise PriorError(f"{model.name}: not readable ({error}): fetch it again") from error

"""What a user may name as a prior, told apart by looking at the disk alone. Imports no PyTorch."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lasagna_relight.errors import PriorError

ControlNetRange = Literal["unit", "signed"]
Precision = Literal["auto", "fp32", "fp16", "bf16"]
Predicts = Literal["auto", "epsilon", "v"]

SINGLE_FILES = (".safetensors", ".ckpt", ".pt", ".pth", ".bin")
PICKLED = (".ckpt", ".pt", ".pth", ".bin")
WHY_NO_PICKLE = (
    "a pickled checkpoint can run any code when it is opened: "
    "use a safetensors version, or --allow-pickle if you trust its author"
)


@dataclass(frozen=True, kw_only=True)
class StableDiffusionFiles:
    """What to load, and how.

    Attributes:
        prior: folder in diffusers layout, single file, or hub id.
        controlnet: the same, of a ControlNet; without one the prior knows the picture by its
            noised latents alone.
        base: folder or hub id whose configuration and tokenizer a single file takes; the hub's
            own for its kind if absent.
        tiny_vae: folder or hub id of an ``AutoencoderTiny`` in place of the large autoencoder.
        controlnet_range: see :class:`StableDiffusionNetworks`.
        prediction: what the UNet predicts, noise or velocity; "auto" is what the scheduler's
            configuration says, or a single file itself.
        dtype: in which UNet and ControlNet compute; "auto" leaves it to the device, see
            :mod:`lasagna_relight.priors.precision`.
        half_weights: keep weights in float16 while they compute in float32; on a CPU that
            ``dtype`` "auto" lets compute in float32 they do without being asked, unless compiled.
        offload: parts rest on the CPU and visit the device while used.
        attention_slicing: attention head by head; less memory, slower.
        compile: ``torch.compile`` the two networks.
        allow_pickle: open pickled weights.
        batch: evaluations at once; 0 leaves it to the device.
    """

    prior: str
    controlnet: str | None = None
    base: str | None = None
    tiny_vae: str | None = None
    controlnet_range: ControlNetRange = "unit"
    prediction: Predicts = "auto"
    dtype: Precision = "auto"
    half_weights: bool = False
    offload: bool = False
    attention_slicing: bool = False
    compile: bool = False
    allow_pickle: bool = False
    batch: int = 0


def is_large_prior(name: str) -> bool:
    """Whether ``name`` is Stable Diffusion, rather than a folder of an embedded prior."""
    folder = Path(name)
    if not folder.is_dir():
        return True
    return (folder / "model_index.json").is_file() or (folder / "vae").is_dir()


def refuse_impossible(name: str, *, allow_pickle: bool) -> None:
    """Raises what :func:`locate` would without asking the hub.

    Raises:
        PriorError: there is no such thing, or it is a pickle that was not allowed.
    """
    path = Path(name).expanduser()
    if path.is_dir():
        return
    if path.is_file():
        if path.suffix not in SINGLE_FILES:
            raise PriorError(f"{name}: not a model: give a folder, or a .safetensors file")
        if path.suffix in PICKLED and not allow_pickle:
            raise PriorError(f"{name}: {WHY_NO_PICKLE}")
    elif not re.fullmatch(r"[\w-][\w.-]*/[\w.-]+", name) or path.suffix in SINGLE_FILES:
        raise PriorError(
            f"the prior {name} is no folder and no file: give one, or a hub id such as OWNER/NAME"
        )

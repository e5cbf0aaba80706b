"""What the options of several commands ask for, checked before anything is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from lasagna_relight.compositing.layer_paths import LAYER_ENDINGS, LayerFormat
from lasagna_relight.errors import InputError, MaskError, PriorError


def mask_choice(mask: str) -> Path | Literal["auto", "none"]:
    """What ``--mask`` asks for.

    Raises:
        MaskError: it is neither "auto" nor "none" nor a file.
    """
    if mask == "auto" or mask == "none":
        return mask
    if not Path(mask).is_file():
        raise MaskError(f"the mask {mask} is no file: give a picture, or auto, or none")
    return Path(mask)


def layer_formats(layers: str) -> tuple[LayerFormat, ...]:
    """The formats that ``--layers`` lists, each once.

    Raises:
        InputError: one is unknown.
    """
    if layers == "none":
        return ()
    chosen: dict[LayerFormat, None] = {}
    for name in layers.split(","):
        known: list[LayerFormat] = [
            layer for layer in LAYER_ENDINGS if layer == name.strip().lower()
        ]
        if not known:
            raise InputError(
                f'--layers knows no "{name}": choose among {", ".join(LAYER_ENDINGS)}, or none'
            )
        chosen[known[0]] = None
    return tuple(chosen)


def prior_choice(prior: str) -> Path | Literal["embedded"]:
    """What ``--prior`` asks for.

    Raises:
        PriorError: it is neither "embedded" nor a folder.
    """
    if prior == "embedded":
        return prior
    if not Path(prior).is_dir():
        raise PriorError(
            f"the prior {prior} is no folder: give one in diffusers layout, or embedded"
        )
    return Path(prior)


def available_device(device: str) -> str:
    """``device``, if PyTorch can compute there.

    Raises:
        InputError: it cannot.
    """
    import torch  # here, so that the other checks do not wait for it

    try:
        torch.zeros((), device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise InputError(f"the device {device} cannot be used here: leave out --device") from error
    return device

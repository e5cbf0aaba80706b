"""Weights as files: half precision, or 8 bits with a scale for each output channel.

Eight bits halve the file of a network once more. What that costs in quality is measured where
weights are shipped (docs/training.md), not assumed.
"""

from pathlib import Path
from typing import Literal

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from lasagna_relight.image_io import atomic_path

Bits = Literal[8, 16]

SCALE = ".scale"
"""Ending of the name under which the scales of an 8-bit tensor are kept."""

SMALLEST = 1024
"""Numbers in a tensor that is worth 8 bits; smaller ones stay in half precision."""


def write_weights(
    weights: dict[str, Tensor], path: Path, *, bits: Bits = 16, force: bool = False
) -> None:
    """Writes ``weights`` as safetensors.

    Args:
        weights: floating point tensors of any shape; none is named ``*.scale``.
        path: of the file.
        bits: of each number of a matrix or kernel; vectors have 16 always.
        force: replace a file that is there.

    Raises:
        OutputError: the file exists, or cannot be written.
    """
    stored: dict[str, Tensor] = {}
    for name, value in weights.items():
        if bits == 8 and value.ndim > 1 and value.numel() >= SMALLEST:
            stored[name], stored[name + SCALE] = _rounded(value.float())
        else:
            stored[name] = value.half().contiguous()
    with atomic_path(path, force=force) as beside:
        save_file(stored, beside)


def read_weights(path: Path) -> dict[str, Tensor]:
    """The weights that `write_weights` wrote, in float32.

    Raises:
        KeyError: the scales of a tensor are missing.
        ValueError, RuntimeError: the file is damaged.
    """
    stored = load_file(path)
    return {
        name: value.float() * _beside(stored[name + SCALE], value)
        if value.dtype == torch.int8
        else value.float()
        for name, value in stored.items()
        if not name.endswith(SCALE)
    }


def _rounded(value: Tensor) -> tuple[Tensor, Tensor]:
    """Integers in [-127, 127], and a scale for each output channel (the first axis)."""
    largest = value.flatten(1).abs().amax(1)
    scale = (largest / 127).clamp(min=torch.finfo(torch.float32).tiny)
    steps = (value / _beside(scale, value)).round().clamp(-127, 127)
    return steps.to(torch.int8).contiguous(), scale


def _beside(scale: Tensor, value: Tensor) -> Tensor:
    return scale.view(-1, *[1] * (value.ndim - 1))

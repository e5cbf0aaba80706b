"""Weights as files: half precision, or 8 or 4 bits with scales.

Eight bits halve the file of a network once more, four bits (Dettmers and Zettlemoyer, "The case for
4-bit precision", arXiv 2212.09720) nearly so again. What that costs in quality is measured where
weights are shipped (docs/training.md), not assumed.
"""

from pathlib import Path
from typing import Literal

import torch
import zstandard
from safetensors.torch import load, load_file, save, save_file
from torch import Tensor

from lasagna_relight.image_io import atomic_path

Bits = Literal[4, 8, 16]

SCALE = ".scale"
"""Ending of the name under which the scales of an 8-bit or 4-bit tensor are kept."""

COMPRESSED = ".zst"

SMALLEST = 1024
"""Numbers in a tensor that is worth 8 bits; smaller ones stay in half precision."""

GROUP = 64
"""Neighbors in a row that share the scale of their 4 bits."""


def write_weights(
    weights: dict[str, Tensor], path: Path, *, bits: Bits = 16, force: bool = False
) -> None:
    """Writes ``weights`` as safetensors.

    Args:
        weights: floating point tensors of any shape; none is named ``*.scale``.
        path: of the file; where it ends in ``.zst``, it is compressed (4 bits by a seventh).
        bits: of each number of a matrix or kernel; vectors have 16 always, and 8 is the least for
            all but matrices whose rows are groups of 64.
        force: replace a file that is there.

    Raises:
        OutputError: the file exists, or cannot be written.
    """
    stored: dict[str, Tensor] = {}
    for name, value in weights.items():
        if bits == 4 and fits_4_bits(value):
            steps, stored[name + SCALE] = _rounded_to_4_bits(value.float())
            halves = (steps + 8).to(torch.uint8)
            stored[name] = (halves[:, ::2] | halves[:, 1::2] << 4).contiguous()
        elif bits < 16 and value.ndim > 1 and value.numel() >= SMALLEST:
            stored[name], stored[name + SCALE] = _rounded(value.float())
        else:
            stored[name] = value.half().contiguous()
    with atomic_path(path, force=force) as beside:
        if path.suffix == COMPRESSED:
            beside.write_bytes(zstandard.ZstdCompressor(level=19).compress(save(stored)))
        else:
            save_file(stored, beside)


def read_weights(path: Path) -> dict[str, Tensor]:
    """The weights that `write_weights` wrote, in float32; also from ``path.zst`` beside ``path``.

    Raises:
        KeyError: the scales of a tensor are missing.
        ValueError, RuntimeError: the file is damaged.
    """
    path = weights_at(path)
    if path.suffix == COMPRESSED:
        try:
            stored = load(zstandard.ZstdDecompressor().decompress(path.read_bytes()))
        except zstandard.ZstdError as error:
            raise ValueError(f"{path.name} cannot be decompressed: {error}") from error
    else:
        stored = load_file(path)
    weights: dict[str, Tensor] = {}
    for name, value in stored.items():
        if name.endswith(SCALE):
            continue
        if value.dtype == torch.int8:
            weights[name] = value.float() * _beside(stored[name + SCALE], value)
        elif value.dtype == torch.uint8:
            steps = torch.stack((value & 15, value >> 4), dim=-1).flatten(1).to(torch.int8) - 8
            weights[name] = _of_4_bits(steps, stored[name + SCALE])
        else:
            weights[name] = value.float()
    return weights


def weights_at(path: Path) -> Path:
    """``path``, or ``path.zst`` where that alone is there: the shipped weights are compressed."""
    compressed = path.with_name(path.name + COMPRESSED)
    return compressed if compressed.is_file() and not path.is_file() else path


def fits_4_bits(value: Tensor) -> bool:
    """Whether ``value`` is kept in 4 bits where they are asked for: a matrix of whole groups."""
    return value.ndim == 2 and value.numel() >= SMALLEST and value.shape[1] % GROUP == 0


def as_of_4_bits(value: Tensor) -> Tensor:
    """What comes back of ``value``, a matrix, after 4 bits; networks are trained to bear it."""
    return _of_4_bits(*_rounded_to_4_bits(value))


def _rounded(value: Tensor) -> tuple[Tensor, Tensor]:
    """Integers in [-127, 127], and a scale for each output channel (the first axis)."""
    largest = value.flatten(1).abs().amax(1)
    scale = (largest / 127).clamp(min=torch.finfo(torch.float32).tiny)
    steps = (value / _beside(scale, value)).round().clamp(-127, 127)
    return steps.to(torch.int8).contiguous(), scale


def _rounded_to_4_bits(value: Tensor) -> tuple[Tensor, Tensor]:
    """Integers in [-7, 7], and a half-precision scale for each group of a row."""
    groups = value.unflatten(1, (-1, GROUP))
    scale = (groups.abs().amax(2) / 7).clamp(min=1e-7).half()
    steps = (groups / scale.float()[..., None]).round().clamp(-7, 7)
    return steps.flatten(1).to(torch.int8), scale


def _of_4_bits(steps: Tensor, scale: Tensor) -> Tensor:
    return (steps.float().unflatten(1, (-1, GROUP)) * scale.float()[..., None]).flatten(1)


def _beside(scale: Tensor, value: Tensor) -> Tensor:
    return scale.view(-1, *[1] * (value.ndim - 1))

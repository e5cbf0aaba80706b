"""Which formats the edit is saved in, and what their files are called; loads no PyTorch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from lasagna_relight.errors import OutputError
from lasagna_relight.image_io import WRITABLE_SUFFIXES, refuse_unwritable

LayerFormat = Literal["psd", "ora", "npz", "png"]

LAYER_ENDINGS: dict[LayerFormat, tuple[str, ...]] = {
    "psd": (".psd",),
    "ora": (".ora",),
    "npz": (".npz",),
    "png": (".shading.png", ".lighting.png"),
}
"""Formats, and what stands in place of the picture's suffix in the names of their files."""


COLOR_ENDINGS: dict[LayerFormat, tuple[str, ...]] = {**LAYER_ENDINGS, "png": (".color.png",)}
"""The same of a colored picture, which has one layer."""


def layer_format_named(name: str) -> LayerFormat:
    """The format called ``name``.

    Raises:
        OutputError: there is none.
    """
    known: list[LayerFormat] = [
        layer_format for layer_format in LAYER_ENDINGS if layer_format == name
    ]
    if known:
        return known[0]
    raise OutputError(
        f'no layer format is called "{name}": choose among {", ".join(LAYER_ENDINGS)}'
    )


def layer_paths(
    destination: Path,
    layer_format: LayerFormat,
    endings: Mapping[LayerFormat, tuple[str, ...]] = LAYER_ENDINGS,
) -> list[Path]:
    """The files of one format beside the edited picture ``destination``: a.png, a.psd."""
    stem = destination.with_suffix("")
    return [stem.with_name(stem.name + ending) for ending in endings[layer_format]]


def refuse_unwritable_edit(
    destination: Path,
    formats: Sequence[str],
    *,
    force: bool,
    endings: Mapping[LayerFormat, tuple[str, ...]] = LAYER_ENDINGS,
) -> None:
    """Raise what writing an edited picture and its layers would raise, before anything is written.

    Raises:
        OutputError: a format is unknown; or see `image_io.refuse_unwritable`.
    """
    layers: list[LayerFormat] = [layer_format_named(name) for name in formats]
    refuse_unwritable(destination, force=force, suffixes=WRITABLE_SUFFIXES)
    for layer in layers:
        for path in layer_paths(destination, layer, endings):
            refuse_unwritable(path, force=force)

"""A relit picture at full size, and its files."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from jaxtyping import Float

from lasagna_relight.compositing.layer_files import SavedEdit, write_layers
from lasagna_relight.compositing.layer_paths import refuse_unwritable_edit
from lasagna_relight.compositing.stack import LayerStack, composite_picture, full_size_stack
from lasagna_relight.image_io import Picture, write_picture
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.masking.select import ResolvedMask
from lasagna_relight.types import Image


@dataclass(frozen=True, kw_only=True)
class RelitPicture:
    """The edit of one picture.

    Attributes:
        source: the picture as it came.
        log_gain: (H, W) float32, strength applied; 0 outside the mask.
        mask: what was relit, and how it was found.
        direction: where the light stands.
        prompt: the words that asked for it, or None.
        recipe: name of the recipe.
        evaluations: how often the prior was asked.
    """

    source: Picture
    log_gain: Float[np.ndarray, "height width"]
    mask: ResolvedMask
    direction: LightDirection
    prompt: str | None
    recipe: str
    evaluations: int

    @cached_property
    def picture(self) -> Picture:
        """The relit picture, integers of the source's depth, with its alpha and profile."""
        return composite_picture(self.source, self.log_gain)

    @property
    def pixels(self) -> np.ndarray:
        """(H, W, 3) integers of the source's depth."""
        return self.picture.pixels

    @property
    def image(self) -> Image:
        """(3, H, W) sRGB-encoded in [0, 1]."""
        return self.picture.image()

    @property
    def stack(self) -> LayerStack:
        """The edit as two layers, full size."""
        return full_size_stack(self.log_gain)

    @property
    def edit(self) -> SavedEdit:
        """The edit as layer files hold it."""
        return SavedEdit(
            log_gain=self.log_gain,
            mask=self.mask.mask,
            direction=self.direction,
            prompt=self.prompt,
        )

    def save(self, path: Path | str, *, layers: Sequence[str] = (), force: bool = False) -> None:
        """Writes the relit picture, and beside it the layers in each format named.

        Raises:
            OutputError: a file exists and ``force`` is off, or a format is unknown: then nothing
                is written; or a file cannot be written.
        """
        path = Path(path)
        refuse_unwritable_edit(path, layers, force=force)
        write_picture(
            path,
            self.pixels,
            alpha=self.picture.alpha,
            icc_profile=self.picture.icc_profile,
            metadata=self.picture.metadata,
            force=force,
        )
        write_layers(layers, path, self.source, self.edit, force=force)

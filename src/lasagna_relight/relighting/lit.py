"""A picture under a rig of lights, at full size, and its files."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.compositing.crop import CropBox
from lasagna_relight.compositing.mix_files import write_mix_layers
from lasagna_relight.compositing.stack import MAX_LOG_GAIN, composite_picture
from lasagna_relight.compositing.upsample import fill_beyond_mask, upsample_filled_log_gain
from lasagna_relight.errors import InputError
from lasagna_relight.image_io import Picture, rgb_profile, write_picture
from lasagna_relight.masking.select import MaskChoice, ResolvedMask, resolve_mask
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relighting.instant import predict_basis
from lasagna_relight.relighting.lights import LightRig
from lasagna_relight.relighting.mixing import LightBasis, LinearMap, growing_mixes, light_basis
from lasagna_relight.relighting.optimize import RelightingStep

FullGain = Float[np.ndarray, "full_height full_width channels"]


@dataclass(frozen=True, kw_only=True)
class Finish:
    """What happens to the mix afterwards.

    Attributes:
        strength: scales the log gain, 0..2; 1 is as mixed.
        shading: opacity of what darkens, 0..1.
        lighting: opacity of what brightens, 0..1.

    Raises:
        InputError: a value is outside its range.
    """

    strength: float = 1.0
    shading: float = 1.0
    lighting: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 2:
            raise InputError(f"strength {self.strength:g} is outside 0..2: 1 is as mixed")
        for name, value in (("shading", self.shading), ("lighting", self.lighting)):
            if not 0 <= value <= 1:
                raise InputError(f"the opacity {value:g} of the {name} is outside 0..1")

    def over(self, log_gain: np.ndarray) -> np.ndarray:
        """The log gain of both layers at their opacity, as editors blend them.

        A layer that is half opaque lies halfway between its effect and none, in encoded values.
        """
        if self.shading == 1 and self.lighting == 1:
            return log_gain
        dark = 1 - self.shading * (1 - np.exp(np.minimum(log_gain, 0)))
        bright = 1 - self.lighting * (1 - np.exp(np.maximum(log_gain, 0)))
        return np.log(dark) + np.log(bright)


@dataclass(frozen=True, kw_only=True)
class LitPicture:
    """A picture under a rig of lights.

    Attributes:
        source: the picture as it came.
        mask: what was relit, and how it was found.
        box: where the small mixes lie in the picture.
        mixes: names and small log gains from `mixing.growing_mixes`; the last is the whole mix.
        finish: strength and opacities.
        recipe_text: the rig in JSON, for files that hold it.
    """

    source: Picture
    mask: ResolvedMask
    box: CropBox
    mixes: Sequence[tuple[str, LinearMap]]
    finish: Finish
    recipe_text: str

    def full_mixes(self) -> Iterator[tuple[str, FullGain]]:
        """Name and full-size log gain of each of the growing mixes, one at a time."""
        for name, small in self.mixes:
            yield name, self._enlarged(small)

    @cached_property
    def log_gain(self) -> FullGain:
        """(H, W, 1), or (H, W, 3) where a light has a color; 0 outside the mask."""
        if not self.mixes:
            return np.zeros((self.source.height, self.source.width, 1), dtype=np.float32)
        return self._enlarged(self.mixes[-1][1])

    @cached_property
    def picture(self) -> Picture:
        """The relit picture, integers of the source's depth."""
        return self.picture_of(bits=None)

    def picture_of(self, *, bits: int | None) -> Picture:
        """The relit picture with 8 or 16 bits a channel, or as many as the source has."""
        gain = self.log_gain
        relit = composite_picture(
            self.source, gain[..., 0] if gain.shape[2] == 1 else gain, bits=bits
        )
        if gain.shape[2] == 3 and relit.was_grey:  # colored light on a grey picture
            relit = replace(relit, was_grey=False, icc_profile=rgb_profile(self.source))
        return relit

    def save(
        self,
        path: Path | str,
        *,
        layers: Sequence[str] = (),
        force: bool = False,
        bits: int | None = None,
    ) -> None:
        """Writes the relit picture, and beside it the layers in each format named.

        Raises:
            OutputError: a file exists and ``force`` is off, or cannot be written.
        """
        path = Path(path)
        relit = self.picture if bits is None else self.picture_of(bits=bits)
        write_picture(
            path, relit.pixels, alpha=relit.alpha, icc_profile=relit.icc_profile, force=force
        )
        self.save_layers(path, layers, force=force)

    def save_layers(self, path: Path, layers: Sequence[str], *, force: bool = False) -> None:
        """Writes the layers alone, beside ``path``.

        Raises:
            OutputError: see :meth:`save`.
        """
        write_mix_layers(
            layers,
            path,
            self.source,
            mixes=self.full_mixes,
            log_gain=self.log_gain,
            mask=self.mask.mask,
            recipe_text=self.recipe_text,
            force=force,
        )

    def _enlarged(self, small: LinearMap) -> FullGain:
        strength = self.finish.strength
        channels = [
            upsample_filled_log_gain(
                strength * channel[None], self.source, self.mask.mask, self.box
            )
            for channel in small
        ]
        finished = self.finish.over(np.stack(channels, axis=-1))
        return finished.clip(-MAX_LOG_GAIN, MAX_LOG_GAIN)


def light_picture(
    relighter: Relighter,
    picture: Picture,
    rig: LightRig,
    *,
    mask: MaskChoice | ResolvedMask = "auto",
    finish: Finish | None = None,
    seed: int = 0,
    steps: int | None = None,
    recipe_text: str = "{}",
    on_step: Callable[[RelightingStep], None] | None = None,
) -> LitPicture:
    """``picture`` under ``rig``; each light is solved by the relighter's recipe where it has one.

    Raises:
        InputError: the mask cannot be used.
        DivergenceError: the edit of a light is no longer finite.
    """
    resolved = mask if isinstance(mask, ResolvedMask) else resolve_mask(picture, mask)
    view = relighter.look(picture, resolved)
    basis = light_basis(view, predict_basis(relighter.predictor, view.source, view.mask))
    solved: dict[int, Tensor] = {}
    if relighter.networks is not None:
        for index, light in enumerate(rig.lights):
            step = None
            for step in relighter.solve(view, light.direction, seed=seed, steps=steps):
                if on_step is not None:
                    on_step(step)
            assert step is not None
            solved[index] = fill_beyond_mask(step.log_gain[0].cpu(), view.mask[0].cpu())[0]
    elif on_step is not None:
        on_step(RelightingStep(index=0, total=0, log_gain=torch.zeros_like(view.mask)))
    return lit_picture(
        picture, resolved, view.box, basis, rig,
        solved=solved, finish=finish or Finish(), recipe_text=recipe_text,
    )  # fmt: skip


def lit_picture(
    picture: Picture,
    mask: ResolvedMask,
    box: CropBox,
    basis: LightBasis,
    rig: LightRig,
    *,
    solved: Mapping[int, Tensor],
    finish: Finish,
    recipe_text: str,
) -> LitPicture:
    """The result of a mix over a basis that is known already."""
    limit = 2 * math.log(10)  # beyond any layer; keeps what guides the enlargement finite
    return LitPicture(
        source=picture,
        mask=mask,
        box=box,
        mixes=[(name, mix.clamp(-limit, limit)) for name, mix in growing_mixes(basis, rig, solved)],
        finish=finish,
        recipe_text=recipe_text,
    )

"""What is measured: one picture, the light asked for, and what is known of the truth."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
import torch

from lasagna_relight.compositing.crop import box_around
from lasagna_relight.evaluation.metrics import oracle_log_gain
from lasagna_relight.image_io import Picture
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.masking.select import ResolvedMask
from lasagna_relight.types import Image, LogGain, Mask

Kind = Literal["photographs", "rendered", "art"]
UNKNOWN_LICENCE = "not stated in the folder"


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The same object under a known light: what a light does to this picture.

    Attributes:
        direction: where that light stands.
        image: (3, H, W) sRGB-encoded, of the source's size.
    """

    direction: LightDirection
    image: Image


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The pictures of a case, loaded.

    Attributes:
        picture: what is relit.
        mask: where light may change.
        target: (3, H, W) the true picture, sRGB-encoded; None where nobody knows it.
        references: the object under each known light, the target's among them; may be empty.
    """

    picture: Picture
    mask: ResolvedMask
    target: Image | None = None
    references: tuple[Reference, ...] = ()

    @cached_property
    def source(self) -> Image:
        """(3, H, W) sRGB-encoded in [0, 1]."""
        return self.picture.image()

    @cached_property
    def coverage(self) -> Mask:
        """(1, H, W) in [0, 1]."""
        return torch.from_numpy(self.mask.mask)[None]

    @cached_property
    def oracle(self) -> LogGain | None:
        """(1, H, W) log gain from the source to the target, where that is known."""
        return None if self.target is None else oracle_log_gain(self.source, self.target)

    @cached_property
    def reference_gains(self) -> list[tuple[LightDirection, LogGain]]:
        """The true log gain from the source to each known light."""
        return [(r.direction, oracle_log_gain(self.source, r.image)) for r in self.references]

    @cached_property
    def cut_out(self) -> "tuple[Scene, slice, slice]":
        """The same within the box around the mask, and the box's rows and columns.

        Figures inside the mask are the same there, and cheaper.
        """
        box = box_around(self.mask.mask, margin=0.05)
        rows = slice(box.top, box.top + box.height)
        columns = slice(box.left, box.left + box.width)
        pixels = np.ascontiguousarray(self.picture.pixels[rows, columns])
        cut = Scene(
            picture=Picture(pixels=pixels),
            mask=replace(self.mask, mask=np.ascontiguousarray(self.mask.mask[rows, columns])),
            target=None if self.target is None else self.target[..., rows, columns].clone(),
            references=tuple(
                replace(r, image=r.image[..., rows, columns].clone()) for r in self.references
            ),
        )
        return cut, rows, columns

    @property
    def digest(self) -> str:
        """Hash of every pixel that figures depend on."""
        digest = hashlib.sha256(np.ascontiguousarray(self.picture.pixels).tobytes())
        digest.update(np.ascontiguousarray(self.mask.mask).tobytes())
        truths = [] if self.target is None else [self.target]
        for image in [*truths, *(reference.image for reference in self.references)]:
            digest.update(np.ascontiguousarray(image.numpy()).tobytes())
        return digest.hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One question: this picture, lit from there.

    Attributes:
        name: unique in a run, and usable as a file name.
        kind: what sort of truth there is.
        group: the object; cases of one object are no independent samples.
        direction: where the light is asked to stand.
        words: the same as a person would ask for it.
        licence: of the pictures, as far as their folder says.
        load: reads or renders the pictures.
        category: what sort of object it shows, for tables; "" where there is but one.
    """

    name: str
    kind: Kind
    group: str
    direction: LightDirection
    words: str
    licence: str
    load: Callable[[], Scene] = field(repr=False)
    category: str = ""


def case_name(group: str, detail: str) -> str:
    """A name for a case that can be a file's."""
    return f"{group}_{detail}".replace(" ", "-").replace("/", "-")

"""One interface for whatever changes the light of a picture: a recipe, a baseline, an editor."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import torch

from lasagna_relight.compositing.crop import CropBox
from lasagna_relight.compositing.stack import composite_picture
from lasagna_relight.evaluation.case import Case, Scene
from lasagna_relight.types import Image, LogGain

Family = Literal["reference", "baseline", "recipe", "ablation", "editor"]


@dataclass(frozen=True, kw_only=True)
class Waypoint:
    """The edit somewhere on the way of a solve.

    Attributes:
        seconds: processor seconds since the solve began.
        evaluations: how often the prior has been asked.
        log_gain: (1, R, R) at the prior's resolution.
    """

    seconds: float
    evaluations: int
    log_gain: LogGain


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a method made of a case.

    Attributes:
        image: (3, H, W) sRGB-encoded in [0, 1], the size of the source.
        log_gain: (1, H, W), the edit as layers hold it; None where the method has no layers.
        evaluations: how often a diffusion prior was asked, one per latent.
        waypoints: the edit on its way, in order; empty where it came in one go.
        box: the crop of the waypoints.
    """

    image: Image
    log_gain: LogGain | None = None
    evaluations: int = 0
    waypoints: tuple[Waypoint, ...] = ()
    box: CropBox | None = None


@dataclass(frozen=True, kw_only=True)
class Method:
    """A way to answer cases.

    Attributes:
        name: unique; how the command line and the tables call it.
        summary: one line for the report.
        family: what it is there for.
        settings: everything that its answers depend on beside the case, the seed and the code.
        needs_truth: it looks at the true picture, as a reference may.
        solve: the answer to a case, its pictures and a seed.
    """

    name: str
    summary: str
    family: Family
    settings: str = ""
    needs_truth: bool = False
    solve: Callable[[Case, Scene, int], Answer] = field(repr=False)


def layered(scene: Scene, log_gain: LogGain, *, evaluations: int = 0) -> Answer:
    """The answer of an edit in layers over the untouched source, at full size."""
    inside = log_gain * scene.coverage
    composite = composite_picture(scene.picture, inside[0].numpy())
    return Answer(image=composite.image(), log_gain=inside, evaluations=evaluations)


def pasted(scene: Scene, box: CropBox, made: Image, *, evaluations: int) -> Answer:
    """The answer of a method that makes pixels: ``made`` in place of ``box``, inside the mask.

    Args:
        scene: whose source shows outside the mask.
        box: a square in the source; it may reach beyond the edges.
        made: (3, R, R) in [0, 1], enlarged to the box by bicubic interpolation.
        evaluations: how often a prior was asked.
    """
    size = (box.height, box.width)
    larger = torch.nn.functional.interpolate(
        made[None], size=size, mode="bicubic", align_corners=False, antialias=True
    )[0].clamp(0, 1)
    image = scene.source.clone()
    height, width = image.shape[-2:]
    top, left = max(0, box.top), max(0, box.left)
    bottom, right = min(height, box.top + box.height), min(width, box.left + box.width)
    inside = larger[..., top - box.top : bottom - box.top, left - box.left : right - box.left]
    share = scene.coverage[..., top:bottom, left:right]
    here = image[..., top:bottom, left:right]
    image[..., top:bottom, left:right] = torch.lerp(here, inside, share)
    return Answer(image=image, evaluations=evaluations)

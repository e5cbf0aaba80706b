"""One interface for whatever changes the light of a picture: a recipe, a baseline, an editor."""

from collections import Counter
from collections.abc import Callable, Sequence
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
        at_most: how many cases of one kind and category it is asked, since it is slow; all if
            None.
        solve: the answer to a case, its pictures and a seed.
    """

    name: str
    summary: str
    family: Family
    settings: str = ""
    needs_truth: bool = False
    at_most: int | None = None
    solve: Callable[[Case, Scene, int], Answer] = field(repr=False)


def asked_methods(cases: Sequence[Case], methods: Sequence[Method]) -> list[list[Method]]:
    """The methods that each case is put to.

    A slow one gets the first ``at_most`` cases of each kind and category with a truth: the first
    case of every object before any second one.
    """

    def affordable(case: Case, rank: int, most: int | None) -> bool:
        return most is None or (case.kind != "art" and rank < most)

    return [
        [method for method in methods if affordable(case, rank, method.at_most)]
        for case, rank in zip(cases, _ranks(cases), strict=True)
    ]


def _ranks(cases: Sequence[Case]) -> list[int]:
    """Each case's place among those of its kind and category, objects taking turns."""
    turns: Counter[tuple[str, str, str]] = Counter()
    keys = []
    for place, case in enumerate(cases):
        own = (case.kind, case.category, case.group)
        keys.append(((case.kind, case.category), turns[own], place))
        turns[own] += 1
    ranks = [0] * len(cases)
    seen: Counter[tuple[str, str]] = Counter()
    for category, _, place in sorted(keys):
        ranks[place] = seen[category]
        seen[category] += 1
    return ranks


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

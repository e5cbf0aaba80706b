"""Every figure of one answer to one case."""

from dataclasses import dataclass

import numpy as np
import torch

from lasagna_relight.compositing.crop import crop_mask, crop_picture
from lasagna_relight.compositing.stack import LayerStack
from lasagna_relight.evaluation.case import Case, Scene
from lasagna_relight.evaluation.likeness import lpips_in_mask, ssim
from lasagna_relight.evaluation.lpips import Lpips
from lasagna_relight.evaluation.method import Answer
from lasagna_relight.evaluation.metrics import (
    DARKEST,
    absolute_error,
    correlation,
    exposed,
    oracle_log_gain,
    psnr,
)
from lasagna_relight.evaluation.preservation import (
    background_change,
    chromaticity_error_deg,
    detail_kept,
    edges_kept,
    pearson,
    toward_light,
)
from lasagna_relight.image_io import Picture
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.types import Image, LogGain, Mask

HIT_DEG = 20.0
"""The best-explaining light counts as the one asked for within so many degrees: half of the
distance between two of the eight directions around the picture."""

SMALL = 64
"""Side at which the edit on its way is compared with the truth."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a figure is, for tables.

    Attributes:
        title: column head.
        meaning: one line for the legend.
        digits: behind the point.
        higher_is_better: None where there is no better.
    """

    title: str
    meaning: str
    digits: int
    higher_is_better: bool | None


FIGURES = {
    "psnr_db": Figure(
        title="PSNR", meaning="dB in the mask after one exposure factor", digits=2,
        higher_is_better=True,
    ),
    "psnr_unfitted_db": Figure(
        title="PSNR as is", meaning="dB in the mask, no exposure factor", digits=2,
        higher_is_better=True,
    ),
    "ssim": Figure(
        title="SSIM", meaning="in the mask after one exposure factor", digits=3,
        higher_is_better=True,
    ),
    "ssim_unfitted": Figure(
        title="SSIM as is", meaning="in the mask, no exposure factor", digits=3,
        higher_is_better=True,
    ),
    "lpips": Figure(
        title="LPIPS", meaning="AlexNet, in the mask after one exposure factor", digits=3,
        higher_is_better=False,
    ),
    "lpips_unfitted": Figure(
        title="LPIPS as is", meaning="AlexNet, in the mask, no exposure factor", digits=3,
        higher_is_better=False,
    ),
    "absolute_error": Figure(
        title="error", meaning="mean absolute difference in the mask, no exposure factor",
        digits=4, higher_is_better=False,
    ),
    "correlation": Figure(
        title="corr.", meaning="of the log gain with the oracle's", digits=3,
        higher_is_better=True,
    ),
    "direction_hit": Figure(
        title="direction", meaning=f"share of edits that the asked light (within {HIT_DEG:.0f} "
        "degrees) explains best among the known lights", digits=2, higher_is_better=True,
    ),
    "direction_error_deg": Figure(
        title="off by", meaning="degrees from the asked light to the best-explaining one",
        digits=1, higher_is_better=False,
    ),
    "toward_light": Figure(
        title="toward", meaning="correlation of the edit with the way towards the light",
        digits=2, higher_is_better=True,
    ),
    "side_right": Figure(
        title="right side", meaning="share of edits that brighten the side facing the light",
        digits=2, higher_is_better=True,
    ),
    "chromaticity_error_deg": Figure(
        title="color error", meaning="degrees between the colors of result and truth", digits=2,
        higher_is_better=False,
    ),
    "chromaticity_change_deg": Figure(
        title="color change", meaning="degrees between the colors of result and source", digits=2,
        higher_is_better=False,
    ),
    "background_change": Figure(
        title="background", meaning="largest change outside the mask, of 255; must be 0",
        digits=1, higher_is_better=False,
    ),
    "edges_kept": Figure(
        title="edges", meaning="overlap of the strongest edges of result and source", digits=3,
        higher_is_better=True,
    ),
    "detail_kept": Figure(
        title="detail", meaning="correlation of the high frequencies of result and source",
        digits=3, higher_is_better=True,
    ),
    "seconds": Figure(
        title="CPU s", meaning="processor seconds of the answer", digits=2,
        higher_is_better=False,
    ),
    "peak_mib": Figure(
        title="MiB", meaning="peak resident memory of the process meanwhile, all loaded networks "
        "included", digits=0, higher_is_better=False,
    ),
    "evaluations": Figure(
        title="prior", meaning="how often the diffusion prior was asked", digits=0,
        higher_is_better=False,
    ),
}  # fmt: skip


def scores(
    case: Case, scene: Scene, answer: Answer, lpips: Lpips | None = None
) -> dict[str, float | None]:
    """The figures of ``FIGURES`` that an answer's pictures give; None where one does not apply."""
    changed = 255 * background_change(answer.image, scene.source, scene.coverage)
    edit = answer.log_gain
    if edit is None and not torch.equal(answer.image, scene.source):
        edit = oracle_log_gain(scene.source, answer.image)
    scene, rows, columns = scene.cut_out
    image = answer.image[..., rows, columns]
    edit = None if edit is None else edit[..., rows, columns]
    source, mask = scene.source, scene.coverage
    found: dict[str, float | None] = {
        "background_change": changed,
        "chromaticity_change_deg": chromaticity_error_deg(image, source, mask),
        "edges_kept": edges_kept(image, source, mask),
        "detail_kept": detail_kept(image, source, mask),
    }
    if edit is not None:
        found["toward_light"] = along = toward_light(edit, case.direction, mask)
        found["side_right"] = None if along is None else float(along > 0)
    if scene.target is not None:
        found |= _against(scene.target, scene, image, edit, lpips)
    if scene.references:
        found |= _direction(case.direction, scene, edit)
    return found


def best_explaining(
    edit: LogGain, references: list[tuple[LightDirection, LogGain]], source: Image, mask: Mask
) -> LightDirection | None:
    """The light whose true log gain correlates most with ``edit``; None for a constant edit."""
    weight = mask * (source.mean(-3, keepdim=True) >= DARKEST)
    likeness = [(pearson(edit, gain, weight), light) for light, gain in references]
    known = [(value, light) for value, light in likeness if value is not None]
    return max(known, key=lambda pair: pair[0])[1] if known else None


def waypoint_scores(scene: Scene, answer: Answer) -> list[dict[str, float]]:
    """Seconds, prior evaluations and PSNR (fitted, 64 px) of an answer on its way."""
    if not answer.waypoints or answer.box is None or scene.target is None:
        return []
    size = (SMALL, SMALL)
    target = crop_picture(_picture(scene.target), answer.box, size)
    source = crop_picture(scene.picture, answer.box, size)
    mask = crop_mask(scene.mask.mask, answer.box, size)
    found = []
    for point in answer.waypoints:
        gain = torch.nn.functional.interpolate(point.log_gain[None], size=size, mode="bilinear")[0]
        composite = LayerStack.from_log_gain(gain * mask).over(source)
        found.append(
            {
                "seconds": point.seconds,
                "evaluations": float(point.evaluations),
                "psnr_db": psnr(exposed(composite, target, mask), target, mask).item(),
            }
        )
    return found


def _against(
    target: Image, scene: Scene, image: Image, edit: LogGain | None, lpips: Lpips | None
) -> dict[str, float | None]:
    mask = scene.coverage
    fitted = exposed(image, target, mask)
    found: dict[str, float | None] = {
        "psnr_db": psnr(fitted, target, mask).item(),
        "psnr_unfitted_db": psnr(image, target, mask).item(),
        "ssim": ssim(fitted, target, mask),
        "ssim_unfitted": ssim(image, target, mask),
        "absolute_error": absolute_error(image, target, mask).item(),
        "chromaticity_error_deg": chromaticity_error_deg(image, target, mask),
    }
    if lpips is not None:
        found["lpips"] = lpips_in_mask(lpips, fitted, target, mask)
        found["lpips_unfitted"] = lpips_in_mask(lpips, image, target, mask)
    if edit is not None and scene.oracle is not None:
        alike = correlation(edit, scene.oracle, scene.source, mask).item()
        found["correlation"] = None if np.isnan(alike) else alike
    return found


def _direction(
    asked: LightDirection, scene: Scene, edit: LogGain | None
) -> dict[str, float | None]:
    """An edit that no light explains, as none at all, hits nothing."""
    best = None
    if edit is not None:
        best = best_explaining(edit, scene.reference_gains, scene.source, scene.coverage)
    if best is None:
        return {"direction_hit": 0.0, "direction_error_deg": None}
    off = asked.angle_to(best)
    return {"direction_hit": float(off <= HIT_DEG), "direction_error_deg": off}


def _picture(image: Image) -> Picture:
    pixels = (image.clamp(0, 1) * 65535).round().permute(1, 2, 0).numpy().astype(np.uint16)
    return Picture(pixels=np.ascontiguousarray(pixels))

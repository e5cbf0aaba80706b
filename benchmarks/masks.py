"""How well automatic masks find cut-out photographs laid over backgrounds, and in what time.

The cut-outs are PNG files with alpha, and are the truth; a background is a color, a gradient, or
a picture. Figures published by this project: photographs of the Debian package
tuxpaint-stamps-default, over the backgrounds below and over `brick.png`, `grass.png` and
`rocket.jpg` of scikit-image::

    python benchmarks/masks.py --cutouts stamps/ --backgrounds skimage/data/ --limit 24

Prints Markdown tables: intersection over union of mask > 0.5 and alpha > 0.5, and the mean
absolute error, for the saliency, the refined masks, and GrabCut; then seconds and peak memory
for pictures of 1, 12 and 24 megapixels.
"""

import argparse
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage
from provenance import provenance_lines

from lasagna_relight.image_io import Picture
from lasagna_relight.masking import resolve_mask
from lasagna_relight.masking.automatic import automatic_mask
from lasagna_relight.masking.grabcut import grabcut_mask
from lasagna_relight.masking.plain_background import correct_on_plain_background
from lasagna_relight.masking.planes import resized, shrink_pixels
from lasagna_relight.masking.refine import FITTING_SIDE, refine_mask

SIZE = (640, 480)
PICTURES = ("brick.png", "grass.png", "rocket.jpg")
MINIMUM_COLORS = 8000
"""Fewer colors than this are a drawing, not a photograph."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A composite and the alpha it was made with."""

    name: str
    pixels: np.ndarray
    alpha: np.ndarray


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Raw)
    parser.add_argument("--cutouts", type=Path, required=True)
    parser.add_argument("--backgrounds", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=24)
    options = parser.parse_args()

    print(provenance_lines() + "\n")
    rows: dict[str, list[tuple[float, float]]] = {}
    last = None
    print("| case | coarse | refined | grabcut, refined |\n|---|---|---|---|")
    for case in composites(options.cutouts, options.backgrounds, options.limit):
        last = case
        small = shrink_pixels(case.pixels, FITTING_SIDE)
        coarse, cut = automatic_mask(small), grabcut_mask(small)
        corrected = correct_on_plain_background(coarse, small)
        masks = {
            "coarse": resized(coarse, case.alpha.shape),
            "refined": refine_mask(corrected, case.pixels),
            "grabcut": refine_mask(cut, case.pixels),
        }
        scores = {name: score(mask, case.alpha) for name, mask in masks.items()}
        print(f"| {case.name} | " + " | ".join(f"{s[0]:.3f}" for s in scores.values()) + " |")
        for name, values in scores.items():
            rows.setdefault(name, []).append(values)
    if last is None:
        parser.error(f"{options.cutouts} holds no photographs cut out by alpha")
    for label, reduce in (("mean IoU", np.mean), ("median IoU", np.median)):
        cells = (f"{reduce([overlap for overlap, _ in values]):.4f}" for values in rows.values())
        print(f"| **{label}** | " + " | ".join(cells) + " |")
    errors = (f"{np.mean([error for _, error in values]):.4f}" for values in rows.values())
    print("| **mean absolute error** | " + " | ".join(errors) + " |")

    print("\n| megapixels | seconds | of the processor | peak memory of the process, GB |")
    print("|---|---|---|---|")
    for megapixels in (1, 12, 24):
        picture = Picture(pixels=enlarged(last.pixels, megapixels))
        started, used = time.perf_counter(), time.process_time()
        resolve_mask(picture, "auto")
        elapsed, used = time.perf_counter() - started, time.process_time() - used
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"| {megapixels} | {elapsed:.2f} | {used:.2f} | {peak:.2f} |")


def composites(cutouts: Path, backgrounds: Path, limit: int) -> Iterator[Case]:
    """``limit`` of the photographs under ``cutouts``, evenly chosen, each over a background."""
    photographs = [path for path in sorted(cutouts.rglob("*.png")) if is_photograph(path)]
    chosen = photographs[:: max(1, len(photographs) // limit)][:limit]
    for index, path in enumerate(chosen):
        random = np.random.default_rng(index)
        kind = ("color", "gradient", *PICTURES)[index % 5]
        ground = background(kind, backgrounds, random)
        cutout = PillowImage.open(path).convert("RGBA")
        scale = random.uniform(0.45, 0.85) * min(SIZE[0] / cutout.width, SIZE[1] / cutout.height)
        size = (round(cutout.width * scale), round(cutout.height * scale))
        cutout = cutout.resize(size, PillowImage.Resampling.LANCZOS)
        free = (SIZE[0] - cutout.width, SIZE[1] - cutout.height)
        place = (
            round(random.uniform(0.1, 0.9) * free[0]),
            round(random.uniform(0.1, 0.9) * free[1]),
        )
        alpha = PillowImage.new("L", SIZE, 0)
        alpha.paste(cutout.getchannel("A"), place)
        ground.paste(cutout, place, cutout)
        yield Case(
            name=f"{path.stem} on {kind}",
            pixels=np.asarray(ground),
            alpha=np.asarray(alpha, dtype=np.float32) / 255,
        )


def is_photograph(path: Path) -> bool:
    """Whether a PNG has alpha that cuts something out, and the colors of a photograph."""
    with PillowImage.open(path) as file:
        if min(file.size) < 180 or not ("A" in file.mode or "transparency" in file.info):
            return False
        channels = np.asarray(file.convert("RGBA"))
    shown = channels[..., 3] > 200
    colors = np.unique(channels[shown][:, :3], axis=0)
    return 0.2 < shown.mean() < 0.9 and len(colors) >= MINIMUM_COLORS


def background(kind: str, folder: Path, random: np.random.Generator) -> PillowImage.Image:
    if kind not in ("color", "gradient"):
        picture = PillowImage.open(folder / kind).convert("RGB")
        return picture.resize(SIZE, PillowImage.Resampling.LANCZOS)
    first, second = random.integers(0, 256, (2, 3))
    down = np.linspace(0, 1, SIZE[1])[:, None, None] * (kind == "gradient")
    colors = first * (1 - down) + second * down
    return PillowImage.fromarray(np.broadcast_to(colors, (SIZE[1], SIZE[0], 3)).astype(np.uint8))


def score(mask: np.ndarray, alpha: np.ndarray) -> tuple[float, float]:
    """Intersection over union at one half, and the mean absolute error."""
    found, truth = mask > 0.5, alpha > 0.5
    overlap = float((found & truth).sum() / max(1, (found | truth).sum()))
    return overlap, float(np.abs(mask - alpha).mean())


def enlarged(pixels: np.ndarray, megapixels: float) -> np.ndarray:
    """``pixels`` at so many megapixels, with some noise, so that no tile is flat."""
    scale = (megapixels * 1e6 / (pixels.shape[0] * pixels.shape[1])) ** 0.5
    size = (round(pixels.shape[1] * scale), round(pixels.shape[0] * scale))
    large = np.array(PillowImage.fromarray(pixels).resize(size, PillowImage.Resampling.BICUBIC))
    noise = np.random.default_rng(0).integers(0, 8, large.shape, dtype=np.uint8)
    return np.maximum(large, 8) - noise


class _Raw(argparse.RawDescriptionHelpFormatter):
    """Keeps the line breaks of the description."""


if __name__ == "__main__":
    main()

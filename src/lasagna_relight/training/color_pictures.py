"""The pictures that the color prior learns from, prepared once: colors, lines, regions, titles.

``python -m lasagna_relight.training.color_pictures OUT.npz --openclipart DIR --emoji DIR`` cuts
drawings and renders out of their background, draws lines from them, and splits each into at most
three regions that may be painted anew. Procedural objects and drawings need no files.
"""

from __future__ import annotations

import argparse
import re
import unicodedata
import warnings
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image as PillowImage

from lasagna_relight.colorization.lines import boundary_lines, canny_lines, crease_lines, xdog_lines
from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.height_field import random_material, surface_normals
from lasagna_relight.relit.solids import random_solids
from lasagna_relight.seeding import numpy_generator
from lasagna_relight.training.color_drawings import random_drawing

SIDE = 64
"""Of the pictures in the file."""

WORK_SIDE = 256
"""At which lines are drawn and regions found."""

MARGIN = 0.06

MOST_PIXELS = 40_000_000
"""Of a file: openclipart has some of over 600 million, which take ten gigabytes to shrink."""

NOWHERE = 255
"""Label outside of the object."""

HELD_OUT = 12
"""One object in so many is kept for the evaluation, by a hash of its name."""

LEFT_OUT = ("logos", "geography", "signs_and_symbols", "unsorted", "special", "buttons", "flags",
            "education", "shapes", "decorations", "office", "icons", "people")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Cutout:
    """One object on white, at the working side.

    Attributes:
        pixels: (S, S, 3) uint8 over white.
        alpha: (S, S) in [0, 1].
        regions: (S, S) uint8: 0 is the largest region; ``NOWHERE`` outside.
        lines: two line drawings, (2, S, S) in [0, 1].
        title: a noun.
        uid: where it is from.
        relations: for regions 1 and 2, what their shape is known to be, or "".
    """

    pixels: np.ndarray
    alpha: np.ndarray
    regions: np.ndarray
    lines: np.ndarray
    title: str
    uid: str
    relations: tuple[str, str] = ("", "")


def is_held_out(uid: str) -> bool:
    """Whether an object belongs to the evaluation and not to the training."""
    return zlib.crc32(uid.encode()) % HELD_OUT == 0


def read_cutout(path: Path) -> tuple[np.ndarray, np.ndarray] | None:
    """Pixels over white and alpha of an object in a file, squared up; None if it will not do.

    What will not do is huge, has no transparent ground, or is nearly nothing or nearly everything.
    """
    if _pixels_of(path) > MOST_PIXELS:
        return None
    data: np.ndarray | None = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if data is None or data.ndim != 3 or data.shape[2] != 4:
        return None
    if data.dtype == np.uint16:
        data = (data >> 8).astype(np.uint8)
    alpha = data[..., 3]
    rows, columns = np.flatnonzero((alpha > 8).any(1)), np.flatnonzero((alpha > 8).any(0))
    if rows.size < 32 or columns.size < 32:
        return None
    data = data[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = data.shape[:2]
    if max(height, width) > 4 * min(height, width):
        return None
    side = round(max(height, width) * (1 + 2 * MARGIN))
    top, left = (side - height) // 2, (side - width) // 2
    square = np.zeros((side, side, 4), np.float32)
    cover = data[..., 3:].astype(np.float32) / 255
    square[top : top + height, left : left + width, :3] = data[..., 2::-1] * cover
    square[top : top + height, left : left + width, 3:] = cover
    kind = cv2.INTER_AREA if side >= WORK_SIDE else cv2.INTER_LINEAR
    square = cv2.resize(square, (WORK_SIDE, WORK_SIDE), interpolation=kind)
    alpha = square[..., 3].clip(0, 1)
    if not 0.12 < (alpha > 0.5).mean() < 0.85:
        return None
    pixels = square[..., :3] + 255 * (1 - alpha[..., None])
    return np.rint(pixels).clip(0, 255).astype(np.uint8), alpha


def find_regions(pixels: np.ndarray, alpha: np.ndarray, draws: np.random.Generator) -> np.ndarray:
    """(S, S) uint8: parts of like color, at most three, the largest first; ``NOWHERE`` outside.

    Thin dark lines belong to what surrounds them.
    """
    inside = alpha > 0.5
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    dark = (lab[..., 0] < 28).astype(np.uint8)
    thin = (dark > 0) & (cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)) == 0)
    seen = inside & ~thin
    if seen.sum() < 200:
        seen = inside
    lab = cv2.GaussianBlur(lab, (0, 0), 1.5) * np.array([0.35, 1, 1], np.float32)
    samples = lab[seen]
    chosen = samples[draws.choice(len(samples), min(2000, len(samples)), replace=False)]
    count = int(draws.choice([1, 2, 3, 3, 4], p=[0.12, 0.28, 0.3, 0.2, 0.1]))
    cv2.setRNGSeed(int(draws.integers(2**31 - 1)))
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    _, _, centers = cv2.kmeans(chosen, count, None, stop, 1, cv2.KMEANS_PP_CENTERS)  # pyright: ignore
    centers = _merged(centers, closer_than=14.0)
    distance = np.linalg.norm(lab[:, :, None] - centers, axis=-1)
    labels = distance.argmin(-1).astype(np.uint8)
    labels[~seen] = NOWHERE
    labels = _filled(labels, inside)
    sizes = np.bincount(labels[inside], minlength=256)[: len(centers)]
    order = [k for k in np.argsort(-sizes) if sizes[k] >= 0.035 * inside.sum()][:3]
    kept = np.full(256, NOWHERE, np.uint8)
    kept[order] = np.arange(len(order))
    return _filled(kept[labels], inside)


def sketched(pixels: np.ndarray, alpha: np.ndarray, draws: np.random.Generator) -> np.ndarray:
    """Two line drawings of an object, by XDoG and by Canny, both with its silhouette."""
    luma = pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32) / 255
    pen = xdog_lines(
        luma, sigma=float(draws.uniform(0.8, 2.0)), sharpness=float(draws.uniform(14, 30)),
        threshold=float(draws.uniform(0.35, 0.75)),
    )  # fmt: skip
    thin = canny_lines(pixels, width=int(draws.integers(1, 4)))
    outline = boundary_lines((alpha > 0.5).astype(np.uint8), width=int(draws.integers(1, 4)))
    return np.stack([np.minimum(pen, outline), np.minimum(thin, outline)])


def openclipart_cutouts(folder: Path, *, held_out: bool) -> Iterator[Cutout]:
    """Drawings of the Open Clip Art Library, as Debian's openclipart-png lays them out."""
    # in the order of a hash: the first so many are a fair sample of the library
    found = sorted(folder.rglob("*.png"), key=lambda path: zlib.crc32(path.name.encode()))
    for path in found:
        inside = path.relative_to(folder)
        if inside.parts[0] in LEFT_OUT or any(part in LEFT_OUT for part in inside.parts):
            continue
        words = re.findall("[a-z]{3,}", path.stem.lower())
        title = words[0] if words else inside.parts[-2].rstrip("s")
        yield from _cut_out(path, f"openclipart/{inside.with_suffix('')}", title, held_out)


def emoji_cutouts(folder: Path, *, held_out: bool) -> Iterator[Cutout]:
    """Renders of Microsoft's Fluent Emoji, files named by code points; people's are left out."""
    for path in sorted([*folder.glob("*.webp"), *folder.glob("*.png")]):
        points = [int(part, 16) for part in path.stem.split("-") if part != "fe0f"]
        if len(points) != 1 or not 0x1F300 <= points[0] <= 0x1FAFF:
            continue
        name = unicodedata.name(chr(points[0]), "").lower()
        if not name or re.search("face|person|man|woman|hand|sign|button|symbol|square", name):
            continue
        yield from _cut_out(path, f"emoji/{path.stem}", name, held_out)


def folder_cutouts(folder: Path) -> Iterator[Cutout]:
    """Every cut-out PNG of a folder and those below it, in the order of a hash of their names."""
    for path in sorted(folder.rglob("*.png"), key=lambda path: zlib.crc32(path.name.encode())):
        title = path.stem.replace("_", " ").replace("-", " ").lower()
        yield from _cut_out(path, f"{folder.name}/{path.stem}", title, held_out=None)


def organic_cutouts(count: int, *, seed: int) -> Iterator[Cutout]:
    """Procedural solids of this project; lines from their normals and silhouettes."""
    for start in range(0, count, 16):
        random = torch.Generator().manual_seed(seed + start)
        solid = random_solids(16, WORK_SIDE, random)
        normals = surface_normals(solid.front, solid.inside)
        material = random_material(solid, random)
        light = torch.tensor([-0.35, 0.5, 0.79])
        shade = 0.45 + 0.55 * torch.einsum("c,bchw->bhw", light, normals).clamp(min=0)
        linear = material.albedo * shade[:, None]
        encoded = linear.clamp(0, 1).pow(1 / 2.2) * solid.inside[:, None] + ~solid.inside[:, None]
        for row in range(16):
            inside = solid.inside[row].numpy()
            if not 0.1 < inside.mean() < 0.9:
                continue
            pixels = np.rint(encoded[row].permute(1, 2, 0).numpy() * 255).astype(np.uint8)
            draws = numpy_generator(seed + start + row, "organic")
            creases = crease_lines(
                normals[row].permute(1, 2, 0).numpy(), inside,
                crease=float(draws.uniform(0.15, 0.5)), width=int(draws.integers(1, 4)),
            )  # fmt: skip
            alpha = inside.astype(np.float32)
            yield Cutout(
                pixels=pixels,
                alpha=alpha,
                regions=find_regions(pixels, alpha, draws),
                lines=np.stack([creases, sketched(pixels, alpha, draws)[1]]),
                title="object",
                uid=f"organic/{seed + start + row}",
            )


def drawn_cutouts(count: int, *, seed: int) -> Iterator[Cutout]:
    """Procedural drawings: a body with parts, stripes or dots, whose names are known."""
    for index in range(count):
        draws = numpy_generator(seed + index, "drawing")
        drawing = random_drawing(WORK_SIDE, draws)
        inside = drawing.regions != NOWHERE
        lines = [
            boundary_lines(drawing.outlines, width=int(width)) for width in draws.integers(1, 5, 2)
        ]
        pixels = np.where(inside[..., None], drawing.shade[..., None] * 255, 255)
        yield Cutout(
            pixels=np.rint(np.repeat(pixels, 3, 2)).astype(np.uint8),
            alpha=inside.astype(np.float32),
            regions=drawing.regions,
            lines=np.stack(lines),
            title="",
            uid=f"drawing/{seed + index}",
            relations=drawing.relations,
        )


def shrunk(cutout: Cutout) -> dict[str, np.ndarray]:
    """The arrays of one object as the file holds them, ``SIDE`` pixels wide."""

    def small(plane: np.ndarray) -> np.ndarray:
        reduced = cv2.resize(plane.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        return np.rint(reduced).clip(0, 255).astype(np.uint8)

    shares = np.stack([small(255.0 * (cutout.regions == k)) for k in range(3)])
    return {
        "color": np.stack([small(cutout.pixels[..., k]) for k in range(3)]),
        "alpha": small(cutout.alpha * 255),
        "lines": np.stack([small(lines * 255) for lines in cutout.lines]),
        "shares": shares,
    }


def write_pictures(path: Path, cutouts: Iterator[Cutout], *, say=lambda _count: None) -> None:
    """Writes all objects to one NPZ file."""
    columns: dict[str, list] = {k: [] for k in ("color", "alpha", "lines", "shares")}
    titles, uids, relations = [], [], []
    for count, cutout in enumerate(cutouts, start=1):
        for name, value in shrunk(cutout).items():
            columns[name].append(value)
        titles.append(cutout.title)
        uids.append(cutout.uid)
        relations.append(",".join(cutout.relations))
        if count % 500 == 0:
            say(count)
    if not titles:
        raise DatasetError(f"{path}: no picture to learn colors from: name folders that hold some")
    arrays = {name: np.stack(rows) for name, rows in columns.items()}
    arrays |= {name: np.array(column) for name, column in
               (("titles", titles), ("uids", uids), ("relations", relations))}  # fmt: skip
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def _cut_out(path: Path, uid: str, title: str, held_out: bool | None) -> Iterator[Cutout]:
    if held_out is not None and is_held_out(uid) != held_out:
        return
    found = read_cutout(path)
    if found is None:
        return
    pixels, alpha = found
    draws = numpy_generator(0, uid)
    yield Cutout(
        pixels=pixels,
        alpha=alpha,
        regions=find_regions(pixels, alpha, draws),
        lines=sketched(pixels, alpha, draws),
        title=title,
        uid=uid,
    )


def _pixels_of(path: Path) -> int:
    """What the header of a picture promises; 0 where it cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PillowImage.DecompressionBombWarning)
            with PillowImage.open(path) as picture:
                return picture.width * picture.height
    except (PillowImage.DecompressionBombWarning, PillowImage.DecompressionBombError):
        return MOST_PIXELS + 1
    except (OSError, ValueError):
        return 0


def _merged(centers: np.ndarray, closer_than: float) -> np.ndarray:
    kept: list[np.ndarray] = []
    for center in centers:
        if all(np.linalg.norm(center - other) >= closer_than for other in kept):
            kept.append(center)
    return np.stack(kept)


def _filled(labels: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """``labels`` with ``NOWHERE`` inside the object replaced by the nearest label."""
    unknown = labels == NOWHERE
    if unknown.all():
        return np.where(inside, np.uint8(0), np.uint8(NOWHERE))
    _, nearest = cv2.distanceTransformWithLabels(
        unknown.astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    table = np.zeros(nearest.max() + 1, np.uint8)
    table[nearest[~unknown]] = labels[~unknown]
    return np.where(inside, table[nearest], NOWHERE).astype(np.uint8)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prepares one file of pictures."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--openclipart", type=Path)
    parser.add_argument("--openclipart-count", type=int, help="the first so many; else all")
    parser.add_argument("--emoji", type=Path)
    parser.add_argument("--organic", type=int, default=0)
    parser.add_argument("--drawings", type=int, default=0)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)

    def cutouts() -> Iterator[Cutout]:
        yield from drawn_cutouts(asked.drawings, seed=asked.seed)
        if asked.openclipart is not None:
            clips = openclipart_cutouts(asked.openclipart, held_out=asked.held_out)
            yield from islice(clips, asked.openclipart_count)
        if asked.emoji is not None:
            yield from emoji_cutouts(asked.emoji, held_out=asked.held_out)
        yield from organic_cutouts(asked.organic, seed=asked.seed)

    write_pictures(asked.out, cutouts(), say=lambda n: print(n, flush=True))  # noqa: T201


if __name__ == "__main__":
    main()

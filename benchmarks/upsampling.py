"""What a 64-pixel log gain can do at full size: PSNR inside the mask, by way of enlarging.

``python benchmarks/upsampling.py PHOTOMETRIC_FOLDER [--side 64]``

The log gain from source to target of every pair is measured at the small size, so that only the
enlarging is at fault for what is missing. Ways: bilinear as it is; filled beyond the mask; filled
and guided by the picture, which is what `upsample_log_gain` does; and the gain of every pixel.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import interpolate

from lasagna_relight.compositing import upsample
from lasagna_relight.compositing.crop import box_around, crop_mask, crop_picture
from lasagna_relight.compositing.stack import MAX_LOG_GAIN, full_size_stack
from lasagna_relight.compositing.upsample import upsample_log_gain
from lasagna_relight.image_io import Picture, read_picture

DARK = 0.02
"""Added to both values of a ratio, so that black pixels have one."""


def psnr(source: Picture, target: Picture, log_gain: np.ndarray, mask: np.ndarray) -> float:
    relit = full_size_stack(log_gain.astype(np.float32)).over(source.image())
    error = ((relit - target.image()) ** 2).mean(dim=0).numpy()
    return float(-10 * np.log10((error * mask).sum() / mask.sum()))


def measure(folder: Path, pair: dict[str, str], side: int) -> list[float]:
    """PSNR of: no edit, bilinear, filled, filled and guided, the gain of every pixel."""
    source = read_picture(folder / pair["set"] / pair["source"])
    target = read_picture(folder / pair["set"] / pair["target"])
    mask = read_picture(folder / pair["set"] / "mask.png").image()[0].numpy()
    box = box_around(mask)
    small = (side, side)
    bright = crop_picture(target, box, small).mean(dim=0, keepdim=True) + DARK
    dark = crop_picture(source, box, small).mean(dim=0, keepdim=True) + DARK
    log_gain = (bright / dark).log() * (crop_mask(mask, box, small) > 0.1)

    bilinear = np.zeros_like(mask)
    rows, columns = slice(box.top, box.top + box.height), slice(box.left, box.left + box.width)
    enlarged = interpolate(log_gain[None], size=(box.height, box.width), mode="bilinear")
    bilinear[rows, columns] = enlarged[0, 0].numpy()
    guided = upsample_log_gain(log_gain, source, mask, box)
    variance, upsample.EDGE_VARIANCE = upsample.EDGE_VARIANCE, 1e9  # no edge is strong enough
    filled = upsample_log_gain(log_gain, source, mask, box)
    upsample.EDGE_VARIANCE = variance
    ratio = (target.image().mean(dim=0) + 1e-3) / (source.image().mean(dim=0) + 1e-3)
    every_pixel = torch.log(ratio).clamp(-MAX_LOG_GAIN, MAX_LOG_GAIN).numpy()
    ways = (np.zeros_like(mask), bilinear, filled, guided, every_pixel)
    return [psnr(source, target, way * mask, mask) for way in ways]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--side", type=int, default=64)
    options = parser.parse_args()
    pairs = json.loads((options.folder / "pairs.json").read_text())
    means = np.mean([measure(options.folder, pair, options.side) for pair in pairs], axis=0)
    print("| no edit | bilinear | filled | filled and guided | gain of every pixel |")
    print("|---|---|---|---|---|")
    print("| " + " | ".join(f"{mean:.2f} dB" for mean in means) + " |")


if __name__ == "__main__":
    main()

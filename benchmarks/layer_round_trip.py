"""What other programs make of the layered files: largest and mean error of the flat picture.

``python benchmarks/layer_round_trip.py PICTURE [--side 512] [--color]``

A log gain that runs over its whole range, from -ln 10 to ln 10, is written over PICTURE as PSD and
OpenRaster of 8 and 16 bits, with and without an alpha. With ``--color`` it is a color layer of all
hues and saturations instead, its alpha running from 0 to 1: Normal, and blend mode Color (chroma)
over the gray picture. psd-tools, and GIMP, Krita (under Xvfb) and ImageMagick where they are
installed, open each file and flatten its layers; GIMP also with its other two color modes. Errors
are in 255ths, against the composite in 16 bits, weighted by the alpha. Programs that are missing
are left out.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image
from psd_tools import PSDImage
from psd_tools.composite import composite as flatten_by_psd_tools

from lasagna_relight.compositing.color_files import write_color_layers
from lasagna_relight.compositing.color_layer import ColorLayer, composite_colored
from lasagna_relight.compositing.openraster import write_openraster
from lasagna_relight.compositing.psd import write_psd
from lasagna_relight.compositing.stack import MAX_LOG_GAIN, composite_picture
from lasagna_relight.image_io import Picture, read_picture

TIMEOUT_S = 180
Flat = tuple[np.ndarray, np.ndarray | None]
"""Color (H, W, 3) and alpha (H, W) in [0, 1]."""


def by_psd_tools(file: Path) -> Flat | None:
    if file.suffix != ".psd":
        return None
    color, _, alpha = flatten_by_psd_tools(PSDImage.open(file))
    return color, alpha[..., 0]


def by_gimp(file: Path, mode: str | None = None) -> Flat | None:
    """As it opens the file, or with another mode of the topmost layer."""
    flat = file.with_name("gimp.png")
    top = "(aref (cadr (gimp-image-get-layers image)) 0)"
    changed = "" if mode is None else f"(gimp-layer-set-mode {top} {mode})"
    script = (
        f'(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{file}" "a"))))'
        f"{changed}(let* ((layer (car (gimp-image-merge-visible-layers image CLIP-TO-IMAGE))))"
        f'(file-png-save2 RUN-NONINTERACTIVE image layer "{flat}" "a" 0 1 0 0 0 0 0 0 0)))'
    )
    return _run(["gimp-console", "-i", "-d", "-f", "-b", script, "-b", "(gimp-quit 0)"], flat)


def by_krita(file: Path) -> Flat | None:
    flat = file.with_name("krita.png")
    command = ["krita", str(file), "--export", "--export-filename", str(flat)]
    return _run(["xvfb-run", "-a", *command], flat)


def by_imagemagick(file: Path) -> Flat | None:
    """Its own reading of a PSD knows no Divide, so the layers' modes are told to it."""
    if file.suffix != ".psd" or "alpha" in file.name:
        return None
    flat = file.with_name("imagemagick.png")
    command = ["/usr/bin/convert", f"{file}[1]", f"{file}[2]", "-compose", "Multiply", "-composite"]
    command += [f"{file}[3]", "-compose", "DivideSrc", "-composite", "-depth", "16", str(flat)]
    return _run(command, flat)


PROGRAMS: dict[str, Callable[[Path], Flat | None]] = {
    "psd-tools": by_psd_tools,
    "gimp": by_gimp,
    "krita": by_krita,
    "imagemagick": by_imagemagick,
}


COLOR_PROGRAMS: dict[str, Callable[[Path], Flat | None]] = {
    "psd-tools": by_psd_tools,
    "gimp": by_gimp,
    "krita": by_krita,
}
GIMP_COLOR_MODES = {
    "gimp, LCh Color": "LAYER-MODE-LCH-COLOR",
    "gimp, HSL Color (legacy)": "LAYER-MODE-HSL-COLOR-LEGACY",
}


def _run(command: list[str], flat: Path) -> Flat | None:
    """What the command wrote to ``flat``; None if it cannot run, or cannot read the format."""
    if shutil.which(command[0]) is None:
        return None
    flat.unlink(missing_ok=True)
    try:
        subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return None
    if not flat.exists():
        return None
    seen = read_picture(flat)
    alpha = None if seen.alpha is None else seen.alpha / seen.maximum
    return seen.pixels / seen.maximum, alpha


def read_shrunk(path: Path, side: int) -> Picture:
    picture = read_picture(path)
    image = Image.fromarray((picture.image().permute(1, 2, 0) * 255).round().byte().numpy())
    image.thumbnail((side, side))
    return Picture(pixels=np.asarray(image))


def cases(picture: Picture, folder: Path) -> Iterator[tuple[str, Path, Picture]]:
    """Name, file and true composite of every file that is written with light."""
    height, width = picture.height, picture.width
    ramp = np.linspace(-MAX_LOG_GAIN, MAX_LOG_GAIN, width, dtype=np.float32)
    log_gain = np.repeat(ramp[None], height, axis=0)
    for source, kind in ((picture, "opaque"), (faded(picture), "alpha")):
        for bits in (16, 8):
            for suffix, write in ((".psd", write_psd), (".ora", write_openraster)):
                file = folder / f"{kind}-{bits}{suffix}"
                write(file, source, log_gain, bits=bits)
                truth = composite_picture(source, log_gain, bits=16)
                yield f"{suffix[1:]} {bits} bits, {kind}", file, truth


def color_cases(picture: Picture, folder: Path) -> Iterator[tuple[str, Path, Picture]]:
    """Name, file and true composite of every file that is written with a color layer."""
    height, width = picture.height, picture.width
    y, x = np.mgrid[:height, :width].astype(np.float32)
    hue = 6 * x / width
    pure = np.stack([abs(hue - 3) - 1, 2 - abs(hue - 2), 2 - abs(hue - 4)], -1).clip(0, 1)
    gray = np.rint(picture.pixels @ np.array([0.3, 0.59, 0.11])).astype(picture.pixels.dtype)
    gray = replace(picture, pixels=np.repeat(gray[..., None], 3, 2))
    saturation = (4 * y / height % 1)[..., None]
    layer = ColorLayer(
        colors=(pure * saturation + 0.5 * (1 - saturation)).astype(np.float32),
        cover=(y / height * 1.6 - 0.3).clip(0, 1),
        mode="color",
    )
    for base, mode in ((picture, "color"), (gray, "chroma")):
        for source, kind in ((base, "opaque"), (faded(base), "alpha")):
            for form in ("psd", "ora"):
                file = folder / f"{mode}-{kind}.png"
                painted = replace(layer, mode=mode)
                (written,) = write_color_layers([form], file, source, painted, words="", force=True)
                truth = composite_colored(source, painted, bits=16)
                yield f"{form}, {mode}, {kind}", written.path, truth


def faded(picture: Picture) -> Picture:
    """``picture`` with an alpha that runs from 0 to 1."""
    fade = np.linspace(-0.5, 1.5, picture.height).clip(0, 1) * picture.maximum
    alpha = np.rint(fade).astype(picture.pixels.dtype)[:, None]
    return replace(picture, alpha=np.repeat(alpha, picture.width, axis=1))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("picture", type=Path)
    parser.add_argument("--side", type=int, default=512, help="longest side, in pixels")
    parser.add_argument("--color", action="store_true", help="a color layer in place of light")
    options = parser.parse_args()
    picture = read_shrunk(options.picture, options.side)
    print("| file | program | max error / 255 | mean error / 255 | max alpha error / 255 |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        written = (color_cases if options.color else cases)(picture, Path(folder))
        for name, file, ours in written:
            programs = dict(COLOR_PROGRAMS if options.color else PROGRAMS)
            if name == "psd, chroma, opaque":
                programs |= {
                    said: partial(by_gimp, mode=mode) for said, mode in GIMP_COLOR_MODES.items()
                }
            for program, flatten in programs.items():
                flat = flatten(file)
                if flat is not None:
                    print(_row(name, program, flat, ours), flush=True)


def _row(name: str, program: str, flat: Flat, ours: Picture) -> str:
    color, alpha = flat
    cover = np.ones(color.shape[:2]) if ours.alpha is None else ours.alpha / 65535
    error = np.abs(color - ours.pixels / 65535) * cover[..., None] * 255
    alpha_error = np.abs((1 if alpha is None else alpha) - cover).max() * 255
    return f"| {name} | {program} | {error.max():.2f} | {error.mean():.4f} | {alpha_error:.2f} |"


if __name__ == "__main__":
    main()

"""Seconds and peak memory of `lasagna colorize` from command to files, by recipe.

``python benchmarks/color_speed.py [--recipe NAME ...]``

The bundled sketch, and a gray photograph of 12 megapixels (a bundled sample enlarged) in mode
chroma; each in a process of its own, with a PNG, and with a PNG and a PSD. Processor seconds stand
beside seconds, for machines with other work.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from photo_speed import SAMPLE, enlarged, time_command
from PIL import Image
from provenance import provenance_lines

from lasagna_relight.evaluation.table import markdown_table

SKETCH = SAMPLE.parent / "sketches" / "sneaker.png"
MEGAPIXELS = 12


def measure(recipes: Sequence[str]) -> Iterator[list[str]]:
    """The rows of the table, one a process."""
    with tempfile.TemporaryDirectory() as folder:
        photo = enlarged(SAMPLE, MEGAPIXELS, Path(folder))
        with Image.open(photo) as picture:
            picture.convert("L").save(photo)
        output = Path(folder) / "colored.png"
        asked = {
            "sketch": [str(SKETCH), "a red sneaker with a white sole"],
            f"gray photograph, {MEGAPIXELS} MP": [str(photo), "a blue cup", "--mode", "chroma"],
        }
        for recipe in recipes:
            for name, request in asked.items():
                for layers in ("none", "psd"):
                    options = ["-o", str(output), "--recipe", recipe, "--layers", layers]
                    figures = time_command(["colorize", *request, *options, "--quiet", "--force"])
                    files = "PNG" if layers == "none" else "PNG and PSD"
                    yield [recipe, name, files, f"{figures['seconds']:.1f}",
                           f"{figures['processor_seconds']:.1f}",
                           f"{figures['peak_mib']:.0f}"]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipe", nargs="+", default=["target", "sds"])
    rows: list[list[str]] = []
    for row in measure(parser.parse_args().recipe):
        print(row, file=sys.stderr)
        rows.append(row)
    titles = ["recipe", "picture", "files", "seconds", "processor seconds", "peak MiB"]
    print(f"{provenance_lines()}\n\n{markdown_table(titles, rows)}")


if __name__ == "__main__":
    main()

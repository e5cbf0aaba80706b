"""A contact sheet of held-out sketches colored by words and by hints, to be looked at.

``python benchmarks/color_sheet.py -o SHEET [--openclipart DIR] [--emoji DIR] [--cutouts DIR]
[--drawings N] [--limit 5] [--recipe target] [--prior FOLDER]``

The drawings are those of `lasagna evaluate colors` with the same options. Columns: the true
picture, the sketch, then colored by the true colors in words; by words and hints; red, white and
black by one word; and the gray picture in mode chroma by the true words.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from lasagna_relight.apps.contact_sheet import write_contact_sheet
from lasagna_relight.apps.evaluate_colors import held_out_cases
from lasagna_relight.colorization.api import Colorizer
from lasagna_relight.evaluation.color_cases import ColorCase
from lasagna_relight.evaluation.colors import Request, solved

TERMS = ("red", "white", "black")
SHRUNK = 3
"""Pixels of a full contact sheet that become one."""


def rows(cases: Sequence[ColorCase], colorizer: Colorizer, recipe: str) -> Iterator[list]:
    """One row of pictures for each drawing."""
    method = solved(colorizer, recipe)
    for case in cases:
        requests = [
            Request(base=case.sketch, words=case.words),
            Request(base=case.sketch, words=case.words, hints=case.hints),
            *(Request(base=case.sketch, words=f"a {term} {case.title}") for term in TERMS),
            Request(base=case.gray, words=case.words, mode="chroma"),
        ]
        pixels = [case.truth, case.sketch.pixels, *(method(case, asked) for asked in requests)]
        yield [Image.fromarray(np.ascontiguousarray(picture)) for picture in pixels]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for source in ("openclipart", "emoji", "cutouts"):
        parser.add_argument(f"--{source}", type=Path)
    parser.add_argument("--drawings", type=int, default=0)
    parser.add_argument("--limit", type=int, default=5)
    parser.add_argument("--recipe", default="target")
    parser.add_argument("--prior", type=Path, help="a folder in place of the package's")
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    cases = held_out_cases(
        asked.openclipart, asked.emoji, asked.cutouts, asked.drawings, limit=asked.limit
    )
    colorizer = Colorizer.load(prior=asked.prior or "embedded")
    titles = ["truth", "sketch", "true words", "and hints", *TERMS, "gray, chroma"]
    write_contact_sheet(asked.output, list(rows(cases, colorizer, asked.recipe)), titles)
    with Image.open(asked.output) as sheet:
        small = sheet.reduce(SHRUNK)
    small.save(asked.output, quality=82)
    for case in cases:
        print(case.words)


if __name__ == "__main__":
    main()

"""A contact sheet of pictures relit from five sides, to be looked at.

``python benchmarks/contact_sheet.py PICTURE_OR_FOLDER... -o SHEET [--recipe NAME] [--every N]``

Rows are pictures; columns are the source and one light each, by words, with an automatic mask.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from lasagna_relight.apps.contact_sheet import write_contact_sheet
from lasagna_relight.apps.destinations import find_photos
from lasagna_relight.image_io import Picture, read_picture
from lasagna_relight.relighting.api import Relighter

LIGHTS = {
    "left": "light from the left",
    "right": "light from the right",
    "top": "light from the top",
    "bottom": "light from below",
    "behind": "light from behind",
}


def relit_rows(
    photos: Sequence[Path], relighter: Relighter, seed: int
) -> Iterator[list[PillowImage.Image]]:
    """For each photo: the source, then one picture for each light."""
    for photo in photos:
        picture = read_picture(photo)
        relit = [relighter.relight(picture, words, seed=seed) for words in LIGHTS.values()]
        yield [_on_gray(picture), *(_on_gray(result.picture) for result in relit)]


def _on_gray(picture: Picture) -> PillowImage.Image:
    """8 bits, what is transparent laid over gray."""
    image = picture.image().permute(1, 2, 0).numpy()
    if picture.alpha is not None:
        alpha = (picture.alpha / np.float32(picture.maximum))[..., None]
        image = image * alpha + 0.5 * (1 - alpha)
    return PillowImage.fromarray(np.rint(image * 255).astype(np.uint8))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pictures", nargs="+", help="pictures, or folders of them")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--recipe")
    parser.add_argument("--prior", type=Path, help="a folder in place of the package's")
    parser.add_argument("--every", type=int, default=1, help="take every Nth picture")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    relighter = Relighter.load(recipe=arguments.recipe, prior=arguments.prior or "embedded")
    photos = find_photos(arguments.pictures)[:: arguments.every]
    rows = list(relit_rows(photos, relighter, arguments.seed))
    write_contact_sheet(arguments.output, rows, ["source", *LIGHTS], force=True)
    print(f"{arguments.output}: {len(rows)} pictures, recipe {relighter.recipe.name}")


if __name__ == "__main__":
    main()

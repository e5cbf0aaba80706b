"""Which photos are meant, and which files come of them."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lasagna_relight.compositing.layer_paths import (
    LAYER_ENDINGS,
    LayerFormat,
    layer_paths,
    refuse_unwritable_edit,
)
from lasagna_relight.errors import ImageError, InputError, OutputError
from lasagna_relight.image_io import READABLE_SUFFIXES, read_picture

RELIT = ".relit"
COLORED = ".colored"
"""What stands before the suffix of pictures that lasagna made."""


@dataclass(frozen=True, kw_only=True)
class PhotoTask:
    """A photo and where its edited picture goes; its layer files go beside that.

    ``endings`` is what the layer files are called: see `layer_paths`.
    """

    photo: Path
    destination: Path
    endings: Mapping[LayerFormat, tuple[str, ...]] = field(default_factory=lambda: LAYER_ENDINGS)

    def refuse_unwritable_files(self, layers: Sequence[LayerFormat], *, force: bool) -> None:
        """Raise before the solve what writing would raise after it.

        Raises:
            OutputError: see `image_io.refuse_unwritable`; or the picture would replace its photo.
        """
        both_exist = self.destination.exists() and self.photo.exists()
        if both_exist and self.destination.samefile(self.photo):
            raise OutputError(f"{self.destination} is the photo itself: name another file with -o")
        refuse_unwritable_edit(self.destination, layers, force=force, endings=self.endings)

    def files(self, layers: Sequence[LayerFormat]) -> list[Path]:
        """The relit picture and its layer files, in the order they are written."""
        beside = [layer_paths(self.destination, name, self.endings) for name in layers]
        return [self.destination, *itertools.chain.from_iterable(beside)]


def find_photos(arguments: Sequence[str]) -> list[Path]:
    """The photos that ``arguments`` name; a folder stands for the photos directly inside it.

    A folder's hidden files are left out, and so are pictures that lasagna itself wrote there
    (``*.relit.*``, ``*.colored.*``), so that a second run over the folder does not take up its own
    results.

    If none of them is there, the first says so, some seconds before the networks would load; no
    picture is opened otherwise.

    Raises:
        ImageError: a folder holds no photo, or may not be listed; or no photo is there.
    """
    photos: dict[Path, None] = {}
    for argument in map(Path, arguments):
        photos.update(dict.fromkeys(_photos_in(argument) if argument.is_dir() else [argument]))
    found = list(photos)
    if not any(os.path.exists(photo) for photo in found):  # noqa: PTH110
        read_picture(found[0])
    return found


def plan_destinations(
    photos: Sequence[Path],
    output: Path | None,
    *,
    marker: str = RELIT,
    endings: Mapping[LayerFormat, tuple[str, ...]] = LAYER_ENDINGS,
) -> list[PhotoTask]:
    """Where the edited picture of each photo goes.

    Without ``output``: ``PHOTO.relit.png`` (or another ``marker``) beside each photo. With a name
    that has a suffix, for one photo: that file. Else ``output`` is a folder, made where it is
    missing.

    Raises:
        OutputError: the folder cannot be made; a file is named for several photos.
        InputError: two photos would be written to the same file.
    """
    if output is not None and output.suffix and not output.is_dir():
        if len(photos) > 1:
            raise OutputError(
                f"{output} is one file, and there are {len(photos)} photos: name a folder with -o"
            )
        return [PhotoTask(photo=photos[0], destination=output, endings=endings)]
    if output is not None:
        make_folder(output)
    tasks: dict[Path, PhotoTask] = {}
    for photo in photos:
        folder = photo.parent if output is None else output
        destination = folder / f"{photo.stem}{marker}.png"
        if destination in tasks:
            raise InputError(
                f"{tasks[destination].photo} and {photo} would both become {destination}: "
                "do them one at a time, with -o"
            )
        tasks[destination] = PhotoTask(photo=photo, destination=destination, endings=endings)
    return list(tasks.values())


def make_folder(folder: Path) -> None:
    """Make ``folder``, and those around it, where they are missing.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"the folder {folder} cannot be made ({error.strerror}): name another with -o"
        ) from error


def _photos_in(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise ImageError(
            f"{folder} cannot be listed ({error.strerror}): name its photos"
        ) from error
    photos = [
        entry
        for entry in entries
        if entry.suffix.lower() in READABLE_SUFFIXES
        and not entry.name.startswith(".")
        and not {RELIT, COLORED} & set(entry.suffixes)
        and entry.is_file()
    ]
    if not photos:
        raise ImageError(f"{folder} holds no photo: it would end in {', '.join(READABLE_SUFFIXES)}")
    return photos

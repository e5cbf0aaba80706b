"""Photos and their masks, read in a thread: the first while PyTorch is still being imported."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lasagna_relight.image_io import Picture, read_picture

if TYPE_CHECKING:
    from lasagna_relight.masking import MaskChoice, ResolvedMask

    FindMask = Callable[[Picture, MaskChoice], ResolvedMask]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A photo and its mask to come; each raises what reading it raised."""

    picture: Future[Picture]
    mask: Future[ResolvedMask]


class SubjectReader:
    """Reads one photo after another in a thread of its own.

    Importing is work for one core, and the decoders and networks behind a mask let it go on.
    """

    def __init__(
        self, pool: ThreadPoolExecutor, mask: MaskChoice, find: FindMask | None = None
    ) -> None:
        self._pool = pool
        self._mask: MaskChoice = mask
        self._find = find or _find_mask
        self._started: dict[Path, Subject] = {}

    def start(self, photo: Path) -> None:
        """Begins to read ``photo``, whose subject is taken later."""
        picture = self._pool.submit(read_picture, photo)
        mask = self._pool.submit(lambda: self._find(picture.result(), self._mask))
        self._started[photo] = Subject(picture=picture, mask=mask)

    def take(self, photo: Path) -> Subject:
        """The subject of ``photo``, which this no longer holds; started now if it was not."""
        if photo not in self._started:
            self.start(photo)
        return self._started.pop(photo)


def _find_mask(picture: Picture, choice: MaskChoice) -> ResolvedMask:
    from lasagna_relight.masking import resolve_mask  # OpenCV, in this thread too

    return resolve_mask(picture, choice)

"""Opening pictures: from bytes of a page, or from the bundled samples, to a session."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import cv2
import numpy as np
from fastapi import HTTPException
from PIL import Image as PillowImage

from lasagna_relight.apps.studio.limits import StudioLimits
from lasagna_relight.apps.studio.model import StudioRelighter
from lasagna_relight.apps.studio.prepare import prepare, preview_of, seen_in_srgb
from lasagna_relight.apps.studio.queue import FairQueue
from lasagna_relight.apps.studio.sessions import Session, SessionStore
from lasagna_relight.apps.studio.words import CANNOT_LOOK, fault, in_page_words
from lasagna_relight.errors import LasagnaError
from lasagna_relight.image_io import Picture, encode_png, read_picture
from lasagna_relight.masking.glimpse import Glimpse
from lasagna_relight.masking.select import ResolvedMask

SAMPLES = {
    "coffee.jpg": "Coffee",
    "kingfisher.jpg": "Kingfisher",
    "statue.jpg": "Statue",
    "elephant.png": "Elephant",
}

DECODED_AT_ONCE = 2
"""Pictures of full size in memory at a time, beside the worker's."""


def sample_path(name: str) -> Path:
    """The file of a bundled sample.

    Raises:
        HTTPException: 404; there is none of that name.
    """
    if name not in SAMPLES:
        raise fault(404, "There is no such sample.")
    return Path(str(resources.files("lasagna_relight"))) / "data" / "samples" / name


class Opener:
    """Makes sessions, and gives them other masks."""

    def __init__(
        self,
        relighter: StudioRelighter,
        store: SessionStore,
        queue: FairQueue,
        limits: StudioLimits,
    ) -> None:
        self._relighter = relighter
        self._store = store
        self._queue = queue
        self._limits = limits
        self._decoding = threading.BoundedSemaphore(DECODED_AT_ONCE)

    def open(self, content: bytes, name: str, *, looks: bool = True) -> Session:
        """A session of the picture in ``content``, whose preview can be shown.

        The worker looks at it in two pieces of work: a first mask with first gains, from the
        preview; then the exact ones. A page asks for each as it comes; one that does not light
        the picture asks for none, by ``looks``.

        Raises:
            HTTPException: 422; it is no picture that can be used.
        """
        session_id, folder = self._store.new_folder()
        try:
            (folder / "upload").write_bytes(content)
            with self._decoding:
                picture = self._read(folder / "upload", name)
                preview = preview_of(picture, self._limits.preview_side)
            session = Session(
                id=session_id,
                folder=folder,
                name=name,
                size=(picture.width, picture.height),
                preview_size=(preview.width, preview.height),
            )
            self._store.add(session)
        except LasagnaError as error:
            _remove(folder)
            raise fault(422, in_page_words(error, path=folder / "upload", name=name)) from error
        except BaseException:
            _remove(folder)
            raise
        if looks:
            self._look(session, preview)
        shown = seen_in_srgb(preview)
        png = encode_png(shown.pixels, alpha=shown.alpha)
        (folder / "preview.png").write_bytes(png)
        return session

    def _look(self, session: Session, preview: Picture) -> None:
        seen: list[Glimpse] = []

        def first() -> None:
            glance = self._relighter.glimpse(preview)
            directions = self._relighter.first_directions
            prepared = prepare(self._relighter, preview, glance.mask, directions)
            session.keep(prepared, is_final=False)
            seen.append(glance)

        def exact() -> None:
            if seen:
                picture = session.picture()
                self._keep(session, picture, self._relighter.find_mask(picture, seen[0]))

        for work in (first, exact):
            self._queue.submit(session.id, lambda work=work: self._watched(session, work))

    def _watched(self, session: Session, work: Callable[[], None]) -> None:
        """``work`` for a session that may be closed meanwhile; it learns of what fails."""
        try:
            with self._store.use(session.id):
                work()
        except LasagnaError as error:
            words = in_page_words(error, path=session.upload, name=session.name)
            session.fault = fault(422, words)
        except Exception as error:
            session.fault = fault(500, CANNOT_LOOK)
            gone = isinstance(error, HTTPException | FileNotFoundError)
            if not gone:
                raise

    def find_mask(self, session: Session) -> None:
        """The automatic mask again."""
        picture = session.picture()
        self._queue.run(
            session.id,
            lambda: self._keep(session, picture, self._relighter.find_mask(picture, None)),
        )

    def use_whole(self, session: Session) -> None:
        """Light on the whole picture."""
        picture = session.picture()
        whole = np.ones((picture.height, picture.width), dtype=np.float32)
        mask = ResolvedMask(mask=whole, method="none")
        self._queue.run(session.id, lambda: self._keep(session, picture, mask))

    def use_painted(self, session: Session, content: bytes) -> None:
        """The mask that the page sends, as a grey PNG of the preview's size or any other.

        Raises:
            HTTPException: 422; it is no picture, or selects nothing.
        """
        painted = session.folder / "painted"
        painted.write_bytes(content)
        try:
            file = self._read(painted, "mask")
        except LasagnaError as error:
            raise fault(422, in_page_words(error, path=painted, name="The mask")) from error
        coverage = file.pixels[..., 0] / np.float32(file.maximum)
        if coverage.max() < 0.5:
            raise fault(422, "The mask selects nothing. Paint over what the light may fall on.")
        width, height = session.size
        if coverage.shape != (height, width):
            if abs(coverage.shape[1] / coverage.shape[0] / (width / height) - 1) > 0.02:
                raise fault(422, "The mask has another shape than the picture. Use one that fits.")
            coverage = cv2.resize(coverage, (width, height), interpolation=cv2.INTER_LINEAR)
        mask = ResolvedMask(mask=coverage, method="file")
        picture = session.picture()
        self._queue.run(session.id, lambda: self._keep(session, picture, mask))

    def _read(self, path: Path, name: str) -> Picture:
        most = self._limits.picture_pixels
        try:
            with PillowImage.open(path) as header:
                width, height = header.size
        except Exception:  # read_picture says what is wrong
            width = height = 0
        if width * height > most:
            raise fault(
                422,
                f"“{name}” has {width * height / 1e6:.0f} megapixels, and the studio takes "
                f"{most / 1e6:.0f}. Scale it down first.",
            )
        return read_picture(path)

    def _keep(self, session: Session, picture: Picture, mask: ResolvedMask) -> None:
        directions = self._relighter.all_directions
        session.keep(prepare(self._relighter, picture, mask, directions), is_final=True)
        session.fault = None


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)

"""Opening pictures: from bytes of a page, or from the bundled samples, to a session."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as PillowImage

from lasagna_relight.apps.studio.limits import StudioLimits
from lasagna_relight.apps.studio.model import StudioRelighter
from lasagna_relight.apps.studio.prepare import mask_at, prepare, preview_of, seen_in_srgb
from lasagna_relight.apps.studio.queue import FairQueue
from lasagna_relight.apps.studio.sessions import Session, SessionStore
from lasagna_relight.apps.studio.words import fault, in_page_words
from lasagna_relight.errors import LasagnaError
from lasagna_relight.image_io import Picture, encode_png, read_picture
from lasagna_relight.masking.select import ResolvedMask

SAMPLES = {
    "coffee.jpg": "Coffee",
    "kingfisher.jpg": "Kingfisher",
    "statue.jpg": "Statue",
    "elephant.png": "Elephant",
}


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

    def open(self, content: bytes, name: str) -> Session:
        """A session of the picture in ``content``.

        Raises:
            HTTPException: 422; it is no picture that can be used.
        """
        session_id, folder = self._store.new_folder()
        try:
            (folder / "upload").write_bytes(content)
            picture = self._read(folder / "upload", name)
            preview = preview_of(picture, self._limits.preview_side)
            session = Session(
                id=session_id,
                folder=folder,
                name=name,
                size=(picture.width, picture.height),
                preview_size=(preview.width, preview.height),
            )
            shown = seen_in_srgb(preview)
            png = encode_png(shown.pixels, alpha=shown.alpha)
            (folder / "preview.png").write_bytes(png)
            self._queue.run(session_id, lambda: self._find_mask(session, picture))
            self._store.add(session)
        except LasagnaError as error:
            _remove(folder)
            raise fault(422, in_page_words(error, path=folder / "upload", name=name)) from error
        except BaseException:
            _remove(folder)
            raise
        return session

    def find_mask(self, session: Session) -> None:
        """The automatic mask again."""
        picture = session.picture()
        self._queue.run(session.id, lambda: self._find_mask(session, picture))

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

    def _find_mask(self, session: Session, picture: Picture) -> None:
        self._keep(session, picture, self._relighter.find_mask(picture))

    def _keep(self, session: Session, picture: Picture, mask: ResolvedMask) -> None:
        prepared = prepare(self._relighter, picture, mask)
        width, height = session.preview_size
        session.keep(prepared, encode_png(mask_at(prepared.mask.mask, height, width)))


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)

"""Open pictures, one for each page. Files lie in one temporary folder and go with their session.

Only small things stay in memory: the twelve gains, the small view, refinements. Pictures and masks
of full size are read again from the session's own files when they are needed.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from lasagna_relight.apps.studio.limits import StudioLimits
from lasagna_relight.apps.studio.prepare import Prepared
from lasagna_relight.apps.studio.queue import Job
from lasagna_relight.apps.studio.words import BUSY, MASK_NOTES, SESSION_GONE, fault
from lasagna_relight.image_io import Picture, encode_png, read_picture
from lasagna_relight.masking.select import MaskMethod, ResolvedMask
from lasagna_relight.relighting.api import SmallView
from lasagna_relight.relighting.mixing import LightBasis


@dataclass
class Session:
    """One open picture.

    Attributes:
        id: unguessable; the page keeps it.
        folder: the session's own files.
        name: of the picture, to be shown.
        size: width and height of the picture.
        preview_size: width and height of what the page works on.
        is_large: the preview is smaller than the picture.
        revision: counts the masks.
        refinements: small log gains by their name, the oldest first.
        jobs: refinements under way or done, by name.
    """

    id: str
    folder: Path
    name: str
    size: tuple[int, int]
    preview_size: tuple[int, int]
    revision: int = 0
    mask_method: MaskMethod = "none"
    view: SmallView | None = None
    basis: LightBasis | None = None
    cells: tuple[int, int] = (0, 0)
    refinements: OrderedDict[str, Tensor] = field(default_factory=OrderedDict)
    jobs: dict[str, Job] = field(default_factory=dict)
    touched: float = field(default_factory=time.monotonic)
    users: int = 0

    @property
    def upload(self) -> Path:
        return self.folder / "upload"

    def picture(self) -> Picture:
        """The picture at full size, read from the session's file."""
        return read_picture(self.upload)

    def keep(self, prepared: Prepared, mask_png: bytes) -> None:
        """Take over a mask with its gains; refinements under another mask are void."""
        mask = np.rint(prepared.mask.mask * 255).astype(np.uint8)
        (self.folder / "mask.full.png").write_bytes(encode_png(mask))
        (self.folder / "mask.png").write_bytes(mask_png)
        (self.folder / "numbers").write_bytes(prepared.numbers())
        self.view, self.basis, self.cells = prepared.view, prepared.basis, prepared.cells
        self.mask_method = prepared.mask.method
        self.refinements.clear()
        self.revision += 1

    def mask(self) -> ResolvedMask:
        """The mask at full size."""
        grey = read_picture(self.folder / "mask.full.png").pixels[..., 0]
        return ResolvedMask(mask=grey / np.float32(255), method=self.mask_method)

    def describe(self) -> dict[str, Any]:
        """What the page needs to know of this picture."""
        assert self.view is not None
        box = self.view.box
        return {
            "id": self.id,
            "name": self.name,
            "width": self.size[0],
            "height": self.size[1],
            "preview": list(self.preview_size),
            "box": [box.left, box.top, box.width, box.height],
            "resolution": self.view.source.shape[-1],
            "cells": list(self.cells),
            "revision": self.revision,
            "mask": self.mask_method,
            "note": MASK_NOTES.get(self.mask_method),
        }

    def remember(self, name: str, log_gain: Tensor, most: int) -> None:
        """Keep a refinement; the oldest goes where there are too many."""
        self.refinements[name] = log_gain
        while len(self.refinements) > most:
            self.refinements.popitem(last=False)


class SessionStore:
    """All open sessions; the idle ones are dropped, with their files."""

    def __init__(self, limits: StudioLimits) -> None:
        self._limits = limits
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()
        self._root = Path(tempfile.mkdtemp(prefix="lasagna-studio-"))

    def new_folder(self) -> tuple[str, Path]:
        """A fresh name and an empty folder for it, readable by this user alone."""
        name = secrets.token_urlsafe(16)
        folder = self._root / name
        folder.mkdir(mode=0o700)
        return name, folder

    def add(self, session: Session) -> None:
        """Open ``session``.

        Raises:
            HTTPException: 503; all places are taken by pages that are at work.
        """
        self.drop_idle()
        with self._lock:
            while len(self._sessions) >= self._limits.sessions:
                resting = [s for s in self._sessions.values() if s.users == 0]
                if not resting:
                    raise fault(503, BUSY)
                self._close(min(resting, key=lambda s: s.touched))
            self._sessions[session.id] = session

    @contextmanager
    def use(self, session_id: str) -> Iterator[Session]:
        """The session of that name, held open while the block runs.

        Raises:
            HTTPException: 410; there is none, or no longer.
        """
        with self._lock:
            session = self._sessions.get(session_id)
            if session is None:
                raise fault(410, SESSION_GONE)
            session.users += 1
            session.touched = time.monotonic()
        try:
            yield session
        finally:
            with self._lock:
                session.users -= 1
                session.touched = time.monotonic()

    def close(self, session_id: str) -> None:
        """End a session, if it is there: its jobs stop and its files go."""
        with self._lock:
            session = self._sessions.get(session_id)
            if session is not None:
                self._close(session)

    def drop_idle(self) -> None:
        """End the sessions that nobody has used for long."""
        oldest = time.monotonic() - self._limits.idle_seconds
        with self._lock:
            for session in list(self._sessions.values()):
                if session.users == 0 and session.touched < oldest:
                    self._close(session)

    def close_all(self) -> None:
        """End all, and remove the temporary folder."""
        with self._lock:
            for session in list(self._sessions.values()):
                self._close(session)
        shutil.rmtree(self._root, ignore_errors=True)

    def __len__(self) -> int:
        return len(self._sessions)

    def _close(self, session: Session) -> None:
        for job in session.jobs.values():
            job.cancel()
        del self._sessions[session.id]
        shutil.rmtree(session.folder, ignore_errors=True)

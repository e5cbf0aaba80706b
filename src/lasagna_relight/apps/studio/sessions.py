"""Open pictures, one for each page. Files lie in one temporary folder and go with their session.

Only small things stay in memory: the gains of the basis, the small view, refinements. Pictures and
masks of full size are read again from the session's own files when they are needed.
"""

from __future__ import annotations

import secrets
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from fastapi import HTTPException
from torch import Tensor

from lasagna_relight.apps.studio.limits import StudioLimits
from lasagna_relight.apps.studio.own_folder import OwnFolder
from lasagna_relight.apps.studio.prepare import Prepared, box_at, cells_of, mask_at
from lasagna_relight.apps.studio.queue import Job
from lasagna_relight.apps.studio.words import BUSY, MASK_NOTES, NOT_LOOKED, SESSION_GONE, fault
from lasagna_relight.compositing.crop import CropBox
from lasagna_relight.image_io import Picture, encode_png, read_picture
from lasagna_relight.masking.select import MaskMethod, ResolvedMask
from lasagna_relight.relighting.api import SmallView
from lasagna_relight.relighting.mixing import LightBasis


@dataclass(frozen=True, kw_only=True)
class Looked:
    """An open picture under one of its masks.

    Attributes:
        revision: counts the masks; 1 is the first.
        is_final: what was found at once has become exact, or a mask was given.
        box: the crop that the networks see, in pixels of the full picture.
    """

    revision: int
    is_final: bool
    method: MaskMethod
    view: SmallView
    basis: LightBasis
    box: CropBox


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
        looked: the picture under its latest mask; None until it has been looked at.
        fault: why it cannot be lit, if so.
        refinements: small log gains by their name, the oldest first.
        jobs: refinements under way or done, by name.
    """

    id: str
    folder: Path
    name: str
    size: tuple[int, int]
    preview_size: tuple[int, int]
    looked: Looked | None = None
    fault: HTTPException | None = None
    refinements: OrderedDict[str, Tensor] = field(default_factory=OrderedDict)
    jobs: dict[str, Job] = field(default_factory=dict)
    touched: float = field(default_factory=time.monotonic)
    users: int = 0
    closed: bool = False

    @property
    def upload(self) -> Path:
        return self.folder / "upload"

    def picture(self) -> Picture:
        """The picture at full size, read from the session's file."""
        return read_picture(self.upload)

    def keep(self, prepared: Prepared, *, is_final: bool) -> None:
        """Take over a mask with its gains; refinements under another mask are void.

        One that is not final is of the preview's size, and cannot be exported.
        """
        revision = self.revision + 1
        mask, box = prepared.mask.mask, prepared.view.box
        if is_final:
            full = np.rint(mask * 255).astype(np.uint8)
            (self.folder / "mask.full.png").write_bytes(encode_png(full))
        width, height = self.preview_size
        self.part("mask.png", revision).write_bytes(encode_png(mask_at(mask, height, width)))
        self.part("numbers", revision).write_bytes(prepared.numbers())
        self.refinements.clear()
        self.looked = Looked(
            revision=revision,
            is_final=is_final,
            method=prepared.mask.method,
            view=prepared.view,
            basis=prepared.basis,
            box=box_at(box, self.size[0] / mask.shape[1]),
        )
        for old in ("mask.png", "numbers"):  # a page may still be asking for the last one
            self.part(old, revision - 2).unlink(missing_ok=True)

    @property
    def revision(self) -> int:
        """How many masks there have been."""
        return 0 if self.looked is None else self.looked.revision

    def part(self, name: str, revision: int) -> Path:
        """The file of what changes with the mask."""
        return self.folder / f"{revision}.{name}"

    def seen(self) -> Looked:
        """The picture under its latest mask.

        Raises:
            HTTPException: it cannot be lit.
        """
        if self.looked is None:
            raise self.fault or fault(409, NOT_LOOKED)
        return self.looked

    def mask(self) -> ResolvedMask:
        """The mask at full size.

        Raises:
            HTTPException: the picture cannot be lit.
        """
        method = self.seen().method
        if self.fault is not None:
            raise self.fault
        grey = read_picture(self.folder / "mask.full.png").pixels[..., 0]
        return ResolvedMask(mask=grey / np.float32(255), method=method)

    def describe(self) -> dict[str, Any]:
        """What the page needs to know of this picture; of its light, once it has been looked at."""
        looked = self.looked
        opened = {
            "id": self.id,
            "name": self.name,
            "width": self.size[0],
            "height": self.size[1],
            "preview": list(self.preview_size),
            "revision": 0,
        }
        if looked is None:
            return opened
        side, box = looked.view.source.shape[-1], looked.box
        return {
            **opened,
            "revision": looked.revision,
            "final": looked.is_final,
            "box": [box.left, box.top, box.width, box.height],
            "resolution": side,
            "cells": list(cells_of(box, side)),
            "mask": looked.method,
            "note": MASK_NOTES.get(looked.method) if looked.is_final else None,
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
        self._own = OwnFolder()

    def new_folder(self) -> tuple[str, Path]:
        """A fresh name and an empty folder for it, readable by this user alone."""
        name = secrets.token_urlsafe(16)
        folder = self._own.path / name
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
        self._own.remove()

    def __len__(self) -> int:
        return len(self._sessions)

    def _close(self, session: Session) -> None:
        for job in session.jobs.values():
            job.cancel()
        session.closed = True
        del self._sessions[session.id]
        shutil.rmtree(session.folder, ignore_errors=True)

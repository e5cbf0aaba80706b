"""The temporary folder of one process, which the next process removes where this one was killed."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "lasagna-studio-"
LOCK_NAME = ".lock"

UNLOCKED_SECONDS = 60.0
"""A folder without a lock may be one that is being made: it is left alone for so long."""


class OwnFolder:
    """A temporary folder, readable by its user alone, whose lock this process holds.

    The system lets go of the lock when the process ends, however it ends. Folders of this user that
    nobody holds any more are removed first.
    """

    def __init__(self) -> None:
        remove_orphans()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = FileLock(self.path / LOCK_NAME)
        self._lock.acquire(timeout=0)

    def remove(self) -> None:
        """The folder goes, with what is in it."""
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)


def remove_orphans() -> list[Path]:
    """Remove the folders whose process was killed, and say which they were."""
    removed = []
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")):
        try:
            if _is_orphan(folder):
                shutil.rmtree(folder)
                removed.append(folder)
        except OSError:
            continue  # another process was faster, or it may not be touched
    return removed


def _is_orphan(folder: Path) -> bool:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        return False
    if not (folder / LOCK_NAME).is_file():
        return time.time() - found.st_mtime > UNLOCKED_SECONDS
    lock = FileLock(folder / LOCK_NAME)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    lock.release()
    return True

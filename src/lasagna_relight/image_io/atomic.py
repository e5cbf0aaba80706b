"""Files that are written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lasagna_relight.errors import OutputError


def refuse_unwritable(path: str | Path, *, force: bool, suffixes: tuple[str, ...] = ()) -> None:
    """Raise what `atomic_path` would raise, before the work is done.

    Raises:
        OutputError: ``path`` exists and ``force`` is off; it is a folder; its folder is missing
            or not writable; or its suffix is none of ``suffixes`` (where given).
    """
    path = Path(path)
    if suffixes and path.suffix.lower() not in suffixes:
        raise OutputError(f"{path} cannot be written: its name must end in {', '.join(suffixes)}")
    if path.is_dir():
        raise OutputError(f"{path} is a folder: name a file")
    if not path.parent.is_dir():
        raise OutputError(f"{path} cannot be written: make the folder {path.parent} first")
    if path.exists() and not force:
        raise OutputError(
            f"{path} exists: use --force (in Python force=True) to overwrite it, "
            "or name another file"
        )
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise OutputError(f"{path} cannot be written: no permission in the folder {path.parent}")


@contextmanager
def atomic_path(path: str | Path, *, force: bool) -> Iterator[Path]:
    """A temporary path beside ``path``, same suffix, that becomes ``path`` if the block succeeds.

    If the block raises anything, nothing is left behind. Whoever may read a file that is made here
    by ``open`` may read this one, whatever wrote it: safetensors lets its owner alone.

    Raises:
        OutputError: see `refuse_unwritable`; or any OSError inside, such as a full disk.
    """
    path = Path(path)
    refuse_unwritable(path, force=force)
    temporary = path.with_name(f"{_hidden(path)}.{secrets.token_hex(6)}{path.suffix}")
    try:
        temporary.touch(exist_ok=False)
        mode = temporary.stat().st_mode
        temporary.unlink()
        yield temporary
        temporary.chmod(mode)
        temporary.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written ({one_line(error)}): free some space or name another place"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _hidden(path: Path) -> str:
    """What the temporary files of ``path`` begin with: short, whatever the length of its name."""
    return f".{hashlib.sha256(path.name.encode()).hexdigest()[:12]}"


def remove_half_written(path: str | Path) -> None:
    """Remove what writers of ``path`` left that were killed; only for its one writer to call."""
    path = Path(path)
    for temporary in path.parent.glob(f"{_hidden(path)}.*"):
        temporary.unlink(missing_ok=True)


def whole_files(folder: Path, pattern: str) -> list[Path]:
    """The files of ``folder`` whose names match, in their order.

    Without those that a killed process left half written: they are the hidden ones.
    """
    return sorted(path for path in folder.glob(pattern) if not path.name.startswith("."))


def one_line(error: Exception) -> str:
    """One line of somebody else's exception, without the file name that the caller states."""
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return words.splitlines()[0][:120]

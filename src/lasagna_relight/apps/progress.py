"""Progress on a terminal, silence in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, runtime_checkable


@runtime_checkable
class Step(Protocol):
    """What a bar needs to know of a step, of a solve or of anything else that is long."""

    @property
    def index(self) -> int:
        """Steps done so far."""
        ...

    @property
    def total(self) -> int:
        """Steps to do."""
        ...


@runtime_checkable
class ProgressBars(Protocol):
    """A bar over several photos, and one over the steps of the present one."""

    def start(self, title: str) -> None:
        """Show ``title`` with a bar that does not move yet."""
        ...

    def on_step(self, step: Step) -> None:
        """Move the present bar to the end of ``step``."""
        ...

    def finish(self) -> None:
        """Drop the present bar and count its photo as done."""
        ...

    def say(self, line: str) -> None:
        """Print ``line`` on stdout."""
        ...


class NoBars:
    """Draws nothing; says what there is to say."""

    def start(self, title: str) -> None: ...

    def on_step(self, step: Step) -> None: ...

    def finish(self) -> None: ...

    def say(self, line: str) -> None:
        """Print ``line`` on stdout."""
        print(line, flush=True)


@contextmanager
def progress_bars(photos: int, *, quiet: bool) -> Iterator[ProgressBars]:
    """Bars for ``photos`` solves; they draw only if stderr is a terminal and ``quiet`` is off."""
    if quiet or not sys.stderr.isatty():
        yield NoBars()
        return
    from lasagna_relight.apps.terminal_progress import terminal_bars  # rich takes its time to load

    with terminal_bars(photos) as bars:
        yield bars

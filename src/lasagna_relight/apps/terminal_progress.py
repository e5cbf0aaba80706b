"""Progress bars on a terminal, by rich."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from lasagna_relight.apps.progress import Step


class _StepsColumn(ProgressColumn):
    """Steps done and to do, where there are any to count."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.completed:.0f}/{task.total:.0f}" if task.total else "")


class TerminalBars:
    """One bar over the photos where there are several, and one over the steps of the present one.

    Bars are drawn on stderr, so that stdout holds results alone.
    """

    def __init__(self, progress: Progress, photos: int) -> None:
        self._progress = progress
        several = photos > 1
        self._photos = progress.add_task("photos", total=photos) if several else None
        self._steps: TaskID | None = None

    def start(self, title: str) -> None:
        """Show ``title`` with a bar that does not move yet."""
        self._drop_steps()
        self._steps = self._progress.add_task(title, total=None)

    def on_step(self, step: Step) -> None:
        """Move the present bar to the end of ``step``."""
        if self._steps is not None:
            self._progress.update(self._steps, total=step.total, completed=step.index)

    def finish(self) -> None:
        """Drop the present bar and count its photo as done."""
        self._drop_steps()
        if self._photos is not None:
            self._progress.advance(self._photos)

    def say(self, line: str) -> None:
        """Print ``line`` on stdout, above the bars."""
        self._progress.refresh()
        print(line, flush=True)

    def _drop_steps(self) -> None:
        if self._steps is not None:
            self._progress.remove_task(self._steps)
            self._steps = None


@contextmanager
def terminal_bars(photos: int) -> Iterator[TerminalBars]:
    """Bars for ``photos`` solves, gone when they are done."""
    progress = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        _StepsColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with progress:
        yield TerminalBars(progress, photos)

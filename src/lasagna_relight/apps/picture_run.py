"""Pictures edited one by one: what every command does that may be given a folder of them.

Loads no PyTorch: what does is handed in, and called when there is something to edit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

from lasagna_relight.apps.destinations import PhotoTask
from lasagna_relight.apps.failure import EXIT_INPUT, report_failure, report_warning
from lasagna_relight.apps.progress import ProgressBars, progress_bars
from lasagna_relight.apps.read_ahead import Subject, SubjectReader
from lasagna_relight.compositing.layer_paths import LayerFormat
from lasagna_relight.errors import LasagnaError

Codes = dict[Path, int]
"""The exit code of each picture."""


@runtime_checkable
class Warned(Protocol):
    """A mask that may have something to say."""

    @property
    def warning(self) -> str | None:
        """What is doubtful about it."""
        ...


@runtime_checkable
class Edited(Protocol):
    """A picture that was edited, and its mask."""

    @property
    def mask(self) -> Warned:
        """Where it was edited."""
        ...

    def save(self, path: Path, *, layers: Sequence[str], force: bool) -> None:
        """Write it, and its layers beside it."""
        ...


Editor = TypeVar("Editor")


def refuse_unwritable_tasks(
    tasks: Sequence[PhotoTask], layers: Sequence[LayerFormat], *, force: bool
) -> tuple[Codes, list[PhotoTask]]:
    """A code for each task, 0 so far where its files can be written, and the tasks that can."""
    codes = {task.photo: 0 for task in tasks}
    for task in tasks:
        try:
            task.refuse_unwritable_files(layers, force=force)
        except LasagnaError as error:
            codes[task.photo] = report_failure(error)
    return codes, [task for task in tasks if codes[task.photo] == 0]


def edit_pictures(
    tasks: Sequence[PhotoTask],
    reader: SubjectReader,
    load: Callable[[], Editor],
    edit: Callable[[Editor, Subject, ProgressBars], Edited],
    *,
    layers: Sequence[LayerFormat],
    force: bool,
    quiet: bool,
) -> Codes:
    """Edits and writes the pictures; one that fails is told and does not stop the others.

    Args:
        tasks: what to read, and where it goes.
        reader: of the pictures and their masks.
        load: the networks; not before a picture could be read, and once.
        edit: one picture.
        layers: files to write beside each.
        force: replace what is there.
        quiet: neither bars nor paths.

    Raises:
        LasagnaError: what ``load`` raises: then no picture can be edited.
    """
    codes = {task.photo: 0 for task in tasks}
    editor = None
    with progress_bars(len(tasks), quiet=quiet) as bars:
        for task in tasks:
            bars.start(task.photo.name)
            subject = reader.take(task.photo)
            try:
                subject.picture.result()
            except LasagnaError as error:
                codes[task.photo] = report_failure(error)
                bars.finish()
                continue
            if editor is None:
                editor = load()
            try:
                result = edit(editor, subject, bars)
                if result.mask.warning is not None:
                    report_warning(result.mask.warning)
                result.save(task.destination, layers=layers, force=force)
            except LasagnaError as error:
                codes[task.photo] = report_failure(error)
            else:
                if not quiet:
                    for path in task.files(layers):
                        bars.say(str(path))
            bars.finish()
    return codes


def summarize(codes: Mapping[Path, int], done: str, *, quiet: bool) -> int:
    """Says how many of several pictures were ``done``, and returns the exit code of all."""
    failures = [code for code in codes.values() if code]
    if len(codes) > 1 and (failures or not quiet):
        failed = f", {len(failures)} failed" if failures else ""
        count = len(codes) - len(failures)
        print(f"lasagna: {count} of {len(codes)} {done}{failed}", file=sys.stderr)
    return EXIT_INPUT if EXIT_INPUT in failures else max(failures, default=0)

"""Model files are read in a child process with a limit of time and memory.

A library that hangs, fills the memory or crashes on a hostile file costs that file and no more.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

from lasagna_relight.relit.mesh_measure import Limits, Measure, measure

START_LIMIT_S = 120.0


class LimitedReader:
    """A child process that measures one file at a time, started again whenever it is gone."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: Any = None
        self._pipe: Connection | None = None

    def measure(self, path: Path, root: Path) -> Measure:
        """The measure of the file; a hang or a crash is its reason for rejection."""
        pipe = self._pipe or self._start()
        try:
            pipe.send((path, root))
            if pipe.poll(self._limits.seconds):
                return pipe.recv()
            reason = f"not read within {self._limits.seconds:g} s"
        except (EOFError, OSError):
            reason = "its reader crashed"
        self.close()
        return Measure(rejected=reason)

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._limits), daemon=True)
        self._process.start()
        theirs.close()
        if self._pipe.poll(START_LIMIT_S):
            with contextlib.suppress(EOFError):
                self._pipe.recv()
        return self._pipe

    def close(self) -> None:
        """End the process; harmless if there is none."""
        if self._pipe is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()
        self._process = self._pipe = None

    def __enter__(self) -> LimitedReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _serve(pipe: Connection, limits: Limits) -> None:
    """Answer (path, root) with a ``Measure`` until the pipe closes; libraries stay silent."""
    with contextlib.suppress(ImportError):  # not on Windows: time is limited there, memory is not
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = limits.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (soft if hard < 0 else min(soft, hard), hard))
    logging.disable()
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    pipe.send("ready")
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            path, root = pipe.recv()
            try:
                found = measure(path, root, limits)
            except MemoryError:
                found = Measure(rejected="needs more memory than allowed")
            except Exception as error:
                found = Measure(rejected=f"cannot be measured ({type(error).__name__}: {error})")
            pipe.send(found)

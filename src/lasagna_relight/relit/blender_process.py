"""Blender's worker process, seen from this side: started, asked, timed, started again."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lasagna_relight.errors import DatasetError

WORKER = Path(__file__).with_name("blender_worker.py")
START_LIMIT_S = 180.0


@dataclass(frozen=True, kw_only=True)
class RenderConfig:
    """How to render; ``python`` is an interpreter that has bpy, numpy, OpenEXR and pyoidn.

    ``worker`` is the program that it runs, which speaks the protocol of ``blender_worker``.
    """

    python: str = sys.executable
    worker: Path = WORKER
    processes: int = 1
    threads: int = 1
    timeout_s: float = 120.0
    views_per_process: int = 200
    attempts: int = 2


class BlenderProcess:
    """A worker process that renders one view at a time, started again whenever it is gone."""

    def __init__(self, config: RenderConfig, log: Path) -> None:
        self._config, self._log = config, log
        self._process: subprocess.Popen[str] | None = None
        self._replies: queue.Queue[str | None] = queue.Queue()
        self._answered = 0

    def _start(self) -> subprocess.Popen[str]:
        config = self._config
        try:
            with self._log.open("a") as log:
                process = subprocess.Popen(
                    [config.python, str(config.worker), str(config.threads)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
        except OSError as error:
            raise DatasetError(
                f"{config.python}: cannot be started ({error.strerror}): name a Python with bpy"
            ) from error
        self._replies, self._answered = queue.Queue(), 0
        threading.Thread(target=_listen, args=(process, self._replies), daemon=True).start()
        with contextlib.suppress(queue.Empty):
            if self._replies.get(timeout=START_LIMIT_S):
                return process
        _end(process)
        raise DatasetError(
            f"{config.python}: Blender's worker does not start, see the end of {self._log}: "
            "name a Python that has bpy, numpy, OpenEXR and pyoidn"
        )

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The worker's reply; ``{"ok": False, "error": ...}`` also where it crashes or hangs."""
        if self._process is None or self._answered >= self._config.views_per_process:
            self.close()
            self._process = self._start()
        process = self._process
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            reply = self._replies.get(timeout=self._config.timeout_s)
        except queue.Empty:
            self.close()
            return {"ok": False, "error": f"no answer within {self._config.timeout_s:g} s"}
        except BrokenPipeError:
            reply = None
        if reply is None:
            status = process.wait()
            self.close()
            return {"ok": False, "error": f"Blender's process ended with status {status}"}
        self._answered += 1
        return json.loads(reply)

    def close(self) -> None:
        """End the process; harmless if there is none."""
        if self._process is None:
            return
        process, self._process = self._process, None
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdin is not None
    with contextlib.suppress(OSError):
        process.stdin.close()


def _listen(process: subprocess.Popen[str], replies: queue.Queue[str | None]) -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            replies.put(line)
    replies.put(None)

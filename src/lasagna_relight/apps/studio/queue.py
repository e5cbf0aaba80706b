"""One worker for all pages: the networks run in one thread, and every page gets its turn.

A job is a generator, and a turn is one step of it, so that a long refinement does not make others
wait for more than a step of it. Pages take turns in a circle; of one page, what is quick goes
before what is long, and otherwise what came first goes first.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Generator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lasagna_relight.errors import LasagnaError

T = TypeVar("T")
Steps = Generator[dict[str, Any], None, None]


class Job:
    """A long piece of work: what it has told so far, and whether it goes on.

    ``events`` only grow; anybody may read them from any place on, which is how a page that lost
    its connection resumes.
    """

    def __init__(self, owner: str, steps: Steps) -> None:
        self.owner = owner
        self.events: list[dict[str, Any]] = []
        self.done = False
        self.finished_at: float | None = None
        self._steps = steps
        self._cancelled = False

    def cancel(self) -> None:
        """End it before its next step."""
        self._cancelled = True

    def advance(self) -> bool:
        """Take one step; whether there is more to do. Called by the worker alone."""
        try:
            if self._cancelled:
                self._steps.close()
                self._end({"kind": "cancelled"})
            else:
                self.events.append(next(self._steps))
        except StopIteration:
            self._end(None)
        except LasagnaError as error:
            self._end({"kind": "failed", "error": error})
        except Exception as error:
            self._end({"kind": "failed", "error": error})
            raise
        return not self.done

    def _end(self, event: dict[str, Any] | None) -> None:
        if event is not None:
            self.events.append(event)
        self.done, self.finished_at = True, time.monotonic()


@dataclass
class _Lane:
    quick: deque[tuple[Callable[[], Any], Future[Any]]] = field(default_factory=deque)
    long: deque[Job] = field(default_factory=deque)


class FairQueue:
    """The one thread that uses the networks.

    Attributes:
        turns: taken so far, by all pages.
    """

    def __init__(self) -> None:
        self.turns = 0
        self._lanes: OrderedDict[str, _Lane] = OrderedDict()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="lasagna-studio", daemon=True)
        self._thread.start()

    def run(self, owner: str, work: Callable[[], T]) -> T:
        """What ``work`` returns, once it is the turn of ``owner``; raises what it raises."""
        return self.submit(owner, work).result()

    def submit(self, owner: str, work: Callable[[], T]) -> Future[T]:
        """Quick work of ``owner``, in its turn; nobody has to wait for it."""
        future: Future[T] = Future()
        with self._changed:
            self._lane(owner).quick.append((work, future))
            self._changed.notify()
        return future

    def start(self, owner: str, steps: Steps) -> Job:
        """A job of ``owner``, at the end of its long work."""
        job = Job(owner, steps)
        with self._changed:
            self._lane(owner).long.append(job)
            self._changed.notify()
        return job

    def ahead_of(self, job: Job) -> int:
        """How many long jobs of its page stand before ``job``."""
        with self._changed:
            lane = self._lanes.get(job.owner)
            return lane.long.index(job) if lane is not None and job in lane.long else 0

    def close(self) -> None:
        """End after the step at hand; nothing more is taken."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(timeout=30)

    def _lane(self, owner: str) -> _Lane:
        if self._closed:
            raise RuntimeError("the queue is closed")
        return self._lanes.setdefault(owner, _Lane())

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._lanes and not self._closed:
                    self._changed.wait()
                if self._closed:
                    self._abandon()
                    return
                owner, lane = next(iter(self._lanes.items()))
                self._lanes.move_to_end(owner)
                quick = lane.quick.popleft() if lane.quick else None
                job = lane.long[0] if quick is None else None
            self.turns += 1
            if quick is not None:
                _settle(*quick)
            elif job is not None and not _advanced(job):
                with self._changed:
                    lane.long.popleft()
            with self._changed:
                if not lane.quick and not lane.long:
                    self._lanes.pop(owner, None)

    def _abandon(self) -> None:
        for lane in self._lanes.values():
            for _, future in lane.quick:
                future.cancel()
            for job in lane.long:
                job.cancel()
                job.advance()
        self._lanes.clear()


def _settle(work: Callable[[], Any], future: Future[Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except BaseException as error:  # belongs to whoever asked
        future.set_exception(error)


def _advanced(job: Job) -> bool:
    try:
        return job.advance()
    except Exception:  # its events tell of it; the worker goes on for the others
        return False

"""How many processors a library sees while it starts. Needs only Python, on any system."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator


@contextlib.contextmanager
def few_processors(count: int) -> Iterator[None]:
    """Within, this process may use ``count`` processors; after, those it could use before.

    oneTBB starts as many threads as it sees processors when it first runs, and threads that have
    nothing to do spin: half of a worker's processor time, when Blender was left to count the
    machine's. Linux only; elsewhere nothing changes.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    first = os.getpid()  # workers that start together take different ones
    some = [sorted(before)[(first + i) % len(before)] for i in range(min(count, len(before)))]
    os.sched_setaffinity(0, some)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)

"""Work on the parts of a large picture, a few at a time."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")

THREADS = max(1, min(4, os.cpu_count() or 1))
"""NumPy, OpenCV and PyTorch let other threads run while they compute. More than a few of these
would hold more memory and wait for it."""


def for_each(parts: Iterable[Part], work: Callable[[Part], None]) -> None:
    """Calls ``work`` with every part, in no order; what one call raises, this raises."""
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(work, parts):
            pass

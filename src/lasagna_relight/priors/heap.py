"""How the C library keeps memory, where it is glibc.

Blocks of up to 32 MiB come from a heap once some have been freed, and gaps between them stay with
the process. A large prior on a CPU makes and frees such blocks layer by layer (widened weights,
feature maps): kept apart they are the machine's again at once. See docs/stable_diffusion.md. Small
networks pay for it (docs/studio.md), so it is for large priors alone.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache

APART_FROM = 2**20
"""Bytes from which on a block has pages of its own."""

_M_MMAP_THRESHOLD = -3


def keep_large_blocks_apart() -> bool:
    """Give blocks of ``APART_FROM`` bytes pages of their own from now on; whether glibc could."""
    libc = glibc()
    return libc is not None and libc.mallopt(_M_MMAP_THRESHOLD, APART_FROM) == 1


@cache
def glibc() -> ctypes.CDLL | None:
    """The process's C library if it is glibc; None elsewhere (musl, macOS, Windows)."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    has_both = hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim")
    return libc if has_both else None

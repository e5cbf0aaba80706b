"""Memory that has become free goes back to the machine, where the C library is glibc's.

What stays in use is flat from one picture to the next; what is free is not: freed pictures leave
gaps in the heaps of many threads, and glibc keeps them. Measured in docs/studio.md. A fixed
threshold for blocks of their own would keep the gaps away too, but makes the mask network a fifth
slower: every layer's output is then new memory.
"""

from __future__ import annotations

from lasagna_relight.priors.heap import glibc

ARENAS = 2
"""Heaps of the process; glibc makes up to eight for each core, and threads are many here."""

_M_ARENA_MAX = -8


def keep_few_heaps() -> bool:
    """Share ``ARENAS`` heaps among all threads from now on; whether the C library could."""
    libc = glibc()
    return libc is not None and libc.mallopt(_M_ARENA_MAX, ARENAS) == 1


def give_back_free_memory() -> bool:
    """Return free pages of all heaps to the machine; whether the C library could."""
    libc = glibc()
    if libc is None:
        return False
    libc.malloc_trim(0)
    return True

"""Large blocks kept apart are given back at once."""

import subprocess
import sys

import pytest

from lasagna_relight.priors.heap import glibc

SCRIPT = """
import ctypes, sys, psutil
from lasagna_relight.priors.heap import keep_large_blocks_apart

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
libc.free(libc.malloc(30 << 20))  # from here on glibc takes smaller blocks from its heap
if sys.argv[1] == "apart":
    assert keep_large_blocks_apart()
before = psutil.Process().memory_info().rss
blocks, pins = [], []
for _ in range(64):
    blocks.append(libc.malloc(2 << 20))
    ctypes.memset(blocks[-1], 1, 2 << 20)
    pins.append(libc.malloc(4096))
for block in blocks:
    libc.free(block)
print((psutil.Process().memory_info().rss - before) >> 20)
"""


@pytest.mark.skipif(glibc() is None, reason="the C library is not glibc")
def test_gaps_between_what_stays_are_not_kept() -> None:
    def mib_left(how: str) -> int:
        found = subprocess.run(
            [sys.executable, "-c", SCRIPT, how], capture_output=True, text=True, check=True
        )
        return int(found.stdout)

    assert mib_left("apart") < 10 < 100 < mib_left("as it comes")

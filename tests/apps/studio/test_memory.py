"""Free memory goes back to the machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lasagna_relight.apps.studio.memory import give_back_free_memory, keep_few_heaps


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc on Linux")
def test_gaps_between_what_stays_go_back_to_the_machine() -> None:
    if not give_back_free_memory():
        pytest.skip("this C library gives nothing back")
    blocks = [bytearray(b"x" * 6000) for _ in range(20_000)]
    kept = blocks[::16]
    full = resident_mb()
    del blocks
    with_gaps = resident_mb()
    assert give_back_free_memory()
    assert full - with_gaps < 20  # what is free was not given back by itself
    assert with_gaps - resident_mb() > 60
    assert len(kept) == 1250


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc on Linux")
def test_a_process_shares_its_heaps() -> None:
    assert keep_few_heaps() == give_back_free_memory()  # both, or no glibc

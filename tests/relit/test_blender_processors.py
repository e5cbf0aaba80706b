"""How many processors a worker lets libraries see while they start."""

import os

import pytest

from lasagna_relight.relit.blender_processors import few_processors

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity"), reason="only Linux can tell and set it"
)


@pytest.mark.parametrize("count", [1, 2, 10_000])
def test_few_processors_are_seen_within_and_all_after(count: int) -> None:
    before = os.sched_getaffinity(0)
    with few_processors(count):
        within = os.sched_getaffinity(0)
    assert within <= before
    assert len(within) == min(count, len(before))
    assert os.sched_getaffinity(0) == before


def test_all_processors_are_back_after_an_error() -> None:
    before = os.sched_getaffinity(0)
    with pytest.raises(ImportError), few_processors(1):
        raise ImportError
    assert os.sched_getaffinity(0) == before

"""A first mask by half the work, and the exact one that goes on from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lasagna_relight.errors import MaskError
from lasagna_relight.image_io import Picture
from lasagna_relight.masking import automatic
from lasagna_relight.masking.glimpse import after_glimpse, glimpse
from lasagna_relight.masking.select import resolve_mask

pytest.importorskip("onnxruntime")


def test_a_glimpse_finds_the_object_by_one_look(
    scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    look = automatic._look
    monkeypatch.setattr(automatic, "_look", lambda *given: looks.append(1) or look(*given))
    seen = glimpse(scene.picture)
    assert len(looks) == 1
    assert scene.overlap(seen.mask.mask) > 0.9
    assert (seen.mask.mask.min(), seen.mask.mask.max()) == (0, 1)
    exact = after_glimpse(scene.picture, seen)
    assert len(looks) == 2
    assert np.array_equal(exact.mask, resolve_mask(scene.picture, "auto").mask)


def test_the_exact_mask_goes_on_from_a_glimpse_of_a_reduced_copy(
    make_scene: Callable[..., Any],
) -> None:
    large = make_scene(height=480, width=640, center=(240, 280), radius=140)
    small = make_scene(height=120, width=160, center=(60, 70), radius=35)
    exact = after_glimpse(large.picture, glimpse(small.picture))
    assert exact.mask.shape == (480, 640)
    assert large.overlap(exact.mask) > 0.97


def test_where_nothing_stands_out_a_glimpse_is_of_the_whole_picture() -> None:
    blank = Picture(pixels=np.full((64, 96, 3), 120, np.uint8))
    seen = glimpse(blank)
    assert seen.mask.method == "none"
    assert seen.mask.mask.min() == 1
    assert after_glimpse(blank, seen).method == "none"


def test_a_cutout_needs_no_network(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automatic, "_look", None)
    alpha = (255 * scene.truth).astype(np.uint8)
    cut = replace(scene.picture, alpha=alpha)
    seen = glimpse(cut)
    assert seen.mask.method == "alpha"
    assert np.array_equal(after_glimpse(cut, seen).mask, seen.mask.mask)
    with pytest.raises(MaskError, match="transparent"):
        glimpse(replace(cut, alpha=np.zeros_like(alpha)))

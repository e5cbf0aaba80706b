"""What stands out in a picture is found; what does not is not made up."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lasagna_relight.errors import MaskError
from lasagna_relight.image_io import Picture
from lasagna_relight.masking import automatic
from lasagna_relight.masking.automatic import automatic_mask, load_network, object_box
from lasagna_relight.masking.planes import shrink_pixels


def found(picture: Picture) -> np.ndarray:
    return automatic_mask(shrink_pixels(picture.pixels, 10_000))


def test_a_disc_is_found_and_the_same_one_each_time(scene: Any) -> None:
    mask = found(scene.picture)
    assert scene.overlap(mask) > 0.95
    assert np.array_equal(found(scene.picture), mask)


def test_a_small_object_is_seen_closer(
    make_scene: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = make_scene(height=600, width=800, center=(200, 600), radius=40)
    twice = scene.overlap(found(scene.picture))
    monkeypatch.setattr(automatic, "CROP_BELOW", 0.0)
    once = scene.overlap(found(scene.picture))
    assert twice > 0.96
    assert twice > once


def test_nothing_stands_out_of_a_blank_picture() -> None:
    assert not found(Picture(pixels=np.full((200, 300, 3), 90, dtype=np.uint8))).any()


def test_a_picture_of_one_pixel_has_no_object() -> None:
    assert found(Picture(pixels=np.full((1, 1, 3), 90, dtype=np.uint8))).shape == (1, 1)


def test_damaged_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    load_network.cache_clear()
    monkeypatch.setattr(automatic, "MODEL_SHA256", "0" * 64)
    with pytest.raises(MaskError, match="damaged: reinstall"):
        load_network()


def test_the_box_holds_the_object_and_stays_in_the_picture() -> None:
    saliency = np.zeros((100, 200), dtype=np.float32)
    saliency[40:60, 150:199] = 1
    box = object_box(saliency)
    assert box is not None
    assert 0 <= box.top < 40 < 60 < box.bottom <= 100
    assert 0 <= box.left < 150 < 199 < box.right <= 200


def test_a_speck_is_no_object() -> None:
    saliency = np.zeros((100, 200), dtype=np.float32)
    saliency[40:43, 150:153] = 1
    assert object_box(saliency) is None


def test_what_the_network_doubts_is_no_object() -> None:
    saliency = np.zeros((100, 200), dtype=np.float32)
    saliency[20:80, 50:150] = 0.7
    assert object_box(saliency) is None

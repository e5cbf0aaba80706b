"""What of a drawing is paper, line, and inside."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from lasagna_relight.colorization.paper import (
    as_drawing,
    enclosed_by_lines,
    is_drawing,
    resolve_color_mask,
)
from lasagna_relight.image_io import Picture


def drawn(plane: np.ndarray) -> Picture:
    return Picture(pixels=np.repeat(plane[..., None], 3, 2), was_grey=True)


def test_what_a_closed_outline_encloses_is_the_mask(sketch: Picture) -> None:
    mask = resolve_color_mask(sketch, "auto")
    assert mask.method == "lines"
    assert mask.mask[50, 60] == 1
    assert mask.mask[5, 5] == 0
    area = mask.mask.sum() / (np.pi * 35**2)
    assert 0.9 < area < 1.15


def test_a_gap_in_the_outline_is_closed() -> None:
    plane = np.full((200, 200), 255, np.uint8)
    cv2.circle(plane, (100, 100), 60, 0, 3)
    plane[36:46, 96:104] = 255
    inside = enclosed_by_lines(as_drawing(drawn(plane)))
    assert inside is not None
    assert inside[100, 100] == 1
    assert inside[10, 10] == 0


def test_lines_that_enclose_nothing_color_all_and_say_so() -> None:
    plane = np.full((100, 100), 255, np.uint8)
    cv2.line(plane, (10, 50), (90, 50), 0, 2)
    mask = resolve_color_mask(drawn(plane), "auto")
    assert mask.method == "none"
    assert mask.warning is not None
    assert "enclose nothing" in mask.warning


def test_a_photograph_is_no_drawing(sketch: Picture, gray_photo: Picture) -> None:
    assert is_drawing(sketch)
    assert not is_drawing(gray_photo)


@pytest.mark.parametrize("ink", [0, 120])
def test_pencil_lines_are_lines_too(sketch: Picture, ink: int) -> None:
    pale = replace(sketch, pixels=np.maximum(sketch.pixels, np.uint8(ink)))
    lines = as_drawing(pale).is_line
    assert lines[60, 60]
    assert not lines[50, 60]


def test_transparent_paper_is_white_paper(sketch: Picture) -> None:
    alpha = np.where(sketch.pixels[..., 0] < 128, 255, 0).astype(np.uint8)
    black = Picture(pixels=np.zeros_like(sketch.pixels), alpha=alpha)
    assert as_drawing(black).bare[5, 5] == 1
    assert as_drawing(black).is_line[60, 60]


def test_a_dark_thing_on_white_is_no_drawing(sketch: Picture) -> None:
    y, x = np.mgrid[:100, :120]
    plane = np.where((x - 60) ** 2 + (y - 50) ** 2 < 30**2, 70 + x, 255).astype(np.uint8)
    assert not is_drawing(drawn(plane))
    assert is_drawing(sketch)

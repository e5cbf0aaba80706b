"""Whole pictures, with a prior of random weights: what must hold whatever it says."""

from pathlib import Path

import numpy as np
import pytest
from psd_tools import PSDImage

from lasagna_relight.colorization.api import Colorizer
from lasagna_relight.colorization.paper import as_drawing
from lasagna_relight.compositing.color_files import read_color_npz
from lasagna_relight.errors import InputError, OutputError, PriorError, RecipeError
from lasagna_relight.image_io import Picture, read_picture

WEIGHTS = np.array([0.3, 0.59, 0.11])


def test_lines_and_paper_stay_as_they_are_bit_for_bit(
    colorizer: Colorizer, sketch: Picture
) -> None:
    result = colorizer.colorize(sketch, "a red ball", steps=2)
    lines = as_drawing(sketch).is_line
    assert (result.pixels[lines] == sketch.pixels[lines]).all()
    assert (result.pixels[:10] == sketch.pixels[:10]).all()
    assert (result.layer.cover[lines] == 0).all()
    assert (result.pixels[50, 60] != sketch.pixels[50, 60]).any()


def test_lines_of_a_drawing_stay_bit_for_bit_in_chroma_mode_as_well(
    colorizer: Colorizer, sketch: Picture, tmp_path: Path
) -> None:
    result = colorizer.colorize(sketch, "a red ball", mode="chroma", steps=2)
    lines = as_drawing(sketch).is_line
    assert lines.any()
    result.save(tmp_path / "ball.png", layers=["psd"])
    assert (result.pixels[lines] == sketch.pixels[lines]).all()
    assert (read_picture(tmp_path / "ball.png").pixels[lines] == sketch.pixels[lines]).all()


def test_hints_stay_exact_in_files_and_at_16_bits(
    colorizer: Colorizer, sketch: Picture, tmp_path: Path
) -> None:
    deep = Picture(pixels=sketch.pixels.astype(np.uint16) * 257)
    alpha = np.zeros(sketch.pixels.shape[:2], np.uint16)
    alpha[70:74, 50:70] = 65535
    dots = Picture(pixels=np.full_like(deep.pixels, 12345), alpha=alpha)
    result = colorizer.colorize(deep, "a green ball", hints=dots, steps=2)
    result.save(tmp_path / "ball.png")
    assert (read_picture(tmp_path / "ball.png").pixels[alpha > 0] == 12345).all()


def test_chroma_keeps_the_lightness_of_a_photograph(
    colorizer: Colorizer, gray_photo: Picture
) -> None:
    result = colorizer.colorize(gray_photo, "a blue ball", mode="chroma", mask="none", steps=2)
    before, after = gray_photo.pixels @ WEIGHTS, result.pixels @ WEIGHTS
    assert np.abs(after - before).max() < 0.31
    assert (np.rint(after) == np.rint(before)).all()


def test_hints_are_respected_exactly(colorizer: Colorizer, sketch: Picture) -> None:
    alpha = np.zeros(sketch.pixels.shape[:2], np.uint8)
    alpha[40:46, 50:56] = 255
    pixels = np.zeros_like(sketch.pixels)
    pixels[40:46, 50:56] = (250, 10, 120)
    dots = Picture(pixels=pixels, alpha=alpha)
    result = colorizer.colorize(sketch, "a green ball", hints=dots, steps=2)
    assert (result.pixels[40:46, 50:56] == (250, 10, 120)).all()
    assert (result.pixels[alpha == 0] != (250, 10, 120)).any()


@pytest.mark.parametrize("recipe", ["target", "sds", "faithful"])
def test_every_recipe_solves_and_repeats_itself(
    colorizer: Colorizer, sketch: Picture, recipe: str
) -> None:
    results = [
        colorizer.colorize(sketch, "a red ball", recipe=recipe, steps=2, seed=seed).pixels
        for seed in (3, 3, 4)
    ]
    assert (results[0] == results[1]).all()
    assert (results[0] != results[2]).any() or recipe == "faithful"


def test_the_layer_in_a_psd_makes_the_same_picture_elsewhere(
    colorizer: Colorizer, sketch: Picture, tmp_path: Path
) -> None:
    result = colorizer.colorize(sketch, "a red ball", steps=2)
    result.save(tmp_path / "ball.png", layers=["psd", "ora", "npz", "png"])
    document = PSDImage.open(tmp_path / "ball.psd")
    assert [layer.name for layer in document] == ["Source", "Color"]
    theirs = np.asarray(document.composite(force=True).convert("RGB")).astype(int)
    assert np.abs(theirs - result.pixels).max() <= 1
    lines = as_drawing(sketch).is_line
    assert np.abs(theirs - sketch.pixels)[lines].max() <= 1
    layer, words = read_color_npz(tmp_path / "ball.npz")
    assert words == "a red ball"
    assert (layer.cover == result.layer.cover).all()
    alone = read_picture(tmp_path / "ball.color.png")
    assert alone.alpha is not None
    assert (alone.alpha == 0).any()
    with pytest.raises(OutputError, match="exists"):
        result.save(tmp_path / "ball.png")


def test_a_chroma_layer_is_blend_mode_color(
    colorizer: Colorizer, gray_photo: Picture, tmp_path: Path
) -> None:
    result = colorizer.colorize(gray_photo, "a blue ball", mode="chroma", mask="none", steps=2)
    result.save(tmp_path / "ball.png", layers=["psd"])
    document = PSDImage.open(tmp_path / "ball.psd")
    assert document[1].blend_mode.name == "COLOR"
    theirs = np.asarray(document.composite(force=True).convert("RGB")).astype(int)
    assert np.abs(theirs - result.pixels).max() <= 2


def test_what_cannot_be_done_is_said(colorizer: Colorizer, sketch: Picture, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="empty"):
        colorizer.colorize(sketch, "  ")
    with pytest.raises(RecipeError, match="unknown for colors"):
        colorizer.colorize(sketch, "red", recipe="dds")
    with pytest.raises(InputError, match="no transparency"):
        colorizer.colorize(sketch, "red", hints=sketch)
    with pytest.raises(PriorError, match="no color prior"):
        Colorizer.load(prior=tmp_path)

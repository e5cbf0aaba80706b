"""Stable Diffusion with a ControlNet for line art as the color prior, on tiny random models."""

from pathlib import Path

import numpy as np
import pytest
import torch

from lasagna_relight.colorization.api import Colorizer
from lasagna_relight.colorization.large import ColorPrompt
from lasagna_relight.colorization.paper import as_drawing, resolve_color_mask
from lasagna_relight.errors import RecipeError
from lasagna_relight.image_io import Picture
from lasagna_relight.priors.prior_names import StableDiffusionFiles


@pytest.fixture(scope="module")
def large(stable_diffusion_folders: dict[str, Path]) -> Colorizer:
    folders = stable_diffusion_folders
    files = StableDiffusionFiles(
        prior=str(folders["sd"]), controlnet=str(folders["controlnet"]), dtype="fp32"
    )
    return Colorizer.load(prior=files, prompt=ColorPrompt(template="{words}, flat colors"))


@pytest.mark.parametrize("recipe", ["target", "sds", "faithful"])
def test_a_large_prior_colors_and_leaves_lines_and_paper_alone(
    large: Colorizer, sketch: Picture, recipe: str
) -> None:
    result = large.colorize(sketch, "a red ball", recipe=recipe, steps=1)
    lines = as_drawing(sketch).is_line
    assert lines.any()
    assert (result.pixels[lines] == sketch.pixels[lines]).all()
    assert (result.pixels[:10] == sketch.pixels[:10]).all()
    assert result.evaluations > 0
    assert recipe == "faithful" or (result.pixels[50, 60] != sketch.pixels[50, 60]).any()


def test_a_large_prior_keeps_the_lightness_of_a_photograph(
    large: Colorizer, gray_photo: Picture
) -> None:
    result = large.colorize(gray_photo, "a blue ball", mode="chroma", mask="none", steps=1)
    weights = np.array([0.3, 0.59, 0.11])
    assert np.abs(result.pixels @ weights - gray_photo.pixels @ weights).max() < 0.31


def test_drawings_are_shown_to_the_controlnet_inverted_and_photographs_are_not(
    large: Colorizer, sketch: Picture, gray_photo: Picture
) -> None:
    from lasagna_relight.colorization.hints import no_hints

    assert large.large is not None
    for picture, mode in ((sketch, "color"), (gray_photo, "chroma")):
        mask = resolve_color_mask(picture, "none")
        _, canvas = large.look(picture, "red", mask, no_hints(picture), mode)
        prior = large.large.told(canvas, "red", 3.0)
        shown = 1 - canvas.base if mode == "color" else canvas.base
        other = canvas.base if mode == "color" else 1 - canvas.base
        assert torch.equal(prior.seen, large.large.networks.see(shown))
        assert not torch.equal(prior.seen, large.large.networks.see(other))


def test_words_change_what_a_large_prior_says(large: Colorizer, sketch: Picture) -> None:
    red, blue = (
        large.colorize(sketch, words, recipe="sds", steps=2, seed=1).pixels
        for words in ("a thing like a rose", "a thing like the sea")
    )
    assert (red != blue).any()


def test_a_prompt_with_an_unknown_place_is_refused() -> None:
    with pytest.raises(RecipeError, match="knows no"):
        ColorPrompt(template="{light}")

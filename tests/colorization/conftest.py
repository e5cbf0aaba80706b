"""Drawings, and a color prior small enough for tests."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from lasagna_relight.colorization.api import Colorizer
from lasagna_relight.colorization.recipes import recipe_named
from lasagna_relight.image_io import Picture
from lasagna_relight.priors.color_prior import ColorNetworks, save_color_networks


@pytest.fixture(scope="session")
def color_prior_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A color prior of random weights, on disk."""
    torch.manual_seed(0)
    networks = ColorNetworks.fresh(resolution=32, channels=(16, 32), shown_widths=(8, 8, 16))
    folder = tmp_path_factory.mktemp("colors")
    save_color_networks(networks, folder)
    return folder


@pytest.fixture(scope="session")
def colorizer(color_prior_folder: Path) -> Colorizer:
    """It, loaded."""
    return Colorizer.load(prior=color_prior_folder)


@pytest.fixture
def sketch() -> Picture:
    """A circle with a line across, black on white, 120 x 100."""
    plane = np.full((100, 120), 255, np.uint8)
    cv2.circle(plane, (60, 50), 35, 0, 3)
    cv2.line(plane, (25, 60), (95, 60), 0, 3)
    return Picture(pixels=np.repeat(plane[..., None], 3, 2), was_grey=True)


@pytest.fixture
def gray_photo() -> Picture:
    """A lit ball before a gray wall, no value of it near a line's."""
    y, x = np.mgrid[:80, :80].astype(np.float32)
    inside = (x - 40) ** 2 + (y - 40) ** 2 < 25**2
    plane = np.where(inside, 90 + 1.5 * x, 130 + 0.5 * y).clip(0, 255).astype(np.uint8)
    return Picture(pixels=np.repeat(plane[..., None], 3, 2), was_grey=True)


@pytest.fixture
def named_recipes() -> dict:
    """All recipes."""
    return {name: recipe_named(name) for name in ("target", "sds", "faithful")}

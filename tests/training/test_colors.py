"""Pictures, captions and batches that the color prior learns from."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as PillowImage

from lasagna_relight.errors import DatasetError
from lasagna_relight.language.colors import color_words
from lasagna_relight.seeding import numpy_generator
from lasagna_relight.training import color_pictures
from lasagna_relight.training.color_batches import ColorPictures, place_of
from lasagna_relight.training.color_captions import NamedColor, caption
from lasagna_relight.training.color_pictures import (
    NOWHERE,
    drawn_cutouts,
    find_regions,
    is_held_out,
    organic_cutouts,
    write_pictures,
)
from lasagna_relight.training.data import TrainingData
from lasagna_relight.training.recipes import training_named


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "some.npz"

    def cutouts():
        yield from drawn_cutouts(6, seed=1)
        yield from organic_cutouts(16, seed=1)

    write_pictures(path, cutouts())
    return path


def test_batches_depend_on_step_and_part_alone(pictures: Path) -> None:
    source = ColorPictures(pictures, batch_size=4, seed=0)
    again = ColorPictures(pictures, batch_size=4, seed=0)
    one, two, other = source(3, 0), again(3, 0), source(4, 0)
    assert torch.equal(one.colors, two.colors)
    assert torch.equal(one.condition.words, two.condition.words)
    assert not torch.equal(one.colors, other.colors)
    assert one.colors.shape == (4, 3, 64, 64)
    assert one.condition.shown.shape == (4, 10, 64, 64)


def test_what_is_painted_is_what_the_caption_says(pictures: Path) -> None:
    source = ColorPictures(pictures, batch_size=1, seed=0)
    near = []
    for seed in range(12):
        draws = numpy_generator(seed, "test")
        original = source.colors[0].astype(np.float32) / 255
        shares = source.shares[0].astype(np.float32) / 255
        painted, said = source._repainted(0, original, shares, 1, draws)
        color = np.array(color_words(said)[-1].rgb)
        mean = (painted * shares[0]).sum((1, 2)) / shares[0].sum()
        near.append(np.abs(mean - color).max() < 0.25)
    assert np.mean(near) > 0.7


def test_captions_name_every_color() -> None:
    colors = [NamedColor(name="red", rgb=(1, 0, 0)), NamedColor(name="light blue", rgb=(0, 0, 1))]
    for seed in range(30):
        said = caption("shoe", colors, ["bottom"], numpy_generator(seed, "test"))
        assert {word.name for word in color_words(said)} >= {"red", "light blue"}, said


def test_regions_are_found_by_color() -> None:
    pixels = np.full((256, 256, 3), 255, np.uint8)
    pixels[40:200, 40:200] = (200, 30, 30)
    pixels[40:80, 40:200] = (30, 30, 200)
    alpha = np.zeros((256, 256), np.float32)
    alpha[40:200, 40:200] = 1
    found = [find_regions(pixels, alpha, numpy_generator(seed, "r")) for seed in range(6)]
    assert all((labels[:30] == NOWHERE).all() for labels in found)
    assert any(labels[150, 100] == 0 and labels[50, 100] == 1 for labels in found)


def test_a_region_is_named_by_its_place() -> None:
    whole = np.zeros((64, 64), np.uint8)
    whole[10:54, 10:54] = 255
    top = whole.copy()
    top[20:] = 0
    dots = np.zeros_like(whole)
    for row in range(14, 50, 12):
        for column in range(14, 50, 12):
            dots[row : row + 4, column : column + 4] = 255
    assert place_of(top, whole) == "top"
    assert place_of(top[::-1], whole[::-1]) == "bottom"
    assert place_of(top.T, whole.T) == "left"
    assert place_of(dots, whole) == "spots"


def test_one_object_in_twelve_is_held_out() -> None:
    share = np.mean([is_held_out(f"thing/{index}") for index in range(2400)])
    assert 0.06 < share < 0.11


@pytest.mark.parametrize("limit", [100 * 100 - 1, 100 * 100])
def test_huge_files_are_left_out_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    drawing = np.zeros((100, 100, 4), np.uint8)
    drawing[20:80, 20:80] = (200, 40, 40, 255)
    PillowImage.fromarray(drawing).save(tmp_path / "drawing.png")
    monkeypatch.setattr(color_pictures, "MOST_PIXELS", limit)
    assert (color_pictures.read_cutout(tmp_path / "drawing.png") is None) == (limit < 100 * 100)


def test_the_training_takes_its_file_and_its_loss_falls_on_one_batch(pictures: Path) -> None:
    recipe = training_named("color_cpu")
    with pytest.raises(DatasetError, match="pictures=FILE"):
        recipe.task(TrainingData(), recipe.config)
    task = recipe.with_options(
        {"pictures": str(pictures), "channels": "16,32", "batch_size": "8"}
    ).task(TrainingData(), recipe.config)
    batch = task.batches(0, 0)
    optimizer = torch.optim.AdamW(task.model.parameters(), lr=2e-3)
    losses = []
    for _ in range(12):
        loss = task.loss(task.model, batch, torch.Generator().manual_seed(0))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(b"no")
    with pytest.raises(DatasetError, match="color_pictures"):
        ColorPictures(tmp_path / "x.npz", batch_size=1, seed=0)

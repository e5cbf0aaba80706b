"""Lights, words and panoramas: what they ask of the twelve named directions."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import OpenEXR
import pytest
import torch

from lasagna_relight.errors import DirectionError, ImageError, InputError
from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS, LightDirection
from lasagna_relight.relighting.basis import basis_vectors
from lasagna_relight.relighting.environment import project_panorama, read_environment
from lasagna_relight.relighting.light_words import light_from_words
from lasagna_relight.relighting.lights import (
    Environment,
    LightRig,
    LightSource,
    color_of_hex,
    direction_of,
    disk_vectors,
)

LEFT = NAMED_DIRECTIONS["left"]
CORNERS = basis_vectors()


def test_a_hard_light_from_a_named_place_is_that_place_alone() -> None:
    for index, direction in enumerate(NAMED_DIRECTIONS.values()):
        expected = torch.zeros(34)
        expected[index] = 1
        weights = LightSource(direction=direction).weights
        torch.testing.assert_close(weights, expected, atol=1e-3, rtol=0)


@pytest.mark.parametrize("softness", [0.1, 0.5, 1.0])
def test_a_soft_light_spreads_evenly_around_its_direction(softness: float) -> None:
    direction = direction_of(30, 20)
    vectors = disk_vectors(direction, softness)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-9)
    cosines = vectors @ np.asarray(direction.vector)
    assert math.degrees(math.acos(cosines.min())) <= 80 * softness
    # evenly: the cosine to the axis is uniform over a cap, and the mean lies on the axis
    assert cosines.mean() == pytest.approx(
        (1 + math.cos(math.radians(80 * softness))) / 2, abs=1e-3
    )
    across = vectors.mean(0) - cosines.mean() * np.asarray(direction.vector)
    assert np.abs(across).max() < 0.02


def test_softer_light_reaches_more_directions_at_the_same_total() -> None:
    hard, soft = (LightSource(direction=LEFT, softness=s).weights for s in (0.0, 0.9))
    assert (soft > 0.01).sum() > (hard > 0.01).sum()
    assert float(soft.sum()) == pytest.approx(float(hard.sum()), rel=0.25)


def test_a_tint_counts_by_hue_and_not_by_brightness() -> None:
    bright, dim = (
        LightSource(direction=LEFT, color=color_of_hex(c)) for c in ("#ff8000", "#803f00")
    )
    assert max(bright.tint) == 1
    assert bright.tint == pytest.approx(dim.tint, abs=0.02)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"intensity": 5}, "intensity 5 is outside 0..4"),
        ({"softness": -0.1}, "softness"),
        ({"color": (0.0, 0.0, 0.0)}, "black"),
        ({"color": (1.0, 2.0, 0.0)}, "channels"),
        ({"intensity": math.nan}, "intensity"),
    ],
)
def test_a_light_that_cannot_be_is_refused(values: dict, says: str) -> None:
    with pytest.raises(InputError, match=says):
        LightSource(direction=LEFT, **values)


def test_a_rig_is_colored_only_where_a_light_is() -> None:
    white = LightSource(direction=LEFT)
    warm = LightSource(direction=LEFT, color=(1.0, 0.8, 0.6))
    grey_sky = Environment(weights=torch.full((34, 3), 0.1))
    assert LightRig().is_empty
    assert not LightRig(lights=(white,), environment=grey_sky).is_colored
    assert LightRig(lights=(white, warm)).is_colored
    assert LightRig(environment=Environment(weights=torch.rand(34, 3))).is_colored


@pytest.mark.parametrize(
    ("words", "azimuth", "elevation", "intensity", "softness", "color"),
    [
        ("left, warm, 0.8", -55, 0, 0.8, 0, "#ffd2a1"),
        ("behind right, #88aaff, 0.4", 125, 0, 0.4, 0, "#88aaff"),
        ("azimuth -40 elevation 20, soft", -40, 20, 1, 0.6, "#ffffff"),
        ("top, softness 0.25, 2", 0, 55, 2, 0.25, "#ffffff"),
        ("azimuth 200", -160, 0, 1, 0, "#ffffff"),
    ],
)
def test_lights_are_read_from_words(words, azimuth, elevation, intensity, softness, color) -> None:
    light = light_from_words(words)
    assert light.direction.azimuth_deg == pytest.approx(azimuth, abs=0.01)
    assert light.direction.elevation_deg == pytest.approx(elevation, abs=0.01)
    assert (light.intensity, light.softness) == (intensity, softness)
    assert light.color == color_of_hex(color)


def test_a_whole_sentence_tells_place_color_and_softness() -> None:
    light = light_from_words("soft blue light from the upper right")
    assert light.direction.angle_to(NAMED_DIRECTIONS["top right"]) < 25
    assert light.softness == 0.6
    assert light.color[2] > light.color[0]


@pytest.mark.parametrize(
    "words", ["warm, 0.8", "", "left, #12", "left, 9", "left, 0.5, 0.6", "left, #ff0000, #00ff00"]
)
def test_words_that_make_no_light_are_refused_in_one_line(words: str) -> None:
    with pytest.raises((InputError, DirectionError)) as caught:
        light_from_words(words)
    assert "\n" not in str(caught.value)


def panorama(rows: int = 64) -> np.ndarray:
    return np.zeros((rows, 2 * rows, 3), dtype=np.float32)


@pytest.mark.parametrize("name", DIRECTION_NAMES)
def test_a_sun_in_a_panorama_is_a_light_from_there(name: str) -> None:
    direction = NAMED_DIRECTIONS[name]
    sky = panorama()
    yaw = 180 - direction.azimuth_deg  # the middle of the panorama is behind the object
    column = round(((yaw / 360 + 0.5) % 1) * 128) % 128
    row = min(63, round((0.5 - direction.elevation_deg / 180) * 64))
    sky[max(0, row - 1) : row + 1, max(0, column - 1) : column + 1] = 1000.0
    weights = project_panorama(sky)
    assert weights is not None
    pointing = weights.sum(1) @ CORNERS
    found = LightDirection.from_vector((float(pointing[0]), float(pointing[1]), float(pointing[2])))
    assert found.angle_to(direction) < 6


def test_the_light_of_a_panorama_is_kept_as_a_vector_and_in_its_colors() -> None:
    rng = np.random.default_rng(0)
    sky = rng.random((64, 128, 3), dtype=np.float32) ** 4
    sky[:32, 96:] *= 6  # a bright window to the right
    weights = project_panorama(sky)
    assert weights is not None
    elevation = (0.5 - (np.arange(64) + 0.5) / 64) * np.pi
    yaw = ((np.arange(128) + 0.5) / 128 - 0.5) * 2 * np.pi
    cosine = np.cos(elevation)[:, None]
    ways = np.stack(
        [cosine * np.sin(yaw), np.sin(elevation)[:, None] + 0 * yaw, -cosine * np.cos(yaw)], -1
    )
    flux = sky * cosine[..., None]
    flux /= (flux @ np.array([0.2126, 0.7152, 0.0722])).sum()
    expected = np.einsum("hwc,hwx->cx", flux, ways)
    np.testing.assert_allclose((weights.T @ CORNERS).numpy(), expected, atol=0.02)
    luminance = float(weights.sum(0) @ torch.tensor([0.2126, 0.7152, 0.0722]))
    assert 1 <= luminance <= 1.15


def test_turning_a_panorama_turns_its_light() -> None:
    sky = panorama()
    sky[30:34, 64:68] = 1.0  # straight behind
    turned = project_panorama(sky, turn_deg=90.0)
    moved = project_panorama(np.roll(sky, 32, axis=1))
    assert turned is not None
    assert moved is not None
    torch.testing.assert_close(turned, moved, atol=1e-4, rtol=0)
    assert (turned.sum(1) @ CORNERS)[0] > 0.5  # to the right


def test_the_same_panorama_is_read_from_hdr_exr_and_png(tmp_path: Path) -> None:
    sky = np.linspace(0.02, 0.9, 32 * 64 * 3, dtype=np.float32).reshape(32, 64, 3)
    sky[4:8, 10:14] = (0.9, 0.5, 0.1)
    assert cv2.imwrite(str(tmp_path / "a.hdr"), sky[..., ::-1])
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    with OpenEXR.File(header, {"RGB": sky}) as file:
        file.write(str(tmp_path / "a.exr"))
    encoded = np.where(sky <= 0.0031308, sky * 12.92, 1.055 * sky ** (1 / 2.4) - 0.055)
    assert cv2.imwrite(
        str(tmp_path / "a.png"), np.rint(encoded * 65535).astype(np.uint16)[..., ::-1]
    )
    hdr, exr, png = (
        read_environment(tmp_path / f"a.{kind}").weights for kind in ("hdr", "exr", "png")
    )
    torch.testing.assert_close(exr, png, atol=1e-4, rtol=0)
    torch.testing.assert_close(exr, hdr, atol=2e-3, rtol=0)


@pytest.mark.parametrize("name", ["a.exr", "a.hdr", "a.png"])
@pytest.mark.parametrize("content", [b"", b"no picture", None])
def test_a_panorama_that_cannot_be_read_is_refused(
    name: str, content: bytes | None, tmp_path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ImageError, match=r"a\.(exr|hdr|png)"):
        read_environment(path)


def test_a_black_panorama_is_refused(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "night.png"), np.zeros((8, 16, 3), np.uint8))
    with pytest.raises(ImageError, match="holds no light"):
        read_environment(tmp_path / "night.png")


def test_a_part_that_says_nothing_is_refused() -> None:
    with pytest.raises(InputError, match=r'"blorp" in .* is no color'):
        light_from_words("left, blorp, 0.8")
    assert light_from_words("left, above").direction.vector[1] > 0.2

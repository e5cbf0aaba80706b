"""Cases from every kind of source: the layouts as published, shards, procedural objects, art."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as PillowImage

from lasagna_relight.color import linear_to_srgb
from lasagna_relight.errors import DatasetError
from lasagna_relight.evaluation.cases import cases_from
from lasagna_relight.evaluation.light_pairs import frontal_light, side_lights
from lasagna_relight.evaluation.published_sets import read_published
from lasagna_relight.evaluation.rendered_scene import HELD_OUT_SEED, asked_lights, words_for
from lasagna_relight.image_io import write_picture
from lasagna_relight.language.reader import read_light
from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS, LightDirection
from lasagna_relight.relit.height_field import render_organic_view
from lasagna_relight.relit.shards import write_shard

LIGHTS = [
    LightDirection(azimuth_deg=azimuth, elevation_deg=elevation)
    for azimuth, elevation in ((-40, 5), (0, 0), (35, -5), (3, 30), (5, -35))
]


def _encoded(ball, light: LightDirection) -> np.ndarray:
    return linear_to_srgb(ball.lit(light)).clamp(0, 1).permute(1, 2, 0).numpy()


def _vectors(lights=LIGHTS) -> str:
    return "".join(f"{x:.6f} {y:.6f} {z:.6f}\n" for x, y, z in (d.vector for d in lights))


@pytest.fixture
def diligent(tmp_path: Path, ball) -> Path:
    """An object as DiLiGenT has it: linear 16 bits, each lamp of its own strength and color."""
    place = tmp_path / "pmsData" / "ballPNG"
    place.mkdir(parents=True)
    strengths = np.random.default_rng(0).uniform(0.3, 1.0, (len(LIGHTS), 3))
    for index, light in enumerate(LIGHTS):
        linear = ball.lit(light).permute(1, 2, 0).numpy() * strengths[index] * 0.5
        pixels = np.rint(linear * 65535).astype(np.uint16)
        write_picture(place / f"{index + 1:03d}.png", pixels)
    names = [f"{index + 1:03d}.png" for index in range(len(LIGHTS))]
    (place / "filenames.txt").write_text("\n".join(names) + "\n")
    (place / "light_directions.txt").write_text(_vectors())
    np.savetxt(place / "light_intensities.txt", strengths)
    mask = (ball.mask[0].numpy() * 255).astype(np.uint8)
    write_picture(place / "mask.png", mask)
    return tmp_path / "pmsData"


@pytest.fixture
def uw(tmp_path: Path, ball) -> Path:
    """An object and a chrome ball as UW's psmImages has them."""
    root = tmp_path / "psmImages"
    mask = (ball.mask.expand(3, -1, -1).permute(1, 2, 0).numpy() * 255).astype(np.uint8)
    for name in ("cat", "chrome"):
        (root / name).mkdir(parents=True)
        PillowImage.fromarray(mask).save(root / name / f"{name}.mask.tga")
    size = ball.size
    radius = math.sqrt(mask[..., 0].astype(bool).sum() / math.pi)
    for index, light in enumerate(LIGHTS):
        pixels = np.rint(_encoded(ball, light) * 255).astype(np.uint8)
        PillowImage.fromarray(pixels).save(root / "cat" / f"cat.{index}.tga")
        x, y, z = light.vector
        half = np.array([x, y, z + 1]) / np.linalg.norm([x, y, z + 1])
        chrome = np.zeros((size, size, 3), dtype=np.uint8)
        chrome[
            round(size / 2 - 0.5 - half[1] * radius), round(size / 2 - 0.5 + half[0] * radius)
        ] = 255
        PillowImage.fromarray(chrome).save(root / "chrome" / f"chrome.{index}.tga")
    return root


@pytest.fixture
def harvard(tmp_path: Path, ball) -> Path:
    """An object as Harvard's set has it: lights from two probes."""
    place = tmp_path / "PSData" / "cat"
    (place / "Objects").mkdir(parents=True)
    for index, light in enumerate(LIGHTS):
        pixels = np.rint(_encoded(ball, light) * 255).astype(np.uint8)
        write_picture(place / "Objects" / f"Image_{index + 1:02d}.png", pixels)
    for probe in ("LightProbe-1", "LightProbe-2"):
        (place / probe).mkdir()
        (place / probe / "light_directions.txt").write_text(_vectors())
    write_picture(place / "mask.png", (ball.mask[0].numpy() * 255).astype(np.uint8))
    return tmp_path / "PSData"


@pytest.mark.parametrize(("layout", "tolerance"), [("diligent", 0.1), ("uw", 6), ("harvard", 0.1)])
def test_a_published_set_gives_its_lights_and_pairs(request, layout, tolerance) -> None:
    folder = request.getfixturevalue(layout)
    (found,) = read_published(folder)
    for light, true in zip(found.lights.values(), LIGHTS, strict=True):
        assert light.angle_to(true) < tolerance
    cases = cases_from(str(folder))
    assert len(cases) == 4
    assert [case.words.split()[-1] for case in cases] == ["left", "right", "top", "bottom"]
    left = cases[0].load()
    assert left.oracle is not None
    half = left.oracle.shape[-1] // 2
    inside = left.coverage[0] > 0.5
    sides = [left.oracle[0][:, :half][inside[:, :half]], left.oracle[0][:, half:][inside[:, half:]]]
    assert sides[0].mean() > sides[1].mean() + 0.3
    assert len(left.references) == len(LIGHTS) - 1


def test_diligent_pictures_lose_the_strength_and_color_of_their_lamps(diligent, ball) -> None:
    (found,) = read_published(diligent)
    picture = found.read("002.png").image()
    expected = torch.from_numpy(_encoded(ball, LIGHTS[1])).permute(2, 0, 1)
    inside = (ball.mask > 0).expand(3, -1, -1) & (expected > 0.1)
    ratio = (picture / expected.clamp(min=0.01))[inside]
    assert ratio.std() / ratio.mean() < 0.05


@pytest.mark.parametrize(
    ("layout", "spoil", "message"),
    [
        ("diligent", lambda f: (f / "ballPNG" / "mask.png").unlink(), "mask.png is missing"),
        ("diligent", lambda f: (f / "ballPNG" / "light_directions.txt").write_text(
            _vectors(LIGHTS[1:])), "4 directions for 5"),
        ("diligent", lambda f: (f / "ballPNG" / "light_intensities.txt").write_text("1 1 1\n"),
         "1 intensities for 5"),
        ("diligent", lambda f: (f / "ballPNG" / "light_directions.txt").write_text("0 0 2\n" * 5),
         "length 2"),
        ("uw", lambda f: (f / "cat" / "cat.mask.tga").unlink(), "the mask is missing"),
        ("uw", lambda f: (f / "lights.txt").write_text("0 0 1\n"), "1 directions for 5"),
        ("uw", lambda f: (f / "chrome" / "chrome.mask.tga").unlink(), "lights.txt is missing"),
        ("harvard", lambda f: (f / "cat" / "mask.png").unlink(), "mask.png is missing"),
        ("harvard", lambda f: [(f / "cat" / f"LightProbe-{i}" / "light_directions.txt").unlink()
                               for i in (1, 2)], "light_directions.txt is missing"),
    ],
)  # fmt: skip
def test_a_broken_set_is_refused_on_one_line(request, layout, spoil, message) -> None:
    folder = request.getfixturevalue(layout)
    spoil(folder)
    with pytest.raises(DatasetError, match=message) as caught:
        cases_from(str(folder))
    assert "\n" not in str(caught.value)


def test_procedural_cases_are_held_out_and_ask_all_twelve(monkeypatch) -> None:
    cases = cases_from("organic:6x2")
    assert len(cases) == 12
    assert {case.direction for case in cases} == set(NAMED_DIRECTIONS.values())
    assert cases[0].group == f"organic-{HELD_OUT_SEED}"
    scene = cases[0].load()
    assert scene.digest == cases[0].load().digest
    assert len(scene.references) == 12
    assert scene.target is not None
    best = min(scene.references, key=lambda r: (r.image - scene.target).abs().sum().item())
    assert best.direction == cases[0].direction


def test_every_named_light_is_asked_equally_often_and_read_rightly() -> None:
    asked = [name for index in range(12) for name in asked_lights(index, 3)]
    assert all(asked.count(name) == 3 for name in DIRECTION_NAMES)
    for name in DIRECTION_NAMES:
        assert read_light(words_for(name)).direction.nearest_name == name


def test_shards_and_pictures_become_cases(shards, tmp_path, ball) -> None:
    cases = cases_from(f"{shards}:2x3")
    assert [case.group for case in cases[::3]] == ["test-0000-0", "test-0000-1"]
    folder = tmp_path / "art"
    folder.mkdir()
    pixels = np.full((64, 64, 3), 230, dtype=np.uint8)
    pixels[16:48, 16:48] = (200, 60, 40)
    for name in ("a", "b"):
        write_picture(folder / f"{name}.png", pixels)
    (folder / "LICENCE").write_text("CC0-1.0\nAll of it.\n")
    art = cases_from(f"{folder}:5x1")
    assert [(case.kind, case.licence) for case in art] == [("art", "CC0-1.0")] * 2
    assert art[0].direction != art[1].direction
    assert art[0].load().target is None


def test_of_a_dataset_only_the_test_split_is_used_categories_in_turn(tmp_path) -> None:
    view = render_organic_view(resolution=16, extra_lights=0, seed=1)

    def shard(name: str, records: list[tuple[str, str]]) -> None:
        views = [replace(view, record={"uid": uid, "source": source}) for uid, source in records]
        write_shard(tmp_path / name, views)

    shard("train-00000.safetensors", [("seen", "procedural")])
    chairs = [(f"chair{i}", "sweethome3d-furniture 1.8 Scopia.sh3f") for i in (0, 0, 1, 2, 3)]
    shard("test-00000.safetensors", chairs)
    shard("test-00001.safetensors", [("shell", "procedural"), ("shell", "procedural")])
    cases = cases_from(f"{tmp_path}:4x1")
    assert [(case.category, case.group) for case in cases] == [
        ("furniture", "chair0"), ("procedural mesh", "shell"), ("furniture", "chair2"),
        ("procedural mesh", "shell"),
    ]  # fmt: skip
    assert len({case.name for case in cases}) == 4
    assert len({case.direction for case in cases}) == 4
    assert cases_from("organic:1x1")[0].category == "height field"


def test_pairs_can_be_limited(ball_folder) -> None:
    assert len(cases_from(str(ball_folder))) == 2
    assert len(cases_from(f"{ball_folder}:1x1")) == 1


@pytest.mark.parametrize("source", ["nothing", "organix:2x2"])
def test_a_source_that_is_none_is_refused(source, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DatasetError, match="no such cases"):
        cases_from(source)


def test_an_empty_folder_is_refused(tmp_path) -> None:
    with pytest.raises(DatasetError, match="no cases"):
        cases_from(str(tmp_path))


def test_pairs_run_from_the_frontal_light_to_the_farthest_of_each_side() -> None:
    lights = {str(index): light for index, light in enumerate(LIGHTS)}
    assert frontal_light(lights) == "1"
    assert side_lights(lights) == {"left": "0", "right": "2", "top": "3", "bottom": "4"}
    assert side_lights({"1": LIGHTS[1]}) == {}

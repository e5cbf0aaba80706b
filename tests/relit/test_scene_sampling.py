import math
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lasagna_relight.light_direction import NAMED_DIRECTIONS
from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.sampling import (
    EXTRA_OFF_AXIS_DEG,
    ViewSampling,
    extra_directions,
    sample_glaze,
    sample_scene,
)
from lasagna_relight.relit.scene import Camera, SceneSpec

NAMED = tuple(direction.vector for direction in NAMED_DIRECTIONS.values())


def asset(uid: str = "house/chair") -> Asset:
    return Asset(
        uid=uid, title="Chair", source="test", licence="CC0", attribution="me", path=Path("c.obj")
    )


def scene(**changes: object) -> SceneSpec:
    fields = {"asset": "c.obj", "camera": Camera(azimuth_deg=0, elevation_deg=0), "lights": NAMED}
    return SceneSpec.model_validate({**fields, **changes})


def test_a_scene_survives_json() -> None:
    made = sample_scene(asset(), 1, seed=3, sampling=ViewSampling())
    assert SceneSpec.model_validate_json(made.model_dump_json()) == made


@pytest.mark.parametrize(
    "change",
    [
        {"sample": 3},
        {"lights": NAMED[:11]},
        {"lights": (*NAMED[:11], (0.0, 0.0, 2.0))},
        {"softness_deg": math.nan},
        {"resolution": 0},
    ],
)
def test_a_scene_refuses_misspelt_keys_and_wrong_values(change: dict[str, object]) -> None:
    scene()
    with pytest.raises(ValidationError):
        scene(**change)


def test_a_scene_does_not_change() -> None:
    with pytest.raises(ValidationError):
        scene().samples = 3  # pyright: ignore[reportAttributeAccessIssue]


def test_a_view_depends_on_uid_number_and_seed_alone() -> None:
    def camera(uid: str, view: int, seed: int) -> str:
        scene = sample_scene(asset(uid), view, seed=seed, sampling=ViewSampling())
        return scene.camera.model_dump_json()

    assert camera("a", 0, 0) == camera("a", 0, 0)
    assert len({camera("a", 0, 0), camera("b", 0, 0), camera("a", 1, 0), camera("a", 0, 1)}) == 4


def test_the_named_lights_come_first_and_make_a_power_of_two_with_the_others() -> None:
    lights = sample_scene(asset(), 0, seed=0, sampling=ViewSampling()).lights
    assert lights[: len(NAMED)] == NAMED
    assert math.log2(len(lights)).is_integer()


@given(count=st.integers(1, 12), seed=st.integers(0, 2**32))
def test_extra_lights_are_unit_vectors_within_their_cap(count: int, seed: int) -> None:
    directions = extra_directions(count, torch.Generator().manual_seed(seed))
    assert len(directions) == count
    for direction in directions:
        assert math.hypot(*direction) == pytest.approx(1)
        assert direction[2] >= math.cos(math.radians(EXTRA_OFF_AXIS_DEG)) - 1e-12


@given(seed=st.integers(0, 2**32))
def test_extra_lights_leave_no_side_dark(seed: int) -> None:
    directions = extra_directions(4, torch.Generator().manual_seed(seed))
    clocks = sorted(math.atan2(x, y) for x, y, _ in directions)
    gaps = [b - a for a, b in zip(clocks, [*clocks[1:], clocks[0] + math.tau], strict=True)]
    assert max(gaps) <= math.pi + 1e-9


def test_two_views_of_an_object_are_seen_from_different_sides() -> None:
    for number in range(20):
        first, second = (
            sample_scene(asset(str(number)), v, seed=0, sampling=ViewSampling()) for v in (0, 1)
        )
        gap = abs(first.camera.azimuth_deg - second.camera.azimuth_deg) % 360
        assert min(gap, 360 - gap) > 60


def test_glazes_appear_as_often_as_asked() -> None:
    def count(probability: float) -> int:
        sampling = ViewSampling(glaze_probability=probability)
        views = (sample_scene(asset(str(i)), 0, seed=0, sampling=sampling) for i in range(100))
        return sum(view.glaze is not None for view in views)

    assert count(0.0) == 0
    assert 10 <= count(0.25) <= 40
    assert count(1.0) == 100


@given(seed=st.integers(0, 2**32))
def test_a_glaze_is_a_valid_material(seed: int) -> None:
    glaze = sample_glaze(torch.Generator().manual_seed(seed), metallic_probability=0.5)
    assert glaze.metallic in (0.0, 1.0)
    assert all(0 < channel < 1 for channel in glaze.albedo)

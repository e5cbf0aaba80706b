"""Every figure on a ball whose truth is known, and on answers broken in each known way."""

from __future__ import annotations

import pytest
import torch

from lasagna_relight.compositing.crop import CropBox
from lasagna_relight.evaluation.baselines import ramp_log_gain
from lasagna_relight.evaluation.case import Case, Reference, Scene
from lasagna_relight.evaluation.method import Answer, Waypoint, layered
from lasagna_relight.evaluation.metrics import oracle_log_gain
from lasagna_relight.evaluation.scoring import best_explaining, scores, waypoint_scores
from lasagna_relight.image_io import Picture
from lasagna_relight.light_direction import NAMED_DIRECTIONS
from lasagna_relight.masking.select import ResolvedMask
from lasagna_relight.types import Image

Figures = dict[str, float | None]


@pytest.fixture
def scene(ball, generator) -> Scene:
    """A textured ball lit from the front, to be lit from the left; all twelve lights known."""
    texture = 0.7 + 0.3 * torch.rand(3, ball.size, ball.size, generator=generator).round()
    room = 0.2 * (1 - ball.mask)

    def photograph(name: str) -> Image:
        return (ball.photograph(name) * texture + room).clamp(0, 1)

    pixels = (photograph("front") * 255).round().byte().permute(1, 2, 0).contiguous().numpy()
    return Scene(
        picture=Picture(pixels=pixels),
        mask=ResolvedMask(mask=ball.mask[0].numpy(), method="file"),
        target=photograph("left"),
        references=tuple(
            Reference(direction=light, image=photograph(name))
            for name, light in NAMED_DIRECTIONS.items()
        ),
    )


@pytest.fixture
def case(scene) -> Case:
    """Light from the left is asked for."""
    return Case(
        name="ball_left",
        kind="rendered",
        group="ball",
        direction=NAMED_DIRECTIONS["left"],
        words="light from the left",
        licence="none",
        load=lambda: scene,
    )


@pytest.fixture
def right(case, scene) -> Figures:
    """The figures of the best edit there is."""
    return scores(case, scene, layered(scene, scene.oracle))


def _painted(image: Image) -> Answer:
    return Answer(image=image.clamp(0, 1))


def test_the_oracle_scores_as_well_as_rounding_allows(right) -> None:
    assert right["psnr_db"] > 40
    assert right["psnr_unfitted_db"] > 40
    assert right["ssim"] > 0.99
    assert right["correlation"] == pytest.approx(1, abs=1e-3)
    assert right["direction_hit"] == 1
    assert right["direction_error_deg"] == pytest.approx(0, abs=1e-3)
    assert right["side_right"] == 1
    assert right["background_change"] == 0
    assert right["chromaticity_error_deg"] < 1
    assert right["chromaticity_change_deg"] < 0.5


def test_left_and_right_exchanged_is_caught(case, scene, right) -> None:
    wrong = scores(case, scene, layered(scene, oracle_log_gain(
        scene.source, scene.references[2].image)))  # fmt: skip
    assert wrong["side_right"] == 0
    assert wrong["toward_light"] < -0.5 < 0.5 < right["toward_light"]
    assert wrong["direction_hit"] == 0
    assert wrong["direction_error_deg"] == pytest.approx(110, abs=1)
    assert wrong["correlation"] < 0
    assert wrong["psnr_db"] < right["psnr_db"] - 10


def test_changed_colors_are_caught(case, scene, right) -> None:
    tint = torch.tensor([1.0, 0.8, 0.7])[:, None, None]
    image = torch.lerp(scene.source, scene.target * tint, scene.coverage)
    wrong = scores(case, scene, _painted(image))
    assert wrong["chromaticity_error_deg"] > right["chromaticity_error_deg"] + 5
    assert wrong["chromaticity_change_deg"] > right["chromaticity_change_deg"] + 5
    assert wrong["background_change"] == 0


def test_a_touched_background_is_caught(case, scene) -> None:
    image = layered(scene, scene.oracle).image.clone()
    image[:, 1, 1] += 3 / 255
    assert scores(case, scene, _painted(image))["background_change"] == pytest.approx(3, abs=1e-3)


def test_a_picture_only_brightened_is_caught(case, scene, right) -> None:
    flat = layered(scene, torch.full_like(scene.coverage, 0.3))
    floor = scores(case, scene, Answer(image=scene.source))
    wrong = scores(case, scene, flat)
    assert wrong["correlation"] is None
    assert wrong["direction_hit"] == 0
    assert wrong["psnr_db"] == pytest.approx(floor["psnr_db"], abs=0.3)
    assert wrong["psnr_db"] < right["psnr_db"] - 10


@pytest.mark.parametrize("mistake", ["exchanged", "colors", "background", "brightened"])
def test_lpips_catches_each_mistake_that_the_object_shows(
    case, scene, random_lpips, mistake
) -> None:
    answers = {
        "exchanged": layered(scene, oracle_log_gain(scene.source, scene.references[2].image)),
        "colors": _painted(scene.target * torch.tensor([1.0, 0.8, 0.7])[:, None, None]),
        "background": _painted(scene.target + 0.5 * (1 - scene.coverage)),
        "brightened": layered(scene, torch.full_like(scene.coverage, 0.3)),
    }
    right = scores(case, scene, layered(scene, scene.oracle), random_lpips)["lpips"]
    found = scores(case, scene, answers[mistake], random_lpips)["lpips"]
    assert right is not None
    assert found is not None
    if mistake == "background":  # which `background_change` catches: LPIPS sees the object alone
        assert found == pytest.approx(right, abs=1e-3)
    else:
        assert found > 2 * right


def test_the_exposure_factor_forgives_exposure_and_nothing_else(case, scene, right) -> None:
    dim = scores(case, scene, _painted(scene.target * 0.5))
    assert dim["psnr_db"] > 50
    assert dim["psnr_unfitted_db"] < right["psnr_unfitted_db"] - 10
    assert dim["ssim"] > 0.99 > dim["ssim_unfitted"]


def test_a_repainted_object_loses_its_edges_and_its_detail(case, scene, ball) -> None:
    smooth = torch.lerp(scene.source, ball.photograph("left"), scene.coverage)
    kept = scores(case, scene, layered(scene, ramp_log_gain(
        case.direction, scene.coverage, 0.3)))  # fmt: skip
    lost = scores(case, scene, _painted(smooth))
    assert kept["edges_kept"] > 0.9
    assert kept["detail_kept"] > 0.95
    assert lost["edges_kept"] < 0.6
    assert lost["detail_kept"] < 0.6


def test_no_edit_keeps_everything_and_points_nowhere(case, scene) -> None:
    figures = scores(case, scene, Answer(image=scene.source))
    assert figures["edges_kept"] == 1
    assert figures["detail_kept"] == pytest.approx(1)
    assert figures["chromaticity_change_deg"] == pytest.approx(0, abs=1e-6)
    assert figures["direction_hit"] == 0
    assert "toward_light" not in figures


def test_each_of_the_twelve_lights_explains_its_own_edit_best(scene) -> None:
    for light, gain in scene.reference_gains:
        found = best_explaining(gain, scene.reference_gains, scene.source, scene.coverage)
        if light.angle_to(NAMED_DIRECTIONS["front"]) > 1:  # lit as it is: no edit
            assert found is not None
            assert found.angle_to(light) < 1


def test_a_light_on_the_axis_asks_for_no_side(case, scene) -> None:
    front = Case(
        name="f", kind="art", group="f", direction=NAMED_DIRECTIONS["front"], words="front",
        licence="", load=lambda: scene,
    )  # fmt: skip
    figures = scores(front, scene, layered(scene, scene.oracle))
    assert figures["toward_light"] is None
    assert figures["side_right"] is None


def test_without_a_truth_only_preservation_and_direction_are_scored(case, scene) -> None:
    art = Scene(picture=scene.picture, mask=scene.mask)
    figures = scores(case, art, layered(art, scene.oracle))
    assert set(figures) == {
        "background_change", "chromaticity_change_deg", "edges_kept", "detail_kept",
        "toward_light", "side_right",
    }  # fmt: skip


def test_waypoints_get_better_towards_the_truth(scene, ball) -> None:
    whole = CropBox(left=0, top=0, width=ball.size, height=ball.size)
    points = tuple(
        Waypoint(seconds=share, evaluations=int(4 * share), log_gain=share * scene.oracle)
        for share in (0.0, 0.5, 1.0)
    )
    answer = Answer(image=scene.source, waypoints=points, box=whole)
    found = waypoint_scores(scene, answer)
    assert [point["seconds"] for point in found] == [0.0, 0.5, 1.0]
    decibels = [point["psnr_db"] for point in found]
    assert decibels == sorted(decibels)
    assert decibels[-1] > decibels[0] + 10

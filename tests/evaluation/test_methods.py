"""Baselines on what they must get right, and the table of methods over tiny networks."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from lasagna_relight.color import linear_to_srgb, srgb_to_linear
from lasagna_relight.errors import InputError, PriorError
from lasagna_relight.evaluation.baselines import lambert_log_gain, ramp_log_gain, scaled_normals
from lasagna_relight.evaluation.case import Case
from lasagna_relight.evaluation.cases import pair_cases
from lasagna_relight.evaluation.method import Method, asked_methods
from lasagna_relight.evaluation.methods import SLOW, method_table, weights_digest
from lasagna_relight.evaluation.metrics import correlation, oracle_log_gain
from lasagna_relight.evaluation.sampling import ddim_sample
from lasagna_relight.light_direction import NAMED_DIRECTIONS, LightDirection
from lasagna_relight.priors.codecs import LogGainCodec
from lasagna_relight.priors.embedded import EmbeddedNetworks, save_networks
from lasagna_relight.priors.gaussian import GaussianPrior
from lasagna_relight.priors.predictor import GainPredictor, save_predictor
from lasagna_relight.priors.schedule import NoiseSchedule


@pytest.fixture(scope="session")
def tiny_prior(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a predictor and a prior of 16 pixels with random weights."""
    folder = tmp_path_factory.mktemp("prior")
    torch.manual_seed(0)
    predictor = GainPredictor(resolution=16, patch=4, channels=(32, 32), layers=1)
    save_predictor(predictor, folder)
    networks = EmbeddedNetworks.fresh(resolution=16, channels=(16, 32))
    for parameter in networks.controlnet.parameters():
        if parameter.abs().max() == 0:
            torch.nn.init.normal_(parameter, std=0.1)
    save_networks(networks, folder)
    return folder


def test_the_ramp_rises_towards_the_light_and_leaves_the_front_alone(ball) -> None:
    left = ramp_log_gain(NAMED_DIRECTIONS["left"], ball.mask, 0.5)[0]
    row = ball.size // 2
    assert left[row, 5] > 0.3 > -0.3 > left[row, -6]
    assert torch.allclose(left.flip(-1), -left, atol=1e-5)
    assert (left * (1 - ball.mask[0]) == 0).all()
    top = ramp_log_gain(NAMED_DIRECTIONS["top"], ball.mask, 0.5)[0]
    assert top[5, row] > 0 > top[-6, row]
    assert ramp_log_gain(NAMED_DIRECTIONS["front"], ball.mask, 0.5).abs().max() < 1e-6


def test_normals_of_a_ball_are_found_from_its_pictures(ball) -> None:
    lights = list(NAMED_DIRECTIONS.values())[:9]
    brightness = torch.stack([ball.lit(light).mean(0) - 0.05 * 0.533 for light in lights])
    normals = scaled_normals(brightness.clamp(min=0), torch.tensor([d.vector for d in lights]))
    x, y = ball._plane()
    true = torch.stack([x, y, (1 - x.square() - y.square()).clamp(min=0).sqrt()])
    unit = normals / normals.norm(dim=0).clamp(min=1e-6)
    inner = (x.square() + y.square()) < 0.5
    angles = (unit * true).sum(0)[inner].clamp(-1, 1).acos().rad2deg()
    assert angles.mean() < 2


def test_lambert_relights_a_ball_from_the_gains_of_the_twelve(ball) -> None:
    source = ball.photograph("front")
    twelve = torch.cat(
        [oracle_log_gain(source, ball.photograph(name)) for name in NAMED_DIRECTIONS]
    )
    asked = LightDirection(azimuth_deg=-30, elevation_deg=20)
    made = lambert_log_gain(twelve, asked, source)
    true = oracle_log_gain(source, linear_to_srgb(ball.lit(asked)).clamp(0, 1))
    assert correlation(made, true, source, ball.mask).item() > 0.97
    assert srgb_to_linear(source).max() < 1


def test_sampling_a_gaussian_prior_gives_its_mean(generator) -> None:
    mean = torch.randn(1, 16, 4, 4, generator=generator)
    schedule = NoiseSchedule(alphas_cumprod=torch.linspace(0.999, 0.001, 1000))
    prior = GaussianPrior(
        schedule=schedule, codec=LogGainCodec(patch=4, scale=0.6), mean=mean, std=0.01
    )
    noise = torch.randn(1, 16, 4, 4, generator=generator)
    assert (ddim_sample(prior, noise, 20) - mean).abs().mean() < 0.05


def test_every_method_of_the_table_answers_and_leaves_the_background(
    tiny_prior, ball_folder
) -> None:
    table = method_table(prior=tiny_prior)
    names = [method.name for method in table.methods]
    assert len(set(names)) == len(names)
    assert {"identity", "oracle", "ramp", "lambert", "instant@words", "target@angles",
            "sds-unregularized", "sampled", "sampled-as-layer", "dds@angles", "faithful@angles",
            "faithful-unregularized", "target-without-controlnet"} <= set(names)  # fmt: skip
    few = {method.name: method.at_most for method in table.methods if method.at_most is not None}
    assert few == SLOW
    assert {"sdedit", "instruct-pix2pix"} <= set(table.absent)
    case = pair_cases(ball_folder)[0]
    scene = case.load()
    outside = scene.coverage.expand(3, -1, -1) == 0
    images = {}
    for method in table.methods:
        if not method.name.startswith(("sds", "dds", "faithful")):  # many steps of one loop
            answer = method.solve(case, scene, 0)
            assert torch.equal(answer.image[outside], scene.source[outside]), method.name
            images[method.name] = answer.image
    assert not torch.equal(images["target@angles"], images["target-without-controlnet"])
    assert not torch.equal(images["target@angles"], images["target-cold"])
    assert not torch.equal(images["sampled"], images["sampled-as-layer"])
    for name in ("shading", "lighting"):
        assert not torch.equal(images[f"target-{name}-only"], scene.source)
    assert (images["target-shading-only"] <= scene.source + 1e-6).all()
    assert (images["target-lighting-only"] >= scene.source - 1e-6).all()


def test_a_slow_method_that_is_named_is_asked_of_every_case(tiny_prior) -> None:
    named = method_table(prior=tiny_prior, also=["faithful@angles", "faithful-adan@angles"])
    most = {method.name: method.at_most for method in named.methods}
    assert most["faithful@angles"] is None
    assert most["faithful-adan@angles"] is None
    assert most["dds@words"] == SLOW["dds@words"]
    assert "faithful-adan@angles" in method_table(prior=tiny_prior).absent


def test_slow_methods_get_the_first_case_of_every_object_before_a_second() -> None:
    def case(kind: str, category: str, group: str) -> Case:
        return Case(
            name=f"{kind}{category}{group}", kind=kind, group=group, category=category,
            direction=NAMED_DIRECTIONS["left"], words="", licence="", load=lambda: None,
        )  # fmt: skip

    def method(name: str, at_most: int | None) -> Method:
        return Method(
            name=name, summary="", family="recipe", at_most=at_most, solve=lambda *_: None
        )

    photographs = [case("photographs", "", group) for group in ("a", "a", "a", "b", "c")]
    meshes = [case("rendered", "mesh", group) for group in ("d", "e", "f", "g")]
    chairs = [case("rendered", "furniture", "h")]
    paintings = [case("art", "", "i")]
    asked = asked_methods(
        [*photographs, *meshes, *chairs, *paintings], [method("quick", None), method("slow", 3)]
    )
    assert all(own[0].name == "quick" for own in asked)
    slow = [len(own) == 2 for own in asked]
    assert slow == [True, False, False, True, True, True, True, True, False, True, False]


def test_iterative_recipes_keep_their_way(tiny_prior, ball_folder) -> None:
    (method,) = method_table(prior=tiny_prior, chosen=["target@angles"]).methods
    case = pair_cases(ball_folder)[0]
    points = method.solve(case, case.load(), 0).waypoints
    assert [point.evaluations for point in points] == [0, 8, 16, 32]
    seconds = [point.seconds for point in points]
    assert seconds == sorted(seconds)


def test_settings_tell_methods_and_weights_apart(tiny_prior, tmp_path) -> None:
    settings = [method.settings for method in method_table(prior=tiny_prior).methods]
    assert all("0x" not in text for text in settings)  # no address of this process
    assert weights_digest(tiny_prior) == weights_digest(tiny_prior)
    assert weights_digest(tiny_prior) != weights_digest("embedded")


def test_unknown_and_absent_names_are_refused(tiny_prior, tmp_path) -> None:
    with pytest.raises(InputError, match='no method "sugo"'):
        method_table(prior=tiny_prior, chosen=["sugo"])
    with pytest.raises(InputError, match="--sdedit takes"):
        method_table(prior=tiny_prior, chosen=["sdedit"])
    with pytest.raises(PriorError):
        method_table(prior=tmp_path)

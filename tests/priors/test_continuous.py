"""Predictors of light from anywhere, and denoisers of every kind."""

import pytest
import torch

from lasagna_relight.errors import PriorError
from lasagna_relight.light_direction import NAMED_DIRECTIONS, LightDirection
from lasagna_relight.priors.codecs import log_ratio
from lasagna_relight.priors.denoiser import DARKEST, DenoiserConfig, EditDenoiser
from lasagna_relight.priors.harmonics import HARMONICS, harmonics
from lasagna_relight.priors.light_heads import ENCODING, FLOOR, LambertHead
from lasagna_relight.priors.predictor import (
    ContinuousPredictor,
    GainPredictor,
    begin_with,
    load_predictor,
    save_predictor,
)
from lasagna_relight.relighting.instant import predict_all_directions, predict_lights

SHAPE = {"resolution": 16, "patch": 4, "channels": (16, 32), "layers": 1}


@pytest.fixture(params=["harmonics", "decoder", "lambert"])
def predictor(request):
    torch.manual_seed(0)
    return ContinuousPredictor(**SHAPE, head=request.param).eval()


def seen(generator):
    return torch.rand(2, 3, 16, 16, generator=generator), torch.ones(2, 1, 16, 16)


def test_harmonics_are_orthonormal_over_the_sphere(generator):
    vectors = torch.randn(200_000, 3, generator=generator)
    basis = harmonics(torch.nn.functional.normalize(vectors, dim=1))
    torch.testing.assert_close(
        basis.T @ basis / len(basis), torch.eye(HARMONICS), atol=0.02, rtol=0
    )


def test_without_directions_the_named_ones_are_meant(predictor, generator):
    source, mask = seen(generator)
    named = torch.tensor([d.vector for d in NAMED_DIRECTIONS.values()]).expand(2, -1, -1)
    torch.testing.assert_close(predictor(source, mask), predictor(source, mask, named))


def test_the_answer_is_smooth_in_the_direction(predictor, generator):
    source, mask = seen(generator)
    path = torch.tensor(
        [LightDirection(azimuth_deg=a, elevation_deg=10.0).vector for a in range(-90, 91, 2)]
    )
    gains = predictor(source, mask, path.expand(2, -1, -1))
    steps = gains.diff(dim=1).abs().amax((0, 2, 3))
    assert steps.max() < 0.25 * (gains.amax() - gains.amin())
    assert steps.min() > 0


def test_a_saved_predictor_keeps_its_head(predictor, tmp_path, generator):
    save_predictor(predictor, tmp_path)
    again = load_predictor(tmp_path)
    assert isinstance(again, ContinuousPredictor)
    source, mask = seen(generator)
    torch.testing.assert_close(again(source, mask), predictor(source, mask), rtol=0.02, atol=0.02)


def test_a_turned_picture_under_a_turned_light_is_the_same_question(predictor, generator):
    source, mask = (part[:1] for part in seen(generator))
    left, right = (
        predict_lights(
            predictor, picture, mask, [LightDirection(azimuth_deg=a, elevation_deg=20.0)]
        )[1]
        for a, picture in ((-50.0, source), (50.0, source.flip(-1)))
    )
    torch.testing.assert_close(left, right.flip(-1), rtol=1e-3, atol=1e-4)


def test_a_named_light_is_the_same_by_name_and_by_angle(predictor, generator):
    source, mask = (part[:1] for part in seen(generator))
    mask = mask.clone()
    mask[..., :4] = 0
    twelve, asked = predict_lights(predictor, source, mask, list(NAMED_DIRECTIONS.values()))
    torch.testing.assert_close(twelve * mask, asked)
    torch.testing.assert_close(twelve, predict_all_directions(predictor, source, mask))


def test_a_transformer_predicts_as_a_unet_does(generator, tmp_path):
    torch.manual_seed(0)
    shape = {**SHAPE, "channels": (32,), "network": "dit"}
    predictor = GainPredictor(**shape).eval()
    for parameter in predictor.parameters():
        torch.nn.init.normal_(parameter, std=0.05)
    save_predictor(predictor, tmp_path)
    source, mask = seen(generator)
    gains = predictor(source, mask)
    assert gains.shape == (2, 12, 16, 16)
    torch.testing.assert_close(load_predictor(tmp_path)(source, mask), gains, rtol=0.05, atol=0.05)


def test_an_untrained_lambert_head_lights_a_wall_that_faces_the_camera():
    torch.manual_seed(0)
    head = LambertHead(16)
    cells = torch.zeros(1, head.width, 2, 2)
    angles = torch.tensor([0.0, 30.0, 60.0, 120.0]).deg2rad()
    directions = torch.stack([angles.sin(), torch.zeros(4), angles.cos()], 1)[None]
    gains = head(cells, harmonics(directions), directions)
    expected = ((angles.cos()[:2] + FLOOR) / (1 + FLOOR)).log() * ENCODING
    found = (gains - gains[:, :1])[0, :, 0, 0, 0]
    torch.testing.assert_close(found[:2], expected, atol=0.01, rtol=0)
    assert (gains[0, 3] < gains[0, 2]).all()  # behind the wall it is darkest


def test_a_lambert_head_learns_a_normal_from_its_gains():
    torch.manual_seed(0)
    head = LambertHead(16)
    cells = torch.zeros(1, head.width, 2, 2, requires_grad=True)
    true = torch.nn.functional.normalize(torch.tensor([0.5, -0.3, 0.8]), dim=0)
    directions = torch.tensor([d.vector for d in NAMED_DIRECTIONS.values()])[None]
    target = (((directions @ true).clamp(min=0) + FLOOR).log() * ENCODING)[0, :, None, None, None]
    optimizer = torch.optim.Adam([cells], lr=0.05)
    for _ in range(300):
        error = (head(cells, harmonics(directions), directions) - target).square().mean()
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
    found = cells.detach()[0, :48].unflatten(0, (3, 16)).mean((1, 2, 3)) + torch.tensor([0, 0, 1.0])
    assert torch.nn.functional.cosine_similarity(found, true, dim=0) > 0.97


def test_a_predictor_begins_with_the_network_of_another(predictor):
    torch.manual_seed(1)
    other = GainPredictor(**SHAPE)
    before = predictor.backbone.conv_out.weight.clone()
    begin_with(predictor, other)
    torch.testing.assert_close(predictor.backbone.conv_in.weight, other.unet.conv_in.weight)
    torch.testing.assert_close(predictor.backbone.conv_out.weight, before)


def test_a_predictor_goes_on_with_all_of_its_like(predictor, generator):
    torch.manual_seed(1)
    other = ContinuousPredictor(**SHAPE, head=predictor.config["head"])
    begin_with(other, predictor)
    source, mask = seen(generator)
    torch.testing.assert_close(other(source, mask), predictor(source, mask))


def test_a_predictor_goes_on_at_another_resolution(predictor, generator):
    torch.manual_seed(1)
    finer = ContinuousPredictor(**{**SHAPE, "resolution": 32}, head=predictor.config["head"])
    begin_with(finer, predictor)
    for name, weight in finer.state_dict().items():
        torch.testing.assert_close(weight, predictor.state_dict()[name])
    assert finer.config["resolution"] == 32


def test_a_network_of_another_shape_begins_nothing(predictor):
    with pytest.raises(PriorError, match="the same patch"):
        begin_with(predictor, GainPredictor(**{**SHAPE, "channels": (16, 64)}))


@pytest.mark.parametrize("edit", ["picture", "log_gain", "twelve"])
@pytest.mark.parametrize("network", ["unet", "dit"])
def test_every_denoiser_answers_in_the_shape_of_its_latents(edit, network, generator):
    channels = (32,) if network == "dit" else (16, 32)
    denoiser = EditDenoiser(
        DenoiserConfig(edit=edit, network=network, channels=channels, layers=1, resolution=16)
    )
    source, mask = seen(generator)
    lights = 12 if edit == "twelve" else 1
    gains = 0.2 * torch.randn(2, lights, 16, 16, generator=generator)
    x0 = denoiser.encode(gains, 0.1 + 0.2 * source)
    t = torch.tensor([10, 900])
    given = denoiser.condition(source, mask, torch.eye(3)[:2])
    assert denoiser(x0, t, given).shape == x0.shape
    decoded = denoiser.decode(x0, 0.1 + 0.2 * source)
    if edit == "picture":  # a ratio of pictures is blind to what is nearly black
        dark = (0.1 + 0.2 * source).mean(1, keepdim=True)
        gains = log_ratio((dark * gains.exp()), dark, DARKEST)
    torch.testing.assert_close(decoded, gains, atol=1e-4, rtol=1e-4)

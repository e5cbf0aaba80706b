"""The instant path: symmetry, and mixtures of the twelve."""

import torch

from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS, LightDirection
from lasagna_relight.priors.predictor import GainPredictor
from lasagna_relight.relighting.instant import (
    MOST_EXPOSURE,
    instant_log_gain,
    predict_all_directions,
    with_exposure_kept,
    with_front_fill,
)
from lasagna_relight.relit.symmetry import SYMMETRIES


def tiny():
    torch.manual_seed(0)
    return GainPredictor(resolution=16, patch=4, channels=(16, 32), layers=1).eval()


def test_a_mirrored_picture_under_a_mirrored_light_gets_the_mirrored_answer(generator):
    predictor = tiny()
    source = torch.rand(1, 3, 16, 16, generator=generator)
    mask = torch.ones(1, 1, 16, 16)
    plain = predict_all_directions(predictor, source, mask)
    mirrored = predict_all_directions(predictor, source.flip(-1), mask).flip(-1)
    left, right = DIRECTION_NAMES.index("left"), DIRECTION_NAMES.index("right")
    torch.testing.assert_close(plain[:, left], mirrored[:, right], rtol=1e-3, atol=1e-4)
    assert (plain[:, left] - mirrored[:, left]).abs().max() > 1e-3


def test_one_symmetry_is_the_network_asked_about_the_picture_as_it_is(generator):
    predictor = tiny()
    source = torch.rand(1, 3, 16, 16, generator=generator)
    mask = torch.ones(1, 1, 16, 16)
    once = predict_all_directions(predictor, source, mask, SYMMETRIES[:1])
    with torch.no_grad():
        torch.testing.assert_close(once, predictor(source, mask), rtol=1e-4, atol=1e-5)
    assert (once - predict_all_directions(predictor, source, mask)).abs().max() > 1e-3


def test_a_named_direction_gets_its_own_gain(generator):
    source = 0.3 + 0.4 * torch.rand(1, 3, 8, 8, generator=generator)
    twelve = 0.5 * torch.randn(1, 12, 8, 8, generator=generator)
    mask = torch.ones(1, 1, 8, 8)
    for index, direction in enumerate(NAMED_DIRECTIONS.values()):
        mixed = instant_log_gain(twelve, direction, source, mask)
        torch.testing.assert_close(mixed, twelve[:, index : index + 1], rtol=1e-3, atol=1e-3)


def test_between_two_names_the_gain_lies_between_theirs(generator):
    source = torch.full((1, 3, 8, 8), 0.4)
    twelve = torch.zeros(1, 12, 8, 8)
    twelve[:, DIRECTION_NAMES.index("left")] = 0.8
    mask = torch.ones(1, 1, 8, 8)
    halfway = LightDirection.from_vector((-0.4, 0.0, 0.9))
    mixed = instant_log_gain(twelve, halfway, source, mask)
    assert 0.1 < mixed.mean() < 0.8


def test_fill_brings_the_edit_towards_the_light_of_the_camera(generator):
    source = 0.3 + 0.4 * torch.rand(1, 3, 8, 8, generator=generator)
    mask = torch.ones(1, 1, 8, 8)
    twelve = torch.zeros(1, 12, 8, 8)
    dark = torch.full((1, 1, 8, 8), -1.0)
    assert torch.equal(with_front_fill(dark, twelve, source, mask, 0.0), dark)
    some, much = (with_front_fill(dark, twelve, source, mask, fill) for fill in (0.1, 3.0))
    assert (dark < some).all()
    assert (some < much).all()
    assert (much < 0).all()


def test_exposure_is_kept_by_one_shift_and_only_so_far(generator):
    source = 0.3 + 0.4 * torch.rand(1, 3, 8, 8, generator=generator)
    mask = torch.ones(1, 1, 8, 8)
    log_gain = 0.3 * torch.randn(1, 1, 8, 8, generator=generator) - 0.1
    kept = with_exposure_kept(log_gain, source, mask)
    torch.testing.assert_close((source * kept.exp()).mean(), source.mean())
    shift = kept - log_gain
    torch.testing.assert_close(shift, shift[..., :1, :1].expand_as(shift))
    night = with_exposure_kept(torch.full_like(log_gain, -2.0), source, mask)
    torch.testing.assert_close(night, torch.full_like(night, -2.0 + MOST_EXPOSURE))
